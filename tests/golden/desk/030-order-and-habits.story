# Mails that arrive in the wrong order, and what mail clients do to threads.
staff suzuki 鈴木 一郎
at 2026-11-27 18:10

# The answer to a mail that has not arrived yet opens the ticket…
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: tanaka@sakura-shoji.example
| Subject: Re: log
| Message-ID: <b@sakura-shoji.example>
| References: <a@sakura-shoji.example>
|
| here is the rest
=> taken by=new new ticket=1 open due=2026-11-30 17:30
outbox 1: staff-copy suzuki@example.jp
outbox 2: ack tanaka@sakura-shoji.example

# …and the mail it answered joins it when it comes at last.
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: tanaka@sakura-shoji.example
| Subject: log
| Message-ID: <a@sakura-shoji.example>
|
| here is the log
=> taken by=quoted-earlier ticket=1 open due=2026-11-30 17:30
outbox 3: staff-copy suzuki@example.jp

# A client that drops References and rewrites the subject, but answers to the
# address it was given.
mx tanaka@sakura-shoji.example {ticket:1} spf=none
| From: tanaka@sakura-shoji.example
| Subject: henshin
| Message-ID: <c@phone>
|
| from my phone
=> taken by=address ticket=1 open due=2026-11-30 17:30
outbox 4: staff-copy suzuki@example.jp

# Upper case, as some gateways make it.
mx tanaka@sakura-shoji.example SODAN@EXAMPLE.JP spf=none
| From: TANAKA@SAKURA-SHOJI.EXAMPLE
| Subject: RE: RE: LOG
| Message-ID: <d@phone>
| References: <x@unknown> <{id:1.2}> <y@unknown>
|
| answering the acknowledgement
=> taken by=our-id ticket=1 open due=2026-11-30 17:30
outbox 5: staff-copy suzuki@example.jp

# Forwarded to a colleague at another company who answers to our address: the
# ticket address is a capability, he was given it; staff see that he is new there.
mx helper@partner.example {ticket:1} spf=pass
| From: helper@partner.example
| Subject: Fwd: log
| Message-ID: <f@partner.example>
|
| I can tell you more
=> taken by=address newcomer ticket=1 open due=2026-11-30 17:30
outbox 6: staff-copy suzuki@example.jp

# No Message-ID, no Date, no Subject at all.
mx keitai@docomo.ne.jp sodan@example.jp spf=pass
| From: keitai@docomo.ne.jp
|
| tasukete
=> taken by=new new ticket=2 open due=2026-11-30 17:30
outbox 7: staff-copy suzuki@example.jp
outbox 8: ack keitai@docomo.ne.jp

# The same again after some minutes is a repeat of the delivery…
at +10m
mx keitai@docomo.ne.jp sodan@example.jp spf=pass
| From: keitai@docomo.ne.jp
|
| tasukete
=> taken duplicate ticket=2 open due=2026-11-30 17:30

# …but two days later it is a new cry for help.
at +2d
mx keitai@docomo.ne.jp sodan@example.jp spf=pass
| From: keitai@docomo.ne.jp
|
| tasukete
=> taken by=new new ticket=3 open due=2026-11-30 17:30
outbox 9: staff-copy suzuki@example.jp
outbox 10: ack keitai@docomo.ne.jp
