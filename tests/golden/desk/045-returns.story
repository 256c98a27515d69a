# Returns that follow no standard, told by their words alone, at an address that
# nobody could guess; and a delay, which is no failure yet.
staff suzuki 鈴木 一郎
at 2026-11-24 10:00
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: tanaka@sakura-shoji.example
| Subject: q
| Message-ID: <first@sakura-shoji.example>
|
| help
=> taken by=new new ticket=1 open due=2026-11-25 10:00
outbox 1: staff-copy suzuki@example.jp
outbox 2: ack tanaka@sakura-shoji.example
submission suzuki {ticket:1}
| From: suzuki@example.jp
| To: {ticket:1}
| Subject: Re: q
| Message-ID: <reply@pc>
| In-Reply-To: <first@sakura-shoji.example>
|
| answer
=> taken by=address ticket=1 answered
outbox 3: reply tanaka@sakura-shoji.example

# Still on its way: nothing changes.
at +1h
mx <> {bounce:3} spf=pass
| From: MAILER-DAEMON@relay.example
| Subject: Delayed Mail (still being retried)
| Message-ID: <delay@relay.example>
|
| Your message could not be delivered for more than 4 hour(s).
| It will be retried until it is 5 day(s) old.
|
| <tanaka@sakura-shoji.example>: connect to mx: Connection timed out
=> taken by=bounce ticket=1 answered

# A gateway's letter without null sender, daemon or report.
at +1h
mx post@gateway.example {bounce:3} spf=pass
| From: Mail gateway <post@gateway.example>
| Subject: Message not delivered
| Message-ID: <letter@gateway.example>
|
| Your message was not delivered to the following recipients:
|
|   tanaka@sakura-shoji.example
|   550 5.1.1 User unknown
=> taken by=bounce ticket=1 open due=2026-11-25 10:00
outbox 4: notice delivery-failed suzuki@example.jp
fails failed_answer reopened
