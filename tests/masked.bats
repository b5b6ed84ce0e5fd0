# Masked records under fl-aggregate --sum, and what other tools say to one.
load helper

# masked: makes records as the lines on standard input describe them; see tests/aggregate.py.
# USUAL and VALUES stand for the metadata and the values of a, b and c.
masked() {
	need python3
	sed 's/USUAL/base=0 round=1 session=s roster=1 of=update state=clipped clip=1 grid=16 weighting=uniform/
		s/VALUES/w:u64%=1,16777215,5 v:u64%=7/' |
		python3 "$ROOT/tests/aggregate.py" --write || skip "needs python3-xxhash"
}

abc() {
	masked <<-END
		a masked/hidden USUAL bits=24 client=Biscoe signature=aa VALUES
		b masked/hidden USUAL bits=24 client=Dream signature=bb w:u64%=16777215,2,5 v:u64%=0
		c masked/hidden USUAL bits=24 client=Torgersen w:u64%=3,3,3 v:u64%=16777209
	END
}

# values FILE: prints the values of the tensors w and v, and the senders
values() {
	fl-dump -v "$1" | sed -n 's/^  w .*//; /^[0-9A-Z]/p' | xargs
}

meta() {
	fl-dump "$1" | awk -v key="$2" '$1 == key { print $2 }'
}

@test "a sum of masked records is masked, modulo 2^bits, and names its senders" {
	abc
	fl-aggregate --sum c a b > sum
	[ "$(values sum)" = "3 4 13 0 Biscoe Dream Torgersen" ]
	fl-dump sum | grep -q '^sum: masked, masked$'
	[ "$(fl-dump --json sum | grep -o '"encoding":"modular"' | wc -l)" -eq 2 ]
	for key in base=0 bits=24 clients=3 clip=1 grid=16 of=update roster=1 round=1 session=s \
		state=clipped weighting=uniform; do
		[ "$(meta sum "${key%=*}")" = "${key#*=}" ]
	done
	for key in client signature weight rule parents examples; do
		[ -z "$(meta sum $key)" ]
	done
	cat a c b | fl-aggregate --sum | cmp - sum
	fl-aggregate --sum --strict b c a | cmp - sum
	fl-aggregate --sum --unique b a c b 2> log | cmp - sum
	grep -q 'left out: b: the same record as b' log
	fl-aggregate --sum a > one
	[ "$(values one)" = "1 16777215 5 7 Biscoe" ]
}

@test "sums of masked records can be added up again, whatever the grouping" {
	abc
	fl-aggregate --sum a b c > want
	fl-aggregate --sum c a > ca
	fl-aggregate --sum b > just-b
	fl-aggregate --sum --trust-partials ca b | cmp - want
	fl-aggregate --sum --trust-partials just-b ca | cmp - want
	cat just-b ca | fl-aggregate --sum --trust-partials --strict | cmp - want
	fl-aggregate --sum --trust-partials want | cmp - want
	for how in "" --strict "--min-clients 2"; do
		refused 3 "ca: a sum of masked records speaks for others, so it is taken only under --trust-partials" \
			fl-aggregate --sum $how b ca
	done
}

@test "random masked records in any order and grouping, against whole numbers" {
	twin modular.py "$BIN"
}

@test "a client that is in two records is refused, whichever comes first" {
	abc
	fl-aggregate --sum a c > ac
	fl-aggregate --sum b c > bc
	masked <<< "again masked/hidden USUAL bits=24 client=Biscoe VALUES w2:u64%=1"
	masked <<< "again masked/hidden USUAL bits=24 client=Biscoe w:u64%=1,2,3 v:u64%=4"
	for how in "" --strict "--min-clients 0"; do
		refused 3 "fl-aggregate: again: does not agree with a: client Biscoe is in both" \
			fl-aggregate --sum $how a b again
		refused 3 "fl-aggregate: a: does not agree with again: client Biscoe is in both" \
			fl-aggregate --sum $how again b a
		refused 3 "fl-aggregate: bc: does not agree with ac: client Torgersen is in both" \
			fl-aggregate --sum --trust-partials $how ac bc
		refused 3 "fl-aggregate: bc: does not agree with b: client Dream is in both" \
			fl-aggregate --sum --trust-partials $how b bc
		refused 3 "fl-aggregate: a: does not agree with a: client Biscoe is in both" \
			fl-aggregate --sum $how a a
	done
	cat a b again | refused 3 "standard input: record 3: does not agree with standard input: client Biscoe is in both" \
		fl-aggregate --sum
	# Different records of one client are left out; a sum can't be told from its parts.
	fl-aggregate --sum --unique --min-clients 0 a b again 2> log > sum
	[ "$(values sum)" = "16777215 2 5 0 Dream" ]
	[ "$(grep -c 'metadata: client: Biscoe has a different record' log)" -eq 2 ]
	refused 3 "client Torgersen is in both" fl-aggregate --sum --unique --trust-partials ac bc
}

