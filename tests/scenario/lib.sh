# Shared by the scenario and fault tests: instances of their own, real clients,
# one "ok …" line a check. Sourced with BIN set; every wait has an end.
# shellcheck shell=sh

root=/var/lib/yorozu/test-$$
rm -rf "$root" # of one that was killed, by the same number
tmp=$(mktemp -d)
made=

cleanup() {
	for dir in $made; do
		"$BIN/yorozu" -C "$dir" stop >/dev/null 2>&1 || :
	done
	rm -rf "$root" "$tmp"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

ok() { printf 'ok %s\n' "$*"; }
fail() { printf 'FAIL %s\n' "$*"; exit 1; }

# is WANTED GOT WHAT
is() {
	[ "$1" = "$2" ] || fail "$3: wanted \"$1\", got \"$2\""
	ok "$3"
}

# has TEXT PATTERN WHAT / hasnt …: extended regular expressions
has() { printf '%s\n' "$1" | grep -qE -- "$2" || fail "$3: no \"$2\" in: $1"; ok "$3"; }
hasnt() { if printf '%s\n' "$1" | grep -qE -- "$2"; then fail "$3: \"$2\" in: $1"; fi; ok "$3"; }

# until SECONDS COMMAND…: polls; false when the time is over
until_true() {
	local left=$(($1 * 10)); shift # what it polls may poll itself
	while [ "$left" -gt 0 ]; do
		if "$@" >/dev/null 2>&1; then return 0; fi
		sleep 0.1
		left=$((left - 1))
	done
	return 1
}

gone() { ! grep -qs '^State:[[:space:]]*[^ZX[:space:]]' "/proc/$1/status"; } # PID; a zombie is gone

# new_instance NAME [INIT OPTIONS]: sets I (folder), BASE (port), Y (command)
new_instance() {
	I=$root/$1; shift
	mkdir -p "$root"
	# Not where another run begins, and below the ports that clients are given.
	BASE=$((20000 + $$ % 12 * 1000)) tries=0
	while ! "$BIN/yorozu" -C "$I" init --base-port "$BASE" "$@" >"$tmp/init" 2>&1; do
		grep -q 'in use' "$tmp/init" || { cat "$tmp/init"; fail "init of $I"; }
		BASE=$((20000 + (BASE - 19000) % 12000)) tries=$((tries + 1))
		[ "$tries" -lt 24 ] || fail 'no free ports'
	done
	made="$made $I"
	# Marks change the names of files in mailboxes, which most tests read there.
	[ -n "${MARKS:-}" ] || sed -i 's/^imap = .*/imap =/' "$I/yorozu.conf"
	Y="$BIN/yorozu -C $I"
}

staff() { # LOGIN NAME
	printf 'Geheim-%s-1' "$1" >"$tmp/pw.$1"
	$Y staff add "$1" --name "$2" --address "$1@example.jp" --role agent --password-file "$tmp/pw.$1" >/dev/null
}

# A company whose mail comes from here.
company() { $Y dns add "$1" TXT 'v=spf1 ip4:127.0.0.1 -all'; }

# mail FROM TO FILE [PORT [CURL OPTIONS…]]: prints nothing, false when refused;
# what the server said is in $tmp/smtp
mail() {
	from=$1 to=$2 file=$3 port=${4:-$((BASE + 25))}
	if [ $# -gt 4 ]; then shift 4; else shift $#; fi
	sed 's/\r*$/\r/' "$file" >"$tmp/wire.eml"
	set -- --mail-from "$from" "$@"
	for rcpt in $(printf %s "$to" | tr , ' '); do set -- "$@" --mail-rcpt "$rcpt"; done
	curl -sv --max-time 60 "smtp://localhost:$port/client.example" -T "$tmp/wire.eml" "$@" >"$tmp/smtp" 2>&1
}

submit() { # LOGIN TO FILE
	mail "$1@example.jp" "$2" "$3" $((BASE + 587)) --ssl-reqd --cacert "$I/keys/tls.crt" -u "$1:$(cat "$tmp/pw.$1")"
}

said() { grep -aE '^< [245][0-9][0-9]' "$tmp/smtp" | grep -v '^< 221' | tail -1; } # the server's last word

# box LOGIN|ADDRESS: files of that mailbox, newest last
box() {
	case $1 in *@*) d=$I/world/$1 ;; *) d=$I/mail/$1 ;; esac
	find "$d" -path '*/new/*' -type f -printf '%T@ %p\n' 2>/dev/null | sort -n | cut -d' ' -f2-
}
count() { box "$1" | wc -l; }
newest() { box "$1" | tail -1; }
# await BOX N: until it holds N mails
holds() { [ "$(count "$1")" -ge "$2" ]; }
await() { until_true 20 holds "$1" "$2" || fail "only $(count "$1") of $2 mails in the box of $1"; }

# nothing more on its way, in our outbox or in Postfix's hands (what it had not
# finished taking when it was killed has no x bit, and stays)
quiet() {
	[ "$(sql 'SELECT count(*) FROM outbox WHERE state IN (0, 1)')" = 0 ] &&
		[ -z "$(find "$I/spool/incoming" "$I/spool/active" -type f -perm -u+x 2>/dev/null | head -1)" ]
}
settle() { until_true 30 quiet || fail "still on its way: $(sql 'SELECT id, state, last_error FROM outbox WHERE state IN (0, 1)') $(postqueue -c "$I/etc/postfix" -p)"; }

sql() { sqlite3 -cmd '.timeout 5000' "$I/store/yorozu.db" "$1"; }
field() { # NAME FILE: raw header value, unfolded
	awk -v k="$1" 'BEGIN { k = tolower(k) ":" } /^\r?$/ { exit }
		/^[ \t]/ { if (on) v = v $0; next } { on = tolower(substr($0, 1, length(k))) == k; if (on) v = substr($0, length(k) + 2) }
		END { gsub(/\r/, "", v); print v }' "$2"
}
text() { "$BIN/yorozu" mail show "$1"; }
texts() { for shown_file in $(box "$1"); do text "$shown_file"; done; } # of every mail in a box
