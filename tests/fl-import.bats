load helper
export FL_POLICY=open # most files here are of a few rows; policies have tests of their own

FOUR=bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g

# tensor FILE NAME: prints its values or names, one row on each line
tensor() {
	fl-export -t "$2" "$1"
}

# exits CODE COMMAND...: the command must exit with CODE, whatever it writes; its output is in out
exits() {
	local status=0
	"${@:2}" > out 2> err || status=$?
	[ "$status" -eq "$1" ]
}

# csv LINE...: writes these lines to t.csv
csv() {
	printf '%s\n' "$@" > t.csv
}

@test "three numbers as parameters, under 200 bytes" {
	echo 0.2 0.4 0.6 | fl-import -f txt --as params > d1.flp
	[ "$(stat -c %s d1.flp)" -lt 200 ]
	[ "$(fl-export d1.flp)" = "0.2 0.4 0.6" ]
	printf '0.2,\n\n0.4\t.6' > some.txt
	fl-import -f txt some.txt | cmp - d1.flp
	echo 0.1 1e300 | fl-import -f txt --dtype f64 | fl-export > out
	[ "$(cat out)" = "0.1 1e+300" ]
	refused 3 'line 2: expected a finite number in the range of f32, found something else' \
	    fl-import -f txt <(printf '1\n1e39')
	refused 3 'found "nan"' fl-import -v -f txt --dtype f64 <(echo nan)
	refused 3 'expected a number, found none' fl-import -f txt /dev/null
	refused 3 'line 1: expected a number, found "0x1"' fl-import -v -f txt <(echo 0x1)
}

@test "parameters are raw, or public where they were published" {
	echo 0.2 0.4 0.6 | fl-import -f txt > raw.flp
	echo 0.2 0.4 0.6 | fl-import -f txt --as params --public > public.flp
	[ "$(fl-dump raw.flp | head -n 1)" = "raw.flp: params, raw" ]
	[ "$(fl-dump public.flp | head -n 1)" = "public.flp: params, public" ]
	fl-cmp raw.flp public.flp
	csv a 1
	for f in csv libsvm idx; do
		refused 2 "option --public: not allowed with --format $f" fl-import -f $f --public t.csv
	done
}

@test "penguins: features, classes, groups" {
	fl-import -y species -g island -x $FOUR --missing drop "$DATA/penguins.csv" > p.flp
	tensor p.flp x > x
	[ "$(wc -l < x)" -eq 342 ]
	[ "$(head -n 1 x)" = "39.1 18.7 181 3750" ]
	awk -F, 'NR > 1 && $3 != "" { print $3, $4, $5, $6 }' "$DATA/penguins.csv" | cmp - x
	[ "$(tensor p.flp :features | xargs)" = "${FOUR//,/ }" ]
	[ "$(tensor p.flp :classes | xargs)" = "Adelie Chinstrap Gentoo" ]
	[ "$(tensor p.flp :groups | xargs)" = "Biscoe Dream Torgersen" ]
	awk -F, 'NR > 1 && $3 != "" { print index("ACG", substr($2, 1, 1)) - 1 }' \
	    "$DATA/penguins.csv" | xargs | diff - <(tensor p.flp y | xargs)
	awk -F, 'NR > 1 && $3 != "" { print index("BDT", substr($1, 1, 1)) - 1 }' \
	    "$DATA/penguins.csv" | xargs | diff - <(tensor p.flp group | xargs)
}

@test "text columns become one feature for each level" {
	csv a,sex,b 1,male,2 3,female,4 5,,6 7,male,8
	fl-import --missing zero t.csv > t.flp
	[ "$(tensor t.flp :features | xargs)" = "a sex=female sex=male b" ]
	[ "$(tensor t.flp x)" = $'1 0 1 2\n3 1 0 4\n5 0 0 6\n7 0 1 8' ]
	csv a 1 nan 10 x
	fl-import --levels a --na '' t.csv > t.flp
	[ "$(tensor t.flp :features | xargs)" = "a=1 a=10 a=nan a=x" ]
	[ "$(tensor t.flp x)" = $'1 0 0 0\n0 0 1 0\n0 1 0 0\n0 0 0 1' ]
	csv a,b 2,1 1,1
	fl-import --levels a t.csv > t.flp
	[ "$(tensor t.flp x)" = $'0 1 1\n1 0 1' ]
}

@test "a column of both numbers and texts is refused, unless it is named" {
	csv a,b 1,2 n/a,3
	refused 3 't.csv: row 2 (line 3): column a: expected a number, as in the rows before, found something else' \
	    fl-import t.csv
	[[ $message != *n/a* ]]
	refused 3 'as in the rows before, found "n/a"' fl-import -v t.csv
	csv a,b ,2 x,3 2,4
	refused 3 'row 3 (line 4): column a: expected a text, as in the rows before, found a number (see --na-in' \
	    fl-import --missing zero t.csv
	refused 3 'expected a text, as "x" in the rows before, found "2"' fl-import -v --missing zero t.csv
	fl-import --levels a --missing zero t.csv > t.flp
	[ "$(tensor t.flp :features | xargs)" = "a=2 a=x b" ]
}

@test "a column of nearly as many levels as rows is refused, unless it is named" {
	csv id,a,y $(seq -f 'P%g,1,u' 43)
	refused 3 't.csv: column id: expected at least 4 rows for each level, found 43 levels in 43 rows (' \
	    fl-import -v t.csv
	refused 3 't.csv: column id: expected at least 4 rows for each level, found fewer (' fl-import t.csv
	fl-import --levels id t.csv > t.flp
	fl-import -x a -y id --target class t.csv > t.flp
	csv n,a,y $(seq -f '%g,1,u' 43)
	refused 3 't.csv: column n: expected at least 4 rows for each level' fl-import -x a -y n t.csv
	fl-import -x a -y n --target number t.csv > t.flp
	# rows without a value do not count
	{ echo id,a; seq -f 'P%g,1' 20; yes ,1 2>/dev/null | head -n 500; } > t.csv || :
	refused 3 'found 20 levels in 20 rows' fl-import -v --missing zero t.csv
	# ten levels are never too many, nor are eleven in 44 rows
	csv id,a $(seq -f 'P%g,1' 10)
	fl-import t.csv > t.flp
	csv id,a $(for i in 1 2 3 4; do seq -f 'P%g,1' 11; done)
	fl-import t.csv > t.flp
}

@test "a column whose levels would take much more than the input is refused, unless it is named" {
	{ echo a,b; for i in 1 2 3 4 5; do seq -f 'v%g,1' 2050; done; } > t.csv
	refused 3 't.csv: column a: expected features of at most 10 times the bytes of the input, found more (see --levels)' \
		fl-import t.csv
	refused 3 "t.csv: column a: expected features of at most 10 times the " fl-import -v t.csv
	[[ $message == *' bytes of the input, found 84050000 bytes for 2050 levels in 10250 rows (see --levels)' ]]
	gzip -kf t.csv
	refused 3 "10 times the $(stat -c %s t.csv) bytes of the input" fl-import -v t.csv.gz
	refused 3 "10 times the $(stat -c %s t.csv) bytes of the input" fl-import -v < <(cat t.csv)
	fl-import --levels a --schema-out s t.csv > t.flp
	fl-import --schema s t.csv | cmp - t.flp
	fl-import -x b -y a t.csv > t.flp
	# below 64 MiB any column will do: 4 * 2,048 * 2,048 * 4 bytes
	{ echo a,b; for i in 1 2 3 4; do seq -f 'v%g,1' 2048; done; } > t.csv
	fl-import t.csv > t.flp
	# a long text in each row allows more
	{ echo a,b,c; for i in 1 2 3 4 5; do seq -f "v%g,1,$(printf %0850d 0)" 2050; done; } > t.csv
	fl-import -x a,b t.csv > t.flp
}

@test "the levels of many columns are counted together" {
	columns=$(seq -f 'c%g' -s , 20)
	{
		echo "$columns,n"
		for i in 1 2 3 4; do
			seq 1000 | awk '{ for (i = 0; i < 20; i++) printf "v%d,", $1 % 500; print $1 }'
		done
		# the last column but one has the most
		for i in 1 2 3 4; do
			awk 'BEGIN { for (i = 0; i < 18; i++) printf "v1,"; print "w,v1,1" }'
		done
	} > t.csv
	refused 3 't.csv: column c19: expected features of at most 10 times the ' fl-import -v t.csv
	[[ $message == *' bytes for 10001 levels of 20 columns in 4004 rows (this one has 501, see --levels)' ]]
	[[ $message == *" found $((10001 * 4004 * 4)) bytes for "* ]]
	# the columns that are named do not count
	fl-import --levels "${columns#c1,c2,c3,}" --schema-out s t.csv > t.flp
	fl-import --schema s t.csv | cmp - t.flp
	fl-import -x c1,c2,c3,n t.csv > t.flp
}

@test "missing values: refused, dropped, the mean, zero" {
	csv a,b,y 1,2,u NA,4,v 3,?,u 8,6,v
	refused 3 't.csv: row 2 (line 3): column a: missing value (see --missing)' \
	    fl-import -y y t.csv
	fl-import -y y --missing drop t.csv > t.flp
	[ "$(tensor t.flp x)" = $'1 2\n8 6' ]
	fl-import -y y --missing mean t.csv > t.flp
	[ "$(tensor t.flp x)" = $'1 2\n4 4\n3 4\n8 6' ]
	fl-import -y y --missing zero t.csv > t.flp
	[ "$(tensor t.flp x)" = $'1 2\n0 4\n3 0\n8 6' ]
	# a column that is not used may have gaps
	fl-import -x b --missing drop t.csv > t.flp
	[ "$(tensor t.flp x)" = $'2\n4\n6' ]
	for how in refuse mean zero; do
		refused 3 'row 2 (line 3): column a: missing value (see --missing drop)' \
		    fl-import -x b -y a --missing $how t.csv
		refused 3 'column a: missing value' fl-import -x y -g a --missing $how t.csv
	done
	fl-import -x y -g a --missing drop t.csv > t.flp
	[ "$(tensor t.flp :groups | xargs)" = "1 3 8" ]
	csv a,b 1, 2,NA
	refused 3 'column b: expected a number to take the mean of' fl-import --missing mean t.csv
}

@test "missing values that are kept are 0, and marked with all features of their column" {
	csv a,s,y 1,u,p ,v,q 3,,p
	fl-import -y y --missing keep t.csv > t.flp
	[ "$(tensor t.flp x)" = $'1 1 0\n0 0 1\n3 0 0' ]
	[ "$(tensor t.flp missing)" = $'0 0 0\n1 0 0\n0 1 1' ]
	[ "$(tensor t.flp y | xargs)" = "0 1 0" ]
	# a table again, and the same rows of it
	fl-export -f csv t.flp > again.csv
	diff again.csv - <<-END
		a,s=u,s=v,y
		1,1,0,p
		,0,1,q
		3,,,p
	END
	fl-import -y y --missing keep again.csv > again.flp
	for t in x y missing :features :classes; do
		[ "$(tensor again.flp $t)" = "$(tensor t.flp $t)" ]
	done
	refused 3 'row 2 (line 3): column a: missing value (see --missing drop)' \
	    fl-import -x s -y a --missing keep t.csv
	csv a,y 1,p 2,q
	fl-import -y y --missing keep t.csv > t.flp
	[ "$(tensor t.flp missing | xargs)" = "0 0" ]
	fl-import -y y t.csv > plain.flp
	fl-init -a 'dense 1' -i plain.flp > m.flp
	fl-train -m m.flp -l .1 t.flp > trained.flp # nothing is missing
}

@test "other sites decide the kind of a column in which a site has no values" {
	csv a,s,n 1,u,3 2,v,4
	fl-import --missing keep --schema-out one.schema t.csv | fl-stats > /dev/null
	csv a,s,n 5,,NA 6,?,
	fl-import --missing keep --schema-out two.schema t.csv > t.flp
	[ "$(cat two.schema)" = $'x\tnumber\ta' ]
	[ "$(tensor t.flp missing)" = $'0 1 1\n0 1 1' ]
	[ "$(fl-stats t.flp | fl-export -f csv | tail -n 2 | xargs)" = "s,0,0,0 n,0,0,0" ]
	sort -u one.schema two.schema > both.schema
	fl-import --schema both.schema --missing keep t.csv > t.flp
	[ "$(tensor t.flp :features | xargs)" = "s=u s=v a n" ]
	[ "$(tensor t.flp missing)" = $'1 1 0 1\n1 1 0 1' ]
	# in other columns the values are numbers, as always
	fl-import --missing zero --schema-out two.schema t.csv > t.flp
	[ "$(wc -l < two.schema)" -eq 3 ]
}