# Each line is a record that differs from a, and how it differs.
@test "masked records that differ in what must be equal end the run, whichever comes first" {
	abc
	cat > table <<-END
		session=t # metadata: session: expected s, found t; see --where
		round=2 # metadata: round: expected 1, found 2; see --like
		base=9 # metadata: base: expected 0, found 9; see --like
		roster=2 # metadata: roster: expected 1, found 2; see --where
		roster= # metadata: roster: expected 1, found nothing; see --where
		graph=2 # metadata: graph: expected nothing, found 2; see --where
		of=params # metadata: of: expected update, found params; see --where
		state=raw # metadata: state: expected clipped, found raw; see --where
		clip=0.5 # metadata: clip: expected 1, found 0.5; see --where
		clip.1=0.5 # metadata: clip.1: expected nothing, found 0.5; see --where
		grid=15 # metadata: grid: expected 16, found 15; see --where
		range=4 # metadata: range: expected nothing, found 4; see --where
		bits=32 # metadata: bits: expected 24, found 32; see --where
		weighting=examples # metadata: weighting: expected uniform, found examples; see --where
		state=noised,mechanism=gaussian # metadata: state: expected clipped, found noised; see --where
	END
	local n=0 line key
	while IFS= read -r line; do
		n=$((n + 1))
		set -- base=0 bits=24 round=1 session=s roster=1 of=update state=clipped clip=1 grid=16 weighting=uniform
		local words=" $* "
		for key in $(tr , ' ' <<< "${line%% #*}"); do
			words=" $(tr ' ' '\n' <<< "$words" | grep -v "^${key%%=*}=" | xargs) "
			[ -z "${key#*=}" ] || words+="$key "
		done
		masked <<< "other masked/hidden client=X $words w:u64%=1,2,3 v:u64%=4"
		for how in "" --strict "--min-clients 0"; do
			refused 3 "fl-aggregate: other: does not agree with a: ${line#* # }" fl-aggregate --sum $how a other
			refused 3 "fl-aggregate: a: does not agree with other: " fl-aggregate --sum $how other a
		done
	done < table
	[ $n -eq 15 ]
	masked <<-END
		short masked/hidden USUAL bits=24 client=X w:u64%=1,2 v:u64%=4
		plain update/clipped base=0 round=1 clip=1 grid=16 w:f32=0.5,0,0 v:f32=0
		noised1 masked/hidden USUAL bits=24 client=X w:u64%=1,2
	END
	refused 3 "short: does not agree with a: tensor w: expected dims 3, found 2" fl-aggregate --sum a short
	refused 3 "plain: does not agree with a: expected kind masked, found update: masked records are added up only with masked ones" \
		fl-aggregate --sum a plain
	refused 3 "a: does not agree with plain: expected kind update, found masked: masked records are added up only with masked ones" \
		fl-aggregate --sum --min-clients 0 plain a
}

@test "the noise inside masked records must be the same too, and its keys are kept" {
	local noised="masked/hidden base=0 round=1 session=s graph=1 of=update state=noised clip=1 grid=16 weighting=uniform bits=16 mechanism=gaussian place=local adjacency=replace"
	masked <<-END
		a $noised noise=9 client=A w:u64%=65535
		b $noised noise=9 client=B w:u64%=2
		c $noised noise=8 client=C w:u64%=2
		d $noised client=D w:u64%=2
	END
	fl-aggregate --sum --require noised a b > sum
	[ "$(values sum)" = "1 A B" ]
	[ "$(meta sum noise) $(meta sum mechanism) $(meta sum place) $(meta sum state)" = "9 gaussian local noised" ]
	refused 3 "c: does not agree with a: metadata: noise: expected 9, found 8" fl-aggregate --sum a c
	refused 3 "d: does not agree with a: metadata: noise: expected 9, found nothing" fl-aggregate --sum a b d
	refused 3 "a: expected privacy state clipped, found noised" fl-aggregate --sum --require clipped a
	masked <<-END
		e masked/hidden USUAL bits=24 client=E mechanism=gaussian VALUES
		f ${noised/mechanism=gaussian/} client=F w:u64%=2
	END
	refused 3 "e: metadata: mechanism: expected only in a noised record, found in one that is clipped" \
		fl-aggregate --sum e
	refused 3 "f: metadata: mechanism: expected in a noised record, found nothing" fl-aggregate --sum f
}

