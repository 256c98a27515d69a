# More time, and the customer told of it; answers once more; nuisance mail (DESK-04, -06).
staff suzuki 鈴木 一郎
supervisor buchou 部長 太郎
at 2026-11-24 10:00
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: tanaka@sakura-shoji.example
| To: sodan@example.jp
| Subject: q
| Message-ID: <a1@sakura>
| Cc: kacho@sakura-shoji.example
|
| text
=> taken by=new new ticket=1 open due=2026-11-25 10:00
outbox 1: staff-copy buchou@example.jp,suzuki@example.jp
outbox 2: ack tanaka@sakura-shoji.example

# Only later, only in reply hours, only so far.
submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <e1@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 期限 11/25 9:30 早める
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 3: notice command-refused suzuki@example.jp
say ■ 1行目：期限 11/25 9:30 早める
say 　 今の回答期限 (11月25日(水) 10:00) より後の、これからの日時にしてください

submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <e2@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 期限 11/27 12:30 昼休み
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 4: notice command-refused suzuki@example.jp
say ■ 1行目：期限 11/27 12:30 昼休み
say 　 11月27日(金) 12:30 は回答時間の外です。近い時刻は 11月27日(金) 13:00 です

submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <e3@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 期限 12/10 12:00 長い
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 5: notice command-refused suzuki@example.jp
say ■ 1行目：期限 12/10 12:00 長い
say 　 延ばせるのは 5 営業日 (12月1日) までです。それより後にするときは、責任者
say 　 に依頼してください

submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <e4@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 期限 11/27 12:00
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 6: notice command-refused suzuki@example.jp
say ■ 1行目：期限 11/27 12:00
say 　 日時のあとに理由を書いてください。書き方：期限 日時 理由　例：期限 11/27
say 　 12:00 調査に時間が必要

submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <e5@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 期限 そのうち 理由
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 7: notice command-refused suzuki@example.jp
say ■ 1行目：期限 そのうち 理由
say 　 日時が読み取れません。書き方：期限 日時 理由　例：期限 11/27 12:00 調査に
say 　 時間が必要

# The delay is told to the customer and his colleague.
submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <e6@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 期限 11/27 12:00 ベンダーの回答待ち
=> taken by=address ticket=1 open due=2026-11-27 12:00
outbox 8: letter tanaka@sakura-shoji.example,kacho@sakura-shoji.example
outbox 9: notice command-done suzuki@example.jp
say ■ 期限 11/27 12:00 ベンダーの回答待ち
say 　 回答期限を 11月27日(金) 12:00 にしました (これまで：11月25日(水) 10:00)。
say 　 お客さま (tanaka@sakura-shoji.example、kacho@sakura-shoji.example) に新し
say 　 い期限をお知らせします。理由は記録にだけ残ります

submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <e7@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 延長 +2h もう少し
=> taken by=address ticket=1 open due=2026-11-27 15:00
outbox 10: letter tanaka@sakura-shoji.example,kacho@sakura-shoji.example
outbox 11: notice command-done suzuki@example.jp
say ■ 延長 +2h もう少し
say 　 回答期限を 11月27日(金) 15:00 にしました (これまで：11月27日(金) 12:00)。
say 　 お客さま (tanaka@sakura-shoji.example、kacho@sakura-shoji.example) に新し
say 　 い期限をお知らせします。理由は記録にだけ残ります

# A supervisor may put it off further; a whole day means its closing.
submission buchou {command:1}
| From: buchou@example.jp
| To: {command:1}
| Message-ID: <e8@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 保留 12/10 ベンダーの回答待ち
=> taken by=address ticket=1 open due=2026-12-10 17:30
outbox 12: letter tanaka@sakura-shoji.example,kacho@sakura-shoji.example
outbox 13: notice command-done buchou@example.jp
say ■ 保留 12/10 ベンダーの回答待ち
say 　 回答期限を 12月10日(木) 17:30 にしました (これまで：11月27日(金) 15:00)。
say 　 お客さま (tanaka@sakura-shoji.example、kacho@sakura-shoji.example) に新し
say 　 い期限をお知らせします。理由は記録にだけ残ります

