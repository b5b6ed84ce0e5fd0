# Adaptive clipping: fl-noise --adapt, and fl-aggregate, fl-step, fl-budget and rounds.mk with it.
load helper

# A model m, its updates a to d of norms 0.5, 1, 3 and 5, and the next models' norms.
setup() {
	need python3
	records <<-END
		m params/public round=3 w:f32=0,0 b:f64=0
		next params/noised clip=9 clip.next=2 mechanism=gaussian round=3 w:f32=0,0 b:f64=0
	END
	base="base=$(meta m digest) round=3"
	records <<-END
		a update $base client=a w:f32=0.5,0 b:f64=0
		b update $base client=b w:f32=0,-1 b:f64=0
		c update $base client=c w:f32=0,0 b:f64=3
		d update $base client=d w:f32=3,0 b:f64=4
		none sum/public $base clip=1 grid=20 of=update w:f64=0,0 b:f64=0
	END
	range=(--adapt-range 0.01:100)
	adapt=(--adapt m "${range[@]}")
	plain=(--sum --like m --require clipped --where clip=1 --where grid=20)
	like=("${plain[@]}" --adapt)
	noise=(-z 1 --adjacency add-remove)
	central=("${noise[@]}" --adapt-clients 100)
}

# Records as the lines on standard input describe them; see tests/aggregate.py.
records() {
	python3 "$ROOT/tests/aggregate.py" --write || skip "needs python3-xxhash"
}

meta() {
	fl-dump "$1" | awk -v key="$2" '$1 == key { print $2 }'
}

# keys FILE: prints the keys of a record's metadata
keys() {
	fl-dump --json "$1" | python3 -c 'import json, sys; print(*json.load(sys.stdin)["meta"])'
}

# votes FILE...: prints the values of the votes
votes() {
	fl-dump --json --values "$@" | python3 -c 'import json, sys
for line in sys.stdin:
    print(*[t["values"][0] for t in json.loads(line)["tensors"] if t["name"] == "clip/below"], end=" ")'
}

# is WANT FOUND PART: the two must be equal, up to this part of WANT
is() {
	awk -v a="$1" -v b="$2" -v part="$3" 'BEGIN { d = b / a - 1; exit !(d <= part && d >= -part) }' ||
		{ echo "expected $1, found $2"; return 1; }
}

@test "an update says whether its norm was at most C, before it was clipped" {
	for f in a b c d; do fl-noise -C 3 "${adapt[@]}" $f > $f.3; done
	[ "$(votes a.3 b.3 c.3 d.3)" = "1048576 1048576 1048576 -1048576 " ]
	fl-dump a.3 | grep -q '^a.3: update, clipped'
	fl-dump a.3 | grep -qx '  clip/below  i32       1  .*'
	[ "$(keys a.3)" = "base client clip grid round" ]
	# the clipped values are the same as without votes
	fl-noise -C 3 d | fl-export -f txt > want
	fl-step -m m d.3 | fl-export -f txt | cmp - want
	records <<-END
		far update $base w:f32=0,0 b:f64=1e300
		zero update/public $base w:f32=0,-0 b:f64=0
		tight update $base w:f32=0,0 b:f64=3.0000000000000004
	END
	fl-noise -C 3 "${adapt[@]}" far zero tight > all
	[ "$(votes all)" = "-1048576 1048576 -1048576 " ]
}

@test "C is that of the model if it has one; the range, the policy and the base limit it" {
	records <<< "e update base=$(meta next digest) w:f32=3,0 b:f64=4"
	fl-noise -C 1 --adapt next "${range[@]}" e > e.2
	[ "$(meta e.2 clip) $(votes e.2)" = "2 -1048576 " ]
	[ "$(fl-noise -C 1 "${adapt[@]}" a | fl-dump | awk '$1 == "clip" { print $2 }')" = 1 ]
	for bad in 0.01:1.99 2.01:100; do
		refused 3 "fl-noise: next: metadata: clip.next: expected ${bad/:/ to } (--adapt-range), found 2" \
			fl-noise -C "${bad#*:}" --adapt next --adapt-range $bad e
	done
	echo 'max-clip 1.5' > policy
	refused 3 "policy: line 1: max-clip 1.5" fl-noise --policy policy -C 1 --adapt next "${range[@]}" e
	fl-noise --policy policy -C 1 "${adapt[@]}" a > a.1
	refused 3 "fl-noise: a: metadata: base: expected $(meta next digest), found $(meta m digest); see --adapt" \
		fl-noise -C 1 --adapt next "${range[@]}" a
	refused 3 "fl-noise: a: expected a record of kind params, found update" fl-noise -C 1 --adapt a "${range[@]}" a
}

