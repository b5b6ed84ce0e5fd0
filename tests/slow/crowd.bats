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

@test "1,000 clients, twenty of which vanish before each step" {
	crowd 1000 20 20 20 20 20
	fl-cmp sum.flp plain.flp
	[ "$(fl-dump sum.flp | awk '$1 == "weight" { print $2 }')" = 940 ]
}