# Each line is a bad record, and what is said about it.
@test "a masked record that is bad by itself is left out, and the reason is given" {
	abc
	fl-aggregate --sum a b > want
	local usual="base=0 round=1 session=s roster=1 clip=1 grid=16"
	cat > table <<-END
		USUAL bits=24 VALUES # metadata: client: missing in a masked record
		$usual of=data state=clipped weighting=uniform bits=24 client=X VALUES # metadata: of: expected params, update or stats, found data
		$usual state=clipped weighting=uniform bits=24 client=X VALUES # metadata: of: expected params, update or stats, found nothing
		$usual of=update state=masked weighting=uniform bits=24 client=X VALUES # metadata: state: expected raw, clipped, noised or public, found masked
		$usual of=update state=clipped weighting=auto bits=24 client=X VALUES # metadata: weighting: expected examples or uniform, found auto
		USUAL client=X w:u64=1,2,3 v:u64=4 # metadata: bits: missing in the header
		USUAL bits=23 client=X w:u64=1,2,3 v:u64=4 # metadata: bits: expected 16, 24, 32, 48 or 64, found 23
		USUAL bits=24 client=X w:u64=1,16777216,3 v:u64=4 # tensor w: value 1: expected one below 2^24 (bits)
		USUAL bits=24 client=X w:u64*=1,2,3 v:u64*=16777216 # tensor v: value 0: expected one below 2^24 (bits)
		USUAL bits=24 client=X w:i64=1,2,3 v:u64=4 # tensor w: dtype i64 does not belong in a record of kind masked
		USUAL bits=24 client=X w:f64=1,2,3 v:u64=4 # tensor w: dtype f64 does not belong in a record of kind masked
		USUAL bits=24 clients=2 client=X VALUES :senders:text=Y,Z # metadata: client: expected none beside tensor :senders
		USUAL bits=24 VALUES :senders:text=Y,Z # metadata: clients: missing in a sum of masked records
		USUAL bits=24 clients=0 VALUES :senders:text=Y,Z # metadata: clients: expected a whole number from 1 to
		USUAL bits=24 clients=3 VALUES :senders:text=Y,Z # tensor :senders: expected the names of 3 clients, found 2
		USUAL bits=24 clients=1 VALUES :senders:text=Y,Z # tensor :senders: expected the names of 1 clients, found 2
		USUAL bits=24 clients=2 VALUES :senders:text=Z,Y # tensor :senders: line 2: expected sorted names
		USUAL bits=24 clients=2 VALUES :senders:text=Y,Y # tensor :senders: 
		USUAL bits=24 clients=2 VALUES :senders:u8=89,10,90 # tensor :senders: 
		USUAL bits=24 clients=2 VALUES :senders:u8= # expected tensor :senders u8, of one dimension, last in a sum of masked records
		USUAL bits=24 clients=2 VALUES :senders:u16=9,9 # expected tensor :senders u8, of one dimension, last in a sum of masked records
		USUAL bits=24 clients=2 :senders:text=Y,Z VALUES # expected tensor :senders u8, of one dimension, last in a sum of masked records
	END
	local n=0 line order
	while IFS= read -r line; do
		n=$((n + 1))
		masked <<< "bad masked/hidden ${line%% # *}"
		for order in "bad a b" "a b bad"; do
			fl-aggregate --sum --trust-partials -n 2 $order 2> log | cmp - want
			grep -qF "fl-aggregate: left out: bad: ${line#* # }" log || { cat log; echo "$line"; false; }
			cat $order | fl-aggregate --sum --trust-partials -n 2 2> log | cmp - want
			grep -qF ": ${line#* # }" log || { cat log; echo "$line"; false; }
			refused 3 "fl-aggregate: bad: ${line#* # }" fl-aggregate --sum --trust-partials --strict $order
		done
	done < table
	[ $n -eq 22 ]
}

