load helper

setup() {
	need python3
	records <<-END
		model params arch=dense round=3 w:f32=1,2,-3 b:f64=0.5
		bare params w:f32=1,2,-3 b:f64=0.5
	END
	base=base=$(meta model digest)
}

# Records as the lines on standard input describe them; see tests/aggregate.py.
records() {
	python3 "$ROOT/tests/aggregate.py" --write || skip "needs python3-xxhash"
}

meta() {
	fl-dump "$1" | awk -v key="$2" '$1 == key { print $2 }'
}

values() {
	fl-export -f txt | tr '\n' ' '
}

@test "model plus update" {
	records <<< "u update $base round=3 w:f32=0.5,-2,1 b:f64=0.25"
	[ "$(fl-step -m model u | values)" = "1.5 0 -2 0.75 " ]
	fl-step -m model < u | cmp - <(fl-step -m model u)
	fl-step -m model - < u | cmp - <(fl-step --model model --rate 1 u)
	fl-step -m - u < model | cmp - <(fl-step -m model u)
}

@test "the rate times the update, in double precision, rounded once" {
	records <<-END
		m params w:f64=1,-3,0.1
		u update w:f64=0.1,1e-9,-1e6
		f params w:f32=1
		g update w:f32=1e-8
	END
	for rate in 0 1e-3 0.1 0.7 12; do
		awk -v r=$rate 'BEGIN { printf "%.17g %.17g %.17g\n", 1 + r * 0.1, -3 + r * 1e-9, 0.1 - r * 1e6 }' |
			fl-import -f txt --as params --dtype f64 | fl-export -f txt > want
		fl-step -m m -l $rate u | fl-export -f txt | cmp - want
	done
	[ "$(fl-step -m f g | values) $(fl-step -m f -l 10 g | values)" = "1  1.0000001 " ]
}

@test "the mean of new parameters in place of an update" {
	records <<< "p params $base round=3 w:f32=2,2,1 b:f64=0.1"
	fl-step -m model p | fl-cmp - p
	[ "$(fl-step -m model -l 0.5 p | values)" = "1.5 2 -1 0.3 " ]
	[ "$(fl-step -m model -l 2 p | values)" = "3 2 5 -0.30000000000000004 " ]
}

@test "the next model: one round on, its base the last, no word of who made it" {
	records <<-END
		m params arch=dense round=3 loss=mse client=x clients=4 examples=9 steps=7 weighting=examples w:f32*=1
		u update round=3 client=y examples=5 steps=6 w:f32=1
	END
	fl-step -m m u > next
	fl-dump next | grep -q '^next: params, raw'
	[ "$(fl-dump next | awk '/^  (arch|base|loss|round) / { print $1 "=" $2 }' | paste -sd ' ')" = \
		"arch=dense base=$(meta m digest) loss=mse round=4" ]
	run grep -aE 'client|examples|steps|weighting' next
	[ "$status" -eq 1 ]
	fl-step -m next <(cat u) > again
	[ "$(meta again round) $(meta again base)" = "5 $(meta next digest)" ]
	records <<< "u update w:f32=0,0,0 b:f64=0"
	fl-step -m bare u > next # a model without a round is of round 0
	[ "$(meta next round)" = 1 ]
	records <<-END
		last params round=4294967294 w:f32=1
		over params round=4294967295 w:f32=1
		odd params round=x w:f32=1
		u update w:f32=1
	END
	[ "$(fl-step -m last u | fl-dump | awk '$1 == "round" { print $2 }')" = 4294967295 ]
	refused 3 "metadata: round" fl-step -m over u
	refused 3 "metadata: round" fl-step -m odd u
}

@test "the next model is no more private than the model and the update" {
	for m in raw clipped noised public; do
		for u in raw clipped noised public; do
			printf '%s\n' "m params/$m w:f32=1" "u update/$u w:f32=1" | records
			want=public
			[[ $m$u =~ noised ]] && want=noised
			[[ $m$u =~ clipped ]] && want=clipped
			[[ $m$u =~ raw ]] && want=raw
			fl-step -m m u | fl-dump | grep -q "^standard input: params, $want"
		done
	done
	records <<-END
		hidden masked/hidden w:f32=1
		m params w:f32=1
	END
	refused 3 "hidden: expected an update, params or a sum of them, found masked" fl-step -m m hidden
}