@test "missing values take the federated mean where there is one" {
	csv a,s 1,u 2,v
	fl-import --schema-out s.schema t.csv > one.flp
	csv a,s 9,v 12,u
	fl-import t.csv > two.flp
	fl-stats one.flp two.flp | fl-aggregate --sum > stats.flp
	csv a,s ,u 1,
	fl-import --schema s.schema --missing mean --scale stats.flp t.csv > t.flp
	[ "$(tensor t.flp x)" = $'6 1 0\n1 0 0' ]
	[ "$(tensor t.flp :center | xargs)" = "6 0.5 0.5" ]
	[ "$(tensor t.flp :scale | cut -c 1-4)" = "5.35" ]
	# the mean of the rows that have the column
	csv a,s 1,u ,v 8,
	fl-import --schema s.schema --missing keep t.csv | fl-stats > kept.flp
	[ "$(fl-export -f csv kept.flp | tail -n 3 | xargs)" = "a,2,9,65 s=u,2,1,1 s=v,2,1,1" ]
	fl-aggregate --sum stats.flp kept.flp > sum.flp
	fl-import --schema s.schema --missing mean --scale sum.flp t.csv > t.flp
	[ "$(tensor t.flp x)" = $'1 1 0\n5.5 0 1\n8 0 0' ]
	csv a,s ,u ,
	fl-import --schema s.schema --missing mean --scale sum.flp t.csv > t.flp
	[ "$(tensor t.flp x)" = $'5.5 1 0\n5.5 0 0' ]
	csv a,b 1,2 3,4
	fl-import -x b t.csv > other.flp
	fl-stats other.flp > other-stats.flp
	refused 3 'other-stats.flp: ' fl-import --scale other-stats.flp t.csv
	refused 3 'kind' fl-import --scale other.flp t.csv
}

@test "schemas of sites merge" {
	csv x,sex,y,g 1,male,A,here 2,male,B,here
	fl-import -y y -g g --schema-out a.schema t.csv > a.flp
	cp t.csv a.csv
	csv g,y,sex,x there,C,female,3
	fl-import -y y -g g --schema-out b.schema t.csv > b.flp
	sort -u a.schema b.schema > all.schema
	printf '%b' 'group\tlevel\tg\there\ngroup\tlevel\tg\tthere\nx\tlevel\tsex\tfemale\n' \
	    'x\tlevel\tsex\tmale\nx\tnumber\tx\ny\tclass\ty\tA\ny\tclass\ty\tB\ny\tclass\ty\tC\n' |
	    diff - all.schema
	fl-import --schema all.schema a.csv > a.flp
	fl-import --schema all.schema t.csv > b.flp
	for f in a.flp b.flp; do
		[ "$(tensor $f :features | xargs)" = "sex=female sex=male x" ]
		[ "$(tensor $f :classes | xargs)" = "A B C" ]
		[ "$(tensor $f :groups | xargs)" = "here there" ]
	done
	[ "$(tensor a.flp x)" = $'0 1 1\n0 1 2' ]
	[ "$(tensor b.flp x)" = "1 0 3" ]
	[ "$(tensor b.flp y)" = "2" ]
	# with both options, the merged schema is written
	fl-import --schema a.schema --schema b.schema --schema-out both.schema t.csv > both.flp
	sort both.schema | diff - all.schema
	[ "$(tensor both.flp :features | xargs)" = "x sex=male sex=female" ]
	refused 3 't.csv: row 1 (line 2): column sex: expected one of 1 levels, found "female"' \
	    fl-import -v --schema a.schema t.csv
	fails 3 fl-import --schema a.schema t.csv
	[[ $message != *female* ]]
}

@test "levels and classes that are equal as numbers are one, however they are written" {
	csv a,b,y 1,1.0,+1 1.0,x,1e0 +1,1,01 1e0,x,1. 01,nan,2 2,0x10,2.00
	fl-import --levels a,b -y y --na '' --schema-out s t.csv > t.flp
	[ "$(tensor t.flp :features | xargs)" = "a=1 a=2 b=0x10 b=1 b=nan b=x" ]
	[ "$(tensor t.flp x | xargs -n 6 | cut -d ' ' -f 1,2 | xargs)" = "1 0 1 0 1 0 1 0 1 0 0 1" ]
	[ "$(tensor t.flp :classes | xargs) $(tensor t.flp y)" = "1 2 0 0 0 0 1 1" ]
	# another site's spellings, under its schema and in the merged ones
	csv a,b,y 1.00,1.,2.0 2e0,x,1.0 02,NAN,1.
	fl-import --levels a,b -y y --na '' --schema-out s2 t.csv > t2.flp
	sort -u s s2 > both
	[ "$(grep -c $'^x\tlevel\ta\t' both) $(grep -c ^y both)" = "2 2" ]
	fl-import --schema both --na '' t.csv > t2.flp
	[ "$(tensor t2.flp y)" = "1 0 0" ]
	# as exact decimals: what a double cannot tell apart differs
	csv a 12345678901234567 12345678901234568 12345678901234567.0 1e-400 -0 0.0 1e400 10e399 \
	    .50 1e999999999999 10e999999999998
	fl-import --levels a t.csv > t.flp
	diff - <(tensor t.flp :features) <<-'END'
		a=0
		a=0.5
		a=12345678901234567
		a=12345678901234568
		a=1e-400
		a=1e400
		a=1e999999999999
	END
	csv a 1e9999999999999999999
	refused 3 'row 1 (line 2): column a: "1e9999999999999999999": expected a number with fewer digits or' \
	    fl-import -v --levels a t.csv
	# groups are texts
	csv a,g 1,1 2,1.0 3,01
	fl-import -g g t.csv > t.flp
	[ "$(tensor t.flp :groups | xargs)" = "01 1 1.0" ]
}

@test "a schema writes a number in one way, its own or the plain one" {
	csv a,y,g 1,2,1.0
	printf 'x\tlevel\ta\t1.0\nx\tlevel\ta\t2e0\nx\tlevel\ta\t1.0\ny\tclass\ty\t+2\n' > old
	printf 'group\tlevel\tg\t1\ngroup\tlevel\tg\t1.0\n' >> old
	fl-import --schema old --schema-out new t.csv > t.flp
	[ "$(tensor t.flp x) $(tensor t.flp y) $(tensor t.flp group)" = "1 0 0 1" ]
	printf 'x\tlevel\ta\t1\nx\tlevel\ta\t2\ny\tclass\ty\t2\n' > plain
	grep -v ^group new | diff plain -
	# each file gives a schema, and several schemas are merged
	fl-import --schema plain --schema old t.csv | cmp - t.flp
	fl-import --schema old --schema plain t.csv | cmp - t.flp
	sort -u old plain > both
	refused 3 'both:4: column a: expected one spelling of 1, found 1 and 1.0' \
	    fl-import --schema both t.csv
	{ cat old; printf 'y\tclass\ty\t2.0\n'; } > both
	refused 3 'both:7: column y: expected one spelling of 2, found +2 and 2.0' \
	    fl-import --schema both t.csv
	refused 3 'both:7: column y: ' fl-init -a 'dense 2' -i both
}

