# What the tools do when the system fails: a sample. tests/slow/faults.bats puts
# them through everything.
load helper

setup() {
	[ -z "${SAN-}" ] || skip "the sanitizers have a malloc of their own"
	[ -e "$UNIT/../faults/fault.so" ] || make -s -C "$ROOT" build/opt/faults/fault.so
}

@test "no failure of the system is lost: a sample of each kind" {
	"$ROOT/tests/faults/run" -n 3 -s "${FAULT_SEED:-1}"
}

@test "what a site has sent is in its journal first, whatever fails: a sample" {
	"$ROOT/tests/faults/journal" -n 1 -s "${FAULT_SEED:-1}" advertise apply
}
