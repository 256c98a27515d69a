# What our own Postfix has to return, because the other side refuses it, is taken
# by the desk like any return: of an answer, and of an acknowledgement, which has
# no sender (DESK-12).
. "$(dirname "$0")/lib.sh"
new_instance world --domain b.example --hostname mx.b.example
world=$BASE
$Y start postfix milter opendkim dovecot dns >/dev/null 2>&1 || $Y start >/dev/null
$Y clock set '2026-11-24 10:00' >/dev/null # no digest comes in between
new_instance desk --world "relay:[127.0.0.1]:$((world + 25))"
$Y start
staff suzuki '鈴木 一郎'
company b.example
printf 'From: gone@b.example\nTo: sodan@example.jp\nSubject: question\nMessage-ID: <q1@b.example>\nDate: Tue, 24 Nov 2026 10:00:00 +0900\n\nhelp\n' >"$tmp/m.eml"
mail gone@b.example sodan@example.jp "$tmp/m.eml" || fail "refused: $(said)"
state() { sql "SELECT group_concat(state) FROM outbox WHERE kind = $1"; }
came_back() { [ "$(state "$1")" = 4 ]; }
until_true 20 came_back 2 || fail "the acknowledgement: $(state 2) $(tail -8 "$I/log/mail.log")"
ok 'the return of an acknowledgement stands with it'
is 1 "$(sql 'SELECT count(*) FROM message WHERE kind = 3 AND ticket_id = 1')" 'and on its ticket'
await suzuki 2; settle
told=$(text "$(newest suzuki)")
has "$told" '受付のお知らせが届きませんでした' 'staff are told what it was'
has "$told" '宛先：gone@b\.example' 'to whom'
has "$told" '状態も回答期限も変わっていません' 'and that nothing changed'
is 'open 1' "$(sql "SELECT CASE state WHEN 0 THEN 'open' END || ' ' || count(*) FROM ticket")" 'it opened no ticket'

copy=$(box suzuki | head -1)
to=$(field Reply-To "$copy" | tr -d ' <>')
printf 'From: suzuki@example.jp\nTo: %s\nSubject: Re: x\nMessage-ID: <r1@pc>\nIn-Reply-To: <q1@b.example>\n\nanswer\n' "$to" >"$tmp/r.eml"
submit suzuki "$to" "$tmp/r.eml" || fail "refused: $(said)"
until_true 20 came_back 1 || fail "the answer: $(state 1)"
await suzuki 3; settle
told=$(text "$(newest suzuki)")
has "$told" '回答が届きませんでした' 'the return of an answer is told'
has "$told" '未対応に戻し' 'and that the ticket is open again'
is 0 "$(sql 'SELECT state FROM ticket')" 'it is'
is 'Mail queue is empty' "$(postqueue -c "$I/etc/postfix" -p)" 'nothing is left in the queue'

# A login whose client makes a mistake in an address outside gets his own return.
printf 'From: suzuki@example.jp\nTo: x@b.example\nSubject: x\nMessage-ID: <o1@pc>\nDate: Tue, 24 Nov 2026 10:00:00 +0900\n\nbody\n' >"$tmp/o.eml"
submit suzuki x@b.example "$tmp/o.eml" || fail "refused: $(said)"
await suzuki 4
has "$(field From "$(newest suzuki)")" 'MAILER-DAEMON' 'the return of a staff member'"'"'s own mail is his'
is 1 "$(sql 'SELECT count(*) FROM ticket')" 'and none of the desk'
