load helper
export FL_POLICY=open # some data here are of a few rows; policies have tests of their own

setup() {
	fl-import -f csv -y species -g island --missing drop \
	    -x bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g \
	    "$DATA/penguins.csv" > all.flp
}

# tensor FILE NAME: its values
tensor() {
	fl-dump --values "$1" | awk -v name="$2" '/^  /{ on = $1 == name; next } on'
}

# csv_stats: the statistics of two columns of numbers on standard input
csv_stats() {
	{ echo "income,other"; cat; } > column.csv
	fl-import -f csv -x income,other column.csv > column.flp
	fl-stats column.flp
}

@test "counts, sums and sums of squares of the penguins" {
	fl-stats all.flp > s.flp
	[ "$(tensor s.flp count)" = "342 342 342 342" ]
	[ "$(tensor s.flp class)" = "151 68 123" ]
	[ "$(tensor s.flp :features)" = "$(tensor all.flp :features)" ]
	[ "$(tensor s.flp :classes)" = "$(tensor all.flp :classes)" ]
	[ "$(fl-dump s.flp | awk '$1 == "examples" { print $2 }')" = 342 ]
	# body mass and flipper length are whole numbers: exact here as there
	tensor all.flp x | awk '{ s += $4; q += $4 * $4; t += $3; u += $3 * $3 }
		END { printf "%.17g %.17g %.17g %.17g\n", t, s, u, q }' > expected
	echo "$(tensor s.flp sum | cut -d ' ' -f 3,4) $(tensor s.flp sumsq | cut -d ' ' -f 3,4)" |
	    diff expected -
}

@test "the sum over sites is the statistics of all" {
	fl-split -p group -o sites all.flp
	fl-stats sites/client-*.flp > three.flp
	[ "$(fl-dump three.flp | grep -c ': stats, raw')" -eq 3 ]
	[ "$(fl-dump three.flp | awk '$1 == "client" { print $2 }' | xargs)" = "Biscoe Dream Torgersen" ]
	fl-aggregate --sum --expect 3 three.flp > sum.flp
	fl-stats all.flp > whole.flp
	[ "$(tensor sum.flp count)" = "$(tensor whole.flp count)" ]
	[ "$(tensor sum.flp class)" = "$(tensor whole.flp class)" ]
	fl-cmp sum.flp whole.flp # equal numbers, though their digits are not
	run cmp <(tensor sum.flp sum) <(tensor whole.flp sum)
	[ "$status" -eq 0 ]
	[ "$(fl-dump sum.flp | awk '$1 == "examples" { print $2 }')" = 342 ]
}

@test "the order of rows does not matter" {
	{ head -n 1 "$DATA/penguins.csv"; tail -n +2 "$DATA/penguins.csv" | shuf; } > mixed.csv
	fl-import -f csv -g island --missing drop -x bill_length_mm,bill_depth_mm mixed.csv |
	    fl-stats > a.flp
	fl-import -f csv -g island --missing drop -x bill_length_mm,bill_depth_mm \
	    "$DATA/penguins.csv" | fl-stats > b.flp
	cmp a.flp b.flp
}

@test "values that cancel are summed exactly" {
	printf '3e38,0\n0.1,0\n-3e38,0\n' | csv_stats > a.flp
	[ "$(tensor a.flp sum)" = "0.10000000149011612 0" ]
}

@test "any column: populations, seconds, concentrations, and what f32 holds at its ends" {
	csv_stats > s.flp <<-END
		1293859294,1e-9
		1180655,3e-9
		33736494,2e-9
	END
	[ "$(tensor s.flp sum)" = "1328776479 5.9999999413307137e-09" ] # of the values as f32
	fl-init -a 'dense 1' -n 2 -S s.flp > m.flp
	[ "$(tensor m.flp :center)" = "442925493 1.999999980443571e-09" ]
	printf '1.7e9,3.4028234e38\n1700000128,-3.4028234e38\n' | csv_stats > s.flp
	[ "$(tensor s.flp sumsq)" = "5.7800004352000164e+18 2.3158415086764783e+77" ]
	printf '1e-45,0\n0,0\n' | csv_stats > s.flp
	[ "$(tensor s.flp sumsq)" = "1.9636373861190906e-90 0" ]
	fl-init -a 'dense 1' -n 2 -S s.flp > m.flp
	[ "$(tensor m.flp :center) $(tensor m.flp :scale)" = \
	    "7.006492321624085e-46 0 9.908676465903736e-46 1" ]
}

@test "the sites of a federation need not agree on a magnitude" {
	for s in "33736494 1293859294 1180655" "31731688 3696958 10749635"; do
		printf '%s\n' pop $s | fl-import | fl-stats
	done | fl-aggregate --sum > s.flp
	[ "$(tensor s.flp count) $(tensor s.flp sum)" = "6 1374954760" ]
}

@test "random columns in any order and grouping, against rational arithmetic" {
	twin stats.py "$BIN"
}

# forged FILE PYTHON: the vector's statistics, as PYTHON changes count, class, sum or sumsq
forged() {
	need python3
	python3 - "$1" "$2" <<-END || skip "needs python3-xxhash"
		import sys
		sys.dont_write_bytecode = True
		sys.path.insert(0, "$DATA/vectors")
		from make import *
		one, two = [182, 17450], [8316, 79052500]
		count, classes, more = [4, 4], [1, 1, 2], []
		features = Tensor(":features", "u8", [6], b"a\nb=c\n")
		level = [Tensor(":schema", "u8", [23], b"x\tnumber\ta\nx\tlevel\tb\tc\n")]
		exec(sys.argv[2])
		open(sys.argv[1], "wb").write(record([
		    Tensor("count", "u64", [2], count),
		    Tensor("sum", "i64", [2, 11], [d for v in one for d in digits(Fraction(v), 11, 160)]),
		    Tensor("sumsq", "i64", [2, 20], [d for v in two for d in digits(Fraction(v), 20, 320)]),
		    Tensor("class", "u64", [3], classes), features] + more, {"examples": 4}, STATS))
	END
}

