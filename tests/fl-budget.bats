# fl-budget: what releases cost, and what a budget allows. unit/account.c compares it with published
# figures, and slow/privacy.bats with other accountants, on random releases.
load helper

add=(--adjacency add-remove)
replace=(--adjacency replace)

# value NAME ARG...: prints the number in the line NAME of fl-budget's output
value() {
	fl-budget "${@:2}" | awk -F '\t' -v name="$1" '$1 == name { print $2; n++ } END { exit n != 1 }'
}

# about EXPECTED WITHIN FOUND: FOUND must be within this share of EXPECTED
about() {
	awk -v want="$1" -v within="$2" -v found="$3" 'BEGIN {
		exit !(found >= want * (1 - within) && found <= want * (1 + within)) }' && return
	echo "expected $1, found $3"
	return 1
}

@test "the number that was asked for comes first, then readers and server" {
	fl-budget -z 1.1 -q 0.01 -T 1000 -d 1e-5 "${add[@]}" > out
	[ "$(cut -f 1 out | xargs)" = 'e readers server' ]
	[ "$(cut -f 2 out | uniq | wc -l)" -eq 2 ]
	grep -qx $'server\tinf' out
	[ "$(fl-budget -e 8 -q 0.01 -T 1000 -d 1e-5 "${add[@]}" | cut -f 1 | xargs)" = 'z readers server' ]
	[ "$(fl-budget -e 8 -z 1 -T 1000 -d 1e-5 "${add[@]}" | cut -f 1 | xargs)" = 'q readers server' ]
	[ "$(fl-budget -e 2 -z 1 -q 0.01 -d 1e-5 "${add[@]}" | cut -f 1 | xargs)" = 'T readers server' ]
	[ "$(fl-budget -e 2 -z 1 -q 0.01 -T 9 "${add[@]}" | cut -f 1 | xargs)" = 'd readers server' ]
}

@test "both accountants, the tighter first" {
	fl-budget -v -z 1.1 -q 0.01 -T 1000 -d 1e-5 "${add[@]}" > out
	[ "$(cut -f 1 out | xargs)" = 'e readers server pld rdp order' ]
	[ "$(sed -n 's/^pld\t//p' out)" = "$(sed -n 's/^e\t//p' out)" ]
	fl-budget -v -z 1.1 -q 0.01 -T 1000 -d 1e-13 "${add[@]}" > out
	[ "$(cut -f 1 out | xargs)" = 'e readers server rdp order pld' ]
	grep -qx $'pld\tinf' out
	[ "$(sed -n 's/^rdp\t//p' out)" = "$(sed -n 's/^e\t//p' out)" ]
}

@test "every row of the table: RDP within 1e-6, PLD within 1e-4 and not 2e-5 below" {
	local n=0
	while read -r z q steps delta rdp order pld; do
		fl-budget -v -z "$z" -q "$q" -T "$steps" -d "$delta" "${add[@]}" > out
		awk -F '\t' -v rdp="$rdp" -v order="$order" -v pld="$pld" '
		{ found[$1] = $2 }
		END {
			exit !(found["rdp"] <= rdp * (1 + 1e-6) && found["rdp"] >= rdp * (1 - 1e-6) &&
				found["order"] == order && found["pld"] <= pld * (1 + 1e-4) &&
				found["pld"] >= pld * (1 - 2e-5) && found["e"] == found["pld"])
		}' out || { echo "$z $q $steps $delta"; cat out; return 1; }
		n=$((n + 1))
	done < <(grep '^[0-9]' "$ROOT/tests/privacy.tsv")
	[ "$n" -eq 57 ]
}

@test "replace, on Poisson samples and on fixed ones, which cost more" {
	about 3.43426 1e-5 "$(value readers -z 1 -q 0.1 -T 10 -d 1e-5 "${replace[@]}")"
	about 1.20520 1e-5 "$(value readers -z 2 -q 0.01 -T 1000 -d 1e-5 "${replace[@]}")"
	about 2.85452 1e-5 "$(value readers -z 1 -q 0.1 -T 10 -d 1e-5 "${add[@]}")"
	about 0.62210 2e-4 "$(value readers -z 2 -q 0.01 -T 1000 -d 1e-5 "${add[@]}")"
	local fixed=("${replace[@]}" --sampling fixed)
	about 2.3374 1e-4 "$(value readers -z 2 -q 0.1 -T 100 -d 1e-5 "${add[@]}")"
	about 14.0537503 1e-6 "$(value readers -z 2 -q 0.1 -T 100 -d 1e-5 "${fixed[@]}")"
	about 0.6389707 1e-6 "$(value readers -z 8 -q 0.01 -T 1000 -d 1e-5 "${fixed[@]}")"
	about 1.4452982 1e-6 "$(value readers -z 4 -q 0.01 -T 1000 -d 1e-5 "${fixed[@]}")"
}

