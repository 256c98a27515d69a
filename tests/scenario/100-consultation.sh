# One consultation with real clients: what each person sees, and what not.
. "$(dirname "$0")/lib.sh"
new_instance desk
$Y start
staff suzuki '鈴木 一郎'
staff sato '佐藤 花子'
company sakura-shoji.example
$Y contract add n_number=N123456789 name=株式会社さくら商事 domain=sakura-shoji.example >/dev/null
$Y clock set '2026-11-24 10:00' >/dev/null

cat >"$tmp/first.eml" <<'M'
From: =?ISO-2022-JP?B?GyRCRURDZhsoQg==?= <tanaka@sakura-shoji.example>
To: sodan@example.jp
Subject: =?ISO-2022-JP?B?GyRCSVQ/MyRKJWEhPCVrGyhC?=
Message-ID: <first@sakura-shoji.example>
Date: Tue, 24 Nov 2026 10:00:00 +0900
Disposition-Notification-To: tanaka@sakura-shoji.example
MIME-Version: 1.0
Content-Type: text/plain; charset=ISO-2022-JP

M
printf '不審なメールが届きました。\n' | iconv -f UTF-8 -t ISO-2022-JP >>"$tmp/first.eml"
mail tanaka@sakura-shoji.example sodan@example.jp "$tmp/first.eml" || fail 'the mail was refused'
ok 'an ISO-2022-JP mail is taken'
await suzuki 1; await sato 1; await tanaka@sakura-shoji.example 1
is '1	open	2026-11-24 10:00	2026-11-25 10:00' "$($Y ticket list --tsv | sed -n 2p | cut -f1-4)" 'a ticket is open, due one business day later'

copy=$(newest suzuki); shown=$(text "$copy")
has "$shown" '^Subject: +\[YOROZU #1\] 不審なメール$' 'staff see the ticket in the subject'
has "$shown" '株式会社さくら商事 \(N123456789\)' 'staff see the contract'
has "$shown" '回答期限：11月25日\(水\) 10:00' 'staff see the due time'
has "$shown" 'SPF 合格' 'staff see that the sender is genuine'
has "$shown" '分類の提案：3 不審なメール \(理由：件名に「不審なメール」' 'staff see what kind it may be, and why'
has "$shown" '定型文　：下の「操作」あてに「定型 3」と書くと送れます' 'and how to send its standard text'
has "$shown" '不審なメールが届きました。' 'staff read the text'
hasnt "$(cat "$copy")" 'Disposition-Notification-To' 'no receipt is asked of staff'
hasnt "$(cat "$copy")" 'auth-[a-z2-7]{24}' 'the secret name of OpenDKIM stays inside'

is 26 "$($Y desk categories --tsv | wc -l)" 'the desk has 25 kinds of consultation'
is 3 "$($Y desk suggest "$tmp/first.eml" | sed -n 2p | cut -f2)" 'and suggests the same by hand'
has "$($Y desk text ランサム)" 'ネットワークから切り離' 'a standard text is shown as a customer gets it'
has "$($Y desk text ランサムエウア 2>&1)" 'did you mean 6 ランサムウェア' 'a slip of the finger is helped'

ack=$(newest tanaka@sakura-shoji.example)
is auto-replied "$(field Auto-Submitted "$ack")" 'the acknowledgement says it is automatic'
is '<>' "$(field Return-Path "$ack")" 'and has the null sender'
is '<first@sakura-shoji.example>' "$(field In-Reply-To "$ack")" 'and is in the thread'
has "$(text "$ack")" '11月25日\(水\) 10:00 まで' 'and names the due time'

ticket=$(field Reply-To "$copy")
$Y clock set '2026-11-24 11:00' >/dev/null
{
	printf 'From: Suzuki <suzuki@example.jp>\nTo: %s\nSubject: Re: [YOROZU #1] x\nMessage-ID: <r1@pc-suzuki>\n' "$ticket"
	printf 'In-Reply-To: <first@sakura-shoji.example>\nReceived: from pc-suzuki.local by x; now\nX-Mailer: Secret 1.0\n'
	printf 'MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n\n'
	printf '開かないでください。\nsuzuki@example.jp\n\n'
	text "$copy" | sed -n '/^▼▼/,/^part  type/p' | sed '$d; s/^/> /'
} >"$tmp/reply.eml"
submit suzuki "$ticket" "$tmp/reply.eml" || fail "the reply was refused: $(said)"
await tanaka@sakura-shoji.example 2
answer=$(newest tanaka@sakura-shoji.example); shown=$(text "$answer")
has "$shown" 'From: +セキュリティ YOROZU 相談センター <sodan@example.jp>' 'the answer is from the consultation address'
is '<first@sakura-shoji.example>' "$(field In-Reply-To "$answer")" 'the answer is in the thread'
has "$shown" '開かないでください。' 'the customer reads the answer'
has "$shown" '> 不審なメールが届きました。' 'and his own words in the quote'
hasnt "$(cat "$answer"; printf %s "$shown")" 'suzuki|pc-suzuki|X-Mailer|Secret|社内用|X-Yorozu' 'nothing of the inside is in it'
has "$(field DKIM-Signature "$answer")" 'd=example.jp' 'the answer is signed'
is '1	answered' "$($Y ticket list --tsv | sed -n 2p | cut -f1,2)" 'the clock stands'

