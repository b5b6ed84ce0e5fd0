# Rounds of fleet mode in which clients stop: every pattern of three, with one run of the tools
# each, and every pattern of five in one process.
load ../helper
load ../fleet
export FL_POLICY=open

# going STEP STOPS...: the clients, of a b c, that stop after that step
going() {
	local step=$1 names=(a b c) at=() k
	shift
	for k in 0 1 2; do
		[ "${@:k+1:1}" -le "$step" ] || at+=("${names[k]}")
	done
	echo "${at[*]}"
}

# Of three clients none may stop: t is 3.
@test "each of three clients stops at each step" {
	local stops x y z number=0
	fleet a b c
	for x in 0 1 2 3 4 5; do
		for y in 0 1 2 3 4 5; do
			for z in 0 1 2 3 4 5; do
				number=$((number + 1))
				stops=("$x" "$y" "$z")
				model $number a b c
				rm -rf ./*.advertise ./*.share ./*.apply ./*.confirm ./*.reveal in sum.flp
				if round "$(going 0 "${stops[@]}")" "$(going 1 "${stops[@]}")" \
					"$(going 2 "${stops[@]}")" "$(going 3 "${stops[@]}")" \
					"$(going 4 "${stops[@]}")" 2> err; then
					[ "${stops[*]}" = '5 5 5' ]
					fl-aggregate --sum a.u b.u c.u > plain.flp
					fl-cmp sum.flp plain.flp
				else
					[ "${stops[*]}" != '5 5 5' ]
					[ -s err ]
				fi
			done
		done
	done
	[ "$number" -eq 216 ]
}

@test "every pattern of five clients" {
	"$UNIT/mask-rounds" 5
}
