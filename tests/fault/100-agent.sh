# The agent and the server are killed again and again while a terminal works:
# every visit of the web log is counted exactly once, and nothing is missing; each
# site is visited time and again, and fewer are they than a day may name
# (AGENT-02, AGENT-03).
. "$(dirname "$0")/lib.sh"
ROUNDS=${FAULT_ROUNDS:-30}
run=
trap '[ -z "$run" ] || kill "$run" 2>/dev/null; cleanup' EXIT

new_instance desk
$Y start
$Y clock set '2026-11-24 10:00' >/dev/null
$Y contract add n_number=N123456789 name=株式会社さくら商事 domain=sakura-shoji.example >/dev/null
A=$tmp/terminal
"$BIN/yorozu-agent" -C "$A" enrol --server "https://localhost:$((BASE + 443))" --code N123456789 \
	--token "$($Y terminal token N123456789)" --ca "$I/keys/tls.crt" >/dev/null
printf 'clock = %s\nweb_log = %s\n' "$I/clock" "$tmp/web.log" >"$A/agent.conf"
T=$(date -d '2026-11-24 10:00 +0900' +%s)000
: >"$tmp/web.log"

kill_ingest() {
	pid=$($Y status --json | grep -oE '"name":"ingest",[^}]*' | grep -oE '"pid":[0-9]+' | cut -d: -f2)
	[ "${pid:-0}" -eq 0 ] || kill -9 "$pid"
	$Y start ingest >/dev/null 2>&1 || { sleep 0.5; $Y start ingest >/dev/null; }
}

written=0 kills=0
for round in $(seq "$ROUNDS"); do
	"$BIN/yorozu-agent" -C "$A" run 2>>"$tmp/run.log" &
	run=$!
	roll 200; n=$((20 + R))
	seq $((written + 1)) $((written + n)) | awk -v t="$T" '{ print t, "site" $1 % 997 ".com 3" }' >>"$tmp/web.log"
	written=$((written + n))
	$Y clock advance 21m >/dev/null
	roll 900; sleep "0.$((100 + R))"
	roll 3; [ "$R" -ne 0 ] || kill_ingest
	kill -9 "$run"; kills=$((kills + 1))
	wait "$run" 2>/dev/null
	run=
done
# What remains.
$Y clock advance 6m >/dev/null
tries=0
until "$BIN/yorozu-agent" -C "$A" once 2>>"$tmp/run.log"; do
	tries=$((tries + 1))
	[ "$tries" -lt 20 ] || fail "the rest does not arrive: $(tail -3 "$tmp/run.log")"
	$Y clock advance 20m >/dev/null
done
month_sql() { sqlite3 -cmd '.timeout 5000' "$I/store/agent-202611.db" "$1"; }
month_sql 'SELECT name, sum(times) FROM rmon JOIN site ON site.id = rmon.site GROUP BY 1' | sort >"$tmp/counted"
awk '{ n[$2]++ } END { for (s in n) print s "|" n[s] }' "$tmp/web.log" | sort >"$tmp/visited"
diff "$tmp/visited" "$tmp/counted" >"$tmp/diff" || fail "counted and visited differ: $(head -5 "$tmp/diff")"
ok "after $kills kills each of $written visits is counted exactly once"
is 0 "$(month_sql 'SELECT count(*) FROM gap')" 'there is no gap'
is 0 "$(sql 'SELECT count(*) FROM terminal WHERE cloned_at IS NOT NULL')" 'nobody was taken for a clone'
