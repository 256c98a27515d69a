# Staff among themselves: notes stay inside, a second answer is held (DESK-06, -07).
. "$(dirname "$0")/lib.sh"
new_instance desk
$Y start
staff suzuki '鈴木 一郎'
staff sato '佐藤 花子'
company sakura-shoji.example
$Y clock set '2026-11-24 10:00' >/dev/null

# write LOGIN TO ID SUBJECT IN-REPLY-TO, body on stdin
write() {
	printf 'From: %s@example.jp\nTo: %s\nSubject: %s\nMessage-ID: <%s@pc>\nIn-Reply-To: %s\n' "$1" "$2" "$4" "$3" "$5" >"$tmp/w.eml"
	printf 'MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n\n' >>"$tmp/w.eml"
	cat >>"$tmp/w.eml"
}

printf 'From: tanaka@sakura-shoji.example\nTo: sodan@example.jp\nSubject: q\nMessage-ID: <first@sakura-shoji.example>\n\nhelp\n' >"$tmp/first.eml"
mail tanaka@sakura-shoji.example sodan@example.jp "$tmp/first.eml" || fail 'the mail was refused'
await suzuki 1; await sato 1; await tanaka@sakura-shoji.example 1
copy=$(newest suzuki)
ticket=$(field Reply-To "$copy" | tr -d ' ')
note=$(text "$copy" | sed -n 's/^社内メモ：//p')
has "$note" '^sodan\+n1-[a-z2-7]{16}@example.jp$' 'the copy names the note address'

# ---- notes
write suzuki "$note" n1 'Re: [YOROZU #1] q' '<first@sakura-shoji.example>' <<'M'
フィッシングのようです。
M
submit suzuki "$note,tanaka@sakura-shoji.example,$ticket" "$tmp/w.eml" || fail "the note was refused: $(said)"
await sato 2
shown=$(text "$(newest sato)")
has "$shown" '^▼▼ 社内メモ' 'a colleague sees that it is a note'
has "$shown" 'フィッシングのようです。' 'and reads it'
is "$note" "$(field Reply-To "$(newest sato)" | tr -d ' ')" 'an answer to it is a note as well'
settle
is 1 "$(count tanaka@sakura-shoji.example)" 'the customer, among the recipients, gets nothing'
is '1	open' "$($Y ticket list --tsv | sed -n 2p | cut -f1,2)" 'the clock goes on'

if mail suzuki@example.jp "$note" "$tmp/w.eml"; then fail 'a note without a login was taken'; fi
has "$(said)" '550 5.7.1 .*login' 'a note without a login is refused with the reason'

damaged=$(printf %s "$note" | sed 's/-../-zz/')
if submit suzuki "$damaged" "$tmp/w.eml"; then fail 'a damaged note address was taken'; fi
has "$(said)" '550 5.1.1' 'a damaged note address is no way to the customer: it is refused'

# quoted by mistake in an answer to the customer
{
	printf 'ご確認ください。\n\n'
	text "$(newest sato)" | sed -n '/^▼▼/,/^part  type/p' | sed '$d; s/^/> /'
} | write sato "$ticket" q1 'Re: [YOROZU #1] q' '<first@sakura-shoji.example>'
submit sato "$ticket" "$tmp/w.eml" || fail 'the answer was refused'
await sato 3
has "$(text "$(newest sato)")" '社内メモの引用が残っています' 'an answer that quotes a note comes back'
settle
is 1 "$(count tanaka@sakura-shoji.example)" 'and never reaches the customer'

