# Comparisons with independent implementations, in rational arithmetic. Those that need large
# packages are in slow/twins.bats.
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

@test "masks, graphs and keys against openssl's and hashlib's" {
	twin masks.py "${UNIT%/unit}/twin/mask-core"
}

@test "shared secrets against integers modulo L" {
	twin shamir.py "${UNIT%/unit}/twin/mask-core"
}

@test "degrees and thresholds against exact binomials" {
	twin finder.py "${UNIT%/unit}/twin/mask-core"
}
