# Instances: made whole or not at all, two side by side, stopped without trace.
. "$(dirname "$0")/lib.sh"

new_instance one
out=$($Y init 2>&1 || :)
has "$out" 'exists already' 'init does not touch an instance'
out=$("$BIN/yorozu" -C /tmp/yorozu-no init --base-port 39000 2>&1 || :)
has "$out" 'may be written to by anybody' 'init refuses a folder below /tmp, and says why'
[ ! -e /tmp/yorozu-no ] || fail 'a refused init left something'
out=$("$BIN/yorozu" -C "$root/bad" init --domain 'Ex ample' 2>&1 || :)
has "$out" 'no mail domain' 'init refuses a bad domain'

$Y start
is 0 "$($Y status --json | grep -c '"state":"stopped"')" 'everything runs after start'
$Y start && ok 'start again changes nothing'
first=$I first_base=$BASE first_y=$Y
out=$("$BIN/yorozu" -C "$root/clash" init --base-port "$BASE" 2>&1 || :)
has "$out" "port $((BASE + 25)) is in use" 'init names the port that is taken'

new_instance two --domain example.com
$Y start
is 0 "$($Y status --json | grep -c '"state":"stopped"')" 'a second instance runs beside it'
$Y stop
is 0 "$($first_y status --json | grep -c '"state":"stopped"')" 'the first does not notice the end of the second'

I=$first BASE=$first_base Y=$first_y
has "$($Y clock show)" '^20' 'clock show'
$Y clock set '2026-12-28 16:30' >/dev/null
has "$($Y clock show)" '^2026-12-28 16:30' 'the clock was set'
$Y clock advance 2h >/dev/null
has "$($Y clock show)" '^2026-12-28 18:30' 'the clock was moved'
$Y clock reset >/dev/null

printf 'colour = blue\n' >>"$I/yorozu.conf"
out=$($Y ticket list 2>&1 || :)
has "$out" 'yorozu.conf:[0-9]+: unknown key "colour"' 'an unknown key is named with its line'
sed -i '$d' "$I/yorozu.conf"
sed -i 's/^reopen_days = .*/reopen_days = many/' "$I/yorozu.conf"
out=$($Y ticket list 2>&1 || :)
has "$out" 'yorozu.conf:[0-9]+: reopen_days must be a whole number' 'a bad value is named with its line'
sed -i 's/^reopen_days = .*/reopen_days = 30/' "$I/yorozu.conf"

sed -i 's/^mode = .*/mode = production/' "$I/yorozu.conf"
out=$($Y clock advance 1h 2>&1 || :)
has "$out" 'in production' 'the clock of a production instance stands fast'
sed -i 's/^mode = .*/mode = private/' "$I/yorozu.conf"

pids=$($Y status --json | grep -oE '"pid":[0-9]+' | cut -d: -f2)
$Y stop
for p in $pids; do
	gone "$p" || fail "process $p outlived the instance"
done
ok 'stop leaves no process'
$Y restart
is 0 "$($Y status --json | grep -c '"state":"stopped"')" 'restart'
has "$($Y metrics)" 'yorozu_up\{part="milter"\} 1' 'metrics'

# a setting that the mail servers read too holds after a restart; what was
# edited by hand holds until then
printf '# by hand\n' >>"$I/etc/postfix/main.cf"
$Y restart
has "$(cat "$I/etc/postfix/main.cf")" '^# by hand' 'a restart alone leaves the files of Postfix as they are'
sed -i 's/^world = .*/world = discard/; s/^message_max = .*/message_max = 1000000/' "$I/yorozu.conf"
$Y restart
is discard: "$(postconf -c "$I/etc/postfix" -h default_transport)" 'world = discard holds after a restart'
is 1000000 "$(postconf -c "$I/etc/postfix" -h message_size_limit)" 'and Postfix knows the new largest size'
has "$($Y check)" ' 0 to look at, 0 failed$' 'all is well with it'
sed -i 's/^world = .*/world = moon/' "$I/yorozu.conf"
out=$($Y restart 2>&1 || :)
has "$out" 'yorozu.conf:[0-9]+: world' 'an unknown world is named with its line'
sed -i 's/^world = .*/world = discard/' "$I/yorozu.conf" # or nothing could stop it
