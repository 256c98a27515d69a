# Bounces, vacation answers, lists and storms: stored, never answered.
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
submission suzuki {ticket:1}
| From: suzuki@example.jp
| To: {ticket:1}
| Subject: Re: q
| Message-ID: <reply@pc>
| In-Reply-To: <first@sakura-shoji.example>
|
| answer
=> taken by=address ticket=1 answered
outbox 3: reply tanaka@sakura-shoji.example

# A vacation answer neither starts nor stops the clock; staff see it.
mx <> {bounce:3} spf=pass
| From: tanaka@sakura-shoji.example
| Subject: Automatic reply: q
| Auto-Submitted: auto-replied
| Message-ID: <vac@sakura-shoji.example>
| In-Reply-To: <{id:1.3}>
|
| I am on holiday
=> taken by=bounce-address ticket=1 answered
outbox 4: staff-copy suzuki@example.jp

# The answer bounces: the ticket is open again with its old due time, and staff
# are told.
at +1h
mx <> {bounce:3} spf=pass
| From: MAILER-DAEMON@mx.sakura-shoji.example
| Subject: Undelivered Mail Returned to Sender
| Auto-Submitted: auto-replied
| Message-ID: <dsn@mx.sakura-shoji.example>
| MIME-Version: 1.0
| Content-Type: multipart/report; report-type=delivery-status; boundary="B"
|
| --B
| Content-Type: text/plain
|
| This is the mail system.
| --B
| Content-Type: message/delivery-status
|
| Reporting-MTA: dns; mx.sakura-shoji.example
|
| Final-Recipient: rfc822; tanaka@sakura-shoji.example
| Action: failed
| Status: 5.2.2
| Diagnostic-Code: smtp; 552 5.2.2 Mailbox full
|
| --B--
=> taken by=bounce ticket=1 open due=2026-11-25 10:00
outbox 5: notice delivery-failed suzuki@example.jp
fails failed_answer reopened

# The same bounce once more: stored, nobody is told twice.
mx <> {bounce:3} spf=pass
| From: MAILER-DAEMON@mx.sakura-shoji.example
| Subject: Undelivered Mail Returned to Sender
| Auto-Submitted: auto-replied
| Message-ID: <dsn2@mx.sakura-shoji.example>
| MIME-Version: 1.0
| Content-Type: multipart/report; report-type=delivery-status; boundary="B"
|
| --B
| Content-Type: message/delivery-status
|
| Reporting-MTA: dns; mx.sakura-shoji.example
|
| Final-Recipient: rfc822; tanaka@sakura-shoji.example
| Action: failed
| Status: 5.2.2
|
| --B--
=> taken by=bounce ticket=1 open due=2026-11-25 10:00

# A list mail opens a ticket for a person to look at, but no machine answers.
mx list-bounces@ml.example sodan@example.jp spf=pass
| From: someone@elsewhere.example
| Subject: [ml] news
| List-Id: <ml.example>
| Precedence: list
| Message-ID: <l1@ml.example>
|
| news
=> taken by=new new ticket=2 open due=2026-11-25 11:00
outbox 6: staff-copy suzuki@example.jp

# A vacation answer that belongs to no ticket opens none.
mx <> sodan@example.jp spf=pass
| From: who@knows.example
| Subject: Out of office
| Auto-Submitted: auto-replied
| Message-ID: <v2@knows.example>
|
| away
=> taken by=new ticket=0
outbox 7: staff-copy suzuki@example.jp

# Null sender without any other sign: shown to staff, not answered.
mx <> sodan@example.jp spf=none
| From: tanaka@sakura-shoji.example
| Subject: hello
| Message-ID: <n1@sakura-shoji.example>
|
| hello
=> taken by=new ticket=0
outbox 8: staff-copy suzuki@example.jp

# A staff client's vacation answer stops no clock and goes nowhere.
submission suzuki {ticket:1}
| From: suzuki@example.jp
| To: {ticket:1}
| Subject: Automatic reply
| Auto-Submitted: auto-replied
| Message-ID: <sv@pc>
|
| away
=> taken by=address ticket=1 open due=2026-11-25 10:00
