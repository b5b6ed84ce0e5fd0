# fl-eval: measures, their forms, what is refused. Numbers are held against
# numpy in slow/twins.bats.
load helper
export FL_POLICY=open # some data here are of a few rows; policies have tests of their own

COLUMNS=bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	fl-import -y species -g island --missing drop -x $COLUMNS --schema-out schema \
	    "$DATA/penguins.csv" > all.flp
	fl-split -p group -o sites all.flp
	fl-stats all.flp > stats.flp
	fl-init -a 'dense 3' -i schema -S stats.flp > g0.flp
	fl-train -m g0.flp -u sites/*.flp | fl-aggregate | fl-step -m g0.flp > g1.flp
	fl-import -y body_mass_g --target number -x flipper_length_mm --missing drop \
	    "$DATA/penguins.csv" > mass.flp
	fl-stats mass.flp > mass.stats
	fl-init -a 'dense 1' -i mass.flp -S mass.stats > mass0.flp
}

setup() {
	cp -r "$BATS_FILE_TMPDIR"/* .
}

@test "a line for each data set, and one for all" {
	fl-eval -m g1.flp sites/*.flp > table
	[ "$(head -n 1 table)" = $'round\tclient\trows\tloss\taccuracy\tauc\tece' ]
	[ "$(cut -f 1-3 table | tail -n +2)" = $'1\tBiscoe\t167\n1\tDream\t124\n1\tTorgersen\t51\n1\t\t342' ]
	cat sites/*.flp | fl-eval -m g1.flp | cmp table -
	cat sites/client-Torgersen.flp | fl-eval -m g1.flp sites/client-[BD]*.flp - | cmp table -
	fl-eval -m - sites/*.flp < g1.flp | cmp table -
	fl-eval --no-header --model g1.flp sites/*.flp | cmp <(tail -n +2 table) -
	# rows together are the pooled data, not a mean of measures
	fl-eval -H -m g1.flp all.flp > one
	[ "$(wc -l < one)" -eq 1 ]
	[ "$(cut -f 3- one)" = "$(tail -n 1 table | cut -f 3-)" ]
	awk -F '\t' 'NR > 1 && NR < 5 { a += $3 * $5; l += $3 * $4 }
		NR == 5 { exit !((a / 342 - $5) ^ 2 < 1e-10 && (l / 342 - $4) ^ 2 < 1e-10) }' table
}

@test "classes that are numbers compare as numbers" {
	need python3
	site() {
		vector "make.record([make.Tensor('x', 'f32', [2, 1], [1, 2]), make.Tensor('y', 'u32', [2], [0, 1]),
		    make.Tensor(':classes', 'u8', [$(printf "$1" | wc -c)], b'$1')], {}, make.DATA)"
	}
	site '0\n1\n' > plain.flp
	site '0.0\n+1\n' > other.flp
	site '1\n0\n' > swapped.flp
	site '1\n1.0\n' > twice.flp
	fl-init -a 'dense 2' -i other.flp > m.flp
	fl-eval -H -m m.flp plain.flp | cut -f 3- > expected
	fl-eval -H -m m.flp other.flp | cut -f 3- | cmp expected -
	fl-init -a 'dense 2' -i plain.flp > m.flp
	fl-train -m m.flp -u other.flp | fl-cmp - <(fl-train -m m.flp -u plain.flp)
	refused 3 'classes are not the model'\''s (see fl-import --schema): name 1: expected "0", found "1"' \
	    fl-train -v -m m.flp swapped.flp
	for tool in "fl-train -m m.flp" fl-stats "fl-init -a dense,2 -i"; do
		refused 3 'twice.flp: :classes: a name: found twice' $tool twice.flp
	done
}

@test "a schema that is not the model's is refused, even if all names are the same" {
	printf 'sex,y\nfemale,a\nmale,b\n' > t.csv
	fl-import -y y t.csv > t.flp
	fl-init -a 'dense 2' -i t.flp > m.flp
	fl-eval -H -m m.flp t.flp | cut -f 3- > expected
	printf 'sex=female,sex=male,y\n1,0,a\n0,1,b\n' > other.csv
	fl-import -y y other.csv > other.flp
	refused 3 'other.flp: schema differs from the model'\''s (see fl-import --schema): line 1: expected x level sex female, found x number sex=female' \
	    fl-train -v -m m.flp other.flp
	fl-stats other.flp > other.stats
	refused 3 'other.stats: the statistics are of another schema: line 1: expected x level' \
	    fl-init -a 'dense 2' -i t.flp -S other.stats
	refused 3 'the statistics are of another schema: line 1: expected x number sex=female, found x level sex female' \
	    fl-import -v -y y --scale other.stats t.csv
	sed 1s/y/z/ t.csv | fl-import -y z > named.flp
	refused 3 'line 3: expected y class y a, found y class z a' fl-train -v -m m.flp named.flp
	# statistics are compared by their columns
	fl-stats named.flp > named.stats
	fl-init -a 'dense 2' -i t.flp -S named.stats > scaled.flp
	# if one has no schema, the names decide as before
	need python3
	vector "make.record([make.Tensor('x', 'f32', [2, 2], [1, 0, 0, 1]), make.Tensor('y', 'u32', [2], [0, 1]),
	    make.Tensor(':features', 'u8', [20], b'sex=female\nsex=male\n'),
	    make.Tensor(':classes', 'u8', [4], b'a\nb\n')], {}, make.DATA)" > none.flp
	fl-eval -H -m m.flp none.flp | cut -f 3- | cmp expected -
}

@test "a :schema that does not fit its record, or is not valid, is refused" {
	need python3
	cat > cases <<-'END'
		x\tlevel\ts\t1\nx\tlevel\ts\t2\ny\tclass\ty\t0\ny\tclass\ty\tb\n|
		x\tlevel\ts\t1\nx\tlevel\ts\t2\n|
		y\tclass\ty\t0\ny\tclass\ty\tb\n|
		x\tnumber\ts=1\nx\tnumber\ts=2\n|
		x\tlevel\ts\t1\nx\tlevel\ts\t2\ngroup\tlevel\tg\ta\n|:schema:3: expected no groups, found column g
		x\tlevel\ts\t1\nx\tlevel\ts\t1\n|:schema: a name: found twice
		x\tlevel\ts\t1\nx\tlevel\ts\t2.0\n|:schema: expected the lines that fl-import writes, found others
		x\tlevel\ts\t1\nx\tlevel\ts\t1.0\n|:schema:2: column s: expected one spelling of 1, found 1 and 1.0
		#\nx\tlevel\ts\t1\nx\tlevel\ts\t2\n|:schema: expected the lines that fl-import writes, found others
		y\tclass\ty\t0\ny\tclass\ty\tb\nx\tlevel\ts\t1\nx\tlevel\ts\t2\n|:schema: expected the lines that
		x\tlevel\ts\t1\nx\tlevel\ts\t2|:schema: name 2: expected a newline at its end, found none
		x\tlevel\ts\t1\nx\tlevel\ts\t\n|:schema: name 2: expected printable UTF-8, found other bytes
		x\tlevel\ts\t1\n\nx\tlevel\ts\t2\n|:schema: name 2: expected printable UTF-8, found an empty line
		x\tlevel\ts\t1\nz\n|:schema:2: expected 3 or 4 fields separated by tabs, found one
		x\tlevel\ts\t1\n|:schema: expected 2 features, found 1
		x\tlevel\ts\t2\nx\tlevel\ts\t1\n|:schema: name 1: expected "s=1", found another
		y\tclass\ty\tb\ny\tclass\ty\t0\n|:schema: name 1: expected "0", found another
		y\tnumber\ty\n|:schema: column y: expected classes, found a number
	END
	while IFS='|' read -r text says; do
		vector "make.record([make.Tensor('x', 'f32', [2, 2], [1, 0, 0, 1]), make.Tensor('y', 'u32', [2], [0, 1]),
		    make.Tensor(':features', 'u8', [8], b's=1\ns=2\n'), make.Tensor(':classes', 'u8', [4], b'0\nb\n'),
		    make.Tensor(':schema', 'u8', [len(b'$text')], b'$text')], {}, make.DATA)" > t.flp
		for tool in fl-stats 'fl-split -p iid -n 1 -o out' 'fl-init -a dense\ 2 -i'; do
			if [ -z "$says" ]; then
				eval "$tool t.flp" > out.flp
			else
				eval "refused 3 't.flp: $says' $tool t.flp"
			fi
		done
		vector "make.record([make.Tensor('0.weight', 'f32', [2, 2], [1, 0, 0, 1]), make.Tensor('0.bias', 'f32', [2], [0, 1]),
		    make.Tensor(':features', 'u8', [8], b's=1\ns=2\n'), make.Tensor(':classes', 'u8', [4], b'0\nb\n'),
		    make.Tensor(':schema', 'u8', [len(b'$text')], b'$text')], {'arch': 'dense 2', 'loss': 'softmax', 'round': 0})" > m.flp
		[ -z "$says" ] || refused 3 "m.flp: $says" fl-eval -m m.flp t.flp
		[ "$says" ] || fl-eval -m m.flp t.flp > table
	done < cases
}

@test "a client of any name is not the sum" {
	fl-import -y species --missing drop -x $COLUMNS --client all "$DATA/penguins.csv" > named.flp
	fl-import -y species --missing drop -x $COLUMNS --client - "$DATA/penguins.csv" > dash.flp
	fl-eval -H -m g1.flp named.flp dash.flp | cut -f 2,3 > table
	cmp table <(printf '%s\t342\n' all -; printf '\t684\n')
}

@test "a data set without a name goes by its place" {
	[ "$(fl-eval -H -m g1.flp all.flp | cut -f 2)" = all.flp ]
	cat all.flp all.flp | fl-eval -H -m g1.flp - | cut -f 2 > names
	cmp names <(printf '%s\n' stdin 'stdin: record 2' '')
	odd=$'a\tb\n"c\\.flp'
	cp all.flp "$odd"
	[ "$(fl-eval -H -m g1.flp "$odd" | cut -f 2)" = 'a\x09b\x0a"c\.flp' ]
	need python3
	fl-eval --json -m g1.flp "$odd" | python3 -c '
import json, sys
assert json.load(sys.stdin)["client"] == "a\\x09b\\x0a\"c\\.flp"'
}

@test "JSON: an object a line, with the same numbers" {
	need python3
	fl-eval --json -m g1.flp sites/*.flp > json
	[ "$(wc -l < json)" -eq 4 ]
	while read -r line; do
		python3 -m json.tool <<< "$line" > pretty
	done < json
	fl-eval -H -m g1.flp sites/*.flp > table
	fl-eval -H -c -m g1.flp sites/*.flp > confusion
	fl-eval -H --calibration -m g1.flp sites/*.flp > calibration
	python3 - <<-'END'
		import json
		sets = [json.loads(l) for l in open("json")]
		keys = ["round", "client", "rows", "loss", "accuracy", "auc", "ece"]
		show = lambda v: "-" if v is None else v if type(v) is str else "%.6g" % v
		lines = lambda name: [l.rstrip("\n").split("\t") for l in open(name)]
		assert [list(s) for s in sets] == [keys + ["confusion", "calibration"]] * 4
		assert [s["client"] for s in sets] == ["Biscoe", "Dream", "Torgersen", None]
		sets[3]["client"] = ""
		assert lines("table") == [[show(s[k]) for k in keys] for s in sets]
		assert [int(l[4]) for l in lines("confusion")] == [n for s in sets for r in s["confusion"] for n in r]
		assert [int(l[3]) for l in lines("calibration")] == [b[0] for s in sets for b in s["calibration"]]
	END
	fl-eval --json -m mass0.flp mass.flp | python3 -c '
import json, sys
assert list(json.load(sys.stdin)) == ["round", "client", "rows", "loss", "mae", "r2"]'
}

@test "confusion: rows by true and predicted class" {
	fl-eval -c -m g1.flp sites/*.flp > table
	[ "$(head -n 1 table)" = $'round\tclient\ttrue\tpredicted\trows' ]
	[ "$(wc -l < table)" -eq 37 ]
	# the true classes are those in the data
	[ "$(awk -F '\t' '$2 == "" { n[$3] += $5 } END { print n["Adelie"], n["Chinstrap"], n["Gentoo"] }' table)" = "151 68 123" ]
	[ "$(awk -F '\t' '$2 == "Dream" { n[$3] += $5 } END { print n["Adelie"], n["Chinstrap"], n["Gentoo"] }' table)" = "56 68 0" ]
	right=$(awk -F '\t' '$2 == "" && $3 == $4 { n += $5 } END { printf "%.6g", n / 342 }' table)
	[ "$(fl-eval -H -m g1.flp all.flp | cut -f 5)" = "$right" ]
	# classes without names are numbers
	fl-init -a 'dense 3' -n 4 > plain.flp
	fl-eval -H -c -m plain.flp all.flp | cut -f 3,4 | xargs > pairs
	[ "$(cat pairs)" = "0 0 0 1 0 2 1 0 1 1 1 2 2 0 2 1 2 2" ]
}

@test "calibration: 15 bins of confidence" {
	fl-train -m g1.flp -E 3 -B 10 all.flp > new.flp
	fl-eval --calibration -m new.flp all.flp > table
	[ "$(head -n 1 table)" = $'round\tclient\tbin\trows\tconfidence\taccuracy' ]
	# confidence within its bin, and the error of the whole
	tail -n +2 table | awk -F '\t' -v ece="$(fl-eval -H -m new.flp all.flp | cut -f 7)" '
		$3 != NR { exit 1 }
		$4 == 0 { if ($5 != "-" || $6 != "-") exit 1; next }
		$5 < ($3 - 1) / 15 || $5 > $3 / 15 { exit 1 }
		{ n += $4; d = $5 - $6; e += $4 * (d < 0 ? -d : d) }
		END { d = e / n - ece; exit !(NR == 15 && n == 342 && d * d < 1e-10) }'
}

@test "AUC: 8 of 12 pairs in order" {
	printf 'x,c\n1,a\n2,a\n2,a\n5,a\n2,b\n3,b\n4,b\n' > pairs.csv
	fl-import -y c -x x pairs.csv > pairs.flp
	found=
	for seed in 0 1 2 3; do
		fl-init -a 'dense 1' -i pairs.flp -s $seed > m.flp
		fl-init -a 'dense 2' -i pairs.flp -s $seed > m2.flp
		for m in m m2; do
			# does the score rise with x?
			up=$(fl-dump --values $m.flp | awk '/^  /{ on = $1 == "0.weight"; next }
				on { v[++n] = $1 }
				END { print (n == 1 ? v[1] > 0 : v[2] > v[1]) }')
			auc=$(fl-eval -H -m $m.flp pairs.flp | cut -f 6)
			found+=$up
			[ "$auc" = "$([ "$up" = 1 ] && echo 0.666667 || echo 0.333333)" ]
		done
	done
	[[ $found == *0* && $found == *1* ]]
	# there is no AUC of a single class
	printf 'x,c\n1,a\n2,b\n' | fl-import -y c -x x --schema-out s > both.flp
	printf 'x,c\n1,a\n2,a\n' | fl-import --schema s > one.flp
	[ "$(fl-eval -H -m m.flp one.flp | cut -f 6)" = - ]
	[ "$(fl-eval -H -m m.flp one.flp pairs.flp | tail -n 1 | cut -f 3,6)" != $'9\t-' ]
	fl-eval --json -m m.flp one.flp | grep -q '"auc":null'
}

@test "regression: loss, absolute error, R2" {
	fl-eval -m mass0.flp mass.flp > table
	[ "$(head -n 1 table)" = $'round\tclient\trows\tloss\tmae\tr2' ]
	fl-train -m mass0.flp -B 0 -E 300 mass.flp > fit.flp
	# the flipper's length explains .759 of the mass by least squares
	fl-eval -H -m fit.flp mass.flp | awk '{ exit !($6 > .7589 && $6 < .7591) }'
	printf 'x,y\n1,7\n2,7\n' | fl-import -y y --target number -x x > flat.flp
	fl-init -a 'dense 1' -i flat.flp > m.flp
	[ "$(fl-eval -H -m m.flp flat.flp | cut -f 6)" = - ]
}

@test "measures that do not apply to a model" {
	refused 2 "has no classes" fl-eval -c -m mass0.flp mass.flp
	refused 2 "has no classes" fl-eval --calibration -m mass0.flp mass.flp
	refused 2 "expected one of --json, --confusion and --calibration" \
	    fl-eval -c --json -m g1.flp all.flp
	fl-init -a 'dense 1025' -n 4 > many.flp
	refused 2 "expected at most 1024 classes, found 1025" fl-eval -c -m many.flp all.flp
	fl-eval --json -m many.flp all.flp > json
	[ "$(grep -c confusion json)" -eq 0 ]
	grep -q '"calibration":\[\[' json
}

@test "bad input: named, the others are measured, but not all together" {
	fl-import -y species -x bill_length_mm --missing drop "$DATA/penguins.csv" > columns.flp
	head -n 1 "$DATA/penguins.csv" | fl-import --schema schema > rows.flp
	head -c 1000 all.flp > cut.flp
	for option in '' --confusion --calibration --json; do
		fl-eval $option -m g1.flp all.flp > one
		status=0
		fl-eval $option -m g1.flp columns.flp all.flp cut.flp > out 2> err || status=$?
		[ "$status" -eq 3 ]
		cmp out one
		fl-eval $option -m g1.flp sites/*.flp | grep -vP '^\d+\t\t|"client":null' > each
		fl-eval $option -m g1.flp sites/*.flp cut.flp > out 2> err || status=$?
		cmp out each
	done
	[ "$(sed 1d err)" = "fl-eval: no line for all rows together: inputs were left out" ]
	refused 3 "columns.flp: columns: expected 4 for the model, found 1" \
	    fl-eval -m g1.flp columns.flp
	refused 3 "rows.flp: rows: expected 1" fl-eval -m g1.flp rows.flp
	refused 3 "cut.flp: " fl-eval -m g1.flp cut.flp columns.flp
	[[ $message == *"columns.flp: columns"* && $message != *together* ]]
	refused 3 "g1.flp: expected a record of kind data, found params" fl-eval -m g1.flp g1.flp
	refused 3 "all.flp: expected a record of kind params, found data" fl-eval -m all.flp all.flp
	refused 3 "stdin: expected a record, found nothing" fl-eval -m g1.flp < /dev/null
	refused 3 "mass.flp: columns: expected 4" fl-eval -m g1.flp mass.flp
	refused 4 "none.flp: open" fl-eval -m g1.flp none.flp
	refused 2 "option --model is required" fl-eval all.flp
	# a value that was kept though it is missing
	fl-import --schema schema --missing keep "$DATA/penguins.csv" > kept.flp
	for tool in fl-eval fl-train; do
		refused 3 "kept.flp: column bill_length_mm: row 4: expected a value, found none (import again with --missing mean --scale STATS" \
		    $tool -m g1.flp kept.flp
	done
	fl-import --schema schema --missing mean "$DATA/penguins.csv" | fl-eval -m g1.flp > measures
	# outputs beyond floats
	printf 'a,b,y\n3.4e38,3.4e38,1\n' | fl-import -y y --target class -x a,b > huge.flp
	fl-init -a 'dense 256' -n 2 > m.flp
	refused 3 "huge.flp: rows 1 to 1: an output of the model is not finite" \
	    fl-eval -m m.flp huge.flp
}
