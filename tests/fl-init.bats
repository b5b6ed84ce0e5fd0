# fl-init: new models, their metadata and descriptions, and what is refused.
load helper
export FL_POLICY=open # some data here are of a few rows; policies have tests of their own

COLUMNS=bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g

setup() {
	fl-import -y species -g island --missing drop -x $COLUMNS --schema-out schema \
	    "$DATA/penguins.csv" > all.flp
	fl-stats all.flp > stats.flp
}

# tensor FILE NAME: its values
tensor() {
	fl-dump --values "$1" | awk -v name="$2" '/^  /{ on = $1 == name; next } on'
}

# meta FILE: prints its metadata as key=value, on one line
meta() {
	fl-dump "$1" | awk '/^  / && !/^  (tensor|label|bytes|design|digest|id) / && $2 !~ /^(f|u)[0-9]+$/ {
		key = $1; sub(/^ *[^ ]+ +/, ""); print key "=" $0 }' | xargs
}

@test "a schema and a data record make the same model" {
	fl-init -a 'dense 3' -i schema -S stats.flp -s 5 > a.flp
	fl-init -a 'dense 3' -i all.flp -S stats.flp -s 5 > b.flp
	cmp a.flp b.flp
	fl-init -a 'dense 3' -i - --scale stats.flp -s 5 < schema | cmp a.flp -
	fl-init -a 'dense 3' -i - --scale stats.flp -s 5 < all.flp | cmp a.flp -
	fl-init -a 'dense 3' -i schema --scale - -s 5 < stats.flp | cmp a.flp -
	[ "$(tensor a.flp :features)" = "$(tensor all.flp :features)" ]
	[ "$(tensor a.flp :classes)" = "$(tensor all.flp :classes)" ]
	[ "$(meta a.flp)" = "arch=dense 3 loss=softmax round=0" ]
}

@test "the seed decides the model, but is not in it" {
	fl-init -a 'dense 3' -n 4 > a.flp
	fl-init -a 'dense 3' -n 4 -s 0 | cmp a.flp -
	fl-init -a 'dense 3' -n 4 -s 1 > b.flp
	run fl-cmp a.flp b.flp
	[ "$status" -eq 1 ]
	fl-init -a 'dense 3' -n 4 -s 9000000000000000 > c.flp
	run fl-cmp --meta b.flp c.flp
	[ "$status" -eq 1 ]
	[ "$(meta c.flp)" = "arch=dense 3 loss=softmax round=0" ]
}

@test "parameters are named and drawn as torch.nn.Linear's" {
	fl-init -a 'relu dense 200 tanh dense 100 gelu dense 50 sigmoid dense 10' -n 400 > m.flp
	fl-dump m.flp | awk '$2 == "f32" { print $1, $3 }' > found
	diff found - <<-END
		1.weight 200x400
		1.bias 200
		3.weight 100x200
		3.bias 100
		5.weight 50x100
		5.bias 50
		7.weight 10x50
		7.bias 10
	END
	# uniform within 1/sqrt(inputs): min, max, and a norm of sqrt(count/inputs/3)
	fl-dump m.flp | awk '$2 == "f32" { split($3, d, "x"); if (d[2]) n = d[2]
		r = 1 / sqrt(n); count = d[2] ? d[1] * d[2] : d[1]; e = r * sqrt(count / 3)
		if ($5 < -r || $6 > r || $6 - $5 < 1.5 * r || $8 < .7 * e || $8 > 1.3 * e) bad = 1 }
		END { exit bad }'
}

@test "an architecture is kept in one form" {
	fl-init -a ' dense  12   tanh	dense 2 ' -n 3 > a.flp
	fl-init -a 'dense 12 tanh dense 2' -n 3 | cmp - a.flp
	[[ "$(meta a.flp)" == "arch=dense 12 tanh dense 2 loss="* ]]
	layers=$(printf 'dense 2 %.0s' {1..64})
	fl-init -a "$layers" -n 3 > deep.flp
	[ "$(fl-dump deep.flp | grep -c weight)" -eq 64 ]
	refused 2 "more than 64 layers" fl-init -a "$layers dense 2" -n 3
}

