/*
 * A small workbook of our own: one sheet, a few styles, lists to choose from.
 * The same input gives the same bytes. See xlsx.h.
 */
#include "pack/pack_impl.h"
#include "pack/xlsx.h"
#include "base/xalloc.h"
#include <stdlib.h>
#include <string.h>
#include <zip.h>

enum { COLS = 40 };

struct xlsx_new {
	const char *name;
	struct sb rows, merges, rules;
	size_t row, nmerges, nrules, repeated;
	double width[COLS + 1];
};

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define OOX "http://schemas.openxmlformats.org/"

/* Text of an element or an attribute; what XML 1.0 can't hold is left out. */
static void put(struct sb *out, const char *s)
{
	for (; *s; s++)
		switch (*s) {
		case '&':
			sb_adds(out, "&amp;");
			break;
		case '<':
			sb_adds(out, "&lt;");
			break;
		case '>':
			sb_adds(out, "&gt;");
			break;
		case '"':
			sb_adds(out, "&quot;");
			break;
		default:
			if ((unsigned char)*s >= ' ' || *s == '\n' || *s == '\t')
				sb_addc(out, *s);
		}
}

/* "B12" */
static void place(struct sb *out, size_t row, size_t col)
{
	char letters[4] = "";
	size_t n = 0;
	for (; col && n < sizeof letters; col = (col - 1) / 26)
		letters[n++] = (char)('A' + (col - 1) % 26);
	while (n)
		sb_addc(out, letters[--n]);
	sb_addf(out, "%zu", row);
}

struct xlsx_new *xlsx_new(const char *sheet)
{
	struct xlsx_new *x = xcalloc(1, sizeof *x);
	x->name = xstrdup(sheet);
	x->rows = x->merges = x->rules = SB_INIT;
	return x;
}

void xlsx_width(struct xlsx_new *x, size_t col, double chars)
{
	if (col <= COLS)
		x->width[col] = chars;
}

void xlsx_repeat(struct xlsx_new *x, size_t row)
{
	x->repeated = row;
}

void xlsx_cell(struct xlsx_new *x, size_t row, size_t col, enum xlsx_style style, const char *text)
{
	if (row != x->row) {
		sb_adds(&x->rows, x->row ? "</row>" : "");
		sb_addf(&x->rows, "<row r=\"%zu\">", row);
		x->row = row;
	}
	sb_adds(&x->rows, "<c r=\"");
	place(&x->rows, row, col);
	sb_addf(&x->rows, "\" s=\"%d\"", (int)style);
	if (*text) {
		sb_adds(&x->rows, " t=\"inlineStr\"><is><t xml:space=\"preserve\">");
		put(&x->rows, text);
		sb_adds(&x->rows, "</t></is></c>");
	} else {
		sb_adds(&x->rows, "/>");
	}
}

static void area(struct sb *out, size_t row, size_t col, size_t rows, size_t cols)
{
	place(out, row, col);
	sb_addc(out, ':');
	place(out, row + rows - 1, col + cols - 1);
}

void xlsx_merge(struct xlsx_new *x, size_t row, size_t col, size_t rows, size_t cols)
{
	sb_adds(&x->merges, "<mergeCell ref=\"");
	area(&x->merges, row, col, rows, cols);
	sb_adds(&x->merges, "\"/>");
	x->nmerges++;
}

void xlsx_choices(struct xlsx_new *x, size_t row, size_t col, size_t rows, const char *choices)
{
	sb_adds(&x->rules, "<dataValidation type=\"list\" allowBlank=\"1\" showErrorMessage=\"1\" sqref=\"");
	area(&x->rules, row, col, rows, 1);
	sb_adds(&x->rules, "\"><formula1>\"");
	put(&x->rules, choices);
	sb_adds(&x->rules, "\"</formula1></dataValidation>");
	x->nrules++;
}

/* ---- parts ------------------------------------------------------------------------------- */

