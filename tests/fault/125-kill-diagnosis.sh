# The diagnosis is killed at random moments and begun again (DIAG-03): the answers of
# an export are stored all or not at all, then each contract has one report, with
# one draft for staff, and none is missing. FAULT_CONTRACTS contracts.
. "$(dirname "$0")/lib.sh"
CONTRACTS=${FAULT_CONTRACTS:-40}
new_instance diagnosis
sed -i 's/^stats_monthly = .*/stats_monthly = 0/; s/^health_monthly = .*/health_monthly = 0/' "$I/yorozu.conf"
$Y clock set '2026-11-24 10:00' >/dev/null
staff suzuki '鈴木 一郎'
for n in $(seq "$CONTRACTS"); do
	$Y contract add n_number="$(printf 'N%09d' "$n")" name=会社 officer_mail="a@c$n.example" >/dev/null || fail "contract $n"
done
{
	printf 'ID,完了時刻,お客様番号'; for q in $(seq 25); do printf ',Q%s' "$q"; done; printf '\r\n'
	for n in $(seq "$CONTRACTS"); do
		printf '%s,2026/11/20 9:00:00,N%09d' "$n" "$n"
		for q in $(seq 25); do if [ $(((n + q) % 4)) = 0 ]; then printf ',いいえ'; else printf ',はい'; fi; done
		printf '\r\n'
	done
} >"$I/run/export.csv"

# killed_while COMMAND…: begins it and kills it within half a second; false: it was done before
killed_while() {
	"$@" >"$tmp/out" 2>&1 &
	run=$!
	roll 40; sleep "0.$(printf %02d $((2 + R)))"
	kill -9 "$run" 2>/dev/null || return 1
	wait "$run" 2>/dev/null || :
}
cut=0
while [ $cut -lt 12 ] && killed_while "$BIN/yorozu" -C "$I" diagnosis import "$I/run/export.csv"; do
	cut=$((cut + 1))
	n=$(sql 'SELECT count(*) FROM diagnosis')
	[ "$n" = 0 ] || [ "$n" = "$CONTRACTS" ] || fail "$n of $CONTRACTS answers were stored"
done
ok "an import is all or nothing over $cut kills"
$Y diagnosis import "$I/run/export.csv" >"$tmp/out" 2>&1 || :
is "$CONTRACTS|$CONTRACTS" "$(sql 'SELECT count(*), count(DISTINCT contract_id) FROM diagnosis')" 'each answer is stored once'

kills=0
while [ $kills -lt 40 ] && killed_while "$BIN/yorozu-report" -C "$I" due; do kills=$((kills + 1)); done
[ $kills -ge 3 ] || fail "it was killed only $kills times: more FAULT_CONTRACTS"
ok "$(sql 'SELECT count(*) FROM diagnosis WHERE state = 1') of $CONTRACTS were done over $kills kills"
for again in 1 2; do
	"$BIN/yorozu-report" -C "$I" due >"$tmp/out" 2>&1 || fail "the run after the kills: $(cat "$tmp/out")"
	is "$CONTRACTS" "$(sql 'SELECT count(*) FROM diagnosis WHERE state = 1')" "each contract has its report (run $again)"
	is "$CONTRACTS|$CONTRACTS" "$(sql "SELECT count(*), count(DISTINCT vars) FROM outbox WHERE tmpl = 'diagnosis-draft'")" 'and one draft'
	is "$CONTRACTS" "$(sql "SELECT count(DISTINCT outbox_id) FROM outbox_file WHERE type = 'application/pdf'")" 'with its pages'
done
is ok "$(sql 'PRAGMA integrity_check')" 'the store is whole'
