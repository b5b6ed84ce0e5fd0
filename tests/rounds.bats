# examples/rounds.mk and the experiments that include it.
load helper

# An experiment of a few lines: three islands in sites/, one test file.
setup() {
	islands
	cat > Makefile <<-END
	CLIENTS = sites/client-Biscoe.flp sites/client-Dream.flp sites/client-Torgersen.flp
	TEST = sites/test.flp
	INIT = -a 'dense 3' -i schema --scale stats.flp -s 1
	ROUNDS ?= 6
	include $ROOT/examples/rounds.mk
	END
}

# models RUN: prints the id of each model and each cohort
models() {
	for f in "$1"/*.flp "$1"/*.cohort; do
		echo "${f##*/}" "$(fl-dump "$f" | grep '^  id ')"
	done
}

@test "a round is an import, a sample, trainings, a mean, a step: as by hand" {
	make ROUNDS=1
	fl-init -a 'dense 3' -i schema --scale stats.flp -s 1 > g0.flp
	cmp g0.flp run/0.flp
	for s in sites/client-*.flp; do
		fl-train -m g0.flp -E 1 -B 10 -l 0.1 -s 1 -u "$s"
	done | fl-aggregate | fl-step -m g0.flp | cmp - run/1.flp
	[ -z "$(ls run | grep updates)" ]
	make ROUNDS=1 RUN=kept KEEP=1
	fl-aggregate kept/1.updates | fl-step -m g0.flp | cmp - run/1.flp
}

@test "jobs, -j, one command for a cohort, LAUNCH: the same bytes" {
	make
	make -j 3 RUN=jobs LAUNCH='nice -n 1'
	make RUN=together TOGETHER=2 LAUNCH=env
	mkdir sub
	make RUN=sub/../up
	models run > expected
	[ "$(wc -l < expected)" -eq 13 ]
	models jobs | diff expected -
	models together | diff expected -
	models up | diff expected -
	cut -f 1-10 run/metrics.tsv | diff - <(cut -f 1-10 jobs/metrics.tsv)
	[ -z "$(find . -name '*.each')" ]
}

@test "LAUNCH stands before every training command" {
	printf '#!/bin/sh\necho x >> launched\nexec "$@"\n' > launch
	chmod +x launch
	make ROUNDS=2 LAUNCH=./launch
	[ "$(wc -l < launched)" -eq 6 ]
	rm launched
	make RUN=together ROUNDS=2 TOGETHER=2 LAUNCH=./launch
	[ "$(wc -l < launched)" -eq 2 ]
}

# Two scripts replace the tools; each prints a file that was made beforehand.
@test "TRAINER and AGGREGATOR: other programs stand in" {
	make ROUNDS=1
	fl-train -m run/0.flp -u sites/client-Dream.flp > dream.flp
	fl-train -m run/0.flp -u sites/client-Biscoe.flp > biscoe.flp
	printf '#!/bin/sh\necho "$@" >> trained\ncat dream.flp\n' > trainer
	cat > aggregator <<-'END'
	#!/bin/sh
	echo "$@" >> asked
	[ $# -lt 9 ] || tr '\0' '\n' < "$9" > listed
	cat biscoe.flp
	END
	chmod +x trainer aggregator
	fl-aggregate dream.flp dream.flp dream.flp > mean.flp
	make ROUNDS=1 RUN=t TRAINER='./trainer "two words"' TRAIN="-E '3'"
	fl-step -m run/0.flp mean.flp | cmp - t/1.flp
	[ "$(sort trained)" = "$(printf 'two words -m t/0.flp -u -s 1 -E 3 sites/client-%s.flp\n' \
		Biscoe Dream Torgersen)" ]
	rm trained
	printf '#!/bin/sh\necho "$@" >> trained\ntr "\\0" "\\n" < "$%s" >> trained\ncat dream.flp\n' \
		'{15}' > trainer
	make ROUNDS=1 RUN=tt TRAINER=./trainer TOGETHER=2 AGGREGATE='--min-clients 1'
	fl-step -m run/0.flp dream.flp | fl-cmp -t 1e-6 - tt/1.flp
	[ "$(head -n 1 trained)" = \
		"-m tt/0.flp -u -s 1 -j 2 -E 1 -B 10 -l 0.1 --files-from tt/1.each/list" ]
	tail -n +2 trained | cmp - <(printf '%s\n' sites/client-*.flp)
	make ROUNDS=1 RUN=a AGGREGATOR=./aggregator AGGREGATE='--expect 3'
	fl-step -m run/0.flp biscoe.flp | cmp - a/1.flp
	[ "$(cat asked)" = '--min-clients 1 --expect 3 --like a/0.flp --single --files-from a/1.each/given' ]
	cmp listed <(printf 'a/1.each/%s.flp\n' 0-client-Biscoe 1-client-Dream 2-client-Torgersen)
	rm asked
	make ROUNDS=1 RUN=b AGGREGATOR=./aggregator TOGETHER=1
	[ "$(cat asked)" = '--min-clients 1 --like b/0.flp b/1.each/updates' ]
}

@test "the measures: one table, and a line a measured round on the terminal" {
	make EVERY=2 > out
	[ "$(wc -l < out)" -eq 4 ]
	[[ $(sed -n 1p out) == ' round  cohort       loss   accuracy'* ]]
	awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) col[$i] = i; next }
		{ round = round " " $col["round"] }
		$col["cohort"] != 3 || $col["bytes_up"] < 900 || $col["bytes_down"] < 900 ||
		$col["accuracy"] < .7 || $col["seconds"] !~ /^[0-9]+\.[0-9]+$/ { bad = 1 }
		END { exit bad || round != " 2 4 6" }' run/metrics.tsv
	make EVERY=2 RUN=quiet QUIET=1 > out
	[ ! -s out ]
}

