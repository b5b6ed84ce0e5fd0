# What a person sees: names with characters that do not show, columns of wide ones, and how a
# terminal is read.
load helper
export FL_POLICY=open

JOINED=$'\u0645\u06cc\u200c\u062e' # a word that is spelled with a joiner

# on_terminal COMMAND: what a terminal shows of it
on_terminal() {
	python3 "$ROOT/tests/typed.py" sh -c "$1" | tr -d '\r'
}

@test "the end of a terminal's input is typed once" {
	need python3
	on_end() {
		timeout 20 python3 "$ROOT/tests/typed.py" -s 0.3 -k "$1\\x04" sh -c "$2"
	}
	on_end '1 2\n' 'fl-import -f txt > one.flp'
	[ "$(fl-export one.flp)" = "1 2" ]
	on_end 'a,b\n1,2\n' 'fl-import > two.flp'
	[ "$(fl-export -f csv two.flp | tail -n 1)" = 1,2 ]
	on_end 'a\nb\n' 'fl-sample -n 1 -s 1 > three.flp'
	[ "$(fl-sample --list three.flp | wc -l)" -eq 1 ]
	on_end '' 'fl-import -f txt > out 2> err; [ $? -eq 3 ]'
	grep -q 'standard input: empty' err
}

@test "a name with characters that do not show or turn text round is refused" {
	local odd
	for odd in 'ufeff FEFF' 'u200b 200B' 'u202e 202E' 'u2066 2066' 'u200f 200F' 'u00ad 00AD' \
		'u2060 2060' 'u3164 3164' 'U000e0041 E0041'; do
		printf "a,b\\${odd% *},y\n1,2,u\n" > t.csv
		refused 3 "header: column 2: a text: expected characters that show, found U+${odd#* }" \
			fl-import -y y t.csv
		printf "a,y\n1,u\n2,u\\${odd% *}\n" > t.csv
		refused 3 "row 2 (line 3): column y: a text: expected characters that show, found U+${odd#* }" \
			fl-import -y y t.csv
		refused 3 "\"u\\u{${odd#* }}\"" fl-import -v -y y t.csv
		printf "a,y\n1,u\n" > t.csv
		refused 2 "header: \"b\\u{${odd#* }}\": expected characters that show" \
			fl-import -v --header "$(printf "a,b\\${odd% *}")" t.csv
	done
	# clients, from the command line
	refused 2 'option --client: expected a name of characters that show, found "a\u{202E}"' \
		fl-import --client $'a\u202e' t.csv
	refused 2 'a\u{202E}: expected a name in printable UTF-8 that shows' fl-sample -n 1 -s 1 $'a\u202e'
	# a byte order mark at the beginning of a file is not a part of a name
	printf '\ufeffa,y\n1,u\n' | fl-import -y y | fl-export -f csv | grep -qx 1,u
}

@test "a joiner is taken, shown by its number to people, and exact in data" {
	printf "$JOINED,y\n1,u\n2,$JOINED\n" | fl-import -y y --client "s$JOINED" > d.flp
	fl-dump d.flp > listing
	grep -qF 's'$'\u0645\u06cc''\u{200C}' listing
	fl-dump -v d.flp | grep -qxF $'\u0645\u06cc''\u{200C}'$'\u062e'
	fl-dump --outgoing d.flp | grep -F '\u{200C}'
	run ! grep $'\u200c' listing
	[ "$(fl-export -f csv d.flp | head -n 1)" = "$JOINED,y" ]
	fl-dump --json d.flp > json
	grep -qF '\u200c' json
	run ! grep $'\u200c' json
	[ "$(python3 -c 'import json; print(json.load(open("json"))["meta"]["client"])')" = "s$JOINED" ]
	[ "$(fl-dump --outgoing --json d.flp | python3 -c 'import json, sys
print([t for t in json.load(sys.stdin)["tensors"] if t["name"] == ":features"][0]["lines"][0])')" = "$JOINED" ]
	# a file, in a message
	refused 4 'f\u{202E}: open' fl-dump $'f\u202e'
	refused 4 'f\u{200C}: open' fl-dump $'f\u200c'
}

@test "a terminal gets no character that does not show, a pipe gets names as they are" {
	need python3
	printf "x,y\n1,u\n2,$JOINED\n" | fl-import -y y --schema-out schema --client "$JOINED" > d.flp
	fl-init -a 'dense 2' -i schema -s 1 > m.flp
	for line in 'fl-eval -m m.flp d.flp' 'fl-eval -c -m m.flp d.flp' 'fl-predict -m m.flp d.flp' \
		'fl-export -f csv d.flp' 'fl-dump --json d.flp'; do
		eval "$line" > piped
		on_terminal "$line" > shown
		run ! grep $'\u200c' shown
		grep -qE '\\u(\{200C\}|200c)' shown || { cat shown; return 1; }
		[[ $line == *--json* ]] || grep -q $'\u200c' piped
	done
}

@test "wide characters take two columns of a terminal, combining ones none, in a file all are one" {
	need python3
	printf 'x,y\n1,u\n2,w\n' | fl-import -y y --schema-out schema > d.flp
	fl-init -a 'dense 2' -i schema -s 1 > m.flp
	local name
	for name in ab $'\u540d\u524d' $'a\u0301e\u0301' $'\U1f600'; do
		printf 'x,y\n1,u\n2,w\n' | fl-import --schema schema --client "$name"
	done > clients.flp
	on_terminal 'fl-eval -m m.flp clients.flp' > shown
	# the rows end at one column, as a terminal counts them
	python3 - <<-'END'
		import unicodedata
		def columns(s):
		    return sum(0 if unicodedata.combining(c) else
		        2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in s)
		lines = open("shown").read().splitlines()
		assert len(lines) == 6 and len({columns(l) for l in lines}) == 1, lines
	END
	LC_ALL=C on_terminal 'fl-eval -m m.flp clients.flp' | cmp shown -
	# tensors of other frameworks
	vector 'make.record([make.Tensor(name, "f32", [1], [1]) for name in ("\u540d\u524d", "abcd", "b\u202e")])' \
		> p.flp
	on_terminal 'fl-dump p.flp' | sed -n 3,5p > shown
	printf '  %s  f32       1             dense' $'\u540d\u524d     ' 'abcd     ' 'b\u{202E}' |
		sed 's/dense/&\n/g' > want
	fl-dump p.flp | sed -n 3p | grep -q $'^  \u540d\u524d         f32'
	diff <(sed 's/dense.*/dense/' shown) want
}
