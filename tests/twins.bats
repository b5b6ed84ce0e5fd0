# An independent implementation of the same: rational arithmetic. Those that want
# large packages are in slow/twins.bats.
load helper

setup_file() {
	make -s -C "$ROOT" ${SAN:+SAN=1 CFLAGS='-O1 -g'} units
}

@test "one spelling of equal numbers against Python's" {
	twin plain.py "${UNIT%/unit}/twin/number-plain"
}

@test "exact means against rational arithmetic" {
	twin exact.py "${UNIT%/unit}/twin/exact-mean"
}
