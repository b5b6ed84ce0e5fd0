# A round of fleet mode of ten thousand clients: the sum to the last bit.
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

@test "10,000 clients, two hundred of which drop out before each step" {
	crowd 10000 200 200 200 200 200
	fl-cmp sum.flp plain.flp
	[ "$(fl-dump sum.flp | awk '$1 == "weight" { print $2 }')" = 9400 ]
	fl-dump graph | grep -E '^  (degree|threshold)' | xargs | sed 's/^/# /' >&3
}
