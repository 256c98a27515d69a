# The reply clock (DESK-04): it runs from the oldest mail without an answer.
staff suzuki 鈴木 一郎
at 2026-11-20 16:30
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: tanaka@sakura-shoji.example
| Subject: q
| Message-ID: <c1@sakura-shoji.example>
|
| help
=> taken by=new new ticket=1 open due=2026-11-24 16:30
outbox 1: staff-copy suzuki@example.jp
outbox 2: ack tanaka@sakura-shoji.example

# More from him before the answer does not put it off.
at 2026-11-24 10:00
mx tanaka@sakura-shoji.example {ticket:1} spf=pass
| From: tanaka@sakura-shoji.example
| Subject: Re: q
| Message-ID: <c2@sakura-shoji.example>
|
| and another thing
=> taken by=address ticket=1 open due=2026-11-24 16:30
outbox 3: staff-copy suzuki@example.jp

# Nor does his vacation answer end or move it.
mx <> {ticket:1} spf=pass
| From: tanaka@sakura-shoji.example
| Subject: Automatic reply: q
| Message-ID: <c3@sakura-shoji.example>
| Auto-Submitted: auto-replied
|
| away
=> taken by=address ticket=1 open due=2026-11-24 16:30
outbox 4: staff-copy suzuki@example.jp

# A note is no answer.
submission suzuki {note:1}
| From: suzuki@example.jp
| To: {note:1}
| Subject: note
| Message-ID: <s1@pc>
|
| wait
=> taken by=address ticket=1 open due=2026-11-24 16:30

# The answer stops it.
submission suzuki {ticket:1}
| From: suzuki@example.jp
| To: {ticket:1}
| Subject: Re: q
| Message-ID: <s2@pc>
|
| answer
=> taken by=address ticket=1 answered
outbox 5: reply tanaka@sakura-shoji.example

# His next mail, in the last minute of the year, starts a new one.
at 2026-12-28 17:29
mx tanaka@sakura-shoji.example {ticket:1} spf=pass
| From: tanaka@sakura-shoji.example
| Subject: Re: q
| Message-ID: <c4@sakura-shoji.example>
|
| again
=> taken by=address ticket=1 open due=2027-01-04 17:29
outbox 6: staff-copy suzuki@example.jp
