load helper

setup() {
	good=$DATA/vectors/good
	bad=$DATA/vectors/bad
}

@test "a small record as text" {
	cp "$good/params.flp" .
	fl-dump params.flp > out
	cat > expected <<-'END'
	params.flp: params, raw
	  tensor  dtype     dims          as              min           max          mean          norm
	  values  f64       3             dense           0.2           0.6           0.4      0.748331
	  bytes       192
	  digest      7242992d2fb4612bc90c3c30a70ef4e526079c4734f6efb74ce94853d225d2a2
	  id          db81530d77b2681b8f4119eb1e96a5ad
	END
	diff expected out
}

@test "a masked record is shown without statistics, which would be those of its masks" {
	need python3
	fl-dump "$good/masked.flp" > out
	head -n 4 out > top
	cat > expected <<-END
	$good/masked.flp: masked, masked
	  tensor    dtype     dims          as
	  0.weight  u64       2x3           modular
	  0.bias    u64       2             modular
	END
	diff expected top
	grep -q '^  bits  *24$' out
	grep -q '^  state  *clipped$' out
	fl-dump --json "$good/masked.flp" > out
	python3 - <<-'END'
	import json
	r = json.load(open("out"))
	for t in r["tensors"]:
	    assert t["dtype"] == "u64" and t["encoding"] == "modular" and t["count"] > 0, t
	    assert all(t[key] is None for key in ("min", "max", "mean", "norm")), t
	END
	[ "$(fl-dump -v "$good/masked.flp" | sed -n 3p)" = "1193046 0 16777215" ]
}

@test "a small record as JSON" {
	need python3
	fl-dump --json "$good/update.flp" > out
	python3 - <<-'END'
	import json
	r = json.load(open("out"))
	assert r["kind"] == "update" and r["privacy"] == "raw" and r["bytes"] == 320, r
	assert r["meta"]["examples"] == 123 and r["meta"]["client"] == "Biscoe", r
	t, = r["tensors"]
	assert t["name"] == "w" and t["dtype"] == "f32" and t["encoding"] == "dense", t
	assert t["dims"] == [2] and t["count"] == 2 and t["nonfinite"] == 0, t
	assert (t["min"], t["max"], t["mean"]) == (-1, 0.5, -0.25), t
	assert "values" not in t
	END
}

@test "metadata as JSON: numbers are numbers, with all their digits" {
	need python3
	meta() {
		vector "make.record([make.Tensor('w', 'f32', [1], [1])], {$1}, make.UPDATE)" |
			fl-dump --json | grep -o '"meta":{[^}]*}'
	}
	[ "$(meta "'examples': '18446744073709551615', 'clip': '1e-05', 'loss': '7', 'mine': '7'")" = \
		'"meta":{"clip":1e-05,"examples":18446744073709551615,"loss":"7","mine":"7"}' ]
	[ "$(meta "'clip': '-0.5', 'clip.1': '2E+3', 'clip.2': '0', 'round': '0'")" = \
		'"meta":{"clip":-0.5,"clip.1":2E+3,"clip.2":0,"round":0}' ]
	# not numbers, or not as JSON writes them
	for value in 007 +1 .5 5. 1e 1e+ 0x10 -1 1.5 nan inf 18446744073709551616 many; do
		[ "$(meta "'steps': '$value'")" = "\"meta\":{\"steps\":\"$value\"}" ] || { echo "$value"; return 1; }
	done
	for value in 00.5 +1 .5 5. 1e 1e+ 0x10 - -.5 nan inf 1e999; do
		[ "$(meta "'range': '$value'")" = "\"meta\":{\"range\":\"$value\"}" ] || { echo "$value"; return 1; }
	done
}