@test "without sampling the account is exact, and twice the distance is half the noise" {
	about 4.377178096 1e-8 "$(value readers -z 1 -q 1 -T 1 -d 1e-5 "${add[@]}")"
	local none=(-T 1 -d 1e-5 --sampling none)
	about 4.377178096 1e-8 "$(value readers -z 1 "${none[@]}" "${add[@]}")"
	about 4.377178096 1e-8 "$(value readers -z 2 "${none[@]}" "${replace[@]}")"
	about 4.377178096 1e-8 "$(value readers -z 10 -T 100 -d 1e-5 --sampling none "${add[@]}")"
	about 3.730631635 1e-6 "$(value z -e 1 "${none[@]}" "${add[@]}")"
}

@test "local noise: the same against readers and server, without amplification" {
	fl-budget -z 20 -T 9 -d 1e-5 "${replace[@]}" --place local > out
	[ "$(sed -n 's/^readers\t//p' out)" = "$(sed -n 's/^server\t//p' out)" ]
	[ "$(sed -n 's/^e\t//p' out)" = "$(value e -z 20 -T 9 -d 1e-5 "${replace[@]}" --sampling none)" ]
	refused 2 'option --place local: expected --adjacency replace with it, found add-remove' \
		fl-budget -z 20 -T 9 -d 1e-5 "${add[@]}" --place local
	refused 2 'option --place local: expected --sampling none with it, found poisson' \
		fl-budget -z 20 -T 9 -d 1e-5 "${replace[@]}" --place local --sampling poisson
	refused 2 'option --rate: not allowed with --place local' \
		fl-budget -z 20 -q 0.1 -T 9 -d 1e-5 "${replace[@]}" --place local
}

@test "Laplace, pure and zcdp" {
	[ "$(value e --mechanism laplace -z 1 -T 3 -d 0 --sampling none "${add[@]}" \
		--also 'laplace z=2 T=2')" = 4 ]
	about 2.46964 3e-6 "$(value e --mechanism laplace -z 0.5 -q 0.2 -T 3 -d 1e-14 "${add[@]}")"
	about 8.92226 1e-5 "$(value e --mechanism zcdp -z 0.81 -T 1 -d 1e-10 --sampling none "${add[@]}")"
	[ "$(value e --mechanism pure -z 0.25 -T 4 -d 0 --sampling none "${add[@]}")" = 1 ]
	[ "$(value z --mechanism pure -e 1 -T 4 -d 0 --sampling none "${add[@]}")" = 0.25 ]
	[ "$(value d --mechanism pure -z 0.25 -T 4 -e 1 --sampling none "${add[@]}")" = 0 ]
}

@test "releases of different mechanisms together" {
	fl-budget -v -z 1 -q 0.01 -T 500 -d 1e-5 "${add[@]}" --also 'gaussian z=1.5 q=0.02 T=500' \
		--also 'laplace z=50 T=10' > out
	about 1.9142343 1e-5 "$(sed -n 's/^pld\t//p' out)"
	about 2.1635038 1e-6 "$(sed -n 's/^rdp\t//p' out)"
	fl-budget -v -z 1.5 -q 0.02 -T 500 -d 1e-5 "${add[@]}" --also 'gaussian z=1 q=0.01 T=200' \
		--also 'laplace z=50 T=10' --also 'gaussian  z=1 q=0.01 T=300' > other
	about "$(sed -n 's/^pld\t//p' out)" 1e-6 "$(sed -n 's/^pld\t//p' other)"
}

@test "a solved number, as printed, is never less private than asked" {
	local common=("${add[@]}") e z q T d
	for e in 0.1 1 8; do
		z=$(value z -e $e -q 0.04 -T 225 -d 1e-5 "${common[@]}")
		about "$e" 5e-5 "$(value e -z "$z" -q 0.04 -T 225 -d 1e-5 "${common[@]}")"
		q=$(value q -e $e -z 2 -T 225 -d 1e-5 "${common[@]}")
		about "$e" 5e-5 "$(value e -z 2 -q "$q" -T 225 -d 1e-5 "${common[@]}")"
		T=$(value T -e $e -z 2 -q 0.01 -d 1e-5 "${common[@]}")
		d=$(value d -e $e -z 2 -q 0.1 -T 225 "${common[@]}")
		for found in "-z $z -q 0.04 -T 225 -d 1e-5" "-z 2 -q $q -T 225 -d 1e-5" \
			"-z 2 -q 0.01 -T $T -d 1e-5" "-z 2 -q 0.1 -T 225 -d $d"; do
			value e $found "${common[@]}" | awk -v e=$e '{ exit !($1 <= e) }' || {
				echo "$e: $found"
				return 1
			}
		done
		value e -z 2 -q 0.01 -T $((T + 1)) -d 1e-5 "${common[@]}" | awk -v e=$e '{ exit !($1 > e) }'
		value e -z 2 -q 0.1 -T 225 -d "$d" "${common[@]}" |
			awk -v e=$e '{ exit !($1 > e - 1e-6) }'
	done
	about 0.673793 2e-5 "$(value z -e 1 -q 0.01 -T 1 -d 1e-5 "${add[@]}")"
	about 1.34766 2e-3 "$(value z -e 8 -q 0.04 -T 2250 -d 1e-5 "${add[@]}")"
}

