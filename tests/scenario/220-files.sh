# Files by link (DESK-09, DESK-17, OPS-06, OPS-07): a customer sends, staff are
# told and fetch, everything ends on schedule; and what must not work does not.
. "$(dirname "$0")/lib.sh"

new_instance desk
sed -i 's/^upload_max_mb = .*/upload_max_mb = 101/; s/^upload_link_mb = .*/upload_link_mb = 120/' "$I/yorozu.conf"
$Y start
$Y clock set '2026-11-24 10:00' >/dev/null
staff suzuki '鈴木 一郎'
staff sato '佐藤 花子'
company sakura-shoji.example
$Y contract add n_number=N123456789 name=株式会社さくら商事 domain=sakura-shoji.example >/dev/null

printf 'From: tanaka@sakura-shoji.example\nSubject: file\nMessage-ID: <f1@sakura-shoji.example>\n\nmay I send a file?\n' >"$tmp/m.eml"
mail tanaka@sakura-shoji.example sodan@example.jp "$tmp/m.eml" || fail "refused: $(said)"
await suzuki 1
settle

web() { curl -sS --max-time 120 --cacert "$I/keys/tls.crt" "$@"; }
code() { web -o "$tmp/page" -w '%{http_code}' "$@"; }
page() { cat "$tmp/page"; }
login() { printf 'suzuki:%s' "$(cat "$tmp/pw.suzuki")"; }
# The link in the newest mail of BOX.
link_in() { text "$(newest "$1")" | grep -oE 'https://localhost:[0-9]+/[ud]/[0-9]+-[a-z2-7]{26}' | tail -1; }

# ---- the customer sends ------------------------------------------------------------
U=$($Y upload link 1)
has "$U" "^https://localhost:$((BASE + 443))/u/1-[a-z2-7]{26}\$" 'a link'
is 200 "$(code "$U")" 'the page opens'
has "$(page)" '<html lang="ja">' 'it is Japanese'
has "$(page)" '<label for="files">' 'its field has a label'
hasnt "$(page)" '<script' 'it has no script'
head=$(web -o /dev/null -D - "$U" | tr -d '\r')
has "$head" "^content-security-policy: default-src 'none'" 'nothing is loaded from elsewhere'
has "$head" '^referrer-policy: no-referrer' 'the address is told to nobody'
has "$head" '^cache-control: no-store' 'nothing is kept'
has "$head" '^strict-transport-security: max-age=' 'TLS only'
has "$head" '^x-content-type-options: nosniff' 'nothing is guessed'
is 200 "$(code "https://localhost:$((BASE + 443))/style.css")" 'the style is there'
if curl -s --max-time 5 --tls-max 1.1 --insecure "$U" -o /dev/null; then fail 'TLS 1.1 is spoken'; fi
ok 'TLS 1.1 is not spoken'

head -c 3000000 /dev/urandom >"$tmp/a.bin"
echo 'hello' >"$tmp/b.txt"
sum=$(sha256sum "$tmp/a.bin" | cut -d' ' -f1)
n=$(count suzuki) c=$(count tanaka@sakura-shoji.example)
is 200 "$(code -F "files=@$tmp/a.bin;filename=\"写真 1.jpg\"" -F "files=@$tmp/b.txt;filename=\"../../../etc/<b>x.txt\"" "$U")" 'two files are taken'
has "$(page)" '2 件のファイルをお預かりしました' 'the page says so'
has "$(page)" "$sum" 'with their SHA-256'
has "$(page)" '&lt;b&gt;x\.txt' 'a name is text, not HTML, and no path'
await suzuki $((n + 1)); await sato 1; await tanaka@sakura-shoji.example $((c + 1))
shown=$(text "$(newest suzuki)")
has "$shown" '\[YOROZU #1\] 【ファイル受領】' 'staff are told'
has "$shown" "SHA-256: $sum" 'with the SHA-256'
receipt=$(newest tanaka@sakura-shoji.example)
has "$(text "$receipt")" "写真 1\.jpg \(3 MB\)" 'the customer has a receipt'
is '<f1@sakura-shoji.example>' "$(field In-Reply-To "$receipt")" 'in his thread'
hasnt "$(text "$receipt")" '/d/' 'without the way to fetch it'
is 2 "$(find "$I/spool-files" -type f | wc -l)" 'two files in the spool'
is '' "$(find "$I/spool-files" -type f ! -perm 600)" 'closed to others'
if grep -rqa 'hello' "$I/spool-files" "$I/run/edge"; then fail 'a file lies open on the disk'; fi
ok 'none of them readable'
is "$sum" "$($Y file get 1 | sha256sum | cut -d' ' -f1)" 'an operator reads it'
has "$($Y ticket show 1)" 'file\.get +file 1' 'and that is on record'
is 200 "$(code -F "files=@$tmp/b.txt;filename=\"../../../etc/<b>x.txt\"" "$U")" 'the same again is fine'
settle
is $((n + 1)) "$(count suzuki)" 'and tells nobody twice'
is 2 "$(find "$I/spool-files" -type f | wc -l)" 'and stores nothing twice'

