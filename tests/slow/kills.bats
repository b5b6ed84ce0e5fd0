# A hundred times a running experiment is killed, and goes on. tests/rounds.bats has
# some of it.
load ../helper

setup() {
	islands
	cat > Makefile <<-END
	CLIENTS = sites/client-Biscoe.flp sites/client-Dream.flp sites/client-Torgersen.flp
	TEST = sites/test.flp
	INIT = -a 'dense 3' -i schema --scale stats.flp -s 1
	ROUNDS = 12
	QUIET = 1
	include $ROOT/examples/rounds.mk
	END
	# Most of the time the tools stand still in the middle of their output, so that is
	# where most kills strike.
	mkdir halting
	for tool in init sample train aggregate step eval; do
		printf '#!/bin/bash\nset -o pipefail\n%s "$@" | { head -c 150; sleep 0.0%d; cat; }\n' \
			"$BIN/fl-$tool" $((RANDOM % 3 + 1)) > halting/fl-$tool
	done
	chmod +x halting/*
	start=${EPOCHREALTIME/./}
	PATH=$PWD/halting:$PATH make RUN=whole
	ms=$(((${EPOCHREALTIME/./} - start) / 1000))
	models whole > expected
	[ "$(wc -l < expected)" -eq 25 ]
}

# models RUN: the id of each model and each cohort
models() {
	for f in "$1"/*.flp "$1"/*.cohort; do
		echo "${f##*/}" "$(fl-dump "$f" | grep '^  id ')"
	done
}

# ended: what is in run/ is what the undisturbed experiment left, and no more
ended() {
	models run | diff expected - &&
		cut -f 1-9 run/metrics.tsv | diff - <(cut -f 1-9 whole/metrics.tsv) &&
		[ -z "$(ls -A run | grep -vxE '([0-9]+\.(flp|cohort|cost|tsv)|metrics\.tsv|lock|settings)')" ]
}

# killed MODE VICTIM: 25 kills, of make alone or of all that it started. Each strikes
# a make that runs, at any instant of half an experiment; one that has ended is
# checked and begun anew.
killed() {
	local kills=0 pid wait status f
	while [ $kills -lt 25 ]; do
		PATH=$PWD/halting:$PATH setsid make "$1" > log 2>&1 3>&- &
		pid=$! status=0
		wait=$((20 + RANDOM % (ms / 2)))
		sleep "$((wait / 1000)).$(printf '%03d' $((wait % 1000)))"
		if [ "$2" = make ]; then kill -9 $pid; else kill -9 -$pid; fi || :
		wait $pid || status=$?
		case $status in
		137) kills=$((kills + 1)) ;;
		0) ended && rm -rf run || return ;;
		*) return 1 ;;
		esac
		for f in run/*.flp run/*.cohort; do
			[ ! -e "$f" ] || fl-dump "$f" > /dev/null || return
		done
	done 2> /dev/null
	sleep 0.2
	make "$1" && ended
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
