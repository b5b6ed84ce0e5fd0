load helper

@test "alone it lists every tool beside it" {
	fl > list
	for path in "$BIN"/fl-*; do
		name=${path##*/fl-}
		grep -qx "  $name" list || { echo "$name"; cat list; return 1; }
	done
	[ "$(grep -c '^  ' list)" -eq "$(ls "$BIN" | grep -c '^fl-')" ]
	[ "$(fl -)" = "$(fl)" ]
}

@test "a new tool is listed without any change" {
	mkdir bin
	cp "$BIN/fl" bin/
	printf '#!/bin/sh\nexit 1\n' > bin/fl-new
	printf 'notes\n' > bin/fl-notes
	chmod +x bin/fl-new
	[ "$(bin/fl | grep '^  ')" = '  new' ]
}

@test "fl NAME is fl-NAME: arguments, input, output, exit status" {
	echo 0.2 0.4 0.6 | fl import -f txt --as params > d.flp
	fl-dump d.flp > expected
	fl dump d.flp | cmp - expected
	fl dump --values - < d.flp > /dev/null
	fl cmp -v d.flp d.flp | grep -q '^greatest difference 0$'
	refused 3 'stdin: ' fl dump < <(echo x)
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
	refused 2 'nonesuch: no such tool' fl nonesuch
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
