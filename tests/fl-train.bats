# fl-train: its results, which are always the same bytes, their metadata, and what is refused.
load helper
export FL_POLICY=open # some data here are of a few rows; policies have tests of their own

COLUMNS=bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	fl-import -y species -g island --missing drop -x $COLUMNS --schema-out schema \
	    "$DATA/penguins.csv" > all.flp
	fl-split -p group --test every:5 -o sites all.flp
	fl-stats sites/client-*.flp | fl-aggregate --sum > stats.flp
	fl-init -a 'dense 3' -i schema -S stats.flp -s 1 > g0.flp
	fl-init -a 'dense 9 relu dense 3' -i schema -S stats.flp > net.flp
	fl-import -y body_mass_g --target number -x bill_length_mm --missing drop \
	    "$DATA/penguins.csv" > mass.flp
	fl-init -a 'dense 1' -i mass.flp > mass0.flp
}

setup() {
	cp -r "$BATS_FILE_TMPDIR"/* .
}

# accuracy MODEL: prints how many of the 66 held-out penguins are classified correctly
accuracy() {
	fl-eval -H -m "$1" sites/test.flp | awk '{ printf "%d\n", $5 * 66 + .5 }'
}

# meta FILE: prints its metadata as key=value, on one line
meta() {
	fl-dump "$1" | awk '/^  / && !/^  (tensor|label|bytes|design|digest|id) / && $2 !~ /^(f|u)[0-9]+$/ {
		key = $1; sub(/^ *[^ ]+ +/, ""); print key "=" $0 }' | xargs
}

digest() {
	fl-dump "$1" | awk '$1 == "digest" { print $2 }'
}

# norm FILE: prints the norm of all parameters
norm() {
	fl-dump "$1" | awk '$2 == "f32" { s += $8 * $8 } END { print sqrt(s) }'
}

# differ FILE FILE
differ() {
	run fl-cmp "$1" "$2"
	[ "$status" -eq 1 ]
}

@test "the federation learns what no island can" {
	for r in 0 1 2 3 4; do
		fl-train -m g$r.flp -E 5 -B 10 -l 0.1 -u sites/client-*.flp |
		    fl-aggregate --expect 3 | fl-step -m g$r.flp > g$((r + 1)).flp
	done
	[ "$(accuracy g5.flp)" -ge 62 ] # .94
	fl-split -p iid -n 1 --test every:5 -o pooled all.flp
	cmp pooled/test.flp sites/test.flp
	while read -r right data; do
		fl-train -m g0.flp -E 100 -B 10 -l 0.1 "$data" > alone.flp
		found=$(accuracy alone.flp)
		echo "$data: $found"
		[ "$found" -ge $((right - 2)) ]
		[ "$found" -le $((right + 2)) ]
	done <<-END
		64 pooled/client-000.flp
		53 sites/client-Biscoe.flp
		44 sites/client-Dream.flp
		29 sites/client-Torgersen.flp
	END
	# without standardisation the federation does not learn this
	fl-init -a 'dense 3' -i schema -s 1 > raw.flp
	fl-train -m raw.flp -E 5 -B 10 -l 0.1 -u sites/client-*.flp | fl-aggregate |
	    fl-step -m raw.flp > new.flp
	[ "$(accuracy new.flp)" -le 33 ]
}

@test "the same bytes, however often and however many at once" {
	fl-split -p iid -n 9 -o nine all.flp
	for options in "-E 3 -B 7" "-k 20 -B 9 -u" "-O adam -l .01 -u"; do
		fl-train -m net.flp $options nine/*.flp > a.flp
		fl-train -m net.flp $options nine/*.flp | cmp a.flp -
		fl-train -m net.flp $options -j 4 nine/*.flp | cmp a.flp -
		cat nine/*.flp | fl-train -m net.flp $options -j 2 | cmp a.flp -
		for f in nine/*.flp; do fl-train -m net.flp $options "$f"; done | cmp a.flp -
		fl-train -m net.flp $options -s 1 nine/*.flp > b.flp
		differ a.flp b.flp
		fl-train -m - $options -s 1 nine/*.flp < net.flp | cmp b.flp -
	done
}

@test "an update is new minus old" {
	f=sites/client-Dream.flp
	fl-train -m net.flp -E 3 $f > new.flp
	fl-train -m net.flp -E 3 -u $f > update.flp
	fl-step -m net.flp update.flp > sum.flp
	fl-cmp --relative 1e-6 -t 1e-8 sum.flp new.flp
	[ "$(meta new.flp)" = "arch=dense 9 relu dense 3 base=$(digest net.flp) client=Dream examples=100 loss=softmax round=0 steps=12" ]
	[ "$(meta update.flp)" = "base=$(digest net.flp) client=Dream examples=100 round=0 steps=12" ]
	fl-dump update.flp | grep -q ': update, raw$'
	[ "$(fl-dump update.flp | awk '$2 ~ /^[fu][0-9]+$/ { print $1 }' | xargs)" = "0.weight 0.bias 2.weight 2.bias" ]
	fl-put --zlib packed.flp < net.flp
	fl-train -m packed.flp -E 3 -u $f | cmp update.flp -
	# a model trained from a client's model, or from a mean of models, does not have their keys
	fl-train -m net.flp sites/client-*.flp | fl-aggregate > mean.flp
	fl-train -m mean.flp -k 7 all.flp > next.flp
	[ "$(meta next.flp)" = "arch=dense 9 relu dense 3 base=$(digest mean.flp) examples=342 loss=softmax round=0 steps=7" ]
	fl-train -m new.flp -k 7 all.flp > next.flp
	[ "$(meta next.flp)" = "arch=dense 9 relu dense 3 base=$(digest new.flp) examples=342 loss=softmax round=0 steps=7" ]
}

@test "steps go on in the next round where the last one stopped" {
	f=sites/client-Dream.flp # 100 rows, 15 batches of 7
	fl-train -m g0.flp -k 36 -B 7 $f > whole.flp
	for r in 0 1 2; do
		fl-train -m g$r.flp -k 12 -B 7 $f > local.flp
		fl-step -m g$r.flp local.flp > g$((r + 1)).flp
	done
	[[ "$(meta g3.flp)" == *" round=3"* ]]
	fl-cmp g3.flp whole.flp
	# epochs are steps: 3 of 12 are 3 of 15 + 15 + 6
	fl-train -m g0.flp -E 2 -B 7 $f > epochs.flp
	fl-train -m g0.flp -k 30 -B 7 $f > steps.flp
	cmp epochs.flp steps.flp
}

@test "a batch of all rows, and one larger than the data" {
	f=sites/client-Torgersen.flp # 41 rows
	fl-train -m net.flp -E 4 -B 0 $f > a.flp
	fl-train -m net.flp -E 4 -B 0 -s 7 $f | cmp a.flp -
	fl-train -m net.flp -E 4 -B 41 $f | cmp a.flp -
	fl-train -m net.flp -E 4 -B 4294967295 $f | cmp a.flp -
	fl-train -m net.flp -E 4 -B 40 $f > b.flp
	differ a.flp b.flp
	fl-train -m net.flp -B 0 all.flp > a.flp # in parts
	fl-train -m net.flp -B 342 all.flp | cmp a.flp -
}

@test "optimizers learn, each in its own way" {
	loss() { fl-eval -H -m "$1" all.flp | cut -f 4; }
	n=0 before=$(loss net.flp)
	while read -r options; do
		n=$((n + 1))
		fl-train -m net.flp -E 3 -B 20 $options all.flp > m$n.flp
		echo "$options: $(loss m$n.flp)"
		awk "BEGIN { exit !($(loss m$n.flp) < $before / 2) }"
		for ((i = 1; i < n; i++)); do differ m$i.flp m$n.flp; done
	done <<-END
		-l .1
		-l .1 --momentum .5
		-l .1 --momentum .5 --nesterov
		-l .1 --decay .001
		-l .1 --clip .5
		-O adam -l .05
		-O adam -l .05 --decay .001
		-O adamw -l .05 --decay .01
		-O adam -l .05 --beta1 .8 --beta2 .99 --epsilon 1e-4
	END
	fl-train -m net.flp -E 3 -B 20 -O adamw -l .05 all.flp > w.flp # without decay
	fl-cmp w.flp m6.flp
	# no step is longer than rate times clip norm
	fl-train -m mass0.flp -u -k 1 -l .1 -C .01 mass.flp > short.flp
	awk "BEGIN { n = $(norm short.flp); exit !(n > .000999 && n < .001001) }"
}

@test "a schedule is a factor of the rate by the round" {
	for r in 0 1 2; do
		fl-train -m g$r.flp -k 1 -u all.flp | fl-step -m g$r.flp > g$((r + 1)).flp
	done
	while read -r round rate schedule; do
		fl-train -m g$round.flp -l .5 --schedule $schedule all.flp > a.flp
		fl-train -m g$round.flp -l $rate all.flp > b.flp
		fl-cmp --relative 1e-6 a.flp b.flp
	done <<-END
		2 .5 constant
		0 .5 inverse:.5
		2 .25 inverse:.5
		1 .5 step:2:.1
		2 .05 step:2:.1
		3 .0625 step:1:.5
		1 .25 cosine:2
		3 .25 cosine:6
	END
	fl-train -u -m g2.flp --schedule cosine:2 all.flp > none.flp
	[ "$(norm none.flp)" = 0 ]
}

@test "each site's own scaling" {
	for i in Biscoe Dream Torgersen; do
		fl-stats sites/client-$i.flp > $i.stats
		{ head -n 1 "$DATA/penguins.csv"; grep "^$i" "$DATA/penguins.csv"; } > $i.csv
		fl-import --schema schema --missing drop --scale $i.stats --client $i $i.csv > $i.flp
	done
	fl-init -a 'dense 3' -i schema -S site > site.flp
	fl-train -u -m site.flp Biscoe.flp Dream.flp Torgersen.flp > u.flp
	fl-init -a 'dense 3' -i schema -S Dream.stats > dream.flp
	fl-train -m dream.flp Dream.flp > a.flp
	fl-train -m site.flp Dream.flp > b.flp
	fl-cmp -t 0 <(fl-train -u -m dream.flp Dream.flp) <(fl-train -u -m site.flp Dream.flp)
	refused 3 "all.flp: scaling: expected one in the data, as the model requires, found none" fl-train -m site.flp all.flp
	refused 3 "Biscoe.flp: column 1: scaling: expected that of the model" \
	    fl-train -m dream.flp Biscoe.flp
	fl-init -a 'dense 3' -i schema > none.flp
	refused 3 "Biscoe.flp: scaling: expected none in the data, as in the model, found one" \
	    fl-train -m none.flp Biscoe.flp
	fl-train -m dream.flp sites/client-Dream.flp > c.flp # data that bring none
}

@test "data that do not fit the model" {
	import() { fl-import --missing drop "$@" "$DATA/penguins.csv"; }
	import -y species -x bill_length_mm > columns.flp
	import -y species -x body_mass_g,${COLUMNS%,*} > names.flp
	grep -v Gentoo "$DATA/penguins.csv" | fl-import -y species -x $COLUMNS --missing drop > classes.flp
	import -x $COLUMNS --schema-out unlabelled > labels.flp
	import -y sex --target class -x $COLUMNS > sex.flp
	head -n 1 "$DATA/penguins.csv" | fl-import --schema schema > rows.flp
	refused 3 "columns.flp: columns: expected 4 for the model, found 1 (see fl-import --schema MODEL)" \
	    fl-train -m g0.flp columns.flp
	refused 3 "names.flp: features are not the model's (see fl-import --schema MODEL): name 1" \
	    fl-train -m g0.flp names.flp
	refused 3 "classes.flp: classes are not the model's" fl-train -m g0.flp classes.flp
	refused 3 "sex.flp: classes are not the model's" fl-train -m g0.flp sex.flp
	refused 3 "labels.flp: loss softmax: expected classes in the data, found neither" \
	    fl-train -m g0.flp labels.flp
	refused 3 "rows.flp: rows: expected 1" fl-train -m g0.flp rows.flp
	refused 3 "mass.flp: columns: expected 4" fl-train -m g0.flp mass.flp
	fl-init -a 'dense 1' -n 4 > number.flp
	refused 3 "all.flp: loss mse: expected targets in the data, found classes" \
	    fl-train -m number.flp all.flp
	fails 3 fl-train -m number.flp columns.flp # no schema to encode rows by
	[[ $message == *': columns: expected 4 for the model, found 1' ]]
	fl-init -a 'dense 2' -n 4 > two.flp # knows no names
	refused 3 "all.flp: row " fl-train -m two.flp all.flp
}

@test "a bad data set is left out and named, the others go on" {
	fl-train -m g0.flp -u sites/client-Biscoe.flp sites/client-Dream.flp > good.flp
	head -c 1000 all.flp > cut.flp
	cat sites/client-Biscoe.flp mass.flp sites/client-Dream.flp > mixed.flp
	for j in 1 3; do
		status=0
		fl-train -j $j -m g0.flp -u mixed.flp cut.flp g0.flp > some.flp 2> said || status=$?
		[ "$status" -eq 3 ]
		cmp some.flp good.flp
		[ "$(cut -d : -f 1-3 said)" = "fl-train: mixed.flp: record 2
fl-train: cut.flp: tensor x
fl-train: g0.flp: expected a record of kind data, found params" ]
	done
	# a missing file is not a bad input
	refused 4 "none.flp: open" fl-train -m g0.flp none.flp mixed.flp
}

@test "training that diverges writes nothing, and the message says where" {
	status=0
	fl-train -m mass0.flp -E 5 -l 10 -B 10 -u mass.flp > no.flp 2> said || status=$?
	[ "$status" -eq 3 ]
	[ ! -s no.flp ]
	grep -qx 'fl-train: mass.flp: loss is not finite at step [0-9]*: a lower learning rate may help' said
	fl-import -y y --target number -x x <(printf 'x,y\n0.1,0.2\n0.2,0.3\n') > small.flp
	fl-init -a 'dense 1' -n 1 > one.flp
	fl-train -m one.flp -l 10 -E 5 -u small.flp > alone.flp
	status=0
	fl-train -j 2 -m one.flp -l 10 -E 5 -u mass.flp small.flp mass.flp > some.flp 2> said || status=$?
	[ "$status" -eq 3 ]
	cmp some.flp alone.flp
	[ "$(grep -c '^fl-train: mass.flp: ' said)" -eq 2 ]
}

@test "records that are not models" {
	echo 0.2 0.4 | fl-import -f txt --as params > p.flp
	refused 3 "p.flp: metadata: arch: missing" fl-train -m p.flp all.flp
	refused 3 "all.flp: expected a record of kind params, found data" fl-train -m all.flp all.flp
	refused 3 "not finite" fl-train -m "$DATA/vectors/bad/nan-f32.flp" all.flp
	cat g0.flp g0.flp > two.flp
	refused 3 "two.flp: record 2: expected one record, found more" fl-train -m two.flp all.flp
	refused 3 "standard input: empty (did the command before it fail?)" fl-train -m - all.flp < /dev/null
	refused 3 "standard input: empty (did the command before it fail?)" fl-train -m g0.flp < /dev/null
	refused 4 "none.flp: open" fl-train -m none.flp all.flp
}

@test "wrong calls" {
	while IFS='|' read -r text options; do
		refused 2 "$text" fl-train -m g0.flp $options all.flp
	done <<-'END'
		expected one of --epochs and --steps, not both|-E 1 -k 1
		option --epochs: expected|-E 0
		option --steps: expected|-k 0
		option --batch: expected|-B -1
		option --rate: expected|-l 0
		option --rate: expected|-l nan
		option --rate: expected|-l inf
		option --momentum: expected|--momentum 1
		option --momentum: expected|--momentum nan
		option --decay: expected|--decay -1
		option --decay: expected|--decay nan
		option --clip: expected|-C -1
		option --beta1: expected|--beta1 1
		option --beta2: expected|--beta2 1
		option --epsilon: expected|--epsilon 0
		option --beta2: needs --optimizer adam or adamw|--beta2 .9
		momentum: only sgd has it, not adamw|-O adamw --momentum .9
		momentum: only sgd has it, not adam|-O adam --momentum .9
		nesterov: expected momentum above 0|--nesterov
		option --optimizer: expected sgd|-O lion
		option --schedule: expected constant|--schedule cosine:0
		option --schedule: expected constant|--schedule step:3:1.5
		option --jobs: expected|-j 0
	END
	refused 2 "option --model is required" fl-train all.flp
}

@test "what is said with -v, and a full disk" {
	fl-train -v -m g0.flp -E 2 sites/client-Dream.flp all.flp 2> said > new.flp
	[ "$(sed 's/loss .*/loss/' said)" = "fl-train: sites/client-Dream.flp: 8 steps, loss
fl-train: all.flp: 22 steps, loss" ]
	fl-train -m g0.flp -E 2 all.flp 2> said > new.flp
	[ ! -s said ]
}

