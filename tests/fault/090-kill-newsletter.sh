# MAG-05: yorozu-bulk, Postfix, or both are killed again and again while an issue
# goes out: everybody gets it, nobody twice but those in flight at a kill, which
# bear the same Message-ID; and the ledger adds up each time. 200 kills of an issue
# to 5,000, slow enough to be hit so often:
#	FAULT_READERS=5000 FAULT_KILLS=200 FAULT_DOMAINS=8 FAULT_RATE=1 FAULT_PAUSE=1
. "$(dirname "$0")/lib.sh"
READERS=${FAULT_READERS:-1500} KILLS=${FAULT_KILLS:-30} DOMAINS=${FAULT_DOMAINS:-40} PAUSE=${FAULT_PAUSE:-2}
RATE=${FAULT_RATE:-100000} # mails a second to each domain
new_instance news
sed -i "s/^bulk_domain_start = .*/bulk_domain_start = $RATE/; s/^bulk_domain_max = .*/bulk_domain_max = $RATE/; s/^log_level = .*/log_level = warn/" "$I/yorozu.conf"
$Y start
{ echo mail; for i in $(seq "$READERS"); do echo "u$i@c$((i % DOMAINS)).example"; done; } >"$tmp/list.csv"
$Y reader import "$tmp/list.csv" >/dev/null
printf 'From: mori@example.jp\nTo: henshu@example.jp\nSubject: [2] Number\nMessage-ID: <d@pc>\n\n%s\n' "$(seq 2000)" >"$tmp/d"
n=$($Y issue draft "$tmp/d"); $Y issue send "$n" >/dev/null
begun() { [ "$(sql "SELECT count(*) FROM issue_rcpt WHERE issue_id = $n")" = "$READERS" ]; }
until_true 20 begun || fail 'it does not begin'

over() { [ "$(sql "SELECT state FROM issue WHERE id = $n")" = 5 ]; }
kills=0 began=$(date +%s)
while ! over && [ $kills -lt "$KILLS" ]; do
	roll $((PAUSE * 10)); sleep "$((R / 10)).$((R % 10))"
	roll 3
	case $R in
	0) kill_part bulk ;;
	1) kill_part postfix ;;
	2) pid=$(cat "$I/run/bulk.pid"); kill_part postfix; kill -9 "$pid" 2>/dev/null || :; until_true 5 gone "$pid"; kill_part bulk ;;
	esac
	kills=$((kills + 1))
	$Y issue status "$n" --check >"$tmp/status" || fail "the ledger does not add up: $(cat "$tmp/status")"
	grep -q " = $READERS\$" "$tmp/status" || fail "after kill $kills: $(cat "$tmp/status")"
done
went=$(sql "SELECT count(*) FROM issue_rcpt WHERE issue_id = $n AND state = 3")
echo "$kills kills in $(($(date +%s) - began)) s; $went of $READERS had their mail by then"
[ $kills -lt "$KILLS" ] || { # the rest at full speed
	sed -i "s/^bulk_domain_start = .*/bulk_domain_start = 100000/; s/^bulk_domain_max = .*/bulk_domain_max = 100000/" "$I/yorozu.conf"
	$Y restart bulk >/dev/null
}
# A mail that was on its way when Postfix died waits there for its next run.
ended() { postqueue -c "$I/etc/postfix" -f; over; }
until_true 120 ended || fail "it does not end: $($Y issue status "$n")"
ok "it ended after $kills kills"
has "$($Y issue status "$n" --check)" "配信済み $READERS、.* = $READERS\$" 'every reader stands in the ledger as reached'
is "$READERS" "$(find "$I/world" -maxdepth 1 -name 'u*@*' | wc -l)" 'every reader has a mail'
ids "$I/world" >"$tmp/ids"
is "$READERS" "$(uniq "$tmp/ids" | wc -l)" 'one Message-ID each'
repeats=$(($(wc -l <"$tmp/ids") - READERS))
[ "$repeats" -le $((kills * 10)) ] || fail "$repeats mails came twice"
ok "mails that came twice, recognisable by their Message-ID: $repeats (in flight at $kills kills: at most $((kills * 10)))"
is ok "$(sql 'PRAGMA integrity_check')" 'the store is whole'
