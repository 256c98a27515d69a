# Shared by the fault tests: a load that is kept until it is taken, kills at
# random moments, and the account of every mail afterwards.
# shellcheck shell=sh
. "$(dirname "$0")/../scenario/lib.sh"

MAILS=${FAULT_MAILS:-400}
SEED=${FAULT_SEED:-$$}
LOAD=$(dirname "$BIN")/bench/smtp_load
echo "seed $SEED (FAULT_SEED), $MAILS mails (FAULT_MAILS)"

# roll N: R is 0 … N-1, from the seed. Not in a $( ), where the seed would not move on.
roll() { SEED=$(((SEED * 1103515245 + 12345) % 2147483648)); R=$((SEED / 65536 % $1)); }

desk() { # an instance whose customers and acknowledgements are not limited
	new_instance desk "$@"
	sed -i 's/^ack_per_day = .*/ack_per_day = 1000000/; s/^log_level = .*/log_level = warn/' "$I/yorozu.conf"
	$Y start
	$Y clock set '2026-11-24 10:00' >/dev/null # no digest comes in between
	staff suzuki '鈴木 一郎'
	company bench.example
}

load() { # in the background; its last line is in $tmp/load
	"$LOAD" $((BASE + 25)) 4 "$MAILS" 3000 'u#@bench.example' sodan@example.jp keep >"$tmp/load" 2>&1 &
	load_pid=$!
}

kill_part() { # NAME: kill -9, then start it again
	pid=$($Y status --json | grep -oE "\"name\":\"$1\",[^}]*" | grep -oE '"pid":[0-9]+' | cut -d: -f2)
	if [ "${pid:-0}" -gt 0 ]; then
		kill -9 "$pid" 2>/dev/null || :
		until_true 5 gone "$pid" || fail "$1 outlived kill -9"
	fi
	$Y start "$1" >/dev/null 2>&1 || $Y start "$1"
}

# every process of the instance, at one moment: nobody is born while others die
cut_power() {
	stopped= level=$($Y status --json | grep -oE '"pid":[1-9][0-9]*' | cut -d: -f2)
	while [ -n "$level" ]; do
		kill -STOP $level 2>/dev/null || :
		stopped="$stopped $level"
		level=$(for p in $level; do pgrep -P "$p" || :; done)
	done
	kill -9 $stopped 2>/dev/null || :
	for p in $stopped; do until_true 5 gone "$p" || fail "$p outlived kill -9"; done
}

loading() { kill -0 "$load_pid" 2>/dev/null; }

# storm PART…: while the load runs, and 10 to 25 times, kills one of them; then
# the load may finish in peace
storm() {
	kills=0
	while { loading && [ $kills -lt 25 ]; } || [ $kills -lt 10 ]; do
		roll 8; sleep 0.$((1 + R))
		roll $#; eval "victim=\${$((R + 1))}"
		kill_part "$victim"
		kills=$((kills + 1))
	done
	wait "$load_pid" || fail "not every mail was taken: $(cat "$tmp/load")"
	ok "every mail was taken over $kills kills: $(cat "$tmp/load")"
}

# ids of BOX, one a line, with repeats
ids() { find "$1" -path '*/new/*' -type f -exec grep -ihm1 '^Message-ID:' {} + 2>/dev/null | tr -d '\r' | sort; }

# A mail that was in the hands of a killed Postfix waits for its next run, and if
# a dying process still had hold of it, for the one after that: ask for them.
carried() { postqueue -c "$I/etc/postfix" -f; until_true 10 quiet; }

# held_back: what Postfix still holds, and the last it said of each
held_back() {
	for held in $(find "$I/spool/incoming" "$I/spool/active" -type f -perm -u+x 2>/dev/null); do
		ls -l --time-style=full-iso "$held"
		grep -aF "${held##*/}:" "$I/log/mail.log" | tail -4
	done
}

# account [REPEATS]: every mail is there once; up to REPEATS copies may be sent twice
account() {
	until_true 12 carried || fail "still on its way: outbox $(sql 'SELECT state, count(*), max(last_error) FROM outbox GROUP BY 1'); Postfix $(held_back)"
	until_true 30 delivered || :
	strange=$(sql 'SELECT kind, envelope_from, subject, auto_kind FROM message WHERE kind <> 0')
	[ -z "$strange" ] || fail "mails that nobody sent: $strange"
	is "$MAILS" "$(sql 'SELECT count(*) FROM message')" 'every mail is stored, once'
	is "$MAILS" "$(sql 'SELECT count(DISTINCT message_id) FROM message')" 'none under two numbers'
	is "$MAILS" "$(sql 'SELECT count(*) FROM ticket')" 'one ticket each'
	is "$MAILS" "$(sql 'SELECT count(*) FROM outbox WHERE kind = 0 AND state = 2')" 'one copy for staff each, sent'
	is "$MAILS" "$(sql 'SELECT count(*) FROM outbox WHERE kind = 2 AND state = 2')" 'one acknowledgement each, sent'
	is "$MAILS" "$(ids "$I/mail/suzuki" | uniq | wc -l)" 'staff have every mail'
	is "$MAILS" "$(find "$I/world" -maxdepth 1 -name 'u*@bench.example' | wc -l)" 'every customer has an acknowledgement'
	repeats=$(($(ids "$I/mail/suzuki" | wc -l) - MAILS + $(ids "$I/world" | wc -l) - $(ids "$I/world" | uniq | wc -l)))
	[ "$repeats" -le "${1:-0}" ] || fail "$repeats mails were sent twice"
	ok "mails sent twice: $repeats"
	is ok "$(sql 'PRAGMA integrity_check')" 'the store is whole'
}
delivered() { [ "$(ids "$I/mail/suzuki" | uniq | wc -l)" -ge "$MAILS" ] && [ "$(ids "$I/world" | uniq | wc -l)" -ge "$MAILS" ]; }
