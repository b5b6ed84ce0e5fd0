load helper

setup() {
	echo 0.2 0.4 0.6 | fl-import -f txt --as params > old.flp
	echo 0.1 0.3 0.5 | fl-import -f txt --as params > new.flp
	good=$DATA/vectors/good
}

# kept COMMAND...: the command must fail, g.flp must still be equal to old.flp, and no other
# file may be left
kept() {
	mkdir -p store
	cp old.flp store/g.flp
	"$@" || return
	cmp old.flp store/g.flp && [ "$(ls -A store)" = g.flp ]
}

@test "it stores its input under the given name" {
	fl-put g.flp < new.flp
	cmp g.flp new.flp
	cat new.flp | fl-put g.flp
	cmp g.flp new.flp
	cat old.flp new.flp old.flp | fl-put g.flp
	cat old.flp new.flp old.flp | cmp - g.flp
	mkdir sub
	fl-put sub/g.flp < old.flp
	cmp sub/g.flp old.flp
	fl-put -q ./sub/../g.flp < old.flp
	cmp g.flp old.flp
	[ -z "$(ls -A . sub | grep '^\.fl-')" ]
}

@test "every good vector is stored, in its own encoding and packed, with its id" {
	ids() { fl-dump "$1" | grep '^  id '; }
	for f in "$good"/*.flp; do
		fl-put g.flp < "$f"
		[ "$(ids g.flp)" = "$(ids "$f")" ]
		fl-cmp --meta g.flp "$f"
		fl-put --zlib z.flp < "$f"
		[ "$(ids z.flp)" = "$(ids "$f")" ]
		fl-put g.flp < z.flp
		cmp g.flp z.flp
	done
}

@test "-z packs" {
	seq 1 100000 | sed 's/.*/1/' | fl-import -f txt --as params > flat.flp
	fl-put --zlib g.flp < flat.flp
	[ "$(stat -c %s g.flp)" -lt 2000 ]
	fl-cmp g.flp flat.flp
}

@test "an empty input is refused, and the old file stays" {
	kept refused 3 'standard input: empty (did the command before it fail?)' fl-put store/g.flp < /dev/null
	refused 3 'empty (did' fl-put none.flp < /dev/null
	[ ! -e none.flp ]
}

@test "an input without its end is refused, and the old file stays" {
	for n in 1 63 64 100 128 191; do
		kept refused 3 'standard input: ' fl-put store/g.flp < <(head -c $n new.flp)
	done
	kept refused 3 'standard input: record 2: ' fl-put store/g.flp < <(cat new.flp; head -c 100 new.flp)
	kept refused 3 'standard input: record 2: ' fl-put store/g.flp < <(cat new.flp; echo)
}

@test "a pipeline that breaks leaves the old file" {
	broken() { head -c 64 new.flp; exit 3; }
	cp old.flp g.flp
	run bash -c 'set -o pipefail; { head -c 64 new.flp; exit 4; } | fl-put g.flp'
	[ "$status" -eq 3 ]
	cmp g.flp old.flp
}

@test "another number of records than expected is refused" {
	cat new.flp new.flp > two.flp
	fl-put -n 2 g.flp < two.flp
	cmp g.flp two.flp
	kept refused 3 'standard input: records: expected 3, found 2' fl-put -n 3 store/g.flp < two.flp
	kept refused 3 'standard input: records: expected 1, found 2' fl-put --expect 1 store/g.flp < two.flp
	refused 2 expect fl-put -n 0 g.flp < two.flp
}

@test "killed in mid-write it leaves the old file, and the next run works" {
	mkdir store
	seq 200000 | fl-import -f txt --as params > big.flp
	for step in 1 2 3; do
		cp old.flp store/g.flp
		{ head -c $((step * 200000)) big.flp; sleep 5; } 3>&- 2>&- | fl-put store/g.flp 3>&- &
		pid=$!
		for i in $(seq 100); do
			[ "$(find store -name '.fl-*' -size +60k)" ] && break
			sleep 0.02
		done
		kill -9 $pid
		status=0
		wait $pid || status=$?
		[ "$status" -eq 137 ] # by the signal, before it was done
		cmp old.flp store/g.flp
		[ "$(ls -A store | grep -c '^\.fl-')" -ge 1 ]
		rm store/.fl-*
	done
	fl-put store/g.flp < big.flp
	cmp big.flp store/g.flp
}

# signalled NUMBER NAME COMMAND...: sends the signal to COMMAND when it has made store/.fl-*; the
# command must end by the signal. Background jobs ignore some signals unless told otherwise.
signalled() {
	local status=0 i
	env --default-signal "${@:3}" 3>&- &
	pid=$!
	for i in $(seq 200); do
		[ -z "$(find store -name '.fl-*' 2> /dev/null | head -n 1)" ] || break
		sleep 0.02
	done
	kill -"$2" $pid
	wait $pid || status=$?
	[ "$status" -eq $((128 + $1)) ]
}

@test "INT, TERM, HUP and the like leave nothing, and end it as they end others" {
	ulimit -c 0
	mkfifo fifo
	mkdir store
	put() { exec fl-put store/g.flp < fifo; }
	export -f put
	while read -r number signal; do
		cp old.flp store/g.flp
		{ head -c 100 new.flp; exec sleep 5; } 3>&- > fifo &
		feeder=$!
		signalled $number $signal bash -c put
		[ "$(ls -A store)" = g.flp ]
		cmp old.flp store/g.flp
		# the process has already ended if its reader ended before it wrote
		kill $feeder 2> /dev/null || :
		wait $feeder || :
	done <<< $'1 HUP\n2 INT\n3 QUIT\n15 TERM\n10 USR1\n14 ALRM'
}

