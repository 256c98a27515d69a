# Calls that staff log by mail (DESK-13).
staff suzuki 鈴木 一郎
staff sato 佐藤 花子
at 2026-11-24 15:00
company N123456789 sakura-shoji.example 株式会社さくら商事 田中太郎 03-1234-5678
company N987654321 momiji.example もみじ製作所株式会社 楓秋子 06-1111-2222
company N111111111 momiji-osaka.example もみじ製作所株式会社 楓冬子 06-1111-2222

# The form is to be had with one word.
submission suzuki {command:0}
| From: suzuki@example.jp
| To: {command:0}
| Subject: x
| Message-ID: <p1@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 電話
=> taken by=none ticket=0
outbox 1: notice command-done suzuki@example.jp
say ■ 電話
say 　 下の用紙に記入して、お送りください

# A call with a promise: a ticket, its contract by name, its due time as promised.
submission suzuki sodan@example.jp
| From: suzuki@example.jp
| To: sodan@example.jp
| Subject: 電話
| Message-ID: <p2@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 会社：㈱さくら商事
| 氏名：田中
| 電話番号：０３-１２３４-５６７８
| 開始：14:00
| 終了：14:42
| 内容：画面に警告が出て消えない。
| 　LANケーブルを抜くようご案内した。
| 折り返し：11/25 14:00
=> taken by=none ticket=1 open due=2026-11-25 14:00
outbox 2: staff-copy sato@example.jp
outbox 3: notice command-done suzuki@example.jp
say ■ 電話
say 　 電話を相談 #1 として記録しました
say 　 契約：株式会社さくら商事 (N123456789)
say 　 折り返しの期限：11月25日(水) 14:00 (済んだら「#1 電話済」)
say 　 1回30分の目安を超えています (42分)

# The same mail again logs nothing again.
submission suzuki sodan@example.jp
| From: suzuki@example.jp
| To: sodan@example.jp
| Subject: 電話
| Message-ID: <p2@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 会社：㈱さくら商事
| 氏名：田中
| 電話番号：０３-１２３４-５６７８
| 開始：14:00
| 終了：14:42
| 内容：画面に警告が出て消えない。
| 　LANケーブルを抜くようご案内した。
| 折り返し：11/25 14:00
=> taken duplicate ticket=1 open due=2026-11-25 14:00

# The colleague calls back, and says so in a note.
at 2026-11-25 13:30
submission sato {note:1}
| From: sato@example.jp
| To: {note:1}
| Subject: Re: 電話
| Message-ID: <p3@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 電話済
| 再起動で消えたとのこと。
=> taken by=address ticket=1 answered
outbox 4: notice command-done sato@example.jp
say ■ 電話済
say 　 折り返しの電話を済みにし、回答期限を止めました
outbox 5: staff-copy suzuki@example.jp

# He calls again; another promise, within a business day.
submission sato {command:1}
| From: sato@example.jp
| To: {command:1}
| Subject: x
| Message-ID: <p4@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 電話
| 内容：また出たとのこと。調べて折り返す。
| 折り返し：要
=> taken by=address ticket=1 open due=2026-11-26 13:30
outbox 6: staff-copy suzuki@example.jp
outbox 7: notice command-done sato@example.jp
say ■ 電話
say 　 電話を相談 #1 に記録しました
say 　 折り返しの期限：11月26日(木) 13:30 (済んだら「#1 電話済」)

# The call back is logged: that ends it as well.
submission sato {command:0}
| From: sato@example.jp
| To: {command:0}
| Subject: x
| Message-ID: <p5@pc>
| Content-Type: text/plain; charset=UTF-8
|
| #1 電話
| 解決した。
=> taken by=none ticket=1 answered
outbox 8: staff-copy suzuki@example.jp
outbox 9: notice command-done sato@example.jp
say ■ #1 電話
say 　 電話を相談 #1 に記録しました

# A form that can't be read changes nothing and comes back with what is wrong.
submission suzuki {command:0}
| From: suzuki@example.jp
| To: {command:0}
| Subject: x
| Message-ID: <p6@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 電話
| 会社：もみじ製作所
| 折り返し：そのうち
=> taken by=none ticket=0
outbox 10: notice command-refused suzuki@example.jp
say ■ 1行目：電話
say 　 「折り返し」 (そのうち)：日時が読み取れません。例：11/27 14:00、明日 10
say 　 時、要、なし
say 　 「内容」：何の電話だったかを書いてください
say 　 下の用紙を直して、もう一度お送りください

# Not at night, not without such a colleague.
submission suzuki {command:0}
| From: suzuki@example.jp
| To: {command:0}
| Subject: 電話
| Message-ID: <p7@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 会社：もみじ製作所
| 内容：x
| 折り返し：11/26 20:00
=> taken by=none ticket=0
outbox 11: notice command-refused suzuki@example.jp
say ■ 1行目：電話
say 　 「折り返し」(11月26日(木) 20:00) は回答時間の外です。近い時刻は 11月27日
say 　 (金) 9:30 です。下の用紙を直して、もう一度お送りください
submission suzuki {command:0}
| From: suzuki@example.jp
| To: {command:0}
| Subject: 電話
| Message-ID: <p8@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 会社：もみじ製作所
| 内容：x
| 担当：yamada
=> taken by=none ticket=0
outbox 12: notice command-refused suzuki@example.jp
say ■ 1行目：電話
say 　 「yamada」にあたる職員が決まりません。担当にできる職員：sato (佐藤 花
say 　 子)、suzuki (鈴木 一郎)

# Two contracts have that name. With an address, an answer by mail is possible;
# the form was filled in where it was quoted.
submission suzuki {command:0}
| From: suzuki@example.jp
| To: {command:0}
| Subject: =?UTF-8?B?UmU6IOOAkOaTjeS9nOOBrue1kOaenOOAkQ==?=
| Message-ID: <p9@pc>
| Content-Type: text/plain; charset=UTF-8
|
| > 電話
| > 会社：もみじ製作所
| > 氏名：楓
| > メール：kaede@gmail.example
| > 担当：佐藤
| > 内容：不審なメールの件
=> taken by=none ticket=2 answered
outbox 13: staff-copy sato@example.jp
outbox 14: notice command-done suzuki@example.jp
say ■ 電話
say 　 電話を相談 #2 として記録しました
say 　 契約が決まりません (候補：もみじ製作所株式会社 (N111111111)、もみじ製作所
say 　 株式会社 (N987654321))
say 　 kaede@gmail.example にメールで回答するときは、
say 　 {ticket:2} あてに送ってください
submission sato {ticket:2}
| From: sato@example.jp
| To: {ticket:2}
| Subject: お電話の件
| Message-ID: <r1@pc>
| Content-Type: text/plain; charset=UTF-8
|
| お電話でお話しした件です。
=> taken by=address ticket=2 answered
outbox 15: reply kaede@gmail.example
outbox 16: staff-copy suzuki@example.jp

# A promise put off: there is nobody to write to on ticket 1.
submission sato {command:1}
| From: sato@example.jp
| To: {command:1}
| Message-ID: <p10@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 電話
| 内容：明日かけ直す
| 折り返し：明日 10時
=> taken by=address ticket=1 open due=2026-11-26 10:00
outbox 17: staff-copy suzuki@example.jp
outbox 18: notice command-done sato@example.jp
say ■ 電話
say 　 電話を相談 #1 に記録しました
say 　 折り返しの期限：11月26日(木) 10:00 (済んだら「#1 電話済」)
submission sato {command:1}
| From: sato@example.jp
| To: {command:1}
| Message-ID: <p11@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 期限 11/27 14:00 先方が不在
=> taken by=address ticket=1 open due=2026-11-27 14:00
outbox 19: notice command-done sato@example.jp
say ■ 期限 11/27 14:00 先方が不在
say 　 回答期限を 11月27日(金) 14:00 にしました (これまで：11月26日(木) 10:00)。
say 　 お客さまのメールアドレスがないため、お知らせは送りません。理由は記録にだ
say 　 け残ります

# The monthly list was worked through: a line a call, whoever asked for it.
at +1d
submission suzuki {command:0}
| From: suzuki@example.jp
| To: {command:0}
| Message-ID: <p12@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 電話済 N111111111 お変わりなし
| 架電済 N987654321
=> taken by=none ticket=0
outbox 20: notice command-done suzuki@example.jp
say ■ 電話済 N111111111 お変わりなし
say 　 もみじ製作所株式会社 (N111111111) への電話を、相談 #3 (完了) として記録し
say 　 ました
say ■ 架電済 N987654321
say 　 もみじ製作所株式会社 (N987654321) への電話を、相談 #4 (完了) として記録し
say 　 ました

# Nobody has that number; and of which ticket? Nothing is done.
submission suzuki {command:0}
| From: suzuki@example.jp
| To: {command:0}
| Message-ID: <p13@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 電話済 N111111111 お変わりなし
| 電話済 N000000000
=> taken by=none ticket=0
outbox 21: notice command-refused suzuki@example.jp
say ■ 2行目：電話済 N000000000
say 　 お客様番号 N000000000 の契約はありません
submission suzuki {command:0}
| From: suzuki@example.jp
| To: {command:0}
| Message-ID: <p14@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 電話済
=> taken by=none ticket=0
outbox 22: notice command-refused suzuki@example.jp
say ■ 1行目：電話済
say 　 どの電話か分かりません。折り返しは「#12 電話済」、お客さまへの架電は「電
say 　 話済 N123456789」のように書いてください
