# The unit tests in C, each a program (make units).
load helper

export ASAN_OPTIONS=exitcode=99:allocator_may_return_null=1

@test "every unit test" {
	local program failed=0 n=0
	cd "$ROOT" # where they look for data/vectors
	for program in "$ROOT"/tests/unit/*.c; do
		program=$(basename "$program" .c)
		echo "$program"
		"$UNIT/$program" || failed=1
		n=$((n + 1))
	done
	[ "$failed" -eq 0 ] && [ "$n" -gt 0 ]
}