@test "the options that --adapt needs, and those that can't be used with it" {
	refused 2 "option --adapt: needs --adapt-range" fl-noise -C 1 --adapt m a
	refused 2 "option --adapt-range: needs --adapt" fl-noise -C 1 "${range[@]}" a
	refused 2 "option --adapt: needs --clip" fl-noise --clip-by '*=1' "${adapt[@]}" a
	refused 2 "option --adapt: needs --clip" \
		fl-noise --clip-l1 1 -z 1 --adjacency replace --mechanism laplace "${adapt[@]}" a
	refused 2 "option --adapt-clients: needs --noise" \
		fl-noise -C 1 "${adapt[@]}" --adapt-clients 100 a
	refused 2 "option --adapt: expected --adapt-clients with --noise" \
		fl-noise -C 1 "${adapt[@]}" -z 1 --adjacency add-remove none
	refused 3 "option --adapt: expected none for the noise of one update" \
		fl-noise -C 1 "${adapt[@]}" -z 1 --adjacency replace --adapt-clients 100 a
	for bad in 1 1: :1 2:1 0:1 1:inf 1:x 1:1e13; do
		refused 2 "option --adapt-range: expected LOW:HIGH with norms of 1e-12 to 1e+12, found \"$bad\"" \
			fl-noise -C 1 --adapt m --adapt-range $bad a
	done
	refused 2 "option --clip: expected 2 to 3 (--adapt-range), found 1" \
		fl-noise -C 1 --adapt m --adapt-range 2:3 a
	refused 2 "option --adapt-clients: expected more than 10 clients, 10 times --noise, found 10" \
		fl-noise -C 1 "${adapt[@]}" "${noise[@]}" --adapt-clients 10 none
	refused 2 "option --noise: expected less than 256 under --adapt, found 256" \
		fl-noise -C 1 "${adapt[@]}" -z 256 --adjacency add-remove --grid 10 --adapt-clients 9999 none
	refused 2 "option --adapt-clients" fl-noise -C 1 "${adapt[@]}" "${noise[@]}" --adapt-clients 0 none
}

@test "an update that is clipped already has no vote, and one with a vote gets none" {
	fl-noise -C 1 a > clipped
	refused 3 "clipped: expected an update that is not clipped yet (--adapt), found one that is" \
		fl-noise -C 1 "${adapt[@]}" clipped
	fl-noise -C 1 "${adapt[@]}" a > voted
	for options in "" "${adapt[*]}" "-z 4 --adjacency replace"; do
		refused 3 "voted: tensor clip/below: expected none before clipping, which adds it under --adapt" \
			fl-noise -C 1 $options voted
	done
}

@test "the sum of the votes is of i64, so that any number of clients fits" {
	for f in a b c d; do fl-noise -C 1 "${adapt[@]}" $f > $f.1; done
	fl-aggregate "${like[@]}" [a-d].1 > sum
	[ "$(fl-dump sum | awk '$1 == "clip/below" { print $2, $3 }')" = "i64 1" ]
	[ "$(votes sum)" = "0 " ]
	for how in --strict --unique --single; do
		fl-aggregate "${like[@]}" $how d.1 c.1 b.1 a.1 | cmp - sum
	done
	cat [a-d].1 | fl-aggregate "${like[@]}" | cmp - sum
	fl-aggregate "${like[@]}" --partial a.1 b.1 > ab
	[ "$(fl-dump ab | awk '$1 == "clip/below" { print $2, $3 }')" = "i64 1" ]
	fl-aggregate "${like[@]}" --trust-partials ab c.1 d.1 | cmp - sum
	fl-aggregate --sum [a-d].1 | cmp - sum
	for ((i = 0; i < 3000; i++)); do cat a.1; done > many
	fl-aggregate "${like[@]}" many > sum
	[ "$(votes sum)" = "$((3000 << 20)) " ]
	fl-aggregate "${like[@]}" --partial many | fl-aggregate "${like[@]}" --trust-partials - | cmp - sum
}

