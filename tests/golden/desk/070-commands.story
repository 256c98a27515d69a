# Commands by mail: what is right is done and answered, what is wrong changes
# nothing (DESK-06).
staff suzuki 鈴木 一郎
staff sato 佐藤 花子
editor abe 阿部 京子
at 2026-11-24 10:00
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: Tanaka <tanaka@sakura-shoji.example>
| To: sodan@example.jp
| Subject: q
| Message-ID: <first@sakura-shoji.example>
|
| help
=> taken by=new new ticket=1 open due=2026-11-25 10:00
outbox 1: staff-copy sato@example.jp,suzuki@example.jp
outbox 2: ack tanaka@sakura-shoji.example

# A colleague is put in charge, in full-width letters; he is told.
submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Subject: x
| Message-ID: <c1@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 担当：ｓａｔｏ
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 3: notice assigned sato@example.jp
outbox 4: notice command-done suzuki@example.jp
say ■ 担当：ｓａｔｏ
say 　 担当を 佐藤 花子 にしました (これまで：なし)

# The same mail delivered again does nothing again.
submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Subject: x
| Message-ID: <c1@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 担当：ｓａｔｏ
=> taken duplicate ticket=1 open due=2026-11-25 10:00

# A mistyped second line: the first is taken back.
submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <c2@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 担当 自分
| 完了しました
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 5: notice command-refused suzuki@example.jp
say ■ 2行目：完了しました
say 　 このような操作はありません。近いもの：完了 (相談を完了にします)

# A wrong name is found only while carrying out: the close before it is taken back.
submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <c3@pc>
| Content-Type: text/plain; charset=UTF-8
|
| close
| assign yamada
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 6: notice command-refused suzuki@example.jp
say ■ 2行目：assign yamada
say 　 「yamada」にあたる職員が決まりません。担当にできる職員：sato (佐藤 花
say 　 子)、suzuki (鈴木 一郎)

# Several at once, a signature below.
submission suzuki {command:1}
| From: suzuki@example.jp
| To: {command:1}
| Message-ID: <c4@pc>
| Content-Type: text/plain; charset=UTF-8
|
| assign me
| 完了。
| --
| 鈴木
=> taken by=address ticket=1 closed
outbox 7: notice command-done suzuki@example.jp
say ■ assign me
say 　 担当を 鈴木 一郎 にしました (これまで：佐藤 花子)
say ■ 完了。
say 　 完了にしました。お客さまのメールに未回答のものがあります

# From elsewhere, with the number in front.
at +1h
submission sato {command:0}
| From: sato@example.jp
| To: {command:0}
| Message-ID: <c5@pc>
| Content-Type: text/plain; charset=UTF-8
|
| ＃１　再開
=> taken by=none ticket=0
outbox 8: notice command-done sato@example.jp
say ■ ＃１　再開
say 　 再開しました。回答期限は 11月25日(水) 10:00 です

submission sato {command:0}
| From: sato@example.jp
| To: {command:0}
| Message-ID: <c6@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 完了
=> taken by=none ticket=0
outbox 9: notice command-refused sato@example.jp
say ■ 1行目：完了
say 　 どの相談か分かりません。「#12 完了」のように、前に番号を書いてください

submission sato {command:0}
| From: sato@example.jp
| To: {command:0}
| Message-ID: <c7@pc>
| Content-Type: text/plain; charset=UTF-8
|
| #77 完了
=> taken by=none ticket=0
outbox 10: notice command-refused sato@example.jp
say ■ 1行目：#77 完了
say 　 相談 #77 はありません

# Commands on a note: the note stands below them.
submission sato {note:1}
| From: sato@example.jp
| To: {note:1}
| Message-ID: <c8@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 担当 佐藤
| 電話で話しました。明日また連絡します。
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 11: notice command-done sato@example.jp
say ■ 担当 佐藤
say 　 担当を 佐藤 花子 にしました (これまで：鈴木 一郎)
outbox 12: staff-copy suzuki@example.jp

# Only commands: no note.
submission sato {note:1}
| From: sato@example.jp
| To: {note:1}
| Message-ID: <c9@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 担当 なし
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 13: notice command-done sato@example.jp
say ■ 担当 なし
say 　 担当を外しました (これまで：佐藤 花子)

# Prose is a note, whatever it begins with.
submission sato {note:1}
| From: sato@example.jp
| To: {note:1}
| Message-ID: <c10@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 完了しました。念のため、お客さまには電話済みです。
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 14: staff-copy suzuki@example.jp

# Thunderbird puts the quote on top.
submission sato {command:1}
| From: sato@example.jp
| To: {command:1}
| Message-ID: <c11@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 2026/11/24 11:00 相談センター wrote:
| > 完了
| > 再開
|
| 担当 sato
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 15: notice command-done sato@example.jp
say ■ 担当 sato
say 　 担当を 佐藤 花子 にしました (これまで：なし)

# No command at all, and a call for help: the table.
submission sato {command:0}
| From: sato@example.jp
| To: {command:0}
| Message-ID: <c12@pc>
|
|
=> taken by=none ticket=0
outbox 16: notice command-done sato@example.jp

# An editor has no business here.
submission abe {command:1}
| From: abe@example.jp
| To: {command:1}
| Message-ID: <c13@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 完了
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 17: notice command-refused abe@example.jp
say ■ 1行目：完了
say 　 この操作ができるのは、担当者と責任者だけです

# A vacation answer to a command's answer is none.
submission sato {command:1}
| From: sato@example.jp
| To: {command:1}
| Auto-Submitted: auto-replied
| Message-ID: <c14@pc>
|
| close
=> taken by=address ticket=1 open due=2026-11-25 10:00
