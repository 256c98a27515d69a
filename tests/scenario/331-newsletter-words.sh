# MAG-04, -05, -07: two people stand behind an issue; another draft by answer;
# pause, go on and call off by mail; a complaint; mailboxes that are full once,
# now and then, and too often.
. "$(dirname "$0")/lib.sh"
new_instance news
sed -i 's/^news_approvals = .*/news_approvals = 2/; s/^bulk_domain_start = .*/bulk_domain_start = 2/; s/^bulk_domain_double = .*/bulk_domain_double = 86400/' "$I/yorozu.conf"
$Y clock set '2026-11-23 10:00' >/dev/null
$Y start
for who in mori hara; do
	printf 'Geheim-%s-1' $who >"$tmp/pw.$who"
	$Y staff add $who --name "$who" --address $who@example.jp --role editor --password-file "$tmp/pw.$who" >/dev/null
done
for i in 1 2 3; do $Y reader add "r$i@c$i.example" >/dev/null; done
state() { [ "$(sql "SELECT state FROM issue WHERE id = $n")" = "$1" ]; }
reader() { $Y reader list --tsv | awk -F'\t' -v a="$1" '$2 == a { print $4 }'; }

# write WHO TO SUBJECT TEXT
write() {
	printf 'From: %s@example.jp\nTo: %s\nSubject: %s\nMessage-ID: <w%s@pc>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n%s\n' \
		"$1" "$2" "$3" "$(date +%N)" "$4" >"$tmp/w"
	submit "$1" "$2" "$tmp/w" || fail "refused: $(said)"
	settle
}
checks() { text "$(grep -l "henshu+$n-" $(box "$1") | tail -1)"; } # the last that WHO was told of issue n

# ---- two people
n=1
write mori henshu@example.jp '[1] first' 'the first draft'
issue=$(field Reply-To "$(grep -l 'henshu+1-' $(box mori) | tail -1)" | tr -d '<> ')
has "$(checks mori)" '原稿を送った方以外の編集担当者の承認が必要です' 'that another one must approve is said'
write mori "$issue" 'Re: check' '承認'
has "$(checks mori)" '原稿を送った方以外の承認が必要です' 'who wrote it can not approve it'
state 0 || fail 'and yet it is planned'
write hara "$issue" 'Re: check' '承認'
has "$(checks hara)" '11月25日\(水\) 15:00 に配信します' 'a colleague can'
state 1 || fail 'it is not planned'

# ---- another draft, by answer
write hara "$issue" 'Re: check' '修正
the second draft
> 1 quoted'
state 0 || fail 'what was approved still is'
ok 'another draft takes the approval back'
is first "$(sql 'SELECT subject FROM issue')" 'an answer keeps the subject'
write hara "$issue" 'Re: check' '承認'
has "$(checks hara)" '原稿を送った方以外の承認が必要です' 'now the other one must approve'
write mori "$issue" 'Re: check' '承認'
state 1 || fail "not planned: $(checks mori)"
$Y clock set '2026-11-25 15:00' >/dev/null
for i in 1 2 3; do await "r$i@c$i.example" 1; done
f=$(newest r1@c1.example)
has "$(text "$f")" 'the second draft' 'readers get the second draft'
hasnt "$(text "$f")" '修正|the first draft' 'and nothing of the word or the first'
until_true 15 state 5 || fail 'it does not end'

# ---- a complaint, as big receivers send it: to where the mail came from
complain() { # FILE: the mail that is complained of
	{
		printf 'From: fbl@c1.example\nTo: member@example.jp\nSubject: FW: first\nMessage-ID: <fbl%s@c1.example>\nMIME-Version: 1.0\n' "$(date +%N)"
		printf 'Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\nContent-Type: text/plain\n\nabuse report\n'
		printf -- '--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: SomeFBL/1.0\nVersion: 1\n\n--b\nContent-Type: message/rfc822\n\n'
		sed '/^Return-Path\|^Delivered-To\|^X-Original/d' "$1"
		printf -- '\n--b--\n'
	} >"$tmp/arf"
	mail fbl@c1.example member@example.jp "$tmp/arf" || fail "refused: $(said)"
}
complain "$f"
is suppressed "$(reader r1@c1.example)" 'a complaint stops the reader'
has "$($Y issue status 1 --check)" '配信済み 2、.*迷惑メール報告 1.* = 3' 'and stands in the ledger'
is 0 "$(sql "SELECT count(*) FROM ticket")" 'and is no consultation'
write mori "$issue" 'Re: check' '履歴 r1@c1.example'
has "$(checks mori)" '苦情|迷惑メール' 'his history says so'

