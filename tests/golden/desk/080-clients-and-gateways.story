# What mail clients, gateways and lists do to a thread (DESK-02).
staff suzuki 鈴木 一郎
at 2026-11-25 10:00
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: Tanaka <tanaka@sakura-shoji.example>
| To: sodan@example.jp
| Subject: fushin na mail
| Message-ID: <TY1PR01@sakura-shoji.example>
| Thread-Topic: fushin na mail
| Thread-Index: AdxaKk8w1fXB1sVzQ0qYk8nYxw3bXA==
|
| tasukete kudasai
=> taken by=new new ticket=1 open due=2026-11-26 10:00
outbox 1: staff-copy suzuki@example.jp
outbox 2: ack tanaka@sakura-shoji.example

# Outlook drops References and has a Message-ID of its own, but keeps the
# conversation: the first 22 bytes of Thread-Index.
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: Tanaka <tanaka@sakura-shoji.example>
| To: sodan@example.jp
| Subject: RE: fushin na mail
| Message-ID: <TY1PR02@sakura-shoji.example>
| Thread-Topic: fushin na mail
| Thread-Index: AdxaKk8w1fXB1sVzQ0qYk8nYxw3bXAAAAQIDBA==
|
| tsuika desu
=> taken by=conversation ticket=1 open due=2026-11-26 10:00
outbox 3: staff-copy suzuki@example.jp

# A stranger who copied the conversation's index gets a ticket of his own.
mx mallory@evil.example sodan@example.jp spf=pass
| From: mallory@evil.example
| Subject: RE: fushin na mail
| Message-ID: <m1@evil.example>
| Thread-Index: AdxaKk8w1fXB1sVzQ0qYk8nYxw3bXAAAAQIDBA==
|
| let me in
=> taken by=new new ticket=2 open due=2026-11-26 10:00
outbox 4: staff-copy suzuki@example.jp
outbox 5: ack mallory@evil.example

# Junk in Thread-Index is none.
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: Tanaka <tanaka@sakura-shoji.example>
| Subject: betsu no hanashi
| Message-ID: <new1@sakura-shoji.example>
| Thread-Index: Acd=
|
| another matter
=> taken by=new new ticket=3 open due=2026-11-26 10:00
outbox 6: staff-copy suzuki@example.jp
outbox 7: ack tanaka@sakura-shoji.example

# The same mail over a list that adds a footer and rewrites To: no second ticket.
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: Tanaka <tanaka@sakura-shoji.example>
| To: soumu@sakura-shoji.example
| Subject: [soumu:12] fushin na mail
| Message-ID: <TY1PR01@sakura-shoji.example>
|
| tasukete kudasai
| --
| soumu mailing list
=> taken by=same-id ticket=1 open due=2026-11-26 10:00
outbox 8: staff-copy suzuki@example.jp

# An id that a careless program gives every mail, used by somebody else.
mx other@elsewhere.example sodan@example.jp spf=pass
| From: other@elsewhere.example
| Subject: hello
| Message-ID: <TY1PR01@sakura-shoji.example>
|
| hello
=> taken by=new new ticket=4 open due=2026-11-26 10:00
outbox 9: staff-copy suzuki@example.jp
outbox 10: ack other@elsewhere.example

# A gateway took the plus part from the envelope; To still has it.
mx tanaka@sakura-shoji.example sodan@example.jp spf=none
| From: Tanaka <tanaka@sakura-shoji.example>
| To: "Desk" <{ticket:1}>
| Subject: re
| Message-ID: <gw1@sakura-shoji.example>
|
| via gateway
=> taken by=address ticket=1 open due=2026-11-26 10:00
outbox 11: staff-copy suzuki@example.jp

