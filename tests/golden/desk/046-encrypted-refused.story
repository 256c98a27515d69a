# An answer with a file comes back because it is encrypted: it goes again, by
# link, and so does what comes after (DESK-17). Nobody has to do anything.
staff suzuki 鈴木 一郎
company N1 sakura-shoji.example
opening-password N1 Himitsu26
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
outbox 3: reply tanaka@sakura-shoji.example

# The ticket stays answered: the answer is on its way again.
at +1m
mx <> {bounce:3} spf=pass
| From: MAILER-DAEMON@mx.sakura-shoji.example
| Subject: Undelivered Mail
| Message-ID: <refused@mx.sakura-shoji.example>
|
| Your message was not delivered to the following recipients:
|
|   tanaka@sakura-shoji.example
|   550 5.7.1 Encrypted attachments are not accepted here
=> taken by=bounce ticket=1 answered
outbox 4: reply tanaka@sakura-shoji.example
outbox 5: notice attachment-refused suzuki@example.jp

# The same return a second time changes nothing.
mx <> {bounce:3} spf=pass
| From: MAILER-DAEMON@mx.sakura-shoji.example
| Subject: Undelivered Mail
| Message-ID: <refused2@mx.sakura-shoji.example>
|
| Your message was not delivered to the following recipients:
|
|   tanaka@sakura-shoji.example
|   550 5.7.1 Encrypted attachments are not accepted here
=> taken by=bounce ticket=1 answered

# What comes back for another reason is an answer that did not arrive.
submission suzuki {ticket:1}
| From: suzuki@example.jp
| To: {ticket:1}
| Subject: Re: q
| Message-ID: <reply2@pc>
| In-Reply-To: <first@sakura-shoji.example>
|
| no file this time
=> taken by=address ticket=1 answered
outbox 6: reply tanaka@sakura-shoji.example
at +1m
mx <> {bounce:6} spf=pass
| From: MAILER-DAEMON@mx.sakura-shoji.example
| Subject: Undelivered Mail
| Message-ID: <refused3@mx.sakura-shoji.example>
|
| Your message was not delivered to the following recipients:
|
|   tanaka@sakura-shoji.example
|   550 5.7.1 Encrypted attachments are not accepted here
=> taken by=bounce ticket=1 open due=2026-11-25 10:02
outbox 7: notice delivery-failed suzuki@example.jp
fails failed_answer reopened
