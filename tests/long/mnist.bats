# The figures at the head of examples/mnist/Makefile.
load ../helper

# learns EXPERIMENT LEAST MOST: 97 % of the test digits are right after so many rounds
learns() {
	local round
	need_mnist
	make -C "$ROOT/examples/mnist" BIN="$BIN" RUN="$PWD/mnist" MNIST="$MIRROR" QUIET=1 "$1" > out
	round=$(sed -n 's/^97 % of the test digits after round //p' out)
	echo "# 97 % after round $round" >&3
	[ "$round" -ge "$2" ] && [ "$round" -le "$3" ]
}

@test "MNIST, two layers, IID: here 53 rounds, an independent run 54 to 57" {
	learns iid 50 58
}

@test "MNIST, two layers, shards: here 251 rounds, an independent run about 250" {
	learns shards 225 275
}