@test "descriptions stay, and where the update has them they are the model's" {
	records <<-END
		m params w:f32=1 :scale:f64=0.5,2 :names:u8=97,10
		bare update w:f32=1
		same update w:f32=1 :scale:f64=0.5,2 :names:u8=97,10
		mean params w:f32=2 :scale:f64=0.5,2 :names:u8=97,10
		scale update w:f32=1 :scale:f64=0.5,3 :names:u8=97,10
		names params w:f32=1 :names:u8=98,10
		more update w:f32=1 :other:u8=98
	END
	fl-step -m m bare > next
	[ "$(fl-export -f txt next) $(fl-export -f txt -t :scale next)" = "2 0.5 2" ]
	fl-step -m m same | cmp - next
	fl-step -m m -l 1 mean | cmp - next
	refused 3 "scale: tensor :scale: value 1: expected the model's description" fl-step -m m scale
	refused 3 "names: tensor :names: value 0: expected the model's description" fl-step -m m names
	refused 3 "more: tensor :other: not in the model" fl-step -m m more
}

@test "integers come from new parameters, and an update does not change them" {
	records <<-END
		m params w:f32=1 n:i64=5,6
		mean params w:f32=2 n:i64=7,9007199254740993
		zero update w:f32=1 n:i64=0,0
		one update w:f32=1 n:i64=0,1
	END
	[ "$(fl-step -m m mean | values)" = "2 7 9007199254740993 " ]
	[ "$(fl-step -m m zero | values)" = "2 5 6 " ]
	refused 3 "one: tensor n: value 1: expected 0 in an update of integers" fl-step -m m one
}

@test "every float type, in many blocks" {
	for t in f64 f32 f16 bf16; do
		printf '%s\n' "m params w:$t=1,-0,2.5" "u update w:$t=0.5,-0,-2.5" | records
		[ "$(fl-step -m m u | values)" = "1.5 -0 0 " ]
		fl-step -m m u | fl-dump | grep -q "w  *$t "
	done
	seq 50000 | fl-import -f txt --as params > m
	fl-step -m m -l 0.25 m | fl-cmp - m # the mean is the model: it stays
	seq 50001 100000 | fl-import -f txt --as params > p
	fl-step -m m p | fl-cmp - p
}

@test "a model that is not finite any more is refused" {
	records <<-END
		m params w:f32=1,3e38
		u update w:f32=0,3e38
		h params w:f16=65504
		v update w:f16=32
	END
	refused 3 "u: tensor w: value 1 of the next model is not finite" fl-step -m m u
	[ "$(fl-step -m m -l 0.1 u | values)" = "1 3.3e+38 " ]
	refused 3 "tensor w: value 0 of the next model is not finite" fl-step -m h v
}

@test "a record that is not an update of this model is refused" {
	cat > table <<-END
		update base=00 w:f32=0,0,0 b:f64=0 # metadata: base: expected the model's digest ${base#*=}, found 00
		params base=00 w:f32=0,0,0 b:f64=0 # metadata: base: expected the model's digest
		update $base w:f32=0,0 b:f64=0 # tensor w: expected dims 3, found 2
		update $base w:f64=0,0,0 b:f64=0 # tensor w: expected f32, found f64
		update $base v:f32=0,0,0 b:f64=0 # expected tensor w, found tensor v
		update $base b:f64=0 w:f32=0,0,0 # expected tensor w, found tensor b
		update $base w:f32=0,0,0 # expected tensor b, found no more
		update $base w:f32=0,0,0 b:f64=0 c:f32=0 # tensor c: not in the model
		update $base # expected tensor w, found no more
		update $base w:f32=0,0,nan b:f64=0 # tensor w: value 2 is not finite
		data w:f32=0,0,0 b:f64=0 # expected an update, params or a sum of them, found data
		sum w:f32=0,0,0 b:f64=0 # metadata: of: expected in the header of a sum, found nothing
		partial of=update w:sum-f32=0,0,0 b:sum-f64=0 # expected an update, params or a sum of them, found partial
		stats w:f32=0,0,0 b:f64=0 # expected an update, params or a sum of them, found stats
		masked/hidden w:u64=0 # expected an update, params or a sum of them, found masked
	END
	sed 's/ #.*//' table | awk '{ print NR ".flp " $0 }' | records
	n=0
	while IFS= read -r line; do
		n=$((n + 1))
		refused 3 "$n.flp: ${line#* # }" fl-step -m model $n.flp
	done < table
	[ $n -eq 15 ]
}

