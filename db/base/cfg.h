#ifndef BASE_CFG_H
#define BASE_CFG_H
/*
 * One configuration file for an instance: `key = value` lines, '#' comments,
 * continuation by leading white space. One table (cfg.c) gives each key its
 * type, default, bounds and documentation; it drives the parser, the check and
 * the commented sample. An unknown key, a double key or a bad value is an
 * error naming file and line. The snapshot is immutable: reload = restart.
 */
#include "base/err.h"
#include "base/strbuf.h"
#include <stdbool.h>
#include <stdint.h>

enum { CFG_NUMS_MAX = 8 }; /* numbers in a list such as remind_at */

struct cfg {
	/* where things are */
	char *dir;             /* instance directory, absolute; set by cfg_load */
	char *mode;            /* private | production */
	char *domain;          /* our mail domain */
	char *hostname;        /* name in HELO, Received, authserv-id */
	char *run_user;        /* the daemons' user */
	int64_t base_port;     /* private: 25, 587, 143, 443 are added to it */
	/* the desk */
	char *desk_localpart;  /* consultation address = this @ domain */
	char *desk_name;       /* its display name, UTF-8 */
	char *ticket_tag;      /* subject tag: [TAG #12] */
	char *internal_names;  /* comma list: host and people names never shown to customers */
	int64_t reopen_days;   /* a follow-up within so many days reopens */
	int64_t copy_replies;      /* 1: colleagues get a copy of every answer */
	int64_t collision_minutes; /* a second answer within so many minutes is held */
	int64_t ack_per_sender_day;   /* acknowledgements to one address in 24 h */
	int64_t ack_per_day;          /* all acknowledgements in 24 h */
	int64_t message_max;          /* bytes of one mail */
	int64_t mime_depth_max, mime_parts_max, header_max;
	/* sender checks */
	char *dns;             /* system | off | IP:PORT */
	int64_t dns_timeout_ms; /* for all look-ups of one mail together */
	int64_t auth_helpers;   /* helper processes for SPF and DMARC */
	char *authserv_id;      /* random name OpenDKIM's results carry on our inside */
	int64_t extend_days, extend_days_supervisor; /* a due time may be put off so many business days */
	/* the outside world */
	char *world;           /* maildir | discard | relay:[HOST]:PORT | direct */
	char *smtp_inject;     /* HOST:PORT of the mailer's own listener */
	char *mail_log;        /* Postfix's log, read to settle an uncertain hand-over */
	char *postfix_dir;     /* Postfix configuration directory */
	char *templates;       /* folder of the mail templates (NAME.ja.txt) */
	char *categories;      /* folder of the categories and their standard texts */
	char *feed_tables;     /* folder of the shipped tables on Windows and software; newer ones are in DIR/feed */
	/* the web side: uploads and downloads by link */
	char *web_host;         /* name in the links */
	int64_t https_port;     /* port in the links; 0: base_port + 443, in production 443 */
	char *web_group;        /* group of the web server, which may reach yorozu-ingest */
	char *web_templates;    /* folder of the pages (NAME.html) */
	int64_t web_connections; /* at once */
	int64_t upload_max_mb;  /* one file */
	int64_t upload_link_mb; /* all files of one upload link */
	int64_t upload_files_max; /* of one upload link */
	int64_t upload_link_days, fetch_link_days, file_keep_days;
	int64_t terminal_key_days; /* a terminal's key is changed after so many */
	int64_t backup_hour;    /* the day's backup; 24: none is made by itself */
	char *backup_dir;       /* its folder; "": DIR/backup */
	int64_t upload_free_mb; /* disk space that uploads leave free */
	/* terminals */
	char *agent_config;     /* JSON file whose members terminals get, or empty */
	int64_t terminal_months; /* whole months of what they did that are kept, besides this one */
	int64_t terminal_end_days; /* so many after its contract ended what it sent is deleted */
	int64_t terminal_silent_days; /* not heard of for so long: told in the weekly mail */
	/* files in mails */
	char *attachments;      /* strip | keep */
	int64_t inline_image_max; /* bytes of a picture in the text that stays */
	int64_t keep_images;    /* 1: all pictures stay */
	/* calendar */
	char *holidays_csv;    /* Cabinet Office CSV overriding the computed holidays, or empty */
	/* logging */
	char *log_level;       /* debug | info | warn | error */
	/* reply times */
	char *remind_at;       /* percent of the reply time, "50,80" */
	int64_t alert_at;      /* percent; 0 = never */
	int64_t notice_before; /* minutes of reply time before the due time; 0 = never */
	int64_t notice_days;   /* business days the notice promises instead */
	/* calls to customers */
	int64_t outbound_day;  /* the business day of the month on which the list goes out; 0 = never */
	int64_t outbound_days; /* contracts without any contact for so long are on it */
	/* files of answers */
	char *delivery;        /* zip | pdf | link | plain: contracts without a policy of their own */
	int64_t attach_max_mb; /* more than this goes by link */
	/* reports */
	int64_t stats_monthly; /* 1: the statistics go out on the 1st */
	int64_t stats_staff;   /* 1: supervisors also see answers by staff member */
	int64_t health_monthly; /* 1: a month's health checks are made when it is over */
	/* the newsletter */
	char *news_from, *news_to, *news_edit; /* local parts: what readers see, and the editors' address */
	char *news_name;       /* its name, UTF-8 */
	char *news_sender;     /* who sends it, as the law wants it told */
	int64_t news_one_click; /* 1: mails have a one-click link to web_host */
	char *news_weekday;    /* sun … sat */
	int64_t news_time;     /* HHMM */
	char *news_dayoff;     /* same | before | after */
	int64_t news_approvals;
	int64_t news_attach_max, news_attach_link, news_link_days, news_rcpts_max;
	int64_t news_window;   /* hours in which a missed issue still goes out */
	int64_t news_life;     /* hours after which what waits for a word ends */
	char *smtp_returns;    /* and of our own returns */
	char *smtp_bulk;       /* HOST:PORT of the newsletter's own listener */
	int64_t bulk_connections, bulk_queue, bulk_queue_mb;
	int64_t bulk_domain_start, bulk_domain_max, bulk_domain_double; /* mails a second, seconds */
	int64_t bulk_stop_hard, bulk_stop_deferred; /* percent */
	/* the diagnosis */
	char *diagnosis;       /* folder of the questionnaire */
	char *diagnosis_localpart; /* answers go to this @ domain */
	char *diagnosis_form;  /* the form's address, or empty */
	/* states in the staff's mailboxes */
	char *imap;            /* IP:PORT of Dovecot, or empty */
	char *imap_keywords;   /* four, comma between */
};

