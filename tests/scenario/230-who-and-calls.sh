# DESK-10: a customer asks about the service, fills in the form in the
# acknowledgement with his own client, and staff see who he is. DESK-13: calls
# logged by mail, the call-back remembered, an answer by mail, the monthly list.
. "$(dirname "$0")/lib.sh"
new_instance who
$Y start
staff suzuki '鈴木 一郎'
staff sato '佐藤 花子'
company sakura-shoji.example
company gmail-like.example
$Y contract add n_number=N123456789 name=株式会社さくら商事 domain=sakura-shoji.example contact_name=田中太郎 \
	contact_phone=03-1234-5678 started_on=2025/4/1 >/dev/null
$Y contract add n_number=N987654321 name=もみじ製作所株式会社 officer_name=楓秋子 officer_phone=06-1111-2222 started_on=2025/4/1 >/dev/null
$Y clock set '2026-11-24 10:00' >/dev/null
$Y check 2>/dev/null | grep -q 'inquiry.txt' || fail 'yorozu check does not know the words of inquiries'
ok 'yorozu check reads the words of inquiries'

tanaka=tanaka@sakura-shoji.example
# m FROM TO ID SUBJECT [LINE…]: in ISO-2022-JP, as many still write
m() {
	from=$1 to=$2 id=$3 subject=$4; shift 4
	{
		printf 'From: %s\nTo: %s\nSubject: =?ISO-2022-JP?B?%s?=\nMessage-ID: <%s@x.example>\n' "$from" "$to" \
			"$(printf %s "$subject" | iconv -f UTF-8 -t ISO-2022-JP | base64 -w0)" "$id"
		printf 'MIME-Version: 1.0\nContent-Type: text/plain; charset=ISO-2022-JP\n\n'
		printf '%s\n' "$@" | iconv -f UTF-8 -t ISO-2022-JP
	} >"$tmp/m.eml"
	mail "$from" "$to" "$tmp/m.eml" || fail "the mail $id was refused: $(said)"
}
who() { text "$(newest suzuki)" | sed -n 's/^本人確認：//p'; }

m $tanaka sodan@example.jp a1 '利用料の内訳' 'お世話になっております。' '（株）さくら商事の田中です。先月の利用料の内訳を教えてください。'
await suzuki 1; await $tanaka 1; settle
has "$(who)" '未：お客様番号\(N番\)、電話番号 が不足。お客さまに自動で尋ねています［サービスのお問い合わせ］' 'staff see what is missing'
ack=$(newest $tanaka); shown=$(text "$ack")
is 1 "$(count $tanaka)" 'one mail acknowledges and asks'
has "$shown" '^お客様番号（N番）：$' 'the form is in it'
has "$shown" '^電話番号：$' 'with what is missing'
hasnt "$shown" '^契約者名' 'and nothing that was said'
is auto-replied "$(field Auto-Submitted "$ack")" 'it is an automatic answer'

reply=$(field Reply-To "$ack" | tr -d '<> ')
# as a mail program quotes it, he writes behind the colons
text "$ack" | sed -n '/^■ ご契約/,/^■ 回答時間/p' | sed 's/^お客様番号（N番）：$/&Ｎ１２３-４５６-７８９/; s/^電話番号：$/&０３-１２３４-５６７８/; s/^/> /' >"$tmp/quote"
m $tanaka "$reply" a2 'Re: 利用料の内訳' '記入しました。' '' "$(cat "$tmp/quote")"
await suzuki 2; settle
is '済 (N番号と契約名が一致)［サービスのお問い合わせ］' "$(who)" 'the form filled in where it was quoted: authorised'
has "$($Y ticket show 1)" "$tanaka 済：N番号と契約名が一致" 'ticket show says so'
has "$($Y ticket show 1)" 'ticket.identity' 'and there is a record'
is 1 "$(count $tanaka)" 'nothing further is sent to the customer'

m stranger@gmail-like.example "$reply" c1 'Re: 利用料の内訳' 'お客様番号：N123456789' '会社名：株式会社さくら商事' '電話番号：03-1234-5678' '氏名：田中'
await suzuki 3; settle
has "$(who)" '^否：差出人が登録アドレスではありません' 'a stranger who knows everything is a stranger'
is 0 "$(count stranger@gmail-like.example)" 'and is told nothing'
m stranger@gmail-like.example sodan@example.jp c2 'Agent衛生管理ツールの使い方' 'ツールの使い方を教えてください。' 'N123456789 株式会社もみじ'
await stranger@gmail-like.example 1; settle
hasnt "$(text "$(newest stranger@gmail-like.example)")" 'さくら|一致|登録' 'what he is asked tells him nothing'
m $tanaka sodan@example.jp a3 '不審なメール' '取引先を名乗る不審なメールが届きました。' 
await $tanaka 2; settle
hasnt "$(text "$(newest $tanaka)")" 'お客様番号' 'a security consultation is not asked for a number'
is '' "$(who)" 'and staff see no verdict'

