# yorozu check (OPS-02, OPS-04): everything right, then one thing broken at a
# time; the right line says so, and what to do.
. "$(dirname "$0")/lib.sh"
new_instance one
cf=$I/etc/postfix

line() { printf '%s\n' "$out" | grep -E "^$1 +$2 " || :; } # STATE ITEM
check() { rc=0; out=$($Y check 2>&1) || rc=$?; }
# fails ITEM PATTERN WHAT: the check fails, and says this of that item
fails() {
	check
	has "$(line FAIL "$1")" "$2" "$3"
	is 1 "$rc" '  … exit status 1'
}
# breaks …: the same, and it is the only line that is not ok
breaks() {
	fails "$@"
	is 1 "$(printf '%s\n' "$out" | grep -cE '^(FAIL|warn) ')" "  … and nothing else$(line '(FAIL|warn)' '[a-z]*' | sed 1d)"
}
warns() {
	check
	has "$(line warn "$1")" "$2" "$3"
	is 0 "$rc" '  … exit status 0'
}
well() { check; is '' "$(printf '%s\n' "$out" | grep -E '^(FAIL|warn)')" "$1"; }

files() { find "$I" -type f ! -name '*.log' ! -name 'yorozu.db-*' -printf '%p %s %m %u %T@\n' | sort; }
before=$(files)
check
is 0 "$rc" 'a new instance has no faults before its start'
has "$(line warn daemons)" 'none is running' 'that nothing runs is to be looked at'
is "$before" "$(files)" 'check changes no file'

$Y start
staff suzuki '鈴木 一郎'
well 'after start everything is ok'
has "$($Y check --json)" '"warn":0,"fail":0' 'the same for programs'
$Y check --json | python3 -c 'import json, sys; json.load(sys.stdin)' && ok 'which is JSON'

# ---- configuration
cp "$I/yorozu.conf" "$tmp/conf"
echo 'colour = blue' >>"$I/yorozu.conf"
breaks config 'yorozu.conf:[0-9]+: unknown key "colour"' 'a bad line of the configuration is named'
cp "$tmp/conf" "$I/yorozu.conf"

# ---- keys and folders
chmod 644 "$I/keys/master.key"
breaks keys 'master.key has mode 644.*chmod 600' 'a key that others can read'
chmod 600 "$I/keys/master.key"
chown nobody "$I/keys/dkim.private"
fails keys 'dkim.private belongs to nobody: chown opendkim' 'a key of the wrong owner'
chown opendkim "$I/keys/dkim.private"
mv "$I/keys/world.password" "$tmp/"
breaks keys 'world.password: No such file' 'a key that is gone'
mv "$tmp/world.password" "$I/keys/"
chmod 777 "$I/store"
breaks folders 'store can be written to by others: chmod 750' 'a folder that anybody can write to'
chmod 750 "$I/store"
chown root "$I/log"
breaks folders 'log belongs to root: chown yorozu' 'a folder of the wrong owner'
chown yorozu "$I/log"
rmdir "$I/world"
breaks folders 'world is missing' 'a folder that is gone'
install -d -o yorozu -g yorozu -m 750 "$I/world"

# ---- disk
if mount -t tmpfs -o size=1m,mode=0750,uid="$(id -u yorozu)",gid="$(id -g yorozu)" tmpfs "$I/mail"; then
	breaks disk 'mail: 1 MB free: make room' 'a disk without room'
	umount "$I/mail"
else
	echo 'skipped: no tmpfs here'
fi

# ---- the store and the clock
mv "$I/keys/master.key" "$tmp/master.key"
head -c 32 /dev/urandom >"$I/keys/master.key"; chmod 600 "$I/keys/master.key"
breaks store 'made under another master key' 'a master key that is not the store'\''s'
mv "$tmp/master.key" "$I/keys/master.key"
$Y stop milter mailer
cp -a "$I/store/yorozu.db" "$tmp/yorozu.db"
sql 'PRAGMA foreign_keys = OFF; UPDATE audit SET ticket_id = 999'
fails store 'damaged: .* names a row of .* that is not there' 'a damaged store'
cp -a "$tmp/yorozu.db" "$I/store/yorozu.db"; rm -f "$I/store/yorozu.db-wal" "$I/store/yorozu.db-shm"
mv "$I/store/yorozu.db" "$tmp/yorozu.db"
fails store 'yorozu.db: No such file' 'a store that is gone'
[ ! -e "$I/store/yorozu.db" ] && ok '  … and check did not make one'
mv "$tmp/yorozu.db" "$I/store/yorozu.db"
version=$(sql 'PRAGMA user_version')
sql 'PRAGMA user_version = 0'
check
has "$(line warn store)" 'of an older version' 'a store that the next start brings forward'
is 0 "$(sql 'PRAGMA user_version')" '  … and check left as it was'
sql "PRAGMA user_version = $version"
$Y start
well 'put back, everything is ok again'
$Y clock advance 3d >/dev/null
warns clock 'moved: ' 'a clock that was moved'
staff sato '佐藤 花子'
$Y clock reset >/dev/null
breaks clock 'the clock went back' 'a clock that went back behind the store'
sql "UPDATE audit SET at = at - 4 * 86400"

