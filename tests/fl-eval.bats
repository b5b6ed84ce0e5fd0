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
	[ "$(head -n 1 table)" = $'round\tclient\trows\tloss\taccuracy\tauc\tece\tmajority' ]
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
	refused 3 'classes are not the model'\''s (see fl-import --schema MODEL): name 1: expected "0", found "1"' \
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
	refused 3 'other.flp: schema differs from the model'\''s (see fl-import --schema MODEL): line 1: expected x level sex female, found x number sex=female' \
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
	cmp names <(printf '%s\n' 'standard input' 'standard input: record 2' '')
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
		keys = ["round", "client", "rows", "loss", "accuracy", "auc", "ece", "majority"]
		show = lambda v: "-" if v is None else v if type(v) is str else "%.6g" % v
		lines = lambda name: [l.rstrip("\n").split("\t") for l in open(name)]
		assert [list(s) for s in sets[:3]] == [keys + ["confusion", "calibration"]] * 3
		assert list(sets[3]) == keys + ["confusion", "calibration", "summary"]
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

# own_models: makes own/SITE.flp, the model that each island trains by itself
own_models() {
	local site
	mkdir own
	for site in Biscoe Dream Torgersen; do
		fl-train -m g0.flp -E 20 sites/client-$site.flp > own/$site.flp
	done
	owned="--local own/Biscoe.flp --local own/Dream.flp --local own/Torgersen.flp"
}

