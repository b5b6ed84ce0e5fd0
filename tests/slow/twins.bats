# Independent implementations of the same: numpy, torch.
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
