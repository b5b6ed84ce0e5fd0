load helper

trust=--trust-partials

# Records as the lines on standard input describe them; see tests/aggregate.py.
records() {
	need python3
	python3 "$ROOT/tests/aggregate.py" --write || skip "needs python3-xxhash"
}

# mean WANT ARG...: the values of the result must be WANT
mean() {
	local want=$1 got
	shift
	got=$(fl-aggregate "$@" 2> log | fl-export -f txt) || { cat log; return 1; }
	[ "$got" = "$want" ] || { echo "expected $want, found $got: $*"; cat log; return 1; }
}

# left_out TEXT WANT ARG...: a bad input must be named with this text. The mean of the others must
# be WANT with --min-clients 0; without it there must be no result.
left_out() {
	mean "$2" --min-clients 0 "${@:3}" || return
	grep -qF "fl-aggregate: left out: $1" log || { echo "expected: $1"; cat log; return 1; }
	refused 3 "fl-aggregate: left out: $1" fl-aggregate "${@:3}"
}

# disputes TEXT A B ARG...: A and B are good but differ, so there must be no result, whichever comes
# first, from files and from a pipe. Both must be named, and the text of TEXT after "(", if any.
disputes() {
	local text=$1 hint="" a=$2 b=$3 how
	[[ $text == *"("* ]] && hint="(${text#*(}"
	for how in "" "--min-clients 0" --strict; do
		refused 3 "fl-aggregate: $b: does not agree with $a: $text" \
			fl-aggregate $how "${@:4}" "$a" "$b" || return
		refused 3 "fl-aggregate: $a: does not agree with $b: " \
			fl-aggregate $how "${@:4}" "$b" "$a" && [[ $message == *"$hint"* ]] || return
		cat "$a" "$b" | refused 3 "fl-aggregate: standard input: record 2: does not agree with standard input: $text" \
			fl-aggregate $how "${@:4}" || return
	done
}

meta() {
	fl-dump "$1" | awk -v key="$2" '$1 == key { print $2 }'
}

# abc: three records whose sum is not a sum of floats
abc() {
	records <<-END
		a params examples=1 w:f64=1e15,0.5,3
		b params examples=2 w:f64=0.1,0.25,-1
		c params examples=1 w:f64=-1e15,0.5,3
		d params examples=4 w:f64=0,1,1
	END
}

@test "the mean of three devices in three lines" {
	echo 0.2 0.4 0.6 | fl-import -f txt --as params > d1.flp
	echo 0.1 0.3 0.5 | fl-import -f txt --as params > d2.flp
	echo 0.3 0.5 0.7 | fl-import -f txt --as params > d3.flp
	mean "0.2 0.4 0.6" d1.flp d2.flp d3.flp
	[ ! -s log ]
}

@test "files, a pipe, - among files, standard input in a file: the same bytes" {
	abc
	fl-aggregate a b c > want
	cat a b c | fl-aggregate | cmp - want
	cat a b | fl-aggregate - c | cmp - want
	cat c | fl-aggregate a - b | cmp - want
	fl-aggregate a <(cat b) c | cmp - want
	cat a b c > abc
	fl-aggregate < abc | cmp - want
	refused 3 "standard input: empty (did the command before it fail?)" fl-aggregate - abc < /dev/null
	refused 2 "expected standard input once, found - twice" fl-aggregate - abc - < /dev/null
	fl-aggregate --strict abc | cmp - want
	fl-put --zlib packed < c
	fl-aggregate a b packed | cmp - want
}

@test "order and grouping, partials of partials and of plain records: the same bytes" {
	abc
	fl-aggregate a b c d > want
	mean "0.025 0.6875 1" a b c d
	for order in "d c b a" "b d a c" "c a d b"; do
		fl-aggregate $order | cmp - want
		set -- $order
		fl-aggregate --partial $1 $2 > p
		fl-aggregate $trust --partial p $3 > q
		fl-aggregate $trust p $3 $4 | cmp - want
		fl-aggregate $trust $4 q | cmp - want
		cat q $4 | fl-aggregate $trust --partial | fl-aggregate $trust --partial |
			fl-aggregate $trust | cmp - want
		fl-aggregate --partial $order | cmp - <(cat $4 q | fl-aggregate $trust --partial)
	done
}

@test "weights: by examples, uniform, by examples where there are any" {
	records <<-END
		a update examples=1 w:f32=1
		b update examples=3 w:f32=5
		x update w:f32=1
		y update w:f32=5
	END
	mean 4 a b
	mean 4 -w examples a b
	mean 3 -w uniform a b
	mean 3 x y
	fl-aggregate a b > m
	[ "$(meta m examples) $(meta m clients) $(meta m weighting)" = "4 2 examples" ]
	fl-aggregate -w uniform --partial a b > p
	mean 3 $trust -w uniform p
	mean 3 $trust p
	local text="only one of them is weighted by its examples; see --weight"
	disputes "$text" b p $trust
	disputes "$text" a y
	left_out "p: metadata: weighting: expected examples, found uniform" 5 $trust -w examples b p
	left_out "y: metadata: examples: missing" 1 -w examples a y
	mean 3 -w uniform x b
	refused 3 "metadata: examples: missing" fl-aggregate -w examples x y
	refused 2 "option --weight: not allowed with --sum" fl-aggregate --sum -w uniform a
	# A mean counts as all its clients again under -w examples, but not otherwise.
	fl-aggregate -w uniform a b > n
	disputes "$text" x n
	mean 4 a b m
	mean 3.5 a b n
}

@test "sums of updates, of statistics, of partials" {
	records <<-END
		a update examples=1 w:f32=1,-1
		b update examples=3 w:f32=5,1
	END
	printf 'a\n-1\n1.25\n' | fl-import | fl-stats --policy open > s
	printf 'a\n0\n0\n.5\n1e-9\n0\n' | fl-import | fl-stats --policy open > t
	mean "6 0" --sum a b
	fl-aggregate --sum a b > sum
	fl-dump sum | grep -q '^sum: sum, raw'
	[ "$(meta sum examples) $(meta sum clients) $(meta sum weighting)" = "4 2 " ]
	fl-aggregate --sum --partial a > p
	fl-aggregate --sum $trust p b | cmp - sum
	refused 3 "p: metadata: rule: expected mean, found sum" fl-aggregate $trust p
	fl-aggregate --sum s t > sum
	fl-dump sum | grep -q '^sum: stats, raw'
	[ "$(fl-export -f csv sum)" = $'feature,count,sum,sumsq\na,7,0.75000000099999997,2.8125' ]
	refused 3 "s: statistics have no mean" fl-aggregate s t
	for how in '' --strict; do
		fl-aggregate --sum --partial $how s > p
		fl-aggregate --sum $trust $how p t > sum2
		fl-cmp sum sum2
		cat p t | fl-aggregate --sum $trust $how | cmp - sum2
	done
}

@test "a sum says what it is a sum of: only such sums can be added, and it has no mean" {
	records <<-END
		a update examples=1 w:f32=1
		b update examples=3 w:f32=5
		p params examples=3 w:f32=7
		none sum examples=3 w:f32=7
		sums sum of=sum examples=3 w:f32=7
	END
	fl-aggregate --sum a b > sum
	fl-aggregate --sum p > params
	[ "$(meta sum of) $(meta params of)" = "update params" ]
	refused 3 "sum: sums have no mean, only a sum" fl-aggregate sum sum
	disputes "expected kind update, found params; see --like" sum params --sum
	disputes "expected kind update, found params; see --like" sum p --sum
	left_out "none: metadata: of: missing in a sum" 6 --sum none sum
	left_out "sums: expected params, update, sum, stats or a partial of them, found sum" 6 --sum sums sum
	mean 12 --sum sum sum
	mean 7 --sum sum a
	fl-aggregate --sum --partial sum > part
	[ "$(meta part of) $(meta part clients)" = "update 1" ]
	fl-aggregate --sum $trust part a | cmp - <(fl-aggregate --sum a sum)
	fl-aggregate --sum $trust part > again
	[ "$(meta again of) $(meta again examples)" = "update 4" ]
	disputes "expected kind params, found update; see --like" p part --sum $trust
}

@test "integers: equal under a mean, summed by --sum, refused where the sum does not fit" {
	records <<-END
		a params n:i8=100,1 w:f32=1
		b params n:i8=100,1 w:f32=3
		c params n:i8=-100,1 w:f32=3
		u params n:u64=1152921504606846976
		v params n:u64=1152921504606846977
		w params n:i64=-1152921504606846977
		x params n:i64=-1152921504606846976
	END
	mean $'100 1\n2' a b
	disputes "tensor n: value 0: expected the same integer" a c
	refused 3 "c: does not agree with a: tensor n: value 0" fl-aggregate a b c
	mean $'100 3\n7' --sum a b c
	mean $'100 3\n7' --sum a c b
	refused 3 "tensor n: value 0: the sum does not fit i8" fl-aggregate --sum a b
	# The 64-bit counts of one record can't make a sum overflow.
	mean 2305843009213693952 --sum u u
	left_out "v: tensor n: value 0: expected at most 2^60 = 1.2e18 in magnitude for each client, found 1.15292e+18 for 1" 1152921504606846976 --sum u v
	left_out "w: tensor n: value 0: expected at most 2^60 = 1.2e18 in magnitude for each client, found -1.15292e+18 for 1" -1152921504606846976 --sum x w
	refused 3 "v: tensor n: value 0" fl-aggregate --sum --strict u v
	mean 1152921504606846977 v v # a mean adds none up
	cat a b | refused 3 "the sum does not fit i8" fl-aggregate --sum --partial
}

@test "descriptions must be equal, whatever the rule, and are kept" {
	records <<-END
		a params w:f32=1 :names:u8=97,10 :scale:f64=0.5
		b params w:f32=3 :names:u8=97,10 :scale:f64=0.5
		c params w:f32=9 :names:u8=98,10 :scale:f64=0.5
		d params w:f32=9 :names:u8=97,10 :scale:f64=0.25
	END
	disputes "tensor :names: line 1: expected \"a\", found \"b\"; import by one schema" a c
	disputes "tensor :scale: value 0: expected the same description" a d --sum
	for rule in "" --sum; do
		fl-aggregate $rule --partial a b | fl-aggregate $trust $rule |
			cmp - <(fl-aggregate $rule a b)
		fl-aggregate $rule a b | fl-export -f txt -t :scale | grep -qx 0.5
	done
}

