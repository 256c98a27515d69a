# The milter is killed (kill -9) again and again while mail comes in.
. "$(dirname "$0")/lib.sh"
desk
load
storm milter
account