# Nothing was sent yet.
submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <r0@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 再送
=> taken by=address ticket=1 open due=2026-12-10 17:30
outbox 14: notice command-refused suzuki@example.jp
say ■ 1行目：再送
say 　 お客さまに送った回答がまだありません

submission suzuki {ticket:1}
| From: suzuki@example.jp
| To: {ticket:1}
| Subject: Re: q
| Message-ID: <r1@pc>
| In-Reply-To: <a1@sakura>
|
| answer
=> taken by=address ticket=1 answered
outbox 15: reply tanaka@sakura-shoji.example,kacho@sakura-shoji.example
outbox 16: staff-copy buchou@example.jp

# Answered: no clock, no due time; the answer can go out again.
submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <e9@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 期限 3営業日 まだ足りない
=> taken by=address ticket=1 answered
outbox 17: notice command-refused suzuki@example.jp
say ■ 1行目：期限 3営業日 まだ足りない
say 　 お客さまへの回答待ちではないため、回答期限がありません

submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <r2@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 再送
=> taken by=address ticket=1 answered
outbox 18: reply tanaka@sakura-shoji.example,kacho@sakura-shoji.example
outbox 19: notice command-done suzuki@example.jp
say ■ 再送
say 　 11月24日(火) 10:00 の回答を、もう一度 tanaka@sakura-shoji.example、
say 　 kacho@sakura-shoji.example に送ります

submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <r3@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 再送 控え
=> taken by=address ticket=1 answered
outbox 20: staff-copy suzuki@example.jp
outbox 21: notice command-done suzuki@example.jp
say ■ 再送 控え
say 　 お客さまのメールの控え 1 通をあなたに送ります

submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <r4@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 再送 全部
=> taken by=address ticket=1 answered
outbox 22: notice command-refused suzuki@example.jp
say ■ 1行目：再送 全部
say 　 「全部」は分かりません。お客さまへの回答をもう一度送るときは「再送」、あ
say 　 なたに控えを送るときは「再送 控え」と書いてください

# A nuisance: closed, his next mail is kept and starts nothing, no new
# acknowledgement after the window either.
mx spam@elsewhere.example sodan@example.jp spf=pass
| From: spam@elsewhere.example
| To: sodan@example.jp
| Subject: buy
| Message-ID: <s1@x>
|
| text
=> taken by=new new ticket=2 open due=2026-11-25 10:00
outbox 23: staff-copy buchou@example.jp,suzuki@example.jp
outbox 24: ack spam@elsewhere.example

submission suzuki {command:2}
| From: suzuki@example.jp
| To: {command:2}
| Message-ID: <s1@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 迷惑
=> taken by=address ticket=2 closed
outbox 25: notice command-done suzuki@example.jp
say ■ 迷惑
say 　 迷惑として完了にしました。差出人からのメールがこの相談に届いても再開しま
say 　 せん。「再開」で元に戻せます

mx spam@elsewhere.example {ticket:2} spf=pass
| From: spam@elsewhere.example
| To: {ticket:2}
| Subject: Re: buy
| Message-ID: <s2@x>
|
| text
=> taken by=address ticket=2 closed
outbox 26: staff-copy buchou@example.jp,suzuki@example.jp

at +40d
mx spam@elsewhere.example {ticket:2} spf=pass
| From: spam@elsewhere.example
| To: {ticket:2}
| Subject: Re: buy
| Message-ID: <s3@x>
|
| text
=> taken by=address new ticket=3 open due=2027-01-04 17:30 previous=2
outbox 27: staff-copy buchou@example.jp,suzuki@example.jp

# It was a customer after all.
submission suzuki {command:2}
| From: suzuki@example.jp
| To: {command:2}
| Message-ID: <s3@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 再開
=> taken by=address ticket=2 open due=2026-11-25 10:00
outbox 28: notice command-done suzuki@example.jp
say ■ 再開
say 　 再開しました。回答期限は 11月25日(水) 10:00 です

mx spam@elsewhere.example {ticket:2} spf=pass
| From: spam@elsewhere.example
| To: {ticket:2}
| Subject: Re: buy
| Message-ID: <s4@x>
|
| text
=> taken by=address ticket=2 open due=2026-11-25 10:00
outbox 29: staff-copy buchou@example.jp,suzuki@example.jp

