# The rules of the tree: what a tool must have, and which files may include which.
load helper

setup() {
	cd "$ROOT"
}

# each_tool FUNCTION: calls it with the name of every tool's source file
each_tool() {
	local path failed=0
	for path in src/fl.c src/fl-*.c; do
		"$1" "$(basename "$path" .c)" || failed=1
	done
	return $failed
}

# has FILE PATTERN: reports it if the file does not have the pattern
has() {
	grep -qe "$2" "$1" 2>/dev/null && return
	echo "$1: expected $2"
	return 1
}

@test "every tool has its page, its tests and its line in fl(7)" {
	complete() {
		has "man/$1.1" "^\.Sh EXIT STATUS" && has "man/$1.1" "^\.Sh EXAMPLES" &&
			has "man/$1.1" "^\.Nm $1\$" && has "tests/$1.bats" '^@test' &&
			has man/fl.7 "^\.It Xr $1 1"
	}
	each_tool complete
}

@test "every page and every test file of a tool belongs to an existing tool" {
	for path in man/*.1 tests/fl*.bats; do
		name=$(basename "${path%.*}")
		[ -f "src/$name.c" ] || { echo "$path: of no tool"; return 1; }
	done
}

# verbs TOOL: prints the verbs of a tool that has verbs
verbs() {
	"$1" --help | sed -nE "1{/^usage: $1 VERB /!q}; s/^  ([a-z]+) .*/\1/p"
}

@test "every verb of a tool is a section of its page" {
	sections() {
		local verb
		for verb in $(verbs "$1"); do
			has "man/$1.1" "^\.Ss $verb\$" || return
		done
	}
	each_tool sections
	[ -n "$(verbs fl-mask)" ]
}

# A page describes options in items ".It Fl x , Fl -long Ar arg".
@test "the options in a page are those that --help shows" {
	same() {
		{
			"$1" --help
			for verb in $(verbs "$1"); do "$1" "$verb" --help; done
		} | sed -nE 's/^  (-(.), |    )--([a-z0-9-]+).*/\2 \3/p' |
			grep -vxE 'h help| version' | sort -u > "$BATS_TEST_TMPDIR/help"
		awk '$1 == ".It" && $2 == "Fl" {
			letter = ""
			for (i = 3; i <= NF; i++)
				if ($(i - 1) == "Fl" && $i ~ /^-/) {
					print letter " " substr($i, 2)
					letter = ""
				} else if ($(i - 1) == "Fl")
					letter = $i
		}' "man/$1.1" | sort -u > "$BATS_TEST_TMPDIR/page"
		diff "$BATS_TEST_TMPDIR/help" "$BATS_TEST_TMPDIR/page" || { echo "man/$1.1"; return 1; }
	}
	each_tool same
}

@test "no line of --help is wider than a terminal, and -h shows the same" {
	narrow() {
		"$@" --help > "$BATS_TEST_TMPDIR/help"
		"$@" -h | diff "$BATS_TEST_TMPDIR/help" - || { echo "$* -h"; return 1; }
		! awk -v call="$*" 'length > 80 { print call ": " $0; wide = 1 } END { exit !wide }' \
			"$BATS_TEST_TMPDIR/help"
	}
	all_narrow() {
		local verb
		narrow "$1" || return
		for verb in $(verbs "$1"); do narrow "$1" "$verb" || return; done
	}
	each_tool all_narrow
}

@test "a tool of any number of operands takes them from a file too" {
	takes() {
		[[ $("$@" --help | sed 's/\[OPTION]\.\.\.//;q') != *]...* ]] || [ "$1" = fl ] ||
			"$@" --help | grep -q -e --files-from || { echo "$*"; return 1; }
	}
	from_file() {
		local verb all=$(verbs "$1")
		[ -n "$all" ] || { takes "$1"; return; }
		for verb in $all; do takes "$1" "$verb" || return; done
	}
	each_tool from_file
}

