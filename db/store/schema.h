/* The migrations' texts, as schema.c puts them in order. For db/store alone. */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

/* schema_first.c */
extern const char schema_first[];
extern const char schema_outbox_file[];

/* schema_desk.c */
extern const char schema_due[];
extern const char schema_search[];
extern const char schema_merge[];
extern const char schema_who[];
extern const char schema_report[];
extern const char schema_imap[];
extern const char schema_answer[];
extern const char schema_merge_contract[];

/* schema_files.c */
extern const char schema_files[];
extern const char schema_attachment[];
extern const char schema_delivery[];

/* schema_news.c */
extern const char schema_news[];
extern const char schema_news_link[];
extern const char schema_news_stop[];
extern const char schema_news_wait[];

/* schema_diagnosis.c */
extern const char schema_diagnosis[];

/* schema_agent.c */
extern const char schema_terminal[];
extern const char schema_terminal_deletion[];
extern const char schema_terminal_key[];
extern const char schema_agent[]; /* agent.db */
extern const char schema_month[]; /* agent-YYYYMM.db */

/* schema_health.c */
extern const char schema_health[];

#endif
