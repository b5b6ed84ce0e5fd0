# A hundred times a running experiment is killed, and goes on. tests/rounds.bats has
# some of it.
load ../helper

setup() {
	fl-import -y species -g island --missing drop --schema-out schema \
		-x bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g \
		"$DATA/penguins.csv" > all.flp
	fl-split -p group --test every:5 -o sites all.flp
	fl-stats sites/client-*.flp | fl-aggregate --sum > stats.flp
	cat > Makefile <<-END
	CLIENTS = sites/client-Biscoe.flp sites/client-Dream.flp sites/client-Torgersen.flp
	TEST = sites/test.flp
	INIT = -a 'dense 3' -i schema --scale stats.flp -s 1
	ROUNDS = 20
	QUIET = 1
	include $ROOT/examples/rounds.mk
	END
	make RUN=whole
	models whole > expected
	[ "$(wc -l < expected)" -eq 41 ]
}

# models RUN: the id of each model and each cohort
models() {
	for f in "$1"/*.flp "$1"/*.cohort; do
		echo "${f##*/}" "$(fl-dump "$f" | grep '^  id ')"
	done
}

# ended: what is in run/ is what the undisturbed experiment left, and no more
ended() {
	models run | diff expected - && cut -f 1-8 run/metrics.tsv | diff - <(cut -f 1-8 whole/metrics.tsv) &&
		[ -z "$(ls -A run | grep -vxE '([0-9]+\.(flp|cohort|cost|tsv)|metrics\.tsv)')" ]
}

# killed MODE VICTIM: 25 kills, of make alone or of all that it started; each strikes
# a make that runs, and an experiment that has ended is checked and begun anew
killed() {
	local kills=0 pid status f
	while [ $kills -lt 25 ]; do
		setsid make "$1" > log 2>&1 3>&- &
		pid=$! status=0
		sleep "0.$(printf '%03d' $((20 + RANDOM % 180)))"
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
