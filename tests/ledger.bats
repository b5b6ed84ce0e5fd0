# What fl-budget reads from models and from a ledger: the releases that were made, and never a
# smaller epsilon if something is missing.
load helper

# Three private rounds of three islands: 0.flp to 3.flp, and a ledger.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	islands
	fl-init -a 'dense 3' -i schema > 0.flp
	for k in 1 2 3; do
		round "$((k - 1)).flp" $k > $k.flp
	done
}

# round MODEL K OPTION...: makes the next model; fl-noise gets the options
round() {
	fl-sample -q 1 --secret -r "$2" a b c > $2.cohort
	fl-train -m "$1" -u -s "$2" sites/client-*.flp | fl-noise -C 1 |
		fl-aggregate --sum --like "$1" --require clipped --where clip=1 --where grid=20 |
		fl-noise -C 1 -z 2 --adjacency add-remove --cohort $2.cohort --ledger ledger "${@:3}" |
		fl-step --denominator 3 --insecure -m "$1"
}

setup() {
	cp -r "$BATS_FILE_TMPDIR"/{[0-3].flp,ledger,sites} .
}

budget() {
	fl-budget -d 1e-5 "$@"
}

# spent ARG...: prints epsilon against readers
spent() {
	budget "$@" | awk -F '\t' '$1 == "readers" { print $2 }'
}

# value of a key of a model
meta() {
	fl-dump "$1" | awk -v key="$2" '$1 == key { print $2 }'
}

# edit MODEL OUT KEY=VALUE...: makes the noised model with other metadata; KEY= removes a key
edit() {
	need python3
	python3 "$ROOT/tests/restate.py" noised "${@:3}" < "$1" > "$2" || skip "needs python3-xxhash"
}

@test "models, the ledger, both, in any order and from a pipe: as planned" {
	plan=$(fl-budget -z 2 -q 1 -T 3 -d 1e-5 --adjacency add-remove)
	[ "$(budget [0-3].flp)" = "$plan" ]
	[ "$(budget 3.flp 1.flp 0.flp 2.flp 1.flp)" = "$plan" ]
	[ "$(budget --ledger ledger)" = "$plan" ]
	[ "$(budget --ledger ledger [0-3].flp)" = "$plan" ]
	[ "$(cat [0-3].flp | budget -)" = "$plan" ]
	[ "$(printf '%s\0' [0-3].flp | budget --files-from -)" = "$plan" ]
	[[ $(budget 0.flp) = $'e\t0\nreaders\t0\nserver\tinf' ]]
	fl-budget -e 2 --ledger ledger | head -n 1 | grep -q "$(printf '^d\t0\.')"
	[ "$(budget --proved -v [0-3].flp | wc -l)" -eq 6 ]
}

@test "a model that is missing, or is not private, is an error" {
	refused 3 '3.flp: the model before it (base) is not among the files' budget 0.flp 1.flp 3.flp
	refused 3 '1.flp: the model before it (base) is not among the files' budget [1-3].flp
	fl-train -m 3.flp sites/client-Dream.flp > raw.flp
	refused 3 'raw.flp: expected a model that is public or noised, found one that is raw' \
		budget [0-3].flp raw.flp
	fl-train -u -m 3.flp sites/client-Dream.flp > update.flp
	refused 3 'update.flp: expected a model, found update' budget [0-3].flp update.flp
	head -c 900 2.flp > cut.flp
	refused 3 'cut.flp' budget 0.flp 1.flp cut.flp
	refused 3 'none.flp: expected a record, found nothing' budget [0-3].flp <(:) 3< /dev/null ||
		refused 3 'expected a record, found nothing' budget [0-3].flp /dev/null
}

