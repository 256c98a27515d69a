# A call-back that was promised is reminded of whatever is mailed meanwhile, and a
# mail that comes while it is promised has a due time of its own (DESK-04, -13).
staff suzuki 鈴木 一郎
at 2026-11-24 10:00
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: tanaka@sakura-shoji.example
| To: sodan@example.jp
| Subject: q
| Message-ID: <t1@sakura>
|
| text
=> taken by=new new ticket=1 open due=2026-11-25 10:00
outbox 1: staff-copy suzuki@example.jp
outbox 2: ack tanaka@sakura-shoji.example

at +10m
submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <c1@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 電話
| 内容：調べて折り返す。
| 折り返し：11/27 10:00
=> taken by=address ticket=1 open due=2026-11-27 10:00
outbox 3: notice command-done suzuki@example.jp
say ■ 電話
say 　 電話を相談 #1 に記録しました
say 　 折り返しの期限：11月27日(金) 10:00 (済んだら「#1 電話済」)

# The mail is answered; the call is still to be made.
submission suzuki {ticket:1}
| From: suzuki@example.jp
| To: {ticket:1}
| Subject: Re: q
| Message-ID: <r1@pc>
| In-Reply-To: <t1@sakura>
|
| answer
=> taken by=address ticket=1 open due=2026-11-27 10:00
outbox 4: reply tanaka@sakura-shoji.example

# Another answer does not change that.
submission suzuki {ticket:1}
| From: suzuki@example.jp
| To: {ticket:1}
| Subject: Re: q
| Message-ID: <r2@pc>
| In-Reply-To: <t1@sakura>
|
| more
=> taken by=address ticket=1 open due=2026-11-27 10:00
outbox 5: reply tanaka@sakura-shoji.example


# Put off to three weeks; a new question is due in a business day all the same.
at +1h
submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <c2@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 電話
| 内容：調べて折り返す。
| 折り返し：12/15 10:00
=> taken by=address ticket=1 open due=2026-12-15 10:00
outbox 6: notice command-done suzuki@example.jp
say ■ 電話
say 　 電話を相談 #1 に記録しました
say 　 折り返しの期限：12月15日(火) 10:00 (済んだら「#1 電話済」)

at 2026-11-25 11:00
mx tanaka@sakura-shoji.example {ticket:1} spf=pass
| From: tanaka@sakura-shoji.example
| To: {ticket:1}
| Subject: q
| Message-ID: <t2@sakura>
|
| text
=> taken by=address ticket=1 open due=2026-11-26 11:00
outbox 7: staff-copy suzuki@example.jp

at +1h
mx tanaka@sakura-shoji.example {ticket:1} spf=pass
| From: tanaka@sakura-shoji.example
| To: {ticket:1}
| Subject: q
| Message-ID: <t3@sakura>
|
| text
=> taken by=address ticket=1 open due=2026-11-26 11:00
outbox 8: staff-copy suzuki@example.jp

# Both of them become tickets of their own: what is left is the call.
submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Subject: Re: q
| Message-ID: <c3@pc>
| Content-Type: text/plain; charset=UTF-8
|
| #1 分割
| #1 分割
=> taken by=address ticket=1 open due=2026-12-15 10:00
outbox 9: staff-copy suzuki@example.jp
outbox 10: staff-copy suzuki@example.jp
outbox 11: notice command-done suzuki@example.jp
say ■ #1 分割
say 　 「q」を新しい相談 #2 に分けました。回答期限は 11月26日(木) 12:00 です。控
say 　 えをお送りします
say ■ #1 分割
say 　 「q」を新しい相談 #3 に分けました。回答期限は 11月26日(木) 11:00 です。控
say 　 えをお送りします

# A mail that is due after the call does not put the call off; answered, the call waits still.
at 2026-12-14 17:00
mx tanaka@sakura-shoji.example {ticket:1} spf=pass
| From: tanaka@sakura-shoji.example
| To: {ticket:1}
| Subject: q
| Message-ID: <t4@sakura>
|
| text
=> taken by=address ticket=1 open due=2026-12-15 10:00
outbox 12: staff-copy suzuki@example.jp

submission suzuki {ticket:1}
| From: suzuki@example.jp
| To: {ticket:1}
| Subject: Re: q
| Message-ID: <r3@pc>
| In-Reply-To: <t4@sakura>
|
| answer
=> taken by=address ticket=1 open due=2026-12-15 10:00
outbox 13: reply tanaka@sakura-shoji.example

# That answer comes back: the mail waits again.
mx <> {bounce:13} spf=pass
| From: MAILER-DAEMON@mx.example
| Subject: Undelivered Mail
| Message-ID: <b1@mx.example>
|
| Your message was not delivered to the following recipients:
|
|   tanaka@sakura-shoji.example
|   550 5.1.1 User unknown
=> taken by=bounce ticket=1 open due=2026-12-15 10:00
outbox 14: notice delivery-failed suzuki@example.jp
fails failed_answer reopened
# The call ends it all.
at 2026-12-15 09:45
submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Subject: Re: q
| Message-ID: <c4@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 電話済
=> taken by=address ticket=1 answered
outbox 15: notice command-done suzuki@example.jp
say ■ 電話済
say 　 折り返しの電話を済みにし、回答期限を止めました

