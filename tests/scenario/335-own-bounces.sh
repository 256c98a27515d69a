# MAG-07, DESK-04: what our own Postfix could not deliver comes back through the
# desk like a bounce from outside: the answer is marked, staff are told; the
# newsletter's ledger has it from the log. Nothing of it stays in the queue.
. "$(dirname "$0")/lib.sh"
new_instance own
$Y clock set '2026-11-25 10:00' >/dev/null
$Y start
staff suzuki '鈴木 一郎'
company dead.example
smtp-sink -u nobody -f rcpt -B '550 5.1.1 User unknown' "127.0.0.1:$((BASE + 90))" 100 2>/dev/null &
sink=$!
trap 'kill $sink 2>/dev/null; cleanup' EXIT
postconf -c "$I/etc/postfix" -e "transport_maps = $(postconf -c "$I/etc/postfix" -h transport_maps), inline:{ dead.example=smtp:[127.0.0.1]:$((BASE + 90)) }"
postfix -c "$I/etc/postfix" reload 2>/dev/null

# ---- an answer
printf 'From: taro@dead.example\nTo: sodan@example.jp\nSubject: help\nMessage-ID: <q1@dead.example>\n\nhelp\n' >"$tmp/q"
mail taro@dead.example sodan@example.jp "$tmp/q" || fail "refused: $(said)"
copy() { for f in $(box suzuki); do field From "$f" | grep -q taro@ && echo "$f"; done | head -1; }
found() { [ -n "$("$@")" ]; }
until_true 20 found copy || fail 'staff have no copy' # beside it, that the acknowledgement came back
ticket=$(field Reply-To "$(copy)" | tr -d '<> ')
printf 'From: suzuki@example.jp\nTo: %s\nSubject: Re: help\nMessage-ID: <a1@pc>\nIn-Reply-To: <q1@dead.example>\n\nanswer\n' "$ticket" >"$tmp/a"
submit suzuki "$ticket" "$tmp/a" || fail "refused: $(said)"
back() { [ "$(sql "SELECT count(*) FROM outbox WHERE kind = 1 AND state = 4")" = 1 ]; }
until_true 20 back || fail "the answer is not marked: $(sql 'SELECT id, kind, state FROM outbox'; postqueue -c "$I/etc/postfix" -p)"
ok 'an answer that our own Postfix could not deliver is marked'
told() { for f in $(box suzuki); do text "$f" | grep -q "お送りした$1が届きませんでした" && echo "$f"; done | head -1; }
for what in 受付のお知らせ 回答; do
	until_true 20 found told $what || fail "staff are not told of $what"
	has "$(text "$(told $what)")" '550 5.1.1 User unknown' "staff are told of $what, with what the receiver said"
done
settle

# ---- an issue: by the log, and the proof of it by letter
$Y reader add r1@dead.example >/dev/null
$Y reader add r2@fine.example >/dev/null
printf 'From: mori@example.jp\nTo: henshu@example.jp\nSubject: [2] Number\nMessage-ID: <d@pc>\n\ntext\n' >"$tmp/d"
n=$($Y issue draft "$tmp/d"); $Y issue send "$n" >/dev/null
over() { [ "$(sql "SELECT state FROM issue WHERE id = $n")" = 5 ]; }
until_true 20 over || fail "it does not end: $($Y issue status "$n")"
has "$($Y issue status "$n" --check)" '配信済み 1、不達 1.* = 2' 'a reader whom our own Postfix could not reach stands in the ledger'
is suppressed "$($Y reader list --tsv | awk -F'\t' '$2 ~ /^r1@/ { print $4 }')" 'and is stopped'

# ---- what is left
empty() { postqueue -c "$I/etc/postfix" -p | grep -q 'queue is empty'; }
until_true 20 empty || fail "left in the queue: $(postqueue -c "$I/etc/postfix" -p)"
ok 'nothing of it stays in the queue'
