# DNS gone, Postfix gone, the clock jumping: what waits goes out later, once.
. "$(dirname "$0")/lib.sh"
MAILS=30
desk
kill -9 "$(cat "$I/run/unbound.pid")"
sed -n '$p' /dev/null
printf 'From: a@bench.example\nSubject: no dns\nMessage-ID: <nodns@bench.example>\n\nx\n' >"$tmp/n.eml"
mail a@bench.example sodan@example.jp "$tmp/n.eml" || fail "without DNS: $(said)"
is temperror "$(sql "SELECT spf FROM message WHERE message_id = 'nodns@bench.example'")" 'without DNS mail is taken, its sender not vouched for'
$Y start dns
settle
$Y stop mailer
load
wait "$load_pid" || fail "not taken: $(cat "$tmp/load")"
$Y start mailer
$Y stop postfix
sleep 1
$Y clock advance 3d >/dev/null
$Y start postfix
settle
$Y clock reset >/dev/null
settle
all_there() { [ "$(ids "$I/mail/suzuki" | wc -l)" -ge $((MAILS + 1)) ]; }
until_true 30 all_there || :
is $((MAILS + 1)) "$(ids "$I/mail/suzuki" | wc -l)" 'every copy went out once, through an absent Postfix and a jump of three days and back'
