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
# the same. A colleague in Cc has it from Postfix already; who may think that he
# answered is told that he did not.
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
outbox 5: notice note-only sato@example.jp

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
outbox 6: staff-copy mori@example.jp,suzuki@example.jp
outbox 7: notice note-only sato@example.jp

# An answer in which a note's words stand without the mark is held; what the
# customer wrote himself may be quoted.
at +1h
submission sato {note:1}
| From: sato@example.jp
| To: {note:1}
| Subject: Re: [YOROZU #1] q
| Message-ID: <n4@pc>
|
| their administrator has left the old accounts open
| do not tell the president yet
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 8: staff-copy mori@example.jp,suzuki@example.jp
mx tanaka@sakura-shoji.example {ticket:1} spf=pass
| From: Tanaka <tanaka@sakura-shoji.example>
| To: {ticket:1}
| Subject: Re: q
| Message-ID: <second@sakura-shoji.example>
|
| our mail server sends spam at night, and we do not know why
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 9: staff-copy mori@example.jp,sato@example.jp,suzuki@example.jp
submission suzuki {ticket:1}
| From: suzuki@example.jp
| To: {ticket:1}
| Subject: Re: [YOROZU #1] q
| Message-ID: <a1@pc>
| In-Reply-To: <second@sakura-shoji.example>
|
| please change all passwords
|
| > Their administrator has left
| > the old accounts open
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 10: held reply tanaka@sakura-shoji.example
outbox 11: notice reply-quotes-note suzuki@example.jp
submission suzuki {ticket:1}
| From: suzuki@example.jp
| To: {ticket:1}
| Subject: Re: [YOROZU #1] q
| Message-ID: <a2@pc>
| In-Reply-To: <second@sakura-shoji.example>
|
| please change all passwords
|
| > our mail server sends spam at night, and we do not know why
=> taken by=address ticket=1 answered
outbox 12: reply tanaka@sakura-shoji.example
outbox 13: staff-copy mori@example.jp,sato@example.jp

# One word sends the first one all the same; from then on the customer knows it.
submission suzuki {held:10}
| From: suzuki@example.jp
| To: {held:10}
| Subject: Re: held
| Message-ID: <a3@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 送信
=> taken by=released ticket=1 answered
outbox 14: staff-copy mori@example.jp,sato@example.jp
outbox 15: notice held-answer suzuki@example.jp
submission suzuki {ticket:1}
| From: suzuki@example.jp
| To: {ticket:1}
| Subject: Re: [YOROZU #1] q
| Message-ID: <a4@pc>
| In-Reply-To: <second@sakura-shoji.example>
|
| Their administrator has left the old accounts open
=> taken by=address ticket=1 answered
outbox 16: reply tanaka@sakura-shoji.example
outbox 17: staff-copy mori@example.jp,sato@example.jp

# It holds a note's words, and a colleague was faster: one mail says both.
submission sato {ticket:1}
| From: sato@example.jp
| To: {ticket:1}
| Subject: Re: [YOROZU #1] q
| Message-ID: <a5@pc>
| In-Reply-To: <second@sakura-shoji.example>
|
| do not tell the president yet
=> taken by=address ticket=1 answered
outbox 18: held reply tanaka@sakura-shoji.example
outbox 19: notice reply-quotes-note sato@example.jp