# rounds_of RUN: prints the rounds in its table
rounds_of() { cut -f 1 "$1/metrics.tsv" | tail -n +2 | xargs; }

@test "the last round is measured, whatever EVERY says" {
	make ROUNDS=2 EVERY=5 > out
	[ "$(rounds_of run)" = 2 ]
	[ "$(wc -l < out)" -eq 2 ]
	make ROUNDS=5 EVERY=2 > out
	[ "$(rounds_of run)" = '2 4 5' ]
	make ROUNDS=6 EVERY=3 > out
	[ "$(rounds_of run)" = '3 6' ]
	make ROUNDS=6 EVERY=1 > out
	[ "$(rounds_of run)" = '1 2 3 4 5 6' ]
	make ROUNDS=0 RUN=none
	[ -e none/0.flp ]
	[ ! -e none/metrics.tsv ]
}

@test "a resumed run prints its titles, once and first" {
	make ROUNDS=2 > out
	make ROUNDS=5 > out
	[ "$(grep -c accuracy out)" -eq 1 ]
	[ "$(awk '{ print $1 }' out | xargs)" = 'round 3 4 5' ]
	rm run/*.tsv
	make -j 4 ROUNDS=5 > out
	[ "$(awk '{ print $1 }' out | xargs)" = 'round 1 2 3 4 5' ]
}

@test "a cost that is missing or cut is an error, never a short row" {
	make ROUNDS=2
	cp run/metrics.tsv whole
	mv run/2.cost cost
	rm run/2.tsv
	run ! make ROUNDS=2
	[[ $output == *2.cost* ]]
	for bytes in 0 3; do
		head -c $bytes cost > run/2.cost
		run ! make ROUNDS=2
	done
	[ ! -e run/2.tsv ]
	cp cost run/2.cost
	make ROUNDS=2
	cmp whole run/metrics.tsv
	ls -A run | grep -vxE '([0-9]+\.(flp|cohort|cost|tsv)|metrics\.tsv|lock|settings)' > others || :
	[ ! -s others ]
}

@test "other test files: rounds are measured anew, models stay" {
	make ROUNDS=2 EVERY=1
	models run > expected
	fl-split -p iid -n 1 --test every:2 -o half all.flp
	make ROUNDS=2 TEST=half/test.flp
	models run | diff expected -
	for k in 1 2; do
		[ "$(fl-eval -H -m run/$k.flp half/test.flp)" = "$(sed -n $((k + 1))p run/metrics.tsv | cut -f 1-8)" ]
	done
	cp run/metrics.tsv half.tsv
	make ROUNDS=2 TEST=half/test.flp
	cmp half.tsv run/metrics.tsv
	cp half/test.flp now.flp
	sleep 0.05
	cp sites/test.flp half/test.flp
	make ROUNDS=2 TEST=half/test.flp
	[ "$(fl-eval -H -m run/2.flp sites/test.flp | cut -f 3-7)" = "$(tail -n 1 run/metrics.tsv | cut -f 3-7)" ]
}

@test "settings are recorded, and a changed one is named with both values" {
	make ROUNDS=1
	digest=$(printf '%s\n' sites/client-{Biscoe,Dream,Torgersen}.flp | b2sum -l 256 | cut -d ' ' -f 1)
	cat > expected <<-END
	INIT	-a 'dense 3' -i schema --scale stats.flp -s 1
	TRAIN	-E 1 -B 10 -l 0.1
	COHORT	-q 1
	AGGREGATE	
	STEP	
	SEED	1
	TRAINER	fl-train
	AGGREGATOR	fl-aggregate
	PRIVATE	
	CLIENTS	3 $digest
	END
	grep -v ^TEST run/settings | diff expected -
	changed() {
		run ! make ROUNDS=2 "$1=$3"
		[[ $output == *"run/settings: $1: expected \"$2\", found \"$3\""* ]] && [ ! -e run/2.cohort ]
	}
	changed INIT "-a 'dense 3' -i schema --scale stats.flp -s 1" "-a 'dense 3' -i schema --scale stats.flp -s 2"
	changed TRAIN '-E 1 -B 10 -l 0.1' '-E 1 -B 10 -l 0.01'
	changed COHORT '-q 1' '-n 2'
	changed AGGREGATE '' '--rule median'
	changed STEP '' '-l 0.5'
	changed SEED 1 2
	changed TRAINER fl-train 'nice fl-train'
	changed AGGREGATOR fl-aggregate 'nice fl-aggregate'
	run ! make ROUNDS=2 CLIENTS=sites/client-Dream.flp
	[[ $output == *"run/settings: CLIENTS: expected \"3 $digest\", found \"1 "* ]]
	make ROUNDS=2 EVERY=2 LAUNCH='nice -n 1' TOGETHER=2 KEEP=1 QUIET=1 > out
	[ ! -s out ]
	make RUN=whole ROUNDS=2
	diff <(models run) <(models whole)
	mv run moved
	make RUN=moved ROUNDS=3
}

@test "make does not go on from models of unknown settings, unless someone vouches for them" {
	make ROUNDS=1
	rm run/settings
	run ! make ROUNDS=2
	[[ $output == *"run/0.flp exists and run/settings does not"*"touch run/settings"* ]]
	touch run/settings
	make ROUNDS=2
	grep -q '^TRAINER	fl-train$' run/settings
}

@test "make -n makes nothing" {
	make -n > out
	grep -q fl-init out
	[ ! -e run ]
}

@test "a cohort of which no client gave an update stops the round" {
	local mode
	printf 'a,y\n128,3937\n-109,-3274\n32,1081\n54,1593\n' > steep.csv
	fl-import -y y --target number steep.csv > steep.flp
	cp steep.flp other.flp
	cat > diverges.mk <<-END
	CLIENTS = steep.flp other.flp
	INIT = -a 'dense 1' -i steep.flp
	TRAIN = -E 30 -B 2 -l 5
	include $ROOT/examples/rounds.mk
	END
	for mode in TOGETHER= TOGETHER=2; do
		run ! make -f diverges.mk RUN=d "$mode"
		[[ $output == *"fl-train: steep.flp: loss is not finite"* ]]
		[[ $output == *"fl-train: other.flp: loss is not finite"* ]]
		[[ $output == *"d/1: none of 2 clients gave an update"* ]]
		[ ! -e d/1.flp ]
		[ ! -e d/1.each ]
	done
	# An empty cohort does not stop the round.
	sed -i 's/ROUNDS ?= 6/ROUNDS = 1/' Makefile
	make RUN=e COHORT='-q 1e-9'
	fl-cmp e/0.flp e/1.flp
}

@test "two makes in one folder do not take each other's files" {
	make ROUNDS=1
	touch run/.fl-another run/by-0.5.flp run/by-0.5 run/1.tsv.gz run/1.tsv.$$
	make -j 2 ROUNDS=12 > /dev/null &
	local first=$!
	make ROUNDS=10 TOGETHER=2 > /dev/null &
	local second=$!
	local k
	for k in 1 2 3 4 5 6; do
		make ROUNDS=$k EVERY=2 QUIET=1
	done
	wait $first
	wait $second
	make ROUNDS=12 > /dev/null
	make RUN=whole ROUNDS=12 > /dev/null
	rm run/.fl-another run/by-0.5.flp run/by-0.5 run/1.tsv.gz run/1.tsv.$$
	diff <(models run) <(models whole)
	[ -z "$(ls -A run | grep -vxE '([0-9]+\.(flp|cohort|cost|tsv)|metrics\.tsv|lock|settings)')" ]
}

@test "a cohort is drawn for each round, and may be empty" {
	make ROUNDS=12 COHORT='-q 0.3'
	for k in $(seq 12); do
		fl-sample --list run/$k.cohort | tr '\n' ' '
		echo
	done > drawn
	[ "$(sort -u drawn | wc -l)" -ge 4 ]
	local empty=0
	for k in $(seq 12); do
		[ -z "$(fl-sample --list run/$k.cohort)" ] || continue
		empty=1
		fl-cmp run/$((k - 1)).flp run/$k.flp
	done
	[ "$empty" -eq 1 ]
	make ROUNDS=12 COHORT='-q 0.3' RUN=together TOGETHER=2
	diff <(models run) <(models together)
}

@test "it does not matter where RUN is, with the clients in it" {
	sed -i 's|sites/client|$(RUN)/sites/client|g; 1i RUN = here' Makefile
	mkdir -p here a/b
	cp -r sites here
	cp -r sites a/b
	make ROUNDS=4 COHORT='-n 2'
	make ROUNDS=4 COHORT='-n 2' RUN="$PWD/a/b" TOGETHER=1
	diff <(models here) <(models a/b)
	[ "$(fl-sample --list here/1.cohort | grep -c '^sites/client-')" -eq 2 ]
}

@test "a client that fails is left out and named, the round goes on without it" {
	cp sites/client-Dream.flp dream.flp
	head -c 1000 dream.flp > sites/client-Dream.flp
	make -j 2 ROUNDS=2 2> err
	[ "$(grep -c 'client-Dream.flp is left out' err)" -eq 2 ]
	grep -q '^fl-train: sites/client-Dream.flp: ' err
	fl-dump run/1.flp
	for s in Biscoe Torgersen; do
		fl-train -m run/0.flp -E 1 -B 10 -l 0.1 -s 1 -u sites/client-$s.flp
	done | fl-aggregate | fl-step -m run/0.flp | cmp - run/1.flp
	make RUN=together TOGETHER=2 ROUNDS=2 2> err
	[ "$(grep -c '^fl-train: sites/client-Dream.flp: ' err)" -eq 2 ]
	diff <(models run) <(models together)
}

@test "a trainer that gives nothing is named too" {
	printf '#!/bin/sh\ncase "$*" in *Dream*) ;; *) exec fl-train "$@" ;; esac\n' > trainer
	chmod +x trainer
	run make ROUNDS=1 TRAINER=./trainer
	[[ $output == *"run/1: sites/client-Dream.flp is left out"* ]]
	fl-dump run/1.flp
}

@test "if the system fails, the round stops, and the next make goes on" {
	printf '#!/bin/bash\n[[ ! -e down || $* != *$(cat down)* ]] || exit $(cat code)\nexec "$@"\n' > launch
	chmod +x launch
	make ROUNDS=1 LAUNCH=./launch
	# One client whose training fails is enough, unless it exits with 3.
	echo Torgersen > down
	for code in 1 2 4 127 137; do
		echo $code > code
		run ! make ROUNDS=2 LAUNCH=./launch
		[ ! -e run/2.flp ]
	done
	echo list > down
	run ! make ROUNDS=2 LAUNCH=./launch TOGETHER=1
	[ ! -e run/2.flp ]
	rm down
	make ROUNDS=2 LAUNCH=./launch
	make RUN=whole ROUNDS=2
	diff <(models run) <(models whole)
}

@test "a cohort that can't be read stops the round" {
	make ROUNDS=1
	make ROUNDS=2 run/2.cohort
	head -c 100 run/2.cohort > cut
	mv cut run/2.cohort
	run ! make ROUNDS=2
	run ! make ROUNDS=2 TOGETHER=1
	[ ! -e run/2.flp ]
}

@test "clients whose names fl-split had to write otherwise" {
	printf 'site,a,y\nNew York,1,u\nNew York,2,v\n100%%,3,u\n100%%,5,v\na:b#c$x,3,u\na:b#c$x,2,v\n' |
		fl-import -y y -g site --schema-out names > names.flp
	fl-split -p group -o names.d names.flp
	cat > Makefile <<-END
	CLIENTS = $(ls names.d/*.flp | tr '\n' ' ')
	INIT = -a 'dense 2' -i names
	ROUNDS = 2
	# clients of two rows
	export FL_POLICY = open
	include $ROOT/examples/rounds.mk
	END
	export FL_POLICY=open # two rows a client
	make -j 2
	[ "$(cut -f 1 run/2.cost)" -eq 3 ]
	make RUN=together TOGETHER=1
	diff <(models run) <(models together)
}

@test "too few clients: no round" {
	run ! make AGGREGATE='--min-clients 4'
	[[ "$output" == *"expected at least 4"* ]]
	[ -e run/0.flp ]
	[ ! -e run/1.flp ]
}

# The whole group is killed, or make alone, whose jobs then go on beside those of the
# next make.
@test "killed at any instant it ends with the same bytes" {
	make RUN=whole QUIET=1
	models whole > expected
	local mode victim pid n
	for mode in -j2 'TOGETHER=2'; do
		for victim in group make; do
			rm -rf run
			for n in $(seq 40); do
				setsid make $mode QUIET=1 > log 2>&1 3>&- &
				pid=$!
				sleep "0.$(printf '%03d' $((20 + RANDOM % 120)))"
				[ -d /proc/$pid ] || break
				if [ $victim = make ]; then kill -9 $pid; else kill -9 -$pid; fi || break
				wait $pid || :
				for f in run/*.flp run/*.cohort; do
					[ ! -e "$f" ] || fl-dump "$f" > /dev/null
				done
			done 2> /dev/null
			sleep 0.2
			make $mode QUIET=1
			models run | diff expected -
			[ -z "$(ls -A run | grep -vxE '([0-9]+\.(flp|cohort|cost|tsv)|metrics\.tsv|lock|settings)')" ]
			cut -f 1-9 run/metrics.tsv | diff - <(cut -f 1-9 whole/metrics.tsv)
		done
	done
}

@test "the demonstration: what the federation learns and no island can" {
	make -C "$ROOT/examples/penguins" BIN="$BIN" RUN="$PWD/demo" compare > out
	awk '
	$1 == 5 && NF == 7 { round5 = $4 }
	/ alone / && $NF > best { best = $NF }
	/federated/ { federated = $NF }
	/pooled/ { pooled = $NF }
	/^Biscoe/ { biscoe = $NF }
	/^Dream/ { dream = $NF }
	/^Torgersen/ { torgersen = $NF }
	function near(v, reference) { return v - reference < 2.1 / 66 && reference - v < 2.1 / 66 }
	END {
		exit !(near(round5, .955) && federated >= .94 && federated - best >= .12 &&
			near(pooled, .970) && near(biscoe, .803) && near(dream, .667) &&
			near(torgersen, .439))
	}' out
	[ -s demo/metrics.tsv ]
	[ -s demo/final.flp ]
}

@test "heart disease in four hospitals, as published" {
	need_mirror heart-disease flamby_fed_heart_740x13.csv
	make -C "$ROOT/examples/heart" BIN="$BIN" RUN="$PWD/heart" HEART="$MIRROR" seeds > out
	# The pooled test rows' published accuracy and its deviation over seeds.
	awk '$1 == "federation" { d = $NF - .7480; good = d < .024 && d > -.024 } END { exit !good }' out
	awk '$1 == "pooled" { d = $NF - .7953; good = d < .024 && d > -.024 } END { exit !good }' out
}

@test "MNIST regression, 1000 clients: the reference's accuracies" {
	[ -z "${SAN-}" ] || skip "it takes long under sanitizers"
	need_mnist
	make -C "$ROOT/examples/mnist" BIN="$BIN" RUN="$PWD/mnist" MNIST="$MIRROR" regression
	awk -F '\t' '
	BEGIN { split(".839 .863 .871 .879 .884", reference, " ") }
	NR > 1 { d = $5 - reference[NR - 1]; if (d > .01 || d < -.01) bad = 1 }
	END { exit bad || NR != 6 }' mnist/regression/metrics.tsv
}

@test "a bad update is named by its client and left out; a name may begin with a dash" {
	cp sites/client-Dream.flp ./-dream.flp
	printf '#!/bin/bash\nif [[ $* == *Biscoe* ]]; then echo rubbish; else exec fl-train "$@"; fi\n' > trainer
	chmod +x trainer
	make ROUNDS=1 TRAINER=./trainer CLIENTS='-dream.flp sites/client-Biscoe.flp' 2> err
	grep -q '^fl-aggregate: left out: run/1.each/[01]-client-Biscoe.flp: header: expected an .flp record' err
	[ "$(fl-dump run/1.flp | awk '$1 == "round" { print $2 }')" = 1 ]
	fl-train -m run/0.flp -E 1 -B 10 -l 0.1 -s 1 -u ./-dream.flp | fl-aggregate | fl-step -m run/0.flp |
		cmp - run/1.flp
}

@test "a setting on which no model depends yet may be corrected" {
	run ! make ROUNDS=1 INIT="-a 'dense x' -i sites/test.flp"
	run ! make ROUNDS=1 TRAIN='-E nothing'
	run ! make ROUNDS=1 AGGREGATE=--nothing
	make ROUNDS=1
	run make ROUNDS=2 TRAIN='-E 2'
	[ "$status" -ne 0 ]
	[[ $output == *'run/settings: TRAIN: expected "-E 1 -B 10 -l 0.1", found "-E 2": choose another RUN or'* ]]
	: > run/settings
	make ROUNDS=2 TRAIN='-E 2'
	run ! make ROUNDS=3
}

@test "files that an unfinished round made under other settings do not count" {
	printf '#!/bin/bash\n[[ ! -e down || $* != *Torgersen* ]] || exit 4\nexec "$@"\n' > launch
	chmod +x launch
	touch down
	run ! make ROUNDS=1 LAUNCH=./launch TRAIN='-E 2 -l 0.1'
	rm down
	make ROUNDS=1 LAUNCH=./launch TRAIN='-E 2 -l 0.5'
	make RUN=fresh ROUNDS=1 TRAIN='-E 2 -l 0.5'
	diff <(models run) <(models fresh)
}

# private: the short experiment above, with noise
private() {
	cat > Makefile <<-END
	CLIENTS = sites/client-Biscoe.flp sites/client-Dream.flp sites/client-Torgersen.flp
	TEST = sites/test.flp
	INIT = -a 'dense 3' -i schema -s 1
	COHORT = -q 0.7
	PRIVATE = -C 1 -z 2 --adjacency add-remove
	STEP = --denominator 2
	ROUNDS = 4
	QUIET = 1
	include $ROOT/examples/rounds.mk
	END
}

# spent ARG...: prints epsilon against readers, by fl-budget
spent() {
	fl-budget -d 1e-5 "$@" | awk -F '\t' '$1 == "readers" { print $2 }'
}

@test "PRIVATE: secret cohorts, clipped updates, noise on the sum, a ledger" {
	private
	make
	for k in 1 2 3 4; do
		fl-dump run/$k.cohort | grep -qE '^  draw +[0-9a-f]{32}$'
		fl-dump run/$k.flp | grep -qx '  mechanism   gaussian'
	done
	[ "$(grep -c 'place=central' run/ledger)" -eq 4 ]
	[ "$(spent run/[0-9].flp)" = "$(spent --ledger run/ledger run/[0-9].flp)" ]
	[ "$(spent run/[0-9].flp)" = "$(spent -z 2 -q 0.7 -T 4 --adjacency add-remove)" ]
	# No file without noise stays, except the cohorts.
	[ -z "$(ls -A run | grep -vxE '[0-9]\.(flp|cohort|cost|tsv)|ledger|lock|metrics.tsv|settings')" ]
	# Another run draws other noise and other cohorts.
	make RUN=again
	run ! cmp run/1.flp again/1.flp
	make RUN=together TOGETHER=2
	[ "$(grep -c 'place=central' together/ledger)" -eq 4 ]
	cmp run/0.flp together/0.flp
}

@test "PRIVATE: an empty cohort is noise alone, and so is one that gives nothing" {
	private
	make COHORT='-q 1e-9' ROUNDS=2 RUN=empty
	[ "$(cut -f 1 empty/1.cost)" -eq 0 ]
	[ "$(grep -c 'place=central' empty/ledger)" -eq 2 ]
	fl-dump empty/2.flp | grep -qx '  mechanism   gaussian'
	printf '#!/bin/sh\nexit 3\n' > trainer
	chmod +x trainer
	make COHORT='-q 1' ROUNDS=1 RUN=none TRAINER=./trainer 2> log
	fl-dump none/1.flp | grep -qx '  mechanism   gaussian'
	[ "$(grep -c 'is left out' log)" -eq 3 ]
	# A client that fails in another way stops the round before anything is released.
	printf '#!/bin/sh\nexit 4\n' > trainer
	run ! make COHORT='-q 1' ROUNDS=1 RUN=fails TRAINER=./trainer
	[ ! -e fails/ledger ]
	[ ! -e fails/1.flp ]
}

@test "PRIVATE without -z: clipped updates, no noise and no ledger" {
	private
	make PRIVATE='--clip 0.5 --grid=16' ROUNDS=2
	fl-dump run/2.flp | grep -q '^run/2.flp: params, clipped$'
	[ ! -e run/ledger ]
	make PRIVATE='-C0.5' ROUNDS=2 RUN=short
	make PRIVATE='--clip-by 0.*=0.5' ROUNDS=2 RUN=groups
}

@test "PRIVATE: options that would reveal who was drawn are refused" {
	private
	for bad in '--expect 3' '-n 3' -n3 '--min-clients=1' '--min-clients 0' '--mi 2' '--e 3'; do
		run ! make AGGREGATE="$bad" RUN=refused
		[[ $output == *"AGGREGATE: expected neither --min-clients nor --expect under PRIVATE"* ]]
		[ ! -e refused/ledger ]
		[ ! -e refused/1.flp ]
	done
	for bad in --strict --st; do
		run ! make AGGREGATE="$bad" RUN=refused
		[[ $output == *"AGGREGATE: expected no --strict under PRIVATE"* ]]
		[ ! -e refused/ledger ]
	done
	run ! make KEEP=1
	[[ $output == *"KEEP: expected nothing under PRIVATE"* ]]
	# A step that fails does not lose a release.
	for bad in '' '--denominator 2 --nothing'; do
		run ! make RUN=divide STEP="$bad"
		[[ $output == *fl-step* ]]
		[ ! -e divide/ledger ]
	done
}

@test "PRIVATE: a model with noise is not made again, even if it is gone and a later one exists" {
	private
	make ROUNDS=2
	sha256sum run/[12].flp > sums
	touch run/1.flp run/2.cohort run/0.flp
	make ROUNDS=2
	sha256sum --quiet -c sums
	rm run/1.flp
	run ! make ROUNDS=2
	[[ $output == *"run/1.flp is gone, and run/2.flp was made from it"* ]]
	[ ! -e run/1.flp ]
	[ "$(grep -c 'place=central' run/ledger)" -eq 2 ]
	# A round that was not finished draws another cohort.
	rm run/2.flp
	make ROUNDS=2
	[ "$(grep -c 'place=central' run/ledger)" -eq 4 ]
	[ -z "$(grep -o 'cohort=[^	]*' run/ledger | sort | uniq -d)" ]
	[ "$(spent run/[0-2].flp)" != "$(spent --ledger run/ledger run/[0-2].flp)" ]
}

@test "PRIVATE: options that are not known are refused, so they never turn the noise off" {
	private
	for bad in '-C 1 --nois 1.1 --adjacency add-remove' '-C 1 -vz 1.1' '-C 1 --gri 12' '-C 1 more'; do
		run ! make PRIVATE="$bad" RUN=refused
		[[ $output == *"PRIVATE: expected options of fl-noise, spelled out, found"* ]]
	done
	run ! make PRIVATE='-C 1 -z 2 --adjacency add-remove --ledger mine' RUN=refused
	[[ $output == *"PRIVATE: expected no --ledger: LEDGER names the ledger"* ]]
	run ! make PRIVATE='-C 1 --adjacency add-remove --max-epsilon 3 -d 1e-5' RUN=refused
	[[ $output == *"option --adjacency: needs --noise"* ]]
	[ ! -e refused/1.flp ]
	[ ! -e refused/ledger ]
	[ ! -e mine ]
}

@test "PRIVATE: exact statistics in the model, and another ledger, are refused" {
	private
	run ! make INIT="-a 'dense 3' -i schema --scale stats.flp -s 1" RUN=raw
	[[ $output == *"raw/0.flp: expected a model that is public or noised, found one that is raw"* ]]
	[ ! -e raw/ledger ]
	make ROUNDS=2 LEDGER=study
	mv study other
	run ! make ROUNDS=3 LEDGER=study
	[[ $output == *"study: expected a line for the release of run/2.flp, found none"* ]]
	mv other study
	make ROUNDS=3 LEDGER=study
	[ "$(grep -c place=central study)" -eq 3 ]
}
