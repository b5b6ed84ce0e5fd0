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
			fl-step -m m u | fl-dump | grep -q "^stdin: params, $want"
		done
	done
	records <<-END
		hidden masked/hidden w:f32=1
		m params w:f32=1
	END
	refused 3 "hidden: expected an update or params, found masked" fl-step -m m hidden
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

@test "integers are those of new parameters, and no update changes them" {
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

@test "what is no update of this model is refused" {
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
		data w:f32=0,0,0 b:f64=0 # expected an update or params, found data
		sum w:f32=0,0,0 b:f64=0 # expected an update or params, found sum
		partial of=update w:sum-f32=0,0,0 b:sum-f64=0 # expected an update or params, found partial
		stats w:f32=0,0,0 b:f64=0 # expected an update or params, found stats
		masked/hidden w:u64=0 # expected an update or params, found masked
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
	refused 3 "stdin: expected a record, found nothing" fl-step -m model < /dev/null
	cat u u | refused 3 "stdin: record 2: expected one record, found more (fl-aggregate makes one of many)" \
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
		head -c $n u | refused 3 "stdin: " fl-step -m model
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
