# Machines write too: nothing of ours may answer them, nothing may go round.
. "$(dirname "$0")/lib.sh"
new_instance desk
$Y start
$Y clock set '2026-11-24 10:00' >/dev/null # no digest comes in between
staff suzuki '鈴木 一郎'
for d in robots.example people.example; do company $d; done
m() { printf 'From: %s\nTo: sodan@example.jp\nSubject: %s\nMessage-ID: <%s@robots.example>\nDate: Tue, 24 Nov 2026 10:00:00 +0900\n%s\n\nbody %s\n' "$1" "$2" "$3" "$4" "$3" >"$tmp/m.eml"; }
acks() { sql "SELECT count(*) FROM outbox WHERE kind = 2"; }

m list@robots.example '[ml] news' l1 'List-Id: <ml.robots.example>'; mail bounces@robots.example sodan@example.jp "$tmp/m.eml"
m cron@robots.example 'report' l2 'Auto-Submitted: auto-generated'; mail cron@robots.example sodan@example.jp "$tmp/m.eml"
m bulk@robots.example 'sale' l3 'Precedence: bulk'; mail bulk@robots.example sodan@example.jp "$tmp/m.eml"
m x@robots.example 'Out of office' l4 'Auto-Submitted: auto-replied'; mail x@robots.example sodan@example.jp "$tmp/m.eml"
m daemon@robots.example 'Undelivered Mail' l5 'X-Test: 1'; mail '' sodan@example.jp "$tmp/m.eml"
settle
is 0 "$(acks)" 'lists, cron, bulk, vacation and null senders get no acknowledgement'
is 5 "$(sql 'SELECT count(*) FROM message')" 'but every one of them is stored'
is 5 "$(count suzuki)" 'and seen by staff'

m a@people.example 'question' q1 'X-Test: 1'; mail a@people.example sodan@example.jp "$tmp/m.eml"
await a@people.example 1
ack=$(newest a@people.example)
sed -n '/^DKIM-Signature/,$p' "$ack" >"$tmp/back.eml"
mail a@people.example sodan@example.jp "$tmp/back.eml" || :
settle
is 1 "$(acks)" 'our acknowledgement sent back to us is not acknowledged'

# two desks that answer each other
for i in 1 2 3 4 5 6; do
	m a@people.example "again $i" "r$i" 'X-Test: 1'
	mail a@people.example sodan@example.jp "$tmp/m.eml"
done
settle
is 4 "$(acks)" 'no more than ack_per_sender_day acknowledgements to one address'

m suzuki@example.jp 'me' s1 'X-Test: 1'; mail suzuki@example.jp sodan@example.jp "$tmp/m.eml"
settle
is 4 "$(acks)" 'a staff address without login gets no acknowledgement'
has "$(text "$(newest suzuki)")" 'なりすまし' 'and staff are warned'

bounce=$(field Return-Path "$(box a@people.example | tail -1)")
is '<>' "$bounce" 'acknowledgements can not bounce to us'
m x@robots.example 'x' b1 'X-Test: 1'
mail '' bounce+1-aaaaaaaaaaaaaaaa@example.jp "$tmp/m.eml" && fail 'a forged bounce address was taken'
has "$(said)" '^< 550' 'a forged bounce address is refused at RCPT'

# a storm of bounces that belong nowhere
before=$(count suzuki)
for i in $(seq 40); do
	m daemon@robots.example 'Undelivered Mail Returned to Sender' "storm$i" 'X-Test: 1'
	mail '' sodan@example.jp "$tmp/m.eml"
done
settle
after=$(count suzuki)
[ $((after - before)) -le 21 ] || fail "a storm of 40 brought staff $((after - before)) mails"
ok "a storm of 40 bounces brings staff only the first ones ($((after - before)))"
is 40 "$(sql "SELECT count(*) FROM message WHERE message_id LIKE 'storm%'")" 'all of the storm is stored'
