# rounds.mk: federated averaging, in which a round is a handful of make rules.
#
# An experiment's Makefile sets some of these variables and includes this file:
#
#   CLIENTS    the data files, one for each client               (required)
#   INIT       the options of fl-init                            (required)
#   TRAIN      options of the trainer            [-E 1 -B 10 -l 0.1]
#   ROUNDS     the number of rounds                             [10]
#   COHORT     options of fl-sample: -n 10 or -q 0.1    [-q 1: all]
#   AGGREGATE  more options of the aggregator                     []
#   STEP       more options of fl-step                            []
#   TEST       the data files that models are measured on         []
#   EVERY      how many rounds from one measurement to the next  [1]
#   SEED       the seed of cohorts and of the order of rows      [1]
#   RUN        the folder for the results                      [run]
#   TRAINER    the command that trains. It is called like fl-train, with -m MODEL -u
#              -s SEED $(TRAIN) DATA, and writes updates to standard output
#                                                          [fl-train]
#   AGGREGATOR the command that combines updates. It is called like fl-aggregate, with
#              --min-clients 1 $(AGGREGATE) --like MODEL --single --files-from LIST
#                                                          [fl-aggregate]
#   LAUNCH     a command before each trainer, such as 'srun -n1'  []
#   TOGETHER   a number of threads: one trainer trains the whole cohort, called with
#              -j TOGETHER and, for DATA, --files-from LIST, and the aggregator gets
#              one file. Without it each client is a job of its own, for make -j  []
#   PRIVATE    differential privacy: the options of fl-noise for a round, such as
#              '-C 1 -z 1.1 --adjacency add-remove'. If they only clip, there is
#              no noise. See below                                   []
#   LEDGER     the ledger of the data set              [RUN/ledger]
#   KEEP       any text: keep each round's updates                []
#   QUIET      any text: print no table                           []
#
# RUN/K.flp is the model after K rounds, RUN/K.cohort lists the clients of round K, and
# RUN/metrics.tsv has the measures, including those of the last round. A client whose
# training exits 3, or whose update is bad, is named and left out of its round. If a
# cohort is not empty and gives no update, the round stops. A file under the name of a
# model, a cohort or a job's update is always whole: if make is killed at any instant, the
# next make goes on from there and ends with the same models. RUN/settings has the settings
# that determine the models: INIT, TRAIN, COHORT, AGGREGATE, STEP, SEED, TRAINER,
# AGGREGATOR and the list of clients. If one of them has changed, make stops, and you must
# use another RUN. Also use another RUN if a client's data have changed, which make does
# not notice. Rounds that were measured on other test files are measured again.
#
# Under PRIVATE each update is clipped, fl-aggregate adds up the updates that were clipped
# in this way, and fl-noise adds the noise of the round to the sum. So STEP must have
# fl-step's --denominator: a public number, such as the expected size of a cohort. Cohorts
# are drawn in secret. A trainer must write at most one update for each client, since two
# updates of one client would count as two clients. If a round's cohort is empty or sends no
# update, its release is noise alone. A model with noise is never made again: if make is
# killed, the unfinished round draws another cohort, and a release that is in the ledger
# counts as spent. `fl-budget -d 1e-5 --ledger LEDGER RUN/[0-9]*.flp` prints what was spent.
# All runs on one data set should have one ledger, outside of RUN, since without the ledger
# nobody knows what was spent. The first model must be public; fl-init --scale with exact
# statistics makes one that is not. RUN/*.cohort, RUN/*.cost, RUN/*.tsv and the files in
# RUN/K.each show which clients took part, or how many; only the models and the ledger may be
# published. With --adapt-range LOW:HIGH --adapt-clients N in PRIVATE the norm adapts: -C
# gives only the norm of the first round, and from then on the model of the round gives it.

ROUNDS ?= 10
COHORT ?= -q 1
TRAIN ?= -E 1 -B 10 -l 0.1
EVERY ?= 1
SEED ?= 1
RUN ?= run
TRAINER ?= fl-train
AGGREGATOR ?= fl-aggregate
LEDGER ?= $(RUN)/ledger

# The draw depends on the clients' names. If all clients are in RUN, the names leave
# out RUN, so that the draw does not depend on where RUN is.
clients := $(CLIENTS)
CLIENTS_FROM := $(if $(filter-out $(RUN)/%,$(clients)),,$(RUN)/)
draw_from := $(clients:$(CLIENTS_FROM)%=%)

export LC_ALL = C
export MAKE RUN CLIENTS_FROM INIT COHORT SEED LAUNCH TRAINER TRAIN TOGETHER AGGREGATOR \
	AGGREGATE STEP PRIVATE LEDGER KEEP make_pid
unexport CLIENTS TEST
SHELL = /bin/bash
.SHELLFLAGS = -o pipefail -c
dry_run := $(findstring n,$(filter-out x-%,$(firstword x$(MAKEFLAGS))))
MAKEFLAGS += --silent --no-print-directory --no-builtin-rules
.DELETE_ON_ERROR:

ifneq ($(words $(RUN)) $(findstring %,$(RUN))$(filter -%,$(RUN)),1 )
$(error RUN: expected one word that does not begin with - and has no %, found "$(RUN)")
endif
ifneq ($(shell [[ "$(ROUNDS) $(EVERY)" =~ ^(0|[1-9][0-9]*)' '[1-9][0-9]*$$ ]] && echo good),good)
$(error ROUNDS, EVERY: expected whole numbers, EVERY above 0, found "$(ROUNDS)", "$(EVERY)")
endif