@test "with -v: columns that need a scaling are named once" {
	fl-init -a 'dense 3' -i schema > plain.flp
	warning='the standard deviation of'
	# the factor and the columns, by a computation of its own
	factor=$(fl-export -f csv sites/client-Dream.flp | awk -F , '
		NR > 1 { for (i = 1; i <= 4; i++) { sum[i] += $i; squares[i] += $i * $i } }
		END { n = NR - 1
			for (i = 1; i <= 4; i++) v[i] = squares[i] / n - (sum[i] / n) ^ 2
			printf "%d", sqrt(v[4] / v[2]) }')
	for jobs in 1 3; do
		fl-train -v -j $jobs -m plain.flp sites/client-{Dream,Biscoe}.flp 2> said > new.flp
		[ "$(head -n 1 said)" = "fl-train: sites/client-Dream.flp: $warning body_mass_g is $factor times that of bill_depth_mm: without a scaling, training is slow and may fail (see fl-init --scale)" ]
		[ "$(grep -c "$warning" said)" -eq 1 ]
		[ "$(wc -l < said)" -eq 3 ]
	done
	# it changes nothing that is written, and is of the site's data: without -v it is not said
	fl-train -m plain.flp sites/client-{Dream,Biscoe}.flp 2> said | cmp new.flp -
	[ ! -s said ]
	# a scaling of the model or of the data
	fl-train -v -m g0.flp sites/client-Dream.flp 2> said > new.flp
	[ "$(grep -c "$warning" said)" -eq 0 ]
	fl-import --schema schema --missing drop --scale stats.flp "$DATA/penguins.csv" > scaled.flp
	fl-init -a 'dense 3' -i schema --scale site > site.flp
	fl-train -v -m site.flp scaled.flp 2> said > new.flp
	[ "$(grep -c "$warning" said)" -eq 0 ]
	# the first data set that has such columns, where others have none; no names
	printf 'k,a,b,y\n1,1,0,1\n1,3,4,2\n1,2,1,3\n' | fl-import -y y --target number > alike.flp
	printf 'k,a,b,y\n1,1,0,1\n1,3,4,2\n1,2,900,3\n' > unlike.csv
	fl-import -y y --target number unlike.csv > unlike.flp
	fl-init -a 'dense 1' -i alike.flp > m.flp
	fl-train -v -l 1e-9 -m m.flp alike.flp unlike.flp 2> said > new.flp
	[ "$(sed -n 2p said)" = "fl-train: unlike.flp: $warning b is 518 times that of a: without a scaling, training is slow and may fail (see fl-init --scale)" ]
	# a factor of more than a hundred
	sed 's/900/150/' unlike.csv | fl-import -y y --target number > near.flp
	fl-train -v -l 1e-9 -m m.flp near.flp 2> said > new.flp
	[ "$(grep -c "$warning" said)" -eq 0 ]
	sed 's/900/200/' unlike.csv | fl-import -y y --target number > far.flp
	fl-train -v -l 1e-9 -m m.flp far.flp 2> said > new.flp
	grep -q "far.flp: $warning b is 114" said
	# also where training then fails
	fl-train -v -l 1e6 -E 9 -m m.flp unlike.flp 2> said > new.flp || [ $? -eq 3 ]
	grep -q "unlike.flp: $warning" said
	grep -q 'unlike.flp: loss is not finite' said
	# pictures are of one unit
	need python3
	vector "make.record([make.Tensor('x', 'u8', [3, 2], [0, 0, 255, 1, 0, 0]), make.Tensor('y', 'u32', [3], [0, 1, 0]),
	    make.Tensor(':classes', 'u8', [4], b'a\nb\n')], {}, make.DATA)" > pictures.flp
	fl-init -a 'dense 2' -i pictures.flp > m.flp
	fl-train -v -l 1e-9 -m m.flp pictures.flp 2> said > new.flp
	[ "$(grep -c "$warning" said)" -eq 0 ]
}

