load helper

# meta FILE KEY
meta() {
	fl-dump "$1" | awk -v key="$2" '$1 == key { print $2 }'
}

@test "a fixed cohort: its size, no one twice, all from the population" {
	seq 100 | fl-sample -n 10 -s 1 -r 3 > c.flp
	fl-sample --list c.flp > names
	[ "$(wc -l < names)" -eq 10 ]
	[ "$(sort -u names | wc -l)" -eq 10 ]
	LC_ALL=C sort -c names
	[ "$(grep -cxf <(seq 100) names)" -eq 10 ]
	[ "$(meta c.flp scheme) $(meta c.flp size) $(meta c.flp population)" = "fixed 10 100" ]
	[ "$(meta c.flp round) $(meta c.flp seed)" = "3 public" ]
	[ -z "$(meta c.flp rate)" ]
}

@test "a Poisson cohort: about its rate, independent of the other clients" {
	seq 10000 | fl-sample -q 0.1 -s 1 > c.flp
	n=$(fl-sample --list c.flp | wc -l)
	[ "$n" -gt 850 ] # five deviations
	[ "$n" -lt 1150 ]
	[ "$(meta c.flp scheme) $(meta c.flp rate) $(meta c.flp population)" = "poisson 0.1 10000" ]
	[ -z "$(meta c.flp size)" ]
	seq 5000 | fl-sample -q 0.1 -s 1 | fl-sample --list | sort > half
	fl-sample --list c.flp | awk '$1 <= 5000' | sort | diff half -
}

@test "the same seed and round give the same bytes, in any order of names" {
	seq 50 | fl-sample -n 5 -s 7 -r 2 > a
	seq 50 | shuf | fl-sample -n 5 -s 7 -r 2 > b
	cmp a b
	fl-sample -n 5 -s 7 -r 2 $(seq 50 -1 1) > b
	cmp a b
	printf '%s' "$(seq 50)" | fl-sample -n 5 -s 7 -r 2 - > b # no newline at the end
	cmp a b
	seq 50 | fl-sample -n 5 -s 7 -r 3 > b
	run cmp -s a b
	[ "$status" -eq 1 ]
	seq 50 | fl-sample -n 5 -s 8 -r 2 > b
	run cmp -s a b
	[ "$status" -eq 1 ]
}

@test "secret: never twice the same, and the record says so" {
	seq 1000 | fl-sample -n 20 --secret > a
	seq 1000 | fl-sample -n 20 --secret > b
	run cmp -s a b
	[ "$status" -eq 1 ]
	[ "$(meta a seed)" = secret ]
	for cohort in a b; do
		[[ $(meta $cohort draw) =~ ^[0-9a-f]{32}$ ]]
	done
	[ "$(meta a draw)" != "$(meta b draw)" ]
	seq 1000 | fl-sample -q 0.1 --secret > c
	[[ $(meta c draw) =~ ^[0-9a-f]{32}$ ]]
	seq 1000 | fl-sample -n 20 -s 1 > d
	[ -z "$(meta d draw)" ] # whoever has the seed draws it again
}

@test "no record carries its seed" {
	seq 10 | fl-sample -n 5 -s 8675309 > c.flp
	run grep -c 8675309 c.flp
	[ "$output" = 0 ]
}

@test "an empty cohort is a cohort" {
	seq 10 | fl-sample -q 1e-9 -s 1 > c.flp
	[ -z "$(fl-sample --list c.flp)" ]
	fl-sample -q 1 -s 1 a b > c.flp
	[ "$(fl-sample --list < c.flp)" = "$(printf 'a\nb')" ]
}

@test "every client is drawn equally often" {
	for r in $(seq 300); do
		seq 10 | fl-sample -n 3 -s 5 -r "$r"
	done | fl-sample --list | sort | uniq -c | awk '$1 < 58 || $1 > 122 { exit 1 } END { exit NR != 10 }'
}

@test "wrong calls" {
	while read -r args; do
		run fl-sample $args < /dev/null
		echo "$args: $status $output"
		[ "$status" -eq 2 ]
		[ "${output:0:11}" = "fl-sample: " ]
	done <<-EOT
		-s 1 a b
		-n 1 -q 0.5 -s 1 a b
		-n 1 a b
		-n 1 -s 1 --secret a b
		-n 3 -s 1 a b
		-n 0 -s 1 a b
		-q 0 -s 1 a b
		-q 1.5 -s 1 a b
		-q nan -s 1 a b
		-n 1 -s -1 a b
		-n 1 -s 1 -r 4294967296 a b
		--list -n 1
		--list -q 0.5
		--list -r 1
		--list -s 0
		--list --secret
		--strict -n 1 -s 1 a b
		--list - -
	EOT
	run fl-sample -n 1 -s 1 "$(printf 'a\nb')" c
	[ "$status" -eq 2 ]
	run fl-sample -n 1 -s 1 "$(printf '\377')" c
	[ "$status" -eq 2 ]
	[ "$output" = 'fl-sample: \xff: expected a name in printable UTF-8 that shows' ]
}

@test "bad names and bad records" {
	run fl-sample -n 1 -s 1 a b a
	[ "$status" -eq 3 ]
	[ "$output" = 'fl-sample: clients: name "a": found twice' ]
	run fl-sample -n 1 -s 1 < /dev/null
	[ "$status" -eq 3 ]
	run fl-sample -n 1 -s 1 < <(printf 'a\n\nb\n')
	[ "$status" -eq 3 ]
	run fl-sample -n 1 -s 1 < <(printf 'a\0\nb\n')
	[ "$status" -eq 3 ]
	run fl-sample --list < /dev/null
	[ "$status" -eq 3 ]
	echo 1 2 | fl-import -f txt --as params > params.flp
	run fl-sample --list params.flp
	[ "$status" -eq 3 ]
	[ "$output" = "fl-sample: params.flp: expected a record of kind cohort, found params" ]
	run fl-sample --list none.flp
	[ "$status" -eq 4 ]
}
