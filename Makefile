# Yorozu: one non-recursive Makefile. `make help` lists the targets.
#
#   make run     dependencies, build, a private instance, one consultation on real mail
#   make check   dependencies, build, all tests
#
# BUILD=dir builds elsewhere; CC=clang works; WERROR=1 turns warnings into errors.

BUILD  ?= build
CC     ?= gcc
ifeq ($(origin CC),default)
CC     := gcc
endif
OPT    ?= -O2 -g
WARN   := -Wall -Wextra -Wshadow -Wformat=2 -Wstrict-prototypes -Wvla -Wframe-larger-than=16384
HARDEN := -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
ifdef SANITIZE
OPT    := -O1 -g -fno-omit-frame-pointer
HARDEN := -fPIE -fsanitize=$(SANITIZE) -fno-sanitize-recover=all
endif
CFLAGS  = -std=gnu17 -D_GNU_SOURCE $(OPT) $(WARN) $(if $(WERROR),-Werror) $(HARDEN) -Idb -pthread -MMD -MP
LDFLAGS = -pie -Wl,-z,relro,-z,now -Wl,--as-needed $(if $(SANITIZE),-fsanitize=$(SANITIZE)) -pthread

PREFIX  ?= /usr/local
DESTDIR ?=
CONFDIR ?= $(PREFIX)/share/yorozu

# ---- the parts, bottom up -------------------------------------------------
LAYERS := base text cal mail store
PROCS  := milter mailer ingest report
db_src  = $(wildcard db/$(1)/*.c)
obj     = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))

LIB_SRC := $(foreach l,$(LAYERS),$(call db_src,$(l)))
LIB     := $(BUILD)/libyorozu.a
LIBS_DB := -letpan -lsqlite3 -lzstd -lgumbo -lunistring -lcrypto -lz

FRONT_SRC := $(wildcard conf/yorozu/*.c)
MILTER_SRC := $(wildcard milter/*.c)
MAILER_SRC := $(wildcard mailer/*.c)
# Everything of a process but its main() is a library too, for the tests.
MILTER_LIB := $(BUILD)/libmilter-parts.a
MAILER_LIB := $(BUILD)/libmailer-parts.a
LIBS_milter := -lmilter -lspf2 -lopendmarc -lresolv
LIBS_mailer :=

BINS := $(BUILD)/bin/yorozu \
        $(if $(wildcard milter/main.c),$(BUILD)/bin/yorozu-milter) \
        $(if $(wildcard mailer/main.c),$(BUILD)/bin/yorozu-mailer)

UNIT_SRC  := $(wildcard tests/unit/test_*.c)
UNIT_BINS := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(UNIT_SRC))

.PHONY: all help
all: $(BINS)

help:
	@sed -n '2,7s/^# \{0,1\}//p' Makefile; grep -hE '^[a-z][a-z-]*:.*##' Makefile | sed 's/:.*##/\t/' | expand -t 18

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -c -o $@ $<

# `ar` can't take files away: rebuilt whole, so a deleted source leaves no ghost.
$(LIB): $(call obj,$(LIB_SRC))
	@rm -f $@; mkdir -p $(@D)
	ar rcs $@ $^
$(MILTER_LIB): $(call obj,$(filter-out milter/main.c,$(MILTER_SRC)))
	@rm -f $@; mkdir -p $(@D)
	ar rcs $@ $^
$(MAILER_LIB): $(call obj,$(filter-out mailer/main.c,$(MAILER_SRC)))
	@rm -f $@; mkdir -p $(@D)
	ar rcs $@ $^

$(BUILD)/bin/yorozu: $(call obj,$(FRONT_SRC)) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIB) $(LIBS_DB)
$(BUILD)/bin/yorozu-milter: $(call obj,milter/main.c) $(MILTER_LIB) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(MILTER_LIB) $(LIB) $(LIBS_milter) $(LIBS_DB)
$(BUILD)/bin/yorozu-mailer: $(call obj,mailer/main.c) $(MAILER_LIB) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(MAILER_LIB) $(LIB) $(LIBS_mailer) $(LIBS_DB)

# ---- tests ------------------------------------------------------------------
$(BUILD)/tests/test_%: $(BUILD)/obj/tests/unit/test_%.o $(MILTER_LIB) $(MAILER_LIB) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $< $(MILTER_LIB) $(MAILER_LIB) $(LIB) -lcheck -lsubunit -lm -lrt $(LIBS_milter) $(LIBS_mailer) $(LIBS_DB)

.PHONY: unit
unit: $(UNIT_BINS) ## unit tests only
	@tests/unit/run $(UNIT_BINS)

.SECONDARY:
-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