@test "JSON is JSON for every good vector, whatever is in names and metadata" {
	need python3
	for f in "$good"/*.flp; do
		fl-dump --json --values "$f" | python3 -c 'import json, sys
for line in sys.stdin: json.loads(line, parse_constant=lambda c: sys.exit(c))' || { echo "$f"; return 1; }
	done
	printf '"a""b\\c",y\n1,x\n' | fl-import -y y --client 'q"\' > odd.flp
	fl-dump --json odd.flp | python3 -c 'import json, sys
r = json.load(sys.stdin); assert r["meta"]["client"] == "q\"\\", r'
}

@test "--values: each value reads back, a row a line" {
	fl-dump --values "$good/dtypes-int.flp" > out
	grep -qx '0 -1 -9223372036854775808 9223372036854775807' out
	grep -qx '0 1 18446744073709551615' out
	fl-dump --values "$good/dtypes-float.flp" > out
	grep -qx '0 -0 1 5e-324 2.2250738585072014e-308 1.7976931348623157e+308 -0.1' out
	grep -qx '0 -0 1 1e-45 1.1754944e-38 3.4028235e+38 -0.1' out
	fl-dump --values "$good/data.flp" > out
	sed -n '/^  x /,/^  y /p' out | sed '1d;$d' | diff - <(printf '39.1 3750\n46.5 3500\n46.1 4500\n50 5700\n')
	fl-dump --values "$good/rank-8.flp" | grep -qx '6 7'
	fl-dump --values "$good/scalar.flp" | grep -qx -e '2.5'
}

@test "a schema is shown as its lines, with tabs" {
	need python3
	printf 'a,b\n1,u v\n2,w\n' | fl-import > t.flp
	fl-dump --values t.flp | grep -qx $'x\tlevel\tb\tu v'
	fl-dump --values "$good/schema.flp" | grep -qx $'y\tclass\tspecies\t1'
	vector "make.one(':schema', 'u8', [8], b'a\x1b\tb\t\tc\n')" > odd.flp
	fl-dump --values odd.flp | grep -qx $'a\\\\x1b\tb\t\tc'
}

@test "names are shown as text" {
	fl-dump --values "$good/data.flp" | grep -qx Chinstrap
	fl-dump --values "$good/cohort.flp" | grep -qx Torgersen
}

@test "names are shown whole, however many" {
	for i in $(seq 500); do printf '€%.0s' {1..20}; echo "$i"; done > names
	(paste -sd , names; seq -s , 500) | fl-import > wide.flp
	fl-dump --values wide.flp | sed -n '/^  :features /,/^  :schema/p' | sed '1d;$d' | diff names -
}

@test "a description that is not valid names is shown as bytes" {
	need python3
	python3 -c 'import xxhash' 2>/dev/null || skip "needs python3-xxhash"
	vector 'make.one(":note", "u8", [7], b"a\x01\xe2\x82\n\nb")' > note.flp
	fl-dump --values note.flp | sed -n '2,5p' > out
	diff out - <<-'END'
	  :note   u8        7             dense
	a\x01\xe2\x82

	b
	END
	vector 'make.one(":parents", "u16", [2, 2], [1, 2, 3, 4])' > parents.flp
	fl-dump --values parents.flp | grep -qx '3 4'
	fl-dump parents.flp | grep -qx '  :parents  u16       2x2           dense             1             4           2.5       5.47723'
}

@test "columns are aligned, whatever is in them" {
	need python3
	python3 -c 'import xxhash' 2>/dev/null || skip "needs python3-xxhash"
	vector 'make.record([make.Tensor(name, "f64", dims, values) for name, dims, values in (
	    ("w", [], [1]), ("ünï€", [1], [-1.5e-100]), ("long." * 12, [2, 1, 1, 2, 1, 1, 1, 2], [-1e300] * 8))],
	    {"population-of-all": 1, "round": 2})' > wide.flp
	fl-dump wide.flp > out
	python3 - <<-'END'
	title, *tensors = open("out").read().splitlines()[1:5]
	for row in tensors:
	    assert row.index(" dense ") == title.index(" as "), row
	    assert len(row) == len(title), row
	places = {row.rindex(" ") for row in open("out").read().splitlines()[5:]}
	assert len(places) == 1, places
	END
	grep -q ' -1.5e-100 ' out
}

@test "header's and footer's metadata are shown together, sorted" {
	fl-dump "$good/footer.flp" | sed -n '/^  client/,/^  steps/p' | awk '{ print $1 }' | tr '\n' ' ' > out
	[ "$(cat out)" = 'client examples round steps ' ]
}

@test "an id does not depend on the encoding" {
	id() { fl-dump "$1" | awk '$1 == "id" { print $2 }'; }
	for name in model data dtypes-float partial dims-zero; do
		fl-put --zlib packed.flp < "$good/$name.flp"
		fl-dump packed.flp | grep -q ' zlib '
		[ "$(id packed.flp)" = "$(id "$good/$name.flp")" ]
	done
}

@test "a digest: of params, sums and keys alone, in every encoding the same, and as Python's hashlib has it" {
	need python3
	python3 -c 'import xxhash' 2>/dev/null || skip "needs python3-xxhash"
	digest() { fl-dump "$1" | awk '$1 == "digest" { print $2 }'; }
	for f in "$good"/*.flp; do
		fl-dump --json "$f" | python3 -c 'import json, sys
for line in sys.stdin:
    r = json.loads(line)
    assert ("digest" in r) == (r["kind"] in ("params", "sum", "key")), r'
		fl-put --zlib packed.flp < "$f"
		[ "$(digest packed.flp)" = "$(digest "$f")" ]
		[ "$(digest "$f")" = "$(fl-dump --json "$f" | sed -n 's/.*"digest":"\([0-9a-f]*\)","id.*/\1/p')" ]
	done
	python3 - "$DATA/vectors" > want <<-'END'
		import sys
		sys.dont_write_bytecode = True
		sys.path.insert(0, sys.argv[1])
		import make
		tensors = [make.Tensor("w", "f32", [3], [1, -2, 3.5]), make.Tensor("n", "u8", [], [7])]
		open("m.flp", "wb").write(make.record(tensors, {"round": 7}, make.PARAMS, make.PUBLIC,
		                                      {"a": 1}))
		print(make.digest(make.PARAMS, make.PUBLIC, tensors, b"a=1\nround=7\n"))
	END
	[ "$(digest m.flp)" = "$(cat want)" ]
}