@test "a schema goes with data, statistics and models, but its groups do not" {
	csv g,y,sex,x here,A,male,1 here,B,female,2.5 there,A,male,3
	fl-import -y y -g g --schema-out s t.csv > t.flp
	grep -v ^group s > said
	[ "$(wc -l < said)" -eq 5 ]
	fl-export -t :schema t.flp | cmp said -
	fl-split -p group -o sites t.flp
	fl-export -t :schema sites/client-there.flp | cmp said -
	fl-stats sites/*.flp | fl-aggregate --sum > st.flp
	fl-init -a 'dense 2' -i s -S st.flp > g0.flp
	fl-init -a 'dense 2' -i t.flp -S st.flp | cmp - g0.flp
	fl-train -m g0.flp sites/client-here.flp > local.flp
	fl-train -m g0.flp -u sites/client-here.flp > u.flp
	fl-aggregate u.flp | fl-step -m g0.flp > g1.flp
	fl-import -y y -g g --scale st.flp t.csv > scaled.flp
	csv sex,x,y female,4,B male,5,A
	fl-import --schema said t.csv > expected.flp
	for f in t.flp sites/client-here.flp st.flp g0.flp local.flp g1.flp scaled.flp; do
		fl-export -t :schema $f | cmp said -
		fl-import --schema $f --schema-out again t.csv | cmp expected.flp -
		cmp again said
		fl-import --schema - t.csv < $f | cmp expected.flp -
		fl-import --schema - t.csv < <(cat $f) | cmp expected.flp -
	done
	fl-eval -m g1.flp expected.flp > table
	# updates and other records have none
	refused 3 'u.flp: expected a record with :schema, found update without one' \
	    fl-import --schema u.flp t.csv
	fl-init -a 'dense 2' -n 2 > plain.flp
	refused 3 'plain.flp: expected a record with :schema, found params' fl-import --schema plain.flp t.csv
	refused 3 'standard input: record 2: expected one record, found more' \
	    fl-import --schema - t.csv < <(cat g0.flp g1.flp)
	flip g0.flp 200 bad.flp
	fails 3 fl-import --schema bad.flp t.csv
	# records and files merge
	printf 'x\tlevel\tsex\tother\n' > more
	fl-import --schema g0.flp --schema more --schema-out both t.csv > /dev/null
	[ "$(cut -f 3,4 both | head -4 | tr '\t\n' '= ')" = "sex=female sex=male sex=other x " ]
	printf 'x\tnumber\tsex\n' > more
	refused 3 'more:1: column sex: expected levels as in g0.flp:1, found a number' \
	    fl-import --schema g0.flp --schema more t.csv
}

@test "a separator that is not there makes no column of whole rows" {
	printf '%s\n' 'sex;dx' 'F;E11.9' 'M;I10' 'F;E11.9' > t.csv
	refused 3 'header: expected the separator of --separator in the first line, found a semicolon' \
		fl-import --separator tab t.csv
	fl-import --separator semicolon t.csv > t.flp
	tr ';' ' ' < t.csv > blanks.csv
	refused 3 'expected a comma, semicolon or tab between the fields, found a space' \
		fl-import blanks.csv
	refused 3 'found a space' fl-import -x sex blanks.csv
	fl-import --separator space blanks.csv | cmp t.flp -
	# one column whose name and texts have blanks
	printf '%s\n' 'blood type' 'A pos' 'B neg' 'A pos' > one.csv
	refused 3 'found a space' fl-import one.csv
	fl-import -x 'blood type' one.csv > t.flp
	fl-import --separator comma one.csv | cmp t.flp -
	printf '%s\n' diagnosis 'heart failure' 'angina' | fl-import > t.flp
}

@test "an option for a text is given once, unless it is a list; of others the last holds" {
	csv a,b,y 1,2,p 3,4,q
	for option in -x --levels --na --header -y -g --separator; do
		refused 2 'expected once, found twice' fl-import $option a $option b t.csv
	done
	refused 2 'option --na: expected once, found twice' fl-predict -m m.flp --na x --na y t.csv
	refused 2 'option --model: expected once, found twice' fl-predict -m m.flp --model m.flp t.csv
	fl-import -vv --missing drop --missing zero t.csv 2> /dev/null | cmp - <(fl-import --missing zero t.csv)
}

@test "an empty line is a missing value in a table of one column, and nothing in others" {
	printf '\n1\n\n2\n' | fl-import --header a --missing zero > t.flp
	[ "$(tensor t.flp x | xargs)" = '0 1 0 2' ]
	printf '\na\n\n1\n2\n' | fl-import --missing zero > t.flp
	[ "$(tensor t.flp x | xargs)" = '0 1 2' ]
	printf '\na,b\n\n1,2\n\n3,4\n' | fl-import > t.flp
	[ "$(tensor t.flp x | xargs)" = '1 2 3 4' ]
	refused 3 'row 2 (line 3): expected 2 fields, found 1' fl-import <(printf 'a,b\n1,2\nfoo\n\n3,4\n')
}

@test "a file may lack the label of a schema, and is then not to be trained on" {
	printf 'age,sex,y\n1,m,0\n2,f,1\n' > with.csv
	cut -d , -f 1,2 with.csv > without.csv
	fl-import -y y --schema-out y.schema with.csv | fl-put with.flp
	run --separate-stderr fl-import -v --schema y.schema without.csv
	[[ $stderr == *'without.csv: the rows have no label, since there is no column y' ]]
	fl-import --schema y.schema without.csv | fl-put without.flp
	[ "$(fl-export -f csv without.flp)" = "$(fl-export -f csv with.flp | sed 's/,[^,]*$//')" ]
	[ "$(tensor without.flp :schema)" = "$(tensor with.flp :schema)" ]
	fl-init -a 'dense 1' -i without.flp -s 1 | cmp - <(fl-init -a 'dense 1' -i with.flp -s 1)
	fl-init -a 'dense 1' -i with.flp -s 1 | fl-put model.flp
	refused 3 'expected classes in the data, found neither, since the rows came without the label y' \
		fl-train -m model.flp without.flp
	refused 3 'found neither, since the rows came without the label y' fl-eval -m model.flp without.flp
	# a column of another name may be the label
	run --separate-stderr fl-import --schema y.schema without.csv
	[ -z "$stderr" ]
	sed '1s/y$/yy/' with.csv > misspelt.csv
	run --separate-stderr fl-import --schema y.schema misspelt.csv
	[ "$stderr" = 'fl-import: misspelt.csv: the rows have no label, since there is no column y' ]
	fl-import --schema y.schema misspelt.csv 2> said | cmp - without.flp
	fl-predict -v -m model.flp misspelt.csv > table
	# the column of the groups may not
	fl-import -y y -g sex --schema-out group.schema with.csv > group.flp
	run --separate-stderr fl-import --schema group.schema without.csv
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	run --separate-stderr fl-import --schema group.schema misspelt.csv
	[[ $stderr == *'the rows have no label, since there is no column y' ]]
	refused 3 'column y: expected in the header, found age, sex' fl-import -v -y y without.csv
}

@test "a schema of labels alone goes with LIBSVM and IDX" {
	printf '%s\n' '+1 1:0.5 3:2' '-1 2:1' > t.svm
	fl-import -f libsvm t.svm > t.flp
	[ "$(tensor t.flp :schema)" = $'y\tclass\tlabel\t-1\ny\tclass\tlabel\t1' ]
	fl-init -a 'dense 1' -i t.flp > m.flp
	echo '1.0 1:1' | fl-import -f libsvm --width 3 --schema m.flp > one.flp
	[ "$(tensor one.flp y) $(tensor one.flp :classes | xargs)" = "1 -1 1" ]
	fl-eval -m m.flp one.flp > table
	fl-import -f libsvm --target number t.svm > t.flp
	[ "$(tensor t.flp :schema)" = $'y\tnumber\tlabel' ]
	{ idx 08 2 2; printf 'abcd'; } > x
	{ idx 08 2; printf '\x02\x00'; } > y
	fl-import -f idx -y y x > t.flp
	[ "$(tensor t.flp :schema | cut -f 4 | xargs)" = "0 1 2" ]
	fl-import -f idx -y y --schema t.flp x | cmp t.flp -
	fl-import -f idx x > t.flp
	[ "$(fl-dump t.flp | grep -c :schema)" -eq 0 ]
}

@test "LIBSVM labels are numbers" {
	printf '%s\n' '+1 1:0.5 3:2' '-1 2:1' > a.svm
	printf '%s\n' '1.0 1:0.4' '-1.0 2:1' '1 3:2' > b.svm
	for s in a b; do
		fl-import -f libsvm --width 3 --schema-out $s.schema $s.svm > $s.flp
	done
	cmp a.schema b.schema
	[ "$(tensor b.flp y)" = "1 0 1" ]
	printf 'y\tclass\tlabel\t-1\ny\tclass\tlabel\t+1\n' > old
	fl-import -f libsvm --width 3 --schema old b.svm | cmp - b.flp
}

@test "four hospitals, one of which writes 1.0 for 1, have one schema" {
	need_mirror heart-disease processed.{cleveland,hungarian,switzerland,va}.data
	names=age,sex,cp,trestbps,chol,fbs,restecg,thalach,exang,oldpeak,slope,ca,thal,num
	for s in cleveland hungarian switzerland va; do
		fl-import --header $names -x age,sex,cp -y num --levels sex,cp --schema-out $s \
		    "$MIRROR/processed.$s.data" > $s.flp
	done
	sort -u cleveland hungarian switzerland va | cmp - <(sort cleveland)
	[ "$(wc -l < cleveland)" -eq 12 ]
}

@test "a schema that contradicts itself, or says nothing" {
	csv a 1
	schema() { printf "$1" > bad.schema; }
	schema 'x\tnumber\ta\n# a comment\n\nx\tnumber\ta\n'
	fl-import --schema bad.schema t.csv > t.flp
	printf 'x\tlevel\ta\t1\n' > other.schema
	refused 3 'other.schema:1: column a: expected a number as in bad.schema:1, found a level' \
	    fl-import --schema bad.schema --schema other.schema t.csv
	for s in 'x' 'x\tnumber' 'x\tnumber\ta\tb' 'x\tlevel\ta' 'z\tnumber\ta' 'y\tlevel\ta\tb' \
	    'x\tnumber\t' 'x\tlevel\ta\t' 'x\tnumber\ta\x01' 'group\tnumber\ta'; do
		schema "x\tnumber\tb\n$s\n"
		refused 3 'bad.schema:2: ' fl-import --schema bad.schema t.csv
	done
	schema 'x\tnumber\ta\ny\tclass\tb\tu\ny\tclass\tc\tv\n'
	refused 3 'bad.schema:3: y: expected column b' fl-import --schema bad.schema t.csv
	schema '# nothing\n'
	refused 3 'expected at least one feature' fl-import --schema bad.schema t.csv
	schema 'x\tnumber\ta\nx\tnumber\tb\n'
	refused 3 'column b: expected in the header' fl-import --schema bad.schema t.csv
	refused 4 'No such file' fl-import --schema none.schema t.csv
}

@test "a file with an error does not leave a schema" {
	csv a,b 1,2 3
	refused 3 'row 2 (line 3): expected 2 fields, found 1' fl-import --schema-out s t.csv
	[ ! -e s ]
	csv a 1
	refused 4 'none/s: ' fl-import --schema-out none/s t.csv
	[ "$(echo .fl-*)" = ".fl-*" ]
}

@test "quotes, line ends, blanks, a byte order mark" {
	printf 'a,"b,""c"""\n1,x\n2,"y, z"\n' > t.csv
	fl-import t.csv > t.flp
	[ "$(tensor t.flp :features)" = $'a\nb,"c"=x\nb,"c"=y, z' ]
	printf '\xef\xbb\xbfa , b\r\n 1,\t x\r\n\r\n2 ,"y" ' > t2.csv
	fl-import t2.csv > t.flp
	[ "$(tensor t.flp :features | xargs)" = "a b=x b=y" ]
	[ "$(tensor t.flp x)" = $'1 1 0\n2 0 1' ]
	# a line end in quotes is text, and rows and lines are counted separately
	printf 'n,a\n"1\n2",3\n"4\r\n\n5",6\n7,x8\n' > t.csv
	printf 'x\tnumber\ta\n' > s
	refused 3 'row 3 (line 7): column a: expected a number, found "x8"' fl-import -v --schema s t.csv
	printf 'a,b\n1,2"3\n4,5\n' > t.csv
	refused 3 'row 1 (line 2): field 2: expected no quote inside' fl-import t.csv
	printf 'a,b\n1,"2"3\n4,5\n' > t.csv
	refused 3 'row 1 (line 2): field 2: expected a comma after the closing quote' fl-import t.csv
	printf 'a,b\n1,"2\n4,5\n' > t.csv
	refused 3 'row 1 (line 2): field 2: expected a closing quote' fl-import t.csv
}

@test "--header with the header line of the file itself is refused" {
	local said='option --header: expected values in the first line, found these names, so the file '
	said+='has a header line (leave --header out)'
	csv a,b,c 1,2,u 3,4,v
	refused 2 "$said" fl-import --header a,b,c t.csv
	refused 2 "$said" fl-import --header a,b,c -y c --levels a < t.csv
	refused 2 "$said" fl-import --header c,a,b t.csv
	refused 2 "$said" fl-import --header a,b,c <(printf '\ufeff a ;"b"; c\n1;2;u\n')
	refused 2 "$said" fl-import --header a,b,c --separator bar <(printf 'a|b|c\n1|2|u\n')
	refused 2 "$said" fl-import --header a <(printf 'a\n1\n')
	fl-import -y c --schema-out schema t.csv > t.flp
	refused 2 "$said" fl-import --header a,b,c --schema schema t.csv
	fl-init -a 'dense 2' -i schema > m.flp
	refused 2 "$said" fl-predict -m m.flp --header a,b,c t.csv
	# a value may be the name of a column
	fl-import --header a,b,c <(printf 'a,b,b\n') > t.flp
	fl-import --header a,b,c <(printf 'a,b,x\n') > t.flp
	refused 3 'row 1 (line 1): expected 3 fields, found 2' fl-import --header a,b,c <(printf 'a,b\n')
}

@test "what a missing value looks like" {
	printf '%s\n' a,s,y 1,u,p ,v,q 3,,p 5,v,q > plain.csv
	fl-import -y y --missing keep plain.csv > t.flp
	for na in '' '""' NA N/A NaN nan NULL null None '?' .; do
		for na in "$na" "\"$na\"" " $na	"; do
			[ "$na" != '""""' ] || continue
			printf '%s\n' a,s,y 1,u,p "$na,v,q" "3,$na,p" 5,v,q > t.csv
			fl-import -y y --missing keep t.csv | cmp - t.flp
			sed 's/,/;/g; s/ //g' t.csv | fl-import -y y --missing keep --decimal , | cmp - t.flp
		done
	done
	# others are levels, or refused, unless they are named
	for na in Unknown na none - NAN -9 '??' 'not known' 1e400; do
		printf '%s\n' a,s,y 1,u,p "$na,v,q" "3,$na,p" 5,v,q > t.csv
		fl-import -x s --levels s --missing zero t.csv > other.flp
		[ "$(tensor other.flp :features | wc -l)" -eq 3 ]
		fl-import -y y --missing keep --na "$na" t.csv | cmp - t.flp
		fl-import -y y --missing keep --na "x,$na" t.csv | cmp - t.flp
		fl-import -y y --missing keep --na-in "a=$na" --na-in "s=y,$na" t.csv | cmp - t.flp
		refused 3 'row 2 (line 3): column a: ' fl-import -y y --missing zero --na x --na-in "s=$na" \
		    --target class --levels s <(sed "s/^$na/v/" t.csv)
	done
	# a list is a row of CSV
	printf '%s\n' 'a,s,y' 1,u,p '"1,5",v,q' '3," x",p' 5,v,q > t.csv
	fl-import -y y --missing keep --na '"1,5"," x"' t.csv | cmp - t.flp
	# no spelling is a missing value but for the empty field
	printf '%s\n' country,y FR,1 NA,2 DE,3 > t.csv
	fl-import --na '' t.csv > t.flp
	[ "$(tensor t.flp :features | xargs)" = "country=DE country=FR country=NA y" ]
	fl-import --na '?' t.csv | cmp - t.flp
	refused 3 'row 2 (line 3): column country: missing value (see --missing)' fl-import t.csv
	printf '%s\n' country,y FR,1 ,2 DE,3 > t.csv
	refused 3 'row 2 (line 3): column country: missing value' fl-import --na '' t.csv
	refused 2 'option --na: "a": found twice' fl-import --na a,a t.csv
	refused 2 'option --na: ' fl-import --na a,,b t.csv
}

@test "numbers that stand for a missing value are compared exactly, as levels are" {
	csv a,s,y 9007199254740992,9007199254740992,u 1,9007199254740993,u 2,1e400,v
	fl-import --levels s --na 9007199254740993 --missing keep -y y t.csv > t.flp
	[ "$(tensor t.flp :features | xargs)" = "a s=1e400 s=9007199254740992" ]
	[ "$(tensor t.flp missing | xargs)" = "0 0 0 0 1 1 0 0 0" ]
	fl-import --levels s --na 9007199254740992 --missing keep -y y t.csv > t.flp
	[ "$(tensor t.flp :features | xargs)" = "a s=1e400 s=9007199254740993" ]
	[ "$(tensor t.flp missing | xargs)" = "1 1 1 0 0 0 0 0 0" ]
	csv a,y 1,u 10e399,v
	fl-import --na 1e400 --missing keep -y y t.csv > t.flp
	[ "$(tensor t.flp missing | xargs)" = "0 1" ]
	refused 3 'found "10e399"' fl-import -v --na 1e401 --missing keep -y y t.csv
	refused 2 'option --na: "1e9999999999999999999": expected a number with fewer digits' \
		fl-import -v --na 1e9999999999999999999 t.csv
	# a level of a schema may be as near
	csv s,y 9007199254740992,u 1,v
	fl-import --levels s -y y --schema-out schema t.csv > t.flp
	fl-import --schema schema --na 9007199254740993 t.csv | cmp - t.flp
	refused 2 'option --na: column s: ' fl-import --schema schema --na 9007199254740992.0 t.csv
}

@test "sixteen thousand spellings of a missing value take no longer than they must" {
	local many
	many=$(seq -s , 1000000 1016000)
	[ "${#many}" -gt 100000 ]
	python3 -c 'print("a,y"); [print(f"{1000000 + i % 40000},u") for i in range(2000000)]' > t.csv
	timeout 20 fl-import --na "$many" --missing drop -y y t.csv > t.flp
	fl-stats t.flp | fl-dump --json | grep -q "\"examples\":1199950"
}

@test "numbers that stand for a missing value" {
	csv t,h,y -200,1,a 20,-200.0,b -2e2,3,a
	fl-import --na-in t=-200 -y y --missing drop t.csv > t.flp
	[ "$(tensor t.flp x)" = "20 -200" ]
	fl-import --na-in t=-9,-200.0 --na-in h=-200 -y y --missing zero t.csv > t.flp
	[ "$(tensor t.flp x)" = $'0 1\n20 0\n0 3' ]
	fl-import --na-in t=-200 --na-in t=20 -y y --missing keep t.csv > t.flp
	[ "$(tensor t.flp missing)" = $'1 0\n1 0\n1 0' ]
	fl-import --na '?,-200' -y y --missing mean t.csv > t.flp
	[ "$(tensor t.flp x)" = $'20 1\n20 2\n20 3' ]
	refused 3 'row 1 (line 2): column t: missing value (see --missing)' fl-import --na-in t=-200 -y y t.csv
	fl-import --na-in t=-20 -y y t.csv > t.flp
	# in levels, classes and groups too
	csv s,g,y 1,1,0 -9,1,1 2,-9.0,0 2,1,-9.00 2,2,1
	fl-import -x s --levels s -y y -g g --missing drop --na-in s=-9 --na-in y=-9 --na-in g=-9 t.csv > t.flp
	[ "$(tensor t.flp :features | xargs) $(tensor t.flp :classes | xargs)" = "s=1 s=2 0 1" ]
	[ "$(tensor t.flp :groups | xargs)" = "1 2" ]
	# decimal commas
	printf 't;h\n-200,0;1,5\n3;-200,5\n' |
	    fl-import --decimal , --na-in t=-200 --na-in h=-200.5 --missing zero > t.flp
	[ "$(tensor t.flp x)" = $'0 1.5\n3 0' ]
	# the column is the shortest that is there, and a text may have = in it
	csv a=b,c 1,2 -9,3
	fl-import --na-in a=b=-9 --missing drop t.csv > t.flp
	[ "$(tensor t.flp x)" = "1 2" ]
	fl-import -x c --na-in a=b=-9 t.csv > t.flp # a column that is not used
	csv a,a=b u,1 b=-9,2 v,-9
	fl-import --na-in a=b=-9 --missing drop t.csv > t.flp
	[ "$(features t.flp)/$(tensor t.flp x | xargs)" = 'a=u a=v a=b/1 0 1 0 1 -9' ]
	csv a=b,c 1,2 -9,3
	for bad in a=-9 c =3 ''; do
		refused 2 "option --na-in: expected COLUMN=TEXTS with a column of the table, found \"$bad\"" \
		    fl-import --na-in "$bad" t.csv
	done
	refused 2 'option --na-in: c: "1": found twice' fl-import --na-in c=1,1 t.csv
	printf 'x\tnumber\tc\ny\tclass\tl\tu\n' > s
	fl-import --schema s --na-in l=-1 t.csv > t.flp # a label that the file lacks
}

@test "a level of a schema is not taken for a missing value" {
	printf '%s\n' country,y,g FR,1,a NA,2,a DE,3,a > t.csv
	fl-import --na '' --schema-out s t.csv > t.flp
	# nobody asked for NA, so the schema does not fit
	level='column country: expected levels that do not stand for a missing value, found'
	refused 3 "t.csv: $level one that does (see --na)" fl-import --missing zero --schema s t.csv
	refused 3 "t.csv: $level \"NA\" (see --na)" fl-import -v --missing zero --schema s t.csv
	refused 3 "$level one that does" fl-import --na-in country=x --schema s t.csv
	fl-import --missing zero --na '' --schema s t.csv | cmp - t.flp
	# the option that has the text is named
	other='expected texts other than the levels of the schema, found'
	refused 2 "option --na: column country: $other one of them" fl-import --na x,DE --schema s t.csv
	refused 2 "option --na: column country: $other \"DE\"" fl-import -v --na x,DE --schema s t.csv
	refused 2 "option --na-in: column country: $other one of them" \
	    fl-import --na '' --na-in country=DE --schema s t.csv
	refused 2 "option --na: column country: $other \"DE\"" \
	    fl-import -v --na DE --na-in country=FR --schema s t.csv
	fl-import -x country -y y --na '' --schema-out s t.csv > t.flp
	refused 2 "option --na-in: column y: $other one of them" \
	    fl-import --schema s --na '' --na-in y=2.0 t.csv
}

@test "a gzipped text is read like a plain one, whatever its name is" {
	csv a,y 1,u 2,v
	fl-import -y y t.csv > t.flp
	gzip -c t.csv > odd
	fl-import -y y odd | cmp - t.flp
	fl-import -y y < <(cat odd) | cmp - t.flp
	{ printf 'a,y\n1' | gzip; printf ',u\n2,v\n' | gzip; } > members
	fl-import -y y members | cmp - t.flp
	printf '1 1:2 70:1\n0 2:1\n' > t.svm
	gzip -c t.svm | fl-import -f libsvm | cmp - <(fl-import -f libsvm t.svm)
	echo 1 2,3 > t.txt
	gzip -c t.txt | fl-import -f txt | cmp - <(fl-import -f txt t.txt)
	fl-import -y y --schema-out s t.csv > /dev/null
	gzip s
	fl-import --schema s.gz t.csv | cmp - t.flp
	# as many bytes as there are without the compression
	echo "1 400000:1 $(seq -s ' ' -f '%g:0' 400001 402000)" > t.svm
	yes '0 1:1' | head -n 50 >> t.svm || :
	gzip -c t.svm | fl-import -f libsvm | fl-dump | grep -q '51x402000'
}

@test "a gzipped text that is damaged" {
	{ echo a,b; seq -f %g,7 50000; } > t.csv
	gzip -k t.csv
	head -c 1000 t.csv.gz > cut
	refused 3 'cut: header: gzip: cut before its end' fl-import cut
	for form in libsvm txt; do
		seq -f '%g 1:7' 9 | if [ $form = txt ]; then tr : ' '; else cat; fi | gzip > whole
		head -c $(($(stat -c %s whole) - 1)) whole > cut
		refused 3 'cut: line ' fl-import -f $form cut
		[[ $message == *'gzip: cut before its end' ]]
		{ cat whole; echo more; } > more
		refused 3 'more: line ' fl-import -f $form more
	done
	flip t.csv.gz 5000 bad
	refused 3 ': gzip: ' fl-import bad
}

@test "text in another encoding is named, and so are line ends of another kind" {
	csv a,b 1,2
	printf '1 1:2\n' > t.svm
	printf '1 2\n' > t.txt
	for f in csv libsvm txt; do
		file=t.${f/lib/}
		[ -e "$file" ] || file=t.svm
		for as in UTF-16 UTF-16LE UTF-16BE UTF-32; do
			iconv -f UTF-8 -t $as "$file" > other
			refused 3 "expected text in UTF-8, found $as (convert it: iconv -f $as -t UTF-8)" \
			    fl-import -f $f other
			gzip -c other > other.gz
			refused 3 "found $as" fl-import -f $f other.gz
		done
		printf '\xfe\xff' | cat - <(iconv -f UTF-8 -t UTF-16BE "$file") > other
		refused 3 'expected text in UTF-8, found UTF-16 (' fl-import -f $f other
		printf '\xef\xbb\xbf' | cat - "$file" | fl-import -f $f | cmp - <(fl-import -f $f "$file")
	done
	iconv -f UTF-8 -t UTF-16 t.csv | iconv -f UTF-16 -t UTF-8 | fl-import | cmp - <(fl-import t.csv)
	fl-import --schema-out s t.csv > t.flp
	printf '\xef\xbb\xbf' | cat - s > marked
	fl-import --schema marked t.csv | cmp - t.flp
	iconv -f UTF-8 -t UTF-16 s > other
	refused 3 'other:1: expected text in UTF-8, found UTF-16' fl-import --schema other t.csv
	# lines that end in CR alone, in a file of any length
	for n in 2 100000; do
		{ echo a,b; seq -f %g,7 $n; } | tr '\n' '\r' > mac
		refused 3 "mac: header: expected lines that end in LF, found CR alone (convert it: tr '\r' '\n')" \
		    fl-import mac
	done
	tr '\r' '\n' < mac | fl-import > t.flp
	refused 3 'line 1: expected lines that end in LF, found CR alone' \
	    fl-import -f libsvm <(printf '1 1:2\r0 1:3\r')
	printf '1 2\r3\r' | fl-import -f txt | cmp - <(echo 1 2 3 | fl-import -f txt)
	printf 'a,b\r\r\n1,2\r\r\n' > twice
	refused 3 'found CR alone' fl-import twice
	# in quotes a CR is text
	printf '"1\r2",3\n"1\r2",4\n' > t.csv
	fl-import --header n,a -x a t.csv > t.flp
	[ "$(tensor t.flp x | xargs)" = "3 4" ]
}

# same FILE OPTION...: FILE becomes what plain.csv becomes
same() {
	fl-import "${@:2}" "$1" > same.flp
	fl-import -y y plain.csv | cmp - same.flp
}

@test "a separator is found in the header line" {
	printf '%s\n' a,s,y 1.5,u,p 2,v,q > plain.csv
	tr , '\t' < plain.csv > tab
	tr , ';' < plain.csv > semicolon
	sed 's/$/\r/' semicolon > crlf
	{ printf '\xef\xbb\xbf'; sed 's/[a-z]/"&"/g' tab; } > quoted
	sed 's/,/ ,\t/g' plain.csv | tr ,\\t '\t ' > blanks
	for f in plain.csv tab semicolon crlf quoted blanks; do
		same $f -y y
		same - -y y < <(cat $f)
		gzip -c $f > packed
		same packed -y y
	done
	tr , '|' < plain.csv > bar
	refused 3 'bar: header: expected a comma, semicolon or tab between the fields, found a bar (see --separator)' \
	    fl-import -y y bar
	for c in bar '|'; do same bar -y y --separator $c; done
	tr , ' ' < plain.csv > space
	same space -y y --separator space
	printf 'a b\n1 2\n' > spaces
	refused 3 'spaces: header: expected a comma, semicolon or tab between the fields, found a space (see --separator)' \
	    fl-import spaces
	refused 3 'row 1: expected a comma, semicolon or tab' fl-import --header a,b <(echo '1  2')
	fl-import --separator space spaces > t.flp
	[ "$(tensor t.flp x)" = "1 2" ]
	printf 'full name\n12 Elm St\nJohn Doe\n' | fl-import > t.flp
	refused 3 'header: expected names of columns, found sep=, a line for spreadsheets' \
	    fl-import <(printf 'sep=;\na;b\n1;2\n')
	tr , : < plain.csv > colon
	same colon -y y --separator :
	same tab -y y --separator tab
	same semicolon -y y --separator ';'
	same plain.csv -y y --separator comma
	fl-import -v -y y tab 2> err > t.flp
	grep -qx 'fl-import: tab: a tab separates the fields' err
	fl-import -v -y y --separator tab tab 2> err > t.flp
	run ! grep separates err
	for c in '' ab 1 x . - '"' é; do
		refused 2 'option --separator: expected comma, semicolon, tab, space, bar or one other' \
		    fl-import --separator "$c" plain.csv
	done
	# without a header line the number of names decides
	printf '1,5;u;p\n2;v;q\n' > t
	refused 3 'row 2 (line 2): expected 3 fields, found 1' \
	    fl-import --header a,b,c --separator comma <(printf '1,5;u,p\n2;v;q\n')
	tail -n +2 plain.csv | tr , ';' > t
	same t -y y --header a,s,y
	refused 3 'row 1: expected one of comma, semicolon and tab' \
	    fl-import --header a,b,c <(printf '1,5;u,p;x\n')
	printf '1,5;u;x\n1,5;v;x\n' > t
	fl-import --header a,s,c -x s t > t.flp
	[ "$(tensor t.flp :features | xargs)" = "s=u s=v" ]
	refused 3 'row 1: expected one of comma, semicolon and tab between the fields, found more than one' \
	    fl-import --header a,b <(printf '1,5;2\n')
	# one column has none
	printf 'a\n1\n' | fl-import | cmp - <(printf '"a"\n1\n' | fl-import)
}

@test "of several separators in the header line one is left, or none is taken" {
	# in quotes they are text
	printf '"a;b",c\n1,2\n' | fl-import > t.flp
	[ "$(tensor t.flp :features | xargs)" = "a;b c" ]
	printf 'a;"b,c"\n1;2\n' | fl-import > t.flp
	[ "$(tensor t.flp :features | xargs)" = "a b,c" ]
	# the rows have one of them
	printf 'weight, kg;height, m\n1;2\n' | fl-import > t.flp
	[ "$(tensor t.flp :features)" = $'weight, kg\nheight, m' ]
	printf 'a;b,c\n1,2\n' | fl-import > t.flp
	[ "$(tensor t.flp :features | xargs)" = "a;b c" ]
	# the names that are wanted are of one of them
	printf 'a,b;c,d\n1,2;3,4\n' > t
	refused 3 't: header: expected one of comma, semicolon and tab between the fields, found more than one (see --separator)' \
	    fl-import t
	for want in '-y d' '-g a' '-x d -y a'; do
		fl-import $want t > t.flp
	done
	fl-import -x a t > t.flp
	[ "$(tensor t.flp x)" = 1 ]
	refused 3 'found more than one' fl-import -x e t
	printf 'x\tnumber\td\n' > s
	fl-import --schema s t > t.flp
	[ "$(tensor t.flp x)" = 4 ]
	printf 'x\tnumber\te\n' > s
	refused 3 'found more than one' fl-import --schema s t
	fl-import --separator comma t > t.flp
	[ "$(tensor t.flp :features | xargs)" = "a b;c=2;3 d" ]
	# a row with another number of fields says what was found
	printf 'a;b\n1,2\n' > t
	refused 3 'row 1 (line 2): expected 2 fields, found 1 (a semicolon is between them, see --separator)' \
	    fl-import t
	csv a,b 1,2,
	refused 3 'row 1 (line 2): expected 2 fields, found 3, the last of them empty' fl-import t.csv
}

@test "decimal commas" {
	printf '%s\n' a,s,y 1.5,u,0.5 -2,v,10 .25,u,.50 > plain.csv
	fl-import -y y plain.csv > t.flp
	tr ,. ';,' < plain.csv > semicolons
	tr ,. '\t,' < plain.csv > tabs
	sed 's/;/";"/g; s/^/"/; s/$/"/' semicolons > quoted
	for f in semicolons tabs quoted; do
		same $f -y y --decimal ,
		gzip -c $f > packed
		same packed -y y --decimal ,
	done
	tr ,. '|,' < plain.csv > bars
	same bars -y y --decimal , --separator bar
	tail -n +2 semicolons > t
	same t -y y --decimal , --header a,s,y
	fl-import -y y --target number --decimal , semicolons |
	    cmp - <(fl-import -y y --target number plain.csv)
	# a level that is a number has one name everywhere, and a group is a text
	fl-import -x s,y --levels y -g a --decimal , semicolons > t.flp
	[ "$(tensor t.flp :features | xargs)" = "s=u s=v y=0.5 y=10" ]
	[ "$(tensor t.flp :groups | xargs)" = ",25 -2 1,5" ]
	fl-import -x s -y y --schema-out s plain.csv > t.flp
	fl-import --schema s --decimal , semicolons | cmp - t.flp
	# a column of one
	printf 'a\n1,5\n' | fl-import --decimal , | cmp - <(printf 'a\n1.5\n' | fl-import)
	printf '1,5\n' | fl-import --decimal , --header a | cmp - <(printf 'a\n1.5\n' | fl-import)
	# a comma can't be both
	refused 3 'plain.csv: header: expected a semicolon or a tab between the fields, since the comma is the decimal mark, found none' \
	    fl-import --decimal , plain.csv
	refused 3 'row 1: expected a semicolon or a tab' fl-import --decimal , --header a,b <(echo 1,2)
	# unless the numbers are in quotes, and the separator is given
	printf 'a,s,y\n"1,5",u,0\n"2,25",v,1\n3,u,1\n' > quoted.csv
	fl-import -y y --decimal , --separator comma quoted.csv > t.flp
	[ "$(tensor t.flp x | xargs)" = '1.5 1 0 2.25 0 1 3 1 0' ]
	refused 3 'row 1 (line 2): expected 3 fields, found 4' \
	    fl-import -y y --decimal , --separator , <(tr -d '"' < quoted.csv)
	refused 2 'option --decimal: ' fl-import --decimal x plain.csv
}

@test "a number with the wrong decimal mark is neither a level nor another number" {
	number='expected a number without commas, found something else'
	for v in 1,5 -1,5 1.234,5 1,234 1,234.5; do
		printf "a;b\n$v;2\n" > t
		refused 3 "t: row 1 (line 2): column a: $number (see --decimal; if these are names, give the column to --levels)" \
		    fl-import t
		refused 3 "found \"$v\"" fl-import -v t
		printf "a;b\n1;2\n$v;2\n" > t
		refused 3 "row 2 (line 3): column a: $number" fl-import t
		printf 'x\tnumber\ta\n' > s
		refused 3 "row 2 (line 3): column a: $number" fl-import --schema s t
		printf "b\n\"$v\"\n" > t
		refused 3 "$number (write 1000 without a comma" fl-import t
		fl-import --levels b t > t.flp
	done
	# thousands that are set apart, whatever the decimal mark is
	for v in '1 234' '10 110' "1'234" "-1 234 567,8" $'1\u00a0234' $'1\u202f234,5' $'1\u2019234'; do
		mark='a space'
		[[ $v != *[\'’]* ]] || mark='an apostrophe'
		number="column a: expected a number, found one, with $mark between thousands (write 1000 instead"
		printf "a;b\n$v;2\n" > t
		refused 3 "t: row 1 (line 2): $number" fl-import t
		refused 3 "t: row 1 (line 2): $number" fl-import --decimal , t
		refused 3 "found \"$v\", with $mark between" fl-import -v t
		printf "a\n1\n\"$v\"\n" > t
		refused 3 "t: row 2 (line 3): $number" fl-import t
		printf 'x\tnumber\ta\n' > s
		refused 3 "t: row 2 (line 3): $number" fl-import --schema s t
		fl-import --levels a t > t.flp
	done
	for v in 1.234,5 1,234,567 1,2,; do
		printf "a;b\n$v;2\n" > t
		refused 3 'expected a number with one comma at most, found something else' fl-import --decimal , t
	done
	for v in 1.5 1.234 .5 1.e3; do
		printf "a;b\n$v;2\n" > t
		refused 3 'row 1 (line 2): column a: expected a number with a comma, found something else (see --decimal)' \
		    fl-import --decimal , t
		refused 3 "found \"$v\"" fl-import -v --decimal , --levels a t
		fl-import --decimal , -x b t > t.flp
	done
	# dates and the like are texts
	printf 'a;b\n1.2.2003;18.00.00\nx, y;Dr. Z\n030 1234;12 Elm St\n' > t
	fl-import --decimal , t > t.flp
	diff - <(tensor t.flp :features) <<-'END'
		a=030 1234
		a=1.2.2003
		a=x, y
		b=12 Elm St
		b=18.00.00
		b=Dr. Z
	END
}

@test "--na under decimal commas: a number may have either mark" {
	printf 'a;y\n"-9,0";0\n-9;1\n1,5;1\n' > t
	for na in -9 -9.0 '"-9,0"' '"-9,00"'; do
		fl-import --decimal , --missing keep --na="$na" -y y t > t.flp
		[ "$(tensor t.flp x | xargs)" = '0 0 1.5' ]
		fl-import --decimal , --missing keep --na '' --na-in "a=$na" -y y t | cmp - t.flp
	done
}

@test "numbers that are none, or none that f32 can hold" {
	for v in nan NaN -nan NAN -inf Infinity 1e39 -1e999; do
		csv a,b 1,2 3,$v
		refused 3 "row 2 (line 3): column b: expected a finite number in the range of f32, found \"$v\"" \
		    fl-import -v --na '' t.csv
		fails 3 fl-import --na '' t.csv
		[[ $message != *"$v"* ]]
	done
	csv a +1.5 -.5 3e0 5. 1e-50 3.4028235e38
	fl-import t.csv > t.flp
	[ "$(tensor t.flp x | xargs)" = "1.5 -0.5 3 5 0 3.4028235e+38" ]
	csv a,y 1,2 3,x
	refused 3 'row 2 (line 3): column y: expected a number, found "x"' \
	    fl-import -v -y y --target number t.csv
	csv a,y 1,2.5 3,-1
	fl-import -y y --target number --schema-out s t.csv > t.flp
	[ "$(tensor t.flp y)" = "2.5 -1" ]
	grep -q $'^y\tnumber\ty$' s
}

@test "headers" {
	csv 1,2,u 3,4,v
	fl-import --header a,b,y -y y t.csv > t.flp
	[ "$(tensor t.flp :features | xargs)" = "a b" ]
	refused 3 'row 1 (line 1): expected 2 fields, found 3' fl-import --header a,b t.csv
	refused 2 'option --header: "a": found twice' fl-import --header a,b,a t.csv
	csv a,b,a 1,2,3
	refused 3 'header: two columns are named a' fl-import -v t.csv
	csv ,b 1,2
	refused 3 'row 1 (line 2): field 1: expected no value, since the header line does not name the column, found one (see --features)' \
	    fl-import t.csv
	fl-import -x b t.csv > t.flp
	[ "$(tensor t.flp x)" = 2 ]
	refused 3 'column c: expected in the header' fl-import -x c t.csv
	refused 2 'option --features: b: expected a feature, found the label' fl-import -x b -y b t.csv
	refused 2 'option --levels: c: expected a feature' fl-import -x b --levels c t.csv
	refused 3 'expected a header line, found nothing' fl-import /dev/null
	csv a,b
	fl-import t.csv > t.flp
	[ "$(fl-dump t.flp | awk '$1 == "x" { print $3 }')" = 0x2 ]
}

@test "columns without a name are empty, or the others are chosen by name" {
	printf 'a;b;;\r\n1;2;;\r\n3;4; ;""\r\n' > t.csv
	fl-import t.csv | cmp - <(printf 'a,b\n1,2\n3,4\n' | fl-import)
	printf ';b;;\r\n1;2;;\r\n;4;;x\r\n' > t.csv
	refused 3 't.csv: row 1 (line 2): field 1: expected no value' fl-import t.csv
	fl-import -x b t.csv | cmp - <(printf 'b\n2\n4\n' | fl-import)
	fl-import -x b --schema-out s t.csv > t.flp
	fl-import --schema s t.csv | cmp - t.flp
	# spreadsheets also add empty rows
	printf 'a;b;;\n1;2;;\n;;;\n' > t.csv
	refused 3 'row 2 (line 3): column a: missing value' fl-import t.csv
	fl-import --missing drop t.csv | cmp - <(printf 'a,b\n1,2\n' | fl-import)
	printf ';;\n1;2;3\n' > t.csv
	fails 3 fl-import t.csv
}

@test "a file without a header line is told by the values there" {
	looks='if the first line is a row, give the names with --header'
	for first in 63.0,1.0,1.5 51,2,3 51,?,NA 1,5 7 1e3,2 0.5,low,high '"1,5",low'; do
		printf '%s\n%s\n' "$first" "$first" > t.csv
		refused 3 't.csv: header: expected names of columns, found ' fl-import t.csv
		[[ $message == *"; $looks" ]]
		refused 3 "column age: expected in the header, found other names; $looks" fl-import -x age t.csv
		refused 3 "$looks" fl-import -y age t.csv
		printf 'x\tnumber\tage\n' > s
		refused 3 "$looks" fl-import --schema s t.csv
	done
	csv 63.0,1.0,1.0 61.0,0.0,1.0
	refused 3 "t.csv: header: two columns have the same name; $looks" fl-import -x age t.csv
	refused 3 "t.csv: header: two columns are named 1.0; $looks" fl-import -v -x age t.csv
	fl-import --header age,sex,cp t.csv > t.flp
	csv vhigh,vhigh,2,2,small med,low,4,4,big
	refused 3 "two columns have the same name; $looks" fl-import -x a t.csv
	printf '1,5;2\n1,5;3\n' > t.csv
	refused 3 "$looks" fl-import --decimal , t.csv
	# numbers that are names
	csv 2019,2020 1,2
	refused 3 "expected names of columns, found numbers; $looks" fl-import t.csv
	fl-import -x 2019,2020 t.csv > t.flp
	[ "$(tensor t.flp :features | xargs)" = "2019 2020" ]
	fl-import -y 2019 --target number t.csv > t.flp
	fl-import -x 2019 --schema-out s t.csv > t.flp
	fl-import --schema s t.csv | cmp - t.flp
	csv country,2019,2020 x,1,2
	fl-import t.csv > t.flp
	# names that are none of values are not doubted
	csv age,sex 1,2
	refused 3 'column bmi: expected in the header, found other names' fl-import -x bmi t.csv
	[[ $message != *'looks like'* ]]
	csv age,age,sex,b,c 1,2,3,4,5
	fails 3 fl-import t.csv
	[[ $message != *'looks like'* ]]
}

@test "bytes that are no text, and lines without an end" {
	printf 'a,b\n1,\xff\n' > t.csv
	refused 3 'row 1 (line 2): column b: "\xff": expected printable UTF-8' fl-import -v t.csv
	printf 'a,b\n1,2\0\n' > t.csv
	refused 3 'row 1 (line 2): column b: ' fl-import t.csv
	head -c 100000 /bin/sh > t.csv
	for f in csv libsvm idx txt; do
		fails 3 fl-import -f $f t.csv
	done
	{ echo a; head -c 20000000 /dev/zero | tr '\0' 1; } > long.csv
	refused 3 'row 1 (line 2): expected a line of at most 16777216 bytes' fl-import long.csv
	{ echo a; seq -f u%g 70000; } > many.csv
	refused 3 'row 65537 (line 65538): column a: "u65537": expected at most 65536' \
	    fl-import -v many.csv
}

@test "a pipe and a file give the same bytes, wherever blocks end" {
	{ echo a,b,s,y; seq 60000 | awk '{ printf "%d,%.5f,%s,%d\n", $1, sin($1), $1 % 3 ? "on" : "off", $1 % 7 }'; } > t.csv
	fl-import -y y t.csv > t.flp
	fl-import -y y - < t.csv | cmp - t.flp
	(while IFS= read -r -n 60000 -d '' part || [ -n "$part" ]; do
		printf '%s' "$part"
	done < t.csv) | fl-import -y y | cmp - t.flp
	tensor t.flp x | awk '{ print $1, $2 }' > x
	[ "$(head -n 3 x)" = $'1 0.84147\n2 0.9093\n3 0.14112' ]
	seq 60000 | cmp - <(cut -d ' ' -f 1 x)
}

@test "memory does not grow with the file" {
	need prlimit
	[ -z "${SAN:-}" ] || skip "not with sanitizers"
	{ echo a,b,c,y; seq -f 1.25,-3.5,%g,u 2000000; } > big.csv
	prlimit --data=$((16 << 20)) fl-import -y y big.csv > big.flp
	[ "$(stat -c %s big.flp)" -gt 30000000 ]
	prlimit --data=$((16 << 20)) fl-import -y y < <(cat big.csv) | cmp - big.flp
}

@test "libsvm: classes, targets, width" {
	printf '%s\n' '-1 1:0.5 3:2 # a comment' '+1 2:-1' '' '+1 ' > t.svm
	fl-import -f libsvm --schema-out s t.svm > t.flp
	[ "$(tensor t.flp x)" = $'0.5 0 2\n0 -1 0\n0 0 0' ]
	[ "$(tensor t.flp y)" = "0 1 1" ]
	[ "$(tensor t.flp :classes | xargs)" = "-1 1" ]
	fl-import -f libsvm --width 4 --target number t.svm > t.flp
	[ "$(tensor t.flp x | head -n 1)" = "0.5 0 2 0" ]
	[ "$(tensor t.flp y)" = "-1 1 1" ]
	echo '+1 1:1' | fl-import -f libsvm --schema s > t.flp
	[ "$(tensor t.flp y)" = 1 ]
	refused 3 'line 1: label: expected one of 2 classes, found "2"' \
	    fl-import -v -f libsvm --schema s <(echo '2 1:1')
	refused 3 't.svm: line 1: index 3: expected 2 to 2' fl-import -f libsvm --width 2 t.svm
	for bad in '1 2:1 2:1' '1 2:1 1:1' '1 0:1' '1 1' '1 1:' '1 1:x' '1 :1' '1 1:nan' 'x 1:1' \
	    '1 qid:3 1:1' '1 99999999:1' '1 18446744073709551616:1'; do
		refused 3 'line 2: ' fl-import -f libsvm <(printf '1 1:1\n%s\n' "$bad")
	done
	refused 3 '(see --width)' fl-import -f libsvm <(echo 1)
}

# idx TYPE DIM... : an IDX header
idx() {
	printf "\\x00\\x00\\x$1\\x$(printf %02x $(($# - 1)))"
	for d in "${@:2}"; do
		printf "\\x00\\x00\\x00\\x$(printf %02x "$d")"
	done
}

@test "idx: images, labels, groups, plain and gzipped" {
	{ idx 08 3 2 2; printf '\x00\xff\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a'; } > x
	{ idx 08 3; printf '\x02\x00\x02'; } > y
	{ idx 0b 3; printf '\x01\x00\x00\x05\x01\x00'; } > g
	fl-import -f idx -y y -g g --schema-out s x > t.flp
	[ "$(tensor t.flp x)" = $'0 255 1 2\n3 4 5 6\n7 8 9 10' ]
	[ "$(tensor t.flp y)" = "2 0 2" ]
	[ "$(tensor t.flp :classes | xargs)" = "0 1 2" ]
	[ "$(tensor t.flp group)" = "1 0 1" ]
	[ "$(tensor t.flp :groups | xargs)" = "5 256" ]
	[ "$(tensor t.flp :center) $(tensor t.flp :scale)" = "0 255" ]
	for f in x y g; do gzip -k $f; done
	fl-import -f idx -y y.gz -g g.gz x.gz | cmp - t.flp
	cat x.gz | fl-import -f idx -y y -g g | cmp - t.flp
	# gzip members follow each other
	{ head -c 9 x | gzip; tail -c +10 x | gzip; } > two.gz
	fl-import -f idx -y y -g g two.gz | cmp - t.flp
	# a site without some classes
	{ idx 08 1 2 2; printf '\x00\xff\x01\x02'; } > one
	{ idx 08 1; printf '\x01'; } > oney
	{ idx 08 1; printf '\x05'; } > oneg
	fl-import -f idx -y oney -g oneg --schema s one > one.flp
	[ "$(tensor one.flp :classes | xargs)" = "0 1 2" ]
	printf '\x07' | dd of=oney bs=1 seek=8 conv=notrunc status=none
	refused 3 'oney: row 1: expected one of the schema' fl-import -f idx -y oney -g oneg --schema s one
}

@test "idx: labels and groups of all whole types" {
	{ idx 08 5 1; printf abcde; } > x
	# 2 -1 0 2 100, in each type
	{ idx 09 5; printf '\x02\xff\x00\x02\x64'; } > 09
	{ idx 0b 5; printf '\0\x02\xff\xff\0\0\0\x02\0\x64'; } > 0b
	{ idx 0c 5; printf '\0\0\0\x02\xff\xff\xff\xff\0\0\0\0\0\0\0\x02\0\0\0\x64'; } > 0c
	fl-import -f idx -y 09 -g 09 --schema-out s x > t.flp
	[ "$(tensor t.flp :classes | xargs)" = "-1 0 2 100" ]
	[ "$(tensor t.flp :groups | xargs)" = "-1 0 2 100" ]
	[ "$(tensor t.flp y) $(tensor t.flp group)" = "2 0 1 2 3 2 0 1 2 3" ]
	for a in 09 0b 0c; do
		for b in 09 0b 0c; do
			fl-import -f idx -y $a -g $b x | cmp - t.flp
			fl-import -f idx -y $a -g $b --schema s x | cmp - t.flp
		done
	done
	gzip -c 0c > packed
	fl-import -f idx -y packed -g packed x | cmp - t.flp
	# the ends of their ranges
	{ idx 08 2 1; printf ab; } > two
	{ idx 0c 2; printf '\x7f\xff\xff\xff\x80\0\0\0'; } > wide
	fl-import -f idx -y wide -g wide two > t.flp
	[ "$(tensor t.flp :classes | xargs) $(tensor t.flp y)" = "-2147483648 2147483647 1 0" ]
	{ idx 0b 2; printf '\x7f\xff\x80\0'; } > wide
	fl-import -f idx -g wide two > t.flp
	[ "$(tensor t.flp :groups | xargs)" = "-32768 32767" ]
	fl-import -f idx -y 0c --schema-out s x > t.flp
	{ idx 0c 2; printf '\0\0\0\x02\0\0\0\x03'; } > few
	refused 3 'few: row 2: expected one of the schema'"'"'s 4 names, found "3"' \
	    fl-import -v -f idx -y few --schema s two
	refused 3 'found another number' fl-import -f idx -y few --schema s two
	# classes of unsigned bytes are all up to the greatest
	{ idx 08 2; printf '\x01\x03'; } > bytes
	fl-import -f idx -y bytes -g bytes two > t.flp
	[ "$(tensor t.flp :classes | xargs) $(tensor t.flp :groups | xargs)" = "0 1 2 3 1 3" ]
}

@test "idx: many labels of 32 bits" {
	need python3
	python3 - <<-'END'
		import struct
		def idx(path, code, dims, values):
		    open(path, "wb").write(bytes([0, 0, code, len(dims)]) +
		        b"".join(struct.pack(">I", d) for d in dims) + values)
		for n in 65536, 65537:
		    v = [(i * 2654435761) % 2**32 - 2**31 for i in range(n)]
		    idx(f"y{n}", 12, [n], struct.pack(f">{n}i", *v))
		    idx(f"x{n}", 8, [n, 1], bytes(n))
		    open(f"v{n}", "w").write("".join(f"{i}\n" for i in v))
	END
	fl-import -f idx -y y65536 -g y65536 x65536 > t.flp
	tensor t.flp :classes | cmp - <(sort -n v65536)
	tensor t.flp y | xargs -n 1 > y
	paste -d ' ' y v65536 | sort -n | cut -d ' ' -f 2 | cmp - <(sort -n v65536)
	refused 3 'y65537: a text: expected at most 65536 different texts, found more' \
	    fl-import -f idx -y y65537 x65537
	fl-import -f idx -g y65537 x65537 > t.flp
}

@test "idx: damage" {
	{ idx 08 3 2 2; printf '\x00\xff\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a'; } > x
	{ idx 08 3; printf '\x02\x00\x02'; } > y
	gzip -k x y
	head -c 27 x > short
	refused 3 'short: expected more bytes, found the end of the file: 3 rows of 4 values take 28 bytes, and the file has at most 27' \
	    fl-import -v -f idx short
	refused 3 'short: expected more bytes, found the end of the file' fl-import -f idx short
	[[ $message != *[0-9]* ]]
	refused 3 'standard input: expected more bytes, found the end' fl-import -f idx < <(cat short)
	{ cat x; echo; } > more
	fails 3 fl-import -f idx more
	for n in 1 10 20 $(($(stat -c %s x.gz) - 1)); do
		head -c $n x.gz > cut.gz
		fails 3 fl-import -f idx cut.gz
	done
	{ cat x.gz; echo junk; } > junk.gz
	fails 3 fl-import -f idx junk.gz
	flip x.gz $(($(stat -c %s x.gz) - 6)) crc.gz
	fails 3 fl-import -f idx crc.gz
	{ idx 08 2; printf '\x02\x00'; } > few
	refused 3 'fl-import: few: expected 3 rows of one value, found 2 rows of 1' fl-import -v -f idx -y few x
	refused 3 'fl-import: few: expected as many rows as the features have, found another shape' \
		fl-import -f idx -y few x
	refused 3 'expected an IDX file' fl-import -f idx -y "$DATA/penguins.csv" x
	{ idx 0d 1; printf '\0\0\0\0'; } > float
	refused 3 'expected an IDX file of type 08, 09, 0b or 0c and rank 1 or more' fl-import -f idx float
	for type in 09 0b 0c; do
		{ idx $type 3 1; head -c 12 /dev/zero; } > other
		refused 3 "other: expected " fl-import -f idx other
		{ idx $type 3; head -c 2 /dev/zero; } > short
		refused 3 'short: expected more bytes, found the end of the file: 3 rows of 1 values take' \
		    fl-import -v -f idx -g short x
	done
	# rows that were written before the missing end was noticed do not make a record
	{ idx 08 200 100 100; head -c 1999999 /dev/zero; } > cut
	fails 3 fl-import -f idx cut
	exits 3 fl-import -f idx - < <(cat cut)
	[ -s out ]
	cp out cut.flp
	exits 3 fl-dump cut.flp
	{ idx 08 1 0; } > none
	refused 3 'expected 1 to' fl-import -f idx none
}

@test "MNIST: the bytes of the images" {
	need_mnist train-writer-ids-u16be.gz
	fl-import -f idx -y "$MIRROR/train-labels-idx1-ubyte.gz" \
	    -g "$MIRROR/train-writer-ids-u16be.gz" "$MIRROR/train-images-idx3-ubyte.gz" > m.flp
	fl-dump m.flp | grep -q 'x *u8 *60000x784'
	[ "$(tensor m.flp :groups | wc -l)" -eq 539 ]
	[ "$(tensor m.flp y | cut -d ' ' -f 1-5)" = "5 0 4 1 9" ]
	fl-import -f idx "$MIRROR/t10k-images-idx3-ubyte.gz" > t.flp
	zcat "$MIRROR/t10k-images-idx3-ubyte.gz" | tail -c +17 | od -An -v -tu1 -w784 |
	    sed 's/^ *//; s/  */ /g' | cmp - <(tensor t.flp x)
}

