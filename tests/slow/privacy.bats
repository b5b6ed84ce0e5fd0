# Accounts for releases at random; PRIVACY_CASES of them, PRIVACY_SEED for others.
load ../helper

setup_file() {
	make -s -C "$ROOT" ${SAN:+SAN=1 CFLAGS='-O1 -g'} units
}

@test "accounts are monotone, turn back and never overshoot" {
	"${UNIT%/unit}/twin/account-random" "${PRIVACY_CASES:-40}" "${PRIVACY_SEED:-1}"
}