@test "each record of a stream has its place" {
	cat "$good/params.flp" "$good/update.flp" | fl-dump > out
	grep -qx 'standard input: params, raw' out
	grep -qx 'standard input: record 2: update, raw' out
	grep -nx '' out > n
	[ "$(cat n)" = 7: ]
	[ "$(sed -n 8p out)" = 'standard input: record 2: update, raw' ]
	fl-dump "$good/params.flp" - "$good/scalar.flp" < "$good/update.flp" | grep -c '^[^ ].*raw$' > n
	[ "$(cat n)" -eq 3 ]
}

@test "values that are not finite are shown, counted and refused" {
	for dtype in f64 f32 f16 bf16; do
		run --separate-stderr fl-dump "$bad/nan-$dtype.flp"
		[ "$status" -eq 3 ]
		[[ "$output" == *"not finite"* ]]
		[[ "$stderr" == "fl-dump: $bad/nan-$dtype.flp: 1 value is not finite" ]]
	done
	run --separate-stderr fl-dump --json --values "$bad/infinity-f32.flp"
	[ "$status" -eq 3 ]
	[[ "$output" == *'"values":[1,2,null,4]'* ]]
	[[ "$stderr" == *"infinity-f32.flp: 1 value is not finite" ]]
	need python3
	python3 -c 'import xxhash' 2>/dev/null || skip "needs python3-xxhash"
	vector 'make.one("v", "f32", [3], [float("nan"), 1, float("inf")])' > two.flp
	run --separate-stderr fl-dump --values two.flp
	[ "$status" -eq 3 ]
	[[ "$output" == *$'\nnan 1 inf\n'* ]]
	[ "$stderr" = 'fl-dump: two.flp: 2 values are not finite' ]
}

