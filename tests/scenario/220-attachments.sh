# Files by mail and forwarded mails (DESK-09): a customer attaches a document and
# forwards a phishing mail; what he, the staff and the store get of it.
. "$(dirname "$0")/lib.sh"
new_instance desk
$Y start
$Y clock set '2026-11-24 10:00' >/dev/null
staff suzuki '鈴木 一郎'
company sakura-shoji.example
$Y contract add n_number=N123456789 name=株式会社さくら商事 domain=sakura-shoji.example >/dev/null

# A document and an archive whose bytes are easily known again.
{ printf 'PK\003\004\024\000\000\000\010\000'; yes 'GEHEIM-WORD-CONTENT' | head -c 3000; printf '[Content_Types].xml word/'; } >"$tmp/doc"
{ printf 'MZ\220\000\003\000\000\000'; yes 'GEHEIM-EXE-CONTENT' | head -c 3000; } >"$tmp/exe"
sum=$(sha256sum "$tmp/doc" | cut -d' ' -f1)
exesum=$(sha256sum "$tmp/exe" | cut -d' ' -f1)
{
	printf 'From: =?UTF-8?B?%s?= <tanaka@sakura-shoji.example>\nTo: sodan@example.jp\n' "$(printf 田中 | base64)"
	printf 'Subject: =?UTF-8?B?%s?=\nMessage-ID: <files@sakura-shoji.example>\nDate: Tue, 24 Nov 2026 10:00:00 +0900\n' "$(printf '不審なメールの件' | base64)"
	printf 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=OUT\n\n--OUT\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n'
	printf '添付の資料と、届いたメールを見てください。\n田中 https://www.sakura-shoji.example/\n'
	printf -- '--OUT\nContent-Type: application/vnd.openxmlformats-officedocument.wordprocessingml.document\n'
	printf 'Content-Disposition: attachment; filename*=UTF-8'"''"'%%E8%%B3%%87%%E6%%96%%99.docx\nContent-Transfer-Encoding: base64\n\n'
	base64 "$tmp/doc"
	printf -- '--OUT\nContent-Type: message/rfc822\nContent-Disposition: attachment; filename=phish.eml\n\n'
	printf 'Return-Path: <x@bulk.example>\nReceived: from evil.example (evil.example [203.0.113.66]) by mx.sakura-shoji.example; Tue, 24 Nov 2026 08:00:00 +0900\n'
	printf 'Authentication-Results: mx.sakura-shoji.example; spf=fail smtp.mailfrom=bulk.example\n'
	printf 'From: "support@bank.example" <support@evil.example>\nTo: tanaka@sakura-shoji.example\nSubject: account locked\nMessage-ID: <phish@evil.example>\nDate: Tue, 24 Nov 2026 08:00:00 +0900\n'
	printf 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=IN\n\n--IN\nContent-Type: text/html; charset=utf-8\n\n'
	printf '<p>Log in: <a href="http://evil.example/login">https://www.bank.example/</a></p>\n'
	printf -- '--IN\nContent-Type: application/octet-stream; name=invoice.exe\nContent-Transfer-Encoding: base64\n\n'
	base64 "$tmp/exe"
	printf -- '--IN--\n--OUT--\n'
} >"$tmp/m.eml"
mail tanaka@sakura-shoji.example sodan@example.jp "$tmp/m.eml" || fail "refused: $(said)"
await suzuki 1; await tanaka@sakura-shoji.example 1
settle

# ---- the store ---------------------------------------------------------------------
is "資料.docx|$(wc -c <"$tmp/doc")|0
invoice.exe|3008|1" "$(sql 'SELECT filename, size, depth FROM attachment ORDER BY seq')" 'what the files were is known'
is "$sum" "$(sql 'SELECT lower(hex(sha256)) FROM attachment WHERE seq = 0')" 'with the SHA-256 of the bytes sent'
sql 'SELECT writefile('"'$tmp/body.zst'"', data) FROM message_body' >/dev/null
zstd -dcq "$tmp/body.zst" >"$tmp/body" || fail 'the stored mail does not unpack'
has "$(cat "$tmp/body")" 'Subject: account locked' 'the forwarded mail is kept'
line=$(base64 "$tmp/doc" | sed -n 20p)
hasnt "$(cat "$tmp/body")" "$(printf %s "$line" | sed 's/[+/]/./g')|GEHEIM" 'and no byte of a file'
cp "$I/store/yorozu.db" "$tmp/db"; cat "$I/store/yorozu.db-wal" >>"$tmp/db" 2>/dev/null || :
if grep -qa 'GEHEIM' "$tmp/db" || grep -qaF "$line" "$tmp/db"; then fail 'bytes of a file are in the store'; fi
ok 'nor anywhere else in the store'

