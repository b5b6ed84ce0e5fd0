# The README's commands do what it says.
load helper

@test "the README's shell lines run, and the mean is as shown" {
	ln -s "$DATA" data
	awk '/^```sh/ { on = 1; next } /^```/ { on = 0 } on && !/^(make|export) /' \
		"$ROOT/README.md" > lines
	grep -q fl-train lines
	bash -e -o pipefail lines > out
	[ "$(sed -n 1p out)" = '0.2 0.4 0.6' ]
	grep -qx '  allowed' out
	awk -F '\t' '$1 == 5 && $3 == 342 && $5 >= .975 { good = 1 } END { exit !good }' out
	[ "$(grep -cE '^[123]	(Adelie|Chinstrap|Gentoo)	' out)" -eq 3 ]
}