# ---- a big file in little memory --------------------------------------------------------
head -c 100000000 /dev/urandom >"$tmp/big.bin"
pid=$(cat "$I/run/ingest.pid")
is 200 "$(code -F "files=@$tmp/big.bin" "$U")" '100 MB are taken'
is "$(sha256sum <"$tmp/big.bin")" "$($Y file get 3 | sha256sum)" 'as they are'
rss=$(awk '/^VmHWM/ { print $2 }' "/proc/$pid/status")
[ "$rss" -lt 32768 ] || fail "yorozu-ingest needed $rss kB"
ok "in $rss kB of memory"
is '' "$(find "$I/run/edge" -type f)" 'and none of it through the disk of nginx'

# ---- what is refused -----------------------------------------------------------------------
is 413 "$(code -F "files=@$tmp/big.bin" -F "files=@$tmp/big.bin;filename=2" "$U")" 'too much at once'
has "$(page)" '一度に送れるのは、合わせて 121 MB まで' 'is said in a page of our own'
head -c 25000000 "$tmp/big.bin" >"$tmp/q.bin"
is 413 "$(code -F "files=@$tmp/q.bin" "$U")" 'more than the link may hold'
has "$(page)" 'ファイルが大きすぎる' 'is said above the form'
is 400 "$(code -F 'files=;filename=' "$U")" 'no file chosen'
has "$(page)" 'ファイルが選ばれていません' 'is said above the form'
is 400 "$(code -d 'files=x' "$U")" 'a form that is none'
is 400 "$(code -H 'Content-Type: multipart/form-data; boundary=B' --data-binary '--B' "$U")" 'a body that is cut off'
settle
is 3 "$(find "$I/spool-files" -type f | wc -l)" 'nothing of that is kept'
is 404 "$(code "${U%?}x")" 'a forged link'
is 404 "$(code "${U}x")" 'a longer one'
is 404 "$(code "$(printf %s "$U" | sed 's,/u/,/d/,')")" 'one of the other kind'
is 404 "$(code "$(printf %s "$U" | sed 's,/u/1-,/u/2-,')")" 'one of another number'
is 404 "$(code "https://localhost:$((BASE + 443))/")" 'nothing else is there'
is 400 "$(code --path-as-is "https://localhost:$((BASE + 443))/u/../../../etc/passwd")" 'no way up'
is 404 "$(code "https://localhost:$((BASE + 443))/u/%2e%2e%2f%2e%2e%2fyorozu.conf" | sed s/400/404/)" 'nor by a detour'
is 405 "$(code -X DELETE "$U")" 'no other method'
is 429 "$(curl -so /dev/null -w '%{http_code}\n' --cacert "$I/keys/tls.crt" "$U[1-120]" | sort -u | tail -1)" 'a flood is held off'
sleep 5 # its allowance comes back in real time, in nginx
is 'srw-rw---- www-data' "$(stat -c '%A %G' "$I/run/ingest.sock")" 'only the web server reaches yorozu-ingest'

# ---- the end of a link --------------------------------------------------------------------------
is 200 "$(code -X POST "$U/end")" 'the customer ends it'
has "$(page)" 'ファイルの送付を終えました' 'and is thanked'
is 410 "$(code "$U")" 'then it is closed'
is 410 "$(code -F "files=@$tmp/b.txt" "$U")" 'and takes nothing'
U=$($Y upload link 1 --days 2)
$Y clock advance 3d >/dev/null
is 410 "$(code "$U")" 'another one expires'
has "$(page)" '期限が過ぎました' 'and says so'