/* Reads DIR/yorozu.conf. Errors: "DIR/yorozu.conf:12: unknown key \"foo\"". */
enum status cfg_load(const char *dir, struct cfg **cfg_r, struct err *e) must_check;
enum status cfg_parse(const char *name, const char *text, const char *dir, struct cfg **cfg_r, struct err *e) must_check;
void cfg_free(struct cfg **c);

/* The commented file, with the values of *c (NULL: the defaults). */
void cfg_print(const struct cfg *c, struct sb *out);

/* DIR/relative, malloc'ed. */
char *cfg_path(const struct cfg *c, const char *relative);
/* Where keys/NAME can be read: the copy that systemd gave this service alone
 * (LoadCredential=NAME:…), else DIR/keys/NAME. malloc'ed. */
char *cfg_key_path(const struct cfg *c, const char *name);
/* The folders of texts it names are there; else ERR_NOTFOUND names the line that
 * it lacks. One that an older file does not name lies beside one that it does. */
enum status cfg_folders(const struct cfg *c, struct err *e) must_check;
bool cfg_is_private(const struct cfg *c);
/* The numbers of a list such as remind_at: how many, or -1 if they are not rising. */
int cfg_nums(const char *list, int64_t v[CFG_NUMS_MAX]);
int cfg_https_port(const struct cfg *c);

#endif
