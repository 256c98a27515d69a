# DESK-04: two days of the reply clock on real mail: reminders, the alert, the
# customer's notice, the digest; a restart in between, and a night without mailer.
. "$(dirname "$0")/lib.sh"
new_instance desk
$Y start
staff suzuki '鈴木 一郎'
staff sato '佐藤 花子'
printf 'Geheim-boss-1' >"$tmp/pw.boss"
$Y staff add boss --name '山本 責任者' --address boss@example.jp --role supervisor --password-file "$tmp/pw.boss" >/dev/null
company sakura-shoji.example
company soft.example
$Y clock set '2026-11-24 10:00' >/dev/null

m() { # FROM ID SUBJECT
	printf 'From: %s\nTo: sodan@example.jp\nSubject: %s\nMessage-ID: <%s@x.example>\nDate: Tue, 24 Nov 2026 10:00:00 +0900\n\nbody\n' "$1" "$3" "$2" >"$tmp/m.eml"
	mail "$1" sodan@example.jp "$tmp/m.eml" || fail "refused: $(said)"
}
at() { $Y clock set "$1" >/dev/null; }
# the mailer has looked at every clock that is due, and done with today's digest
looked() {
	now=$(date -d "$($Y clock show | cut -c1-19) +0900" +%s)
	[ "$(sql "SELECT (SELECT count(*) FROM ticket WHERE look_at <= $now - 2) || '.' || (digest_day - ($now + 32400) / 86400) FROM due_round")" = 0.0 ]
}
# told: the reply clock's mails written since the last call, as template:recipients
echo 0 >"$tmp/last"
told() {
	until_true 30 looked || fail 'the mailer does not look at its clocks'
	settle
	sql "SELECT tmpl || ':' || replace(rcpts, char(10), ',') FROM outbox WHERE id > $(cat "$tmp/last") AND (tmpl GLOB 'due-*' OR tmpl = 'delay-notice') ORDER BY id" | sed 's/@[a-z.-]*//g'
	sql 'SELECT max(id) FROM outbox' >"$tmp/last"
}

m tanaka@sakura-shoji.example first 'Suspicious mail'
await suzuki 1; await tanaka@sakura-shoji.example 1
is '' "$(told)" 'a fresh ticket reminds nobody'
at '2026-11-24 14:29'; is '' "$(told)" 'nor at 14:29'
has "$($Y ticket due --tsv | sed -n 2p)" '^1	2026-11-25 10:00	21[01]	2026-11-24 10:00	-	Suspicious mail$' 'ticket due knows the reply time left'
at '2026-11-24 14:31'; is 'due-reminder:sato,suzuki' "$(told)" 'at half of the time all agents are reminded'
r=$(newest suzuki); shown=$(text "$r")
has "$shown" 'Subject: +\[YOROZU #1\] 【回答期限まで 3時間(29|30)分】Suspicious mail' 'the reminder says how much is left'
has "$shown" 'tanaka@sakura-shoji.example' 'and for whom'
has "$shown" '期限 11/27 15:00' 'and what can be done'
has "$(field Reply-To "$r")" '^<?sodan\+c1-' 'its answer is a command'
is auto-generated "$(field Auto-Submitted "$r")" 'it is automatic'

$Y stop mailer >/dev/null; $Y start mailer >/dev/null
is '' "$(told)" 'a restart repeats nothing'
at '2026-11-24 16:37'; is 'due-reminder:sato,suzuki' "$(told)" 'at 80 percent once more'
at '2026-11-24 17:01'; is 'delay-notice:tanaka' "$(told)" 'an hour before, the customer is told'
n=$(newest tanaka@sakura-shoji.example); shown=$(text "$n")
has "$shown" '回答の目安：11月26日\(木\) 10:00 まで' 'with a new expected time'
is '<first@x.example>' "$(field In-Reply-To "$n")" 'in his thread'
has "$shown" 'Subject: +Re: \[YOROZU #1\] Suspicious mail' 'under his subject'
hasnt "$(cat "$n"; printf %s "$shown")" 'suzuki|sato|boss|山本' 'and nobody is named'
at '2026-11-24 17:19'; is 'due-alert:boss' "$(told)" 'the supervisor is alerted'

m vac@soft.example vac 'Out of office: x' # no such mail starts a clock
sed -i '1i Auto-Submitted: auto-replied' "$tmp/m.eml"
sed -i 's/<vac@/<vac2@/' "$tmp/m.eml"
mail vac@soft.example "$(field Reply-To "$n" | tr -d '<>')" "$tmp/m.eml" || fail 'refused'
settle
is '1	2026-11-25 10:00' "$($Y ticket due --tsv | sed -n 2p | cut -f1,2)" 'a vacation answer changes no clock'

# a night without mailer; a second mail came in the evening
at '2026-11-24 19:00'
m tanaka@sakura-shoji.example evening 'Evening mail'
settle
told >/dev/null
$Y stop mailer >/dev/null
at '2026-11-25 11:00'
$Y start mailer >/dev/null
is 'due-overdue:boss,sato,suzuki
due-digest:boss,sato,suzuki' "$(told)" 'back at 11:00: the missed target and the digest of the day, each once'
shown=$(text "$(box boss | tail -1)")
has "$shown" '超過 1時間 ' 'the digest says how long the target is missed'
has "$shown" '#2 +11月25日\(水\) 17:30 残り 5時間30分' 'and what is due today'

# the answer ends it; the customer's next mail starts a new clock
copy=$(grep -l 'Evening mail' $(box suzuki) | head -1); ticket=$(field Reply-To "$copy" | tr -d '<>')
printf 'From: suzuki@example.jp\nTo: %s\nSubject: Re: x\nMessage-ID: <r@pc>\nIn-Reply-To: <evening@x.example>\n\nanswer\n' "$ticket" >"$tmp/r.eml"
submit suzuki "$ticket" "$tmp/r.eml" || fail "refused: $(said)"
settle
at '2026-11-25 16:50'
is '' "$(told)" 'an answered ticket reminds nobody'
printf 'From: tanaka@sakura-shoji.example\nTo: %s\nSubject: Re: x\nMessage-ID: <f@x.example>\n\nmore\n' "$ticket" >"$tmp/f.eml"
mail tanaka@sakura-shoji.example "$ticket" "$tmp/f.eml" || fail 'refused'
settle
is '2	2026-11-26 16:50' "$($Y ticket due --tsv | grep '^2' | cut -f1,2)" 'the next mail starts a new clock'

# an outage over many
for i in 1 2 3 4; do m "u$i@sakura-shoji.example" "many$i" "Many $i"; done
settle; told >/dev/null
$Y stop mailer >/dev/null
at '2026-11-27 13:30'
$Y start mailer >/dev/null
out=$(told)
is 1 "$(printf '%s\n' "$out" | grep -c '^due-')" 'after an outage one mail to staff'
has "$out" '^due-summary:boss,sato,suzuki$' 'a summary'
is 5 "$(printf '%s\n' "$out" | grep -c '^delay-notice:')" 'and to every customer his notice'
is '' "$(told)" 'once'
