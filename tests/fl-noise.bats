load helper

setup() {
	need python3
	records <<-END
		u update arch=a base=${base:=$(printf 'ab%.0s' {1..32})} client=x examples=9 round=3 steps=5 w:f32=3,0 b:f64=-4
		small update round=3 w:f32=0.25,-0.125 b:f64=0.5
		zero update w:f32=0,0 b:f64=0
		s sum/clipped clip=1 grid=20 of=update round=3 w:f64=0.25,-3 b:f64=2
		none sum/public clip=1 grid=20 of=update w:f64=0,0 b:f64=0
		p params w:f64=0.25,-3
		cohort cohort draw=00112233445566778899aabbccddeeff population=10 rate=0.5 scheme=poisson seed=secret
		fixed cohort draw=ff112233445566778899aabbccddeeff population=10 scheme=fixed seed=secret size=4
	END
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

# steps K: prints the values as multiples of 2^-K
steps() {
	fl-export -f txt | tr ' ' '\n' | awk -v k="$1" '{ printf "%.0f ", $1 * 2^k }'
}

# one KIND DTYPE N VALUE [MORE]: makes a record of one tensor w of N values; MORE are arguments of
# make.record
one() {
	vector "make.record([make.Tensor('w', '$2', [$3], [$4] * $3)], kind=make.$1, ${5-})"
}

# keys FILE: prints the keys of a record's metadata
keys() {
	fl-dump --json "$1" | python3 -c 'import json, sys; print(*json.load(sys.stdin)["meta"])'
}

local=(-C 1 -z 2 --adjacency replace)
central=(-C 1 -z 2 --adjacency add-remove)

@test "an update is scaled to the norm less half a step a value, and rounded" {
	# 3, 0, -4 are scaled to 1 - 2^-21 sqrt(3); .6 and .8 of it in steps of 2^-20
	[ "$(fl-noise -C 1 u | steps 20)" = "629145 0 -838860 " ]
	fl-noise -C 1 - < u | cmp - <(fl-noise --clip 1 u)
	# within the norm it is only rounded, and values on the lattice do not change
	[ "$(fl-noise -C 1 small | values)" = "0.25 -0.125 0.5 " ]
	records <<< "r update w:f64=0.1,1e-7,-4e-7,5e-7,0"
	[ "$(fl-noise -C 1 --grid 20 r | values)" = "0.10000038146972656 0 0 9.5367431640625e-07 0 " ]
	[ "$(fl-noise -C 0.3 --grid 10 r | values)" = "0.10009765625 0 0 0 0 " ]
}

@test "a clipped update says how, keeps its other keys, and is clipped again to the same bytes" {
	fl-noise -C 0.3 --grid 18 u > c
	[ "$(fl-dump c | head -n 1)" = "c: update, clipped" ]
	[ "$(keys c)" = "arch base client clip examples grid round steps" ]
	[ "$(meta c clip) $(meta c grid) $(meta c client)" = "0.3 18 x" ]
	fl-noise -C 0.3 --grid 18 c | cmp - c
	refused 3 'fl-noise: c: metadata: clip: expected 0.2, found 0.3' fl-noise -C 0.2 --grid 18 c
	refused 3 'fl-noise: c: metadata: grid: expected 20, found 18' fl-noise -C 0.3 c
	refused 3 'fl-noise: c: metadata: clip.1: expected 0.3, found nothing' \
		fl-noise --clip-by '*=0.3' --grid 18 c
}

@test "groups: each tensor to the norm of its own, and keys that say so" {
	fl-noise --clip-by 'w=0.6,[a-c]=0.8' u > c
	[ "$(meta c clip) $(meta c clip.1) $(meta c clip.2) $(meta c grid)" = "1 0.6 0.8 20" ]
	[ "$(steps 20 < c)" = "629145 0 -838860 " ]
	fl-noise --clip-by 'w=0.6,[a-c]=0.8' c | cmp - c
	refused 3 'metadata: clip.1: expected 0.8, found 0.6' fl-noise --clip-by 'b=0.8,w=0.6' c
	refused 3 'metadata: clip.1: expected nothing, found 0.6' fl-noise -C 1 c
	fl-noise --clip-by 'w=0.6,b=0.8' -z 2 --adjacency replace u > n
	[ "$(keys n)" = "adjacency arch base clip clip.1 clip.2 grid mechanism noise place round unit" ]
	[ "$(meta n noise)" = 2097152 ]
	refused 3 'u: tensor b: expected in a group of --clip-by, found in none' fl-noise --clip-by w=1 u
	refused 3 'u: tensor b: expected in one group of --clip-by, found in b and *' \
		fl-noise --clip-by 'b=1,*=1' u
	refused 2 'option --clip-by: expected PATTERN=NORM with a norm of 1e-12 to 1e+12, found "w"' \
		fl-noise --clip-by w u
	refused 2 'option --clip-by: expected PATTERN=NORM' fl-noise --clip-by w=0 u
	refused 2 'option --clip-by: expected at most 9 groups' \
		fl-noise --clip-by a=1,b=1,c=1,d=1,e=1,f=1,g=1,h=1,i=1,j=1 u
}

@test "types: f16 and bf16 become f32, f64 stays; whole numbers that are 0 stay" {
	records <<-END
		t update a:f16=1,2 b:bf16=1,3 c:f32=1 d:f64=1 n:i32=0,0 e:u8=
	END
	types() { fl-dump "$1" | awk '$3 ~ /^[0-9x]+$/ && $4 != "" { printf "%s ", $2 }'; }
	for options in "-C 1" "${local[*]}"; do
		fl-noise $options t > c
		[ "$(types c)" = "f32 f32 f32 f64 i32 u8 " ]
		[ "$(fl-dump --json --values c | python3 -c 'import json, sys
print(next(t["values"] for t in json.load(sys.stdin)["tensors"] if t["name"] == "n"))')" = "[0, 0]" ]
	done
	fl-put --zlib packed < u
	fl-noise -C 1 packed | cmp - <(fl-noise -C 1 u)
}

@test "local noise: a whole number of steps, and the keys of an accountant" {
	fl-noise "${local[@]}" u > n
	[ "$(fl-dump n | head -n 1)" = "n: update, noised" ]
	[ "$(meta n noise) $(meta n mechanism) $(meta n place)" = "2097152 gaussian local" ]
	[ "$(meta n adjacency) $(meta n unit) $(meta n clip) $(meta n grid)" = "replace client 1 20" ]
	fl-noise -C 0.3 -z 1.1 --grid 12 --adjacency replace u > n
	[ "$(meta n noise)" = 5407 ] # ceil(1.1 * 0.3 * 2^14) = ceil(5406.72)
	fl-noise -C 1 -z 1.5 --grid 10 --adjacency replace u > n
	[ "$(meta n noise)" = 1536 ] # no step more than it takes
	fl-noise -C 1 u | fl-noise "${local[@]}" > n
	[ "$(keys n)" = "adjacency arch base clip grid mechanism noise place round unit" ]
	fl-noise -C 1 -z 256 --adjacency replace u > n
	[ "$(meta n noise)" = $((1 << 28)) ]
}

@test "central noise: on a sum of clipped updates, and on one of none" {
	for sum in s none; do
		fl-noise "${central[@]}" $sum > n
		[ "$(fl-dump n | head -n 1)" = "n: sum, noised" ]
		[ "$(meta n place) $(meta n adjacency) $(meta n of)" = "central add-remove update" ]
		[ "$(values < n)" != "$(values < $sum)" ]
	done
	fl-noise "${central[@]}" --cohort cohort s > n
	[ "$(keys n)" = "adjacency clip cohort grid mechanism noise of place rate round scheme seed unit" ]
	[ "$(meta n cohort) $(meta n rate) $(meta n scheme) $(meta n seed)" = \
		"00112233445566778899aabbccddeeff 0.5 poisson secret" ]
	fl-noise -C 1 -z 2 --adjacency replace --cohort fixed s > n
	[ "$(meta n population) $(meta n size) $(meta n scheme)" = "10 4 fixed" ]
	fl-noise -C 1 -z 2 --adjacency replace --cohort - s < fixed > m
	[ "$(keys m)" = "$(keys n)" ]
}

@test "Laplace: params alone, scaled to the sum of magnitudes and rounded toward zero" {
	laplace=(--mechanism laplace --clip-l1 2 -z 3 --adjacency replace)
	fl-noise "${laplace[@]}" p > n
	[ "$(fl-dump n | head -n 1)" = "n: params, noised" ]
	[ "$(keys n)" = "adjacency clip grid mechanism noise place unit" ]
	[ "$(meta n mechanism) $(meta n clip) $(meta n noise) $(meta n place)" = "laplace 2 3145728 local" ]
	refused 3 'expected params under --mechanism laplace, found update' fl-noise "${laplace[@]}" u
	refused 3 'expected params under --mechanism laplace, found sum' fl-noise "${laplace[@]}" s
	refused 3 'expected an update or a sum, found params' fl-noise "${local[@]}" p
	refused 3 'expected an update or a sum, found params' fl-noise -C 1 p
	refused 2 'option --clip-l1: expected with --mechanism laplace, and only with it' \
		fl-noise --clip-l1 1 -z 1 --adjacency replace p
	refused 2 'option --clip-l1: expected with --mechanism laplace, and only with it' \
		fl-noise --mechanism laplace -C 1 -z 1 --adjacency replace p
	refused 2 'option --mechanism: needs --noise' \
		fl-noise --mechanism laplace --clip-l1 1 p
	refused 3 'option --adjacency: expected replace for the noise of one params, found add-remove' \
		fl-noise --mechanism laplace --clip-l1 2 -z 3 --adjacency add-remove p
}

@test "the call: numbers out of range, options without the others they need" {
	for n in 0 -1 nan inf 9e-13 1.1e12 x; do
		refused 2 "option --clip: expected a number from 1e-12 to 1000000000000, found \"$n\"" \
			fl-noise -C $n u
		refused 2 "option --clip-l1: expected a number" fl-noise --mechanism laplace --clip-l1 $n p
	done
	for n in 0 -1 nan inf 1e-10 1e10; do
		refused 2 "option --noise: expected a number from 1e-09 to 1000000000, found \"$n\"" \
			fl-noise -C 1 -z $n --adjacency replace u
	done
	for n in 9 24 -1 10.5; do
		refused 2 "option --grid: expected a whole number from 10 to 23" fl-noise -C 1 --grid $n u
	done
	for n in 0 1 -1 nan; do
		refused 2 "option --delta: expected a number" \
			fl-noise "${local[@]}" --ledger l --max-epsilon 1 -d $n u
	done
	refused 2 'option --noise: expected noise of at most 2^28 steps, found 2.6' \
		fl-noise -C 1 -z 256.1 --adjacency replace u
	refused 2 'a smaller --grid has larger steps' fl-noise -C 1 -z 1e9 --grid 10 --adjacency replace u
	refused 2 'expected one of --clip, --clip-by and --clip-l1' fl-noise u
	refused 2 'expected one of --clip, --clip-by and --clip-l1, not more' fl-noise -C 1 --clip-by '*=1' u
	refused 2 'option --adjacency: expected with --noise' fl-noise -C 1 -z 1 u
	refused 2 'option --adjacency: expected add-remove|replace, found "both"' \
		fl-noise -C 1 -z 1 --adjacency both u
	for unit in record subject; do
		refused 2 "option --unit: expected client, found \"$unit\"" fl-noise "${local[@]}" --unit $unit u
	done
	fl-noise "${local[@]}" --unit client u > n
	for option in '--adjacency replace' '--mechanism gaussian' '--cohort cohort' '--ledger l' \
	    '--max-epsilon 1 -d 1e-5' '--insecure-test-seed 1'; do
		[[ $option =~ ^--[a-z-]+ ]]
		refused 2 "option ${BASH_REMATCH[0]}: needs --noise" fl-noise -C 1 $option u
	done
	refused 2 'options --max-epsilon and --delta: expected both or neither' \
		fl-noise "${local[@]}" --ledger l --max-epsilon 1 u
	refused 2 'options --max-epsilon and --delta: expected both or neither' \
		fl-noise "${local[@]}" --ledger l -d 1e-5 u
	refused 2 'option --max-epsilon: needs --ledger' \
		fl-noise "${local[@]}" --max-epsilon 1 -d 1e-5 u
	[ ! -e l ]
}

@test "options that do not suit the record: adjacency and cohort" {
	refused 3 'u: option --adjacency: expected replace for the noise of one update, found add-remove' \
		fl-noise "${central[@]}" u
	refused 3 'u: option --cohort: expected none for the noise of one update, whose receiver knows' \
		fl-noise "${local[@]}" --cohort cohort u
	refused 2 'option --adjacency: expected replace for a cohort of fixed size, found add-remove' \
		fl-noise "${central[@]}" --cohort fixed s
	records <<-END
		public cohort population=10 rate=0.5 scheme=poisson seed=public
		drawn cohort draw=0011 population=10 rate=0.5 scheme=poisson seed=public
		rateless cohort draw=0011 population=10 scheme=poisson seed=secret
	END
	refused 3 'public: expected a cohort that fl-sample --secret drew, found one that can be drawn again' \
		fl-noise "${central[@]}" --cohort public s
	refused 3 'drawn: metadata: seed: expected secret, found public' \
		fl-noise "${central[@]}" --cohort drawn s
	refused 3 'rateless: metadata: rate: expected in a cohort, found nothing' \
		fl-noise "${central[@]}" --cohort rateless s
	refused 3 'u: expected a record of kind cohort, found update' fl-noise "${central[@]}" --cohort u s
	refused 4 'absent: open: No such file' fl-noise "${central[@]}" --cohort absent s
}

# refuses TEXT FILE: the file must be refused with any noise and, if it is an update, with clipping
# alone
refuses() {
	refused 3 "fl-noise: $2: $1" fl-noise "${local[@]}" "$2" &&
		refused 3 "fl-noise: $2: $1" fl-noise -C 1 "$2"
}

@test "records that are not the clipped or raw values of one client" {
	records <<-END
		mean update clients=3 examples=9 w:f32=1
		noised update/noised mechanism=gaussian clip=1 grid=20 noise=9 adjacency=replace place=local w:f32=1
		far update/clipped clip=1 grid=20 w:f64=0.5,1
		odd update/clipped clip=1 grid=20 w:f64=1e-9
		bare update/clipped w:f32=0.5
		scale update w:f32=1 :scale:f64=1,2
		count update w:f32=1 n:i32=0,7
		names update w:f32=1 :names:u8=97,10
		data data x:f32=1 y:u32=0
	END
	refuses "expected one client's update, found an aggregate of 3 clients" mean
	refuses 'expected a record without noise, found one that is noised' noised
	refuses 'expected a norm of at most 1 (clip)' far
	refuses 'tensor w: value 0: expected a multiple of the step 2^-20 (clip, grid)' odd
	refuses 'metadata: clip: expected 1, found nothing' bare
	refuses 'tensor :scale: a description has no norm' scale
	refuses 'tensor n: value 1: expected 0, since i32 has no norm' count
	refuses 'tensor :names: value 0: expected 0, since u8 has no norm' names
	refuses 'expected an update or a sum, found data' data
	refuses 'expected an update or a sum, found cohort' cohort
	[ "$(fl-noise "${local[@]}" far u small 2>/dev/null | fl-dump | grep -c noised)" -eq 2 ]
}

@test "statistics and partials are refused" {
	fl-import -y species -g island -x body_mass_g --missing drop "$DATA/penguins.csv" > data
	fl-stats data > stats
	fl-aggregate --partial u > partial
	refuses 'expected an update or a sum, found stats' stats
	refuses 'expected an update or a sum, found partial' partial
	for kind in stats partial; do
		refused 3 "$kind: expected params under --mechanism laplace, found $kind" \
			fl-noise --mechanism laplace --clip-l1 1 -z 1 --adjacency replace $kind
	done
}

@test "sums: only plain ones, of updates that were clipped alike" {
	records <<-END
		raw sum of=update w:f64=1
		weighted sum/clipped clip=1 grid=20 of=update weighting=examples w:f64=1
		params sum/clipped clip=1 grid=20 of=params w:f64=1
		clip sum/clipped clip=2 grid=20 of=update w:f64=1
		grid sum/clipped clip=1 grid=19 of=update w:f64=1
		groups sum/clipped clip=1 clip.1=1 grid=20 of=update w:f64=1
		bare sum/clipped of=update w:f64=1
		odd sum/clipped clip=1 grid=20 of=update w:f64=0.5,1e-9
		far sum/clipped clip=1 grid=20 of=update w:f64=0.5,8589934594
		noised sum/noised mechanism=gaussian clip=1 grid=20 noise=9 adjacency=replace place=central of=update w:f64=1
		twice sum/clipped clip=1 grid=20 mechanism=gaussian noise=9 of=update w:f64=1
		count sum/clipped clip=1 grid=20 of=update w:f64=1 n:u32=0,1
	END
	no() { refused 3 "fl-noise: $2: $1" fl-noise "${central[@]}" "$2"; }
	no 'expected a sum of clipped updates, found one that is raw' raw
	no 'expected a plain sum, found one with weights' weighted
	no 'sum: metadata: of: expected update, found params' params
	no 'metadata: clip: expected 1, found 2' clip
	no 'metadata: grid: expected 20, found 19' grid
	no 'metadata: clip.1: expected nothing, found 1' groups
	no 'metadata: clip: expected 1, found nothing' bare
	no 'tensor w: value 1: expected a multiple of the step 2^-20 (clip, grid), of at most 2^53' odd
	no 'tensor w: value 1: expected a multiple of the step 2^-20 (clip, grid), of at most 2^53' far
	no 'expected a record without noise, found one that is noised' noised
	no '' twice
	no 'tensor n: value 1: expected 0, since u32 has no norm' count
	refused 3 's: expected an update, found a sum: updates are clipped before they are summed' \
		fl-noise -C 1 s
}

@test "values that are not finite, and a grid that is too coarse for so many" {
	for vector in nan-f64 infinity-f32; do
		[ -e "$DATA/vectors/bad/$vector.flp" ] || continue
		refused 3 "$vector.flp: " fl-noise "${local[@]}" "$DATA/vectors/bad/$vector.flp"
	done
	for bad in nan inf -inf; do
		records <<< "x update w:f32=1,$bad"
		refuses 'tensor w: value 1 is not finite' x
	done
	# 2^-11 sqrt(d) must be below a tenth
	one UPDATE f32 41943 0 > most
	one UPDATE f32 41944 0 > more
	fl-noise -C 1 --grid 10 most > n
	refused 3 'more: grid 10: too coarse to clip 41944 values to 1' fl-noise -C 1 --grid 10 more
	fl-noise -C 1 --grid 11 more > n
	vector 'make.record([make.Tensor("w", "f32", [41944], [0.] * 41944), make.Tensor("b", "f32", [1], [0.])], kind=make.UPDATE)' > two
	refused 3 'two: grid 10: too coarse to clip 41944 values to 1' fl-noise --clip-by w=1,b=0.1 --grid 10 two
}

@test "a footer that says what the header must is refused" {
	for key in clip=1 grid=20 noise=9 mechanism=gaussian place=local adjacency=replace unit=client \
	    cohort=x scheme=poisson rate=0.5 seed=secret insecure=test-seed release=x clients=3 \
	    weighting=uniform of=update noise.count=3 clip.3=1 population=3 size=2; do
		pair="{\"${key%%=*}\": \"${key#*=}\"}"
		one UPDATE f32 1 1 "footer=$pair" > f
		refused 3 'f: footer: expected none of the keys that say what the record is' \
			fl-noise "${local[@]}" f
		refused 3 'f: footer: expected none of the keys' fl-noise -C 1 f
		[ "${key%%=*}" = of ] || [[ ${key%%=*} == @(clip|grid) ]] || {
			one SUM f64 1 1 "privacy=make.CLIPPED, footer=$pair,
				meta={'clip': 1, 'grid': 20, 'of': 'update'}" > f
			refused 3 'f: ' fl-noise "${central[@]}" f
		}
	done
}

# Every key that fl(5) lists, and some that it does not, in the header or the footer.
@test "what remains in a noised record: only what depends on no one's data" {
	cat > many.py <<-'END'
		import re, sys
		sys.path.insert(0, sys.argv[1])
		sys.dont_write_bytecode = True
		import make
		page = open(sys.argv[2]).read()
		rows = re.findall(r'^([a-z][a-z0-9.-]*)  +(whole|real|text) ', page.split('.\\" keys begin')[1].split('.\\" keys end')[0], re.M)
		meta = {key: {"whole": 7, "real": 0.5, "text": "Biscoe"}[kind] for key, kind in rows}
		for key in sys.argv[4:]:
		    meta.pop(key, None)
		meta.update({"own": "Biscoe", "aa": "12", "zz.z-9": "secret", "hash": "00ff"})
		if sys.argv[3] == "sum":
		    meta.update(clip=1, grid=20, of="update")
		low = sys.argv[3] == "footer"
		footer = {key: meta.pop(key) for key in ("aa", "client", "examples", "own", "parents", "steps")} if low else {}
		kind, state = (make.SUM, make.CLIPPED) if sys.argv[3] == "sum" else (make.UPDATE, make.RAW)
		sys.stdout.buffer.write(make.record([make.Tensor("w", "f64", [2], [0.5, 0.25])], kind=kind, privacy=state, meta=meta, footer=footer))
	END
	made() { python3 many.py "$DATA/vectors" "$ROOT/man/fl.5" "$@"; }
	noisy="adjacency clip.next cohort insecure mechanism noise noise.count place population rate release scheme seed size unit"
	groups="clip.1 clip.2 clip.3 clip.4 clip.5 clip.6 clip.7 clip.8 clip.9"
	for where in header footer; do
		made $where $noisy $groups clip grid clients weighting of > many
		[ "$(keys many | wc -w)" -gt 12 ]
		fl-noise "${local[@]}" many > n
		[ "$(keys n)" = "adjacency arch base clip grid loss mechanism noise place round scaling unit" ]
	done
	made sum $noisy $groups weighting > many
	fl-noise "${central[@]}" --cohort cohort many > n
	[ "$(keys n)" = "adjacency arch base clip cohort grid loss mechanism noise of place rate round scaling scheme seed unit" ]
	fl-dump n | grep -vE '^  (arch|base|cohort|digest|id|loss|scaling|seed) ' > shown
	grep -q mechanism shown
	run ! grep -aE 'Biscoe|secret|00ff' shown
	# clipping alone keeps all keys
	made header $noisy $groups clip grid clients weighting of > many
	[ "$(fl-noise -C 1 many | keys -)" = "$(echo $(printf '%s\n' $(keys many) clip grid | LC_ALL=C sort))" ]
}

@test "noise differs each time; a test seed gives the same, and says so" {
	fl-noise "${local[@]}" u > a
	fl-noise "${local[@]}" u > b
	run ! cmp -s a b
	[ -z "$(meta a insecure)" ]
	fl-noise "${local[@]}" --insecure-test-seed 7 u > a
	fl-noise "${local[@]}" --insecure-test-seed 7 u | cmp - a
	[ "$(meta a insecure)" = test-seed ]
	run ! cmp -s a <(fl-noise "${local[@]}" --insecure-test-seed 8 u)
	run ! cmp -s <(values < a) <(fl-noise "${local[@]}" --insecure-test-seed 8 u | values)
	fl-noise "${central[@]}" --insecure-test-seed 7 s > a
	[ "$(meta a insecure)" = test-seed ]
	# two records of one run have different noise
	cat zero zero | fl-noise "${local[@]}" --insecure-test-seed 7 > two
	[ "$(fl-dump two | grep ' id ' | sort -u | wc -l)" -eq 2 ]
	refused 2 'option --insecure-test-seed: expected a whole number from 0 to 9007199254740991' \
		fl-noise "${local[@]}" --insecure-test-seed -1 u
}

@test "an update of zeros gets noise like any other" {
	fl-noise -C 1 zero > c
	[ "$(values < c)" = "0 0 0 " ]
	fl-noise "${local[@]}" zero > n
	[ "$(values < n)" != "0 0 0 " ]
}

@test "several inputs: each by itself, bad ones named, exit 3" {
	records <<< "bad update clients=3 w:f32=1"
	for options in '-C 1' "${local[*]}" "${local[*]} --ledger l"; do
		status=0
		fl-noise $options u bad small > out 2> err || status=$?
		[ $status -eq 3 ]
		[ "$(fl-dump out | grep -c update)" -eq 2 ]
		[ "$(cat err)" = "fl-noise: bad: expected one client's update, found an aggregate of 3 clients" ]
		status=0
		fl-noise --strict $options u bad small > out 2> err || status=$?
		[ $status -eq 3 ]
		[ "$(grep -c '^fl-noise: bad: ' err)" -eq 1 ]
		[ "$(fl-dump out 2>/dev/null | grep -c update || :)" -le 1 ]
	done
	refused 3 'standard input: empty (did the command before it fail?)' fl-noise -C 1 < /dev/null
}

@test "-v prints the ratio of signal to noise" {
	fl-noise -v -C 1 -z 1 --adjacency add-remove none 2> err > n
	[ "$(cat err)" = "fl-noise: none: signal to noise 0" ]
	records <<< "empty update w:f32="
	fl-noise -v "${local[@]}" empty 2> err > n
	[ "$(cat err)" = "fl-noise: empty: signal to noise 0" ]
	fl-noise -v "${central[@]}" s 2> err > n
	# sqrt(0.25^2 + 3^2 + 2^2) / (2 sqrt(3))
	[ "$(cat err)" = "fl-noise: s: signal to noise 1.04" ]
	fl-noise "${central[@]}" s 2> err > n
	[ ! -s err ]
}

@test "the ledger: a line for each release, which b2sum can check" {
	fl-noise "${central[@]}" --cohort cohort --ledger l s > n
	[ "$(head -n 1 l)" = "fl-ledger 1" ]
	[ "$(wc -l < l)" -eq 2 ]
	fl-noise "${central[@]}" --ledger l s > m
	fl-noise "${local[@]}" --ledger l u small > both
	[ "$(wc -l < l)" -eq 5 ]
	[ "$(fl-dump both | grep -c noised)" -eq 2 ]
	last="fl-ledger 1"
	while IFS= read -r line; do
		want=$(printf '%s\n%s' "$last" "${line%$'\t'line=*}" | b2sum -l 256)
		last=${line##*line=}
		[ "$last" = "${want%% *}" ]
	done < <(tail -n +2 l)
	line=$(sed -n 2p l)
	[ "$(tr '\t' '\n' <<< "$line" | sed 's/=.*//' | tr '\n' ' ')" = \
		"adjacency clip cohort grid mechanism noise place rate release round scheme seed unit line " ]
	[[ $line == *$'\tround=3\t'* ]]
	[[ $(sed -n 4p l) == *$'\t'base=$base$'\t'* ]]
	fl-noise --mechanism laplace --clip-l1 1 -z 1 --adjacency replace --ledger l p > q
	[[ $(tail -n 1 l) == *$'\t'release=$(meta q digest)$'\t'* ]]
}

@test "a release and its line: the digest is of the whole record, footer and all" {
	one PARAMS f64 1 0.5 "footer={'own': 'x'}" > p
	fl-noise --mechanism laplace --clip-l1 1 -z 1 --adjacency replace --ledger l p > q
	[[ $(tail -n 1 l) == *$'\t'release=$(meta q digest)$'\t'* ]]
	[ -z "$(meta q own)" ]
}

@test "a cohort has one release" {
	fl-noise "${central[@]}" --cohort cohort --ledger l s > n
	cp l before
	for sum in s none; do
		refused 3 "$sum: l: cohort 00112233445566778899aabbccddeeff: it has been released already; draw another" \
			fl-noise "${central[@]}" --cohort cohort --ledger l $sum
	done
	cmp l before
	fl-noise -C 1 -z 2 --adjacency replace --cohort fixed --ledger l s > m
	# two sums under one cohort: the second is refused, with a ledger or without
	for options in '' '--ledger k'; do
		status=0
		fl-noise "${central[@]}" --cohort cohort $options s none > out 2> err || status=$?
		[ $status -eq 3 ]
		[ "$(cat err)" = 'fl-noise: none: option --cohort: expected one sum, found a second' ]
		[ "$(fl-dump out 2>/dev/null | grep -c noised || :)" -le 1 ]
	done
	[ "$(wc -l < k)" -eq 2 ]
}

# spoilt TEXT COMMAND...: the command changes a copy of the ledger; nothing may then be released
spoilt() {
	local text=$1
	cp good l
	"${@:2}"
	cp l spoilt
	refused 3 "s: l: $text" fl-noise "${central[@]}" --ledger l s && cmp l spoilt
}

@test "a ledger that was changed, cut or has lines missing stops every release" {
	for i in 1 2 3; do fl-noise "${central[@]}" --ledger good s > n; done
	spoilt 'line 2: this line or one before it was changed, or a line before it is missing' sed -i 2d l
	spoilt 'line 2: this line or one before it was changed' sed -i '2s/noise=2/noise=9/' l
	spoilt 'line 4: cut short: expected a newline at its end' truncate -s -1 l
	spoilt 'line 1: expected "fl-ledger 1"' truncate -s 0 l
	spoilt 'line 1: expected "fl-ledger 1"' sed -i 1d l
	spoilt 'line 2: expected line=DIGEST at its end' sed -i '2s/.$//' l
	swap() { { sed -n 1p l; sed -n 3p l; sed -n 2p l; sed -n 4p l; } > t && mv t l; }
	spoilt 'line 2: this line or one before it was changed' swap
	mkdir folder
	mkfifo fifo
	for file in folder fifo /dev/null; do
		fails 3 fl-noise "${central[@]}" --ledger $file s || fails 4 fl-noise "${central[@]}" --ledger $file s
		[[ $message == "fl-noise: "*"$file: "* ]]
	done
	refused 4 'none/l: ' fl-noise "${central[@]}" --ledger none/l s
	[ "$(id -u)" -eq 0 ] || {
		chmod 400 good
		refused 4 'good: open: Permission denied' fl-noise "${central[@]}" --ledger good s
	}
}

@test "a release that can't be written has its line all the same" {
	status=0
	fl-noise "${central[@]}" --ledger l s > /dev/full 2> err || status=$?
	[ $status -eq 4 ]
	[[ $(cat err) == *'standard output'*'No space left on device'* ]]
	[ "$(wc -l < l)" -eq 2 ]
	fl-noise "${central[@]}" --ledger l s > n
	[ "$(wc -l < l)" -eq 3 ]
}

@test "limits: the caller's, of what all lines cost" {
	limit=(--ledger l --max-epsilon 3 -d 1e-5)
	fl-noise "${central[@]}" "${limit[@]}" s > n
	fl-noise "${central[@]}" "${limit[@]}" s > n
	cp l before
	refused 3 's: --max-epsilon 3: with this release the ledger l would cost 3.' \
		fl-noise "${central[@]}" "${limit[@]}" s
	[[ $message == *' at delta 1e-05' ]]
	cmp l before
	fl-noise "${central[@]}" --ledger l --max-epsilon 4 -d 1e-5 s > n
	[ "$(wc -l < l)" -eq 4 ]
	# noise from a test seed has an infinite cost
	refused 3 'would cost inf at delta 1e-05' fl-noise "${central[@]}" --ledger k --max-epsilon 1e9 -d 1e-5 \
		--insecure-test-seed 1 s
	fl-noise "${central[@]}" --ledger k --insecure-test-seed 1 s > n
	refused 3 'would cost inf' fl-noise "${central[@]}" --ledger k --max-epsilon 1e9 -d 1e-5 s
	# 0: nothing may be released
	refused 3 '--max-epsilon 0: ' fl-noise "${central[@]}" --ledger j --max-epsilon 0 -d 1e-5 s
	[ "$(cat j)" = "fl-ledger 1" ]
}

@test "limits: the site's policy" {
	policy() { printf '%s\n' "$@" > policy; }
	ruled() { fl-noise --policy policy "$@"; }
	policy 'max-clip 0.5'
	refused 3 'policy policy: line 1: max-clip 0.5: ' ruled -C 1 u
	ruled -C 0.5 u > c
	policy 'min-noise 2.5'
	refused 3 'policy policy: line 1: min-noise 2.5: ' ruled "${local[@]}" u
	refused 3 'policy policy: line 1: min-noise 2.5: ' ruled -C 1 u
	policy 'ledger l' 'max-epsilon 3' 'delta 1e-5'
	refused 3 'policy policy: line 2: max-epsilon 3: expected noise, found none' ruled -C 1 u
	policy 'min-noise 1'
	refused 3 'policy policy: line 1: min-noise 1: ' ruled "${local[@]}" --insecure-test-seed 1 u
	policy 'min-noise 2.5'
	# Noise that a server adds is not the site's own.
	ruled "${central[@]}" s | fl-dump > out
	ruled -C 1 -z 2.5 --adjacency replace u > n
	policy 'ledger l' 'max-epsilon 3' 'delta 1e-5'
	ruled "${central[@]}" s > n
	ruled "${central[@]}" --ledger l s > n
	refused 3 's: policy policy: line 2: max-epsilon 3: with this release the ledger l would cost' \
		ruled "${central[@]}" s
	refused 3 's: policy policy: line 2: max-epsilon 3: ' \
		ruled "${central[@]}" --ledger l --max-epsilon 9 -d 1e-5 s
	refused 2 'policy policy: line 1: ledger l: expected that ledger, found --ledger k' \
		ruled "${central[@]}" --ledger k s
	[ "$(wc -l < l)" -eq 3 ]
	[ ! -e k ]
	policy 'ledger l' 'max-rounds 3'
	ruled "${central[@]}" s > n
	refused 3 's: policy policy: line 2: max-rounds 3: the ledger l already has that many releases' \
		ruled "${central[@]}" s
	FL_POLICY=policy refused 3 'max-rounds 3' fl-noise "${central[@]}" s
	# clipping alone is not a release
	ruled -C 1 u > c
	[ "$(wc -l < l)" -eq 4 ]
}

@test "clipping, sums and noise against a plain computation" {
	twin noise.py "$BIN"
}

@test "an update's false claim of a clip is dropped" {
	records <<< 'liar update clip.3=1 clip.next=2 grid=9 noise=7 place=central w:f32=3,4'
	fl-noise -C 1 liar | fl-dump | grep -E '^  (clip|grid|noise|place)' > out
	diff - out <<< $'  clip        1\n  grid        20'
}