@test "a record whose vote is not valid is named and left out of the sum" {
	on="$base clip=1 grid=20 w:f32=0,0 b:f64=0"
	cat > table <<-END
		$on clip/below:i32=1048575 # tensor clip/below: expected i32 of value 2^20 or -2^20
		$on clip/below:i32=2097152 # tensor clip/below: expected i32 of value 2^20 or -2^20
		$on clip/below:i32=0 # tensor clip/below: expected i32 of value 2^20 or -2^20
		$on clip/below:i64=1048576 # tensor clip/below: expected i32 of value 2^20 or -2^20
		$on clip/below:u32=1048576 # tensor clip/below: expected i32 of dims 1
		$on clip/below:i32=1048576,1048576 # tensor clip/below: expected i32 of dims 1
		$on clip/below:i32= # tensor clip/below: expected i32 of dims 1
		$base w:f32=0,0 b:f64=0 clip/below:i32=1048576 # tensor clip/below: expected the keys clip and grid beside it, found neither
	END
	sed 's/ #.*//' table | awk '{ print NR ".flp update/clipped " $0 }' | records
	fl-noise -C 1 "${adapt[@]}" a > good
	fl-aggregate --sum --like m --adapt good > want
	n=0
	while IFS= read -r line; do
		n=$((n + 1))
		refused 3 "left out: $n.flp: ${line#* # }" fl-aggregate --sum --like m --adapt good $n.flp
		fl-aggregate --sum --like m --adapt --min-clients 1 $n.flp good 2> log | cmp - want
		grep -qF "left out: $n.flp: ${line#* # }" log
		refused 3 "${line#* # }" fl-aggregate --sum --like m --adapt --strict good $n.flp
	done < table
	[ $n -eq 8 ]
	for rule in mean median trimmed:0; do
		refused 3 "good: tensor clip/below: votes have no " fl-aggregate --rule $rule --like m good
	done
}

@test "the caller says whether there are votes: an update with or without one does not stop the sum" {
	fl-noise -C 1 "${adapt[@]}" a > good
	fl-noise -C 1 b > without
	fl-aggregate "${like[@]}" good > adapted
	fl-aggregate "${plain[@]}" without > bare
	for how in --single --unique; do
		for order in "good without" "without good"; do
			refused 3 "left out: without: tensor clip/below: expected under --adapt, found none" \
				fl-aggregate "${like[@]}" $how $order
			refused 3 "left out: good: tensor clip/below: expected only under --adapt, found without" \
				fl-aggregate "${plain[@]}" $how $order
			fl-aggregate "${like[@]}" $how --min-clients 1 $order | cmp - adapted
			fl-aggregate "${plain[@]}" $how --min-clients 1 $order | cmp - bare
		done
	done
	for f in good without; do fl-aggregate --sum --partial $f > $f.part; done
	parts=(--trust-partials --min-clients 1 without.part good.part)
	fl-aggregate "${like[@]}" "${parts[@]}" | cmp - adapted
	fl-aggregate "${plain[@]}" "${parts[@]}" | cmp - bare
	cat good without | fl-aggregate "${like[@]}" --min-clients 1 | cmp - adapted
	cat good without | fl-aggregate "${plain[@]}" --min-clients 1 | cmp - bare
	refused 3 "without: tensor clip/below: expected under" fl-aggregate "${like[@]}" --strict without
	refused 3 "good: tensor clip/below: expected only under" fl-aggregate "${plain[@]}" --strict good
	# without --like nothing says which tensors an update has
	refused 3 "without: does not agree with good: expected 3 tensors, found 2; see --like" \
		fl-aggregate --sum --min-clients 0 good without
	refused 3 "good: does not agree with without: expected 2 tensors, found 3; see --like" \
		fl-aggregate --sum --min-clients 0 without good
	for call in "" "--like m" "--sum" "--sum --partial" "--rule median --like m"; do
		refused 2 "option --adapt: needs --sum and --like" fl-aggregate --adapt $call good
	done
	fl-aggregate --rule sum --like m --adapt good | cmp - adapted
	# nothing else rides along with a clipped update
	on="$base clip=1 grid=20 w:f32=0,0 b:f64=0"
	records <<-END
		control update/clipped $on control/w:f32=1
		both update/clipped $on control/w:f32=1 clip/below:i32=1048576
		other update/clipped $on clip/below:i32=1048576 clip/above:i32=1048576
	END
	refused 3 "left out: control: tensor control/w: expected only tensors of the model and a vote" \
		fl-aggregate "${plain[@]}" without control
	for bad in both other; do
		refused 3 "left out: $bad: tensor c" fl-aggregate "${like[@]}" $bad good
		fl-aggregate "${like[@]}" --min-clients 1 good $bad | cmp - adapted
	done
}

