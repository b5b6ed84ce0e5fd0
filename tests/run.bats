# tests/run counts the tests that failed, tests/figures the lines of the sources.
load helper

# counts WANT LINE...: the counts of a report with these lines must be WANT
counts() {
	local want=$1 status=0
	shift
	mkdir -p tree/tests 'tree/build/results/check/a suite'
	cp "$ROOT/tests/run" tree/tests
	printf '%s\n' "$@" > 'tree/build/results/check/a suite/report.tap'
	tree/tests/run count > out || status=$?
	[ "$(tail -n 1 out)" = "$want" ] || { cat out; return 9; }
	return $status
}

@test "a test that failed, or that was planned and never ran, fails the run" {
	counts '2 passed, 0 failed, 1 skipped' 1..3 'ok 1 a in 3ms' 'ok 2 b # skip needs c' 'ok 3 c'
	run -1 counts '1 passed, 1 failed, 0 skipped' 1..2 'ok 1 a' 'not ok 2 b in 1ms' '# why'
	run -1 counts '1 passed, 2 failed, 0 skipped' 1..3 'ok 1 a'
	run -1 counts '0 passed, 0 failed, 1 skipped' 1..1 'ok 1 a # skip'
	mkdir 'tree/build/results/check-all' && mv tree/build/results/{check,check-all}/'a suite'
	counts '1 passed, 0 failed, 1 skipped' 1..1 'ok 1 a'
	rm -r tree/build/results
	run -1 tree/tests/run count
	[[ $output == *'0 passed, 0 failed, 0 skipped' ]]
	run -2 tree/tests/run everything
}

@test "a build that fails, or a suite that can't be read, is a failure" {
	mkdir -p tree/tests
	cp "$ROOT/tests/run" tree/tests
	printf 'all units:\n\ttest -e good\n' > tree/Makefile
	run -1 tree/tests/run check
	[[ $output == *$'\n0 passed, 1 failed, 0 skipped' ]]
	touch tree/good
	echo '@test "a" { true; }' > tree/tests/a.bats
	run -0 tree/tests/run check
	[[ $output == *$'\n2 passed, 0 failed, 0 skipped' ]]
	echo '@test "b" {' > tree/tests/b.bats
	run -1 tree/tests/run check
	[[ $output == *', 1 failed, 0 skipped' ]]
}

@test "the figures of a small source" {
	mkdir -p tree/src/lib
	printf '/* One.\n * Two. */\nint two(int a);\n' > tree/src/lib/a.h
	printf '#include "a.h"\n\n/* Why. */\nstatic int\none(void)\n{\n\treturn 1; /* not a line */\n}\n\nint\ntwo(int a)\n{\n\tint b = a;\n\n\treturn b + one();\n}\n\nstruct s {\n\tint x;\n};\n' > tree/src/b.c
	"$ROOT/tests/figures" tree > out
	diff out - <<-'END'
	files               2
	lines               23
	longest file        20  src/b.c
	functions           2
	mean function       6.0
	longest function    7  src/b.c: two
	over 40 lines       0
	comment in .c       6.2 % of lines that are not empty
	comment in .h       66.7 % of lines that are not empty
	folder              lines  files
	  src                   20      1
	  src/lib                3      1
	END
}
