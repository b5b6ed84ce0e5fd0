# fl-predict: rows of CSV files and of records, forms of the table, what is refused.
load helper
export FL_POLICY=open # policies have tests of their own

FEATURES=bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	fl-import -y species -x $FEATURES --missing drop --schema-out schema \
	    "$DATA/penguins.csv" > all.flp
	fl-stats all.flp > stats.flp
	fl-init -a 'dense 3' -i schema -S stats.flp -s 1 | fl-train -m - -E 20 -l 0.1 all.flp > g.flp
	grep -vE ',(,|$)' "$DATA/penguins.csv" > whole.csv
	grep -v Adelie whole.csv > two.csv
	fl-import -y species -x $FEATURES two.csv > two.flp
	fl-stats two.flp > two.stats
	fl-init -a 'dense 1' -i two.flp -S two.stats -s 1 | fl-train -m - -E 3 -l 0.05 two.flp > b.flp
	fl-import -y body_mass_g --target number -x flipper_length_mm --missing drop \
	    "$DATA/penguins.csv" > mass.flp
	fl-stats mass.flp > mass.stats
	fl-init -a 'dense 1' -i mass.flp -S mass.stats | fl-train -m - -E 20 -l 0.1 mass.flp > mass.model
}

setup() {
	cp -r "$BATS_FILE_TMPDIR"/* .
}

# tensor FILE NAME: its values, a row a line
tensor() {
	fl-export -t "$2" "$1"
}

# plain MODEL DATA TABLE: the table is what plain Python makes of the model and the data
plain() {
	need python3
	tensor "$1" 0.weight > weight
	tensor "$1" 0.bias > bias
	tensor "$1" :center > center
	tensor "$1" :scale > scale
	tensor "$1" :classes > classes
	fl-export -f csv "$2" > rows
	python3 "$ROOT/tests/predict.py" weight bias center scale classes rows "$3"
}

@test "classes and probabilities, as plain Python has them" {
	fl-predict -m g.flp all.flp > table
	plain g.flp all.flp table
	fl-predict -m b.flp two.flp > table
	plain b.flp two.flp table
}

@test "a CSV file is predicted as the record that fl-import makes of it" {
	fl-predict -m g.flp all.flp > record
	fl-predict -m g.flp whole.csv | cmp record -
	fl-predict -m g.flp < whole.csv | cmp record -
	fl-predict -m - whole.csv < g.flp | cmp record -
	cat whole.csv | fl-predict -m g.flp - | cmp record -
	cat all.flp | fl-predict -m g.flp | cmp record -
	# other columns, in another order, and no label
	awk -F , -v OFS=, '{ print $7, $6, $5, $4, $3, $2 }' whole.csv | fl-predict -m g.flp |
		cmp record -
	tail -n +2 whole.csv | fl-predict -m g.flp --header "$(head -n 1 whole.csv)" | cmp record -
	cut -d , -f 2- whole.csv | fl-import --schema schema | fl-predict -m g.flp | cmp record -
}

@test "what is predicted for a row does not depend on the other rows" {
	fl-init -a 'dense 37 relu dense 3' -i schema -S stats.flp -s 1 > deep.flp
	for model in g.flp b.flp deep.flp; do
		fl-predict -H -m $model whole.csv | cut -f 2- > all
		for n in 1 7 50 239 240 241 250; do
			{ head -n 1 whole.csv && tail -n $n whole.csv; } | fl-predict -H -m $model |
				cut -f 2- | cmp - <(tail -n $n all)
		done
	done
}

@test "rows of several records are numbered on" {
	fl-predict -m g.flp all.flp > once
	cat all.flp all.flp | fl-predict -m g.flp > twice
	tail -n +2 once | awk -F '\t' -v OFS='\t' '{ $1 += 333 } 1' | cat once - | cmp twice -
}

@test "a key is passed through, whatever it is" {
	{
		echo "id,$FEATURES"
		echo 'b 1,39.1,18.7,181,3750,male'
		echo '"a,""1""",39.5,17.4,186,3800,female'
		echo ',40.3,18,195,3250,female'
		echo 'né,40.3,18,195,3250,female'
	} > keys.csv
	fl-predict -m g.flp --key id keys.csv > table
	[ "$(cut -f 1 table)" = $'id\nb 1\na,"1"\n\nné' ]
	cut -f 2- table | diff - <(fl-predict -m g.flp keys.csv | cut -f 2-)
	# a feature may be the key
	[ "$(fl-predict -H -m g.flp --key body_mass_g keys.csv | cut -f 1 | head -n 2)" = $'3750\n3800' ]
	fl-predict -m g.flp --key id --json keys.csv > json
	need python3
	python3 -c 'import json
print([json.loads(line)["key"] for line in open("json")])' | grep -qxF "['b 1', 'a,\"1\"', '', 'né']"
	refused 2 'option --key: expected a column of keys.csv, found none called "ID"' \
		fl-predict -m g.flp --key ID keys.csv
	printf 'id,%s\na\tb,39.1,18.7,181,3750,male\n' $FEATURES > tab.csv
	exits3 fl-predict -m g.flp --key id tab.csv
	[[ $(<err) == *'tab.csv: row 1 (line 2): key: expected printable UTF-8, found other bytes' ]]
	refused 2 'option --key: expected a CSV file, found a record' fl-predict -m g.flp --key id all.flp
}

# exits3 COMMAND...: exit status 3; what it wrote is in ./out and ./err
exits3() {
	local status=0
	"$@" > out 2> err || status=$?
	[ "$status" -eq 3 ] && all_named < err
}

@test "a row that can't be encoded is named and left out, and the others are not" {
	sed -e '3s/female/hen/' -e '5s/^/x,/' -e '7s/,38.9,/,long,/' -e '9s/,41.1,/,,/' whole.csv > odd.csv
	fl-predict -m g.flp whole.csv | grep -vE '^(2|4|6|8)[[:blank:]]' > want
	exits3 fl-predict -m g.flp odd.csv
	cmp want out
	[ "$(cat err)" = "fl-predict: odd.csv: row 2 (line 3): column sex: expected one of 2 levels, found something else
fl-predict: odd.csv: row 4 (line 5): expected 7 fields, found 8
fl-predict: odd.csv: row 6 (line 7): column bill_length_mm: expected a number, found something else; see --na-in for missing values
fl-predict: odd.csv: row 8 (line 9): column bill_length_mm: missing value (see --missing)" ]
	exits3 fl-predict -v -m g.flp odd.csv
	[[ $(<err) == *'found "hen"'*'found "long"'* ]]
	exits3 fl-predict --strict -m g.flp odd.csv
	[ "$(wc -l < out)" -eq 2 ]
	[ "$(wc -l < err)" -eq 1 ]
	# where the next row begins can't be told
	sed '300s/female/"female/' whole.csv > quote.csv
	exits3 fl-predict -m g.flp quote.csv
	fl-predict -m g.flp whole.csv | head -n 299 | cmp out -
	[[ $(<err) == *'row 299 (line 300): field 7: expected a closing quote, found none; nothing after it in this input is read' ]]
}

@test "of many rows that can't be encoded only the first are named, unless -v is given" {
	{ head -n 1 whole.csv; for i in {1..30}; do sed -n '2s/female\|male/hen/p' whole.csv; done; } > odd.csv
	exits3 fl-predict -m g.flp odd.csv
	[ "$(wc -l < err)" -eq 21 ]
	[ "$(tail -n 1 err)" = 'fl-predict: 10 more are left out (-v names them)' ]
	exits3 fl-predict -v -m g.flp odd.csv
	[ "$(wc -l < err)" -eq 30 ]
}

@test "a compressed file that is cut ends the run, after the rows before the cut" {
	{ cat whole.csv; for i in {1..300}; do tail -n +2 whole.csv; done; } | gzip > whole.gz
	head -c $(($(stat -c %s whole.gz) / 2)) whole.gz > cut.gz
	exits3 timeout 20 fl-predict -m g.flp cut.gz
	[ "$(wc -l < err)" -eq 1 ]
	[[ $(<err) == 'fl-predict: cut.gz: '*'; nothing after it in this input is read' ]]
	[ "$(wc -l < out)" -gt 1000 ]
	fl-predict -m g.flp whole.gz > table
	head -n "$(wc -l < out)" table | cmp out -
}

@test "rows keep their numbers after a row that is not whole" {
	{ head -n 3 whole.csv; echo foo; echo; sed -n 4,5p whole.csv; } > odd.csv
	exits3 fl-predict -H -m g.flp odd.csv
	[ "$(cut -f 1 out | xargs)" = '1 2 4 5' ]
	[ "$(wc -l < err)" -eq 1 ]
}

@test "missing values: refused, the model's mean, zero" {
	sed '2s/,39.1,/,NA,/;3s/,female,/,?,/' whole.csv > gaps.csv
	fl-predict -m g.flp --missing mean gaps.csv > mean
	fl-export -t :center g.flp | tr ' ' '\n' | head -n 1 > center
	sed "2s/,39.1,/,$(<center),/" whole.csv | fl-predict -m g.flp | sed -n 2p |
		cmp - <(sed -n 2p mean)
	fl-predict -m g.flp --missing zero gaps.csv | sed -n 2p > zero
	sed '2s/,39.1,/,0,/' whole.csv | fl-predict -m g.flp | sed -n 2p | cmp - zero
	# as fl-import fills them
	fl-import --schema schema --missing mean --scale stats.flp gaps.csv | fl-predict -m g.flp |
		cmp mean -
	fl-init -a 'dense 3' -i schema -s 1 > bare.flp
	refused 3 'the model carries no means' fl-predict -m bare.flp --missing mean gaps.csv
	refused 2 'expected refuse|mean|zero, found "drop"' fl-predict -m g.flp --missing drop gaps.csv
	refused 2 'option --missing: expected a CSV file' fl-predict -m g.flp --missing zero all.flp
	fl-import --schema schema --missing keep gaps.csv > keep.flp
	refused 3 'column bill_length_mm: row 1: expected a value, found none' fl-predict -m g.flp keep.flp
}

@test "a table is read as fl-import reads it: separators, decimal commas, gzip, missing values" {
	fl-predict -m g.flp --missing mean "$DATA/penguins.csv" > want
	sed 's/,/;/g; s/\./,/g' "$DATA/penguins.csv" > semicolons.csv
	fl-predict -m g.flp --missing mean --decimal , semicolons.csv | cmp want -
	gzip -c semicolons.csv | fl-predict -m g.flp --missing mean --decimal , | cmp want -
	gzip -c whole.csv > whole.gz
	fl-predict -m g.flp whole.csv > plain
	for first in 1 2 3; do
		{ head -c $first whole.gz; sleep 0.3; tail -c +$((first + 1)) whole.gz; } |
			fl-predict -m g.flp | cmp plain -
	done
	{ head -c 1 whole.csv; sleep 0.3; tail -c +2 whole.csv; } | fl-predict -m g.flp | cmp plain -
	tr , '|' < "$DATA/penguins.csv" | fl-predict -m g.flp --missing mean --separator bar | cmp want -
	sed '2s/,39.1,/,-9,/;3s/,female/,Unknown/' whole.csv > spelled.csv
	sed '2s/,39.1,/,,/;3s/,female/,/' whole.csv | fl-predict -m g.flp --missing mean > want
	fl-predict -m g.flp --missing mean --na Unknown --na-in bill_length_mm=-9 spelled.csv | cmp want -
	# none of these options is for a record
	for option in '--key x' '--missing zero' '--header x' '--separator bar' '--decimal ,' '--na x' \
		'--na-in x=1'; do
		refused 2 "option ${option% *}: expected a CSV file, found a record" \
			fl-predict -m g.flp $option all.flp
	done
	refused 2 'option --na-in: expected COLUMN=TEXTS with a column of the table, found "nope=1"' fl-predict -m g.flp --na-in nope=1 whole.csv
}

@test "a missing level beside a reference is the share of each level" {
	fl-import -y species -x body_mass_g,sex --reference sex=female --missing drop \
		--schema-out ref.schema "$DATA/penguins.csv" > ref.flp
	fl-stats ref.flp > ref.stats
	fl-init -a 'dense 3' -i ref.schema -S ref.stats -s 1 > ref.model
	sed '2s/,male/,/' whole.csv > gap.csv
	fl-import --schema ref.schema --missing mean --scale ref.stats gap.csv > gap.flp
	fl-predict -m ref.model gap.flp > want
	fl-predict -m ref.model --missing mean gap.csv | cmp want -
	exits3 fl-predict -m ref.model --missing zero gap.csv
	tail -n +3 want | cmp - <(tail -n +2 out)
	[[ $(<err) == *'row 1 (line 2): column sex: '* ]]
}

@test "a mean of the model that f32 can't hold is refused" {
	need python3
	schema='x\tnumber\ta\ny\tclass\ty\tp\ny\tclass\ty\tq\n'
	for mean in 1e38 1e39; do
		vector "make.record([
			make.Tensor('0.weight', 'f32', [2, 1], [1e-38, 0]), make.Tensor('0.bias', 'f32', [2], [0, 0]),
			make.Tensor(':features', 'u8', [2], b'a\n'), make.Tensor(':classes', 'u8', [4], b'p\nq\n'),
			make.Tensor(':center', 'f64', [1], [$mean]), make.Tensor(':scale', 'f64', [1], [1]),
			make.Tensor(':schema', 'u8', [len(b'$schema')], b'$schema')],
			{'arch': 'dense 2', 'loss': 'softmax', 'round': 0})" > $mean.model
	done
	printf 'a\n1\n\n' > gap.csv
	[ "$(fl-predict -H -m 1e38.model --missing mean gap.csv | cut -f 3 | tail -n 1)" = 0.5 ]
	refused 3 'the model: column a: expected a mean in the range of f32, found a greater one' \
		fl-predict -m 1e39.model --missing mean gap.csv
	refused 3 'found 1e+39' fl-predict -v -m 1e39.model --missing mean gap.csv
}

@test "a level of the model that looks like a missing value" {
	printf '%s\n' s,y None,p few,q None,p few,q | fl-import --na '' -y y > none.flp
	fl-init -a 'dense 2' -i none.flp > none.model
	printf '%s\n' s None few > none.csv
	found='none.csv: column s: expected levels that do not stand for a missing value, found'
	refused 3 "$found one that does (see --na)" fl-predict -m none.model none.csv
	refused 3 "$found \"None\" (see --na)" fl-predict -v -m none.model none.csv
	fl-predict -m none.model --na '' none.csv > table
	[ "$(wc -l < table)" -eq 3 ]
	refused 2 'option --na-in: column s: expected texts other than the levels of the schema, found one of them' \
		fl-predict -m none.model --na '' --na-in s=few none.csv
}

@test "values of a regression read back as they are" {
	fl-predict -m mass.model mass.flp > table
	[ "$(head -n 1 table)" = $'row\tvalue' ]
	fl-predict -m mass.model --json mass.flp | sed -E 's/\{"row":([0-9]+),"value":([^}]+)\}/\1\t\2/' |
		cmp - <(tail -n +2 table)
	fl-eval -m mass.model --json mass.flp | grep -o '"mae":[0-9.]*' | cut -d : -f 2 > mae
	paste <(fl-export -f csv mass.flp | tail -n +2 | cut -d , -f 2) <(tail -n +2 table | cut -f 2) |
		awk -v want="$(<mae)" '{ d = $1 - $2; sum += d < 0 ? -d : d }
			END { exit !((sum / NR - want) ^ 2 < 1e-4) }'
	# every rendering that is shown is an f32's own
	cut -f 2 table | tail -n +2 | fl-import -f txt | fl-export | tr ' ' '\n' |
		cmp - <(cut -f 2 table | tail -n +2)
	refused 2 'option --threshold: expected a model that tells two classes apart' \
		fl-predict -m mass.model --threshold 0.5 mass.flp
	refused 2 'option --top: expected a model that tells classes apart' \
		fl-predict -m mass.model --top 1 mass.flp
}

@test "--threshold, --top, --no-header, --json" {
	fl-predict -H -m b.flp two.csv > table
	fl-predict -H -m b.flp --threshold 0.5 two.csv | cmp table -
	fl-predict -H -m b.flp --threshold 0.9 two.csv |
		awk -F '\t' '{ n += ($2 == "Gentoo") != ($4 >= 0.9) } END { exit n > 0 }'
	[ "$(fl-predict -H -m b.flp --threshold 0 two.csv | cut -f 2 | sort -u)" = Gentoo ]
	refused 2 'option --threshold: expected a model that tells two classes apart' \
		fl-predict -m g.flp --threshold 0.5 whole.csv
	# whatever files there are
	refused 2 'expected one of --threshold and --top, not both' \
		fl-predict -m none.flp --threshold 0.5 --top 1 none.csv
	refused 2 'expected one of --json, --summary, --confusion and --calibration, not more' \
		fl-eval -m none.flp --json --summary none.flp
	refused 4 'none.flp: open' fl-predict -m none.flp none.csv
	refused 2 'expected one of --threshold and --top, not both' \
		fl-predict -m b.flp --top 1 --threshold 0.5 two.csv
	refused 2 'option --top: expected at most 3' fl-predict -m g.flp --top 4 whole.csv
	fl-predict -m g.flp whole.csv > all
	fl-predict -m g.flp --top 3 whole.csv > top
	[ "$(head -n 1 top)" = $'row\trank\tclass\tp' ]
	awk -F '\t' 'NR == FNR { if (FNR == 1) for (i = 3; i <= 5; i++) name[i] = substr($i, 3)
			else { class[$1] = $2; for (i = 3; i <= 5; i++) p[$1, name[i]] = $i } next }
		FNR > 1 { if (p[$1, $3] != $4 || ($2 == 1 && class[$1] != $3) || ($2 > 1 && $4 > last)) bad++
			last = $4; n++ }
		END { exit bad > 0 || n != 999 }' all top
	fl-predict -m g.flp --top 1 whole.csv | awk -F '\t' '$2 == 1 || NR == 1' |
		cmp - <(awk -F '\t' '$2 == 1 || NR == 1' top)
	need python3
	fl-predict -m g.flp --json whole.csv > json
	fl-predict -m g.flp --json --top 2 whole.csv > json.top
	python3 - <<'END'
import json
all = [line.rstrip('\n').split('\t') for line in open('all')]
assert len(list(open('json'))) == len(list(open('json.top'))) == len(all) - 1 == 333
for line, row in zip(open('json'), all[1:]):
    o = json.loads(line)
    assert [str(o['row']), o['class']] == row[:2], (o, row)
    assert [float(p) for p in row[2:]] == list(o['p'].values()), (o, row)
    assert ['p:' + name for name in o['p']] == all[0][2:], o
top = [line.rstrip('\n').split('\t') for line in open('top')][1:]
for n, line in enumerate(open('json.top')):
    o = json.loads(line)
    assert [t['class'] for t in o['top']] == [top[3 * n][2], top[3 * n + 1][2]], o
END
}

@test "of classes that are equally probable the first comes first" {
	need python3
	schema='x\tnumber\ta\ny\tclass\ty\tp\ny\tclass\ty\tq\ny\tclass\ty\tr\ny\tclass\ty\ts\n'
	vector "make.record([
		make.Tensor('0.weight', 'f32', [4, 1], [0] * 4), make.Tensor('0.bias', 'f32', [4], [0, 1, 0, 1]),
		make.Tensor(':features', 'u8', [2], b'a\n'), make.Tensor(':classes', 'u8', [8], b'p\nq\nr\ns\n'),
		make.Tensor(':schema', 'u8', [len(b'$schema')], b'$schema')],
		{'arch': 'dense 4', 'loss': 'softmax', 'round': 0})" > equal.model
	printf 'a\n1\n' > one.csv
	[ "$(fl-predict -H -m equal.model --top 4 one.csv | cut -f 3 | xargs)" = 'q s p r' ]
	[ "$(fl-predict -H -m equal.model one.csv | cut -f 2)" = q ]
}

@test "what does not fit the model is refused" {
	refused 3 'column bill_depth_mm: expected in the header' fl-predict -m g.flp \
		<(cut -d , -f 1-3,5- whole.csv)
	refused 3 'mass.flp: columns: expected 6 for the model, found 1' fl-predict -m g.flp mass.flp
	refused 3 'expected a record of kind data, found params' fl-predict -m g.flp g.flp
	refused 3 'expected a header line, found nothing' fl-predict -m g.flp /dev/null
	refused 3 'expected a record of kind params, found stats' fl-predict -m stats.flp whole.csv
	refused 2 'option --model is required' fl-predict whole.csv
	echo 1 2 3 4 5 6 | fl-import -f txt > params.flp
	fails 3 fl-predict -m params.flp whole.csv
	# a model of numbers without names has no schema
	printf '%s\n' '1 1:1 2:2' '2 1:0 2:3' | fl-import -f libsvm > svm.flp
	fl-init -a 'dense 1' -i svm.flp > svm.model
	refused 3 'schema has no feature columns' fl-predict -m svm.model whole.csv
	fl-predict -m svm.model svm.flp | tail -n +2 | wc -l | grep -qx 2
	exits3 fl-predict -m g.flp <(cat all.flp mass.flp all.flp)
	[ "$(tail -n 1 out | cut -f 1)" -eq 666 ]
}

@test "a model that wants each site's own scaling takes records that bring it" {
	fl-init -a 'dense 3' -i schema -S site -s 1 > site.flp
	refused 3 "the model wants each site's own scaling" fl-predict -m site.flp whole.csv
	fl-import --schema schema --scale stats.flp whole.csv | fl-predict -m site.flp > table
	[ "$(wc -l < table)" -eq 334 ]
}

@test "a file without rows has titles alone" {
	head -n 1 whole.csv | fl-predict -m g.flp > table
	[ "$(<table)" = $'row\tclass\tp:Adelie\tp:Chinstrap\tp:Gentoo' ]
}

@test "on a terminal columns are aligned, and hold what a file gets" {
	need script python3
	script -qec true /dev/null || skip "needs a pseudo-terminal"
	for call in '-m g.flp whole.csv' '-H -m g.flp whole.csv' '-m g.flp --top 2 whole.csv' \
		'-m b.flp --key island two.csv' '-m g.flp --json whole.csv' '-m g.flp none.csv'; do
		head -n 1 whole.csv > none.csv
		fl-predict $call > table
		script -qec "fl-predict $call" /dev/null | tr -d '\r' > shown
		[[ $call != *--json* ]] || { cmp shown table; continue; }
		python3 - <<-'END'
			shown = open("shown").read().splitlines()
			table = [l.split("\t") for l in open("table").read().splitlines()]
			assert [l.split() for l in shown] == table
			# the ends of the last column, since numbers end at one place once a line is as wide
			ends = [len(l) for l in shown]
			assert ends == sorted(ends) and len(set(ends)) <= 4, ends
		END
	done
	# a table of many columns, too
	printf 'a,y\n' > many.csv
	for i in {1..70}; do echo "$i,c$i"; done >> many.csv
	fl-import -y y --target class --schema-out many.schema many.csv > many.data
	fl-init -a 'dense 70' -i many.schema -s 1 > many.flp
	fl-predict -m many.flp many.csv > table
	script -qec 'fl-predict -m many.flp many.csv' /dev/null | tr -d '\r' > shown
	[ "$(head -n 1 table | tr '\t' '\n' | wc -l)" -eq 72 ]
	run ! grep -q $'\t' shown
	tr -s ' ' '\t' < shown | sed 's/^\t//' | cmp table -
	# bad rows are left out there too
	sed '3s/female/hen/' whole.csv > odd.csv
	run script -qec 'fl-predict -H -m g.flp odd.csv' /dev/null
	[ "$status" -eq 3 ]
	[ "${#lines[@]}" -eq $(($(wc -l < whole.csv) - 1)) ] # the rows but one, and a message
}