# The sending service gave our answer an id of its own; the customer's answer
# quotes that, which we never saw, but goes to the address in Reply-To.
submission suzuki {ticket:1}
| From: suzuki@example.jp
| To: {ticket:1}
| Subject: Re: [YOROZU #1] fushin na mail
| Message-ID: <r1@pc>
| In-Reply-To: <TY1PR01@sakura-shoji.example>
|
| answer
=> taken by=address ticket=1 answered
outbox 12: reply tanaka@sakura-shoji.example
mx tanaka@sakura-shoji.example {ticket:1} spf=pass
| From: Tanaka <tanaka@sakura-shoji.example>
| To: {ticket:1}
| Subject: Re: [YOROZU #1] fushin na mail
| Message-ID: <ses1@sakura-shoji.example>
| In-Reply-To: <0106019ab-0001@ap-northeast-1.amazonses.example>
| References: <0106019ab-0001@ap-northeast-1.amazonses.example>
|
| wakarimashita
=> taken by=address ticket=1 open due=2026-11-26 10:00
outbox 13: staff-copy suzuki@example.jp

# Neither thread nor address survived; the number in the subject did, in the
# full-width letters of a Japanese keyboard and behind a pile of prefixes.
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: Tanaka <tanaka@sakura-shoji.example>
| To: sodan@example.jp
| Subject: 返信：転送：Re2: AW: SV: 回复: ［ＹＯＲＯＺＵ　＃１］ fushin na mail
| Message-ID: <fw1@sakura-shoji.example>
|
| zenkaku
=> taken by=subject ticket=1 open due=2026-11-26 10:00
outbox 14: staff-copy suzuki@example.jp

# Written into an old mail of the same thread with a new subject: it stays there,
# staff can split it off.
mx tanaka@sakura-shoji.example {ticket:1} spf=pass
| From: Tanaka <tanaka@sakura-shoji.example>
| To: {ticket:1}
| Subject: Password no koto
| Message-ID: <reuse@sakura-shoji.example>
| In-Reply-To: <{id:1.2}>
|
| quite another question
=> taken by=address ticket=1 open due=2026-11-26 10:00
outbox 15: staff-copy suzuki@example.jp

# Two tickets named at once: the signed address decides.
mx tanaka@sakura-shoji.example {ticket:1} spf=pass
| From: Tanaka <tanaka@sakura-shoji.example>
| To: {ticket:1}
| Subject: Re: [YOROZU #3] both
| Message-ID: <both@sakura-shoji.example>
| References: <new1@sakura-shoji.example> <TY1PR01@sakura-shoji.example>
|
| about both
=> taken by=address ticket=1 open due=2026-11-26 10:00
outbox 16: staff-copy suzuki@example.jp

# Among several references the newest decides.
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: Tanaka <tanaka@sakura-shoji.example>
| Subject: both again
| Message-ID: <both2@sakura-shoji.example>
| References: <TY1PR01@sakura-shoji.example> <new1@sakura-shoji.example>
|
| about both
=> taken by=references ticket=3 open due=2026-11-26 10:00
outbox 17: staff-copy suzuki@example.jp

# His boss, who never wrote before, forwards the acknowledgement from his phone,
# without any thread, upper case in the address.
mx kacho@sakura-shoji.example SODAN@EXAMPLE.JP spf=pass
| From: kacho@SAKURA-SHOJI.EXAMPLE
| Subject: Fwd: [yorozu#1] fushin na mail
| Message-ID: <boss@phone>
|
| onegai shimasu
=> taken by=subject ticket=1 open due=2026-11-26 10:00
outbox 18: staff-copy suzuki@example.jp

# A phone whose carrier lets nothing through but the address.
mx 09012345678@docomo.ne.jp sodan@example.jp spf=pass
| From: 09012345678@docomo.ne.jp
| Subject: shitsumon
|
| smartphone no koto
=> taken by=new new ticket=5 open due=2026-11-26 10:00
outbox 19: staff-copy suzuki@example.jp
outbox 20: ack 09012345678@docomo.ne.jp
mx 09012345678@docomo.ne.jp {ticket:5} spf=none
| From: 09012345678@docomo.ne.jp
| Subject: Re:
|
| arigatou
=> taken by=address ticket=5 open due=2026-11-26 10:00
outbox 21: staff-copy suzuki@example.jp

# Longer ago than the window: a new ticket that points back, whatever led to it.
close 1
at +31d
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: Tanaka <tanaka@sakura-shoji.example>
| Subject: Re: [YOROZU #1] fushin na mail
| Message-ID: <late@sakura-shoji.example>
|
| again
=> taken by=subject new ticket=6 open due=2026-12-28 17:30 previous=1
outbox 22: staff-copy suzuki@example.jp
outbox 23: ack tanaka@sakura-shoji.example
