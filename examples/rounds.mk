# rounds.mk: federated averaging, in which a round is a handful of make rules.
#
# An experiment's Makefile sets what it wants of these and includes this file:
#
#   CLIENTS    data files, one a client                          (required)
#   INIT       what fl-init is told                              (required)
#   TRAIN      what fl-train is told             [-E 1 -B 10 -l 0.1]
#   ROUNDS     how many                                         [10]
#   COHORT     what fl-sample is told: -n 10 or -q 0.1  [-q 1: all]
#   AGGREGATE  what fl-aggregate is told besides                  []
#   STEP       what fl-step is told besides                       []
#   TEST       data files the model is measured on                []
#   EVERY      measured after every so many rounds               [1]
#   SEED       of cohorts and of the order of rows               [1]
#   RUN        the folder for what is made                     [run]
#   LAUNCH     stands before each training command, as in 'srun -n1' []
#   TOGETHER   one command trains a cohort, with so many threads; without it
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

export LC_ALL = C
SHELL = /bin/bash
.SHELLFLAGS = -o pipefail -c
MAKEFLAGS += --silent --no-print-directory --no-builtin-rules
.DELETE_ON_ERROR:

# Who is drawn depends on names. Clients in RUN have theirs from there, so that
# it does not matter where RUN is.
prefix := $(if $(filter-out $(RUN)/%,$(CLIENTS)),,$(RUN)/)

ifndef EACH

steps := $(shell seq 0 $(ROUNDS))
rounds := $(wordlist 2,$(words $(steps)),$(steps))
measured := $(if $(TEST),$(shell seq $(EVERY) $(EVERY) $(ROUNDS)))

rounds: $(if $(TEST),$(RUN)/metrics.tsv) $(RUN)/$(ROUNDS).flp
	rm -f $(RUN)/lock $(RUN)/*.part $(RUN)/*.tsv.* $(RUN)/.fl-*

$(RUN)/0.flp: | $(CLIENTS)
	mkdir -p $(RUN)
	fl-init $(INIT) | fl-put $@

$(rounds:%=$(RUN)/%.cohort): $(RUN)/%.cohort: | $(RUN)/0.flp
	fl-sample $(COHORT) -s $(SEED) -r $* $(CLIENTS:$(prefix)%=%) | fl-put -q $@

# How a cohort's updates come to stand one behind the other in $$updates. A job
# that is left out leaves an empty file; one whose file is missing is an error.
ifdef TOGETHER
train = [ $$n -eq 0 ] || $(LAUNCH) fl-train -j $(TOGETHER) -m $< -u -s $(SEED) $(TRAIN) \
	"$${cohort[@]}" > $$updates || [ $$? -eq 3 ]
else
train = mkdir -p $(RUN)/$*.each && \
	$(MAKE) -f $(firstword $(MAKEFILE_LIST)) EACH=$(RUN)/$*.each MODEL=$< COHORT=$(RUN)/$*.cohort && \
	for ((k = 1; k <= n; k++)); do cat $(RUN)/$*.each/$$k || exit; done > $$updates && \
	rm -rf $(RUN)/$*.each
endif

# Word K of 0 1 2 ... is K - 1: each round begins from the model before it.
$(foreach k,$(rounds),$(eval $(RUN)/$k.flp: $(RUN)/$(word $k,$(steps)).flp $(RUN)/$k.cohort))

# What the training cost is noted: clients, bytes up and down, seconds. A client
# whose training failed is not among the updates; what is there must be whole.
# This recipe may outlive a make that was killed: the next one's waits for it.
$(rounds:%=$(RUN)/%.flp): $(RUN)/%.flp:
	$(if $(TOGETHER),,+)exec {lock}> $(RUN)/lock && flock $$lock && \
	cohort=($$(fl-sample --list $(RUN)/$*.cohort)) && n=$${#cohort[@]} && \
	cohort=("$${cohort[@]/#/$(prefix)}") && \
	updates=$(RUN)/$*.updates.part && : > $$updates && start=$${EPOCHREALTIME/./} && \
	{ $(train); } && us=$$(($${EPOCHREALTIME/./} - start)) && size=($$(stat -c %s $< $$updates)) && \
	printf '%d\t%d\t%d\t%d.%03d\n' $$n $${size[1]} $$((n * size[0])) \
		$$((us / 1000000)) $$((us / 1000 % 1000)) > $(RUN)/$*.cost && \
	fl-aggregate --strict $(AGGREGATE) --like $< $$updates | fl-step $(STEP) -m $< | fl-put $@ && \
	$(if $(KEEP),mv $$updates $(RUN)/$*.updates,rm -f $$updates)

$(measured:%=$(RUN)/%.tsv): $(RUN)/%.tsv: $(RUN)/%.flp $(TEST)
	fl-eval -m $< $(TEST) | { IFS= read -r titles && \
		printf '%s\tcohort\tbytes_up\tbytes_down\tseconds\n' "$$titles" && \
		while IFS= read -r row; do printf '%s\t%s\n' "$$row" "$$(cat $(RUN)/$*.cost)"; done; \
	} > $@.$$$$ && mv $@.$$$$ $@
	$(if $(QUIET),,awk -F '\t' 'NR == 1 && $* == $(EVERY) { print_row("%10s") } \
		END { print_row("%10.4f") } \
		function print_row(f) { printf("%6s %7s " f " " f " %11s %11s %8s\n", $$1, \
			$$(NF-3), $$4, $$5, $$(NF-2), $$(NF-1), $$NF) }' $@)

$(RUN)/metrics.tsv: $(measured:%=$(RUN)/%.tsv)
	awk 'FNR > 1 || NR == 1' $^ > $@.$$$$ && mv $@.$$$$ $@

else

# A round's jobs: $(EACH)/K is the update of the cohort's client K.
clients := $(addprefix $(prefix),$(shell fl-sample --list $(COHORT)))
jobs := $(addprefix $(EACH)/,$(shell seq $(words $(clients))))
client = $(word $(@F),$(clients))

jobs: $(jobs)

$(jobs):
	$(LAUNCH) fl-train -m $(MODEL) -u -s $(SEED) $(TRAIN) $(client) > $@.part && mv $@.part $@ || \
		{ [ $$? -eq 3 ] && rm -f $@.part && echo "$(EACH:.each=): $(client) is left out" >&2 && : > $@; }

endif

.PHONY: rounds jobs