@test "one update and one model, whole" {
	records <<< "u update $base w:f32=0,0,0 b:f64=0"
	refused 3 "standard input: empty (did the command before it fail?)" fl-step -m model < /dev/null
	cat u u | refused 3 "standard input: record 2: expected one record, found more (fl-aggregate makes one of many)" \
		fl-step -m model
	cat model model > models
	refused 3 "models: record 2: expected one record, found more" fl-step -m models u
	refused 3 "u: expected a record of kind params, found update" fl-step -m u u
	refused 2 "expected [UPDATE], found \"u\" too" fl-step -m model u u
	refused 2 "option --model is required" fl-step u
	refused 2 "option --rate" fl-step -m model -l -1 u
	refused 2 "option --rate" fl-step -m model -l nan u
	refused 4 "nowhere" fl-step -m nowhere u
	refused 4 "nowhere" fl-step -m model nowhere
	for n in 1 64 100 $(($(stat -c %s u) - 1)); do
		head -c $n u | refused 3 "standard input: " fl-step -m model
	done
}

@test "a round: mean update, next model; nobody took part: the same model, one round on" {
	records <<-END
		a update $base round=3 examples=1 w:f32=1,1,1 b:f64=1
		b update $base round=3 examples=3 w:f32=-3,1,5 b:f64=0
	END
	[ "$(fl-aggregate a b | fl-step -m model | values)" = "-1 3 1 0.75 " ]
	fl-aggregate --like model < /dev/null | fl-step -m model > next
	fl-cmp next model
	[ "$(meta next round)" = 4 ]
}

# sums: makes sums of updates of `model` and of new parameters for it
sums() {
	records <<-END
		sum sum of=update $base round=3 weight=4 w:f32=2,-8,4 b:f64=1
		params sum of=params $base round=3 weight=4 w:f32=8,8,4 b:f64=0.4
	END
}

@test "a sum is divided by its weight or by --denominator" {
	sums
	[ "$(fl-step -m model sum | values)" = "1.5 0 -2 0.75 " ]
	[ "$(fl-step -m model --denominator 4 sum | values)" = "1.5 0 -2 0.75 " ]
	[ "$(fl-step -m model --denominator 0.5 sum | values)" = "5 -14 5 2.5 " ]
	[ "$(fl-step -m model --denominator 8 -l 2 sum | values)" = "1.5 0 -2 0.75 " ]
	fl-step -m model < sum | cmp - <(fl-step -m model sum)
	[ "$(fl-step -m model params | values)" = "2 2 1 0.1 " ]
	[ "$(fl-step -m model -l 0.5 params | values)" = "1.5 2 -1 0.3 " ]
	[ "$(fl-step -m model --denominator 2 params | values)" = "4 4 2 0.2 " ]
	fl-step -m model sum > next
	[ "$(meta next round) $(meta next base) $(meta next weight)$(meta next of)" = "4 $(meta model digest) " ]
	refused 2 "option --denominator" fl-step -m model --denominator 0 sum
	refused 2 "option --denominator" fl-step -m model --denominator -3 sum
	refused 2 "option --denominator" fl-step -m model --denominator nan sum
	refused 2 "option --denominator" fl-step -m model --denominator 1e19 sum
}