@test "the file with values that are not finite is named, not the last one" {
	run --separate-stderr fl-dump "$bad/nan-f32.flp" "$good/params.flp"
	[ "$status" -eq 3 ]
	[[ "$stderr" == *"nan-f32.flp: 1 value is"* ]]
	[[ "$output" == *"params.flp: params"* ]]
}

@test "good records are shown, a damaged one is named; --strict ends at it" {
	for json in '' --json; do
		run --separate-stderr fl-dump $json "$good/params.flp" "$bad/id.flp" "$good/scalar.flp"
		[ "$status" -eq 3 ]
		[ "$output" = "$(fl-dump $json "$good/params.flp" "$good/scalar.flp")" ]
		[[ "$stderr" == "fl-dump: $bad/id.flp: values are damaged"* ]]
		run --separate-stderr fl-dump --strict $json "$good/params.flp" "$bad/id.flp" "$good/scalar.flp"
		[ "$status" -eq 3 ]
		[ "$output" = "$(fl-dump $json "$good/params.flp")" ]
		[[ "$stderr" == "fl-dump: $bad/id.flp: values are damaged"* ]]
	done
	# a bad record that was shown still counts as bad
	run --separate-stderr fl-dump --strict "$bad/nan-f32.flp" "$good/params.flp"
	[ "$status" -eq 3 ]
	[[ "$output" == *"nan-f32.flp: params"* ]]
	[[ "$output" != *"params.flp: params"* ]]
	[ "$stderr" = "fl-dump: $bad/nan-f32.flp: 1 value is not finite" ]
}

@test "of a long record that is damaged the beginning is shown, on lines of its own" {
	seq 100000 | fl-import -f txt --as params > long.flp
	flip long.flp 300000 bad.flp
	for option in --values '--json --values'; do
		status=0
		fl-dump $option bad.flp "$good/scalar.flp" > out 2> err || status=$?
		[ "$status" -eq 3 ]
		grep -q '^fl-dump: bad.flp: values are damaged' err
		[ "$(stat -c %s out)" -gt 131072 ]
		fl-dump $option "$good/scalar.flp" > last
		tail -n "$(wc -l < last)" out | cmp - last
	done
}

@test "memory does not grow with a record" {
	[ -z "${SAN-}" ] || skip "sanitizers have memory of their own"
	need /usr/bin/time
	seq 200000 | fl-import -f txt --as params > big.flp
	for i in 1 2 3 4 5 6; do cat big.flp; done > more.flp
	/usr/bin/time -f %M -o kib fl-dump more.flp > /dev/null
	[ "$(tail -n 1 kib)" -lt 10000 ]
}

# --- coefficients ---

# model ARCH COLS [OPTION]...: a model of these columns of penguins in m.flp, trained a little
model() {
	fl-import -x "$2" --missing drop "${@:3}" "$DATA/penguins.csv" > rows.flp
	fl-stats rows.flp > stats.flp
	fl-init -a "$1" -i rows.flp -S stats.flp -s 3 | fl-train -m - -E 2 -l .3 rows.flp > m.flp
}

