# Signals at any instant leave nothing of what is not finished. tests/fl-put.bats and
# tests/fl-split.bats strike where the tools wait.
load ../helper

# struck FOLDER COMMAND...: 60 calls, each ended by a signal at some instant, or not at all.
# FOLDER then holds what it should, by the word of `holds`.
struck() {
	local folder=$1 n signal pid status ends=0 us start
	shift
	start=${EPOCHREALTIME/./}
	"$@"
	us=$((${EPOCHREALTIME/./} - start))
	for n in $(seq 60); do
		signal=$(printf '%s\n' INT TERM HUP | shuf -n 1)
		rm -rf "$folder"
		before
		env --default-signal "$@" 3>&- &
		pid=$! status=0
		sleep "$(printf '0.%06d' $((RANDOM * 32 % (us + us / 4))))"
		kill -"$signal" $pid 2> /dev/null || :
		wait $pid || status=$?
		[ "$status" -eq 0 ] || [ "$status" -eq $((128 + $(kill -l $signal))) ] || return
		[ "$status" -eq 0 ] || ends=$((ends + 1))
		holds $status || { ls -lA "$folder" | head; return 1; }
	done
	echo "$ends of 60 were ended"
	[ "$ends" -ge 10 ]
}

@test "fl-put" {
	seq 300000 | fl-import -f txt --as params > big.flp
	echo 1 | fl-import -f txt --as params > old.flp
	mkdir store
	before() { mkdir store; cp old.flp store/g.flp; }
	holds() {
		[ "$(ls -A store)" = g.flp ] || return
		cmp -s big.flp store/g.flp || { [ $1 -ne 0 ] && cmp old.flp store/g.flp; }
	}
	put() { exec fl-put --zlib store/g.flp < big.flp; }
	export -f put
	fl-put --zlib packed.flp < big.flp
	mv packed.flp big.flp
	struck store bash -c put
}

@test "fl-split" {
	for i in $(seq 20); do tail -n +2 "$DATA/penguins.csv"; done |
		cat <(head -n 1 "$DATA/penguins.csv") - |
		fl-import -y species -x bill_length_mm,body_mass_g --missing drop > many.flp
	before() { :; }
	holds() {
		[ ! -e parts ] && [ $1 -ne 0 ] ||
			[ "$(ls -A parts | grep -c '^client-[0-9]*.flp$')-$(ls -A parts | wc -l)" = 3000-3000 ]
	}
	struck parts fl-split -p iid -n 3000 -o parts many.flp
}

@test "fl-import --schema-out" {
	for i in $(seq 60); do tail -n +2 "$DATA/penguins.csv"; done |
		cat <(head -n 1 "$DATA/penguins.csv") - > many.csv
	before() { mkdir made; }
	import() { exec fl-import -y species --missing drop --schema-out made/schema many.csv > /dev/null; }
	export -f import
	mkdir made
	bash -c import
	cp made/schema .
	holds() { [ -z "$(ls -A made)" ] || { [ "$(ls -A made)" = schema ] && cmp made/schema schema; }; }
	struck made bash -c import
}
