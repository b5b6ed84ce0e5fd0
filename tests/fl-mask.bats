# fl-mask: keys, rosters and fingerprints.
load helper

# keys NAME...: makes the keys of these parties
keys() {
	local name
	for name; do
		fl-mask keygen -o "$name" || return
	done
}

# private FILE: writes standard input to a file that only its owner can read
private() {
	rm -f "$1"
	(umask 077 && cat > "$1")
}

# sealed NAME PASSPHRASE: makes a key under a passphrase
sealed() {
	private "$1.pass" <<< "$2"
	fl-mask keygen -o "$1" --passphrase-file "$1.pass"
}

@test "keygen: a key, a public key and a journal, the secret ones for the owner alone" {
	umask 0
	mkdir deep
	fl-mask keygen -o deep/north > out
	[ ! -s out ]
	[ "$(ls deep | xargs)" = 'north.key north.pub north.state' ]
	[ "$(stat -c %a deep/north.key)" = 600 ]
	[ "$(stat -c %a deep/north.state)" = 700 ]
	fl-dump --json deep/north.pub | grep -q '"client":"north"'
	fl-mask keygen -o b --name 'St. Anne, "east"'
	fl-mask fingerprint b.pub | cut -f 2 | grep -qx 'key of St. Anne, "east"'
}

@test "keygen: two keys have nothing in common" {
	keys a
	fl-mask keygen -o b --name a
	run ! cmp -s a.key b.key
	[ "$(fl-mask fingerprint a.pub b.pub | sort -u | wc -l)" -eq 2 ]
}

@test "keygen replaces nothing" {
	local end
	for end in key pub state; do
		touch a.$end
		refused 3 "a.$end: expected a new name" fl-mask keygen -o a
		[ "$(ls | xargs)" = "a.$end" ]
		rm a.$end
	done
	ln -s nowhere a.pub
	refused 3 "a.pub: expected a new name" fl-mask keygen -o a
	rm a.pub
	keys a
	cp -a a.key copy
	refused 3 "a.key: expected a new name" fl-mask keygen -o a
	cmp a.key copy
}

@test "keygen: which names are allowed" {
	refused 2 'option --output' fl-mask keygen
	refused 3 'client: expected a name of 1 to 251 bytes, found 252' \
		fl-mask keygen -o a --name "$(printf 'x%.0s' {1..252})"
	refused 3 'client: expected a name in printable UTF-8' fl-mask keygen -o a --name $'a\tb'
	refused 3 'client: expected a name of 1 to 251 bytes, found 0' fl-mask keygen -o a --name ''
	# an inbox has the name of its client, and é is %C3%A9 there
	refused 3 'expected a file name of at most 255 bytes, found 256' \
		fl-mask keygen -o a --name "$(printf 'é%.0s' {1..42})"
	[ -z "$(ls)" ]
	fl-mask keygen -o a --name "$(printf 'x%.0s' {1..251})"
}

@test "a passphrase seals the key: the file alone is useless" {
	sealed a 'correct horse'
	keys b c
	run ! grep -q 'correct horse' a.key
	fl-mask roster --session s --authority a.key --passphrase-file a.pass [abc].pub > r.flp
	printf 'correct horse\r\nnext line' |
		fl-mask roster --session s --authority a.key --passphrase-file - [abc].pub | cmp - r.flp
	echo 'correct hors' | private wrong
	refused 3 'a.key: expected the passphrase of this key, found another one' \
		fl-mask roster --session s --authority a.key --passphrase-file wrong [abc].pub
	private empty < /dev/null
	refused 3 'empty: expected a passphrase' fl-mask keygen -o d --passphrase-file empty
	head -c 2000 /dev/zero | tr '\0' x | private long
	refused 3 'long: expected a passphrase of at most 1023 bytes' fl-mask keygen -o d --passphrase-file long
	printf 'a\0b\n' | private nul
	refused 3 'nul: expected a line of text, found a NUL' fl-mask keygen -o d --passphrase-file nul
	refused 4 'none: open' fl-mask keygen -o d --passphrase-file none
	refused 2 'expected one of --passphrase and --passphrase-file, not both' fl-mask keygen -o d --passphrase --passphrase-file a.pass
	run ! ls d.*
}

