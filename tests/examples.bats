# The examples of the pages run as they are printed: every literal block in a section EXAMPLES,
# and the tour of fl(7). The blocks of a page run one after the other, in a scratch folder that
# has data/.
load helper

# blocks PAGE: prints the commands of the page
blocks() {
	awk '
	/^\.Sh / { on = $2 == "EXAMPLES" || $2 == "TOUR" }
	/^\.Ed/ { literal = 0 }
	on && literal
	/^\.Bd -literal/ { literal = 1 }
	' "$1" | sed -e 's/\\e/\\/g' -e 's/\\&//g' -e 's/\\-/-/g'
}

run_page() {
	mkdir "$1" && cd "$1" && ln -s "$DATA" data || return
	blocks "$ROOT/man/$1" > commands
	[ -s commands ] || { echo "$1: no examples"; return 1; }
	bash -e -o pipefail commands > out 2> err < /dev/null || {
		echo "$1: exit status $?"
		cat err
		return 1
	}
}

@test "the examples of every page" {
	local page failed=0
	for page in "$ROOT"/man/*.1 "$ROOT/man/fl.7"; do
		(run_page "${page##*/}") || failed=1
	done
	[ "$failed" -eq 0 ]
	grep -qx '0.2 0.4 0.6' fl-aggregate.1/out
	grep -qx 'exit status 3' fl-put.1/out
	grep -qx differ fl-cmp.1/out
	grep -q -w accuracy fl.7/out
	[ "$(tail -n 2 fl-import.1/sex.schema | cut -f 4 | paste -s -d ' ')" = '0-male female' ]
}

@test "fl(7) adds a column to a table, whether its lines end in LF or in CR and LF" {
	awk '/^\.Ss / { on = /Missing values/ } /^\.Ed/ { literal = 0 } on && literal
		/^\.Bd / { literal = 1 }' "$ROOT/man/fl.7" | sed 's/\\e/\\/g' > line
	printf 'age,y\n30,a\n40,b\n' > lf.csv
	sed 's/$/\r/' lf.csv > crlf.csv
	for ends in lf crlf; do
		cp $ends.csv table.csv
		bash -e line > $ends.out
		printf 'age,y,chol\n30,a,\n40,b,\n' | cmp - $ends.out
	done
}
