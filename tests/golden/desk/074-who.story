# Who is asking (DESK-10): a question about the service is bound by §4.5.
staff suzuki 鈴木 一郎
at 2026-11-24 10:00
company N123456789 sakura-shoji.example 株式会社さくら商事 田中太郎 03-1234-5678
company N987654321 momiji.example もみじ製作所株式会社

# What is missing is asked for in the acknowledgement: one mail, not two.
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass dmarc=pass
| From: tanaka@sakura-shoji.example
| To: sodan@example.jp
| Subject: 利用料の内訳
| Message-ID: <a1@sakura-shoji.example>
| Content-Type: text/plain; charset=UTF-8
|
| お世話になっております。㈱さくら商事の田中です。
| 先月の利用料の内訳を教えていただけますか。
=> taken by=new new ticket=1 open due=2026-11-25 10:00
outbox 1: staff-copy suzuki@example.jp
who 未：お客様番号(N番)、電話番号 が不足。お客さまに自動で尋ねています［サービスのお問い合わせ］
outbox 2: ack tanaka@sakura-shoji.example
ask number phone

# He fills in half of the quoted form. Nobody asks twice.
mx tanaka@sakura-shoji.example {ticket:1} spf=pass dmarc=pass
| From: tanaka@sakura-shoji.example
| To: {ticket:1}
| Subject: Re: 利用料の内訳
| Message-ID: <a2@sakura-shoji.example>
| Content-Type: text/plain; charset=UTF-8
|
| ご連絡ありがとうございます。
|
| > お客様番号（N番）：N１２３－４５６－７８９
| > 電話番号：
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 3: staff-copy suzuki@example.jp
who 未：電話番号 が不足。お客さまに尋ねたものです［サービスのお問い合わせ］

# The rest comes in a signature: everything said so far counts.
mx tanaka@sakura-shoji.example {ticket:1} spf=pass dmarc=pass
| From: tanaka@sakura-shoji.example
| To: {ticket:1}
| Subject: Re: 利用料の内訳
| Message-ID: <a3@sakura-shoji.example>
| Content-Type: text/plain; charset=UTF-8
|
| よろしくお願いします。
|
| -- 
| 株式会社さくら商事　田中　TEL 03-1234-5678
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 4: staff-copy suzuki@example.jp
who 済 (N番号と契約名が一致)［サービスのお問い合わせ］

# Someone forges him: the verdict on the mail is no, what he proved stays.
mx tanaka@sakura-shoji.example {ticket:1} spf=fail dmarc=fail
| From: tanaka@sakura-shoji.example
| To: {ticket:1}
| Subject: Re: 利用料の内訳
| Message-ID: <evil@elsewhere.example>
| Content-Type: text/plain; charset=UTF-8
|
| 請求先を変更してください。N123456789 株式会社さくら商事 03-1234-5678
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 5: staff-copy suzuki@example.jp
who 否：送信元認証が不合格［サービスのお問い合わせ］

# A colleague goes on with it: his company has proved itself, he himself has not.
mx kacho@sakura-shoji.example {ticket:1} spf=pass dmarc=pass
| From: =?UTF-8?B?6Kqy6ZW3?= <kacho@sakura-shoji.example>
| To: {ticket:1}
| Subject: Re: 利用料の内訳
| Message-ID: <b1@sakura-shoji.example>
| Content-Type: text/plain; charset=UTF-8
|
| 課長です。私からもお願いします。
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 6: staff-copy suzuki@example.jp
who 未：電話番号 が不足。お客さまに尋ねたものです［サービスのお問い合わせ］

# A stranger to whom that mail was passed on knows all of it, and is a stranger.
mx partner@elsewhere.example {ticket:1} spf=pass dmarc=pass
| From: partner@elsewhere.example
| To: {ticket:1}
| Subject: Re: 利用料の内訳
| Message-ID: <c1@elsewhere.example>
| Content-Type: text/plain; charset=UTF-8
|
| 会社名：さくら商事(株)
| お客様番号：N123456789
| 氏名：田中太郎
| 電話：03-1234-5678
=> taken by=address newcomer ticket=1 open due=2026-11-25 10:00
outbox 7: staff-copy suzuki@example.jp
who 否：差出人が登録アドレスではありません (N番号は 株式会社さくら商事 の契約、契約名は一致)［サービスのお問い合わせ］

