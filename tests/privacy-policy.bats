# What a site's policy lets out: where the policy is, what tightens it, and each refusal.
load helper

setup() {
	{
		echo ward,sex,mass,y
		for i in $(seq 20); do
			echo "w$((i % 4)),$((i % 2 ? 1 : 0)),$((i * 7 % 13)).5,$((i % 3 ? 1 : 0))"
		done
	} > t.csv
	fl-import -x sex,mass -y y -g ward t.csv > d.flp
	fl-init -a 'dense 2' -i d.flp > m.flp
}

# policy LINE...: writes a policy of these lines to ./p
policy() { printf '%s\n' "$@" > p; }

# rare COUNT: writes t.csv with one more class, of COUNT rows, to c.csv
rare() {
	{
		cat t.csv
		for i in $(seq "$1"); do echo "w0,1,2.5,rare"; done
	} > c.csv
}

# in_system SCRIPT COMMAND...: runs the command with an empty /etc that the script has filled; skips
# the test if the system does not allow that
in_system() {
	unshare -r -m true 2> /dev/null || skip "needs namespaces of users and mounts"
	unshare -r -m bash -c 'mount -t tmpfs none /etc && mkdir /etc/fl && eval "$0" && exec "$@"' "$@"
}

@test "defaults: three rows to train on, counts of three people; open sets no limits" {
	local train='fl-train -m m.flp -u'
	sed -n '1p;3,4p' t.csv | fl-import -x sex,mass -y y > two.flp
	fl-init -a 'dense 2' -i two.flp > m.flp
	refused 3 'two.flp: policy: min-rows 3 by default: expected at least 3 rows, found fewer' \
	    $train two.flp
	$train --policy open two.flp | fl-cmp - <(FL_POLICY=open $train two.flp)
	head -n 4 t.csv | fl-import -x mass > three.flp
	refused 3 'two.flp: rows: policy: min-count 3 by default: ' fl-stats two.flp
	fl-stats --policy open two.flp > /dev/null
	fl-stats three.flp > /dev/null
	# names and levels are checked only under a policy
	rare 1
	fl-import -x mass -y y c.csv > /dev/null
	# an empty policy has the defaults too, and those of levels
	: > p
	refused 3 'policy p: min-rows 3 by default: ' fl-train --policy p -m m.flp two.flp
	refused 3 'column y: policy p: min-count 3 by default: ' fl-import --policy p -x mass -y y c.csv
}

@test "a policy that can't be used is an error in every tool that reads one" {
	local call
	for call in 'fl-stats d.flp' 'fl-train -m m.flp d.flp' 'fl-import t.csv' \
	    'fl-dump --outgoing d.flp'; do
		refused 4 'none: open: No such file' $call --policy none
		FL_POLICY=none refused 4 'none: open: No such file' $call
		refused 4 'open: Is a directory' $call --policy .
		policy '' 'min-rows 3' 'min-row 4'
		refused 3 'policy p: line 3: expected a key of fl-privacy(7), found "min-row"' \
		    $call --policy p
		policy 'min-rows three'
		FL_POLICY=p refused 3 'FL_POLICY: policy p: line 1: min-rows: expected a whole number' $call
		policy 'max-epsilon 1'
		refused 3 'policy p: line 1: max-epsilon 1: expected a line with ledger' $call --policy p
	done
	policy 'min-rows 30'
	refused 3 'policy standard input: line 1: min-rows 30: ' fl-train --policy - -m m.flp d.flp < p
	refused 2 'expected standard input once' fl-train --policy - -m m.flp < p
	FL_POLICY=- refused 2 'expected standard input once' fl-train -m m.flp < p
}

