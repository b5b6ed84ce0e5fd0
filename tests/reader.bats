# The reader that is printed in fl(5) is an independent program; it is compared with our reader.
load helper

# compiles NAME LIBRARY...: NAME from NAME.c
compiles() {
	need cc
	cc -std=c11 -O1 -g -Wall -Wextra -Werror ${SAN:+-fsanitize=address,undefined} \
	    ${SAN:+-fno-sanitize-recover=all} -o "$1" "$1.c" "${@:2}"
}

# the_reader: compiles data/reader.c
the_reader() {
	cp "$DATA/reader.c" reader.c
	compiles reader -lm -lsodium -lxxhash -lz
}

# the_page: extracts the reader from the page and compiles it
the_page() {
	sed -n '/^\.\\" reader.c begins/,/^\.\\" reader.c ends/p' "$ROOT/man/fl.5" |
		sed -e '/^\./d' -e 's/\\&//g' -e 's/\\e/\\/g' > page.c
	[ "$(wc -l < page.c)" -le 120 ]
	[ "$(wc -l < page.c)" -gt 20 ]
	compiles page -lxxhash -lz
}

# decimal: what the page's reader prints, with values in place of their bits
decimal() {
	python3 -c '
import re, struct, sys
floats = {1: "d", 2: "f", 3: "e", 4: "f"}
def value(code, text):
    width = len(text) // 2
    bits = int(text, 16)
    if code > 8:
        return str(bits)
    raw = bits.to_bytes(width, "little")
    if code > 4:
        return str(int.from_bytes(raw, "little", signed=True))
    return "%.17g" % struct.unpack("<" + floats[code], bytes(2 * (code == 4)) + raw)
for line in sys.stdin:
    tensor = re.fullmatch(r"(.*? (\d+)(?: x\d+)*)((?: [0-9a-f]+)+)\n", line)
    if tensor and not line.startswith(("kind ", "id ")):
        print(tensor[1], *(value(int(tensor[2]), v) for v in tensor[3].split()))
    else:
        print(line, end="")
'
}

# facts: prints the output of fl-dump --json --values in the reader's words
facts() {
	python3 -c '
import decimal, json, struct, sys
kinds = "params update sum partial data stats cohort state masked key share".split()
states = "raw clipped noised masked public".split()
codes = dict(zip("f64 f32 f16 bf16 i8 i16 i32 i64 u8 u16 u32 u64".split(), range(1, 13)))
codes.update(zip("sum-f64 sum-f32 sum-f16 sum-bf16".split(), range(17, 21)))
def value(code, text): # text, so that -0 and 64-bit integers are what they are
    if code > 4:
        return text
    v = float(text)
    return "%.17g" % (struct.unpack("f", struct.pack("f", v))[0] if code in (2, 3, 4) else v)
for line in sys.stdin:
    r = json.loads(line, parse_int=str, parse_float=str)
    print("kind", kinds.index(r["kind"]) + 1, "privacy", states.index(r["privacy"]))
    for t in r["tensors"]:
        code = codes[t["dtype"]]
        digits = r["kind"] == "stats" and t["name"] in ("sum", "sumsq")
        print(t["name"], code, *("x" + d for d in t["dims"]),
              *(decimal.Decimal(v).normalize() if digits else value(code, v)
                for v in t["values"] if code < 17))
    for key in sorted(r["meta"]):
        print(key + "=" + r["meta"][key])
    if "digest" in r:
        print("digest", r["digest"])
    print("id", r["id"])
'
}

# numbers: the digits of sums of statistics, as the reader prints them, to numbers of 17
# digits
numbers() {
	python3 -c '
import decimal, sys
from fractions import Fraction
decimal.setcontext(decimal.Context(prec=17, rounding=decimal.ROUND_HALF_EVEN))
for line in sys.stdin:
    word = line.split()
    if line.startswith("kind"):
        stats = word[1] == "6"
    digits = {"sum": 11, "sumsq": 20}.get(word[0] if word else "") if stats else None
    if digits is None:
        print(line, end="")
        continue
    k = [Fraction(w) * 2**(32 * (i % digits)) / 2**(160 if digits == 11 else 320)
         for i, w in enumerate(word[4:])]
    sums = [sum(k[i:i + digits]) for i in range(0, len(k), digits)]
    shown = [decimal.Decimal(s.numerator) / decimal.Decimal(s.denominator) for s in sums]
    print(*word[:4], *(d.normalize() for d in shown))
'
}