@test "adult and a9a: the same people" {
	need_mirror adult adult.data a9a
	names=age,workclass,fnlwgt,education,education-num,marital-status,occupation,relationship
	names=$names,race,sex,capital-gain,capital-loss,hours-per-week,native-country,income
	fl-import --header $names -y income --missing zero "$MIRROR/adult.data" > adult.flp
	fl-import -f libsvm --width 123 "$MIRROR/a9a" > a9a.flp
	[ "$(tensor adult.flp y | md5sum)" = "$(tensor a9a.flp y | md5sum)" ]
	[ "$(tensor adult.flp :classes | xargs)" = "<=50K >50K" ]
	[ "$(tensor a9a.flp :classes | xargs)" = "-1 1" ]
}

@test "a client's name, and no other metadata" {
	csv a 1
	fl-import --client ward-3 t.csv > t.flp
	[ "$(fl-dump t.flp | awk '$1 == "client" { print $2 }')" = ward-3 ]
	fl-import t.csv > t.flp
	cp t.csv elsewhere.csv
	touch -d 2001-01-01 elsewhere.csv
	fl-import < elsewhere.csv | cmp - t.flp
}

@test "options that can't be used together" {
	csv a,b 1,2
	refused 2 'option --features: not allowed with --format libsvm' fl-import -f libsvm -x a t.csv
	refused 2 'option --width: not allowed with --format csv' fl-import --width 3 t.csv
	refused 2 'option --missing: not allowed with --format idx' fl-import -f idx --missing zero t.csv
	refused 2 'option --as: expected data with --format csv' fl-import --as params t.csv
	refused 2 'option --as: expected params with --format txt' fl-import -f txt --as data t.csv
	for option in features label group levels reference target; do
		value=b
		[ $option != target ] || value=class
		refused 2 "option --$option: not allowed with --schema" fl-import --schema s --$option $value t.csv
	done
	refused 2 'option --target: needs --label' fl-import --target number t.csv
	refused 4 'No such file' fl-import none.csv
}