static const char types[] = HEAD
	"<Types xmlns=\"" OOX "package/2006/content-types\">"
	"<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
	"<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
	"<Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>"
	"<Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>"
	"<Override PartName=\"/xl/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/>"
	"</Types>";
static const char rels[] = HEAD
	"<Relationships xmlns=\"" OOX "package/2006/relationships\">"
	"<Relationship Id=\"rId1\" Type=\"" OOX "officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/>"
	"</Relationships>";
static const char book_rels[] = HEAD
	"<Relationships xmlns=\"" OOX "package/2006/relationships\">"
	"<Relationship Id=\"rId1\" Type=\"" OOX "officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
	"<Relationship Id=\"rId2\" Type=\"" OOX "officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/>"
	"</Relationships>";

#define FONT(size, more) "<font>" more "<sz val=\"" size "\"/><name val=\"Yu Gothic\"/><family val=\"3\"/><charset val=\"128\"/></font>"
#define FILL(rgb) "<fill><patternFill patternType=\"solid\"><fgColor rgb=\"" rgb "\"/></patternFill></fill>"
#define LINE(side) "<" side " style=\"thin\"><color rgb=\"FF999999\"/></" side ">"
#define XF(font, fill, border, align) \
	"<xf numFmtId=\"49\" fontId=\"" font "\" fillId=\"" fill "\" borderId=\"" border "\" xfId=\"0\" applyNumberFormat=\"1\" applyFont=\"1\" " \
	"applyFill=\"1\" applyBorder=\"1\" applyAlignment=\"1\"><alignment " align "/></xf>"
/* In the order of enum xlsx_style; all are text (format 49), so that N000000001 and 1-2 stay what they are. */
static const char styles[] = HEAD
	"<styleSheet xmlns=\"" OOX "spreadsheetml/2006/main\">"
	"<fonts count=\"3\">" FONT("11", "") FONT("16", "<b/>") FONT("11", "<b/>") "</fonts>"
	"<fills count=\"4\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill>"
	FILL("FFDCE6F1") FILL("FFFFF7D6") "</fills>"
	"<borders count=\"2\"><border><left/><right/><top/><bottom/><diagonal/></border>"
	"<border>" LINE("left") LINE("right") LINE("top") LINE("bottom") "<diagonal/></border></borders>"
	"<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>"
	"<cellXfs count=\"6\">"
	XF("0", "0", "0", "vertical=\"center\"")
	XF("1", "0", "0", "vertical=\"center\"")
	XF("2", "2", "1", "horizontal=\"center\" vertical=\"center\" wrapText=\"1\"")
	XF("0", "0", "1", "vertical=\"center\" wrapText=\"1\"")
	XF("0", "0", "1", "horizontal=\"center\" vertical=\"center\"")
	XF("0", "3", "1", "horizontal=\"left\" vertical=\"center\" wrapText=\"1\"")
	"</cellXfs><cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>";
_Static_assert(XLSX_STYLES == 6, "styles");

static void book(const struct xlsx_new *x, struct sb *out)
{
	sb_adds(out, HEAD "<workbook xmlns=\"" OOX "spreadsheetml/2006/main\" xmlns:r=\"" OOX "officeDocument/2006/relationships\"><sheets><sheet name=\"");
	put(out, x->name);
	sb_adds(out, "\" sheetId=\"1\" r:id=\"rId1\"/></sheets>");
	if (x->repeated) {
		sb_adds(out, "<definedNames><definedName name=\"_xlnm.Print_Titles\" localSheetId=\"0\">'");
		put(out, x->name);
		sb_addf(out, "'!$%zu:$%zu</definedName></definedNames>", x->repeated, x->repeated);
	}
	sb_adds(out, "</workbook>");
}