@test "a sum is divided in double precision and rounded once" {
	awk 'BEGIN { srand(3); for (i = 0; i < 999; i++) printf "%.17g %.17g\n", rand() - .5, 40 * rand() - 20 }' > pairs
	cut -d' ' -f1 pairs | fl-import -f txt --as params > m
	cut -d' ' -f2 pairs | fl-import -f txt --as params --dtype f64 > s
	python3 - m s "$DATA/vectors" <<-'END'
		import struct, subprocess, sys
		sys.dont_write_bytecode = True
		sys.path.insert(0, sys.argv[3])
		import make
		def values(path):
		    return [float(x) for x in subprocess.run(["fl-export", "-f", "txt", path], check=True,
		            stdout=subprocess.PIPE).stdout.split()]
		m, s = values(sys.argv[1]), values(sys.argv[2])
		m = [struct.unpack("f", struct.pack("f", x))[0] for x in m]
		with open("sum", "wb") as f:
		    f.write(make.record([make.Tensor("values", "f64", [999], s)],
		                        {"of": "update", "weight": 5}, make.SUM))
		for name, rate, by in ("five", 1, 5), ("seven", 0.3, 7.1):
		    made = [struct.unpack("f", struct.pack("f", a + rate * (b / by)))[0] for a, b in zip(m, s)]
		    with open(name, "wb") as f:
		        f.write(make.record([make.Tensor("values", "f32", [999], made)]))
	END
	fl-step -m m sum | fl-cmp - five
	fl-step -m m -l 0.3 --denominator 7.1 sum | fl-cmp - seven
}

@test "a round by a sum is a round by a mean" {
	records <<-END
		a update $base round=3 w:f32=1,1,1 b:f64=1
		b update $base round=3 w:f32=-3,1,5 b:f64=0
	END
	fl-aggregate --sum a b | fl-step -m model > next
	fl-aggregate a b | fl-step -m model | cmp - next
	fl-aggregate --sum a b | fl-step -m model --denominator 2 | cmp - next
	[ "$(fl-aggregate --sum a b | fl-step -m model --denominator 4 | values)" = "0.5 2.5 -1.5 0.75 " ]
}

@test "an f64 sum fits a model of any float type" {
	for t in f64 f32 f16 bf16; do
		printf '%s\n' "m params w:$t=1,-0,2.5" "s sum of=update weight=2 w:f64=1,-0,-5" | records
		[ "$(fl-step -m m s | values)" = "1.5 -0 0 " ]
		fl-step -m m s | fl-dump | grep -q "w  *$t "
		printf '%s\n' "s sum of=params weight=2 w:f64=1,-0,-5" | records
		[ "$(fl-step -m m s | values)" = "0.5 -0 -2.5 " ]
	done
	# So do clipped and noised updates, which may be wider; a raw update is of the model's types.
	records <<-END
		m params w:f16=1 :scale:f64=2
		clipped update/clipped w:f32=0.5
		noised update/noised w:f64=0.5
		raw update w:f32=0.5
		ints sum of=update weight=1 w:i32=1
		scale sum of=params weight=1 w:f64=1 :scale:f32=2
	END
	[ "$(fl-step -m m clipped | values)$(fl-step -m m noised | values)" = "1.5 1.5 " ]
	refused 3 "raw: tensor w: expected f16, found f32" fl-step -m m raw
	refused 3 "ints: tensor w: expected f16, found i32" fl-step -m m ints
	refused 3 "scale: tensor :scale: expected f64, found f32" fl-step -m m scale
}

@test "integers in a sum must be 0" {
	records <<-END
		m params w:f32=1 n:i64=5,6
		zero sum of=update weight=2 w:f32=2 n:i64=0,0
		one sum of=update weight=2 w:f32=2 n:i64=0,1
		zeros sum of=params weight=2 w:f32=2 n:i64=0,0
		ones sum of=params weight=2 w:f32=2 n:i64=0,1
	END
	[ "$(fl-step -m m zero | values)" = "2 5 6 " ]
	[ "$(fl-step -m m zeros | values)" = "1 0 0 " ]
	refused 3 "one: tensor n: value 1: expected 0 in a sum of integers" fl-step -m m one
	refused 3 "ones: tensor n: value 1: expected 0 in a sum of integers" fl-step -m m ones
}

