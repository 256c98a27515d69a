# MAG-01, -02, -04 to -08: an editor's week. A draft by mail, its proof and checks,
# another draft, approval by a second editor; Wednesday 15:00; readers' mail and its
# signatures; who unsubscribes or bounces; the closing report; the next week, of
# which nothing is there yet.
. "$(dirname "$0")/lib.sh"
new_instance news
sed -i 's/^news_approvals = .*/news_approvals = 2/' "$I/yorozu.conf"
$Y start
for who in mori hara; do
	printf 'Geheim-%s-1' $who >"$tmp/pw.$who"
	$Y staff add $who --name '森 編集' --address $who@example.jp --role editor --password-file "$tmp/pw.$who" >/dev/null
done
staff suzuki '鈴木 一郎'
$Y clock set '2026-11-23 10:00' >/dev/null

# ---- the list: Excel's CP932, a preview, all or nothing
{ printf 'メールアドレス,氏名\r\n'; for i in 1 2 3 4 5 6 7 8; do printf 'r%d@c%d.example,読者 %d\r\n' $i $((i % 3)) $i; done; } >"$tmp/utf8.csv"
iconv -f UTF-8 -t CP932 "$tmp/utf8.csv" >"$tmp/sjis.csv"
{ cat "$tmp/utf8.csv"; printf 'no-address,x\r\n'; } >"$tmp/bad.csv"
out=$($Y reader import "$tmp/bad.csv" 2>&1) && fail 'a bad row was taken'
has "$out" '10行目 「メールアドレス」: no-address は正しい形ではありません' 'a bad row is told by its line'
is 0 "$(sql 'SELECT count(*) FROM reader')" 'and nothing is changed'
has "$($Y reader import --dry-run "$tmp/sjis.csv")" '確認のみ：追加 8' 'a preview tells what would be'
has "$($Y reader import "$tmp/sjis.csv")" '^追加 8' 'the list is imported, CP932 too'
is '読者 3' "$($Y reader list --tsv | awk -F'\t' '$2 == "r3@c0.example" { print $3 }')" 'with names'
has "$($Y reader import "$tmp/sjis.csv")" 'そのまま 8' 'a second time changes nothing'
$Y reader add r9@c0.example --name '読者 9' >/dev/null
is '10 9' "$(wc -l <"$I/store/readers.csv") $(wc -l <"$I/store/readers.1.csv")" 'each change is saved as CSV, two generations'

# ---- a draft by mail
draft() { # FILE SUBJECT TEXT
	printf 'From: mori@example.jp\nTo: henshu@example.jp\nSubject: =?utf-8?B?%s?=\nMessage-ID: <%s@pc>\nDate: Mon, 23 Nov 2026 10:00:00 +0900\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n%s\n' \
		"$(printf %s "$2" | base64 -w0)" "$(basename "$1")" "$3" >"$1"
}
draft "$tmp/d1" '[1,3] 今週のセキュリティ' 'こんにちは。①番の話題です。
https://www.example.jp/a
https://bad_host/x'
mail mori@example.jp henshu@example.jp "$tmp/d1" && fail 'a draft without a login was taken'
has "$(said)" '^< 550' 'a draft needs a login'
submit suzuki henshu@example.jp "$tmp/d1" && fail 'a draft of no editor was taken'
has "$(said)" 'Only editors' 'and the role of an editor'
submit mori henshu@example.jp "$tmp/d1" || fail "refused: $(said)"
await mori 2
check=$(grep -l 'henshu+' $(box mori) | head -1); proof=$(grep -L 'henshu+' $(box mori) | head -1)
shown=$(text "$check")
has "$shown" '【校正】第1号「今週のセキュリティ」' 'the editor gets a list of checks'
has "$shown" '○ 読者 +9 名' 'how many readers'
has "$shown" '記事の種別 +1 話題と安全、3 更新プログラム' 'the kinds of articles'
has "$shown" '▲ 文字 .*①' 'letters that old clients break'
has "$shown" 'https://bad_host/x' 'links that lead nowhere'
has "$shown" '配信予定：11月25日\(水\) 15:00' 'and when it goes out: Wednesday 15:00'
has "$(text "$proof")" 'To: +"?セキュリティ YOROZU メールマガジン"? <magazine@example.jp>' 'and a proof as readers see it'
has "$(text "$proof")" '番の話題です' 'with its text'
issue=$(field Reply-To "$check" | tr -d '<> ')

