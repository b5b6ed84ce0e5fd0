# Experiments of more than ten seconds.
load ../helper

@test "MNIST, two layers, IID: 97 % in at most 60 rounds" {
	[ -z "${SAN-}" ] || skip "it takes long under sanitizers"
	need_mnist
	make -C "$ROOT/examples/mnist" BIN="$BIN" RUN="$PWD/mnist" MNIST="$MIRROR" ROUNDS=60 iid > out
	grep -q '^97 % of the test digits after round' out
}