# ---- the customer ------------------------------------------------------------------
ack=$(text "$(newest tanaka@sakura-shoji.example)")
has "$ack" '・資料\.docx \(3\.0 KB\)' 'the acknowledgement names the files'
has "$ack" 'https://localhost:[0-9]+/u/1-[a-z2-7]{26}' 'and has the upload link'
has "$ack" 'ご利用の期限：12月1日' 'and says how long it is good'
U=$(printf %s "$ack" | grep -oE 'https://localhost:[0-9]+/u/[0-9]+-[a-z2-7]{26}')
is 200 "$(curl -sS --max-time 60 --cacert "$I/keys/tls.crt" -o /dev/null -w '%{http_code}' "$U")" 'which opens'

# ---- the staff ------------------------------------------------------------------------
copy=$(newest suzuki); shown=$(text "$copy")
has "$shown" "・資料\[\.\]docx \(3\.0 KB、Office 文書\) SHA-256 $(printf %.12s "$sum")…" 'staff see what was taken out'
has "$shown" 'アップロード用のリンクをお送りしました' 'and that the customer was told'
has "$shown" '^注意点 +差出人名に、実際とは別のメールアドレス' 'the analysis: a display name that lies'
has "$shown" '^From +"support\[@\]bank\[\.\]example" <support\[@\]evil\[\.\]example>' 'who it says it is from'
has "$shown" 'Authentication-Results: .*spf=fail' 'the results as they stand'
has "$shown" '1\. evil\[\.\]example \[203\[\.\]0\[\.\]113\[\.\]66\]' 'the way'
has "$shown" 'hxxp\[:\]//evil\[\.\]example/login' 'the link, inert'
has "$shown" '「www\[\.\]bank\[\.\]example」と表示され、実際は別のサイト' 'and what it shows instead'
has "$shown" "$exesum" 'the SHA-256 of its file'
hasnt "$(cat "$copy"; printf %s "$shown")" 'http://evil|<a href|message/rfc822' 'nothing of it can be clicked'
has "$shown" 'https://www\.sakura-shoji\.example/' 'the customer'"'"'s own words stay'

# ---- again -----------------------------------------------------------------------------
mail tanaka@sakura-shoji.example sodan@example.jp "$tmp/m.eml" || fail 'the repeat was refused'
settle
is "1 1 2" "$(sql 'SELECT count(*) FROM message') $(count suzuki) $(sql 'SELECT count(*) FROM attachment')" 'delivered twice, stored once'
to=$(field Reply-To "$copy")
sed 's/<files@/<files2@/' "$tmp/m.eml" >"$tmp/m2.eml"
mail tanaka@sakura-shoji.example "$to" "$tmp/m2.eml" || fail "refused: $(said)"
await suzuki 2; settle
is 2 "$(count tanaka@sakura-shoji.example)" 'a second mail with files on the same day is answered as well'
again=$(text "$(newest tanaka@sakura-shoji.example)")
has "$again" '続きのメールを受け取りました' 'in short'
has "$again" '/u/2-[a-z2-7]{26}' 'with a link of its own'
hasnt "$again" 'スマートフォンからも' 'without what he has read already'
has "$(text "$(newest suzuki)")" 'アップロード用のリンクをお送りしました' 'and staff see that'
mail tanaka@sakura-shoji.example "$to" "$tmp/m2.eml" || fail 'the repeat was refused'
settle
is 2 "$(count tanaka@sakura-shoji.example)" 'once a mail'
sed 's/<files@/<files4@/; s/^Subject:/Auto-Submitted: auto-replied\nSubject:/' "$tmp/m.eml" >"$tmp/m4.eml"
mail tanaka@sakura-shoji.example "$to" "$tmp/m4.eml" || fail "refused: $(said)"
await suzuki 3; settle
is 2 "$(count tanaka@sakura-shoji.example)" 'an automatic mail with a file is not answered'
$Y clock advance 25h >/dev/null
sed 's/<files@/<files3@/' "$tmp/m.eml" >"$tmp/m3.eml"
mail tanaka@sakura-shoji.example "$to" "$tmp/m3.eml" || fail "refused: $(said)"
answers() { for f in $(box tanaka@sakura-shoji.example); do [ "$(field In-Reply-To "$f")" != "$1" ] || echo "$f"; done; }
one_answer() { [ "$(answers '<files3@sakura-shoji.example>' | wc -l)" = 1 ]; }
until_true 20 one_answer || fail 'no letter about the files of the next day'
guide=$(text "$(answers '<files3@sakura-shoji.example>')")
has "$guide" '・資料\.docx' 'the next day by a letter, in his thread'
has "$guide" '/u/3-[a-z2-7]{26}' 'with a link of its own'