@test "a lost key is an error" {
	for key in mechanism place clip grid noise unit adjacency release base; do
		edit 3.flp lost.flp "$key="
		fails 3 budget [0-2].flp lost.flp
		[[ $message == *"lost.flp: "*"$key"* ]] || { echo "$key: $message"; return 1; }
	done
	# Without them the cohort does not count, so it costs no less.
	edit 3.flp lost.flp scheme= rate= seed= cohort=
	[ "$(spent [0-2].flp lost.flp)" = "$(spent [0-3].flp)" ]
	for key in rate seed cohort; do
		edit 3.flp lost.flp "$key="
		fails 3 budget [0-2].flp lost.flp
	done
}

@test "a ledger with a line that is changed, missing or cut" {
	[ "$(wc -l < ledger)" -eq 4 ]
	for line in 1 2 3; do
		sed ${line}d ledger > bad
		fails 3 budget --ledger bad
		[[ $message == *"bad: line $line: "* ]] || { echo "$line: $message"; return 1; }
		sed "${line}s/1/2/" ledger > bad
		fails 3 budget --ledger bad
		[[ $message == *"bad: line $line: "* ]] || { echo "$line: $message"; return 1; }
	done
	sed '4s/noise=2/noise=9/' ledger > bad
	refused 3 'bad: line 4: this line or one before it was changed' budget --ledger bad
	awk 'NR == 2 { two = $0; next } { print } NR == 3 { print two }' ledger > bad
	fails 3 budget --ledger bad
	head -c -1 ledger > bad
	refused 3 'bad: line 4: cut short' budget --ledger bad
	: > bad
	refused 3 'bad: line 1: expected "fl-ledger 1"' budget --ledger bad
	refused 4 'none: ' budget --ledger none
	[ ! -e none ]
	# If the last line is missing, only a model can show it.
	sed '$d' ledger > bad
	[ "$(spent --ledger bad)" = "$(fl-budget -z 2 -q 1 -T 2 -d 1e-5 --adjacency add-remove |
		awk '$1 == "readers" { print $2 }')" ]
	refused 3 '3.flp: its release has no line in bad' budget --ledger bad [0-3].flp
}

@test "a line without its model counts as spent" {
	[ "$(spent --ledger ledger 0.flp 1.flp)" = "$(spent --ledger ledger)" ]
	round 3.flp 4 > lost.flp
	[ "$(spent --ledger ledger [0-3].flp)" = "$(fl-budget -z 2 -q 1 -T 4 -d 1e-5 \
		--adjacency add-remove | awk '$1 == "readers" { print $2 }')" ]
}

@test "a model that says less than its line" {
	edit 3.flp other.flp noise=9097152
	refused 3 'other.flp: metadata: noise: expected 2097152, found 9097152; that is what its line' \
		budget --ledger ledger [0-2].flp other.flp
	edit 3.flp other.flp base="$(meta 2.flp base)"
	fails 3 budget --ledger ledger [0-3].flp other.flp
	# Two models made from one release with different rates count as one release.
	edit 3.flp other.flp round=9
	[ "$(spent [0-3].flp other.flp)" = "$(spent [0-3].flp)" ]
	edit 3.flp other.flp noise=9097152
	fails 3 budget [0-3].flp other.flp
}

@test "votes and places that say less than was done" {
	# A norm that adapts has noise on the votes too.
	edit 3.flp lost.flp clip.next=0.9
	refused 3 'lost.flp: metadata: noise.count: expected in a noised record, found nothing' \
		budget [0-2].flp lost.flp
	edit 3.flp lost.flp place=local release=
	refused 3 'lost.flp: metadata: adjacency: expected replace, found add-remove' \
		budget [0-2].flp lost.flp
}

@test "two releases of one draw are one sample, not two" {
	fl-sample -q 0.5 --secret a b c > cohort
	fl-train -m 3.flp -u sites/client-*.flp | fl-noise -C 1 | fl-aggregate --sum > sum
	for k in 4 5; do
		fl-noise -C 1 -z 2 --adjacency add-remove --cohort cohort sum |
			fl-step --denominator $k -m 3.flp > $k.flp
	done
	fl-budget -d 1e-5 [0-4].flp > out
	fails 3 budget [0-5].flp
	[[ $message == *cohort* ]]
}

