# Nobody reaches a ticket that is not his: forged addresses, quoted numbers,
# quoted Message-IDs.
staff suzuki 鈴木 一郎
at 2026-11-24 10:00
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: tanaka@sakura-shoji.example
| Subject: virus?
| Message-ID: <first@sakura-shoji.example>
|
| help
=> taken by=new new ticket=1 open due=2026-11-25 10:00
outbox 1: staff-copy suzuki@example.jp
outbox 2: ack tanaka@sakura-shoji.example

# A stranger quotes the number.
mx mallory@evil.example sodan@example.jp spf=pass
| From: mallory@evil.example
| Subject: Re: [YOROZU #1] virus?
| Message-ID: <m1@evil.example>
|
| let me in
=> taken by=new new ticket=2 open due=2026-11-25 10:00
outbox 3: staff-copy suzuki@example.jp
outbox 4: ack mallory@evil.example

# He quotes the customer's Message-ID.
mx mallory@evil.example sodan@example.jp spf=pass
| From: mallory@evil.example
| Subject: Re: virus?
| Message-ID: <m2@evil.example>
| In-Reply-To: <first@sakura-shoji.example>
|
| let me in
=> taken by=new new ticket=3 open due=2026-11-25 10:00
outbox 5: staff-copy suzuki@example.jp
outbox 6: ack mallory@evil.example

# He invents a ticket address: it counts as the plain consultation address.
mx mallory@evil.example sodan+t1-aaaaaaaaaaaaaaaa@example.jp spf=pass
| From: mallory@evil.example
| Subject: hello
| Message-ID: <m3@evil.example>
|
| let me in
=> taken by=new new ticket=4 open due=2026-11-25 10:00
outbox 7: staff-copy suzuki@example.jp
outbox 8: ack mallory@evil.example

# He writes as the customer, but SPF says he is not: staff see it as a new
# ticket, and no answer goes to the one who did not write it.
mx tanaka@sakura-shoji.example sodan@example.jp spf=fail
| From: tanaka@sakura-shoji.example
| Subject: Re: [YOROZU #1] virus?
| Message-ID: <m4@evil.example>
| In-Reply-To: <first@sakura-shoji.example>
|
| let me in
=> taken by=new new ticket=5 open due=2026-11-25 10:00
outbox 9: staff-copy suzuki@example.jp

# A staff address in From proves nothing without a login.
mx suzuki@example.jp sodan@example.jp spf=none
| From: Suzuki <suzuki@example.jp>
| Subject: Re: [YOROZU #1] virus?
| Message-ID: <m5@evil.example>
|
| please send your password
=> taken by=new new ticket=6 open due=2026-11-25 10:00
outbox 10: staff-copy suzuki@example.jp

# The customer himself may quote his number in a fresh mail.
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: tanaka@sakura-shoji.example
| Subject: tsuika desu (yorozu ＃1)
| Message-ID: <second@sakura-shoji.example>
|
| one more thing
=> taken by=subject ticket=1 open due=2026-11-25 10:00
outbox 11: staff-copy suzuki@example.jp

# And his colleague who was in Cc and answers to all.
mx yamada@sakura-shoji.example sodan@example.jp spf=pass
| From: yamada@sakura-shoji.example
| To: tanaka@sakura-shoji.example
| Cc: sodan@example.jp
| Subject: RE: virus?
| Message-ID: <y1@sakura-shoji.example>
| References: <first@sakura-shoji.example>
|
| me too
=> taken by=references ticket=1 open due=2026-11-25 10:00
outbox 12: staff-copy suzuki@example.jp

# Two private people at one free mail provider are no colleagues.
mx a@gmail.com sodan@example.jp spf=pass
| From: a@gmail.com
| Subject: question
| Message-ID: <ga@mail.gmail.com>
|
| question
=> taken by=new new ticket=7 open due=2026-11-25 10:00
outbox 13: staff-copy suzuki@example.jp
outbox 14: ack a@gmail.com
mx b@gmail.com sodan@example.jp spf=pass
| From: b@gmail.com
| Subject: Re: question
| Message-ID: <gb@mail.gmail.com>
| In-Reply-To: <ga@mail.gmail.com>
|
| question
=> taken by=new new ticket=8 open due=2026-11-25 10:00
outbox 15: staff-copy suzuki@example.jp
outbox 16: ack b@gmail.com

# His envelope is his own, and SPF passes for that; From is the customer's. What
# can be guessed does not let him in: staff would answer into his Reply-To.
mx mallory@evil.example sodan@example.jp spf=pass
| From: tanaka@sakura-shoji.example
| Reply-To: mallory@evil.example
| Subject: Re: [YOROZU #1] virus?
| Message-ID: <m9@evil.example>
| In-Reply-To: <first@sakura-shoji.example>
|
| please answer to this address
=> taken by=new new ticket=9 open due=2026-11-25 10:00
outbox 17: staff-copy suzuki@example.jp
outbox 18: ack mallory@evil.example

# Nor does an envelope that the domain calls doubtful.
mx tanaka@sakura-shoji.example sodan@example.jp spf=softfail
| From: tanaka@sakura-shoji.example
| Subject: Re: [YOROZU #1] virus?
| Message-ID: <m10@evil.example>
|
| let me in
=> taken by=new new ticket=10 open due=2026-11-25 10:00
outbox 19: staff-copy suzuki@example.jp

# A company that publishes nothing is a customer as well.
mx tanaka@sakura-shoji.example sodan@example.jp spf=none
| From: tanaka@sakura-shoji.example
| Subject: [YOROZU #1]
| Message-ID: <t11@sakura-shoji.example>
|
| it is me
=> taken by=subject ticket=1 open due=2026-11-25 10:00
outbox 20: staff-copy suzuki@example.jp