@test "--proved counts whole orders alone, and costs more" {
	local call=(-v -z 1.5 -q 0.2 -T 100 -d 1e-5)
	fl-budget "${call[@]}" --proved "${add[@]}" > out
	grep -qx $'pld\tinf' out
	[[ $(sed -n 's/^order\t//p' out) != *.* ]]
	about 8.28001 0.03 "$(sed -n 's/^e\t//p' out)"
	[[ $(value order "${call[@]}" "${add[@]}") == *.* ]]
	fl-budget "${call[@]}" --proved "${replace[@]}" > out
	awk '$1 == "e" { e = $2 } END { exit !(e > 8 && e < 1000) }' out
}

@test "--trace: a line for each round, as an account of that many rounds" {
	fl-budget --trace -z 1 -q 0.05 -T 60 -d 1e-5 "${add[@]}" > out
	[ "$(head -n 1 out)" = $'round\treaders\tserver' ]
	[ "$(wc -l < out)" -eq 61 ]
	[ "$(cut -f 1 out | tail -n +2 | xargs)" = "$(seq 60 | xargs)" ]
	[ "$(cut -f 3 out | tail -n +2 | uniq)" = inf ]
	cut -f 2 out | tail -n +2 | sort -c -g
	for k in 1 2 7 33 60; do
		about "$(value e -z 1 -q 0.05 -T $k -d 1e-5 "${add[@]}")" 2e-5 "$(awk -v k=$k '$1 == k { print $2 }' out)"
	done
	fl-budget --trace -v -z 1 -q 0.05 -T 3 -d 1e-5 "${add[@]}" --also 'pure epsilon=0.5' > out
	[ "$(head -n 1 out)" = $'round\treaders\tserver\tpld\trdp\torder' ]
	about "$(value e -z 1 -q 0.05 -T 3 -d 1e-5 "${add[@]}" --also 'pure epsilon=0.5')" 2e-5 \
		"$(tail -n 1 out | cut -f 2)"
	fl-budget --trace -z 20 -T 2 -d 1e-5 "${replace[@]}" --place local | awk 'NR > 1 && $2 != $3 { exit 1 }'
}

@test "it is an error if two numbers are missing, or none" {
	refused 2 'option --adjacency is required' fl-budget -z 1 -q 0.1 -T 1 -d 1e-5
	refused 2 'expected one option to be left out, found these missing: -q -e (or --sampling none' \
		fl-budget -z 1 -T 1 -d 1e-5 "${add[@]}"
	refused 2 'expected one of -z, -q, -T, -d and -e to be left out' fl-budget -z 1 -q 1 -T 1 -d 1e-5 -e 1 "${add[@]}"
	refused 2 'expected one option to be left out, found these missing: -' \
		fl-budget -z 1 -T 1 --sampling none "${add[@]}"
	refused 2 'option --adjacency: expected add-remove|replace, found "swap"' \
		fl-budget -z 1 -q 1 -T 1 -d 1e-5 --adjacency swap
	refused 2 'option --noise: expected no models and no ledger with it' fl-budget -z 1 -q 1 -T 1 -d 1e-5 "${add[@]}" x
}