@test "a passphrase from the terminal: twice for a new key, never shown" {
	need script setsid
	script -qec true /dev/null || skip "needs a pseudo-terminal"
	(sleep 1; echo secret; sleep 1; echo secret) | script -qec 'fl-mask keygen -o a --passphrase' shown
	[ -f a.key ]
	run ! grep -q secret shown
	grep -q 'new passphrase: ' shown
	keys b c
	(sleep 1; echo secret) |
		script -qec 'fl-mask roster --session s --authority a.key a.pub b.pub c.pub > r.flp' shown
	run ! grep -q secret shown
	grep -q 'passphrase of a.key: ' shown
	fl-mask fingerprint r.flp
	(sleep 1; echo one; sleep 1; echo two) |
		script -qec 'fl-mask keygen -o d --passphrase' shown || true
	grep -q 'expected the same passphrase twice' shown
	run ! ls d.*
	refused 4 '/dev/tty: open' setsid -w fl-mask keygen -o d --passphrase
}

@test "a key that others may read, or that was changed, is refused" {
	keys a b c
	sealed d pass
	roster() { fl-mask roster --session s --authority "$@" [abc].pub; }
	roster a.key > r.flp
	local mode at n
	for mode in 640 604 660 610 601; do
		chmod $mode a.key
		refused 3 "a.key: mode: expected 600" roster a.key
	done
	chmod 400 a.key
	roster a.key | cmp - r.flp
	refused 3 'a.pub: mode: ' roster a.pub
	chmod 600 a.pub
	refused 3 'a.pub: expected the secret key of a party, found key' roster a.pub
	refused 3 'expected a regular file' roster /dev/null
	n=$(stat -c %s d.key)
	for ((at = 0; at < n; at += 37)); do
		flip d.key "$at" bad.key
		refused 3 bad.key roster bad.key --passphrase-file d.pass
		flip a.key "$((at % $(stat -c %s a.key)))" bad.key
		refused 3 bad.key roster bad.key
		rm bad.key
	done
}

@test "a passphrase that others may read is refused, and a pipe is not asked" {
	local mode
	echo 'correct horse' | private pass
	for mode in 640 604 660 610 601; do
		chmod $mode pass
		refused 3 "pass: mode: expected 600, a file that its owner alone may read, found $mode" \
			fl-mask keygen -o a --passphrase-file pass
		refused 3 "standard input: mode: expected 600" fl-mask keygen -o a --passphrase-file - < pass
	done
	run ! ls a.*
	chmod 400 pass
	fl-mask keygen -o a --passphrase-file pass
	keys b c
	fl-mask roster --session s --authority a.key --passphrase-file <(cat pass) [abc].pub > r.flp
	chmod 644 pass
	refused 3 'pass: mode: expected 600' \
		fl-mask roster --session s --authority a.key --passphrase-file pass [abc].pub
}

