#ifndef AGENT_SPOOL_INT_H
#define AGENT_SPOOL_INT_H
/* Within the spool: the segments (spool_segment.c), the mark (spool_mark.c) and
 * what joins them (spool.c, spool_read.c). */
#include "spool.h"

enum {
	SEG_HEAD = 40, /* magic 4, salt 16, first 8, age 8, CRC 4 */
	FRAME_HEAD = 20,
	SALT = 16
};

struct segment {
	uint64_t first, last; /* last < first: no event in it */
	int64_t age, octets;
	uint64_t id; /* of its file's name; grows */
};

struct gap {
	uint64_t from, to;
	uint8_t why; /* of gap_reasons[] */
};

struct bookmark {
	char *name, *place;
	bool saved; /* in the mark as it lies on the disk */
};

struct spool {
	char *dir;
	uint8_t key[PLAT_KEY];
	struct spool_limits limits;
	struct segment *seg; /* in order of their files */
	size_t nseg, cap;
	struct gap gap[SPOOL_GAPS];
	size_t ngap;
	struct bookmark book[SPOOL_BOOKMARKS];
	size_t nbook;
	uint64_t acked, sent, next, next_id;
	int64_t octets;
	/* the segment that grows: always the last of seg[] */
	struct plat_file *file;
	uint8_t file_key[PLAT_KEY];
	bool dirty;
	bool marked; /* a mark was there and could be read */
};

/* A frame as it lies in a segment. */
struct frame {
	uint64_t first;
	unsigned count, nmark;
	size_t at, nsealed; /* of the sealed part, in the segment */
};

char *spool_path(const struct spool *s, uint64_t id); /* malloc'ed */
void segment_key(const struct spool *s, const uint8_t salt[SALT], uint8_t key[PLAT_KEY]);
uint32_t spool_crc(const void *p, size_t n);
/* The head of a segment; false: it is none. */
bool segment_head(const struct sb *file, struct segment *g, uint8_t salt[SALT]);
/* The frame at *at, which moves behind it; false: there is no whole one. */
bool segment_frame(const struct sb *file, size_t *at, struct frame *f);
/* Its text; false: not sealed with this key here. Empties `out` first. */
bool frame_open(const uint8_t key[PLAT_KEY], const struct sb *file, const struct frame *f, struct sb *out);
/* The next event of a frame's text. */
bool frame_event(const struct sb *text, size_t *at, struct spool_event *v);
void segment_add(struct spool *s, const struct segment *g); /* to the row in memory */
/* Appends a frame to the open segment. */
enum status segment_append(struct spool *s, uint64_t first, unsigned count, unsigned nmark, const struct sb *text, struct err *e) must_check;
enum status segment_begin(struct spool *s, int64_t age, struct err *e) must_check;

enum status mark_load(struct spool *s, struct err *e) must_check;
/* Syncs first: no bookmark is saved that stands behind events which are not. */
enum status mark_save(struct spool *s, struct err *e) must_check;
void mark_bookmark(struct spool *s, const char *name, size_t nname, const char *place, size_t nplace);
void gap_add(struct spool *s, uint64_t from, uint64_t to, const char *reason);
void gap_forget(struct spool *s, uint64_t acked);
bool gap_covers(const struct spool *s, uint64_t from, uint64_t to);

#endif
