#!/bin/sh
# The day's backup, made without anybody remembering it: at the hour, one that
# was missed as soon as the machine is up, two generations, restored in earnest;
# an operator is told when it fails.
. "$(dirname "$0")/lib.sh"
new_instance backup
sed -i 's/^backup_hour = .*/backup_hour = 3/' "$I/yorozu.conf"
B=$I/backup
generations() { find "$B" -maxdepth 1 -type d -name '2*-*' | wc -l; }
newest_one() { find "$B" -maxdepth 1 -type d -name '2*-*' | sort | tail -1; }
made() { [ "$(newest_one)" != "$1" ] && [ ! -d "$B/.making" ]; }
$Y clock set '2026-11-25 10:00' >/dev/null
$Y start >/dev/null
until_true 30 made '' || fail "no first backup: $(cat "$I/log/backup.log")"
ok 'an instance that has none makes one at once'
$Y clock set '2026-11-26 02:50' >/dev/null
staff suzuki '鈴木 一郎'
$Y staff add op --name '運用' --address op@example.jp --role operator --password-file "$tmp/pw.suzuki" >/dev/null
last=$(newest_one)
for day in 1 2 3; do
	$Y clock advance 15m >/dev/null
	until_true 30 made "$last" || fail "no backup of day $day: $(cat "$I/log/backup.log")"
	last=$(newest_one)
	$Y clock advance 1425m >/dev/null
done
has "${last##*/}" '^20261128-03' 'each day from three on'
two() { [ "$(generations)" = 2 ]; } # the oldest goes when the newest is there
until_true 10 two || fail "$(generations) are kept"
ok 'two are kept'
$Y restore --check "$last" >/dev/null || fail 'it is not whole'
ok 'the newest is whole'

company sakura.example
printf 'From: a@sakura.example\nSubject: behind the backup\n\nx\n' >"$tmp/m.eml"
mail a@sakura.example sodan@example.jp "$tmp/m.eml" || fail "$(said)"
$Y stop >/dev/null
$Y restore "$last" >/dev/null || fail 'it is not put back'
is 0 "$(sql 'SELECT count(*) FROM message')" 'put back, it is as it was'
is 1 "$(sql "SELECT count(*) FROM staff WHERE login = 'op'")" 'with all that was there'

# It was off for a week, and its folder is no folder now.
mv "$B" "$B.away" && : >"$B"
$Y clock advance 168h >/dev/null
$Y start >/dev/null
await op 1
has "$(text "$(newest op)")" "$B" 'an operator is told that it fails, and where'
has "$(text "$(newest op)")" 'バックアップを作成できません' 'in so many words'
hasnt "$(texts suzuki)" 'バックアップを作成' 'nobody else is'
rm "$B" && mv "$B.away" "$B"
$Y clock advance 1h >/dev/null
until_true 30 made "$last" || fail 'what was missed is not made up for'
ok 'with a folder it is made within the hour'
is 1 "$(texts op | grep -c 'このお知らせは')" 'one mail'
noted() { sql "SELECT who || ' ' || what FROM audit ORDER BY id DESC LIMIT 1" | grep -q '^system backup.make'; }
until_true 10 noted || fail 'it is not in the audit'
ok 'it is in the audit'
