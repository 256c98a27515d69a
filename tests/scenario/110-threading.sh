# Who joins which ticket, on real mail (the whole list: tests/golden/desk).
. "$(dirname "$0")/lib.sh"
new_instance desk
$Y start
$Y clock set '2026-11-24 10:00' >/dev/null # no digest comes in between
staff suzuki '鈴木 一郎'
for d in sakura.example evil.example; do company $d; done

write() { # FROM SUBJECT ID [EXTRA HEADER]
	printf 'From: %s\nTo: sodan@example.jp\nSubject: %s\nMessage-ID: <%s>\nDate: Tue, 24 Nov 2026 10:00:00 +0900\n%s\n\ntext of %s\n' \
		"$1" "$2" "$3" "${4:-X-Test: 1}" "$3" >"$tmp/m.eml"
}
ticket_of() { sql "SELECT t.id FROM message m JOIN ticket t ON t.id = m.ticket_id WHERE m.message_id = '$1'"; }
send() { mail "$1" "${5:-sodan@example.jp}" "$tmp/m.eml" || fail "refused: $(said)"; }

write tanaka@sakura.example 'help' a@sakura.example; send tanaka@sakura.example
await suzuki 1
T=$(field Reply-To "$(newest suzuki)")
write yamada@sakura.example 'Re: help' b@sakura.example 'References: <a@sakura.example>'; send yamada@sakura.example
is 1 "$(ticket_of b@sakura.example)" 'a colleague in Cc who answers to all joins'
write x@evil.example 'Re: [YOROZU #1] help' c@evil.example 'In-Reply-To: <a@sakura.example>'; send x@evil.example
is 2 "$(ticket_of c@evil.example)" 'a stranger who quotes number and Message-ID gets a ticket of his own'
write tanaka@sakura.example 'Re: [YOROZU #1] help' c2@evil.example 'Reply-To: x@evil.example'; send x@evil.example
is 3 "$(ticket_of c2@evil.example)" 'nor does the customer in From, behind an envelope of his own, let him in'
write x@evil.example hello d@evil.example; send x@evil.example '' '' '' "sodan+t1-aaaaaaaaaaaaaaaa@example.jp"
is 4 "$(ticket_of d@evil.example)" 'a forged ticket address opens nothing of others'
write tanaka@sakura.example other e@phone; send tanaka@sakura.example '' '' '' "$T"
is 1 "$(ticket_of e@phone)" 'the signed address joins, whatever the headers say'
write tanaka@sakura.example 'one more thing [YOROZU #1]' f@sakura.example; send tanaka@sakura.example
is 1 "$(ticket_of f@sakura.example)" 'the customer himself may quote his number'
write tanaka@sakura.example 'Re: early' h@sakura.example 'References: <g@sakura.example>'; send tanaka@sakura.example
write tanaka@sakura.example 'early' g@sakura.example; send tanaka@sakura.example
is "$(ticket_of h@sakura.example)" "$(ticket_of g@sakura.example)" 'a mail that arrives after its answer joins it'
n=$(sql 'SELECT count(*) FROM message')
send tanaka@sakura.example; send tanaka@sakura.example
is "$n" "$(sql 'SELECT count(*) FROM message')" 'the same delivery again is not stored again'
settle
is 1 "$(box suzuki | xargs grep -l '<g@sakura.example>' | xargs grep -il '^Message-ID: <g@' | wc -l)" 'and staff got it once'

# somebody new whom the address led there
write x@evil.example hello i@evil.example; send x@evil.example '' '' '' "$T"
until_true 10 eval 'texts suzuki | grep -q "この相談に初めて書かれた方"' || fail 'staff do not see that he is new there'
ok 'staff see that somebody is new on a ticket'
