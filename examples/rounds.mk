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
# of its round and named. A file under its name is whole: killed at any
# instant, make goes on where it was and ends with the same models.

ROUNDS ?= 10
COHORT ?= -q 1
TRAIN ?= -E 1 -B 10 -l 0.1
EVERY ?= 1
SEED ?= 1
RUN ?= run

SHELL = /bin/bash
.SHELLFLAGS = -o pipefail -c
MAKEFLAGS += --silent --no-print-directory --no-builtin-rules
.DELETE_ON_ERROR:

ifndef EACH

steps := $(shell seq 0 $(ROUNDS))
rounds := $(wordlist 2,$(words $(steps)),$(steps))
measured := $(if $(TEST),$(shell seq $(EVERY) $(EVERY) $(ROUNDS)))
.SECONDARY: $(rounds:%=$(RUN)/%.updates)

rounds: $(RUN)/$(ROUNDS).flp $(if $(TEST),$(RUN)/metrics.tsv)

# Word K of 0 1 2 ... is K - 1: each round begins from the model before it.
$(foreach k,$(rounds),$(eval $(RUN)/$k.cohort $(RUN)/$k.updates $(RUN)/$k.flp: \
	$(RUN)/$(word $k,$(steps)).flp))
model = $(filter %.flp,$^)

$(RUN)/0.flp: | $(CLIENTS)
	mkdir -p $(RUN)
	fl-init $(INIT) | fl-put $@

$(rounds:%=$(RUN)/%.cohort): $(RUN)/%.cohort:
	fl-sample $(COHORT) -s $(SEED) -r $* $(CLIENTS) | fl-put -q $@

# The cohort's updates one behind the other. Jobs leave theirs in a folder.
$(rounds:%=$(RUN)/%.updates): $(RUN)/%.updates: $(RUN)/%.cohort
ifdef TOGETHER
	mapfile -t cohort < <(fl-sample --list $<) && \
	if [ $${#cohort[@]} -gt 0 ]; then \
		$(LAUNCH) fl-train -j $(TOGETHER) -m $(model) -u -s $(SEED) $(TRAIN) "$${cohort[@]}" || \
			[ $$? -eq 3 ]; \
	fi > $@.part && mv $@.part $@
else
	+$(MAKE) -f $(firstword $(MAKEFILE_LIST)) EACH=$(RUN)/$*.each MODEL=$(model) DRAWN=$<
	fl-sample --list $< | while IFS= read -r client; do \
		[ ! -e "$(RUN)/$*.each/$$client" ] || cat "$(RUN)/$*.each/$$client" || exit; \
	done > $@.part && mv $@.part $@ && rm -rf $(RUN)/$*.each
endif

# What the round cost is noted: clients, bytes up and down, seconds since its
# cohort was drawn.
$(rounds:%=$(RUN)/%.flp): $(RUN)/%.flp: $(RUN)/%.updates
	us=$$(($${EPOCHREALTIME/./} - $$(stat -c %.6Y $(RUN)/$*.cohort | tr -d .))) && \
	clients=$$(fl-sample --list $(RUN)/$*.cohort | wc -l) && \
	printf '%d\t%d\t%d\t%d.%03d\n' $$clients $$(stat -c %s $<) \
		$$((clients * $$(stat -c %s $(model)))) $$((us / 1000000)) $$((us / 1000 % 1000)) \
		> $(RUN)/$*.cost
	fl-aggregate $(AGGREGATE) --like $(model) $< | fl-step $(STEP) -m $(model) | fl-put $@
	$(if $(KEEP),,rm -f $<)

$(measured:%=$(RUN)/%.tsv): $(RUN)/%.tsv: $(RUN)/%.flp $(TEST)
	fl-eval -m $< $(TEST) | { IFS= read -r titles && \
		printf '%s\tcohort\tup\tdown\tseconds\n' "$$titles" && \
		while IFS= read -r row; do printf '%s\t%s\n' "$$row" "$$(cat $(RUN)/$*.cost)"; done; \
	} > $@.part && mv $@.part $@
	$(if $(QUIET),,awk -F '\t' '{ row[NR] = sprintf("%6s %8s %10s %10s %10s %10s %8s", $$1, \
		$$(NF-3), $$4, $$5, $$(NF-2), $$(NF-1), $$NF) } \
		END { if ($* == $(EVERY)) print row[1]; print row[NR] }' $@)

$(RUN)/metrics.tsv: $(measured:%=$(RUN)/%.tsv)
	awk 'FNR > 1 || NR == 1' $^ > $@.part && mv $@.part $@

else

# A round's jobs: RUN/K.each/CLIENT is the update made of the data in CLIENT.
updates := $(addprefix $(EACH)/,$(shell fl-sample --list $(DRAWN)))

updates: $(updates)

$(updates): $(EACH)/%: %
	mkdir -p $(@D)
	$(LAUNCH) fl-train -m $(MODEL) -u -s $(SEED) $(TRAIN) $< > $@.part && mv $@.part $@ || \
		{ [ $$? -eq 3 ] && echo "$(EACH:.each=): $< is left out" >&2; }

endif

.PHONY: rounds updates
