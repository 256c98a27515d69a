# Production (OPS-04, OPS-07): make install, init --production, the system's
# Postfix, Dovecot and OpenDKIM on their usual paths and ports, the daemons
# started as systemd would start them. All in namespaces of its own: the
# machine's mail system is not touched, and nothing outlives the test.
if [ -z "${YOROZU_NS:-}" ]; then
	unshare -mpn true 2>/dev/null || { echo 'skipped: no namespaces here'; exit 0; }
	YOROZU_NS=1 exec unshare -mpn --fork --kill-child --mount-proc sh "$0"
fi
. "$(dirname "$0")/lib.sh"
src=$(cd "$(dirname "$0")/../.." && pwd)
I=/var/lib/yorozu/main
bin=/opt/yorozu/bin
Y="$bin/yorozu -C $I"

# ---- a server: empty where we write, its own addresses
ip link set lo up
cp -a /etc/postfix /etc/dovecot /etc/opendkim.conf "$tmp/"
for d in /var/lib/yorozu /var/lib/postfix /var/spool/postfix /var/log /run /opt /etc/postfix /etc/dovecot; do
	mkdir -p "$d"
	mount -t tmpfs -o mode=755 tmpfs "$d"
done
cp -a "$tmp/postfix/." /etc/postfix/; cp -a "$tmp/dovecot/." /etc/dovecot/
chown postfix: /var/lib/postfix
echo 'compatibility_level = 3.6' >/etc/postfix/main.cf
cp /etc/postfix/master.cf.proto /etc/postfix/master.cf
for f in opendkim.conf resolv.conf; do : >"$tmp/$f.new"; mount --bind "$tmp/$f.new" "/etc/$f"; done
echo 'nameserver 127.0.0.1' >/etc/resolv.conf
mkdir -p /run/opendkim

# ---- make install, and away again
make -s -C "$src" BUILD="$(dirname "$BIN")" DESTDIR="$tmp/stage" install >/dev/null
has "$(find "$tmp/stage" -name '*.service')" 'usr/local/lib/systemd/system/yorozu-milter.service' 'make install honours DESTDIR'
make -s -C "$src" BUILD="$(dirname "$BIN")" DESTDIR="$tmp/stage" uninstall >/dev/null
is '' "$(find "$tmp/stage" -type f)" 'make uninstall leaves no file'
make -s -C "$src" BUILD="$(dirname "$BIN")" PREFIX=/opt/yorozu SYSCONFDIR=/opt/etc install >/dev/null
units=/opt/yorozu/lib/systemd/system
if command -v systemd-analyze >/dev/null; then
	is '' "$(systemd-analyze verify $units/yorozu.target $units/yorozu-*.service 2>&1 | grep yorozu)" 'systemd accepts the units'
fi

# ---- init --production, and what the guide says
$Y init --production --domain example.jp --hostname mx.example.jp --world 'relay:[127.0.0.1]:2525' >"$tmp/init" 2>&1 ||
	fail "init: $(cat "$tmp/init")"
sed -i 's/^imap = /#&/' $I/yorozu.conf # until mailboxes have been read here
is 'root 600' "$(stat -c '%U %a' $I/keys/master.key)" 'the master key is root'\''s alone'
$I/etc/postfix/setup
cp -a /etc/postfix "$tmp/once"
$I/etc/postfix/setup
is '' "$(diff -r "$tmp/once" /etc/postfix)" 'the set-up of Postfix can be run again'
echo "!include $I/etc/dovecot/yorozu.conf" >/etc/dovecot/local.conf
sed -i 's/^!include auth-system/#&/' /etc/dovecot/conf.d/10-auth.conf
sed -i 's/^ssl_/#&/' /etc/dovecot/conf.d/10-ssl.conf
cat $I/etc/opendkim/opendkim.conf >/etc/opendkim.conf
staff suzuki '鈴木 一郎'