@test "the loss follows from what there is to predict" {
	sex() { fl-import -y sex -x $COLUMNS --missing drop "$DATA/penguins.csv"; }
	sex > sex.flp
	fl-import -y body_mass_g --target number -x bill_length_mm --missing drop \
	    --schema-out mass.schema "$DATA/penguins.csv" > mass.flp
	while read -r loss arch input asked; do
		fl-init -a "dense $arch" $input ${asked:+-L $asked} > m.flp
		[[ "$(meta m.flp)" == *" loss=$loss "* ]]
	done <<-END
		softmax 3 --input=all.flp
		binary 1 --input=sex.flp
		softmax 2 --input=sex.flp
		mse 1 --input=mass.flp
		mse 1 --input=mass.schema
		mse 1 --width=4
		softmax 9 --width=4
		binary 1 --width=4 binary
		mse 1 --width=4 mse
	END
	while read -r arch input asked; do
		fails 2 fl-init -a "dense $arch" $input ${asked:+-L $asked}
		[[ $message == *"loss "*": expected "*", found "* ]]
	done <<-END
		1 --input=all.flp
		4 --input=all.flp
		3 --input=all.flp binary
		3 --input=all.flp mse
		2 --input=mass.flp
		2 --input=mass.schema softmax
		1 --input=mass.flp binary
		3 --input=sex.flp
		1 --width=4 softmax
		2 --width=4 mse
	END
	# one output for many classes: what to write instead
	refused 2 'found 1 output and 3 classes; let the last layer be dense 3, or import a label '\
'that is a number by fl-import --target number' fl-init -a 'dense 1' -i all.flp
	fails 2 fl-init -a 'dense 4' -i all.flp
	[[ $message == *'found 4 outputs and 3 classes' ]]
}

@test "scaling is the statistics' mean and deviation, or each site's own" {
	fl-init -a 'dense 3' -i schema -S stats.flp > m.flp
	tensor all.flp x | awk '{ for (i = 1; i <= NF; i++) { s[i] += $i; v[NR, i] = $i } }
		END { for (i = 1; i <= NF; i++) { m = s[i] / NR; q = 0
		      for (r = 1; r <= NR; r++) q += (v[r, i] - m) ^ 2
		      printf "%.7g %.7g\n", m, sqrt(q / (NR - 1)) } }' > expected
	paste -d ' ' <(tensor m.flp :center | tr ' ' '\n') <(tensor m.flp :scale | tr ' ' '\n') |
	    awk '{ printf "%.7g %.7g\n", $1, $2 }' | diff expected -
	# data that have the same scaling pass it on to the model
	fl-import --schema schema --missing drop --scale stats.flp "$DATA/penguins.csv" > scaled.flp
	fl-init -a 'dense 3' -i scaled.flp | cmp - m.flp
	fl-init -a 'dense 3' -i scaled.flp -S stats.flp | cmp - m.flp
	fl-init -a 'dense 3' -i scaled.flp -S site > site.flp
	[ "$(meta site.flp)" = "arch=dense 3 loss=softmax round=0 scaling=site" ]
	[ "$(fl-dump site.flp | grep -c :center)" -eq 0 ]
	# by number of columns alone
	fl-init -a 'dense 3' -n 4 -S stats.flp > n.flp
	[ "$(tensor n.flp :scale)" = "$(tensor m.flp :scale)" ]
}

@test "statistics of other columns are refused" {
	fl-import -y species --missing drop -x body_mass_g "$DATA/penguins.csv" | fl-stats > one.flp
	refused 3 "one.flp: columns of the statistics: expected 4, found 1" \
	    fl-init -a 'dense 3' -i schema -S one.flp
	fl-import -y species --missing drop -x body_mass_g,${COLUMNS%,*} "$DATA/penguins.csv" |
	    fl-stats > mixed.flp
	refused 3 "mixed.flp: the statistics are of columns with other names" \
	    fl-init -a 'dense 3' -i schema -S mixed.flp
	fl-import --schema schema --missing drop --scale stats.flp "$DATA/penguins.csv" > scaled.flp
	fl-import --schema schema --missing drop "$DATA/penguins.csv" | fl-split -p group -o sites
	fl-stats sites/client-Dream.flp > dream.flp
	refused 2 "dream.flp: the data have another scaling" \
	    fl-init -a 'dense 3' -i scaled.flp -S dream.flp
	refused 3 "expected a record of kind stats, found data" fl-init -a 'dense 3' -n 4 -S all.flp
	refused 4 "none: open" fl-init -a 'dense 3' -n 4 -S none
}

@test "images: bytes keep their scale" {
	printf '\0\0\10\3\0\0\0\2\0\0\0\2\0\0\0\2\0\1\2\3\4\5\6\377' > images.idx
	printf '\0\0\10\1\0\0\0\2\0\1' > labels.idx
	fl-import -f idx -y labels.idx images.idx > images.flp
	fl-init -a 'dense 2' -i images.flp > m.flp
	[ "$(tensor m.flp :scale)" = 255 ]
	fl-train -m m.flp images.flp > new.flp
}

