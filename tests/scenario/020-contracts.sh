# Contracts and staff by the front command, as root, on an instance that is not
# started: the store's work is done as run_user, the maps are written as root.
: "${BIN:?}"
here=$(cd "$(dirname "$0")/.." && pwd)
D=$(mktemp -d) || exit 1
I=/var/lib/yorozu/scenario-020-$$
trap 'rm -rf "$D" "$I" "$I.init"' EXIT
"$BIN/yorozu" -C "$I" init --base-port 21200 >/dev/null || exit 1
user=yorozu

y() { "$BIN/yorozu" -C "$I" "$@" 2>&1; }
ok() { printf 'ok   %s\n' "$1"; }
fail() { printf 'FAIL %s\n' "$*"; exit 1; }
has() { # text, pattern, name
	printf '%s\n' "$1" | grep -qe "$2" || fail "$3: no \"$2\" in: $1"
	ok "$3"
}
hasnot() {
	! printf '%s\n' "$1" | grep -qe "$2" || fail "$3: \"$2\" in: $1"
	ok "$3"
}
refused() { # name, command…: exit code 1 and a reason
	name=$1; shift
	if out=$(y "$@"); then fail "$name: accepted"; fi
	[ -n "$out" ] || fail "$name: no reason"
	ok "$name"
}

# ---- the CSV files of tests/golden/contract, looked at only
for f in "$here"/golden/contract/*.csv; do
	name=$(basename "$f" .csv)
	y contract import "$f" --dry-run >"$D/out"
	if [ -n "$UPDATE" ]; then cp "$D/out" "${f%.csv}.ref"; fi
	diff "${f%.csv}.ref" "$D/out" || fail "import of $name"
	ok "import of $name tells what it should"
done
[ "$(y contract list --tsv | wc -l)" -eq 1 ] || fail "a dry run wrote something"
ok 'a dry run writes nothing'

# ---- import, all or nothing
refused 'a file with faults is refused' contract import "$here/golden/contract/faults.csv"
[ "$(y contract list --tsv | wc -l)" -eq 1 ] || fail "half an import"
ok 'and leaves nothing behind'
y contract import "$here/golden/contract/cp932.csv" >/dev/null || fail 'import'
has "$(y contract list)" '^N100000003  ㈱ソフト表示～髙橋' 'contracts from CP932 are listed'
has "$(y contract list --tsv)" "^N100000001	株式会社青葉商事	25	利用する	2026/4/1		" 'TSV for programs'
has "$(y contract import "$here/golden/contract/utf8.csv")" '^追加 0 件、変更 1 件、変更なし 2 件' 'the same as UTF-8: only the password counts as new'

# ---- one contract
out=$(y contract show N100000001)
has "$out" '^利用案内確認パスワード *設定あり' 'a password is shown as set'
has "$out" '^セキュリティレポート用パスワード *未設定' 'or as not set'
hasnot "$out" Aoba2026x 'never itself'
y contract set N100000001 address+=Sato@AOBA-shoji.example name=株式会社新青葉 >/dev/null || fail 'set'
has "$(y contract show N100000001)" 'sato@aoba-shoji.example' 'an address is added in lower case'
refused 'an address of another contract' contract set N100000002 address=tanaka@aoba-shoji.example
refused 'a free mail domain' contract set N100000002 domain+=gmail.com
refused 'a password on the command line' contract set N100000002 report_password=Abcdefg1
printf 'Report123\n' | y contract set N100000002 report_password=- >/dev/null || fail 'password from standard input'
has "$(y contract show N100000002)" '^セキュリティレポート用パスワード *設定あり' 'a password from standard input'
refused 'a value against its rule' contract set N100000001 zip=123
refused 'an unknown field' contract set N100000001 colour=red
refused 'an unknown contract' contract set N999999999 zip=1000001
refused 'a number that is taken' contract add n_number=N100000001
y contract add n_number=N100000020 契約者名=株式会社二十 >/dev/null || fail 'add'
y contract end N100000001 2026-04-30 >/dev/null || fail 'end'
has "$(y contract show N100000001)" '^利用終了日 *2026/4/30' 'a contract ends'
refused 'an end before the start' contract end N100000001 2026-03-31

# ---- export
y contract export "$D/out.csv" >/dev/null || fail 'export'
y contract export --cp932 "$D/out932.csv" >/dev/null || fail 'export in CP932'
[ "$(head -c 3 "$D/out.csv" | od -An -tx1 | tr -d ' ')" = efbbbf ] || fail 'no BOM'
ok 'an export has the BOM that Excel needs'
iconv -f cp932 -t utf-8 "$D/out932.csv" | sed '1s/^/\xEF\xBB\xBF/' | cmp -s - "$D/out.csv" || fail 'CP932 export differs'
ok 'in CP932 it says the same'
has "$(y contract import "$D/out932.csv")" '変更なし 4 件' 'and imports into the same'
! grep -aqe Aoba2026x -e Report123 "$D/out.csv" "$I"/store/* || fail 'a password in the open'
ok 'no password in the export or in the store'

# ---- staff
out=$(y staff add suzuki --name '鈴木 一郎' --address Suzuki@example.jp --role agent,supervisor)
has "$out" '^suzuki のパスワード: [a-z2-7-]*$' 'a password is made and shown once'
echo 'a pass phrase' | y staff add sato --name 佐藤 --address sato@example.jp --role agent --password-stdin >/dev/null || fail 'staff add'
has "$(y staff list)" '^suzuki *鈴木 一郎 *suzuki@example.jp *agent,supervisor *有効' 'staff are listed'
refused 'a login twice' staff add sato --name x --address x@example.jp --role agent
refused 'a mailbox twice' staff add x --name x --address sato@example.jp --role agent
refused 'the desk as its own staff' staff add desk --name x --address sodan+a@example.jp --role agent
refused 'a login that is a path' staff add ../x --name x --address x@example.jp --role agent
refused 'a role that is none' staff set sato --role boss
has "$(cat "$I/etc/dovecot/staff")" '^sato:{SHA512-CRYPT}\$6\$' 'Dovecot knows the login'
has "$(cat "$I/etc/postfix/recipients")" '^suzuki@example.jp suzuki$' 'Postfix knows the mailbox'
[ "$(stat -c %U:%G:%a "$I/etc/dovecot/staff")" = root:dovecot:640 ] || fail 'who may read the hashes'
ok 'only Dovecot reads the hashes'
y staff disable sato >/dev/null || fail 'disable'
has "$(y staff list --tsv)" '^sato	佐藤	sato@example.jp	agent	0$' 'a staff member is disabled'
has "$(cat "$I/etc/dovecot/staff")" '^sato:!:' 'and can not log in'
has "$(cat "$I/etc/postfix/recipients")" '^sato@example.jp sato$' 'but mail under way arrives'
rm "$I/etc/dovecot/staff"
y staff maps || fail 'maps'
has "$(cat "$I/etc/dovecot/staff")" '^suzuki:{SHA512-CRYPT}' 'the maps can be made again from the store'
! grep -aqe 'pass phrase' "$I"/store/* || fail 'a staff password in the store'
ok 'only the hash of a staff password is kept'

# ---- whose files, which key
[ -z "$(find "$I/store" ! -user "$user")" ] || fail "not $user's: $(ls -l "$I/store")"
ok "the store's files belong to run_user"
head -c 32 /dev/urandom >"$I/keys/master.key"
has "$(y contract list || :)" 'another master key' 'another master key is noticed'
