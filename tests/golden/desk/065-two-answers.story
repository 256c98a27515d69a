# Two staff answer the same mail: the second is told first (DESK-07).
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

# Sato was writing meanwhile: held, and he gets both.
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

# Another word than the two changes nothing.
submission sato {held:5}
| From: sato@example.jp
| To: {held:5}
| Subject: Re: held
| Message-ID: <s3@pc>
|
| hm, let me think
=> taken by=address ticket=1 answered
outbox 7: notice held-answer sato@example.jp

# A colleague can't decide for him.
submission suzuki {held:5}
| From: suzuki@example.jp
| To: {held:5}
| Subject: Re: held
| Message-ID: <s4@pc>
|
| 送信
=> taken by=address ticket=1 answered
outbox 8: notice held-answer suzuki@example.jp

submission sato {held:5}
| From: sato@example.jp
| To: {held:5}
| Subject: Re: held
| Message-ID: <s5@pc>
|
| 送信
|
| > the quoted notice
=> taken by=released ticket=1 answered
outbox 9: staff-copy suzuki@example.jp
outbox 10: notice held-answer sato@example.jp

# Saying it twice sends it once.
submission sato {held:5}
| From: sato@example.jp
| To: {held:5}
| Subject: Re: held
| Message-ID: <s6@pc>
|
| 送信
=> taken by=address ticket=1 answered
outbox 11: notice held-answer sato@example.jp

# Who answers a colleague's answer has seen it.
submission suzuki {ticket:1}
| From: suzuki@example.jp
| To: {ticket:1}
| Subject: Re: [YOROZU #1] q
| Message-ID: <s7@pc>
| References: <first@sakura-shoji.example> <s2@pc>
|
| one more thing
=> taken by=address ticket=1 answered
outbox 12: reply tanaka@sakura-shoji.example
outbox 13: staff-copy sato@example.jp

# Written a day ago, stuck in a laptop: held however late.
at +1d
submission sato {ticket:1}
| From: sato@example.jp
| To: {ticket:1}
| Date: Tue, 24 Nov 2026 09:30:00 +0900
| Subject: Re: [YOROZU #1] q
| Message-ID: <s8@pc>
| In-Reply-To: <first@sakura-shoji.example>
|
| from the train
=> taken by=address ticket=1 answered
outbox 14: held reply tanaka@sakura-shoji.example
outbox 15: notice reply-collision sato@example.jp
