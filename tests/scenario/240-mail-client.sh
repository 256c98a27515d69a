# DESK-04, -05, -14: what the list of mails in an ordinary mail client shows: the
# state of each ticket, as IMAP keywords on its copies, without reading one.
MARKS=1
. "$(dirname "$0")/lib.sh"
new_instance desk
$Y start
staff suzuki '鈴木 一郎'
staff sato '佐藤 花子'
company sakura-shoji.example
$Y clock set '2026-11-24 10:00' >/dev/null

imap() { # LOGIN COMMAND: the mailbox as this person's client sees it
	curl -sS --max-time 10 --ssl-reqd --cacert "$I/keys/tls.crt" -u "$1:$(cat "$tmp/pw.$1")" \
		"imap://localhost:$((BASE + 143))/INBOX" -X "$2" | tr -d '\r'
}
# flags LOGIN: what the copies of ticket 1 bear, one line a mail; \Recent is the session's
flags() {
	for n in $(imap "$1" 'SEARCH HEADER X-Yorozu-Ticket 1' | sed 's/\* SEARCH//'); do
		curl -sS --max-time 10 --ssl-reqd --cacert "$I/keys/tls.crt" -u "$1:$(cat "$tmp/pw.$1")" -v \
			"imap://localhost:$((BASE + 143))/INBOX" -X "FETCH $n FLAGS" 2>&1 |
			tr -d '\r' | sed -n "s/.*\\* $n FETCH (FLAGS (\\(.*\\))).*/\\1/p" | sed 's/ *\\Recent *//' | sort -u
	done
}
shows() { [ "$(flags suzuki)" = "$1" ] && [ "$(flags sato)" = "$1" ]; }
show() { until_true 30 shows "$1" || fail "$2: wanted \"$1\", suzuki: $(flags suzuki), sato: $(flags sato); $(tail -3 "$I/log/mailer.log")"; ok "$2"; }
# the open, the due today, the overdue and the done, as Thunderbird knows them
open='$label4' today='$label2' overdue='$label1' done='$label3'

m() { # ID
	printf 'From: tanaka@sakura-shoji.example\nTo: sodan@example.jp\nSubject: Suspicious mail\nMessage-ID: <%s@x.example>\n\nbody\n' "$1" >"$tmp/m.eml"
	mail tanaka@sakura-shoji.example "${2:-sodan@example.jp}" "$tmp/m.eml" || fail "refused: $(said)"
	settle
}

m first
show "$open" 'a new consultation is open, in every mailbox, and not read'
is '' "$(imap suzuki 'SEARCH SEEN' | sed 's/\* SEARCH *//')" 'nothing was read'
for n in 2 3 4 5 6 7 8 9 10; do m "other$n"; done
copies() { [ "$(imap suzuki "SEARCH KEYWORD $open" | wc -w)" = 12 ]; }
until_true 30 copies || fail "not ten open: $(imap suzuki "SEARCH KEYWORD $open")"
ok 'ten tickets are open'

# what a person does to his mail stays
imap suzuki 'STORE 1 +FLAGS (\Seen \Flagged private)' >/dev/null
$Y clock set '2026-11-25 00:01' >/dev/null
marked() { [ "$(imap suzuki "SEARCH KEYWORD $today" | wc -w)" = 12 ]; }
until_true 30 marked || fail "not due today: $(imap suzuki "SEARCH KEYWORD $today")"
is '* SEARCH' "$(imap suzuki "SEARCH KEYWORD $open")" 'on the day it is due, none is merely open'
is '* SEARCH 1' "$(imap suzuki 'SEARCH SEEN FLAGGED KEYWORD private')" "the reader's own flags stay"
imap suzuki 'STORE 1 -FLAGS (\Seen \Flagged private)' >/dev/null

# Dovecot is away when the time is over
$Y stop dovecot >/dev/null
$Y clock set '2026-11-25 10:01' >/dev/null
away() { grep -q 'ev=mark .*Dovecot' "$I/log/mailer.log"; }
until_true 30 away || fail "$(tail -3 "$I/log/mailer.log")"
$Y stop mailer >/dev/null; $Y start mailer >/dev/null
$Y start dovecot >/dev/null
late() { [ "$(imap suzuki "SEARCH KEYWORD $overdue UNKEYWORD $today" | wc -w)" -ge 12 ]; }
until_true 40 late || fail "not overdue: $(imap suzuki "SEARCH KEYWORD $overdue")"
ok 'it catches up when Dovecot and the mailer are back'

# the answer: done, and of this ticket alone, though "1" is in "10"
copy=$(grep -l '<first@x.example>' "$I"/mail/suzuki/cur/* | head -1); ticket=$(field Reply-To "$copy" | tr -d '<>')
printf 'From: suzuki@example.jp\nTo: %s\nSubject: Re: x\nMessage-ID: <r@pc>\nIn-Reply-To: <first@x.example>\n\nanswer\n' "$ticket" >"$tmp/r.eml"
submit suzuki "$ticket" "$tmp/r.eml" || fail "refused: $(said)"
first_is() { imap "$1" "SEARCH KEYWORD $2 HEADER X-Yorozu-Ticket 1" | grep -qE 'SEARCH [0-9]'; }
until_true 30 first_is suzuki "$done" || fail 'the answered ticket is not done'
until_true 30 first_is sato "$done" || fail 'nor in the mailbox of sato'
ok 'the answered ticket is done, in both mailboxes'
hasnt "$(imap suzuki "SEARCH KEYWORD $done HEADER X-Yorozu-Ticket 10")" 'SEARCH [0-9]' 'ticket 10 is not'

m follow "$ticket"
none_done() { ! first_is suzuki "$done" && ! first_is sato "$done"; }
until_true 30 none_done || fail 'a follow-up leaves the ticket done'
opened() { [ "$(imap "$1" "SEARCH KEYWORD $open" | wc -w)" -ge 4 ]; }
until_true 30 opened suzuki || fail "not all copies are open again: $(imap suzuki "SEARCH KEYWORD $open")"
until_true 30 opened sato || fail "nor those of sato: $(imap sato "SEARCH KEYWORD $open")"
ok "the customer's next mail opens it again, on all its copies"

# the desk's login is good from this machine's loopback alone, and for real mailboxes
has "$(cat "$I/etc/dovecot/master")" '^yorozu-desk:\{SHA512-CRYPT\}\$6\$.*:allow_nets=127\.0\.0\.1/32,::1/128$' 'its login is for this machine'
is root:dovecot:640 "$(stat -c %U:%G:%a "$I/etc/dovecot/master")" 'only Dovecot reads it'
is 'sato suzuki' "$(find "$I/mail" "$I/world" -mindepth 1 -maxdepth 1 -type d ! -name '*@*' -printf '%f\n' | sort | xargs)" 'no mailbox came into being by it'