@test "two policies: the tighter of each line, whichever comes first" {
	policy 'min-rows 30'
	printf 'min-rows 4\nmin-count 8\n' > q
	for a in p q; do
		b=$([ $a = p ] && echo q || echo p)
		FL_POLICY=$a refused 3 'policy p: line 1: min-rows 30: ' fl-train --policy $b -m m.flp d.flp
		FL_POLICY=$a refused 3 'policy q: line 2: min-count 8: ' fl-stats --policy $b d.flp
	done
	# open does not loosen a policy, whichever comes first
	FL_POLICY=p refused 3 'min-rows 30' fl-train --policy open -m m.flp d.flp
	FL_POLICY=open refused 3 'min-rows 30' fl-train --policy p -m m.flp d.flp
	# nor does a line that is weaker than the default of the first
	policy 'max-clip 1'
	printf 'min-rows 1\n' > q
	sed -n '1p;3,4p' t.csv | fl-import -x sex,mass -y y > two.flp
	FL_POLICY=p refused 3 'policy p: min-rows 3 by default' fl-train --policy q -m m.flp two.flp
	fl-train --policy q -m m.flp two.flp > /dev/null
}

@test "the policy of the system binds, and is only tightened" {
	local rows='echo min-rows 30 > /etc/fl/policy' train='fl-train -m m.flp d.flp'
	in_system true true
	refused 3 'policy /etc/fl/policy: line 1: min-rows 30: ' in_system "$rows" $train
	refused 3 '/etc/fl/policy' in_system "$rows" $train --policy open
	FL_POLICY=open refused 3 '/etc/fl/policy' in_system "$rows" $train
	policy 'min-rows 2'
	refused 3 '/etc/fl/policy' in_system "$rows" $train --policy p
	FL_POLICY=p refused 3 '/etc/fl/policy' in_system "$rows" $train
	policy 'min-rows 40'
	refused 3 'policy p: line 1: min-rows 40' in_system "$rows" $train --policy p
	in_system 'echo min-rows 2 > /etc/fl/policy' $train > /dev/null
	# without the folder or the file there is no policy
	in_system 'true' $train > /dev/null
	in_system 'rmdir /etc/fl' $train > /dev/null
}

@test "a system's policy that can't be read is an error, not a missing policy" {
	local make train='fl-train -m m.flp --policy open d.flp'
	in_system true true
	for make in 'echo > /etc/p; ln -s /etc/p /etc/fl/policy' 'ln -s none /etc/fl/policy'; do
		refused 3 '/etc/fl/policy: expected a regular file, found a symbolic link' \
		    in_system "$make" $train
	done
	refused 3 '/etc/fl/policy: expected a regular file, found another' \
	    in_system 'mkfifo /etc/fl/policy' $train
	refused 4 '/etc/fl/policy: open: Is a directory' in_system 'mkdir /etc/fl/policy' $train
	refused 4 '/etc/fl/policy: open: ' in_system 'rmdir /etc/fl; echo > /etc/fl' $train
	refused 4 '/etc/fl/policy: open: ' in_system 'rmdir /etc/fl; ln -s none /etc/fl' $train
	refused 3 'policy /etc/fl/policy: line 1: ' in_system 'echo x 1 > /etc/fl/policy' $train
	need setpriv
	refused 4 '/etc/fl/policy: open: Permission denied' \
	    in_system 'echo > /etc/fl/policy; chmod 0 /etc/fl/policy' setpriv --bounding-set -all $train
	refused 4 '/etc/fl/policy: open: Permission denied' \
	    in_system 'echo > /etc/fl/policy; chmod 0 /etc/fl' setpriv --bounding-set -all $train
}

