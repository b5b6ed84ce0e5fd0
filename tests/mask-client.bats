# The clients' side of fleet mode: what a client sends, and what no server can make it send.
load helper
load fleet
export FL_POLICY=open

FOUR="ash birch cedar oak"

setup() {
	need python3
}

# begin: makes four clients, the model of round 3 and updates
begin() {
	# shellcheck disable=SC2086 # the words are names
	fleet $FOUR && model 3 $FOUR
}

# upto STEP: a round of all four clients, up to and including that step
upto() {
	# shellcheck disable=SC2086
	steps advertise $FOUR && server graph ./*.advertise > graph || return
	[ "$1" != advertise ] || return 0
	# shellcheck disable=SC2086
	rm -rf in
	steps share $FOUR && server deliver -o in ./*.share > shares || return
	[ "$1" != share ] || return 0
	# shellcheck disable=SC2086
	steps apply $FOUR && server survivors --shares shares ./*.apply > survivors || return
	[ "$1" != apply ] || return 0
	# shellcheck disable=SC2086
	steps confirm $FOUR
}

# others NAME...: makes the file others, a record like survivors that lists these clients
others() {
	vector "make.record([make.Tensor(':clients', 'u8', [$(printf '%s\n' "$@" | wc -c)],
		list(b'$(printf '%s\\n' "$@")'))],
		dict(verb='survivors', session='birds', round=3, base='$(meta base)',
		graph='$(meta graph)', roster='$(meta roster)'), make.COHORT)" > others
}

# meta KEY: prints the value of the key in the record survivors
meta() {
	fl-dump --json survivors | python3 -c 'import json, sys
print(json.load(sys.stdin)["meta"][sys.argv[1]])' "$1"
}

@test "many clients in one call send what each of them alone would send" {
	begin
	keys=()
	inboxes=()
	for s in $FOUR; do
		keys+=(--key $s.key)
		inboxes+=(--inbox in/$s.flp)
	done
	all=("${keys[@]}" --roster roster -m g.flp)
	fl-mask advertise "${all[@]}" > advertise
	[ "$(fl-dump advertise | grep -c 'client *\(ash\|birch\|cedar\|oak\)$')" -eq 4 ]
	server graph advertise > graph
	fl-mask share "${all[@]}" graph > share
	server deliver -o in share > shares
	fl-mask apply "${all[@]}" --graph graph "${inboxes[@]}" {ash,birch,cedar,oak}.u > apply
	server survivors --shares shares apply > survivors
	fl-mask confirm "${all[@]}" --graph graph survivors > confirm
	fl-mask reveal "${all[@]}" --graph graph --survivors survivors confirm > reveals
	unmask apply > sum.flp
	# shellcheck disable=SC2086
	fl-cmp sum.flp <(plain $FOUR)
	# a client that can't take its turn is named, and the others go on
	mv cedar.state away
	run --separate-stderr -3 fl-mask advertise "${all[@]}"
	[[ $stderr == "fl-mask: cedar.state: "* ]]
	fl-mask advertise "${all[@]}" > again 2> /dev/null || [ $? -eq 3 ]
	[ "$(fl-dump again | grep -c 'client *\(ash\|birch\|oak\)$')" -eq 3 ]
	refused 3 "cedar.state: " fl-mask advertise "${keys[@]:4:4}" --strict --roster roster -m g.flp
}

@test "a client sends again what it has sent, byte for byte, and nothing else for that round" {
	begin
	upto confirm
	for s in $FOUR; do
		step reveal $s > $s.reveal
	done
	for verb in advertise share apply confirm reveal; do
		step $verb ash > again
		cmp again ash.$verb
	done
	# to send it again, the client needs no boxes
	cp in/birch.flp in/ash.flp
	step apply ash > again
	cmp again ash.apply
	cp birch.u ash.u
	refused 3 "ash.key: ash.u: session birds, round 3: apply: expected the input of the message that was sent before" step apply ash
	refused 3 "found another input or other options; to send that message again, send the file ash.state/3.sent" \
		step apply ash
	cmp ash.state/3.sent ash.apply
	cmp ash.state/1.sent ash.advertise
	cmp ash.state/2.sent ash.share
	# what the client kept for later steps is gone
	[ -f ash.state/1.sent ]
	[ -z "$(find ash.state -name '*.secret*')" ]
}

@test "a message is in the journal before it leaves" {
	fleet elm fir yew
	model 3 elm fir yew
	for verb in advertise share apply confirm reveal; do
		status=0
		step $verb elm > /dev/full 2> err || status=$?
		[ "$status" -eq 4 ]
		newest=$(find elm.state -name '*.sent' | sort -V | tail -n 1)
		step $verb elm > elm.$verb
		cmp "$newest" elm.$verb
		steps $verb fir yew
		case $verb in
		advertise) server graph ./*.advertise > graph ;;
		share) server deliver -o in ./*.share > shares ;;
		apply) server survivors --shares shares ./*.apply > survivors ;;
		esac
	done
	cat ./*.reveal > reveals
	unmask ./*.apply > sum.flp
	fl-cmp sum.flp <(plain elm fir yew)
}

@test "refused: an earlier round, another model, a roster with an invented member" {
	begin
	upto apply
	model 4 $FOUR
	step advertise ash > /dev/null
	cp g.flp 4.flp
	model 3 $FOUR
	# nothing of the earlier round is sent again, and no further step of it is taken
	refused 3 "its round is over, so it is no longer kept" step advertise ash
	refused 3 "its apply message, found them erased: the round is over" step confirm ash
	model 2 $FOUR
	refused 3 "advertise: expected round 4 or a later one" step advertise ash
	fl-mask keygen -o spy
	fl-mask roster --session birds {ash,birch,cedar,oak,spy}.pub > roster
	mv 4.flp g.flp
	refused 3 "expected the roster" step advertise ash
	fl-mask roster --session birds {birch,cedar,oak,spy}.pub > roster
	refused 3 "expected the roster" step advertise birch
}

@test "clients that were given different models do not answer the same graph" {
	begin
	steps advertise ash birch cedar
	cp g.flp true.flp
	model 3 $FOUR
	vector 'make.record([make.Tensor("w", "f32", [3, 4], [1.5] * 12),
		make.Tensor("b", "f32", [2], [1.5] * 2)], {"round": 3}, make.PARAMS)' > g.flp
	steps advertise oak
	cp g.flp other.flp
	cp true.flp g.flp
	run -3 --separate-stderr server graph ./*.advertise
	server graph --min-clients 3 ./*.advertise > graph 2> /dev/null || [ $? -eq 3 ]
	cp other.flp g.flp
	refused 3 "graph: metadata: base: expected" step share oak
	refused 3 "graph: metadata: base: expected" step share ash
}

@test "a model with the weights of an earlier one under other metadata is refused" {
	begin
	upto apply
	need python3
	python3 "$ROOT/tests/restate.py" public round=5 < g.flp > again.flp || skip "needs python3-xxhash"
	base=$(fl-dump --json again.flp | python3 -c 'import json, sys; print(json.load(sys.stdin)["digest"])')
	mv again.flp g.flp
	upto share
	for s in $FOUR; do
		python3 "$ROOT/tests/restate.py" clipped base="$base" round=5 < $s.u > new
		mv new $s.u
	done
	refused 3 "expected parameters for which this site has not masked anything" step apply ash
}

@test "refused: a graph that the server has changed" {
	begin
	upto advertise
	cp graph true
	for change in degree=2 threshold=2; do
		rework true $change graph
		refused 3 "${change%=*}: expected 3" step share ash
	done
	for change in encrypt mask nonce signature; do
		rework true $change graph
		refused 3 "client ash" step share birch
	done
	rework true round=4 graph
	refused 3 "metadata: round: expected 3, found 4" step share ash
	rework true examples=4 graph
	refused 3 "expected no key examples" step share ash
	server graph {ash,birch,cedar}.advertise > graph
	refused 3 "expected client oak in it, found it left out" step share oak
	cp true graph
	step share oak > /dev/null
	# a client answers one graph in a round
	server graph {birch,cedar,oak}.advertise > graph
	refused 3 "share: graph: expected" step share oak
	# without a roster or an authority nothing in a graph can be checked
	cp true graph
	refused 2 "expected --roster, or --authority and --session" \
		fl-mask share --key ash.key -m g.flp graph
}

@test "boxes that do not open, that are for others, and that are missing" {
	begin
	upto share
	cp -r in true
	# inbox CHANGE TEXT: with this change the inbox is refused, and the message has TEXT
	inbox() {
		rework true/oak.flp "$1" in/oak.flp
		refused 3 "oak.key: in/oak.flp: $2" step apply oak || return
	}
	inbox box "client ash: expected a box that opens, found one that does not"
	inbox check "client ash: expected the shares that its message announces, found others"
	inbox from "tensor from: value 0: expected a client below 4, found 4"
	inbox client=ash "metadata: client: expected oak, found ash"
	inbox session=bees "metadata: session: expected birds, found bees"
	inbox graph="$(printf '%064d' 7)" "metadata: graph: expected"
	cp true/ash.flp in/oak.flp
	refused 3 "metadata: client: expected oak, found ash" step apply oak
	# the boxes of clients that were left out are missing
	server deliver -o few {ash,birch,oak}.share > /dev/null
	cp few/oak.flp in/oak.flp
	step apply oak > oak.apply
	# the server then says that cedar survives too
	for s in ash birch cedar; do
		cp true/$s.flp in/$s.flp
		step apply $s > $s.apply
	done
	server survivors --shares shares ./*.apply > survivors
	refused 3 "client cedar: expected a survivor that has sent a box" step confirm oak
	step confirm ash > /dev/null
	refused 3 "which comes before this step, found none: run fl-mask apply first" \
		fl-mask confirm --key "$(fresh_key)" --roster roster -m g.flp --graph graph survivors
}

# fresh_key: makes a client that has the name of one in the graph, and has sent nothing; prints its
# key's file
fresh_key() {
	mkdir fresh
	fl-mask keygen -o fresh/ash
	echo fresh/ash.key
}

@test "refused: a second set of survivors, and sets that are too small" {
	begin
	upto apply
	cp survivors true
	others ash birch
	cp others survivors
	refused 3 "expected at least 3 survivors among the holders of this client's shares, found 2" \
		step confirm ash
	cp true survivors
	others birch cedar oak
	cp others survivors
	refused 3 "client ash: expected it among the survivors, found it left out" step confirm ash
	cp true survivors
	others ash birch spruce
	cp others survivors
	refused 3 "client spruce: expected a client of the graph, found one that is not in it" step confirm ash
	cp true survivors
	others oak birch ash
	cp others survivors
	refused 3 "expected names in order" step confirm ash

	# the server tells ash of three survivors and the others of four
	cp true survivors
	others ash birch cedar
	cp others survivors
	step confirm ash > ash.confirm
	cp true survivors
	refused 3 "confirm: survivors: expected" step confirm ash
	steps confirm birch cedar oak
	refused 3 "expected those that this client has confirmed, found others" \
		fl-mask reveal --key ash.key --roster roster -m g.flp --graph graph --survivors survivors \
		{birch,cedar,oak}.confirm
	# the signature of ash does not count; the three others are enough, and answer no second set
	mv oak.confirm away
	run -3 --separate-stderr step reveal birch
	[[ $stderr == *"ash.confirm: client ash: expected a signature of the survivors in --survivors, found one of other survivors: the client lies, or the server has sent it another list"* ]]
	[[ $stderr == *"birch.key: survivors: expected signatures of at least 3 holders of this client's shares, found 2: if no more will come, begin a round of a model with other parameters"* ]]
	[ -z "$output" ]
	mv away oak.confirm
	status=0
	step reveal birch > birch.reveal 2> err || status=$?
	[ $status -eq 3 ]
	[ "$(wc -l < err)" -eq 1 ]
	fl-dump birch.reveal | grep -q 'verb *reveal'
	cp true survivors
	cp others survivors
	refused 3 "survivors: expected" step reveal birch
}

@test "a round that too few clients have answered is begun anew" {
	begin
	upto apply
	steps confirm ash
	refused 3 "expected a round in which this client has not confirmed survivors" step advertise ash --anew
	cp birch.advertise before
	step advertise birch --anew > birch.advertise
	run ! cmp -s birch.advertise before
	step advertise birch | cmp - birch.advertise
	refused 3 "found them erased" step confirm birch
	refused 3 "client birch: expected the keys that it has advertised, found others" step share birch
}

@test "a client that is in a round of fleet mode does not mask in silo mode too" {
	begin
	upto advertise
	refused 3 "expected the graph of this round, in which this client has advertised, found none" \
		fl-mask apply --roster roster -m g.flp --key ash.key ash.u
}

@test "one value that is cut, and several" {
	begin
	upto share
	python3 "$ROOT/tests/restate.py" raw clip= grid= < ash.u > raw.u || skip "needs python3-xxhash"
	mv raw.u ash.u
	step apply ash --range .9 --saturate -v 2> said > /dev/null
	grep -qx "fl-mask: ash.u: 1 value beyond the range was cut" said
	python3 "$ROOT/tests/restate.py" raw clip= grid= < birch.u > raw.u
	mv raw.u birch.u
	step apply birch --range .7 --saturate -v 2> said > /dev/null
	grep -qxE "fl-mask: birch.u: ([2-9]|1[0-4]) values beyond the range were cut" said
}

@test "signatures of the set of survivors that do not count" {
	begin
	upto confirm
	rm cedar.confirm oak.confirm
	refused 3 "expected signatures of at least 3 holders of this client's shares, found 2: if no more will come, begin a round of a model with other parameters" \
		step reveal ash
	refused 3 "expected a record, found nothing" fl-mask reveal --key ash.key --roster roster -m g.flp --graph graph \
		--survivors survivors --files-from /dev/null
	# a signature that was changed is named, and the others count
	steps confirm cedar oak
	rework oak.confirm round=4 x
	mv x oak.confirm
	step reveal ash > ash.reveal 2> err || [ $? -eq 3 ]
	grep -q "oak.confirm: metadata: round: expected 3, found 4" err
	fl-dump ash.reveal > /dev/null
	rework birch.confirm client=oak oak.confirm
	run -3 --separate-stderr step reveal ash
	[[ $stderr == *"oak.confirm: client oak: signature: expected one by oak"* ]]
	cp birch.advertise oak.confirm
	run -3 --separate-stderr step reveal ash
	[[ $stderr == *"oak.confirm: expected a confirm message, found key (an advertise message)"* ]]
}

@test "dropouts are opened by their seeds, survivors by their own masks, nobody by both" {
	begin
	steps advertise $FOUR
	server graph ./*.advertise > graph
	steps share $FOUR
	server deliver -o in ./*.share > shares
	steps apply ash birch oak
	server survivors --shares shares ./*.apply > survivors
	steps confirm ash birch oak
	steps reveal ash birch oak
	cat {ash,birch,oak}.reveal > reveals
	unmask ./*.apply > sum.flp
	fl-cmp sum.flp <(plain ash birch oak)
	for s in ash birch oak; do
		fl-dump --json --values $s.reveal > values
		grep -qF '"of","dtype":"u32","encoding":"dense","dims":[4],"values":[0,1,2,3]' values
		grep -qF '"secret","dtype":"u8","encoding":"dense","dims":[4],"values":[0,0,1,0]' values
	done
	# a message that comes late has no place in the sum
	step apply cedar > cedar.apply
	run -3 unmask ./*.apply
	unmask --min-clients 3 ./*.apply > late.flp 2> err
	grep -q "cedar.apply: client cedar: expected a survivor" err
	fl-cmp sum.flp late.flp
}

@test "the site's policy binds in fleet mode" {
	begin
	upto advertise
	unset FL_POLICY
	# bound LINE TEXT: a policy of that line forbids the step share, and the message has TEXT
	bound() {
		echo "$1" > policy
		refused 3 "policy policy: line 1: $1: $2" step share ash --policy policy || return
	}
	bound "min-clients 5" "expected at least that many clients of a masked sum, found 4"
	bound "min-threshold 4" "expected at least that many clients whose help opens a masked sum, found 3"
	bound "min-bits 81" "expected at least that many bits of security of the masks, found 80"
	fl-mask roster --session bees ./*.pub > bees
	bound "roster $PWD/bees" "expected that roster, found another"
	bound "authority $PWD/oak.pub" "expected a roster that it signed, found one without certificates"
	printf '%s\n' 'min-clients 4' 'min-threshold 3' 'min-bits 80' 'roster roster' > policy
	for s in $FOUR; do
		step share $s --policy policy > $s.share
	done
	server deliver -o in ./*.share > shares
	echo "max-clip 3" > policy
	refused 3 "policy policy: line 1: max-clip 3: expected a clip norm" step apply ash --policy policy
	steps apply ash birch cedar -- --policy open
	server survivors --shares shares {ash,birch,cedar}.apply > survivors
	# the record itself tells no more than its roster
	printf '%s\n' 'min-clients 9' 'min-threshold 9' 'min-bits 90' 'roster roster' \
		"authority $PWD/oak.pub" > policy
	run -3 fl-dump --outgoing --policy policy --state ash.state ash.apply
	[ "$(grep -cE '^    min-(clients|threshold|bits) +not checked here, but by fl-mask$' <<< "$output")" -eq 3 ]
	grep -qE '^    roster +allowed$' <<< "$output"
	grep -qE '^    authority +refused: ' <<< "$output"
	echo "min-clients 4" > policy
	refused 3 "policy policy: line 1: min-clients 4: expected at least that many" \
		step confirm ash --policy policy
}

@test "an authority in place of a roster that all clients hold" {
	begin
	fl-mask keygen -o chief
	fl-mask roster --session birds --authority chief.key {ash,birch,cedar,oak}.pub > roster
	common=(--authority chief.pub --session birds -m g.flp)
	for s in $FOUR; do
		fl-mask advertise --key $s.key "${common[@]}" > $s.advertise
	done
	refused 2 "expected --roster, or --authority and --session" \
		fl-mask advertise --key ash.key --authority chief.pub -m g.flp
	refused 2 "not allowed with --roster" \
		fl-mask advertise --key ash.key --authority chief.pub --roster roster --session birds -m g.flp
	server graph --authority chief.pub ./*.advertise > graph
	printf '%s\n' "authority $PWD/oak.pub" > policy
	refused 3 "policy policy: line 1: authority" \
		fl-mask share --key ash.key "${common[@]}" --policy policy graph
	refused 3 "client ash" fl-mask share --key ash.key --authority oak.pub --session birds -m g.flp graph
	echo "authority chief.pub" > policy
	for s in $FOUR; do
		fl-mask share --key $s.key "${common[@]}" --policy policy graph > $s.share
	done
	server deliver --authority chief.pub -o in ./*.share > shares
	for s in $FOUR; do
		fl-mask apply --key $s.key "${common[@]}" --graph graph --inbox in/$s.flp $s.u > $s.apply
	done
	server survivors --authority chief.pub --shares shares ./*.apply > survivors
	for s in $FOUR; do
		fl-mask confirm --key $s.key "${common[@]}" --graph graph survivors > $s.confirm
	done
	for s in $FOUR; do
		fl-mask reveal --key $s.key "${common[@]}" --graph graph --survivors survivors ./*.confirm
	done > reveals
	unmask --authority chief.pub ./*.apply > sum.flp
	# shellcheck disable=SC2086
	fl-cmp sum.flp <(plain $FOUR)
}

@test "keys under a passphrase, and wrong calls" {
	begin
	(umask 077 && echo secret > pass)
	fl-mask keygen -o sealed --passphrase-file pass
	fl-mask roster --session sealed sealed.pub ash.pub birch.pub > roster
	fl-mask advertise --key sealed.key --passphrase-file pass --roster roster -m g.flp > /dev/null
	echo wrong > pass
	refused 3 "sealed.key" fl-mask advertise --key sealed.key --passphrase-file pass --roster roster -m g.flp
	fl-mask keygen -o alone
	refused 2 "option --key is required" fl-mask advertise --roster roster -m g.flp
	refused 2 "option --inbox: needs --graph" \
		fl-mask apply --key ash.key --roster roster -m g.flp --inbox in ash.u
	refused 2 "expected a --key, an --inbox and a file for each client, found 1, 0 and 1" \
		fl-mask apply --key ash.key --roster roster -m g.flp --graph roster ash.u
	refused 2 "expected one without --graph, found 2" \
		fl-mask apply --key ash.key --key birch.key --roster roster -m g.flp ash.u
}

# rows NAME...: makes NAME.rows, which are penguins, and their schema
rows() {
	local k=0 s
	for s; do
		k=$((k + 1))
		awk -v k=$k -v n=$# 'NR == 1 || NR % n == k - 1' "$DATA/penguins.csv" > "$s.csv"
		fl-import -x bill_length_mm,body_mass_g -y species --missing drop \
			--schema-out "$s.schema" "$s.csv" > /dev/null
	done
	cat ./*.schema > schema
	for s; do
		fl-import --schema schema --client "$s" --missing drop "$s.csv" > "$s.rows"
	done
}

@test "a round is for the model or schema of -m, and messages for another are refused" {
	# shellcheck disable=SC2086
	fleet $FOUR && rows $FOUR
	cp schema s.flp
	fl-init -a 'dense 3' -i schema -s 1 > m.flp
	fl-stats --to-mask ash.rows > ash.stats
	fl-train -m m.flp -u ash.rows | fl-noise -C 1 > ash.update
	for m in m s; do
		cp $m.flp g.flp
		# shellcheck disable=SC2086
		steps advertise $FOUR
		server graph ./*.advertise > $m.graph
		for s in $FOUR; do mv $s.advertise $s.$m; done
	done
	# an advertisement for the one is refused for the other, though the rounds have the same number
	cp m.flp g.flp
	refused 3 "ash.s: metadata: base: expected" server graph ./ash.s
	refused 3 "s.graph: metadata: base: expected" fl-mask share --key ash.key --roster roster \
		-m m.flp s.graph
	cp s.flp g.flp
	refused 3 "ash.m: metadata: base: expected" server graph ./ash.m
	for m in m s; do
		cp $m.flp g.flp
		cp $m.graph graph
		# shellcheck disable=SC2086
		steps share $FOUR
		server deliver -o $m.in ./*.share > /dev/null
	done
	round='--key ash.key --roster roster'
	# shellcheck disable=SC2086
	refused 3 "ash.stats: expected an update or params, found stats" fl-mask apply $round \
		-m m.flp --graph m.graph --inbox m.in/ash.flp ash.stats
	# shellcheck disable=SC2086
	refused 3 "ash.update: expected statistics for a schema, found update" fl-mask apply $round \
		-m s.flp --graph s.graph --inbox s.in/ash.flp ash.update
	# a data record tells the columns that its schema tells
	fl-mask advertise --key ash.key --roster roster -m ash.rows | cmp - ash.s
	while read -r other kind; do
		refused 3 "$other: expected a model or, for statistics, a schema or a data record, found $kind" \
			fl-mask advertise --key ash.key --roster roster -m $other
	done <<-'END'
		ash.stats stats
		ash.update update
		roster key
	END
	echo neither > text
	refused 3 "text:1: expected 3 or 4 fields separated by tabs, found one; it is not a model either" \
		fl-mask advertise --key ash.key --roster roster -m text
}

@test "statistics, then updates with weights and a range, in rounds of the same number" {
	# shellcheck disable=SC2086
	fleet $FOUR && rows $FOUR
	cp schema g.flp
	# shellcheck disable=SC2086
	steps advertise $FOUR
	server graph ./*.advertise > graph
	# shellcheck disable=SC2086
	steps share $FOUR
	server deliver -o in ./*.share > shares
	for s in $FOUR; do
		fl-stats --to-mask $s.rows > $s.u
		fl-stats $s.rows > $s.open
	done
	steps apply ash birch oak
	server survivors --shares shares ./*.apply > survivors
	steps confirm ash birch oak
	steps reveal ash birch oak
	cat ./*.reveal > reveals
	unmask ./*.apply > sum
	fl-aggregate --sum {ash,birch,oak}.open > plain
	fl-cmp sum plain
	rm ./*.{advertise,share,apply,confirm,reveal}

	fl-init -a 'dense 3' -i schema -S sum > g.flp
	for s in $FOUR; do
		fl-train -m g.flp -u -s 3 $s.rows > $s.u
	done
	# shellcheck disable=SC2086
	steps advertise $FOUR
	server graph ./*.advertise > graph
	# shellcheck disable=SC2086
	steps share $FOUR
	rm -rf in
	server deliver -o in ./*.share > shares
	refused 3 "expected a clipped record, found one that is raw" step apply ash
	# shellcheck disable=SC2086
	steps apply $FOUR -- --range 64 --grid 23 -w examples --max-weight 100
	server survivors --max-weight 100 --shares shares ./*.apply > survivors
	# shellcheck disable=SC2086
	steps confirm $FOUR
	# shellcheck disable=SC2086
	steps reveal $FOUR
	cat ./*.reveal > reveals
	unmask --max-weight 100 ./*.apply > sum.flp
	fl-step -m g.flp sum.flp > masked.flp
	fl-aggregate -w examples ./*.u | fl-step -m g.flp > open.flp
	fl-cmp -t 1e-4 masked.flp open.flp
}

@test "a round that was opened is not made again under another roster" {
	# shellcheck disable=SC2086
	fleet $FOUR elm && model 3 $FOUR elm
	FIVE="$FOUR elm"
	# shellcheck disable=SC2086
	{
		steps advertise $FIVE && server graph ./*.advertise > graph
		steps share $FIVE && server deliver -o in ./*.share > shares
		steps apply $FIVE && server survivors --shares shares ./*.apply > survivors
		steps confirm $FIVE
		steps reveal $FIVE
	}
	# ash leaves the statistics, so the others go on under another roster
	printf 'x\tnumber\ta\n' > schema
	printf 'a\n1\n2\n5\n' | fl-import --schema schema > rows
	fl-mask leave --stats --key ash.key --roster roster -r 0 > left
	mv roster wide
	fl-mask roster --session birds {birch,cedar,oak,elm}.pub > roster
	for s in birch cedar oak elm; do
		fl-stats --to-mask rows |
			fl-mask apply --key $s.key --roster roster --instead wide --left left -m schema > /dev/null
		refused 3 "under which this client takes part in this round" step advertise $s
		refused 3 "under which this client takes part in this round" step advertise $s --anew
	done
}

@test "plan knows how many bytes a client sends" {
	begin
	upto confirm
	# shellcheck disable=SC2086
	steps reveal $FOUR
	fl-mask plan -n 4 -C 4 --grid 12 -m g.flp > plan
	fl-dump --json ash.{advertise,share,apply,confirm,reveal} | python3 -c '
import json, math, sys
bits = int(sys.argv[1])
size = {"u8": 1, "u32": 4, "u64": bits // 8}  # u64 are masked values
print(sum(size[t["dtype"]] * math.prod(t["dims"]) for line in sys.stdin
          for t in json.loads(line)["tensors"]))' "$(sed -n 's/^bits	//p' plan)" > sent
	[ "$(sed -n 's/^bytes	//p' plan)" -eq "$(cat sent)" ]
}

@test "a key with a wrong name ends a call for many before the first of them has answered" {
	begin
	refused 2 'option --key: expected a name that ends with .key' \
		fl-mask advertise --key ash.key --key birch.pub --roster roster -m g.flp
	[ "$(grep -c round= ash.state/log || true)" -eq 0 ]
}