# An option that no form takes, or that the tool does not check, would be ignored.
@test "an option of one form is refused with another" {
	local help=$(fl-import --help) option form value said refused
	csv a,b 1,2
	for option in $(sed -nE 's/^  (-., |    )--([a-z-]+).*/\2/p' <<<"$help" |
	    grep -vxE 'format|as|policy|verbose|help|version'); do
		case $option in
		target) value=class ;;
		missing) value=zero ;;
		width) value=3 ;;
		decimal) value=, ;;
		dtype) value=f32 ;;
		public) value= ;;
		*) value=x ;;
		esac
		refused=0
		for form in $(sed -nE 's/.*--format ([a-z|]+).*/\1/p' <<<"$help" | tr '|' ' '); do
			said=$(fl-import -f "$form" "--$option" $value t.csv 2>&1 >/dev/null) || :
			[[ $said != *"option --$option: not allowed with --format $form"* ]] || refused=1
		done
		[ "$refused" -eq 1 ] || { echo "--$option: refused with no form"; return 1; }
	done
}

@test "a file that changes between its two readings is refused" {
	awk 'BEGIN { print "a,b,y"; for (;n++ < 200000;) print "1,2,u" }' > data.csv
	sed s/1,2/7,8/ data.csv > other.csv
	# The second reading waits for the reader of its output.
	{ fl-import -y y data.csv 2> err || echo $? > status; } | { sleep 0.5; cat other.csv > data.csv; cat > out; }
	[ "$(cat status)" -eq 4 ]
	grep -q 'changed while it was read' err
	refused 3 'out: ' fl-dump out
}

