# Another process holds the store: mail waits or is told to come back, and
# nothing is lost.
. "$(dirname "$0")/lib.sh"
MAILS=20
desk
{ echo 'BEGIN IMMEDIATE;'; sleep 8; echo 'COMMIT;'; } | sqlite3 "$I/store/yorozu.db" &
locker=$!
sleep 0.5
load
wait "$locker" || :
wait "$load_pid" || fail "not every mail was taken: $(cat "$tmp/load")"
ok "every mail was taken after the lock: $(cat "$tmp/load")"
account
