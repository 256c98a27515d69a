# Commands by mail with a real client: what is done, what is refused, how the
# answers read; two tickets merged and parted while mail comes to both.
. "$(dirname "$0")/lib.sh"
new_instance commands
$Y start
staff suzuki '鈴木 一郎'
staff sato '佐藤 花子'
company sakura-shoji.example
$Y contract add n_number=N123456789 name=株式会社さくら商事 domain=sakura-shoji.example >/dev/null
$Y clock set '2026-11-24 10:00' >/dev/null

# customer FROM TO ID SUBJECT
customer() {
	printf 'From: %s\nTo: %s\nSubject: %s\nMessage-ID: <%s@sakura-shoji.example>\n' "$1" "$2" "$4" "$3" >"$tmp/customer.eml"
	printf 'MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n\nお願いします。\n' >>"$tmp/customer.eml"
	mail "$1" "$2" "$tmp/customer.eml" || fail "the mail $3 was refused: $(said)"
}
tanaka=tanaka@sakura-shoji.example kacho=kacho@sakura-shoji.example
customer $tanaka sodan@example.jp a1 '不審なメール'
customer $kacho sodan@example.jp b1 '添付を開いてしまった'
await suzuki 2; await $tanaka 1; await $kacho 1
box suzuki >"$tmp/copies"
address() { # KIND TICKET: the address as the copy's note shows it
	while read -r f; do
		[ "$(field X-Yorozu-Ticket "$f")" != " $2" ] && [ "$(field X-Yorozu-Ticket "$f")" != "$2" ] || text "$f" | grep -oE "sodan\+$1$2-[a-z2-7]{16}@example.jp" | head -1
	done <"$tmp/copies"
}
c1=$(address c 1) n1=$(address n 1)
has "$c1" '^sodan\+c1-' 'the copy names the command address'

# command WHO TO LINE…: submits, waits for the answer, which is in $answer and $shown
i=0
answered() { # sets answer
	for answer in $(box "$who" | tac); do
		[ "$(field In-Reply-To "$answer")" != "<command-$i@pc>" ] || return 0
	done
	return 1
}
command() {
	who=$1 to=$2; shift 2
	i=$((i + 1))
	{
		printf 'From: %s@example.jp\nTo: %s\nSubject: x\nMessage-ID: <command-%s@pc>\n' "$who" "$to" "$i"
		printf 'MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n\n'
		printf '%s\n' "$@"
	} >"$tmp/command.eml"
	submit "$who" "$to" "$tmp/command.eml" || fail "the command was refused: $(said)"
	until_true 20 answered || fail "no answer to \"$1\" in its thread"
	ok "the answer to \"$1\" is in its thread"; settle
	shown=$(text "$answer")
}
row() { $Y ticket list --tsv | awk -F'\t' -v id="$1" '$1 == id' | cut -f2,4,5; }

command suzuki "$c1" '担当：ｓａｔｏ'
has "$shown" '担当を 佐藤 花子 にしました' '担当: done'
is "$c1" "$(field Reply-To "$answer")" 'answering the answer gives the next command'
is sato "$(row 1 | cut -f3)" 'and it is so'
told() { texts sato | grep -q '鈴木 一郎さんが、相談 #1 の担当をあなたにしました'; }
until_true 10 told || fail 'the colleague was not told'
ok 'the colleague is told'

command suzuki "$c1" '担当 なし' '完了しました'
has "$shown" '2行目：完了しました' 'a wrong line is named'
has "$shown" '近いもの：完了' 'with the nearest right one'
is sato "$(row 1 | cut -f3)" 'and nothing of the mail is done'

command suzuki "$c1" '分類 ランサヌウェア'
has "$shown" '近いもの：6 ランサムウェア' 'a misspelt kind finds its like'
command suzuki "$c1" '分類 ランサム'
has "$shown" '分類を「6 ランサムウェア」にしました' '分類: done'

command suzuki "$c1" '期限 11/24 9:30 早く'
has "$shown" 'より後の' 'a due time moves only later'
command suzuki "$c1" '期限 11月27日(金) 正午まで ベンダーの回答待ち'
is 'open	2026-11-27 12:00' "$(row 1 | cut -f1,2)" '期限: the due time is later'
await $tanaka 2
letter=$(newest $tanaka); shown=$(text "$letter")
has "$shown" '新しい回答の目安：11月27日\(金\) 12:00 まで' 'the customer reads the new time'
is '<a1@sakura-shoji.example>' "$(field In-Reply-To "$letter")" 'in his thread'
hasnt "$(cat "$letter"; printf %s "$shown")" 'ベンダー|suzuki|鈴木' 'and neither reason nor name'

