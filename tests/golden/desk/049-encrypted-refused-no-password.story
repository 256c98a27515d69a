# A link asks for the password of the opening notice. Without one nothing is sent again,
# and staff are told what is missing.
staff suzuki 鈴木 一郎
company N1 sakura-shoji.example
at 2026-11-24 10:00
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: tanaka@sakura-shoji.example
| To: sodan@example.jp
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
| MIME-Version: 1.0
| Content-Type: multipart/mixed; boundary=b
|
| --b
| Content-Type: text/plain
|
| see the file
| --b
| Content-Type: application/pdf; name=report.pdf
| Content-Disposition: attachment; filename=report.pdf
|
| %PDF-1.4
| --b--
=> taken by=address ticket=1 answered
outbox 3: reply tanaka@sakura-shoji.example,sato@sakura-shoji.example,kato@sakura-shoji.example
at +1m
mx <> {bounce:3} spf=pass
| From: MAILER-DAEMON@mx.example
| Subject: Undelivered Mail
| Message-ID: <ret7@mx.example>
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
| Status: 5.7.1
| Diagnostic-Code: smtp; 550 5.7.1 Encrypted attachments are not accepted here
|
| --b--
=> taken by=bounce ticket=1 open due=2026-11-25 10:00
outbox 4: notice delivery-failed suzuki@example.jp
fails failed_answer reopened no_link