@test "a name that shows its letters in another order than it has is refused" {
	local control
	for control in $'\u061c' $'\u200e' $'\u200f' $'\u202a' $'\u202e' $'\u2066' $'\u2069'; do
		refused 3 'client: expected a name in printable UTF-8' fl-mask keygen -o a --name "a${control}b"
	done
	keys a b c
	refused 2 'option --session: expected a text of 1 to' \
		fl-mask roster --session $'a\u202eb' ./*.pub
	fl-mask keygen -o d --name $'\u0639\u064a\u0646'
	fl-mask roster --session $'\u05d0\u05d1' ./*.pub | fl-mask fingerprint > out
	grep -q $'\u05d0\u05d1' out
}

@test "a passphrase for a key that is not sealed is not ignored in silence" {
	sealed a pass
	keys b c d
	fl-mask roster --session s [abcd].pub > roster
	fl-mask leave --key b.key --passphrase-file a.pass --roster roster -r 1 2> said > left
	[ "$(cat said)" = 'fl-mask: b.key: the key is not sealed, so the passphrase is not used' ]
	[ -s left ]
	fl-mask leave --key a.key --passphrase-file a.pass --roster roster -r 1 2> said > left
	fl-mask leave --key c.key --roster roster -r 1 2>> said > left
	[ ! -s said ]
	fl-mask roster --session s --authority d.key --passphrase-file a.pass [abc].pub 2> said > signed
	[ "$(cat said)" = 'fl-mask: d.key: the key is not sealed, so the passphrase is not used' ]
}

@test "without a roster: one sentence, which does not speak of graphs" {
	keys a b c
	: > m.flp
	refused 2 'option --roster is required' fl-mask apply --key a.key -m m.flp m.flp
	[[ $message != *graph* ]]
	refused 2 'option --roster is required' fl-mask unmask -m m.flp m.flp
	[[ $message != *graph* ]]
}

@test "a journal that others may read or change is refused" {
	local mode
	keys a b c
	fl-mask roster --session s [abc].pub > roster
	fl-mask leave --key a.key --roster roster -r 1 > left
	for mode in 750 720 705 701 710; do
		chmod $mode a.state
		refused 3 "a.state: mode: expected 700, a folder that its owner alone may read, found $mode" \
			fl-mask leave --key a.key --roster roster -r 1
	done
	chmod 500 a.state
	fl-mask leave --key a.key --roster roster -r 1 | cmp - left
}

@test "files that belong to another user are refused" {
	[ "$(id -u)" -eq 0 ] || skip "needs the superuser"
	local what
	echo 'correct horse' | private pass
	fl-mask keygen -o a --passphrase-file pass
	keys b c
	fl-mask roster --session s [abc].pub > roster
	for what in a.key a.state pass; do
		chown 12345 $what
		refused 3 "$what: owner: expected the user of this process, 0, found 12345" \
			fl-mask leave --key a.key --passphrase-file pass --roster roster -r 1
		chown 0 $what
	done
	fl-mask leave --key a.key --passphrase-file pass --roster roster -r 1 > /dev/null
}

@test "a name is bound to its key: sealed with the secret one, signed with the public one" {
	need python3
	sealed a pass
	keys b c d
	restate() { python3 "$ROOT/tests/restate.py" raw "$@"; }
	roster() { fl-mask roster --session s "$@" [bcd].pub; }
	restate < a.key > same.key
	restate client=mallory < a.key > other.key
	restate verb=secret < a.key > verb.key
	restate client= < a.key > none.key
	chmod 600 *.key
	roster --authority same.key --passphrase-file a.pass > r.flp
	refused 3 'other.key: expected the passphrase of this key, found another one (or the file was changed)' \
		roster --authority other.key --passphrase-file a.pass
	refused 3 'verb.key: expected the secret key' roster --authority verb.key --passphrase-file a.pass
	refused 3 'none.key: client: expected a name, found none' \
		roster --authority none.key --passphrase-file a.pass
	restate client=mallory < a.pub > other
	refused 3 'other: signature: expected one by mallory, found that of another key' roster other
	restate signature= < a.pub > unsigned
	refused 3 'unsigned: signature: expected one by a, found none' roster unsigned
	restate signature=00 < a.pub > short
	refused 3 'short: signature: expected 128 hexadecimal digits' roster short
}

@test "roster: the same in any order, and fingerprints that tell rosters apart" {
	keys c a b
	fl-mask roster --session study a.pub b.pub c.pub > r.flp
	cat c.pub b.pub | fl-mask roster --session study a.pub - | cmp - r.flp
	printf '%s\0' c.pub a.pub b.pub | fl-mask roster --session study --files-from - | cmp - r.flp
	fl-mask fingerprint r.flp > out
	grep -qE $'^([0-9]{5} ){11}[0-9]{5}\troster of 3, session study$' out
	fl-mask roster --session other a.pub b.pub c.pub > s.flp
	keys d
	fl-mask roster --session study a.pub b.pub d.pub > t.flp
	# three rosters, with four different members in all
	[ "$(fl-mask fingerprint r.flp s.flp t.flp a.pub b.pub | wc -l)" -eq 14 ]
	[ "$(fl-mask fingerprint r.flp s.flp t.flp a.pub b.pub | cut -f 1 | sort -u | wc -l)" -eq 7 ]
	[ "$(fl-mask fingerprint r.flp s.flp t.flp a.pub b.pub | cut -f 1 | tr ' ' '\n' | wc -l)" -eq 168 ]
	fl-dump -v r.flp | grep -qw c
}

@test "keygen: names that are not valid, or that have an ending already" {
	local name
	mkdir b
	for name in . .. b/ b/.. /; do
		refused 2 'option --output: expected a name for the files, found a folder alone' fl-mask keygen -o $name
	done
	refused 2 'option --output: expected a name for the files, found none' fl-mask keygen -o ''
	for name in key pub state; do
		refused 2 "option --output: expected a name without .$name, which is added to it, found \"b/n.$name\"" \
			fl-mask keygen -o b/n.$name
		refused 2 "option --output: expected a name without .$name" fl-mask keygen -o .$name
	done
	[ -z "$(find . -name "*.key" -o -name "*.pub" -o -name "*.state")" ]
	mkdir left.state
	refused 3 'left.state: expected a new name, found one that is taken; this journal belongs to another key: choose another name or, if that key is gone, remove this folder' \
		fl-mask keygen -o left
	keys a
	refused 3 'a.key: expected a new name, found one that is taken; a key is never replaced, so choose another name' \
		fl-mask keygen -o a
}

@test "a key or a roster where another record belongs is called by its name" {
	keys a b c
	fl-mask roster --session s ./*.pub > r.flp
	refused 3 'a.key: expected the public key of a party, found state (the secret key of a party)' \
		fl-mask roster --session s a.key b.pub c.pub
	refused 3 'r.flp: expected the public key of a party, found key (a roster)' \
		fl-mask roster --session s r.flp b.pub c.pub
	refused 3 'a.pub: expected a roster, found key (the public key of a party)' \
		fl-mask leave --key a.key --roster a.pub -r 0
	cp a.pub b.key
	chmod 600 b.key
	refused 3 'b.key: expected the secret key of a party, found key (the public key of a party)' \
		fl-mask leave --key b.key --roster r.flp -r 0
	keys d
	refused 3 'r.flp: expected client d, whose key was given, among the members' \
		fl-mask leave --key d.key --roster r.flp -r 0
}

@test "an empty input is one sentence" {
	keys a b c
	fl-mask roster --session s ./*.pub > r.flp
	echo 1 2 | fl-import -f txt --as params > m.flp
	refused 3 'standard input: empty (did the command before it fail?)' fl-mask unmask --roster r.flp -m m.flp < /dev/null
	[ "$message" = 'fl-mask: standard input: empty (did the command before it fail?)' ]
	refused 3 'standard input: empty (did the command before it fail?)' fl-mask graph --roster r.flp -m m.flp < /dev/null
	[ "$message" = 'fl-mask: standard input: empty (did the command before it fail?)' ]
}

@test "fingerprint: the members of a roster, each as in the line of its own file" {
	keys c a
	fl-mask keygen -o b --name $'Sankt Anna, "Ost"'
	fl-mask roster --session study a.pub b.pub c.pub > r.flp
	fl-mask fingerprint r.flp > out
	sed 1d out | diff - <(fl-mask fingerprint b.pub a.pub c.pub)
	[ "$(cut -f 2 out | xargs -d '\n' printf '%s;')" = \
		'roster of 3, session study;key of Sankt Anna, "Ost";key of a;key of c;' ]
}

# The test computes the groups of digits itself, from the digest that fl-dump prints.
@test "fingerprint: what the page says it is" {
	need python3
	keys a b c
	fl-mask roster --session study a.pub b.pub c.pub > r.flp
	python3 -c 'import hashlib, sys
digest = bytes.fromhex(sys.argv[1])
h = hashlib.blake2b(digest, digest_size=64).digest()
print(*("%05d" % (int.from_bytes(h[5 * i:5 * i + 5], "big") % 100000) for i in range(12)))' \
		"$(fl-dump r.flp | awk '$1 == "digest" { print $2 }')" > want
	fl-mask fingerprint r.flp | head -n 1 | cut -f 1 | cmp - want
}

@test "roster: refused are two members, copies, and records that are not public keys" {
	keys a b c
	refused 3 'expected 3 members or more, found 2' fl-mask roster --session s a.pub b.pub
	refused 3 'a.pub: a: expected a name once, found it twice, in a.pub too' fl-mask roster --session s a.pub b.pub a.pub
	fl-mask keygen -o d --name a
	refused 3 'd.pub: a: expected a name once, found it twice, in a.pub too' fl-mask roster --session s a.pub b.pub c.pub d.pub
	refused 2 'option --session' fl-mask roster a.pub b.pub c.pub
	refused 3 'expected the public key of a party, found key' \
		fl-mask roster --session s a.pub b.pub <(fl-mask roster --session s a.pub b.pub c.pub)
	refused 3 'expected the public key of a party, found params' \
		fl-mask roster --session s a.pub b.pub <(echo 1 | fl-import -f txt --as params)
	refused 2 'needs --authority' fl-mask roster --session s --passphrase-file x a.pub b.pub c.pub
}

@test "roster: refused are an empty session and one with control bytes" {
	keys a b c
	refused 2 'option --session: expected a text' fl-mask roster --session '' a.pub b.pub c.pub
	refused 2 'option --session: expected a text' fl-mask roster --session $'a\nb' a.pub b.pub c.pub
}

@test "secret keys: no tool shows them, no policy lets them out" {
	keys a b
	local call
	for call in fl-dump 'fl-dump -v' 'fl-dump --json' 'fl-dump --json -v'; do
		$call a.key > out
		run ! grep -qE '[0-9]{3} |norm|"id"|"values"|secret  *u8' out
	done
	grep -q 'secrets of this site, which are not shown and never leave' <(fl-dump a.key)
	run -3 fl-dump --outgoing --policy open a.key
	[[ $output == *'refused: policy: expected no secrets'* ]]
	run -3 fl-dump --outgoing --json a.key
	[[ $output == *'"tensors":[]'* ]]
	[[ $output == *'"allowed":false'* ]]
	refused 3 'a.key: found secrets' fl-export -f txt a.key
	refused 3 'a.key: found secrets' fl-cmp a.key b.key
}

@test "refused: no verb, and an unknown one" {
	refused 2 'expected keygen|roster|fingerprint' fl-mask
	refused 2 'found "sum"' fl-mask sum
}

# A process that reads a key leaves no core, and no debugger of the same user can attach to it.
@test "no core dumps" {
	need setsid
	keys a b c
	mkfifo pass
	(ulimit -c unlimited; exec fl-mask roster --session s --authority a.key [abc].pub pass > out 2> err) &
	local pid=$! i
	for ((i = 0; i < 50; i++)); do
		[ "$(readlink /proc/$pid/exe 2>/dev/null)" != "$BIN/fl-mask" ] || break
		sleep 0.1
	done
	sleep 0.5
	grep -q '^Max core file size *0 ' "/proc/$pid/limits"
	kill "$pid"
}