@test "a sum without a number to divide by is refused, and so is a mean with one" {
	records <<-END
		none sum of=update $base w:f32=2,-8,4 b:f64=1
		zero sum/public of=update $base weight=0 w:f32=0,0,0 b:f64=0
		odd sum of=update $base weight=x w:f32=2,-8,4 b:f64=1
		stats sum of=stats $base weight=1 w:f32=2,-8,4 b:f64=1
		u update $base w:f32=2,-8,4 b:f64=1
		p params $base w:f32=2,-8,4 b:f64=1
		far sum of=update $base weight=1 w:f32=3e38,0,0 b:f64=0
		other sum of=update base=00 weight=1 w:f32=0,0,0 b:f64=0
	END
	refused 3 "none: metadata: weight: expected in the header of a sum, found nothing (see --denominator)" \
		fl-step -m model none
	refused 3 "zero: metadata: weight: expected at least 1, found 0, a sum of nothing (see --denominator)" \
		fl-step -m model zero
	refused 3 "odd: metadata: weight: expected a whole number" fl-step -m model odd
	refused 3 "stats: metadata: of: expected update or params, found stats" fl-step -m model stats
	refused 3 "other: metadata: base: expected the model's digest" fl-step -m model other
	for record in u p; do
		refused 3 "$record: expected a sum under --denominator, found $([ $record = u ] && echo update || echo params): a mean is divided already" \
			fl-step -m model --denominator 1 $record
	done
	refused 3 "far: tensor w: value 0 of the next model is not finite" \
		fl-step -m model --denominator 0.1 far
	[ "$(fl-step -m model --denominator 2 none | values)" = "2 -2 -1 1 " ]
	fl-step -m model --denominator 2 zero | fl-cmp - model
	for n in 1 64 100 $(($(stat -c %s none) - 1)); do
		head -c $n none | refused 3 "standard input: " fl-step -m model --denominator 2
	done
}

# ledger FILE: prints the keys of a noised record, without its digest
ledger() {
	fl-dump "$1" | awk '/^  (adjacency|clip|cohort|grid|insecure|mechanism|noise|place|rate|release|scheme|seed|unit) / { print $1 "=" $2 }' | paste -sd ' '
}

@test "how an update was noised moves to the next model, in place of the last release" {
	keys="adjacency=add-remove clip=1 cohort=0123 grid=20 mechanism=gaussian noise=1153434 place=central rate=0.1 scheme=poisson seed=secret unit=client"
	local="adjacency=replace clip=2 grid=20 mechanism=gaussian noise=8388608 place=local seed=secret unit=client"
	records <<-END
		sum sum/noised of=update $base round=3 $keys w:f64=2,-8,4 b:f64=1
		local update/noised $base round=3 $local w:f64=2,-8,4 b:f64=1
		clipped sum/clipped of=update $base round=3 clip=1 grid=20 weight=4 w:f64=2,-8,4 b:f64=1
	END
	fl-step -m model --denominator 4 sum > g1
	fl-dump g1 | grep -q '^g1: params, raw' # the model is raw
	[ -z "$(ledger g1)" ]
	records <<-END
		public params/public round=3 arch=dense w:f32=1,2,-3 b:f64=0.5
		last params/noised round=3 arch=dense adjacency=replace clip=9 grid=20 mechanism=laplace noise=1 place=central release=00 rate=0.5 w:f32=1,2,-3 b:f64=0.5
	END
	for m in public last; do
		id=base=$(meta $m digest)
		records <<-END
			sum sum/noised of=update $id round=3 $keys w:f64=2,-8,4 b:f64=1
			local update/noised $id round=3 $local release=11 w:f64=2,-8,4 b:f64=1
			clipped sum/clipped of=update $id round=3 clip=1 grid=20 weight=4 w:f64=2,-8,4 b:f64=1
			zero sum/public of=update $id round=3 clip=1 grid=20 weight=0 w:f64=0,0,0 b:f64=0
		END
		fl-step -m $m --denominator 4 sum > g1
		fl-dump g1 | grep -q '^g1: params, noised'
		[ "$(ledger g1)" = "${keys/ scheme/ release=$(meta sum digest) scheme}" ]
		[ "$(meta g1 arch) $(meta g1 round) $(meta g1 of)$(meta g1 weight)" = "dense 4 " ]
		fl-step -m $m local > g1
		[ "$(ledger g1)" = "$local" ]
		fl-step -m $m clipped > g1
		fl-dump g1 | grep -q '^g1: params, clipped'
		[ -z "$(ledger g1)" ]
		# If nobody took part, the model still has the keys of the last release.
		fl-step -m $m --denominator 4 zero > g1
		[ "$(ledger g1)" = "$(ledger $m)" ]
	done
	# The digest is that of the content, whatever the encoding, and wherever the keys are.
	fl-step -m last --denominator 4 <(fl-put --zlib packed < sum && cat packed) | cmp - <(fl-step -m last --denominator 4 sum)
}

