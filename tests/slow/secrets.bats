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

# scan 'KEYS, TEXTS, AT' COMMAND...: what tests/memory.py finds, in ./found
scan() {
	gdb -batch -ex "python KEYS, TEXTS, AT = $1" -x "$ROOT/tests/memory.py" --args "${@:2}" \
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
	(umask 077 && echo 'correct horse battery' > pass)
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

# left FUNCTION COMMAND...: nothing of the secrets of client a is left when the tool ends, except
# $shown; while they are needed, where it comes to FUNCTION, some are found
left() {
	local at=$1
	gdb -batch -ex "python KEYS, TEXTS, AT = ['a.key'], [], '$at'" \
		-ex "python COMMANDS = ['$secrets a.key a.state roster g.flp $graph', 'cat old']" \
		-x "$ROOT/tests/memory.py" --args "${@:2}" < /dev/null > log 2>&1
	grep -aE '^(end|flp_[a-z_]*) ' log > found || { cat log; return 1; }
	grep -q "^$at a.key:0 anonymous" found || { echo "not found where it is needed: ${*:2}"; cat found; return 1; }
	if grep -E "^$at (seed|encrypt|self)\..* \[heap\]$" found | grep -vE "^$at (${shown:-none}):"; then
		echo "kept, and not hidden: ${*:2}"
		return 1
	fi
	grep '^end ' found | grep -vE "^end (${shown:-none}):" > ends
	[ "$(wc -l < ends)" -eq 1 ] || { echo "left: ${*:2}"; cat ends; return 1; }
	grep -qE '^end scanned [0-9]{2,}$' ends
}

# client VERB FUNCTION OPTION...: a turn of client a, disturbed and then not
client() {
	local common=(--key a.key --roster roster -m g.flp)
	left "$2" fl-mask "$1" "${common[@]}" "${@:3}"
	fl-mask "$1" "${common[@]}" "${@:3}" > a.$1
}

# new_a NAME...: new keys for a, and a roster of it and these
new_a() {
	rm -rf a.key a.pub a.state
	fl-mask keygen -o a
	fl-mask roster --session birds a.pub "${@/%/.pub}" > roster
}

# all_verbs: of client a, one after another
all_verbs() {
	local graph='' shown=''
	: > old
	rm -rf ./*.key ./*.pub ./*.state in
	fleet a b c d
	model 1 a b c d
	left flp_journal_send fl-mask leave --key a.key --roster roster -r 5
	new_a b c d
	left flp_prg_add fl-mask apply --key a.key --roster roster -m g.flp a.u
	fl-mask apply --key a.key --roster roster -m g.flp a.u > a.masked
	left flp_silo_apply fl-mask apply --key a.key --roster roster -m g.flp b.u
	grep -q 'message that was sent before' log
	left flp_silo_leave fl-mask leave --key a.key --roster roster -r 1
	grep -q 'expected nothing sent in' log
	new_a b c d
	client advertise flp_journal_send
	steps advertise b c d
	server graph {a,b,c,d}.advertise > graph
	graph=graph
	client share flp_journal_send graph
	steps share b c d
	server deliver -o in {a,b,c,d}.share > shares
	# an inbox that is refused when boxes were opened
	rework in/a.flp check false.flp
	left flp_inbox_open fl-mask apply --key a.key --roster roster -m g.flp --graph graph \
		--inbox false.flp a.u
	# what other clients and the server will know of a and b
	{ "$secrets" a.key a.state roster g.flp graph && "$secrets" b.key b.state roster g.flp graph; } > old
	client apply flp_prg_add --graph graph --inbox in/a.flp a.u
	steps apply b c
	server survivors --shares shares {a,b,c}.apply > survivors
	client confirm flp_journal_send --graph graph survivors
	steps confirm b c
	left flp_reveal fl-mask reveal --key a.key --roster roster -m g.flp --graph graph \
		--survivors survivors a.confirm
	# shares that it reveals are not secret any more, and no others are left
	shown='self\.[012]|seed\.3'
	client reveal flp_journal_send --graph graph --survivors survivors {a,b,c}.confirm
}

@test "a client's verbs: nothing is left of its keys, of a round's, or of what they give" {
	secrets=$UNIT/../secrets
	[ -e "$secrets" ] || make -s -C "$ROOT" build/opt/secrets
	all_verbs
	# the same of a tool that was compiled for a debugger, which keeps more on the stack
	make -s -C "$ROOT" -j "$(nproc)" O=build/debug BIN=build/debug/bin CFLAGS='-O0 -g' \
		build/debug/bin/fl-mask
	PATH=$ROOT/build/debug/bin:$PATH
	[ "$(command -v fl-mask)" -ef "$ROOT/build/debug/bin/fl-mask" ]
	all_verbs
}

@test "the server's verb: nothing is left of what it opened" {
	secrets=$UNIT/../secrets
	[ -e "$secrets" ] || make -s -C "$ROOT" build/opt/secrets
	rm -rf ./*.key ./*.pub ./*.state
	fleet a b c d
	model 1 a b c d
	steps advertise a b c d
	server graph {a,b,c,d}.advertise > graph
	steps share a b c d
	server deliver -o in {a,b,c,d}.share > shares
	for name in a b c d; do
		"$secrets" $name.key $name.state roster g.flp graph
	done | grep -E '^(self|seed|self\.key|pair\.key|pair\.shared|round\.mask)\.' > old
	steps apply a b c
	server survivors --shares shares {a,b,c}.apply > survivors
	steps confirm a b c
	steps reveal a b c
	cat {a,b,c}.reveal > reveals
	gdb -batch -ex "python KEYS, TEXTS, AT, COMMANDS = [], [], 'flp_prg_add', ['cat old']" \
		-x "$ROOT/tests/memory.py" --args fl-mask unmask --roster roster -m g.flp --graph graph \
		--survivors survivors --shares shares --reveals reveals {a,b,c}.apply < /dev/null > log 2>&1
	# the keys of the masks of a, b and c, and of those that they share with d
	[ "$(grep -aE '^flp_prg_add (self|pair).key.0:[01]:.* anonymous$' log | sort -u | wc -l)" -ge 12 ]
	grep -a '^end ' log > ends
	cat ends
	grep -qE '^end scanned [0-9]{2,}$' ends
	[ "$(wc -l < ends)" -eq 1 ]
}

# Keys are read when no core can be left, and by no debugger.
@test "cores and debuggers are forbidden before a key is read" {
	(umask 077 && echo word > pass)
	fl-mask roster --session s a.pub b.pub c.pub > roster
	need strace
	strace -qq -o trace true || skip "strace is not allowed"
	local call
	while IFS= read -r call; do
		strace -f -qq -o trace -e trace=openat,prctl,setrlimit,prlimit64 $call > out || cat trace
		awk '/RLIMIT_CORE, {rlim_cur=0, rlim_max=0}.* = 0$/ { core = 1 }
			/PR_SET_DUMPABLE, (0|SUID_DUMP_DISABLE)\).* = 0$/ { dump = 1 }
			/"(a\.key|pass|a\.state\/|reveals)/ { reads++; if (!core || !dump) early = 1 }
			END { exit !(reads > 0 && core && dump && !early) }' trace
	done <<-'END'
		fl-mask roster --session s --authority a.key a.pub b.pub c.pub
		fl-mask keygen -o e --passphrase-file pass
		fl-mask leave --key a.key --roster roster -r 1
	END
}
