# What becomes of mixtures of honest and forged records, in many orders.
load ../helper

@test "200 mixtures of honest and forged records in 20 orders each" {
	twin permute.py "$BIN" 200 20 "${PERMUTE_SEED:-2}"
}
