# Rounds of fleet mode for tests of fl-mask: clients of a few values, step by step. A client is
# named by a word; its files are NAME.key, NAME.u and, of each step, NAME.VERB.

# fleet NAME...: keys, and the roster
fleet() {
	local name
	for name; do
		fl-mask keygen -o "$name" || return
	done
	fl-mask roster --session birds "${@/%/.pub}" > roster
}

# model ROUND NAME...: g.flp of that round, and of each client a clipped update, NAME.u
model() {
	python3 - "$DATA/vectors" "$@" <<'END'
import sys
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
import make
from make import Tensor, record
number, names = int(sys.argv[2]), sys.argv[3:]

def write(path, values, kind, meta, privacy=make.RAW):
    tensors = [Tensor("w", "f32", [3, 4], values[:12]), Tensor("b", "f32", [2], values[12:])]
    with open(path, "wb") as file:
        file.write(record(tensors, meta, kind, privacy))
    return make.digest(kind, privacy, tensors, make.lines(meta))

base = write("g.flp", [number + i / 4 for i in range(14)], make.PARAMS, {"round": number})
for k, name in enumerate(names):
    write(name + ".u", [((k + 1) * (i + 3) * 7 % 33 - 16) / 16 for i in range(14)], make.UPDATE,
          {"base": base, "clip": 4, "grid": 12, "round": number}, make.CLIPPED)
END
}

