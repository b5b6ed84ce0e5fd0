# What the tools do when the system fails: all of it, and proof that it is seen.
load ../helper

setup() {
	[ -z "${SAN-}" ] || skip "the sanitizers have a malloc of their own"
	[ -e "$UNIT/../faults/fault.so" ] || make -s -C "$ROOT" build/opt/faults/fault.so
}

@test "no failure of the system is lost: every call of every tool" {
	"$ROOT/tests/faults/run"
}

# Each line: a tool that the careless program stands in for, a sin, the verdict.
@test "a careless tool is caught" {
	need cc
	mkdir careless
	cc -D_GNU_SOURCE -o careless/fl-put "$ROOT/tests/faults/careless.c"
	ln careless/fl-put careless/fl-export
	PATH=$PWD/careless:$PATH
	for tool in fl-put fl-export; do
		SIN= "$ROOT/tests/faults/run" $tool
	done
	export FAULT_SECONDS=1
	local tool sin verdict failed=0
	while IFS='|' read -r tool sin verdict; do
		run -1 env SIN="$sin" "$ROOT/tests/faults/run" -n 2 $tool
		[[ $output == *"wrong: "*"$verdict"* ]] && continue
		echo "$tool that $sin: expected \"$verdict\""
		echo "$output"
		failed=1
	done <<-'END'
		fl-put|ignores a failed write|exit status 0
		fl-export|ignores a failed write|exit status 0
		fl-put|takes a short write for a whole one|nothing shows
		fl-export|takes a short write for a whole one|nothing shows
		fl-put|takes a failure for the end|not what it should be
		fl-export|is interrupted|nothing shows
		fl-export|hangs|still running
		fl-put|ignores a failed fsync|exit status 0
		fl-put|ignores a failed close|exit status 0
		fl-export|ignores a failed close|exit status 0
		fl-put|ignores a failed rename|exit status 0
		fl-put|writes in place|not whole
		fl-put|leaves a temporary file|left behind
		fl-export|uses memory that it has not got|not exit status 4: exit status 139
		fl-export|aborts|aborted
		fl-put|blames the input|not exit status 4
		fl-export|says nothing|no message
		fl-export|keeps its name back|not the tool's message
		fl-export|keeps the place back|expected the place
		fl-put|keeps the reason back|expected the reason
	END
	[ $failed -eq 0 ]
}

@test "what a site has sent is in its journal first, whatever fails: every call of every verb" {
	"$ROOT/tests/faults/journal"
}

# Each line: a verb, what spoils what it has left, the verdict.
@test "a journal that is not kept is seen" {
	local verb sin verdict failed=0
	while IFS='|' read -r verb sin verdict; do
		run -1 env SIN="$sin" "$ROOT/tests/faults/journal" -n 1 "$verb"
		[[ $output == *"wrong: "*"$verdict"* ]] && continue
		echo "$verb, after $sin: expected \"$verdict\""
		echo "$output"
		failed=1
	done <<-'END'
		leave|status=0|exit status 0
		leave|status=3|neither exit status 0 nor 4
		leave|: > err|not the message
		leave|echo > a.state/1.sent|not whole: a.state/1.sent
		advertise|if [ -s out ]; then restore; fi|another message left before
		advertise|if [ -s out ]; then rm a.state/1.sent; fi|run again: exit status 3
		advertise|echo > a.state/9.secret|not whole: a.state/9.secret
		advertise|cp m.flp a.state/9.sent|run again: exit status 3
		advertise|cp m.flp a.state/9.inside|other files in the journal
		silo|cp other.u a.u|another input is taken too
		keygen|touch new.key|not whole: new.key
		keygen|if [ $status -eq 4 ]; then cp a.pub new.pub; fi|left behind: new.pub
	END
	[ $failed -eq 0 ]
}