# ---- returns that count for a while: a full mailbox, three times in 30 days
another() { # SUBJECT: an issue, sent at once; every active reader has it
	printf 'From: mori@example.jp\nTo: henshu@example.jp\nSubject: [2] %s\nMessage-ID: <%s@pc>\n\ntext\n' "$1" "$1" >"$tmp/d"
	n=$($Y issue draft "$tmp/d"); $Y issue send "$n" >/dev/null
	until_true 15 state 5 || fail "issue $n does not end: $($Y issue status "$n")"
}
full() { # ADDRESS: his mailbox was full
	verp=$(sed -n 's/^Return-Path: <\(.*\)>.*/\1/p' "$(newest "$1")" | tr -d '\r')
	case $verp in news+$n.*) ;; *) fail "$1 did not get issue $n: $verp" ;; esac
	printf 'From: MAILER-DAEMON@c2.example\nTo: %s\nSubject: Undelivered\nMessage-ID: <full%s@c2.example>\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nfailed\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; c2.example\n\nFinal-Recipient: rfc822; %s\nAction: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 5.2.2 Mailbox full\n\n--b--\n' "$verp" "$n" "$1" >"$tmp/b"
	mail '<>' "$verp" "$tmp/b" || fail "refused: $(said)"
}
another a; full r2@c2.example
another b; full r2@c2.example; full r2@c2.example # the same one again is no other
is active "$(reader r2@c2.example)" 'a mailbox that is full twice'
$Y clock set '2026-12-27 15:00' >/dev/null
another c; full r2@c2.example
is active "$(reader r2@c2.example)" 'what was more than 30 days ago is forgotten'
another d; full r2@c2.example
is active "$(reader r2@c2.example)" 'twice again'
another e; full r2@c2.example
is suppressed "$(reader r2@c2.example)" 'the third within 30 days stops him'
another f
has "$($Y issue status "$n" --check)" '配信済み 1、.*配信対象外 2 = 3' 'whoever is stopped gets no more, and is counted'

# ---- pause, go on, call off: by mail
{ echo mail; for i in $(seq 80); do echo "s$i@one.example"; done; } >"$tmp/one.csv"
$Y reader import "$tmp/one.csv" >/dev/null
write mori henshu@example.jp '[2] last' 'the last one'
n=$(sql 'SELECT max(id) FROM issue')
issue=$(field Reply-To "$(grep -l "henshu+$n-" $(box mori) | tail -1)" | tr -d '<> ')
write hara "$issue" 'Re: check' "日時 12/27 16:00
承認"
state 1 || fail "not planned: $(checks hara)"
$Y clock set '2026-12-27 16:00' >/dev/null
pending() { sql "SELECT n FROM issue_count WHERE issue_id = $n AND state = 0"; }
some() { [ "$(sql "SELECT n FROM issue_count WHERE issue_id = $n AND state = 3")" -ge 4 ]; }
until_true 20 some || fail 'it does not begin'
write mori "$issue" 'Re: check' '一時停止'
has "$(checks mori)" '一時停止しました' 'paused by mail'
sleep 1; was=$(pending); sleep 2
is "$was" "$(pending)" 'nothing more goes out'
write mori "$issue" 'Re: check' '再開'
fewer() { [ "$(pending)" -lt "$was" ]; }
until_true 15 fewer || fail 'it does not go on'; ok 'resumed by mail'
write mori "$issue" 'Re: check' '状況'
has "$(checks mori)" '/83 \([0-9.]+%\)' 'how far it is'
write mori "$issue" 'Re: check' '中止'
until_true 15 state 6 || fail 'it is not called off'
has "$($Y issue status "$n" --check)" 'これから 0、.*配信対象外 [1-9][0-9]* = 83' 'called off by mail: the rest is counted as not sent'

# ---- his word, and a complaint after it
f=$(newest r3@c3.example)
printf 'From: r3@c3.example\nTo: %s\nSubject: unsubscribe\nMessage-ID: <u3@c3.example>\n\n' "$(field List-Unsubscribe "$f" | grep -o 'stop+[^?]*')" >"$tmp/u"
mail r3@c3.example "$(field To "$tmp/u")" "$tmp/u" || fail "refused: $(said)"
is unsubscribed "$(reader r3@c3.example)" 'a word stops the reader'
complain "$f"
is 1 "$(sql "SELECT count(*) FROM reader_event e JOIN reader r ON r.id = e.reader_id WHERE addr_key = 'r3@c3.example' AND what = 6")" 'a complaint after it is known'
is unsubscribed "$(reader r3@c3.example)" 'and does not take his word away'
