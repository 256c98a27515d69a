# DNS gone, Postfix gone, the clock jumping: what waits goes out later, once.
. "$(dirname "$0")/lib.sh"
MAILS=30
desk
kill -9 "$(cat "$I/run/unbound.pid")"
printf 'From: a@bench.example\nSubject: no dns\nMessage-ID: <nodns@bench.example>\n\nx\n' >"$tmp/n.eml"
mail a@bench.example sodan@example.jp "$tmp/n.eml" || fail "without DNS: $(said)"
is temperror "$(sql "SELECT spf FROM message WHERE message_id = 'nodns@bench.example'")" 'without DNS mail is taken, its sender not vouched for'
$Y start dns
settle
$Y stop mailer
load
wait "$load_pid" || fail "not taken: $(cat "$tmp/load")"
$Y stop postfix # first: a mail in its hands when it goes may come twice (030)
$Y start mailer
until_true 20 grep -q ev=waiting "$I/log/mailer.log" || fail "the mailer did not notice that Postfix is gone"
$Y clock advance 3d >/dev/null
$Y start postfix
until_true 120 quiet || fail 'the outbox does not empty'
$Y clock set '2026-11-24 11:00' >/dev/null # and back
settle
# What the desk itself says of three days gone by is no copy.
copies() { ids "$I/mail/suzuki" | grep -c '@bench\.example>'; }
all_there() { [ "$(copies)" -ge $((MAILS + 1)) ]; }
until_true 30 all_there || :
is $((MAILS + 1)) "$(copies)" 'every copy went out once, through an absent Postfix and a jump of three days and back'
