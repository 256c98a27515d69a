# An answer to three; one server takes no encrypted files. Only who refused it gets it
# again (DESK-17).
staff suzuki 鈴木 一郎
company N1 sakura-shoji.example
opening-password N1 Himitsu26
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
| Status: 5.7.1
| Diagnostic-Code: smtp; 550 5.7.1 Encrypted attachments are not accepted here
|
| --b--
=> taken by=bounce ticket=1 answered
outbox 4: reply sato@sakura-shoji.example
outbox 5: notice attachment-refused suzuki@example.jp

# Another server answers later, and names the first one too.
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
| Status: 5.7.1
| Diagnostic-Code: smtp; 550 5.7.1 Encrypted attachments are not accepted here
|
| Final-Recipient: rfc822; kato@sakura-shoji.example
| Action: failed
| Status: 5.7.1
| Diagnostic-Code: smtp; 550 5.7.1 Encrypted attachments are not accepted here
|
| --b--
=> taken by=bounce ticket=1 answered
outbox 6: reply kato@sakura-shoji.example
outbox 7: notice attachment-refused suzuki@example.jp

# Said again, or by somebody we did not write to: nothing.
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
| Final-Recipient: rfc822; kato@sakura-shoji.example
| Action: failed
| Status: 5.7.1
| Diagnostic-Code: smtp; 550 5.7.1 Encrypted attachments are not accepted here
|
| --b--
=> taken by=bounce ticket=1 answered
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
| Final-Recipient: rfc822; else@sakura-shoji.example
| Action: failed
| Status: 5.7.1
| Diagnostic-Code: smtp; 550 5.7.1 Encrypted attachments are not accepted here
|
| --b--
=> taken by=bounce ticket=1 answered

# 再送 is meant for everybody.
submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <c1@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 再送
=> taken by=address ticket=1 answered
outbox 8: reply tanaka@sakura-shoji.example,sato@sakura-shoji.example,kato@sakura-shoji.example
outbox 9: notice command-done suzuki@example.jp
say ■ 再送
say 　 11月24日(火) 10:01 の回答を、もう一度 tanaka@sakura-shoji.example、
say 　 sato@sakura-shoji.example、kato@sakura-shoji.example に送ります

# What went by link and did not arrive is an answer that did not arrive.
mx <> {bounce:4} spf=pass
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
| Final-Recipient: rfc822; sato@sakura-shoji.example
| Action: failed
| Status: 5.1.1
| Diagnostic-Code: smtp; 550 5.1.1 User unknown
|
| --b--
=> taken by=bounce ticket=1 open due=2026-11-25 10:00
outbox 10: notice delivery-failed suzuki@example.jp
fails failed_answer reopened
