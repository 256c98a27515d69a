# The store's disk is full: senders are told to come back, nothing is half
# stored, and when there is room again every mail is in.
. "$(dirname "$0")/lib.sh"
new_instance desk
mkdir "$tmp/store" && cp -a "$I/store/." "$tmp/store/"
mount -t tmpfs -o size=3m,mode=0750 tmpfs "$I/store" || { echo 'skipped: no tmpfs here'; exit 0; }
made="$made $I"
cleanup_disk() { $Y stop >/dev/null 2>&1; umount "$I/store" 2>/dev/null; cleanup; }
trap cleanup_disk EXIT
chown yorozu: "$I/store" && cp -a "$tmp/store/." "$I/store/"
sed -i 's/^ack_per_day = .*/ack_per_day = 0/' "$I/yorozu.conf"
$Y start
staff suzuki '鈴木 一郎'
company bench.example
$Y stop mailer
milter=$(cat "$I/run/milter.pid")
printf 'From: a@bench.example\nSubject: big\nMessage-ID: <ID@bench.example>\n\n' >"$tmp/head"
taken=0
for i in $(seq 60); do
	{ sed "s/ID/$i/" "$tmp/head"; head -c 300000 /dev/urandom | base64 -w 76; } >"$tmp/b.eml"
	if mail a@bench.example sodan@example.jp "$tmp/b.eml"; then taken=$((taken + 1)); else break; fi
done
has "$(said)" '^< 451' "a full disk: $(said | tr -d '\r')"
is "$taken" "$(sql 'SELECT count(*) FROM message')" "the $taken mails that got a 250 are stored, the refused one is not"
is "$taken" "$(sql 'SELECT count(*) FROM ticket')" 'no ticket without its mail'
mount -o remount,size=60m "$I/store"
mail a@bench.example sodan@example.jp "$tmp/b.eml" || fail "refused with room again: $(said)"
is $((taken + 1)) "$(sql 'SELECT count(*) FROM message')" 'with room again the same mail is taken'
is "$milter" "$(cat "$I/run/milter.pid")" 'the milter never went away'
$Y start mailer
await suzuki $((taken + 1))
settle
is $((taken + 1)) "$(count suzuki)" 'staff have each of them once'
is ok "$(sql 'PRAGMA integrity_check')" 'the store is whole'
