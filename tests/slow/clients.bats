# A hundred thousand clients, whose names no command line holds.
load ../helper

# Each is a link to one small data set.
setup() {
	printf 'a,y\n1,p\n2,q\n3,p\n4,q\n' | fl-import -y y > one.flp
	mkdir sites
	need python3
	python3 -c "for i in range(100000): __import__('os').symlink('../one.flp',
		'sites/client-of-a-hospital-with-a-rather-long-name-%06d.flp' % i)"
	[ "$(ls sites | wc -l)" -eq 100000 ]
	cat > Makefile <<-END
	CLIENTS = \$(wildcard sites/client-*.flp)
	INIT = -a 'dense 1' -i one.flp
	ROUNDS = 1
	include $ROOT/examples/rounds.mk
	END
}

@test "a thousand are drawn and train, by jobs and together: in 20 s each" {
	SECONDS=0
	make COHORT='-n 1000' RUN=jobs
	[ "$SECONDS" -le 20 ]
	SECONDS=0
	make COHORT='-n 1000' RUN=together TOGETHER=2
	[ "$SECONDS" -le 20 ]
	[ "$(fl-sample --list jobs/1.cohort | wc -l)" -eq 1000 ]
	cmp jobs/1.flp together/1.flp
	cmp jobs/1.cohort together/1.cohort
}

@test "all train together, and all are measured" {
	make TOGETHER=2 TEST='$(CLIENTS)'
	[ "$(cut -f 1 run/1.cost)" -eq 100000 ]
	[ "$(wc -l < run/metrics.tsv)" -eq 100002 ]
	awk -F '\t' 'NF != 12 { exit 1 }' run/metrics.tsv
	# All clients have the same rows.
	fl-train -m run/0.flp -E 1 -B 10 -l 0.1 -s 1 -u one.flp | fl-aggregate | fl-step -m run/0.flp > one-1.flp
	fl-cmp one-1.flp run/1.flp
	printf 'CLIENTS\t100000 %s\n' "$(printf '%s\n' sites/client-* | b2sum -l 256 | cut -d ' ' -f 1)" |
		cmp - <(grep ^CLIENTS run/settings)
}

@test "statistics of all, by --files-from" {
	printf '%s\0' sites/client-* | fl-stats --policy open --files-from - | fl-aggregate --sum --expect 100000 > all
	[ "$(fl-dump all | awk '$1 == "examples" { print $2 }')" = 400000 ]
}
