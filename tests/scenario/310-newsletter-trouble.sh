# MAG-04, -09: an issue that is missing; one that Postfix does not take; one whose
# time was missed: told, resumed within six hours, held after them; pause and go on.
. "$(dirname "$0")/lib.sh"
new_instance news
$Y clock set '2026-11-24 11:30' >/dev/null
$Y start
printf 'Geheim-mori-1' >"$tmp/pw.mori"
$Y staff add mori --name '森 編集' --address mori@example.jp --role editor --password-file "$tmp/pw.mori" >/dev/null
{ echo メールアドレス; for i in 1 2 3 4 5 6; do echo "r$i@c$i.example"; done; } >"$tmp/list.csv"
$Y reader import "$tmp/list.csv" >/dev/null
printf 'From: mori@example.jp\nTo: henshu@example.jp\nSubject: [2] Number\nMessage-ID: <d@pc>\n\ntext\n' >"$tmp/d"
told() { sql "SELECT count(*) FROM outbox WHERE tmpl = '$1'"; }
is_told() { [ "$(told "$1")" = "$2" ]; }
state() { [ "$(sql "SELECT state FROM issue WHERE id = $1")" = "$2" ]; }

# ---- missing
sleep 1.5; is 0 "$(told issue-missing)" 'nobody is warned too early'
$Y clock set '2026-11-24 12:00' >/dev/null; until_true 5 is_told issue-missing 1 || fail 'no warning'
await mori 1; has "$(text "$(newest mori)")" '11月25日\(水\) 15:00 に配信するメールマガジンの、承認された原稿がありません' 'a missing issue is warned about the day before'
n=$($Y issue draft "$tmp/d" --at '2026-11-25 15:00'); $Y restart bulk >/dev/null
sleep 1.5; is 1 "$(told issue-missing)" 'once'
$Y clock set '2026-11-25 12:00' >/dev/null; until_true 5 is_told issue-missing 2 || fail 'no second warning'
await mori 2; has "$(text "$(newest mori)")" '承認がまだです' 'and at noon, that it only wants approval'

# ---- Postfix is down at its time
$Y issue send "$n" --at '2026-11-25 15:00' >/dev/null
$Y stop postfix >/dev/null
$Y clock set '2026-11-25 15:00' >/dev/null
until_true 10 state "$n" 2 || fail 'it does not start'
later() { [ "$(grep -c 'ev=later' "$I/log/bulk.log")" -gt 0 ]; }
until_true 10 later || fail 'it did not try'
$Y clock set '2026-11-25 15:15' >/dev/null; until_true 10 is_told issue-stuck 1 || fail 'stuck, and nobody is told'
ok 'that it does not go out is told within minutes'
$Y start postfix >/dev/null
for i in 1 2 3 4 5 6; do await "r$i@c$i.example" 1; done
until_true 15 state "$n" 5 || fail 'it does not end'
ok 'Postfix is back: it goes on by itself, and ends'
has "$($Y issue status "$n" --check)" '配信済み 6、.* = 6' 'the ledger adds up'
is 6 "$(find "$I/world" -type f -path '*/new/*' | wc -l)" 'each got it once'

# ---- the machine was down at its time: within six hours, and after them
a=$($Y issue draft "$tmp/d"); $Y issue send "$a" --at '2026-12-02 15:00' >/dev/null
b=$($Y issue draft "$tmp/d"); $Y issue send "$b" --at '2026-12-02 10:00' >/dev/null
$Y stop bulk >/dev/null
$Y clock set '2026-12-02 20:00' >/dev/null
$Y start bulk >/dev/null
until_true 15 state "$a" 5 || fail 'missed by five hours: not sent'
ok 'missed by five hours: sent at once'
is 1 "$(told issue-late)" 'and told'
state "$b" 4 || fail 'missed by ten hours: not held'
is 1 "$(told issue-held)" 'missed by ten hours: held, and told'
$Y issue resume "$b" >/dev/null; until_true 15 state "$b" 5 || fail 'it does not go on'
ok 'a word sends it all the same'

# ---- pause, go on, cancel
sed -i 's/^bulk_domain_start = .*/bulk_domain_start = 1/; s/^bulk_domain_double = .*/bulk_domain_double = 86400/' "$I/yorozu.conf"
$Y restart bulk >/dev/null
{ echo mail; for i in $(seq 60); do echo "s$i@one.example"; done; } >"$tmp/one.csv"
$Y reader import "$tmp/one.csv" >/dev/null
c=$($Y issue draft "$tmp/d"); $Y issue send "$c" >/dev/null
some() { [ "$(sql "SELECT n FROM issue_count WHERE issue_id = $c AND state = 3")" -ge 8 ]; }
until_true 20 some || fail 'it does not begin'
$Y issue pause "$c" >/dev/null; sleep 1.5
was=$(sql "SELECT n FROM issue_count WHERE issue_id = $c AND state = 0"); sleep 2
is "$was" "$(sql "SELECT n FROM issue_count WHERE issue_id = $c AND state = 0")" 'paused: nothing more goes out'
[ "$was" -gt 40 ] || fail 'a domain gets more than its rate'; ok 'one domain is not flooded'
$Y issue resume "$c" >/dev/null
more() { [ "$(sql "SELECT n FROM issue_count WHERE issue_id = $c AND state = 0")" -lt "$was" ]; }
until_true 10 more || fail 'it does not go on'; ok 'resumed'
$Y issue cancel "$c" >/dev/null
until_true 15 state "$c" 6 || fail 'it is not called off'
has "$($Y issue status "$c" --check)" 'これから 0、.*配信対象外 [1-9][0-9]* = 66' 'called off: the rest is counted as not sent'
