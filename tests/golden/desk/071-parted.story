# Answers from copies that staff got before tickets were parted: they go to whom
# they answer, on the ticket where that mail is now (DESK-05, -06).
staff suzuki 鈴木 一郎
staff sato 佐藤 花子
company N111111111 sakura-shoji.example
at 2026-11-24 10:00
mx aoki@sakura-shoji.example sodan@example.jp spf=pass
| From: aoki@sakura-shoji.example
| To: sodan@example.jp
| Subject: q of aoki
| Message-ID: <a1@sakura-shoji.example>
|
| text
=> taken by=new new ticket=1 open due=2026-11-25 10:00
outbox 1: staff-copy sato@example.jp,suzuki@example.jp
outbox 2: ack aoki@sakura-shoji.example

at +10m
mx baba@sakura-shoji.example {ticket:1} spf=pass
| From: baba@sakura-shoji.example
| To: {ticket:1}
| Subject: q of baba
| Message-ID: <b1@sakura-shoji.example>
|
| text
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 3: staff-copy sato@example.jp,suzuki@example.jp

mx aoki@sakura-shoji.example {ticket:1} spf=pass
| From: aoki@sakura-shoji.example
| To: {ticket:1}
| Subject: q of aoki
| Message-ID: <a2@sakura-shoji.example>
|
| text
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 4: staff-copy sato@example.jp,suzuki@example.jp

# One answer to B before the split.
submission suzuki {ticket:1}
| From: suzuki@example.jp
| To: {ticket:1}
| Subject: Re: q
| Message-ID: <r0@pc>
| In-Reply-To: <b1@sakura-shoji.example>
|
| first answer
=> taken by=address ticket=1 answered
outbox 5: reply baba@sakura-shoji.example
outbox 6: staff-copy sato@example.jp

at +1h
mx baba@sakura-shoji.example {ticket:1} spf=pass
| From: baba@sakura-shoji.example
| To: {ticket:1}
| Subject: q of baba
| Message-ID: <b2@sakura-shoji.example>
|
| text
=> taken by=address ticket=1 open due=2026-11-25 11:10
outbox 7: staff-copy sato@example.jp,suzuki@example.jp

submission sato {command:1}
| From: sato@example.jp
| To: {command:1}
| Subject: Re: q
| Message-ID: <c1@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 分割 2
=> taken by=address ticket=1 open due=2026-11-25 11:10
outbox 8: staff-copy sato@example.jp,suzuki@example.jp
outbox 9: notice command-done sato@example.jp
say ■ 分割 2
say 　 「q of baba」を新しい相談 #2 に分けました。回答期限は 11月25日(水) 10:10
say 　 です。控えをお送りします
# From the copy of before: Reply-To is #1, the mail is #2's.
at +30m
submission suzuki {ticket:1}
| From: suzuki@example.jp
| To: {ticket:1}
| Subject: Re: q
| Message-ID: <r1@pc>
| In-Reply-To: <b1@sakura-shoji.example>
|
| for B
=> taken by=moved ticket=2 answered previous=1
outbox 10: reply baba@sakura-shoji.example
outbox 11: staff-copy sato@example.jp

# From the copy of the first answer, which answered a mail that is #2's now.
at +3h
submission sato {ticket:1}
| From: sato@example.jp
| To: {ticket:1}
| Subject: Re: q
| Message-ID: <r2@pc>
| In-Reply-To: <r0@pc>
|
| more for B
=> taken by=moved ticket=2 answered previous=1
outbox 12: reply baba@sakura-shoji.example
outbox 13: staff-copy suzuki@example.jp

# A mail that is still there is answered there; so is one that names nothing we know.
submission sato {ticket:1}
| From: sato@example.jp
| To: {ticket:1}
| Subject: Re: q
| Message-ID: <r3@pc>
| In-Reply-To: <a2@sakura-shoji.example>
|
| for A
=> taken by=address ticket=1 answered
outbox 14: reply aoki@sakura-shoji.example
outbox 15: staff-copy suzuki@example.jp

at +30m
submission sato {ticket:1}
| From: sato@example.jp
| To: {ticket:1}
| Subject: Re: q
| Message-ID: <r4@pc>
| In-Reply-To: <r3@pc>
|
| more for A, though B wrote last
=> taken by=address ticket=1 answered
outbox 16: reply aoki@sakura-shoji.example
outbox 17: staff-copy suzuki@example.jp

submission sato {ticket:1}
| From: sato@example.jp
| To: {ticket:1}
| Subject: Re: q
| Message-ID: <r5@pc>
| In-Reply-To: <unknown@pc>
|
| to who wrote last
=> taken by=address ticket=1 answered
outbox 18: reply baba@sakura-shoji.example
outbox 19: staff-copy suzuki@example.jp

# Two people joined by mistake, one answered meanwhile, and parted again.
at 2026-11-25 10:00
mx hana@free.example sodan@example.jp spf=pass
| From: hana@free.example
| To: sodan@example.jp
| Subject: q of hana
| Message-ID: <h1@free.example>
|
| text
=> taken by=new new ticket=3 open due=2026-11-26 10:00
outbox 20: staff-copy sato@example.jp,suzuki@example.jp
outbox 21: ack hana@free.example

mx jiro@other.example sodan@example.jp spf=pass
| From: jiro@other.example
| To: sodan@example.jp
| Subject: q of jiro
| Message-ID: <j1@other.example>
|
| text
=> taken by=new new ticket=4 open due=2026-11-26 10:00
outbox 22: staff-copy sato@example.jp,suzuki@example.jp
outbox 23: ack jiro@other.example

submission sato {command:3}
| From: sato@example.jp
| To: {command:3}
| Subject: Re: q
| Message-ID: <c2@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 統合 #4 強制
=> taken by=address ticket=4 open due=2026-11-26 10:00
outbox 24: notice command-done sato@example.jp
say ■ 統合 #4 強制
say 　 #3 を #4 に統合しました。メール 2 通を移し、以後 #3 あてのメールも #4 に
say 　 入ります。お客さま：hana@free.example、jiro@other.example

submission sato {ticket:3}
| From: sato@example.jp
| To: {ticket:3}
| Subject: Re: q
| Message-ID: <r6@pc>
| In-Reply-To: <h1@free.example>
|
| for H
=> taken by=address ticket=4 answered
outbox 25: reply hana@free.example
outbox 26: staff-copy suzuki@example.jp

submission sato {command:3}
| From: sato@example.jp
| To: {command:3}
| Subject: Re: q
| Message-ID: <c3@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 統合取消 #3
=> taken by=address ticket=4 answered
outbox 27: notice command-done sato@example.jp
say ■ 統合取消 #3
say 　 #3 を #4 から分け、元に戻しました (メール 2 通)。統合のあとに届いたメール
say 　 は #4 に残ります

at +30m
submission suzuki {ticket:4}
| From: suzuki@example.jp
| To: {ticket:4}
| Subject: Re: q
| Message-ID: <r7@pc>
| In-Reply-To: <r6@pc>
|
| more for H
=> taken by=moved ticket=3 answered
outbox 28: reply hana@free.example
outbox 29: staff-copy sato@example.jp

