# The power goes: every process of the instance is killed at once, several
# times, and all of it is started again.
. "$(dirname "$0")/lib.sh"
desk
load
cuts=0
while loading && [ $cuts -lt 6 ]; do
	roll 6; sleep 0.$((3 + R))
	cut_power
	cuts=$((cuts + 1))
	$Y start >/dev/null 2>&1 || $Y start
done
wait "$load_pid" || fail "not every mail was taken: $(cat "$tmp/load")"
ok "every mail was taken over $cuts power cuts: $(cat "$tmp/load")"
account "$MAILS"
