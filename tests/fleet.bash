# Rounds of fleet mode for the tests of fl-mask, step by step, with updates of a few values. A
# client's name is one word; its files are NAME.key, NAME.u and, for each step, NAME.VERB.

# fleet NAME...: makes the keys of these clients, and the roster
fleet() {
	local name
	for name; do
		fl-mask keygen -o "$name" || return
	done
	fl-mask roster --session birds "${@/%/.pub}" > roster
}

# model ROUND NAME...: makes g.flp, the model of that round, and a clipped update of each client,
# NAME.u
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

# steps VERB NAME... [-- OPTION...]: writes each client's message to NAME.VERB
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

# step VERB NAME [OPTION]...: prints a client's message
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

# server VERB [OPTION]... FILE...: runs a verb of the server, adding the options that all have
server() {
	local common=(--roster roster -m g.flp)
	[ "$1" = graph ] || common+=(--graph graph)
	fl-mask "$1" "${common[@]}" "${@:2}"
}

# plain NAME...: prints the exact sum of these clients' updates, without masks
plain() {
	fl-aggregate --sum "${@/%/.u}"
}

# round A S M C R: a round, in which the clients that each list names take part in advertise,
# share, apply, confirm and reveal; it makes sum.flp. It ends at the first step that is refused.
round() {
	# shellcheck disable=SC2086 # the words are names
	steps advertise $1 &&
		server graph ${1// /.advertise }.advertise > graph &&
		steps share $2 &&
		rm -rf in &&
		server deliver -o in ${2// /.share }.share > shares &&
		steps apply $3 &&
		server survivors --shares shares ${3// /.apply }.apply > survivors &&
		rm -f ./*.confirm &&
		steps confirm $4 &&
		steps reveal $5 &&
		cat ${5// /.reveal }.reveal > reveals &&
		unmask ${3// /.apply }.apply > sum.flp
}

# unmask [OPTION]... FILE...: runs unmask with the files that a round has made
unmask() {
	server unmask --survivors survivors --shares shares --reveals reveals "$@"
}

# rework FILE CHANGE COPY: makes an undamaged record that differs from that of FILE in one bit of
# the tensor CHANGE, or in the metadata KEY=VALUE
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

# in_memory: changes to a folder in memory, if there is one. With many clients nearly all the time
# would go into waiting until their journals are on the disk. out_of_memory, for teardown, removes
# the folder.
in_memory() {
	memory=
	[ -w /dev/shm ] || return 0
	memory=$(mktemp -d -p /dev/shm fl-XXXXXX) && cd "$memory"
}

out_of_memory() {
	[ -z "$memory" ] || rm -rf "$memory"
}

# gather N A S: makes the keys of N clients, and takes their first two steps for g.flp, each in one
# call for all clients. A clients drop out before the first step and S before the second.
gather() {
	mapfile -t here < <(seq -f 'c%06.0f' "$1")
	printf '%s\0' "${here[@]}" | xargs -0 -P 4 -n 1 fl-mask keygen -o || return
	printf '%s.pub\0' "${here[@]}" | fl-mask roster --session birds --files-from - > roster || return
	drop_out "$2"
	crowd_step advertise > advertise && server graph advertise > graph || return
	drop_out "$3"
	crowd_step share graph > share && server deliver -o in share > shares
}

# crowd N A S M C R: a round of N clients, of which so many drop out before each step. It makes
# sum.flp, and plain.flp, which is the sum without masks of the clients that took the step apply.
crowd() {
	local inboxes
	# shellcheck disable=SC2046 # the words are names
	model 1 $(seq -f 'c%06.0f' "$1")
	gather "$1" "$2" "$3" || return
	drop_out "$4"
	printf '%s.u\0' "${here[@]}" > updates
	mapfile -t inboxes < <(printf -- '--inbox\nin/%s.flp\n' "${here[@]}")
	crowd_step apply --graph graph "${inboxes[@]}" --files-from updates > masked &&
		server survivors --shares shares masked > survivors || return
	drop_out "$5"
	crowd_step confirm --graph graph survivors > confirm || return
	drop_out "$6"
	crowd_step reveal --graph graph --survivors survivors confirm > reveals || return
	unmask masked > sum.flp && fl-aggregate --sum --files-from updates > plain.flp
}

# one_of_100000 GRID: makes g.flp, a model of that many values, and an update of it, u.raw; in u
# the update is clipped to norm 1 with that grid
one_of_100000() {
	printf '%s\n' "$(seq -s , 999),y" "$(seq -s , 999),1" | fl-import -y y > row &&
		fl-init -a 'dense 100' -n 999 > g.flp &&
		fl-train -m g.flp -u --policy open row > u.raw && fl-noise -C 1 --grid "$1" u.raw > u
}

# weighs N GRID: prints how many bytes such an update has, and what the first of N clients sends
# for it: "UPDATE MASKED SHARE". A masked value must have 24 bits.
weighs() {
	one_of_100000 "$2" && gather "$1" 0 0 && cp u c000001.u || return
	step apply c000001 > masked && step share c000001 > own || return
	fl-dump masked | grep -qE '^  bits +24$' || return
	stat -c %s u.raw masked own | xargs
}

# crowd_step VERB ARG...: runs a verb for all clients that are still there
crowd_step() {
	mapfile -t keys < <(printf -- '--key\n%s.key\n' "${here[@]}")
	fl-mask "$1" --roster roster -m g.flp "${keys[@]}" "${@:2}"
}

# drop_out N: takes away N of the clients that are still there, far from each other in the list
drop_out() {
	local i
	for ((i = 0; i < $1; i++)); do
		unset "here[$(((i * 7919 + 13) % ${#here[@]}))]"
		here=("${here[@]}")
	done
}