# ---- calls ----------------------------------------------------------------------
i=0
submit_lines() { # WHO TO SUBJECT LINE…
	who=$1 to=$2 subject=$3; shift 3
	i=$((i + 1)) before=$(count "$who")
	{
		printf 'From: %s@example.jp\nTo: %s\nSubject: =?UTF-8?B?%s?=\nMessage-ID: <call-%s@pc>\n' "$who" "$to" "$(printf %s "$subject" | base64 -w0)" "$i"
		printf 'MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n\n'
		printf '%s\n' "$@"
	} >"$tmp/call.eml"
	submit "$who" "$to" "$tmp/call.eml" || fail "the mail was refused: $(said)"
}
answered() {
	await "$who" $((before + 1)); settle
	for answer in $(box "$who" | tail -n +$((before + 1)) | tac); do
		[ "$(field In-Reply-To "$answer" | tr -d ' ')" != "<call-$i@pc>" ] || break
	done
	shown=$(text "$answer")
}
last() { sql 'SELECT max(id) FROM ticket'; }

submit_lines suzuki sodan@example.jp '電話' ''; answered
has "$shown" '^会社：$' '電話 alone: the empty form'
has "$shown" '^内容：$' 'to be filled in'
command=$(field Reply-To "$answer" | tr -d '<> ')

for n in 1 2 3; do $Y ticket close $n >/dev/null; done
# the newest mail in a box that says so: $f, and $shown
find_mail() { # BOX PATTERN WHAT
	for f in $(box "$1" | tac); do
		shown=$(text "$f")
		if printf '%s\n' "$shown" | grep -qE -- "$2"; then ok "$3"; return; fi
	done
	fail "$3: no mail with \"$2\" in the box of $1"
}

$Y clock set '2026-11-24 15:00' >/dev/null
submit_lines suzuki "$command" 'Re: 電話' '電話' '会社：さくら商事（株）' '氏名：田中' '電話番号：03-1234-5678' '内容：警告画面が消えない' '開始：14:00' '終了：14:42' '折り返し：11/25 14:00'
answered
t=$(last)
has "$shown" "電話を相談 #$t として記録しました" 'a call is a ticket'
has "$shown" '契約：株式会社さくら商事 \(N123456789\)' 'of the contract that was named'
has "$shown" '1回30分の目安を超えています \(42分\)' 'a long one is marked'
is 'phone' "$(sql "SELECT channel FROM ticket WHERE id = $t")" 'its channel is the telephone'
has "$($Y ticket list --tsv)" "^$t	open	2026-11-24 15:00	2026-11-25 14:00	suzuki" 'the call-back is its due time'
find_mail sato 'Subject: +\[YOROZU #[0-9]+\] (Re: )?電話' 'the colleague has the note'
has "$shown" '警告画面が消えない' 'and reads it'

submit_lines suzuki "$command" '電話' '会社：さくら商事' '折り返し：いずれ'; answered
has "$shown" '「折り返し」 \(いずれ\)：日時が読み取れません' 'a bad form is refused'
has "$shown" '^会社：さくら商事$' 'and comes back as far as it was filled in'
is "$t" "$(last)" 'and logs nothing'

before=$(count suzuki)
$Y clock set '2026-11-25 13:05' >/dev/null
await suzuki $((before + 1)); settle
find_mail suzuki '【回答期限まで' 'he is reminded of the call-back'
has "$shown" 'お相手　：さくら商事（株） 田中|お相手　：さくら商事\(株\) 田中' 'the reminder says whom to call'
has "$shown" '電話番号：03-1234-5678' 'and where'
submit_lines sato "$(field Reply-To "$f" | tr -d '<> ')" 'x' '電話済'
who=sato; answered
has "$shown" '折り返しの電話を済みにし' '電話済: done'
has "$($Y ticket list --tsv)" "^$t	answered	[^	]*	-" 'and the clock stands'

submit_lines suzuki "$command" '電話' '会社：もみじ製作所' '氏名：楓' 'メール：kaede@gmail-like.example' '内容：添付ファイルを開いた件'; answered
t2=$(last)
to=$(printf '%s\n' "$shown" | grep -oE "sodan\+t$t2-[a-z2-7]{16}@example.jp" | head -1)
submit_lines suzuki "$to" 'お電話の件' 'お電話でお話しした件の手順です。'
await kaede@gmail-like.example 1; settle
has "$(text "$(newest kaede@gmail-like.example)")" 'お電話でお話しした件の手順' 'an answer by mail reaches the caller'
hasnt "$(cat "$(newest kaede@gmail-like.example)")" 'suzuki' 'without a name of the inside'

# ---- the list --------------------------------------------------------------------
is 'N987654321 N123456789' "$($Y contract quiet --days 1 --tsv >/dev/null; $Y clock advance 3d >/dev/null; $Y contract quiet --days 1 --tsv | cut -f1 | tail -n +2 | sort -r | xargs)" 'contract quiet'
submit_lines suzuki "$command" 'x' '架電リスト 1'; answered
has "$shown" 'N123456789 +株式会社さくら商事' '架電リスト: by command'
has "$shown" 'text/csv.*kaden-list.csv' 'with a CSV'
$Y clock set '2027-03-01 09:31' >/dev/null
listed() { sql "SELECT count(*) FROM outbox WHERE tmpl = 'outbound-list' AND state = 2" | grep -q '^1$'; }
until_true 30 listed || fail 'no list on the first business day of the month'
settle
find_mail sato '【架電リスト】' 'the monthly list comes by itself'
has "$shown" 'Subject: +【架電リスト】3月' 'of that month'
has "$shown" 'N987654321 もみじ製作所株式会社 +楓秋子 +06-1111-2222' 'with whom to call'
is 0 "$(sql 'SELECT count(*) FROM outbox WHERE state = 3')" 'every mail went out'
