# A held answer is released after the customer wrote again: what he wrote since
# has no answer by it, and its clock runs on (DESK-07).
staff suzuki 鈴木 一郎
staff sato 佐藤 花子
at 2026-11-24 10:00
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: Tanaka <tanaka@sakura-shoji.example>
| To: sodan@example.jp
| Subject: q
| Message-ID: <first@sakura-shoji.example>
|
| help
=> taken by=new new ticket=1 open due=2026-11-25 10:00
outbox 1: staff-copy sato@example.jp,suzuki@example.jp
outbox 2: ack tanaka@sakura-shoji.example

at +10m
submission suzuki {ticket:1}
| From: suzuki@example.jp
| To: {ticket:1}
| Subject: Re: [YOROZU #1] q
| Message-ID: <s1@pc>
| In-Reply-To: <first@sakura-shoji.example>
|
| pull the cable
=> taken by=address ticket=1 answered
outbox 3: reply tanaka@sakura-shoji.example
outbox 4: staff-copy sato@example.jp

at +5m
submission sato {ticket:1}
| From: sato@example.jp
| To: {ticket:1}
| Subject: Re: [YOROZU #1] q
| Message-ID: <s2@pc>
| In-Reply-To: <first@sakura-shoji.example>
|
| restart it
=> taken by=address ticket=1 answered
outbox 5: held reply tanaka@sakura-shoji.example
outbox 6: notice reply-collision sato@example.jp

at +1h
mx tanaka@sakura-shoji.example {ticket:1} spf=pass
| From: Tanaka <tanaka@sakura-shoji.example>
| To: {ticket:1}
| Subject: Re: q
| Message-ID: <second@sakura-shoji.example>
|
| and now?
=> taken by=address ticket=1 open due=2026-11-25 11:15
outbox 7: staff-copy sato@example.jp,suzuki@example.jp

at +5m
submission sato {held:5}
| From: sato@example.jp
| To: {held:5}
| Subject: Re: held
| Message-ID: <s3no@pc>
|
| 送信
| ただし、金額を直してから送ってください。
=> taken by=address ticket=1 open due=2026-11-25 11:15
outbox 8: notice held-answer sato@example.jp
submission sato {held:5}
| From: sato@example.jp
| To: {held:5}
| Subject: Re: held
| Message-ID: <s3@pc>
|
| 送信
=> taken by=released ticket=1 open due=2026-11-25 11:15
outbox 9: staff-copy suzuki@example.jp
outbox 10: notice held-answer sato@example.jp

# The answer to it stops it.
at +5m
submission sato {ticket:1}
| From: sato@example.jp
| To: {ticket:1}
| Subject: Re: q
| Message-ID: <s4@pc>
| In-Reply-To: <second@sakura-shoji.example>
|
| now it is done
=> taken by=address ticket=1 answered
outbox 11: reply tanaka@sakura-shoji.example
outbox 12: staff-copy suzuki@example.jp

# Held because a note stands in it, while the mail it answers waits: released, the
# clock is the newer mail's.
at 2026-11-25 10:00
mx tanaka@sakura-shoji.example {ticket:1} spf=pass
| From: Tanaka <tanaka@sakura-shoji.example>
| To: {ticket:1}
| Subject: Re: q
| Message-ID: <third@sakura-shoji.example>
|
| which account?
=> taken by=address ticket=1 open due=2026-11-26 10:00
outbox 13: staff-copy sato@example.jp,suzuki@example.jp
submission suzuki {note:1}
| From: suzuki@example.jp
| To: {note:1}
| Message-ID: <n1@pc>
|
| The customer's administrator account was taken over in spring already, be careful.
=> taken by=address ticket=1 open due=2026-11-26 10:00
outbox 14: staff-copy sato@example.jp
submission sato {ticket:1}
| From: sato@example.jp
| To: {ticket:1}
| Subject: Re: q
| Message-ID: <s5@pc>
| In-Reply-To: <third@sakura-shoji.example>
|
| Use another one.
|
| > The customer's administrator account was taken over in spring already, be careful.
=> taken by=address ticket=1 open due=2026-11-26 10:00
outbox 15: held reply tanaka@sakura-shoji.example
outbox 16: notice reply-quotes-note sato@example.jp
at +1h
mx tanaka@sakura-shoji.example {ticket:1} spf=pass
| From: Tanaka <tanaka@sakura-shoji.example>
| To: {ticket:1}
| Subject: Re: q
| Message-ID: <fourth@sakura-shoji.example>
|
| and the printer?
=> taken by=address ticket=1 open due=2026-11-26 10:00
outbox 17: staff-copy sato@example.jp,suzuki@example.jp
submission sato {held:15}
| From: sato@example.jp
| To: {held:15}
| Subject: Re: held
| Message-ID: <s6@pc>
|
| 送信
=> taken by=released ticket=1 open due=2026-11-26 11:00
outbox 18: staff-copy suzuki@example.jp
outbox 19: notice held-answer sato@example.jp
