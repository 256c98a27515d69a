# Staff send as themselves alone; the MX says no more than it must; and a customer
# whose address is not ASCII writes, is acknowledged and answered (RFC 6531).
. "$(dirname "$0")/lib.sh"
new_instance desk
$Y start
$Y clock set '2026-11-24 10:00' >/dev/null # no digest comes in between
staff suzuki '鈴木 一郎'
staff sato '佐藤 花子'

# ---- who a login is
m() { printf 'From: %s\nTo: %s\nSubject: x\nMessage-ID: <%s@pc>\nDate: Tue, 24 Nov 2026 10:00:00 +0900\n\nbody\n' "$1" "$2" "$3" >"$tmp/m.eml"; }
as() { # LOGIN SENDER TO
	mail "$2" "$3" "$tmp/m.eml" $((BASE + 587)) --ssl-reqd --cacert "$I/keys/tls.crt" -u "$1:$(cat "$tmp/pw.$1")"
}
m suzuki@example.jp a@outside.example s1
as suzuki suzuki@example.jp a@outside.example || fail "his own address was refused: $(said)"
await a@outside.example 1; ok 'a login sends as its own address'
as suzuki sato@example.jp a@outside.example && fail 'a colleague'"'"'s address was taken'
has "$(said)" '^< 553 5\.7\.1 <sato@example\.jp>: Sender address rejected: not owned by user suzuki' 'but not as a colleague'
as suzuki sodan@example.jp a@outside.example && fail 'the desk'"'"'s address was taken'
has "$(said)" '^< 553 5\.7\.1 <sodan@example\.jp>' 'nor as the desk'
as suzuki suzuki@elsewhere.example a@outside.example && fail 'an outside address was taken'
has "$(said)" '^< 553 5\.7\.1' 'nor as somebody outside'
as suzuki suzuki+list@example.jp a@outside.example || fail "an extension of his own was refused: $(said)"
first=$(sed -n 's/^postmaster@example.jp //p' "$I/etc/postfix/senders")
m postmaster@example.jp a@outside.example s2
as "$first" postmaster@example.jp a@outside.example || fail "the postmaster was refused: $(said)"
ok 'the postmaster sends as postmaster'
printf 'Geheim-mori-1' >"$tmp/pw.mori"
$Y staff add mori --name '森 次郎' --address mori@example.jp --role editor --password-file "$tmp/pw.mori" >/dev/null
is 'member@example.jp mori' "$(grep ^member@ "$I/etc/postfix/senders")" 'an editor sends as the newsletter, too'
m sato@example.jp a@outside.example s3
as suzuki suzuki@example.jp a@outside.example && fail 'a colleague'"'"'s From was taken'
has "$(said)" '^< 554 5\.7\.1 From must be your own address' 'nor under a colleague'"'"'s name'
settle
is 3 "$(count a@outside.example)" 'and nothing else went out'

# ---- the MX
ehlo=$(timeout 20 curl -sv "smtp://127.0.0.1:$((BASE + 25))/x.example" -X 'VRFY suzuki' 2>&1 || :)
hasnt "$ehlo" '< 250.(VRFY|ETRN)' 'the MX offers neither VRFY nor ETRN'
has "$ehlo" '^< 502 5\.5\.1 VRFY command is disabled' 'VRFY tells nothing'
has "$(timeout 20 curl -sv "smtp://127.0.0.1:$((BASE + 25))/x.example" -X 'ETRN example.jp' 2>&1 || :)" '^< (5|4)[0-9][0-9] ' 'ETRN is refused'

# ---- an instance that was made before there was the list of senders
$Y stop >/dev/null
rm "$I/etc/postfix/senders" "$I/etc/postfix/senders.db"
sed -i '/^categories = /d' "$I/yorozu.conf"
$Y start >/dev/null
[ -s "$I/etc/postfix/senders.db" ] || fail 'start left an old instance without the list of senders'
ok 'an older instance gets the list when it starts'
has "$($Y check 2>&1)" 'categories +[0-9]+ in .*/desk' 'and finds the kinds of case beside the templates'
cp "$I/yorozu.conf" "$tmp/conf"
sed -i 's,^templates = .*,templates = /nowhere/mail,' "$I/yorozu.conf"
has "$($Y restart 2>&1)" 'yorozu\.conf: templates = /nowhere/mail: there is no such folder' 'a folder that is not there is told by its line'
cp "$tmp/conf" "$I/yorozu.conf"
$Y start >/dev/null

# ---- an address that is not ASCII
who=田中@日本語.example
printf 'From: 田中 太郎 <%s>\r\nTo: sodan@example.jp\r\nSubject: 画面に警告が出ました\r\nMessage-ID: <u1@xn--wgv71a119e.example>\r\nDate: Tue, 24 Nov 2026 10:00:00 +0900\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n助けてください。\r\n' "$who" >"$tmp/u.eml"
send_utf8() { # FILE TO
	{
		printf 'EHLO client.example\r\n'; sleep 0.3
		printf 'MAIL FROM:<%s> SMTPUTF8\r\n' "$who"; sleep 0.3
		printf 'RCPT TO:<%s>\r\n' "$2"; sleep 0.3
		printf 'DATA\r\n'; sleep 0.3
		cat "$1"; printf '.\r\n'; sleep 1.5
		printf 'QUIT\r\n'; sleep 0.3
	} | timeout 20 openssl s_client -quiet -starttls smtp -connect "127.0.0.1:$((BASE + 25))" -CAfile "$I/keys/tls.crt" >"$tmp/smtp" 2>/dev/null
	grep -q '^250 2.0.0 Ok: queued' "$tmp/smtp" || fail "refused: $(cat "$tmp/smtp")"
}
send_utf8 "$tmp/u.eml" sodan@example.jp
await suzuki 1
await "$who" 1
ack=$(newest "$who")
has "$(text "$ack")" '受付番号' 'he gets the acknowledgement'
has "$(field Return-Path "$ack")" '^ *<>' 'from nobody'
copy=$(newest suzuki)
has "$(text "$copy")" '田中@' 'staff see who wrote'
printf 'From: suzuki@example.jp\nTo: %s\nSubject: Re: x\nMessage-ID: <r1@pc>\nIn-Reply-To: <u1@xn--wgv71a119e.example>\n\nanswer\n' "$(field Reply-To "$copy" | tr -d ' <>')" >"$tmp/r.eml"
submit suzuki "$(field Reply-To "$copy" | tr -d ' <>')" "$tmp/r.eml" || fail "refused: $(said)"
await "$who" 2
has "$(text "$(newest "$who")")" '^answer' 'and the answer'
has "$(field To "$(newest "$who")")" . 'addressed to him'
to=$(field Reply-To "$(newest "$who")" | tr -d ' <>')
sed 's/<u1@/<u2@/' "$tmp/u.eml" >"$tmp/u2.eml"
send_utf8 "$tmp/u2.eml" "${to:-sodan@example.jp}"
await suzuki 2; settle
is '1 open' "$(sql "SELECT count(*) || ' ' || CASE max(state) WHEN 0 THEN 'open' END FROM ticket")" 'his next mail joins the ticket'
is 0 "$(sql 'SELECT count(*) FROM outbox WHERE state IN (3, 4)')" 'nothing came back'
