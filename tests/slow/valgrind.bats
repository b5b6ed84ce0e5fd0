# valgrind finds no error and no leak in the unit tests, and no error in one
# short run of each tool.
load ../helper
load ../fleet

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
	check fl-predict -m g0.flp all.flp
	check fl-predict -m g0.flp --missing mean "$DATA/penguins.csv"
	check fl-eval --json -m g0.flp --local g0.flp --local g0.flp sites/client-*.flp
	check fl-dump --values all.flp
	fl-init -a "dense $classes" -i s --scale stats.flp > linear.flp
	check fl-dump --coefficients linear.flp
	check fl-dump --coefficients --json linear.flp
	check fl-import -x sex,body_mass_g -y species --missing drop --reference sex=male some.csv
	check fl-cmp all.flp all.flp
	check fl-put copy.flp < all.flp
	check fl
}

@test "one short round of each mode of fl-mask" {
	for name in a b c; do
		fl-mask keygen -o $name
	done
	check fl-mask keygen -o d
	check fl-mask roster --session birds --authority d.key {a,b,c}.pub
	fl-mask roster --session fish {a,b,c}.pub > roster
	model 1 a b c
	check fl-mask apply --key a.key --roster roster -m g.flp a.u
	for name in a b c; do
		fl-mask apply --key $name.key --roster roster -m g.flp $name.u > $name.masked
	done
	check fl-mask unmask --roster roster -m g.flp {a,b,c}.masked
	fl-mask roster --session birds {a,b,c}.pub > roster
	model 2 a b c
	common=(--roster roster -m g.flp)
	check fl-mask advertise --key a.key "${common[@]}"
	steps advertise a b c
	check fl-mask graph "${common[@]}" {a,b,c}.advertise
	server graph {a,b,c}.advertise > graph
	check fl-mask share --key a.key "${common[@]}" graph
	steps share a b c
	check fl-mask deliver "${common[@]}" --graph graph -o other {a,b,c}.share
	server deliver -o in {a,b,c}.share > shares
	check fl-mask apply --key a.key "${common[@]}" --graph graph --inbox in/a.flp a.u
	steps apply a b c
	check fl-mask survivors "${common[@]}" --graph graph --shares shares {a,b,c}.apply
	server survivors --shares shares {a,b,c}.apply > survivors
	check fl-mask confirm --key a.key "${common[@]}" --graph graph survivors
	steps confirm a b c
	check fl-mask reveal --key a.key "${common[@]}" --graph graph --survivors survivors {a,b,c}.confirm
	steps reveal a b c
	cat {a,b,c}.reveal > reveals
	check fl-mask unmask "${common[@]}" --graph graph --survivors survivors --shares shares \
		--reveals reveals {a,b,c}.apply
}
