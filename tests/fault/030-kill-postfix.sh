# Postfix's master is killed (its children die with their queue manager) while
# mail comes in and goes out.
. "$(dirname "$0")/lib.sh"
desk
load
storm postfix
# A mail that Postfix had taken but not yet delivered when it died may be
# delivered again by Postfix itself: that is its promise, not our repeat.
account "$MAILS"
