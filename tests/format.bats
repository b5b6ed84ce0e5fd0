# The format: its vectors, what they must give, and what readers must bear.
load helper

@test "the vectors are what their script makes" {
	need python3
	python3 -c 'import xxhash' 2>/dev/null || skip "needs python3-xxhash"
	mkdir made
	python3 "$DATA/vectors/make.py" made
	diff -r made/good "$DATA/vectors/good"
	diff -r made/bad "$DATA/vectors/bad"
}

@test "each bad vector has its exit status and message beside it, and 1 KiB at most" {
	local bad n=0
	for bad in "$DATA"/vectors/bad/*.flp; do
		[ "$(wc -l < "${bad%.flp}.txt")" -eq 2 ]
		[ "$(stat -c %s "$bad")" -le 1024 ]
		n=$((n + 1))
	done
	[ "$n" -ge 150 ]
	# Partials hold sets of ids of 2 KiB.
	[ "$(find "$DATA/vectors/good" "$DATA/vectors/bad" -type f -size +2 | sort | xargs)" = \
		"$DATA/vectors/good/dtypes-sum.flp $DATA/vectors/good/partial.flp" ]
}

# As a file and from standard input; fl-put finds the first fault of any record.
@test "each bad vector gives its exit status and its message" {
	local bad code text
	for bad in "$DATA"/vectors/bad/*.flp; do
		{ read -r code; read -r text; } < "${bad%.flp}.txt"
		refused "$code" "$text" fl-put out.flp < "$bad"
		[ ! -e out.flp ]
	done
}

@test "the good vectors are what they say: a model that evaluates, a round that adds up" {
	local good=$DATA/vectors/good
	fl-eval -m "$good/model.flp" "$good/data.flp" | grep -q '^0	Biscoe	4	'
	fl-train -u -m "$good/model.flp" "$good/data.flp" | fl-step -m "$good/model.flp" > next.flp
	fl-stats --policy open "$good/data.flp" | cmp - "$good/stats.flp"
	fl-init -a 'dense 3' -i "$good/data.flp" --scale "$good/stats.flp" > scaled.flp
	fl-import --schema "$good/schema.flp" -v <(printf 'sex,body_mass_g,species\nmale,3750,0\nfemale,3500,1.0\n') |
		fl-import --schema - --missing zero \
		<(printf 'sex,body_mass_g,species\nmale,3750,0\nfemale,3500,+1\n,4500,1.0\n') | cmp - "$good/schema.flp"
	fl-aggregate --partial "$good/records-updates.flp" | cmp - "$good/partial.flp"
	fl-aggregate "$good/records-updates.flp" | cmp - "$good/footer-mean.flp"
	fl-aggregate --trust-partials "$good/partial.flp" | cmp - "$good/footer-mean.flp"
	fl-aggregate --trust-partials --partial "$good/partial.flp" | cmp - "$good/partial.flp"
	fl-aggregate --sum "$good/records-updates.flp" > sum
	fl-aggregate --sum sum sum | fl-dump | grep -q '^  of *update$'
	fl-aggregate --trust-partials --sum --partial "$good/dtypes-sum.flp" | fl-export -f txt -t :parents > out
}

@test "a three-number model takes less than 200 bytes" {
	echo 0.2 0.4 0.6 | fl-import -f txt --as params > d.flp
	[ "$(stat -c %s d.flp)" -lt 200 ]
}

@test "a flag that may be ignored changes no id, and is lost where a record is written anew" {
	flags() { od -An -tx4 -j12 -N4 "$1" | tr -d ' '; }
	local bit good=$DATA/vectors/good
	for bit in 16 31; do
		fl-cmp --meta "$good/params.flp" "$good/flag-$bit.flp"
		[ "$(fl-dump "$good/flag-$bit.flp" | grep '^  id ')" = \
			"$(fl-dump "$good/params.flp" | grep '^  id ')" ]
		[ "$(flags "$good/flag-$bit.flp")" = "$(printf %08x $((1 << bit)))" ]
		fl-put anew.flp < "$good/flag-$bit.flp"
		cmp anew.flp "$good/params.flp"
	done
}

@test "claims of 2^60 bytes cost no memory and no time" {
	[ -z "${SAN-}" ] || skip "sanitizers reserve all of the address space"
	local bad
	ulimit -v 200000
	for bad in values-huge values-huge-f64 zlib-dims-huge zlib-bomb dims-overflow header-length-beyond; do
		refused 3 "$bad.flp: " timeout 2 fl-dump "$DATA/vectors/bad/$bad.flp"
		refused 3 "standard input: " timeout 2 fl-put out.flp < "$DATA/vectors/bad/$bad.flp"
	done
}

@test "60,000 keys in a header and as many in its footer cost no time" {
	need python3
	python3 -c 'import xxhash' 2>/dev/null || skip "needs python3-xxhash"
	python3 - <<-END
		import sys
		sys.dont_write_bytecode = True
		sys.path.insert(0, "$DATA/vectors")
		import make
		head, foot = ({f"{i:x}{end}": 1 for i in range(60000)} for end in "xy")
		open("many.flp", "wb").write(make.three(meta=head, footer=foot))
	END
	timeout 5 fl-dump many.flp > out
	[ "$(grep -c '^  [0-9a-f]*[xy] ' out)" -eq 120000 ]
	timeout 5 fl-put copy.flp < many.flp
	timeout 5 fl-export -f txt many.flp > out
	timeout 5 fl-cmp many.flp copy.flp
	timeout 5 fl-aggregate many.flp > out
	fl-dump --json many.flp > out
}

# field FILE NAME: prints the value that fl-dump shows under this name
field() {
	fl-dump "$1" | awk -v name="$2" '$1 == name { print $2 }'
}

@test "two models with the same id are told apart wherever a base is compared" {
	need python3
	python3 -c 'import xxhash' 2>/dev/null || skip "needs python3-xxhash"
	fl-init -a 'dense 1' -n 600 -s 1 > m.flp
	python3 "$ROOT/tests/collide.py" one.flp two.flp < m.flp
	[ "$(field one.flp id)" = "$(field two.flp id)" ]
	run -1 fl-cmp one.flp two.flp
	[ "$(field one.flp digest)" != "$(field two.flp digest)" ]
	for m in one two; do
		fl-put --zlib packed.flp < $m.flp
		[ "$(field packed.flp digest)" = "$(field $m.flp digest)" ]
	done
	awk 'BEGIN { for (r = 0; r < 9; r++) for (c = 0; c <= 600; c++)
		printf "%s%s", r ? (r * c * 7919 + c) % 13 : "c" c, c < 600 ? "," : "\n" }' |
		fl-import -y c600 --target number > data.flp
	for m in one two; do
		fl-train -m $m.flp -l 1e-6 -u data.flp > $m-update.flp
		fl-train -m $m.flp -l 1e-6 data.flp > $m-params.flp
		[ "$(field $m-update.flp base)" = "$(field $m.flp digest)" ]
		[ "$(field $m-params.flp base)" = "$(field $m.flp digest)" ]
	done
	for m in one two; do
		local other=two base
		[ $m = one ] || other=one
		base="metadata: base: expected the model's digest $(field $m.flp digest), found $(field $other.flp digest)"
		for made in update params; do
			fl-step -m $m.flp $m-$made.flp > next.flp
			[ "$(field next.flp base)" = "$(field $m.flp digest)" ]
			refused 3 "$base" fl-step -m $m.flp $other-$made.flp
		done
		base="metadata: base: expected $(field $m.flp digest), found $(field $other.flp digest)"
		fl-aggregate --like $m.flp --expect 1 $m-update.flp | fl-step -m $m.flp > next.flp
		refused 3 "$base" fl-aggregate --strict --like $m.flp $other-update.flp
		[ "$(field <(fl-aggregate --like $m.flp /dev/null) base)" = "$(field $m.flp digest)" ]
	done
	refused 3 "metadata: base: " fl-aggregate --strict one-update.flp two-update.flp
}
