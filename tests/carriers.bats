# A round by xargs, GNU parallel or ssh makes the same model as a plain loop, and no
# model if a site fails.
load helper

# lines README: prints its shell lines, except those that build the tools
lines() {
	awk '/^```sh/ { on = 1; next } /^```/ { on = 0 } on && !/^(make|export) /' "$1"
}

# The README's round leaves g0.flp, the rows of three sites and g1.flp, the next model of the loop.
setup() {
	ln -s "$DATA" data
	ln -s "$ROOT/examples" .
	by=$ROOT/examples/carriers
	lines "$ROOT/README.md" > round
	bash -e -o pipefail round > out
	cd study
	[ "$(fl-dump g1.flp | awk '$1 == "round" { print $2 }')" = 1 ]
	mkdir tmp
	export TMPDIR=$PWD/tmp PARALLEL_HOME=$PWD/parallel
}

teardown() {
	[ ! -s sshd.pid ] || kill "$(<sshd.pid)"
	[ "${BATS_TEST_COMPLETED-}" ] || [ ! -e sshd.log ] || tail -n 50 sshd.log
}

need_parallel() {
	need parallel
	parallel --version 2>/dev/null | grep -q '^GNU' || skip "needs GNU parallel"
}

# start_sshd: makes four machines, which are all this one. At "site" a command is run as it
# is; "fixed" and "broken" run the command that their keys are bound to; "down" does not
# answer.
start_sshd() {
	local sshd key port pid environment
	sshd=$(PATH=$PATH:/usr/sbin:/sbin command -v sshd) || skip "needs sshd"
	need ssh ssh-keygen
	[ "$(id -u)" -ne 0 ] || mkdir -p -m 755 /run/sshd
	for key in host site fixed broken; do
		ssh-keygen -q -t ed25519 -N '' -C '' -f $key.key
	done
	# The other side has this side's tools and its sanitizers' options.
	environment=
	for key in PATH ASAN_OPTIONS UBSAN_OPTIONS LC_ALL; do
		environment+=" \"$key=${!key}\""
	done
	cat > sshd_config <<-END
		ListenAddress 127.0.0.1
		HostKey $PWD/host.key
		PidFile $PWD/sshd.pid
		AuthorizedKeysFile $PWD/authorized_keys
		StrictModes no
		UsePAM no
		PasswordAuthentication no
		KbdInteractiveAuthentication no
		SetEnv$environment
	END
	train="fl-train -m - -u -E 5 -B 10 -l 0.1 $PWD/Dream/rows.flp"
	cat > authorized_keys <<-END
		restrict $(<site.key.pub)
		restrict,command="$train" $(<fixed.key.pub)
		restrict,command="$train | head -c 300" $(<broken.key.pub)
	END
	# A port may be taken, so several are tried. sshd writes its file when it listens. It must
	# not keep the descriptors open that bats waits for.
	for _ in $(seq 20); do
		port=$((RANDOM % 20000 + 40000))
		"$sshd" -D -f "$PWD/sshd_config" -E "$PWD/sshd.log" -p $port 3>&- &
		pid=$!
		until [ -s sshd.pid ] || ! kill -0 $pid 2>/dev/null; do
			sleep 0.05
		done
		[ ! -s sshd.pid ] || break
	done
	[ -s sshd.pid ]

	echo "here $(<host.key.pub)" > known_hosts
	cat > ssh_config <<-END
		Host localhost site
			IdentityFile $PWD/site.key
		Host fixed
			IdentityFile $PWD/fixed.key
		Host broken
			IdentityFile $PWD/broken.key
		Host down
			Port 1
		Host *
			HostName 127.0.0.1
			Port $port
			HostKeyAlias here
			UserKnownHostsFile $PWD/known_hosts
			GlobalKnownHostsFile /dev/null
			StrictHostKeyChecking yes
			IdentitiesOnly yes
			IdentityAgent none
	END
	# ssh takes the user's own configuration from the account, whatever HOME says.
	mkdir bin
	printf '#!/bin/sh\nexec %s -F %s "$@"\n' "$(command -v ssh)" "$PWD/ssh_config" > bin/ssh
	chmod +x bin/ssh
	PATH=$PWD/bin:$PATH
}

# stays NUMBER CARRIER DATA...: the round must be refused because only NUMBER updates came; the
# old file under the new model's name must stay, and no other file may be left
stays() {
	local found=$1 carrier=$2
	shift 2
	mkdir -p store
	cp g0.flp store/next.flp
	run --separate-stderr "$by/$carrier" g0.flp store/next.flp "$@"
	echo "$output$stderr"
	[ "$status" -eq 3 ] && [ -z "$output" ] &&
		[[ $stderr == *"fl-aggregate: expected $# clients, found $found"* ]] &&
		cmp g0.flp store/next.flp && [ "$(ls -A store)" = next.flp ] && [ -z "$(ls -A tmp)" ]
}

# many_large: 40 sites and a model of more bytes than a pipe takes at once, in
# many/, with the next model of a loop
many_large() {
	fl-import --schema study.schema --missing drop data/penguins.csv > all.flp
	fl-split -p iid -n 40 -o many all.flp
	fl-init -a 'dense 4000 relu dense 3' -i study.schema --scale stats.flp -s 1 > many/0
	[ "$(stat -c %s many/0)" -gt 65536 ]
	for data in many/client-*.flp; do
		fl-train -m many/0 -E 5 -B 10 -l 0.1 -u "$data"
	done | fl-aggregate --expect 40 | fl-step -m many/0 > many/1
}

