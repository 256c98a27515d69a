# The monthly run is killed at random moments and begun again: each contract has
# one health check, with one draft for staff, and none is missing (HEALTH-06).
# FAULT_CONTRACTS contracts with two terminals each.
. "$(dirname "$0")/lib.sh"
FILL=$(dirname "$BIN")/bench/health_fill
CONTRACTS=${FAULT_CONTRACTS:-40}
new_instance report
staff suzuki '鈴木 一郎'
"$FILL" "$I" 2026-10 "$CONTRACTS" 2 >/dev/null || fail 'no terminals'
chown -R --reference="$I/store/yorozu.db" "$I/store"

kills=0
while [ $kills -lt 25 ]; do
	$Y report month 2026-10 >"$tmp/out" 2>&1 &
	run=$!
	roll 4; sleep "0.$((1 + R))"
	kill -9 "$run" 2>/dev/null || break # it was done before
	wait "$run" 2>/dev/null || :
	kills=$((kills + 1))
done
[ $kills -ge 3 ] || fail "it was killed only $kills times: more FAULT_CONTRACTS"
ok "$(sql 'SELECT count(*) FROM health') of $CONTRACTS were done over $kills kills"
for again in 1 2; do
	$Y report month 2026-10 >"$tmp/out" 2>&1 || fail "the run after the kills: $(cat "$tmp/out")"
	is "$CONTRACTS|$CONTRACTS" "$(sql 'SELECT count(*), count(DISTINCT contract_id) FROM health')" "each contract has one report (run $again)"
	is "$CONTRACTS" "$(sql 'SELECT count(*) FROM health_facts')" 'with its facts'
	is "$CONTRACTS" "$(sql "SELECT count(DISTINCT outbox_id) FROM outbox_file WHERE type = 'application/pdf'")" 'and one draft'
done
is ok "$(sql 'PRAGMA integrity_check')" 'the store is whole'
