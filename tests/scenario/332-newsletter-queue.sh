# MAG-02, -03: 3 MB in every mail, to receivers that are slow: what lies in Postfix's
# queue stays below the high-water mark at every moment, and everybody gets it.
. "$(dirname "$0")/lib.sh"
MARK_MB=24 READERS=40
PORT=$((20000 + $$ % 12 * 1000 + 12990))
smtp-sink -u nobody -w 1 "127.0.0.1:$PORT" 100 2>/dev/null &
sink=$!
trap 'kill $sink 2>/dev/null; cleanup' EXIT
new_instance queue --world "relay:[127.0.0.1]:$PORT"
sed -i "s/^news_attach_link = .*/news_attach_link = 3145728/; s/^bulk_queue_mb = .*/bulk_queue_mb = $MARK_MB/; s/^bulk_domain_start = .*/bulk_domain_start = 1000/" "$I/yorozu.conf"
$Y start
{ echo mail; seq $READERS | sed 's/.*/r&@c&.example/'; } >"$tmp/list.csv"
$Y reader import "$tmp/list.csv" >/dev/null
{
	printf 'From: mori@example.jp\nTo: henshu@example.jp\nSubject: [2] large\nMessage-ID: <d@pc>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: text/plain\n\ntext\n--m\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=x.pdf\nContent-Transfer-Encoding: base64\n\n'
	head -c 3100000 /dev/urandom | base64 -w76
	printf -- '--m--\n'
} >"$tmp/d"
n=$($Y issue draft "$tmp/d"); $Y issue send "$n" >/dev/null
over() { [ "$(sql "SELECT state FROM issue WHERE id = $n")" = 5 ]; }
most=0 times=0 end=$(($(date +%s) + 200))
while ! over && [ "$(date +%s)" -lt $end ]; do
	for k in 1 2 3 4 5 6 7 8; do
		now=$(find "$I/spool/incoming" "$I/spool/active" "$I/spool/deferred" -type f -printf '%s\n' 2>/dev/null | awk '{ s += $1 } END { print s + 0 }')
		[ "$now" -le "$most" ] || most=$now
		times=$((times + 1))
		sleep 0.02
	done
done
over || fail "it does not end: $($Y issue status "$n")"
has "$($Y issue status "$n" --check)" "配信済み $READERS、.* = $READERS\$" 'everybody has the 3 MB'
echo "most in the queue: $most bytes in $times looks; $READERS mails of $((3100000 * 78 / 57)) bytes in all"
[ "$most" -gt 4000000 ] || fail 'nobody saw a mail in the queue'
# Postfix says "sent" a moment before it takes the file away: one may be seen dead.
[ "$most" -le $((MARK_MB * 1000000 + 4300000)) ] || fail "the queue had $most bytes"
ok "and the queue never had more than $MARK_MB MB"