@test "tensors that ride along with an update are compared with each other only, and are not in the next model" {
	records <<-END
		x update $base w:f32=2,0 b:f64=1 control/w:f32=1,2
		y update $base w:f32=0,2 b:f64=1 control/w:f32=3,4
		z update $base w:f32=0,2 b:f64=1 control/w:f32=3
		early update $base control/w:f32=3,4 w:f32=0,2 b:f64=1
		more update $base w:f32=0,2 b:f64=1 more/w:f32=3,4
	END
	[ "$(fl-aggregate --like m x y | fl-export -f txt | paste -sd ' ')" = "1 1 1 2 3" ]
	[ "$(fl-aggregate --like m x y | fl-step -m m | fl-export -f txt | paste -sd ' ')" = "1 1 1" ]
	[ "$(fl-aggregate --sum --like m x y | fl-step -m m | fl-export -f txt | paste -sd ' ')" = "1 1 1" ]
	refused 3 "z: does not agree with x: tensor control/w: expected dims 2, found 1" \
		fl-aggregate --like m x z
	refused 3 "left out: early: expected 2 tensors, found 3" fl-aggregate --like m early
	refused 3 "left out: more: expected 2 tensors, found 3" fl-aggregate --like m more
	refused 3 "more: tensor more/w: not in the model" fl-step -m m more
	# nothing may ride along with new parameters
	records <<< "p params $base w:f32=0,2 b:f64=1 control/w:f32=3,4"
	refused 3 "p: tensor control/w: not in the model" fl-step -m m p
}

@test "a noised sum: the cost in its keys, no votes, and the next norm in the model" {
	fl-noise -C 1 "${adapt[@]}" a b c d > all
	fl-aggregate "${like[@]}" all > sum
	fl-noise -C 1 "${adapt[@]}" "${central[@]}" --ledger l sum > n
	[ "$(keys n)" = "adjacency base clip clip.next grid mechanism noise noise.count of place round unit" ]
	[ "$(meta n noise) $(meta n noise.count)" = "$((1053858 + 1)) 10485760" ] # 1.0050378 2^20, and 10 2^20
	[ -z "$(votes n | tr -d ' ')" ]
	is 1 "$(meta n clip.next)" 0.1
	grep -q "clip.next=$(meta n clip.next)	.*noise.count=10485760	" l
	fl-step -m m --denominator 4 n > m2
	[ "$(meta m2 clip.next) $(meta m2 noise.count)" = "$(meta n clip.next) 10485760" ]
	# the next round's clients read it there
	records <<< "e update base=$(meta m2 digest) round=4 w:f32=3,0 b:f64=4"
	[ "$(fl-noise -C 1 --adapt m2 "${range[@]}" e | fl-dump | awk '$1 == "clip" { print $2 }')" = \
		"$(meta n clip.next)" ]
	# a later release without adaptive clipping removes the key
	records <<< "s sum/clipped base=$(meta m2 digest) clip=1 grid=20 of=update w:f64=0,0 b:f64=0"
	fl-noise -C 1 -z 1 --adjacency add-remove s | fl-step -m m2 --denominator 4 > m3
	[ -z "$(meta m3 clip.next)$(meta m3 noise.count)" ]
	# with many clients the noise of the votes has its greatest value
	fl-noise -C 1 "${adapt[@]}" "${noise[@]}" --adapt-clients 100000 sum > n
	[ "$(meta n noise) $(meta n noise.count)" = "1048585 268435456" ]
}

