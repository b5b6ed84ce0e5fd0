load helper

setup() {
	fl-import -f csv -y species -g island --missing drop \
	    -x bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g \
	    "$DATA/penguins.csv" > all.flp
}

# tensor FILE NAME: prints its values
tensor() {
	fl-dump --values "$1" | awk -v name="$2" '/^  /{ on = $1 == name; next } on'
}

# rows FILE...: prints features, class and group of each row
rows() {
	for f; do
		paste -d ' ' <(tensor "$f" x) <(tensor "$f" y | tr ' ' '\n') \
		    <(tensor "$f" group | tr ' ' '\n')
	done
}

count() {
	rows "$@" | wc -l
}

client() {
	fl-dump "$1" | awk '$1 == "client" { print $2 }'
}

# A partition loses no row and doubles none, and rows keep their order.
whole() {
	[ "$(rows "$1"/*.flp | sort)" = "$(rows all.flp | sort)" ]
	rows all.flp | nl > numbered
	for f in "$1"/*.flp; do
		rows "$f" > these
		[ "$(wc -l < these)" -gt 0 ]
		awk 'NR == FNR { n = $1; sub(/^ *[0-9]+\t/, ""); at[$0] = at[$0] " " n; next }
			{ k = split(at[$0], a, " "); ok = 0
			  for (i = 1; i <= k && !ok; i++) if (a[i] > last) { last = a[i]; ok = 1 }
			  if (!ok) exit 1 }' numbered these
	done
}

@test "group: a client for each island, with all descriptions" {
	fl-split -p group -o sites all.flp
	[ "$(echo sites/*)" = "sites/client-Biscoe.flp sites/client-Dream.flp sites/client-Torgersen.flp" ]
	whole sites
	[ "$(count sites/client-Biscoe.flp)" -eq 167 ]
	[ "$(count sites/client-Dream.flp)" -eq 124 ]
	[ "$(count sites/client-Torgersen.flp)" -eq 51 ]
	[ "$(client sites/client-Dream.flp)" = Dream ]
	for t in :features :classes :groups; do
		[ "$(tensor sites/client-Dream.flp $t)" = "$(tensor all.flp $t)" ]
	done
}

@test "values that are missing stay with their rows" {
	fl-import -y species -g island --missing keep -x bill_length_mm,sex "$DATA/penguins.csv" > all.flp
	fl-split -p group --test every:5 -o sites all.flp
	marked() { # FILE...: each row, and what it lacks
		for f; do paste -d ' ' <(tensor "$f" x) <(tensor "$f" missing); done | sort
	}
	[ "$(marked all.flp | grep -c 1$)" -eq 11 ]
	marked sites/*.flp | diff - <(marked all.flp)
}

@test "every:5 holds out 66 penguins, the same share of each island and species" {
	fl-split -p group --test every:5 -o sites all.flp
	[ "$(count sites/test.flp)" -eq 66 ]
	whole sites
	rows all.flp | awk '{ k = $(NF - 1) " " $NF } ++n[k] % 5 == 0' > expected
	rows sites/test.flp | diff expected -
}

@test "a fraction holds out round(f n), in each stratum its share" {
	fl-split -p group --test 0.25 -s 1 -o sites all.flp
	[ "$(count sites/test.flp)" -eq 86 ] # 85.5, half up
	whole sites
	{ rows all.flp | sed 's/^/all /'; rows sites/test.flp; } | awk '
		$1 == "all" { n[$(NF - 1) " " $NF]++; next }
		{ held[$(NF - 1) " " $NF]++ }
		END { for (k in n) { d = held[k] - n[k] / 4; if (d <= -1 || d >= 1) exit 1 } }'
	fl-split -p group --test 0.25 -s 2 -o other all.flp
	run cmp -s sites/test.flp other/test.flp
	[ "$status" -eq 1 ]
}

@test "client-test: each client keeps its share, under a name of its own" {
	fl-split -p iid -n 4 --test 0.1 --client-test 0.2 -o sites all.flp
	[ "$(ls sites)" = "$(printf '%s\n' client-00{0..3}.flp test-00{0..3}.flp test.flp)" ]
	whole sites
	for k in 000 001 002 003; do
		n=$(count sites/client-$k.flp) held=$(count sites/test-$k.flp)
		[ "$held" -eq $(((2 * (n + held) + 5) / 10)) ]
		[ "$(client sites/test-$k.flp)" = $k ]
	done
	[ -z "$(client sites/test.flp)" ]
}

@test "iid: sizes differ by one at most" {
	fl-split -p iid -n 10 -o sites all.flp
	whole sites
	for f in sites/*; do
		n=$(count "$f")
		[ "$n" -eq 34 ] || [ "$n" -eq 35 ]
	done
	[ "$(client sites/client-007.flp)" = 007 ]
}

@test "shards:2: equal sizes and few species" {
	fl-split -p shards:2 -n 19 -s 4 -o sites all.flp
	whole sites
	for f in sites/*; do
		[ "$(count "$f")" -eq 18 ]
		[ "$(tensor "$f" y | tr ' ' '\n' | sort -u | wc -l)" -le 3 ]
	done
}

@test "dirichlet and quantity: clients that differ, none lost" {
	fl-split -p dirichlet:0.1 -n 5 -s 3 -o skewed all.flp
	whole skewed
	fl-split -p quantity:0.3 -n 5 -s 3 -o sized all.flp
	whole sized
	fl-split -p dirichlet:10000 -n 3 -s 3 -o even all.flp
	for f in even/*; do
		[ "$(count "$f")" -gt 80 ]
	done
}

@test "clients without rows have no file, and it is said" {
	fl-split -p quantity:0.01 -n 20 -s 1 -o sites all.flp 2> said
	n=$(ls sites | wc -l)
	[ "$n" -lt 20 ]
	[ "$(cat said)" = "fl-split: $((20 - n)) of 20 files have no rows and are not written, the first is client-$(
	    for k in $(seq -f %03g 0 19); do [ -e sites/client-$k.flp ] || { echo $k; break; }; done).flp" ]
	whole sites
}

@test "the same seed gives the same bytes, from a pipe too" {
	for p in iid shards:2 dirichlet:0.5 quantity:1; do
		rm -rf a b c
		fl-split -p $p -n 7 --test .1 --client-test .2 -s 9 -o a all.flp
		fl-split -p $p -n 7 --test .1 --client-test .2 -s 9 -o b < all.flp
		diff -r a b
		fl-split -p $p -n 7 --test .1 --client-test .2 -s 10 -o c - < all.flp
		run diff -rq a c
		[ "$status" -eq 1 ]
	done
}

@test "a second run replaces its own files, and refuses others'" {
	fl-split -p group --test every:5 -o sites all.flp
	cp -r sites before
	fl-split -p group --test every:5 -o sites all.flp
	diff -r before sites
	run fl-split -p iid -n 4 -o sites all.flp
	[ "$status" -eq 2 ]
	[[ "$output" == "fl-split: sites: expected no other split's files, found "* ]]
	run fl-split -p group -o sites all.flp # test.flp would be another split's
	[ "$status" -eq 2 ]
	diff -r before sites
	touch sites/notes.txt
	fl-split -p group --test every:5 -o sites all.flp
}

@test "names of groups stay in the folder" {
	cat > odd.csv <<-'EOT'
		a,c,g
		1,x,../../up
		2,y,.hidden
		3,x,a b%
		4,y,plain-1_2.z
		5,x,test
	EOT
	fl-import -f csv -y c -g g -x a odd.csv > odd.flp
	fl-split -p group -o sites odd.flp
	[ "$(ls -A sites)" = "$(printf '%s\n' client-%2E.%2F..%2Fup.flp client-%2Ehidden.flp \
	    client-a%20b%25.flp client-plain-1_2.z.flp client-test.flp | LC_ALL=C sort)" ]
	[ "$(client sites/client-%2E.%2F..%2Fup.flp)" = ../../up ]
	[ ! -e up.flp ]
	[ ! -e ../up.flp ]
	printf 'a,g\n1,%0300d\n2,b\n' 7 > long.csv
	fl-import -f csv -x a -g g long.csv > long.flp
	run fl-split -p group -o long long.flp
	[ "$status" -eq 3 ]
	[[ "$output" == "fl-split: a client: expected a file name of at most 255 bytes, found 311" ]]
	[ ! -e long ]
}

@test "options that do not fit the data are a usage error, and no file is made" {
	printf 'a,t\n1,0.5\n2,0.7\n' > plain.csv
	fl-import -f csv -y t --target number -x a plain.csv > plain.flp
	while read -r args; do
		run fl-split $args
		echo "$args: $status $output"
		[ "$status" -eq 2 ]
		[ "${output:0:10}" = "fl-split: " ]
	done <<-EOT
		-p iid -n 3 -o no plain.flp
		-p shards:2 -n 200 -o no all.flp
		-p shards:1 -n 2 -o no plain.flp
		-p dirichlet:1 -n 2 -o no plain.flp
		-p group -o no plain.flp
		-p group -n 3 -o no all.flp
		-p iid -o no all.flp
		-p iid -n 0 -o no all.flp
		-p iid -n 1e3 -o no all.flp
		-p iid -n 99999999999999999999 -o no all.flp
		-p iid -n 1000001 -o no all.flp
		-p shards -n 2 -o no all.flp
		-p shards:0 -n 2 -o no all.flp
		-p dirichlet:-1 -n 2 -o no all.flp
		-p dirichlet:nan -n 2 -o no all.flp
		-p quantity:1x -n 2 -o no all.flp
		-p group --test 1 -o no all.flp
		-p group --test 0 -o no all.flp
		-p group --test every:1 -o no all.flp
		-p group --client-test inf -o no all.flp
		-p group all.flp
		-o no all.flp
		-p group -o no all.flp all.flp
	EOT
	[ ! -e no ]
}

@test "bad input and a folder that can't be" {
	head -c 1000 all.flp > cut.flp
	run fl-split -p group -o no cut.flp
	[ "$status" -eq 3 ]
	[[ "$output" == "fl-split: cut.flp: "* ]]
	run fl-split -p group -o no < /dev/null
	[ "$status" -eq 3 ]
	cat all.flp all.flp > two.flp
	run fl-split -p group -o no two.flp
	[ "$status" -eq 3 ]
	echo 1 2 | fl-import -f txt --as params > params.flp
	run fl-split -p group -o no params.flp
	[ "$status" -eq 3 ]
	[ ! -e no ]
	run fl-split -p group -o all.flp all.flp
	[ "$status" -eq 4 ]
	run fl-split -p group -o none/sites all.flp
	[ "$status" -eq 4 ]
	[[ "$output" == "fl-split: none/sites: make folder: No such file or directory" ]]
}

@test "a full disk leaves no file under its name" {
	if ! unshare -rm true 2> /dev/null; then
		skip "no private mounts here"
	fi
	mkdir small
	run unshare -rm sh -c 'mount -t tmpfs -o size=8k none small && {
		fl-split -p group -o small all.flp; status=$?; ls -A small; exit $status; }'
	echo "$output"
	[ "$status" -eq 4 ]
	[[ "$output" != *.fl-* ]]
	[[ "$output" == *"No space left on device"* ]]
}

@test "MNIST in 1000 clients, two shards each" {
	need_mnist
	m=$MIRROR
	fl-import -f idx -y "$m/train-labels-idx1-ubyte.gz" "$m/train-images-idx3-ubyte.gz" > mnist.flp
	fl-split -p shards:2 -n 1000 -o sites mnist.flp
	[ "$(ls sites | wc -l)" -eq 1000 ]
	for k in 000 500 999; do
		[ "$(tensor sites/client-$k.flp y | wc -w)" -eq 60 ]
		[ "$(tensor sites/client-$k.flp y | tr ' ' '\n' | sort -u | wc -l)" -le 3 ]
	done
}

@test "a site that holds out rows of its own keeps its name" {
	fl-import -y species --missing drop --client north "$DATA/penguins.csv" |
		fl-split -p iid -n 1 --test 0.25 -o north
	[ "$(ls north | xargs)" = "client-north.flp test.flp" ]
	fl-dump north/client-north.flp | grep -q '^  client *north$'
	fl-import -y species --missing drop --client north "$DATA/penguins.csv" |
		fl-split -p iid -n 2 -o two
	[ "$(ls two | xargs)" = "client-000.flp client-001.flp" ]
}

@test "the input is not replaced by a part of it" {
	fl-import -y species --missing drop "$DATA/penguins.csv" > all.flp
	fl-split -p iid -n 2 -o d all.flp
	cp d/client-000.flp before
	refused 2 'expected another folder than that of d/client-000.flp' \
		fl-split -p iid -n 2 -o d d/client-000.flp
	cmp before d/client-000.flp
}

# The signal comes when a hundred of ten thousand clients have files.
@test "a signal leaves no part of a split, and an older one as it was" {
	fl-split -p iid -n 3 -o few all.flp
	for i in $(seq 40); do tail -n +2 "$DATA/penguins.csv"; done | cat <(head -n 1 "$DATA/penguins.csv") - |
		fl-import -y species -x bill_length_mm,body_mass_g --missing drop > many.flp
	for signal in INT TERM HUP; do
		for folder in new old; do
			[ $folder = new ] || { rm -rf old; mkdir old; cp few/client-000.flp old/client-00000.flp; }
			env --default-signal fl-split -p iid -n 13000 -o $folder many.flp 3>&- &
			pid=$!
			until [ "$(ls -A $folder 2> /dev/null | wc -l)" -gt 100 ]; do sleep 0.01; done
			kill -$signal $pid
			status=0
			wait $pid || status=$?
			[ "$status" -eq "$((128 + $(kill -l $signal)))" ]
			[ ! -e new ]
		done
		[ "$(ls -A old)" = client-00000.flp ]
		cmp few/client-000.flp old/client-00000.flp
	done
	fl-split -p iid -n 13000 -o old many.flp
	[ "$(ls -A old | grep -c '^client-[0-9]*.flp$')" -eq 13000 ]
	[ "$(ls -A old | wc -l)" -eq 13000 ]
}

@test "a split that fails leaves no part of it" {
	refused 4 'write: File too large' bash -c 'ulimit -f 5; fl-split -p quantity:0.01 -n 2 -s 3 -o new all.flp'
	[ ! -e new ]
	mkdir old
	refused 4 'write: File too large' bash -c 'ulimit -f 5; fl-split -p quantity:0.01 -n 2 -s 3 -o old all.flp'
	[ -z "$(ls -A old)" ]
}
