# Independent implementations of the same: numpy, torch, dp_accounting.
load ../helper

setup_file() {
	make -s -C "$ROOT" ${SAN:+SAN=1 CFLAGS='-O1 -g'} units
}

# sure SCRIPT ARG...: twin, of packages that are there under the continuous integration,
# where it may not be skipped
sure() {
	if [ -n "${CI-}" ]; then python3 "$ROOT/tests/$1" "${@:2}"; else twin "$@"; fi
}

@test "every loss and layer as in numpy" {
	sure penguins.py "$DATA/penguins.csv"
}

@test "training against torch" {
	sure torch.py "${UNIT%/unit}/twin/learn-step"
}

@test "the Fourier transform against numpy's" {
	sure fft.py "${UNIT%/unit}/twin/kernel-fft"
}

# No package of Debian's: the continuous integration installs it into build/python.
@test "privacy losses composed against dp_accounting's" {
	PYTHONPATH=$ROOT/build/python twin accountant.py "${UNIT%/unit}/twin/account-loss"
}
