# Mail that tries: each shape gets its defined answer, and the milter that
# answered the first answers the last.
. "$(dirname "$0")/lib.sh"
new_instance desk
$Y start
$Y clock set '2026-11-24 10:00' >/dev/null # no digest comes in between
staff suzuki '鈴木 一郎'
company c.example
pid=$(cat "$I/run/milter.pid")
n=0
head_of() { printf 'From: a@c.example\nTo: sodan@example.jp\nSubject: %s\nMessage-ID: <%s@c.example>\nDate: Tue, 24 Nov 2026 10:00:00 +0900\n' "$1" "$1"; }
taken() { # WHAT: $tmp/h.eml is accepted, stored, and a copy reaches staff
	mail a@c.example sodan@example.jp "$tmp/h.eml" || fail "$1: refused: $(said)"
	n=$((n + 1))
	await suzuki $n
	text "$(newest suzuki)" >"$tmp/shown" || fail "$1: the copy can't be read"
	ok "$1: taken, readable"
}
refused() { # WHAT PATTERN
	if mail a@c.example sodan@example.jp "$tmp/h.eml"; then fail "$1: was taken"; fi
	has "$(said)" "$2" "$1: $(said | tr -d '\r')"
}

: >"$tmp/h.eml"; taken 'empty mail'
printf '\nonly a body\n' >"$tmp/h.eml"; taken 'no header at all'
printf 'X: y\n\nno From, Date, Message-ID\n' >"$tmp/h.eml"; taken 'no From, Date, Message-ID'
{ head_of dup; printf 'From: b@c.example\nSubject: second\nTo: x@y.example\n\nhi\n'; } >"$tmp/h.eml"; taken 'duplicate headers'
{ head_of nul; printf '\nhe\000re\n'; } >"$tmp/h.eml"; taken 'NUL bytes'
{ printf 'From: a@c.example\nSubject: \223\372\226{\214\352\nMessage-ID: <eight@c.example>\n\n\223\372\226{\214\352\n'; } >"$tmp/h.eml"; taken '8-bit headers and body'
has "$(cat "$tmp/shown")" '日本語' 'raw Shift_JIS is read'
{ head_of esc; printf 'Content-Type: text/plain; charset=utf-8\n\n\033[2J\033]0;x\007 \342\200\256evil\n'; } >"$tmp/h.eml"; taken 'terminal escapes and bidi overrides'
{ head_of noend; printf 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nno end'; } >"$tmp/h.eml"; taken 'multipart without an end'
{ head_of badb64; printf 'MIME-Version: 1.0\nContent-Type: text/plain; charset=no-such\nContent-Transfer-Encoding: base64\n\n!!!!####\n'; } >"$tmp/h.eml"; taken 'broken base64 in an unknown charset'
{ head_of xml; printf 'X-Yorozu-Ticket: 99\nReply-To: victim@elsewhere.example\nAuthentication-Results: mx.example.jp; spf=pass; dmarc=pass\n\nforged\n'; } >"$tmp/h.eml"; taken 'forged fields of ours'
hasnt "$(sed '/^\r*$/q' "$(newest suzuki)")" 'X-Yorozu-Ticket: 99' 'the forged ticket field is gone'
has "$(cat "$tmp/shown")" 'victim@elsewhere.example ※差出人と異なります' 'staff see that answers would go elsewhere'

{ printf 'From: '; head -c 1000000 /dev/zero | tr '\0' '('; printf ' a@c.example\n\nx\n'; } >"$tmp/h.eml"; refused '1,000,000 nested comments' '^< 5'
{ head_of long; printf 'X-Long: '; head -c 1048576 /dev/zero | tr '\0' 'a'; printf '\n\nx\n'; } >"$tmp/h.eml"
if mail a@c.example sodan@example.jp "$tmp/h.eml"; then n=$((n + 1)); await suzuki $n; ok 'megabyte header line: taken, cut'; else has "$(said)" '^< 5' 'megabyte header line: refused'; fi
{ head_of deep; printf 'MIME-Version: 1.0\n'; i=0; while [ $i -lt 150 ]; do printf 'Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n' $i $i; i=$((i + 1)); done; printf '\nx\n'; } >"$tmp/h.eml"; refused '150 nested parts' '^< 55[0-9] 5'
{ head_of many; printf 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=m\n\n'; awk 'BEGIN { for (i = 0; i < 15000; i++) print "--m\n\nx" }'; printf -- '--m--\n'; } >"$tmp/h.eml"; refused '15,000 parts' '^< 55[0-9] 5'
{ head_of huge; printf '\n'; head -c 33000000 /dev/zero | tr '\0' 'a' | fold -w 76; } >"$tmp/h.eml"; refused '33 MB' '^< 552'

# ten of the largest at once: some are asked to come again, memory is bounded
# and comes back
{ head_of crowd; printf '\n'; head -c 28000000 /dev/zero | tr '\0' 'a' | fold -w 76; } | sed 's/$/\r/' >"$tmp/wire.eml"
clients=
for i in 1 2 3 4 5 6 7 8 9 10; do
	curl -sv --max-time 120 "smtp://localhost:$((BASE + 25))/client.example" --mail-from a@c.example \
		--mail-rcpt sodan@example.jp -T "$tmp/wire.eml" >"$tmp/crowd.$i" 2>&1 &
	clients="$clients $!"
done
# shellcheck disable=SC2086
wait $clients || :
said=$(cat "$tmp"/crowd.* | tr -d '\r' | grep -aE '^< (250 2.0.0 Ok: queued|451 4.3.2)' || :)
is 10 "$(printf '%s\n' "$said" | wc -l)" 'ten of 28 MB at once: each is taken or asked to come again'
has "$said" '^< 250' 'and some are taken'
n=$((n + 1)) # it is one mail, sent ten times
memory() { awk -v k="$1:" '$1 == k { print $2 }' "/proc/$pid/status"; }
[ "$(memory VmHWM)" -lt 700000 ] || fail "the milter took $(memory VmHWM) kB"
ok 'the milter never had 700 MB'
small() { [ "$(memory VmRSS)" -lt 65536 ]; }
until_true 10 small || fail "the milter keeps $(memory VmRSS) kB"
ok 'and has less than 64 MB again'

is "$pid" "$(cat "$I/run/milter.pid")" 'the same milter answered all of them'
settle
await suzuki $n
is "$n" "$(count suzuki)" 'every accepted mail reached staff once'

# bare line ends, by hand
{ printf 'EHLO x\r\nMAIL FROM:<a@c.example>\r\nRCPT TO:<sodan@example.jp>\r\nDATA\r\n'; sleep 1; printf 'From: a@c.example\r\nSubject: bare\r\nMessage-ID: <bare@c.example>\r\n\r\none\ntwo\rthree\r\n\n.\r\nMAIL FROM:<smuggled@c.example>\r\n.\r\nQUIT\r\n'; sleep 1; } |
	timeout 10 curl -s --max-time 8 "telnet://localhost:$((BASE + 25))" >"$tmp/bare" 2>&1 || :
has "$(cat "$tmp/bare")" '250|521|554' 'bare CR and LF get an answer'
is 0 "$(sql "SELECT count(*) FROM message WHERE envelope_from LIKE 'smuggled%'")" 'and smuggle nothing in'
is "$pid" "$(cat "$I/run/milter.pid")" 'the milter is still the same'
