# Uploads meet a killed process, a full disk and a locked store: what was said
# to be taken is there, what was not leaves nothing behind (DESK-09, OPS-06).
. "$(dirname "$0")/lib.sh"
new_instance desk
mount -t tmpfs -o size=40m,mode=0700 tmpfs "$I/spool-files" || { echo 'skipped: no tmpfs here'; exit 0; }
cleanup_disk() { $Y stop >/dev/null 2>&1; umount "$I/spool-files" 2>/dev/null; cleanup; }
trap cleanup_disk EXIT
chown yorozu: "$I/spool-files"
sed -i 's/^upload_free_mb = .*/upload_free_mb = 0/; s/^upload_files_max = .*/upload_files_max = 200/' "$I/yorozu.conf"
$Y start
staff suzuki '鈴木 一郎'
company bench.example
printf 'From: a@bench.example\nSubject: files\nMessage-ID: <f@bench.example>\n\nx\n' >"$tmp/m.eml"
mail a@bench.example sodan@example.jp "$tmp/m.eml" || fail "refused: $(said)"
U=$($Y upload link 1)
put() { curl -s --max-time 60 --cacert "$I/keys/tls.crt" -o "$tmp/page" -w '%{http_code}' -F "files=@$1" "$U" || :; }
spooled() { find "$I/spool-files" -type f -printf '%f\n' | wc -l; }
old() { find "$I/spool-files" -type f -exec touch -d '2 hours ago' {} +; }

# ---- killed, again and again, while files come in
sent=0 taken=0 kills=0
while [ $kills -lt 12 ]; do
	head -c 400000 /dev/urandom >"$tmp/f$sent"
	(curl -s --max-time 60 --limit-rate 2M --cacert "$I/keys/tls.crt" -o /dev/null -w '%{http_code}' -F "files=@$tmp/f$sent" "$U" >"$tmp/code" || :) &
	curl_pid=$!
	roll 6; sleep 0.0$((4 + R))
	roll 3; sleep 0.$R
	kill -9 "$(cat "$I/run/ingest.pid")" 2>/dev/null || :
	wait "$curl_pid" || :
	$Y start ingest >/dev/null
	if [ "$(cat "$tmp/code")" = 200 ]; then taken=$((taken + 1)); sha256sum <"$tmp/f$sent" | cut -d' ' -f1 >>"$tmp/taken"; fi
	sent=$((sent + 1)) kills=$((kills + 1))
done
ok "$kills kills, $taken of $sent uploads answered with 200"
stored=$(sql 'SELECT count(*) FROM file')
[ "$stored" -ge "$taken" ] || fail "only $stored of $taken are stored"
for s in $(cat "$tmp/taken" 2>/dev/null); do
	[ "$(sql "SELECT count(*) FROM file WHERE lower(hex(sha256)) = '$s'")" = 1 ] || fail "a file that was taken is not there once"
done
ok 'each that was taken is stored once'
for id in $(sql 'SELECT id FROM file'); do
	want=$(sql "SELECT lower(hex(sha256)) FROM file WHERE id = $id")
	[ "$($Y file get "$id" | sha256sum | cut -d' ' -f1)" = "$want" ] || fail "file $id is damaged"
done
ok 'and whole'
old
$Y restart ingest
swept() { [ "$(spooled)" = "$stored" ]; }
until_true 10 swept || fail "$(spooled) files in the spool for $stored rows"
ok 'what was left of the others is swept at the start'

# ---- the disk is full
head -c 60000000 /dev/zero | tr '\0' 'x' >"$tmp/big"
is 503 "$(put "$tmp/big")" 'a full disk: later, please'
has "$(cat "$tmp/page")" '数分後にもう一度' 'in words'
is "$stored" "$(spooled)" 'nothing is left of it'
pid=$(cat "$I/run/ingest.pid")
echo small >"$tmp/small"
is 200 "$(put "$tmp/small")" 'a small file still fits'
is "$pid" "$(cat "$I/run/ingest.pid")" 'in the same process'
stored=$((stored + 1))
sed -i 's/^upload_free_mb = .*/upload_free_mb = 1000/' "$I/yorozu.conf"
$Y restart ingest
echo other >"$tmp/other"
is 503 "$(put "$tmp/other")" 'the last of the disk is not for uploads'
sed -i 's/^upload_free_mb = .*/upload_free_mb = 0/' "$I/yorozu.conf"
$Y restart ingest

# ---- the store is locked: longer than what waits at the start and this file wait, one behind the other
{ echo '.timeout 5000'; echo 'BEGIN IMMEDIATE;'; sleep 25; echo 'COMMIT;'; } | sqlite3 "$I/store/yorozu.db" &
locker=$!
locked() { ! sqlite3 "$I/store/yorozu.db" 'BEGIN IMMEDIATE; ROLLBACK;'; }
until_true 6 locked || fail 'nobody locks the store'
is 503 "$(put "$tmp/other")" 'a locked store: later, please'
is 200 "$(curl -s --cacert "$I/keys/tls.crt" -o /dev/null -w '%{http_code}' "$U")" 'the page can be read meanwhile'
wait "$locker" || :
is "$stored" "$(sql 'SELECT count(*) FROM file')" 'it is not stored'
is 200 "$(put "$tmp/other")" 'the same again, with the store free'
is $((stored + 1)) "$(sql 'SELECT count(*) FROM file')" 'is stored'
old
$Y restart ingest
stored=$((stored + 1))
until_true 10 swept || fail "$(spooled) files in the spool for $stored rows"
ok 'and the first try is swept'
settle
is "$stored" "$(sql "SELECT count(*) FROM outbox WHERE tmpl = 'upload-received'")" 'one notice a file'
is '' "$(sql 'SELECT kind, state, tmpl, last_error FROM outbox WHERE state <> 2 LIMIT 3')" 'all mails went out'
is ok "$(sql 'PRAGMA integrity_check')" 'the store is whole'