@test "fl-stats: small counts of rows, of a column, of ones, of classes, and their complements" {
	local k
	# 20 rows, of which k differ from the others, and the reverse
	for k in 0 1 2 3 17 18 19 20; do
		local small=0
		case $k in 1|2|18|19) small=1 ;; esac
		awk -v k=$k 'BEGIN { print "a"; for (; n < 20; n++) print (n < k ? 1 : 0) }' > ones.csv
		awk -v k=$k 'BEGIN { print "a,s"; for (; n < 20; n++) print n + .5 "," (n < k ? "u" : "v") }' > level.csv
		awk -v k=$k 'BEGIN { print "a,b"; for (; n < 20; n++) print n + .5 "," (n < k ? n + .5 : "") }' > gaps.csv
		for f in ones level gaps; do
			fl-import --missing keep $f.csv > $f.flp
			case $f in ones) c=a ;; level) c=s ;; gaps) c=b ;; esac
			if [ $small = 1 ]; then
				refused 3 "$f.flp: column $c: policy: min-count 3 by default: " fl-stats $f.flp
				[[ $message != *s=* ]]
			else
				fl-stats $f.flp > /dev/null
			fi
		done
		fl-import -x a -y s level.csv > classes.flp
		if [ $small = 1 ]; then
			refused 3 "classes.flp: column s: policy: min-count 3 by default: " fl-stats classes.flp
			[[ $message != *'"'* ]]
		else
			fl-stats classes.flp > /dev/null
		fi
	done
	# a small count is named, and the other data sets go on
	fl-stats d.flp > want
	awk 'BEGIN { print "a"; print 1; print 2 }' | fl-import > two.flp
	local status=0
	fl-stats two.flp d.flp > got 2> err || status=$?
	[ "$status" -eq 3 ]
	cmp want got
	# min-count moves the border
	policy 'min-count 8'
	refused 3 'column y: policy p: line 1: min-count 8: a count below 8 may not leave' fl-stats --policy p d.flp
	policy 'min-count 0'
	fl-stats --policy p two.flp > /dev/null
}

@test "fl-stats: rows that have no level, where zeros stand for it, are a count" {
	printf '%s\n' s,v A,1 A,2 A,3 B,4 B,5 B,6 ,7 > one.csv
	printf '%s\n' s,v A,1 A,2 A,3 B,4 B,5 B,6 ,7 ,8 ,9 > three.csv
	for missing in zero mean; do
		fl-import --missing $missing one.csv > one.flp
		refused 3 'one.flp: column s: policy: min-count 3 by default: ' fl-stats one.flp
		fl-stats --policy open one.flp > open.stats
		run -3 fl-dump --outgoing open.stats
		[[ $output == *'min-count '*'refused'* ]]
		fl-import --missing $missing three.csv | fl-stats > /dev/null
	done
	fl-import --missing drop one.csv | fl-stats > /dev/null
}

@test "fl-stats: a few values that differ from all others are a count" {
	column() { # the number of rows with another value, which is 2, and missing ones
		awk -v n="$1" -v missing="$2" 'BEGIN { print "v,y"; for (i = 0; i < 20; i++)
			print (i < n ? 2 : i >= 20 - missing ? "" : 1) "," i % 2 }'
	}
	refuse='t.flp: column v: policy: min-count 3 by default: a count below 3 may not leave'
	for n in 1 2; do
		for missing in 0 4; do
			column $n $missing | fl-import -y y --missing keep > t.flp
			refused 3 "$refuse" fl-stats t.flp
			[[ $message == *'rows that have another value than most'* ]]
		done
	done
	for n in 0 3 10 20; do
		column $n 4 | fl-import -y y --missing keep | fl-stats > t.flp
	done
	# three values or fewer are counted each, so values that were filled in do not hide one
	{ echo v,y; for i in {1..57}; do echo "0,$((i % 2))"; done; echo NA,0; echo NA,1; echo 250,0; } |
		fl-import -y y --missing mean > t.flp
	refused 3 "$refuse" fl-stats t.flp
	{ echo v,y; for i in {1..59}; do echo "$((i % 2)),$((i % 2))"; done; echo 9,0; } | fl-import -y y > t.flp
	refused 3 "$refuse" fl-stats t.flp
	for i in {1..6}; do echo "1,p"; echo "2,q"; done | fl-import --header v,y -y y > t.flp
	refused 3 'line 1: min-count 7: a count below 7 may not leave' \
	    fl-stats --policy <(echo min-count 7) t.flp
	# of people
	{ echo who,v,y; for i in {1..12}; do echo "p$((i % 6)),$((i == 3 || i == 9 ? 7 : 0)),$((i % 2))"; done; } > t.csv
	fl-import -y y -g who t.csv > t.flp
	refused 3 "$refuse" fl-stats t.flp
	refused 3 "$refuse" fl-stats --subject who t.flp
	sed 's/^p3,7/p4,7/; s/^p2,0/p5,7/; 2s/,0,/,7,/' t.csv | fl-import -y y -g who | fl-stats --subject who > s.flp
}

