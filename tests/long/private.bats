# The figures at the head of examples/private/Makefile.
load ../helper

@test "MNIST under privacy: an independent run's accuracies, within .006" {
	need_mnist
	need gnuplot
	make -C "$ROOT/examples/private" BIN="$BIN" RUN="$PWD/run" MNIST="$MIRROR" plot > out
	sed 's/^/# /' run/accuracy.tsv >&3
	awk -F '\t' '
		BEGIN { split("1 .895 2 .903 4 .905 8 .906 none .906", want, " ")
			for (i = 1; i <= 9; i += 2) expected[want[i]] = want[i + 1] }
		NR > 1 { n++; off = $3 - expected[$1]; if (off > .006 || off < -.006) bad = 1 }
		NR > 1 && $1 != "none" && ($2 > 1.01 * $1 || $2 < .99 * $1) { bad = 1 }
		END { exit bad || n != 5 }' run/accuracy.tsv
	grep -q '<svg' run/accuracy.svg
}
