# The monthly health check (HEALTH-01 … -07): a month is closed by itself, staff get
# the drafts, change one by reply, approve both in one mail; the contact's PDF
# opens with the password of reports and reads right.
. "$(dirname "$0")/lib.sh"
FILL=$(dirname "$BIN")/bench/health_fill
new_instance desk
sed -i 's/^stats_monthly = .*/stats_monthly = 0/' "$I/yorozu.conf" # whose mail would be counted, too
$Y start
$Y clock set '2026-10-20 10:00' >/dev/null
# the instance was made by the real clock: its chain begins in the month that is now
$Y stop mailer >/dev/null
sql 'DELETE FROM report_job'
$Y start mailer >/dev/null
planned() { [ "$(sql "SELECT count(*) FROM report_job WHERE kind = 'health' AND state = 0 AND what = '$1'")" = 1 ]; }
until_true 20 planned 2026-10 || fail 'the chain of months does not begin'
staff suzuki '鈴木 一郎'
$Y contract add n_number=N123456789 name=株式会社見本製作所 officer_name='山田　太郎' officer_mail=yamada@mihon.example >/dev/null || fail 'contract'
$Y contract add n_number=N123456780 name=有限会社清水商店 officer_name='清水　花子' officer_mail=hanako@shimizu.example >/dev/null || fail 'contract'
$Y contract add n_number=N123456781 name=端末のない会社 >/dev/null || fail 'contract'
printf 'Geheim12Wort\n' | $Y contract set N123456789 report_password=- >/dev/null || fail 'password'
printf 'Shimizu34Pass\n' | $Y contract set N123456780 report_password=- >/dev/null || fail 'password'
"$FILL" "$I" 2026-10 N123456789 6 && "$FILL" "$I" 2026-10 N123456780 1 || fail 'no terminals'
chown -R --reference="$I/store/yorozu.db" "$I/store"

# ---- the month closes, drafts come ------------------------------------------------------
$Y clock set '2026-11-04 06:00:05' >/dev/null
await suzuki 3
settle
is 2 "$(sql 'SELECT count(*) FROM health')" 'each contract with terminals has its report'
is '2026-11' "$(sql "SELECT what FROM report_job WHERE kind = 'health' AND state = 0")" 'the next month is planned'
# box_with PATTERN: the newest mail of suzuki whose text has it
box_with() { for f in $(box suzuki); do text "$f" | grep -qE -- "$1" && echo "$f"; done | tail -1; }
draft=$(box_with 'N123456789.*10月分の')
over=$(box_with '原稿ができました')
has "$(text "$over")" '送付期限は 11月16日\(月\) です' 'the deadline is ten business days after the month'
has "$(text "$draft")" '【1】OS脆弱性情報・Windowsアップデート：× 要対応' 'a draft shows its findings'
has "$(text "$draft")" 'PC-01' 'with names'
to=$(field Reply-To "$draft" | grep -oE 'sodan\+k[0-9]+-[a-z2-7]+@example.jp')
[ -n "$to" ] || fail 'no address for answers'
munpack() { # FILE: its PDF and ZIP into $tmp/files
	rm -rf "$tmp/files"; mkdir "$tmp/files"
	perl -MMIME::Base64 -e 'undef $/; my $m = <STDIN>; $m =~ s/\r//g; my ($b) = $m =~ /boundary="?([^"\n;]+)/;
		my @stack = ($m); my $i = 0;
		while (defined(my $p = shift @stack)) { if ($p =~ /^Content-Type:\s*multipart[^\n]*(?:\n[ \t][^\n]*)*?boundary="?([^"\n;]+)/im) {
			my $q = quotemeta $1; push @stack, (split /^--$q(?:--)?\s*$/m, $p)[1 .. 9]; next }
			next unless $p =~ /application\/(pdf|zip)/; my $e = $1; $p =~ s/^\n*.*?\n\n//s;
			open my $f, ">", "$ARGV[0]/$i.$e"; print $f decode_base64($p); $i++ }' "$tmp/files" <"$1"
}
munpack "$draft"
pdftotext -layout "$tmp/files/0.pdf" "$tmp/draft.txt" 2>"$tmp/why" || fail "the draft's PDF: $(cat "$tmp/why")"
has "$(cat "$tmp/draft.txt")" '【原稿】' 'the draft says that it is one'

