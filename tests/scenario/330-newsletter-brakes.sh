# MAG-02, -05: a domain that puts off too much, or where too many addresses are
# dead, gets no more; the editors are told, and free it by mail or command. An
# issue that meets it everywhere stops whole.
. "$(dirname "$0")/lib.sh"
new_instance news
$Y clock set '2026-11-25 14:00' >/dev/null
$Y start
printf 'Geheim-mori-1' >"$tmp/pw.mori"
$Y staff add mori --name '森 編集' --address mori@example.jp --role editor --password-file "$tmp/pw.mori" >/dev/null

# Two receivers of the world, on ports of their own: sink PORT [OPTIONS…]
sinks=
sink() {
	port=$1; shift
	smtp-sink -u nobody "$@" "127.0.0.1:$port" 100 2>/dev/null &
	sinks="$sinks $!"
	eval "sink_$port=$!"
}
unsink() { eval "kill \$sink_$1; wait \$sink_$1" 2>/dev/null || :; }
stop_sinks() { for p in $sinks; do kill "$p" 2>/dev/null || :; done; cleanup; }
trap stop_sinks EXIT
SLOW=$((BASE + 90)) DEAD=$((BASE + 91))
sink $SLOW -r rcpt -b '450 4.2.0 Greylisted, come again'
sink $DEAD -f rcpt -B '550 5.1.1 User unknown'
postconf -c "$I/etc/postfix" -e "transport_maps = $(postconf -c "$I/etc/postfix" -h transport_maps), inline:{ slow.example=smtp:[127.0.0.1]:$SLOW, dead.example=smtp:[127.0.0.1]:$DEAD }"
postfix -c "$I/etc/postfix" reload 2>/dev/null

{ echo mail; for i in $(seq 60); do echo "s$i@slow.example"; echo "d$i@dead.example"; done; seq 12 | sed 's/.*/f&@fine&.example/'; } >"$tmp/list.csv"
$Y reader import "$tmp/list.csv" >/dev/null
printf 'From: mori@example.jp\nTo: henshu@example.jp\nSubject: [2] Number\nMessage-ID: <d@pc>\n\ntext\n' >"$tmp/d"
rcpts() { sql "SELECT count(*) FROM issue_rcpt i JOIN reader r ON r.id = i.reader_id WHERE issue_id = $n AND i.state = $2 AND addr_key LIKE '%@$1'"; }
stopped() { [ "$(sql 'SELECT group_concat(domain) FROM (SELECT domain FROM bulk_stop ORDER BY 1)')" = "$1" ]; }
state() { [ "$(sql "SELECT state FROM issue WHERE id = $n")" = "$1" ]; }
n=$($Y issue draft "$tmp/d"); $Y issue send "$n" >/dev/null
until_true 20 stopped dead.example,slow.example || fail "not stopped: $(sql 'SELECT * FROM bulk_stop'; $Y issue status "$n")"
ok 'a domain that defers is stopped, and one of dead addresses'
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do await "f$i@fine$i.example" 1; done
ok 'the others get theirs'
await mori 1; settle
told=$(texts mori)
has "$told" '【至急】メールマガジン第1号：一部のドメインへの配信を止めました' 'the editor is told'
has "$told" 'slow.example：受信側に一時的に断られる割合が高くなっています .*450 4.2.0 Greylisted' 'which, and what the receiver said'
has "$($Y issue status "$n")" '停止中 slow.example：' 'status names them'
left=$(rcpts slow.example 0)
[ "$left" -gt 5 ] || fail "only $left of slow.example are left"
$Y restart bulk >/dev/null; sleep 2
is "$left" "$(rcpts slow.example 0)" 'a restart frees none'

unsink $SLOW; unsink $DEAD
sink $SLOW; sink $DEAD
issue=$(field Reply-To "$(newest mori)" | tr -d '<> ')
printf 'From: mori@example.jp\nTo: %s\nSubject: Re: x\nMessage-ID: <w1@pc>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n解除 slow.example\n' "$issue" >"$tmp/w"
submit mori "$issue" "$tmp/w" || fail "refused: $(said)"
settle
# where the other domain stopped a moment later, that is told now too
has "$(texts mori)" 'slow.example への配信を再開しました' 'a word by mail frees it'
freed() { [ "$(rcpts slow.example 0)" = 0 ]; }
until_true 20 freed || fail "it is not freed: $($Y issue status "$n")"
ok 'and the rest goes out'
$Y issue free "$n" nowhere.example >/dev/null 2>&1 && fail 'one that is not stopped was freed'
$Y issue free "$n" dead.example >/dev/null
over() { postqueue -c "$I/etc/postfix" -f; state 5; }
until_true 30 over || fail "it does not end: $($Y issue status "$n")"
ok 'a command frees the other, without a restart, and the issue ends'
has "$($Y issue status "$n" --check)" 'これから 0、.* = 132' 'the ledger adds up'
is 60 "$(rcpts slow.example 3)" 'what was put off has arrived'
stopped '' || fail 'a stop outlives its issue'; ok 'the stops end with it'

# ---- everywhere: the whole issue
unsink $SLOW
sink $SLOW -r rcpt -b '450 4.2.0 Greylisted, come again'
postconf -c "$I/etc/postfix" -e "default_transport = smtp:[127.0.0.1]:$SLOW"
postfix -c "$I/etc/postfix" reload 2>/dev/null
{ echo mail; seq 300 | sed 's/.*/g&@g&.example/'; } >"$tmp/many.csv"
$Y reader import "$tmp/many.csv" >/dev/null
n=$($Y issue draft "$tmp/d"); $Y issue send "$n" >/dev/null
until_true 20 state 3 || fail "it is not stopped: $($Y issue status "$n")"
ok 'an issue that is put off everywhere stops'
settle; has "$(text "$(newest mori)")" '受信側に一時的に断られ、再送を待つ割合が上限を超えました' 'and that is told'
unsink $SLOW; sink $SLOW
$Y issue resume "$n" >/dev/null
until_true 40 over || fail "it does not go on: $($Y issue status "$n")"
ok 'resumed, it goes on to its end, though much of it had been put off'
has "$($Y issue status "$n" --check)" 'これから 0、.* = [0-9]+$' 'the ledger adds up'