@test "it agrees with fl-dump on every good vector" {
	need python3
	the_reader
	local good
	for good in "$DATA"/vectors/good/*.flp; do
		./reader < "$good" | numbers > theirs
		fl-dump --json --values "$good" | facts > ours
		diff ours theirs || { echo "$good"; return 1; }
	done
}

@test "it agrees with fl-dump on what the tools write" {
	need python3
	the_reader
	fl-import -y species -g island --missing drop --client all "$DATA/penguins.csv" > data.flp
	fl-stats data.flp > stats.flp
	fl-init -a 'dense 5 relu dense 3' -i data.flp --scale stats.flp > model.flp
	fl-train -u -m model.flp data.flp > update.flp
	fl-aggregate --partial update.flp > partial.flp
	fl-aggregate --trust-partials update.flp partial.flp > mean.flp
	fl-sample -n 2 -s 1 a b c > cohort.flp
	fl-put --zlib zlib.flp < data.flp
	cat data.flp stats.flp model.flp update.flp partial.flp mean.flp cohort.flp zlib.flp > all.flp
	./reader < all.flp | numbers > theirs
	fl-dump --json --values all.flp | facts > ours
	diff ours theirs
	[ "$(grep -c ^id theirs) $(grep -c ^digest theirs)" = "8 1" ]
}

@test "it refuses every bad vector" {
	the_reader
	local bad status
	for bad in "$DATA"/vectors/bad/*.flp; do
		status=0
		./reader < "$bad" > out 2>&1 || status=$?
		[ "$status" -eq 3 ] || { echo "$bad: $status"; cat out; return 1; }
	done
}

@test "it refuses prefixes and flipped bits of good vectors" {
	the_reader
	local name n at status
	for name in params zlib footer partial modular-24 key; do
		n=$(stat -c %s "$DATA/vectors/good/$name.flp")
		for ((at = 1; at < n; at += 7)); do
			status=0
			head -c "$at" "$DATA/vectors/good/$name.flp" | ./reader > out 2>&1 || status=$?
			[ "$status" -eq 3 ] || { echo "$name cut at $at: $status"; return 1; }
			flip "$DATA/vectors/good/$name.flp" "$at" flipped
			status=0
			./reader < flipped > out 2>&1 || status=$?
			[ "$status" -eq 3 ] || { echo "$name flipped at $at: $status"; return 1; }
		done
	done
}

@test "a record that is too large for it is not called damaged" {
	need python3
	python3 -c 'import xxhash' 2>/dev/null || skip "needs python3-xxhash"
	the_reader
	make() { # a record of one tensor of N MiB and one byte
		python3 - <<-END
			import sys, zlib
			sys.dont_write_bytecode = True
			sys.path.insert(0, "$DATA/vectors")
			import make
			n, mib = $1 << 20, bytes(1 << 20)
			chunks = [make.chunk(mib)] * $1 + [make.chunk(b"x")]
			tensor = make.Tensor("x", "u8", [n + 1], bytes(n) + b"x", make.ZLIB, make.chunks(*chunks))
			sys.stdout.buffer.write(make.record([tensor]))
		END
	}
	make 256 > large.flp
	refused_by_reader() {
		local status=0
		./reader > out 2> log || status=$?
		[ "$status" -eq "$1" ]
		[ "$(cat log)" = "more than 256 MiB" ]
	}
	refused_by_reader 4 < large.flp
	head -c $((2 ** 28 + 1)) /dev/zero | refused_by_reader 4
	status=0
	head -c $((2 ** 28)) /dev/zero | ./reader > out 2> log || status=$?
	[ "$status" -eq 3 ]
}

@test "both have one statement on a line, and the page's has no long lines" {
	the_page
	sed -e 's/"[^"]*"//g' -e 's:/\*.*::' -e '/^ \*/d' -e '/for (/d' page.c "$DATA/reader.c" > code
	run ! grep '; *[^ ]' code
	run ! grep '.\{98\}' page.c
}

@test "the page's reader prints what the full one prints, but for digests" {
	need python3
	the_reader
	the_page
	local good
	for good in "$DATA"/vectors/good/*.flp; do
		./reader < "$good" | sed '/^digest /d' > full
		./page < "$good" | decimal > short
		diff full short || { echo "$good"; return 1; }
	done
}

@test "the page's reader refuses damaged records, or prints what the whole ones hold" {
	the_page
	local name n at status
	for name in params zlib footer partial modular-24 key; do
		./page < "$DATA/vectors/good/$name.flp" > want
		n=$(stat -c %s "$DATA/vectors/good/$name.flp")
		for ((at = 1; at < n; at += 7)); do
			status=0
			head -c "$at" "$DATA/vectors/good/$name.flp" | ./page > out 2>&1 || status=$?
			[ "$status" -eq 3 ] || { echo "$name cut at $at: $status"; return 1; }
			flip "$DATA/vectors/good/$name.flp" "$at" flipped
			status=0
			./page < flipped > out 2>&1 || status=$?
			[ "$status" -eq 3 ] || cmp out want || { echo "$name flipped at $at: $status"; return 1; }
		done
	done
}

@test "the page's reader survives every bad vector" {
	the_page
	local bad status
	for bad in "$DATA"/vectors/bad/*.flp; do
		status=0
		./page < "$bad" > out 2>&1 || status=$?
		[ "$status" -eq 3 ] || [ "$status" -eq 0 ] || { echo "$bad: $status"; cat out; return 1; }
	done
}
