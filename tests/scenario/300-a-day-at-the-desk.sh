# A day at the desk, and the one after the holiday: Friday 2026-11-20, Tuesday
# 2026-11-24, with 勤労感謝の日 on the Monday between. Twenty mails, three staff,
# two companies under contract and two people without. What each of them finds in
# the mailbox is compared with day/transcript; the customers' mails are day/*.eml,
# as their programs put them on the wire (INT-04, DESK-01 to DESK-07, DESK-12, DESK-15).
. "$(dirname "$0")/lib.sh"
data=$(dirname "$0")/day
new_instance day
$Y start
staff suzuki '鈴木 一郎'
staff sato '佐藤 花子'
printf 'Geheim-mori-1' >"$tmp/pw.mori"
$Y staff add mori --name '森 恵' --address mori@example.jp --role supervisor --password-file "$tmp/pw.mori" >/dev/null
for domain in sakura-shoji.example momiji-works.example keitai.example freemail.example; do company $domain; done
$Y contract add n_number=N123456789 name=株式会社さくら商事 domain=sakura-shoji.example >/dev/null
$Y contract add n_number=N987654321 name=もみじ製作所株式会社 domain=momiji-works.example >/dev/null
tanaka=tanaka@sakura-shoji.example kaede=kaede@momiji-works.example koyo=koyo@momiji-works.example
momo=momo-chan@keitai.example aoki=aoki@freemail.example
people="$tanaka $kaede $koyo $momo $aoki suzuki sato mori"
: >"$tmp/transcript"; mkdir "$tmp/read"

# ---- the clock, and who reads what ---------------------------------------------------
looked() { # the mailer is done with every clock that is due, and with the day's digest
	now=$(date -d "$($Y clock show | cut -c1-19) +0900" +%s)
	[ "$(sql "SELECT (SELECT count(*) FROM ticket WHERE look_at <= $now - 2) || '.' || (digest_day - ($now + 32400) / 86400) FROM due_round")" = 0.0 ]
}
delivered() { [ -z "$(find "$I/spool/maildrop" "$I/spool/incoming" "$I/spool/active" "$I/spool/deferred" -type f)" ]; }
# Everybody reads what is new: "11-20 09:40|who|subject" into the transcript, the
# text into read/WHO.
everybody_reads() {
	until_true 30 looked || fail 'the mailer does not look at its clocks'
	settle
	until_true 30 delivered || fail 'Postfix still has mail'
	for who in $people; do
		for f in $(box "$who"); do
			grep -qxF "$f" "$tmp/seen" 2>/dev/null && continue
			echo "$f" >>"$tmp/seen"
			text "$f" >"$tmp/one"
			cat "$tmp/one" >>"$tmp/read/$who"
			printf '%s|%s|%s\n' "$time" "$who" "$(sed -n 's/^Subject: *//p; /^$/q' "$tmp/one" | head -1)"
		done | LC_ALL=C sort
	done >>"$tmp/transcript"
}
at() { # 'MM-DD HH:MM' WHAT HAPPENS
	time=$1
	$Y clock set "2026-$1" >/dev/null
	printf 'ok ---- %s %s\n' "$1" "$2"
}
read_by() { cat "$tmp/read/$1"; }
last_of() { text "$(newest "$1")"; }
row() { $Y ticket list --tsv | awk -F'\t' -v id="$1" '$1 == id' | cut -f2,4,5; }
address() { grep -ohE "sodan\+$1$2-[a-z2-7]{16}@example.jp" $(box mori) "$tmp/read/mori" | head -1; } # KIND TICKET

