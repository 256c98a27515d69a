# MAG-02, -04: attachments of an issue by policy: in the mail, or above a size by
# a link that every reader has and that ends; the list of checks says which way.
. "$(dirname "$0")/lib.sh"
new_instance news
sed -i 's/^news_attach_link = .*/news_attach_link = 20000/; s/^news_link_days = .*/news_link_days = 10/' "$I/yorozu.conf"
$Y clock set '2026-11-24 10:00' >/dev/null
$Y start
printf 'Geheim-mori-1' >"$tmp/pw.mori"
$Y staff add mori --name '森 編集' --address mori@example.jp --role editor --password-file "$tmp/pw.mori" >/dev/null
$Y reader add r1@c1.example >/dev/null
$Y reader add r2@c2.example >/dev/null
web() { curl -s --max-time 20 --cacert "$I/keys/tls.crt" "$@"; }
code() { web -o /dev/null -w '%{http_code}' "$1"; }

# draft FILE BYTES: text, HTML with a picture, a PDF of so many bytes
draft() {
	head -c "$2" /dev/urandom >"$1.pdf"
	{
		printf 'From: mori@example.jp\nTo: henshu@example.jp\nSubject: [1] Number\nMessage-ID: <%s@pc>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=m\n\n' "$(basename "$1")"
		printf -- '--m\nContent-Type: multipart/related; boundary=r\n\n--r\nContent-Type: multipart/alternative; boundary=a\n\n'
		printf -- '--a\nContent-Type: text/plain\n\nplain text\n--a\nContent-Type: text/html\n\n<html><body><p>rich text</p><img src="cid:p@pc" alt="logo"></body></html>\n--a--\n'
		printf -- '--r\nContent-Type: image/png; name=p.png\nContent-ID: <p@pc>\nContent-Transfer-Encoding: base64\n\n'
		head -c 300 /dev/urandom | base64 -w76
		printf -- '--r--\n--m\nContent-Type: application/pdf\nContent-Disposition: attachment; filename*=UTF-8'\'\''%%E8%%B3%%87%%E6%%96%%99.pdf\nContent-Transfer-Encoding: base64\n\n'
		base64 -w76 "$1.pdf"
		printf -- '--m--\n'
	} >"$1"
}
checks() { text "$(grep -l 'henshu+' $(box mori) | xargs ls -t | head -1)"; }
proof() { grep -L 'henshu+' $(box mori) | xargs ls -t | head -1; }

# ---- small: in the mail
draft "$tmp/small" 9000
submit mori henshu@example.jp "$tmp/small" || fail "refused: $(said)"
await mori 2; settle
has "$(checks)" '添付ファイル +1 個、9 KB：メールに付けます' 'a small one goes in the mail, and the list of checks says so'
has "$(cat "$(proof)")" 'filename' 'it is in the proof'
hasnt "$(text "$(proof)")" 'https://localhost:[0-9]+/a/' 'and no link'
old=$(sql 'SELECT draft_id FROM issue')

# ---- another draft with a large one
issue=$(field Reply-To "$(grep -l 'henshu+' $(box mori) | head -1)" | tr -d '<> ')
draft "$tmp/large" 900000
submit mori "$issue" "$tmp/large" || fail "refused: $(said)"
await mori 4; settle
has "$(checks)" '添付ファイル +1 個、900 KB：20 KB を超えるため、メールには付けず、リンクでお届けします \(12月5日\(土\) 15:00 まで\)' 'a large one goes by link'
has "$(checks)" '1 通 [0-9] KB' 'what a mail weighs is without it'
p=$(proof)
hasnt "$(cat "$p")" 'application/pdf' 'it is not in the proof'
has "$(cat "$p")" 'image/png' 'the picture of the text stays'
has "$(text "$p")" '添付ファイル \(12月5日\(土\) 15:00 まで受け取れます\)' 'which says until when'
has "$(text "$p")" '資料.pdf \(900 KB\)' 'what it is'
link=$(text "$p" | grep -oE 'https://localhost:[0-9]+/a/[0-9]+-[a-z2-7]{26}' | head -1)
has "$link" "/a/$(($(sql 'SELECT draft_id FROM issue') * 128 + 1))-" 'and where'
web -D "$tmp/head" -o "$tmp/got" "$link"
cmp -s "$tmp/got" "$tmp/large.pdf" || fail 'the link gives other bytes'; ok 'the link of the proof gives the file, without a login'
has "$(cat "$tmp/head")" "filename\\*=UTF-8''%E8%B3%87%E6%96%99.pdf" 'under its name'
is 404 "$(code "${link%?}")" 'a forged link is none'
is 404 "$(code "$(printf %s "$link" | sed 's|/a/|/d/|')")" 'and its token opens nothing else'
[ "$(sql 'SELECT draft_id FROM issue')" != "$old" ] || fail 'the draft was not replaced'

# ---- readers
$Y issue send 1 --at '2026-11-25 15:00' >/dev/null
$Y clock set '2026-11-25 15:00' >/dev/null
await r1@c1.example 1; await r2@c2.example 1
l1=$(text "$(newest r1@c1.example)" | grep -oE 'https://[^ ]*/a/[^ ]*') l2=$(text "$(newest r2@c2.example)" | grep -oE 'https://[^ ]*/a/[^ ]*')
is "$l1" "$l2" 'all readers have the same link'
for k in 1 2 3 4 5 6 7 8; do web -o "$tmp/got$k" "$l1" & eval "p$k=$!"; done
for k in 1 2 3 4 5 6 7 8; do eval "wait \$p$k"; cmp -s "$tmp/got$k" "$tmp/large.pdf" || fail "fetch $k gives other bytes"; done
ok 'many at once have it'
$Y clock set '2026-12-05 14:00' >/dev/null; is 200 "$(code "$l1")" 'it is good for its time'
$Y clock set '2026-12-05 15:01' >/dev/null; is 410 "$(code "$l1")" 'and then over'
has "$(web "$l1")" '期間が過ぎました' 'which is said'
