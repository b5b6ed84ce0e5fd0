# Independent implementations of the same: rational arithmetic, numpy, torch.
load helper

setup_file() {
	cd "$ROOT"
	make -s ${SAN:+SAN=1 CFLAGS='-O1 -g'} units
}

# twin SCRIPT ARG...: exit status 77 is a skip, with its reason.
twin() {
	need python3
	run python3 "$ROOT/tests/$1" "${@:2}"
	[ "$status" -ne 77 ] || skip "$output"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "exact means against rational arithmetic" {
	twin exact.py "$ROOT/build/$([ -n "${SAN:-}" ] && echo san || echo opt)/twin/exact-mean"
}

@test "training against torch" {
	twin torch.py "$ROOT/build/$([ -n "${SAN:-}" ] && echo san || echo opt)/twin/learn-step"
}
