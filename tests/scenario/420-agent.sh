# A terminal enrols, says what it is and what happens on it, and the store has
# it (AGENT-01, -02, -04): the real agent, through nginx, to the real server.
. "$(dirname "$0")/lib.sh"

run=
trap '[ -z "$run" ] || kill "$run" 2>/dev/null; cleanup' EXIT

new_instance desk
$Y start
$Y clock set '2026-11-24 10:00' >/dev/null
$Y contract add n_number=N123456789 name=株式会社さくら商事 domain=sakura-shoji.example >/dev/null

A=$tmp/terminal
URL=https://localhost:$((BASE + 443))
agent() { "$BIN/yorozu-agent" -C "$A" "$@" 2>>"$tmp/agent.log"; }
enrol() { agent enrol --server "$URL/" --code N123456789 --token "$1" --ca "$I/keys/tls.crt"; }
agent_sql() { sqlite3 -cmd '.timeout 5000' "$I/store/agent.db" "$1"; }
month_sql() { sqlite3 -cmd '.timeout 5000' "$I/store/agent-202611.db" "$1"; }

# ---- enrolment: one line
mkdir -p "$A"
cat >"$A/agent.conf" <<X
clock = $I/clock
watch = $tmp/share
web_log = $tmp/web.log
print_log = $tmp/page_log
app_uid_min = 0
X
if enrol aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; then fail 'a foreign token is taken'; fi
has "$(tail -1 "$tmp/agent.log")" 'the server says 403 token' 'a foreign token is refused'
TOKEN=$($Y terminal token N123456789)
id=$(enrol "$TOKEN")
has "$id" '^agent_id=[0-9a-f]{32} server=https://localhost:[0-9]+$' 'enrolled'
has "$(enrol "$TOKEN")" "^enrolled already: $id\$" 'a second time changes nothing'
is 1 "$(sql 'SELECT count(*) FROM terminal')" 'the store has one terminal'
is 600 "$(stat -c %a "$A/state")" 'its keys are for it alone'
if grep -aq "$TOKEN" "$I"/log/ingest.log "$tmp/agent.log"; then fail 'the token is in a log'; fi
ok 'the token is in no log'

# ---- what happens on it
mkdir -p "$tmp/share/sub"
T=$(date -d '2026-11-24 10:00 +0900' +%s)000
printf '%s www.example.co.jp 40 SAKURA\\tanaka\n%s www.example.co.jp 20 SAKURA\\tanaka\n%s shop.example.com 5\n' "$T" "$T" "$T" >"$tmp/web.log"
printf 'lp-2f tanaka 7 [24/Nov/2026:10:00:05 +0900] total 3 - localhost 見積書.pdf iso_a4 one-sided\n' >"$tmp/page_log"
"$BIN/yorozu-agent" -C "$A" run 2>"$tmp/run.log" &
run=$!
until_true 5 grep -q 'ev=start' "$tmp/run.log" || fail "the agent does not run: $(cat "$tmp/run.log")"
if agent once; then fail 'two agents share a folder'; fi
ok 'a second agent is refused'
sleep 1.2 # the first look at the folders
echo 1 >"$tmp/share/there.txt"
echo 1 >"$tmp/share/sub/見積.txt"
mv "$tmp/share/sub/見積.txt" "$tmp/share/sub/見積2.txt"
rm "$tmp/share/sub/見積2.txt"
arrived() { [ "$(month_sql 'SELECT count(*) FROM batch')" -ge 1 ] && [ "$(month_sql "SELECT count(*) FROM low")" -ge 1 ]; }
sleep 1.2
$Y clock advance 20m >/dev/null
until_true 20 arrived || fail "nothing arrived: $(cat "$tmp/run.log"; tail -5 "$I/log/ingest.log"; ls "$I/store"; month_sql "SELECT count(*), max(q_to) FROM batch")"
is 'example.co.jp|2|60 example.com|1|5' "$(month_sql 'SELECT name, times, seconds FROM rmon JOIN site ON site.id = rmon.site ORDER BY name' | tr '\n' ' ' | sed 's/ $//')" 'web access is counted by site'
host=$(uname -n)
is "$host" "$(sql 'SELECT host FROM terminal')" 'by its name'
has "$(agent_sql 'SELECT name FROM section ORDER BY name' | tr '\n' ' ')" '^devices hw os patches software $' 'all sections are there'
is "$(dpkg-query -W -f='${Status}\n' | grep -c ' installed$')" "$(agent_sql 'SELECT count(*) FROM software WHERE gone = 0')" 'every package is in its software'

# What the batches hold, as it was sent.
body() { month_sql "SELECT hex(body) FROM batch ORDER BY id" | while read -r z; do printf %s "$z" | tr -d '\n' | perl -ne 'print pack "H*", $_' | zstd -dc; echo; done; }
all=$(body)
has "$all" '"k":"file","op":"create","p":"[^"]*/sub/見積.txt"' 'a file was made'
has "$all" '"op":"rename","p":"[^"]*/見積.txt","to":"[^"]*/見積2.txt"' 'renamed'
has "$all" '"op":"delete","p":"[^"]*/見積2.txt"' 'and deleted'
has "$all" '"k":"file","u":"root","op":"create","p":"[^"]*/share/there.txt"' 'by whom, where the file is still there'
has "$all" '"k":"print","u":"tanaka","printer":"lp-2f","doc":"見積書.pdf","pages":3' 'a print is told'
has "$all" '"k":"app","u":"root","n":"[^"]+","s":[0-9]+' 'programs are told'
hasnt "$(cat "$A"/spool/*.seg 2>/dev/null | tr -d '\0')" 'example.co.jp|見積' 'its spool is encrypted'

# ---- unchanged sections go as a hash, and the spool empties
$Y clock advance 15m >/dev/null
twice() { [ "$(month_sql 'SELECT count(*) FROM batch')" -ge 2 ]; }
until_true 20 twice || fail 'no second batch'
is 1 "$(body | grep -c '"software":{"sha256":"[0-9a-f]*","taken":[0-9]*,"full"')" 'the inventory went once'
kill -USR2 "$run"
until_true 5 grep -q 'ev=cost' "$tmp/run.log" || fail 'no cost'
rss=$(grep -oE 'resident_kb=[0-9]+' "$tmp/run.log" | tail -1 | cut -d= -f2)
[ "$rss" -le 20480 ] || fail "the agent takes $rss KB"
ok "the agent takes $rss KB, at most 20 MB"
size=$(stat -c %s "$BIN/yorozu-agent")
[ "$size" -le 2097152 ] || fail "the agent's program has $size octets"
ok 'its program is at most 2 MB'

# ---- the server is away; nothing is lost
$Y stop ingest >/dev/null
echo 'server away' >"$tmp/share/away.txt"
sleep 1.2
$Y clock advance 2h >/dev/null
until_true 20 grep -q 'result=later' "$tmp/run.log" || fail "the agent did not notice: $(cat "$tmp/run.log")"
$Y start ingest >/dev/null
$Y clock advance 2h >/dev/null
told() { body | grep -q 'away.txt'; }
until_true 20 told || fail 'what happened meanwhile did not come'
ok 'what happened while the server was away comes later'
kill "$run"
wait "$run" || fail 'it does not end well'
run=
ok 'it ends when it is told'
is 0 "$(month_sql 'SELECT count(*) FROM gap')" 'nothing is missing'