@test "fl-stats: all columns that the policy refuses are named at once" {
	printf 'a,b,c,d,y\n1,,u,1,p\n2,2,u,1,q\n3,3,u,1,p\n4,4,u,1,q\n5,5,u,1,p\n6,6,v,1,r\n' |
		fl-import -y y --missing keep --policy open > d.flp
	refused 3 'd.flp: column b: policy: min-count 3 by default: a count of all but fewer than 3 may not leave' \
	    fl-stats d.flp
	[[ $message == *'; also refused: columns c, y' ]]
	fl-stats --policy open d.flp > s.flp
}

@test "fl-stats --subject: people are counted, not rows" {
	# 4 people of 5 rows: a count of 10 rows is of 2 people
	refused 3 'policy: min-count 3 by default' fl-stats --subject ward d.flp
	policy 'min-count 2'
	fl-stats --policy p --subject ward d.flp | cmp - <(fl-stats d.flp)
	run ! grep -q 'group\|ward' <(fl-stats d.flp | fl-dump)
	# one person has all rows with a 1: many rows, but one person
	{ echo who,a; for i in $(seq 40); do echo "p$((i % 8)),$((i % 8 ? 0 : 1))"; done; } > one.csv
	fl-import -g who one.csv > one.flp
	fl-stats one.flp > /dev/null
	refused 3 'one.flp: column a: policy: min-count 3 by default: a count below 3 may not leave' fl-stats --subject who one.flp
	refused 3 'subject: expected the group column, found a, which is a feature or the label' \
	    fl-stats --subject a one.flp
	refused 3 'subject: expected the group column, found y, ' fl-stats --subject y d.flp
	refused 3 'subject: expected the group column, found sex, ' fl-stats --subject sex d.flp
	fl-import -x a one.csv > none.flp
	refused 3 'subject: expected data with groups, found none' \
	    fl-stats --subject who none.flp
}

@test "fl-import: a level of few rows, an identifier, too many levels" {
	local import='fl-import --levels ward -x ward,mass -y y'
	policy 'min-count 4'
	$import --policy p t.csv > /dev/null
	rare 3
	refused 3 'c.csv: column y: policy p: line 1: min-count 4: expected every level in at least 4 rows, found one in fewer' \
	    $import --policy p --schema-out s c.csv
	[[ $message != *rare* ]]
	[ ! -e s ]
	refused 3 'min-count 4' $import -v --policy p c.csv
	rare 4
	$import --policy p --schema-out s c.csv > /dev/null
	# the schema has it already
	rare 1
	fl-import --schema s --policy p c.csv > /dev/null
	# groups leave only with the schema
	{ cat t.csv; echo w9,1,2.5,1; } > g.csv
	fl-import -x mass -y y -g ward --policy p g.csv > /dev/null
	refused 3 'column ward: policy p: line 1: min-count 4' \
	    fl-import -x mass -y y -g ward --policy p --schema-out s2 g.csv
	[ ! -e s2 ]
	# identifiers, whatever min-count is
	policy 'min-count 0'
	awk -F, -v OFS=, 'NR > 1 { $1 = "id" NR } 1' t.csv > id.csv
	refused 3 'column ward: policy p: expected a feature with fewer levels than rows, found an identifier' \
	    $import --policy p id.csv
	$import id.csv > /dev/null
	policy 'max-levels 3'
	refused 3 'column ward: policy p: line 1: max-levels 3: expected at most 3 levels, found more' \
	    $import --policy p t.csv
	refused 3 'column ward: policy p: line 1: max-levels 3' fl-import --schema s --policy p t.csv
	policy 'max-levels 4'
	$import --policy p t.csv > /dev/null
	# labels of the other forms
	policy 'min-count 3'
	refused 3 'column label: policy p: line 1: min-count 3' \
	    fl-import -f libsvm --policy p <(printf '1 1:1\n1 1:2\n1 1:2\n2 1:3\n')
	fl-import -f libsvm --policy p <(printf '1 1:1\n1 1:2\n1 1:2\n') > /dev/null
}