# ---- two answers
$Y clock advance 2h >/dev/null
n=$(count sato)
echo 'ケーブルを抜いてください。' | write suzuki "$ticket" s1 'Re: [YOROZU #1] q' '<first@sakura-shoji.example>'
submit suzuki "$ticket" "$tmp/w.eml" || fail 'the answer was refused'
await tanaka@sakura-shoji.example 2; await sato $((n + 1))
has "$(text "$(newest sato)")" '［回答済み］' 'a colleague sees that it was answered'
echo '再起動してください。' | write sato "$ticket" s2 'Re: [YOROZU #1] q' '<first@sakura-shoji.example>'
submit sato "$ticket" "$tmp/w.eml" || fail 'the second answer was refused'
await sato $((n + 2))
held=$(newest sato); shown=$(text "$held")
has "$shown" '【保留】先に回答があります' 'the second author is told'
has "$shown" 'ケーブルを抜いてください。' 'and reads the first answer'
has "$shown" '保留中の回答.eml' 'and has his own'
settle
is 2 "$(count tanaka@sakura-shoji.example)" 'the customer has one answer'
to=$(field Reply-To "$held" | tr -d ' ')
echo '送信' | write sato "$to" s3 'Re: held' "$(field Message-ID "$held")"
submit sato "$to" "$tmp/w.eml" || fail 'the word was refused'
await tanaka@sakura-shoji.example 3
has "$(text "$(newest tanaka@sakura-shoji.example)")" '再起動してください。' 'one word sends it'
await sato $((n + 3))
has "$(text "$(newest sato)")" '保留していた回答をお客さまに送りました' 'and its author knows'

# ---- a second answer that comes back: no clock ran that could be put back
is answered "$($Y ticket list --tsv | sed -n 2p | cut -f2)" 'nobody waits'
$Y ticket close 1 >/dev/null
bounce=$(field Return-Path "$(newest tanaka@sakura-shoji.example)" | tr -d ' <>')
printf 'From: MAILER-DAEMON@mx.sakura-shoji.example\nSubject: Undelivered Mail Returned to Sender\nMessage-ID: <b1@mx.sakura-shoji.example>\n\n' >"$tmp/b.eml"
printf 'Your message was not delivered to:\n\n<tanaka@sakura-shoji.example>: 550 5.1.1 User unknown\n' >>"$tmp/b.eml"
mail '' "$bounce" "$tmp/b.eml" || fail "the bounce was refused: $(said)"
is 0 "$(sql 'SELECT state FROM ticket WHERE id = 1')" 'the ticket is open again'
is '1	2026-11-25 12:00' "$($Y ticket due --tsv | sed -n 2p | cut -f1,2)" 'a clock begins, so that somebody is reminded'
is '' "$(sql 'SELECT closed_at FROM ticket WHERE id = 1')" 'and it is not closed any more'

# ---- what a customer has and has not
settle
until_true 10 eval 'texts sato | grep -q 配信失敗' || fail 'staff are not told'
ok 'staff are told'
n=$(count sato) m=$(count tanaka@sakura-shoji.example)
echo 'まず電源を切らずにお待ちください。' | write suzuki "$ticket" s4 'Re: [YOROZU #1] q' '<first@sakura-shoji.example>'
submit suzuki "$ticket" "$tmp/w.eml" || fail 'the answer was refused'
await tanaka@sakura-shoji.example $((m + 1)); await sato $((n + 1))
ok 'no answer is held behind one that came back'
echo 'やはり電源を切ってください。' | write sato "$ticket" s5 'Re: [YOROZU #1] q' '<first@sakura-shoji.example>'
submit sato "$ticket" "$tmp/w.eml" || fail 'the answer was refused'
await sato $((n + 2))
to=$(field Reply-To "$(newest sato)" | tr -d ' ')
echo '破棄' | write sato "$to" s6 'Re: held' "$(field Message-ID "$(newest sato)")"
submit sato "$to" "$tmp/w.eml" || fail 'the word was refused'
await sato $((n + 3))
has "$(text "$(newest sato)")" '取りやめました' 'a held answer is discarded'
command=$(text "$copy" | sed -n 's/^操作　　：//p')
echo '再送' | write suzuki "$command" s7 c '<first@sakura-shoji.example>'
submit suzuki "$command" "$tmp/w.eml" || fail 'the command was refused'
await tanaka@sakura-shoji.example $((m + 2)); settle
has "$(text "$(newest tanaka@sakura-shoji.example)")" 'まず電源を切らずに' '再送 sends the last answer, not a discarded one'

# ---- the login counts, not what From claims
write sato "$note" n9 'Re: [YOROZU #1] q' '<first@sakura-shoji.example>' <<'M'
佐藤の名前で書いたメモ。
M
submit suzuki "$note" "$tmp/w.eml" || fail "the note was refused: $(said)"
is 'suzuki@example.jp 鈴木 一郎' "$(sql "SELECT from_addr || ' ' || from_name FROM message WHERE message_id = 'n9@pc'")" 'a note under a colleague'"'"'s From is its author'"'"'s'
