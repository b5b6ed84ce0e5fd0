# What all tools must do in the same way, tested on every tool.
load helper
load contract

@test "every tool has a row in this file" {
	has_row() { rows | grep -q " $1 "; }
	each_tool has_row
}

@test "--help and --version" {
	helps() {
		"$@" --help > help || return
		head -n 1 help | grep -q "^usage: $*" && grep -q -e --version help &&
			[ "$(sed -n 2p help | wc -w)" -gt 3 ] &&
			[[ $("$@" --version) =~ ^$1\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	}
	each_command helps
}

@test "--help and --version to a full disk" {
	fills() {
		local status=0
		"$@" --help > /dev/full 2>/dev/null || status=$?
		[ "$status" -eq 4 ] || return
		"$@" --version > /dev/full 2>/dev/null || status=$?
		[ "$status" -eq 4 ]
	}
	each_command fills
}

@test "an unknown option is a usage error" {
	unknown() {
		refused 2 --no-such-option "$@" --no-such-option && fails 2 "$@" -%
	}
	each_command unknown
}

@test "an option without its argument, and one argument too many" {
	lacking() {
		local option
		for option in $("$@" --help | sed -n 's/^ *\(-., \)*--\([a-z0-9-]*\) [A-Za-z].*/\2/p'); do
			refused 2 "$option" "$@" --"$option" || return
		done
		for option in $("$@" --help | sed -n 's/^ *\(-., \)*--\([a-z0-9-]*\)  .*/\2/p' | grep -v -e help -e version); do
			refused 2 "$option" "$@" --"$option"=x || return
		done
	}
	each_command lacking
}

@test "every seed may be up to 2^53 - 1" {
	seeds() {
		"$@" --help | grep -q -e --seed || return 0
		refused 2 'option --seed: expected a whole number from 0 to 9007199254740991' \
			"$@" --seed 9007199254740992 || return
		"$@" --seed 9007199254740991 < /dev/null 2> err || true
		[ -s err ] && ! grep -e --seed err
	}
	each_command seeds
}

@test "good input: exit 0, silence on standard error" {
	silent() {
		the_call "$good" > good.out 2> err || return
		cat err
		[ ! -s err ]
	}
	each_call '*' silent
}

@test "from a pipe and from -: the same output" {
	piped() {
		good_call || return
		cat "$good" | the_call - > piped.out || return
		cmp_but_names good.out piped.out || return
		the_call - < "$good" > piped.out || return
		cmp_but_names good.out piped.out
	}
	cmp_but_names() {
		cmp <(sed "s|$good|standard input|" "$1") <(sed 's|^-\t|standard input\t|' "$2")
	}
	each_call '*' piped '*<*'
}

# All of them are in slow/contract.bats.
@test "bad vectors are refused by name, without output: every call has an eighth of them" {
	local turn=0
	vectors() {
		local all=("$DATA"/vectors/bad/*.flp) i
		for ((i = turn++ % 8; i < ${#all[@]}; i += 8)); do
			refuses_vector "${all[i]}" || return
		done
	}
	each_call '*.flp' vectors
}

@test "input that is cut at the border of every region" {
	cut() {
		local n=$(stat -c %s "$good") h=$(header "$good") at
		for at in 1 8 63 64 $((h - 1)) $h $((h + 1)) $((n - 65)) $((n - 64)) $((n - 63)) $((n - 1)); do
			[ "$at" -ge "$h" ] || [ "$at" -lt 64 ] || [ "$h" -gt 64 ] || continue
			head -c "$at" "$good" > cut.flp
			bad_call cut.flp "$(name_of cut.flp)" || { echo "cut at $at of $n"; return 1; }
			from_stdin || cat cut.flp | bad_call - 'standard input:' || { echo "pipe cut at $at of $n"; return 1; }
		done
	}
	each_call '*.flp' cut
}

@test "a bit flipped in every region" {
	flips() {
		local n=$(stat -c %s "$good") h=$(header "$good") at
		for at in 0 4 8 9 10 12 17 24 33 $((h - 8)) $((h - 1)) $h $((h + 3)) $((n - 65)) $((n - 64)) \
		    $((n - 60)) $((n - 40)) $((n - 32)) $((n - 24)) $((n - 9)) $((n - 1)); do
			flip "$good" "$at" flipped.flp
			bad_call flipped.flp "$(name_of flipped.flp)" || { echo "byte $at of $n"; return 1; }
		done
	}
	each_call '*.flp' flips
}

@test "one byte, line end or empty block too many" {
	trailing() {
		local more
		for more in '\0' '\n' '\x89FLP\r\n\x1a\n' "$(printf '\\0%.0s' {1..64})"; do
			{ cat "$good"; printf "$more"; } > more.flp
			bad_end more.flp "$(name_of more.flp)" || return
		done
	}
	each_call '*.flp' trailing
}

@test "text, programs and zeros are not records" {
	others() {
		printf 'bill_length_mm,species\n39.1,Adelie\n' > other
		bad_call other "$(name_of other)" || return
		head -c 300 "$BIN/fl-dump" > other
		bad_call other "$(name_of other)" || return
		head -c 300 /dev/zero > other
		bad_call other "$(name_of other)"
	}
	each_call '*.flp' others
}

# Names with a blank and with a newline, the last without its NUL.
@test "--files-from: the same output as from operands" {
	local call good=$BATS_FILE_TMPDIR
	cp "$good/data.flp" 'a b'
	cp "$good/data.flp" $'c\nd'
	for call in 'fl-stats' 'fl-dump -v' "fl-eval -m $good/model.flp" "fl-train -m $good/model.flp"; do
		$call 'a b' $'c\nd' 'a b' > operands
		printf '%s\0' 'a b' $'c\nd' 'a b' > list
		$call --files-from list | cmp - operands
		$call --files-from - < list | cmp - operands
		head -c -1 list | $call --files-from - | cmp - operands
		refused 2 'option --files-from: expected no operands with it, found "a b"' \
			$call --files-from list 'a b'
		refused 4 'none: open' $call --files-from none
		printf 'a b\0\0' > list
		refused 3 'list: name 2: expected a name, found an empty one' $call --files-from list
		refused 3 'standard input: name 1: expected a file, found -' $call --files-from - < <(printf -- '-\0')
		refused 3 "expected a record, found nothing" $call --files-from /dev/null < list
	done
	refused 3 "expected a record, found nothing" fl-dump --files-from /dev/null < list
	refused 3 'clients: expected a client a line, found none' fl-sample -n 1 -s 1 --files-from /dev/null
	fl-aggregate --like "$good/model.flp" --files-from /dev/null |
		cmp - <(fl-aggregate --like "$good/model.flp" /dev/null)
	printf '%s\0' "$good/update.flp" | fl-aggregate --files-from - | cmp - <(fl-aggregate "$good/update.flp")
	printf '%s\0' b a | fl-sample -q 1 -s 1 --files-from - | cmp - <(fl-sample -q 1 -s 1 a b)
	printf '%s\0' "$good/cohort.flp" | fl-sample --list --files-from - | cmp - <(fl-sample --list "$good/cohort.flp")
}

@test "the tools that go on after a bad input, and no others, are filters here" {
	goes_on() { "$@" --help | grep -q -e '--strict .*the first bad input'; }
	listed() {
		! goes_on "$@" || filters | grep -qE " $*( |\$)"
	}
	each_command listed
	stays() {
		local words=($call)
		[[ ${words[1]} == [a-z]* ]] || words=("${words[0]}")
		goes_on "${words[@]:0:2}"
	}
	each_filter stays
}

@test "a filter names a bad input and goes on with the others; --strict stops at it" {
	some() {
		local bad
		bad_inputs
		cp "$good" one.flp
		cp "$good" two.flp
		each_of one.flp
		mv want first
		each_of one.flp two.flp
		for bad in bad/*; do
			filtered 3 one.flp "$bad" two.flp && cmp out want && names "$bad" || return
			filtered 3 --strict one.flp "$bad" two.flp && cmp out first && names "$bad" || return
			refused 3 ": $bad: " filter "$bad" || return
		done
		filtered 3 bad/* && [ ! -s out ] && names bad/* || return
		filtered 3 bad/text one.flp bad/empty bad/value two.flp bad/header && cmp out want &&
			names bad/{text,empty,value,header} || return
		filtered 3 one.flp - two.flp < /dev/null && cmp out want && names 'standard input'
	}
	each_filter some
}

@test "a filter goes on after a bad record of a stream, or says that it can't" {
	some() {
		local bad
		bad_inputs
		rm bad/empty
		fl-put --zlib packed < "$good"
		flip packed $(($(header packed) + 20)) bad/zlib
		cp "$good" two.flp
		cp "$good" stream
		each_of stream
		mv want first
		cat "$good" "$good" > stream
		each_of stream
		for bad in bad/*; do
			cat "$good" "$bad" "$good" > stream
			filtered 3 stream && names 'stream: record 2' || return
			case $bad in
			*/value | */unfit | */zlib)
				! grep 'nothing after it' err && same_but_places out want || return ;;
			*)
				grep -q '; nothing after it in this input is read$' err && cmp out first || return ;;
			esac
			cp out file
			cat stream | filtered 3 - && LC_ALL=C sed 's/standard input/stream/' out | cmp - file || return
			# the files after it are read all the same
			filtered 3 stream two.flp && filter two.flp > want.two &&
				tail -c "$(stat -c %s want.two)" out | cmp - want.two || return
		done
	}
	same_but_places() {
		cmp <(LC_ALL=C sed 's/: record [23]//' "$1") <(LC_ALL=C sed 's/: record [23]//' "$2")
	}
	each_filter some
}

@test "what the system fails to read ends a filter, and its output lacks its end" {
	some() {
		local absent
		cp "$good" one.flp
		each_of one.flp one.flp
		for absent in none.flp folder locked; do
			[ $absent != locked ] || [ "$(id -u)" -ne 0 ] || continue
			filtered 4 one.flp $absent one.flp && names $absent || return
			[ "$(stat -c %s out)" -lt "$(stat -c %s want)" ] || return
			cmp -n "$(stat -c %s out)" out want || return
		done
	}
	mkdir folder
	touch locked
	chmod 0 locked
	each_filter some
}

@test "standard input named twice, standard output that is an input: refused" {
	twice() {
		local call="$call -"
		refused 2 '' the_call - < "$good"
	}
	each_call '*' twice '*<*'
	over() {
		cp "$good" file
		local status=0
		the_call file >> file 2> err || status=$?
		cmp file "$good" && [ "$status" -eq 2 ] &&
			grep -q '^fl-[a-z]*: standard output: expected a file other than file$' err || {
			echo "exit status $status"
			cat err
			return 1
		}
		status=0
		the_call - < file 1<> file 2> err || status=$?
		cmp file "$good" && [ "$status" -eq 2 ] && grep -q 'other than standard input$' err
	}
	each_call '*' over '*<*'
	refused 2 'expected standard input once, found - twice' fl-dump - - < /dev/null
	refused 2 'expected standard input once, found - twice, once because no file is given' \
		fl-train -m - < /dev/null
	refused 2 'expected standard input once, found - twice, once because no file is given' \
		fl-predict -m - < /dev/null
	fails 2 fl-predict -m - - < /dev/null
	[ "$message" = 'fl-predict: expected standard input once, found - twice' ]
	refused 2 'expected standard input once, found - twice' fl-aggregate --like - - < /dev/null
	refused 2 'expected standard input once, found - twice' \
		fl-import --schema - --schema x --scale - y.csv < /dev/null
	# labels and groups of idx are files, too
	refused 2 'expected standard input once, found - twice' fl-import -f idx -y - < /dev/null
	refused 2 'expected standard input once, found - twice' \
		fl-import -f idx -y - -g - images < /dev/null
	touch labels
	fl-import -f idx -y labels images > labels 2> err || [ "$?" -eq 2 ]
	grep -q 'standard output: expected a file other than labels' err
}

@test "a missing file, a folder" {
	absent() {
		refused 4 none.flp the_call none.flp && refused 4 folder the_call folder
	}
	mkdir folder
	each_call '*' absent '*<*'
}

@test "an error with a long path still has the file's name and the reason" {
	local long=$(printf 'd%.0s' {1..200})
	long=$(printf "$long/%.0s" {1..15})
	mkdir -p "$long"
	far() {
		refused 4 "d/none: open: No such file" the_call "${long}none" || return
		[[ $good == *.flp ]] || return 0
		head -c 70 "$good" > "${long}cut.flp"
		bad_call "${long}cut.flp" d/cut.flp:
	}
	each_call '*' far '*<*'
}

@test "empty standard input is a bad input of every tool, named in one line" {
	empty() {
		refused 3 '' the_call "$(from_stdin && echo /dev/stdin || echo -)" < <(true) || return
		[[ $message =~ ^fl-[a-z]+:\ standard\ input:\ empty\ \(did\ the\ command\ before\ it\ fail\?\)$ ]] ||
			{ echo "$message"; return 1; }
	}
	# one of three inputs, without which there is nothing to open, as a second line says
	each_call '*' empty '*silo.c.flp*'
	# where zeros can be the result, none is a number of clients too
	fl-aggregate --like "$BATS_FILE_TMPDIR/model.flp" < <(true) | fl-dump | grep -q update
	call="fl-aggregate --like $BATS_FILE_TMPDIR/model.flp --expect 2"
	empty
	call="fl-aggregate --min-clients 2"
	empty
	call="fl-cmp $BATS_FILE_TMPDIR/model.flp -"
	empty
}

@test "closed standard input is a failure where it is read, and nothing elsewhere" {
	closed() {
		refused 4 'standard input' the_call - <&- || return
		good_call || return
		the_call "$good" <&- > closed.out && cmp good.out closed.out || return
		rm -rf out
	}
	each_call '*' closed '*<*'
}

# The same output or a message, and nothing else.
@test "few descriptors: the same output, or the system's failure" {
	local limit
	few() {
		good_call || return
		local status=0
		(ulimit -n $limit; the_call "$good") > few.out 2> err || status=$?
		case $status in
		0) cmp good.out few.out && [ ! -s err ] ;;
		4) grep -q '^fl-[a-z]*: .*: Too many open files$' err && [ $limit -lt 16 ] && no_file ;;
		127) grep -q 'error while loading shared libraries' err && [ $limit -lt 8 ] ;;
		*) cat err; return 1 ;;
		esac || return
		rm -rf out out.flp
	}
	for limit in 6 7 8 9 10 16; do
		each_call '*' few
	done
}