# recompute FILE: by Python, from the tensors and names of a model, what --coefficients must say,
# with all digits
recompute() {
	fl-dump --json --values "$1" > tensors.json
	{ fl-export -t :features "$1" || true; } > features 2> /dev/null
	{ fl-export -t :classes "$1" || true; } > classes 2> /dev/null
	{ fl-export -t :schema "$1" || true; } 2> /dev/null | awk -F '\t' '$1 == "y" { print $3; exit }' > label
	python3 - <<-'END'
	import json, math, struct
	record = json.load(open("tensors.json"))
	t = {x["name"]: x["values"] for x in record["tensors"]}
	for name in ("0.weight", "0.bias"): # as text they are the shortest that read back as f32
	    t[name] = [struct.unpack("f", struct.pack("f", v))[0] for v in t[name]]
	loss = record["meta"]["loss"]
	bias = t["0.bias"]
	d = len(t["0.weight"]) // len(bias)
	features = open("features").read().split("\n")[:-1] or [f"x{i + 1}" for i in range(d)]
	k = max(len(bias), 2)
	classes = open("classes").read().split("\n")[:-1] or [str(i) for i in range(k)]
	label = open("label").read().strip()
	rows = [[b] + t["0.weight"][i * d:(i + 1) * d] for i, b in enumerate(bias)]
	if loss == "softmax":
	    rows = [[w - v for w, v in zip(row, rows[0])] for row in rows[1:]]
	    outputs = [f"{c}:{classes[0]}" for c in classes[1:]]
	elif loss == "binary":
	    outputs = [f"{label}={classes[1]}" if label else classes[1]]
	else:
	    outputs = [label or "y"]
	site = record["meta"].get("scaling") == "site"
	center = (t.get(":center", [0]) * d)[:d]
	scale = (t.get(":scale", [1]) * d)[:d]
	for output, row in zip(outputs, rows):
	    original = [w / s for w, s in zip(row[1:], scale)]
	    original = [row[0] - sum(w * c for w, c in zip(original, center))] + original
	    for i, w in enumerate(row):
	        o = math.nan if site else original[i]
	        ratio = math.exp(o) if i and loss != "mse" else math.nan
	        print(output, (["(intercept)"] + features)[i], w, o, ratio, sep="\t")
	END
}

# same_coefficients FILE: the table and the JSON say what recompute does
same_coefficients() {
	recompute "$1" > want
	fl-dump --coefficients "$1" > table
	fl-dump --coefficients --json "$1" > json
	python3 - <<-'END'
	import json, math
	title, *table = [line.split("\t") for line in open("table").read().splitlines()]
	want = [line.split("\t") for line in open("want").read().splitlines()]
	found = json.load(open("json"))
	assert title == ["output", "feature", "scaled", "original", "odds-ratio"], title
	assert len(table) == len(want) == len(found["coefficients"]) > 0, (len(table), len(want))
	for a, b, c in zip(table, want, found["coefficients"]):
	    assert a[:2] == b[:2] == [c["output"], c["feature"]], (a, b, c)
	    for x, y, z in zip(a[2:], map(float, b[2:]), (c["scaled"], c["original"], c["ratio"])):
	        if math.isnan(y):
	            assert x == "-" and z is None, (a, b, c)
	        else:
	            assert math.isclose(float(x), y, rel_tol=6e-6), (a, b)
	            assert math.isclose(z, y, rel_tol=1e-12), (c, b)
	END
}

@test "--coefficients: of two classes by one output, of the second class" {
	need python3
	model 'dense 1' bill_depth_mm,body_mass_g,island -y sex --reference island=Biscoe
	same_coefficients m.flp
	cut -f 1 table | sort -u | diff - <(printf 'output\nsex=male\n')
	cut -f 2 table | xargs | diff - <(echo 'feature (intercept) bill_depth_mm body_mass_g island=Dream island=Torgersen')
	grep -q '"loss":"binary","label":"sex","baseline":"female","coefficients":\[{"output":"sex=male","class":"male",' json
	# heavier penguins are male, so the sign is that of the second class
	awk -F '\t' '$2 == "body_mass_g" { exit !($3 > 0 && $4 > 0 && $5 > 1) }' table
}

