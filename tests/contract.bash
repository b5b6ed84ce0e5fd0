# The tests of every tool in contract.bats. A new tool needs a row below: a good
# input, and a call that reads it from $FILE. The name of an input that is not a
# record ends in .txt.

rows() {
	grep -v '^#' <<'END'
update.flp  fl-aggregate --strict $FILE
model.flp   fl-aggregate --like $FILE $GOOD/update.flp
public.flp  fl-budget -d 1e-5 $FILE
model.flp   fl-cmp -v $FILE $SAME
model.flp   fl-dump $FILE
data.flp    fl-eval -m $GOOD/model.flp $FILE
model.flp   fl-eval -m $FILE $GOOD/data.flp
model.flp   fl-eval --summary -m $GOOD/model.flp --local $FILE $GOOD/data.flp
params.flp  fl-export -f txt $FILE
params.txt  fl-import -f txt --as params $FILE
data.csv.txt  fl-import -f csv -y species -x body_mass_g --missing drop $FILE
stats.flp   fl-import -f csv -y species -x bill_length_mm,body_mass_g --missing drop --scale $FILE $DATA/penguins.csv
data.flp    fl-init -a "dense ${N:-4} relu dense 3" -i $FILE
stats.flp   fl-init -a "dense ${N:-4} relu dense 3" -i $GOOD/data.flp --scale $FILE
a.pub.flp   fl-mask roster --session study $FILE $GOOD/b.pub.flp $GOOD/c.pub.flp
roster.flp  fl-mask fingerprint $FILE
advertise.flp  fl-mask graph $ROUND $FILE
shares.flp  fl-mask deliver $ROUND --graph $GOOD/graph.flp -o out $FILE
graph.flp   fl-mask deliver $ROUND --graph $FILE -o out $GOOD/shares.flp
masked.flp  fl-mask survivors $ROUND --graph $GOOD/graph.flp --shares $GOOD/shares.flp $FILE
shares.flp  fl-mask survivors $ROUND --graph $GOOD/graph.flp --shares $FILE $GOOD/masked.flp
masked.flp  fl-mask unmask $ROUND $OPENS --reveals $GOOD/reveal.flp $FILE
reveal.flp  fl-mask unmask $ROUND $OPENS --reveals $FILE $GOOD/masked.flp
roster.flp  fl-mask unmask --roster $FILE -m $GOOD/model.flp $OPENS --reveals $GOOD/reveal.flp $GOOD/masked.flp
graph.flp   fl-mask share --key $GOOD/keys/a.key --roster $GOOD/roster.flp -m $GOOD/model.flp $FILE
inbox.flp   fl-mask apply --key $GOOD/keys/b.key --roster $GOOD/roster.flp -m $GOOD/model.flp --graph $GOOD/graph.flp --inbox $FILE $GOOD/clipped.flp
survivors.flp  fl-mask confirm --key $GOOD/keys/b.key --roster $GOOD/roster.flp -m $GOOD/model.flp --graph $GOOD/graph.flp $FILE
confirm.flp  fl-mask reveal --strict --key $GOOD/keys/b.key --roster $GOOD/roster.flp -m $GOOD/model.flp --graph $GOOD/graph.flp --survivors $GOOD/survivors.flp $FILE
update.flp  fl-noise -C 1 $FILE
update.flp  fl-noise -C 0.3 -z 1 --adjacency replace --insecure-test-seed 1 $FILE
sum.flp     fl-noise -C 1 -z 1 --adjacency add-remove --insecure-test-seed 1 $FILE
model.flp   fl-noise -C 1 --adapt $FILE --adapt-range 0.01:10 $GOOD/update.flp
secret.flp  fl-noise -C 1 -z 1 --adjacency add-remove --insecure-test-seed 1 --cohort $FILE $GOOD/sum.flp
silo.u.flp  fl-mask apply --key $GOOD/keys/silo/a.key --roster $GOOD/silo.flp -m $GOOD/model.flp $FILE
silo.flp    fl-mask apply --key $GOOD/keys/silo/a.key --roster $FILE -m $GOOD/model.flp $GOOD/silo.u.flp
silo.a.flp  fl-mask unmask --roster $GOOD/silo.flp -m $GOOD/model.flp $GOOD/silo.c.flp $FILE $GOOD/silo.b.flp
data.flp    fl-predict -m $GOOD/model.flp $FILE
model.flp   fl-predict -m $FILE $GOOD/data.flp
data.csv.txt  fl-predict --missing mean -m $GOOD/model.flp $FILE
params.flp  fl-put out.flp < $FILE
names.txt   fl-sample -n 2 -s 1 < $FILE
cohort.flp  fl-sample --list $FILE
data.flp    fl-split -p iid -n 2 -o out $FILE
data.flp    fl-stats $FILE
update.flp  fl-step -m $GOOD/model.flp $FILE
model.flp   fl-step -m $FILE $GOOD/update.flp
data.flp    fl-train -m $GOOD/model.flp $FILE
model.flp   fl-train -u -m $FILE $GOOD/data.flp
model.flp   fl dump $FILE
END
}