@test "every float type; the sum of f16 is refused beyond its range" {
	for t in f64 f32 f16 bf16; do
		records <<-END
			a params w:$t=1,-0,2
			b params w:$t=2,-0,-2
		END
		mean "1.5 0 0" a b
		fl-aggregate --partial a b | fl-dump | grep -q "w  *sum-$t"
		fl-aggregate --partial a b | fl-aggregate $trust | cmp - <(fl-aggregate a b)
	done
	records <<-END
		a params w:f16=65504
		b params w:f16=65504
		c params w:f32=65504
	END
	mean 65504 a b
	refused 3 "tensor w: value 0" fl-aggregate --sum a b
	disputes "tensor w: expected f16, found f32" a c
}

@test "--expect and --min-clients count clients, including those in a trusted partial" {
	abc
	fl-aggregate --partial a b > p
	fl-aggregate $trust -n 3 p c > /dev/null
	fl-aggregate $trust --min-clients 3 p c d > /dev/null
	refused 3 "expected 3 clients, found 1" fl-aggregate -n 3 p c
	[[ $message == *"left out: p: a partial speaks for others, so it is taken only under $trust"* ]]
	fl-aggregate a b | fl-aggregate --expect 2 - c > mean # of two records, one a mean
	[ "$(meta mean clients)" = 2 ]
	fl-aggregate $trust --partial p c | fl-aggregate $trust -n 3 > mean
	[ "$(meta mean clients)" = 3 ]
	refused 3 "expected 4 clients, found 3" fl-aggregate $trust --expect 4 p c
	refused 3 "expected 2 clients, found 3" fl-aggregate $trust --expect 2 p c
	refused 3 "expected at least 4 clients, found 3" fl-aggregate $trust --min-clients 4 p c
	cat a b | refused 3 "expected 3 clients, found 2" fl-aggregate --expect 3
	refused 2 "expect" fl-aggregate --expect 0 a
	refused 3 "expected 1 clients, found 0" fl-aggregate --expect 1 --like a /dev/null
	records <<< "many params clients=5 examples=1 w:f64=1,1,1"
	refused 3 "expected at least 3 clients, found 1" fl-aggregate --min-clients 3 many
	refused 3 "expected 5 clients, found 1" fl-aggregate --expect 5 many
	cat many | refused 3 "expected at least 3 clients, found 1" fl-aggregate --min-clients 3
	[ "$(fl-aggregate --partial many | fl-aggregate $trust | meta - clients)" = 1 ]
}

# partial NAME W META...: a partial of one value, W
partial() {
	local zeros
	zeros=$(printf '0,%.0s' {1..1024})
	echo "$1 partial of=params rule=mean ${*:3} w:sum-f64=$2 :parents:u16=$zeros"
}

@test "a bad partial does not push out other records, since its counts and sums are bounded" {
	local most=4611686018427387904 n
	{
		partial evil 6e18 clients=18446744073709551615 weight=18446744073709551615 weighting=uniform
		partial heavy 1 clients=2 weight=$((2 ** 54 + 1)) weighting=examples examples=4
		partial light 1 clients=2 weight=3 weighting=uniform
		partial counts 1 clients=1 weight=1 weighting=uniform steps=$((2 ** 53 + 1))
		partial many 1 clients=2 weight=3 weighting=examples examples=$((2 ** 41 + 1))
		partial weighs 1 clients=2 weight=$((2 ** 41 + 1)) weighting=examples examples=3
		partial sums 1.2e18 clients=1 weight=1 weighting=uniform
		partial nothing 1 clients=0 weight=0
		partial good 1.2e18 clients=2 weight=2 weighting=uniform
		partial full 1 clients=$most weight=$most weighting=uniform
		printf '%s params w:f64=1\n' a b c
		echo "x params examples=1 w:f64=1"
	} | records
	left_out "evil: metadata: clients: expected a whole number from 0 to $most" 1 $trust evil a b c
	left_out "heavy: metadata: weight: expected a whole number from 2 to 18014398509481984" 1 $trust heavy x
	left_out "light: metadata: weight: expected a whole number from 2 to 2, found" 1 $trust light a
	left_out "counts: metadata: steps: expected a whole number from 0 to 1099511627776" 1 $trust counts a
	left_out "many: metadata: examples: expected at most 2199023255552, found 2199023255553" 1 $trust many x
	left_out "weighs: metadata: weight: expected at most 2199023255552, found" 1 $trust weighs x
	left_out "sums: tensor w: value 0: expected at most 2^60 = 1.2e18 in magnitude for each client, found 1.2e+18 for 1" 1 $trust sums a b
	left_out "nothing: tensor w: value 0: expected at most 2^60 = 1.2e18 in magnitude for each client, found 1 for 0" 1 $trust nothing a b
	# A damaged partial is left out even if its counts are too large.
	flip full $(($(stat -c %s full) - 300)) damaged
	left_out "damaged: " 1 $trust a damaged
	left_out "damaged: " 1 $trust damaged a
	mean 4e+17 $trust good a
	for n in evil sums nothing; do
		cat $n a b | fl-aggregate $trust --min-clients 2 2> log | fl-export -f txt | grep -qx 1
		grep -q "left out: standard input: " log
		refused 3 "$n: " fl-aggregate $trust --strict $n a b
	done
	# If the total is too large, no single record is bad, so the run ends, whatever the order.
	for n in "full a b" "a full b" "b a full" "full full"; do
		refused 3 "fl-aggregate: metadata: clients: expected a sum of at most 2^62, found more" \
			fl-aggregate $trust $n
		cat $n | refused 3 "metadata: clients: expected a sum of at most 2^62" fl-aggregate $trust
	done
	# But a record that is given twice counts once.
	mean 2.168404344971009e-19 $trust full
	mean 2.168404344971009e-19 $trust --unique full full
}

@test "the same file twice counts twice; under --unique once, and nothing is missing" {
	abc
	mean "0 0.5 3" a c
	mean "333333333333333.3 0.5 3" a c a
	mean "0 0.5 3" --unique -n 2 a c a
	[ "$(cat log)" = "fl-aggregate: left out: a: the same record as a" ]
	cp a z
	for order in "a c z" "z c a" "c z a"; do
		mean "0 0.5 3" --unique $order
		[ "$(cat log)" = "fl-aggregate: left out: z: the same record as a" ]
	done
	cat a a c | fl-aggregate --unique 2> log | cmp - <(fl-aggregate a c)
	[ "$(cat log)" = "fl-aggregate: left out: standard input: record 2: the same record as standard input" ]
	cat a a c | refused 3 "standard input: record 2: the same record as standard input" fl-aggregate --unique --strict
}

@test "damage in a compressed record loses only that record, and is reported once" {
	for i in 1 2 3; do seq $i $((i + 999)) | fl-import -f txt --as params | fl-put --zlib $i; done
	flip 2 $(($(stat -c %s 2) / 2)) bad
	cat 1 bad 3 > all
	fl-aggregate 1 3 > want
	fl-aggregate --rule median 1 3 > median
	fl-aggregate -n 2 all 2> log | cmp - want
	fl-aggregate -n 2 --rule median all 2>> log | cmp - median
	[ "$(grep -c 'left out: all: record 2: tensor values: ' log)" -eq 2 ]
	[ "$(wc -l < log)" -eq 2 ]
	# If two records disagree, it is named too.
	echo 1 2 3 | fl-import -f txt --as params > other
	for order in "other all" "all other"; do
		refused 3 "fl-aggregate: left out: all: record 2: tensor values: " fl-aggregate $order
		[ "$(wc -l <<< "$message")" -eq 2 ]
		[[ $message == *"${order#* }: does not agree with ${order% *}: tensor values: expected dims "* ]]
	done
}

@test "compressed files need a temporary file beyond 64, where a rule needs all" {
	seq 1000 | fl-import -f txt --as params > a
	fl-put --zlib z < a
	z=$(printf 'z %.0s' {1..70})
	fl-aggregate --rule median $z > want
	export TMPDIR=/nonexistent
	fl-cmp want a
	for rule in mean median; do fl-aggregate --rule $rule z a z | fl-cmp - a; done
	fl-aggregate a $z a | fl-cmp - a
	fl-aggregate --strict $z a | fl-cmp - a
	refused 4 "temporary file: create in /nonexistent" fl-aggregate --rule median $z
	# A record that is refused needs no temporary file.
	records <<< "stats stats values:f64*=1"
	fl-aggregate --min-clients 0 --rule median ${z:12} stats a 2> log | fl-cmp - a
	grep -q "left out: stats: statistics have no median" log
}

@test "integers that differ end the run, also where later records are read whole" {
	records <<-END
		first params w:f32=1 n:i32=5
		same params w:f32*=1 n:i32*=5
		other params w:f32*=1 n:i32*=6
	END
	same=$(printf 'same %.0s' {1..64})
	for strict in "" --strict; do
		refused 3 "fl-aggregate: other: does not agree with first: tensor n: value 0: expected the same integer" \
			fl-aggregate $strict first $same other
		refused 3 "fl-aggregate: first: does not agree with other: tensor n: value 0: expected the same integer" \
			fl-aggregate $strict other first $same
		mean $'1\n5' $strict first $same same
	done
}

@test "metadata of many records take little memory" {
	need /usr/bin/time
	[ -z "${SAN-}" ] || skip "sanitizers take memory of their own"
	printf 'a params w:f32=1 note=%s\n' "$(head -c 1000000 /dev/zero | tr '\0' x)" | records
	for rule in mean median; do
		/usr/bin/time -f %M -o peak fl-aggregate --rule $rule $(printf 'a %.0s' {1..50}) > got
		[ "$(cat peak)" -lt 20000 ]
	done
}

@test "many small tensors take little memory" {
	[ -z "${SAN-}" ] || skip "sanitizers take memory of their own"
	printf 'a params examples=1 %s\n' "$(printf 't%d:f32=1e10 ' {1..4000})" | records
	for rule in mean median; do
		/usr/bin/time -f %M -o peak fl-aggregate --rule $rule a a > got
		[ "$(cat peak)" -lt 20000 ]
		fl-cmp got a
	done
}

@test "a file on standard input, with descriptors running out" {
	seq 40000 | fl-import -f txt --as params > a
	seq 2 40001 | fl-import -f txt --as params > b
	fl-aggregate --rule median a b a b > want
	cat a b > both
	(ulimit -n 18; fl-aggregate --rule median both - < both | cmp - want)
}

