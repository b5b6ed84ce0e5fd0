# If an input claims a size that it does not have, the input is bad, and no memory is used.
load helper

@test "no tool asks for the memory that an input claims" {
	[ -z "${SAN:-}" ] || skip "not with sanitizers"
	twin claims.py "$DATA/vectors"
}

@test "a table that a LIBSVM file does not back is refused with row and index" {
	{ echo 1 1:1; for i in $(seq 20); do echo 1 2:1 1048576:1; done; } > t.svm
	refused 3 't.svm: line 2: index 1048576: expected a table of at most 67442688 bytes for a file of 326, found 21' \
	    fl-import -v -f libsvm t.svm
	refused 3 'line 2: index 1048576: expected a table of a size that fits its file, found a larger one (see --width)' \
	    fl-import -f libsvm t.svm
	refused 3 'standard input: line 2: index 1048576: ' fl-import -f libsvm < <(cat t.svm)
	fl-import -f libsvm --width 1048576 t.svm | fl-dump | grep -q 21x1048576
	echo 1 4000000000:1 > t.svm
	refused 3 't.svm: line 1: index 4000000000: expected 1 to 1048576' fl-import -f libsvm t.svm
	# few rows may be wide
	{ echo 1 1:1; echo 1 1048576:1; } > t.svm
	fl-import -f libsvm t.svm | fl-dump | grep -q 2x1048576
}
