# Tickets joined, with mail to both addresses, and parted again (DESK-06, -14).
staff suzuki 鈴木 一郎
staff sato 佐藤 花子
company N111111111 sakura-shoji.example
company N222222222 momiji.example
at 2026-11-24 10:00
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: tanaka@sakura-shoji.example
| To: sodan@example.jp
| Subject: q1
| Message-ID: <a1@sakura>
|
| text
=> taken by=new new ticket=1 open due=2026-11-25 10:00
outbox 1: staff-copy sato@example.jp,suzuki@example.jp
outbox 2: ack tanaka@sakura-shoji.example

at +1h
mx kacho@sakura-shoji.example sodan@example.jp spf=pass
| From: kacho@sakura-shoji.example
| To: sodan@example.jp
| Subject: q2
| Message-ID: <b1@sakura>
|
| text
=> taken by=new new ticket=2 open due=2026-11-25 11:00
outbox 3: staff-copy sato@example.jp,suzuki@example.jp
outbox 4: ack kacho@sakura-shoji.example

# The second one is answered, then found to be the same matter as the first:
# #2 goes into #1, whose clock goes on.
submission sato {ticket:2}
| From: sato@example.jp
| To: {ticket:2}
| Subject: Re: q
| Message-ID: <r1@pc>
| In-Reply-To: <b1@sakura>
|
| answer
=> taken by=address ticket=2 answered
outbox 5: reply kacho@sakura-shoji.example
outbox 6: staff-copy suzuki@example.jp

submission suzuki {command:2}
| From: suzuki@example.jp
| To: {command:2}
| Message-ID: <m1@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 統合 #1
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 7: notice command-done suzuki@example.jp
say ■ 統合 #1
say 　 #2 を #1 に統合しました。メール 3 通を移し、以後 #2 あてのメールも #1 に
say 　 入ります。お客さま：tanaka@sakura-shoji.example、
say 　 kacho@sakura-shoji.example

# A customer still answers to the address he has, and a colleague's reply to the
# old copy finds the mail.
at +1h
mx kacho@sakura-shoji.example {ticket:2} spf=pass
| From: kacho@sakura-shoji.example
| To: {ticket:2}
| Subject: Re: q2
| Message-ID: <b2@sakura>
|
| text
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 8: staff-copy sato@example.jp,suzuki@example.jp

mx tanaka@sakura-shoji.example {ticket:1} spf=pass
| From: tanaka@sakura-shoji.example
| To: {ticket:1}
| Subject: Re: q1
| Message-ID: <a2@sakura>
|
| text
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 9: staff-copy sato@example.jp,suzuki@example.jp