@test "the schema replaces no file that is in use" {
	printf 'a,y\n1,u\n' > t.csv
	fl-import -y y --schema-out s t.csv > t.flp
	fl-stats t.flp > st.flp
	for used in t.csv ./t.csv st.flp; do
		refused 2 'option --schema-out: expected ' \
			fl-import -y y --scale st.flp --schema-out $used t.csv
	done
	refused 2 'a file other than standard input' fl-import -y y --schema-out t.csv < t.csv
	run -2 bash -c 'fl-import -y y --schema-out out.flp t.csv > out.flp'
}

@test "-v says how many rows were left out" {
	printf 'a,y\n1,u\n,v\n2,v\n' > t.csv
	fl-import -v -y y --missing drop t.csv 2> err > t.flp
	diff - err <<-'END'
		fl-import: t.csv: 2 rows of 1 feature, 1 left out for missing values
		fl-import: t.csv: column y: classes u, v
		fl-import: t.csv: column a: 1 value missing, rows left out
	END
	refused 3 'expected a row without missing values, found none in 1' \
		fl-import -v --missing drop <(printf 'a\nNA\n')
	refused 3 'values, found none' fl-import --missing drop < <(printf 'a\nNA\n')
	[[ $message != *[0-9]* ]]
}

@test "a result that may not be meant is said, without a value or a count" {
	csv 39,State,77516 50,Private,83311 60,State,1 7,Private,2
	fl-import t.csv 2> err > t.flp
	[ "$(cat err)" = 'fl-import: t.csv: warning: the first line was read as names, but looks like a row; if it is one, give the names with --header' ]
	csv p,x,s e,x,s p,b,w p,b,s # texts alone
	fl-import t.csv 2>&1 > t.flp | grep -q 'looks like a row'
	csv country,2010,rate a,1,2 b,2,3
	[ -z "$(fl-import t.csv 2>&1 > t.flp)" ]
	csv country,2010,2011 a,1,2 b,2,3 # columns that are named are in the header
	[ -z "$(fl-import -y country t.csv 2>&1 > t.flp)" ]

	csv a,s,y -9,?,0 3,u,1 4,?,0
	[ "$(fl-import --na=-9 --missing mean -y y t.csv 2>&1 > t.flp)" = \
	    'fl-import: t.csv: warning: levels that may stand for missing values: s=? (see --na-in; --na replaces the usual texts)' ]
	[ -z "$(fl-import --na=-9,? --missing mean -y y t.csv 2>&1 > t.flp)" ]
	[ -z "$(fl-import --na '' --missing mean -y y t.csv 2>&1 > t.flp)" ]
	fl-import --na '' -y y --schema-out s.schema t.csv > t.flp
	[ -z "$(fl-import --na x --schema s.schema t.csv 2>&1 > t.flp)" ] # the schema says so

	csv a,b 1,2 ,3 ,4 5,6
	[ -z "$(fl-import --missing drop t.csv 2>&1 > t.flp)" ]
	csv a,b 1,2 ,3 ,4
	[ "$(fl-import --missing drop t.csv 2>&1 > t.flp)" = \
	    'fl-import: t.csv: warning: more than half of the rows are left out for missing values (-v says of which columns)' ]
}

