# The order of clipping, noise, sum, mean and step: every pipe of up to four tools, from three
# raw updates. What the table does not name is refused.
load helper

clip="fl-noise -C 1"
noise="fl-noise -C 1 -z 1 --adjacency replace"
central="fl-noise -C 1 -z 1 --adjacency add-remove"
sum="fl-aggregate --sum"
mean="fl-aggregate"
step="fl-step -m g"
divide="fl-step -m g --denominator 3"
tools="clip noise central sum mean step divide"

# The result of each tool for each input, or why it is refused. `noise` adds noise with the
# adjacency replace, so it is local noise on an update and central noise on a sum; `central` is the
# same under the other adjacency.
table() {
	grep -v '^#' <<-'END'
		# three updates
		raw           clip     > clipped
		raw           noise    > noised
		raw           central  3 expected replace for the noise of one update
		raw           sum      > raw-sum
		raw           mean     > raw-mean
		raw           step     3 expected one record, found more
		raw           divide   3 expected a sum under --denominator, found update
		clipped       clip     > clipped
		clipped       noise    > noised
		clipped       central  3 expected replace for the noise of one update
		clipped       sum      > clipped-sum
		clipped       mean     > clipped-mean
		clipped       step     3 expected one record, found more
		clipped       divide   3 expected a sum under --denominator, found update
		noised        clip     3 expected a record without noise
		noised        noise    3 expected a record without noise
		noised        central  3 expected a record without noise
		noised        sum      > noised-sum
		noised        mean     > noised-mean
		noised        step     3 expected one record, found more
		noised        divide   3 expected a sum under --denominator, found update
		# sums; one of clipped means is not one of clipped updates
		raw-sum       clip     3 updates are clipped before they are summed
		raw-sum       noise    3 expected a sum of clipped updates, found one that is raw
		raw-sum       central  3 expected a sum of clipped updates, found one that is raw
		raw-sum       sum      > raw-sum
		raw-sum       mean     3 sums have no mean
		raw-sum       step     > raw-model
		raw-sum       divide   > raw-model
		clipped-sum   clip     3 updates are clipped before they are summed
		clipped-sum   noise    > released
		clipped-sum   central  > released
		clipped-sum   sum      3 expected one client's update, found a sum of 3
		clipped-sum   mean     3 sums have no mean
		clipped-sum   step     > clipped-model
		clipped-sum   divide   > clipped-model
		mixed-sum     clip     3 updates are clipped before they are summed
		mixed-sum     noise    3 metadata: clip: expected 1, found nothing
		mixed-sum     central  3 metadata: clip: expected 1, found nothing
		mixed-sum     sum      > mixed-sum
		mixed-sum     mean     3 sums have no mean
		mixed-sum     step     > clipped-model
		mixed-sum     divide   > clipped-model
		noised-sum    clip     3 updates are clipped before they are summed
		noised-sum    noise    3 expected a record without noise
		noised-sum    central  3 expected a record without noise
		noised-sum    sum      3 expected one client's update, found a sum of 3
		noised-sum    mean     3 sums have no mean
		noised-sum    step     > noised-model
		noised-sum    divide   > noised-model
		released      clip     3 updates are clipped before they are summed
		released      noise    3 expected a record without noise
		released      central  3 expected a record without noise
		released      sum      3 found a sum with central noise
		released      mean     3 found a sum with central noise
		released      step     3 expected --denominator for a sum with central noise
		released      divide   > noised-model
		# means
		raw-mean      clip     3 expected one client's update, found an aggregate of
		raw-mean      noise    3 expected one client's update, found an aggregate of
		raw-mean      central  3 expected one client's update, found an aggregate of
		raw-mean      sum      > raw-sum
		raw-mean      mean     > raw-mean
		raw-mean      step     > raw-model
		raw-mean      divide   3 expected a sum under --denominator, found update
		clipped-mean  clip     3 expected one client's update, found an aggregate of
		clipped-mean  noise    3 expected one client's update, found an aggregate of
		clipped-mean  central  3 expected one client's update, found an aggregate of
		clipped-mean  sum      > mixed-sum
		clipped-mean  mean     > clipped-mean
		clipped-mean  step     > clipped-model
		clipped-mean  divide   3 expected a sum under --denominator, found update
		noised-mean   clip     3 expected a record without noise
		noised-mean   noise    3 expected a record without noise
		noised-mean   central  3 expected a record without noise
		noised-mean   sum      3 expected one client's update, found a mean of
		noised-mean   mean     > noised-mean
		noised-mean   step     > noised-model
		noised-mean   divide   3 expected a sum under --denominator, found update
		# models; their sums and means are of whole models
		raw-model     clip     3 expected an update or a sum, found params
		raw-model     noise    3 expected an update or a sum, found params
		raw-model     central  3 expected an update or a sum, found params
		raw-model     sum      > raw-sum
		raw-model     mean     > raw-model
		raw-model     step     > raw-model
		raw-model     divide   3 expected a sum under --denominator, found params
		clipped-model clip     3 expected an update or a sum, found params
		clipped-model noise    3 expected an update or a sum, found params
		clipped-model central  3 expected an update or a sum, found params
		clipped-model sum      > mixed-sum
		clipped-model mean     > clipped-model
		clipped-model step     > clipped-model
		clipped-model divide   3 expected a sum under --denominator, found params
		noised-model  clip     3 expected an update or a sum, found params
		noised-model  noise    3 expected an update or a sum, found params
		noised-model  central  3 expected an update or a sum, found params
		noised-model  sum      > noised-sum
		noised-model  mean     > noised-model
		noised-model  step     > noised-model
		noised-model  divide   3 expected a sum under --denominator, found params
	END
}

