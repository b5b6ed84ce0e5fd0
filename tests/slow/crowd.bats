# A round of fleet mode of a thousand clients: the sum to the last bit.
load ../helper
load ../fleet
export FL_POLICY=open

setup() {
	need python3
	in_memory
}

teardown() {
	out_of_memory
}

@test "1,000 clients, twenty of which drop out before each step" {
	crowd 1000 20 20 20 20 20
	fl-cmp sum.flp plain.flp
	[ "$(fl-dump sum.flp | awk '$1 == "weight" { print $2 }')" = 940 ]
}

@test "1,000 clients at grid 13: 24 bits a value, and few bytes for the shares" {
	weighs 1000 13 > bytes
	sed 's/^/# bytes of an update, the same masked, its shares: /' bytes >&3
	awk '{ exit !($2 <= .76 * $1 + 4096 && $3 <= 2 * .032 * $2) }' bytes
}
