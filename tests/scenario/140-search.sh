# DESK-06: mail that came in is found by what is in it, in whatever spelling.
. "$(dirname "$0")/lib.sh"
new_instance desk
$Y start
staff suzuki '鈴木 一郎'
company sakura-shoji.example
$Y clock set '2026-11-24 10:00' >/dev/null

write() { # FILE SUBJECT CHARSET TEXT
	printf 'From: tanaka@sakura-shoji.example\nTo: sodan@example.jp\nSubject: %s\nMessage-ID: <%s@sakura-shoji.example>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=%s\n\n' "$2" "$1" "$3" >"$tmp/$1"
	printf '%s\n' "$4" | iconv -f UTF-8 -t "$3" >>"$tmp/$1"
}
write one invoice ISO-2022-JP '身に覚えのない請求書が
メールで届きました。アンチウイルスは入れています。'
write two windows UTF-8 'Windows Updateのあとウィルスの警告が出ます。'
mail tanaka@sakura-shoji.example sodan@example.jp "$tmp/one" || fail 'the mail was refused'
await suzuki 1
$Y clock advance 1h >/dev/null
mail tanaka@sakura-shoji.example sodan@example.jp "$tmp/two" || fail 'the mail was refused'
await suzuki 2

found() { $Y ticket search --tsv "$@" 2>/dev/null | sed 1d | cut -f1 | tr '\n' ' '; }
finds() { [ "$(found "$1")" = "$2" ]; }
until_true 20 finds ウイルス '2 1 ' || fail "the index does not catch up: $($Y ticket search ウイルス)"
ok 'both mails are found, the newest first, soon after they came'
is '1 ' "$(found 請求)" 'two characters are enough'
is '1 ' "$(found '請求書がメール')" 'a word broken over two lines is found'
is '2 1 ' "$(found 'ｳｨﾙｽ')" 'half-width kana find full-width ones'
is '2 ' "$(found 'ｗｉｎ 警告')" 'the beginning of a Latin word, and a second word'
is '2 ' "$(found ウイルス -請求)" 'a word can be excluded'
is '1 ' "$(found ウイルス '#1')" 'a ticket can be named'
is '2 1 ' "$(found '差出人:tanaka' '期間:2026-11' '状態:未対応')" 'filters alone list tickets'
is '' "$(found '状態:完了' ウイルス)" 'no closed ticket has it'
has "$($Y ticket search 請求書)" '身に覚えのない【請求書】が' 'the line shows the hit'
has "$($Y ticket search 存在しない)" '該当するチケットはありません' 'nothing found is said'
has "$($Y ticket search 以降:昨日 2>&1)" '日付は 2026-11-24 の形で指定してください' 'a wrong date is explained'
