# Yorozu: one non-recursive Makefile. `make help` lists the targets.
#
#   make run     dependencies, build, a private instance, one consultation on real mail
#   make check   dependencies, build, all tests
#
# BUILD=dir builds elsewhere; CC=clang works; WERROR=1 turns warnings into errors.

# What the tests call (iconv, bsdtar) takes names and text as the locale says.
export LC_ALL := C.UTF-8

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
LAYERS := base wire text cal draw pack mail store verdict
PROCS  := milter mailer ingest report
db_src  = $(wildcard db/$(1)/*.c)
obj     = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))

LIB_SRC := $(foreach l,$(LAYERS),$(call db_src,$(l)))
LIB     := $(BUILD)/libyorozu.a
# Drawing. Only db/draw includes these, and only who draws is linked with them.
CFLAGS_DRAW = $(shell pkg-config --cflags-only-I pangocairo | sed 's/-I/-isystem /g')
LIBS_DRAW := -lpangocairo-1.0 -lpango-1.0 -lgobject-2.0 -lglib-2.0 -lcairo -lpng16 -lm
LIBS_DB := -lzip -lexpat -lyaml -lqpdf -letpan -lsqlite3 -lzstd -lgumbo -lunistring -lcrypto -lcrypt -lz -lpsl

FRONT_SRC := $(wildcard conf/yorozu/*.c)
MILTER_SRC := $(wildcard milter/*.c)
MAILER_SRC := $(wildcard mailer/*.c)
INGEST_SRC := $(wildcard ingest/*.c)
REPORT_SRC := $(wildcard report/*.c)
# Everything of a process but its main() is a library too, for the tests.
MILTER_LIB := $(BUILD)/libmilter-parts.a
MAILER_LIB := $(BUILD)/libmailer-parts.a
INGEST_LIB := $(BUILD)/libingest-parts.a
FRONT_LIB  := $(BUILD)/libfront-parts.a
REPORT_LIB := $(BUILD)/libreport-parts.a
LIBS_milter := -lmilter -lspf2 -lopendmarc -lpsl -lidn2 -lresolv
LIBS_mailer := -lcurl
LIBS_ingest := -lmicrohttpd
LIBS_front := -lresolv -lcurl

# The agent for terminals: its core, and what the core asks of Linux. Windows is
# cross-built below.
AGENT_SRC := $(filter-out ingest/agent/windows_% ingest/agent/linux_main.c,$(wildcard ingest/agent/*.c))
AGENT_LIB := $(BUILD)/libagent-parts.a
LIBS_agent := -lcurl -lzstd -lcrypto

BINS := $(BUILD)/bin/yorozu \
        $(if $(wildcard milter/main.c),$(BUILD)/bin/yorozu-milter) \
        $(if $(wildcard mailer/main.c),$(BUILD)/bin/yorozu-mailer) \
        $(if $(wildcard ingest/main.c),$(BUILD)/bin/yorozu-ingest) \
        $(if $(wildcard report/main.c),$(BUILD)/bin/yorozu-report) \
        $(if $(wildcard mailer/bulk_main.c),$(BUILD)/bin/yorozu-bulk) \
        $(BUILD)/bin/yorozu-agent

UNIT_SRC  := $(wildcard tests/unit/test_*.c)
UNIT_BINS := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(UNIT_SRC))

.PHONY: all help
all: $(BINS) ## build everything

help:
	@sed -n '2,7s/^# \{0,1\}//p' Makefile; grep -hE '^[a-z][a-z-]*:.*##' Makefile | sed 's/:.*##/\t/' | expand -t 18

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -c -o $@ $<

$(BUILD)/obj/db/draw/%.o: CFLAGS += $(CFLAGS_DRAW)
# Where the installed program looks for its templates.
$(BUILD)/obj/conf/yorozu/instance_render.o: CFLAGS += -DCONFDIR='"$(CONFDIR)"'

# `ar` can't take files away: rebuilt whole, so a deleted source leaves no ghost.
$(LIB): $(call obj,$(LIB_SRC))
	@rm -f $@; mkdir -p $(@D)
	ar rcs $@ $^
$(MILTER_LIB): $(call obj,$(filter-out milter/main.c,$(MILTER_SRC)))
	@rm -f $@; mkdir -p $(@D)
	ar rcs $@ $^
$(MAILER_LIB): $(call obj,$(filter-out mailer/main.c mailer/bulk_main.c,$(MAILER_SRC)))
	@rm -f $@; mkdir -p $(@D)
	ar rcs $@ $^
$(INGEST_LIB): $(call obj,$(filter-out ingest/main.c,$(INGEST_SRC)))
	@rm -f $@; mkdir -p $(@D)
	ar rcs $@ $^
$(REPORT_LIB): $(call obj,$(filter-out report/main.c,$(REPORT_SRC)))
	@rm -f $@; mkdir -p $(@D)
	ar rcs $@ $^
$(AGENT_LIB): $(call obj,$(AGENT_SRC))
	@rm -f $@; mkdir -p $(@D)
	ar rcs $@ $^
$(FRONT_LIB): $(call obj,$(filter-out conf/yorozu/main.c,$(FRONT_SRC)))
	@rm -f $@; mkdir -p $(@D)
	ar rcs $@ $^

$(BUILD)/bin/yorozu: $(call obj,conf/yorozu/main.c) $(FRONT_LIB) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(FRONT_LIB) $(LIB) $(LIBS_front) $(LIBS_DB)
$(BUILD)/bin/yorozu-milter: $(call obj,milter/main.c) $(MILTER_LIB) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(MILTER_LIB) $(LIB) $(LIBS_milter) $(LIBS_DB)
$(BUILD)/bin/yorozu-mailer: $(call obj,mailer/main.c) $(MAILER_LIB) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(MAILER_LIB) $(LIB) $(LIBS_mailer) $(LIBS_DB)
$(BUILD)/bin/yorozu-report: $(call obj,report/main.c) $(REPORT_LIB) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(REPORT_LIB) $(LIB) $(LIBS_DRAW) $(LIBS_DB)
$(BUILD)/bin/yorozu-bulk: $(call obj,mailer/bulk_main.c) $(MAILER_LIB) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(MAILER_LIB) $(LIB) $(LIBS_mailer) $(LIBS_DB)

$(BUILD)/bin/yorozu-ingest: $(call obj,ingest/main.c) $(INGEST_LIB) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(INGEST_LIB) $(LIB) $(LIBS_ingest) $(LIBS_DB)
.PHONY: agent
agent: $(BUILD)/bin/yorozu-agent ## the agent for terminals, for Linux
$(BUILD)/bin/yorozu-agent: $(call obj,ingest/agent/linux_main.c) $(AGENT_LIB) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(AGENT_LIB) $(LIB) $(LIBS_agent)

# The same for Windows, cross-built: its core, its own files, and the few of db/
# that need no system. Needs make deps-windows; make check does not.
WIN_CC   := x86_64-w64-mingw32-gcc
WIN_SRC  := $(filter-out ingest/agent/linux_%,$(wildcard ingest/agent/*.c)) $(addprefix db/base/,strbuf.c err.c xalloc.c arena.c) \
            $(addprefix db/text/,json.c json_number.c json_put.c) db/wire/hc1.c
WIN_LIBS := -lwinhttp -lbcrypt -lcrypt32 -ladvapi32 -lsetupapi -lwevtapi -lole32 -loleaut32 -liphlpapi -lpsapi -lshell32
WIN_OBJ  := $(patsubst %.c,$(BUILD)/windows/%.o,$(WIN_SRC))
$(BUILD)/windows/%.o: %.c
	@mkdir -p $(@D)
	$(WIN_CC) -std=gnu17 -D_GNU_SOURCE -D__USE_MINGW_ANSI_STDIO=1 -D_WIN32_WINNT=0x0A00 -DUNICODE -Os -Wall -Wextra -Wshadow \
		-Wstrict-prototypes -Wvla -Wno-format $(if $(WERROR),-Werror) -ffunction-sections -fdata-sections -Idb -Iingest -MMD -MP -c -o $@ $<
$(BUILD)/windows/yorozu-agent.exe: $(WIN_OBJ)
	$(WIN_CC) -static -s -Wl,--gc-sections -Wl,--dynamicbase -Wl,--nxcompat -Wl,--high-entropy-va -o $@ $^ -lz $(WIN_LIBS)
.PHONY: deps-windows agent-windows check-windows
deps-windows: ## what the agent for Windows is built with and tried under
	@conf/demo/deps-windows
agent-windows: $(BUILD)/windows/yorozu-agent.exe ## the agent for Windows
check-windows: deps-windows all ## the agent for Windows, under wine
	@$(SUBMAKE) WERROR=1 agent-windows
	@tests/windows/run $(BUILD)

# ---- tests ------------------------------------------------------------------
$(BUILD)/obj/tests/%.o: CFLAGS += -Imilter -Imailer -Iingest -Ireport -Iconf/yorozu
$(BUILD)/tests/test_%: $(BUILD)/obj/tests/unit/test_%.o $(MILTER_LIB) $(MAILER_LIB) $(INGEST_LIB) $(AGENT_LIB) $(REPORT_LIB) $(FRONT_LIB) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $< $(MILTER_LIB) $(MAILER_LIB) $(INGEST_LIB) $(AGENT_LIB) $(REPORT_LIB) $(FRONT_LIB) $(LIB) -lcheck -lsubunit -lm -lrt $(LIBS_DRAW) $(LIBS_milter) $(LIBS_mailer) $(LIBS_ingest) $(LIBS_front) $(LIBS_DB)

$(BUILD)/tests/test_cal_cmd $(BUILD)/tests/test_bounce_cmd: | $(BUILD)/bin/yorozu

.PHONY: unit
unit: $(UNIT_BINS) ## unit tests only
	@tests/unit/run $(UNIT_BINS)

# Programs that measure; each names its own use.
BENCH_SRC  := $(filter-out tests/bench/bench_%,$(wildcard tests/bench/*.c))
BENCH_BINS := $(patsubst tests/bench/%.c,$(BUILD)/bench/%,$(BENCH_SRC))
BENCH_PARTS := $(call obj,$(wildcard tests/bench/bench_*.c))
$(BUILD)/bench/%: $(BUILD)/obj/tests/bench/%.o $(BENCH_PARTS) $(MILTER_LIB) $(MAILER_LIB) $(INGEST_LIB) $(AGENT_LIB) $(REPORT_LIB) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(MILTER_LIB) $(MAILER_LIB) $(INGEST_LIB) $(AGENT_LIB) $(REPORT_LIB) $(LIB) $(LIBS_DRAW) $(LIBS_milter) $(LIBS_mailer) $(LIBS_ingest) $(LIBS_DB)
# What gives the scripts their load, a terminal, and a month's data.
TOOLS := $(addprefix $(BUILD)/bench/,smtp_load hc1 health_fill fleet)
.PHONY: bench
bench: deps all $(BENCH_BINS) ## the numbers, as ratios (takes about 15 minutes)
	tests/bench/run $(BUILD)

# ---- an instance to look at -------------------------------------------------
# Not below the checkout: Postfix and OpenDKIM refuse folders such as /root or
# /tmp. One instance a checkout.
INSTANCE  ?= /var/lib/yorozu/run-$(shell printf %s '$(CURDIR)' | cksum | cut -d' ' -f1)
BASE_PORT ?=
.PHONY: deps run stop
deps: ## what is needed, from Debian (apt-get)
	@conf/demo/deps
run: deps ## a private instance, and one consultation on real mail
	@$(SUBMAKE) -j2 all
	@conf/demo/run $(abspath $(BUILD)/bin) $(INSTANCE) $(BASE_PORT)
stop: ## end the instance of make run
	@[ ! -e $(INSTANCE)/yorozu.conf ] || $(BUILD)/bin/yorozu -C $(INSTANCE) stop

# ---- checks -----------------------------------------------------------------
.PHONY: check test golden scenario fault check-asan check-tsan check-valgrind fuzz layers lint size dist clean
check: deps ## dependencies, build, all tests
	$(MAKE) -j2 all unit-bins WERROR=1
	$(MAKE) test

# Each row prints a closing line of its own; tests/summary adds them up.
test: all unit-bins $(TOOLS) ## the tests of make check alone
	@tests/summary layers='tests/layers' size='tests/size' \
		unit='tests/unit/run $(UNIT_BINS)' golden='tests/golden/run $(BUILD)/bin/yorozu' \
		asan='$(SUBMAKE) check-asan' tsan='$(SUBMAKE) check-tsan' fuzz='$(SUBMAKE) fuzz SECONDS_EACH=$(CHECK_FUZZ)' \
		scenario='tests/scenario/run $(BUILD)/bin' fault='tests/fault/run $(BUILD)/bin'

CHECK_FUZZ ?= 3
SUBMAKE = $(MAKE) -s --no-print-directory
.PHONY: unit-bins
unit-bins: $(UNIT_BINS)

golden: all ## raw mails in, what staff read out
	tests/golden/run $(BUILD)/bin/yorozu
scenario: all $(TOOLS) ## real Postfix, Dovecot and clients
	tests/scenario/run $(BUILD)/bin
fault: all $(TOOLS) ## kill -9, full disk, locked store: every mail accounted for
	tests/fault/run $(BUILD)/bin

check-asan: ## unit and golden tests under AddressSanitizer and UBSan
	@$(SUBMAKE) -j2 BUILD=$(BUILD)/asan SANITIZE=address,undefined all unit-bins
	@CK_TIMEOUT_MULTIPLIER=5 tests/unit/run $(patsubst $(BUILD)/%,$(BUILD)/asan/%,$(UNIT_BINS))
	@tests/golden/run $(BUILD)/asan/bin/yorozu

# What has threads: the store's writer, the desk, the sender checks, terminals.
TSAN_TESTS = $(filter %writer %desk_stories %auth_pool %agent_intake %test_backup,$(UNIT_BINS))
check-tsan: ## the threaded parts under ThreadSanitizer
	@$(SUBMAKE) -j2 BUILD=$(BUILD)/tsan SANITIZE=thread $(patsubst $(BUILD)/%,$(BUILD)/tsan/%,$(TSAN_TESTS))
	@CK_TIMEOUT_MULTIPLIER=5 tests/unit/run $(patsubst $(BUILD)/%,$(BUILD)/tsan/%,$(TSAN_TESTS))

# The helpers of these lower a limit on descriptors that valgrind lets nobody lower.
# Leaks that are only possible are not shown: a child may not be able to write.
NO_VALGRIND := $(patsubst %,$(BUILD)/tests/test_auth_%,dmarc pool spf)
check-valgrind: unit-bins ## unit tests under valgrind (slow)
	@RUNNER='valgrind -q --suppressions=tests/valgrind.supp --error-exitcode=9 --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite' CK_TIMEOUT_MULTIPLIER=20 \
		tests/unit/run $(filter-out $(NO_VALGRIND),$(UNIT_BINS))

# libFuzzer targets; SECONDS_EACH=600 for a night.
FUZZ_SRC  := $(wildcard tests/fuzz/fuzz_*.c)
FUZZ_BINS := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(FUZZ_SRC))
SECONDS_EACH ?= 30
$(BUILD)/fuzz/fuzz_%: tests/fuzz/fuzz_%.c $(LIB_SRC) $(filter-out %/main.c %_main.c,$(MILTER_SRC) $(MAILER_SRC) $(INGEST_SRC) $(AGENT_SRC))
	@$(SUBMAKE) CC=clang BUILD=$(BUILD)/fuzz SANITIZE=fuzzer-no-link,address,undefined $(BUILD)/fuzz/libyorozu.a $(BUILD)/fuzz/libmilter-parts.a $(BUILD)/fuzz/libmailer-parts.a $(BUILD)/fuzz/libingest-parts.a $(BUILD)/fuzz/libagent-parts.a
	clang -std=gnu17 -D_GNU_SOURCE -g -O1 -Idb -Imilter -Imailer -Iingest -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -pthread -o $@ $< \
		$(BUILD)/fuzz/libmilter-parts.a $(BUILD)/fuzz/libmailer-parts.a $(BUILD)/fuzz/libingest-parts.a $(BUILD)/fuzz/libagent-parts.a $(BUILD)/fuzz/libyorozu.a $(LIBS_milter) $(LIBS_mailer) $(LIBS_ingest) $(LIBS_DB)
fuzz: $(FUZZ_BINS) ## every fuzz target for SECONDS_EACH seconds
	@tests/fuzz/run $(SECONDS_EACH) $(FUZZ_BINS)

layers: ## includes point down only
	@tests/layers
lint: ## banned calls, cppcheck
	@tests/lint
size: ## long functions and files
	@tests/size

# ---- on a server (conf/INSTALL.md) ------------------------------------------
# CONFDIR has to be the same for `make all` and `make install`. SITE is the
# instance that the units run; SYSCONFDIR holds logrotate's file.
SITE       ?= /var/lib/yorozu/main
SYSCONFDIR ?= /etc
D_BIN   := $(DESTDIR)$(PREFIX)/bin
D_CONF  := $(DESTDIR)$(CONFDIR)
D_LIB   := $(DESTDIR)$(PREFIX)/lib
D_ROTATE := $(DESTDIR)$(SYSCONFDIR)/logrotate.d/yorozu
UNITS   := $(notdir $(wildcard conf/systemd/*.service conf/systemd/*.target))
# What the programs read: templates of mails and of configurations, this guide.
DATA    := $(shell find conf -type f ! -path 'conf/yorozu/*' ! -path 'conf/demo/*' ! -path 'conf/systemd/*' | sed 's,^conf/,,')
fill_in  = sed 's,@BIN@,$(PREFIX)/bin,g; s,@CONFDIR@,$(CONFDIR),g; s,@DIR@,$(SITE),g' conf/systemd/$(1) | \
	install -D -m 644 /dev/stdin $(2)

.PHONY: install uninstall
install: all ## programs, templates, systemd units (PREFIX, DESTDIR, CONFDIR, SITE)
	install -d $(D_BIN)
	install -m 755 $(BINS) $(D_BIN)
	@for f in $(DATA); do install -D -m 644 conf/$$f $(D_CONF)/$$f; done
	@$(foreach u,$(UNITS),$(call fill_in,$(u),$(D_LIB)/systemd/system/$(u)) &&) :
	@$(call fill_in,yorozu.sysusers,$(D_LIB)/sysusers.d/yorozu.conf)
	@$(call fill_in,yorozu.tmpfiles,$(D_LIB)/tmpfiles.d/yorozu.conf)
	@$(call fill_in,yorozu.logrotate,$(D_ROTATE))
	@echo "installed; how to go on: $(CONFDIR)/INSTALL.md"
uninstall: ## all of that; instances stay
	rm -f $(addprefix $(D_BIN)/,$(notdir $(BINS)))
	rm -f $(addprefix $(D_LIB)/systemd/system/,$(UNITS))
	rm -f $(D_LIB)/sysusers.d/yorozu.conf $(D_LIB)/tmpfiles.d/yorozu.conf $(D_ROTATE)
	rm -f $(addprefix $(D_CONF)/,$(DATA))
	@[ ! -d $(D_CONF) ] || find $(D_CONF) -depth -type d -empty -delete

dist: ## a source archive of HEAD
	git archive --prefix=yorozu/ -o yorozu.tar.gz HEAD
clean: ## take the build away
	rm -rf $(BUILD)

.SECONDARY:
-include $(shell find $(BUILD)/obj $(BUILD)/windows -name '*.d' 2>/dev/null)
