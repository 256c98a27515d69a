# An answer that came back is none: a ticket opened again by hand waits since the
# customer's mail, with the due time of then. What failed is told as what it was.
staff suzuki 鈴木 一郎
at 2026-11-24 10:00
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: tanaka@sakura-shoji.example
| Subject: q
| Message-ID: <first@sakura-shoji.example>
|
| help
=> taken by=new new ticket=1 open due=2026-11-25 10:00
outbox 1: staff-copy suzuki@example.jp
outbox 2: ack tanaka@sakura-shoji.example

# A server that reports to From, although the acknowledgement had no sender: on
# the ticket it is, and staff know before they answer.
at +5m
mx <> sodan@example.jp spf=pass
| From: MAILER-DAEMON@sakura-shoji.example
| Subject: Undelivered Mail Returned to Sender
| Message-ID: <ackback@sakura-shoji.example>
| MIME-Version: 1.0
| Content-Type: multipart/report; report-type=delivery-status; boundary=b
|
| --b
| Content-Type: text/plain
|
| not delivered
| --b
| Content-Type: message/delivery-status
|
| Reporting-MTA: dns; mx.sakura-shoji.example
|
| Final-Recipient: rfc822; tanaka@sakura-shoji.example
| Action: failed
| Status: 5.1.1
|
| --b
| Content-Type: text/rfc822-headers
|
| From: sodan@example.jp
| Message-ID: <{id:1.2}>
|
| --b--
=> taken by=bounce ticket=1 open due=2026-11-25 10:00
outbox 3: notice delivery-failed suzuki@example.jp
fails failed_ack

at +5m
submission suzuki {ticket:1}
| From: suzuki@example.jp
| To: {ticket:1}
| Subject: Re: q
| Message-ID: <reply@pc>
| In-Reply-To: <first@sakura-shoji.example>
|
| answer
=> taken by=address ticket=1 answered
outbox 4: reply tanaka@sakura-shoji.example
at +1h
mx <> {bounce:4} spf=pass
| From: MAILER-DAEMON@relay.example
| Subject: Undelivered Mail Returned to Sender
| Message-ID: <back@relay.example>
|
| <tanaka@sakura-shoji.example>: host mx said: 550 5.1.1 User unknown
=> taken by=bounce ticket=1 open due=2026-11-25 10:00
outbox 5: notice delivery-failed suzuki@example.jp
fails failed_answer reopened

# Closed and opened again: it waits as it did.
submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <c1@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 完了
=> taken by=address ticket=1 closed
outbox 6: notice command-done suzuki@example.jp
say ■ 完了
say 　 完了にしました。お客さまのメールに未回答のものがあります
at +1h
submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <c2@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 再開
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 7: notice command-done suzuki@example.jp
say ■ 再開
say 　 再開しました。回答期限は 11月25日(水) 10:00 です

# 再送 makes it one again.
submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <c3@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 再送
=> taken by=address ticket=1 answered
outbox 8: reply tanaka@sakura-shoji.example
outbox 9: notice command-done suzuki@example.jp
say ■ 再送
say 　 11月24日(火) 10:10 の回答を、もう一度 tanaka@sakura-shoji.example に送り
say 　 ます。届いていなかった回答のため、これで対応済とします

# A standard text that comes back is none either.
at 2026-11-26 10:00
mx tanaka@sakura-shoji.example {ticket:1} spf=pass
| From: tanaka@sakura-shoji.example
| Subject: Re: q
| Message-ID: <second@sakura-shoji.example>
|
| a mail with a link
=> taken by=address ticket=1 open due=2026-11-27 10:00
outbox 10: staff-copy suzuki@example.jp
at +1h
submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <c4@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 定型 不審なメール
=> taken by=address ticket=1 answered
outbox 11: letter tanaka@sakura-shoji.example
outbox 12: notice command-done suzuki@example.jp
say ■ 定型 不審なメール
say 　 定型文「3 不審なメール」を回答として tanaka@sakura-shoji.example に送りま
say 　 す
at +1h
mx <> {bounce:11} spf=pass
| From: MAILER-DAEMON@relay.example
| Subject: Undelivered Mail Returned to Sender
| Message-ID: <back2@relay.example>
|
| <tanaka@sakura-shoji.example>: host mx said: 550 5.1.1 User unknown
=> taken by=bounce ticket=1 open due=2026-11-27 10:00
outbox 13: notice delivery-failed suzuki@example.jp
fails failed_answer reopened
close 1
submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <c5@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 再開
=> taken by=address ticket=1 open due=2026-11-27 10:00
outbox 14: notice command-done suzuki@example.jp
say ■ 再開
say 　 再開しました。回答期限は 11月27日(金) 10:00 です

# The notice of a later due time is no answer: nothing changes but that staff know.
submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <c6@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 期限 11/27 15:00 調査中
=> taken by=address ticket=1 open due=2026-11-27 15:00
outbox 15: letter tanaka@sakura-shoji.example
outbox 16: notice command-done suzuki@example.jp
say ■ 期限 11/27 15:00 調査中
say 　 回答期限を 11月27日(金) 15:00 にしました (これまで：11月27日(金) 10:00)。
say 　 お客さま (tanaka@sakura-shoji.example) に新しい期限をお知らせします。理由
say 　 は記録にだけ残ります
at +1h
mx <> {bounce:15} spf=pass
| From: MAILER-DAEMON@relay.example
| Subject: Undelivered Mail Returned to Sender
| Message-ID: <back3@relay.example>
|
| <tanaka@sakura-shoji.example>: host mx said: 550 5.1.1 User unknown
=> taken by=bounce ticket=1 open due=2026-11-27 15:00
outbox 17: notice delivery-failed suzuki@example.jp
fails failed_letter