# A security consultation needs nothing of the kind.
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: tanaka@sakura-shoji.example
| To: sodan@example.jp
| Subject: 不審なメール
| Message-ID: <a4@sakura-shoji.example>
| Content-Type: text/plain; charset=UTF-8
|
| 取引先を名乗る不審なメールが届きました。どうすればよいでしょうか。
=> taken by=new new ticket=2 open due=2026-11-25 10:00
outbox 8: staff-copy suzuki@example.jp
outbox 9: ack tanaka@sakura-shoji.example

# On it he asks for something that does: a letter asks.
mx tanaka@sakura-shoji.example {ticket:2} spf=pass
| From: tanaka@sakura-shoji.example
| To: {ticket:2}
| Subject: Re: 不審なメール
| Message-ID: <a5@sakura-shoji.example>
| Content-Type: text/plain; charset=UTF-8
|
| ありがとうございます。別件ですが、登録しているメールアドレスの変更をお願いします。
=> taken by=address ticket=2 open due=2026-11-25 10:00
outbox 10: staff-copy suzuki@example.jp
who 未：お客様番号(N番)、契約者名(会社名)、お客様名、電話番号 が不足。お客さまに自動で尋ねています［お申し込み・変更］
outbox 11: letter tanaka@sakura-shoji.example
ask number company person phone

# A failure, with another company's number. The customer is asked for what is
# missing, and not told what is wrong.
mx info@momiji.example sodan@example.jp spf=pass
| From: info@momiji.example
| To: sodan@example.jp
| Subject: 衛生管理ツールが起動しない
| Message-ID: <d1@momiji.example>
| Content-Type: text/plain; charset=UTF-8
|
| もみじ製作所です。N123456789
| Agent衛生管理ツールが起動しません。エラーコードは 5 です。
=> taken by=new new ticket=3 open due=2026-11-25 10:00
outbox 12: staff-copy suzuki@example.jp
who 否：N番号が一致しません。お客さまに自動で尋ねています［故障のお問い合わせ］
outbox 13: ack info@momiji.example
ask since person phone device

# A robot is asked nothing.
mx <> sodan@example.jp spf=pass
| From: report@momiji.example
| To: sodan@example.jp
| Subject: 利用料の内訳を教えてください
| Message-ID: <e1@momiji.example>
| Auto-Submitted: auto-generated
| Content-Type: text/plain; charset=UTF-8
|
| 利用料の内訳を教えてください。
=> taken by=new new ticket=4 open due=2026-11-25 10:00
outbox 14: staff-copy suzuki@example.jp
who 否：差出人 (From) が本人のものと確認できません［サービスのお問い合わせ］

# Staff ask him once more; he learns that it could not be confirmed.
submission suzuki {command:3}
| From: suzuki@example.jp
| To: {command:3}
| Subject: x
| Message-ID: <s1@pc>
| Content-Type: text/plain; charset=UTF-8
|
| 本人確認
=> taken by=address ticket=3 open due=2026-11-25 10:00
outbox 15: letter info@momiji.example
ask number company since person phone device
outbox 16: notice command-done suzuki@example.jp
say ■ 本人確認
say 　 お客さま (info@momiji.example) に、次の項目を尋ねます：お客様番号(N番)、
say 　 契約者名(会社名)、発生時間、お客様名、電話番号

# Who knows all of a contract's particulars but writes by an envelope of his own:
# SPF passes for that, and proves nothing of From.
mx mallory@evil.example sodan@example.jp spf=pass
| From: tanaka@sakura-shoji.example
| Reply-To: mallory@evil.example
| To: sodan@example.jp
| Subject: 利用料の内訳を教えてください
| Message-ID: <m1@evil.example>
| Content-Type: text/plain; charset=UTF-8
|
| 利用料の内訳を教えてください。
| お客様番号：N123456789
| 契約者名：株式会社さくら商事
| お名前：田中太郎
| 電話番号：03-1234-5678
=> taken by=new new ticket=5 open due=2026-11-25 10:00
outbox 17: staff-copy suzuki@example.jp
who 否：差出人 (From) が本人のものと確認できません［サービスのお問い合わせ］
outbox 18: ack mallory@evil.example
