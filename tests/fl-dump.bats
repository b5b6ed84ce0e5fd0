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
	assert r["meta"]["examples"] == "123" and r["meta"]["client"] == "Biscoe", r
	t, = r["tensors"]
	assert t["name"] == "w" and t["dtype"] == "f32" and t["encoding"] == "dense", t
	assert t["dims"] == [2] and t["count"] == 2 and t["nonfinite"] == 0, t
	assert (t["min"], t["max"], t["mean"]) == (-1, 0.5, -0.25), t
	assert "values" not in t
	END
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
	grep -qx 'stdin: params, raw' out
	grep -qx 'stdin: record 2: update, raw' out
	grep -nx '' out > n
	[ "$(cat n)" = 7: ]
	[ "$(sed -n 8p out)" = 'stdin: record 2: update, raw' ]
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
