# Files come by link, not by mail (DESK-09): the acknowledgement shows the way.
staff suzuki 鈴木 一郎
at 2026-11-24 10:00
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: tanaka@sakura-shoji.example
| To: sodan@example.jp
| Subject: file
| Message-ID: <first@sakura-shoji.example>
| MIME-Version: 1.0
| Content-Type: multipart/mixed; boundary=B
|
| --B
|
| please look
| --B
| Content-Type: application/pdf; name=a.pdf
|
| %PDF-1.4
| --B--
=> taken by=new new ticket=1 open due=2026-11-25 10:00
outbox 1: staff-copy suzuki@example.jp
outbox 2: ack tanaka@sakura-shoji.example

# Tried again by the sender's server: the same mail still, though it is stored
# without its file.
mx tanaka@sakura-shoji.example sodan@example.jp spf=pass
| From: tanaka@sakura-shoji.example
| To: sodan@example.jp
| Subject: file
| Message-ID: <first@sakura-shoji.example>
| MIME-Version: 1.0
| Content-Type: multipart/mixed; boundary=B
|
| --B
|
| please look
| --B
| Content-Type: application/pdf; name=a.pdf
|
| %PDF-1.4
| --B--
=> taken duplicate ticket=1 open due=2026-11-25 10:00

# Another file on the same day: he is told again, in short.
at +1h
mx tanaka@sakura-shoji.example {ticket:1} spf=pass
| From: tanaka@sakura-shoji.example
| Subject: Re: file
| Message-ID: <second@sakura-shoji.example>
| Content-Type: application/pdf; name=b.pdf
|
| %PDF-1.4
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 3: staff-copy suzuki@example.jp
outbox 4: letter tanaka@sakura-shoji.example

# The next day he gets a letter.
at +1d
mx tanaka@sakura-shoji.example {ticket:1} spf=pass
| From: tanaka@sakura-shoji.example
| Subject: Re: file
| Message-ID: <third@sakura-shoji.example>
| Content-Type: application/pdf; name=c.pdf
|
| %PDF-1.4
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 5: staff-copy suzuki@example.jp
outbox 6: letter tanaka@sakura-shoji.example

# A mail without files: nothing but the copy.
at +1d
mx tanaka@sakura-shoji.example {ticket:1} spf=pass
| From: tanaka@sakura-shoji.example
| Subject: Re: file
| Message-ID: <fourth@sakura-shoji.example>
|
| just words
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 7: staff-copy suzuki@example.jp

# No machine answers whose sender may be forged, or what a machine sent.
at +2d
mx tanaka@sakura-shoji.example {ticket:1} spf=fail
| From: tanaka@sakura-shoji.example
| Subject: Re: file
| Message-ID: <fifth@sakura-shoji.example>
| Content-Type: application/pdf; name=d.pdf
|
| %PDF-1.4
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 8: staff-copy suzuki@example.jp
mx tanaka@sakura-shoji.example {ticket:1} spf=pass
| From: tanaka@sakura-shoji.example
| Subject: Out of office
| Message-ID: <sixth@sakura-shoji.example>
| Auto-Submitted: auto-replied
| Content-Type: application/pdf; name=e.pdf
|
| %PDF-1.4
=> taken by=address ticket=1 open due=2026-11-25 10:00
outbox 9: staff-copy suzuki@example.jp