@test "fl-train: few rows, and a model of another design" {
	local design
	policy 'min-rows 20'
	fl-train --policy p -m m.flp d.flp > want
	policy 'min-rows 21'
	head -n 22 <(cat t.csv; echo w1,1,1.5,0) | fl-import -x sex,mass -y y > more.flp
	refused 3 'd.flp: policy p: line 1: min-rows 21: expected at least 21 rows, found fewer' \
	    fl-train --policy p -m m.flp d.flp
	[[ $message != *20* ]]
	fl-train --policy p -m m.flp -j 2 more.flp > /dev/null
	design=$(fl-dump m.flp | awk '$1 == "design" { print $2 }')
	[ "${#design}" -eq 64 ]
	policy "model $design"
	fl-train --policy p -m m.flp d.flp | cmp - want
	# the next round is of the same design
	fl-train -u -m m.flp d.flp | fl-aggregate | fl-step -m m.flp > next.flp
	fl-train --policy p -m next.flp d.flp > /dev/null
	fl-init -a 'dense 4 relu dense 2' -i d.flp > deep.flp
	refused 3 "deep.flp: policy p: line 1: model $design: expected a model of that design, found " \
	    fl-train --policy p -m deep.flp d.flp
	fl-init -a 'dense 2' -i d.flp -S <(fl-stats d.flp) > scaled.flp
	refused 3 'expected a model of that design' fl-train --policy p -m scaled.flp d.flp
}

@test "a design is the digest of a public record of arch, loss and descriptions, as Python has it" {
	need python3
	fl-init -a 'dense 2' -i d.flp -S <(fl-stats d.flp) > m.flp
	fl-dump --json --values m.flp > m.json
	python3 - "$DATA/vectors" > want <<-'END' || skip "needs python3-xxhash"
		import json, struct, sys
		sys.dont_write_bytecode = True
		sys.path.insert(0, sys.argv[1])
		from make import *
		m = json.load(open("m.json"))
		tensors = []
		for t in m["tensors"]:
		    if t["name"].startswith(":"):
		        tensors.append(Tensor(t["name"], t["dtype"], t["dims"],
		            bytes(t["values"]) if t["dtype"] == "u8" else t["values"]))
		text = "".join("%s=%s\n" % (k, m["meta"][k]) for k in ("arch", "loss"))
		print(digest(PARAMS, PUBLIC, tensors, text.encode()))
	END
	[ "$(fl-dump m.flp | awk '$1 == "design" { print $2 }')" = "$(cat want)" ]
	[ "$(python3 -c 'import json; print(json.load(open("m.json"))["design"])')" = "$(cat want)" ]
	run ! grep -q design <(fl-dump d.flp)
}