# ---- a text is changed by reply ---------------------------------------------------------------
reply() { # TO BODYFILE: an answer that quotes nothing but its body
	{ printf 'From: suzuki@example.jp\nTo: %s\nSubject: Re: draft\nMessage-ID: <%s@example.jp>\nDate: Wed, 4 Nov 2026 06:10:00 +0900\n' "$1" "$(date +%s%N)"
	  [ -z "${3:-}" ] || printf 'In-Reply-To: %s\n' "$(field Message-ID "$3" | tr -d ' ')"
	  printf 'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n'; cat "$2"; } >"$tmp/reply.eml"
	submit suzuki "$1" "$tmp/reply.eml" || fail "refused: $(said)"
}
text "$draft" | sed 's/^/> /' | sed -E 's/(【3】記憶媒体の接続：).*/\1△ 注意/' | awk '/【3】/ { print; print "> 記憶媒体は情報システム部の貸出品でした。"; skip = 1; next } /【4】/ { skip = 0 } !skip' >"$tmp/body"
reply "$to" "$tmp/body"
await suzuki 5
settle
new=$(box_with '【原稿 第2版】')
has "$(text "$new")" '貸出品でした' 'the new draft has the changed words'
has "$(text "$new")" '【3】記憶媒体の接続：△ 注意' 'and the changed sign'
is '2' "$(sql "SELECT version FROM health h JOIN contract c ON c.id = contract_id WHERE n_number = 'N123456789'")" 'as the second version'
printf '承認\n\n> 【原稿 第1版】\n' >"$tmp/body"
reply "$to" "$tmp/body"
await suzuki 6
has "$(text "$(newest suzuki)")" '第1版への返信です' 'who approves an old draft is told so'
is 0 "$(sql 'SELECT count(*) FROM health WHERE state > 1')" 'and nothing goes out'

# ---- newer tables: the drafts are made anew -------------------------------------------------------
count_before=$(count suzuki)
has "$($Y report month 2026-10 --again --contract N123456780)" '1 drafts are made anew' 'a draft is ordered anew by hand'
await suzuki $((count_before + 1))
settle
is '2' "$(sql "SELECT version FROM health h JOIN contract c ON c.id = contract_id WHERE n_number = 'N123456780'")" 'and is another version'
has "$(text "$(newest suzuki)")" '清水商店 様（N123456780）.*10月分のヘルスチェックレポートの' 'which staff get'
printf '作り直し\n' >"$tmp/body"
reply "$(field Reply-To "$(newest suzuki)" | grep -oE 'sodan\+k[0-9]+-[a-z2-7]+@example.jp')" "$tmp/body"
await suzuki $((count_before + 3))
settle
is '3' "$(sql "SELECT version FROM health h JOIN contract c ON c.id = contract_id WHERE n_number = 'N123456780'")" 'staff order it by mail'

# ---- both are approved in one mail ----------------------------------------------------------------
over_to=$(field Reply-To "$over" | grep -oE 'sodan\+y202610-[a-z2-7]+@example.jp')
printf '承認 N123456789 N123456780\n' >"$tmp/body"
reply "$over_to" "$tmp/body"
settle
has "$(text "$(newest suzuki)")" 'のあとに変わりました' 'who has not seen the newest drafts is told so'
reply "$over_to" "$tmp/body" "$(box_with '【原稿 第3版】')"
await yamada@mihon.example 1
await hanako@shimizu.example 1
settle
is '3|3' "$(sql 'SELECT group_concat(state, "|") FROM health')" 'both went out'
is 1 "$(count yamada@mihon.example)" 'once'
mail=$(newest yamada@mihon.example)
has "$(text "$mail")" '貸出品でした' 'the mail tells the words as staff left them'
has "$(cat "$mail")" 'text/html' 'in HTML too'
hasnt "$(cat "$mail")" 'Geheim12Wort' 'without the password'
munpack "$mail"
pdf=$(find "$tmp/files" -name '*.pdf') zip=$(find "$tmp/files" -name '*.zip')
if pdftotext "$pdf" - >/dev/null 2>&1; then fail 'the PDF opens without a password'; fi
ok 'the PDF does not open without a password'
has "$(qpdf --show-encryption --password=Geheim12Wort "$pdf")" 'AESv3' 'it is sealed with AES-256'
pdftotext -layout -upw Geheim12Wort "$pdf" "$tmp/report.txt" || fail 'the PDF does not open with it'
has "$(cat "$tmp/report.txt")" '株式会社見本製作所 様' 'it opens with the password of reports'
has "$(cat "$tmp/report.txt")" '貸出品でした' 'has the words of staff'
has "$(cat "$tmp/report.txt")" 'Google' 'and the software that is to be renewed'
hasnt "$(cat "$tmp/report.txt")" '原稿' 'and is no draft any more'
7z x -y -pGeheim12Wort -o"$tmp/csv" "$zip" >/dev/null || fail 'the tables do not open'
has "$(cat "$tmp"/csv/os-*.csv)" 'PC-01,Windows 11 Pro' 'the tables are beside it'
is 0 "$(sql "SELECT count(*) FROM report_job WHERE state = 0 AND kind LIKE 'health-%' AND kind <> 'health-remind'")" 'nothing is left to do'

# ---- the reminder finds nothing open -----------------------------------------------------------------
n=$(count suzuki)
$Y clock set '2026-11-09 09:00:05' >/dev/null
$Y report month 2026-10 >"$tmp/out" || fail "by hand: $(cat "$tmp/out")"
has "$(cat "$tmp/out")" '0 drafts, 0 held, 0 approved, 2 sent' 'run again, nothing is made again'
reminded() { [ "$(sql "SELECT count(*) FROM report_job WHERE kind = 'health-remind' AND state = 1")" -ge 1 ]; }
until_true 20 reminded || fail 'the reminder was not looked at'
settle
is 2 "$(sql "SELECT count(*) FROM outbox WHERE tmpl = 'health-report'")" 'no report went out twice'
