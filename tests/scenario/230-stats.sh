# DESK-16: statistics by mail: on the 1st by themselves, on demand by command and by
# hand; across a restart and an absence; a picture that decodes, a sheet that parses.
. "$(dirname "$0")/lib.sh"
new_instance desk
$Y start
staff suzuki '鈴木 一郎'
printf 'Geheim-boss-1' >"$tmp/pw.boss"
$Y staff add boss --name '山本 責任者' --address boss@example.jp --role supervisor --password-file "$tmp/pw.boss" >/dev/null
company sakura-shoji.example
at() { $Y clock set "$1" >/dev/null; }
at '2026-10-05 10:00'
chain() { [ "$(sql "SELECT count(*) FROM report_job WHERE what = '$1' AND state = $2")" -ge 1 ]; }
# the instance was made by the real clock: its chain begins in the month that is now
$Y stop mailer >/dev/null
sql 'DELETE FROM report_job'
$Y start mailer >/dev/null
until_true 20 chain 2026-10 0 || fail 'the chain of months does not begin'
ok 'a new desk owes nothing for the months before, and October when it is over'

# one consultation, answered after two hours and a half of reply time
printf 'From: tanaka@sakura-shoji.example\nTo: sodan@example.jp\nSubject: Suspicious mail\nMessage-ID: <first@x.example>\n\nbody\n' >"$tmp/m.eml"
mail tanaka@sakura-shoji.example sodan@example.jp "$tmp/m.eml" || fail "refused: $(said)"
await suzuki 1
ticket=$(field Reply-To "$(newest suzuki)" | tr -d '<>')
at '2026-10-05 13:30'
printf 'From: suzuki@example.jp\nTo: %s\nSubject: Re: x\nMessage-ID: <r@pc>\nIn-Reply-To: <first@x.example>\n\nanswer\n' "$ticket" >"$tmp/r.eml"
submit suzuki "$ticket" "$tmp/r.eml" || fail "refused: $(said)"
settle
is '150 0 1' "$(sql "SELECT (ended_at - since - 3600 + 30) / 60, how, staff_id FROM reply_period" | tr '|' ' ')" 'the time of waiting is kept, with who ended it'

at '2026-11-01 08:59'
sleep 1.5
is 0 "$(sql "SELECT count(*) FROM outbox WHERE tmpl = 'stats'")" 'a minute before nine nothing goes out'
before=$(count boss)
at '2026-11-01 09:00'
until_true 20 chain 2026-10 1 || fail 'no statistics on the 1st'
settle
await boss $((before + 1))
m=$(newest boss); shown=$(text "$m")
has "$shown" 'Subject: +【相談の統計】2026年10月 新しい相談 1 件・期限内の回答 100.0%' 'on the 1st at nine the supervisor has the statistics'
is 'boss@example.jp' "$(sql "SELECT rcpts FROM outbox WHERE tmpl = 'stats'")" 'he alone'
has "$shown" '新しい相談 +1 ' 'with the table'
has "$shown" '中央値 +2時間30分' 'the time in reply hours'
has "$shown" '2026年10月 +1 +100.0% +2時間30分 +■' 'and a chart in text'
is auto-generated "$(field Auto-Submitted "$m")" 'it is automatic'
python3 - "$m" "$tmp" <<'PY' || fail 'the parts of the mail'
import csv, email, email.policy, io, struct, sys, zlib
m = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)
png = [p for p in m.walk() if p.get_content_type() == 'image/png'][0]
html = [p for p in m.walk() if p.get_content_type() == 'text/html'][0].get_content()
sheet = [p for p in m.walk() if p.get_content_type() == 'text/csv'][0].get_payload(decode=True)
assert 'cid:' + png['Content-ID'].strip('<>') in html and ' alt="グラフ' in html
data = png.get_content()
assert data[:8] == b'\x89PNG\r\n\x1a\n' and len(data) < 60000, len(data)
at, idat = 8, b''
while at < len(data):
    n, kind = struct.unpack('>I4s', data[at:at + 8])
    body = data[at + 8:at + 8 + n]
    assert zlib.crc32(kind + body) == struct.unpack('>I', data[at + 8 + n:at + 12 + n])[0]
    if kind == b'IHDR': w, h, depth = struct.unpack('>IIB', body[:9])
    if kind == b'IDAT': idat += body
    at += 12 + n
