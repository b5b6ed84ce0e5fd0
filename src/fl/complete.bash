# Completion of fl and its tools in bash. The tools say themselves what may come next, by
# --complete; this only asks. `make install` puts it where bash-completion finds it; or source
# it from ~/.bashrc.

_fl() {
	local line candidate typed='' word before redirected=
	COMPREPLY=()
	# Readline has split the words at = and : too, and replaces only what is after the last.
	local -a words=("")
	for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
		# A redirection and its file are not words of the command, but a file is meant there.
		if [[ $typed == *[\<\>] ]]; then
			words=("${words[@]:0:${#words[@]}-1}")
			typed=$word redirected=1
			continue
		fi
		redirected=
		if [[ $word == [=:]* || $typed == *[=:] ]]; then
			words[-1]+=$word
		else
			words+=("$word")
		fi
		typed=${words[-1]}
	done
	if [[ $redirected ]]; then
		mapfile -t COMPREPLY < <(compgen -f -- "$typed")
		compopt -o filenames 2> /dev/null
		return
	fi
	before=${typed%"${COMP_WORDS[COMP_CWORD]}"}
	[[ ${COMP_WORDS[COMP_CWORD]} != [=:] ]] || before=$typed
	while IFS= read -r line; do
		if [[ $line == files ]]; then
			[[ $typed != --*=* ]] || typed=${typed#*=}
			mapfile -t COMPREPLY < <(compgen -f -- "$typed")
			COMPREPLY=("${COMPREPLY[@]#"${before#--*=}"}")
			compopt -o filenames 2> /dev/null
		else
			candidate=${line%%$'\t'*}
			COMPREPLY+=("${candidate#"$before"}")
			[[ $candidate != *: ]] || compopt -o nospace 2> /dev/null
		fi
	done < <("$1" --complete "${words[@]:1}" 2> /dev/null)
}

_fl_all() {
	local name
	complete -F _fl fl
	while IFS=$'\t' read -r name _; do
		complete -F _fl "fl-$name"
	done < <(fl --complete '' 2> /dev/null)
}

_fl_all
