# fl-scale: what is multiplied, what stays, what is left out.
load helper

setup() {
	need python3
}

# Records as the lines on standard input describe them; see tests/aggregate.py.
records() {
	python3 "$ROOT/tests/aggregate.py" --write || skip "needs python3-xxhash"
}

@test "numbers are multiplied and rounded once, the rest stays" {
	records <<-END
		a update round=3 w:f32=1,-2,0.1 v:f16=2048 n:i64=7 :scale:f64=0.5
		b update round=3 w:f32=0.5,-1,0.05 v:f16=1024 n:i64=7 :scale:f64=0.5
		c update round=3 w:f32=0.3,-0.6,0.03 v:f16=614.4 n:i64=7 :scale:f64=0.5
	END
	fl-scale --by 0.5 a | fl-cmp --meta - b
	fl-scale --by 0.5 < a | cmp - <(fl-scale --by 0.5 a)
	fl-scale --by 1 a | cmp - a
	fl-scale --by 0.3 a | fl-cmp -t 1e-7 -r 1e-3 - c
	cat a b a | fl-scale --by 0.5 - | fl-cmp - <(cat b <(fl-scale --by 0.5 b) b)
	seq 50000 | fl-import -f txt --as params > m
	seq -50000 -1 | sort -n -r | fl-import -f txt --as params > n
	fl-scale --by -1 m | fl-cmp - n
}

@test "what was clipped is raw once it may be larger" {
	records <<-END
		c update/clipped w:f32=1
		n update/noised w:f32=1
	END
	fl-scale --by -1 c | fl-dump | grep -q '^stdin: update, clipped'
	fl-scale --by 1.5 c | fl-dump | grep -q '^stdin: update, raw'
	fl-scale --by 1.5 n | fl-dump | grep -q '^stdin: update, noised'
}

@test "a bad record is left out, the others are scaled" {
	records <<-END
		a update w:f32=1,2
		h update w:f32=1,3e38
		s sum of=update w:f32=1
		p partial of=update w:sum-f32=1
	END
	flip a 65 bad
	local status=0
	fl-scale --by 2 a bad h p s a > out 2> err || status=$?
	cat err
	[ "$status" -eq 3 ] && [ "$(wc -l < err)" -eq 3 ]
	grep -q '^fl-scale: left out: bad: values are damaged' err
	grep -q '^fl-scale: left out: h: tensor w: value 1 times 2 is not finite' err
	grep -q '^fl-scale: left out: p: tensor w: exact sums' err
	[ "$(fl-dump out | grep -c '^out')" = 3 ]
	refused 3 'expected a record, found nothing' fl-scale --by 2 < /dev/null
	refused 2 'option --by' fl-scale a
	refused 2 'option --by' fl-scale --by nan a
}
