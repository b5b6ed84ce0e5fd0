load helper

setup() {
	fl-import -y species -g island --missing drop "$DATA/penguins.csv" > p.flp
}

@test "numbers come out as they went in" {
	echo 0.2 0.4 0.6 | fl-import -f txt > d.flp
	[ "$(fl-export -f txt d.flp)" = "0.2 0.4 0.6" ]
	[ "$(fl-export < d.flp)" = "0.2 0.4 0.6" ]
	[ "$(cat d.flp | fl-export -)" = "0.2 0.4 0.6" ]
	awk 'BEGIN { srand(1); for (i = 0; i < 20000; i++)
		printf "%.9g\n", (rand() - 0.5) * 10 ^ int(rand() * 60 - 30) }' > numbers
	fl-import -f txt numbers > n.flp
	fl-export n.flp | fl-import -f txt | cmp - n.flp
	fl-import -f txt --dtype f64 numbers > n.flp
	fl-export n.flp | fl-import -f txt --dtype f64 | cmp - n.flp
	fl-export n.flp | tr ' ' '\n' | paste - numbers | awk '$1 != $2 { exit 1 }'
}

@test "every record of a stream" {
	for n in "1 2" 3; do
		echo "$n" | fl-import -f txt
	done > two.flp
	[ "$(fl-export two.flp)" = $'1 2\n3' ]
	[ "$(cat two.flp | fl-export)" = $'1 2\n3' ]
	refused 3 'two.flp: record 2: expected one record for csv' fl-export -f csv two.flp
}

@test "a line for each row of the last dimension, tensor after tensor" {
	fl-init -a 'dense 3' -i p.flp > m.flp
	fl-export m.flp > out
	[ "$(awk '{ print NF }' out | xargs)" = "6 6 6 3" ]
	fl-export -t 0.bias m.flp | cmp - <(tail -n 1 out)
	fl-export -t 0.weight m.flp | cmp - <(head -n 3 out)
	refused 3 'm.flp: expected a tensor no, found 0.weight to :schema' fl-export -t no m.flp
}

@test "names are text" {
	[ "$(fl-export -t :classes p.flp)" = $'Adelie\nChinstrap\nGentoo' ]
	[ "$(fl-export -f csv -t :groups p.flp)" = \
	    $'tensor,index,value\n:groups,0,Biscoe\n:groups,1,Dream\n:groups,2,Torgersen' ]
}

@test "csv of parameters" {
	echo 0.5 -1e-10 | fl-import -f txt > d.flp
	[ "$(fl-export -f csv d.flp)" = $'tensor,index,value\nvalues,0,0.5\nvalues,1,-1e-10' ]
	[ "$(fl-export -f csv -t y p.flp | head -n 2)" = $'tensor,index,value\ny,0,0' ]
}

# alike A B: two data records with the same tensors but for :schema, in which columns of levels
# have become columns of numbers
alike() {
	local name
	diff <(fl-dump "$1" | grep -v -e ' :schema ' -e 'bytes  ' -e '  id ' | tail -n +2) \
		<(fl-dump "$2" | grep -v -e ' :schema ' -e 'bytes  ' -e '  id ' | tail -n +2)
	for name in $(fl-dump "$1" | awk '$2 ~ /^[fu][0-9]+$/ && $1 != ":schema" { print $1 }'); do
		cmp <(fl-export -t $name "$1") <(fl-export -t $name "$2")
	done
}