# ---- staff fetch -------------------------------------------------------------------------------
D=$($Y file link 1 --staff suzuki)
is 401 "$(code "$D")" 'a fetch link asks who it is'
is 401 "$(code -d file=1 "$D")" 'by any method'
is 401 "$(code -u suzuki:wrong "$D")" 'a wrong password'
is 401 "$(code -u "sato:$(cat "$tmp/pw.sato")" "$D")" 'somebody else'
is 200 "$(code -u "$(login)" "$D")" 'its owner'
is 200 "$(code -u "$(login)" "$D")" 'looking spends nothing'
B=$($Y file link 3 --staff suzuki)
curl -s --max-time 1 --limit-rate 100k --cacert "$I/keys/tls.crt" -u "$(login)" -d file=3 "$B" -o "$tmp/half" || :
[ "$(wc -c <"$tmp/half")" -lt 100000000 ] || fail 'the broken transfer was none'
until_true 10 grep -q 'ev=fetch .*whole=0' "$I/log/ingest.log" || fail 'no broken fetch in the log'
is 200 "$(code -u "$(login)" -d file=3 "$B")" 'a broken transfer spends nothing either'
is "$(sha256sum <"$tmp/big.bin")" "$(sha256sum <"$tmp/page")" 'the second one is whole'
head=$(web -u "$(login)" -d file=1 -D - -o "$tmp/got" "$D" | tr -d '\r')
is "$sum" "$(sha256sum <"$tmp/got" | cut -d' ' -f1)" 'a file is fetched'
has "$head" "^content-disposition: attachment; filename=\"__ 1.jpg\"; filename\*=UTF-8''%E5%86%99%E7%9C%9F%201.jpg" 'it is saved under its name'
has "$head" '^content-type: application/octet-stream' 'and never shown'
is 410 "$(code -u "$(login)" -d file=1 "$D")" 'once'
is 410 "$(code -u "$(login)" "$D")" 'then the link is spent'
D=$($Y file link 2 --staff suzuki)
for _ in 1 2 3 4 5 6 7 8 9 10; do code -u suzuki:guess "$D" >/dev/null; done
is 410 "$(code -u "$(login)" "$D")" 'ten wrong passwords end a link'
has "$($Y ticket show 1)" 'staff:suzuki +file\.fetch +file 1' 'who fetched is on record'

# ---- a file for the customer ---------------------------------------------------------------------
out=$($Y file send 1 "$tmp/b.txt" 2>&1 || :)
has "$out" 'パスワードが登録されていません' 'without a password on record nothing goes out'
printf 'Himitsu26' >"$tmp/opening"
$Y contract set N123456789 opening_password=@"$tmp/opening" >"$tmp/set" 2>&1 || fail "contract set: $(cat "$tmp/set")"
D=$($Y file send 1 "$tmp/b.txt")
is 200 "$(code "$D")" 'the customer opens the page'
has "$(page)" '<label for="password">' 'which asks for his password'
id=$(grep -oE 'name="file" value="[0-9]+"' "$tmp/page" | grep -oE '[0-9]+')
is 403 "$(code -d "file=$id" -d password=himitsu26 "$D")" 'not with a wrong one'
is 200 "$(code -d "file=$id" -d password=Himitsu26 "$D")" 'with the right one'
is 'hello' "$(page)" 'he has the file'
is 200 "$(code -d "file=$id" -d password=Himitsu26 "$D")" 'and may have it again'
is 403 "$(code -d "file=1" -d password=himitsu26 "$D")" 'a wrong password once more'
is 410 "$(code -d "file=1" -d password=Himitsu26 "$D")" 'no other file by that link'

# ---- the end of the files -----------------------------------------------------------------------
$Y clock advance 31d >/dev/null
deleted() { [ "$(find "$I/spool-files" -type f | wc -l)" -eq 0 ]; }
until_true 10 deleted || fail 'files outlived their time'
ok 'files are deleted on schedule'
is 'deleted' "$($Y file list --tsv | sed 1d | cut -f3 | sort -u)" 'their rows say so'
has "$($Y ticket show 1)" 'file\.delete +file 3' 'and the record too'
is 0 "$(sql "SELECT count(*) FROM file WHERE length(key) > 0")" 'no key is left'

# ---- secrets, and a clean end -----------------------------------------------------------------------
if grep -rqE '[0-9]-[a-z2-7]{26}' "$I/log"; then fail "a token in a log: $(grep -rlE '[0-9]-[a-z2-7]{26}' "$I/log")"; fi
ok 'no token in any log'
if sqlite3 "$I/store/yorozu.db" .dump | grep -qE '[0-9]-[a-z2-7]{26}'; then fail 'a token in the store'; fi
ok 'nor in the store'
has "$($Y metrics)" 'yorozu_ingest_files_fetched_total [1-9]' 'metrics'
U=$($Y upload link 1)
(curl -s --limit-rate 2M --cacert "$I/keys/tls.crt" -F "files=@$tmp/a.bin" "$U" -o "$tmp/slow" -w '%{http_code}' >"$tmp/slow.code") &
slow=$!
until_true 5 sh -c "ls $I/spool-files/*.part" || fail 'no upload under way'
$Y stop ingest
wait "$slow" || :
is 200 "$(cat "$tmp/slow.code")" 'an upload under way is finished before the end'
is stopped "$($Y status --json | grep -oE '"name":"ingest","state":"[a-z]+"' | cut -d'"' -f8)" 'stopped'
is 502 "$(code "$U")" 'meanwhile nginx'
has "$(page)" '数分後にもう一度' 'asks for patience'
