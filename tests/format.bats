# The format as an institution: its vectors, and the reader printed in fl(5).
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
	[ -z "$(find "$DATA/vectors/good" -size +2)" ]
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

@test "a three-number model takes less than 200 bytes" {
	echo 0.2 0.4 0.6 | fl-import -f txt --as params > d.flp
	[ "$(stat -c %s d.flp)" -lt 200 ]
}

@test "claims of 2^60 bytes cost no memory and no time" {
	[ -z "${SAN-}" ] || skip "sanitizers reserve all of the address space"
	local bad
	ulimit -v 200000
	for bad in values-huge values-huge-f64 zlib-dims-huge zlib-bomb dims-overflow header-length-beyond; do
		refused 3 "$bad.flp: " timeout 2 fl-dump "$DATA/vectors/bad/$bad.flp"
		refused 3 "stdin: " timeout 2 fl-put out.flp < "$DATA/vectors/bad/$bad.flp"
	done
}

# the_reader: the program printed in fl(5), compiled
the_reader() {
	need cc
	sed -n '/^\.\\" reader.c begins/,/^\.\\" reader.c ends/p' "$ROOT/man/fl.5" |
		sed -e '/^\./d' -e 's/\\&//g' -e 's/\\e/\\/g' > reader.c
	[ "$(wc -l < reader.c)" -le 80 ]
	cc -std=c11 -O1 -g -Wall -Wextra ${WERROR--Werror} ${SAN:+-fsanitize=address,undefined} \
	    -o reader reader.c -lz -lxxhash
}

@test "the reader in fl(5) agrees with fl-dump on every good vector" {
	the_reader
	local good
	for good in "$DATA"/vectors/good/*.flp; do
		./reader < "$good" > theirs
		# Theirs is a line a fact; so is ours, made of the JSON.
		fl-dump --json --values "$good" | python3 "$ROOT/tests/facts.py" > ours
		diff ours theirs || { echo "$good"; return 1; }
	done
}

@test "the reader in fl(5) refuses every bad vector" {
	the_reader
	local bad status
	for bad in "$DATA"/vectors/bad/*.flp; do
		status=0
		./reader < "$bad" > out 2>&1 || status=$?
		[ "$status" -eq 3 ] || { echo "$bad: $status"; cat out; return 1; }
	done
}

@test "the reader in fl(5) refuses every prefix and every flipped bit of some good vectors" {
	the_reader
	local name n at status
	for name in params zlib footer partial; do
		n=$(stat -c %s "$DATA/vectors/good/$name.flp")
		for ((at = 1; at < n; at += 7)); do
			status=0
			head -c "$at" "$DATA/vectors/good/$name.flp" | ./reader > out 2>&1 || status=$?
			[ "$status" -eq 3 ] || { echo "$name cut at $at"; return 1; }
			flip "$DATA/vectors/good/$name.flp" "$at" flipped
			status=0
			./reader < flipped > out 2>&1 || status=$?
			[ "$status" -eq 3 ] || { echo "$name flipped at $at"; return 1; }
		done
	done
}
