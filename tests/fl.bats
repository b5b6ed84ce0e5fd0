load helper

@test "alone it lists every tool with the first line of its page" {
	fl > list
	for path in "$BIN"/fl-*; do
		name=${path##*/fl-}
		purpose=$(sed -n 's/^\.Nd //p' "$ROOT/man/fl-$name.1")
		tr -s '\n ' ' ' < list | grep -qF " $name $purpose" || { echo "$name"; cat list; return 1; }
	done
	[ "$(grep -c '^  [^ ]' list)" -eq "$(ls "$BIN" | grep -c '^fl-')" ]
	[ "$(grep -E '^  (cmp|put) ' list)" = "\
  cmp        compare the numbers of two files of records, within a tolerance
  put        store records from standard input in FILE, whole or not at all" ]
	run ! grep -E '.{81}' list
	[ "$(fl -)" = "$(fl)" ]
	[ "$(fl help)" = "$(fl)" ]
}

@test "a new tool is listed without any change, and a program of others is neither listed nor run" {
	mkdir -p tree/src tree/man bin
	cp "$ROOT/Makefile" tree/
	touch tree/src/fl-new.c
	printf '.Nd be new\n' > tree/man/fl-new.1
	make -s -C tree O=made made/fl/names.h
	[ "$(<tree/made/fl/names.h)" = '{ "new", "be new", 0 },' ]
	mkdir tree/src/fl-new # its verbs
	make -s -B -C tree O=made made/fl/names.h
	[ "$(<tree/made/fl/names.h)" = '{ "new", "be new", 1 },' ]
	cp "$BIN/fl" bin/
	printf '#!/bin/sh\ntouch ran\n' > bin/fl-other
	chmod +x bin/fl-other
	bin/fl | cmp - <(fl)
	bin/fl --complete '' | cmp - <(fl --complete '')
	[ ! -e ran ]
}

@test "fl help NAME is the page where man and the page are there, else --help" {
	mkdir -p tree/bin tree/man fake empty
	cp "$BIN/fl" "$BIN/fl-dump" "$BIN/fl-mask" tree/bin/
	printf '#!/bin/sh\necho "$@"\n' > fake/man
	chmod +x fake/man
	PATH=$PWD/fake:$PATH
	[ "$(tree/bin/fl help dump)" = "$(fl-dump --help)" ]
	cp "$ROOT/man/fl-dump.1" tree/man/
	[ "$(tree/bin/fl help dump)" = "-l $PWD/tree/bin/../man/fl-dump.1" ]
	[ "$(PATH=$PWD/empty tree/bin/fl help dump)" = "$(fl-dump --help)" ]
	# of a verb
	cp "$ROOT/man/fl-mask.1" tree/man/
	[ "$(tree/bin/fl help mask keygen)" = "$(fl-mask keygen --help)" ]
	refused 2 'nonesuch: no tool of that name (see fl)' tree/bin/fl help nonesuch
	refused 2 'expected the name of a tool' tree/bin/fl help ../man/fl-dump
	refused 2 'expected keygen|roster' tree/bin/fl help mask nonesuch
}

@test "fl help shows every page, by its name with or without the prefix" {
	mkdir -p tree/bin fake empty
	cp "$BIN/fl" "$BIN/fl-import" tree/bin/
	cp -r "$ROOT/man" tree/
	printf '#!/bin/sh\necho "${2##*/}"\n' > fake/man
	chmod +x fake/man
	show() { PATH=$PWD/fake:$PATH tree/bin/fl help "$@"; }
	[ "$(show privacy)" = fl-privacy.7 ]
	[ "$(show fl-privacy)" = fl-privacy.7 ]
	[ "$(show fl-import)" = fl-import.1 ]
	[ "$(show fl)" = fl.1 ]
	for page in tree/man/*; do
		[ "$(show "${page##*/}")" = "${page##*/}" ]
	done
	# where they were installed
	mkdir -p tree/share/man/man{1,5,7}
	for section in 1 5 7; do mv tree/man/*.$section tree/share/man/man$section/; done
	for page in fl-import.1 fl.5 fl-privacy.7; do
		[ "$(show $page)" = $page ]
	done
	[ "$(show privacy)" = fl-privacy.7 ]
	refused 2 'import.7: no tool of that name (see fl)' show import.7
	refused 2 'fl.1x: no tool of that name (see fl)' show fl.1x
	refused 2 'expected the name of a tool' show ../man/fl
	# without man(1)
	PATH=$PWD/empty refused 4 'fl: man: No such file' tree/bin/fl help privacy
	[ "$(PATH=$PWD/empty tree/bin/fl help fl)" = "$(fl)" ]
	[ "$(PATH=$PWD/empty tree/bin/fl help fl-import)" = "$(fl-import --help)" ]
}

@test "fl help refuses a verb of a tool that has none, and words after a verb" {
	refused 2 'fl: help import: expected no verb, since the tool has none, found "nosuch"' \
		fl help import nosuch
	refused 2 'help import: expected no verb' fl help fl-import nosuch
	refused 2 'fl: help mask: expected no word after the verb, found "more"' \
		fl help mask keygen more
	[ "$(fl help fl-mask keygen)" = "$(fl-mask keygen --help)" ]
	mkdir other
	printf '#!/bin/sh\necho "$@"\n' > other/fl-else
	chmod +x other/fl-else
	[ "$(PATH=$PWD/other:$PATH fl help else verb)" = 'verb --help' ]
}

@test "a page that man shows" {
	need man
	mkdir bin man
	cp "$BIN/fl" bin/
	cp "$ROOT/man/fl-dump.1" man/
	bin/fl help dump | grep -q 'show what is in records'
}

@test "fl NAME is fl-NAME: arguments, input, output, exit status" {
	echo 0.2 0.4 0.6 | fl import -f txt --as params > d.flp
	fl-dump d.flp > expected
	fl dump d.flp | cmp - expected
	fl dump --values - < d.flp > /dev/null
	fl cmp -v d.flp d.flp | grep -q '^greatest difference 0$'
	refused 3 'standard input: ' fl dump < <(echo x)
	refused 2 'fl-dump: ' fl dump --none
	refused 4 'fl-dump: none: ' fl dump none
	fl -- dump --version | grep -q '^fl-dump '
}

@test "it runs the tool beside it, not another on PATH" {
	mkdir other
	printf '#!/bin/sh\necho other\n' | tee other/fl-dump > other/fl-else
	chmod +x other/*
	[[ "$(PATH=$PWD/other:$PATH "$BIN/fl" dump --version)" == fl-dump\ * ]]
	[ "$(PATH=$PWD/other:$PATH "$BIN/fl" else)" = other ]
}

@test "by a link in another folder it finds the tools all the same" {
	ln -s "$BIN/fl" link
	PATH=/usr/bin:/bin ./link dump --version | grep -q '^fl-dump '
}

@test "wrong calls" {
	refused 2 'nonesuch: no tool of that name (see fl)' fl nonesuch
	refused 2 'expected the name of a tool' fl ../bin/fl-dump
	refused 2 '' fl ''
	refused 2 '' fl --none
}

@test "a tool that can't be run" {
	mkdir bin
	cp "$BIN/fl" bin/
	mkdir bin/fl-folder
	refused 4 'fl-folder: ' bin/fl folder
}