# The tools that make something from each record and go on after a bad input: a
# good input, one of another kind or shape ("-" for none), and a call to which files
# are added.
filters() {
	grep -v '^#' <<'END'
data.flp    -          fl-dump
data.flp    -          fl-dump --json --values
data.flp    mass.flp   fl-eval -H -m $GOOD/model.flp
data.flp    mass.flp   fl-eval --json -m $GOOD/model.flp
roster.flp  data.flp   fl-mask fingerprint
update.flp  model.flp  fl-noise -C 1
cohort.flp  data.flp   fl-sample --list
data.flp    model.flp  fl-stats
data.flp    mass.flp   fl-train -m $GOOD/model.flp
data.flp    model.flp  fl-train -u -j 3 -m $GOOD/model.flp
END
}

# each_filter FUNCTION: calls it for every row, with $good, $unfit and $call set
each_filter() {
	local GOOD=$BATS_FILE_TMPDIR good unfit call
	local -
	set +T
	while read -r good unfit call; do
		[ "$unfit" = - ] || unfit=$GOOD/$unfit
		good=$GOOD/$good
		"$1" || { echo "filter: $call"; return 1; }
	done < <(filters)
}

# filter FILE...: makes the call with these files
filter() { eval "$call \"\$@\""; }

# filtered CODE FILE...: makes the call, which must exit with CODE; what it prints is in ./out
# and ./err
filtered() {
	local status=0 code=$1
	filter "${@:2}" > out 2> err || status=$?
	[ "$status" -eq "$code" ] && all_named < err && return
	echo "expected exit status $code, found $status: $call ${*:2}"
	cat err
	return 1
}

# names PLACE...: ./err must have one line for each of these places and no others, except the one
# by which fl-eval says that it has no line for all rows
names() {
	local place
	for place; do
		[ "$(grep -c "^fl-[a-z]*: $place: " err)" -eq 1 ] || { echo "$place"; cat err; return 1; }
	done
	[ "$(grep -vc ': no line for all rows together' err)" -eq $# ] || { cat err; return 1; }
}

# each_of FILE...: puts what the call makes from each record of these files into ./want
each_of() {
	filter "$@" > want || return
	[[ $call != *--json\ -m* ]] || sed -i '/"client":null/d' want
	[[ $call != *-H\ -m* ]] || sed -i '/^[0-9]*\t\t/d' want
}

# bad_inputs: makes bad files of every sort in ./bad
bad_inputs() {
	local h=$(header "$good")
	rm -rf bad && mkdir bad
	printf 'bill_length_mm,species\n39.1,Adelie\n' > bad/short-text
	cat "$DATA/penguins.csv" > bad/text
	: > bad/empty
	head -c $((h - 1)) "$good" > bad/cut-header
	head -c $((h + 2)) "$good" > bad/cut-values
	head -c -8 "$good" > bad/cut-tail # one byte less could be that of the next magic
	flip "$good" 4 bad/magic
	flip "$good" 20 bad/header
	flip "$good" $((h + 3)) bad/value
	flip "$good" $(($(stat -c %s "$good") - 1)) bad/tail
	[ "$unfit" = - ] || cp "$unfit" bad/unfit
}

# header FILE: prints how many bytes the header of the first record has
header() { od -An -tu4 -j16 -N4 "$1" | tr -d ' '; }

# masked_round: makes the messages of a round of fleet mode
masked_round() {
	local keys=(--key keys/a.key --key keys/b.key --key keys/c.key)
	local all=(--roster roster.flp -m model.flp)
	local graph=("${all[@]}" --graph graph.flp)
	fl-noise -C 1 update.flp > clipped.flp
	fl-mask advertise "${keys[@]}" "${all[@]}" > advertise.flp
	fl-mask graph "${all[@]}" advertise.flp > graph.flp
	fl-mask share "${keys[@]}" "${all[@]}" graph.flp > share.flp
	fl-mask deliver "${graph[@]}" -o keys/in share.flp > shares.flp
	fl-mask apply "${keys[@]}" "${graph[@]}" --inbox keys/in/a.flp --inbox keys/in/b.flp --inbox keys/in/c.flp \
		clipped.flp clipped.flp clipped.flp > masked.flp
	fl-mask survivors "${graph[@]}" --shares shares.flp masked.flp > survivors.flp
	fl-mask confirm "${keys[@]}" "${graph[@]}" survivors.flp > confirm.flp
	fl-mask reveal "${keys[@]}" "${graph[@]}" --survivors survivors.flp confirm.flp > reveal.flp
	cp keys/in/b.flp inbox.flp
}

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	cp "$DATA/penguins.csv" data.csv.txt
	fl-import -f csv -y species -g island -x bill_length_mm,body_mass_g --missing drop data.csv.txt > data.flp
	fl-stats data.flp > stats.flp
	fl-init -a 'dense 3' -i data.flp --scale stats.flp > model.flp
	fl-train -u -m model.flp data.flp > update.flp
	fl-init -a 'dense 3' -i data.flp > public.flp
	echo 0.2 0.4 0.6 > params.txt
	fl-import -f txt --as params params.txt > params.flp
	printf '%s\n' Biscoe Dream Torgersen > names.txt
	fl-sample -n 2 -s 1 < names.txt > cohort.flp
	fl-sample -q 0.5 --secret < names.txt > secret.flp
	fl-noise -C 1 update.flp | fl-aggregate --sum > sum.flp
	mkdir keys
	local name
	for name in a b c; do
		fl-mask keygen -o keys/$name && mv keys/$name.pub $name.pub.flp
	done
	fl-mask roster --session study [abc].pub.flp > roster.flp
	masked_round
	mkdir keys/silo
	for name in a b c; do
		fl-mask keygen -o keys/silo/$name
	done
	fl-mask roster --session silo keys/silo/*.pub > silo.flp
	fl-noise -C 1 update.flp > silo.u.flp
	for name in a b c; do
		fl-mask apply --key keys/silo/$name.key --roster silo.flp -m model.flp silo.u.flp > silo.$name.flp
	done
	fl-import -y body_mass_g --target number -x bill_length_mm --missing drop data.csv.txt > mass.flp
}

# each_tool FUNCTION: calls it with the name of every tool
each_tool() {
	local path
	for path in "$BIN"/fl "$BIN"/fl-*; do
		[ -x "$path" ] || continue
		"$1" "${path##*/}" || { echo "tool: ${path##*/}"; return 1; }
	done
}