# A row of the table: letter, long form, meaning, tools; two blanks between them.
@test "fl(7) lists the letters of all tools; but for two, each has one meaning" {
	letters() {
		{
			"$1" --help
			for verb in $(verbs "$1"); do "$1" "$verb" --help; done
		} | sed -nE "/^  -h, --help /d; s/^  -(.), --([a-z0-9-]+).*/\1 \2 ${1#fl-}/p"
	}
	each_tool letters | sort -u > "$BATS_TEST_TMPDIR/used"
	[ -s "$BATS_TEST_TMPDIR/used" ]
	sed -n '/^\.\\" letters begin/,/^\.\\" letters end/{/^\./!p}' man/fl.7 > "$BATS_TEST_TMPDIR/table"
	awk -F '  +' '{ n = split($4, tool, " "); for (i = 1; i <= n; i++) print $1, $2, tool[i] }' \
		"$BATS_TEST_TMPDIR/table" | sort | diff "$BATS_TEST_TMPDIR/used" -
	awk -F '  +' '{ print $1, $3 }' "$BATS_TEST_TMPDIR/table" | sort -u | cut -c 1 | uniq -d |
		diff <(printf '%s\n' q t) -
	[ "$(awk '{ print length }' "$BATS_TEST_TMPDIR/table" | sort -n | tail -n 1)" -le 72 ]
}

@test "the first line of a page says what --help says first" {
	named() {
		diff -i <(sed -n 's/^\.Nd //p' "man/$1.1") <("$1" --help | sed -n '2s/\.$//p') ||
			{ echo "man/$1.1"; return 1; }
	}
	each_tool named
}

# Folders of src/lib by level; a file includes its own folder's headers and
# those of lower levels. The verbs of a tool include its own headers, in src/NAME.
@test "includes go downward only" {
	awk '
	BEGIN {
		level["base"] = 0
		level["kernel"] = level["text"] = 1
		level["format"] = 2
		level["loop"] = 3
		level["data"] = level["learn"] = 4
		level["privacy"] = 5
		level["export"] = level["import"] = 6
		level["model"] = 7
		level["rule"] = level["mask"] = 8
		lib = "^src/lib/[a-z]+/"
	}
	FNR == 1 {
		split(FILENAME, part, "/")
		own = FILENAME ~ lib ? part[3] : "tool"
		verbs = FILENAME ~ /^src\/fl[-.\/]/ ? FILENAME : ""
		sub(/^src\//, "", verbs)
		sub(/(\.[ch]|\/.*)$/, "", verbs)
		if (own != "tool" && !(own in level))
			bad(own " has no level in tests/tree.bats")
	}
	/^#include "/ {
		split($2, quoted, "\"")
		n = split(quoted[2], part, "/")
		inside = FILENAME ~ /^src\/cli/ && part[1] == "cli-inside.h"
		if (n == 1 && !inside && (own != "tool" || part[1] !~ /^(cli|table-options)\.h$/))
			bad("expected a folder in " $2)
		if (n == 2 && verbs != "" && part[1] == verbs)
			next
		if (n == 2 && !(part[1] in level))
			bad("unknown folder in " $2)
		if (n == 2 && own != "tool" && part[1] != own && level[part[1]] >= level[own])
			bad(own " includes " $2)
	}
	function bad(why) { print FILENAME ": " why; failed = 1 }
	END { exit failed }' src/*.[ch] src/fl*/*.[ch] src/lib/*/*.[ch]
}

# What changes at file scope is shared by all that use a file, so it needs a reason, which stands
# beside it: the process has one of it.
@test "the library keeps no state, but for what a process has once" {
	grep -nE '^static ([^(]*[;=]|.*\(\*[a-z_]+( = .*)?\)\()|^	+static [^(]*[;=]' src/lib/*/*.[ch] |
		grep -vw const | sed -E 's/:.*[ *]([a-z_]+)(\)\(.*| = .*)?;.*/ \1/' > "$BATS_TEST_TMPDIR/state"
	diff - "$BATS_TEST_TMPDIR/state" <<-END
	src/lib/base/in.c tell_waiting
	src/lib/base/passphrase.c caught
	src/lib/base/unfinished.c newest
	src/lib/kernel/gemm.c once
	src/lib/kernel/gemm.c failed
	END
	# the files that a tool reads are shown as progress
	run grep -n flp_inputs_init src/fl*.c src/fl*/*.c
	[ "$status" -eq 1 ]
}

# listed FOLDER KIND HEADER: the kinds that are defined are those that its table lists, in
# whose order they are printed.
listed() {
	sed -nE "s/^const struct flp_[a-z_]+ flp_$2_([a-z]+) = .*/\1/p" src/lib/$1/*.c |
		sort > "$BATS_TEST_TMPDIR/defined"
	sed -nE 's/^\t[a-z]+\(([a-z]+)\).*/\1/p' "src/lib/$1/$3.h" > "$BATS_TEST_TMPDIR/listed"
	[ -s "$BATS_TEST_TMPDIR/listed" ]
	sort "$BATS_TEST_TMPDIR/listed" | diff "$BATS_TEST_TMPDIR/defined" - >&2
	cat "$BATS_TEST_TMPDIR/listed"
}

