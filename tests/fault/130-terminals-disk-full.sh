# The disk of the store is full while terminals upload: each batch is told to come
# again, none is acknowledged that is not stored, and when there is room again
# everything is there exactly once (AGENT-02).
. "$(dirname "$0")/lib.sh"
HC1=$(dirname "$BIN")/bench/hc1
new_instance ingest
$Y contract add n_number=N000000001 name=例示商事 >/dev/null
token=$($Y terminal token N000000001)
sed -i 's/^upload_free_mb = .*/upload_free_mb = 0/' "$I/yorozu.conf" # else it says no long before
mkdir "$tmp/store" && cp -a "$I/store/." "$tmp/store/"
mount -t tmpfs -o size=2m,mode=0750 tmpfs "$I/store" || { echo 'skipped: no tmpfs here'; exit 0; }
cleanup_disk() { $Y stop >/dev/null 2>&1; umount "$I/store" 2>/dev/null; cleanup; }
trap cleanup_disk EXIT
chown yorozu: "$I/store" && cp -a "$tmp/store/." "$I/store/"
$Y start ingest >/dev/null
ingest=$(cat "$I/run/ingest.pid")

post() { # PAGE FILE: the status
	curl -s --max-time 20 --unix-socket "$I/run/ingest.sock" -o "$tmp/answer" -w '%{http_code}' --data-binary "@$2" "http://ingest/v1/$1" || :
}
events() { sqlite3 -cmd '.timeout 10000' "$(echo "$I"/store/agent-*.db)" 'SELECT coalesce(sum(events), 0) FROM tday'; }
batches() { sqlite3 -cmd '.timeout 10000' "$(echo "$I"/store/agent-*.db)" 'SELECT count(*) FROM batch'; }
"$HC1" ask "$tmp/pc" N000000001 "$token" PC-1 >"$tmp/ask"
is 200 "$(post enroll "$tmp/ask")" 'a terminal enrols'
"$HC1" enrolled "$tmp/pc" <"$tmp/answer"

# Until the disk is full, and on: what is refused comes again, as an agent does it.
sent=0 taken=0 sum=0 refused=0
while [ $refused -lt 10 ] && [ $sent -lt 400 ]; do
	sent=$((sent + 1))
	"$HC1" batch "$tmp/pc" 300 >"$tmp/env.$sent"
	code=$(post batch "$tmp/env.$sent")
	case $code in
	200)
		[ $refused -eq 0 ] || fail "taken again with a full disk, after $refused refusals" # room was made by nobody
		taken=$((taken + 1)) sum=$((sum + 300)) ;;
	503)
		refused=$((refused + 1))
		has "$(cat "$tmp/answer")" '"retry_after":[1-9]' "refusal $refused says when to come again" ;;
	*) fail "batch $sent: $code $(cat "$tmp/answer")" ;;
	esac
done
[ $refused -eq 10 ] || fail "$taken batches did not fill the disk"
has "$(df --output=avail -k "$I/store" | tail -1)" '^ *([0-9]|[0-9][0-9])$' 'the disk is full in earnest'
ok "$taken batches were taken before that"
is "$ingest" "$(cat "$I/run/ingest.pid")" 'ingest never went away'
is 0 "$(curl -s --unix-socket "$I/run/ingest.sock" -o /dev/null -w '%{http_code}' "http://ingest/v1/batch" | grep -c 000)" 'and still answers'

# It is killed and started with the disk full: what it said yes to is there.
kill -9 "$ingest" && until_true 5 gone "$ingest"
mount -o remount,size=64m "$I/store"
$Y start ingest >/dev/null
is "$taken" "$(batches)" 'each batch that got a 200 is stored, and no other'
is "$sum" "$(events)" 'with its events'
for i in $(seq "$sent"); do
	is 200 "$(post batch "$tmp/env.$i")" "batch $i is taken, again or at last" >/dev/null
done
last=$(cat "$tmp/answer")
has "$last" "\"ack_to\":$((sent * 300)),\"missing\":\[\]" 'with room again everything is acknowledged'
is "$sent" "$(batches)" 'each of them is stored once'
is "$((sent * 300))" "$(events)" 'each event is counted once'
is ok "$(sqlite3 "$(echo "$I"/store/agent-*.db)" 'PRAGMA integrity_check')" 'the file is sound'
has "$($Y terminal rebuild "$(TZ=Asia/Tokyo date +%Y-%m)")" ' 0 rows differed' 'roll-ups made anew are the same'

# As it is set up, there is a reserve that batches do not touch.
$Y stop ingest >/dev/null
sed -i 's/^upload_free_mb = .*/upload_free_mb = 500/' "$I/yorozu.conf"
$Y start ingest >/dev/null
"$HC1" batch "$tmp/pc" 3 >"$tmp/env"
is 503 "$(post batch "$tmp/env")" 'where little is left it is told to come again before that'
is "$sent" "$(batches)" 'and is not stored'
