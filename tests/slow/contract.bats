# Every tool and every bad vector.
load ../helper
load ../contract

@test "every bad vector is refused by name, without output" {
	vectors() {
		local bad
		for bad in "$DATA"/vectors/bad/*.flp; do
			refuses_vector "$bad" || return
		done
	}
	each_call '*.flp' vectors
}
