# The README's commands do what it says.
load helper

@test "the README's shell lines run, and the mean is as shown" {
	ln -s "$DATA" data
	awk '/^```sh/ { on = 1; next } /^```/ { on = 0 } on && !/^(make|export) /' \
		"$ROOT/README.md" > lines
	grep -q fl-train lines
	bash -e -o pipefail lines > out 2> err || { cat err; return 1; }
	[ "$(sed -n 1p out)" = '0.2 0.4 0.6' ]
	grep -qx '  allowed' out
	awk -F '\t' '$1 == 5 && $3 == 342 && $5 >= .975 { good = 1 } END { exit !good }' out
	# a spreadsheet's table
	grep -qx 'fl-import: export.csv: column crp: 2 values missing, filled with the mean' err
	sed -n '/^x	number	age$/,/^y	class	died	yes$/p' out | cut -f 2- | tr '\t\n' ' ,' > schema
	[ "$(<schema)" = 'number age,level sex 1,level sex 2,number bmi,level ward 1,level ward 3,'\
'number crp,class died no,class died yes,' ]
	[ "$(grep -cE '^[123]	(Adelie|Chinstrap|Gentoo)	' out)" -eq 3 ]
}