# ---- calendar and templates
printf 'rubbish\n' >"$I/holidays.csv"
sed -i "s|^holidays_csv = .*|holidays_csv = $I/holidays.csv|" "$I/yorozu.conf"
breaks calendar 'holidays.csv' 'a calendar that does not load'
cp "$tmp/conf" "$I/yorozu.conf"
cp -r "$(sed -n 's/^templates = //p' "$I/yorozu.conf")" "$I/texts"
sed -i "s|^templates = .*|templates = $I/texts|" "$I/yorozu.conf"
echo '{{nmae}} 様' >>"$I/texts/ack.ja.txt"
breaks templates 'ack.ja.txt: line [0-9]+: .*nmae' 'a template with an unknown name, and its line'
cp "$I/texts/banner.ja.txt" "$I/texts/ack.old.ja.txt"
fails templates 'ack.ja.txt: line' 'the same beside another'
has "$(line warn templates)" 'ack.old.ja.txt is used by nothing' 'a template that nothing uses'
rm "$I/texts/ack.old.ja.txt" "$I/texts/ack.ja.txt"
breaks templates 'ack.ja.txt: No such file' 'a template that is gone'
cp "$tmp/conf" "$I/yorozu.conf"
cp -r "$(sed -n 's/^categories = //p' "$I/yorozu.conf")" "$I/kinds"
sed -i "s|^categories = .*|categories = $I/kinds|" "$I/yorozu.conf"
echo 'colour = blue' >>"$I/kinds/categories.txt"
breaks categories 'categories.txt:[0-9]+: ' 'a fault in the list of categories'
cp "$tmp/conf" "$I/yorozu.conf"

# ---- Postfix
cp "$cf/main.cf" "$tmp/main.cf"; cp "$cf/master.cf" "$tmp/master.cf"
restore() { cp "$tmp/main.cf" "$cf/main.cf"; cp "$tmp/master.cf" "$cf/master.cf"; }
echo 'milter_defualt_action = tempfail' >>"$cf/main.cf"
warns postfix 'unused parameter: milter_defualt_action' 'a misspelt parameter of Postfix'
restore
sed -i 's/^queue_directory = .*/queue_directory = \/nonexistent/' "$cf/main.cf"
fails postfix 'postfix check: ' 'what postfix check complains of'
restore
sed -i 's/^milter_default_action = .*/milter_default_action = accept/' "$cf/main.cf"
breaks milter 'milter_default_action = accept: set it to tempfail' 'a milter that mail could get past'
restore
sed -i 's/^  -o milter_macro_daemon_name=mx$/&\n  -o milter_default_action=accept/' "$cf/master.cf"
breaks milter 'has a milter_default_action of its own' 'the same on one listener'
restore
sed -i "s|,unix:$I/run/milter.sock\$||" "$cf/master.cf"
breaks milter 'no mx listener' 'a listener without the desk'
restore
sed -i "s/^127.0.0.1:$((BASE + 26)) /127.0.0.1:$((BASE + 27)) /" "$cf/master.cf"
breaks milter 'no inject listener' 'a mailer without a door'
restore
sed -i "/name=inject/,/smtpd_milters/s|unix:$I/run/opendkim|unix:$I/run/milter.sock,&|" "$cf/master.cf"
breaks milter 'would go round' 'a desk at the mailer'\''s own door'
restore
sed -i 's/^mydestination =.*/mydestination = localhost, example.jp/' "$cf/main.cf"
breaks recipients 'mydestination names example.jp' 'a domain that goes to system users'
restore
sed -i '/^transport_maps/d' "$cf/main.cf"
breaks recipients 'transport_maps must keep sodan@example.jp' 'a desk address without its own transport'
restore
touch -d '+1 minute' "$cf/recipients"
breaks recipients 'staff maps' 'a list of recipients that Postfix has not got yet'
$Y staff maps