@test "the lines of its README run, and all models equal that of the loop" {
	need_parallel
	start_sshd
	lines "$by/README.md" > carriers
	bash -e -o pipefail carriers
	for model in xargs parallel line ssh; do
		cmp g1.flp $model.flp
	done
	[ -z "$(ls -A tmp)" ]
}

@test "xargs: large records of many sites stay whole" {
	many_large
	"$by/by-xargs" many/0 many/next many/client-*.flp
	cmp many/1 many/next
}

@test "parallel: large records of many sites stay whole" {
	need_parallel
	many_large
	"$by/by-parallel" many/0 many/next many/client-*.flp
	cmp many/1 many/next
}

@test "names with spaces" {
	mkdir 'a b'
	cp g0.flp 'a b'
	for site in Biscoe Dream Torgersen; do cp $site/rows.flp "a b/client-$site.flp"; done
	"$by/by-xargs" 'a b/g0.flp' 'a b/x.flp' 'a b'/client-*.flp
	cmp g1.flp 'a b/x.flp'
	need_parallel
	"$by/by-parallel" 'a b/g0.flp' 'a b/p.flp' 'a b'/client-*.flp
	cmp g1.flp 'a b/p.flp'
}

@test "xargs: a site that fails is counted, and the old model stays" {
	head -c 1000 Dream/rows.flp > cut.flp
	stays 2 by-xargs [BT]*/rows.flp cut.flp
	[[ $stderr == *"fl-train: cut.flp: "* ]]
	stays 2 by-xargs none.flp [BT]*/rows.flp
	stays 0 by-xargs cut.flp
}

@test "parallel: a site that fails is counted, and the old model stays" {
	need_parallel
	head -c 1000 Dream/rows.flp > cut.flp
	stays 2 by-parallel [BT]*/rows.flp cut.flp
	[[ $stderr == *"fl-train: cut.flp: "* ]]
	stays 2 by-parallel none.flp [BT]*/rows.flp
	stays 0 by-parallel cut.flp
}

@test "ssh: a site that fails is counted, and the old model stays" {
	start_sshd
	head -c 1000 Dream/rows.flp > cut.flp
	two=(site:"$PWD"/Biscoe/rows.flp site:"$PWD"/Torgersen/rows.flp)
	stays 2 by-ssh "${two[@]}" site:"$PWD/cut.flp"
	[[ $stderr == *"fl-train: $PWD/cut.flp: "* ]]
	stays 2 by-ssh down:rows.flp "${two[@]}"
	stays 2 by-ssh broken:rows.flp "${two[@]}"
	stays 0 by-ssh down:rows.flp
	"$by/by-ssh" g0.flp store/next.flp site:"$PWD"/Dream/rows.flp "${two[@]}"
	cmp g1.flp store/next.flp
}

# One site is honest, one sends two updates, one is dead.
@test "a site that sends two updates does not hide that another has sent none" {
	cat Dream/rows.flp Dream/rows.flp > twice.flp
	stays 1 by-xargs Biscoe/rows.flp twice.flp none.flp
	[[ $stderr == *"fl-put: standard input: records: expected 1, found 2"* ]]
	need_parallel
	stays 1 by-parallel Biscoe/rows.flp twice.flp none.flp
	[[ $stderr == *"fl-put: standard input: records: expected 1, found 2"* ]]
	start_sshd
	stays 1 by-ssh site:"$PWD"/Biscoe/rows.flp site:"$PWD/twice.flp" down:rows.flp
	[[ $stderr == *"fl-put: standard input: records: expected 1, found 2"* ]]
}

@test "ssh: a site can fix the command" {
	start_sshd
	"$by/by-ssh" g0.flp next.flp site:"$PWD"/{Biscoe,Torgersen}/rows.flp fixed:/etc/passwd
	cmp g1.flp next.flp
	ssh fixed cat /etc/passwd < g0.flp > update.flp
	fl-dump update.flp | grep -q 'client *Dream'
}

@test "a signed model is accepted, and no other" {
	need ssh-keygen
	lines "$by/README.md" | grep -E 'ssh-keygen|signers' > signing
	[ "$(wc -l < signing)" -eq 4 ]
	bash -e -o pipefail signing
	verify() { ssh-keygen -q -Y verify -f signers -I "$1" -n "$2" -s "$3" < "$4"; }
	verify server flp g1.flp.sig g1.flp
	flip g1.flp 200 changed
	run -255 verify server flp g1.flp.sig changed
	run -255 verify server flp g1.flp.sig g0.flp
	run -255 verify another flp g1.flp.sig g1.flp
	run -255 verify server other g1.flp.sig g1.flp
	ssh-keygen -q -t ed25519 -N '' -C '' -f stranger.key
	cp g1.flp g2.flp
	ssh-keygen -q -Y sign -f stranger.key -n flp g2.flp
	run -255 verify server flp g2.flp.sig g2.flp
}

@test "wrong calls" {
	for carrier in xargs parallel ssh; do
		run -2 "$by/by-$carrier" g0.flp next.flp
		[[ $output == "usage: by-$carrier OLD NEW "* ]]
		[ ! -e next.flp ]
	done
}
