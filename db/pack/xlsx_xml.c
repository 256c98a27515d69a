/*
 * XML of a workbook by expat. SECURITY: a DOCTYPE ends the reading before
 * anything in it counts, so there are no entities but XML's own five; depth is
 * bounded; the size is the caller's bound.
 */
#include "pack/xlsx_impl.h"
#include <expat.h>
#include <string.h>

struct reader {
	XML_Parser p;
	const struct xlsx_handler *h;
	unsigned depth;
	enum { GOES_ON, DOCTYPE, TOO_DEEP, STOPPED } end;
};

static const char *local(const char *name)
{
	const char *colon = strchr(name, ':');
	return colon ? colon + 1 : name;
}

const char *xlsx_attr(const char **attrs, const char *name)
{
	for (; *attrs; attrs += 2)
		if (strcmp(local(*attrs), name) == 0)
			return attrs[1];
	return NULL;
}

static void stop(struct reader *r, int why)
{
	if (!r->end)
		r->end = why;
	XML_StopParser(r->p, XML_FALSE);
}

static void on_open(void *arg, const char *name, const char **attrs)
{
	struct reader *r = arg;
	if (r->end)
		return;
	if (++r->depth > XLSX_DEPTH_MAX)
		stop(r, TOO_DEEP);
	else if (!r->h->open(r->h->arg, local(name), attrs))
		stop(r, STOPPED);
}

static void on_close(void *arg, const char *name)
{
	struct reader *r = arg;
	r->depth--;
	if (!r->end && !r->h->close(r->h->arg, local(name)))
		stop(r, STOPPED);
}

static void on_text(void *arg, const char *s, int n)
{
	struct reader *r = arg;
	if (!r->end && r->h->text && !r->h->text(r->h->arg, s, (size_t)n))
		stop(r, STOPPED);
}

static void on_doctype(void *arg, const char *name, const char *sys, const char *pub, int internal)
{
	(void)name, (void)sys, (void)pub, (void)internal;
	stop(arg, DOCTYPE);
}

enum status xlsx_xml(const char *what, const struct sb *xml, const struct xlsx_handler *h, struct err *e)
{
	struct reader r = { .h = h, .p = XML_ParserCreate(NULL) };
	if (!r.p)
		return err_set(e, ERR_TEMP, "XML: no memory");
	XML_SetUserData(r.p, &r);
	XML_SetElementHandler(r.p, on_open, on_close);
	XML_SetCharacterDataHandler(r.p, on_text);
	XML_SetStartDoctypeDeclHandler(r.p, on_doctype);
	bool ok = XML_Parse(r.p, xml->s, (int)xml->len, 1) == XML_STATUS_OK;
	unsigned long line = XML_GetCurrentLineNumber(r.p);
	XML_ParserFree(r.p);
	if (r.end == STOPPED) {
		*e = *h->e;
		return e->code;
	}
	if (r.end == DOCTYPE)
		return err_set(e, ERR_PERM, "Excel ファイルに許されない記述 (DOCTYPE) があります");
	if (r.end == TOO_DEEP)
		return err_set(e, ERR_LIMIT, "Excel ファイルの構造が深すぎます");
	return ok ? OK : err_set(e, ERR_PERM, "Excel ファイルが壊れています (%s の %lu 行目)", what, line);
}
