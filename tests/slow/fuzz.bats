# Every fuzz target for a short while, from its corpus. What a longer run finds
# belongs into the corpus.
load ../helper

@test "fuzz targets survive ${FUZZ_SECONDS:=10} seconds each" {
	need clang
	echo 'int LLVMFuzzerTestOneInput(const char *p, unsigned long n) { return p && n > 9; }' > t.c
	clang -w -fsanitize=fuzzer t.c -o t || skip "clang has no fuzzer runtime"
	cd "$ROOT"
	make -s -j "$(nproc)" CC=clang O=build/fuzz CFLAGS='-O1 -g' \
		SANFLAGS=-fsanitize=address,undefined,fuzzer-no-link fuzz
	for target in tests/fuzz/*.c; do
		name=$(basename "$target" .c)
		corpus=tests/fuzz/corpus/$name
		[ "$name" != reader ] || corpus="data/vectors/good data/vectors/bad"
		mkdir -p "$BATS_TEST_TMPDIR/$name"
		# shellcheck disable=SC2086
		(cd "$BATS_TEST_TMPDIR" && "$ROOT/build/fuzz/fuzz/$name" -max_total_time="$FUZZ_SECONDS" \
			-max_len=4096 -rss_limit_mb=1024 -timeout=10 -print_final_stats=0 \
			"$name" $(printf "$ROOT/%s " $corpus)) 2> "$BATS_TEST_TMPDIR/log" ||
			{ tail -n 40 "$BATS_TEST_TMPDIR/log"; false; }
	done
}
