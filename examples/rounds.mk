# rounds.mk: federated averaging, in which a round is a handful of make rules.
#
# An experiment's Makefile sets what it wants of these and includes this file:
#
#   CLIENTS    data files, one a client                          (required)
#   INIT       what fl-init is told                              (required)
#   TRAIN      what the trainer is told          [-E 1 -B 10 -l 0.1]
#   ROUNDS     how many                                         [10]
#   COHORT     what fl-sample is told: -n 10 or -q 0.1  [-q 1: all]
#   AGGREGATE  what the aggregator is told besides                []
#   STEP       what fl-step is told besides                       []
#   TEST       data files the model is measured on                []
#   EVERY      measured after every so many rounds               [1]
#   SEED       of cohorts and of the order of rows               [1]
#   RUN        the folder for what is made                     [run]
#   TRAINER    what trains: called as fl-train is, -m MODEL -u -s SEED $(TRAIN)
#              DATA..., and updates come on its standard output [fl-train]
#   AGGREGATOR what combines updates, called as fl-aggregate [fl-aggregate]
#   LAUNCH     stands before each trainer, as in 'srun -n1'       []
#   TOGETHER   one trainer trains a cohort, told -j TOGETHER too; without it
#              each client is a job of its own, for make -j       []
#   KEEP       any text: keep each round's updates                []
#   QUIET      any text: print no table                           []
#
# RUN/K.flp is the model after K rounds, RUN/K.cohort who was drawn for round
# K, RUN/metrics.tsv the measures. A client whose training exits 3 is left out
# of its round and named. A model, a cohort or a job's update under its name is
# whole: killed at any instant, make goes on where it was and ends with the same
# models. Files are not made anew when a setting or a client's data change: that
# wants another RUN.

ROUNDS ?= 10
COHORT ?= -q 1
TRAIN ?= -E 1 -B 10 -l 0.1
EVERY ?= 1
SEED ?= 1
RUN ?= run
TRAINER ?= fl-train
AGGREGATOR ?= fl-aggregate

# The draw depends on the clients' names. If all clients are in RUN, the names leave
# out RUN, so that the draw does not depend on where RUN is.
CLIENTS_FROM := $(if $(filter-out $(RUN)/%,$(CLIENTS)),,$(RUN)/)

export LC_ALL = C
export MAKE RUN CLIENTS_FROM SEED LAUNCH TRAINER TRAIN TOGETHER AGGREGATOR AGGREGATE STEP KEEP
SHELL = /bin/bash
.SHELLFLAGS = -o pipefail -c
MAKEFLAGS += --silent --no-print-directory --no-builtin-rules
.DELETE_ON_ERROR:

round := $(dir $(lastword $(MAKEFILE_LIST)))round
steps := $(shell seq 0 $(ROUNDS))
rounds := $(wordlist 2,$(words $(steps)),$(steps))
measured := $(if $(TEST),$(shell seq $(EVERY) $(EVERY) $(ROUNDS)))

rounds: $(if $(TEST),$(RUN)/metrics.tsv) $(RUN)/$(ROUNDS).flp
	rm -f $(RUN)/lock $(RUN)/*.part $(RUN)/*.tsv.* $(RUN)/.fl-*

$(RUN)/0.flp: | $(CLIENTS)
	mkdir -p $(RUN)
	fl-init $(INIT) | fl-put $@

$(rounds:%=$(RUN)/%.cohort): $(RUN)/%.cohort: | $(RUN)/0.flp
	fl-sample $(COHORT) -s $(SEED) -r $* $(CLIENTS:$(CLIENTS_FROM)%=%) | fl-put -q $@

# Word K of 0 1 2 ... is K - 1: each round begins from the model before it.
$(foreach k,$(rounds),$(eval $(RUN)/$k.flp: $(RUN)/$(word $k,$(steps)).flp $(RUN)/$k.cohort))

# Without TOGETHER, + lets the round's own make share the job slots of this one.
$(rounds:%=$(RUN)/%.flp): $(RUN)/%.flp:
	$(if $(TOGETHER),,+)$(round) $*

$(measured:%=$(RUN)/%.tsv): $(RUN)/%.tsv: $(RUN)/%.flp $(TEST)
	fl-eval -m $< $(TEST) | awk -v cost="$$(cat $(RUN)/$*.cost)" '{ print $$0 "\t" \
		(NR == 1 ? "cohort\tbytes_up\tbytes_down\tseconds" : cost) }' > $@.$$$$ && mv $@.$$$$ $@
	$(if $(QUIET),,awk -F '\t' 'NR == 1 && $* == $(EVERY) { print_row("%10s") } \
		END { print_row("%10.4f") } \
		function print_row(f) { printf("%6s %7s " f " " f " %11s %11s %8s\n", $$1, \
			$$(NF-3), $$4, $$5, $$(NF-2), $$(NF-1), $$NF) }' $@)

$(RUN)/metrics.tsv: $(measured:%=$(RUN)/%.tsv)
	awk 'FNR > 1 || NR == 1' $^ > $@.$$$$ && mv $@.$$$$ $@

.PHONY: rounds