# ---- the world: a DNS that knows what `dns records` printed, and an inbox
{
	echo 'server:' '  username: ""' '  chroot: ""' '  interface: 127.0.0.1' "  pidfile: $tmp/unbound.pid" \
		'  use-syslog: no' "  logfile: $tmp/unbound.log" '  module-config: iterator' '  local-zone: "." static' | sed 's/  /\n  /g'
	{ $Y dns records | tr -d '()'; echo 'mx.example.jp. IN A 127.0.0.1'; echo 'sakura.example. IN TXT "v=spf1 ip4:127.0.0.1 -all"'; } |
		sed "s/^/  local-data: '/; s/\$/'/"
} >"$tmp/unbound.conf"
unbound -c "$tmp/unbound.conf"
mkdir -m 777 "$tmp/world"; chmod 755 "$tmp"
smtp-sink -u nobody -R "$tmp/world" -d %M. 127.0.0.1:2525 20 &

# ---- the daemons, as their units say: never root, the key lent
lend() { # PART
	mkdir -p "/run/credentials/$1"
	sed -n 's/^LoadCredential=//p' $units/yorozu-"$1".service | while IFS=: read -r name from; do
		install -o yorozu -m 400 "$from" "/run/credentials/$1/$name"
	done
}
unit() { # PART: starts it
	lend "$1"
	exec_start=$(sed -n 's/^ExecStart=//p' $units/yorozu-"$1".service)
	groups=$(sed -n 's/^SupplementaryGroups=/--groups=/p' $units/yorozu-"$1".service)
	(umask 027; CREDENTIALS_DIRECTORY=/run/credentials/$1 exec setpriv --reuid=yorozu --regid=yorozu \
		"${groups:---clear-groups}" --no-new-privs --bounding-set=-all --inh-caps=-all $exec_start) &
}
postfix check && opendkim && dovecot && postfix start >/dev/null 2>&1
mkdir -p /var/log/nginx
cat >"$tmp/nginx.conf" <<-EOF
	user www-data;
	pid /run/nginx.pid;
	events { }
	http {
		include $I/etc/nginx/limits.conf;
		server {
			listen 443 ssl http2 sndbuf=128k;
			server_name mx.example.jp;
			ssl_certificate $I/keys/tls.crt;
			ssl_certificate_key $I/keys/tls.key;
			error_log /var/log/nginx/error.log emerg;
			access_log off;
			include $I/etc/nginx/site.conf;
		}
	}
EOF
nginx -c "$tmp/nginx.conf" || fail 'nginx does not take what init wrote'
unit milter; unit mailer; unit bulk; unit ingest
up() { $Y status; }
until_true 20 up || fail "not up: $($Y check)"
$Y check >"$tmp/check" || fail "check: $(cat "$tmp/check")"
has "$(cat "$tmp/check")" '^ok   milter ' 'check: the desk is wired into the system'\''s Postfix'
has "$(cat "$tmp/check")" '^ok   dkim ' 'check: DNS has what dns records printed'
has "$(cat "$tmp/check")" '^ok   daemons    opendkim dovecot milter postfix mailer bulk ingest edge' 'check: all daemons answer'
is yorozu "$(stat -c %U "/proc/$(cat $I/run/milter.pid)")" 'the milter is not root'
is postfix "$(stat -c %G $I/run/milter.sock)" 'its socket is Postfix'\''s to use'

# ---- one consultation
cat >"$tmp/q.eml" <<-'EOF'
	From: Tanaka <tanaka@sakura.example>
	To: sodan@example.jp
	Subject: a suspicious mail
	Message-ID: <1@sakura.example>

	What should we do?