# The number in a subject and a seen id lead there as well.
mx kacho@sakura-shoji.example sodan@example.jp spf=pass
| From: kacho@sakura-shoji.example
| To: sodan@example.jp
| Subject: Re: [YOROZU #2] q2
| Message-ID: <b3@sakura>
|
| text
=> taken by=subject ticket=1 open due=2026-11-25 10:00
outbox 10: staff-copy sato@example.jp,suzuki@example.jp

mx kacho@sakura-shoji.example sodan@example.jp spf=pass
| From: kacho@sakura-shoji.example
| To: sodan@example.jp
| Subject: Re: q2
| Message-ID: <b4@sakura>
| In-Reply-To: <b1@sakura>
|
| text
=> taken by=references ticket=1 open due=2026-11-25 10:00
outbox 11: staff-copy sato@example.jp,suzuki@example.jp

submission sato {ticket:2}
| From: sato@example.jp
| To: {ticket:2}
| Subject: Re: q
| Message-ID: <r2@pc>
| In-Reply-To: <b2@sakura>
|
| answer
=> taken by=address ticket=1 answered
outbox 12: reply kacho@sakura-shoji.example
outbox 13: staff-copy suzuki@example.jp

# Notes and commands at the old addresses too.
submission sato {note:2}
| From: sato@example.jp
| To: {note:2}
| Message-ID: <n1@pc>
| Content-Type: text/plain; charset=UTF-8
|
| old address
=> taken by=address ticket=1 answered
outbox 14: staff-copy suzuki@example.jp

submission sato {command:2}
| From: sato@example.jp
| To: {command:2}
| Message-ID: <m2@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 担当 sato
=> taken by=address ticket=1 answered
outbox 15: notice command-done sato@example.jp
say ■ 担当 sato
say 　 担当は 佐藤 花子 のままです (変更はありません)

# Merging what is merged, into itself, into nothing, and into another company's.
submission sato {command:2}
| From: sato@example.jp
| To: {command:2}
| Message-ID: <m3@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 統合 1
=> taken by=address ticket=1 answered
outbox 16: notice command-refused sato@example.jp
say ■ 1行目：統合 1
say 　 #1 は同じ相談です

submission sato {command:1}
| From: sato@example.jp
| To: {command:1}
| Message-ID: <m4@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 統合 ＃１
=> taken by=address ticket=1 answered
outbox 17: notice command-refused sato@example.jp
say ■ 1行目：統合 ＃１
say 　 #1 は同じ相談です

submission sato {command:1}
| From: sato@example.jp
| To: {command:1}
| Message-ID: <m5@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 統合 #99
=> taken by=address ticket=1 answered
outbox 18: notice command-refused sato@example.jp
say ■ 1行目：統合 #99
say 　 相談 #99 はありません

mx yamada@momiji.example sodan@example.jp spf=pass
| From: yamada@momiji.example
| To: sodan@example.jp
| Subject: q3
| Message-ID: <c1@momiji>
|
| text
=> taken by=new new ticket=3 open due=2026-11-25 12:00
outbox 19: staff-copy sato@example.jp,suzuki@example.jp
outbox 20: ack yamada@momiji.example

submission sato {command:1}
| From: sato@example.jp
| To: {command:1}
| Message-ID: <m6@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 統合 #3
=> taken by=address ticket=1 answered
outbox 21: notice command-refused sato@example.jp
say ■ 1行目：統合 #3
say 　 #3 とは契約が異なるため、統合できません

submission sato {command:1}
| From: sato@example.jp
| To: {command:1}
| Message-ID: <m7@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 統合 さくら
=> taken by=address ticket=1 answered
outbox 22: notice command-refused sato@example.jp
say ■ 1行目：統合 さくら
say 　 番号が読み取れません。書き方：統合 #番号 (強制)　例：統合 #123

# Undone: #2 is as it was; what came since stays with #1.
submission sato {command:1}
| From: sato@example.jp
| To: {command:1}
| Message-ID: <m8@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 統合取消
=> taken by=address ticket=1 answered
outbox 23: notice command-done sato@example.jp
say ■ 統合取消
say 　 #2 を #1 から分け、元に戻しました (メール 3 通)。統合のあとに届いたメール
say 　 は #1 に残ります

mx kacho@sakura-shoji.example {ticket:2} spf=pass
| From: kacho@sakura-shoji.example
| To: {ticket:2}
| Subject: Re: q2
| Message-ID: <b5@sakura>
|
| text
=> taken by=address ticket=2 open due=2026-11-25 12:00
outbox 24: staff-copy sato@example.jp,suzuki@example.jp

submission sato {command:1}
| From: sato@example.jp
| To: {command:1}
| Message-ID: <m9@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 統合取消
=> taken by=address ticket=1 answered
outbox 25: notice command-refused sato@example.jp
say ■ 1行目：統合取消
say 　 #1 に統合されたものはありません

# Two merges in a row come back in their order only; #1 keeps the clock, for the
# mail that came since waits there.
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: tanaka@sakura-shoji.example
| To: sodan@example.jp
| Subject: q4
| Message-ID: <d1@sakura>
|
| text
=> taken by=new new ticket=4 open due=2026-11-25 12:00
outbox 26: staff-copy sato@example.jp,suzuki@example.jp
outbox 27: ack tanaka@sakura-shoji.example

submission sato {command:0}
| From: sato@example.jp
| To: {command:0}
| Message-ID: <m10@pc>
| Content-Type: text/plain; charset=UTF-8
|
| #4 統合 #2
| #2 統合 #1
=> taken by=none ticket=0
outbox 28: notice command-done sato@example.jp
say ■ #4 統合 #2
say 　 #4 を #2 に統合しました。メール 1 通を移し、以後 #4 あてのメールも #2 に
say 　 入ります。お客さま：kacho@sakura-shoji.example、
say 　 tanaka@sakura-shoji.example
say ■ #2 統合 #1
say 　 #2 を #1 に統合しました。メール 5 通を移し、以後 #2 あてのメールも #1 に
say 　 入ります。お客さま：tanaka@sakura-shoji.example、
say 　 kacho@sakura-shoji.example

submission sato {command:4}
| From: sato@example.jp
| To: {command:4}
| Message-ID: <m11@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 統合取消 #4
=> taken by=address ticket=1 open due=2026-11-25 12:00
outbox 29: notice command-refused sato@example.jp
say ■ 1行目：統合取消 #4
say 　 先に #2 の統合を取り消してください

mx tanaka@sakura-shoji.example {ticket:4} spf=pass
| From: tanaka@sakura-shoji.example
| To: {ticket:4}
| Subject: Re: q4
| Message-ID: <d2@sakura>
|
| text
=> taken by=address ticket=1 open due=2026-11-25 12:00
outbox 30: staff-copy sato@example.jp,suzuki@example.jp

submission sato {command:4}
| From: sato@example.jp
| To: {command:4}
| Message-ID: <m12@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 統合取消 #2
| 統合取消 #4
=> taken by=address ticket=1 open due=2026-11-25 12:00
outbox 31: notice command-done sato@example.jp
say ■ 統合取消 #2
say 　 #2 を #1 から分け、元に戻しました (メール 5 通)。統合のあとに届いたメール
say 　 は #1 に残ります
say ■ 統合取消 #4
say 　 #4 を #2 から分け、元に戻しました (メール 1 通)。統合のあとに届いたメール
say 　 は #2 に残ります

mx tanaka@sakura-shoji.example {ticket:4} spf=pass
| From: tanaka@sakura-shoji.example
| To: {ticket:4}
| Subject: Re: q4
| Message-ID: <d3@sakura>
|
| text
=> taken by=address ticket=4 open due=2026-11-25 12:00
outbox 32: staff-copy sato@example.jp,suzuki@example.jp

# A mail about something else becomes a ticket of its own.
submission sato {command:4}
| From: sato@example.jp
| To: {command:4}
| Message-ID: <s1@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 分割
=> taken by=address ticket=4 open due=2026-11-25 12:00
outbox 33: staff-copy sato@example.jp,suzuki@example.jp
outbox 34: notice command-done sato@example.jp
say ■ 分割
say 　 「Re: q4」を新しい相談 #5 に分けました。回答期限は 11月25日(水) 12:00 で
say 　 す。控えをお送りします

mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: tanaka@sakura-shoji.example
| To: sodan@example.jp
| Subject: Re: q4
| Message-ID: <d4@sakura>
| In-Reply-To: <d3@sakura>
|
| text
=> taken by=references ticket=5 open due=2026-11-25 12:00 previous=4
outbox 35: staff-copy sato@example.jp,suzuki@example.jp

submission sato {command:4}
| From: sato@example.jp
| To: {command:4}
| Message-ID: <s2@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 分割 77
=> taken by=address ticket=4 open due=2026-11-25 12:00
outbox 36: notice command-refused sato@example.jp
say ■ 1行目：分割 77
say 　 お客さまのメールが1通だけの相談は分けられません

submission sato {command:3}
| From: sato@example.jp
| To: {command:3}
| Message-ID: <s3@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 分割
=> taken by=address ticket=3 open due=2026-11-25 12:00
outbox 37: notice command-refused sato@example.jp
say ■ 1行目：分割
say 　 お客さまのメールが1通だけの相談は分けられません


# Two people of whom nothing is known: not one customer until staff say so.
at 2026-11-26 10:00
mx hana@free.example sodan@example.jp spf=pass
| From: hana@free.example
| To: sodan@example.jp
| Subject: h
| Message-ID: <h1@free>
|
| text
=> taken by=new new ticket=6 open due=2026-11-27 10:00
outbox 38: staff-copy sato@example.jp,suzuki@example.jp
outbox 39: ack hana@free.example
mx jiro@other.example sodan@example.jp spf=pass
| From: jiro@other.example
| To: sodan@example.jp
| Subject: j
| Message-ID: <j1@other>
|
| text
=> taken by=new new ticket=7 open due=2026-11-27 10:00
outbox 40: staff-copy sato@example.jp,suzuki@example.jp
outbox 41: ack jiro@other.example
submission sato {command:7}
| From: sato@example.jp
| To: {command:7}
| Message-ID: <m20@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 統合 #6
=> taken by=address ticket=7 open due=2026-11-27 10:00
outbox 42: notice command-refused sato@example.jp
say ■ 1行目：統合 #6
say 　 #7 (jiro@other.example) と #6 (hana@free.example) は差出人が異なります。
say 　 同じお客さまと確かめたときだけ、「統合 #6 強制」と書いてください
submission sato {command:7}
| From: sato@example.jp
| To: {command:7}
| Message-ID: <m21@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 統合 #6 強制
=> taken by=address ticket=6 open due=2026-11-27 10:00
outbox 43: notice command-done sato@example.jp
say ■ 統合 #6 強制
say 　 #7 を #6 に統合しました。メール 3 通を移し、以後 #7 あてのメールも #6 に
say 　 入ります。お客さま：hana@free.example、jiro@other.example

# Then a letter and an answer still bear the subject of the one they go to.
submission sato {command:6}
| From: sato@example.jp
| To: {command:6}
| Message-ID: <m23@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 期限 11/27 15:00 調査中
=> taken by=address ticket=6 open due=2026-11-27 15:00
outbox 44: letter jiro@other.example
outbox 45: notice command-done sato@example.jp
say ■ 期限 11/27 15:00 調査中
say 　 回答期限を 11月27日(金) 15:00 にしました (これまで：11月27日(金) 10:00)。
say 　 お客さま (jiro@other.example) に新しい期限をお知らせします。理由は記録に
say 　 だけ残ります
subject 44 j
submission sato {ticket:6}
| From: sato@example.jp
| To: {ticket:6}
| Subject: Re: h
| Message-ID: <r20@pc>
| In-Reply-To: <h1@free>
|
| answer
=> taken by=address ticket=6 answered
outbox 46: reply hana@free.example
outbox 47: staff-copy suzuki@example.jp
subject 46 h

# Nor one with a contract and a stranger; a contract's other person is no stranger.
submission sato {command:7}
| From: sato@example.jp
| To: {command:7}
| Message-ID: <m22@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 統合 #1
=> taken by=address ticket=6 answered
outbox 48: notice command-refused sato@example.jp
say ■ 1行目：統合 #1
say 　 #6 (hana@free.example、jiro@other.example) と #1
say 　 (tanaka@sakura-shoji.example) は差出人が異なります。同じお客さまと確かめ
say 　 たときだけ、「統合 #1 強制」と書いてください
