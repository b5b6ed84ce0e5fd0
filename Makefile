# fl: federated learning as Unix pipelines
#
#   make            build the tools into bin/
#   make demo       penguins on three islands, in half a minute
#   make check      the tests, in some minutes
#   make check-all  what check leaves out: sanitizers, analysers, fuzzers, faults
#   make figures    tests of many minutes, and figures of the source (lines, functions)
#   make bench      speed beside the physical limit, measured in one run
#   make install    into $(DESTDIR)$(PREFIX); make uninstall removes it again
#   make help       this list
#   make SAN=1 ...  the same with address and undefined-behaviour checks

VERSION = 0.2.0
PREFIX ?= /usr/local
CFLAGS ?= -O3 -g
WARNINGS = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wno-psabi
O = build/opt
BIN = bin
ifdef SAN
O = build/san
BIN = build/san/bin
SANFLAGS = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
endif

AVX2 = $(if $(filter x86_64%,$(shell $(CC) -dumpmachine)),-mavx2)
BLIS = $(firstword $(wildcard /usr/lib/*/blis-serial))
FLAGS = -std=gnu11 -D_GNU_SOURCE -pthread -ffp-contract=off -fno-math-errno \
	$(WARNINGS) $(WERROR) $(SANFLAGS) -Isrc/lib -Isrc -I$O -isystem $(subst /lib/,/include/,$(BLIS))
LIBS = -Wl,-Bstatic -L$(BLIS) -lblis -lxxhash -lsodium -lz -lcrypto -Wl,-Bdynamic -lm

TOOLS = $(patsubst src/%.c,$(BIN)/%,$(wildcard src/fl.c src/fl-*.c))
CLI = $(patsubst src/%.c,$O/%.o,$(wildcard src/cli*.c))
LIB = $(patsubst src/%.c,$O/%.o,$(wildcard src/lib/*/*.c))
UNITS = $(patsubst tests/%.c,$O/%,$(wildcard tests/unit/*.c tests/twin/*.c))

all: $(TOOLS)

# The verbs of a tool that has some are in src/NAME/*.c.
VERBS = $(patsubst src/%.c,$O/%.o,$(wildcard src/$1/*.c))
.SECONDEXPANSION:
$(BIN)/%: $O/%.o $$(call VERBS,$$*) $(CLI) $O/libflp.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -pthread $(SANFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$O/libflp.a: $(LIB)
	rm -f $@
	$(AR) rcs $@ $^

$O/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(FLAGS) $(if $(findstring _avx2,$<),$(AVX2)) -MMD -MP -c -o $@ $<

$O/cli-help.o: Makefile
$O/cli-help.o $O/unit/cli: FLAGS += -DFL_VERSION='"$(VERSION)"'

# What `fl` lists: each tool with the first line of its page, and whether it has verbs.
$O/fl/tools.o: $O/fl/names.h
$O/fl/names.h: Makefile $(wildcard src/fl-*.c man/fl-*.1)
	@mkdir -p $(@D)
	for n in $(patsubst src/fl-%.c,%,$(sort $(wildcard src/fl-*.c))); do \
		sed -n "s/.*/{ \"$$n\", \"&\", $$(ls -d src/fl-$$n 2> /dev/null | wc -l) },/; s/\.Nd //p" \
			man/fl-$$n.1; done > $@

# Programs of the tests. Fuzz targets want clang:
#   make CC=clang O=build/fuzz SANFLAGS=-fsanitize=address,undefined,fuzzer-no-link fuzz
$O/%: tests/%.c $O/libflp.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(FLAGS) $(if $(filter fuzz/%,$*),-fsanitize=fuzzer) \
		-MMD -MP -o $@ $< $(filter %.o,$^) $(filter %.a,$^) $(LIBS)
$O/unit/cli: $(CLI)

# A library that makes one call of any tool fail; tests/faults/fault.c explains it.
$O/faults/fault.so: tests/faults/fault.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(FLAGS) -shared -fPIC -MMD -MP -o $@ $<

units: $(UNITS) $O/faults/fault.so
fuzz: $(patsubst tests/%.c,$O/%,$(wildcard tests/fuzz/*.c))

# Packages may have to come first, and what is built then depends on them.
demo:
	@.ci/packages demo
	@$(MAKE) -s -j$$(nproc) all
	@rm -rf build/demo
	@$(MAKE) --no-print-directory -C examples/penguins RUN=../../build/demo compare
	@echo; echo 'measures: build/demo/metrics.tsv   model: build/demo/final.flp'

check check-all figures:
	.ci/packages $(@:figures=check)
	tests/run $@

bench:
	.ci/packages check-all
	$(MAKE) -j$$(nproc) all
	tests/bench/run

NAMES = $(notdir $(TOOLS))
TO = $(DESTDIR)$(PREFIX)
PAGES = $(TO)/share/man/man
BASH = $(TO)/share/bash-completion/completions
ZSH = $(TO)/share/zsh/site-functions

install: all
	install -d $(TO)/bin $(foreach n,1 5 7,$(PAGES)$n) $(BASH) $(ZSH)
	install $(TOOLS) $(TO)/bin
	$(foreach n,1 5 7,install -m 644 man/*.$n $(PAGES)$n &&) :
	install -m 644 src/fl/complete.bash $(BASH)/fl
	$(foreach n,$(filter-out fl,$(NAMES)),ln -sf fl $(BASH)/$n &&) :
	sed '1s/ fl$$/ $(NAMES)/' src/fl/complete.zsh | install -m 644 /dev/stdin $(ZSH)/_fl

uninstall:
	rm -f $(NAMES:%=$(TO)/bin/%) $(NAMES:%=$(BASH)/%) $(ZSH)/_fl \
		$(foreach p,$(wildcard man/*),$(PAGES)$(subst .,,$(suffix $p))/$(notdir $p))

help:
	@sed -n '/^$$/q; s/^#   make/make/p' $(firstword $(MAKEFILE_LIST))

clean:
	rm -rf bin build

.PHONY: all units fuzz demo check check-all figures bench install uninstall help clean
.SECONDARY:
-include $(wildcard $O/*.d $O/*/*.d $O/lib/*/*.d)
