# A reply to several fails for one after the other: staff hear of each once, and
# the ticket opens again for the one who has no answer (DESK-12).
staff suzuki 鈴木 一郎
at 2026-11-24 10:00
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: tanaka@sakura-shoji.example
| Cc: sato@sakura-shoji.example, kato@sakura-shoji.example
| Subject: q
| Message-ID: <first@sakura-shoji.example>
|
| help
=> taken by=new new ticket=1 open due=2026-11-25 10:00
outbox 1: staff-copy suzuki@example.jp
outbox 2: ack tanaka@sakura-shoji.example
submission suzuki {ticket:1}
| From: suzuki@example.jp
| To: {ticket:1}
| Subject: Re: q
| Message-ID: <reply@pc>
| In-Reply-To: <first@sakura-shoji.example>
|
| answer
=> taken by=address ticket=1 answered
outbox 3: reply tanaka@sakura-shoji.example,sato@sakura-shoji.example,kato@sakura-shoji.example
at +1m
mx <> {bounce:3} spf=pass
| From: MAILER-DAEMON@mx.example
| Subject: Undelivered Mail
| Message-ID: <ret1@mx.example>
| MIME-Version: 1.0
| Content-Type: multipart/report; report-type=delivery-status; boundary=b
|
| --b
| Content-Type: message/delivery-status
|
| Reporting-MTA: dns; mx.example
|
| Final-Recipient: rfc822; Sato@sakura-shoji.example
| Action: failed
| Status: 5.1.1
| Diagnostic-Code: smtp; 550 5.1.1 User unknown
|
| --b--
=> taken by=bounce ticket=1 open due=2026-11-25 10:00
outbox 4: notice delivery-failed suzuki@example.jp
fails failed_answer reopened
var 4 recipient Sato@sakura-shoji.example
var 4 others 

# The others have it, staff think.
submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <c1@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 完了
=> taken by=address ticket=1 closed
outbox 5: notice command-done suzuki@example.jp
say ■ 完了
say 　 完了にしました。お客さまのメールに未回答のものがあります

# The same again, and one we did not write to: nothing.
mx <> {bounce:3} spf=pass
| From: MAILER-DAEMON@mx.example
| Subject: Undelivered Mail
| Message-ID: <ret2@mx.example>
| MIME-Version: 1.0
| Content-Type: multipart/report; report-type=delivery-status; boundary=b
|
| --b
| Content-Type: message/delivery-status
|
| Reporting-MTA: dns; mx.example
|
| Final-Recipient: rfc822; sato@sakura-shoji.example
| Action: failed
| Status: 5.1.1
| Diagnostic-Code: smtp; 550 5.1.1 User unknown
|
| --b--
=> taken by=bounce ticket=1 closed
mx <> {bounce:3} spf=pass
| From: MAILER-DAEMON@mx.example
| Subject: Undelivered Mail
| Message-ID: <ret3@mx.example>
| MIME-Version: 1.0
| Content-Type: multipart/report; report-type=delivery-status; boundary=b
|
| --b
| Content-Type: message/delivery-status
|
| Reporting-MTA: dns; mx.example
|
| Final-Recipient: rfc822; else@sakura-shoji.example
| Action: failed
| Status: 5.1.1
| Diagnostic-Code: smtp; 550 5.1.1 User unknown
|
| --b--
=> taken by=bounce ticket=1 closed

# Days later the queue gives up on those who were thought to have it.
at 2026-11-27 10:00
mx <> {bounce:3} spf=pass
| From: MAILER-DAEMON@mx.example
| Subject: Undelivered Mail
| Message-ID: <ret4@mx.example>
| MIME-Version: 1.0
| Content-Type: multipart/report; report-type=delivery-status; boundary=b
|
| --b
| Content-Type: message/delivery-status
|
| Reporting-MTA: dns; mx.example
|
| Final-Recipient: rfc822; tanaka@sakura-shoji.example
| Action: failed
| Status: 4.4.1
| Diagnostic-Code: smtp; connect to mx: Connection timed out
|
| Final-Recipient: rfc822; sato@sakura-shoji.example
| Action: failed
| Status: 5.1.1
| Diagnostic-Code: smtp; 550 5.1.1 User unknown
|
| Final-Recipient: rfc822; kato@sakura-shoji.example
| Action: failed
| Status: 4.4.1
| Diagnostic-Code: smtp; connect to mx: Connection timed out
|
| --b--
=> taken by=bounce ticket=1 open due=2026-11-25 10:00
outbox 6: notice delivery-failed suzuki@example.jp
fails failed_answer reopened
var 6 recipient tanaka@sakura-shoji.example
var 6 others kato@sakura-shoji.example (4.4.1)
mx <> {bounce:3} spf=pass
| From: MAILER-DAEMON@mx.example
| Subject: Undelivered Mail
| Message-ID: <ret5@mx.example>
| MIME-Version: 1.0
| Content-Type: multipart/report; report-type=delivery-status; boundary=b
|
| --b
| Content-Type: message/delivery-status
|
| Reporting-MTA: dns; mx.example
|
| Final-Recipient: rfc822; tanaka@sakura-shoji.example
| Action: failed
| Status: 4.4.1
| Diagnostic-Code: smtp; connect to mx: Connection timed out
|
| Final-Recipient: rfc822; kato@sakura-shoji.example
| Action: failed
| Status: 4.4.1
| Diagnostic-Code: smtp; connect to mx: Connection timed out
|
| --b--
=> taken by=bounce ticket=1 open due=2026-11-25 10:00

# One return that names two.
submission suzuki {ticket:1}
| From: suzuki@example.jp
| To: {ticket:1}
| Subject: Re: q
| Message-ID: <reply2@pc>
| In-Reply-To: <first@sakura-shoji.example>
|
| again
=> taken by=address ticket=1 answered
outbox 7: reply tanaka@sakura-shoji.example,sato@sakura-shoji.example,kato@sakura-shoji.example
mx <> {bounce:7} spf=pass
| From: MAILER-DAEMON@mx.example
| Subject: Undelivered Mail
| Message-ID: <ret6@mx.example>
| MIME-Version: 1.0
| Content-Type: multipart/report; report-type=delivery-status; boundary=b
|
| --b
| Content-Type: message/delivery-status
|
| Reporting-MTA: dns; mx.example
|
| Final-Recipient: rfc822; sato@sakura-shoji.example
| Action: failed
| Status: 5.1.1
| Diagnostic-Code: smtp; 550 5.1.1 User unknown
|
| Final-Recipient: rfc822; kato@sakura-shoji.example
| Action: failed
| Status: 5.1.1
| Diagnostic-Code: smtp; 550 5.1.1 User unknown
|
| --b--
=> taken by=bounce ticket=1 open due=2026-11-25 10:00
outbox 8: notice delivery-failed suzuki@example.jp
fails failed_answer reopened
var 8 recipient sato@sakura-shoji.example
var 8 others kato@sakura-shoji.example (5.1.1)