@test "a full folder of temporary files is named" {
	spool() {
		ulimit -f 8
		cat "$DATA/penguins.csv" | TMPDIR=$PWD fl-import -y species -x body_mass_g --missing drop
	}
	refused 4 "fl-import: temporary file: write in $PWD: File too large" spool
}

@test "few descriptors: any number of files" {
	fl-split -p iid -n 80 -o many "$BATS_FILE_TMPDIR/data.flp"
	local model=$BATS_FILE_TMPDIR/model.flp call i limit
	for i in many/*.flp; do
		fl-train -u -m "$model" "$i" | fl-put --zlib "${i%.flp}.update"
	done
	for call in "fl-train -u -j 4 -m $model many/*.flp" "fl-eval -m $model many/*.flp" \
		'fl-stats --policy open many/*.flp' 'fl-dump many/*.flp' 'fl-noise -C 1 many/*.update' \
		'fl-aggregate many/*.update' \
		'fl-aggregate --rule median many/*.update' 'fl-aggregate --strict --rule median many/*.update' \
		'cat many/*.update | fl-aggregate --rule median' \
		"fl-split -p iid -n 80 -o out $BATS_FILE_TMPDIR/data.flp && cat out/* && rm -r out"; do
		eval "$call" > want
		for limit in 16 20 32; do
			(ulimit -n $limit; eval "$call") | cmp - want || { echo "$limit: $call"; return 1; }
		done
	done
}

# For calls that write to standard output.
writes() {
	good_call
	[ -s good.out ]
}

# Once at the end and, for larger inputs, while the input is still open.
@test "a full disk: the message names standard output and not an input" {
	full() {
		writes || return 0
		local status=0
		[ "$(stat -c %s good.out)" -le 131072 ] || large+="${call%% *} "
		the_call "$good" > /dev/full 2> err || status=$?
		cat err
		[ "$status" -eq 4 ] && [ "$(wc -l < err)" -eq 1 ] &&
			grep -qE '^fl-[a-z]+: standard output: write: No space left on device$' err
	}
	each_call '*' full
	local small=$BATS_FILE_TMPDIR large=
	local BATS_FILE_TMPDIR=$PWD/large N=20000
	mkdir large
	cp "$small"/*.* large
	for ((i = 0; i < 60; i++)); do
		tail -n +2 "$DATA/penguins.csv"
	done >> large/data.csv.txt
	seq 100000 > large/params.txt
	fl-import -f txt --as params large/params.txt > large/params.flp
	fl-init -a "dense $N relu dense 3" -i large/data.flp > large/model.flp
	fl-train -u -m large/model.flp large/data.flp > large/update.flp
	seq -f 'client-of-a-long-name-%.0f' 20000 | fl-sample -n 10000 -s 1 > large/cohort.flp
	each_call '*' full
	[ "$(printf '%s\n' $large | sort -u | xargs)" = \
		'fl-aggregate fl-export fl-import fl-init fl-noise fl-sample fl-step fl-train' ]
}

@test "closed standard output: an error, and nothing is lost" {
	closed() {
		writes || return 0
		local status=0
		cp "$good" copy
		the_call "$good" >&- 2> err || status=$?
		cat err
		[ "$status" -eq 4 ] && grep -q '^fl-[a-z]*: ' err && cmp "$good" copy
	}
	each_call '*' closed
}

@test "closed standard error: the same output, the same status, nothing lost" {
	closed() {
		local status=0
		good_call || return
		cp "$good" copy
		the_call "$good" 2>&- > closed.out || return
		cmp good.out closed.out && cmp "$good" copy || return
		rm -rf out out.flp
		[[ $good == *.flp ]] || return 0
		head -c 100 "$good" > cut.flp
		the_call cut.flp 2>&- > closed.out || status=$?
		[ "$status" -eq 3 ] && [ ! -s closed.out ]
	}
	each_call '*' closed
}

@test "a reader that goes away ends a tool quietly" {
	leaves() {
		local status
		the_call "$good" 2> err | head -c 1 > one || true
		cat err
		[ ! -s err ] || return
		rm -rf out out.flp
	}
	each_call '*' leaves
}

@test "records are not written to a terminal, text is" {
	need script
	script -qec true /dev/null || skip "needs a pseudo-terminal"
	echo 1 | fl-import -f txt > p.flp
	cp p.flp q.flp
	for line in 'fl-init -a "dense 1" -n 2' 'fl-import -f txt /dev/null' 'fl-aggregate p.flp' \
		'fl-sample -n 1 -s 1 a' 'fl-stats p.flp' 'fl-step -m p.flp q.flp' 'fl-train -m p.flp q.flp'; do
		run script -qec "$line" /dev/null
		echo "$line: $output"
		[ "$status" -ne 0 ]
		[[ $line == fl-train* || $line == fl-step* || $output == *"is a terminal"* ]]
	done
	script -qec 'fl-dump p.flp' /dev/null | grep -q params
}

# on_terminal SECONDS KEYS COMMAND: what a terminal shows if KEYS are typed after SECONDS
on_terminal() {
	python3 "$ROOT/tests/typed.py" -s "$1" -k "$2" sh -c "$3" | tr -d '\r'
}

@test "a tool that waits for a terminal says so, once, after a second" {
	need python3
	local line=': waiting for standard input on the terminal (see --help)'
	for tool in "fl-import -f csv > out" "fl-mask roster --session study > out" \
		"fl-sample -n 1 -s 1 > out" "fl dump"; do
		on_terminal 3 'a\na\n\x04\x04\x04\x04' "$tool" > shown || true
		name=${tool/ dump/-dump}
		[ "$(grep -cxF "${name%% *}$line" shown)" -eq 1 ] || { cat shown; return 1; }
	done
	# not if something is typed, or where nobody sees it, or if a file is read
	on_terminal 0 '0.5\n\x04\x04\x04\x04' "fl-import -f txt --as params > p.flp" > shown
	run ! grep waiting shown
	fl-dump p.flp | grep -q '^  values'
	on_terminal 1.5 'a\n\x04\x04\x04\x04' "fl-dump 2> err" > shown || true
	run ! grep waiting shown err
	on_terminal 1.5 'a\n' "sleep 1.2 | fl-dump; fl-dump p.flp" > shown || true
	run ! grep waiting shown
	grep -q '^p.flp: params' shown
}

@test "long work on a terminal: how many files, how much of one, how long still" {
	need python3
	local good=$BATS_FILE_TMPDIR
	mkfifo slow
	# shown TEXT COMMAND: a line of progress is drawn and wiped; the file comes after a while
	shown() {
		on_terminal 0 '' "(sleep 1.5; cat $good/data.flp > slow) & $2; wait" > screen || true
		[ -z "$1" ] || grep -qaF "$1" screen || { cat -v screen; return 1; }
		! tail -c 4 screen | grep -qa left
	}
	shown '2 of 3 files, ' "fl-stats $good/data.flp slow $good/data.flp > out"
	shown '2 of 3 files, ' "fl-eval -m $good/model.flp $good/data.flp slow $good/data.flp > out"
	shown '1 of 2 files, step 1 of 1000, ' "fl-train -m $good/model.flp -k 1000 $good/data.flp slow > out"
	shown '' "fl-train -m $good/model.flp -k 1000 slow > out"
	run ! grep -a files screen
	shown '2 of 3 files' "fl-aggregate --where none=1 $good/data.flp slow $good/data.flp > out"
	# a message stands on a line of its own
	shown $'\033[Kfl-stats: '"$good/model.flp: " "fl-stats $good/data.flp slow $good/data.flp $good/model.flp > out"
	# not where the results are seen, nor where nobody looks
	shown '' "fl-eval -m $good/model.flp $good/data.flp slow $good/data.flp"
	run ! grep -a files screen
	shown '' "fl-stats $good/data.flp slow $good/data.flp > out 2> err"
	[ ! -s err ]
	run ! grep -a files screen
}

@test "hostile names of files and options show no control bytes" {
	echo 1 | fl-import -f txt > $'a\e[31m\n.flp'
	fl-dump a*.flp > out
	head -n 1 out | grep -qF 'a\x1b[31m\x0a.flp: params, raw'
	refused 2 'unknown or ambiguous option --\x1b[31m (see fl-dump --help)' fl-dump --$'\e[31m'
	refused 2 'unknown option -\xff' fl-dump -$'\xff'
}
