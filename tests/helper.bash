# Loaded by every test file: the tools of this tree on PATH, a scratch folder,
# and a few functions. SAN=1 takes the tools built with the sanitizers.
bats_require_minimum_version 1.5.0
set -o pipefail
ROOT=$(realpath "${BASH_SOURCE[0]%/*}/..")
DATA=$ROOT/data
BIN=${BIN:-$ROOT/${SAN:+build/san/}bin}
UNIT=${UNIT:-$ROOT/build/$([ "${SAN-}" ] && echo san || echo opt)/unit}
# Debian's python3 comes before any other on PATH: it has the packages that the tests need.
PATH=$BIN:/usr/bin:$PATH
# A sanitizer's finding must not look like an exit status of a tool. Tools exit
# without freeing their memory, which is not a leak.
export ASAN_OPTIONS=exitcode=99:detect_leaks=0:allocator_may_return_null=1
unset MAKEFLAGS MAKELEVEL # of the make that started the tests
unset FL_POLICY # of whoever started the tests
export UBSAN_OPTIONS=exitcode=99:print_stacktrace=1 LC_ALL=C.UTF-8

# This is not in setup(), which belongs to the test file. The variable is not set while bats
# counts the tests.
cd "${BATS_TEST_TMPDIR:-.}"

# need PROGRAM...: skips the test if one is not installed
need() {
	local program
	for program; do
		command -v "$program" >/dev/null || skip "needs $program"
	done
}

# need_mirror NAME FILE...: skips the test if a file of this data set is missing; otherwise
# $MIRROR is the folder that has them
need_mirror() {
	local folder file
	for folder in ${FL_DATA_MIRROR:+"$FL_DATA_MIRROR"} "$ROOT/data"; do
		MIRROR=$folder/$1
		for file in "${@:2}"; do
			[ -s "$MIRROR/$file" ] || continue 2
		done
		return 0
	done
	skip "needs $1 in data/ or FL_DATA_MIRROR"
}

# need_mnist FILE...: the same for the digits of MNIST, and for these files of it
need_mnist() {
	need_mirror mnist {train,t10k}-{images-idx3,labels-idx1}-ubyte.gz "$@"
}

# islands: makes three sites of penguins in sites/, one for each island, with their schema and
# statistics
islands() {
	fl-import -y species -g island --missing drop --schema-out schema \
		-x bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g \
		"$DATA/penguins.csv" > all.flp
	fl-split -p group --test every:5 -o sites all.flp
	fl-stats sites/client-*.flp | fl-aggregate --sum > stats.flp
}

# twin SCRIPT ARG...: tests/SCRIPT, which does the same with code of its own, must agree; it
# exits with 77 if it lacks a module
twin() {
	need python3
	run python3 "$ROOT/tests/$1" "${@:2}"
	[ "$status" -ne 77 ] || skip "$output"
	echo "$output"
	[ "$status" -eq 0 ]
}

all_named() {
	local line
	while read -r line; do
		[[ $line =~ ^fl(-[a-z]+)?:\  ]] || return
	done
}

# fails CODE COMMAND...: the command must exit with CODE, without output. What it says
# on standard error, in lines that begin with the tool's name, is then in $message.
fails() {
	local status=0 code=$1 log=$BATS_TEST_TMPDIR/.fails
	shift
	"$@" >"$log.out" 2>"$log.err" || status=$?
	message=$(<"$log.err")
	[ "$status" -eq "$code" ] && [ ! -s "$log.out" ] && [ -s "$log.err" ] &&
		all_named <"$log.err" && return
	echo "expected exit status $code and no output, found $status and $(wc -c <"$log.out") bytes: $*"
	echo "$message"
	return 1
}

# refused CODE TEXT COMMAND...: the same, and the message must have TEXT in it
refused() {
	local text=$2
	fails "$1" "${@:3}" || return
	[[ $message == *"$text"* ]] && return
	echo "expected \"$text\", found \"$message\": ${*:3}"
	return 1
}

# vector EXPRESSION: prints a record as data/vectors/make.py makes them
vector() {
	python3 -c 'import sys
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
import make
sys.stdout.buffer.write(eval(sys.argv[2]))' "$DATA/vectors" "$1"
}

# flip FILE BYTE COPY: makes a copy in which one bit of this byte is changed
flip() {
	cp "$1" "$3"
	printf "\\x$(printf %02x $(($(od -An -tu1 -j"$2" -N1 "$1") ^ 4)))" |
		dd of="$3" bs=1 seek="$2" conv=notrunc status=none
}