@test "refused sums: clipped to another norm, without votes, or with votes and without --adapt" {
	fl-noise -C 1 "${adapt[@]}" a b > all
	fl-noise -C 1 a b > bare
	fl-aggregate "${like[@]}" all > sum
	fl-aggregate "${plain[@]}" bare > without
	refused 3 "sum: tensor clip/below: expected --adapt, since it must not leave without noise" \
		fl-noise -C 1 -z 1 --adjacency add-remove sum
	refused 3 "without: tensor clip/below: expected in a sum of clipped updates (--adapt), found none" \
		fl-noise -C 1 "${adapt[@]}" "${central[@]}" without
	refused 3 "sum: metadata: clip: expected 2, found 1" fl-noise -C 2 "${adapt[@]}" "${central[@]}" sum
	records <<< "other params/public round=3 w:f32=0,1 b:f64=0"
	refused 3 "sum: metadata: base: expected $(meta other digest), found" \
		fl-noise -C 1 --adapt other "${range[@]}" "${central[@]}" sum
	on="sum/clipped $base clip=1 grid=20 of=update w:f64=0,0 b:f64=0"
	records <<-END
		odd $on clip/below:i64=1
		huge $on clip/below:i64=$(((1 << 53) + (1 << 20)))
		narrow $on clip/below:i32=1048576
		two $on clip/below:i64=0,0
	END
	for f in odd huge; do
		refused 3 "$f: tensor clip/below: expected a sum of votes, each of 2^20 or -2^20" \
			fl-noise -C 1 "${adapt[@]}" "${central[@]}" $f
	done
	refused 3 "narrow: tensor clip/below: expected i64, found i32" \
		fl-noise -C 1 "${adapt[@]}" "${central[@]}" narrow
	refused 3 "two: tensor clip/below: expected dims 1, found 2" \
		fl-noise -C 1 "${adapt[@]}" "${central[@]}" two
	# without noise the votes do no harm, and a step leaves them out
	fl-step -m m sum > next.flp
	fl-dump next.flp | grep -q '^next.flp: params, clipped'
}

@test "an empty cohort: the same keys and tensors, and a norm that stays about what it was" {
	fl-noise -C 1 "${adapt[@]}" a b c d > all
	fl-aggregate "${like[@]}" all > sum
	fl-aggregate "${like[@]}" < /dev/null > empty
	fl-aggregate "${plain[@]}" < /dev/null | cmp - empty
	for f in sum empty; do fl-noise -C 1 "${adapt[@]}" "${central[@]}" $f > $f.n; done
	[ "$(keys sum.n)" = "$(keys empty.n)" ]
	diff <(fl-dump sum.n | grep -oE '^  [a-z.0-9/]+ +(f32|f64|i32|i64) +[0-9x]+') \
		<(fl-dump empty.n | grep -oE '^  [a-z.0-9/]+ +(f32|f64|i32|i64) +[0-9x]+')
	[ "$(stat -c %s sum.n)" -eq "$(stat -c %s empty.n)" ]
	is 1 "$(meta empty.n clip.next)" 0.08 # eta / 20 is a hundredth
}

@test "the next norm is that of the formula: all below, all above, a quarter above; in range" {
	on="sum/clipped $base clip=1 grid=20 of=update w:f64=0,0 b:f64=0"
	m=1000000 # so many that the noise is lost among them
	records <<-END
		below $on clip/below:i64=$((m << 20))
		above $on clip/below:i64=$((-m << 20))
		quarter $on clip/below:i64=$((m / 2 << 20))
	END
	call() {
		fl-noise -C 1 --adapt m --adapt-range "${within:-0.01:100}" "${noise[@]}" \
			--adapt-clients $m "$@"
	}
	next() { call "$@" > n && meta n clip.next; }
	is 0.904837418 "$(next below)" 2e-4 # exp(-.2 * .5)
	is 1.105170918 "$(next above)" 2e-4
	is 0.951229425 "$(next quarter)" 2e-4 # exp(-.2 * .25)
	[ "$(within=0.95:1.05 next below) $(within=0.95:1.05 next above)" = "0.95 1.05" ]
	[[ $(next quarter) =~ ^0\.95[0-9]{1,7}$ ]] # few digits, that everybody reads alike
}

