# Rounds of fleet mode of 3 to 100 clients, some of which drop out at each step: the sum of those
# who sent a masked update equals the one without masks, to the last bit; and how much a client
# sends. Rounds of more clients are in tests/slow and tests/long.
load helper
load fleet
export FL_POLICY=open

setup() {
	need python3
	in_memory
}

teardown() {
	out_of_memory
}

@test "3, 5 and 10 clients, of which as many drop out as may" {
	mkdir 3 5 10
	cd 3
	crowd 3 0 0 0 0 0
	fl-cmp sum.flp plain.flp
	cd ../5
	crowd 5 0 0 1 0 0
	fl-cmp sum.flp plain.flp
	[ "$(fl-dump sum.flp | awk '$1 == "weight" { print $2 }')" = 4 ]
	cd ../10
	crowd 10 0 1 1 0 1
	fl-cmp sum.flp plain.flp
	[ "$(fl-dump sum.flp | awk '$1 == "weight" { print $2 }')" = 8 ]
}

@test "100 clients, two of which drop out before each step" {
	crowd 100 2 2 2 2 2
	fl-cmp sum.flp plain.flp
	[ "$(fl-dump sum.flp | awk '$1 == "weight" { print $2 }')" = 94 ]
}

# The boxes take .011 of the bytes of the masked update; with all else in the message it may be
# twice that.
@test "100 clients at grid 16: 24 bits a value, and few bytes for the shares" {
	weighs 100 16 > bytes
	sed 's/^/# bytes of an update, the same masked, its shares: /' bytes >&3
	awk '{ exit !($2 <= .76 * $1 + 4096 && $3 <= 2 * .011 * $2) }' bytes
}

@test "the example: a hundred clients, two of which drop out before each step" {
	mkdir -p tree/examples
	cp -r "$ROOT/examples/masked" tree/examples
	ln -s "$BIN" tree/bin
	ln -s "$DATA" tree/data
	tree/examples/masked/fleet "$PWD/run" > said 2> log
	cat said log
	grep -q '98 clients, each with 28 neighbours, any 19 of whom open a secret' log
	[ "$(tail -n 2 said)" = "the masked sum against the plain one, by fl-cmp $PWD/run/server/sum.flp $PWD/run/plain.flp:
they agree" ]
	[ "$(grep -c 'drop out before the step' said)" -eq 5 ]
	# chi-square of 16 digits: more than 62 has a chance of 1e-7
	awk '$1 == "masked" && NF == 17 { for (i = 2; i <= 17; i++) n += $i
		for (i = 2; i <= 17; i++) x += ($i - n / 16) ^ 2 / (n / 16)
		seen = n == 94 * 15 && x < 62 } END { exit !seen }' said
	# the server has nothing from a client but these
	fl-dump run/server/*/* > had
	[ "$(grep -oE '^run/server/[a-z.]+/.*: .*' had | sed 's|^run/server/||; s|/.*: | |' | sort -u | xargs)" = \
		'advertise key, raw confirm key, raw inbox share, raw masked masked, masked reveal share, raw share share, raw site.pub key, raw' ]
}

# As fl-privacy(7) says, the server chooses whom it counts, and min-clients bounds that.
@test "a server that splits the clients into two rounds opens two sums, unless min-clients forbids it" {
	fleet a b c d e f g h
	model 1 a b c d e f g h
	steps advertise a b c d e f g h
	echo 'min-clients 8' > policy
	server graph ./[abcd].advertise > graph
	refused 3 'policy policy: line 1: min-clients 8: expected at least that many clients' \
		step share a --policy policy
	for half in 'a b c d' 'e f g h'; do
		round "$half" "$half" "$half" "$half" "$half"
		# shellcheck disable=SC2086 # the words are names
		plain $half > plain.flp
		fl-cmp sum.flp plain.flp
	done
}
