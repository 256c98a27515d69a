# yorozu feed and verdict (HEALTH-02) on an instance that is not started: tables
# that ship, imported, fetched with conditions from a server here, broken, gone.
. "$(dirname "$0")/lib.sh"
new_instance one
port=$((BASE + 900))
web=$tmp/web
mkdir -p "$web"
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; cleanup' EXIT

# A web server with ETags that writes down what it was asked.
cat >"$tmp/server.py" <<'PY'
import hashlib, http.server, os, sys
class H(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        path = os.path.join(sys.argv[2], self.path.strip('/').replace('/', '_'))
        code, body = 404, b''
        if os.path.isfile(path):
            body = open(path, 'rb').read()
            tag = '"%s"' % hashlib.sha256(body).hexdigest()[:16]
            code = 304 if self.headers.get('If-None-Match') == tag else 200
        if body == b'busy':
            code = 503
        with open(sys.argv[2] + '.log', 'a') as log:
            log.write('%d %s\n' % (code, self.path))
        self.send_response(code)
        if code == 200: self.send_header('ETag', tag)
        if code == 304: body = b''
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *a): pass
http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), H).serve_forever()
PY
python3 "$tmp/server.py" "$port" "$web" &
server=$!
until_true 10 curl -s "http://127.0.0.1:$port/" || fail 'the test server does not answer'

facts() { # UBR DAY [SOFTWARE]
	printf '{"as_of":%s000,"os":{"family":"windows","name":"Windows 11 Pro","version":"24H2","build":26100,"ubr":%s,"edition":"Professional","arch":"x64","installation":"Client","host":"PC-1"},"patches":{},"software":[%s]}' \
		"$(date -d "$2" +%s)" "$1" "${3:-}" >"$tmp/facts.json"
}
verdict() { $Y verdict --at "$1" "$tmp/facts.json"; }

# ---- what ships
has "$($Y feed status)" '^windows-extract +2026-[0-9-]+ +[0-9-]+ +shipped' 'the shipped tables and their day'
facts 3981 2025-05-30
has "$(verdict 2025-05-30)" 'Windows の更新: 適用済み' 'a hotpatch of May is May'
facts 3981 2025-06-27
has "$(verdict 2025-06-28)" 'Windows の更新: 未適用' '… and not June'
has "$($Y verdict --json --at 2025-06-28 "$tmp/facts.json" | python3 -c 'import json, sys; print(json.load(sys.stdin)["patch"])')" '^missing$' 'the same for programs'

# ---- import: by content, as run_user
printf '{"catalogVersion":"1","dateReleased":"2026-10-20T00:00:00Z","vulnerabilities":[{"cveID":"CVE-2026-7777","dateAdded":"2026-10-19"}]}' >"$tmp/k.json"
chmod 600 "$tmp/k.json"
has "$($Y feed import "$tmp/k.json")" '^kev +1 rows' 'a file that only root may read is imported'
is yorozu "$(stat -c %U "$I/feed/kev.tsv")" '… into a file of run_user'
has "$($Y feed status)" '^kev +2026-10-20' 'its day is shown'
cp "$I/feed/kev.tsv" "$tmp/kev.before"
echo '{"catalogVersion":"1","vulnerabilities":[' >"$tmp/broken.json"
if $Y feed import "$tmp/broken.json" 2>"$tmp/err"; then fail 'a broken file was imported'; fi
has "$(cat "$tmp/err")" 'JSON, byte [0-9]+' 'a broken file is refused, with the place'
cmp -s "$I/feed/kev.tsv" "$tmp/kev.before" && ok '… and the last one stays'
printf '[{"cveMetadata":{"cveId":"CVE-2026-7777","dateUpdated":"2026-10-19"},"containers":{"cna":{"affected":[{"vendor":"7-Zip","product":"7-Zip","versions":[{"version":"0","lessThan":"26.05","status":"affected"}]}],"metrics":[{"cvssV3_1":{"baseSeverity":"CRITICAL"}}]}}}]' >"$tmp/c.json"
has "$($Y feed import "$tmp/c.json")" '^cve +1 rows' 'a CVE record'
facts 9445 2026-10-20 '{"name":"7-Zip 26.00 (x64)","version":"26.00","vendor":"Igor Pavlov"}'
has "$(verdict 2026-10-20)" 'CVE-2026-7777 \(悪用確認済み\)' 'both together make a finding'