@test "csv of data goes back to the same values and names" {
	fl-export -f csv p.flp > p.csv
	[ "$(head -n 2 p.csv)" = "bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex=female,sex=male,species,group
39.1,18.7,181,3750,0,1,Adelie,Torgersen" ]
	[ "$(wc -l < p.csv)" -eq 334 ]
	fl-import -y species -g group p.csv > back.flp
	alike p.flp back.flp
	cat p.flp | fl-export -f csv | cmp - p.csv
	fl-import -x bill_length_mm,flipper_length_mm -y body_mass_g --target number --missing drop \
	    "$DATA/penguins.csv" > t.flp
	fl-export -f csv t.flp | fl-import -y body_mass_g --target number > back.flp
	alike t.flp back.flp
	printf '"a,b",y,_y,"x ""q"""\n1,2,3," k, l"\n4,5,6,m\n' > odd.csv
	fl-import odd.csv -y 'x "q"' > odd.flp
	fl-export -f csv odd.flp > out
	[ "$(head -n 2 out)" = $'"a,b",y,_y,"x ""q"""\n1,2,3," k, l"' ]
	fl-import -y 'x "q"' out > back.flp
	alike odd.flp back.flp
}

@test "csv: the label has the name that the schema gives it, with _ before it if another column has it" {
	printf 'a,group,ward\n1,u,w\n2,v,w\n' > t.csv
	[ "$(fl-import -x a -y group -g ward t.csv | fl-export -f csv | head -n 1)" = a,group,_group ]
	[ "$(fl-import -x a -g ward t.csv | fl-export -f csv | head -n 1)" = a,group ]
	[ "$(fl-import -x a,group -g ward t.csv | fl-export -f csv | head -n 1)" = a,group=u,group=v,group ]
	# a label may be called as the feature of a level is
	printf 'a,a=u\nu,1\nv,2\n' > alike.csv
	[ "$(fl-import -y a=u alike.csv | fl-export -f csv | head -n 1)" = a=u,a=v,_a=u ]
	# rows of a schema that lack the label lack its column too
	printf 'x\tnumber\ta\ny\tclass\tb\tu\n' > s
	[ "$(fl-import --schema s t.csv | fl-export -f csv | head -n 1)" = a ]
	name=$(printf 'n%.0s' $(seq 1024))
	printf "a,$name\n1,u\n" > t.csv
	[ "$(fl-import -y $name t.csv | fl-export -f csv | head -n 1)" = a,$name ]
}

@test "csv of data without names" {
	printf '%s\n' '-1 1:0.25' '1 2:3' | fl-import -f libsvm > s.flp
	[ "$(fl-export -f csv s.flp)" = $'x1,x2,label\n0.25,0,-1\n0,3,1' ]
}

@test "csv of data records that are not valid" {
	need python3
	python3 -c 'import xxhash' 2>/dev/null || skip "needs python3-xxhash"
	python3 - "$DATA/vectors" <<-'END'
	import sys
	sys.path.insert(0, sys.argv[1])
	sys.dont_write_bytecode = True
	from make import DATA, Tensor, record
	x = Tensor("x", "f32", [2, 1], [1, 2])
	def make(name, *tensors):
	    open(name + ".flp", "wb").write(record(tensors, kind=DATA))
	make("none", Tensor("y", "f32", [2], [1, 2]))
	make("rank", Tensor("x", "f32", [2], [1, 2]))
	make("rows", x, Tensor("y", "f32", [3], [1, 2, 3]))
	make("class", x, Tensor("y", "u32", [2], [0, 1]), Tensor(":classes", "u8", [2], b"a\n"))
	make("names", x, Tensor(":features", "u8", [4], b"a\nb\n"))
	make("other", x, Tensor("z", "f32", [2], [1, 2]))
	END
	refused 3 'none.flp: expected a first tensor x, found y' fl-export -f csv none.flp
	refused 3 'rank.flp: x: expected rank 2, found 1' fl-export -f csv rank.flp
	refused 3 'rows.flp: y: expected 2 rows, found 3' fl-export -f csv rows.flp
	refused 3 'class.flp: y: row 1: expected an index below 1' fl-export -f csv class.flp
	refused 3 'names.flp: :features: expected 1 names' fl-export -f csv names.flp
	refused 3 'other.flp: z: expected no such tensor in data' fl-export -f csv other.flp
	[ "$(fl-export other.flp | xargs)" = '1 2 1 2' ]
}

@test "csv of statistics" {
	fl-import -x body_mass_g --missing drop "$DATA/penguins.csv" | fl-stats > s.flp
	[ "$(fl-export -f csv s.flp)" = $'feature,count,sum,sumsq\nbody_mass_g,342,1437000,6257228750' ]
}

@test "nothing is printed of a damaged record" {
	seq 100000 | fl-import -f txt > n.flp
	flip n.flp 200000 bad.flp
	refused 3 'bad.flp: ' fl-export bad.flp
	refused 3 'standard input: ' fl-export < bad.flp
	cat n.flp bad.flp > both.flp
	refused 3 'both.flp: record 2: ' fl-export both.flp
	fl-export -f csv p.flp > p.csv
	flip p.flp 3000 bad.flp
	refused 3 'bad.flp: ' fl-export -f csv bad.flp
	refused 3 'standard input: empty (did the command before it fail?)' fl-export < /dev/null
}

@test "a file that changes between the two readings is not called damaged" {
	for change in 'flip big.flp 399000 x && cat x > big.flp' 'truncate -s 300000 big.flp' \
		'head -c 400 /dev/zero | dd of=big.flp bs=1 seek=$size conv=notrunc status=none'; do
		seq 100000 | fl-import -f txt > big.flp
		size=$(stat -c %s big.flp)
		set +o pipefail
		# When the first byte comes, the first reading is done.
		{ fl-export big.flp 2> err || echo $? > code; } |
			{ head -c 1 > first; sleep 0.1; eval "$change"; cat > rest; }
		set -o pipefail
		[ "$(cat code)" -eq 4 ]
		[[ $(cat err) == 'fl-export: big.flp: '*'changed while it was read' ]]
	done
}

@test "memory does not grow with the record" {
	need prlimit
	[ -z "${SAN:-}" ] || skip "not with sanitizers"
	seq -f %g,1.5,0.25,u 1000000 | fl-import --header a,b,c,y -y y > big.flp
	prlimit --data=$((16 << 20)) fl-export -f csv big.flp > big.csv
	[ "$(wc -l < big.csv)" -eq 1000001 ]
	prlimit --data=$((4 << 20)) fl-export -t x big.flp | cut -d ' ' -f 1 | tail -n 1 | grep -qx 1e+06
}