EOF
mail tanaka@sakura.example sodan@example.jp "$tmp/q.eml" 25 || fail "refused: $(said)"
await suzuki 1
copy=$(newest suzuki)
sent() { cat "$tmp"/world/* 2>/dev/null; }
out_there() { sent | grep -c '^Message-ID: ' | grep -qx "$1"; }
until_true 20 out_there 1 || fail 'no acknowledgement reached the world'
has "$(sent)" '^Auto-Submitted: auto-replied' 'the acknowledgement reached the world'
has "$(sent)" '^DKIM-Signature: .*d=example.jp' 'signed'
hasnt "$(sent)" 'Authentication-Results' 'and without what OpenDKIM told the desk'
has "$(field X-Yorozu-Auth "$copy"; text "$copy")" 'SPF 合格' 'the sender was verified through the system'\''s resolver'
printf 'From: suzuki@example.jp\nTo: %s\nSubject: Re: x\nMessage-ID: <2@pc>\n\nUnplug it.\n' "$(field Reply-To "$copy")" >"$tmp/r.eml"
submit() { mail "$1@example.jp" "$2" "$3" 587 --ssl-reqd --cacert "$I/keys/tls.crt" -u "$1:$(cat "$tmp/pw.$1")"; }
submit suzuki "$(field Reply-To "$copy")" "$tmp/r.eml" || fail "refused: $(said)"
until_true 20 out_there 2 || fail 'no answer reached the world'
has "$(sent)" 'Unplug it' 'the answer reached the world'

# ---- a file by link
web() { curl -sS --max-time 30 --resolve mx.example.jp:443:127.0.0.1 --cacert $I/keys/tls.crt -o "$tmp/page" -w '%{http_code}' "$@"; }
U=$($Y upload link 1)
has "$U" '^https://mx\.example\.jp/u/1-[a-z2-7]{26}$' 'an upload link of this server'
is 200 "$(web -F "files=@$tmp/q.eml" "$U")" 'a file is taken'
is "$(sha256sum <"$tmp/q.eml")" "$($Y file get 1 | sha256sum)" 'and kept'
is 'yorozu www-data' "$(stat -c '%U %G' $I/run/ingest.sock)" 'the socket is the web server'\''s to use'
await suzuki 2

# ---- what production refuses
has "$($Y clock advance 1h 2>&1)" 'in production' 'the clock is refused'
has "$($Y dns add a.example A 127.0.0.1 2>&1)" 'in production' 'the private DNS is refused'
has "$($Y stop 2>&1)" 'systemctl' 'stop points to systemctl'

# ---- logs are rotated without a restart, and nothing is lost
for part in milter mailer ingest; do mv $I/log/$part.log $I/log/$part.log.1; done
sed -n '/postrotate/,/endscript/p' /opt/etc/logrotate.d/yorozu | sed '1d; /endscript/,$d' | sh
sed -i 's/<1@/<3@/' "$tmp/q.eml"
mail tanaka@sakura.example sodan@example.jp "$tmp/q.eml" 25 || fail "refused: $(said)"
await suzuki 3
grep -q 'ev=' $I/log/milter.log && grep -q 'ev=sent' $I/log/mailer.log && ok 'after rotation both write to the new log'

# ---- a restart: 451 meanwhile, then everything is there
milter=$(cat $I/run/milter.pid)
kill "$milter"
until_true 15 gone "$milter" || fail 'the milter did not leave'
sed -i 's/<3@/<4@/' "$tmp/q.eml"
if mail tanaka@sakura.example sodan@example.jp "$tmp/q.eml" 25; then fail 'a mail was taken without the desk'; fi
has "$(said)" '^< 451 ' 'without the desk senders are told to come back'
has "$($Y check)" '^FAIL daemons +milter does not run: .*systemctl start yorozu-milter' 'check says how to bring it back'
unit milter
until_true 20 up || fail "not up: $($Y check)"
mail tanaka@sakura.example sodan@example.jp "$tmp/q.eml" 25 || fail "refused: $(said)"
await suzuki 4
is 4 "$(count suzuki)" 'every mail that got a 250 is there once'

# ---- the state of the tickets, in the system's Dovecot
sed -i 's/^#imap = /imap = /' $I/yorozu.conf
kill "$(cat $I/run/mailer.pid)"
until_true 15 sh -c "! [ -e /proc/$(cat $I/run/mailer.pid) ]" || fail 'the mailer did not leave'
unit mailer
marked() {
	curl -sS --max-time 10 --ssl-reqd --cacert "$I/keys/tls.crt" -u "suzuki:$(cat "$tmp/pw.suzuki")" \
		"imap://localhost/INBOX" -X 'SEARCH OR OR KEYWORD $label1 KEYWORD $label2 OR KEYWORD $label3 KEYWORD $label4' | grep -q '[0-9] [0-9]'
}
until_true 30 marked || fail "no mail is marked: $(tail -3 $I/log/mailer.log)"
ok 'mails in the mailbox are marked with the state of their ticket'
postfix stop >/dev/null 2>&1
nginx -c "$tmp/nginx.conf" -s quit