setup() {
	need python3
	python3 "$ROOT/tests/aggregate.py" --write <<< 'g params/public round=3 w:f32=1,2,3' ||
		skip "needs python3-xxhash"
	local base=$(fl-dump g | awk '$1 == "digest" { print $2 }')
	python3 "$ROOT/tests/aggregate.py" --write <<-END
		a update base=$base round=3 examples=5 w:f32=0.5,0.25,-3
		b update base=$base round=3 examples=5 w:f32=0.5,0.25,4
		c update base=$base round=3 examples=5 w:f32=0.5,0.1,1e-9
	END
	cat a b c > raw
	declare -gA becomes why
	local from tool sign rest
	while read -r from tool sign rest; do
		[ "$sign" = '>' ] && becomes[$from $tool]=$rest || why[$from $tool]="$sign $rest"
	done < <(table)
}

# pipe TOOL...: runs a pipe of tools from the three updates. Makes ./out and ./err, and returns the
# last tool's exit status; the others must succeed.
pipe() {
	local tool call='cat raw' status
	for tool; do call+=" | ${!tool}"; done
	status=0
	eval "$call > out 2> err; codes=(\"\${PIPESTATUS[@]}\")"
	for status in "${codes[@]::$#}"; do
		[ "$status" -eq 0 ] || { echo "$*: exit status $status before the last"; return 1; }
	done
	last=${codes[-1]}
}

# is STATE: ./out must be a record of this state
is() {
	local privacy=${1%-*} kind=${1#*-}
	case $1 in
	raw | clipped | noised) kind=update ;;
	released) privacy=noised kind=sum ;;
	mixed-sum) privacy=clipped ;;
	*-mean) kind=update ;;
	*-model) kind=params ;;
	esac
	[[ $(fl-dump out | head -n 1) == "out: $kind, $privacy" ]]
}

# follow STATE TOOL...: these tools gave a record of this state. Tries every tool after them, as the
# table says, up to four tools.
follow() {
	local state=$1 tool want
	shift
	[ $# -lt 4 ] || return 0
	for tool in $tools; do
		pipes=$((pipes + 1))
		pipe "$@" "$tool" || return
		want=${why[$state $tool]-}
		if [ -z "$want" ]; then
			[ "$last" -eq 0 ] && [ ! -s err ] && is "${becomes[$state $tool]}" ||
				{ echo "expected ${becomes[$state $tool]}: $* $tool"; fl-dump out; cat err; return 1; }
			follow "${becomes[$state $tool]}" "$@" "$tool" || return
		elif [ "$last" -ne "${want%% *}" ] || [ -s out ] || ! grep -qF -e "${want#* }" err ||
			! grep -q '^fl-[a-z]*: .*standard input' err; then
			echo "expected $want, found $last: $* $tool"
			cat err
			return 1
		fi
	done
}

@test "every tool has a row for each kind of input" {
	local state tool states
	states=$(printf '%s\n' "${!becomes[@]}" "${!why[@]}" | sed 's/ .*//' | sort -u)
	for state in $states; do
		for tool in $tools; do
			[ -n "${becomes[$state $tool]-}${why[$state $tool]-}" ]
		done
	done
	for state in "${becomes[@]}"; do grep -qx -e "$state" <<< "$states"; done
}

# So a pipe writes nothing after a tool that has refused its input.
@test "without input there is no output" {
	local tool
	for tool in $tools; do
		fails 3 ${!tool} < /dev/null
	done
}

@test "every pipe of up to four tools gives what it should, or is refused by name" {
	local pipes=0 last
	local -
	set +T # bats looks at every command of every function, ten times as slow
	follow raw
	[ "$pipes" -gt 300 ]
}

@test "central noise on the updates of one round makes the next model" {
	cat raw | $clip | $sum | $central | $divide > g1
	[ "$(fl-dump g1 | head -n 1)" = "g1: params, noised" ]
	cat raw | $noise | $mean | $step > g1
	[ "$(fl-dump g1 | head -n 1)" = "g1: params, noised" ]
}