static void sheet(const struct xlsx_new *x, struct sb *out)
{
	sb_adds(out, HEAD "<worksheet xmlns=\"" OOX "spreadsheetml/2006/main\"><sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr>"
	             "<sheetViews><sheetView showGridLines=\"0\" workbookViewId=\"0\">");
	sb_adds(out, "</sheetView></sheetViews><cols>");
	for (size_t c = 1; c <= COLS; c++)
		if (x->width[c] > 0)
			sb_addf(out, "<col min=\"%zu\" max=\"%zu\" width=\"%.1f\" customWidth=\"1\"/>", c, c, x->width[c]);
	sb_adds(out, "</cols><sheetData>");
	sb_add(out, x->rows.s, x->rows.len);
	sb_adds(out, x->row ? "</row></sheetData>" : "</sheetData>");
	if (x->nmerges)
		sb_addf(out, "<mergeCells count=\"%zu\">%s</mergeCells>", x->nmerges, x->merges.s);
	if (x->nrules)
		sb_addf(out, "<dataValidations count=\"%zu\">%s</dataValidations>", x->nrules, x->rules.s);
	sb_adds(out, "<pageMargins left=\"0.5\" right=\"0.5\" top=\"0.6\" bottom=\"0.6\" header=\"0.3\" footer=\"0.3\"/>"
	             "<pageSetup paperSize=\"9\" orientation=\"portrait\" fitToWidth=\"1\" fitToHeight=\"0\"/></worksheet>");
}

/* ---- the archive ------------------------------------------------------------------------------ */

static bool add(zip_t *z, const char *name, const char *p, size_t n, epoch at)
{
	struct civil c = civil_of(at);
	unsigned date = (unsigned)(c.year < 1980 ? 0 : c.year - 1980) << 9 | (unsigned)c.mon << 5 | (unsigned)c.day;
	zip_source_t *src = zip_source_buffer(z, p, n, 0);
	zip_int64_t i = src ? zip_file_add(z, name, src, ZIP_FL_ENC_UTF_8) : -1;
	if (i < 0)
		zip_source_free(src);
	return i >= 0 && zip_file_set_dostime(z, (zip_uint64_t)i, 0, (zip_uint16_t)date, 0) == 0;
}

static bool archive(const struct sb *b, const struct sb *s, epoch at, struct sb *out)
{
	zip_source_t *mem = zip_source_buffer_create(NULL, 0, 0, NULL);
	if (!mem)
		return false;
	zip_source_keep(mem); /* past zip_close */
	zip_t *z = zip_open_from_source(mem, ZIP_TRUNCATE, NULL);
	bool ok = z && add(z, "[Content_Types].xml", types, sizeof types - 1, at) && add(z, "_rels/.rels", rels, sizeof rels - 1, at) &&
	          add(z, "xl/workbook.xml", b->s, b->len, at) && add(z, "xl/_rels/workbook.xml.rels", book_rels, sizeof book_rels - 1, at) &&
	          add(z, "xl/styles.xml", styles, sizeof styles - 1, at) && add(z, "xl/worksheets/sheet1.xml", s->s, s->len, at);
	bool closed = ok && zip_close(z) == 0;
	if (z && !closed)
		zip_discard(z);
	else if (!z)
		zip_source_free(mem);
	ok = closed && pack_zip_take(mem, out, NULL) == OK;
	zip_source_free(mem);
	return ok;
}

enum status xlsx_end(struct xlsx_new **x, epoch at, struct sb *out, struct err *e)
{
	struct sb b = SB_INIT, s = SB_INIT;
	const size_t before = out->len;
	book(*x, &b);
	sheet(*x, &s);
	bool ok = archive(&b, &s, at, out);
	if (!ok)
		sb_setlen(out, before);
	sb_free(&b), sb_free(&s);
	sb_free(&(*x)->rows), sb_free(&(*x)->merges), sb_free(&(*x)->rules);
	free((char *)(*x)->name);
	free(*x);
	*x = NULL;
	return ok ? OK : err_set(e, ERR_TEMP, "xlsx: can't be made");
}