word() { # TEXT [WHO]: an editor's answer to the list of checks
	printf 'From: %s@example.jp\nTo: %s\nSubject: Re: x\nMessage-ID: <w%s@pc>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n%s\n\n> quoted\n' \
		"${2:-mori}" "$issue" "$(date +%N)" "$1" >"$tmp/w"
	submit "${2:-mori}" "$issue" "$tmp/w" || fail "refused: $(said)"
	settle
}
word '日時 昨日'; has "$(text "$(newest mori)")" '読み取れません' 'a word that makes no sense is told'
word 'テスト boss@c9.example'; await boss@c9.example 1
has "$(text "$(newest boss@c9.example)")" '番の話題です' 'a test goes to whom he names'
draft "$tmp/d2" '[2] 新しい件名' '直した原稿です。
.点で始まる行
https://www.example.jp/b'
submit mori "$issue" "$tmp/d2" || fail "refused: $(said)"
settle
is '新しい件名|2|0' "$(sql 'SELECT subject, kinds, state FROM issue')" 'another draft takes its place'
word '承認'; has "$(text "$(newest mori)")" '原稿を送った方以外の承認' 'its author alone can not approve it'
word '承認' hara; has "$(text "$(newest hara)")" '11月25日\(水\) 15:00 に配信します' 'approved: it is planned'
dd if=/dev/zero bs=1000 count=3300 2>/dev/null | base64 -w76 >"$tmp/b64"
{ sed 's|Content-Type: .*|Content-Type: application/pdf; name=x.pdf|; s|8bit|base64|; /^$/q' "$tmp/d1" | sed 's/d1@pc/big@pc/'; cat "$tmp/b64"; } >"$tmp/big"
submit mori henshu@example.jp "$tmp/big" && fail '3.3 MB were taken'
has "$(said)" '554.*3145728' 'attachments over 3 MB are refused at submission'

# ---- Wednesday
$Y clock set '2026-11-25 14:59' >/dev/null
sleep 1.5
is 0 "$(count r1@c1.example)" 'nothing goes out before its time'
$Y clock set '2026-11-25 15:00' >/dev/null
for i in 1 2 3 4 5 6 7 8; do await "r$i@c$((i % 3)).example" 1; done
ok 'every reader has it'
f=$(newest r1@c1.example)
has "$(field To "$f")" 'magazine@example.jp' 'To: is the list account'
has "$(field From "$f")" 'member@example.jp' 'From: is the address of the specification'
hasnt "$(cat "$f")" 'r[2-9]@' 'no reader learns of another'
has "$(field List-Unsubscribe "$f")" '<mailto:stop\+1\.[0-9]+-[a-z2-7]{16}@example.jp' 'there is a way to unsubscribe'
is '<magazine.example.jp>' "$(field List-Id "$f" | tr -d ' ')" 'List-Id'
is 2 "$(grep -c '^DKIM-Signature:' "$f")" 'two signatures, RSA and Ed25519'
has "$(text "$f")" '直した原稿です' 'the last draft is what was sent'
has "$(text "$f")" '^ *\.点で始まる行' 'with its dots'
is 9 "$(for b in "$I"/world/r*; do field Message-ID "$(newest "$(basename "$b")")"; done | sort -u | wc -l)" 'each has a Message-ID of its own'
# its signature, seen by an MX
awk 'p || /^DKIM-Signature/ { p = 1; print }' "$f" >"$tmp/back.eml"
mail postmaster@c1.example sodan@example.jp "$tmp/back.eml" || fail "refused: $(said)"
settle
has "$(sql 'SELECT dkim || dmarc FROM message ORDER BY id DESC LIMIT 1')" 'passpass' 'and OpenDKIM agrees with it'
done_() { [ "$(sql 'SELECT state FROM issue WHERE id = 1')" = 5 ]; }
until_true 15 done_ || fail 'the issue does not end'
has "$($Y issue status 1 --check)" '配信済み 9、不達 0.* = 9' 'the ledger adds up'
closed() { grep -ls '^Content-ID: <issue-1@example.jp>' $(box mori); }
until_true 15 closed || fail 'no closing report'
settle
has "$(text "$(closed)")" '9/9 \(100.0%\)' 'the editor has the closing report'
has "$(cat "$(closed)")" '^Content-Type: image/png' 'with a picture'
has "$(field Reply-To "$(closed)")" '<?henshu\+1-' 'an answer to it is about that issue'

# ---- what comes back
stop=$(field List-Unsubscribe "$f" | grep -oE 'stop\+[^?]*')
printf 'From: r1@c1.example\nTo: %s\nSubject: unsubscribe\nMessage-ID: <u1@c1.example>\n\n' "$stop" >"$tmp/u"
mail r1@c1.example "$stop" "$tmp/u" || fail "refused: $(said)"
is unsubscribed "$($Y reader list --tsv | awk -F'\t' '$2 ~ /^r1@/ { print $4 }')" 'a mail to that address unsubscribes'
one=$(field List-Unsubscribe "$(newest r6@c0.example)" | grep -oE 'https://[^>]*')
has "$one" "^https://localhost:$((BASE + 443))/n/1\\.[0-9]+-[a-z2-7]{16}\$" 'there is a one-click link'
is 'List-Unsubscribe=One-Click' "$(field List-Unsubscribe-Post "$(newest r6@c0.example)" | tr -d ' ')" 'by RFC 8058'
web() { curl -s --max-time 20 --cacert "$I/keys/tls.crt" "$@"; }
state6() { $Y reader list --tsv | awk -F'\t' '$2 ~ /^r6@/ { print $4 }'; }
has "$(web "$one")" '配信を停止する' 'its page asks'
is active "$(state6)" 'looking at it unsubscribes nobody'
is 404 "$(web -o /dev/null -w '%{http_code}' -d List-Unsubscribe=One-Click "${one}x")" 'a forged one is none'
is 200 "$(web -o /dev/null -w '%{http_code}' -d List-Unsubscribe=One-Click "$one")" 'a POST does'
is unsubscribed "$(state6)" 'at once'
f2=$(newest r2@c2.example)
printf 'From: r2@c2.example\nTo: member@example.jp\nSubject: Re: x\nIn-Reply-To: %s\nMessage-ID: <u2@c2.example>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n配信停止\n\n> 引用\n' \
	"$(field Message-ID "$f2" | tr -d ' ')" >"$tmp/u"
