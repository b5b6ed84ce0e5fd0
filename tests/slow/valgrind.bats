# valgrind finds no error and no leak in the unit tests, and no error in one
# short run of each tool.
load ../helper

check() { valgrind -q --error-exitcode=99 "$@" > /dev/null; }

setup() {
	need valgrind
	[ -z "${SAN:-}" ] || skip "not with sanitizers"
}

@test "every unit test" {
	cd "$ROOT" # where they look for data/vectors
	printf '%s\n' tests/unit/*.c | sed "s|.*/\(.*\)\.c|$UNIT/\1|" |
		xargs -P "$(nproc)" -n 1 valgrind -q --suppressions=tests/slow/valgrind.supp \
		--leak-check=full --errors-for-leak-kinds=definite \
		--show-leak-kinds=definite --error-exitcode=99 > /dev/null
}

@test "one short run of each tool" {
	awk 'NR == 1 || NR % 6 == 0' "$DATA/penguins.csv" > some.csv
	check fl-import -y species -g island --missing drop --schema-out s -x bill_length_mm,body_mass_g some.csv
	fl-import --schema s --missing drop some.csv > all.flp
	check fl-export -f csv all.flp
	check fl-split -p iid -n 2 -o sites all.flp
	fl-stats all.flp > stats.flp
	check fl-stats all.flp
	classes=$(grep -c ^y s)
	fl-init -a "dense 4 tanh dense $classes" -i s --scale stats.flp > g0.flp
	check fl-init -a "dense 4 tanh dense $classes" -i s --scale stats.flp
	check fl-sample -n 1 -s 1 a b
	fl-train -m g0.flp -u sites/client-*.flp > u.flp
	check fl-train -j 2 -m g0.flp -u sites/client-*.flp
	check fl-aggregate u.flp
	fl-aggregate u.flp > mean.flp
	check fl-step -m g0.flp mean.flp
	check fl-eval -m g0.flp all.flp
	check fl-dump --values all.flp
	check fl-cmp all.flp all.flp
	check fl-put copy.flp < all.flp
	check fl
}