@test "impossible statistics are refused by every tool that takes them" {
	forged good.flp ''
	fl-aggregate --sum good.flp | fl-cmp - good.flp
	while IFS='|' read -r text change; do
		forged bad.flp "$change"
		refused 3 "bad.flp: $text" fl-init -a 'dense 1' -n 2 -S bad.flp
		refused 3 "bad.flp: $text" fl-import --scale bad.flp <(printf 'a,b\n1,c\n')
		refused 3 "bad.flp: $text" fl-aggregate --sum bad.flp
		refused 3 "bad.flp: $text" fl-aggregate --sum --strict bad.flp
		refused 3 "standard input: $text" fl-aggregate --sum < bad.flp
	done <<-'END'
		column b=c: count: expected at most the 4 examples, found 5|count = [4, 5]
		class: expected as many rows in all as the 4 examples, found more|classes = [1, 1, 3]
		class: expected as many rows in all as the 4 examples, found fewer|classes = [1, 1, 1]
		column a: sumsq: expected count * sumsq of at least sum^2, found less|two[0] = 8280
		column b=c: sumsq: expected count * sumsq of at least sum^2, found less|count[1] = 3
		column a: sumsq: expected a sum of squares of 4 f32 values, found a negative number|two[0] = -1
		column a: sumsq: expected a sum of squares of 4 f32 values, found a greater one|two[0] = 2**260
		column b=c: sum: expected a sum of 4 f32 values, found a greater one|one[1] = -2**131
		column b=c: sumsq: expected a sum of squares of 0 f32 values, found a greater one|count[1] = one[1] = 0
		column b=c: sum: expected the number of rows that have the level|two = [8316, 8]; one = [182, Fraction(5, 2)]; more = level
		column b=c: sum, sumsq: expected the same number for a level|two = [8316, 5]; one = [182, 4]; more = level
		column b=c: sumsq: expected count * sumsq of at least sum^2, found less|two = [8316, 3]; one = [182, 3]; count = [4, 2]; more = level
	END
}

@test "a missing value is left out of its own column only" {
	printf 'a,b,y\n1,2,p\n,4,q\n3,,q\n,6,q\n' | fl-import -y y --missing keep > t.flp
	fl-stats t.flp > s.flp
	[ "$(fl-export -f csv s.flp | tail -n 2 | xargs)" = "a,2,4,10 b,3,12,56" ]
	[ "$(tensor s.flp class)" = "1 3" ]
	[ "$(fl-dump s.flp | awk '$1 == "examples" { print $2 }')" = 4 ]
	# a column with fewer than two values can't be standardised
	fl-import -y y -x a --missing keep <(printf 'a,y\n1,p\n,q\n') | fl-stats > one.flp
	refused 3 "one.flp: column a: count: expected at least 2 rows that have a value, found fewer" \
	    fl-init -a 'dense 1' -n 1 -S one.flp
	# a site without the column may add to these
	fl-import -y y -x a --missing keep <(printf 'a,y\n,p\n,q\n') | fl-stats > none.flp
	fl-aggregate --sum one.flp none.flp one.flp > sum.flp
	[ "$(fl-export -f csv sum.flp | tail -n 1)" = "a,2,2,2" ]
	fl-init -a 'dense 1' -n 1 -S sum.flp > m.flp
	[ "$(tensor m.flp :center) $(tensor m.flp :scale)" = "1 1" ]
	# a missing value is stored as 0
	need python3
	python3 - <<-END || skip "needs python3-xxhash"
		import sys
		sys.dont_write_bytecode = True
		sys.path.insert(0, "$DATA/vectors")
		from make import *
		for name, x, missing in (("bad", [1, 2], [0, 1]), ("two", [0, 2], [2, 0])):
		    open(name + ".flp", "wb").write(record([Tensor("x", "u8", [2, 1], x),
		        Tensor("missing", "u8", [2, 1], missing)], {}, DATA))
	END
	refused 3 "bad.flp: column 0: row 1: expected 0 where the value is missing" fl-stats bad.flp
	refused 3 "two.flp: missing: row 0: expected 0 or 1, found another number" fl-stats two.flp
}

@test "bytes are summed like floats" {
	need_mnist
	m=$MIRROR
	fl-import -f idx -y "$m/t10k-labels-idx1-ubyte.gz" "$m/t10k-images-idx3-ubyte.gz" |
	    fl-stats > s.flp
	[ "$(tensor s.flp class)" = "980 1135 1032 1010 982 892 958 1028 974 1009" ]
	[ "$(tensor s.flp sum | tr ' ' '\n' | awk '{ s += $1 } END { printf "%.0f", s }')" = 264923200 ]
}

@test "bad input: the file is named, nothing is left out in silence" {
	head -c 1000 all.flp > cut.flp
	run fl-stats all.flp cut.flp
	[ "$status" -eq 3 ]
	[[ "$output" == *"fl-stats: cut.flp: "* ]]
	run fl-stats < /dev/null
	[ "$status" -eq 3 ]
	[ "$output" = "fl-stats: standard input: empty (did the command before it fail?)" ]
	fl-stats all.flp > s.flp
	run fl-stats s.flp
	[ "$status" -eq 3 ]
	[ "$output" = "fl-stats: s.flp: expected a record of kind data, found stats" ]
	run fl-stats none.flp
	[ "$status" -eq 4 ]
	run fl-stats -n all.flp
	[ "$status" -eq 2 ]
}