# ---- TLS
cp -a "$I/keys/tls.crt" "$I/keys/tls.key" "$tmp/"
cert() { openssl req -x509 -key "$I/keys/tls.key" -out "$I/keys/tls.crt" "$@" 2>/dev/null; }
cert -subj /CN=mx.example.jp -days 5
warns tls 'expires within 21 days' 'a certificate about to expire'
cert -subj /CN=mail.example.com -days 90
warns tls 'is not for mx.example.jp' 'a certificate of another name'
openssl req -new -key "$I/keys/tls.key" -subj /CN=mx.example.jp 2>/dev/null |
	openssl x509 -req -signkey "$I/keys/tls.key" -days -1 -out "$I/keys/tls.crt" 2>/dev/null
breaks tls 'has expired' 'a certificate that has expired'
cp -a "$tmp/tls.crt" "$I/keys/"
openssl genrsa -out "$I/keys/tls.key" 2048 2>/dev/null
breaks tls "don't belong together" 'a key of another certificate'
cp -a "$tmp/tls.key" "$I/keys/"

# ---- Dovecot, OpenDKIM, DNS
echo 'service imap-login {' >>"$I/etc/dovecot/dovecot.conf"
breaks dovecot '.' 'a broken configuration of Dovecot'
sed -i '$d' "$I/etc/dovecot/dovecot.conf"
cp "$I/etc/opendkim/opendkim.conf" "$tmp/"
echo 'Moode sv' >>"$I/etc/opendkim/opendkim.conf"
breaks opendkim 'line [0-9]+' 'a broken configuration of OpenDKIM'
sed 's/^AuthservID .*/AuthservID else/' "$tmp/opendkim.conf" >"$I/etc/opendkim/opendkim.conf"
breaks opendkim 'AuthservID' 'an OpenDKIM whose results the desk does not believe'
cp "$tmp/opendkim.conf" "$I/etc/opendkim/opendkim.conf"
cp -a "$I/keys/dkim.private" "$tmp/"
openssl genrsa -out "$I/keys/dkim.private" 2048 2>/dev/null
breaks dkim 'does not go with keys/dkim.private' 'a DKIM key that DNS does not know'
cp -a "$tmp/dkim.private" "$I/keys/"
cp -a "$I/keys/dkim-ed25519.private" "$tmp/"
openssl genpkey -algorithm ed25519 -out "$I/keys/dkim-ed25519.private" 2>/dev/null
breaks dkim 'yorozu-ed._domainkey.* does not go with keys/dkim-ed25519.private' 'and the second one, of the newsletter'
cp -a "$tmp/dkim-ed25519.private" "$I/keys/"
cp "$I/etc/unbound/zone.conf" "$tmp/zone"
grep -v '_dmarc' "$tmp/zone" >"$I/etc/unbound/zone.conf"; $Y restart dns
warns dns 'lacks a DMARC record' 'a domain without DMARC'
grep -v 'yorozu._domainkey' "$tmp/zone" >"$I/etc/unbound/zone.conf"; $Y restart dns
breaks dkim 'yorozu._domainkey.* has no TXT record' 'a domain without a DKIM record'
grep -v 'yorozu-ed._domainkey' "$tmp/zone" >"$I/etc/unbound/zone.conf"; $Y restart dns
breaks dkim 'yorozu-ed._domainkey.* has no TXT record' 'or without that of the second key'
cp "$tmp/zone" "$I/etc/unbound/zone.conf"; $Y restart dns

# ---- daemons and ports
$Y stop mailer
breaks daemons 'mailer does not run: .* start mailer' 'a daemon that is down'
$Y start mailer
well 'everything put right, everything is ok'
$Y stop
python3 -c '
import socket, sys, time
s = socket.create_server(("127.0.0.1", int(sys.argv[1]))); print("up", flush=True); time.sleep(60)' $((BASE + 25)) >"$tmp/up" &
thief=$!
until_true 5 grep -q up "$tmp/up" || fail 'the port was not taken'
fails ports "$((BASE + 25)), which postfix needs, is taken" 'a port that another program holds'
kill "$thief"