@test "--coefficients: of k classes, of each against the first" {
	need python3
	model 'dense 3' bill_length_mm,body_mass_g,sex -y species --reference sex=female
	same_coefficients m.flp
	cut -f 1 table | uniq | diff - <(printf 'output\nChinstrap:Adelie\nGentoo:Adelie\n')
	grep -q '"label":"species","baseline":"Adelie",' json
	# the same number added to all classes changes nothing
	{
		fl-export -t 0.weight m.flp
		fl-export -t 0.bias m.flp
	} > numbers
	[ "$(awk 'NF == 3 { n++ } END { print n }' numbers)" -eq 4 ]
	# two classes by two outputs are one comparison
	model 'dense 2' bill_depth_mm,body_mass_g -y sex
	same_coefficients m.flp
	cut -f 1 table | uniq | diff - <(printf 'output\nmale:female\n')
}

@test "--coefficients: of a number there is no odds ratio" {
	need python3
	model 'dense 1' bill_depth_mm,sex -y body_mass_g --target number --reference sex=female
	same_coefficients m.flp
	[ "$(cut -f 1,5 table | sort -u)" = $'body_mass_g\t-\noutput\todds-ratio' ]
	grep -q '"loss":"mse","label":"body_mass_g","baseline":null,.*"class":null,' json
}

@test "--coefficients: models without names, without a scaling, with one that sites bring or that holds for all" {
	need python3
	fl-init -n 3 -a 'dense 1' > m.flp
	same_coefficients m.flp
	[ "$(cut -f 1,2 table | tail -n 3 | xargs)" = 'y x1 y x2 y x3' ]
	fl-init -n 2 -a 'dense 1' -L binary > m.flp
	same_coefficients m.flp
	[ "$(cut -f 1 table | tail -n 1)" = 1 ]
	fl-init -n 2 -a 'dense 3' > m.flp
	same_coefficients m.flp
	[ "$(cut -f 1 table | uniq | xargs)" = 'output 1:0 2:0' ]
	awk -F '\t' 'NR > 1 && $3 != $4 { exit 1 }' table
	model 'dense 1' bill_depth_mm -y sex
	fl-init -a 'dense 1' -i rows.flp -S site > m.flp
	same_coefficients m.flp
	[ "$(cut -f 4,5 table | sort -u)" = $'-\t-\noriginal\todds-ratio' ]
	python3 -c 'import xxhash' 2>/dev/null || skip "needs python3-xxhash"
	vector 'make.record([make.Tensor("0.weight", "f32", [1, 2], [.5, -3]), make.Tensor("0.bias", "f32", [1], [1]),
	    make.Tensor(":center", "f64", [1], [4]), make.Tensor(":scale", "f64", [1], [.25])],
	    {"arch": "dense 1", "loss": "mse"})' > m.flp
	same_coefficients m.flp
	[ "$(cut -f 4 table | xargs)" = 'original 41 2 -12' ]
}

@test "--coefficients: what is too large for an f64 is inf, and null in JSON" {
	need python3
	python3 -c 'import xxhash' 2>/dev/null || skip "needs python3-xxhash"
	vector 'make.record([make.Tensor("0.weight", "f32", [1, 1], [1000]), make.Tensor("0.bias", "f32", [1], [1])],
	    {"arch": "dense 1", "loss": "binary"})' > m.flp
	[ "$(fl-dump --coefficients m.flp | tail -n 1)" = $'1\tx1\t1000\t1000\tinf' ]
	fl-dump --coefficients --json m.flp | grep -q '"original":1000,"ratio":null}\]}$'
}

