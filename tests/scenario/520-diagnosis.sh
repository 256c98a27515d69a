# DIAG-01 to -04: the invitation with the sheet; answers by mail, broken and good;
# staff see a draft and approve it; the contact opens the PDF with his password.
# Sheets are filled in by another program (Python's zipfile), as Excel would save them.
. "$(dirname "$0")/lib.sh"
new_instance desk
sed -i 's,^diagnosis_form = .*,diagnosis_form = https://forms.example/r/abc,' "$I/yorozu.conf"
$Y start
$Y clock set '2026-11-24 10:00' >/dev/null
staff suzuki '鈴木 一郎'
company sakura-shoji.example; company else.example
printf 'Himitsu2026' >"$tmp/report"
$Y contract add n_number=N123456789 name=株式会社さくら商事 domain=sakura-shoji.example officer_name=佐藤花子 \
	officer_mail=sato@sakura-shoji.example >/dev/null
$Y contract set N123456789 report_password=@"$tmp/report" >/dev/null
contact=sato@sakura-shoji.example customer=tanaka@sakura-shoji.example

# attach NAME FROM TO FILE…: a mail with files
attach() {
	name=$1 from=$2 to=$3; shift 3
	{
		printf 'From: %s\nTo: %s\nSubject: kaitou\nMessage-ID: <%s@pc>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n' "$from" "$to" "$name"
		printf -- '--B\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n\n回答をお送りします。\n\n'
		for f; do
			printf -- '--B\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n'
			printf 'Content-Disposition: attachment; filename="%s"\n\n' "$(basename "$f")"
			base64 "$f"
		done
		printf -- '--B--\n'
	} >"$tmp/$name.eml"
}
# fill SHEET OUT ANSWER…: the n-th answer into the n-th row of questions, the last one for all that follow
fill() {
	python3 - "$@" <<'P'
import sys, re, zipfile
src, out, answers = sys.argv[1], sys.argv[2], sys.argv[3:]
z = zipfile.ZipFile(src)
w = zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED)
for n in z.namelist():
    d = z.read(n).decode()
    if n == 'xl/worksheets/sheet1.xml':
        k = iter(range(1000))
        def put(m):
            i = next(k)
            a = answers[min(i, len(answers) - 1)]
            return '<c r="%s" t="str"><v>%s</v></c>' % (m.group(1), a) if a else m.group(0)
        d = re.sub(r'<c r="(C(?:1[1-9]|2[0-9]|3[0-9]))" s="5"/>', put, d)
    w.writestr(n, d)
P
}
file_of() { # MAIL DIR: its attachments into DIR
	rm -rf "$2"; mkdir "$2"
	python3 - "$1" "$2" <<'P'
import sys, email, email.policy, os
m = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)
for p in m.walk():
    if p.get_filename():
        open(os.path.join(sys.argv[2], p.get_filename()), 'wb').write(p.get_payload(decode=True))
P
}

# ---- the invitation
has "$($Y diagnosis invite N123456789)" "$contact" 'the contact is invited'
await $contact 1
invited=$(newest $contact)
has "$(text "$invited")" 'https://forms.example/r/abc' 'with the address of the form'
has "$(field Reply-To "$invited")" 'shindan@example.jp' 'an answer goes to the diagnosis'
file_of "$invited" "$tmp/in"
sheet=$(find "$tmp/in" -name '*.xlsx')
has "$(basename "$sheet")" 'リスク診断シート.xlsx' 'and with the sheet'

# ---- a broken sheet: told row by row, nothing is stored
fill "$sheet" "$tmp/bad.xlsx" 実施している たぶん '' 実施している
attach bad $customer shindan@example.jp "$tmp/bad.xlsx"
mail $customer shindan@example.jp "$tmp/bad.eml" || fail "refused: $(said)"
await $customer 1
shown=$(text "$(newest $customer)")
has "$shown" 'Q2 ウイルス対策：「たぶん」は選択肢にありません' 'a word that is no choice is told'
has "$shown" 'Q3 推測されにくいパスワード：回答がありません' 'so is a question without an answer'
has "$shown" '何も登録しておりません' 'and that nothing was stored'
printf 'PK\003\004 this is no workbook' >"$tmp/broken.xlsx"
attach broken $customer shindan@example.jp "$tmp/broken.xlsx"
mail $customer shindan@example.jp "$tmp/broken.eml" || fail "refused: $(said)"
await $customer 2
has "$(text "$(newest $customer)")" 'Excel ファイルが壊れています' 'a file that is none is told'
is 0 "$(sql 'SELECT count(*) FROM diagnosis')" 'nothing is stored'
is 0 "$(count suzuki)" 'and nobody is bothered'

# ---- a stranger, and a forger
fill "$sheet" "$tmp/good.xlsx" 実施している 一部実施している 実施していない わからない 実施している
attach stranger boss@else.example shindan@example.jp "$tmp/good.xlsx"
mail boss@else.example shindan@example.jp "$tmp/stranger.eml" || fail "refused: $(said)"
await boss@else.example 1
has "$(text "$(newest boss@else.example)")" 'ご契約を確認できませんでした' 'a stranger is told politely'
is 0 "$(sql 'SELECT count(*) FROM diagnosis')" 'and nothing is stored'