@test "majority: the share of the commonest class" {
	fl-eval -H -c -m g1.flp sites/*.flp | awk -F '\t' '
		{ rows[$2, $3] += $5; all[$2] += $5; if (rows[$2, $3] > most[$2]) most[$2] = rows[$2, $3] }
		END { for (site in all) printf "%s\t%.6g\n", site, most[site] / all[site] }' | sort > expected
	fl-eval -H -m g1.flp sites/*.flp | cut -f 2,8 | sort | cmp expected -
}

@test "summary: the mean of each measure, and who has the worst" {
	need python3
	own_models
	for local in '' "$owned"; do
		fl-eval -m g1.flp $local sites/*.flp > table
		fl-eval --summary -m g1.flp $local sites/*.flp > summary
		fl-eval --json -m g1.flp $local sites/*.flp | tail -n 1 > json
		python3 - <<-'END'
			import json
			rows = [l.rstrip("\n").split("\t") for l in open("table")]
			lines = [l.rstrip("\n").split("\t") for l in open("summary")]
			said = json.load(open("json"))["summary"]
			assert lines[0] == ["round", "measure", "all", "mean", "worst", "client"]
			measures = [m for m in rows[0][3:] if m != "majority"]
			assert measures == [l[1] for l in lines[1:]] == list(said)
			close = lambda a, b: abs(float(a) - float(b)) < 2e-6
			for l, name in zip(lines[1:], measures):
			    at = rows[0].index(name)
			    value = {r[1]: float(r[at]) for r in rows[1:-1] if r[at] != "-"}
			    assert l[0] == "1" and l[2] == rows[-1][at], l
			    if not value:
			        assert l[3:] == ["-", "-", "-"]
			        assert said[name] == {"mean": None, "worst": None, "client": None}
			        continue
			    who = (max if name in ("loss", "ece") else min)(value, key=value.get)
			    assert close(l[3], sum(value.values()) / len(value)), l
			    assert l[4:] == ["%.6g" % value[who], who], l
			    assert said[name] == {"mean": float(l[3]), "worst": float(l[4]), "client": who}
		END
	done
	# of one data set too; JSON says it of more than one
	[ "$(fl-eval --summary -H -m g1.flp all.flp | cut -f 2,6 | head -n 1)" = $'loss\tall.flp' ]
	[ "$(fl-eval --json -m g1.flp all.flp | grep -c summary)" -eq 0 ]
	# a measure that only some have: of these alone
	printf 'x,c\n1,a\n2,b\n3,a\n' | fl-import -y c -x x --schema-out s --client both > both.flp
	printf 'x,c\n1,a\n2,a\n' | fl-import --schema s --client one > one.flp
	fl-init -a 'dense 1' -i both.flp > m.flp
	[ "$(fl-eval --summary -m m.flp one.flp both.flp | grep auc | cut -f 4-)" = "$(
		fl-eval -H -m m.flp both.flp | awk -F '\t' -v OFS='\t' '{ print $6, $6, "both" }')" ]
	# regression: r2 is worst where it is smallest, errors where they are largest
	head -n 40 "$DATA/penguins.csv" | fl-import -y body_mass_g --target number \
	    -x flipper_length_mm --missing drop --client some > some.flp
	fl-eval -H -m mass0.flp some.flp mass.flp > table
	fl-eval -H --summary -m mass0.flp some.flp mass.flp > summary
	[ "$(cut -f 2 summary | xargs)" = "loss mae r2" ]
	[ "$(sed -n 2p summary | cut -f 5)" = "$(head -n 2 table | cut -f 5 | sort -g | tail -n 1)" ]
	[ "$(sed -n 3p summary | cut -f 5)" = "$(head -n 2 table | cut -f 6 | sort -g | head -n 1)" ]
	# not of fewer than were asked for
	head -c 1000 all.flp > cut.flp
	fails 3 fl-eval --summary -m g1.flp all.flp cut.flp
	[ "$(tail -n 1 <<< "$message")" = "fl-eval: no summary: inputs were left out" ]
}

@test "local: each client's own model beside the one measured" {
	own_models
	fl-eval -m g1.flp sites/*.flp > alone
	fl-eval -m g1.flp $owned sites/*.flp > table
	cut -f 1-8 table | cmp alone -
	[ "$(head -n 1 table | cut -f 9-)" = $'local_accuracy\tlocal_auc' ]
	for site in Biscoe Dream Torgersen; do
		fl-eval -H -m own/$site.flp sites/client-$site.flp | cut -f 5,6
	done > expected
	sed '1d;$d' table | cut -f 9- | cmp expected -
	# all rows, each by its own site's model
	tail -n +2 table | awk -F '\t' '{ right += NR < 4 ? $3 * $9 : 0; last = $9 }
		END { exit !((right / 342 - last) ^ 2 < 1e-10) }'
	# operands from a list, and the models on standard input
	printf 'sites/client-%s.flp\0' Biscoe Dream Torgersen |
	    fl-eval -m g1.flp $owned --files-from - | cmp table -
	fl-eval -m g1.flp ${owned/own\/Dream.flp/-} sites/*.flp < own/Dream.flp | cmp table -
	# another architecture, loss and scaling
	printf 'x,c\n1,a\n2,a\n9,b\n5,a\n2,b\n3,b\n4,b\n' | fl-import -y c -x x > two.flp
	fl-stats --policy open two.flp > two.stats
	fl-init -a 'dense 2' -i two.flp > m.flp
	fl-init -a 'dense 3 relu dense 1' -i two.flp -S two.stats | fl-train -m - -E 9 two.flp > own.flp
	[ "$(fl-eval -H -m m.flp --local own.flp two.flp | cut -f 9,10)" = \
	    "$(fl-eval -H -m own.flp two.flp | cut -f 5,6)" ]
	cp two.flp again.flp
	fl-eval -H -m m.flp --local own.flp --local own.flp two.flp again.flp | cut -f 9,10 > columns
	[ "$(uniq columns | wc -l)" -eq 1 ]
	# regression
	fl-train -m mass0.flp -E 50 mass.flp > mass1.flp
	fl-eval -m mass0.flp --local mass1.flp mass.flp > table
	[ "$(head -n 1 table | cut -f 7-)" = $'local_mae\tlocal_r2' ]
	[ "$(tail -n 1 table | cut -f 7-)" = "$(fl-eval -H -m mass1.flp mass.flp | cut -f 5,6)" ]
}

@test "local: what does not go in pairs is refused" {
	own_models
	refused 2 "option --local: expected as many models as files of data, 3, found 2" \
	    fl-eval -m g1.flp ${owned% --*} sites/*.flp
	refused 2 "option --local: expected as many models as files of data, 2, found 3" \
	    fl-eval -m g1.flp $owned sites/client-[BD]*.flp
	refused 2 "option --local: expected as many models as files of data, 1, found 3" \
	    fl-eval -m g1.flp $owned < all.flp
	refused 2 "not allowed with --local" \
	    fl-eval -c -m g1.flp $owned sites/*.flp
	refused 3 "sites/client-Biscoe.flp: own/Dream.flp: client: expected Biscoe, whose data these are, found Dream" \
	    fl-eval -m g1.flp --local own/Dream.flp sites/client-Biscoe.flp
	# a second data set in a file has no model, and the others keep theirs
	fl-eval -H -m g1.flp $owned sites/*.flp > want
	cat sites/client-Biscoe.flp all.flp > twice.flp
	status=0
	fl-eval -H -m g1.flp $owned twice.flp sites/client-[DT]*.flp > out 2> err || status=$?
	[ "$status" -eq 3 ]
	sed '$d' want | cmp out -
	[ "$(head -n 1 err)" = "fl-eval: twice.flp: record 2: expected one data set in each file with --local, found more" ]
	# nor does a file that is left out move a pair, whatever is lost with it
	flip sites/client-Dream.flp 400 bad.flp
	cat sites/client-Dream.flp >> bad.flp
	status=0
	fl-eval -H -m g1.flp $owned sites/client-Biscoe.flp bad.flp sites/client-T*.flp > out 2> err ||
	    status=$?
	[ "$status" -eq 3 ]
	sed -n '1p;3p' want | cmp out -
	# of other classes
	grep -v Gentoo "$DATA/penguins.csv" | fl-import -y species -x $COLUMNS --missing drop > two.flp
	fl-init -a 'dense 2' -i two.flp > two
	refused 3 "all.flp: two: classes: expected 3, as in the measured model, found 2" \
	    fl-eval -m g1.flp --local two all.flp
	sed 's/Gentoo/King/' "$DATA/penguins.csv" | fl-import -y species -x $COLUMNS --missing drop > king.flp
	fl-init -a 'dense 3' -i king.flp > king
	refused 3 "all.flp: king: classes are not the measured model's: name 3: expected \"Gentoo\", found" \
	    fl-eval -m g1.flp --local king all.flp
	refused 3 "all.flp: mass0.flp: expected a model that predicts classes, as the measured one does, found one of a number" \
	    fl-eval -m g1.flp --local mass0.flp all.flp
	refused 3 "mass.flp: g1.flp: expected a model that predicts a number" \
	    fl-eval -m mass0.flp --local g1.flp mass.flp
	fl-init -a 'dense 3' -n 7 > wide
	refused 3 "all.flp: wide: columns: expected 7 for the model, found 4" \
	    fl-eval -m g1.flp --local wide all.flp
	refused 3 "all.flp: all.flp: expected a record of kind params, found data" \
	    fl-eval -m g1.flp --local all.flp all.flp
	refused 4 "none.flp: open" fl-eval -m g1.flp --local none.flp all.flp
}

@test "on a terminal columns are aligned, and hold what a file gets" {
	need script python3
	script -qec true /dev/null || skip "needs a pseudo-terminal"
	own_models
	fl-import -y species --missing drop -x $COLUMNS --client 'Île de la Tortue' \
	    "$DATA/penguins.csv" > named.flp
	cp named.flp other.flp
	for call in "sites/*.flp" "named.flp sites/*.flp" "$owned sites/*.flp" "-H all.flp" \
	    "--summary sites/*.flp" "-c named.flp other.flp" "--calibration all.flp"; do
		script -qec "fl-eval -m g1.flp $call" /dev/null | tr -d '\r' > shown
		fl-eval -m g1.flp $call > table
		python3 - "$call" <<-'END'
			import sys
			shown = open("shown").read().splitlines()
			table = [l.split("\t") for l in open("table").read().splitlines()]
			assert len(shown) == len(table)
			text = {"client", "true", "predicted", "measure"}
			width = [max(len(r[i]) for r in table) for i in range(len(table[0]))]
			kinds = table[0] if "-H" not in sys.argv[1] else ["round", "client"] + [""] * 99
			for line, row in zip(shown, table):
			    cells = [c.ljust(w) if k in text else c.rjust(w) for c, w, k in zip(row, width, kinds)]
			    assert line == "  ".join(cells).rstrip(" "), (line, row)
		END
	done
	# a table of usual names fits a terminal
	script -qec "fl-eval -m g1.flp sites/*.flp" /dev/null | tr -d '\r' > shown
	[ "$(wc -L < shown)" -le 80 ]
	# under --strict the lines before the bad input are shown too
	head -c 1000 all.flp > cut.flp
	run script -qec "fl-eval --strict -m g1.flp all.flp cut.flp" /dev/null
	[ "$status" -eq 3 ]
	[[ $output == *"cut.flp: "* && $output == *"round  client "*"1  all.flp "* ]]
	# JSON is not a table
	script -qec "fl-eval --json -m g1.flp sites/*.flp" /dev/null | tr -d '\r' > shown
	fl-eval --json -m g1.flp sites/*.flp | cmp shown -
}

@test "what a model cannot show" {
	refused 2 "has no classes" fl-eval -c -m mass0.flp mass.flp
	refused 2 "has no classes" fl-eval --calibration -m mass0.flp mass.flp
	refused 2 "expected one of --json, --summary, --confusion and --calibration" \
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
	refused 3 "standard input: empty (did the command before it fail?)" fl-eval -m g1.flp < /dev/null
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
