# MAG-04, -05, -09: what waits for a person's word is asked for again, in reply
# hours; when nobody decides it ends, and the ledger says who got nothing.
. "$(dirname "$0")/lib.sh"
new_instance news
$Y clock set '2026-11-25 15:00' >/dev/null
$Y start
printf 'Geheim-mori-1' >"$tmp/pw.mori"
$Y staff add mori --name '森 編集' --address mori@example.jp --role editor --password-file "$tmp/pw.mori" >/dev/null
SLOW=$((BASE + 90)) sink=
slow() { # [OPTIONS…]: how slow.example answers from now on
	[ -z "$sink" ] || { kill "$sink"; wait "$sink"; } 2>/dev/null || :
	smtp-sink -u nobody "$@" "127.0.0.1:$SLOW" 100 2>/dev/null &
	sink=$!
}
trap 'kill "$sink" 2>/dev/null; cleanup' EXIT
slow -r rcpt -b '450 4.2.0 Come again'
postconf -c "$I/etc/postfix" -e "transport_maps = $(postconf -c "$I/etc/postfix" -h transport_maps), inline:{ slow.example=smtp:[127.0.0.1]:$SLOW }"
postfix -c "$I/etc/postfix" reload 2>/dev/null
{ echo mail; for i in $(seq 60); do echo "s$i@slow.example"; done; seq 3 | sed 's/.*/f&@fine.example/'; } >"$tmp/list.csv"
$Y reader import "$tmp/list.csv" >/dev/null
printf 'From: mori@example.jp\nTo: henshu@example.jp\nSubject: [2] Number\nMessage-ID: <d@pc>\n\ntext\n' >"$tmp/d"
told() { sql "SELECT count(*) FROM outbox WHERE tmpl = '$1'"; }
is_told() { [ "$(told "$1")" = "$2" ]; }
state() { [ "$(sql "SELECT state FROM issue WHERE id = $n")" = "$1" ]; }
rows() { sql "SELECT coalesce(sum(n), 0) FROM issue_count WHERE issue_id = $n AND state = $1"; }
# at TIME: it is so late now, and everything that is due then was looked at
at() {
	$Y clock set "$1" >/dev/null
	sleep 2.5
}

# ---- a domain that is stopped
n=$($Y issue draft "$tmp/d"); $Y issue send "$n" >/dev/null
until_true 20 is_told issue-domain 1 || fail "it is not stopped: $($Y issue status "$n")"
handed_over() { [ "$(rows 1)" = 0 ]; }
until_true 10 handed_over || fail 'some are in hand for ever'
unsent=$(rows 0) late=$(rows 2)
[ "$unsent" -gt 5 ] || fail "only $unsent are left"
waits() { [ "$(sql "SELECT waits_since IS NOT NULL FROM issue WHERE id = $n")" = 1 ]; }
until_true 5 waits || fail 'nobody knows that it waits'
at '2026-11-25 17:25'; is 0 "$(told issue-waiting)" 'stopped, told, and not asked again at once'
at '2026-11-25 23:00'; is 0 "$(told issue-waiting)" 'nor at night'
at '2026-11-26 10:45'; until_true 5 is_told issue-waiting 1 || fail 'nobody is asked the next morning'
settle
asked=$(text "$(newest mori)")
has "$asked" '【ご判断のお願い】メールマガジン第1号が止まったままです' 'but the next morning'
has "$asked" '一部のドメインへの配信を止めています' 'why'
has "$asked" "これから +$unsent$" 'how many wait'
has "$asked" 'slow.example' 'which domain'
has "$asked" '11月30日\(月\) 15:0[0-9] までに' 'and until when'
$Y restart bulk >/dev/null; at '2026-11-26 11:30'; is 1 "$(told issue-waiting)" 'a restart asks nothing twice'
at '2026-11-26 16:30'; until_true 5 is_told issue-waiting 2 || fail 'nobody is asked in the afternoon'
ok 'in the afternoon again'
at '2026-11-30 09:00'; state 2 || fail 'it ended too early'
at '2026-11-30 15:20'; until_true 5 is_told issue-given-up 1 || fail "it goes on for ever: $($Y issue status "$n")"
settle; has "$(text "$(newest mori)")" 'ご判断がないまま期限が過ぎたため' 'when nobody decides, that it ends is told'
is "0 $unsent" "$(rows 0) $(rows 5)" 'who got nothing stands there as expired'
is "$late" "$(rows 2)" 'what Postfix has stays with Postfix'
has "$($Y issue status "$n" --check)" 'これから 0、.* = 63$' 'the ledger adds up'
# one of them is gone, and no line of the log says how it went
gone=$(find "$I/spool/deferred" -type f | head -1); rm "$gone"
slow
over() { postqueue -c "$I/etc/postfix" -f; state 5; }
last() { over; [ "$(rows 2)" = 1 ]; }
until_true 30 last || fail "what Postfix has does not come to its end: $($Y issue status "$n")"
sleep 2; state 2 || fail 'it ended, and nobody knows what became of one'
at '2026-12-01 16:00'; until_true 20 over || fail "it does not end: $($Y issue status "$n")"
is "$((62 - unsent)) $((unsent + 1))" "$(rows 3) $(rows 5)" 'and is counted to its end, also the one that Postfix lost'
closed() { grep -lF '=?UTF-8?' $(box mori) >/dev/null && texts mori | grep -q '【配信結果】メールマガジン第1号'; }
until_true 20 closed || fail 'no closing report'
has "$(texts mori)" '備考：ご判断がないまま期限が過ぎたため' 'the closing report says why'