# Ten rounds of forty clients, whose norms have the median 1.
@test "ten rounds: the norm moves to the median, and all that was spent is what was planned" {
	cat > rounds.py <<-'END'
		import sys
		base, round = sys.argv[1:]
		for i in range(40):
		    norm = 4 ** ((i - 19.5) / 20)
		    print(f"u{i} update base={base} round={round} w:f32=0,{norm * .6:.9g} b:f64={-norm * .8!r}")
	END
	for start in 16 1 0.0625; do
		rm -rf "run$start"
		mkdir "run$start"
		fl-put "run$start/0.flp" < m
		norm=$start last=$start
		for k in {1..10}; do
			model="run$start/$((k - 1)).flp"
			python3 rounds.py "$(meta "$model" digest)" "$(meta "$model" round)" | records
			adapt=(-C "$start" --adapt "$model" --adapt-range 0.01:100)
			fl-noise "${adapt[@]}" u* > all
			fl-aggregate --sum --like "$model" --adapt --where "clip=$norm" --where grid=20 all |
				fl-noise "${adapt[@]}" -z 1 --adjacency add-remove --adapt-clients 40 \
					--ledger "run$start/ledger" |
				fl-step -m "$model" --denominator 40 | fl-put "run$start/$k.flp"
			norm=$(meta "run$start/$k.flp" clip.next)
			case $start in
			16) is "$(awk "BEGIN { print $last * exp(-.1) }")" "$norm" 0.07 ;;
			1) is 1 "$norm" 0.2 ;;
			0.0625) is "$(awk "BEGIN { print $last * exp(.1) }")" "$norm" 0.07 ;;
			esac
			last=$norm
		done
		spent=$(fl-budget -d 1e-5 --ledger "run$start/ledger" "run$start"/*.flp | awk '$1 == "readers" { print $2 }')
		[ "$spent" = "$(fl-budget -d 1e-5 "run$start"/*.flp | awk '$1 == "readers" { print $2 }')" ]
		is "$(fl-budget -d 1e-5 -z 1 -q 1 -T 10 --adjacency add-remove | awk '$1 == "e" { print $2 }')" \
			"$spent" 1e-5
	done
	[ "$(wc -l < run16/ledger)" -eq 11 ]
	# a changed norm is found
	sed -i "s/clip.next=[0-9.]*/clip.next=3/" run16/ledger
	fails 3 fl-budget -d 1e-5 --ledger run16/ledger run16/*.flp
}

@test "rounds.mk: each round takes the norm of the model before it" {
	islands
	cat > Makefile <<-END
		CLIENTS = sites/client-Biscoe.flp sites/client-Dream.flp sites/client-Torgersen.flp
		INIT = -a 'dense 3' -i schema -s 1
		TRAIN = -E 1 -l 0.001
		COHORT = -q 0.7
		PRIVATE = -C 8 -z 0.15 --adjacency add-remove --adapt-range 0.1:50 --adapt-clients 2
		STEP = --denominator 2
		ROUNDS = 4
		QUIET = 1
		include $ROOT/examples/rounds.mk
	END
	make
	[ "$(meta run/1.flp clip)" = 8 ]
	for k in 1 2 3; do
		[ "$(meta run/$((k + 1)).flp clip)" = "$(meta run/$k.flp clip.next)" ]
		[ "$(meta run/$((k + 1)).flp clip)" != "$(meta run/$k.flp clip)" ]
	done
	spent=$(fl-budget -d 1e-5 --ledger run/ledger run/[0-4].flp | awk '$1 == "readers" { print $2 }')
	is "$(fl-budget -z 0.15 -q 0.7 -T 4 -d 1e-5 --adjacency add-remove | awk '$1 == "e" { print $2 }')" \
		"$spent" 1e-5
	# one trainer for all clients, and an empty cohort
	make RUN=together TOGETHER=2 ROUNDS=2 PRIVATE='-C8 -z .15 --adjacency add-remove --adapt-range=0.1:50 --adapt-clients=2'
	[ "$(meta together/2.flp clip)" = "$(meta together/1.flp clip.next)" ]
	make RUN=empty ROUNDS=2 COHORT='-q 1e-9'
	[ "$(meta empty/2.flp clip)" = "$(meta empty/1.flp clip.next)" ]
	run ! make RUN=bare PRIVATE='-C 8 --adapt-range 0.1:50'
	[[ $output == *"PRIVATE: expected --noise with --adapt-range"* ]]
}
