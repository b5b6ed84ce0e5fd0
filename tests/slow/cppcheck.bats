# cppcheck finds nothing.
load ../helper

@test "cppcheck is clean" {
	need cppcheck
	cd "$ROOT"
	cppcheck --quiet --error-exitcode=1 --enable=warning,performance,portability \
		--inline-suppr --std=c11 -DFL_VERSION='"0"' -D__x86_64__ -D__BYTE_ORDER__=1234 \
		-D__ORDER_LITTLE_ENDIAN__=1234 --suppress=missingIncludeSystem -j "$(nproc)" \
		-Isrc/lib -Isrc src
}