# The temporary file has room for three copies of a record; one of a and one of b are kept.
@test "a record of a pipe that is not taken is removed from the temporary file" {
	seq 1000 | fl-import -f txt --as params > a
	seq 2 1001 | fl-import -f txt --as params > b
	printf 'none params clients=0 values:f32=%s\n' "$(seq -s , 1000)" | records
	n=$(($(stat -c %s a) * 7 / 2 / 1024))
	for _ in {1..9}; do cat none; done > many
	fl-aggregate --rule median a b > want
	(
		trap '' XFSZ
		ulimit -f $n
		cat many a many b many | fl-aggregate -n 2 --rule median 2> log | cat > got
		cat a b a b | refused 4 "temporary file: " fl-aggregate --rule median
	)
	cmp got want
	[ "$(grep -c "left out: standard input: .*metadata: clients: expected" log)" = 27 ]
}

@test "many records, in one file or each in its own: the same bytes" {
	for i in $(seq 150); do
		echo "$i.flp update examples=$i w:f64=$((i * i - 3000)).1,1e-$i n:i32=5"
	done | records
	cat *.flp | fl-aggregate > want
	fl-aggregate *.flp | cmp - want
	cat {1..70}.flp > some
	fl-aggregate {71..150}.flp some | cmp - want
	fl-aggregate --strict {150..1}.flp | cmp - want
	fl-aggregate --partial {1..64}.flp |
		fl-aggregate $trust - {65..128}.flp <(cat {129..150}.flp) | cmp - want
}

@test "memory does not grow with the number of records of a pipe" {
	need /usr/bin/time
	[ -z "${SAN-}" ] || skip "the sanitizers take memory"
	seq 1000 | fl-import -f txt --as params > one
	cat $(printf 'one %.0s' {1..100}) | /usr/bin/time -f %M -o few fl-aggregate -n 100 > /dev/null
	cat $(printf 'one %.0s' {1..10000}) | /usr/bin/time -f %M -o many fl-aggregate -n 10000 > out
	[ "$(cat many)" -le $(($(cat few) + 512)) ]
	fl-cmp out one
}

@test "memory does not grow with the size of files" {
	need /usr/bin/time
	[ -z "${SAN-}" ] || skip "the sanitizers take memory"
	seq 2000000 | fl-import -f txt --as params > one # 8 MB
	for rule in "" --strict --partial; do
		/usr/bin/time -f %M -o peak fl-aggregate $rule one one one one one one one one one one > out
		[ "$(cat peak)" -lt 20000 ]
	done
	fl-aggregate $trust out | fl-export -f txt | cmp - <(fl-export -f txt one)
}

@test "--like: only updates of that model; without any, zeros" {
	records <<-END
		model params round=3 w:f32=1,2 :names:u8=97,10
		plain params w:f32=1,2
	END
	base=base=$(meta model digest)
	records <<-END
		a update $base round=3 w:f32=1,2
		b update $base round=3 w:f32=3,4
		base update base=00 round=3 w:f32=9,9
		round update $base round=2 w:f32=9,9
		none update round=3 w:f32=9,9
		params params $base round=3 w:f32=9,9
		dims update $base round=3 w:f32=9
		other update base=$(meta plain digest) round=8 w:f32=5,5
	END
	mean "2 3" --like model a b
	fl-aggregate --like model a b | cmp - <(fl-aggregate a b)
	left_out "base: metadata: base: expected" "2 3" --like model base a b
	left_out "round: metadata: round: expected 3, found 2" "2 3" --like model round a b
	left_out "none: metadata: base: expected ${base#*=}, found nothing" "2 3" --like model none a b
	left_out "params: expected kind update" "2 3" --like model params a b
	left_out "dims: tensor w: expected dims 2, found 1" "2 3" --like model dims a b
	mean "5 5" --like plain other
	fl-aggregate --like model < /dev/null > zeros
	fl-dump zeros | grep -q '^zeros: update, public'
	[ "$(fl-export -f txt zeros)" = "0 0" ]
	[ "$(meta zeros clients) $(meta zeros round) base=$(meta zeros base)" = "0 3 $base" ]
	left_out "zeros: metadata: clients" "2 3" zeros a b # they would water it down
	left_out "base: metadata: base: expected ${base#*=}, found 00" "0 0" --like model base
	mean "0 0" --sum --like model /dev/null
	refused 3 "a: expected a record of kind params, found update" fl-aggregate --like a b
	# A partial without clients takes the place of --like.
	fl-aggregate --like model --partial < /dev/null > empty
	fl-aggregate $trust empty | cmp - zeros
	cat empty a empty b | fl-aggregate $trust | cmp - <(fl-aggregate a b)
	disputes "metadata: base: expected ${base#*=}, found 00; see --like" empty base $trust
}

