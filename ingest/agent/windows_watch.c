/* File operations on Windows: ReadDirectoryChangesW on the folders of the
 * configuration, with what is below them. Who did it is not told. When its
 * buffer overflows, what is lost is unknown. */
#include "windows_util.h"
#include "base/log.h"
#include "base/xalloc.h"
#include <stdlib.h>
#include <string.h>

enum { FOLDERS = 16, BUFFER = 64 << 10 };

struct folder {
	char *path;
	HANDLE h;
	OVERLAPPED o;
	DWORD *buf;
	bool asked;
};
struct watch {
	struct folder f[FOLDERS];
	size_t n;
	char *folders; /* as configured, joined by LF */
};

static void ask(struct folder *f)
{
	DWORD what = FILE_NOTIFY_CHANGE_FILE_NAME | FILE_NOTIFY_CHANGE_DIR_NAME | FILE_NOTIFY_CHANGE_LAST_WRITE;
	f->asked = ReadDirectoryChangesW(f->h, f->buf, BUFFER, TRUE, what, NULL, &f->o, NULL);
}

static void drop_all(struct watch *w)
{
	for (size_t i = 0; i < w->n; i++) {
		DWORD n;
		CancelIo(w->f[i].h);
		if (w->f[i].asked)
			GetOverlappedResult(w->f[i].h, &w->f[i].o, &n, TRUE);
		CloseHandle(w->f[i].h);
		CloseHandle(w->f[i].o.hEvent);
		free(w->f[i].buf);
		free(w->f[i].path);
	}
	w->n = 0;
}

static void add(struct watch *w, const char *path)
{
	struct folder *f = &w->f[w->n];
	wchar_t *p = wide(path);
	memset(f, 0, sizeof *f);
	f->h = CreateFileW(p, FILE_LIST_DIRECTORY, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING,
	                   FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OVERLAPPED, NULL);
	free(p);
	if (f->h == INVALID_HANDLE_VALUE)
		return;
	f->path = xstrdup(path);
	f->buf = xmalloc(BUFFER);
	f->o.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
	ask(f);
	w->n++;
}

static void follow_config(struct watch *w, struct collect *c)
{
	struct sb b = SB_INIT;
	const char *p;
	for (size_t i = 0; (p = collect_watch(c, i)); i++)
		sb_addf(&b, "%s\n", p);
	if (w->folders && strcmp(w->folders, b.s) == 0) {
		sb_free(&b);
		return;
	}
	drop_all(w);
	for (size_t i = 0; w->n < FOLDERS && (p = collect_watch(c, i)); i++)
		add(w, p);
	free(w->folders);
	sb_grow(&b, 1);
	w->folders = sb_detach(&b, NULL);
}

static void tell(struct collect *c, const char *op, const char *path, const char *to)
{
	struct json_put *o = collect_event(c, collect_wall(c), "file", NULL);
	json_put_text_at(o, "op", op);
	json_put_text_at(o, "p", path);
	if (to)
		json_put_text_at(o, "to", to);
}

/* Both halves of a rename come in one buffer, the old name first. */
static void happened(const struct folder *f, struct collect *c, DWORD n)
{
	char *old = NULL;
	for (const char *p = (const char *)f->buf, *end = p + n; p < end;) {
		const FILE_NOTIFY_INFORMATION *v = (const void *)p;
		wchar_t *w = xcalloc(v->FileNameLength / sizeof *w + 1, sizeof *w);
		memcpy(w, v->FileName, v->FileNameLength);
		char *name = narrow(w), *path = xasprintf("%s\\%s", f->path, name);
		if (v->Action == FILE_ACTION_RENAMED_OLD_NAME) {
			free(old);
			old = xstrdup(path);
		} else if (v->Action == FILE_ACTION_RENAMED_NEW_NAME) {
			tell(c, old ? "rename" : "create", old ? old : path, old ? path : NULL);
		} else {
			tell(c, v->Action == FILE_ACTION_ADDED ? "create" : v->Action == FILE_ACTION_REMOVED ? "delete" : "write", path, NULL);
		}
		free(path);
		free(name);
		free(w);
		if (!v->NextEntryOffset)
			break;
		p += v->NextEntryOffset;
	}
	free(old);
}

static void *watch_open(struct collect *c)
{
	struct watch *w = xcalloc(1, sizeof *w);
	follow_config(w, c);
	return w;
}

static void watch_tick(void *self, struct collect *c)
{
	struct watch *w = self;
	struct err e;
	DWORD n;
	follow_config(w, c);
	for (size_t i = 0; i < w->n; i++) {
		struct folder *f = &w->f[i];
		while (f->asked && collect_waiting(c) < COLLECT_PIECE && GetOverlappedResult(f->h, &f->o, &n, FALSE)) {
			if (n)
				happened(f, c, n);
			else
				log_warn("watch", "lost=%s", "unknown");
			ResetEvent(f->o.hEvent);
			ask(f);
		}
	}
	if (collect_waiting(c) && collect_flush(c, NULL, NULL, &e) != OK)
		return;
}

static void watch_close(void *self)
{
	struct watch *w = self;
	drop_all(w);
	free(w->folders);
	free(w);
}

const struct collector windows_watch = { "file", 1, watch_open, watch_tick, watch_close };
