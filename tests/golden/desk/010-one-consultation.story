# One consultation: a mail opens a ticket, staff answer, the customer writes back.
staff suzuki 鈴木 一郎
staff sato 佐藤 花子
at 2026-11-24 10:00
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: =?ISO-2022-JP?B?GyRCRURDZhsoQg==?= <tanaka@sakura-shoji.example>
| To: sodan@example.jp
| Subject: =?ISO-2022-JP?B?GyRCSVQ/MyRKJWEhPCVrGyhC?=
| Message-ID: <first@sakura-shoji.example>
| Date: Tue, 24 Nov 2026 09:59:58 +0900
|
| fushin na mail ga kimashita.
=> taken by=new new ticket=1 open due=2026-11-25 10:00
outbox 1: staff-copy sato@example.jp,suzuki@example.jp
outbox 2: ack tanaka@sakura-shoji.example

# The sender's server tries again, over another way: nothing more happens.
at +5m
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| Received: from backup.sakura-shoji.example by mx2
| From: =?ISO-2022-JP?B?GyRCRURDZhsoQg==?= <tanaka@sakura-shoji.example>
| To: sodan@example.jp
| Subject: =?ISO-2022-JP?B?GyRCSVQ/MyRKJWEhPCVrGyhC?=
| Message-ID: <first@sakura-shoji.example>
| Date: Tue, 24 Nov 2026 09:59:58 +0900
|
| fushin na mail ga kimashita.
=> taken duplicate ticket=1 open due=2026-11-25 10:00

# Staff answer to the Reply-To of their copy; the clock stops.
at +2h
submission suzuki {ticket:1}
| From: Suzuki <suzuki@example.jp>
| To: {ticket:1}
| Subject: Re: [YOROZU #1] fushin na mail
| Message-ID: <reply@pc-suzuki>
| In-Reply-To: <first@sakura-shoji.example>
| References: <first@sakura-shoji.example>
|
| Open shinai de kudasai.
=> taken by=address ticket=1 answered
outbox 3: reply tanaka@sakura-shoji.example
outbox 4: staff-copy sato@example.jp

# The customer thanks: it joins, and the clock runs again.
at +1d
mx tanaka@sakura-shoji.example {ticket:1} spf=pass
| From: Tanaka <tanaka@sakura-shoji.example>
| To: sodan@example.jp
| Subject: Re: [YOROZU #1] fushin na mail
| Message-ID: <second@sakura-shoji.example>
| In-Reply-To: <{id:1.3}>
|
| Arigatou gozaimasu.
=> taken by=address ticket=1 open due=2026-11-26 12:00
outbox 5: staff-copy sato@example.jp,suzuki@example.jp