# ---- the good sheet
attach good $customer shindan@example.jp "$tmp/good.xlsx"
mail $customer shindan@example.jp "$tmp/good.eml" || fail "refused: $(said)"
await $customer 3
shown=$(text "$(newest $customer)")
has "$shown" '12月8日\(火\) 17:30 まで' 'the sender hears until when'
has "$shown" '2027年5月24日から' 'and when the next one is possible'
await suzuki 1
draft=$(newest suzuki)
shown=$(text "$draft")
has "$shown" '総合点　　：89 点' 'staff see the score'
has "$shown" '1\. 推測されにくいパスワード \(Q3\)' 'and what would help most'
word=$(field Reply-To "$draft" | tr -d '<> ')
has "$word" '^shindan\+1-' 'an answer to it is about this report'
file_of "$draft" "$tmp/draft"
pdf=$(find "$tmp/draft" -name '*.pdf')
has "$(pdftotext "$pdf" -)" '株式会社さくら商事 様' 'with the report as PDF'
mail $customer shindan@example.jp "$tmp/good.eml" || fail "refused: $(said)"
settle
is 1 "$(sql 'SELECT count(*) FROM diagnosis')" 'the same mail twice is one answer'
fill "$sheet" "$tmp/other.xlsx" 実施している 実施している 実施していない わからない 実施している
attach again $customer shindan@example.jp "$tmp/other.xlsx"
mail $customer shindan@example.jp "$tmp/again.eml" || fail "refused: $(said)"
await $customer 4
has "$(text "$(newest $customer)")" '2027年5月24日から' 'an early second one is told when'
mail $customer "$word" "$tmp/again.eml" && fail 'a customer wrote to the address for staff'
has "$(said)" '^< 550' 'only staff have a say about the report'

# ---- hold, and approve
say() { # TEXT
	printf 'From: suzuki@example.jp\nTo: %s\nSubject: Re: x\nMessage-ID: <w%s@pc>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n%s\n\n> quoted\n' \
		"$word" "$(date +%N)" "$1" >"$tmp/w"
	submit suzuki "$word" "$tmp/w" || fail "refused: $(said)"
	settle
}
say '保留 Q3 を確認中'
has "$(text "$(newest suzuki)")" '保留中' 'a report is held'
is 1 "$(count $contact)" 'the contact has got nothing yet'
say '承認'
has "$(text "$(newest suzuki)")" "$contact に送付します" 'approved'
await $contact 2
result=$(newest $contact)
shown=$(text "$result")
has "$shown" 'セキュリティレポート用パスワード' 'the contact hears under which password'
hasnt "$shown" 'Himitsu2026' 'not the password itself'
file_of "$result" "$tmp/out"
zip=$(find "$tmp/out" -name '*.zip')
7z x -p'Himitsu2026' -o"$tmp/un" "$zip" >/dev/null || fail 'the archive does not open'
cmp -s "$pdf" "$(find "$tmp/un" -name '*.pdf')" || fail 'the contact got another report than staff had seen'
ok 'he opens it with his password: it is what staff saw'
say '承認'
has "$(text "$(newest suzuki)")" '承認できません' 'once'
is 2 "$(count $contact)" 'and only once'
has "$($Y diagnosis list)" '送付済み .*N123456789' 'the list knows'
has "$($Y diagnosis show 1)" 'Q3 +推測されにくいパスワード：実施していない' 'and what was answered'

# ---- an export of the form, sent by staff; a mail with the answers as text
$Y contract add n_number=N000000002 name=港商事有限会社 domain=minato.example officer_mail=a@minato.example >/dev/null
$Y contract add n_number=N000000003 name=株式会社みどり domain=midori.example officer_mail=a@midori.example >/dev/null
{
	printf '\357\273\277ID,完了時刻,メール,名前,お客様番号,会社名'; for q in $(seq 25); do printf ',Q%s' "$q"; done; printf '\r\n'
	printf '1,2026/11/20 9:00:00,anonymous,,Ｎ０００００００02,港商事'; for q in $(seq 25); do printf ',はい'; done; printf '\r\n'
} >"$tmp/export.csv"
attach export suzuki@example.jp shindan@example.jp "$tmp/export.csv"
submit suzuki shindan@example.jp "$tmp/export.eml" || fail "refused: $(said)"
settle
has "$(texts suzuki)" 'N000000002 港商事有限会社：受け付けました' 'staff send an export of the form'
is '100' "$(sql 'SELECT score FROM diagnosis WHERE id = 2')" 'all done is 100'
{
	printf 'From: suzuki@example.jp\nTo: shindan@example.jp\nSubject: kaitou\nMessage-ID: <one@pc>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nお客様番号：N000000003\n'
	for q in $(seq 25); do printf '問%s　わからない\n' "$q"; done
} >"$tmp/one.eml"
submit suzuki shindan@example.jp "$tmp/one.eml" || fail "refused: $(said)"
settle
is '-25' "$(sql 'SELECT score FROM diagnosis WHERE id = 3')" 'answers in the text of a mail'

# ---- a question to the diagnosis is a consultation; a reminder
other=yamada@sakura-shoji.example # its machine answers are not used up
printf 'From: %s\nSubject: question\nMessage-ID: <q@pc>\n\nWhat does question 3 mean?\n' $other >"$tmp/q.eml"
mail $other shindan@example.jp "$tmp/q.eml" || fail "refused: $(said)"
await $other 1
has "$(text "$(newest $other)")" '受付番号' 'what holds no answers is a consultation'
$Y clock set '2026-12-01 09:31' >/dev/null
reminded() { texts suzuki | grep -q 'あと 5 営業日：株式会社みどり'; }
until_true 20 reminded || fail 'nobody is reminded'
ok 'staff are reminded before it is late'
