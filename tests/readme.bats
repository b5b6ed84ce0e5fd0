# The README's commands do what it says.
load helper

@test "the README's shell lines run, and the mean is as shown" {
	ln -s "$DATA" data
	awk '/^```sh/ { on = 1; next } /^```/ { on = 0 } on && !/^(make|export) /' \
		"$ROOT/README.md" > lines
	grep -q fl-train lines
	bash -e -o pipefail lines > out
	[ "$(sed -n 1p out)" = '0.2 0.4 0.6' ]
	awk -F '\t' '$1 == 1 && $5 > .5 { good = 1 } END { exit !good }' out
}
