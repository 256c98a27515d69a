# Everything that writes by itself, and people who look as if they did (DESK-03,
# RFC 3834): machines get no answer, people get their ticket.
staff suzuki 鈴木 一郎
at 2026-11-25 10:00
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: tanaka@sakura-shoji.example
| Subject: q
| Message-ID: <first@sakura-shoji.example>
|
| help
=> taken by=new new ticket=1 open due=2026-11-26 10:00
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

# Exchange's vacation answer without Auto-Submitted: known by its subject and
# the request for no answer. The clock stays stopped.
mx tanaka@sakura-shoji.example {ticket:1} spf=pass
| From: tanaka@sakura-shoji.example
| Subject: 自動応答: [YOROZU #1] q
| X-Auto-Response-Suppress: All
| Message-ID: <oof1@sakura-shoji.example>
|
| kyuuka desu
=> taken by=address ticket=1 answered
outbox 4: staff-copy suzuki@example.jp

# One that says nothing in its header at all, but answers us.
mx tanaka@sakura-shoji.example {ticket:1} spf=pass
| From: tanaka@sakura-shoji.example
| Subject: 不在通知
| Message-ID: <oof2@sakura-shoji.example>
| In-Reply-To: <{id:1.3}>
|
| fuzai desu
=> taken by=address ticket=1 answered
outbox 5: staff-copy suzuki@example.jp
mx tanaka@sakura-shoji.example {ticket:1} spf=pass
| From: tanaka@sakura-shoji.example
| Subject: Auto: Re: q
| Message-ID: <oof3@sakura-shoji.example>
| References: <{id:1.3}>
|
| away
=> taken by=address ticket=1 answered
outbox 6: staff-copy suzuki@example.jp

# A person asks about the phishing SMS of that name: a ticket, and an answer.
mx yamada@midori.example sodan@example.jp spf=pass
| From: yamada@midori.example
| Subject: 【不在通知】という SMS が届きました
| Message-ID: <sms1@midori.example>
|
| hiraite mo daijoubu desu ka
=> taken by=new new ticket=2 open due=2026-11-26 10:00
outbox 7: staff-copy suzuki@example.jp
outbox 8: ack yamada@midori.example

# Just the word: a person or a machine? A ticket, so that somebody looks; no answer.
mx yamada@midori.example sodan@example.jp spf=pass
| From: yamada@midori.example
| Subject: 不在通知
| Message-ID: <sms2@midori.example>
|
| kore wa nan desu ka
=> taken by=new new ticket=3 open due=2026-11-26 10:00
outbox 9: staff-copy suzuki@example.jp

# Notifications and robots of all kinds.
mx noreply@service.example sodan@example.jp spf=pass
| From: Service <noreply@service.example>
| Subject: Your login code
| Message-ID: <nr@service.example>
|
| 123456
=> taken by=new new ticket=4 open due=2026-11-26 10:00
outbox 10: staff-copy suzuki@example.jp
mx news@shop.example sodan@example.jp spf=pass
| From: Shop <news@shop.example>
| Subject: Sale
| Feedback-ID: 12:campaign:shop
| Message-ID: <fb@shop.example>
|
| sale
=> taken by=new new ticket=5 open due=2026-11-26 10:00
outbox 11: staff-copy suzuki@example.jp
mx form@web.example sodan@example.jp spf=pass
| From: form@web.example
| Subject: Contact form
| Precedence: junk
| Message-ID: <form@web.example>
|
| form
=> taken by=new new ticket=6 open due=2026-11-26 10:00
outbox 12: staff-copy suzuki@example.jp
mx alice@corp.example sodan@example.jp spf=pass
| From: alice@corp.example
| Subject: Survey
| X-Auto-Response-Suppress: DR, OOF, AutoReply
| Message-ID: <sup@corp.example>
|
| survey
=> taken by=new new ticket=7 open due=2026-11-26 10:00
outbox 13: staff-copy suzuki@example.jp
mx ml-request@list.example sodan@example.jp spf=pass
| From: ml-request@list.example
| Subject: Welcome to ml
| Message-ID: <welcome@list.example>
|
| welcome
=> taken by=new new ticket=8 open due=2026-11-26 10:00
outbox 14: staff-copy suzuki@example.jp
mx x@old-ml.example sodan@example.jp spf=pass
| From: member@elsewhere.example
| Subject: [ml:00012] hi
| X-ML-Name: ml
| X-MLServer: fml
| Message-ID: <fml@old-ml.example>
|
| hi
=> taken by=new new ticket=9 open due=2026-11-26 10:00
outbox 15: staff-copy suzuki@example.jp

# A complaint of a feedback loop about our mail.
mx fbl@isp.example sodan@example.jp spf=pass
| From: fbl@isp.example
| Subject: abuse report
| Message-ID: <arf@isp.example>
| MIME-Version: 1.0
| Content-Type: multipart/report; report-type=feedback-report; boundary="B"
|
| --B
| Content-Type: text/plain
|
| abuse
| --B
| Content-Type: message/feedback-report
|
| Feedback-Type: abuse
|
| --B--
=> taken by=new new ticket=10 open due=2026-11-26 10:00
outbox 16: staff-copy suzuki@example.jp

# A postmaster who is a person, with a question.
mx postmaster@kogaisha.example sodan@example.jp spf=pass
| From: postmaster@kogaisha.example
| Subject: mail server ga osoi
| Message-ID: <pm@kogaisha.example>
|
| tasukete
=> taken by=new new ticket=11 open due=2026-11-26 10:00
outbox 17: staff-copy suzuki@example.jp

# A read receipt of our answer.
mx tanaka@sakura-shoji.example {ticket:1} spf=pass
| From: tanaka@sakura-shoji.example
| Subject: 開封済み: q
| Message-ID: <mdn@sakura-shoji.example>
| MIME-Version: 1.0
| Content-Type: multipart/report; report-type=disposition-notification; boundary="B"
|
| --B
| Content-Type: message/disposition-notification
|
| Disposition: manual-action/MDN-sent-manually; displayed
|
| --B--
=> taken by=address ticket=1 answered
outbox 18: staff-copy suzuki@example.jp

# A bounce that a server sent to From instead of the envelope sender, itself with
# a sender: our Message-ID in the returned header proves which mail it was.
at +30m
mx postmaster@mx.sakura-shoji.example sodan@example.jp spf=pass
| From: postmaster@mx.sakura-shoji.example
| Subject: Undeliverable: q
| Message-ID: <ndr@mx.sakura-shoji.example>
| MIME-Version: 1.0
| Content-Type: multipart/report; report-type=delivery-status; boundary="B"
|
| --B
| Content-Type: text/plain
|
| Your message did not reach the recipient.
| --B
| Content-Type: message/delivery-status
|
| Reporting-MTA: dns; mx.sakura-shoji.example
|
| Final-Recipient: rfc822; tanaka@sakura-shoji.example
| Action: failed
| Status: 5.1.1
|
| --B
| Content-Type: message/rfc822
|
| From: sodan@example.jp
| To: tanaka@sakura-shoji.example
| Subject: Re: [YOROZU #1] q
| Message-ID: <{id:1.3}>
|
| answer
| --B--
=> taken by=bounce ticket=1 open due=2026-11-26 10:00
outbox 19: notice delivery-failed suzuki@example.jp
fails failed_answer reopened

# The same shape with an id that we never made: nothing is proved, nothing changes.
submission suzuki {ticket:1}
| From: suzuki@example.jp
| To: {ticket:1}
| Subject: Re: q
| Message-ID: <reply2@pc>
| In-Reply-To: <first@sakura-shoji.example>
|
| answer again
=> taken by=address ticket=1 answered
outbox 20: reply tanaka@sakura-shoji.example
mx <> sodan@example.jp spf=pass
| From: postmaster@mx.evil.example
| Subject: Undeliverable: q
| Message-ID: <ndr2@mx.evil.example>
| MIME-Version: 1.0
| Content-Type: multipart/report; report-type=delivery-status; boundary="B"
|
| --B
| Content-Type: message/delivery-status
|
| Final-Recipient: rfc822; tanaka@sakura-shoji.example
| Action: failed
| Status: 5.1.1
|
| --B
| Content-Type: text/rfc822-headers
|
| Message-ID: <t1.o3.aaaaaaaaaaaaaaaa@example.jp>
|
| --B--
=> taken by=new ticket=0
outbox 21: staff-copy suzuki@example.jp

# Our own answer, passed on to us by a customer's forwarding rule: it joins and no
# machine answers.
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: sodan@example.jp
| Subject: [YOROZU #1] q
| Auto-Submitted: auto-replied
| Message-ID: <{id:1.2}>
|
| uketsukemashita
=> taken by=our-id ticket=1 answered
outbox 22: staff-copy suzuki@example.jp
