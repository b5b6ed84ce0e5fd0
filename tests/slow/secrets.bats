# What is left of keys and passphrases in the memory of fl-mask: nothing.
load ../helper
load ../fleet

setup() {
	need gdb
	gdb -batch -ex 'python print("works")' | grep -qx works || skip "needs gdb with Python"
	cd "$BATS_TEST_TMPDIR"
	for name in a b c; do
		fl-mask keygen -o $name
	done
}

# scan 'KEYS, TEXTS, AT' COMMAND...: what tests/secrets.py finds, in ./found
scan() {
	gdb -batch -ex "python KEYS, TEXTS, AT = $1" -x "$ROOT/tests/secrets.py" --args "${@:2}" \
		< /dev/null > log 2>&1
	grep -aE '^(end|flp_roster_make) ' log > found || { cat log; return 1; }
	cat found
	grep -qx 'end scanned -' found
}

# While the key is needed it is in one place, which shows that the search finds it.
@test "a key is in hidden memory alone while it is needed, and nowhere after" {
	scan '["a.key"], [], "flp_roster_make"' \
		fl-mask roster --session s --authority a.key a.pub b.pub c.pub
	[ "$(grep -c '^flp_roster_make a.key:[0-3] anonymous$' found)" -eq 4 ]
	[ "$(wc -l < found)" -eq 6 ]
}

@test "a new key, sealed and not: nothing of it or of its passphrase is left" {
	scan '["d.key"], [], None' fl-mask keygen -o d
	[ "$(wc -l < found)" -eq 1 ]
	echo 'correct horse battery' > pass
	scan '[], ["correct horse battery"], None' fl-mask keygen -o e --passphrase-file pass
	[ "$(wc -l < found)" -eq 1 ]
	scan '[], ["correct horse battery"], "flp_roster_make"' \
		fl-mask roster --session s --authority e.key --passphrase-file pass a.pub b.pub c.pub
	[ "$(wc -l < found)" -eq 2 ]
	# the search finds a text that is there
	scan '[], ["the-name-of-this-study"], "flp_roster_make"' \
		fl-mask roster --session the-name-of-this-study a.pub b.pub c.pub
	[ "$(wc -l < found)" -gt 2 ]
}

# turn VERB OPTION... [FILE]...: client a takes it, and nothing of its key is left
turn() {
	scan '["a.key"], [], None' \
		fl-mask "$1" --key a.key --roster roster -m g.flp "${@:2}" || return
	[ "$(wc -l < found)" -eq 1 ] || return
	fl-mask "$1" --key a.key --roster roster -m g.flp "${@:2}" > "a.$1"
}

@test "a client's turns in a round of fleet mode leave nothing of its key" {
	need python3
	fl-mask roster --session birds {a,b,c}.pub > roster
	model 3 a b c
	turn advertise
	steps advertise b c
	server graph ./*.advertise > graph
	turn share graph
	steps share b c
	server deliver -o in ./*.share > shares
	turn apply --graph graph --inbox in/a.flp a.u
	steps apply b c
	server survivors --shares shares ./*.apply > survivors
	turn confirm --graph graph survivors
	steps confirm b c
	turn reveal --graph graph --survivors survivors ./*.confirm
}