# ---- one that is paused
sed -i 's/^bulk_domain_start = .*/bulk_domain_start = 1/; s/^bulk_domain_double = .*/bulk_domain_double = 86400/' "$I/yorozu.conf"
$Y restart bulk >/dev/null
n=$($Y issue draft "$tmp/d"); $Y issue send "$n" >/dev/null
some() { [ "$(rows 3)" -ge 4 ]; }
until_true 20 some || fail 'it does not begin'
$Y issue pause "$n" >/dev/null
until_true 5 waits || fail 'nobody knows that it waits'
before=$(told issue-waiting)
at '2026-12-02 15:00'; until_true 5 is_told issue-waiting $((before + 1)) || fail 'nobody is asked for a paused one'
ok 'a paused one is asked for too'
$Y issue resume "$n" >/dev/null
goes() { state 2 && ! waits; }
until_true 5 goes || fail 'it still waits'; ok 'a word, and nobody is asked'
$Y issue pause "$n" >/dev/null; until_true 5 waits || fail 'nobody knows that it waits'
at '2026-12-07 15:30'; until_true 20 state 5 || fail "a paused one never ends: $($Y issue status "$n")"
[ "$(rows 5)" -gt 0 ] || fail 'nobody is expired'
has "$($Y issue status "$n" --check)" 'これから 0、.* = 63$' 'it ends as well, and adds up'

# ---- one that is held, and never began
$Y stop bulk >/dev/null
n=$($Y issue draft "$tmp/d"); $Y issue send "$n" --at '2026-12-09 15:00' >/dev/null
$Y clock set '2026-12-10 09:00' >/dev/null; $Y start bulk >/dev/null
until_true 10 state 4 || fail 'it is not held'
before=$(told issue-waiting)
until_true 5 waits || fail 'nobody knows that it waits'
at '2026-12-10 13:45'; is "$before" "$(told issue-waiting)" 'held, and told: not asked within the half day'
at '2026-12-10 14:15'; until_true 5 is_told issue-waiting $((before + 1)) || fail 'nobody is asked for a held one'
ok 'but after it'
at '2026-12-15 09:30'; until_true 5 state 6 || fail 'a held one waits for ever'
settle; has "$(texts mori)" "メールマガジン第$n号の配信を終えます" 'it is called off, and that is told'
is 0 "$(told issue-stuck)" 'Postfix was never in the way'
