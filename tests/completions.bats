# What shells complete, what make install puts where, and that make uninstall takes it away.
load helper

# The Makefile is not asked to build: the tools are those under test.
tree_make() {
	make -s -C "$ROOT" -o all BIN="$BIN" DESTDIR="$PWD/to" PREFIX=/usr "$@"
}

# completes WORD...: what bash makes of the last word, a candidate a line, by the function that
# is installed for the command
completes() {
	COMPREPLY=()
	bash --norc -c 'source "$1"
		shift
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		function=$(complete -p "$1")
		function=${function#*-F }
		"${function%% *}" "$1"
		((${#COMPREPLY[@]} == 0)) || printf "%s\n" "${COMPREPLY[@]}"' - \
		"$ROOT/src/fl/complete.bash" "$@"
}

# offers LINES WORD...: the same must be these lines
offers() {
	diff <(printf '%s' "${1:+$1$'\n'}") <(completes "${@:2}")
}

@test "the tools, the verbs and the options" {
	offers $'put' fl pu
	offers $'sample\nsplit\nstats\nstep' fl s
	[ "$(completes fl '' | wc -l)" -eq $(($(ls "$BIN" | grep -c '^fl-') + 1)) ]
	offers $'mask' fl help ma
	offers $'privacy' fl help pri
	offers '' fl pri
	offers $'help' fl he
	offers '' fl help he
	offers $'reveal' fl-mask rev
	offers $'reveal' fl mask rev
	offers $'--json' fl-dump --j
	offers $'--help' fl --h
	offers $'--graph\n--grid' fl-mask apply --gr
	offers $'--graph\n--grid' fl mask apply --gr
	offers '' fl-mask nonesuch --gr
	offers '' fl nonesuch --gr
	completes fl-train - > all
	fl-train --help | sed -nE 's/^  (-., |    )(--[a-z0-9-]+).*/\2/p' | diff - all
}

@test "the words of a choice" {
	offers $'poisson\nfixed\nnone' fl-budget --sampling ''
	offers $'adam\nadamw' fl-train -O ad
	offers $'adam\nadamw' fl-train -uO ad
	offers $'adam\nadamw' fl-train --optimizer ad
	# bash splits at = and at :
	offers $'adam\nadamw' fl-train --optimizer = ad
	offers $'sgd\nadam\nadamw' fl-train --optimizer =
	offers $'mean\nsum\nmedian\ntrimmed:' fl-aggregate --rule ''
	offers '' fl-aggregate --rule trimmed :
	offers '' fl-train -E ''
	# words beside texts that only the user knows
	offers $'comma\nsemicolon\ntab\nspace\nbar' fl-import --separator ''
	offers $'semicolon\nspace' fl-predict --separator = s
	touch opera site.policy
	offers $'opera\nopen' fl-import --policy op
	offers $'opera\nopen' fl-train --policy = op
	offers $'site.policy' fl-stats --policy si
	# the files of labels of IDX
	offers $'site.policy' fl-import -f idx -y si
	offers $'site.policy' fl-import -f idx --group = si
	offers '' fl-train -- -O ad
}

@test "files, where a file is meant" {
	touch one.flp 'two words.flp' a:b.flp
	mkdir folder
	offers $'one.flp' fl-train -m on
	offers $'one.flp' fl-train -Osgd on
	offers $'one.flp' fl-train --model = on
	offers $'one.flp' fl-train -m two on
	offers $'two words.flp' fl-train -u two
	offers $'b.flp' fl-train --model = a : b
	offers $'folder' fl-split -o fol
	offers $'folder' fl-mask deliver -o fol
	offers $'one.flp' fl-put -n 3 one
	offers '' fl-put x one    # one operand at most
	offers '' fl-put - one
	offers '' fl-budget -z on
	offers '' fl-init on
	# a redirection is to a file, and is not an operand
	offers $'one.flp' fl-stats '<' on
	offers $'one.flp' fl-init '>' on
	offers $'one.flp' fl-put '<' x on
	offers $'--model' fl-eval '<' x --mo
	# an option is not a file, but after -- it is
	touch -- --one
	offers '' fl-dump --on
	offers $'--one' fl-dump -- --on
}

@test "the script leaves the shell's variables alone" {
	# shellcheck disable=SC2016
	[ "$(name=mine bash --norc -c 'source "$1"; echo "$name ${word-none} ${typed-none}"' - \
		"$ROOT/src/fl/complete.bash")" = 'mine none none' ]
}

@test "every option of every tool, by the table that --help is made of" {
	check() {
		local option
		"$@" --help | sed -nE 's/^  (-., |    )--([a-z0-9-]+).*/--\2/p' > "$BATS_TEST_TMPDIR/help"
		"$@" --complete -- | cut -f 1 | diff "$BATS_TEST_TMPDIR/help" - || return
		for option in $("$@" --help | sed -nE 's/^  (-., |    )--([a-z0-9-]+) [a-z0-9-]+\|.*/\2/p'); do
			diff <("$@" --complete "--$option" '' | cut -f 1 | tr -d : | paste -sd '|') \
				<("$@" --help | sed -nE "s/:F//; s/^  (-., |    )--$option ([a-z0-9|-]+).*/\2/p")
		done
	}
	local path verb
	for path in "$BIN"/fl-*; do
		if [ "${path##*/}" != fl-mask ]; then
			check "${path##*/}"
		else
			for verb in $(fl-mask --complete '' | cut -f 1); do check fl-mask "$verb"; done
		fi
	done
}

@test "bash on a terminal" {
	need python3
	echo 0.25 | fl-import -f txt --as params > 'a record.flp'
	python3 "$ROOT/tests/typed.py" -k "source $ROOT/src/fl/complete.bash"'
fl-dump --js\ta\ \t | cut -c 2-17
fl ma\tadv\t--he\t | head -n 1
fl-aggregate --rule trim\t0 a\t | fl-dump --js\t | grep -c clients
exit
' env PS1='$ ' bash --norc -i > shown
	cat shown
	grep -q '^.*"kind":"params"' shown
	grep -q '^.*usage: fl-mask advertise \[OPTION' shown
	grep -qP '^(\e\[\?2004l\r)?1\r?$' shown
}

@test "zsh on a terminal" {
	need python3 zsh
	tree_make install
	echo 0.25 | fl-import -f txt --as params > record.flp
	touch opal
	timeout 60 python3 "$ROOT/tests/typed.py" -k 'stty cols 200; fpath=($PWD/to/usr/share/zsh/site-functions $fpath)
autoload -U compinit; compinit -u -d dump; zstyle ":completion:*" insert-tab false
fl-dump --js\trec\t | cut -c 2-17
fl ma\tadv\t--he\t | head -n 1
fl-aggregate --rule trim\t0 --report=rec\t
fl-aggregate --rule trim\t0 rec\t | fl-dump --js\t | grep -c clients
fl-dump --outg\t --policy opa\trec\t
fl-dump --outg\t --policy ope\trec\t | grep "policy open"
exit
' env TERM=dumb PS1='$ ' zsh -f -i > shown
	cat shown
	grep -q '^.*"kind":"params"' shown
	grep -q '^.*usage: fl-mask advertise \[OPTION' shown
	grep -q 'option --report: expected .*record.flp' shown
	grep -q '^  policy opal' shown
	grep -q '^  policy open' shown
	grep -qP '^1\r?$' shown
}

@test "make install and make uninstall" {
	mkdir -p to/usr/bin to/usr/share/bash-completion/completions
	touch to/usr/bin/flock to/usr/share/bash-completion/completions/flock # of others
	tree_make install
	ls "$BIN" | diff - <(ls to/usr/bin | grep -vx flock)
	for page in "$ROOT"/man/*; do
		cmp "$page" "to/usr/share/man/man${page##*.}/${page##*/}"
	done
	# bash-completion looks for a file of the command's name
	ls "$BIN" | diff - <(ls to/usr/share/bash-completion/completions | grep -vx flock)
	cmp "$ROOT/src/fl/complete.bash" to/usr/share/bash-completion/completions/fl-train
	head -n 1 to/usr/share/zsh/site-functions/_fl |
		diff <(echo "#compdef $(cd "$BIN" && ls | paste -sd ' ')") -
	# the tool finds its page where it was installed
	mkdir fake
	printf '#!/bin/sh\necho "$@"\n' > fake/man
	chmod +x fake/man
	PATH=$PWD/fake:$PATH to/usr/bin/fl help train > page
	[ "$(realpath "$(cut -d ' ' -f 2 page)")" = "$PWD/to/usr/share/man/man1/fl-train.1" ]
	tree_make uninstall
	[ "$(find to ! -type d | wc -l)" -eq 2 ]
	tree_make uninstall
}

@test "make help is the list at the head of the Makefile" {
	make -s -C "$ROOT" help > list
	for target in demo check check-all figures bench install uninstall help; do
		grep -qE "(^| )make $target( |$)" list || { echo "$target"; return 1; }
	done
	run ! grep -v '^make ' list
}
