# A call-back that was promised goes with its ticket into another, and an answer to
# the mail there does not end it; one that is overdue shortens no new mail's time
# (DESK-04, -06, -13).
staff suzuki 鈴木 一郎
at 2026-11-24 10:00
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: tanaka@sakura-shoji.example
| To: sodan@example.jp
| Subject: p
| Message-ID: <p1@sakura>
|
| text
=> taken by=new new ticket=1 open due=2026-11-25 10:00
outbox 1: staff-copy suzuki@example.jp
outbox 2: ack tanaka@sakura-shoji.example

submission suzuki {ticket:1}
| From: suzuki@example.jp
| To: {ticket:1}
| Subject: Re: p
| Message-ID: <r1@pc>
| In-Reply-To: <p1@sakura>
|
| answer
=> taken by=address ticket=1 answered
outbox 3: reply tanaka@sakura-shoji.example

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
outbox 4: notice command-done suzuki@example.jp
say ■ 電話
say 　 電話を相談 #1 に記録しました
say 　 折り返しの期限：11月27日(金) 10:00 (済んだら「#1 電話済」)

at +1h
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: tanaka@sakura-shoji.example
| To: sodan@example.jp
| Subject: q
| Message-ID: <q1@sakura>
|
| text
=> taken by=new new ticket=2 open due=2026-11-25 11:00
outbox 5: staff-copy suzuki@example.jp
outbox 6: ack tanaka@sakura-shoji.example

submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <c2@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 統合 #2
=> taken by=address ticket=2 open due=2026-11-25 11:00
outbox 7: notice command-done suzuki@example.jp
say ■ 統合 #2
say 　 #1 を #2 に統合しました。メール 4 通を移し、以後 #1 あてのメールも #2 に
say 　 入ります。お客さま：tanaka@sakura-shoji.example

# The mail is answered: what is left is the call.
submission suzuki {ticket:2}
| From: suzuki@example.jp
| To: {ticket:2}
| Subject: Re: q
| Message-ID: <r2@pc>
| In-Reply-To: <q1@sakura>
|
| answer
=> taken by=address ticket=2 open due=2026-11-27 10:00
outbox 8: reply tanaka@sakura-shoji.example

# Nobody called; a new mail has its business day.
at 2026-11-27 10:40
mx tanaka@sakura-shoji.example {ticket:2} spf=pass
| From: tanaka@sakura-shoji.example
| To: {ticket:2}
| Subject: q
| Message-ID: <q2@sakura>
|
| text
=> taken by=address ticket=2 open due=2026-11-30 10:40
outbox 9: staff-copy suzuki@example.jp

# The call is made: whoever was spoken to has his answer.
submission suzuki {command:2}
| From: suzuki@example.jp
| To: {command:2}
| Message-ID: <c3@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 電話済
=> taken by=address ticket=2 answered
outbox 10: notice command-done suzuki@example.jp
say ■ 電話済
say 　 折り返しの電話を済みにし、回答期限を止めました
