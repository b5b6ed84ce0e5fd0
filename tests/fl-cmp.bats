load helper

setup() {
	good=$DATA/vectors/good
}

# params FILE NUMBER...: makes a record of these numbers
params() { local file=$1; shift; echo "$@" | fl-import -f txt --as params --dtype f64 > "$file"; }

# differ TEXT ARG...: the exit status must be 1, and the message must have TEXT
differ() { refused 1 "$1" fl-cmp "${@:2}"; }

@test "every good vector is equal to itself, silently, also packed and from a pipe" {
	for f in "$good"/*.flp; do
		fl-cmp --meta "$f" "$f" > out 2>&1
		[ ! -s out ]
		fl-put --zlib packed.flp < "$f"
		fl-cmp --meta packed.flp "$f"
		fl-cmp - "$f" < packed.flp
		fl-cmp "$f" - < packed.flp
	done
}

@test "values within the tolerance agree, beyond it they do not" {
	params a.flp 1 10 100
	params b.flp 1 10.5 100
	differ 'tensor values: value 1: 10 and 10.5 differ' a.flp b.flp
	differ '' -t 0.49 a.flp b.flp
	fl-cmp -t 0.5 a.flp b.flp
	differ '' --relative 0.04 a.flp b.flp
	fl-cmp --relative 0.048 a.flp b.flp
	fl-cmp --relative 0.048 b.flp a.flp
	fl-cmp -t 0.3 --relative 0.02 a.flp b.flp
	[ "$(fl-cmp -v -t 1 a.flp b.flp)" = 'greatest difference 0.5' ]
}

@test "without a tolerance one bit is a difference, but not the sign of zero" {
	params a.flp 0 1
	params b.flp -0 1
	fl-cmp a.flp b.flp
	params b.flp 0 1.0000000000000002
	differ 'value 1' a.flp b.flp
	fl-cmp -t 1e-15 a.flp b.flp
}

@test "64-bit integers and exact sums differ beyond what a double holds" {
	need python3
	python3 -c 'import xxhash' 2>/dev/null || skip "needs python3-xxhash"
	python3 - "$DATA/vectors" <<-'END'
	import sys
	sys.path.insert(0, sys.argv[1])
	sys.dont_write_bytecode = True
	import make
	for name, last in (("a", 0), ("b", 1)):
	    open(name + ".flp", "wb").write(make.one("n", "i64", [1], [(1 << 62) + last]))
	    open(name + "u.flp", "wb").write(make.one("n", "u64", [2], [0, (1 << 64) - 1 - last]))
	    open(name + "s.flp", "wb").write(make.record([make.Tensor("s", "sum-f64", [1],
	        (2**100 + last).to_bytes(16, "little"))], kind=make.PARTIAL))
	END
	differ 'tensor n: value 0: 4611686018427387904 and 4611686018427387905 differ' a.flp b.flp
	differ 'value 1: 18446744073709551615 and 18446744073709551614 differ' au.flp bu.flp
	differ 'value 0: 68719476736 and 68719476736 differ beyond these digits' as.flp bs.flp
}

@test "kinds, tensors and the number of records are compared" {
	params a.flp 1 2
	params b.flp 1 2 3
	differ 'dims 2, found 3' a.flp b.flp
	differ 'kinds differ: params and update' a.flp "$good/update.flp"
	differ 'expected 1 tensors, found 2' a.flp "$good/scalar.flp"
	cat a.flp a.flp > two.flp
	differ 'a.flp ends before two.flp' a.flp two.flp
	differ 'a.flp ends before two.flp' two.flp a.flp
	differ 'ends before' /dev/null a.flp
	fl-cmp /dev/null /dev/null
	cat b.flp a.flp > ba.flp
	differ 'tensor values: expected dims 2, found 3' two.flp ba.flp
}

@test "all records are compared, and the first value that differs in each is named" {
	params a1.flp 1 5 1
	params b1.flp 2 7 1
	params a2.flp 1 1
	params b2.flp 1 100
	cat a1.flp a2.flp a1.flp > a.flp
	cat b1.flp b2.flp a1.flp > b.flp
	run --separate-stderr fl-cmp -v a.flp b.flp
	[ "$status" -eq 1 ]
	[ "$output" = 'greatest difference 99' ]
	[ "$stderr" = 'fl-cmp: tensor values: value 0: 1 and 2 differ
fl-cmp: record 2: tensor values: value 1: 1 and 100 differ' ]
	run --separate-stderr fl-cmp -v -t 2 a.flp b.flp
	[ "$status" -eq 1 ]
	[ "$output" = 'greatest difference 99' ]
	[ "$stderr" = 'fl-cmp: record 2: tensor values: value 1: 1 and 100 differ' ]
	cat a1.flp "$good/scalar.flp" a1.flp > other.flp
	run --separate-stderr fl-cmp -v a.flp other.flp
	[ "$status" -eq 1 ]
	[ "$output" = 'greatest difference 0' ]
	[ "$(wc -l <<< "$stderr")" -eq 1 ]
	[[ "$stderr" == 'fl-cmp: record 2: expected 1 tensors, found 2' ]]
}

@test "metadata count only with --meta" {
	printf 'a,y\n1,x\n' | fl-import -y y > a.flp
	printf 'a,y\n1,x\n' | fl-import -y y --client x > b.flp
	fl-cmp a.flp b.flp
	differ 'metadata or privacy' --meta a.flp b.flp
	fl-cmp --meta b.flp b.flp
	differ '' --meta "$good/update.flp" "$good/update-clipped.flp"
	fl-cmp "$good/update.flp" "$good/update-clipped.flp"
}

@test "bad input is an error, not a difference" {
	params a.flp 1 2
	head -c 100 a.flp > cut.flp
	refused 3 'cut.flp: ' fl-cmp a.flp cut.flp
	refused 3 'cut.flp: ' fl-cmp cut.flp a.flp
	params b.flp 3 4
	cat b.flp cut.flp > late.flp
	cat a.flp a.flp > two.flp
	for cut in late.flp two.flp; do
		refused 3 'late.flp: record 2: ' fl-cmp "$cut" late.flp
		refused 3 'late.flp: record 2: ' fl-cmp late.flp "$cut"
	done
	refused 3 'late.flp: record 2: ' fl-cmp a.flp late.flp
	refused 3 'late.flp: record 2: ' fl-cmp late.flp "$good/update.flp"
	flip a.flp 140 bad.flp
	refused 3 'bad.flp: ' fl-cmp bad.flp "$good/update.flp"
	refused 3 'bad.flp: ' fl-cmp "$good/update.flp" bad.flp
	refused 4 'none.flp: ' fl-cmp a.flp none.flp
	refused 3 'nan-f64.flp: ' fl-cmp "$DATA/vectors/bad/nan-f64.flp" "$DATA/vectors/bad/nan-f64.flp"
	refused 2 '' fl-cmp a.flp
	refused 2 '' fl-cmp a.flp a.flp a.flp
	refused 2 tolerance fl-cmp -t -1 a.flp a.flp
	refused 2 relative fl-cmp --relative 2 a.flp a.flp
	refused 2 tolerance fl-cmp -t nan a.flp a.flp
}
