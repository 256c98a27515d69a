# yorozu-ingest is killed at random moments while a terminal uploads: each event
# is stored exactly once, whatever was answered or not (AGENT-02). FAULT_BATCHES
# envelopes, each sent until it is answered with 200.
. "$(dirname "$0")/lib.sh"
HC1=$(dirname "$BIN")/bench/hc1
BATCHES=${FAULT_BATCHES:-150}
new_instance ingest
$Y contract add n_number=N000000001 name=例示商事 >/dev/null
$Y start ingest >/dev/null

post() { # PAGE FILE: the status
	curl -s --max-time 20 --unix-socket "$I/run/ingest.sock" -o "$tmp/answer" -w '%{http_code}' --data-binary "@$2" "http://ingest/v1/$1" || :
}
"$HC1" ask "$tmp/pc" N000000001 "$($Y terminal token N000000001)" PC-1 >"$tmp/ask"
is 200 "$(post enroll "$tmp/ask")" 'a terminal enrols'
"$HC1" enrolled "$tmp/pc" <"$tmp/answer"

sum=0 kills=0 lost=0
for i in $(seq "$BATCHES"); do
	roll 60
	n=$((1 + R)) sum=$((sum + 1 + R))
	"$HC1" batch "$tmp/pc" "$n" >"$tmp/env"
	roll 5
	[ "$R" != 0 ] || "$HC1" restart "$tmp/pc"
	roll 3
	if [ "$R" = 0 ]; then
		roll 10
		pid=$(cat "$I/run/ingest.pid")
		post batch "$tmp/env" >"$tmp/code" &
		sent=$!
		sleep "0.00$R"
		kill -9 "$pid" 2>/dev/null || :
		wait "$sent"
		until_true 5 gone "$pid" || fail 'ingest outlived kill -9'
		$Y start ingest >/dev/null
		kills=$((kills + 1))
		[ "$(cat "$tmp/code")" = 200 ] || lost=$((lost + 1))
	fi
	tries=0
	until [ "$(post batch "$tmp/env")" = 200 ]; do
		tries=$((tries + 1))
		[ $tries -lt 20 ] || fail "batch $i is not taken: $(cat "$tmp/answer")"
		sleep 0.2
	done
done
ok "$BATCHES batches over $kills kills, $lost answers lost"
has "$(cat "$tmp/answer")" "\"ack_to\":$sum,\"missing\":\[\]" 'everything is acknowledged'
db=$(echo "$I"/store/agent-*.db)
is "$sum" "$(sqlite3 "$db" 'SELECT sum(events) FROM tday')" "each of $sum events is counted once"
is "$sum|$BATCHES" "$(sqlite3 "$db" 'SELECT sum(q_to - q_from + 1), count(*) FROM batch')" 'each batch is stored once'
is ok "$(sqlite3 "$db" 'PRAGMA integrity_check')" 'the file is sound'
has "$($Y terminal rebuild "$(TZ=Asia/Tokyo date +%Y-%m)")" ' 0 rows differed' 'roll-ups made anew are the same'
