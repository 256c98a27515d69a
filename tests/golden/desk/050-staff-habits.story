# Staff answer from ordinary clients, in all the ways clients do it.
staff suzuki 鈴木 一郎
staff sato 佐藤 花子
at 2026-12-28 16:30
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: Tanaka <tanaka@sakura-shoji.example>
| To: sodan@example.jp
| Cc: kacho@sakura-shoji.example, sato@example.jp
| Subject: q
| Message-ID: <first@sakura-shoji.example>
|
| help
=> taken by=new new ticket=1 open due=2027-01-04 16:30
outbox 1: staff-copy sato@example.jp,suzuki@example.jp
outbox 2: ack tanaka@sakura-shoji.example

# "Reply to all": the customer's colleagues get the answer, a colleague of ours
# gets the mail as it is.
submission suzuki {ticket:1},kacho@sakura-shoji.example,sato@example.jp
| From: suzuki@example.jp
| To: {ticket:1}
| Cc: kacho@sakura-shoji.example, sato@example.jp
| Subject: Re: [YOROZU #1] q
| Message-ID: <r1@pc>
| In-Reply-To: <first@sakura-shoji.example>
|
| answer
=> taken by=address ticket=1 answered
outbox 3: reply tanaka@sakura-shoji.example,kacho@sakura-shoji.example

at +2h
# Sent straight to the customer instead of the ticket: caught by its thread, so
# that the staff address stays inside.
submission sato tanaka@sakura-shoji.example
| From: sato@example.jp
| To: tanaka@sakura-shoji.example
| Subject: Re: [YOROZU #1] q
| Message-ID: <r2@pc>
| References: <first@sakura-shoji.example>
|
| one more answer
=> taken by=references ticket=1 answered
outbox 4: reply tanaka@sakura-shoji.example,kacho@sakura-shoji.example
outbox 5: staff-copy suzuki@example.jp

# A fresh mail to the consultation address belongs to no ticket: he is asked.
submission sato sodan@example.jp
| From: sato@example.jp
| To: sodan@example.jp
| Subject: which one
| Message-ID: <r3@pc>
|
| hm
=> taken by=none ticket=0
outbox 6: notice no-ticket sato@example.jp

# His ordinary mail is none of ours.
submission sato friend@elsewhere.example
| From: sato@example.jp
| To: friend@elsewhere.example
| Subject: lunch
| Message-ID: <r4@pc>
|
| 12:30?
=> pass

# A login that is no staff member may not speak for the desk.
submission nobody {ticket:1}
| From: nobody@example.jp
| To: {ticket:1}
| Subject: Re: q
| Message-ID: <r5@pc>
|
| hi
=> refused 550 This login may not write to the consultation desk

# Done; a follow-up within the window reopens, long after it is a new one.
at 2027-01-04 10:00
close 1
at +10d
mx tanaka@sakura-shoji.example {ticket:1} spf=pass
| From: Tanaka <tanaka@sakura-shoji.example>
| Subject: Re: q
| Message-ID: <t2@sakura-shoji.example>
|
| again
=> taken by=address reopened ticket=1 open due=2027-01-15 10:00
outbox 7: staff-copy sato@example.jp,suzuki@example.jp
close 1
at +40d
mx tanaka@sakura-shoji.example {ticket:1} spf=pass
| From: Tanaka <tanaka@sakura-shoji.example>
| Subject: Re: q
| Message-ID: <t3@sakura-shoji.example>
|
| and again
=> taken by=address new ticket=2 open due=2027-02-24 17:30 previous=1
outbox 8: staff-copy sato@example.jp,suzuki@example.jp
outbox 9: ack tanaka@sakura-shoji.example
