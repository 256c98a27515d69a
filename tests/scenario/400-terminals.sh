#!/bin/sh
# Terminals, as the edge sees them: a token, enrolment, batches by TLS 1.2 and
# 1.3, what comes again, what is refused, and what operators and staff see.
. "$(dirname "$0")/lib.sh"
HC1=$(dirname "$BIN")/bench/hc1

# v1 ENROLL|BATCH FILE [CURL OPTIONS…]: the answer to stdout, the status in $tmp/status
v1() {
	page=$1 file=$2; shift 2
	curl -s --max-time 20 --cacert "$I/keys/tls.crt" --resolve "mx.example.jp:$((BASE + 443)):127.0.0.1" "$@" \
		-H 'Content-Type: application/octet-stream' -o "$tmp/answer" -w '%{http_code}' --data-binary "@$file" \
		"https://mx.example.jp:$((BASE + 443))/v1/$page" >"$tmp/status"
	cat "$tmp/answer"
}
status() { cat "$tmp/status"; }
enrol() { # NAME HOST [HW]
	"$HC1" ask "$tmp/$1" N000000001 "$token" "$2" "${3:-}" >"$tmp/ask"
	v1 enroll "$tmp/ask" >/dev/null
	[ "$(status)" != 200 ] || "$HC1" enrolled "$tmp/$1" <"$tmp/answer"
}
batch() { "$HC1" batch "$tmp/$1" "$2" "$(($(date +%s) * 1000))" >"$tmp/env"; v1 batch "$tmp/env"; } # NAME N
events() { cat "$I"/store/agent-*.db >/dev/null && for f in "$I"/store/agent-*.db; do sqlite3 "$f" 'SELECT coalesce(sum(events), 0) FROM tday'; done; }

new_instance terminals
staff suzuki '鈴木 一郎'
$Y staff add boss --name '部長' --address boss@example.jp --role supervisor --password-file "$tmp/pw.suzuki" >/dev/null
$Y contract add n_number=N000000001 name=例示商事株式会社 domain=reiji.example >/dev/null
$Y start >/dev/null

token=$($Y terminal token N000000001 --uses 6 --days 3)
has "$token" '^[a-z2-7]{32}$' 'a token is shown once'
has "$($Y terminal token N999999999 2>&1)" 'no contract' 'no token without a contract'

enrol pc1 PC-1
is 200 "$(status)" 'a terminal enrols'
has "$(v1 enroll "$tmp/ask")" '"agent_id"' 'its lost answer comes again'
is "{\"ack_to\":20,\"missing\":[],\"need_full\":[]}" "$(batch pc1 20)" 'a batch is taken'
v1 batch "$tmp/env" --tlsv1.2 --tls-max 1.2 >/dev/null
is 200 "$(status)" 'and again, by TLS 1.2'
v1 batch "$tmp/env" --tlsv1.3 >/dev/null
is 200 "$(status)" 'and again, by TLS 1.3'
is 20 "$(events)" 'each event is there once'
cp "$tmp/pc1" "$tmp/twin"
"$HC1" restart "$tmp/pc1"
is "{\"ack_to\":25,\"missing\":[],\"need_full\":[]}" "$(batch pc1 5)" 'a new start goes on'

# refusals
printf 'HC1' >"$tmp/bad"
is '{"error":"malformed"}' "$(v1 batch "$tmp/bad")" 'a broken envelope is refused'
is 400 "$(status)" 'with 400'
cp "$tmp/env" "$tmp/bad"
printf 'X' | dd of="$tmp/bad" bs=1 seek=60 conv=notrunc 2>/dev/null
is '{"error":"sealed"}' "$(v1 batch "$tmp/bad")" 'a forged one'
is 401 "$(status)" 'with 401'
head -c 1048577 /dev/zero >"$tmp/bad"
is '{"error":"large"}' "$(v1 batch "$tmp/bad")" 'one that is too large'
is 413 "$(status)" 'with 413'
head -c 17000 /dev/zero >"$tmp/bad"
v1 enroll "$tmp/bad" >/dev/null
is 413 "$(status)" 'so is a large enrolment'
v1 other "$tmp/ask" >/dev/null
has "$(status)" '^4(0[45]|13)$' 'there is nothing else below /v1'
"$HC1" ask "$tmp/x" N000000001 wrong PC-X >"$tmp/ask"
is '{"error":"token"}' "$(v1 enroll "$tmp/ask")" 'a wrong token is refused'
is 25 "$(events)" 'none of it changed anything'

# over the count
for n in 2 3 4 5; do enrol "pc$n" "PC-$n"; is 200 "$(status)" "terminal $n enrols"; done
enrol pc6 PC-6
is 409 "$(status)" 'the sixth is one too many'
enrol pc6 PC-6
await boss 1
has "$(text "$(newest boss)")" 'N000000001' 'staff are told'
has "$(text "$(newest boss)")" 'PC-6' 'which one'
$Y terminal revoke 5 >/dev/null
enrol pc6 PC-6
is 200 "$(status)" 'one that left makes room'
batch pc5 1 >/dev/null
is 410 "$(status)" 'and is no longer known'

# a copied disk
batch twin 3 >/dev/null
batch twin 3 >/dev/null
is 200 "$(status)" 'a lower epoch brings news once'
batch twin 30 >/dev/null
is 409 "$(status)" 'but not twice'
await boss 2
has "$(text "$(newest boss)")" 'PC-1' 'staff are told of the copy'
is 1 "$(texts boss | grep -c 'ID数が上限')" 'and of the count once a day'

# what operators see
has "$($Y terminal list --tsv)" 'N000000001	PC-1	windows	active' 'terminals are listed'
has "$($Y terminal show 1)" 'PC-1' 'and shown'
is 0 "$($Y terminal silent --tsv | tail -n +2 | grep -c PC-1)" 'PC-1 is not silent'
is 0 "$($Y terminal rebuild "$(TZ=Asia/Tokyo date +%Y-%m)" | grep -vc ' 0 rows differed')" 'roll-ups made anew are the same'
has "$($Y metrics)" 'agent_batches_total [1-9]' 'it is counted'
hasnt "$(cat "$I"/log/*.log)" "$token" 'no token is logged'