@test "--coefficients: levels without a reference have no odds ratio" {
	grep -vE ',(,|$)' "$DATA/penguins.csv" > whole.csv
	fl-import -y sex -x body_mass_g,species whole.csv > free.flp
	fl-import -y sex -x body_mass_g,species --reference species=Adelie whole.csv > referred.flp
	for name in free referred; do
		fl-init -a 'dense 1' -i $name.flp -s 1 > $name.model
		fl-dump --coefficients $name.model > $name
		fl-dump --coefficients --json $name.model > $name.json
	done
	[ "$(cut -f 2,5 free | awk -F '\t' 'NR > 1 { print $1, $2 == "-" }' | xargs)" = \
		'(intercept) 1 body_mass_g 0 species=Adelie 1 species=Chinstrap 1 species=Gentoo 1' ]
	[ "$(cut -f 2,5 referred | awk -F '\t' 'NR > 1 { print $1, $2 == "-" }' | xargs)" = \
		'(intercept) 1 body_mass_g 0 species=Chinstrap 0 species=Gentoo 0' ]
	[ "$(grep -o '"ratio":null' free.json | wc -l)" -eq 4 ]
	[ "$(grep -o '"ratio":null' referred.json | wc -l)" -eq 1 ]
}

@test "--coefficients: several models; what is not a linear model is named, and the others are shown" {
	model 'dense 1' bill_depth_mm -y sex
	cp m.flp a.flp
	model 'dense 3' bill_depth_mm -y species
	cat a.flp m.flp | fl-dump --coefficients > out
	{ fl-dump --coefficients a.flp; echo; fl-dump --coefficients m.flp; } | diff out -
	fl-init -a 'dense 8  relu dense 3' -i rows.flp > deep.flp
	fl-train -u -m m.flp rows.flp > u.flp
	status=0
	fl-dump --coefficients a.flp deep.flp rows.flp u.flp "$good/params.flp" "$bad/nan-f32.flp" m.flp > got 2> err || status=$?
	[ "$status" -eq 3 ]
	diff out got
	diff err - <<-END
	fl-dump: deep.flp: expected a model of one dense layer, found arch "dense 8 relu dense 3"
	fl-dump: rows.flp: expected a model, found data
	fl-dump: u.flp: expected a model, found update
	fl-dump: $good/params.flp: metadata: arch: missing: this is not a model that fl-init made
	$(fl-export "$bad/nan-f32.flp" 2>&1 | sed 's/^fl-export/fl-dump/')
	END
	status=0
	fl-dump --coefficients --strict a.flp deep.flp m.flp > got 2> err || status=$?
	[ "$status" -eq 3 ]
	fl-dump --coefficients a.flp | diff - got
	fl-dump --coefficients --json a.flp m.flp | sed 's/^{"place":"\([^"]*\)".*/\1/' | diff - <(printf 'a.flp\nm.flp\n')
	for option in --values --outgoing; do
		refused 2 "option $option: not allowed with --coefficients" \
			fl-dump --coefficients $option m.flp
	done
}

@test "--coefficients: on a terminal columns are aligned" {
	need script
	script -qec true /dev/null || skip "needs a pseudo-terminal"
	model 'dense 3' bill_length_mm,body_mass_g -y species
	script -qec 'fl-dump --coefficients m.flp' /dev/null | tr -d '\r' > shown
	tr -s ' ' '\t' < shown | diff - <(fl-dump --coefficients m.flp)
	[ "$(awk '{ print length }' shown | sort -u | wc -l)" -eq 1 ]
}