@test "a bad record of a pipe is named and left out, what follows it counts" {
	records <<-END
		a params w:f32=1,2
		nan params w:f32=1,nan
		b params w:f32=3,4
	END
	flip a 64 value
	fl-aggregate a b > want
	for bad in "nan tensor w: value 1 is not finite" "value values are damaged: expected id"; do
		left_out "${bad/ /: }" "2 3" a ${bad%% *} b
		cat a ${bad%% *} b | fl-aggregate -n 2 2> log | cmp - want
		[ "$(grep -c "^fl-aggregate: left out: standard input: record 2: ${bad#* }" log)" -eq 1 ]
		cat a ${bad%% *} b | refused 3 "fl-aggregate: standard input: record 2: ${bad#* }" fl-aggregate --strict
		refused 3 "fl-aggregate: ${bad/ /: }" fl-aggregate --strict a ${bad%% *} b
	done
}

@test "a stream that is cut: whole records count, and lost ones are missed" {
	abc
	cat a b > ab
	fl-aggregate a > want
	for n in $(seq $(($(stat -c %s a) + 1)) 31 $(($(stat -c %s ab) - 1))); do
		head -c $n ab > cut
		fl-aggregate --min-clients 1 cut 2> log | cmp - want
		grep -q "left out: cut: record 2: .*cut off" log
		fl-aggregate --min-clients 1 < cut 2> log | cmp - want
		grep -q "left out: standard input: record 2: .*cut off" log
		refused 3 "cut: record 2: " fl-aggregate --strict cut
		refused 3 "1 input was left out, so no result is written (see --min-clients and" fl-aggregate cut
		refused 3 "expected 2 clients, found 1" fl-aggregate --expect 2 cut
	done
	mean "0 0.5 3" --min-clients 2 cut c
	cat cut c | fl-aggregate --min-clients 1 2> log | cmp - want # where c begins is not known any more
	[ "$(wc -l < log)" -eq 1 ]
	grep -q '; nothing after it in this input is read$' log
	refused 3 "all inputs were left out" fl-aggregate --min-clients 0 <(head -c 100 a)
	refused 3 "all inputs were left out" fl-aggregate <(head -c 100 a)
}

@test "the result has the state of the record that is protected least; with no record it is public" {
	records <<-END
		raw update w:f32=1
		clipped update/clipped w:f32=3
		noised update/noised mechanism=lattice w:f32=5
		public update/public w:f32=7
		hidden update/hidden w:f32=9
	END
	for a in raw clipped noised public; do
		for b in raw clipped noised public; do
			want=public
			[[ $a$b =~ noised ]] && want=noised
			[[ $a$b =~ clipped ]] && want=clipped
			[[ $a$b =~ raw ]] && want=raw
			for how in "" --sum --partial "--rule median"; do
				fl-aggregate $how $a $b > out
				[[ "$(fl-dump out | head -n 1)" == *", $want" ]]
				[ "$(meta out mechanism)" = "$([ $want = noised ] && echo lattice)" ]
				cat $b $a | fl-aggregate $how | cmp - out
			done
			fl-aggregate --partial $a > part
			[[ "$(fl-aggregate $trust part $b | fl-dump | head -n 1)" == "standard input: update, $want" ]]
		done
	done
	mean 2 --min-clients 2 raw hidden clipped
	grep -qF "hidden: header: expected a privacy state that kind update may have, found masked" log
	echo 1 | fl-import -f txt > model
	fl-aggregate --like model /dev/null | fl-dump | grep '^standard input: update, public$'
	fl-aggregate --like model --sum /dev/null | fl-dump | grep '^standard input: sum, public$'
	fl-aggregate --like model --partial /dev/null > nobody
	fl-dump nobody | grep '^nobody: partial, public$'
}

@test "the keys of noise must be present, and the same in all records" {
	records <<-END
		raw update w:f32=1
		public update/public w:f32=3
		x update/noised mechanism=x w:f32=5
		y update/noised mechanism=y w:f32=7
		none update/noised w:f32=9
		liar update mechanism=x w:f32=9
		open update/public mechanism=x w:f32=9
	END
	left_out "none: metadata: mechanism: expected in a noised record, found nothing" 1 raw none
	left_out "none: metadata: mechanism: expected in a noised record, found nothing" 5 none x
	for liar in liar open; do
		left_out "$liar: metadata: mechanism: expected only in a noised record, found in one that is" 5 x $liar
	done
	disputes "metadata: mechanism: expected x, found y; see --where" x y
	# A raw result has no keys of noise, so these are not compared.
	mean 4.3333335 raw x y
	for order in "public x x" "x public x" "x x public"; do
		fl-aggregate $order > out
		[ "$(meta out mechanism)" = x ]
		fl-aggregate --partial $order | fl-aggregate $trust | cmp - out
	done
}

# table: each line on standard input is a record and a text. Makes the records N.flp, and the file
# `table` with the texts. VALUES and USUAL stand for the values and the metadata of a and b.
table() {
	sed 's/VALUES/v:f32=9 n:u8=1/; s/USUAL/round=1 arch=dense examples=2/' > table
	sed 's/ #.*//' table | awk '{ print NR ".flp " $0 }' | records
	records <<-END
		a params round=1 arch=dense examples=2 v:f32=1 n:u8=1
		b params round=1 arch=dense examples=2 v:f32=3 n:u8=1
	END
	fl-aggregate a b > want
}

@test "a record that is bad by itself is left out, wherever it comes, with the reason" {
	table <<-END
		params round=1 arch=dense examples=0 VALUES # metadata: examples: expected a whole number from 1 to
		params round=1 arch=dense examples=-1 VALUES # metadata: examples: expected a whole number from 1 to
		params round=1 arch=dense examples=1.5 VALUES # metadata: examples: expected a whole number from 1 to
		params round=1 arch=dense examples=abc VALUES # metadata: examples: expected a whole number from 1 to
		params round=1 arch=dense examples=9007199254740993 VALUES # metadata: examples: expected a whole number from 1 to 9007199254740992, found
		params round=1 arch=dense examples=1099511627777 VALUES # metadata: examples: expected at most 1099511627776, found 1099511627777 (see --max-examples)
		params steps=9007199254740993 USUAL VALUES # metadata: steps: expected a whole number from 0 to
		params clients=0 USUAL VALUES # metadata: clients: expected a whole number from 1 to
		params USUAL v:sum-f32=9 n:u8=1 # tensor v: dtype sum-f32 does not belong in a record of kind params
		params round=1 arch=dense examples=1099511627776 v:f32=1.1e6 n:u8=1 # tensor v: value 0: 1.1e+06 times its weight 1099511627776 does not fit
		params USUAL v:f32=-1e19 n:u8=1 # tensor v: value 0: -1e+19 does not fit the grid
		params USUAL mechanism=x VALUES # metadata: mechanism: expected only in a noised record, found in one that is raw
		params/noised USUAL VALUES # metadata: mechanism: expected in a noised record, found nothing
		data VALUES # expected params, update, sum, stats or a partial of them, found data
		cohort # expected params, update, sum, stats or a partial of them, found cohort
		state # expected params, update, sum, stats or a partial of them, found state
		masked/hidden # masked records have no mean: only their sum can be unmasked (see --sum)
		key # expected params, update, sum, stats or a partial of them, found key
		share # expected params, update, sum, stats or a partial of them, found share
		stats USUAL VALUES # statistics have no mean, only a sum (see --sum)
		sum USUAL of=params VALUES # sums have no mean, only a sum (see --sum)
		partial USUAL of=params VALUES # expected tensor :parents u16 1024 last in a partial
	END
	n=0
	while IFS= read -r line; do
		n=$((n + 1))
		for order in "$n.flp a b" "a $n.flp b" "a b $n.flp"; do
			left_out "$n.flp: ${line#* # }" $'2\n1' $order
			fl-aggregate -n 2 $order 2> log | cmp - want
			cat $order | fl-aggregate --min-clients 2 2> log | cmp - want
			grep -qE "left out: standard input: (record [23]: )?" log
			grep -qF ": ${line#* # }" log
			refused 3 "fl-aggregate: $n.flp: ${line#* # }" fl-aggregate --strict $order
		done
	done < table
	[ $n -eq 22 ]
}

@test "records that are good but differ end the run, whichever comes first" {
	table <<-END
		params round=2 arch=dense examples=2 VALUES # metadata: round: expected 1, found 2; see --like
		params round=1 arch=conv examples=2 VALUES # metadata: arch: expected dense, found conv; see --where
		params base=0 USUAL VALUES # metadata: base: expected nothing, found 0; see --like
		params round=1 examples=2 VALUES # metadata: arch: expected dense, found nothing; see --where
		params round=1 arch=dense VALUES # only one of them is weighted by its examples; see --weight
		params USUAL v:f64=9 n:u8=1 # tensor v: expected f32, found f64
		params USUAL v:f32=9,9 n:u8=1 # tensor v: expected dims 1, found 2
		params USUAL x:f32=9 n:u8=1 # expected tensor v, found tensor x
		params USUAL n:u8=1 v:f32=9 # expected tensor v, found tensor n
		params USUAL v:f32=9 # expected 2 tensors, found 1
		params USUAL v:f32=9 n:u8=2 # tensor n: value 0: expected the same integer
		update USUAL VALUES # expected kind params, found update; see --like
	END
	records <<< "nan params round=1 arch=dense examples=2 v:f32=nan n:u8=1"
	n=0
	while IFS= read -r line; do
		n=$((n + 1))
		disputes "${line#* # }" a $n.flp
		# The majority does not decide. A record that is bad by itself is still named, and left out.
		for order in "a b $n.flp nan" "nan a b $n.flp" "$n.flp nan b a" "nan $n.flp a b"; do
			refused 3 "does not agree with " fl-aggregate --min-clients 0 $order
			[[ $message == *"fl-aggregate: left out: nan: tensor v: value 0 is not finite"* ]]
			[ "$(wc -l <<< "$message")" -eq 2 ]
		done
	done < table
	[ $n -eq 12 ]
}

@test "the keys rule and weighting of a client do not count; those of a partial do" {
	records <<-END
		liar params of=stats rule=sum weighting=foo weight=7 parents=x note=hello w:f32=1
		honest params w:f32=1
		partial partial of=params rule=mean weight=2 clients=2 w:sum-f32=1
	END
	[ "$(fl-aggregate liar | fl-dump | grep -v ' digest \| id \| parents ')" = \
		"$(fl-aggregate honest | fl-dump | grep -v ' digest \| id \| parents ')" ]
	left_out "partial: expected tensor :parents u16 1024 last" 1 $trust honest partial
}

@test "no record's values end a sum or a mean: one with values beyond 2^60 is named and left out" {
	local most=$((2 ** 53 - 1)) many
	many="--max-examples $most"
	{
		echo "huge params w:f32=1025 examples=$(((2 ** 63 - 1) / 1025))"
		echo "heavy params w:f64=129 examples=$most"
		echo "most params w:f64=127 examples=$most"
		printf '%s params examples=10 w:f32=1\n' a b
		echo "c params w:f64=1152921504606846976"
		echo "d params w:f64=-1152921504606846848"
		echo "e params w:f64=1"
	} | records
	mean 127 $many most
	mean 127 $many most most
	mean 127 $many --sum most
	local text="tensor w: value 0: 1025 times its weight 8998411743272952 does not fit the grid"
	for rule in "" --partial; do
		fl-aggregate $rule a b > want
		fl-aggregate $many -n 2 $rule huge a b 2> log | cmp - want
		grep -q "left out: huge: $text" log
		cat a huge b | fl-aggregate $many -n 2 $rule 2> log | cmp - want
		grep -q "left out: standard input: record 2: $text" log
		refused 3 "huge: $text" fl-aggregate $many $rule --strict huge a b
		refused 3 "huge: metadata: examples: expected at most 1099511627776, found 8998411743272952" \
			fl-aggregate $rule huge a b
	done
	left_out "heavy: tensor w: value 0: 129 times its weight $most does not fit" 127 $many heavy most
	left_out "c: tensor w: value 0: 1.15292e+18 does not fit the grid: |x| must stay below 2^60" \
		-5.764607523034234e+17 c d e
	left_out "c: tensor w: value 0: 1.15292e+18 does not fit" -1.1529215046068468e+18 --sum c d e
}

@test "a mean is never too large; a sum and a partial are refused, whatever the order" {
	records <<-END
		d params w:f64=-1152921504606846848
		e params w:f64=1
	END
	head=$(printf 'd %.0s' {1..9})
	mean -1.0376293541461622e+18 $head e
	cat $head e | fl-aggregate | fl-export -f txt | grep -qx -- -1.0376293541461622e+18
	for order in "$head e" "e $head"; do
		for rule in --sum --partial; do
			refused 3 "tensor w: value 0: the sum does not fit the grid" fl-aggregate $rule $order
			cat $order | refused 3 "the sum does not fit the grid" fl-aggregate $rule
		done
	done
	fl-aggregate --sum $(printf 'd %.0s' {1..7}) > /dev/null
}

@test "nothing to read, no such file" {
	abc
	refused 3 "standard input: empty (did the command before it fail?)" fl-aggregate < /dev/null
	refused 3 "expected a record, found nothing" fl-aggregate /dev/null /dev/null
	refused 4 "nowhere" fl-aggregate a nowhere b
}

@test "without a number of clients there is no result that lacks inputs; all of these are named" {
	records <<-END
		a params w:f32=1
		b params w:f32=3
		nan params w:f32=nan
		noised params/noised w:f32=9
	END
	head -c 100 b > cut
	for order in "a nan b noised cut" "cut noised nan a b" "b nan a cut noised"; do
		refused 3 "fl-aggregate: 3 inputs were left out, so no result is written (see --min-clients and --expect)" \
			fl-aggregate $order
		[ "$(wc -l <<< "$message")" -eq 4 ]
		for bad in "nan: tensor w: value 0 is not finite" "noised: metadata: mechanism: expected in a noised record"; do
			[[ $message == *"fl-aggregate: left out: $bad"* ]]
		done
		[[ $message == *"fl-aggregate: left out: cut: "*": cut off at byte 100"* ]]
		for enough in "--min-clients 0" "--min-clients 2" "--expect 2" "--min-clients 1 --expect 2"; do
			mean 2 $enough $order
			[ "$(wc -l < log)" -eq 3 ]
		done
		refused 3 "fl-aggregate: expected at least 3 clients, found 2" fl-aggregate --min-clients 3 $order
		refused 3 "fl-aggregate: expected 3 clients, found 2" fl-aggregate --expect 3 $order
		refused 3 "fl-aggregate: expected 5 clients, found 2" fl-aggregate --min-clients 0 --expect 5 $order
	done
	refused 3 "fl-aggregate: all inputs were left out" fl-aggregate --min-clients 0 nan cut
	# A file that can't be opened is not a bad input.
	refused 4 "nowhere: open" fl-aggregate --min-clients 0 a nowhere b
}

@test "--like and -w examples: nobody but the caller decides who is left out" {
	records <<< "model params round=3 arch=dense w:f32=1,2"
	base=base=$(meta model digest)
	{
		printf '%s update $base round=3 client=%s examples=2 w:f32=1,2\n' a a b b c c
		cat <<-END
			1.bad update examples=9 w:f32=9,9
			2.bad update $base examples=9 w:f32=9,9
			3.bad update $base round=3 w:f32=9,9
			4.bad update $base round=3 examples=9 w:f64=9,9
			5.bad update $base round=3 examples=9 w:f32=9,9,9
			6.bad update $base round=3 examples=9 v:f32=9,9
			7.bad update $base round=3 examples=9 w:f32=9,9 v:f32=9
			8.bad update $base round=3 examples=9
			9.bad params $base round=3 examples=9 w:f32=9,9
			10.bad stats $base round=3 examples=9 w:f32=9,9
			11.bad sum $base round=3 examples=9 of=update w:f32=9,9
			12.bad update $base round=4 examples=9 w:f32=9,9
			13.bad update/noised $base round=3 examples=9 w:f32=9,9
		END
	} | sed "s/\$base/$base/" | records
	for n in {1..13}; do
		for order in "$n.bad a b c" "a b c $n.bad"; do
			mean "1 2" --like model -w examples --min-clients 3 --report report $order
			[ "$(awk -F '\t' '{ print $1, $2 }' report | sort | tr '\n' ,)" = \
				"$n.bad left-out,a taken,b taken,c taken,place verdict," ]
		done
	done
	[ "$(fl-aggregate --like model -w examples --min-clients 3 *.bad a b c 2> log | meta - clients)" = 3 ]
	[ "$(wc -l < log)" -eq 13 ]
}

@test "--like: where the model has no round, those of the updates do not matter" {
	records <<< "model params w:f32=1,2"
	base=base=$(meta model digest)
	records <<-END
		a update $base w:f32=1,2
		x update $base round=5 w:f32=1,2
	END
	for order in "x a" "a x"; do
		mean "1 2" --like model $order
		[ -z "$(fl-aggregate --like model $order | meta - round)" ]
	done
	left_out "a: metadata: round: expected 5, found nothing" "1 2" --like model --where round=5 a x
}

@test "--require: only this privacy state and public" {
	records <<-END
		raw update w:f32=1
		clipped update/clipped w:f32=3
		noised update/noised mechanism=x w:f32=5
		public update/public w:f32=7
	END
	mean 4 --require raw --min-clients 0 raw clipped noised public
	[ "$(grep -c ': expected privacy state raw, found \(clipped\|noised\)$' log)" -eq 2 ]
	mean 5 --require clipped -n 2 raw clipped noised public
	mean 6 --require noised -n 2 raw clipped noised public
	left_out "raw: expected privacy state clipped, found raw" 3 --require clipped raw clipped
	fl-aggregate --require noised noised public | fl-dump | grep -q '^standard input: update, noised'
	cat clipped noised | refused 3 "standard input: record 2: expected privacy state clipped, found noised" \
		fl-aggregate --strict --require clipped
	for state in masked public open; do
		refused 2 "option --require: expected raw|clipped|noised, found" fl-aggregate --require $state raw
	done
}

@test "--where: keys and values that each record must have, numbers compared as numbers" {
	records <<-END
		a update round=3 site=x w:f32=1
		b update round=3 site=y w:f32=3
		c update round=4 site=x w:f32=5
		d update site=x w:f32=7
	END
	left_out "b: metadata: site: expected x, found y" 1 --where site=x a b
	left_out "c: metadata: round: expected 3, found 4" 2 --where round=3 a b c
	left_out "d: metadata: round: expected 3, found nothing" 1 --where round=3 a d
	mean 1 --where site=x --where round=3 -n 1 a b c d
	[ "$(wc -l < log)" -eq 3 ]
	mean 2 --where round=03 a b
	left_out "a: metadata: site: expected x=y, found x" 3 --where site=x=y <(records <<< "e update site=x=y w:f32=3"; cat e) a
	cat a b | refused 3 "standard input: record 2: metadata: site: expected x, found y" fl-aggregate --strict --where site=x
	for bad in site round=x round=-1 round=1.5 rate=x =x site=; do
		refused 2 "option --where: " fl-aggregate --where $bad a
	done
	refused 2 "option --where: site: given twice" fl-aggregate --where site=x --where site=x a
	# A result without records has the keys that were asked for too.
	echo 1 | fl-import -f txt --as params > model
	fl-aggregate --like model --where scaling=site /dev/null > zeros
	[ "$(meta zeros scaling)" = site ]
}

@test "--max-examples: a record with more examples is left out" {
	records <<-END
		a update examples=10 w:f32=1
		b update examples=11 w:f32=9
		most update examples=1099511627776 w:f32=2
		more update examples=1099511627777 w:f32=9
	END
	left_out "b: metadata: examples: expected at most 10, found 11 (see --max-examples)" 1 --max-examples 10 a b
	left_out "b: metadata: examples: expected at most 10, found 11" 1 --max-examples 10 -w uniform a b
	left_out "b: metadata: examples: expected at most 10, found 11" 1 --max-examples 10 --rule median a b
	left_out "b: metadata: examples: expected at most 10, found 11" 1 --max-examples 10 --sum a b
	left_out "more: metadata: examples: expected at most 1099511627776, found 1099511627777" 2 most more
	mean 9 --max-examples 1099511627777 more
	# A partial may have that many examples for each of its clients.
	fl-aggregate --partial a a > p
	mean 1 --max-examples 10 $trust p
	refused 3 "p: metadata: weight: expected at most 18, found 20" fl-aggregate --max-examples 9 $trust p
	refused 2 "option --max-examples" fl-aggregate --max-examples 0 a
}

@test "--max-norm: of an update, over all its tensors, in the pass that reads it" {
	records <<-END
		a update w:f32=3,0 b:f64=4 n:i32=100
		b update w:f32=3,0.001 b:f64*=4 n:i32=100
		far update w:f64=1e200
		s stats count:u64=2
		p params w:f32=3,0 b:f64=4 n:i32=100
	END
	left_out "b: expected a norm of at most 5, found 5.0000001" $'3 0\n4\n100' --max-norm 5 a b
	left_out "a: expected a norm of at most 4.99, found 5" $'3 0\n4\n100' --max-norm 4.99 a <(
		records <<< "c update w:f32=3,0 b:f64=3 n:i32=100"; cat c) ||
		left_out "a: expected a norm of at most 4.99, found 5" $'3 0\n3\n100' --max-norm 4.99 a c
	left_out "far: expected a norm of at most 5, found inf" $'3 0\n4\n100' --max-norm 5 --rule median far a
	cat b a | refused 3 "standard input: expected a norm of at most 5, found 5.0000001" fl-aggregate --max-norm 5 --strict
	refused 3 "b: expected a norm of at most 5, found 5.0000001" fl-aggregate --max-norm 5 --strict a b
	mean $'3 0\n4\n100' --max-norm 5 --strict a a
	left_out "p: expected kind update under --max-norm, found params" $'3 0\n4\n100' --max-norm 5 a p
	refused 3 "s: expected kind update under --max-norm, found stats" fl-aggregate --sum --max-norm 5 s
	refused 2 "option --max-norm: not allowed with $trust" fl-aggregate --max-norm 5 $trust a
	for bad in -1 nan inf x; do refused 2 "option --max-norm: " fl-aggregate --max-norm $bad a; done
	mean $'3 0.001\n4\n100' --max-norm 0 b
}

@test "--single: a file with more than one record is left out as a whole" {
	abc
	cat a b > ab
	cat a nan > bad 2> log || cat a <(head -c 100 b) > bad
	mean "0.1 0.25 -1" --single -n 1 ab b
	[ "$(cat log)" = "fl-aggregate: left out: ab: expected one record, found more" ]
	left_out "bad: expected one record, found more" "0 1 1" --single bad d
	cat a b | refused 3 "left out: standard input: expected one record, found more" fl-aggregate --single
	cat a b | refused 3 "expected one record, found more" fl-aggregate --single --strict - c
	cat a b | fl-aggregate --single --min-clients 1 - d 2> log | cmp - <(fl-aggregate d)
	cat a | fl-aggregate --single - b | cmp - <(fl-aggregate a b)
	# A pipe's record counts when its end was seen.
	(cat a; sleep 1; cat b) | fl-aggregate --single --min-clients 1 d - 2> log | cmp - <(fl-aggregate d)
	fl-put --zlib packed < a
	fl-aggregate --single packed b | cmp - <(fl-aggregate a b)
	for rule in median trimmed:0; do
		left_out "ab: expected one record, found more" "0 1 1" --single --rule $rule ab d
	done
}

@test "--unique: different records of a client are all left out, whatever the order" {
	records <<-END
		a update client=x w:f32=1
		b update client=y w:f32=3
		c update client=y w:f32=30
		d update client=y w:f32=300
		e update w:f32=5
		f update w:f32=9
	END
	for order in "a b c d e" "d c b a e" "b e d a c"; do
		refused 3 "3 inputs were left out" fl-aggregate --unique $order
		[ "$(grep -c "fl-aggregate: left out: [bcd]: metadata: client: y has a different record in [bcd]$" <<< "$message")" -eq 3 ]
		mean 3 --unique -n 2 $order
		cat $order | fl-aggregate --unique -n 2 2> log | fl-export -f txt | grep -qx 3
		[ "$(grep -c "left out: standard input: .*metadata: client: y has a different record in standard input" log)" -eq 3 ]
	done
	# There may be many records without a name; one that is given twice counts once.
	mean 5 --unique a e f
	mean 2 --unique -n 2 a b b
	cat b b b | fl-aggregate --unique 2> log | cmp - <(fl-aggregate b)
	refused 3 "c: metadata: client: y has a different record in b" fl-aggregate --unique --strict b c ||
		[[ $message == *"b: metadata: client: y has a different record in c" ]]
	# The median, and a pipe, need a temporary file for it.
	mean 3 --unique -n 3 --rule median a b e e
	cat a b e e | fl-aggregate --unique -n 3 --rule median 2> log | fl-export -f txt | grep -qx 3
	export TMPDIR=/nonexistent
	fl-aggregate --unique a b | cmp - <(fl-aggregate a b)
	cat a b | refused 4 "temporary file: create in /nonexistent" fl-aggregate --unique
}

# report FIELD,...: prints these fields of the report, with spaces for tabs
report() {
	cut -f "$1" report | tr '\t' ' '
}

@test "--report: the result of each record, even if the run fails" {
	records <<-END
		a update client=x examples=2 w:f32=3,-4 n:i8=3
		b update client=y examples=5 w:f32=1,1 n:i8=3
		c update examples=1 w:f32=0,nan n:i8=3
		e update examples=1 w:f32=1,1 n:i8=4
	END
	cat a b > ab
	local titles="place verdict reason client weight norm id"
	fl-aggregate --report report -n 2 ab c > out 2> log
	[ "$(report 1- | head -n 3)" = "$titles
ab taken - x 2 5 $(meta a id)
ab: record 2 taken - y 5 1.41421356 $(meta b id)" ]
	[ "$(report 1-4 | tail -n 1)" = "c left-out tensor w: value 1 is not finite -" ]
	refused 3 "1 input was left out" fl-aggregate --report report ab c
	[ "$(report 1,2)" = $'place verdict\nab unused\nab: record 2 unused\nc left-out' ]
	refused 3 "does not agree with" fl-aggregate --report report a c e b
	[ "$(report 1,2)" = $'place verdict\na unused\nc left-out\ne unused\nb unused' ]
	fl-aggregate --report report --unique -n 2 b a b > out 2> log
	[ "$(report 1-4)" = $'place verdict reason client\nb taken - y\na taken - x\nb left-out the same record as b y' ]
	fl-aggregate --report report -w uniform a b > out
	[ "$(report 5 | tr '\n' ' ')" = "weight 1 1 " ]
	fl-aggregate --report report --sum --like <(echo 1 | fl-import -f txt) /dev/null > out
	[ "$(cat report)" = "$(tr ' ' '\t' <<< "$titles")" ]
	fl-aggregate --partial a b > p
	fl-aggregate --report report $trust p > out
	[ "$(report 1,2,4-6)" = $'place verdict client weight norm\np taken - 7 -' ]
	# The report is the same for files, through a pipe and under --strict.
	for how in "" --strict "--rule median"; do
		fl-aggregate $how --report report a b > out
		[ "$(report 2-4,6-)" = "verdict reason client norm id
taken - x 5 $(meta a id)
taken - y 1.41421356 $(meta b id)" ]
		cp report files
		cat a b | fl-aggregate $how --report report > out
		cmp <(cut -f 2- report) <(cut -f 2- files)
	done
	rm report
	refused 3 "c: tensor w" fl-aggregate --strict --report report a c b
	[ "$(report 1,2 | head -n 2)" = $'place verdict\na unused' ]
	# The report is whole or missing, and without it there is no result.
	refused 4 "nowhere/report" fl-aggregate --report nowhere/report a b
	[ ! -e nowhere ]
}

@test "--report: a name is shown as one field, whatever its bytes" {
	records <<< "a update client=$(printf 'x\u00e9y') w:f32=1"
	name=$(printf 'a\tb\nc')
	cp a "$name"
	fl-aggregate --report report "$name" > out
	[ "$(wc -l < report)" -eq 2 ]
	[ "$(tail -n 1 report | tr -cd '\t' | wc -c)" -eq 6 ]
	[[ "$(tail -n 1 report | cut -f 1)" == 'a\'*'b\'*c ]]
	[ "$(tail -n 1 report | cut -f 4)" = "$(printf 'x\u00e9y')" ]
}

@test "random mixtures of honest and forged records: the order decides nothing" {
	twin permute.py "$BIN" 60 6
}

@test "random records in any order and grouping, against rational arithmetic" {
	need python3
	run python3 "$ROOT/tests/aggregate.py" "$BIN"
	[ "$status" -ne 77 ] || skip "$output"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "no memory is allocated for a record that differs from those that were taken" {
	[ -z "${SAN-}" ] || skip "sanitizers have memory of their own"
	need /usr/bin/time
	echo 1 2 3 | fl-import -f txt > a.flp
	head -c 25000000 /dev/zero | tr '\0' '\n' | sed s/^/0/ | fl-import -f txt | fl-put --zlib bomb.flp
	[ "$(stat -c %s bomb.flp)" -lt 1000000 ]
	cat a.flp bomb.flp a.flp > all.flp
	! /usr/bin/time -f %M -o kib fl-aggregate < all.flp > out.flp 2> log || return 1
	[ ! -s out.flp ]
	grep -q 'fl-aggregate: standard input: record 2: does not agree with standard input: tensor values: expected dims 3' log
	[ "$(tail -n 1 kib)" -lt 20000 ]
}

@test "a partial of no records does not fix any integers" {
	records <<-END
		m params round=0 n:i64=3 w:f32=0
	END
	base=$(fl-dump m | awk '$1 == "digest" { print $2 }')
	records <<-END
		u update base=$base round=0 n:i64=5 w:f32=2
	END
	: > none
	for rule in mean sum; do
		fl-aggregate --rule $rule --partial --like m none > p0
		fl-aggregate --rule $rule --partial u > p1
		fl-aggregate --rule $rule u > want
		for order in 'p0 p1' 'p1 p0' 'p0 p1 p0' 'p0 u' 'p0 p0 u'; do
			fl-aggregate $trust --rule $rule $order | cmp - want
			fl-aggregate $trust --rule $rule --strict $order | cmp - want
			cat $order | fl-aggregate $trust --rule $rule | cmp - want
			cat $order | fl-aggregate $trust --rule $rule --strict | cmp - want
		done
	done
}

@test "optional keys neither admit an update nor exclude it" {
	records <<-END
		full update base=0 round=0 examples=2 steps=3 w:f32=1
		arch update base=0 round=0 examples=2 steps=3 arch=dense loss=mse scaling=site w:f32=1
		less update base=0 round=0 examples=2 w:f32=1
	END
	for order in 'full arch less' 'less arch full' 'arch less full'; do
		fl-aggregate --strict $order > mean
		[ "$(meta mean clients) $(meta mean examples) $(meta mean steps)" = "3 6 " ]
		[ -z "$(meta mean arch)$(meta mean loss)$(meta mean scaling)" ]
		fl-aggregate --strict --partial $order | fl-aggregate $trust | cmp - mean
	done
}

@test "the median and the trimmed mean, as files, through a pipe and in any order" {
	records <<-END
		a update examples=1 base=0 w:f32=1,-5,3 n:i8=7
		b update examples=9 base=0 w:f32=2,1e30,4 n:i8=7
		c update examples=2 base=0 w:f32=9,-1e30,5 n:i8=7
		d update examples=3 base=0 w:f32=4,0,6 n:i8=7
		e update examples=3 base=0 w:f32=4,0,6 n:i8=8
	END
	mean $'2 -5 4\n7' --rule median a b c
	mean $'3 -2.5 4.5\n7' --rule median a b c d
	mean $'2.5 -2.5 4.5\n7' --rule trimmed:0 a d
	records <<< "x update examples=3 base=0 w:f32=6,100,0 n:i8=7"
	mean $'4 0 4.5\n7' --rule trimmed:1 x d a d
	left_out "b: tensor w: value 1: 1e+30 does not fit the grid" $'2.5 -2.5 4.5\n7' --rule trimmed:0 a b d
	disputes "tensor n: value 0: expected the same integer" a e --rule median
	fl-aggregate --rule median a b c d > want
	for order in "d c b a" "b d a c"; do
		fl-aggregate --rule median $order | cmp - want
		cat $order | fl-aggregate --rule median | cmp - want
		fl-aggregate --strict --rule median $order | cmp - want
	done
	fl-put --zlib packed < c
	cat a b | fl-aggregate --rule median packed - d | cmp - want
	[ "$(meta want rule) $(meta want clients) $(meta want examples) $(meta want weighting)" = "median 4 15 " ]
}

@test "records and calls that a rule over all records refuses" {
	records <<-END
		a update examples=1 w:f32=1
		b update examples=3 w:f32=5
		s stats examples=2 count:u64=2
	END
	fl-aggregate --sum a b > sum
	fl-aggregate --partial a > partial
	for rule in median trimmed:0; do
		refused 2 "option --weight: not allowed with --rule $rule" fl-aggregate --rule $rule -w examples a b
		refused 2 "option --partial: not allowed with --rule $rule" fl-aggregate --rule $rule --partial a b
		refused 2 "option --rule: not allowed with --sum" fl-aggregate --rule $rule --sum a b
	done
	left_out "sum: sums have no median" 3 --rule median a sum b
	left_out "s: statistics have no trimmed mean" 3 --rule trimmed:0 a s b
	left_out "partial: partials have no median: only the records themselves have one" 3 $trust --rule median a partial b
	for f in 1 2 9223372036854775807; do
		refused 3 "records to leave out $f at each end, found 2" fl-aggregate --rule trimmed:$f a b
		cat a b | refused 3 "records to leave out $f at each end, found 2" fl-aggregate --rule trimmed:$f
	done
	records <<< "hidden masked/hidden examples=1 w:f32=1"
	left_out "hidden: masked records have no median: only their sum can be unmasked (see --sum)" 3 --rule median a hidden b
	refused 2 ", found \"mode\"" fl-aggregate --rule mode a
	refused 2 "option --rule: trimmed: expected a whole number, found \"0.1\"" fl-aggregate --rule trimmed:0.1 a
	fl-aggregate --rule sum a b | cmp - sum
	fl-aggregate --rule mean a b | cmp - <(fl-aggregate a b)
	fl-aggregate --rule trimmed:0 a b | fl-cmp - <(fl-aggregate -w uniform a b)
	mean 0 --rule median --like <(echo 1 | fl-import -f txt) /dev/null
}

@test "rules against numpy, random records and random numbers of them" {
	need python3
	run python3 "$ROOT/tests/rules.py" "$BIN"
	[ "$status" -ne 77 ] || skip "$output"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "memory under a rule that needs all records: of files and of a pipe" {
	need /usr/bin/time
	[ -z "${SAN-}" ] || skip "the sanitizers take memory"
	seq 2000000 | fl-import -f txt --as params > one # 8 MB
	seq 25000 | fl-import -f txt --as params > small
	for i in $(seq 500); do ln small s$i; done
	for rule in median trimmed:2; do
		for files in "one one one one one one" "$(echo s*)"; do
			/usr/bin/time -f %M -o peak fl-aggregate --rule $rule $files > out
			[ "$(cat peak)" -lt 40000 ]
			cat $files | /usr/bin/time -f %M -o peak fl-aggregate --rule $rule | cmp - out
			[ "$(cat peak)" -lt 40000 ]
		done
	done
}

@test "few descriptors: files are read by name, the same bytes" {
	for i in $(seq 100); do
		echo "$i.flp update examples=$i w:f64=$i.1,1e-$i"
	done | records
	for rule in mean median; do
		fl-aggregate --rule $rule *.flp > want
		(ulimit -Sn 20 && fl-aggregate --rule $rule *.flp) | cmp - want
		(ulimit -n 20 && fl-aggregate --rule $rule *.flp) | cmp - want
		(ulimit -n 20 && fl-aggregate --strict --rule $rule *.flp) | cmp - want
	done
}

@test "each file is opened once" {
	need strace
	abc
	strace -qq -e trace=open,openat -o trace true || skip "strace is not allowed"
	for call in "" --strict "--rule median"; do
		strace -qq -e trace=open,openat -o trace fl-aggregate $call a b c d > /dev/null
		[ "$(grep -cE '"[abcd]"' trace)" -eq 4 ]
	done
}

@test "--report: no input, no record and no standard output is replaced; taken is what went out" {
	records <<-END
		a update w:f32=1
		b update w:f32=3
		m params w:f32=1
	END
	cp a keep
	for call in "a b" "--like m a b" "--files-from list"; do
		printf 'a\0b\0' > list
		for name in a m list; do
			[[ " $call " == *" $name "* ]] || continue
			cp $name before
			refused 2 "option --report: expected " fl-aggregate --report $name $call
			cmp $name before
		done
	done
	refused 2 "option --report: expected the name of a file to write, found a record, keep" \
		fl-aggregate --report keep a b
	refused 2 "option --report: expected a file, found -" fl-aggregate --report - a b
	run -2 bash -c 'fl-aggregate --report out a b > out'
	run -4 bash -c 'fl-aggregate --report report a b > /dev/full'
	[ "$(report 1,2)" = $'place verdict\na unused\nb unused' ]
	run bash -c 'set -o pipefail; fl-aggregate --report report a b | true'
	[ "$(report 2)" = $'verdict\nunused\nunused' ] || [ "$(report 2)" = $'verdict\ntaken\ntaken' ]
	head -c 100 a > cut
	fl-aggregate --report report -n 2 a b cut > out
	[ "$(report 1,2,7 | tail -n 1)" = "cut left-out -" ]
}

@test "--unique: a record that is left out does not affect the others" {
	records <<-END
		a update/noised mechanism=x client=a examples=1 w:f32=1
		a2 update/noised mechanism=x client=a examples=2 w:f32=2
		b update/noised mechanism=y client=b examples=1 w:f32=3
		c update/noised mechanism=y client=c examples=1 w:f32=5
		d update client=a base=0 w:f32=9
		e update client=a base=1 round=7 examples=3 w:f32=9
	END
	fl-aggregate b c > want
	for order in "a a2 b c" "b a c a2" "c b a2 a"; do
		fl-aggregate --unique --min-clients 2 $order | cmp - want
	done
	for order in "d e b c" "b d e c"; do
		fl-aggregate --unique --min-clients 2 $order | cmp - want
	done
	echo 1 | fl-import -f txt > model
	fl-aggregate --like model < /dev/null > none
	base=base=$(meta model digest)
	records <<-END
		x update $base client=x examples=1 w:f32=1
		y update $base client=x examples=1 w:f32=2
	END
	fl-aggregate --unique --min-clients 0 --like model x y | cmp - none
}

@test "--where that contradicts --like is a wrong call; a client's name has bounds" {
	records <<< "model params round=3 arch=dense w:f32=1"
	base=base=$(meta model digest)
	records <<-END
		a update $base round=3 w:f32=1
		long update $base round=3 client=$(head -c 1025 /dev/zero | tr '\0' x) w:f32=9
	END
	refused 2 "expected 3 as round, found 7" fl-aggregate --like model --where round=7 a
	mean 1 --like model --where round=03 a
	left_out "long: metadata: client: expected a name of at most 1024 bytes, found 1025" 1 --like model a long
}

@test "statistics without columns, and those that claim a huge size, are left out" {
	[ -z "${SAN-}" ] || skip "sanitizers have memory of their own"
	records <<-END
		a stats examples=2 count:u64=2 :features:u8=97,10
		none stats examples=2 count:u64= sum:i64= sumsq:i64=
	END
	printf 'x\n1\n2\n' | fl-import > d.flp
	fl-stats --policy open d.flp > s
	fl-aggregate --sum s s > want
	left_out_stats() {
		fl-aggregate --sum --min-clients 2 s $1 s 2> log | cmp - want
		grep -q "fl-aggregate: left out: $1: " log
	}
	left_out_stats none
	python3 - <<-END || skip "needs python3-xxhash"
		import sys
		sys.path.insert(0, "$ROOT/data/vectors")
		import make
		open("claims", "wb").write(make.record([make.Tensor("count", "u64", [2**43], [0] * 8, make.ZLIB)],
		                                       {"examples": 1}, make.STATS))
	END
	left_out_stats claims
}

values() {
	fl-export -f txt "$@" | paste -sd ' '
}

# clipped: makes a model, its updates a and b on the lattice of clip 1 and grid 10, and a sum of none
clipped() {
	records <<-END
		model params round=3 w:f32=1,2,3 n:i32=5 :names:u8=97,10
	END
	base="base=$(meta model digest) round=3"
	on="$base clip=1 grid=10"
	records <<-END
		a update/clipped $on client=a examples=7 steps=2 w:f32=0.5,-0.25,0.0009765625 n:i32=0
		b update/clipped $on client=b examples=3 steps=1 w:f32=-0.5,0.75,0 n:i32=0
	END
	where="--like model --require clipped --where clip=1 --where grid=10"
}

@test "a sum of clipped updates: exact, in f64, with its keys and the number of clients" {
	clipped
	fl-aggregate --sum a b > sum
	fl-dump sum | grep -q '^sum: sum, clipped'
	[ "$(values sum)" = "0 0.5 0.0009765625 0" ]
	[ "$(meta sum w) $(meta sum n)" = "f64 i32" ]
	[ "$(meta sum clip) $(meta sum grid) $(meta sum of) $(meta sum weight)" = "1 10 update 2" ]
	for how in "" --strict --unique --single; do
		fl-aggregate --sum $how a b | cmp - sum
		fl-aggregate --sum $how b a | cmp - sum
		fl-aggregate --sum $how $where a b | cmp - sum
	done
	cat a b | fl-aggregate --sum | cmp - sum
	fl-put --zlib z < a
	fl-aggregate --sum z b | cmp - sum
	# The types of clipped floats do not matter, and neither do the model's.
	records <<-END
		half params round=3 w:f16=1,2,3
		wide update/clipped $on client=b examples=3 steps=1 w:f64=-0.5,0.75,0 n:i32=0
	END
	[ "$(fl-aggregate --sum a wide | values)" = "0 0.5 0.0009765625 0" ]
	records <<< "c update/clipped base=$(meta half digest) round=3 clip=1 grid=10 w:f32=0.5,0,0"
	[ "$(fl-aggregate --sum --like half c | fl-dump | awk '$1 == "w" { print $2 }')" = f64 ]
	[ "$(fl-aggregate --like half c | fl-dump | awk '$1 == "w" { print $2 }')" = f16 ]
	[ "$(fl-aggregate --like half --rule median c | fl-dump | awk '$1 == "w" { print $2 }')" = f16 ]
	[ "$(fl-aggregate c | fl-dump | awk '$1 == "w" { print $2 }')" = f32 ]
}

@test "a sum of clipped updates through partials: the same bytes" {
	clipped
	records <<< "c update/clipped $on client=c examples=1 steps=1 w:f64=0.25,0.25,0.25 n:i32=0"
	fl-aggregate --sum a b c > sum
	fl-aggregate --sum --partial a b > ab
	[ "$(meta ab clip) $(meta ab grid) $(meta ab w)" = "1 10 sum-f64" ]
	fl-aggregate --sum $trust ab c | cmp - sum
	fl-aggregate --sum $trust c ab | cmp - sum
	fl-aggregate --sum $trust $where c ab | cmp - sum
	cat ab c | fl-aggregate --sum $trust --partial | fl-aggregate --sum $trust | cmp - sum
	fl-aggregate --sum --partial $where < /dev/null > empty
	fl-aggregate --sum --partial --like model < /dev/null > bare # it has no keys
	for order in "empty bare ab c" "bare empty c ab" "c bare ab empty" "c ab empty bare"; do
		fl-aggregate --sum $trust $order | cmp - sum
	done
	fl-aggregate --sum $trust empty bare | cmp - <(fl-aggregate --sum $trust bare empty)
	fl-aggregate --sum $trust empty bare | cmp - <(fl-aggregate --sum $where < /dev/null)
}

@test "a record that is not one client's clipped update is named and left out of the sum" {
	clipped
	cat > table <<-END
		update/clipped $on w:f32=0.0009765624,0,0 n:i32=0 # tensor w: value 0: expected a multiple of the step 2^-10 (clip, grid)
		update/clipped $on w:f32=0,0,1e-45 n:i32=0 # tensor w: value 2: expected a multiple of the step 2^-10 (clip, grid)
		update/clipped $on w:f64=0,1e15,-0.1 n:i32=0 # tensor w: value 2: expected a multiple of the step
		update/clipped $on w:f32=1,0.0009765625,0 n:i32=0 # expected a norm of at most 1 (clip), found more
		update/clipped $on w:f32=1e10,0,0 n:i32=0 # expected a norm of at most 1 (clip), found more
		update/clipped $on w:f32=0,0,0 n:i32=-1 # tensor n: value 0: expected 0 in integers of a clipped update
		update/clipped $base grid=10 w:f32=0,0,0 n:i32=0 # metadata: clip: expected with grid, found nothing
		update/clipped $base clip=x grid=10 w:f32=0,0,0 n:i32=0 # metadata: clip: expected a number, found x
		update/clipped $base clip=0 grid=10 w:f32=0,0,0 n:i32=0 # metadata: clip: expected 1e-12 to 1e+12, found 0
		update/clipped $base clip=1 grid=9 w:f32=0,0,0 n:i32=0 # metadata: grid: expected a whole number from 10 to 23, found "9"
		update/clipped $base clip=1 grid=24 w:f32=0,0,0 n:i32=0 # metadata: grid: expected a whole number from 10 to 23, found "24"
		update/clipped $on clients=9 weighting=uniform w:f32=0,0,0 n:i32=0 # expected one client's update, found a mean of 9
		update/clipped $on clients=9 rule=median w:f32=0,0,0 n:i32=0 # expected one client's update, found a median of 9
		update/clipped $on weighting=uniform w:f32=0,0,0 n:i32=0 # expected one client's update, found a mean of others
		sum/clipped of=update $on clients=9 weight=9 w:f64=0,0,0 n:i32=0 # expected one client's update, found a sum of 9
		sum/public of=update $on clients=0 weight=0 w:f64=0,0,0 n:i32=0 # expected one client's update, found a sum of 0
		update/raw $on w:f32=1,1,1 n:i32=0 # expected a norm of at most 1 (clip), found more
		update/public $on w:f32=1,1,1 n:i32=0 # expected a norm of at most 1 (clip), found more
	END
	sed 's/ #.*//' table | awk '{ print NR ".flp " $0 }' | records
	fl-aggregate --sum a b > want
	n=0
	while IFS= read -r line; do
		n=$((n + 1))
		for order in "$n.flp a b" "a b $n.flp"; do
			refused 3 "left out: $n.flp: ${line#* # }" fl-aggregate --sum $order
			fl-aggregate --sum --min-clients 0 $order 2> log | cmp - want
			grep -qF "left out: $n.flp: ${line#* # }" log
			cat $order | fl-aggregate --sum --expect 2 2> log | cmp - want
			grep -qF "${line#* # }" log
		done
		refused 3 "${line#* # }" fl-aggregate --sum --strict a b $n.flp
	done < table
	[ $n -eq 18 ]
	# An update without the keys, or with others, is not bad: the caller must say what is right.
	records <<-END
		bare update/clipped $base w:f32=0,0,0 n:i32=0
		two update/clipped $base clip=2 grid=10 w:f32=0,0,0 n:i32=0
	END
	disputes "metadata: clip: expected 1, found nothing; see --where" a bare --sum
	disputes "metadata: clip: expected 1, found 2; see --where" a two --sum
	fl-aggregate --sum --min-clients 0 $where bare a two b | cmp - want
}

@test "a norm of a group that --where does not name is left out, if it names clip" {
	clipped
	fl-aggregate --sum $where a b > want
	for k in {1..9}; do
		records <<< "x update/clipped $on clip.$k=1 w:f32=0,0,0 n:i32=0"
		why="x: metadata: clip.$k: expected nothing, found 1 (see --where)"
		for order in "x a b" "a b x"; do
			refused 3 "left out: $why" fl-aggregate --sum $where $order
			fl-aggregate --sum $where --min-clients 2 $order 2> log | cmp - want
			grep -qF "left out: $why" log
		done
		refused 3 "$why" fl-aggregate --sum $where --strict a x
		fl-aggregate --sum $where --where clip.$k=1 --min-clients 1 a x 2> log > sum
		[ "$(meta sum clients) $(meta sum clip.$k)" = "1 1" ]
		disputes "metadata: clip.$k: expected nothing, found 1; see --where" a x --sum --like model
	done
	# such keys are dropped if they are not those of a clipped update
	records <<< "x update/clipped $on clip.10=1 clip.next=1 w:f32=0,0,0 n:i32=0"
	[ "$(fl-aggregate --sum $where a b x | meta - clients)" = 3 ]
}

@test "a mean of clipped updates is clipped, but is no longer one client's update" {
	clipped
	for rule in mean median trimmed:0; do
		fl-aggregate --rule $rule a b > mean
		fl-dump mean | grep -q '^mean: update, clipped'
		[ -z "$(meta mean clip)$(meta mean grid)" ]
	done
	fl-aggregate -w uniform a b > mean
	[ "$(values mean)" = "0 0.25 0.00048828125 0" ]
	fl-aggregate -w uniform --partial a b | fl-aggregate -w uniform $trust | cmp - mean
	refused 3 "mean: metadata: clip: expected 1, found nothing" fl-aggregate --sum $where mean a
	disputes "metadata: clip: expected 1, found nothing; see --where" a mean --sum
	# A mean is not checked, since it does not claim to be within a clip.
	records <<< "far update/clipped $on examples=1 w:f32=9,0.1,0 n:i32=0"
	fl-aggregate a b far > mean
}

@test "the empty sum of clipped updates is a public one of zeros, however it is empty" {
	clipped
	fl-aggregate --sum $where --min-clients 0 < /dev/null > zeros
	fl-dump zeros | grep -q '^zeros: sum, public'
	[ "$(values zeros)" = "0 0 0 0" ]
	[ "$(meta zeros w) $(meta zeros n)" = "f64 i32" ]
	[ "$(meta zeros clip) $(meta zeros grid) $(meta zeros of) $(meta zeros weight)" = "1 10 update 0" ]
	[ "base=$(meta zeros base) round=$(meta zeros round)" = "$base" ]
	fl-aggregate --sum $where --min-clients 0 --files-from /dev/null | cmp - zeros
	records <<< "raw update $on w:f32=0,0,0 n:i32=0"
	fl-aggregate --sum $where --min-clients 0 raw 2> log | cmp - zeros
	fl-aggregate --sum $where --min-clients 0 raw /dev/null 2> log | cmp - zeros
	fl-aggregate --sum --like model < /dev/null > plain
	[ "$(meta plain w) $(meta plain weight)" = "f32 0" ]
	refused 2 "metadata: clip: expected with grid, found nothing; see --where" \
		fl-aggregate --sum --like model --where grid=10 a
	refused 2 "metadata: grid: expected a whole number from 10 to 23, found \"30\"; see --where" \
		fl-aggregate --sum --like model --where clip=1 --where grid=30 a
}

@test "a sum of clipped updates is refused only if f64 can't represent it exactly" {
	clipped
	python3 - "$ROOT/data/vectors" "$(meta model digest)" <<-'END' || skip "needs python3-xxhash"
		import sys
		sys.dont_write_bytecode = True
		sys.path.insert(0, sys.argv[1])
		import make
		for name, steps in ("fits", 2**53 - 1), ("more", 2**53):
		    tensors = [make.Tensor("w", "sum-f64", [3], [steps / 1024, 0, 0]),
		               make.Tensor("n", "i32", [1], [0]), make.Tensor(":names", "u8", [2], b"a\n"),
		               make.Tensor(":parents", "u16", [1024], [0] * 1024)]
		    del tensors[2]
		    meta = dict(base=sys.argv[2], round=3, clip=1, grid=10, of="update", rule="sum",
		                weighting="uniform", clients=2**44, weight=2**44)
		    open(name, "wb").write(make.record(tensors, meta, make.PARTIAL, make.CLIPPED))
	END
	records <<< "step update/clipped $on w:f32=0.0009765625,0,0 n:i32=0"
	[ "$(fl-aggregate --sum $trust fits step | values)" = "8796093022208 0 0 0" ]
	refused 3 "tensor w: value 0: expected a sum that f64 holds exactly, found one of more than 53 bits" \
		fl-aggregate --sum $trust more step
	fl-aggregate --sum $trust --partial more step | fl-dump | grep -q '^standard input: partial, clipped'
}

@test "clipped and noised updates can't be summed, and their mean does not have a clip" {
	clipped
	noise="mechanism=gaussian noise=4096 unit=client adjacency=replace seed=secret"
	records <<-END
		x update/noised $on $noise place=local w:f64=3,-0.25,0.0009765625 n:i32=0
		y update/noised $on $noise place=local w:f64=5,-0.5,0 n:i32=0
		z update/noised $on $noise place=local w:f32=5,-0.5,0 n:i32=0
		public update/public $on w:f32=0,0,0 n:i32=0
	END
	for how in "" --strict; do
		refused 3 "expected updates that are all clipped or all noised (see --require)" \
			fl-aggregate --sum $how a x
		refused 3 "x is noised, and others are clipped" fl-aggregate --sum $how x a
	done
	fl-aggregate --sum --partial x > px
	refused 3 "expected updates that are all clipped or all noised" fl-aggregate --sum $trust px a
	[ "$(fl-aggregate --sum --min-clients 0 --require clipped a x 2> log | values)" = "0.5 -0.25 0.0009765625 0" ]
	fl-aggregate --sum x y > sum
	fl-dump sum | grep -q '^sum: sum, noised'
	[ "$(values sum)" = "8 -0.75 0.0009765625 0" ]
	[ "$(meta sum clip) $(meta sum grid) $(meta sum noise) $(meta sum place)" = "1 10 4096 local" ]
	fl-aggregate --sum x y public | values | cmp - <(values sum)
	[ "$(fl-aggregate --sum x z | fl-dump | awk '$1 == "w" { print $2 }')" = f64 ]
	fl-aggregate --like model x y > mean # of the model's types
	[ "$(values mean) $(meta mean w)" = "4 -0.375 0.00048828125 0 f32" ]
	[ "$(meta mean clip) $(meta mean grid) $(meta mean noise) $(meta mean place)" = "1 10 4096 local" ]
	refused 3 "mean: expected one client's update, found a mean of 2" fl-aggregate --sum mean
	fl-aggregate -w uniform --like model a x > mean
	fl-dump mean | grep -q '^mean: update, clipped'
	[ -z "$(meta mean clip)$(meta mean grid)$(meta mean noise)$(meta mean mechanism)" ]
}

@test "a record with central noise can't be merged with another, whatever the rule" {
	clipped
	central="mechanism=gaussian noise=4096 place=central"
	records <<-END
		sum sum/noised of=update $on $central w:f64=3,-0.25,0 n:i32=0
		mean update/noised $on $central w:f32=3,-0.25,0 n:i32=0
		next params/noised round=4 clip=1 grid=10 $central w:f32=3,-0.25,0 n:i32=0
	END
	for how in --sum "--rule mean" "--rule median" "--rule trimmed:0" --partial; do
		refused 3 "sum: expected a record without noise or with local noise, found a sum with central noise: it is of a whole round (see fl-step --denominator)" \
			fl-aggregate $how sum
		refused 3 "mean: expected a record without noise or with local noise, found a record with central noise" \
			fl-aggregate $how mean
		refused 3 "next: expected a record without noise" fl-aggregate $how next
		refused 3 "sum: expected a record without noise" fl-aggregate $how --like model a sum
		cat sum | refused 3 "standard input: expected a record without noise" fl-aggregate $how
	done
}

@test "noise of a test seed is taken only under --insecure, and stays marked" {
	records <<-END
		x update/noised mechanism=gaussian place=local insecure=test-seed w:f32=5
		y update/noised mechanism=gaussian place=local insecure=test-seed w:f32=7
		z update/noised mechanism=gaussian place=local w:f32=9
	END
	text="metadata: insecure: expected noise that nobody can draw again, found test-seed (see --insecure)"
	left_out "x: $text" 9 x z
	mean 6 --insecure x y
	mean 12 --insecure --sum x y
	[ "$(fl-aggregate --insecure x y | fl-dump | awk '$1 == "insecure" { print $2 }')" = test-seed ]
	fl-aggregate --insecure --sum --partial x y > partial
	refused 3 "partial: $text" fl-aggregate --sum $trust partial
	disputes "metadata: insecure: expected test-seed, found nothing; see --where" x z --insecure
}

@test "many clipped updates against whole numbers, in random trees" {
	twin lattice.py "$BIN"
}
