# A note stays among staff, whatever a client makes of To and Cc (DESK-06).
staff suzuki 鈴木 一郎
staff sato 佐藤 花子
staff mori 森 次郎
at 2026-11-24 10:00
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: Tanaka <tanaka@sakura-shoji.example>
| To: sodan@example.jp
| Subject: q
| Message-ID: <first@sakura-shoji.example>
|
| help
=> taken by=new new ticket=1 open due=2026-11-25 10:00
outbox 1: staff-copy mori@example.jp,sato@example.jp,suzuki@example.jp
outbox 2: ack tanaka@sakura-shoji.example

# A plain note: colleagues get it, the clock goes on.
submission suzuki {note:1}
| From: suzuki@example.jp
| To: {note:1}
| Subject: Re: [YOROZU #1] q
| Message-ID: <n1@pc>
|
| looks like phishing to me
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 3: staff-copy mori@example.jp,sato@example.jp

# "Reply to all" puts the ticket address and the customer beside it: a note all
# the same. A colleague in Cc has it from Postfix already.
submission sato {ticket:1},{note:1},tanaka@sakura-shoji.example,mori@example.jp
| From: sato@example.jp
| To: {ticket:1}, tanaka@sakura-shoji.example
| Cc: {note:1}, mori@example.jp
| Subject: Re: [YOROZU #1] q
| Message-ID: <n2@pc>
| In-Reply-To: <first@sakura-shoji.example>
|
| do we know this company?
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 4: staff-copy suzuki@example.jp

# The note address only in the header, the customer alone in the envelope.
submission sato tanaka@sakura-shoji.example
| From: sato@example.jp
| To: tanaka@sakura-shoji.example
| Cc: {note:1}
| Subject: Re: [YOROZU #1] q
| Message-ID: <n3@pc>
| In-Reply-To: <first@sakura-shoji.example>
|
| between us
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 5: staff-copy mori@example.jp,suzuki@example.jp