# Newton's method on the rows of all islands, in Python.
@test "--coefficients: rounds of full batches come to the fit of the pooled rows" {
	need python3
	# the island is the same in all rows of a site, so no site could fit it alone
	awk -F, -v OFS=, '{ print $0, (NR > 1 ? $1 : "place") }' "$DATA/penguins.csv" > t.csv
	fl-import -x bill_length_mm,bill_depth_mm,place -y sex -g island --missing drop \
		--reference place=Biscoe t.csv > all.flp
	fl-split -p group -o sites all.flp
	fl-stats all.flp > stats.flp
	fl-init -a 'dense 1' -i all.flp -S stats.flp > m.flp
	for round in $(seq 120); do
		fl-train -m m.flp -u -E 1 -B 0 -l 4 sites/*.flp | fl-aggregate --expect 3 |
			fl-step -m m.flp > next.flp
		mv next.flp m.flp
	done
	fl-dump --coefficients m.flp > table
	fl-export -f csv all.flp > all.csv
	python3 - <<-'END'
	import csv, math
	title, *rows = csv.reader(open("all.csv"))
	assert title[4:] == ["sex", "group"], title
	x = [[1.0] + [float(v) for v in row[:4]] for row in rows]
	y = [float(row[4] == "male") for row in rows]
	n = len(x[0])
	beta = [0.0] * n
	for step in range(20):
	    a = [[0.0] * (n + 1) for _ in range(n)]
	    for row, truth in zip(x, y):
	        p = 1 / (1 + math.exp(-sum(b * v for b, v in zip(beta, row))))
	        for i in range(n):
	            a[i][n] += row[i] * (truth - p)
	            for j in range(n):
	                a[i][j] += row[i] * row[j] * p * (1 - p)
	    for i in range(n):
	        pivot = max(range(i, n), key=lambda k: abs(a[k][i]))
	        a[i], a[pivot] = a[pivot], a[i]
	        for k in range(n):
	            if k != i:
	                f = a[k][i] / a[i][i]
	                a[k] = [u - f * v for u, v in zip(a[k], a[i])]
	    beta = [b + a[i][n] / a[i][i] for i, b in enumerate(beta)]
	found = [float(line.split("\t")[3]) for line in open("table").read().splitlines()[1:]]
	assert all(math.isclose(b, f, rel_tol=1e-4) for b, f in zip(beta, found)), (beta, found)
	END
	# the update of one more round, at a rate of 1, is the gradient: near zero
	fl-train -m m.flp -u -E 1 -B 0 -l 1 sites/*.flp | fl-aggregate > u.flp
	fl-dump u.flp | awk '$1 ~ /^0\./ { n++; if ($NF > 1e-4) exit 1 } END { exit n != 2 }'
}

@test "the label has a line of its own where a schema names its column" {
	need python3
	printf 'a,num\n1,u\n2,v\n' > t.csv
	fl-import -y num t.csv > t.flp
	for option in '' --values; do
		fl-dump $option t.flp | grep -A 1 '^  label ' | diff - <(printf '  label       num\n  bytes       576\n')
	done
	[ "$(fl-dump --json t.flp | python3 -c 'import json, sys; print(json.load(sys.stdin)["label"])')" = num ]
	fl-stats --policy open t.flp | fl-dump | grep -qx '  label       num'
	fl-init -i t.flp -a 'dense 1' | fl-dump | grep -qx '  label       num'
	printf 'a,num\n1,7\n2,8\n' | fl-import -x a --target number -y num | fl-dump | grep -qx '  label       num'
	# not of a feature that is called y, or of data without a label
	printf 'y,b\n1,2\n' > t.csv
	fl-import -x y t.csv | fl-dump > out
	fl-import -x y t.csv | fl-dump --json >> out
	run ! grep label out
	# the schema may hold anything, and may be longer than a block
	python3 -c 'import xxhash' 2>/dev/null || skip "needs python3-xxhash"
	schema() { vector "(lambda b: make.one(':schema', 'u8', [len(b)], b))($1)"; }
	schema 'b"y\tc\t\x1b[1m\ty\ny\n\t\n"' > odd.flp
	fl-dump odd.flp > out
	fl-dump --json odd.flp >> out
	run ! grep label out
	schema 'b"x" * 99999 + b"\nyy\tc\tn\ny\t" + b"c" * 99990 + b"\tage\tq\n\n\n"' > long.flp
	fl-dump long.flp | grep -qx '  label       age'
	schema 'b"y\tc\t" + b"n" * 2000 + b"\n"' > wide.flp
	[ "$(fl-dump wide.flp | awk '$1 == "label" { print length($2) }')" -eq 1024 ]
}