@test "wrong calls" {
	while IFS='|' read -r text args; do
		refused 2 "$text" eval "fl-init $args"
	done <<-'END'
		option --arch is required|-n 4
		expected one of --input and --width|-a 'dense 3'
		expected one of --input and --width, not both|-a 'dense 3' -n 4 -i schema
		option --width: expected|-a 'dense 3' -n 0
		option --width: expected|-a 'dense 3' -n 16777217
		option --seed: expected|-a 'dense 3' -n 4 -s -1
		option --loss: expected|-a 'dense 3' -n 4 -L hinge
		layer 1: expected dense, relu|-a '' -n 4
		layer 1: expected dense, relu|-a 'conv 3' -n 4
		layer 2: expected dense, relu|-a 'dense 3 3' -n 4
		layer 1: dense: expected a width|-a 'dense' -n 4
		layer 1: dense: expected a width|-a 'dense 0' -n 4
		layer 1: dense: expected a width|-a 'dense -1' -n 4
		layer 1: dense: expected a width|-a 'dense 1e3' -n 4
		layer 1: dense: expected a width|-a 'dense 16777217' -n 4
		last layer: expected dense, found "relu"|-a 'dense 3 relu' -n 4
		expected no operands|-a 'dense 3' -n 4 schema
	END
	# more memory than there is; the sanitizers would report it first
	[ "${SAN-}" ] || refused 4 "Cannot allocate memory" fl-init -a 'dense 16777216 dense 16777216' -n 4
}

@test "inputs that are neither schema nor data" {
	refused 3 "/dev/null: expected a schema, found no feature" fl-init -a 'dense 3' -i /dev/null
	refused 3 "penguins.csv:1: " fl-init -a 'dense 3' -i "$DATA/penguins.csv"
	refused 3 "stats.flp: expected a record of kind data, found stats" \
	    fl-init -a 'dense 3' -i stats.flp
	cat all.flp all.flp > two.flp
	refused 3 "two.flp: record 2: expected one record, found more" fl-init -a 'dense 3' -i two.flp
	head -c 1000 all.flp > cut.flp
	refused 3 "cut.flp: " fl-init -a 'dense 3' -i cut.flp
	refused 3 "standard input: " fl-init -a 'dense 3' -i - < cut.flp
	refused 4 "none: open" fl-init -a 'dense 3' -i none
}

# state FILE: its privacy state
state() {
	fl-dump --json "$1" | sed 's/.*"privacy":"\([a-z]*\)".*/\1/'
}

@test "a model is public, but for a scaling by statistics that are not" {
	need python3
	python3 -c 'import xxhash' 2>/dev/null || skip "needs python3-xxhash"
	fl-init -a 'dense 3' -n 4 > m.flp
	[ "$(state m.flp)" = public ]
	fl-init -a 'dense 3' -i schema > m.flp
	[ "$(state m.flp)" = public ]
	fl-init -a 'dense 3' -i all.flp > m.flp
	[ "$(state m.flp)" = public ]
	fl-init -a 'dense 3' -i schema --scale site > m.flp
	[ "$(state m.flp)" = public ]
	for s in raw clipped noised public; do
		python3 "$ROOT/tests/restate.py" $s < stats.flp > $s.flp
		fl-init -a 'dense 3' -i schema --scale $s.flp > m.flp
		[ "$(state m.flp)" = $s ]
		fl-init -a 'dense 3' -i all.flp --scale $s.flp > m.flp
		[ "$(state m.flp)" = $s ]
	done
	# Noised statistics have the keys of their noise, and so does the model.
	python3 "$ROOT/tests/restate.py" noised mechanism=laplace noise=4096 place=local zz=1 < stats.flp > laplace.flp
	fl-init -a 'dense 3' -i schema --scale laplace.flp > m.flp
	[ "$(fl-dump m.flp | awk '/^  (mechanism|noise|place|zz|examples) / { print $1 "=" $2 }' | paste -sd ' ')" = \
		"mechanism=laplace noise=4096 place=local" ]
	fl-dump m.flp | grep -q '^m.flp: params, noised'
	# A data record with a scaling does not say how the scaling was protected.
	fl-import --schema schema --missing drop --scale noised.flp "$DATA/penguins.csv" > scaled.flp
	fl-init -a 'dense 3' -i scaled.flp > m.flp
	[ "$(state m.flp)" = raw ]
	fl-init -a 'dense 3' -i scaled.flp --scale noised.flp > m.flp
	[ "$(state m.flp)" = noised ]
	# One column of bytes that is standardised is not an image.
	printf '\0\0\10\1\0\0\0\3\1\2\377' > one.idx
	fl-import -f idx one.idx > bytes.flp
	fl-init -a 'dense 3' -i bytes.flp > m.flp
	[ "$(state m.flp)" = public ]
	fl-import -f idx --scale <(fl-stats bytes.flp) one.idx > scaled.flp
	fl-init -a 'dense 3' -i scaled.flp > m.flp
	[ "$(state m.flp)" = raw ]
}