ifneq ($(and $(PRIVATE),$(KEEP)),)
$(error KEEP: expected nothing under PRIVATE, since updates have no noise, found "$(KEEP)")
endif

scripts := $(dir $(lastword $(MAKEFILE_LIST)))
steps := $(shell seq 0 $(ROUNDS))
rounds := $(wordlist 2,$(words $(steps)),$(steps))
last_round := $(filter-out 0,$(ROUNDS))
measured := $(filter-out $(last_round),$(shell seq $(EVERY) $(EVERY) $(ROUNDS))) $(last_round)
tables := $(if $(TEST),$(measured:%=$(RUN)/%.tsv))

# A recipe that makes a model, or removes files that others may have made, holds the lock, a
# file that is never removed. If its make is gone by the time it gets the lock, it ends. A file
# that is not whole yet has the number of its process after its name, or is in the folder of
# its round, K.each.
make_pid := $(shell echo $$PPID)
locked := exec 9> $(RUN)/lock && flock 9 && [ -e /proc/$(make_pid)/exe ] &&

# $(call by_file,NAMES) begins a recipe: it puts the names in $(names_file), since a hundred
# thousand names do not fit on a command line. $(the_names) prints them, with a NUL after each.
names_file = $@.$(make_pid)
by_file = $(if $(dry_run),,$(shell mkdir -p $(RUN))$(file >$(names_file),$1))trap \
	'rm -f $(names_file) $@.$$$$' EXIT;
the_names = tr ' \n' '\0\0' < $(names_file)
define newline


endef

rounds: $(if $(tables),$(RUN)/metrics.tsv) $(RUN)/$(ROUNDS).flp
	$(locked) rm -rf $(RUN)/[0-9]*.each && for f in $$(find $(RUN) -maxdepth 1 \
		-regex '.*/\([0-9]*\.\(cohort\|cost\|tsv\)\|metrics.tsv\|settings\)\.[0-9]+'); do \
		[ -e /proc/$${f##*.}/exe ] || rm -f $$f; done

$(RUN)/settings: $(TEST) always
	$(if $(clients),,$(error CLIENTS: expected a data file, found none))
	$(call by_file,$(draw_from)$(newline)$(TEST:$(RUN)/%=%)) \
		$(if $(filter-out always,$?),,TESTED=1) $(scripts)settings $(names_file)

$(RUN)/0.flp: | $(clients) $(RUN)/settings
	$(locked) mkdir -p $(RUN)/0.each && fl-init $(INIT) | fl-put $(RUN)/0.each/next && \
		mv $(RUN)/0.each/next $@ && rm -rf $(RUN)/0.each

draw = $(the_names) | fl-sample $(COHORT) $(if $(PRIVATE),--secret,-s $(SEED)) -r $* \
	--files-from - > $@.$$$$ && mv $@.$$$$ $@
$(rounds:%=$(RUN)/%.cohort): $(RUN)/%.cohort: | $(RUN)/0.flp
	$(call by_file,$(draw_from)) $(if $(PRIVATE),$(locked) \
		if [ ! -e $(RUN)/$*.flp ]; then $(draw); fi,$(draw))

# A round that is not finished draws another cohort. Once its model is made, the cohort stays.
ifneq ($(PRIVATE),)
$(foreach k,$(rounds),$(if $(wildcard $(RUN)/$k.flp),,$(eval $(RUN)/$k.cohort: always)))
.PRECIOUS: $(rounds:%=$(RUN)/%.flp)
endif

# Word K of 0 1 2 ... is K - 1: each round begins from the model before it.
$(foreach k,$(rounds),$(eval $(RUN)/$k.flp: $(RUN)/$(word $k,$(steps)).flp $(RUN)/$k.cohort))

# Without TOGETHER, + lets the round's own make share the job slots of this one.
$(rounds:%=$(RUN)/%.flp): $(RUN)/%.flp:
	$(if $(TOGETHER)$(dry_run),,+)$(scripts)round $*

# Tables are made one after the other, and the first one that this make prints has titles.
table_before :=
$(foreach t,$(tables),$(eval $t: | $(table_before))$(eval table_before := $t))
titles = $(if $(titled),,$(eval titled := 1)1)

$(tables): $(RUN)/%.tsv: $(RUN)/%.flp $(RUN)/settings
	$(call by_file,$(TEST)) $(the_names) | fl-eval -m $< --files-from - | awk ' \
		FILENAME == ARGV[1] { fields = split($$0, unused, "\t"); cost = $$0; next } \
		{ print $$0 "\t" (++n == 1 ? "cohort\tbytes_up\tbytes_down\tseconds" : cost) } \
		END { exit fields != 4 || n < 2 }' $(RUN)/$*.cost - > $@.$$$$ && mv $@.$$$$ $@
	$(if $(QUIET),,awk -F '\t' 'NR == 1 && "$(titles)" { print_row("%10s") } \
		END { print_row("%10.4f") } \
		function print_row(f) { printf("%6s %7s " f " " f " %11s %11s %8s\n", $$1, \
			$$(NF-3), $$4, $$5, $$(NF-2), $$(NF-1), $$NF) }' $@)

$(RUN)/metrics.tsv: $(tables) always
	awk 'FNR > 1 || NR == 1' $(tables) > $@.$$$$ && \
		if cmp -s $@.$$$$ $@; then rm $@.$$$$; else mv $@.$$$$ $@; fi

.PHONY: rounds always