@test "numbers that can't be accounted for are named" {
	local call=(-T 1 -d 1e-5 "${add[@]}") v
	for v in 0 -1 inf nan 1e999 ''; do
		refused 2 'option --noise: expected a number from' fl-budget -z "$v" -q 0.1 "${call[@]}"
		refused 2 'option --rate: expected a number from' fl-budget -z 1 -q "$v" "${call[@]}"
		refused 2 'option --epsilon: expected a number from' fl-budget -e "$v" -q 0.1 "${call[@]}"
	done
	for v in 1 2 -1 nan; do
		refused 2 'option --delta: expected a number from' fl-budget -z 1 -q 0.1 -T 1 -d "$v" "${add[@]}"
	done
	refused 2 'option --rate: expected a number from' fl-budget -z 1 -q 1.1 "${call[@]}"
	refused 2 'option --steps: expected a whole number from 1 to' \
		fl-budget -z 1 -q 0.1 -T 0 -d 1e-5 "${add[@]}"
	refused 3 'delta: expected above 0 with gaussian, found 0' \
		fl-budget -z 1 -q 0.1 -T 1 -d 0 "${add[@]}"
	refused 3 'adjacency: expected replace with fixed samples, found add-remove' \
		fl-budget -z 1 -q 0.1 --sampling fixed "${call[@]}"
	refused 3 'rate: expected 1 with zcdp, which sampling does not amplify, found 0.1' \
		fl-budget --mechanism zcdp -z 1 -q 0.1 "${call[@]}"
}

@test "groups of --also that are wrong are named" {
	local call=(-z 1 -q 0.1 -T 1 -d 1e-5 "${add[@]}") group
	refused 2 'option --also: expected gaussian, laplace, pure or zcdp, found "gauss"' \
		fl-budget "${call[@]}" --also 'gauss z=1'
	refused 2 'option --also: expected z=NUMBER after gaussian, found none' \
		fl-budget "${call[@]}" --also 'gaussian T=3'
	for group in z z= z=x z=1,q=2 T=1.5 T=-1 T=5000000000 rho=1 =; do
		refused 2 "option --also: expected z=NUMBER, q=RATE or T=STEPS after gaussian, found \"$group\"" \
			fl-budget "${call[@]}" --also "gaussian $group"
	done
	refused 3 'option --also: z: expected a finite number above 0, found 0' \
		fl-budget "${call[@]}" --also 'gaussian z=0'
	refused 3 'option --also: rate: expected a number above 0 and at most 1, found 2' \
		fl-budget "${call[@]}" --also 'gaussian z=1 q=2'
	refused 3 'option --also: steps: expected at least 1, found 0' \
		fl-budget "${call[@]}" --also 'gaussian z=1 T=0'
	refused 3 'option --also: rate: expected 1 without sampling, found 0.5' \
		fl-budget -z 1 -T 1 -d 1e-5 --sampling none "${add[@]}" --also 'gaussian z=1 q=0.5'
}

@test "a target that nothing meets is named" {
	refused 3 'expected a target that can be met: no noise meets epsilon 0.5 at delta 1e-05' \
		fl-budget -e 0.5 -q 0.1 -T 1 -d 1e-5 "${add[@]}" --also 'pure epsilon=1'
	refused 3 'not even one step meets epsilon 1' fl-budget -e 1 -z 0.1 -q 0.5 -d 1e-5 "${add[@]}"
	refused 3 'no sampling rate meets' fl-budget -e 0.5 -z 1 -T 10 -d 1e-5 "${add[@]}" --also 'pure epsilon=1'
	refused 3 'no delta below 1 meets epsilon 0.5' fl-budget -e 0.5 -z 0.0001 -q 1 -T 1 "${add[@]}"
	refused 3 'expected a target that needs noise: even the least noise meets epsilon 1 at delta 0.1' \
		fl-budget -e 1 -q 1e-6 -T 1 -d 0.1 "${add[@]}"
}

@test "extremes: little noise, much noise, many rounds" {
	awk '{ exit !($1 > 1e9) }' <(value e -z 1e-6 -q 0.1 -T 1000 -d 1e-5 "${add[@]}")
	[ "$(value e -z 1e9 -q 0.1 -T 1 -d 1e-5 "${add[@]}")" = 0 ]
	awk '{ exit !($1 < 1e-3) }' <(value e -z 1e9 -q 0.1 -T 4294967295 -d 1e-5 "${add[@]}")
	[ "$(value e -z 0.001 -q 1e-9 -T 1 -d 1e-5 "${add[@]}")" = 0 ]
	awk '{ exit !($1 > 0.05 && $1 < 0.5) }' <(value e -z 100 -q 1e-4 -T 4294967295 -d 1e-5 "${add[@]}")
}

@test "a full disk, and closed standard output" {
	local call=(fl-budget -z 1 -q 1 -T 3 -d 1e-5 "${add[@]}")
	local status=0
	"${call[@]}" > /dev/full 2> err || status=$?
	[ "$status" -eq 4 ]
	grep -qx 'fl-budget: standard output: write: No space left on device' err
	status=0
	"${call[@]}" --trace > /dev/full 2> err || status=$?
	[ "$status" -eq 4 ]
	status=0
	"${call[@]}" >&- 2> err || status=$?
	[ "$status" -eq 4 ]
	"${call[@]}" 2>&- <&- | grep -q '^readers'
}
