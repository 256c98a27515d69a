# Files of an answer (DESK-17): staff attach, the customer opens with the password
# of his opening notice; what can't be encrypted is held; who takes no encrypted
# files gets a link. Opened by other people's programs.
. "$(dirname "$0")/lib.sh"

new_instance desk
$Y start
$Y clock set '2026-11-24 10:00' >/dev/null
staff suzuki '鈴木 一郎'
company sakura-shoji.example
$Y contract add n_number=N123456789 name=株式会社さくら商事 domain=sakura-shoji.example >/dev/null
customer=tanaka@sakura-shoji.example
password=Himitsu26
printf %s "$password" >"$tmp/opening"

printf 'From: %s\nSubject: q\nMessage-ID: <f1@sakura-shoji.example>\n\nhelp\n' $customer >"$tmp/m.eml"
mail $customer sodan@example.jp "$tmp/m.eml" || fail "refused: $(said)"
await suzuki 1; await $customer 1
ticket=$(field Reply-To "$(newest suzuki)" | tr -d ' ')
command=$(text "$(newest suzuki)" | sed -n 's/^操作　　：//p')

# ---- what staff attach
mkdir "$tmp/made" && echo 'plain text of the document' >"$tmp/made/document.xml"
bsdtar --format zip -cf "$tmp/見積.docx" -C "$tmp/made" document.xml
bsdtar --format zip -cf "$tmp/logs.zip" -C "$tmp/made" document.xml
echo 'Findings of the investigation' >"$tmp/findings"
cat >"$tmp/調査結果.pdf" <<'P'
%PDF-1.4
1 0 obj
<< /Type /Catalog /Pages 2 0 R >>
endobj
2 0 obj
<< /Type /Pages /Kids [3 0 R] /Count 1 >>
endobj
3 0 obj
<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 200] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>
endobj
4 0 obj
<< /Length 43 >>
stream
BT /F1 18 Tf 40 100 Td (Findings 2026) Tj ET
endstream
endobj
5 0 obj
<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>
endobj
trailer
<< /Root 1 0 R /Size 6 >>
%%EOF
P

# answer ID TEXT FILE…: a multipart mail as a client makes it
answer() {
	{
		printf 'From: suzuki@example.jp\nTo: %s\nSubject: Re: [YOROZU #1] q\nMessage-ID: <%s@pc>\n' "$ticket" "$1"
		printf 'In-Reply-To: <f1@sakura-shoji.example>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n'
		printf -- '--B\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n\n%s\n\n-- \n相談センター\n' "$2"
		shift 2
		for f; do
			printf -- '--B\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n'
			printf 'Content-Disposition: attachment; filename="=?UTF-8?B?%s?="\n\n' "$(basename "$f" | tr -d '\n' | base64 -w0)"
			base64 "$f"
		done
		printf -- '--B--\n'
	} >"$tmp/w.eml"
	submit suzuki "$ticket" "$tmp/w.eml" || fail "the answer was refused: $(said)"
}
# file_in MAIL ENDING: the bytes of the attachment whose type ends so
file_in() {
	tr -d '\r' <"$1" | awk -v t="$2" '
		/^--=_/ { on = 0; part = 0 }
		/^Content-Type: application\// { part = index($0, t) > 0 }
		/^$/ { if (part) { on = 1; next } }
		on' | base64 -d
}

# ---- no password on record
answer a1 '資料をお送りします。' "$tmp/調査結果.pdf" "$tmp/見積.docx"
await suzuki 2
held=$(text "$(newest suzuki)")
has "$held" '【未送信】' 'without a password the answer is held'
has "$held" '「利用案内確認パスワード」が登録されていません' 'and its author reads why'
has "$held" '再送' 'and how to go on'
settle
is 1 "$(count $customer)" 'the customer has nothing of it'
is '1	open' "$($Y ticket list --tsv | sed -n 2p | cut -f1,2)" 'the clock goes on'

# ---- then with one: the same answer, by a command
$Y contract set N123456789 opening_password=@"$tmp/opening" >/dev/null
printf 'From: suzuki@example.jp\nTo: %s\nSubject: c\nMessage-ID: <c1@pc>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n\n再送\n' "$command" >"$tmp/c.eml"
submit suzuki "$command" "$tmp/c.eml" || fail "the command was refused: $(said)"
await $customer 2
is answered "$($Y ticket list --tsv | sed -n 2p | cut -f2)" 'the clock stands'
got=$(newest $customer)
shown=$(text "$got")
file_in "$got" zip >"$tmp/got.zip"
has "$shown" 'reply-1.zip' 'once it is there the answer goes out, with one archive'
has "$shown" '開通のご案内に記載のパスワードと同じ' 'the mail says which password opens it'
has "$shown" '・調査結果.pdf' 'and what is in it'
hasnt "$(cat "$got")" "$password" 'but not the password'
printf '%s\n' "$shown" | awk '/添付ファイルについて/ { n = NR } /^-- $/ { s = NR } END { exit !(n && s && n < s) }' || fail 'the note is not before the signature'
ok 'before the signature'
is '2' "$(7z l -slt -p"$password" "$tmp/got.zip" | grep -c '^Method = AES-256')" 'both files are AES-256'
7z x -y -p"$password" -o"$tmp/x" "$tmp/got.zip" >/dev/null || fail '7z x'
cmp "$tmp/x/調査結果.pdf" "$tmp/調査結果.pdf" && cmp "$tmp/x/見積.docx" "$tmp/見積.docx" || fail 'the files differ'
ok 'it opens with the password, under Japanese names'
if 7z t -pHimitsu27 "$tmp/got.zip" >/dev/null 2>&1 || 7z t -p "$tmp/got.zip" >/dev/null 2>&1; then fail 'it opens without'; fi
ok 'and not without'