# each_command FUNCTION: calls it with the words that run every tool, and every verb of the tools
# that have verbs
each_command() {
	local path verb verbs
	for path in "$BIN"/fl "$BIN"/fl-*; do
		[ -x "$path" ] || continue
		verbs=$("${path##*/}" --help | sed -nE '1{/^usage: fl-[a-z]+ VERB /!q}; s/^  ([a-z]+) .*/\1/p')
		"$1" "${path##*/}" || { echo "tool: ${path##*/}"; return 1; }
		for verb in $verbs; do
			"$1" "${path##*/}" "$verb" || { echo "verb: ${path##*/} $verb"; return 1; }
		done
	done
}

# each_call PATTERN FUNCTION [SKIP]: calls it for every row whose input matches PATTERN and
# whose call does not match SKIP, with $good and $call set; the_call makes the call
each_call() {
	local GOOD=$BATS_FILE_TMPDIR good call
	local ROUND="--roster $GOOD/roster.flp -m $GOOD/model.flp"
	local OPENS="--graph $GOOD/graph.flp --survivors $GOOD/survivors.flp --shares $GOOD/shares.flp"
	local - # bats traces every command of every function, which is ten times as slow
	set +T
	while read -r good call; do
		[[ $good == $1 ]] && [[ $call != ${3-} ]] && [ -x "$BIN/${call%% *}" ] || continue
		good=$GOOD/$good
		"$2" || { echo "call: $call"; return 1; }
	done < <(rows)
}

# the_call INPUT: makes the call with this input. Standard input cannot be read twice, so a second
# input is then the good file.
the_call() {
	local FILE=$1 SAME=$1
	[ "$1" != - ] || SAME=$good
	eval "$call"
}

# good_call: makes the call with the good input. What it prints goes to ./good.out, and
# no other file may be left.
good_call() {
	the_call "$good" > good.out || return
	rm -rf out out.flp
}

no_file() {
	if [ -e out.flp ] || compgen -G 'out/*' >/dev/null; then
		echo "a file is left: $(ls -R)"
		return 1
	fi
}

# bad_call INPUT NAME: the call must refuse the input as bad, with NAME in the message,
# no output and no new file
bad_call() {
	refused 3 "$2" the_call "$1" || return
	no_file
}

# bad_end INPUT NAME: the same, but a filter may have written what it made from the
# input's good beginning
bad_end() {
	local status=0
	the_call "$1" > end.out 2> err || status=$?
	[ "$status" -eq 3 ] && [[ $(<err) == fl-*": "*"$2"* ]] && no_file && return
	echo "expected exit status 3, found $status: $1"
	cat err
	return 1
}

# from_stdin: true if the call's messages name standard input
from_stdin() { [[ $call == *\<* ]]; }

name_of() { if from_stdin; then echo 'standard input:'; else echo "${1##*/}:"; fi; }

# refuses_vector FILE: the call must refuse it by name
refuses_vector() {
	case $call:${1##*/} in
	*dump*:nan-*|*dump*:infinity-*|*:behind-*|*:*-second.flp)
		# NaNs are shown, and so is what was made from a good first record
		bad_end "$1" "$(name_of "$1")" ;;
	*) bad_call "$1" "$(name_of "$1")" ;;
	esac
}
