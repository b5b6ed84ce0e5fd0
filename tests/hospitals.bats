# Four hospitals of which none has all thirteen columns: of 920 rows 299 are without a
# gap, two of them outside Cleveland.
load helper
export FL_POLICY=open # few gaps in a column are small counts, which leave all the same

COLUMNS=age,sex,cp,trestbps,chol,fbs,restecg,thalach,exang,oldpeak,slope,ca,thal
HOSPITALS="cleveland hungarian switzerland va"

# site NAME ARG...: imports a hospital's table
site() {
	fl-import "${@:2}" "$1.csv"
}

setup() {
	need_mirror heart-disease processed.{cleveland,hungarian,switzerland,va}.data
	for h in $HOSPITALS; do
		{
			echo $COLUMNS,num
			awk -F, -v OFS=, '{ $14 = $14 > 0 ? "yes" : "no" } 1' "$MIRROR/processed.$h.data"
		} > $h.csv
		site $h -y num --missing keep --schema-out $h.schema > $h.kept
	done
	sort -u ./*.schema > schema
	for h in $HOSPITALS; do
		site $h --schema schema --missing keep | fl-stats > $h.stats
	done
	fl-aggregate --sum --expect 4 ./*.stats > stats.flp
}

@test "their common means and deviations are those of the rows that have the column" {
	need python3
	python3 -c 'import numpy' 2> /dev/null || skip "needs numpy"
	fl-init -a 'dense 1' -i schema -S stats.flp > m.flp
	fl-export -f csv stats.flp > stats.csv
	fl-dump --json --values m.flp > m.json
	python3 - <<-END
		import csv, json
		import numpy as np
		titles, x = None, []
		for name in "$HOSPITALS".split():
		    titles, *rows = csv.reader(open(name + ".csv"))
		    x += [[v.replace("?", "nan") for v in row[:-1]] for row in rows]
		x = np.array(x, "f4").astype("f8")
		assert len(x) == 920 and np.isnan(x).any(1).sum() == 621, x.shape
		model = {t["name"]: t["values"] for t in json.load(open("m.json"))["tensors"]}
		found = list(csv.DictReader(open("stats.csv")))
		assert [f["feature"] for f in found] == sorted(titles[:-1])
		for j, f in enumerate(found):
		    c = x[:, titles.index(f["feature"])]
		    c = c[~np.isnan(c)]
		    for got, want in ((f["count"], len(c)), (f["sum"], c.sum()), (f["sumsq"], (c * c).sum()),
		                      (model[":center"][j], c.mean()), (model[":scale"][j], c.std(ddof=1))):
		        assert abs(float(got) - want) <= 1e-12 * abs(want), (f["feature"], got, want)
	END
}

@test "a model of three of them serves the fourth, by all thirteen columns" {
	for h in $HOSPITALS; do
		site $h --schema schema --missing mean --scale stats.flp --client $h > $h.flp
		[ "$(fl-dump $h.flp | awk '$1 == "x" { print $3 }')" = "$(($(wc -l < $h.csv) - 1))x13" ]
	done
	fl-init -a 'dense 1' -i schema -S stats.flp -s 1 > model.flp
	for round in {1..30}; do
		fl-train -m model.flp -E 2 -B 20 -l .05 -u hungarian.flp switzerland.flp va.flp |
		    fl-aggregate --expect 3 | fl-step -m model.flp > next.flp
		mv next.flp model.flp
	done
	fl-eval -m model.flp cleveland.flp > measures
	cat measures
	awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "auc") at = i }
		NR == 2 { exit !(at && $3 == 303 && $at >= .85) }' measures
}

@test "examples/clinic: refusals, the fit of all rows to four digits, measures, predictions" {
	HEART=$MIRROR "$ROOT/examples/clinic/study" "$PWD/run" > out 2> err
	[ ! -s err ]
	# what one or two people have or lack does not leave, and each hospital is named
	grep '^fl-stats: ' out > refused
	cut -d ' ' -f 2 refused | diff - <(printf '%s/rows.flp:\n' $HOSPITALS)
	[ "$(grep -c ': policy .*: min-count 3: a count of all but fewer than 3 may not leave' refused)" -eq 3 ]
	grep -q '^fl-stats: va/.* column ca: .* a count below 3 may not leave' refused
	grep -q '^fl-stats: hungarian/.* columns restecg, thalach, exang, slope$' refused
	# every name that leaves VA is shown
	sed -n '/^all that VA/,/^  metadata/p' out > shown
	[ "$(grep -cE '^    (age|ca|thal=7|no|yes|x number age|x level thal 7)$' shown)" -eq 7 ]
	grep -A 9 '^round' out | awk -F '\t' '$2 == "cleveland" { good += $6 > .91 }
		$2 == "hungarian" { good += $6 > .9 } $3 == 913 { good += $6 > .9 } END { exit good != 3 }'
	need python3
	sed -n '/^output/,/^$/{/./p}' out > table
	grep -qx $'num=yes\tca\t0.965382\t1.03065\t2.80288' table
	(cd run && python3 "$ROOT/tests/newton.py" ../table {cleveland,hungarian,switzerland,va}/patients.csv)
	[ "$(tail -n 3 out | cut -f 1,2)" = $'VA-201\tyes\nVA-202\tno\nVA-203\tyes' ]
	# nothing but these files left a hospital
	diff <(cd run && ls -p | grep -v /) - <<-END
		cleveland.stats
		g.flp
		hungarian.stats
		mean.update
		stats.flp
		study.schema
		switzerland.stats
		va.stats
	END
	HEART=$MIRROR run -2 "$ROOT/examples/clinic/study" "$PWD/run"
	[[ $output == *'run: expected a new folder, found one that is there'* ]]
}

@test "examples/clinic: it goes on after what a policy refuses, and not after another failure" {
	mkdir -p tree/bin tree/examples/clinic
	cp "$ROOT"/examples/clinic/{policy,study} tree/examples/clinic/
	ln -s "$BIN"/* tree/bin/
	rm tree/bin/fl-stats
	for code in 2 4; do
		printf '#!/bin/sh\nexit %s\n' $code > tree/bin/fl-stats
		chmod +x tree/bin/fl-stats
		HEART=$MIRROR run -1 tree/examples/clinic/study "$PWD/run$code"
		[[ $output != *'all that VA'* ]]
	done
}
