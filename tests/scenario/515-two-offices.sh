# The health checks of two companies as they are in life (HEALTH-01 … -05): one that
# keeps its terminals in order, one where everything goes wrong at once. Nothing is
# started; what is drawn is read back. The first page says all of it.
. "$(dirname "$0")/lib.sh"
FILL=$(dirname "$BIN")/bench/health_fill
new_instance offices
staff suzuki '鈴木 一郎'
$Y contract add n_number=N123456780 name=有限会社清水設計 officer_name='清水　花子' officer_mail=hanako@shimizu.example >/dev/null || fail 'contract'
$Y contract add n_number=N123456789 name=株式会社見本製作所 officer_name='山田　太郎' officer_mail=yamada@mihon.example >/dev/null || fail 'contract'
for month in 2026-08 2026-09 2026-10; do
	"$FILL" "$I" $month N123456780 clean && "$FILL" "$I" $month N123456789 bad || fail "no terminals in $month"
done
chown -R --reference="$I/store/yorozu.db" "$I/store"
$Y clock set '2026-11-04 09:00' >/dev/null
page() { pdftotext -layout -f "$2" -l "${3:-$2}" "$tmp/$1.pdf" - | tr -s ' '; }
print() { # NUMBER: its pages into $tmp/NUMBER.pdf
	$Y report month 2026-10 --contract "$1" --print "$I/run/$1.pdf" >/dev/null || fail "no pages of $1"
	mv "$I/run/$1.pdf" "$tmp/"
}

# ---- the tables that ship end before October ------------------------------------------------
print N123456780; print N123456789
has "$(page N123456780 1)" '最新の更新プログラムが適用されています' 'what is newer than the tables is the newest'
has "$(page N123456789 2)" 'DESKTOP-7FD3M1C .*最新分は未確認' 'what is as old as the tables can not be told'
has "$(page N123456789 2 | tr -d ' \n')" '公開分まで適用' 'but until when it is patched'

# ---- with October's update ----------------------------------------------------------------------
"$FILL" feed >"$I/feed/october.tsv" || fail 'no tables'
for month in 2026-08 2026-09; do $Y report month $month >"$tmp/out" || fail "$(cat "$tmp/out")"; done
print N123456780; print N123456789
shown=$(page N123456780 1 | tr -d '\n ')
has "$shown" '対象端末8台すべてに' 'the clean one: patched'
has "$shown" '既知の脆弱性は見つかりませんでした' 'no vulnerable software'
has "$shown" '今月、急いで対応いただくことはありません' 'nothing to do'
hasnt "$(page N123456780 1 99)" '要対応$|△ [1-9]' 'and no mark against it'
shown=$(page N123456789 1 | tr -d '\n ')
has "$shown" '1\.DESKTOP-4K2J9QX、DESKTOP-7FD3M1Cに更新プログラムKB5999101を今週中に' 'the bad one: what is pressing, on all terminals'
has "$shown" 'サポートが終了したOSの端末が3台' 'what is no longer supported'
has "$shown" '2台（KEIRI-02、SEKKEI-WS2）は再起動待ち' 'what waits for a restart'
has "$shown" 'getintopc.com（SEKKEI-WS1）' 'who was on a dangerous site'
has "$shown" 'このうち深夜帯は延べ15日' 'nights and weekends: still on the first page'
hasnt "$shown" '端末ごとの適用状況' 'which is alone'
has "$(page N123456789 2)" 'DESKTOP-7FD3M1C .*未適用 1 [^ ]+ KB5999101' 'each terminal with its evidence'
has "$(page N123456789 2)" '26200.9771 が必要' 'the build it needs'
has "$(page N123456789 3)" 'KB5999101 CVE-2026-81963、' 'the exploited one first among the CVEs'
has "$(page N123456789 3)" '7-Zip 19.00.*25.00 以上' 'a version to go to that has no hole of its own'
has "$(page N123456789 1 99)" 'YOBI-NOTE 10/10–10/30' 'days that are missing'
has "$(page N123456789 1 99)" '△ [0-9]+時間|× [0-9]+時間' 'months compared in hours'
pages=$(pdfinfo "$tmp/N123456789.pdf" | awk '/^Pages/ { print $2 }')
[ "$pages" -le 8 ] || fail "$pages pages"
ok "$pages pages"
