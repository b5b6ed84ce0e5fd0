# examples/private: one seed at epsilon 8, ten rounds.
load ../helper

@test "ten private rounds of MNIST: the noise is as it is said, and so is its cost" {
	need_mnist
	need python3
	local k pairs=()
	# What goes into the noise and what comes out of it, which no file of the experiment has.
	mkdir seen wrapped
	cat > wrapped/fl-noise <<-END
	#!/bin/bash
	set -o pipefail
	[[ " \$* " == *" --cohort "* ]] || exec "$BIN/fl-noise" "\$@"
	k=\$(ls "$PWD/seen" | wc -l)
	tee "$PWD/seen/\$((k / 2)).sum" | "$BIN/fl-noise" "\$@" | tee "$PWD/seen/\$((k / 2)).noised"
	END
	chmod +x wrapped/fl-noise
	for k in "$BIN"/fl*; do [ -e "wrapped/${k##*/}" ] || ln -s "$k" wrapped; done
	make -C "$ROOT/examples/private" BIN="$PWD/wrapped" RUN="$PWD/run" MNIST="$MIRROR" \
		SEEDS=1 LEVELS="8 none" ROUNDS=10 "$(command -v gnuplot > /dev/null && echo plot || echo table)" > out
	[ ! -e run/accuracy.svg ] || grep -q '<svg' run/accuracy.svg
	for k in 0 1 2 3 4 5 6 7 8 9; do pairs+=("seen/$k.sum" "seen/$k.noised"); done
	python3 "$ROOT/tests/released.py" "$BIN" "$(awk 'BEGIN { print 1.373 * .8 }')" "${pairs[@]}"
	# The same as planned: z, rate, rounds.
	[ "$(fl-budget -z 1.373 -q 0.3 -T 10 -d 1e-4 --adjacency add-remove |
		awk '$1 == "readers" { printf "%.4f", $2 }')" = \
		"$(awk 'NR == 2 { printf "%.4f", $2 }' run/accuracy.tsv)" ]
	awk -F '\t' 'NR == 2 && $3 > 0.85 { good = 1 } END { exit !good }' run/accuracy.tsv
}
