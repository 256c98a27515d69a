# MAG-05, -09: while an issue goes out, receivers answer 452, 421, 451, cut the
# connection, are slow; Postfix has no room for mail, the store's disk is full and
# the operators hear of it. Nothing is lost, the ledger adds up at every moment, and
# it ends by itself.
. "$(dirname "$0")/lib.sh"
READERS=${FAULT_READERS:-1280}
new_instance weather
PORT=$((BASE + 90))
sed -i "s/^world = .*/world = relay:[127.0.0.1]:$PORT/; s/^bulk_stop_deferred = .*/bulk_stop_deferred = 100/; s/^bulk_domain_start = .*/bulk_domain_start = 4/; s/^bulk_domain_double = .*/bulk_domain_double = 86400/" "$I/yorozu.conf"
mkdir "$tmp/store" "$tmp/got" && chown nobody "$tmp/got"
cp -a "$I/store/." "$tmp/store/"
mount -t tmpfs -o size=40m,mode=0750 tmpfs "$I/store" || { echo 'skipped: no tmpfs here'; exit 0; }
sink=
away() { [ -z "$sink" ] || { kill "$sink"; wait "$sink"; } 2>/dev/null || :; sink=; }
clear_up() { away; $Y stop >/dev/null 2>&1; umount "$I/store" 2>/dev/null; cleanup; }
trap clear_up EXIT
chown yorozu: "$I/store" && cp -a "$tmp/store/." "$I/store/"
$Y start
printf 'Geheim-mori-1' >"$tmp/pw.mori"
$Y staff add mori --name '森 編集' --address mori@example.jp --role operator --password-file "$tmp/pw.mori" >/dev/null
{ echo mail; for i in $(seq "$READERS"); do echo "u$i@c$((i % 8)).example"; done; } >"$tmp/list.csv"
$Y reader import "$tmp/list.csv" >/dev/null
printf 'From: mori@example.jp\nTo: henshu@example.jp\nSubject: [2] Number\nMessage-ID: <d@pc>\n\n%s\n' "$(seq 500)" >"$tmp/d"
n=$($Y issue draft "$tmp/d")

adds_up() { # WHAT
	$Y issue status "$n" --check >"$tmp/status" || fail "$1: the ledger does not add up: $(cat "$tmp/status")"
	grep -q " = $READERS\$" "$tmp/status" || fail "$1: $(cat "$tmp/status")"
	ok "$1: $(grep -o '配送中 [0-9]*、配信済み [0-9]*' "$tmp/status")"
}
# sky [SINK OPTIONS…]: the world is so from now on
sky() {
	away
	(cd "$tmp/got" && exec smtp-sink -u nobody "$@" "127.0.0.1:$PORT" 200) >/dev/null 2>&1 &
	sink=$!
}
# weather WHAT [SINK OPTIONS…]: for two seconds
weather() {
	what=$1; shift
	sky "$@"
	postqueue -c "$I/etc/postfix" -f
	sleep 2
	adds_up "$what"
}
sky -d m.
$Y issue send "$n" >/dev/null
begun() { [ "$(sql "SELECT count(*) FROM issue_rcpt WHERE issue_id = $n")" = "$READERS" ]; }
until_true 20 begun || fail 'it does not begin'
some() { [ "$(sql "SELECT count(DISTINCT substr(addr_key, instr(addr_key, '@'))) FROM issue_rcpt i JOIN reader r ON r.id = i.reader_id WHERE issue_id = $n AND i.state = 3")" = 8 ]; }
until_true 20 some || fail 'it does not begin'
weather 'receivers answer 452' -r rcpt -b '452 4.2.2 Mailbox full'
weather 'they answer 421 and go' -Q data
weather 'they answer 451 to the text' -r data -b '451 4.3.0 Try again later'
weather 'they cut the connection' -q rcpt
weather 'they are slow' -w 1 -d m.

