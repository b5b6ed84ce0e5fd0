# The tree compiles for another processor, and says so where it can't.
load ../helper

# compiles TARGET FILE...
compiles() {
	local target=$1
	shift
	clang --target="$target-linux-gnu" -fsyntax-only -std=gnu11 -D_GNU_SOURCE \
		-DFL_VERSION='"0"' -Wall -Wextra -Werror -I"$ROOT/src/lib" -I"$ROOT/src" \
		-isystem /usr/aarch64-linux-gnu/include -idirafter /usr/include \
		$(printf -- '-idirafter %s ' /usr/include/*-linux-gnu{,/blis-serial}) "$@"
}

setup() {
	need clang
	[ -d /usr/aarch64-linux-gnu/include ] || skip "needs libc6-dev-arm64-cross"
}

@test "every file compiles for aarch64" {
	compiles aarch64 "$ROOT"/src/*.c "$ROOT"/src/fl-*/*.c "$ROOT"/src/lib/*/*.c
}

@test "a machine whose bytes stand the other way round is refused in a sentence" {
	for file in base/dtype.c kernel/exact.c; do
		run compiles s390x "$ROOT/src/lib/$file"
		[ "$status" -ne 0 ]
		[[ "$output" == *"little-endian: this machine is not"* ]]
	done
}