# ---- who writes ----------------------------------------------------------------------
mails=0
arrives() { # FROM TO FILE [SED SCRIPT [CURL OPTIONS…]]
	from=$1 to=$2 file=$3 script=${4:-}
	if [ $# -gt 4 ]; then shift 4; else shift $#; fi
	LC_ALL=C sed "$script" "$data/$file" >"$tmp/m.eml"
	mail "$from" "$to" "$tmp/m.eml" $((BASE + 25)) "$@" || fail "$file was refused: $(said)"
	mails=$((mails + 1))
	everybody_reads
}
# writes LOGIN TO SUBJECT IN-REPLY-TO, the text on stdin: as Thunderbird has it
writes() {
	mails=$((mails + 1))
	coded=$(printf %s "$3" | base64 -w0)
	{
		printf 'Message-ID: <day-%s@pc-%s>\nDate: Fri, 20 Nov 2026 10:00:00 +0900\nUser-Agent: Mozilla Thunderbird\n' "$mails" "$1"
		printf 'From: %s@example.jp\nTo: %s\nSubject: =?UTF-8?B?%s?=\nIn-Reply-To: %s\nMIME-Version: 1.0\n' "$1" "$2" "$coded" "$4"
		printf 'Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n\n'
		cat
	} >"$tmp/w.eml"
	submit "$1" "$2" "$tmp/w.eml" || fail "the mail of $1 was refused: $(said)"
	everybody_reads
}
case1='Re: [YOROZU #1] 取引先を名乗る不審なメールについて'
case2='Re: [YOROZU #2] 至急　共有フォルダのファイルが開けません'
case3='Re: [YOROZU #3] 迷惑ﾒｰﾙが止まりません'
first='<000001dd59f2$6f2c1a40$4d844ec0$@sakura-shoji.example>'
second='<5B0C7C3E-41D5-4E0B-9E0D-3B7C6E1F2A90@momiji-works.example>'

# ---- Friday --------------------------------------------------------------------------
at '11-20 09:40' 'Tanaka of さくら商事 asks about a suspicious mail (Outlook, ISO-2022-JP)'
arrives $tanaka sodan@example.jp 01-tanaka-outlook.eml
has "$(last_of $tanaka)" '11月24日\(火\) 9:40 まで' 'one business day later is Tuesday: he is told so'
has "$(last_of sato)" '株式会社さくら商事 \(N123456789\)' 'staff see whose mail it is'

at '11-20 10:05' 'Kaede of もみじ製作所 reports ransomware, from her iPhone'
arrives $kaede sodan@example.jp 02-kaede-iphone.eml
has "$(last_of sato)" '分類の提案：6 ランサムウェア' 'staff see what kind it is'

at '11-20 10:15' 'Mori gives it to Suzuki, with a note'
writes mori "$(address n 2)" "$case2" "$second" <<'M'
担当 suzuki

先に電話で状況を聞いてください。
M
is 'open	2026-11-24 10:05	suzuki' "$(row 2)" 'it is his'
has "$(read_by sato)" '先に電話で状況を聞いてください。' 'her colleagues read the note'

at '11-20 10:30' 'Suzuki answers Tanaka'
writes suzuki "$(address t 1)" "$case1" "$first" <<'M'
田中様

開いた画面で何も入力していなければ、被害の可能性は低いと考えられます。
メールは開かずに保管してください。
M
has "$(last_of $tanaka)" '被害の可能性は低いと考えられます。' 'he reads it'

at '11-20 10:31' 'Sato answers as well, a minute too late'
writes sato "$(address t 1)" "$case1" "$first" <<'M'
田中様

パスワードを変更してください。
M
held=$(newest sato); text "$held" >"$tmp/held"
has "$(last_of sato)" '先の回答：鈴木 一郎 さん \(11月20日\(金\) 10:30\)' 'hers is held, and she sees whose was first'
at '11-20 10:35' 'she drops hers'
writes sato "$(field Reply-To "$held" | tr -d ' <>')" "Re: $(sed -n 's/^Subject: *//p' "$tmp/held" | head -1)" "$(field Message-ID "$held")" <<M
破棄
M
has "$(last_of sato)" '保留していた回答を取りやめました。' 'and knows that it is not sent'

at '11-20 10:50' 'somebody without a contract writes from a docomo telephone, in Shift_JIS'
arrives $momo sodan@example.jp 07-docomo.eml
has "$(last_of sato)" '①どうしたら止まりますか' 'its characters are readable'

at '11-20 11:00' 'Koyo of もみじ製作所 writes about what Kaede wrote about (Gmail)'
arrives $koyo sodan@example.jp 08-momiji-gmail.eml
koyo_ack=$(newest $koyo)

at '11-20 11:10' 'Suzuki sees that it is one case'
writes suzuki "$(address c 4)" 'Re: [YOROZU #4] 共有サーバーの件' '<x@pc>' <<'M'
統合 #2
M
has "$(last_of suzuki)" '#4 を #2 に統合しました' 'two tickets are one'

at '11-20 13:20' 'Suzuki answers Kaede after lunch'
writes suzuki "$(address t 2)" "$case2" "$second" <<'M'
楓様

まず、サーバーをネットワークから切り離してください。電源は切らないでください。
M
at '11-20 13:22' 'so does Sato'
writes sato "$(address t 2)" "$case2" "$second" <<'M'
楓様

あわせて、警察と保険会社への連絡もご検討ください。
M
held=$(newest sato); text "$held" >"$tmp/held"
has "$(last_of sato)" '先の回答：鈴木 一郎 さん \(11月20日\(金\) 13:20\)' 'hers is held'
at '11-20 13:30' 'she finds hers worth sending'
writes sato "$(field Reply-To "$held" | tr -d ' <>')" "Re: $(sed -n 's/^Subject: *//p' "$tmp/held" | head -1)" "$(field Message-ID "$held")" <<M
送信
M
has "$(last_of $kaede)" '警察と保険会社への連絡もご検討ください。' 'Kaede has both'

at '11-20 14:00' 'Sato answers the telephone with a standard text'
writes sato "$(address c 3)" "$case3" '<x@pc>' <<'M'
定型 迷惑メール
M
is 'answered	-' "$(row 3 | cut -f1,2)" 'it is answered'
answer=$(newest $momo)

at '11-20 14:05' 'but the telephone company returns it: the address is no more'
bounce=$(field Return-Path "$answer" | tr -d '<> ')
arrives '' "$bounce" 14-dsn.eml "s|@BOUNCE@|$bounce|; s|@ANSWER@|$(field Message-ID "$answer")|"
is 'open	2026-11-24 10:50' "$(row 3 | cut -f1,2)" 'the ticket is open again, with its old due time'
has "$(read_by sato)" '宛先：momo-chan@keitai.example' 'staff are told'

at '11-20 15:00' 'a forger poses as Suzuki and quotes the case of Tanaka'
n=$(count $tanaka)
arrives suzuki@example.jp sodan@example.jp 15-forged.eml '' --interface 127.0.0.2
has "$(last_of sato)" '注意　　：差出人は職員のアドレスですが、ログインされていません' 'staff are warned of the sender'
has "$(last_of sato)" '注意.*相談 #1 を引用していますが.*新しい相談としました' 'and of what he quotes'
has "$(last_of sato)" 'SPF 不合格' 'and see why'
is 1 "$(sql 'SELECT count(*) FROM message WHERE ticket_id = 1 AND kind = 0')" 'it does not join the case'
is "$n" "$(count $tanaka)" 'nothing of it reaches Tanaka'
is 0 "$(sql 'SELECT count(*) FROM outbox WHERE kind = 2 AND ticket_id = 5')" 'nobody gets an acknowledgement'

at '11-20 15:10' 'Koyo answers to the address of the ticket that was merged'
ticket=$(field Reply-To "$koyo_ack" | tr -d '<> ')
arrives $koyo "$ticket" 16-momiji-gmail.eml "s|@TICKET@|$ticket|; s|@ACK@|$(field Message-ID "$koyo_ack")|"
is 'open	2026-11-24 15:10	suzuki' "$(row 2)" 'it is a mail of the one case, and starts its clock'

at '11-20 15:21' 'half of the reply time of the telephone is over'
everybody_reads

at '11-20 15:40' 'Suzuki needs more time, closes a case and has done with the forger'
writes suzuki "$(address c 2)" "$case2" '<x@pc>' <<'M'
期限 11/26 12:00 バックアップの確認に時間がかかるため
#1 完了
#5 迷惑
M
is 'open	2026-11-26 12:00	suzuki' "$(row 2)" 'the due time is later'
has "$(last_of $koyo; last_of $kaede)" '新しい回答の目安：11月26日\(木\) 12:00 まで' 'the customer is told'
is closed "$(row 1 | cut -f1)" 'the first case is closed'

at '11-20 17:27' 'four fifths of the reply time of the telephone are over'
everybody_reads

at '11-20 17:45' 'Aoki, who has no contract, writes after hours'
arrives $aoki sodan@example.jp 18-evening.eml
has "$(last_of $aoki)" '11月24日\(火\) 17:30 まで' 'she is promised an answer by the end of Tuesday'

# ---- Saturday, Sunday, and 勤労感謝の日 ------------------------------------------------
at '11-23 14:00' 'on the holiday nobody is disturbed, not even when the mailer starts anew'
$Y stop mailer >/dev/null; $Y start mailer >/dev/null
settle

# ---- Tuesday -------------------------------------------------------------------------
at '11-24 09:30' 'the desk opens with the digest'
everybody_reads
closing=$(date -d '2026-11-20 18:00 +0900' +%s) opening=$(date -d '2026-11-24 09:30 +0900' +%s)
is '' "$(sql "SELECT tmpl FROM outbox WHERE created_at >= $closing AND created_at < $opening")" 'nothing was written since Friday'
digest=$(last_of mori)
has "$digest" '本日が回答期限の相談：2 件' 'two are due today'
has "$digest" '#3 +11月24日\(火\) 10:50 残り 1時間(19|20)分 +佐藤 花子' 'the telephone in an hour and twenty minutes'
has "$digest" '#6 +11月24日\(火\) 17:30 残り (7時間|6時間59分) +担当未定' 'Aoki in a whole day, and nobody has taken it'
has "$digest" '前営業日に送った回答：4 件' 'and what was done on Friday'

at '11-24 09:40' 'Sato has reached the hairdresser by telephone: closed, with a note'
writes sato "$(address n 3)" "$case3" '<x@pc>' <<'M'
完了

メールアドレスを変えられたとのこと。お電話で設定方法をご案内しました。
M
is closed "$(row 3 | cut -f1)" 'the case of the telephone is closed'

at '11-24 10:20' 'Tanaka writes again'
answer=$(newest $tanaka)
ticket=$(field Reply-To "$answer" | tr -d '<> ')
arrives $tanaka "$ticket" 20-tanaka-outlook.eml "s|@TICKET@|$ticket|; s|@ANSWER@|$(field Message-ID "$answer")|"
is 'open	2026-11-25 10:20' "$(row 1 | cut -f1,2)" 'his case is open again, until Wednesday'
has "$(last_of sato)" '［再開］' 'staff see that it was closed'

at '11-24 14:01' 'half of the time of Aoki is over'; everybody_reads
at '11-24 14:51' 'and that of Tanaka'; everybody_reads
at '11-24 16:07' 'four fifths for Aoki'; everybody_reads
at '11-24 16:31' 'an hour before, Aoki is told that it takes longer'; everybody_reads
has "$(last_of $aoki)" '回答の目安：11月25日\(水\) 17:30 まで' 'with a new time'
at '11-24 16:49' 'the supervisor is alerted'; everybody_reads
has "$(last_of mori)" '【至急：回答期限まで 4' 'Mori has it before it is too late'

# ---- what each of them has in the mailbox ----------------------------------------------
is 20 "$mails" 'twenty mails were written'
is 1 "$(sql 'SELECT ticket_id FROM outbox WHERE state = 3')" 'all that the desk wrote went out, but for the answer that was dropped'
[ -z "${TRANSCRIPT:-}" ] || cp "$tmp/transcript" "$TRANSCRIPT" # to look at, when texts change
for who in $people; do
	grep "|$who|" "$data/transcript" >"$tmp/wanted" || :
	grep "|$who|" "$tmp/transcript" >"$tmp/got" || :
	diff "$tmp/wanted" "$tmp/got" >"$tmp/diff" || fail "the mailbox of $who: $(cat "$tmp/diff")"
	ok "the mailbox of $who reads as it should ($(wc -l <"$tmp/got") mails)"
done
for who in $tanaka $kaede $koyo $momo $aoki; do
	hasnt "$(read_by $who)" 'suzuki|sato|mori|鈴木|佐藤|森 恵|社内用|社内メモ|pc-|Thunderbird' "$who sees nothing of the inside"
done
hasnt "$(read_by $tanaka)" 'パスワードを変更' 'the answer that was dropped, and the forger, reach nobody'
