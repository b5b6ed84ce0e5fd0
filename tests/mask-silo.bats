# Silo mode of fl-mask: a few sites send one message a round, and only the sum of all can be opened.
load helper
export FL_POLICY=open

SITES="ash birch cedar oak"

# Four sites with keys and penguins, their roster, a model, and clipped updates of it.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	local k=0 s
	for s in $SITES; do
		k=$((k + 1))
		awk -v k=$k 'NR == 1 || NR % 4 == k - 1' "$DATA/penguins.csv" > $s.csv
		fl-import -x bill_length_mm,body_mass_g -y species --missing drop \
			--schema-out $s.schema $s.csv > /dev/null
		fl-mask keygen -o $s
	done
	cat ./*.schema > schema
	for s in $SITES; do
		fl-import --schema schema --client $s --missing drop $s.csv > $s.rows
	done
	fl-mask roster --session birds ./*.pub > roster
	fl-init -a 'dense 3' -i schema > 0.flp
	fl-init -a 'dense 3' -i schema -s 9 > other.flp
	updates 0.flp
	for s in $SITES; do
		fl-mask apply --key $s.key --roster roster -m 0.flp $s.u > $s.masked
	done
}

setup() {
	cp -r "$BATS_FILE_TMPDIR"/[^.]* .
	FRESH=$BATS_TEST_TMPDIR
}

# updates MODEL [OPTION]...: makes SITE.u, the clipped update of each site
updates() {
	local s
	for s in $SITES; do
		fl-train -m "$1" -u -s 3 $s.rows | fl-noise -C 1 "${@:2}" > $s.u
	done
}

# A copy of a journal is refused, so tests that send make their own keys.
fresh() {
	local s
	rm -rf ./*.key ./*.pub ./*.state
	for s in $SITES; do
		fl-mask keygen -o $s
	done
	fl-mask roster --session birds ./*.pub > roster
}

# apply SITE [OPTION]... [FILE]: masks an update of the model 0.flp, unless an option -m names another
apply() {
	local model=(-m 0.flp)
	[[ " ${*:2} " != *" -m "* ]] || model=()
	fl-mask apply --key "$1.key" --roster roster "${model[@]}" "${@:2}"
}

# every OPTION...: makes SITE.masked from SITE.u for all sites; a model among the options replaces
# 0.flp
every() {
	local s
	for s in $SITES; do
		apply $s "$@" $s.u > $s.masked
	done
}

unmask() {
	local model=(-m 0.flp)
	[[ " $* " != *" -m "* ]] || model=()
	fl-mask unmask --roster roster "${model[@]}" "$@"
}

# meta FILE: prints the metadata, without the keys that a mask hides and those that identify a record
meta() {
	fl-dump "$1" | sed '1d' | grep -vE '^  (examples|steps|parents|bytes|digest|id) '
}

@test "the sum equals that of the plain clipped updates, bit for bit" {
	unmask ./*.masked > sum.flp
	fl-aggregate --sum ./*.u > plain.flp
	fl-cmp sum.flp plain.flp
	diff <(meta sum.flp) <(meta plain.flp)
	unmask oak.masked birch.masked cedar.masked ash.masked | cmp - sum.flp
	cat ./*.masked | unmask - | cmp - sum.flp
	fl-step -m 0.flp sum.flp > masked.flp
	fl-step -m 0.flp plain.flp > open.flp
	fl-cmp masked.flp open.flp
}

@test "openssl and Python remove the masks as the headers say" {
	need openssl
	for s in $SITES; do
		twin silo.py $s.key roster $s.u $s.masked
		[ "$output" = "9 values agree" ]
	done
	run ! python3 "$ROOT/tests/silo.py" ash.key roster birch.u ash.masked
}

@test "with noised updates nothing but the parents differs" {
	fresh
	updates 0.flp -z 1 --adjacency replace --insecure-test-seed 5
	every
	unmask ./*.masked > sum.flp
	fl-aggregate --insecure --sum ./*.u > plain.flp
	fl-cmp sum.flp plain.flp
	drop='^  (parents|bytes|digest|id) '
	diff <(fl-dump sum.flp | sed 1d | grep -vE "$drop") <(fl-dump plain.flp | sed 1d | grep -vE "$drop")
	[ "$(fl-dump sum.flp | head -n 1)" = "sum.flp: sum, noised" ]
}

@test "the same with clip groups and with adaptive clipping" {
	fresh
	updates 0.flp --adapt 0.flp --adapt-range 0.1:10
	every
	unmask ./*.masked > sum.flp
	fl-aggregate --sum --adapt --like 0.flp ./*.u > plain.flp
	fl-cmp sum.flp plain.flp
	diff <(meta sum.flp) <(meta plain.flp)
	fl-dump sum.flp | grep -q '^  clip/below .*i64'
	fresh
	for s in $SITES; do
		fl-train -m 0.flp -u -s 3 $s.rows | fl-noise --clip-by '*.weight=1,*.bias=.01' > $s.u
	done
	every
	unmask ./*.masked > sum.flp
	fl-aggregate --sum ./*.u > plain.flp
	fl-cmp sum.flp plain.flp
	diff <(meta sum.flp) <(meta plain.flp)
}

@test "with weights the sum is the weighted one, and can't get noise" {
	fresh
	every -w examples --max-weight 100
	unmask --max-weight 100 ./*.masked > sum.flp
	fl-step -m 0.flp sum.flp > masked.flp
	fl-aggregate -w examples ./*.u | fl-step -m 0.flp > open.flp
	fl-cmp -t 1e-6 masked.flp open.flp
	[ "$(fl-dump sum.flp | awk '$1 == "weight" { print $2 }')" = "$(cat ./*.u |
		fl-aggregate -w examples | fl-dump - | awk '$1 == "examples" { print $2 }')" ]
	run grep -c examples= ash.masked
	[ "$output" -eq 0 ]
	refused 3 "expected a plain sum, found one with weights" \
		fl-noise -C 1 -z 1 --adjacency replace sum.flp
	refused 3 "metadata: weighting: expected uniform, found examples" unmask ./*.masked
	refused 3 "metadata: bits: expected 48, for 4 clients of weight at most 1000" \
		unmask --max-weight 1000 ./*.masked
}

@test "without a clip, values are rounded within a range, and none is cut silently" {
	fresh
	for s in $SITES; do
		fl-train -m 0.flp -u -s 3 $s.rows > $s.u
	done
	refused 3 "expected a clipped record, found one that is raw (see fl-noise --clip, or --range)" \
		apply ash ash.u
	refused 3 "tensor 0.weight: value 0: expected a magnitude of at most 0.5 (--range), found more" \
		apply ash --range .5 ash.u
	cp ash.u whole
	every --range 4096 --grid 23
	unmask ./*.masked > sum.flp
	[ "$(fl-dump sum.flp | head -n 1)" = "sum.flp: sum, raw" ]
	fl-step -m 0.flp sum.flp > masked.flp
	fl-aggregate -w uniform ./*.u | fl-step -m 0.flp > open.flp
	fl-cmp -t 0.001 masked.flp open.flp
	apply ash -r 0 --range 4096 --grid 23 whole | cmp - ash.masked
	fresh
	fl-mask apply -v --key ash.key --roster roster -m 0.flp --range .5 --saturate ash.u 2> said > cut.masked
	grep -q "ash.u: [1-6] values beyond the range were cut" said
	fresh
	fl-mask apply --key ash.key --roster roster -m 0.flp --range .5 --saturate ash.u 2> said > cut.masked
	grep -q "values beyond the range were cut; -v says how many" said
}

@test "a site sends again what it has sent, and nothing else for that round" {
	fl-train -m 0.flp -u -s 4 ash.rows | fl-noise -C 1 > later.u
	fresh
	apply ash ash.u > first
	apply ash ash.u | cmp - first
	refused 3 "found another input or other options; to send that message again, send the file ash.state/1.sent" \
		apply ash later.u
	cmp ash.state/1.sent first
	fl-noise -C .5 < later.u > half.u || fl-train -m 0.flp -u -s 3 ash.rows | fl-noise -C .5 > half.u
	refused 3 "round 0: apply: expected the input of the message that was sent before" apply ash half.u
	refused 3 "round 0: apply: expected the input of the message that was sent before" apply ash -w examples --max-weight 100 ash.u
	apply ash ash.u | cmp - first
}

@test "what a site has sent still binds it when it also takes part in fleet mode" {
	fl-train -m 0.flp -u -s 4 ash.rows | fl-noise -C 1 > later.u
	fresh
	apply ash ash.u > first
	fl-mask advertise --key ash.key --roster roster -m 0.flp > advertised
	refused 3 "round 0: apply: expected the input of the message that was sent before" apply ash later.u
	apply ash ash.u | cmp - first
}

@test "a round below the last is refused, and so is the model of an old round under new metadata" {
	fresh
	fl-aggregate --sum ./*.u | fl-step -m 0.flp > 1.flp
	fl-train -m 1.flp -u ash.rows | fl-noise -C 1 > 1.u
	fl-mask apply --key ash.key --roster roster -m 1.flp 1.u > /dev/null
	refused 3 "apply: expected round 1 or a later one, because this site has answered in round 1" apply ash ash.u
	apply birch birch.u > /dev/null
	need python3
	python3 "$ROOT/tests/restate.py" public round=5 < 0.flp > again.flp || skip "needs python3-xxhash"
	fl-train -m again.flp -u birch.rows | fl-noise -C 1 > again.u
	refused 3 "expected parameters for which this site has not masked anything, found those of the model" \
		fl-mask apply --key birch.key --roster roster -m again.flp again.u
}

@test "an update of another model, or a server that gives one site another model" {
	fresh
	refused 3 "metadata: base: expected" fl-mask apply --key ash.key --roster roster -m other.flp ash.u
	fl-train -m other.flp -u ash.rows | fl-noise -C 1 > other.u
	for s in birch cedar oak; do
		apply $s $s.u > $s.masked
	done
	fl-mask apply --key ash.key --roster roster -m other.flp other.u > ash.masked
	refused 3 "ash.masked: client ash: metadata: base: expected" unmask ./*.masked
}

@test "nothing opens unless each site has sent exactly one record" {
	refused 3 "expected a record from each of the 4 members, found none from birch, oak, so nothing is opened; a site can send its record again, and one that has masked nothing can sign a leave" \
		unmask ash.masked cedar.masked
	refused 3 "client ash: expected one record from it, found a second" unmask ./*.masked ash.masked
	refused 3 "birch.u: expected a masked record, found update" unmask ./*.masked birch.u
	cp -r "$BATS_FILE_TMPDIR"/*.masked .
	fl-mask keygen -o elm
	fl-mask roster --session birds ./*.pub > wide
	fl-mask apply --key elm.key --roster wide -m 0.flp ash.u > elm.masked
	fl-mask roster --session bees ./*.pub > bees
	refused 3 "client elm: expected a member of the roster, found a client that is not" unmask ./*.masked
	refused 3 "ash.masked: client ash: metadata: roster: expected" \
		fl-mask unmask --roster wide -m 0.flp ./*.masked
	refused 3 "elm.masked: client elm: metadata: session: expected bees, found birds" \
		fl-mask unmask --roster bees -m 0.flp ./*.masked
}

@test "a record that was changed by one bit is named" {
	size=$(stat -c %s ash.masked)
	for byte in $((size / 4)) $((size / 2)); do
		flip ash.masked $byte bad
		run ! unmask bad birch.masked cedar.masked oak.masked
		[[ $output == *"bad: "* ]]
	done
}

@test "sites that do not clip alike are named" {
	fresh
	for s in birch cedar oak; do
		apply $s $s.u > $s.masked
	done
	fl-train -m 0.flp -u -s 3 ash.rows | fl-noise -C 2 > ash.u
	apply ash ash.u > ash.masked
	refused 3 "does not agree with client ash: metadata: clip: expected 2, found 1" unmask ./*.masked
}

@test "a record that does not belong to the round is named, with the key that differs" {
	fresh
	for s in ash birch; do
		apply $s $s.u > $s.masked
	done
	refused 3 "birch.masked: expected a record without a mask, found one that is masked" \
		apply cedar birch.masked
	fl-mask keygen -o elm
	refused 3 "roster: expected client elm, whose key was given, among the members" apply elm ash.u
	# a noised record beside clipped ones
	fl-train -m 0.flp -u -s 3 oak.rows |
		fl-noise -C 1 -z 1 --adjacency replace --insecure-test-seed 5 > noised.u
	apply oak noised.u > oak.masked
	refused 3 "oak.masked: client oak: does not agree with client ash: metadata: state: expected clipped, found noised; all sites must use the same clip, noise, votes and weights; a site can't replace what it has masked, so this round can't be opened: go on with a later round or another session, from a model with other parameters" \
		unmask ash.masked birch.masked oak.masked
	fl-aggregate --sum ash.masked birch.masked > both
	refused 3 "both: expected the record of one site, found a sum of several, which no site has signed" \
		unmask both
	refused 3 "found $(fl-dump ash.u | awk '$1 == "base" { print $2 }'); it was made from another model, or from this one under other metadata" \
		fl-mask apply --key cedar.key --roster roster -m other.flp ash.u
	fl-mask roster --session birds ash.pub birch.pub cedar.pub > three
	refused 3 "it was made under another roster" fl-mask unmask --roster three -m 0.flp ash.masked
}

@test "a line of the policy whose file is missing, or is of another kind" {
	fresh
	echo 'roster nowhere' > policy
	refused 3 "policy policy: line 1: roster nowhere: expected a file of that name, found none" \
		env FL_POLICY= fl-mask apply --policy policy --key ash.key --roster roster -m 0.flp ash.u
	printf '\nauthority nowhere\n' > policy
	refused 3 "policy policy: line 2: authority nowhere: expected a file of that name, found none" \
		env FL_POLICY= fl-mask apply --policy policy --key ash.key --roster roster -m 0.flp ash.u
	echo 'authority roster' > policy
	refused 3 "policy policy: line 1: authority roster: roster: expected the public key of a party, found key (a roster)" \
		env FL_POLICY= fl-mask apply --policy policy --key ash.key --roster roster -m 0.flp ash.u
}

@test "a void round is repeated by the same roster, or by fewer with the leave of all others" {
	fresh
	for s in ash birch cedar; do
		apply $s $s.u > $s.masked
	done
	rm oak.masked
	refused 3 "found none from oak, so nothing is opened; a site can send its record again, and one that has masked nothing can sign a leave" unmask ./*.masked
	fl-mask roster --session birds {ash,birch,cedar}.pub > small
	small="--roster small -m 0.flp"
	refused 3 "another roster needs the leave of each member that is gone" \
		fl-mask apply --key ash.key $small ash.u
	refused 3 "client oak: expected its leave, since it is not in the new roster, found none" \
		fl-mask apply --key ash.key $small --instead roster ash.u
	refused 3 "leave: expected nothing sent in this round or later, found this site's apply message of round 0" \
		fl-mask leave --key ash.key --roster roster -r 0
	fl-mask leave --key oak.key --roster roster -r 1 > late
	refused 3 "client oak: leave: metadata: round: expected 0 or an earlier one, found 1" \
		fl-mask apply --key ash.key $small --instead roster --left late ash.u
	fl-mask leave --key oak.key --roster roster -r 0 > oak.leave
	flip oak.leave $(($(stat -c %s oak.leave) / 3)) bad
	run ! fl-mask apply --key ash.key $small --instead roster --left bad ash.u
	for s in ash birch cedar; do
		fl-mask apply --key $s.key $small --instead roster --left oak.leave $s.u > $s.small
		run ! cmp -s $s.small $s.masked
	done
	fl-mask unmask $small ./*.small > sum.flp
	fl-aggregate --sum {ash,birch,cedar}.u | fl-cmp sum.flp -
	# oak stays away, and nobody goes back
	refused 3 "expected a round before 0, since this site has signed that it leaves the roster" apply oak oak.u
	apply ash ash.u | cmp - ash.masked
	fl-aggregate --sum {ash,birch,cedar}.u | fl-step -m 0.flp > 1.flp
	fl-train -m 1.flp -u ash.rows | fl-noise -C 1 > 1.u
	refused 3 "which it replaced" fl-mask apply --key ash.key --roster roster -m 1.flp 1.u
	fl-mask apply --key ash.key --roster small -m 1.flp 1.u > /dev/null
}

@test "a site that has masked updates can leave a round of statistics, and no more than that" {
	fresh
	every
	for s in ash birch cedar; do
		fl-stats --to-mask $s.rows > $s.stats
		fl-mask apply --key $s.key --roster roster -m schema $s.stats > $s.one
	done
	fl-mask roster --session birds {ash,birch,cedar}.pub > three
	refused 3 "apply message of round 0: a sum" fl-mask leave --key oak.key --roster roster -r 0
	fl-mask leave --stats --key oak.key --roster roster -r 0 > left
	fl-mask leave --stats --key oak.key --roster roster -r 0 | cmp - left
	refused 3 "client oak: leave: metadata: of: expected update, found stats" \
		fl-mask apply --key ash.key --roster three --instead roster --left left -m 0.flp ash.u
	for s in ash birch cedar; do
		fl-mask apply --key $s.key --roster three --instead roster --left left -m schema $s.stats > $s.two
	done
	fl-mask unmask --roster three -m schema ./*.two > sum.flp
	fl-aggregate --sum <(fl-stats ash.rows) <(fl-stats birch.rows) <(fl-stats cedar.rows) |
		fl-cmp sum.flp -
	fl-stats --to-mask oak.rows > oak.stats
	refused 3 "expected a round before 0 of statistics, since this site has signed that it leaves the roster" \
		fl-mask apply --key oak.key --roster roster -m schema oak.stats
	# the sum of the updates was of all four, and is not made again for three
	refused 3 "model: expected parameters for which this site has not masked anything, found those of session birds, round 0, which had other members" \
		fl-mask apply --key ash.key --roster three -m 0.flp ash.u
	refused 3 "apply message of round 0: a sum" \
		fl-mask leave --stats --key cedar.key --roster three -r 0
}

@test "members who stay do not repeat a sum that includes the member who left" {
	fresh
	fl-mask roster --session birds ash.pub birch.pub cedar.pub > three
	for s in $SITES; do
		fl-stats --to-mask $s.rows > $s.stats
		fl-mask apply --key $s.key --roster roster -m schema $s.stats > $s.masked
	done
	fl-mask leave --stats --key oak.key --roster roster --round 1 > left
	refused 3 "columns: expected columns that this site has not masked, found some of session birds, round 0, which had other members" \
		fl-mask apply --key ash.key --roster three --instead roster --left left --round 1 -m schema ash.stats
}

@test "refused: a roster with an invented member, of two, or with a key that is not the site's" {
	fl-mask keygen -o elm
	fl-mask roster --session birds ./*.pub > wide
	fails 3 fl-mask roster --session two ash.pub birch.pub
	fresh
	mkdir twin
	fl-mask keygen -o twin/ash
	fl-mask roster --session birds twin/ash.pub birch.pub cedar.pub oak.pub > swapped
	refused 3 "swapped: expected the public keys of client ash, whose key was given, found others" \
		fl-mask apply --key ash.key --roster swapped -m 0.flp ash.u
	fresh
	apply ash ash.u > /dev/null
	fl-mask keygen -o elm
	fl-mask roster --session birds ./*.pub > wide
	refused 3 "expected the roster" fl-mask apply --key ash.key --roster wide -m 0.flp ash.u
}

@test "a copied journal is refused, and so is a missing one" {
	fresh
	apply ash ash.u > /dev/null
	cp -r ash.state saved
	rm -r ash.state
	refused 3 "ash.state: " apply ash ash.u
	mv saved ash.state
	refused 3 "ash.state: expected the journal that keygen made, found a copy of it" apply ash ash.u
}

@test "a backup that is written over a journal is refused, however old" {
	fresh
	apply ash ash.u > /dev/null
	cp -a ash.state backup
	cp 0.flp model
	for k in 1 2; do
		fl-train -m model -u -s $k birch.rows | fl-aggregate | fl-step -m model > next
		mv next model
		fl-train -m model -u ash.rows | fl-noise -C 1 > $k.u
		fl-mask apply --key ash.key --roster roster -m model $k.u > /dev/null
	done
	cp -a backup/. ash.state
	refused 3 "log: expected a line for 3.sent, found none: the log was shortened" \
		fl-mask apply --key ash.key --roster roster -m model 2.u
}

@test "a line of the journal that the power cut off is removed, unless its message was sent" {
	fresh
	cat ash.state/log > before
	apply ash ash.u > ash.masked
	head -c -1 ash.state/log > cut
	cat cut > ash.state/log
	refused 3 "ash.state: log: expected a line for 1.sent, found none: the log was shortened" \
		apply ash ash.u
	for file in ash.state/1.*; do mv "$file" "$file.new"; done
	cp ash.u ash.state/.fl-a1B2c3
	apply ash birch.u > again 2> err
	[ "$(< err)" = "fl-mask: ash.state: log: line 3: expected a newline at its end, found \
none: nothing was sent after it, so it was removed" ]
	[ "$(find ash.state -type f -printf '%f ' | xargs -n 1 | sort | xargs)" = '1.inside 1.sent log' ]
	[ "$(head -n 2 ash.state/log)" = "$(< before)" ]
	run ! cmp -s again ash.masked
	apply ash birch.u 2> err | cmp - again
	[ ! -s err ]
	refused 3 "expected the input of the message that was sent before" apply ash ash.u
}

@test "fl-dump looks at a journal whose last process was killed, and does not change it" {
	fresh
	apply ash ash.u > ash.masked
	fl-dump --outgoing --state ash.state ash.masked > before
	for file in ash.state/1.*; do mv "$file" "$file.new"; done
	printf 'half' >> ash.state/log
	cp -a ash.state copy
	fl-dump --outgoing --state ash.state ash.masked | cmp - before
	diff -r ash.state copy
}

@test "statistics open to the sum that fl-aggregate makes, with a schema or with data" {
	fresh
	for s in $SITES; do
		fl-stats --to-mask $s.rows > $s.stats
		fl-mask apply --key $s.key --roster roster -m schema $s.stats > $s.masked
		fl-stats $s.rows > $s.open
	done
	fl-mask unmask --roster roster -m schema ./*.masked > sum
	fl-aggregate --sum ./*.open > plain
	fl-cmp sum plain
	diff <(fl-dump sum | sed 1d | grep -vE '^  (parents|bytes|id) ') \
		<(fl-dump plain | sed 1d | grep -vE '^  (parents|bytes|id) ')
	fl-mask unmask --roster roster -m ash.rows ./*.masked | cmp - sum
	fl-init -a 'dense 3' -i schema -S sum > m.flp
	fl-init -a 'dense 3' -i schema -S plain | cmp - m.flp
	# a round of updates with the same number has masks of its own
	apply ash ash.u > /dev/null
	refused 3 "expected neither weights nor a range" fl-mask apply --key oak.key --roster roster -m schema \
		-w examples --max-weight 100 oak.stats
	refused 3 "expected the input of" fl-mask apply --key oak.key --roster roster -m schema ash.stats
}

@test "statistics to be masked can't leave in any other way, and min-count binds their sum" {
	unset FL_POLICY
	fresh
	head -n 3 ash.csv > few.csv
	fl-import --schema schema --client ash --missing drop few.csv > ash.rows
	fails 3 fl-stats ash.rows
	for s in $SITES; do
		fl-stats --to-mask $s.rows > $s.stats
		fl-mask apply --key $s.key --roster roster -m schema $s.stats > $s.masked
	done
	refused 3 "may leave only masked" fl-aggregate --sum ash.stats
	run -3 fl-dump --outgoing ash.stats
	[[ $output == *"may leave only masked"* ]]
	run -3 fl-dump --outgoing --policy open ash.stats
	[[ $output == *"may leave only masked"* ]]
	fl-mask unmask --roster roster -m schema ./*.masked > sum
	echo min-count 1000 > strict
	refused 3 "sum: rows: policy strict: line 1: min-count 1000" \
		fl-mask unmask --policy strict --roster roster -m schema ./*.masked
	fails 2 fl-stats --to-mask --subject x ash.rows
}

@test "the site's policy limits what is masked, and with whom" {
	unset FL_POLICY
	# bound LINE TEXT: a policy of that line forbids the call, and the message has TEXT
	bound() {
		echo "$1" > policy
		refused 3 "policy policy: line 1: $1: $2" apply ash --policy policy ash.u || return
	}
	fresh
	bound "max-clip 0.5" "expected a clip norm of at most that"
	bound "min-noise 1" "expected at least that much noise from this site, found none"
	bound "min-clients 5" "expected at least that many clients of a masked sum, found 4"
	bound "min-threshold 5" "expected at least that many clients whose help opens a masked sum, found 4"
	bound "min-bits 129" "expected at least that many bits of security of the masks, found 128"
	fl-mask roster --session bees ./*.pub > bees
	bound "roster $PWD/bees" "expected that roster, found another"
	bound "authority $PWD/oak.pub" "expected a roster that it signed, found one without certificates"
	printf '%s\n' 'ledger l' 'max-epsilon 3' > policy
	refused 3 "line 2: max-epsilon 3: expected noise, found none" apply ash --policy policy ash.u
	printf '%s\n' 'max-clip 1' 'min-clients 4' 'min-bits 128' 'roster roster' > policy
	apply ash --policy policy ash.u > /dev/null
	fl-mask keygen -o chief
	fl-mask roster --session birds --authority chief.key {ash,birch,cedar,oak}.pub > signed
	echo "authority chief.pub" > policy
	fl-mask apply --key birch.key --roster signed -m 0.flp --policy policy birch.u > /dev/null
	echo "authority oak.pub" > policy
	refused 3 "authority" fl-mask apply --key cedar.key --roster signed -m 0.flp --policy policy cedar.u
}

@test "a plan: rings by the number of clients, neighbours, and what it refuses" {
	# plan WANT OPTION...: the plan with these options must be WANT, as one line
	plan() {
		[ "$(fl-mask plan "${@:2}" | awk -F '\t' '{ printf "%s%s %s", (NR > 1 ? ", " : ""), $1, $2 }')" = "$1" ] ||
			{ fl-mask plan "${@:2}"; return 1; }
	}
	plan "mode silo, clients 127, threshold 127, dropouts 0, bits 24, grid 16, headroom 1.008" --silo -n 127 -C 1
	plan "mode silo, clients 128, threshold 128, dropouts 0, bits 24, grid 15, headroom 2" --silo -n 128 -C 1
	plan "mode silo, clients 1023, threshold 1023, dropouts 0, bits 24, grid 13, headroom 1.001" --silo -n 1023 -C 1
	plan "mode silo, clients 1024, threshold 1024, dropouts 0, bits 32, grid 20, headroom 2" --silo -n 1024 -C 1
	plan "mode silo, clients 79, threshold 79, dropouts 0, bits 24, grid 16, headroom 1.013" --silo -n 79 -C .8
	plan "mode silo, clients 639, threshold 639, dropouts 0, bits 24, grid 13, headroom 1.002" --silo -n 639 -C .8
	plan "mode fleet, clients 100, neighbours 32, threshold 22, dropouts 10, bits 24, grid 16, headroom 1.28" -n 100 -C 1
	plan "mode fleet, clients 3, neighbours 2, threshold 3, dropouts 0, bits 16, grid 13, headroom 1.333" -n 3 -C 1
	plan "mode fleet, clients 10, neighbours 9, threshold 7, dropouts 3, bits 24, grid 19, headroom 1.6" -n 10 -C 1
	plan "mode silo, clients 4, threshold 4, dropouts 0, bits 16, grid 10, headroom 8" --silo --roster roster -C 1 --grid 10
	plan "mode silo, clients 4, threshold 4, dropouts 0, bits 32, grid 16, headroom 81.92" --silo --roster roster -C 1 --grid 16 \
		--max-weight 100
	[ "$(fl-mask plan --silo -n 4 -C 1 -m 0.flp | awk '$1 == "bytes" { print $2 }')" -eq 27 ]
	# for the grid that fl-noise uses by itself, the ring is that of apply
	fl-train -m 0.flp -u -s 3 ash.rows | fl-noise -C 1 > usual.u
	fresh
	fl-mask apply -v --key ash.key --roster roster -m 0.flp usual.u 2> said > /dev/null
	grep -q "modulo 2^$(fl-mask plan --silo -n 4 -C 1 --grid 20 | awk '$1 == "bits" { print $2 }')," said
	fl-mask plan -n 1000 -C 1 -m 0.flp | awk '$1 == "client" || $1 == "server" { n += $2 > 0 } END { exit n != 2 }'
	fails 3 fl-mask plan --silo -n 1000000 -C 1 --max-weight 1000000 --grid 20
	fails 4 sh -c 'fl-mask plan --silo -n 4 -C 1 > /dev/full'
	fails 2 fl-mask plan --silo -n 4 -C 1 --range 1
	fails 2 fl-mask plan --silo -n 4 --roster roster -C 1
	fails 2 fl-mask plan --silo -n 4 -C 1 --dropout .1
	# a terminal gets columns as wide as the longest name
	script -qec true /dev/null || skip "needs a pseudo-terminal"
	script -qec 'fl-mask plan --silo -n 4 -C 1 --grid 10' /dev/null | tr -d '\r' | diff - <(printf '%s\n' \
		'mode       silo' 'clients    4' 'threshold  4' 'dropouts   0' 'bits       16' 'grid       10' 'headroom   8')
}

@test "fl-dump --outgoing shows what is inside, from the site's journal alone" {
	fl-dump --outgoing --state ash.state ash.masked > shown
	grep -q '^ash.masked: masked, masked$' shown
	grep -q '^ash.masked: inside: update, clipped$' shown
	fl-dump --outgoing ash.u | grep -E '^  (0\.weight|0\.bias|    clip)' > inside
	[ "$(wc -l < inside)" -eq 2 ]
	while IFS= read -r line; do
		grep -qxF "$line" shown
	done < inside
	# the metadata of the update are shown too
	grep -q '^    examples' shown
	echo 'metadata base bits client clip grid of roster round session signature state weighting' > policy
	fl-dump --outgoing --policy policy --state ash.state ash.masked > /dev/null
	echo 'max-clip 0.5' > policy
	run -3 fl-dump --outgoing --policy policy --state ash.state ash.masked
	[ "$(grep -c 'max-clip .* refused: ' <<< "$output")" -eq 2 ]
	run -3 fl-dump --outgoing --policy policy ash.masked
	[ "$(grep -c 'max-clip .* refused: ' <<< "$output")" -eq 1 ]
	[ "$(fl-dump --json --outgoing --state ash.state ash.masked | wc -l)" -eq 2 ]
	refused 3 "birch.state: expected a journal with this record, found one without it: give --state the folder NAME.state of the site that masked it" \
		fl-dump --outgoing --state birch.state ash.masked
	fails 2 fl-dump --state ash.state ash.masked
	fresh
	apply ash ash.u > ash.masked
	rm ash.state/1.sent
	fails 3 fl-dump --outgoing --state ash.state ash.masked
	# a record is found even if others, which are no longer kept, were sent after it
	fresh
	fl-stats --to-mask ash.rows | fl-mask apply --key ash.key --roster roster -m schema - > stats
	apply ash ash.u > first
	fl-aggregate --sum ash.u | fl-step -m 0.flp > 1.flp
	fl-train -m 1.flp -u -s 3 ash.rows | fl-noise -C 1 | apply ash -m 1.flp - > second
	fl-dump --outgoing --state ash.state stats | grep -q '^stats: inside: stats, raw$'
	fl-dump --outgoing --state ash.state second | grep -q '^second: inside: update, clipped$'
	refused 3 "its round is over, so it is no longer kept" fl-dump --outgoing --state ash.state first
	fresh
	apply ash ash.u > ash.masked
	rm ash.state/*.inside
	fails 3 fl-dump --outgoing --state ash.state ash.masked
}

# answers OPTION... FILE: what fl-dump --outgoing says about each line of the file policy
answers() {
	fl-dump --outgoing --policy policy "$@" 2> /dev/null |
		awk '$1 ~ /^(min-[ctb].*|max-epsilon|roster|authority)$/ && $2 ~ /^(allowed|refused:|not)/ { print $1, $2 }' |
		xargs -rd '\n' printf '%s;'
}

@test "fl-dump --outgoing checks what a masked record shows about its sum" {
	printf '%s\n' 'min-clients 4' 'min-threshold 4' 'min-bits 128' 'roster roster' > policy
	yes='min-clients allowed;min-threshold allowed;min-bits allowed;roster allowed;'
	[ "$(answers ash.masked)" = "$yes" ]
	[ "$(answers --state ash.state ash.masked)" = "$yes" ]
	# what is inside is not part of a sum by itself, and neither is an update
	[ "$(answers ash.u)" = 'min-clients not;min-threshold not;min-bits not;roster not;' ]
	printf '%s\n' 'min-clients 5' 'min-threshold 5' 'min-bits 129' 'roster roster' > policy
	[ "$(answers ash.masked)" = \
		'min-clients refused:;min-threshold refused:;min-bits refused:;roster allowed;' ]
	refused_all=$(fl-dump --outgoing --policy policy ash.masked 2> /dev/null) || [ $? -eq 3 ]
	[[ $refused_all == *"policy policy: line 1: min-clients 5: expected"* ]]
	# another roster, of which nothing else is known
	fl-mask roster --session other ./*.pub > other
	printf '%s\n' 'min-clients 4' 'roster other' > policy
	[ "$(answers ash.masked)" = 'roster refused:;min-clients not;' ]
	echo 'roster nowhere' > policy
	[ "$(answers ash.masked)" = 'roster refused:;' ]
	# without a file of the policy the record tells the bits alone
	printf '%s\n' 'min-clients 9' 'min-threshold 9' 'min-bits 80' > policy
	[ "$(answers ash.masked)" = 'min-bits allowed;min-clients not;min-threshold not;' ]
	# who signed the members
	mkdir office
	fl-mask keygen -o office/chief
	printf '%s\n' 'roster roster' 'authority office/chief.pub' > policy
	[ "$(answers ash.masked)" = 'roster allowed;authority refused:;' ]
	fresh
	fl-mask roster --session birds --authority office/chief.key {ash,birch,cedar,oak}.pub > roster
	apply ash ash.u > ash.masked
	[ "$(answers ash.masked)" = 'roster allowed;authority allowed;' ]
	# noise
	printf '%s\n' 'max-epsilon 1' 'ledger l' > policy
	[ "$(answers ash.masked)" = 'max-epsilon refused:;' ]
}

# The system fails once, at each place in turn. The bytes that left before the failure are sent again
# after it, and once a byte has left, no other message does.
@test "whatever fails, a message is in the journal before it is sent" {
	[ -z "${SAN-}" ] || skip "the sanitizers have a malloc of their own"
	so=$UNIT/../faults/fault.so
	[ -e "$so" ] || make -s -C "$ROOT" build/opt/faults/fault.so
	fl-train -m 0.flp -u -s 4 ash.rows | fl-noise -C 1 > other.u
	left=0 failed=0
	for call in write fsync rename open close; do
		for ((at = 1; at < 60; at++)); do
			rm -rf ash.*[yeb]
			fl-mask keygen -o ash
			fl-mask roster --session birds {ash,birch,cedar,oak}.pub > roster
			: > log
			status=0
			FAULT_LOG=$PWD/log FAULT_CALL=$call FAULT_AT=$at FAULT_HOW=EIO LD_PRELOAD=$so \
				fl-mask apply --key ash.key --roster roster -m 0.flp ash.u > out 2> err || status=$?
			grep -q '^failed' log || break
			failed=$((failed + 1))
			if [ -s out ]; then
				left=$((left + 1))
				refused 3 "expected the input of" apply ash other.u
			fi
			apply ash ash.u > again
			cmp -n "$(stat -c %s out)" out again
			refused 3 "expected the input of" apply ash other.u
		done
		[ $at -gt 1 ]
		[ $at -lt 60 ]
	done
	[ $failed -gt 20 ]
	[ $left -gt 0 ]
}

@test "four hospitals train under masks as they do without" {
	need_mirror heart-disease flamby_fed_heart_740x13.csv
	mkdir -p tree/examples tree/data
	cp -r "$ROOT/examples/masked" tree/examples
	ln -s "$BIN" tree/bin
	ln -s "$MIRROR" tree/data/heart-disease
	ROUNDS=3 tree/examples/masked/hospitals "$PWD/run" > said
	grep -q '^\([0-9]\{5\} \)\{11\}[0-9]\{5\}	roster of 4' said
	[ "$(grep -c '	key of ' said)" -eq 4 ]
	[ "$(tail -n 2 said)" = "the masked training against the plain one, by fl-cmp -t 1e-6 $PWD/run/server/3.flp $PWD/run/plain/3.flp:
they agree" ]
	# the server has no update and no count of any one hospital
	[ "$(fl-dump run/server/*-[0-9].masked run/server/*.stats | grep -c ': masked, masked$')" -eq 16 ]
	run ! grep -qE '^  examples' <(fl-dump run/server/*.masked)
}

@test "a site that clips to another norm makes a sum that nobody can open, and can't replace it" {
	fresh
	fl-init -a 'dense 20 relu dense 3' -i schema > 0.flp
	updates 0.flp
	fl-train -m 0.flp -u -s 3 oak.rows | fl-noise -C .5 > oak.half
	for s in ash birch cedar; do
		apply $s $s.u > $s.masked
	done
	apply oak oak.half > oak.masked
	need python3
	refused 3 "does not agree with client ash: metadata: clip: expected 1, found 0.5" unmask ./*.masked
	# a server that adds what is not to be added has nothing but masks: if they cancelled, each value
	# would be at most 4 * 2^20 of 2^24 steps
	fl-dump -v ./*.masked | python3 -c '
import sys
rows, now = [], []
for line in sys.stdin.read().split("\n") + ["x: masked"]:
    if ": masked" in line and now:
        rows.append(now)
        now = []
    elif line and line.replace(" ", "").replace("-", "").isdigit():
        now += [int(v) for v in line.split()]
sums = [sum(column) % 2**24 for column in zip(*rows)]
small = sum(min(s, 2**24 - s) <= 4 * 2**20 for s in sums)
assert len(rows) == 4 and len(sums) == 123 and small < 100, small'
	# the same parameters in another session are another sum, which would differ by what oak changed
	fl-mask roster --session again ./*.pub > later
	refused 3 "the two sums would differ by what this site has changed, so take a model with other parameters" \
		fl-mask apply --key oak.key --roster later -m 0.flp oak.u
	refused 3 "has changed" fl-mask apply --key oak.key --roster later -m 0.flp -w examples --max-weight 400 oak.half
	fl-mask apply --key ash.key --roster later -m 0.flp ash.u > /dev/null
	fl-train -m other.flp -u oak.rows | fl-noise -C 1 > other.u
	fl-mask apply --key oak.key --roster later -m other.flp other.u > /dev/null
}

@test "a leave does not move the roster that a session is pinned to" {
	fresh
	fl-mask keygen -o elm
	fl-mask keygen -o fir
	fl-mask roster --session birds {ash,elm,fir}.pub > evil
	apply ash ash.u > /dev/null
	fl-aggregate --sum ./*.u | fl-step -m 0.flp > 1.flp
	updates 1.flp
	refused 3 "under which this site has sent before" \
		fl-mask leave --key ash.key --roster evil -r 99
	refused 3 "under which this site has sent before" \
		fl-mask apply --key ash.key --roster evil -m 1.flp ash.u
	fl-mask leave --key ash.key --roster roster -r 5 > /dev/null
	refused 3 "under which this site has sent before" \
		fl-mask apply --key ash.key --roster evil -m 1.flp ash.u
	fl-mask apply --key ash.key --roster roster -m 1.flp ash.u > /dev/null
}

@test "a leave is of updates or of statistics, holds for all later rounds and can be made again" {
	fresh
	for s in $SITES; do
		fl-stats --to-mask $s.rows > $s.stats
		apply $s -m schema $s.stats > /dev/null
	done
	# after the statistics and before the first update
	fl-mask leave --key oak.key --roster roster -r 0 > left
	fl-mask leave --key oak.key --roster roster -r 3 > later
	fl-mask leave --key oak.key --roster roster -r 0 | cmp - left
	fl-mask leave --stats --key oak.key --roster roster -r 4 > stats.leave
	refused 3 "apply message of round 0" fl-mask leave --stats --key oak.key --roster roster -r 0
	fl-mask roster --session birds {ash,birch,cedar}.pub > three
	fl-aggregate --sum {ash,birch,cedar}.u | fl-step -m 0.flp > 1.flp
	for model in 0 1; do
		updates $model.flp
		for s in ash birch cedar; do
			fl-mask apply --key $s.key --roster three --instead roster --left later --left stats.leave \
				--left left -m $model.flp $s.u > $s.$model
		done
		fl-mask unmask --roster three -m $model.flp ./*.$model > /dev/null
	done
	refused 3 "client oak: leave: metadata: round: expected 1 or an earlier one, found 3" \
		fl-mask apply --key ash.key --roster three --instead roster --left later -m 1.flp ash.u
}

@test "another reference is no way round who is in the sum of its column" {
	fresh
	fl-mask leave --stats --key oak.key --roster roster -r 1 > left
	fl-mask roster --session birds {ash,birch,cedar}.pub > three
	for s in $SITES; do
		(echo sex,mass; awk -v s=$s 'BEGIN { for (; n < 20; n++) print (n % 3 ? "f" : "m") "," n + length(s) }') > $s.csv
	done
	# masked SITE ROSTER ROUND SCHEMA [OPTION]...: masks statistics of its table by the schema
	masked() {
		fl-import --schema "$4" "$1.csv" | fl-stats --to-mask > $1.stats
		fl-mask apply --key $1.key --roster $2 -r $3 -m "$4" "${@:5}" $1.stats
	}
	printf 'x\tlevel\tsex\tf\nx\tlevel\tsex\tm\n' > both
	(cat both; printf 'reference\tsex\tf\n') > f
	(cat both; printf 'reference\tsex\tm\n') > m
	masked ash roster 0 f > /dev/null
	for schema in m both; do
		refused 3 "which had other members" masked ash three 1 $schema --instead roster --left left
	done
	# but with the same members it may
	masked ash roster 1 m > /dev/null
	masked birch roster 0 both > /dev/null
	refused 3 "which had other members" masked birch three 1 f --instead roster --left left
}

@test "a schema with the same columns in another order is no way round who is in their sum" {
	fresh
	for s in $SITES; do
		fl-stats --to-mask $s.rows > $s.stats
		apply $s -m schema $s.stats > $s.one
	done
	unmask -m schema ./*.one > /dev/null
	fl-mask leave --stats --key oak.key --roster roster -r 1 > left
	fl-mask roster --session birds {ash,birch,cedar}.pub > three
	fl-mask roster --session other {ash,birch,cedar}.pub > elsewhere
	# schema OPTION...: statistics of ash under other columns
	columns() {
		[ "$1" = --schema ] || { rm -f new.schema && set -- "$@" -y species --schema-out new.schema; }
		fl-import "$@" --missing drop ash.csv | fl-stats --to-mask > new.stats
		fl-mask apply --key ash.key --roster three --instead roster --left left -r 1 -m new.schema new.stats
	}
	refused 3 "which had other members" columns -x body_mass_g,bill_length_mm
	refused 3 "which had other members" columns -x bill_length_mm,flipper_length_mm
	refused 3 "which had other members" \
		fl-mask apply --key ash.key --roster elsewhere -m new.schema new.stats
	# nor are the same classes with one that no row has, and with other columns
	printf 'x\tnumber\tflipper_length_mm\ny\tclass\tspecies\tDodo\n' > new.schema
	grep '^y' schema >> new.schema
	refused 3 "which had other members" columns --schema new.schema
	# with the same members it is the same sum, unless rows have changed
	fl-mask apply --key ash.key --roster roster -r 1 -m schema ash.stats > /dev/null
	head -n 60 ash.csv | fl-import --schema schema --missing drop | fl-stats --to-mask > fewer.stats
	refused 3 "so take another session" fl-mask apply --key ash.key --roster roster -r 2 -m schema fewer.stats
	fl-mask roster --session next ./*.pub > next
	fl-mask apply --key ash.key --roster next -m schema fewer.stats > /dev/null
}
