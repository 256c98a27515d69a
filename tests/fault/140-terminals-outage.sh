# After 14 days without a server FAULT_TERMINALS played terminals bring what they
# kept, all in one day: every event is stored exactly once, in the month it
# happened. (That they do not come all at once: tests/unit/test_agent.c.)
. "$(dirname "$0")/lib.sh"
FLEET=$(dirname "$BIN")/bench/fleet
N=${FAULT_TERMINALS:-40}
new_instance ingest
$Y clock set '2026-11-09 08:00' >/dev/null
sed -i 's/^web_connections = .*/web_connections = 512/; s/^log_level = .*/log_level = warn/' "$I/yorozu.conf"
$Y contract add n_number=N000000001 name=例示商事 ids_added=9999 >/dev/null
echo "N000000001 $($Y terminal token N000000001 --uses 9999)" >"$tmp/contracts"
$Y start ingest >/dev/null
fleet() { "$FLEET" upload --url http://ingest --unix "$I/run/ingest.sock" --contracts "$tmp/contracts" --terminals "$N" --per-slot 20 "$@"; }

# They enrol, and the outage begins: fleet plays both in one go, so the clock moves
# to its end before the first batch: the batches tell of the days before.
$Y clock set '2026-11-23 08:00' >/dev/null
out=$(fleet --threads 16 --day 2026-11-09 --slots 8 --rounds 56) || fail "$out"
has "$out" "^enrol n=$N .* failed=0" "$N terminals are there"
has "$out" "^batch n=$((N * 56)) .* failed=0" "each brings 14 days, four batches a day: $(echo "$out" | tail -1)"
month() { sqlite3 -cmd '.timeout 5000' "$I/store/agent-202611.db" "$1"; }
is "$((N * 56))" "$(month 'SELECT count(*) FROM batch')" 'each batch is stored once'
is 0 "$(month "SELECT count(*) FROM (SELECT terminal, sum(q_to - q_from + 1) n, max(q_to) m FROM batch GROUP BY 1) WHERE n <> m")" 'no number is missing or twice'
is "$(month 'SELECT sum(q_to - q_from + 1) FROM batch')" "$(month 'SELECT sum(events) FROM tday')" 'each event is counted once'
is 0 "$(month 'SELECT count(*) FROM gap')" 'there is no gap'
day() { echo $(($(date -ud "$1" +%s) / 86400)); }
is "$N|$(day 2026-11-09)|$(day 2026-11-22)" "$(month 'SELECT count(DISTINCT terminal), min(day), max(day) FROM tday')" 'on the days on which they happened'
has "$($Y terminal rebuild 2026-11)" ' 0 rows differed' 'roll-ups made anew are the same'