@test "central noise is on a sum, and needs --denominator" {
	central="mechanism=gaussian place=central"
	records <<-END
		sum sum/noised of=update $base $central weight=4 w:f64=2,-8,4 b:f64=1
		update update/noised $base $central w:f32=2,-8,4 b:f64=1
		params params/noised $base $central w:f32=2,-8,4 b:f64=1
		local sum/noised of=update $base mechanism=gaussian place=local weight=4 w:f64=2,-8,4 b:f64=1
	END
	refused 3 "sum: expected --denominator for a sum with central noise, which does not say how many clients it is of" \
		fl-step -m model sum
	refused 3 "update: expected a sum, since the noise is central, found update" fl-step -m model update
	refused 3 "params: expected a sum, since the noise is central, found params" fl-step -m model params
	[ "$(fl-step -m model --denominator 4 sum | values)" = "1.5 0 -2 0.75 " ]
	[ "$(fl-step -m model local | values)" = "1.5 0 -2 0.75 " ]
	vector 'make.record([make.Tensor("w", "f32", [3], [2, -8, 4]), make.Tensor("b", "f64", [1], [1])],
		{"of": "update", "weight": 4}, make.SUM, make.NOISED, footer={"mechanism": "gaussian", "place": "central"})' > late ||
		skip "needs python3-xxhash"
	refused 3 "late: expected --denominator for a sum with central noise" fl-step -m model late
	vector 'make.record([make.Tensor("w", "f32", [3], [2, -8, 4]), make.Tensor("b", "f64", [1], [1])],
		{}, make.SUM, footer={"of": "update", "weight": 4})' > late
	refused 3 "late: metadata: of: expected in the header of a sum, found nothing" fl-step -m model late
}

@test "noise of a test seed is taken only under --insecure, and stays in later models" {
	marked="mechanism=gaussian place=local insecure=test-seed"
	text="metadata: insecure: expected noise that nobody can draw again, found test-seed (see --insecure)"
	records <<-END
		public params/public w:f32=1
		u update/noised $marked w:f32=1
		clean update/noised mechanism=gaussian place=local w:f32=1
	END
	refused 3 "u: $text" fl-step -m public u
	fl-step -m public --insecure u > g1
	[ "$(meta g1 insecure)" = test-seed ]
	refused 3 "g1: $text" fl-step -m g1 clean
	fl-step -m g1 --insecure clean > g2
	[ "$(meta g2 insecure) $(meta g2 place)" = "test-seed local" ]
	vector 'make.record([make.Tensor("w", "f32", [1], [1])], {}, make.UPDATE, make.NOISED,
		footer={"insecure": "test-seed", "mechanism": "gaussian"})' > late || skip "needs python3-xxhash"
	refused 3 "late: $text" fl-step -m public late
}

@test "what is trained from a noised model is raw, and says nothing of its noise" {
	islands
	fl-init -a 'dense 3' -i schema > m
	fl-train -m m -u sites/client-Biscoe.flp > u
	python3 - u <<-END || skip "needs python3-xxhash"
		import subprocess, sys
		sys.dont_write_bytecode = True
		sys.path.insert(0, "$DATA/vectors")
		import make
		text = subprocess.run(["fl-dump", "--json", "--values", "u"], check=True, stdout=subprocess.PIPE).stdout
		import json
		u = json.loads(text.splitlines()[0])
		tensors = [make.Tensor(t["name"], t["dtype"], t["dims"], [float(v) for v in t["values"]]) for t in u["tensors"]]
		meta = {"of": "update", "base": u["meta"]["base"], "round": 0, "mechanism": "gaussian", "place": "central",
		        "clip": 1, "grid": 20, "noise": 4096}
		open("noised", "wb").write(make.record(tensors, meta, make.SUM, make.NOISED))
	END
	fl-step -m m --denominator 3 noised > g1
	fl-dump g1 | grep -q '^g1: params, noised'
	[ -n "$(ledger g1)" ]
	fl-train -m g1 sites/client-Biscoe.flp > params
	fl-train -m g1 -u sites/client-Biscoe.flp > update
	fl-dump params | grep -q '^params: params, raw'
	fl-dump update | grep -q '^update: update, raw'
	[ -z "$(ledger params)$(ledger update)" ]
	fl-eval -m g1 sites/test.flp > /dev/null
}