# ---- PDFs under a password of their own
has "$($Y contract delivery N123456789)" '暗号化ZIP \(zip、既定\)' 'the policy of the instance'
if $Y contract delivery N123456789 fax >/dev/null 2>&1; then fail 'fax is no policy'; fi
$Y contract delivery N123456789 pdf >/dev/null
has "$($Y contract show N123456789)" '添付ファイルの渡し方 .*\(pdf\)' 'a policy of the contract'
answer a2 '資料をお送りします。' "$tmp/調査結果.pdf" "$tmp/見積.docx"
await $customer 3
got=$(newest $customer)
file_in "$got" pdf >"$tmp/got.pdf"; file_in "$got" zip >"$tmp/got.zip"
has "$(pdftotext -upw "$password" "$tmp/got.pdf" -)" 'Findings 2026' 'a PDF opens with it'
if pdftotext "$tmp/got.pdf" - >/dev/null 2>&1; then fail 'the PDF opens without'; fi
ok 'and not without'
has "$(qpdf --password="$password" --show-encryption "$tmp/got.pdf")" 'AESv3' 'AES-256'
is '見積.docx' "$(7z l -ba -slt -p"$password" "$tmp/got.zip" | sed -n 's/^Path = //p')" 'the rest is in an archive'

# ---- an archive is not put into another
web() { curl -sS --max-time 60 --cacert "$I/keys/tls.crt" "$@"; }
link_in() { text "$(newest $customer)" | grep -oE 'https://localhost:[0-9]+/d/[0-9]+-[a-z2-7]{26}' | tail -1; }
fetch() { # LINK PASSWORD: the first file
	id=$(web "$1" | grep -oE 'name="file" value="[0-9]+"' | grep -oE '[0-9]+' | head -1)
	web -d "file=$id" --data-urlencode "password=$2" -o "$tmp/fetched" -w '%{http_code}' "$1"
}
answer a3 'ログをお送りします。' "$tmp/logs.zip"
await $customer 4
hasnt "$(tr -d '\r' <"$(newest $customer)")" '^Content-Disposition: attachment' 'an archive goes by link'
is 403 "$(fetch "$(link_in)" wrong)" 'which asks for the password'
is 200 "$(fetch "$(link_in)" "$password")" 'and takes it'
cmp "$tmp/fetched" "$tmp/logs.zip" || fail 'the file differs'
ok 'the customer has the file'

# ---- the other side takes no encrypted files
$Y contract delivery N123456789 zip >/dev/null
answer a4 '資料をお送りします。' "$tmp/見積.docx"
await $customer 5
n=$(count suzuki)
bounce=$(field Return-Path "$(newest $customer)" | tr -d ' <>')
printf 'From: MAILER-DAEMON@mx.sakura-shoji.example\nSubject: Undelivered Mail Returned to Sender\nMessage-ID: <b1@mx.sakura-shoji.example>\n\n' >"$tmp/b.eml"
printf 'Your message was not delivered to:\n\n<%s>: 550 5.7.1 Password protected attachments are not accepted\n' $customer >>"$tmp/b.eml"
mail '' "$bounce" "$tmp/b.eml" || fail "the bounce was refused: $(said)"
await $customer 6; await suzuki $((n + 1))
has "$(text "$(newest suzuki)")" '【リンクで再送】' 'staff are told'
hasnt "$(tr -d '\r' <"$(newest $customer)")" '^Content-Disposition: attachment' 'the answer came again with a link'
is 200 "$(fetch "$(link_in)" "$password")" 'which works'
cmp "$tmp/fetched" "$tmp/見積.docx" || fail 'the file differs'
ok 'the customer has the file'
has "$($Y contract delivery N123456789)" 'link、.*に自動で変更：.*Password protected' 'the contract has learned it'
is answered "$($Y ticket list --tsv | sed -n 2p | cut -f2)" 'the ticket stays answered'
is 1 "$(sql "SELECT count(*) FROM audit WHERE what = 'contract.delivery' AND who = 'system'")" 'it is on record'
answer a5 'もう一つお送りします。' "$tmp/見積.docx"
await $customer 7
has "$(link_in)" '^https' 'the next one goes by link at once'

# ---- the password is never mailed
answer a6 "パスワードは $password です。"
await suzuki $((n + 2))
has "$(text "$(newest suzuki)")" '利用案内確認パスワード」が書かれています' 'an answer with the password in it is held'
settle
is 7 "$(count $customer)" 'and the customer does not get it'
if grep -rqa "$password" "$I/log" "$I/world" "$I/spool-files" "$I/run"; then fail 'the password is in a log, a mail or the spool'; fi
ok 'the password is in no log, no mail, no spool'
sqlite3 "$I/store/yorozu.db" 'SELECT hex(opening_password) FROM contract' | grep -q "$(printf %s "$password" | od -An -tx1 | tr -d ' \n' | tr a-f A-F)" && fail 'in the store'
ok 'and sealed in the store'
has "$($Y check 2>&1)" 'templates' 'the templates are sound'