@test "compressed files and spreadsheets are named" {
	csv a,b 1,2
	for how in 'an xz file=xz' 'a zstd file=zstd' 'a bzip2 file=bzip2'; do
		command -v "${how#*=}" > /dev/null || continue
		"${how#*=}" -c t.csv > packed
		refused 3 "packed: header: expected text in UTF-8, found ${how%=*} (unpack it: ${how#*=} -dc)" \
		    fl-import packed
	done
	python3 -c 'import zipfile; zipfile.ZipFile("packed", "w").writestr("a.xml", "x")'
	refused 3 'found a spreadsheet or a zip file (save the sheet as CSV, or unpack it: unzip -p)' \
	    fl-import packed
	refused 3 'found a spreadsheet or a zip file' fl-import -f libsvm packed
	printf '\x89HDF\r\n\x1a\n' > packed
	refused 3 'found an HDF5 file (write it as CSV)' fl-import -f txt packed
	printf 'PAR1\x15\x04' > packed
	refused 3 'found a Parquet file (write it as CSV)' fl-import packed
	printf '\xd0\xcf\x11\xe0\xa1\xb1' > packed
	refused 3 'found an old spreadsheet or document (save it as CSV)' fl-import packed
	fl-import t.csv > t.flp
	refused 3 'found an .flp record (other tools read it as it is, but not compressed)' fl-import t.flp
	csv a 1 2,5
	refused 3 'expected 1 field, found 2; if a comma is the decimal mark, see --decimal' fl-import t.csv
}

@test "letters that are not UTF-8 are refused with the way to convert them" {
	hint='found other bytes; if it is a Windows or Latin-1 file, convert it: iconv -f WINDOWS-1252 -t UTF-8'
	csv a,b $'1,\xe9t\xe9' 2,u
	refused 3 "row 1 (line 2): column b: a text: expected printable UTF-8, $hint" fl-import t.csv
	iconv -f WINDOWS-1252 -t UTF-8 t.csv | fl-import > t.flp
	[ "$(tensor t.flp :features | xargs)" = 'a b=u b=été' ]
	csv $'a,\xe9t\xe9' 1,2
	refused 3 "header: column 2: a text: expected printable UTF-8, $hint" fl-import t.csv
	csv a,b $'1,\x01x' 2,u
	fails 3 fl-import t.csv
	[[ $message == *'found other bytes' ]]
}

@test "levels that may stand for a missing value are named" {
	for word in '#N/A' unknown NONE '<NA>' - n/a; do
		csv s,y F,0 "$word,1" M,0
		fl-import -y y t.csv 2> err > t.flp
		[ "$(cat err)" = "fl-import: t.csv: warning: levels that may stand for missing values: s=$word (see --na-in)" ]
		[ -z "$(fl-import -y y --na '' t.csv 2>&1 > t.flp)" ]
		[ -z "$(fl-import -y y --missing zero --na-in "s=$word" t.csv 2>&1 > t.flp)" ]
	done
	csv a,y 1,0 2,unknown
	[[ "$(fl-import -y y t.csv 2>&1 > t.flp)" == *'missing values: y=unknown (see --na-in)' ]]
	csv pain,lab,y none,ok,0 mild,unknown,1 severe,-,0
	[[ "$(fl-import -y y t.csv 2>&1 > t.flp)" == *'missing values: lab=-, lab=unknown (see --na-in)' ]]
	[ -z "$(fl-import -y y --levels lab t.csv 2>&1 > t.flp)" ]
	# a long list ends with dots
	{ for i in {1..60}; do printf 'column%d,' $i; done; echo y; for v in unknown known; do
		for i in {1..60}; do printf '%s,' $v; done; echo 1; done; } > t.csv
	[[ "$(fl-import -y y t.csv 2>&1 > t.flp)" == *', column'*'=unknown, ... (see --na-in)' ]]
}

@test "whole numbers that f32 rounds are said to be, and a table without rows" {
	csv id,y 16777216,0 -16777217,1
	[ "$(fl-import -y y t.csv 2>&1 > t.flp)" = \
	    'fl-import: t.csv: warning: whole numbers above 16777216 are rounded to f32: id (leave out identifiers and dates by -x)' ]
	csv id,y 16777216,0 16777218,1 0.1,2
	[ -z "$(fl-import -y y t.csv 2>&1 > t.flp)" ]
	csv id,y
	[ "$(fl-import -y y t.csv 2>&1 > t.flp)" = 'fl-import: t.csv: warning: the table has no rows' ]
}

@test "a header line among the rows is refused" {
	csv sex,y F,a M,b sex,y M,a
	refused 3 't.csv: row 3 (line 4): expected values, found the header line again (leave it out; if the first line is a row, see --header)' fl-import t.csv
	refused 3 'row 3 (line 4): expected values, found the header line' fl-import --missing drop t.csv
	csv sex,y F,a M,b $'\ufeffsex,y' M,a
	refused 3 'row 3 (line 4): expected values, found the header line' fl-import t.csv
	csv sex,y F,a M,b sex,b y,sex
	fl-import t.csv > t.flp
}