# ---- update: conditional, by month, and what fails changes nothing
printf 'fetch\tkev\thttp://127.0.0.1:%s/kev\nfetch\tmsrc\thttp://127.0.0.1:%s/msrc/@MONTH@\n' "$port" "$port" >"$I/feed/sources.tsv"
for name in eol-windows eol-windows-server eol-office eol-python eol-nodejs eol-mysql eol-postgresql jvn nvd-kev; do
	printf 'fetch\t%s\t-\n' "$name" >>"$I/feed/sources.tsv"
done
$Y clock set '2026-10-25 10:00' >/dev/null
cp "$tmp/k.json" "$web/kev"
printf '{"DocumentTracking":{"Identification":{"ID":{"Value":"2026-Oct"}},"InitialReleaseDate":"2026-10-13T07:00:00","CurrentReleaseDate":"2026-10-14T07:00:00"},"ProductTree":{"FullProductName":[{"ProductID":"1","Value":"Windows 11 Version 24H2 for x64-based Systems"}]},"Vulnerability":[{"CVE":"CVE-2026-7778","Threats":[{"Type":3,"Description":{"Value":"Critical"},"ProductID":["1"]}],"Remediations":[{"Type":2,"SubType":"Security Update","Description":{"Value":"5999999"},"FixedBuild":"10.0.26100.9999","ProductID":["1"]}]}]}' >"$web/msrc_2026-Oct"
has "$($Y feed update)" '^msrc-2026-Oct' 'the month that is there'
is 2 "$(grep -c '^404 /msrc/2026-\(Aug\|Sep\)' "$web.log")" '… and the two before were asked for'
facts 9550 2026-10-25
has "$(verdict 2026-10-26)" 'サポート終了' '24H2 Pro ended on October 13th'
sed -i 's/"edition":"Professional"/"edition":"Enterprise"/' "$tmp/facts.json"
has "$(verdict '2026-10-26 18:00')" '更新: 適用済み' 'Enterprise goes on; the new update is in its grace'
has "$(verdict 2026-10-28)" '必要なのは 26100.9999 \(KB5999999' '… and then demanded'
: >"$web.log"
has "$($Y feed update)" '^kev +unchanged' 'again: nothing new'
is 2 "$(grep -c ^304 "$web.log")" '… by the condition, not by fetching'
printf busy >"$web/kev"
before=$(sha256sum "$I/feed/kev.tsv")
if $Y feed update kev 2>"$tmp/err"; then fail 'an answer of 503 is none'; fi
has "$(cat "$tmp/err")" '503; the last one stays in use' 'a server in trouble is told'
printf '{"catalogVersion":"1","vulnerabilities":[{"cveID":' >"$web/kev"
if $Y feed update kev 2>"$tmp/err"; then fail 'half a file was taken'; fi
kill "$server"; wait "$server" 2>/dev/null || :; server=
if $Y feed update kev 2>"$tmp/err"; then fail 'nobody answers, and it is well'; fi
is "$before" "$(sha256sum "$I/feed/kev.tsv")" 'offline and broken: the tables are the last good ones'
has "$(verdict 2026-10-28)" 'KB5999999' '… and verdicts go on'
printf 'fetch\tkev\thttp://example.com/kev\n' >>"$I/feed/sources.tsv"
if $Y feed update kev 2>"$tmp/err"; then fail 'http to the world'; fi
has "$(cat "$tmp/err")" 'only https is asked' 'plain http is not asked'
