# A private experiment is killed a hundred times, and goes on: each release has its line in
# the ledger, each cohort at most one, each model is made once, and the epsilon that
# fl-budget reads never falls.
load ../helper

setup() {
	islands
	cat > Makefile <<-END
	CLIENTS = sites/client-Biscoe.flp sites/client-Dream.flp sites/client-Torgersen.flp
	TEST = sites/test.flp
	INIT = -a 'dense 3' -i schema -s 1
	COHORT = -q 0.7
	PRIVATE = -C 1 -z 2 --adjacency add-remove
	STEP = --denominator 2
	ROUNDS = 12
	QUIET = 1
	include $ROOT/examples/rounds.mk
	END
	# Most of the time the tools stand still in the middle of their output, or before it, so
	# that is where most kills strike.
	mkdir halting
	for tool in init sample train aggregate noise step eval; do
		printf '#!/bin/bash\nset -o pipefail\n%s "$@" | { head -c 150; sleep 0.0%d; cat; }\n' \
			"$BIN/fl-$tool" $((RANDOM % 3 + 1)) > halting/fl-$tool
	done
	chmod +x halting/*
	start=${EPOCHREALTIME/./}
	PATH=$PWD/halting:$PATH make RUN=whole
	ms=$(((${EPOCHREALTIME/./} - start) / 1000))
	: > seen
	epsilon=0
}

# holds: what must be true of run/ at any time. `seen` has the models of earlier times.
holds() {
	local now f
	[ -e run/0.flp ] || return 0
	for f in run/*.flp; do
		echo "$f $(fl-dump "$f" | grep '^  id ')"
	done | sort > models
	[ -z "$(comm -23 seen models)" ] || { echo "a model is gone or another"; return 1; }
	mv models seen
	[ -e run/1.flp ] || return 0
	[ -z "$(grep -o 'cohort=[^	]*' run/ledger | sort | uniq -d)" ] ||
		{ echo "two releases of a cohort"; return 1; }
	now=$(fl-budget -d 1e-5 --ledger run/ledger run/[0-9]*.flp |
		awk -F '\t' '$1 == "readers" { print $2 }') || return
	awk "BEGIN { exit !($now >= $epsilon) }" || { echo "$now after $epsilon"; return 1; }
	epsilon=$now
}

# killed MODE VICTIM: 25 kills, of make alone or of all that it started
killed() {
	local kills=0 pid wait status
	while [ $kills -lt 25 ]; do
		PATH=$PWD/halting:$PATH setsid make "$1" > log 2>&1 3>&- &
		pid=$! status=0
		wait=$((20 + RANDOM % (ms / 2)))
		sleep "$((wait / 1000)).$(printf '%03d' $((wait % 1000)))"
		if [ "$2" = make ]; then kill -9 $pid; else kill -9 -$pid; fi || :
		wait $pid || status=$?
		case $status in
		137) kills=$((kills + 1)) ;;
		0) ;;
		*) cat log; return 1 ;;
		esac
		holds || return
		if [ $status -eq 0 ]; then
			rm -rf run
			: > seen
			epsilon=0
		fi
	done
	sleep 0.3
	make "$1" && holds
	[ "$(ls run/*.flp | wc -l)" -eq 13 ]
	[ "$(wc -l < run/ledger)" -ge 13 ]
}

@test "25 kills of make, whose jobs live on" {
	killed -j2 make
}

@test "25 kills of make and its jobs" {
	killed -j2 group
}

@test "25 kills of make, whose trainer of a cohort lives on" {
	killed TOGETHER=2 make
}

@test "25 kills of make and its trainer of a cohort" {
	killed TOGETHER=2 group
}
