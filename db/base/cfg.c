/*
 * The configuration table and its parser. The table is the documentation too:
 * cfg_print writes the commented file of an instance from it.
 */
#include "base/cfg.h"
#include "base/io.h"
#include "base/xalloc.h"
#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum type { STR, NUM, NUMS /* "50,80": rising, kept as text */, HOST /* a dotted name, kept as text */ };

struct key {
	const char *name;
	enum type type;
	size_t offset;
	const char *def;      /* default, as text */
	int64_t min, max;     /* NUM, NUMS: bounds; STR, HOST: least and most bytes */
	const char *choices;  /* STR: "a|b" exact, "relay:" prefix by a final ':', or NULL */
	const char *doc;
};

/* Where make install puts what the programs read. */
#define SHARE "/usr/local/share/yorozu/"

#define S(field, def, min, max, choices, doc) \
	{ #field, STR, offsetof(struct cfg, field), def, min, max, choices, doc }
#define H(field, def, doc) { #field, HOST, offsetof(struct cfg, field), def, 1, 253, NULL, doc }
#define N(field, def, min, max, doc) { #field, NUM, offsetof(struct cfg, field), def, min, max, NULL, doc }
#define L(field, def, min, max, doc) { #field, NUMS, offsetof(struct cfg, field), def, min, max, NULL, doc }

static const struct key keys[] = {
	S(mode, "private", 1, 16, "private|production",
	  "private: own Postfix, Dovecot, OpenDKIM and DNS on loopback, movable clock.\n"
	  "production: the system's Postfix and Dovecot; the clock can't be moved."),
	H(domain, "example.jp", "Our mail domain."),
	H(hostname, "mx.example.jp", "Name in HELO, Received and Message-ID."),
	S(run_user, "yorozu", 1, 32, NULL, "The daemons run as this user."),
	N(base_port, "20000", 1, 64000,
	  "Private instance: +25 MX, +587 submission, +143 IMAP, +443 uploads,\n"
	  "+26 the mailer's listener, +53 DNS; all on 127.0.0.1."),
	S(desk_localpart, "sodan", 1, 40, NULL, "The consultation address is this @ domain."),
	S(desk_name, "セキュリティ YOROZU 相談センター", 1, 120, NULL, "Its display name."),
	S(ticket_tag, "YOROZU", 1, 20, NULL, "Subject tag: [YOROZU #12]."),
	S(internal_names, "", 0, 2000, NULL,
	  "Comma list of host and other names that never reach a customer, besides\n"
	  "the staff's addresses."),
	N(reopen_days, "30", 0, 3650, "A follow-up within so many days after closing reopens the ticket."),
	N(copy_replies, "1", 0, 1, "1: colleagues get a copy of every answer; 0: they don't."),
	N(collision_minutes, "60", 0, 10080,
	  "A second answer to the same customer mail within so many minutes, by a\n"
	  "colleague who had not seen the first, is held until he says 送信."),
	N(extend_days, "5", 1, 60, "An agent may put a due time off by so many business days, at most."),
	N(extend_days_supervisor, "20", 1, 250, "A supervisor by so many."),
	N(ack_per_sender_day, "4", 0, 1000, "Acknowledgements to one address in 24 hours, at most."),
	N(ack_per_day, "2000", 0, 1000000, "Acknowledgements in 24 hours in all, at most."),
	N(message_max, "31457280", 65536, 1073741824, "Largest mail taken, in bytes."),
	N(header_max, "262144", 8192, 16777216, "Largest header of a mail, in bytes."),
	N(mime_depth_max, "100", 2, 500, "Deepest nesting of MIME parts."),
	N(mime_parts_max, "10000", 10, 100000, "Most MIME parts in a mail."),
	S(dns, "system", 1, 80, NULL, "Where SPF and DMARC ask: system, off, or IP:PORT of a resolver."),
	N(dns_timeout_ms, "4000", 100, 30000, "For all look-ups of one mail together, in milliseconds."),
	N(auth_helpers, "4", 1, 64, "Helper processes that check SPF and DMARC."),
	S(authserv_id, "auth.invalid", 1, 120, NULL,
	  "Name under which OpenDKIM tells us its results. Random and internal, so\n"
	  "that no mail from outside can forge it."),
	S(world, "maildir", 1, 200, "maildir|discard|direct|relay:",
	  "Where mail to other domains goes: maildir (DIR/world/ADDRESS), discard,\n"
	  "relay:[HOST]:PORT, or direct (production)."),
	S(smtp_inject, "127.0.0.1:20026", 3, 200, NULL, "The mailer hands its mail to Postfix here."),
	S(mail_log, "", 0, 1000, NULL,
	  "Postfix's log, read after a crash to settle whether Postfix had taken a\n"
	  "mail. Empty: DIR/log/mail.log."),
	S(postfix_dir, "", 0, 1000, NULL, "Postfix's configuration folder. Empty: DIR/etc/postfix."),
	S(templates, "/usr/local/share/yorozu/mail", 1, 1000, NULL, "Folder of the mail templates."),
	S(categories, "/usr/local/share/yorozu/desk", 1, 1000, NULL,
	  "Folder of the kinds of consultation and their standard texts."),
	S(feed_tables, "/usr/local/share/yorozu/feed", 1, 1000, NULL,
	  "folder of the tables on Windows updates and software that came with the\n"
	  "# program; `yorozu feed` keeps newer ones in DIR/feed"),
	S(web_host, "localhost", 1, 253, NULL, "Host name in the links to the upload and download pages."),
	N(https_port, "0", 0, 65535, "Its port. 0: 443, in a private instance base_port + 443."),
	S(web_group, "www-data", 1, 32, NULL, "Group of the web server; nobody else reaches yorozu-ingest's socket."),
	S(web_templates, "/usr/local/share/yorozu/web", 1, 1000, NULL, "Folder of the pages."),
	S(agent_config, "", 0, 500, NULL,
	  "A JSON file (one object) whose members terminals get with the answer to\n"
	  "their next upload; empty: none. See ingest/PROTOCOL.md."),
	N(terminal_months, "3", 1, 120,
	  "What terminals did is kept for so many whole months besides the current one."),
	N(terminal_end_days, "21", 0, 366,
	  "So many days after a contract ended all that its terminals sent is deleted,\n"
	  "and staff get the proof. Its last report is made before that."),
	N(terminal_silent_days, "7", 1, 366,
	  "Terminals not heard of for so many days are in Monday's mail to staff."),
	N(terminal_key_days, "365", 1, 3650,
	  "A terminal's key is changed after so many days; the old one is good for 30 more."),
	N(web_connections, "128", 8, 4096, "Requests that yorozu-ingest works on at once, at most."),
	N(upload_max_mb, "100", 1, 4096, "Largest file that is taken by an upload link, in MB."),
	N(upload_link_mb, "500", 1, 16384, "All files of one upload link together, in MB."),
	N(upload_files_max, "20", 1, 200, "Files of one upload link, at most."),
	N(upload_link_days, "7", 1, 90, "An upload link is good for so many days."),
	N(fetch_link_days, "7", 1, 90, "A link to fetch files is good for so many days."),
	N(file_keep_days, "30", 1, 3650, "Uploaded files are deleted after so many days."),
	N(upload_free_mb, "500", 0, 1048576,
	  "Uploads are refused for the moment when less than this would be left on\n"
	  "the disk, in MB."),
	N(backup_hour, "3", 0, 24,
	  "The hour (JST) from which the day's full backup is made, by itself: all stores\n"
	  "and files, checked, two generations. An operator is told by mail when it fails.\n"
	  "24: never."),
	S(backup_dir, "", 0, 500, NULL,
	  "Its folder, run_user's, best on another disk (conf/INSTALL.md). Empty: DIR/backup."),
	S(attachments, "strip", 1, 8, "strip|keep",
	  "strip: files in customers' mails are taken out at intake, and the customer\n"
	  "is sent an upload link; keep: they stay in the mail."),
	N(inline_image_max, "102400", 0, 104857600,
	  "Pictures in the text of a mail (signatures) stay up to so many bytes."),
	N(keep_images, "0", 0, 1, "1: pictures of any kind stay in the mail, screenshots among them."),
	S(holidays_csv, "", 0, 1000, NULL,
	  "The Cabinet Office's list of holidays (CSV). Empty: computed by law."),
	S(log_level, "info", 1, 8, "debug|info|warn|error", "How much the daemons log."),
	L(remind_at, "50,80", 1, 99,
	  "Staff are reminded when so many percent of the reply time are over: whoever\n"
	  "has taken the ticket, else all. Rising, at most 8, or empty."),
	N(alert_at, "90", 0, 99, "The supervisors are alerted at so many percent. 0: never."),
	N(notice_before, "60", 0, 420,
	  "So many minutes of reply time before the target is missed the customer is\n"
	  "told that it takes longer. 0: never."),
	N(notice_days, "1", 1, 20, "By how many business days that notice puts the answer off."),
	N(outbound_day, "1", 0, 20,
	  "On which business day of a month staff get the list of contracts to call:\n"
	  "those with which there was no contact by mail or telephone. 0: never."),
	N(outbound_days, "60", 1, 3650, "No contact for so many days."),
	S(delivery, "zip", 1, 8, "zip|pdf|link|plain",
	  "How files of an answer reach a customer, where his contract has no policy of\n"
	  "its own (yorozu contract delivery): zip (one archive, AES-256), pdf (PDFs with\n"
	  "a password, the rest in such an archive), link (a page to fetch them from),\n"
	  "plain (not encrypted). The password is that of the opening notice."),
	N(attach_max_mb, "10", 1, 200, "Files of an answer with more than this in all go by link, in MB."),
	N(stats_monthly, "1", 0, 1, "1: on the 1st at 9:00 the supervisors get the statistics of the month before."),
	N(stats_staff, "0", 0, 1, "1: what supervisors get also counts answers by staff member."),
	S(diagnosis, "/usr/local/share/yorozu/diagnosis", 1, 1000, NULL,
	  "Folder of the leak-risk diagnosis' questionnaire. Without it there is no\n"
	  "diagnosis: mail to its address is a consultation."),
	S(diagnosis_localpart, "shindan", 1, 40, NULL,
	  "Answers to the questionnaire, exports of the form and staff's word on a\n"
	  "report go to this @ domain."),
	S(diagnosis_form, "", 0, 1000, NULL,
	  "Address of the form (https://forms.office.com/…), told in the invitation.\n"
	  "Empty: the invitation has the Excel sheet alone."),
	N(health_monthly, "1", 0, 1,
	  "1: on the second business day of a month at 6:00 the health checks of the month\n"
	  "before are made, for contracts with terminals, and staff get the drafts."),
	S(news_from, "member", 1, 40, NULL, "The newsletter is sent from this @ domain."),
	S(news_to, "magazine", 1, 40, NULL, "The list account in its To: this @ domain."),
	S(news_edit, "henshu", 1, 40, NULL, "Editors send drafts and their word to this @ domain, with their login."),
	S(news_name, "セキュリティ YOROZU メールマガジン", 1, 120, NULL, "Its name, as readers see it."),
	S(news_sender, "セキュリティ YOROZU 相談センター", 1, 300, NULL,
	  "Who sends it: name and place, at the foot of every issue."),
	N(news_one_click, "1", 0, 1,
	  "1: readers can unsubscribe with one click, at web_host (RFC 8058); big\n"
	  "receivers demand it. 0: by mail only."),
	S(news_weekday, "wed", 3, 3, "sun|mon|tue|wed|thu|fri|sat", "The day an issue goes out."),
	N(news_time, "1500", 0, 2359, "And the time of the day, HHMM."),
	S(news_dayoff, "same", 4, 6, "same|before|after",
	  "When that day is no business day: the same day all the same, or the business\n"
	  "day before or after it."),
	N(news_approvals, "1", 1, 2, "2: an editor other than the one who sent the draft must approve it."),
	N(news_attach_max, "3145728", 0, 26214400, "Attachments of an issue, in bytes, all together."),
	N(news_attach_link, "1048576", 0, 26214400,
	  "With more than so many bytes they are not in the mails: readers get links to\n"
	  "them, at web_host, without a login."),
	N(news_link_days, "30", 1, 3650, "Those links are good for so many days after the issue went out."),
	N(news_rcpts_max, "50000", 1, 5000000, "Readers of an issue, at most."),
	N(news_window, "6", 1, 48,
	  "An issue that could not go out in time still does within so many hours; after\n"
	  "that it waits for an editor's word."),
	N(news_life, "120", 1, 2160, "What waits for a word so many hours ends; who got nothing counts as expired."),
	S(smtp_bulk, "127.0.0.1:20027", 3, 200, NULL,
	  "The newsletter is handed to Postfix here: a listener without milters, because\n"
	  "it is signed already."),
	S(smtp_returns, "127.0.0.1:20028", 3, 200, NULL,
	  "Postfix hands the desk here what it could not deliver itself; in a private\n"
	  "instance always base_port + 28."),
	N(bulk_connections, "10", 1, 100, "Over so many connections at once."),
	N(bulk_queue, "2000", 10, 1000000, "At most so many mails of it in Postfix's queue, besides deferred ones."),
	N(bulk_queue_mb, "8192", 16, 1048576, "At most so many MB of it there, deferred ones and all."),
	N(bulk_domain_start, "20", 1, 100000, "Mails a second to one domain, at the start of an issue."),
	N(bulk_domain_max, "200", 1, 100000, "And at most."),
	N(bulk_domain_double, "60", 1, 86400, "The rate doubles in so many seconds while all goes well."),
	N(bulk_stop_hard, "2", 1, 100,
	  "A domain, or a whole issue, stops when so many percent of its results are\n"
	  "dead addresses. Editors and operators are told. 100: never."),
	N(bulk_stop_deferred, "10", 1, 100, "The same for mails that receivers put off. 100: never."),
	S(imap, "", 0, 80, NULL,
	  "IP:PORT of the Dovecot of this machine, where the copies in the staff's\n"
	  "mailboxes are marked with their ticket's state. Empty: they are not."),
	S(imap_keywords, "$label4,$label2,$label1,$label3", 7, 200, NULL,
	  "The marks of open, due today, overdue and done, in this order. These are\n"
	  "Thunderbird's blue, orange, red and green; it lets each be given a name."),
};
enum { NKEYS = sizeof keys / sizeof *keys };

static void *slot(const struct cfg *c, const struct key *k)
{
	return (char *)c + k->offset;
}

static bool chosen(const char *choices, const char *v)
{
	size_t len;
	for (const char *p = choices; *p; p += len + (p[len] == '|')) {
		len = strcspn(p, "|");
		if (p[len - 1] == ':' ? strncmp(v, p, len) == 0 && v[len] : strlen(v) == len && strncmp(v, p, len) == 0)
			return true;
	}
	return false;
}

int cfg_nums(const char *list, int64_t v[CFG_NUMS_MAX])
{
	int n = 0;
	while (*list) {
		char *end;
		list += strspn(list, " ");
		long long x = strtoll(list, &end, 10);
		if (!isdigit((unsigned char)*list) || n == CFG_NUMS_MAX || (n && x <= v[n - 1]))
			return -1;
		v[n++] = x;
		end += strspn(end, " ");
		if (*end && (*end != ',' || !end[1]))
			return -1;
		list = end + (*end == ',');
	}
	return n;
}

static bool nums_fit(const struct key *k, const char *list)
{
	int64_t v[CFG_NUMS_MAX];
	int n = cfg_nums(list, v);
	return n == 0 || (n > 0 && v[0] >= k->min && v[n - 1] <= k->max);
}

static bool host_fits(const char *v)
{
	return *v != '.' && *v != '-' && strchr(v, '.') && !strstr(v, "..") &&
	       strspn(v, "abcdefghijklmnopqrstuvwxyz0123456789.-") == strlen(v);
}

/* [HOST]:PORT; HOST may be an address. */
static bool relay_fits(const char *v)
{
	size_t n = *v == '[' ? strspn(v + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:-") : 0;
	if (!n || strncmp(v + 1 + n, "]:", 2) != 0)
		return false;
	const char *port = v + n + 3;
	size_t digits = strspn(port, "0123456789");
	long number = digits && digits <= 5 && !port[digits] ? strtol(port, NULL, 10) : 0;
	return number >= 1 && number <= 65535;
}

/* "" or what is wrong with the value. */
static const char *set(struct cfg *c, const struct key *k, const char *v)
{
	static _Thread_local char why[160];
	if (k->type == NUM) {
		char *end;
		long long n = strtoll(v, &end, 10);
		if (!isdigit((unsigned char)*v) || *end || n < k->min || n > k->max) {
			snprintf(why, sizeof why, "must be a whole number from %lld to %lld", (long long)k->min,
			         (long long)k->max);
			return why;
		}
		*(int64_t *)slot(c, k) = n;
		return "";
	}
	size_t len = strlen(v);
	if (k->type == NUMS) {
		snprintf(why, sizeof why, "must be at most %d rising whole numbers from %lld to %lld, with commas between",
		         CFG_NUMS_MAX, (long long)k->min, (long long)k->max);
		if (!nums_fit(k, v))
			return why;
	} else if (len < (size_t)k->min || len > (size_t)k->max) {
		snprintf(why, sizeof why, "must have %lld to %lld bytes", (long long)k->min, (long long)k->max);
		return why;
	}
	if (k->choices && !chosen(k->choices, v)) {
		snprintf(why, sizeof why, "must be one of %s", k->choices);
		return why;
	}
	if (k->type == HOST && !host_fits(v))
		return "must be a name such as mx.example.jp, in lower case";
	if (strncmp(v, "relay:", 6) == 0 && k->choices && !relay_fits(v + 6))
		return "must be relay:[HOST]:PORT";
	char **s = slot(c, k);
	free(*s);
	*s = xstrdup(v);
	return "";
}

static struct cfg *defaults(const char *dir)
{
	struct cfg *c = xcalloc(1, sizeof *c);
	c->dir = xstrdup(dir);
	for (size_t i = 0; i < NKEYS; i++)
		set(c, &keys[i], keys[i].def);
	return c;
}

void cfg_free(struct cfg **c)
{
	if (!c || !*c)
		return;
	for (size_t i = 0; i < NKEYS; i++)
		if (keys[i].type != NUM)
			free(*(char **)slot(*c, &keys[i]));
	free((*c)->dir);
	free(*c);
	*c = NULL;
}

static const struct key *find(const char *name)
{
	for (size_t i = 0; i < NKEYS; i++)
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
	return NULL;
}

static char *trim(char *s)
{
	while (isspace((unsigned char)*s))
		s++;
	char *end = s + strlen(s);
	while (end > s && isspace((unsigned char)end[-1]))
		end--;
	*end = '\0';
	return s;
}

/* One logical line "key = value". */
static enum status take(struct cfg *c, char *line, const char *name, int lineno, bool *seen, struct err *e)
{
	char *eq = strchr(line, '=');
	if (!eq)
		return err_set(e, ERR_PERM, "%s:%d: expected \"key = value\"", name, lineno);
	*eq = '\0';
	const char *k = trim(line), *v = trim(eq + 1);
	const struct key *key = find(k);
	if (!key)
		return err_set(e, ERR_PERM, "%s:%d: unknown key \"%.60s\"", name, lineno, k);
	if (seen[key - keys])
		return err_set(e, ERR_PERM, "%s:%d: \"%s\" is set twice", name, lineno, k);
	seen[key - keys] = true;
	const char *why = set(c, key, v);
	return *why ? err_set(e, ERR_PERM, "%s:%d: %s %s", name, lineno, k, why) : OK;
}

/* Appends the next logical line (continuations joined); false at the end. */
static bool next_line(const char **p, int *lineno, int *first, struct sb *line)
{
	sb_reset(line);
	while (**p) {
		size_t len = strcspn(*p, "\n");
		bool comment = (*p)[strspn(*p, " \t\r")] == '#' || strspn(*p, " \t\r") == len;
		bool cont = **p == ' ' || **p == '\t';
		if (line->len && !comment && !cont)
			return true;
		++*lineno;
		if (!comment) {
			if (!line->len)
				*first = *lineno;
			sb_add(line, *p, len);
		}
		*p += len + ((*p)[len] == '\n');
	}
	return line->len > 0;
}

static bool is_shared(const struct key *k)
{
	return k->type == STR && strncmp(k->def, SHARE, strlen(SHARE)) == 0;
}

/* A folder that an older file does not name lies beside one that it does. */
static void look_beside(struct cfg *c, const bool *seen)
{
	const char *known = NULL;
	for (size_t i = 0; i < NKEYS && !known; i++)
		if (seen[i] && is_shared(&keys[i]))
			known = *(char **)slot(c, &keys[i]);
	const char *end = known ? strrchr(known, '/') : NULL;
	for (size_t i = 0; end && i < NKEYS; i++) {
		if (seen[i] || !is_shared(&keys[i]))
			continue;
		char *path = xasprintf("%.*s/%s", (int)(end - known), known, keys[i].def + strlen(SHARE));
		if (io_exists(path))
			set(c, &keys[i], path);
		free(path);
	}
}

enum status cfg_folders(const struct cfg *c, struct err *e)
{
	for (size_t i = 0; i < NKEYS; i++) {
		const char *path = is_shared(&keys[i]) ? *(char **)slot(c, &keys[i]) : NULL;
		if (path && !io_exists(path))
			return err_set(e, ERR_NOTFOUND, "%s/yorozu.conf: %s = %s: there is no such folder; it needs a line \"%s = …/%s\"",
			               c->dir, keys[i].name, path, keys[i].name, keys[i].def + strlen(SHARE));
	}
	return OK;
}

enum status cfg_parse(const char *name, const char *text, const char *dir, struct cfg **cfg_r, struct err *e)
{
	bool seen[NKEYS] = { false };
	struct cfg *c = defaults(dir);
	struct sb line = SB_INIT;
	int lineno = 0, first = 0;
	enum status st = OK;
	while (st == OK && next_line(&text, &lineno, &first, &line))
		st = take(c, line.s, name, first, seen, e);
	sb_free(&line);
	if (st == OK)
		look_beside(c, seen);
	else
		cfg_free(&c);
	*cfg_r = c;
	return st;
}

enum status cfg_load(const char *dir, struct cfg **cfg_r, struct err *e)
{
	char *path = xasprintf("%s/yorozu.conf", dir);
	struct sb text = SB_INIT;
	enum status st = io_read_file(path, 1 << 20, &text, e);
	*cfg_r = NULL;
	if (st == OK)
		st = cfg_parse(path, text.s, dir, cfg_r, e);
	else if (st == ERR_NOTFOUND)
		err_set(e, st, "no instance in %s (yorozu -C %s init makes one)", dir, dir);
	sb_free(&text);
	free(path);
	return st;
}

static void print_doc(const char *doc, struct sb *out)
{
	size_t len;
	for (; *doc; doc += len + (doc[len] == '\n')) {
		len = strcspn(doc, "\n");
		sb_addf(out, "# %.*s\n", (int)len, doc);
	}
}

void cfg_print(const struct cfg *c, struct sb *out)
{
	sb_adds(out, "# Yorozu instance. `yorozu -C DIR check` reads this file and says what is wrong\n"
	             "# with it; restart the instance after a change.\n");
	for (size_t i = 0; i < NKEYS; i++) {
		const struct key *k = &keys[i];
		sb_addc(out, '\n');
		print_doc(k->doc, out);
		if (k->type != NUM)
			sb_addf(out, "%s = %s\n", k->name, c ? *(char **)slot(c, k) : k->def);
		else if (c)
			sb_addf(out, "%s = %lld\n", k->name, (long long)*(int64_t *)slot(c, k));
		else
			sb_addf(out, "%s = %s\n", k->name, k->def);
	}
}

char *cfg_path(const struct cfg *c, const char *relative)
{
	return xasprintf("%s/%s", c->dir, relative);
}

char *cfg_key_path(const struct cfg *c, const char *name)
{
	const char *given = getenv("CREDENTIALS_DIRECTORY");
	char *path = given ? xasprintf("%s/%s", given, name) : NULL;
	if (path && io_exists(path))
		return path;
	free(path);
	return xasprintf("%s/keys/%s", c->dir, name);
}

bool cfg_is_private(const struct cfg *c)
{
	return strcmp(c->mode, "private") == 0;
}

int cfg_https_port(const struct cfg *c)
{
	if (c->https_port)
		return (int)c->https_port;
	return cfg_is_private(c) ? (int)c->base_port + 443 : 443;
}
