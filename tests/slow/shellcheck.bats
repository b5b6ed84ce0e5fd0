# shellcheck finds nothing in the scripts.
load ../helper

@test "shellcheck is clean" {
	need shellcheck
	cd "$ROOT"
	shellcheck examples/round examples/settings .ci/packages .ci/run tests/run tests/figures \
		tests/faults/run tests/bench/run tests/bench/fleet examples/masked/*
	shellcheck -s bash src/fl/complete.bash
}
