#compdef fl
# Completion of fl and its tools in zsh. The tools say themselves what may come next, by
# --complete; this only asks. `make install` puts it into a folder of $fpath, as _fl,
# with the names of all tools in the first line.

local line candidate files=0
local -a whole begun
for line in ${(f)"$($words[1] --complete "${(@Q)words[2,CURRENT]}" 2> /dev/null)"}; do
	if [[ $line == files ]]; then
		files=1
	else
		candidate=${line%%$'\t'*}
		line=${candidate//:/\\:}:${line#*$'\t'}
		[[ $candidate == *: ]] && begun+=($line) || whole+=($line)
	fi
done
(( $#whole + $#begun == 0 )) || _describe 'argument' whole -- begun -S ''
if (( files )); then
	compset -P '--*='
	_files
fi
