# Kinds of consultation and their standard texts by command (DESK-06, -08).
staff suzuki 鈴木 一郎
staff sato 佐藤 花子
at 2026-11-24 10:00
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: tanaka@sakura-shoji.example
| To: sodan@example.jp
| Subject: q
| Message-ID: <a1@sakura>
|
| text
=> taken by=new new ticket=1 open due=2026-11-25 10:00
outbox 1: staff-copy sato@example.jp,suzuki@example.jp
outbox 2: ack tanaka@sakura-shoji.example

submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <k1@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 分類 ランサム
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 3: notice command-done suzuki@example.jp
say ■ 分類 ランサム
say 　 分類を「6 ランサムウェア」にしました (これまで：なし)

submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <k2@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 分類１
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 4: notice command-done suzuki@example.jp
say ■ 分類１
say 　 分類を「1 インシデントまたはその疑い」にしました (これまで：6 ランサム
say 　 ウェア)

submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <k3@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 分類 ランサヌウェア
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 5: notice command-refused suzuki@example.jp
say ■ 1行目：分類 ランサヌウェア
say 　 「ランサヌウェア」という分類は決まりません。近いもの：6 ランサムウェア、1
say 　 インシデントまたはその疑い

submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <k4@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 分類 なし
| 定型
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 6: notice command-refused suzuki@example.jp
say ■ 2行目：定型
say 　 どの定型文か分かりません。「定型 ランサム」のように書くか、先に分類を決め
say 　 てください

# The text of the kind: an answer, so the clock stops.
submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <k5@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 分類 ランサム
| 定型
=> taken by=address ticket=1 answered
outbox 7: letter tanaka@sakura-shoji.example
outbox 8: notice command-done suzuki@example.jp
say ■ 分類 ランサム
say 　 分類を「6 ランサムウェア」にしました (これまで：1 インシデントまたはその
say 　 疑い)
say ■ 定型
say 　 定型文「6 ランサムウェア」を回答として tanaka@sakura-shoji.example に送り
say 　 ます

# A colleague who had not seen it is told; a second text is not sent by mistake.
submission sato {ticket:1}
| From: sato@example.jp
| To: {ticket:1}
| Subject: Re: q
| Message-ID: <r1@pc>
| In-Reply-To: <a1@sakura>
|
| answer
=> taken by=address ticket=1 answered
outbox 9: held reply tanaka@sakura-shoji.example
outbox 10: notice reply-collision sato@example.jp

submission sato {command:1}
| From: sato@example.jp
| To: {command:1}
| Message-ID: <k6@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 定型 ランサム
=> taken by=address ticket=1 answered
outbox 11: notice command-refused sato@example.jp
say ■ 1行目：定型 ランサム
say 　 回答待ちのメールがありません (すでに回答済みか、完了しています)。それでも
say 　 送るときは「定型 6 送信」と書いてください

submission sato {command:1}
| From: sato@example.jp
| To: {command:1}
| Message-ID: <k7@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 定型 ランサム 送信
=> taken by=address ticket=1 answered
outbox 12: letter tanaka@sakura-shoji.example
outbox 13: notice command-done sato@example.jp
say ■ 定型 ランサム 送信
say 　 定型文「6 ランサムウェア」を回答として tanaka@sakura-shoji.example に送り
say 　 ます

# It comes back: the ticket is open again, with its clock as it stood.
mx <> {bounce:7}
| From: MAILER-DAEMON@sakura-shoji.example
| To: {bounce:7}
| Subject: Undelivered
| Message-ID: <d1@sakura>
| MIME-Version: 1.0
| Content-Type: multipart/report; report-type=delivery-status; boundary=B
|
| --B
| Content-Type: text/plain
|
| failed
| --B
| Content-Type: message/delivery-status
|
| Reporting-MTA: dns; mx.sakura-shoji.example
|
| Final-Recipient: rfc822; tanaka@sakura-shoji.example
| Action: failed
| Status: 5.1.1
|
| --B--
=> taken by=bounce ticket=1 open due=2026-11-25 10:00
outbox 14: notice delivery-failed sato@example.jp,suzuki@example.jp
fails failed_answer reopened