{
	printf 'From: tanaka@sakura-shoji.example\nTo: %s\nSubject: Re: x\nMessage-ID: <second@sakura-shoji.example>\n' "$(field Reply-To "$answer")"
	printf 'In-Reply-To: %s\n\nthanks\n' "$(field Message-ID "$answer")"
} >"$tmp/second.eml"
mail tanaka@sakura-shoji.example "$(field Reply-To "$answer")" "$tmp/second.eml" || fail 'the follow-up was refused'
await suzuki 2
is '1	open	2026-11-24 10:00	2026-11-25 11:00' "$($Y ticket list --tsv | sed -n 2p | cut -f1-4)" 'the follow-up joins and starts the clock'
settle
is 2 "$(count tanaka@sakura-shoji.example)" 'no second acknowledgement'

# the same with neomutt as the staff member's client
cat >"$tmp/muttrc" <<M
set ssl_starttls=yes ssl_force_tls=yes ssl_verify_host=no ssl_ca_certificates_file="$I/keys/tls.crt"
set smtp_url="smtp://sato@localhost:$((BASE + 587))" smtp_pass="$(cat "$tmp/pw.sato")" smtp_authenticators="plain"
set from="sato@example.jp" realname="佐藤 花子" use_from=yes envelope_from=yes charset=utf-8 record="" folder="$tmp" header_cache=""
M
if echo 'mutt からの回答です。' | LC_ALL=C.UTF-8 neomutt -n -F "$tmp/muttrc" -s 'Re: [YOROZU #1] x' "$ticket" >"$tmp/mutt" 2>&1; then :; else
	fail "neomutt: $(cat "$tmp/mutt")"
fi
await tanaka@sakura-shoji.example 3
shown=$(text "$(newest tanaka@sakura-shoji.example)")
has "$shown" 'mutt からの回答です。' 'an answer from neomutt arrives'
hasnt "$(cat "$(newest tanaka@sakura-shoji.example)")" 'sato|[Mm]utt/|User-Agent' 'and shows nothing of it'

# a file goes out encrypted or not at all; its author is told
{
	printf 'From: suzuki@example.jp\nTo: %s\nSubject: Re: x\nMessage-ID: <r3@pc>\nMIME-Version: 1.0\n' "$ticket"
	printf 'Content-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: text/plain\n\nsee file\n--B\n'
	printf 'Content-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment; filename=a.pdf\n\nx\n--B--\n'
} >"$tmp/file.eml"
settle # his colleague has a copy too
n=$(count suzuki)
$Y clock advance 1h >/dev/null
mail tanaka@sakura-shoji.example "$ticket" "$tmp/second.eml" # a repeat changes nothing
submit suzuki "$ticket" "$tmp/file.eml" || fail 'the reply was refused'
await suzuki $((n + 1))
has "$(text "$(newest suzuki)")" '【未送信】' 'a reply with a file comes back to its author'
settle
is 3 "$(count tanaka@sakura-shoji.example)" 'and not to the customer'

# From is a claim: a stranger's envelope behind a customer's name is told to staff
company elsewhere.example
printf 'From: tanaka@sakura-shoji.example\nTo: sodan@example.jp\nSubject: other\nMessage-ID: <claim@elsewhere.example>\n\nhelp\n' >"$tmp/claim.eml"
n=$(count suzuki)
mail mori@elsewhere.example sodan@example.jp "$tmp/claim.eml" || fail 'the mail was refused'
await suzuki $((n + 1))
has "$(text "$(newest suzuki)")" '株式会社さくら商事 .*※差出人は認証されていません' 'staff see that the contract is only claimed'