# steps VERB NAME... [-- OPTION...]: each client's message in NAME.VERB
steps() {
	local verb=$1 names=() name
	shift
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		names+=("$1")
		shift
	done
	[ $# -eq 0 ] || shift
	for name in "${names[@]}"; do
		step "$verb" "$name" "$@" > "$name.$verb" || return
	done
}

# step VERB NAME [OPTION]...: a client's message
step() {
	local verb=$1 name=$2 common=(--roster roster -m g.flp --key "$2.key")
	shift 2
	case $verb in
	advertise) fl-mask advertise "${common[@]}" "$@" ;;
	share) fl-mask share "${common[@]}" "$@" graph ;;
	apply) fl-mask apply "${common[@]}" --graph graph --inbox "in/$name.flp" "$@" "$name.u" ;;
	confirm) fl-mask confirm "${common[@]}" --graph graph "$@" survivors ;;
	reveal) fl-mask reveal "${common[@]}" --graph graph --survivors survivors "$@" ./*.confirm ;;
	esac
}

# server VERB [OPTION]... FILE...: its call, without what all have
server() {
	local common=(--roster roster -m g.flp)
	[ "$1" = graph ] || common+=(--graph graph)
	fl-mask "$1" "${common[@]}" "${@:2}"
}

# plain NAME...: their sum without masks, exact
plain() {
	fl-aggregate --sum "${@/%/.u}"
}

# round A S M C R: a round in which the clients of each word list take part in advertise, share,
# apply, confirm and reveal: sum.flp. It may stop at any step.
round() {
	# shellcheck disable=SC2086 # the words are names
	steps advertise $1 &&
		server graph ${1// /.advertise }.advertise > graph &&
		steps share $2 &&
		server deliver -o in ${2// /.share }.share > shares &&
		steps apply $3 &&
		server survivors --shares shares ${3// /.apply }.apply > survivors &&
		rm -f ./*.confirm &&
		steps confirm $4 &&
		steps reveal $5 &&
		cat ${5// /.reveal }.reveal > reveals &&
		unmask ${3// /.apply }.apply > sum.flp
}

# unmask [OPTION]... FILE...: of the files that a round has made
unmask() {
	server unmask --survivors survivors --shares shares --reveals reveals "$@"
}

# rework FILE CHANGE COPY: a whole record that differs by a bit of the tensor CHANGE, or by
# metadata KEY=VALUE
rework() {
	python3 - "$DATA/vectors" "$1" "$2" <<'END' > "$3"
import struct, sys
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
import make
data, change = open(sys.argv[2], "rb").read(), sys.argv[3]
kind, privacy = data[9], data[10]
values, meta_n, count, _ = struct.unpack_from("<IIII", data, 16)
meta = dict(line.split("=", 1) for line in data[32:32 + meta_n].decode().splitlines())
at, tensors = 32 + meta_n, []
for _ in range(count):
    dtype, _, rank, name_n = data[at:at + 4]
    name = data[at + 4:at + 4 + name_n].decode()
    dims = struct.unpack_from("<%dQ" % rank, data, at + 4 + name_n)
    at += 4 + name_n + 8 * rank
    code = {9: "B", 11: "I"}[dtype]
    n = 1
    for d in dims:
        n *= d
    numbers = list(struct.unpack_from("<%d%s" % (n, code), data, values))
    values += (n * struct.calcsize(code) + 63) // 64 * 64
    if name == change:
        numbers[0] ^= 4
    tensors.append(make.Tensor(name, {9: "u8", 11: "u32"}[dtype], list(dims), numbers))
if "=" in change:
    meta.update([change.split("=", 1)])
sys.stdout.buffer.write(make.record(tensors, meta, kind, privacy))
END
}

# in_memory: to a folder in memory, where there is one: of many clients nearly all time is spent on
# waiting until the disk has their journals. out_of_memory, of teardown, removes it.
in_memory() {
	memory=
	[ -w /dev/shm ] || return 0
	memory=$(mktemp -d -p /dev/shm fl-XXXXXX) && cd "$memory"
}

out_of_memory() {
	[ -z "$memory" ] || rm -rf "$memory"
}

# gather N A S: keys of N clients, and their first two steps for g.flp, each in one call for all;
# before each as many vanish
gather() {
	mapfile -t here < <(seq -f 'c%06.0f' "$1")
	printf '%s\0' "${here[@]}" | xargs -0 -P 4 -n 1 fl-mask keygen -o || return
	printf '%s.pub\0' "${here[@]}" | fl-mask roster --session birds --files-from - > roster || return
	vanish "$2"
	crowd_step advertise > advertise && server graph advertise > graph || return
	vanish "$3"
	crowd_step share graph > share && server deliver -o in share > shares
}

# crowd N A S M C R: a round of so many clients, of whom before each step as many vanish: sum.flp
# and plain.flp are the sum of those who masked
crowd() {
	local inboxes
	# shellcheck disable=SC2046 # the words are names
	model 1 $(seq -f 'c%06.0f' "$1")
	gather "$1" "$2" "$3" || return
	vanish "$4"
	printf '%s.u\0' "${here[@]}" > updates
	mapfile -t inboxes < <(printf -- '--inbox\nin/%s.flp\n' "${here[@]}")
	crowd_step apply --graph graph "${inboxes[@]}" --files-from updates > masked &&
		server survivors --shares shares masked > survivors || return
	vanish "$5"
	crowd_step confirm --graph graph survivors > confirm || return
	vanish "$6"
	crowd_step reveal --graph graph --survivors survivors confirm > reveals || return
	unmask masked > sum.flp && fl-aggregate --sum --files-from updates > plain.flp
}

# one_of_100000 GRID: g.flp of that many values, and an update of it, u.raw; in u it is clipped to
# norm 1 at that grid
one_of_100000() {
	printf '%s\n' "$(seq -s , 999),y" "$(seq -s , 999),1" | fl-import -y y > row &&
		fl-init -a 'dense 100' -n 999 > g.flp &&
		fl-train -m g.flp -u --policy open row > u.raw && fl-noise -C 1 --grid "$1" u.raw > u
}

# weighs N GRID: what the first of N clients sends of such an update, in bytes: "UPDATE MASKED
# SHARE"; in 24 bits
weighs() {
	one_of_100000 "$2" && gather "$1" 0 0 && cp u c000001.u || return
	step apply c000001 > masked && step share c000001 > own || return
	fl-dump masked | grep -qE '^  bits +24$' || return
	stat -c %s u.raw masked own | xargs
}

# crowd_step VERB ARG...: of those who are there
crowd_step() {
	mapfile -t keys < <(printf -- '--key\n%s.key\n' "${here[@]}")
	fl-mask "$1" --roster roster -m g.flp "${keys[@]}" "${@:2}"
}

# vanish N: so many of those who are there, far from each other
vanish() {
	local i
	for ((i = 0; i < $1; i++)); do
		unset "here[$(((i * 7919 + 13) % ${#here[@]}))]"
		here=("${here[@]}")
	done
}