# ---- Postfix has no room: it answers 452 to us
postconf -c "$I/etc/postfix" -e 'smtpd_sender_restrictions = check_sender_access static:{452 4.3.1 Insufficient system storage}'; postfix -c "$I/etc/postfix" reload 2>/dev/null
$Y restart bulk >/dev/null # the connections it has are to listeners of the time before
later() { [ "$(sql "SELECT count(*) FROM issue_rcpt WHERE issue_id = $n AND state = 0 AND detail LIKE '%4.3.1%'")" -gt 0 ]; }
until_true 15 later || fail "Postfix took it all the same: $(tail -3 "$I/log/bulk.log")"
adds_up 'Postfix has no room'
postconf -c "$I/etc/postfix" -X smtpd_sender_restrictions; postfix -c "$I/etc/postfix" reload 2>/dev/null

# ---- another process holds the store, longer than anybody waits for it
locked() { grep -q 'ev=waiting.*database is locked' "$I/log/bulk.log"; }
{ echo 'BEGIN IMMEDIATE;'; until_true 40 locked || :; echo 'COMMIT;'; } | sqlite3 "$I/store/yorozu.db" &
locker=$!
until_true 40 locked || fail "nothing is said: $(tail -5 "$I/log/bulk.log")"
ok 'the store is held by another, and the log says so'
wait "$locker" || :
resumed() { grep -q 'ev=resumed' "$I/log/bulk.log"; }
until_true 20 resumed || fail "it does not go on: $(tail -5 "$I/log/bulk.log")"
adds_up 'after the lock'

# ---- the store's disk is full, with nothing left of what the WAL had taken before
emptied() { [ "$(sql 'PRAGMA wal_checkpoint(TRUNCATE)' | cut -d'|' -f1)" = 0 ]; }
until_true 10 emptied || fail 'the WAL is never empty'
dd if=/dev/zero of="$I/store/filler" bs=64k >/dev/null 2>&1 || :
waiting() { grep -q 'ev=waiting.*disk is full' "$I/log/bulk.log"; }
until_true 10 waiting || fail "nothing is said: $(tail -5 "$I/log/bulk.log")"
ok "the store's disk is full, and the log says so: $(grep 'ev=waiting.*full' "$I/log/bulk.log" | tail -1 | grep -o 'error=.*')"
is 0 "$(grep -c 'ev=alarm' "$I/log/bulk.log")" 'for a moment only, and nobody is called'
$Y clock advance 6m >/dev/null
called() { [ "$(box mori | xargs -r grep -lF "alarm." | wc -l)" = 1 ]; }
until_true 30 called || fail "the operators are not told: $(grep 'ev=alarm' "$I/log/bulk.log")"
has "$(texts mori)" '原因：store: database or disk is full' 'minutes later the operators have a mail, which the store knows nothing of'
$Y clock advance 1h >/dev/null; sleep 3
called || fail 'they are told again within the hour'; ok 'and not another one each minute'
rm "$I/store/filler"
adds_up 'with room again'

weather 'fair again' -d m.
is '' "$(sql 'SELECT domain FROM bulk_stop')" 'no domain is stopped where the setting says never'
over() { postqueue -c "$I/etc/postfix" -f; [ "$(sql "SELECT state FROM issue WHERE id = $n")" = 5 ]; }
until_true 180 over || fail "it does not end: $($Y issue status "$n")"
ok 'it ends by itself'
has "$($Y issue status "$n" --check)" "配信済み $READERS、.* = $READERS\$" 'everybody has it'
settle
cat "$tmp/got"/m.* | grep -ai '^Message-ID: <n' | sort >"$tmp/ids"
is "$READERS" "$(uniq "$tmp/ids" | wc -l)" 'the receivers have a mail for each'
echo "$(($(wc -l <"$tmp/ids") - READERS)) came twice, by receivers that were cut off after the text"
is ok "$(sql 'PRAGMA integrity_check')" 'the store is whole'
