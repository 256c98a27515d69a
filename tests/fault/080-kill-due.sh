# The mailer is killed again and again while reply clocks fall due (DESK-04):
# every stage is told once, whatever was cut off.
. "$(dirname "$0")/lib.sh"
MAILS=$((MAILS / 2))
desk
load
wait "$load_pid" || fail "not every mail was taken: $(cat "$tmp/load")"
until_true 120 quiet || fail 'the outbox does not empty'
looked() { [ "$(sql "SELECT count(*) FROM ticket WHERE look_at <= $(date -d "$1 +0900" +%s)")" = 0 ]; }
# a stage at a time: the clock jumps, then the mailer is shot until all is done
for when in '2026-11-24 14:31' '2026-11-24 17:01' '2026-11-25 11:00'; do
	$Y clock set "$when" >/dev/null
	for kill in 1 2 3 4 5 6 7 8; do
		roll 5; sleep 0.$((1 + R))
		kill_part mailer
	done
	until_true 60 looked "$when" || fail "clocks are left at $when"
	until_true 120 quiet || fail 'the outbox does not empty'
done
is "$MAILS" "$(sql 'SELECT count(*) FROM due_stage WHERE stage = 101')" 'every notice is on record'
is "$MAILS" "$(sql "SELECT count(DISTINCT ticket_id) FROM outbox WHERE tmpl = 'delay-notice' AND state = 2")" 'and sent'
is "$MAILS" "$(sql "SELECT count(*) FROM outbox WHERE tmpl = 'delay-notice'")" 'once each'
is "$MAILS" "$(sql 'SELECT count(*) FROM due_stage WHERE stage = 100')" 'every missed target is on record'
is 0 "$(sql 'SELECT held FROM due_round')" 'nothing is held back'
n=$(sql "SELECT count(*) FROM outbox WHERE tmpl GLOB 'due-*'")
[ "$n" -le 6 ] || fail "$n mails to staff for $MAILS tickets"
ok "staff had $n mails on $MAILS tickets"
is 0 "$(ids "$I/world" | uniq -d | wc -l)" 'no customer has a mail twice'
is ok "$(sql 'PRAGMA integrity_check')" 'the store is whole'
