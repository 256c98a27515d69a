# The mailer is killed again and again while mail goes out.
. "$(dirname "$0")/lib.sh"
desk
load
storm mailer
account
