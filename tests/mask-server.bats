# The server's side of fleet mode: rounds in which clients drop out, and what bad clients send.
load helper
load fleet
export FL_POLICY=open

# A round from which every test may begin: of four clients all have taken every step, except d,
# which dropped out before it masked.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	fleet a b c d
	model 1 a b c d
	round 'a b c d' 'a b c d' 'a b c' 'a b c' 'a b c'
}

setup() {
	cp -r "$BATS_FILE_TMPDIR"/[^.]* .
}

# A copy of a journal is refused, so tests in which clients go on make new clients.
fresh() {
	rm -rf ./*
	fleet "$@"
	model 1 "$@"
}

# opened NAME...: sum.flp must be the sum of these clients' updates
opened() {
	fl-aggregate --sum "${@/%/.u}" > plain.flp
	fl-cmp sum.flp plain.flp
}

@test "the sum of the survivors equals the one without masks, in any order and as often as asked" {
	opened a b c
	diff <(fl-dump sum.flp | sed 1d | grep -vE '^  (bytes|digest|id) ') \
		<(fl-dump plain.flp | sed 1d | grep -vE '^  (bytes|digest|id|parents) ')
	unmask a.apply b.apply c.apply | cmp - sum.flp
	unmask c.apply a.apply b.apply | cmp - sum.flp
	unmask a.apply a.apply b.apply c.apply | cmp - sum.flp
	cat ./[abc].apply | unmask - | cmp - sum.flp
	server deliver -o again ./*.share | cmp - shares
	diff -r in again
	server graph ./[dbac].advertise | cmp - graph
}

@test "sums of masked records open as the records do" {
	fl-aggregate --sum a.apply b.apply > two.flp
	refused 3 'two.flp: expected the record of one client, found a sum of several, which no client has signed (see fl-mask unmask --trust-partials)' unmask two.flp c.apply
	unmask --trust-partials two.flp c.apply | cmp - sum.flp
	fl-aggregate --sum a.apply b.apply c.apply > all.flp
	unmask --trust-partials all.flp | cmp - sum.flp
	refused 3 'client c: expected the masked record' unmask --trust-partials two.flp
	fails 3 unmask --min-clients 3 --trust-partials two.flp a.apply
	[[ $message == *'client c: expected the masked record'* ]]
}

@test "of four clients one may drop out at any step" {
	fresh a b c d
	round 'a b c' 'a b c' 'a b c' 'a b c' 'a b c'
	opened a b c
	model 2 a b c d
	round 'a b c d' 'a b c' 'a b c' 'a b c' 'a b c'
	opened a b c
	model 3 a b c d
	round 'a b c d' 'a b c d' 'b c d' 'b c d' 'b c d'
	opened b c d
	model 4 a b c d
	round 'a b c d' 'a b c d' 'a b c d' 'a c d' 'a c d'
	opened a b c d
	model 5 a b c d
	round 'a b c d' 'a b c d' 'a b c d' 'a b c d' 'a b d'
	opened a b c d
	model 6 a b c d
	round 'a b c d' 'a b c d' 'a b c d' 'a b c d' 'a b c d'
	opened a b c d
}

@test "of four clients two may not drop out" {
	fresh a b c d
	refused 3 'expected 3 to 1000000 clients, found 2' round 'a b' 'a b' 'a b' 'a b' 'a b'
	model 2 a b c d
	refused 3 'expected shares from at least 3 clients, found 2' round 'a b c d' 'a b' 'a b' 'a b' 'a b'
	model 3 a b c d
	refused 3 'client a: expected 3 of the 4 who hold its shares to survive, found 2' \
		round 'a b c d' 'a b c d' 'a b' 'a b' 'a b'
	model 4 a b c d
	refused 3 'a.key: ' round 'a b c d' 'a b c d' 'a b c d' 'a b' 'a b'
	model 5 a b c d
	refused 3 'client a: expected 3 revealed shares of its own mask, found 2' \
		round 'a b c d' 'a b c d' 'a b c d' 'a b c d' 'a b'
}

@test "of three clients none may drop out" {
	fresh a b c
	refused 3 'found 2' round 'a b' 'a b' 'a b' 'a b' 'a b'
	model 2 a b c
	refused 3 'expected shares from at least 3 clients, found 2' round 'a b c' 'a b' 'a b' 'a b' 'a b'
	model 3 a b c
	refused 3 'found 2' round 'a b c' 'a b c' 'b c' 'b c' 'b c'
	model 4 a b c
	refused 3 'a.key: ' round 'a b c' 'a b c' 'a b c' 'a b' 'a b'
	model 5 a b c
	refused 3 'expected 3 revealed shares of its own mask, found 2' \
		round 'a b c' 'a b c' 'a b c' 'a b c' 'a c'
	model 6 a b c
	round 'a b c' 'a b c' 'a b c' 'a b c' 'a b c'
	opened a b c
}

@test "graph: clients that can't be trusted are named and left out" {
	local good=(a.advertise b.advertise c.advertise)
	rework d.advertise encrypt bad
	refused 3 'bad: client d: signature: expected one by d' server graph "${good[@]}" bad
	server graph --min-clients 3 "${good[@]}" bad 2> err > three
	grep -q 'bad: client d: signature' err
	server graph "${good[@]}" | cmp - three
	refused 3 'expected 4 clients or more, found 3' \
		server graph --min-clients 4 "${good[@]}" bad
	refused 3 'bad: client d' server graph --strict --min-clients 3 "${good[@]}" bad
	server graph "${good[@]}" a.advertise | cmp - three
	fl-mask keygen -o e
	fl-mask roster --session birds ./[abe].pub > other
	fl-mask advertise --roster other -m g.flp --key e.key > e.advertise
	refused 3 'e.advertise: metadata: roster: expected' server graph "${good[@]}" e.advertise
	refused 3 'b.share: expected an advertise message, found share (a share message)' server graph "${good[@]}" b.share
	refused 3 'graph: expected an advertise message, found key (a graph)' \
		server graph "${good[@]}" graph
	head -c 300 d.advertise > cut
	refused 3 'cut: ' server graph "${good[@]}" cut
	: > none
	refused 3 'none: ' server graph "${good[@]}" none
}

@test "a file that is given for another one is called by its name, and so is the one that belongs there" {
	cp a.key secret
	refused 3 'secret: expected a roster, found state (the secret key of a party)' \
		fl-mask plan --silo --roster secret -C 1
	refused 3 'g.flp: expected a roster, found params' fl-mask plan --silo --roster g.flp -C 1
	refused 3 'graph: expected a roster, found key (a graph)' fl-mask plan --silo --roster graph -C 1
	refused 3 'g.flp: expected a graph, found params' \
		fl-mask deliver --roster roster -m g.flp --graph g.flp -o none ./*.share
	refused 3 'roster: expected a graph, found key (a roster)' \
		fl-mask deliver --roster roster -m g.flp --graph roster -o none ./*.share
	refused 3 'survivors: expected a graph, found cohort (a list of survivors)' \
		fl-mask deliver --roster roster -m g.flp --graph survivors -o none ./*.share
	unmask() {
		server unmask --shares shares --reveals reveals --survivors "$1" ./[abc].apply
	}
	refused 3 'graph: expected a list of survivors, found key (a graph)' unmask graph
	refused 3 'g.flp: expected a list of survivors, found params' unmask g.flp
	printf 'a\nb\n' | fl-sample -n 1 -s 1 > sampled
	refused 3 'sampled: expected a list of survivors, found cohort' unmask sampled
}

@test "graph: advertisements for another round, model or session are refused" {
	model 2 a b c d
	refused 3 'a.advertise: metadata: round: expected 2, found 1' server graph ./*.advertise
	model 1 a b c d
	rework a.advertise base=123 bad
	refused 3 'bad: metadata: base: expected' server graph ./*.advertise bad
	fl-mask roster --session bees ./*.pub > roster
	refused 3 'a.advertise: metadata: session: expected bees, found birds' \
		server graph ./*.advertise
}

@test "deliver: a share, key or signature that was changed, and a duplicate" {
	local tensor
	for tensor in to box check commit; do
		rework d.share $tensor bad
		refused 3 'bad: client d: signature' server deliver -o out ./[abc].share bad
		[ ! -e out ]
	done
	server deliver -o out --min-clients 3 ./[abc].share bad > three 2> err
	grep -q 'bad: client d: signature' err
	[ "$(ls out | xargs)" = 'a.flp b.flp c.flp' ]
	fl-dump --json out/a.flp > dump
	grep -q '"verb":"deliver"' dump
	server deliver -o again ./[abc].share d.share d.share | cmp - shares
	refused 3 'a.advertise: expected a share message, found key (an advertise message)' \
		server deliver -o none ./[abc].share a.advertise
	refused 2 'option --output is required' server deliver ./*.share
}

@test "deliver: inboxes of two rounds do not mix, and the same may be written again" {
	cp -r in before
	server deliver -o in ./*.share | cmp - shares
	diff -r in before
	cp before/b.flp in/a.flp
	refused 3 'in/a.flp: expected no other inbox under this name, found one' \
		server deliver -o in ./*.share
	cmp before/b.flp in/a.flp
	cp before/a.flp in/a.flp
	refused 3 'in: expected a folder for the inboxes of this round alone, found d.flp' \
		server deliver -o in ./[abc].share
	diff -r in before
	# files of other names may be there
	mkdir own && touch own/README
	server deliver -o own ./*.share | cmp - shares
}

@test "deliver: a round that could not be opened goes no further" {
	refused 3 'expected shares from at least 3 clients, found 2: the sum could not be opened' \
		server deliver -o few ./[ab].share
	[ ! -e few ]
	refused 3 'expected shares from at least 3 clients, found 2' \
		server deliver -o few --min-clients 2 ./[ab].share c.advertise
}

@test "deliver: a client's name is not taken as a path" {
	rm -rf ./*
	fl-mask keygen -o a
	fl-mask keygen -o b
	fl-mask keygen -o evil --name '../x'
	model 1 a b evil
	fl-mask roster --session birds ./*.pub > roster
	steps advertise a b evil
	server graph ./*.advertise > graph
	steps share a b evil
	server deliver -o in ./*.share > shares
	[ "$(ls in | xargs)" = '%2E.%2Fx.flp a.flp b.flp' ]
	[ ! -e x.flp ]
}

@test "survivors: a masked record that is changed, sent twice, or of a client that has not shared" {
	flip b.apply 700 bad
	fails 3 server survivors --shares shares a.apply bad c.apply
	server survivors --shares shares a.apply b.apply c.apply | cmp - survivors
	server survivors --shares shares c.apply b.apply a.apply b.apply | cmp - survivors
	fl-dump survivors | grep -q cohort
	server deliver -o three ./[abd].share > less
	refused 3 'client c: expected a client that has sent its shares' \
		server survivors --shares less ./*.apply
	refused 2 'option --shares is required' server survivors ./*.apply
	rework d.share commit bad
	refused 3 'bad: client d: signature' server survivors --shares shares --shares bad ./*.apply
}

@test "unmask: a set other than the one that was confirmed" {
	fresh a b c d
	steps advertise a b c d
	server graph ./*.advertise > graph
	steps share a b c d
	server deliver -o in ./*.share > shares
	steps apply a b c d
	server survivors --shares shares ./[abc].apply > three
	server survivors --shares shares ./*.apply > survivors
	steps confirm a b c d
	steps reveal a b c d
	cat ./*.reveal > reveals
	refused 3 'metadata: survivors: expected' server unmask --survivors three --shares shares \
		--reveals reveals ./[abc].apply
	refused 3 'client d: expected the masked record of each of 4 survivors' unmask ./[abc].apply
	unmask ./*.apply > sum.flp
	opened a b c d
}

@test "unmask: a late masked record does not change the sum" {
	fresh a b c d
	steps advertise a b c d
	server graph ./*.advertise > graph
	steps share a b c d
	server deliver -o in ./*.share > shares
	steps apply a b c d
	server survivors --shares shares ./[abc].apply > survivors
	steps confirm a b c
	steps reveal a b c
	cat ./*.reveal > reveals
	refused 3 '1 message was left out' unmask ./*.apply
	unmask ./[abc].apply a.apply > sum.flp # given twice, it is added once
	opened a b c
	unmask --min-clients 3 ./*.apply > sum.flp 2> err
	grep -q 'd.apply: client d: expected a survivor, found a client whose record came too late' err
	opened a b c
}

@test "unmask: revealed shares that are changed, for another set, or missing" {
	rework a.reveal share bad
	refused 3 'bad: client a: signature' server unmask --survivors survivors --shares shares \
		--reveals bad --reveals b.reveal --reveals c.reveal ./[abc].apply
	[[ $message == *'1 message was left out, so there is no result (see --min-clients)'* ]]
	fails 3 server unmask --survivors survivors --shares shares --min-clients 3 \
		--reveals bad --reveals b.reveal --reveals c.reveal ./[abc].apply
	[[ $message == *'client a: expected 3 revealed shares of its own mask, found 2'* ]]
	server unmask --survivors survivors --shares shares --reveals reveals --reveals a.reveal \
		./[abc].apply | cmp - sum.flp
	refused 2 'option --reveals is required' server unmask --survivors survivors \
		--shares shares ./[abc].apply
	refused 2 'option --survivors is required' server unmask --shares shares --reveals reveals \
		./[abc].apply
	refused 3 'b.confirm: expected a reveal message, found key (a confirm message)' server unmask --survivors survivors \
		--shares shares --reveals b.confirm ./[abc].apply
	rework survivors :clients bad
	fails 3 server unmask --survivors bad --shares shares --reveals reveals ./[abc].apply
}

@test "unmask: the messages of an earlier round are of no use in the next" {
	fresh a b c d
	round 'a b c d' 'a b c d' 'a b c d' 'a b c d' 'a b c d'
	mkdir old
	mv ./*.advertise ./*.share ./*.apply ./*.confirm ./*.reveal graph shares survivors reveals old
	model 2 a b c d
	round 'a b c d' 'a b c d' 'a b c d' 'a b c d' 'a b c d'
	opened a b c d
	refused 3 'metadata: round: expected 2, found 1' server graph old/a.advertise ./*.advertise
	refused 3 'metadata: round: expected 2, found 1' server deliver -o x old/a.share ./*.share
	refused 3 'metadata: round: expected 2, found 1' server survivors --shares old/shares ./*.apply
	refused 3 'metadata: round: expected 2, found 1' server unmask --survivors old/survivors \
		--shares shares --reveals reveals ./*.apply
	fails 3 server unmask --survivors survivors --shares shares --reveals old/reveals ./*.apply
	[[ $message == *'metadata: round: expected 2, found 1'* ]]
	refused 3 'old/a.apply: metadata: base: expected' unmask old/a.apply ./[bcd].apply
	mv old/graph graph
	refused 3 'graph: metadata: round: expected 2, found 1' unmask ./*.apply
}

@test "the server can choose neither degree nor threshold" {
	server graph -v ./*.advertise 2>&1 > again | grep -qx \
		'fl-mask: 4 clients, each with 3 neighbours, any 3 of whom open a secret'
	cmp again graph
	rework graph degree=2 bad
	refused 3 'bad: metadata: degree: expected 3 for 4 clients, found 2' \
		fl-mask share --roster roster -m g.flp --key a.key bad
	rework graph threshold=2 bad
	refused 3 'bad: metadata: threshold: expected 3 for 4 clients, found 2' \
		fl-mask share --roster roster -m g.flp --key a.key bad
	refused 3 'expected at most 1 of 4 clients to be corrupt' \
		server graph --corrupt .5 ./*.advertise
	refused 2 'option --roster is required' fl-mask graph -m g.flp --authority a.pub \
		--session birds ./*.advertise
}

@test "a round of statistics; min-count binds the sum" {
	local k=0 name
	rm -rf ./*
	fleet a b c d
	for name in a b c d; do
		k=$((k + 1))
		awk -v k=$k 'NR == 1 || NR % 4 == k - 1' "$DATA/penguins.csv" > $name.csv
		fl-import -x bill_length_mm,body_mass_g -y species --missing drop \
			--schema-out $name.schema $name.csv > /dev/null
	done
	cat ./*.schema > schema
	for name in a b c d; do
		fl-import --schema schema --missing drop $name.csv | fl-stats --to-mask > $name.u
		fl-import --schema schema --missing drop $name.csv | fl-stats > $name.stats
	done
	cp schema g.flp
	steps advertise a b c d
	server graph ./*.advertise > graph
	steps share a b c d
	server deliver -o in ./*.share > shares
	steps apply a b c d
	server survivors --shares shares ./*.apply > survivors
	steps confirm a b c d
	steps reveal a b c
	cat ./*.reveal > reveals
	FL_POLICY='' unmask ./*.apply > sum.flp
	fl-aggregate --sum ./*.stats > plain.flp
	fl-cmp sum.flp plain.flp
	echo 'min-count 200' > strict
	refused 3 'min-count' unmask --policy strict ./*.apply
}

@test "a round under an authority, whose clients hold no roster" {
	local name keys=() all='-m g.flp --authority auth.pub'
	rm -rf ./*
	fl-mask keygen -o auth
	for name in a b c d; do
		fl-mask keygen -o $name
		keys+=(--key $name.key)
	done
	fl-mask roster --session birds --authority auth.key ./[abcd].pub > roster
	model 1 a b c d
	fl-mask advertise $all --session birds "${keys[@]}" > advertised
	fl-mask graph $all --roster roster advertised > graph
	fl-mask share $all --session birds "${keys[@]}" graph > shared
	fl-mask deliver $all --session birds --graph graph -o in shared > shares
	fl-mask apply $all --session birds --graph graph "${keys[@]:0:6}" --inbox in/a.flp \
		--inbox in/b.flp --inbox in/c.flp a.u b.u c.u > masked
	fl-mask survivors $all --session birds --graph graph --shares shares masked > survivors
	fl-mask confirm $all --session birds --graph graph "${keys[@]:0:6}" survivors > confirmed
	fl-mask reveal $all --session birds --graph graph --survivors survivors "${keys[@]:0:6}" \
		confirmed > reveals
	fl-mask unmask $all --session birds --graph graph --survivors survivors --shares shares \
		--reveals reveals masked > sum.flp
	opened a b c
	fl-mask keygen -o false
	refused 3 'client a: certificate: expected one by the authority' \
		fl-mask share -m g.flp --authority false.pub --session birds "${keys[@]}" graph
	rm roster
	fl-mask roster --session birds ./[abcd].pub > roster
	fails 3 fl-mask graph $all --roster roster advertised
	[[ $message == *'an authority has signed'* ]]
}
