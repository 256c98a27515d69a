# A reader who wants no more (MAG-07), and one whom the list does not know: the
# newsletter reaches him through another's address, which only a person finds out.
staff suzuki 鈴木 一郎
at 2026-11-24 10:00
reader info@kaisha.example
mx taro@kaisha.example member@example.jp spf=pass dmarc=pass
| From: taro@kaisha.example
| To: member@example.jp
| Subject: =?UTF-8?B?6YWN5L+h5YGc5q2i?=
| Message-ID: <t1@kaisha.example>
| MIME-Version: 1.0
| Content-Type: text/plain; charset=utf-8
| Content-Transfer-Encoding: 8bit
|
| 配信停止
=> taken by=new new ticket=1 open due=2026-11-25 10:00
outbox 1: staff-copy suzuki@example.jp
outbox 2: ack taro@kaisha.example
reads info@kaisha.example

# The same delivery again.
mx taro@kaisha.example member@example.jp spf=pass dmarc=pass
| From: taro@kaisha.example
| To: member@example.jp
| Subject: =?UTF-8?B?6YWN5L+h5YGc5q2i?=
| Message-ID: <t1@kaisha.example>
| MIME-Version: 1.0
| Content-Type: text/plain; charset=utf-8
| Content-Transfer-Encoding: 8bit
|
| 配信停止
=> taken duplicate ticket=1 open due=2026-11-25 10:00

# His From is forged, it seems: a customer's mail, which no machine answers.
mx info@kaisha.example member@example.jp spf=fail dmarc=fail
| From: info@kaisha.example
| Subject: stop
| Message-ID: <i0@kaisha.example>
| Content-Type: text/plain; charset=utf-8
|
| 配信停止
=> taken by=new new ticket=2 open due=2026-11-25 10:00
outbox 3: staff-copy suzuki@example.jp
reads info@kaisha.example

# A reader: done at once, and nobody has to see it.
mx info@kaisha.example member@example.jp spf=pass dmarc=pass
| From: info@kaisha.example
| Message-ID: <i1@kaisha.example>
| Content-Type: text/plain; charset=utf-8
|
| 配信停止
=> taken by=news ticket=0
left info@kaisha.example

# Files of such a mail are a customer's.
mx jiro@kaisha.example member@example.jp spf=pass dmarc=pass
| From: jiro@kaisha.example
| Subject: stop
| Message-ID: <j1@kaisha.example>
| MIME-Version: 1.0
| Content-Type: multipart/mixed; boundary=B
|
| --B
| Content-Type: text/plain; charset=utf-8
|
| 配信停止
| --B
| Content-Type: application/pdf; name=a.pdf
|
| %PDF-1.4
| --B--
=> taken by=new new ticket=3 open due=2026-11-25 10:00
outbox 4: staff-copy suzuki@example.jp
outbox 5: ack jiro@kaisha.example
var 5 files 　・a.pdf (8 バイト)