@test "an update that is not finite is none, the data set is named" {
	need python3
	python3 -c 'import xxhash' 2>/dev/null || skip "needs python3-xxhash"
	PYTHONPATH=$DATA/vectors python3 - <<-'END'
	from make import *
	open("m.flp", "wb").write(record([Tensor("0.weight", "f32", [2, 2], [3e38, 1, 1, 1]),
	    Tensor("0.bias", "f32", [2], [0, 0])], dict(arch="dense 2", loss="softmax", round=0)))
	END
	printf 'a,b,y\n0,1,u\n0,2,v\n' | fl-import -y y > d.flp
	refused 3 'd.flp: training: the update is not finite' \
		fl-train -u -m m.flp -O adamw -l 2 --decay 0.9 -B 0 d.flp
}

@test "columns of any magnitude: seconds since 1970 and concentrations are standardised" {
	awk 'BEGIN { print "seconds,mol,y"
		for (i = 0; i < 200; i++) {
			k = i * 7919 % 200
			printf "%d,%de-12,%s\n", 1700000000 + 128 * k, 1000 + i * 31 % 50,
			    k < 100 ? "early" : "late" } }' > t.csv
	fl-import -y y t.csv > t.flp
	fl-stats t.flp > s.flp
	fl-init -a 'dense 2' -i t.flp -S s.flp -s 1 | fl-train -m - -E 50 -B 10 -l 1 t.flp |
	    fl-eval -H -m - t.flp > measures
	awk -F '\t' '{ exit !($5 >= .99) }' measures
}
