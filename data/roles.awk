# Who speaks in plays where a speech is "ROLE:" and its lines, a blank line
# behind it: role, speeches, characters, the most first. "Senators, &C" and
# the like are no role.
BEGIN {
	RS = ""
	FS = "\n"
	print "role\tspeeches\tchars"
}
$1 !~ /&/ {
	role = substr($1, 1, length($1) - 1)
	if (!(role in speeches))
		name[++n] = role
	speeches[role]++
	chars[role] += length($0) - length($1) - (NF > 1)
}
END {
	sort = "sort -s -t '\t' -k 3,3nr"
	for (i = 1; i <= n; i++)
		printf "%s\t%d\t%d\n", name[i], speeches[name[i]], chars[name[i]] | sort
}
