# The power goes: every process of the instance is killed at once, several
# times, and all of it is started again.
. "$(dirname "$0")/lib.sh"
desk
load
cuts=0
while loading && [ $cuts -lt 6 ]; do
	sleep 0.$((3 + $(random 6)))
	pids=$($Y status --json | grep -oE '"pid":[0-9]+' | cut -d: -f2)
	for p in $pids; do
		[ "$p" -gt 0 ] || continue
		all=$(pgrep -P "$p" || :)
		for q in $all; do more=$(pgrep -P "$q" || :); kill -9 $more 2>/dev/null || :; done
		kill -9 "$p" $all 2>/dev/null || :
	done
	cuts=$((cuts + 1))
	$Y start >/dev/null 2>&1 || $Y start
done
wait "$load_pid" || fail "not every mail was taken: $(cat "$tmp/load")"
ok "every mail was taken over $cuts power cuts: $(cat "$tmp/load")"
account "$MAILS"