command sato "$c1" '定型'
has "$shown" '定型文「6 ランサムウェア」を回答として' '定型: the text of the kind'
await $tanaka 3
has "$(text "$(newest $tanaka)")" 'ランサム' 'the customer reads it'
is "answered	-" "$(row 1 | cut -f1,2)" 'and the clock stands'
command sato "$c1" '再送'
await $tanaka 4
has "$(text "$(newest $tanaka)")" 'ランサム' '再送: the same once more'

command suzuki "$n1" '担当 自分' '電話では元気そうでした。'
has "$shown" '社内メモとして残しました' 'a command on a note, and the note'
is 1 "$(sql "SELECT count(*) FROM message WHERE kind = 2")" 'the note is stored'
hasnt "$(box $tanaka | xargs -n1 "$BIN/yorozu" mail show)" '電話では' 'the customer sees nothing of it'

command sato "$c1" '#2 統合 #1'
has "$shown" '#2 を #1 に統合しました' '統合: done'
customer $kacho "$(field Reply-To "$(newest $kacho)")" b2 'Re: 添付を開いてしまった'
customer $tanaka "$(field Reply-To "$(newest $tanaka)")" a2 'Re: 不審なメール'
is 4 "$(sql "SELECT count(*) FROM message WHERE ticket_id = 1 AND kind = 0")" 'mail to both addresses'
ok 'mail to either address comes to the one ticket'

command sato "$c1" '履歴' '書庫'
has "$shown" '^ +1 26/11/24 10:00 お客さま +tanaka@' '履歴: mails are numbered'
has "$shown" '統合された +sato +#2' 'and what was done is told'
has "$shown" 'application/mbox .*soudan-1.mbox' '書庫: the whole ticket is attached'
narrow() { [ "$(printf '%s\n' "$shown" | sed '1,/^$/d; /^part  type/,$d' | LC_ALL=C.UTF-8 wc -L)" -le 76 ] || fail "$1: $shown"; ok "$1"; }
narrow 'no line is too long'
is 4 "$($Y ticket mbox 2 | grep -c '^Message-ID: <[ab][12]@')" 'the front command writes the same'

indexed() { [ "$(sql 'SELECT done_id FROM search_state')" -ge 4 ]; }
until_true 20 indexed || fail 'the index'
command sato "$c1" '検索 お願い 差出人:tanaka 添付'
has "$shown" '^#1 不審なメール' '検索: the ticket is found'
has "$shown" '【お願い】します' 'with the place'
has "$shown" 'soudan-1-[0-9]+.eml' 'and the mail is attached'
narrow 'no line is too long'
command sato "$c1" '検索 状態:謎'
has "$shown" '1行目：検索 状態:謎' 'a search that can'"'"'t be is refused'

command sato "$c1" '統合取消'
has "$shown" '#2 を #1 から分け' '統合取消: done'
is '3 1' "$(sql "SELECT (SELECT count(*) FROM message WHERE ticket_id = 1 AND kind = 0) || ' ' || (SELECT count(*) FROM message WHERE ticket_id = 2 AND kind = 0)")" \
	'what had moved is back, what came since stays'
is open "$(row 2 | cut -f1)" 'with its clock'

command sato "$c1" '分割'
has "$shown" '新しい相談 #3 に分けました' '分割: done'
command sato "$c1" '迷惑' '再開'
is open "$(row 1 | cut -f1)" '迷惑 and 再開'
command sato "$c1" '完了' '#2 完了' '#3 完了'
is 3 "$($Y ticket list --state closed --tsv | grep -c '^[123]')" '完了: three tickets with one mail'
command sato "$c1" '#99 完了'
has "$shown" '相談 #99 はありません' 'a ticket that is not there'
command sato "$c1" ''
has "$shown" '操作が書かれていないメール' 'an empty mail gets help'
command sato "$c1" 'help'
has "$shown" '期限 日時 理由' 'the table'
has "$shown" '例：期限 11/27 12:00' 'with examples'
narrow 'not too wide'

# the front command does the same
$Y ticket reopen 1 >/dev/null; $Y ticket assign 1 suzuki >/dev/null
is 'open	suzuki' "$(row 1 | cut -f1,3)" 'yorozu ticket reopen, assign'
$Y ticket merge 3 1 >/dev/null
is closed "$(row 3 | cut -f1)" 'yorozu ticket merge'
$Y ticket unmerge 3 >/dev/null; $Y ticket close 1 >/dev/null
is closed "$(row 1 | cut -f1)" 'yorozu ticket unmerge, close'
if $Y ticket merge 1 1 2>/dev/null; then fail 'merged into itself'; fi
ok 'a ticket is not merged into itself'
settle
is 0 "$(sql 'SELECT count(*) FROM outbox WHERE state = 3')" 'every mail went out'
