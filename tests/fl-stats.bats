load helper

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
	fl-cmp --relative 1e-15 sum.flp whole.flp
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
	printf '1e9,0\n0.1,0\n-1e9,0\n' | csv_stats > a.flp
	[ "$(tensor a.flp sum)" = "$(printf '%.17g 0' 0.10000000149011612)" ]
}

@test "columns beyond exact sums are refused and named" {
	run csv_stats < <(printf '1,2\n1e10,3\n')
	[ "$status" -eq 3 ]
	[ "$output" = "fl-stats: column.flp: column income: row 1: expected a square below 2^63, found 1e+10: rescale the column" ]
	run csv_stats < <(printf '3e9,2\n3e9,3\n')
	[ "$status" -eq 3 ]
	[ "$output" = "fl-stats: column.flp: column income: expected sums below 2^63, found more: rescale the column" ]
	run csv_stats < <(printf '3,2\n3,1e-9\n3,0\n')
	[ "$status" -eq 0 ]
	run csv_stats < <(printf '3,0\n3,1e-9\n3,0\n')
	[ "$status" -eq 3 ]
	[[ "$output" == "fl-stats: column.flp: column other: "* ]]
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
	[ "$output" = "fl-stats: stdin: expected a record, found nothing" ]
	fl-stats all.flp > s.flp
	run fl-stats s.flp
	[ "$status" -eq 3 ]
	[ "$output" = "fl-stats: s.flp: expected a record of kind data, found stats" ]
	run fl-stats none.flp
	[ "$status" -eq 4 ]
	run fl-stats -n all.flp
	[ "$status" -eq 2 ]
}
