# A malicious client among three honest ones: nobody but the caller decides who is left out.
load helper

# federation: a model, g0.flp, and the updates of three islands
federation() {
	islands
	fl-init -a 'dense 3' -i schema --scale stats.flp -s 1 > g0.flp
	for site in Biscoe Dream Torgersen; do
		fl-train -m g0.flp -E 5 -B 10 -l 0.1 -u sites/client-$site.flp > $site.flp
	done
}

@test "no forged update pushes out an honest one, before or after it" {
	federation
	twin forge.py "$BIN" g0.flp Biscoe.flp Dream.flp Torgersen.flp
}

@test "no forged update stops a sum of clipped ones, with or without votes" {
	federation
	for site in Biscoe Dream Torgersen; do
		fl-noise -C 1 $site.flp > $site.clipped
		fl-noise -C 1 --adapt g0.flp --adapt-range 0.1:10 $site.flp > $site.votes
	done
	twin forge.py --clipped "$BIN" g0.flp Biscoe.clipped Dream.clipped Torgersen.clipped
	twin forge.py --votes "$BIN" g0.flp Biscoe.votes Dream.votes Torgersen.votes
}

@test "a forged partial is not nine clients, and two records of a site do not stand for another" {
	federation
	twin forge.py "$BIN" g0.flp
	for order in "nine Biscoe.flp" "Biscoe.flp nine"; do
		refused 3 "nine: a partial speaks for others, so it is taken only under --trust-partials" \
			fl-aggregate --unique --min-clients 10 --expect 10 --strict --like g0.flp $order
		refused 3 "expected 10 clients, found 1" \
			fl-aggregate --unique --min-clients 10 --expect 10 --like g0.flp $order
	done
	cat two Biscoe.flp | refused 3 "expected 3 clients, found 1" \
		fl-aggregate --unique --expect 3 --like g0.flp
	refused 3 "expected 3 clients, found 1" \
		fl-aggregate --single --expect 3 --like g0.flp two Biscoe.flp
	fl-aggregate --unique --single --expect 3 --like g0.flp Biscoe.flp Dream.flp Torgersen.flp > mean
	cat Dream.flp Torgersen.flp Biscoe.flp | fl-aggregate --expect 3 | cmp - mean
}