@test "--like, --where and --require decide which masked records are taken" {
	echo 1 2 3 | fl-import -f txt --as params > m.flp
	local base
	base=$(meta m.flp digest)
	local usual="round=1 session=s roster=1 of=update state=clipped clip=1 grid=16 weighting=uniform bits=24"
	masked <<-END
		a masked/hidden base=$base $usual client=A values:u64%=1,2,3
		b masked/hidden base=$base $usual client=B values:u64%=4,5,16777215
		other masked/hidden base=0 $usual client=C values:u64%=4,5,6
		longer masked/hidden base=$base $usual client=C values:u64%=4,5,6 more:u64%=1
		none masked/hidden base=$base $usual client=C
		name masked/hidden base=$base $usual client=C value:u64%=4,5,6
		params masked/hidden base=$base ${usual/update/params} client=C values:u64%=4,5,6
		vote masked/hidden base=$base $usual client=C values:u64%=4,5,6 clip/below:u64%=1
		weighted masked/hidden base=$base ${usual/uniform/examples} client=C values:u64%=4,5,6 mask/weight:u64%=1
	END
	fl-aggregate --sum --like m.flp --require clipped --where bits=24 --where session=s a b > sum
	[ "$(fl-dump -v sum | sed -n '/^[0-9A-Z]/p' | xargs)" = "5 7 2 A B" ]
	refused 3 "other: metadata: base: expected $base, found 0" fl-aggregate --sum --like m.flp other
	refused 3 "longer: tensor more: found in a masked update, but not in the model" \
		fl-aggregate --sum --like m.flp longer
	refused 3 "none: expected at least 1 tensors, found 0" fl-aggregate --sum --like m.flp none
	refused 3 "name: expected tensor values, found tensor value" fl-aggregate --sum --like m.flp name
	refused 3 "params: metadata: of: expected update, found params" fl-aggregate --sum --like m.flp params
	refused 3 "vote: tensor clip/below: expected only under --adapt" fl-aggregate --sum --like m.flp vote
	fl-aggregate --sum --adapt --like m.flp vote > out
	refused 3 "a: tensor clip/below: expected under --adapt, found none" \
		fl-aggregate --sum --adapt --like m.flp a
	fl-aggregate --sum --like m.flp weighted > out
	[ "$(meta out weighting)" = examples ]
	refused 3 "a: metadata: session: expected t, found s" fl-aggregate --sum --where session=t a b
	refused 3 "a: expected privacy state raw, found clipped" fl-aggregate --sum --require raw a
	refused 3 "a: expected kind update under --max-norm, found masked" fl-aggregate --sum --max-norm 1 a
	refused 3 "expected 3 clients, found 2" fl-aggregate --sum -n 3 a b
}

@test "masked records have no mean, no median, no partial" {
	abc
	refused 3 "a: masked records have no mean: only their sum can be unmasked (see --sum)" fl-aggregate a b
	refused 3 "a: masked records have no median: only their sum can be unmasked (see --sum)" \
		fl-aggregate --rule median a b
	refused 3 "a: masked records have no trimmed mean: only their sum can be unmasked (see --sum)" \
		fl-aggregate --rule trimmed:1 a b c
	refused 3 "masked records have no partials, but their sums are added up again (see --sum)" \
		fl-aggregate --sum --partial a b
}

@test "other tools refuse a masked record" {
	abc
	fl-init -a 'dense 1' -n 3 > m.flp
	refused 3 "a: expected an update, params or a sum of them, found masked: fl-mask unmask opens a sum of masked records" \
		fl-step -m m.flp a
	refused 3 "a: expected an update or a sum, found masked" fl-noise -C 1 a
	refused 3 "a: expected a record of kind data, found masked" fl-eval -m m.flp a
	refused 3 "a: expected a record of kind data, found masked" fl-train -m m.flp a
	refused 3 "a: expected a record of kind params, found masked" fl-train -m a a
	refused 3 "a: expected a record of kind data, found masked" fl-stats a
	refused 3 "found masked" fl-budget --delta 1e-5 a
}

@test "a masked record keeps its encoding in a file, compressed or not" {
	abc
	fl-put copy.flp < a
	cmp a copy.flp
	fl-put --zlib copy.flp < a
	cmp a copy.flp
}

@test "many masked records through a pipe take no more memory than one" {
	[ -z "${SAN-}" ] || skip "sanitizers have memory of their own"
	need python3 /usr/bin/time
	python3 -c 'import xxhash' 2>/dev/null || skip "needs python3-xxhash"
	python3 - > all <<-END
		import os, sys
		sys.dont_write_bytecode = True
		sys.path.insert(0, "$DATA/vectors")
		import make
		n = 1 << 19
		for client in range(40):
		    packed = os.urandom(3 * n)
		    chunks = [make.struct.pack("<II", 8 * 32768, 3 * 32768) + packed[at:at + 3 * 32768]
		              for at in range(0, 3 * n, 3 * 32768)]
		    dense = bytearray(8 * n)
		    for k in range(3):
		        dense[k::8] = packed[k::3]
		    sys.stdout.buffer.write(make.record(
		        [make.Tensor("w", "u64", [n], bytes(dense), make.MODULAR, make.chunks(*chunks))],
		        {"bits": 24, "client": "c%02d" % client, "of": "update", "state": "raw",
		         "weighting": "uniform"}, make.MASKED, make.HIDDEN))
	END
	/usr/bin/time -f %M -o peak fl-aggregate --sum < <(cat all) > sum
	fl-aggregate --sum all | cmp - sum
	[ "$(tail -n 1 peak)" -lt 40000 ] # a total and a record of 4 MiB each, and what a tool has
}
