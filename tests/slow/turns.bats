# What a client sends in fleet mode is in its journal first, whatever call of the system fails.
load ../helper
load ../fleet
export FL_POLICY=open

# upto VERB: a round of three clients in which elm is about to take that turn; fir and yew have
# taken it where it does not depend on elm
upto() {
	local verb=$1
	rm -rf ./*.{key,pub,state,advertise,share,apply,confirm,reveal} in
	fleet elm fir yew
	model 3 elm fir yew
	[ "$verb" != advertise ] || return 0
	steps advertise elm fir yew
	server graph ./*.advertise > graph
	[ "$verb" != share ] || return 0
	steps share elm fir yew
	server deliver -o in ./*.share > shares
	[ "$verb" != apply ] || return 0
	steps apply elm fir yew
	server survivors --shares shares ./*.apply > survivors
	[ "$verb" != confirm ] || return 0
	steps confirm elm fir yew
}

# Whatever has left, the next call sends the same: the messages of advertise and share are random,
# and reveal could not be made again once what it needs is erased.
@test "whatever fails, what a client sent is in its journal first" {
	[ -z "${SAN-}" ] || skip "the sanitizers have a malloc of their own"
	need python3
	so=$UNIT/../faults/fault.so
	[ -e "$so" ] || make -s -C "$ROOT" build/opt/faults/fault.so
	left=0 failed=0
	for verb in advertise share apply confirm reveal; do
		for call in write fsync rename open close; do
			for ((at = 1; at < 80; at++)); do
				upto $verb
				: > log
				status=0
				FAULT_LOG=$PWD/log FAULT_CALL=$call FAULT_AT=$at FAULT_HOW=EIO LD_PRELOAD=$so \
					step $verb elm > out 2> err || status=$?
				grep -q '^failed' log || break
				failed=$((failed + 1))
				[ ! -s out ] || left=$((left + 1))
				step $verb elm > again
				cmp -n "$(stat -c %s out)" out again
				step $verb elm | cmp - again
			done
			[ $at -gt 1 ]
			[ $at -lt 80 ]
		done
	done
	[ $failed -gt 100 ]
	[ $left -gt 0 ]
}
