# Independent implementations of the same: numpy, torch, dp_accounting.
load ../helper

setup_file() {
	make -s -C "$ROOT" ${SAN:+SAN=1 CFLAGS='-O1 -g'} units
}

@test "every loss and layer as in numpy" {
	twin penguins.py "$DATA/penguins.csv"
}

@test "training against torch" {
	twin torch.py "${UNIT%/unit}/twin/learn-step"
}

@test "the Fourier transform against numpy's" {
	twin fft.py "${UNIT%/unit}/twin/kernel-fft"
}

# No package of Debian's: the continuous integration installs it into build/python.
@test "privacy losses composed against dp_accounting's" {
	PYTHONPATH=$ROOT/build/python twin accountant.py "${UNIT%/unit}/twin/account-loss"
}