# A kind that is in no table would be built and never used.
@test "every form, rule, mechanism and encoding is in its table, and all but these in --help" {
	for side in import export; do
		forms=$(listed $side $side forms)
		"fl-$side" --help | sed -nE 's/.*--format ([a-z|]+).*/\1/p' | tr '|' '\n' |
			diff <(echo "$forms") -
	done
	rules=$(listed rule rule rule)
	fl-aggregate --help | sed -nE 's/.*--rule ([a-zF:|]+).*/\1/p' | tr '|' '\n' | sed 's/:.*//' |
		diff <(echo "$rules") -
	mechanisms=$(listed privacy mechanism mechanism)
	fl-budget --help | sed -nE 's/.*--mechanism ([a-z|]+).*/\1/p' | tr '|' '\n' |
		diff <(echo "$mechanisms") -
	listed format encoding encoding
}

@test "only the command line prints and exits" {
	run grep -nE '(^|[^a-z_])(v?f?printf|f?puts|putc|putchar|fwrite|perror|exit|abort|assert)\(' \
		$(ls src/*.c src/fl*/*.c src/lib/*/*.[ch] | grep -v '^src/cli[a-z-]*\.c$')
	echo "$output"
	[ "$status" -eq 1 ]
	run grep -nE '\<(stdout|stderr|stdin)\>[^:". ]' \
		$(ls src/*.c src/fl*/*.c src/lib/*/*.[ch] | grep -v '^src/cli[a-z-]*\.c$')
	echo "$output"
	[ "$status" -eq 1 ]
}

@test "only base reads and writes" {
	run grep -nE '(^|[^a-z_>.])(read|write|pread|pwrite|fopen|fread|getline|rename|unlink|fsync)\(' \
		$(ls src/*.c src/fl*/*.c src/lib/*/*.c | grep -v '^src/lib/base/')
	echo "$output"
	[ "$status" -eq 1 ]
}

# Each additional caller of the generator would have to be audited too.
@test "only base/secret.c asks the system's random generator" {
	asks='randombytes|getrandom|getentropy|arc4random|/dev/u?random|RAND_(priv_)?bytes'
	asks+='|(^|[^a-z_])(s?rand(om)?|[dejlmn]rand48|s(eed|rand)48|lcong48|initstate|setstate)(_r)?\('
	grep -qE "$asks" src/lib/base/secret.c
	run grep -nE "$asks" $(ls src/*.[ch] src/fl*/*.[ch] src/lib/*/*.[ch] |
		grep -v '^src/lib/base/secret\.c$')
	echo "$output"
	[ "$status" -eq 1 ]
}

# Noise, a cohort that is drawn in secret, secrets and their shares, and the key of hash tables,
# which no result depends on.
@test "the callers that ask for secret bytes are known" {
	grep -lrE '\<flp_secret_bytes\(' src | grep -v '^src/lib/base/secret\.[ch]$' | sort |
		diff <(printf '%s\n' src/lib/mask/advertise.c src/lib/mask/identity.c \
			src/lib/mask/identity_file.c src/lib/mask/journal_digest.c \
			src/lib/mask/journal_seal.c src/lib/mask/shamir.c src/lib/mask/share.c \
			src/lib/privacy/stream.c src/lib/rule/cohort.c src/lib/text/texts.c) -
}

# Where the standard deviation is large, no statistic tells a sampler of floating point from
# an exact one.
@test "no floating point draws noise" {
	run grep -nwE 'float|double|math\.h|[0-9]+\.[0-9]+f?|ldexp|exp|log|sqrt' \
		<(sed 's|/\*.*\*/||; /\/\*/,/\*\//d' src/lib/privacy/{sampler,stream}.[ch])
	echo "$output"
	[ "$status" -eq 1 ]
	# nor may the headers that they include
	sed -n 's/^#include //p' src/lib/privacy/{sampler,stream}.[ch] | sort -u |
		diff <(printf '%s\n' '"base/error.h"' '"base/secret.h"' '"privacy/sampler.h"' \
			'"privacy/stream.h"' '<sodium.h>' '<stdint.h>' '<string.h>') -
}

@test "the library exports flp_ names alone" {
	need nm
	nm -g --defined-only "${UNIT%/unit}/libflp.a" | awk 'NF == 3 { print $3 }' | sort -u > "$BATS_TEST_TMPDIR/names"
	grep -q '^flp_reader_next$' "$BATS_TEST_TMPDIR/names"
	run grep -v -e '^flp_' -e '^__' "$BATS_TEST_TMPDIR/names"
	echo "$output"
	[ "$status" -eq 1 ]
}

# tests/unit/keys.c holds fl(5) against the table of keys.
@test "every metadata key that is set stands in fl(5)" {
	sed -n '/^\.\\" keys begin/,/^\.\\" keys end/s/^\([a-z][a-z0-9.-]*\)  .*/\1/p' man/fl.5 |
		sort > "$BATS_TEST_TMPDIR/page"
	grep -rhoE 'flp_meta_set(_text|_u64)?\([^"]*"[^"]+"' src | sed 's/.*"\(.*\)"/\1/' |
		sort -u > "$BATS_TEST_TMPDIR/set"
	[ -s "$BATS_TEST_TMPDIR/set" ]
	run comm -13 "$BATS_TEST_TMPDIR/page" "$BATS_TEST_TMPDIR/set"
	echo "$output"
	[ -z "$output" ]
}

@test "pages are correct mdoc" {
	need mandoc
	mandoc -T lint -W warning man/*
}

@test "no source has a TODO" {
	run grep -rnE 'TODO|FIXME' --include='*.[chsb]*' --include='*.py' --include='*.mk' \
		--include=Makefile --include='*.[157]' --include='*.md' \
		--exclude=tree.bats Makefile README.md src man tests examples data
	echo "$output"
	[ "$status" -eq 1 ]
}

# Python looks first beside the script that it runs: numpy would import ours, and fail.
@test "no script of the tests has the name of a module of Python's own" {
	need python3
	python3 - "$ROOT"/tests/*.py <<-'END'
		import pathlib, sys
		taken = [p for p in sys.argv[1:] if pathlib.Path(p).stem in sys.stdlib_module_names]
		sys.exit(f"{taken}" if taken else 0)
	END
}

# bats does not notice a failure after ! or left of && unless it ends the test.
@test "no test has a line that can fail without being noticed" {
	awk '
	/^@test / { test = 1 }
	before != "" && !/^}/ { print before; bad = 1 }
	/^}/ { test = 0 }
	{ before = "" }
	test && /^\t(! |\[\[? .* \]\]? && (\[|!|[a-z_]+ ))/ && !/ \|\| / && !/(&&|\|\||\\)$/ {
		before = FILENAME ":" FNR ":" $0
	}
	END { exit bad }' tests/*.bats tests/*/*.bats
}

# each_tool and its like call a function where errexit is off, so a line in it that says what must
# hold counts only if it is the last one or has its || return.
@test "no function that is called for each tool has a line that can fail without being noticed" {
	awk '
	FNR == 1 { name = line = "" }
	/^\t}$/ { name = line = "" }
	/^}/ { for (i in lost) delete lost[i] }
	line != "" { lost[name] = lost[name] line "\n"; line = "" }
	/^\t[a-z_]+\(\) \{$/ { name = substr($1, 1, length($1) - 2) }
	name != "" && !begun && !/ \|\| / && !/(&&|\|\||\\|\||\{)$/ &&
	    /^\t\t+(\[|\[\[|!|cmp|diff|grep|has|refused|fails|bad_[a-z]+) / {
		line = FILENAME ":" FNR ":" $0
	}
	{ begun = /(&&|\|\||\\|\|)$/ }
	/^\teach_(tool|command|call) / {
		for (i = 2; i <= NF; i++)
			if ($i in lost) {
				printf "%s", lost[$i]
				bad = 1
			}
	}
	END { exit bad }' tests/*.bats tests/*/*.bats
}

@test "no line of the source is wider than a hundred columns" {
	local file failed=0
	for file in $(find src -name '*.[ch]'); do
		if expand -t 4 "$file" | grep -nE '.{101}'; then
			echo "in $file"
			failed=1
		fi
	done
	[ "$failed" -eq 0 ]
}