@test "fl-dump --outgoing: all that leaves, and what the policy says about it" {
	fl-train -u -m m.flp d.flp > u.flp
	fl-stats d.flp > s.flp
	fl-dump --outgoing u.flp > out
	grep -q '^u.flp: update, raw$' out
	for word in 0.weight 0.bias base examples round steps; do grep -q "$word" out; done
	grep -q '^  allowed$' out
	policy 'metadata base round steps' 'max-clip 1' 'min-noise .5' 'min-rows 21' 'min-bits 80' 'parameters-per-row .2'
	local status=0
	fl-dump --outgoing --policy p u.flp s.flp > out 2> err || status=$?
	[ "$status" -eq 3 ]
	[ "$(cat err)" = "$(printf 'fl-dump: %s: refused by the site'\''s policy\n' u.flp s.flp)" ]
	sed -n '/^u.flp/,/^s.flp/p' out > one
	grep -q '^    metadata examples     refused: policy p: line 1: metadata: ' one
	grep -q '^    metadata base         allowed$' one
	grep -q '^    max-clip              refused: policy p: line 2: max-clip 1: ' one
	grep -q '^    min-noise             refused: policy p: line 3: min-noise 0.5: .*(noise that a server adds ' one
	grep -q '^    min-rows              refused: policy p: line 4: min-rows 21: ' one
	grep -q '^    parameters-per-row    not checked by any tool of this version$' one
	grep -q '^    min-bits              not checked here, but by fl-mask$' one
	grep -q '^  refused$' one
	# names are shown, one on each line
	fl-dump --outgoing --policy open m.flp > out
	grep -qx '    mass' out
	grep -qx '    x number mass' out
	# rows never leave
	refused_kind=$(fl-dump --outgoing d.flp 2> /dev/null | grep ' kind ') || :
	[[ $refused_kind == *"refused: policy: expected no rows, found a record of kind data" ]]
	# small counts
	awk 'BEGIN { print "a"; print 1; print 2 }' | fl-import | fl-stats --policy open > two.flp
	fl-dump --outgoing two.flp > out 2> /dev/null || status=$?
	grep -q '^    min-count             refused: rows: policy: min-count 3 by default: ' out
	refused 2 'needs --outgoing' fl-dump --policy p u.flp
	refused 2 'not allowed with --outgoing' fl-dump --outgoing -v u.flp
}

# sample: the policy that the page shows
sample() {
	sed -n '/^# may leave the ward/,/^\.Ed/p' "$ROOT/man/fl-privacy.7" |
		sed -e '$d' -e ':join' -e '/\\$/{N;s/\\\n//;b join' -e '}'
}