@test "a ledger with two releases of one draw is refused" {
	last=$(tail -n 1 ledger)
	body=$(sed 's/\tline=.*//; s/noise=[0-9]*/noise=7/' <<< "$last")
	sum=$(printf '%s\n%s' "${last##*line=}" "$body" | b2sum -l 256)
	printf '%s\tline=%s\n' "$body" "${sum%% *}" >> ledger
	run -3 fl-budget -d 1e-5 --ledger ledger
	[[ $output == *"ledger: line 5: metadata: cohort: expected one release of it"* ]]
}

@test "a ledger that is replaced while a process waits for it gets the line" {
	need flock
	fl-train -m 3.flp -u sites/client-Dream.flp | fl-noise -C 1 | fl-aggregate --sum > sum
	exec 8< ledger
	flock 8
	fl-noise -C 1 -z 2 --adjacency add-remove --ledger ledger sum > released &
	sleep 0.3
	cp ledger copy
	mv copy ledger
	flock -u 8
	wait $!
	[ "$(wc -l < ledger)" -eq 5 ]
	[ -s released ]
}

@test "a test seed: nothing is private" {
	round 3.flp 4 --insecure-test-seed 1 > 4.flp
	[ "$(spent [0-4].flp)" = inf ]
	[ "$(spent --ledger ledger)" = inf ]
	[ "$(spent --ledger ledger [0-4].flp)" = inf ]
	[ "$(fl-budget -e 3 [0-4].flp | head -n 1)" = "$(printf 'd\t1')" ]
	# Later models are still insecure.
	fl-sample -q 1 --secret a b c > 5.cohort
	round 4.flp 5 > 5.flp
	[ "$(spent [0-5].flp)" = inf ]
}

@test "local noise: each model a release, for the server too" {
	fl-train -m 0.flp -u sites/client-*.flp |
		fl-noise -C 1 -z 4 --adjacency replace --ledger mine | fl-aggregate | fl-step -m 0.flp > l1.flp
	want=$(fl-budget -z 4 -T 1 -d 1e-5 --adjacency replace --place local)
	[ "$(budget 0.flp l1.flp)" = "$want" ]
	# A site's own ledger has its own releases; here one machine was all three sites.
	[ "$(budget --ledger mine)" = "$(fl-budget -z 4 -T 3 -d 1e-5 --adjacency replace --place local)" ]
	refused 3 'l1.flp: metadata: release: expected in a model whose noise is in a ledger' \
		budget --ledger mine 0.flp l1.flp
	# With central and local noise together, all releases count as replace, and the server is trusted.
	[ "$(budget [0-3].flp l1.flp | tail -n 1)" = "$(printf 'server\tinf')" ]
	[ "$(spent [0-3].flp l1.flp)" = "$(fl-budget -z 4 --sampling none -T 1 -d 1e-5 \
		--adjacency replace --also 'gaussian z=2 T=3' | awk '$1 == "readers" { print $2 }')" ]
}

@test "wrong calls" {
	refused 2 'option --noise: expected no models and no ledger with it' budget -z 1 0.flp
	refused 2 'option --adjacency: expected no models' budget --adjacency replace --ledger ledger
	refused 2 'expected one of --delta and --epsilon' fl-budget 0.flp
	refused 2 'expected one of --delta and --epsilon, not both' fl-budget -d 1e-5 -e 1 0.flp
	refused 2 '' budget --ledger - - < ledger
	refused 2 'ledger: expected the name of a file, found "-"' budget --ledger - < ledger
	fl-train -m 3.flp -u sites/client-Dream.flp > u
	refused 2 'ledger: expected the name of a file, found ""' \
		fl-noise -C 1 -z 1 --adjacency replace --ledger '' u
	[ ! -e - ]
}
