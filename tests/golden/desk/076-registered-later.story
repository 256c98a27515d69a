# A ticket that began before its customer was registered has his contract from the
# next mail of his on, or from the next answer, also one sent again (DESK-17).
staff suzuki 鈴木 一郎
at 2026-11-24 10:00
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: tanaka@sakura-shoji.example
| Subject: q
| Message-ID: <t1@sakura>
|
| text
=> taken by=new new ticket=1 open due=2026-11-25 10:00
outbox 1: staff-copy suzuki@example.jp
outbox 2: ack tanaka@sakura-shoji.example
mx yamada@momiji.example sodan@example.jp spf=pass
| From: yamada@momiji.example
| Subject: q
| Message-ID: <y1@momiji>
|
| text
=> taken by=new new ticket=2 open due=2026-11-25 10:00
outbox 3: staff-copy suzuki@example.jp
outbox 4: ack yamada@momiji.example
submission suzuki {ticket:1}
| From: suzuki@example.jp
| To: {ticket:1}
| Message-ID: <r1@pc>
| In-Reply-To: <t1@sakura>
|
| answer
=> taken by=address ticket=1 answered
outbox 5: reply tanaka@sakura-shoji.example
contract 1 -

# He is registered: the answer goes again.
company N111111111 sakura-shoji.example
company N222222222 momiji.example
submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <c1@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 再送
=> taken by=address ticket=1 answered
outbox 6: reply tanaka@sakura-shoji.example
outbox 7: notice command-done suzuki@example.jp
say ■ 再送
say 　 11月24日(火) 10:00 の回答を、もう一度 tanaka@sakura-shoji.example に送り
say 　 ます
contract 1 N111111111

# By the next mail: the contract is that of those who take part, not of a sender
# for whom nothing speaks.
mx x@sakura-shoji.example {ticket:2} spf=fail
| From: x@sakura-shoji.example
| To: {ticket:2}
| Subject: q
| Message-ID: <x1@sakura>
|
| text
=> taken by=address newcomer ticket=2 open due=2026-11-25 10:00
outbox 8: staff-copy suzuki@example.jp
contract 2 N222222222