@test "a file that is not a table: LIBSVM, lines before the header" {
	csv '1 1:0.5 3:1' '-1 2:1'
	refused 3 'expected a table in CSV, found a row of LIBSVM (fl-import --format libsvm reads it)' fl-import t.csv
	for line in '1 1:2 # c' $'+1\t1:0.5\t2:1'; do
		csv "$line" '2 1:3'
		refused 3 'found a row of LIBSVM' fl-import t.csv
	done
	csv 'Study export' 'a;b;y' '1;2;3'
	refused 3 'expected a header line with the separators of the line after it, found none (leave out lines' fl-import t.csv
	csv '+1 1:0.5'
	refused 3 'found a row of LIBSVM' fl-import t.csv
	for line in 'at 10:30' '1 2' '1:2 3:4' '1 a:2'; do
		csv "$line" x y z
		[[ "$(fl-import t.csv 2>&1 > t.flp)" != *LIBSVM* ]]
	done
	csv 'Report 2024' a,b,c 1,2,3
	refused 3 'expected 1 field, found 3; leave out lines before the header, as tail -n +2 does' fl-import t.csv
	printf 'a,b\n1,"x\ny"\n' > t.csv
	refused 3 'found other bytes; it has a line break' fl-import t.csv
}

@test "a separator that is not in the first row is refused, also under --header" {
	for other in ';' , '|'; do
		printf "F${other}E1\nM${other}I2\n" > t.csv
		refused 3 'expected the separator of --separator in the first line, found' \
		    fl-import --header a --separator tab t.csv
	done
	printf '1,5\n3,5\n' | fl-import --header a --decimal , --separator semicolon > t.flp
	# the columns of --levels are wanted as others are
	printf 'last name\nvan dyke\nde ruiter\n' > t.csv
	fl-import --levels 'last name' t.csv > t.flp
	[ "$(tensor t.flp :features | wc -l)" -eq 2 ]
	printf 'a;b,c\n1;2,3\n' > t.csv
	fl-import --levels c t.csv > t.flp
	[ "$(tensor t.flp :features | xargs)" = 'a;b=1;2 c=3' ]
}

@test "a schema in which a feature is also the label or the group is refused" {
	csv a,y 1,p 2,q
	for lines in 'x level y p,y class y p' 'y class y p,x number y' 'x number a,group level a 1'; do
		tr ' ,' '\t\n' <<< "$lines" > s.schema
		refused 3 "s.schema:2: column " fl-import --schema s.schema t.csv
		[[ $message == *': expected a feature, or the label or the group, found both (was it given by -y or -g at every site?)' ]]
	done
}

@test "an empty file has no rows, also where --header names its columns" {
	: > t.csv
	refused 3 't.csv: expected a header line, found nothing' fl-import t.csv
	refused 3 't.csv: expected a row, found nothing' fl-import --header a,b t.csv
}

@test "-v says how many values each column lacks, and what became of them" {
	csv a,s,b,y,g 1,u,1,p,k ,v,1,q,k 3,,1,p,k NA,,1,q,k
	said() {
		fl-import -v -x a,s,b -y y -g g "$@" t.csv 2> err > t.flp
		grep ': column .*missing,' err | sed 's/^fl-import: t.csv: //'
	}
	diff - <(said --missing mean) <<-'END'
		column a: 2 values missing, filled with the mean
		column s: 2 values missing, none of its levels set
	END
	diff - <(said --missing zero --na-in b=1.0) <<-'END'
		column a: 2 values missing, filled with 0
		column s: 2 values missing, none of its levels set
		column b: 4 values missing, filled with 0
	END
	diff - <(said --missing keep) <<-'END'
		column a: 2 values missing, marked as missing
		column s: 2 values missing, marked as missing
	END
	csv a,s,b,y,g 1,u,1,p,k ,v,1,q,k 3,,1,,k NA,,1,q,
	diff - <(said --missing drop) <<-'END'
		column a: 2 values missing, rows left out
		column s: 2 values missing, rows left out
		column y: 1 value missing, rows left out
		column g: 1 value missing, rows left out
	END
	# a column with a reference takes the shares of all sites
	csv a,s 1,u ,v 3, NA,v
	fl-import --missing keep --reference s=u --schema-out s.schema t.csv | fl-stats > stats.flp
	fl-import -v --schema s.schema --scale stats.flp --missing mean t.csv 2> err > t.flp
	[[ "$(tensor t.flp x | sed -n 3p)" == '3 0.666666'* ]]
	tail -n +2 err | sed 's/^fl-import: t.csv: //' | diff - <(cat <<-'END'
		column s: levels u, v
		column a: 2 values missing, filled with the mean
		column s: 1 value missing, filled with the shares of its levels
	END
	)
	# nothing is filled in where that is refused
	fails 3 fl-import -v --missing mean --reference s=u t.csv
	[[ $message == *'column s: missing value: '* && $message != *filled* ]]
	# counts are data
	csv a,s,b,y,g 1,u,1,p,k ,v,1,q,k 3,,1,,k NA,,1,q,
	fl-import -x a,s,b --missing zero t.csv 2> err > t.flp
	[ ! -s err ]
	csv a 1 2
	fl-import -v t.csv 2> err > t.flp
	[ "$(wc -l < err)" -eq 1 ]
}

@test "a file without rows says nothing of its columns, so that other sites do" {
	printf 'a,y\n' | fl-import -y y --schema-out none.schema > none.flp
	printf 'a,y\nred,p\nblue,q\n' | fl-import -y y --schema-out some.schema > some.flp
	[ ! -s none.schema ]
	sort -u none.schema some.schema > all.schema
	printf 'a,y\n' | fl-import --schema all.schema | fl-dump | grep -q '^  x .* 0x2 '
}

# --- references ---

# features FILE: the names of a record's columns, on one line
features() {
	tensor "$1" :features | xargs
}

@test "--reference: a level that is not a feature, whose rows have zeros" {
	printf 's,a,y\nv,1,p\nu,2,q\nw,3,p\nv,4,q\n' > t.csv
	fl-import -y y --reference s=v --schema-out s.schema t.csv > t.flp
	[ "$(features t.flp)" = 's=u s=w a' ]
	[ "$(tensor t.flp x)" = $'0 0 1\n1 0 2\n0 1 3\n0 0 4' ]
	printf 'x\tlevel\ts\tu\nx\tlevel\ts\tv\nx\tlevel\ts\tw\nreference\ts\tv\nx\tnumber\ta\n' > expected
	printf 'y\tclass\ty\tp\ny\tclass\ty\tq\n' >> expected
	diff expected s.schema
	tensor t.flp :schema | diff expected -
	# a schema brings it, in a file or a record, and in any order
	sort -u s.schema > sorted.schema
	for f in s.schema t.flp sorted.schema; do
		fl-import --schema $f t.csv | cmp - t.flp
	done
	# levels that are numbers are named in one way; the first and the last may be the reference
	printf 's\n1.0\n02\n3\n' > n.csv
	fl-import --levels s --reference s=1 n.csv > n.flp
	[ "$(features n.flp)/$(tensor n.flp x | xargs)" = 's=2 s=3/0 0 1 0 0 1' ]
	fl-import --levels s --reference s=+3.0 n.csv > n.flp
	[ "$(features n.flp)/$(tensor n.flp x | xargs)" = 's=1 s=2/1 0 0 1 0 0' ]
	# several columns; one of a single level has no feature, and stays in the schema
	printf 'a,b,c\nu,p,1\nu,q,2\n' | fl-import --reference a=u --reference b=q --schema-out s.schema > t.flp
	[ "$(features t.flp)" = 'b=p c' ]
	grep -qx $'x\tlevel\ta\tu' s.schema
	printf 'a,b,c\nv,p,1\n' > v.csv
	refused 3 'column a: expected one of 1 levels, found something else' fl-import --schema s.schema v.csv
}

@test "--reference: the column is the shortest that is there, and a level may have = in it" {
	printf 'a=b,a\nu,c=d\nv,b=u\n' > t.csv
	fl-import --reference a=b=u t.csv > t.flp
	[ "$(features t.flp)" = 'a=b=u a=b=v a=c=d' ]
	fl-import -x a=b --reference a=b=u t.csv > t.flp
	[ "$(features t.flp)" = 'a=b=v' ]
}

@test "--reference: what is not a level of a feature is refused" {
	printf 's,a,y\nv,1,p\nu,2,q\n' > t.csv
	refused 2 'option --reference: b=u: expected a feature, = and one of its levels, found no such feature' \
		fl-import -y y --reference b=u t.csv
	refused 2 'option --reference: s: expected' fl-import -y y --reference s t.csv
	refused 2 'option --reference: y=p: expected' fl-import -y y --reference y=p t.csv
	refused 2 'column s: expected the reference u as in --reference, found v' \
		fl-import -y y --reference s=u --reference s=v t.csv
	refused 3 't.csv: --reference: column a: expected levels, of which one is the reference, found a number' \
		fl-import -y y --reference a=1 t.csv
	refused 3 't.csv: --reference: column s: expected one of its levels, found w' \
		fl-import -y y --reference s=w t.csv
	[[ "$message" != *"u, v"* ]]
	refused 3 'expected one of 2 levels (u, v), found w' fl-import -v -y y --reference s=w t.csv
	fl-import -y y --schema-out s.schema t.csv > t.flp
	refused 2 'option --reference: not allowed with --schema' fl-import --schema s.schema --reference s=u t.csv
	refused 2 'option --reference: not allowed with --format libsvm' fl-import -f libsvm --reference s=u t.csv
	# a file of references alone may be merged with the schema
	printf 'reference\ts\tu\n' > r.schema
	fl-import --schema r.schema --schema s.schema t.csv > r.flp
	[ "$(features r.flp)" = 's=v a' ]
	printf 'reference\ts\tv\n' > other.schema
	refused 3 'other.schema:1: column s: expected the reference u as in r.schema:1, found v' \
		fl-import --schema r.schema --schema other.schema --schema s.schema t.csv
	printf 'reference\ts\tw\n' > lacks.schema
	refused 3 'lacks.schema:1: column s: expected one of its levels, found w' \
		fl-import --schema lacks.schema --schema s.schema t.csv
	cat lacks.schema s.schema > both.schema
	refused 3 'both.schema:1: column s: expected one of its levels, found w' fl-init -a 'dense 2' -i both.schema
}

@test "--reference: a site without the reference level encodes by the schema of all" {
	printf 's,y\nu,p\nv,q\n' | fl-import -y y --reference s=u --schema-out a.schema > a.flp
	printf 's,y\nv,p\nw,q\n' > b.csv
	fl-import -y y --schema-out b.schema b.csv > b.flp
	sort -u a.schema b.schema > all.schema
	fl-import --schema all.schema b.csv > b.flp
	[ "$(features b.flp)/$(tensor b.flp x | xargs)" = 's=v s=w/1 0 0 1' ]
	refused 3 'column s: expected one of its levels, found u' fl-import -y y --reference s=u b.csv
	# data with and without the reference do not fit one another
	fl-init -a 'dense 1' -i all.schema > m.flp
	sed /reference/d all.schema > none.schema
	fl-import --schema none.schema b.csv > none.flp
	refused 3 'columns: expected 2 for the model, found 3' fl-eval -m m.flp none.flp
	printf 'reference\ts\tw\n' | cat - none.schema > w.schema
	fl-import --schema w.schema b.csv > w.flp
	refused 3 "features are not the model's" fl-eval -m m.flp w.flp
}

@test "--reference: zeros do not stand for a missing level, the shares of all sites do" {
	printf 's,y\nu,p\nv,q\n?,p\nw,q\nw,p\n' > t.csv
	refused 3 't.csv: row 3 (line 4): column s: missing value (see --missing)' \
		fl-import -y y --reference s=u t.csv
	refused 3 't.csv: row 3 (line 4): column s: missing value: --missing zero would make it the reference' \
		fl-import -y y --missing zero --reference s=u t.csv
	(echo s,y; echo '?,p'; sed 1d t.csv) > first.csv
	refused 3 'first.csv: row 1 (line 2): column s: missing value: --missing zero would make it the reference' \
		fl-import -y y --missing zero --reference s=u first.csv
	refused 3 't.csv: column s: missing value: in a column with a reference, --missing mean needs' \
		fl-import -y y --missing mean --reference s=u t.csv
	fl-import -y y --missing drop --reference s=u t.csv > t.flp
	[ "$(tensor t.flp x | xargs)" = '0 0 1 0 0 1 0 1' ]
	fl-import -y y --missing keep --reference s=u --schema-out s.schema t.csv > t.flp
	[ "$(tensor t.flp missing)" = $'0 0\n0 0\n1 1\n0 0\n0 0' ]
	fl-stats --policy open t.flp > stats.flp
	fl-import --schema s.schema --missing mean --scale stats.flp t.csv > t.flp
	[ "$(tensor t.flp x)" = $'0 0\n1 0\n0.25 0.5\n0 1\n0 1' ]
	# where nothing is missing no means are needed
	sed '/?/d' t.csv > whole.csv
	fl-import -y y --missing mean --reference s=u whole.csv > whole.flp
	# a column without a reference has zeros, as before
	fl-import -y y --missing mean t.csv > t.flp
	[ "$(tensor t.flp x | sed -n 3p)" = '0 0 0' ]
}