@test "a signal that is ignored, as under nohup, stays ignored" {
	mkfifo fifo
	mkdir store
	(trap '' HUP INT; exec fl-put store/g.flp < fifo) 3>&- &
	pid=$!
	exec 8> fifo
	head -c 100 new.flp >&8
	until [ "$(find store -name '.fl-*')" ]; do sleep 0.02; done
	kill -HUP $pid
	kill -INT $pid
	tail -c +101 new.flp >&8
	exec 8>&-
	wait $pid
	cmp new.flp store/g.flp
}

@test "a reader sees the old file or the new, never less" {
	cp old.flp g.flp
	for i in $(seq 50); do
		fl-put -q g.flp < new.flp
		fl-put -q g.flp < old.flp
	done 3>&- &
	pid=$!
	while kill -0 $pid 2>/dev/null; do
		cat g.flp > seen.flp
		cmp -s seen.flp old.flp || cmp seen.flp new.flp
	done
	wait $pid
}

@test "the mode is the umask's, whatever the old file's was" {
	(umask 022; fl-put g.flp < new.flp)
	[ "$(stat -c %a g.flp)" = 644 ]
	(umask 077; fl-put g.flp < new.flp)
	[ "$(stat -c %a g.flp)" = 600 ]
	chmod 400 g.flp
	(umask 002; fl-put g.flp < new.flp)
	[ "$(stat -c %a g.flp)" = 664 ]
}

@test "a symbolic link is replaced, what it points to stays" {
	cp old.flp target.flp
	ln -s target.flp g.flp
	fl-put g.flp < new.flp
	[ ! -L g.flp ]
	cmp g.flp new.flp
	cmp target.flp old.flp
}

@test "in place: the input may be the file itself" {
	cp "$good/model.flp" g.flp
	fl-put --zlib g.flp < g.flp
	fl-cmp --meta g.flp "$good/model.flp"
}

@test "a folder that is missing, a folder in the way, a folder that can't be written" {
	refused 4 'none/g.flp: create: No such file' fl-put none/g.flp < new.flp
	mkdir g.flp
	refused 2 g.flp fl-put g.flp < new.flp
	[ -z "$(ls -A g.flp)" ]
	[ -z "$(ls -A | grep '^\.fl-')" ]
	refused 4 new.flp fl-put new.flp/g.flp < old.flp
	[ "$(id -u)" -ne 0 ] || return 0
	mkdir locked
	chmod 555 locked
	refused 4 locked fl-put locked/g.flp < new.flp
}

@test "a file too large is said of the file, not of the input" {
	cp old.flp g.flp
	seq 100000 | fl-import -f txt --as params > big.flp
	refused 4 'fl-put: g.flp: write: File too large' \
		bash -c 'ulimit -f 200; fl-put g.flp < big.flp'
	cmp old.flp g.flp
	[ -z "$(ls -A | grep '^\.fl-')" ]
}

@test "a FIFO or a device is not replaced" {
	mkfifo fifo
	ln -s /dev/null null
	for name in fifo null /dev/null; do
		refused 2 "$name: expected a regular file or a new name, found a" fl-put $name < new.flp
	done
	[ -p fifo ]
	[ -L null ]
	[ -c /dev/null ]
	printf 'a,y\n1,u\n' > t.csv
	refused 2 'expected a regular file' fl-import -y y --schema-out fifo t.csv
	refused 2 'expected a file other than t.csv' fl-import -y y --schema-out ./t.csv t.csv
	[ "$(cat t.csv)" = $'a,y\n1,u' ]
}

@test "a full disk leaves the old file" {
	mkdir store
	mount -t tmpfs -o size=64k none store 2>/dev/null || skip "needs root to mount a small disk"
	cp old.flp store/g.flp
	seq 100000 | fl-import -f txt --as params > big.flp
	local status=0
	refused 4 'fl-put: store/g.flp: write: No space left' fl-put store/g.flp < big.flp || status=$?
	cmp old.flp store/g.flp || status=$?
	[ "$(ls -A store)" = g.flp ] || status=$?
	umount store
	[ "$status" -eq 0 ]
}

@test "closed descriptors" {
	cp old.flp g.flp
	refused 4 'standard input: read' fl-put g.flp <&-
	cmp g.flp old.flp
	fl-put g.flp < new.flp >&-
	cmp g.flp new.flp
	fl-put g.flp < old.flp 2>&-
	cmp g.flp old.flp
}

@test "a file called - must be written as ./-" {
	refused 2 'expected a name for the file, found - (a file of that name is ./-)' fl-put - < new.flp
	[ ! -e - ]
	fl-put ./- < new.flp
	cmp ./- new.flp
}

@test "wrong calls" {
	refused 2 'expected FILE' fl-put < new.flp
	refused 2 'expected FILE' fl-put a b < new.flp
	[ ! -e a ]
	[ ! -e b ]
}

@test "noise of a test seed is stored only under --insecure" {
	text="metadata: insecure: expected noise that nobody can draw again, found test-seed (see --insecure)"
	for where in '{"insecure": "test-seed"}' '{}, footer={"insecure": "test-seed"}'; do
		vector "make.record([make.Tensor('w', 'f32', [1], [1])], kind=make.SUM, privacy=make.NOISED, meta=$where)" > marked ||
			skip "needs python3-xxhash"
		kept refused 3 "standard input: $text" fl-put store/g.flp < marked
		cat old.flp marked | kept refused 3 "standard input: record 2: $text" fl-put store/g.flp
		kept refused 3 "standard input: $text" fl-put --zlib store/g.flp < marked
		fl-put --insecure g.flp < marked
		cmp g.flp marked
	done
}