assert w == 1280 and len(set(zlib.decompress(idat))) > 20
assert sheet[:3] == b'\xef\xbb\xbf'
rows = list(csv.reader(io.StringIO(sheet.decode('utf-8-sig'))))
assert rows[0] == ['区分', '項目', '列', '値', '単位'] and {len(r) for r in rows} == {5}
assert ['回答までの時間', '中央値', '2026年10月', '150', '分'] in rows, rows
PY
ok 'the picture decodes, is shown by the HTML part, and the CSV parses'

$Y stop mailer >/dev/null; $Y start mailer >/dev/null
at '2026-11-02 09:30'
sleep 1.5; settle
is 1 "$(sql "SELECT count(*) FROM outbox WHERE tmpl = 'stats'")" 'a restart sends nothing twice'

# on demand
command=$(field Reply-To "$m" | tr -d '<>')
c() { # ID LINE
	printf 'From: suzuki@example.jp\nTo: %s\nSubject: x\nMessage-ID: <%s@pc>\nContent-Type: text/plain; charset=utf-8\n\n%s\n' "$command" "$1" "$2" >"$tmp/c.eml"
	submit suzuki "$command" "$tmp/c.eml" || fail "refused: $(said)"
}
stats() { [ "$(sql "SELECT count(*) FROM outbox WHERE tmpl = 'stats' AND state = 2")" -ge "$1" ]; }
c one '統計'
until_true 20 stats 2 || fail 'no statistics on demand'
c two '統計　１１月'
until_true 20 stats 3 || fail 'no statistics of this month'
settle
is 'suzuki@example.jp' "$(sql "SELECT rcpts FROM outbox WHERE tmpl = 'stats' ORDER BY id DESC LIMIT 1")" 'who asks by mail gets them'
list=$(grep -l 'stats-2026-11.csv' $(box suzuki)); is 1 "$(printf '%s\n' "$list" | wc -l)" 'of the month he named'
is '<two@pc>' "$(field In-Reply-To "$list")" 'in his thread'
has "$(text "$list")" '月の途中のため、11月2日\(月\) 0?9:3[0-9] までの集計です' 'as far as it has come'
c three '統計 来年'
settle
has "$(text "$(newest suzuki)")" '「来年」がどの月か分かりません' 'what is no month is refused'
c four '統計 2026-12'
settle
has "$(text "$(newest suzuki)")" '2026年12月はまだ始まっていません' 'and one that is to come'
is 3 "$(sql "SELECT count(*) FROM outbox WHERE tmpl = 'stats'")" 'nothing else went out'

# by hand
has "$($Y report stats 2026-10 --print)" '新しい相談 1 件' 'an operator reads them on his screen'
has "$($Y report stats 2026-10)" 'was sent to them on' 'what was sent is not sent again'
has "$($Y report stats 2026-10 --again)" 'goes out as outbox' 'but by his word'
has "$($Y report stats 2026-13 2>&1 || :)" 'is no month' 'a wrong month is named'
until_true 20 stats 4 || fail 'not sent again'

# away for five months
$Y stop mailer >/dev/null
at '2027-04-02 10:00'
$Y start mailer >/dev/null
until_true 20 stats 7 || fail 'nothing is made up for'
settle
is '2027年1月 2027年2月 2027年3月' "$(sql "SELECT substr(CAST(vars AS TEXT), 7, instr(CAST(vars AS TEXT), '月') - 6) FROM outbox WHERE tmpl = 'stats' ORDER BY id DESC LIMIT 3" | sort | tr '\n' ' ' | sed 's/ $//')" 'three months are made up for, one mail each'
until_true 20 chain 2027-04 0 || fail 'the chain has ended'
is 7 "$(sql "SELECT count(*) FROM outbox WHERE tmpl = 'stats'")" 'and no more'
hasnt "$(cat "$I/log/report.log")" 'warn|error=|Fontconfig|Pango' 'its log is clean'