@test "the policy in the page, used as it stands, lets a round of updates out, plain and masked" {
	load fleet
	local s
	sample > policy
	[ "$(wc -l < policy)" -eq 6 ]
	export FL_POLICY=$PWD/policy
	fl-import -x bill_length_mm,body_mass_g -y species --missing drop --schema-out schema \
		"$DATA/penguins.csv" | fl-split -p iid -n 3 -o sites
	fl-init -a 'dense 3' -i schema > g.flp
	fleet a b c
	for s in a b c; do
		fl-train -m g.flp -u sites/client-00[$((36#$s - 10))].flp | fl-noise -C 1 > $s.u
	done
	fl-dump --outgoing ./*.u > /dev/null
	for s in a b c; do
		fl-mask apply --key $s.key --roster roster -m g.flp $s.u > $s.masked
		fl-dump --outgoing --state $s.state $s.masked > out
	done
	fl-aggregate --sum ./*.u | fl-cmp - <(fl-mask unmask --roster roster -m g.flp ./*.masked)
	rm -r ./*.key ./*.pub ./*.state
	fleet a b c
	round 'a b c' 'a b c' 'a b c' 'a b c' 'a b c'
	fl-cmp sum.flp <(plain a b c)
	fl-dump --outgoing ./*.{advertise,share,apply,confirm,reveal} > out
	fl-dump --outgoing --state a.state a.apply > out
	# but nothing that is not clipped
	fl-train -m g.flp -u sites/client-000.flp > raw
	run -3 fl-dump --outgoing raw
	refused 3 "max-clip 1: expected a clip norm of at most that" fl-noise -C 2 raw
}

@test "fl-dump --outgoing: clip and noise are read from the record" {
	need python3
	# step 2^(0 - 20) for a clip norm of 1.5; noise of half of it is 786432 steps
	made() {
		vector "make.record([make.Tensor('w', 'f32', [1], [.5])], {'base': '00', $2}, make.UPDATE, make.$1)" > u.flp
	}
	answer() { fl-dump --outgoing --policy p u.flp 2> /dev/null | awk -v what="$1" '$1 == what { print $2 }'; }
	policy 'max-clip 1.5' 'min-noise .5'
	made CLIPPED "'clip': '1.5', 'grid': 20"
	[ "$(answer max-clip) $(answer min-noise)" = "allowed refused:" ]
	made CLIPPED "'clip': '1.51', 'grid': 20"
	[ "$(answer max-clip)" = "refused:" ]
	made RAW "'clip': '1', 'grid': 20"
	[ "$(answer max-clip)" = "refused:" ]
	local noised="'clip': '1.5', 'grid': 20, 'mechanism': 'gaussian', 'place'"
	made NOISED "$noised: 'local', 'noise': 786432"
	[ "$(answer max-clip) $(answer min-noise)" = "allowed allowed" ]
	made NOISED "$noised: 'local', 'noise': 786431"
	[ "$(answer min-noise)" = "refused:" ]
	made NOISED "$noised: 'local', 'noise': 786432, 'insecure': 'test-seed'"
	[ "$(answer min-noise)" = "refused:" ]
	made NOISED "$noised: 'central', 'noise': 786432"
	[ "$(answer min-noise)" = "refused:" ]
}

@test "fl-dump --outgoing --json: an object a record" {
	need python3
	fl-train -u -m m.flp d.flp > u.flp
	policy 'metadata base' 'max-clip 1'
	fl-dump --outgoing --json --policy p u.flp m.flp > j 2> err || :
	python3 - <<-'END'
		import json
		u, m = [json.loads(line) for line in open("j")]
		assert (u["place"], u["kind"], u["privacy"], u["allowed"]) == ("u.flp", "update", "raw", False)
		assert set(u["meta"]) == {"base", "examples", "round", "steps"}, u["meta"]
		assert all(type(u["meta"][k]) is int for k in ("examples", "round", "steps")), u["meta"]
		asked = {p["what"]: p["refused"] for p in u["policy"]}
		assert asked["kind"] is None and asked["metadata base"] is None, asked
		assert asked["max-clip"].startswith("policy p: line 2: max-clip 1: "), asked
		assert asked["metadata steps"].startswith("policy p: line 1: metadata: "), asked
		assert [t["bytes"] for t in u["tensors"]] == [16, 8] and u["tensors"][0]["norm"] > 0, u["tensors"]
		lines = {t["name"]: t.get("lines") for t in m["tensors"]}
		assert lines[":features"] == ["sex", "mass"] and lines[":classes"] == ["0", "1"], lines
	END
}

@test "no message quotes a site's data, unless -v is given" {
	local secret=Xsecretx call
	printf 'a,b\n1,2\n%s,3\n' $secret > mixed.csv
	printf 'a,b\n%s,2\n4,3\n' $secret > text.csv
	printf 'a,b\n1,"2"%s\n' $secret > quote.csv
	printf '%s,b\n1,2\n' $secret > header.csv
	printf '%s,%s\n1,2\n' $secret $secret > twice.csv
	printf 'a\n%s\xff\n' $secret > bytes.csv
	printf 'a,y\n1,%s\n' $secret > label.csv
	printf 'x\tnumber\ta\nx\tnumber\tb\n' > number.schema
	printf 'x\tnumber\ta\ny\tclass\ty\tu\n' > class.schema
	printf '1 %s:1\n' $secret > index.svm
	printf '%s 1:1\n' $secret > label.svm
	printf '1 1:%s\n' $secret > value.svm
	echo $secret > numbers.txt
	while read -r call; do
		fails 3 $call
		[[ $message != *$secret* ]] || { echo "$call: $message"; return 1; }
		fails 3 $call -v
		[[ $message == *$secret* ]] || { echo "$call -v: $message"; return 1; }
	done <<-END
		fl-import mixed.csv
		fl-import text.csv
		fl-import --schema number.schema text.csv
		fl-import --schema class.schema label.csv
		fl-import -y y --target number label.csv
		fl-import -x c header.csv
		fl-import twice.csv
		fl-import bytes.csv
		fl-import -f libsvm index.svm
		fl-import -f libsvm label.svm
		fl-import -f libsvm value.svm
		fl-import -f txt numbers.txt
	END
	fails 3 fl-import quote.csv
	[[ $message != *'"X"'* ]]
	# names of a data set that a model does not know
	sed "s/,1\$/,$secret/" t.csv | fl-import -x sex,mass -y y > other.flp
	fails 3 fl-train -m m.flp other.flp
	[[ $message != *$secret* ]]
	refused 3 "found \"$secret\"" fl-train -v -m m.flp other.flp
}

# levels COUNT...: rows of a column s with so many of each level, a, b, ..., and a number
levels() {
	echo s,n
	awk -v counts="$*" 'BEGIN {
		k = split(counts, count, " ")
		for (i = 1; i <= k; i++) for (j = 0; j < count[i]; j++) print substr("abcdef", i, 1) "," ++n
	}'
}

@test "a reference is a level too: its rows, those of all others, and its people" {
	policy 'min-count 3'
	levels 9 8 2 > c.csv
	refused 3 'c.csv: column s: policy p: line 1: min-count 3: expected every level in at least 3 rows' \
		fl-import --policy p --reference s=c c.csv
	fl-import --reference s=c c.csv > c.flp
	refused 3 'c.flp: column s: policy: min-count 3 by default: ' fl-stats c.flp
	fl-stats --policy open c.flp > stats.flp
	run -3 fl-dump --outgoing --policy p stats.flp
	grep -q '^    min-count  *refused: column s: ' <<< "$output"
	fl-import --reference s=a c.csv > c.flp
	refused 3 'c.flp: column s: ' fl-stats c.flp
	levels 9 8 3 > c.csv
	for r in a b c; do
		fl-import --policy p --reference s=$r c.csv > c.flp
		fl-stats c.flp > /dev/null
	done
	# all but the reference: each of the others may have enough rows that have a value
	levels 12 1 1 > c.csv
	policy 'min-count 0'
	fl-import --reference s=a c.csv | fl-stats --policy p > /dev/null
	# missing values are on neither side
	levels 9 8 4 | sed 's/c,/?,/2; $s/^c/?/' > c.csv
	fl-import --missing keep --reference s=c c.csv > c.flp
	policy 'min-count 1'
	fl-stats --policy p c.flp > /dev/null
	levels 9 8 4 | sed '$s/^c/?/; 20,21s/^c/?/' > c.csv
	fl-import --missing keep --reference s=c c.csv > c.flp
	refused 3 'c.flp: column s: policy: min-count 3 by default: ' fl-stats c.flp
	# people: 8 rows of the reference are of two
	{ echo who,s; for i in $(seq 40); do echo "p$((i % 10)),$((i % 10 < 2 ? 1 : i % 2 + 2))"; done; } > who.csv
	fl-import -g who --levels s --reference s=1 who.csv > who.flp
	fl-stats who.flp > /dev/null
	refused 3 'who.flp: column s: policy: min-count 3 by default: ' fl-stats --subject who who.flp
	fl-import -g who --levels s --reference s=2 who.csv > who.flp
	refused 3 'who.flp: column s: ' fl-stats --subject who who.flp
	sed 's/^p[01],1/p0,2/' who.csv | fl-import -g who --levels s --reference s=2 > who.flp
	fl-stats --subject who who.flp > /dev/null
}

@test "levels of a column that has a reference can't be more than its rows" {
	need python3
	# in 20 rows 12 have s=b, and 12 have s=c
	vector 'make.record([make.Tensor("x", "f32", [20, 2],
	    [v for i in range(20) for v in (i < 12, 2 <= i < 14)]),
	    make.Tensor(":features", "u8", [8], b"s=b\ns=c\n"),
	    make.Tensor(":schema", "u8", [50],
	        b"x\tlevel\ts\ta\nx\tlevel\ts\tb\nx\tlevel\ts\tc\nreference\ts\ta\n")], {}, make.DATA)' > odd.flp
	refused 3 'odd.flp: column s: expected a row to have one level at most, found other counts' fl-stats odd.flp
}