mail r2@c2.example member@example.jp "$tmp/u" || fail "refused: $(said)"
is unsubscribed "$($Y reader list --tsv | awk -F'\t' '$2 ~ /^r2@/ { print $4 }')" 'so does an answer that says so'
tickets=$(sql 'SELECT count(*) FROM ticket')
sed 's/<u2@/<u2b@/; /^In-Reply-To:/d' "$tmp/u" >"$tmp/q"
mail r2@c2.example member@example.jp "$tmp/q" || fail "refused: $(said)"
is $((tickets + 1)) "$(sql 'SELECT count(*) FROM ticket')" 'who says it again although nothing is sent to him gets a person'
tickets=$((tickets + 1))
sed 's/<u2@/<u3@/; s/^配信停止$/ご相談があります/; s/r2@c2/r3@c0/' "$tmp/u" >"$tmp/q"
mail r3@c0.example member@example.jp "$tmp/q" || fail "refused: $(said)"
is $((tickets + 1)) "$(sql 'SELECT count(*) FROM ticket')" 'any other answer is a consultation'
verp=$(sed -n 's/^Return-Path: <\(.*\)>.*/\1/p' "$(newest r4@c1.example)" | tr -d '\r')
has "$verp" '^news\+1\.' 'the envelope sender names issue and reader'
printf 'From: MAILER-DAEMON@c1.example\nTo: %s\nSubject: Undelivered\nMessage-ID: <b1@c1.example>\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nfailed\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; c1.example\n\nFinal-Recipient: rfc822; r4@c1.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n\n--b--\n' "$verp" >"$tmp/b"
mail '<>' "$verp" "$tmp/b" || fail "refused: $(said)"
is suppressed "$($Y reader list --tsv | awk -F'\t' '$2 ~ /^r4@/ { print $4 }')" 'a bounce stops a dead address'
has "$($Y issue status 1 --check)" '配信済み 8、不達 1.* = 9' 'and stands in the ledger, which still adds up'
verp5=$(sed -n 's/^Return-Path: <\(.*\)>.*/\1/p' "$(newest r5@c2.example)" | tr -d '\r')
printf 'From: r5@c2.example\nTo: %s\nSubject: Out of office\nAuto-Submitted: auto-replied\nMessage-ID: <v@c2.example>\n\naway\n' "$verp5" >"$tmp/v"
mail r5@c2.example "$verp5" "$tmp/v" || fail "refused: $(said)"
is active "$($Y reader list --tsv | awk -F'\t' '$2 ~ /^r5@/ { print $4 }')" 'a vacation answer does nothing'
mail '<>' "$(printf %s "$verp5" | sed 's/-..../-zzzz/')" "$tmp/b" && fail 'a forged address was taken'
has "$(said)" '^< 550' 'a forged address is refused'
word '履歴 r4@c1.example'; has "$(text "$(newest mori)")" '第1号 .*不達' 'his history is one command away'

# ---- the next one: stopped by mail, taken up again, then called off
draft "$tmp/d3" '[1] 次の号' '次の号です。'
submit mori henshu@example.jp "$tmp/d3" || fail "refused: $(said)"
settle
issue=$(field Reply-To "$(grep -l 'henshu+2-' $(box mori) | tail -1)" | tr -d '<> ') # the proof came beside it
word '日時 11/26 10:00
承認' hara
is '1|2026-11-26 10:00' "$(sql "SELECT state, strftime('%Y-%m-%d %H:%M', send_at + 32400, 'unixepoch') FROM issue WHERE id = 2")" 'two words in one mail'
word '中止'; is 6 "$(sql 'SELECT state FROM issue WHERE id = 2')" 'cancelled'
$Y clock set '2026-11-26 10:01' >/dev/null
sleep 1.5
is 0 "$(sql 'SELECT count(*) FROM issue_rcpt WHERE issue_id = 2')" 'and nobody gets it'

# ---- Tuesday noon of the week after: nothing is there for Wednesday
$Y clock set '2026-12-01 12:00' >/dev/null
warned() { [ "$(sql "SELECT count(*) FROM outbox WHERE tmpl = 'issue-missing'")" = 1 ]; }
until_true 10 warned || fail 'a missing issue is not warned about'
settle
has "$(texts hara)" '12月2日\(水\) 15:00 に配信するメールマガジンの、承認された原稿がありません' 'a missing issue is warned about the day before'
