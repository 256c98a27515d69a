/*
 * noop_milter SOCKET [silent]: a milter that is told everything the desk's milter
 * is told and always says "continue": the yardstick of make bench. "silent": it
 * agrees with Postfix, as the desk does, to say nothing where the word is always
 * "continue", which saves both sides a change of process for each header.
 */
#include <libmilter/mfapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { SILENT = SMFIP_NR_CONN | SMFIP_NR_HELO | SMFIP_NR_MAIL | SMFIP_NR_DATA | SMFIP_NR_HDR | SMFIP_NR_EOH };
static sfsistat go_on = SMFIS_CONTINUE; /* where the silent one says nothing */

static sfsistat on_negotiate(SMFICTX *c, unsigned long f0, unsigned long f1, unsigned long f2, unsigned long f3,
                             unsigned long *pf0, unsigned long *pf1, unsigned long *pf2, unsigned long *pf3)
{
	(void)c, (void)f0, (void)f1, (void)f2, (void)f3;
	*pf0 = *pf2 = *pf3 = 0;
	*pf1 = SILENT;
	return SMFIS_CONTINUE;
}

static sfsistat on_connect(SMFICTX *c, char *n, _SOCK_ADDR *a)
{
	(void)c, (void)n, (void)a;
	return go_on;
}

static sfsistat on_text(SMFICTX *c, char *s)
{
	(void)c, (void)s;
	return go_on;
}

static sfsistat on_mail(SMFICTX *c, char **v)
{
	(void)c, (void)v;
	return go_on;
}

static sfsistat on_rcpt(SMFICTX *c, char **v)
{
	(void)c, (void)v;
	return SMFIS_CONTINUE;
}

static sfsistat on_data(SMFICTX *c)
{
	(void)c;
	return go_on;
}

static sfsistat on_end(SMFICTX *c)
{
	(void)c;
	return SMFIS_CONTINUE;
}

static sfsistat on_header(SMFICTX *c, char *n, char *v)
{
	(void)c, (void)n, (void)v;
	return go_on;
}

static sfsistat on_body(SMFICTX *c, unsigned char *p, size_t n)
{
	(void)c, (void)p, (void)n;
	return SMFIS_CONTINUE;
}

int main(int argc, char **argv)
{
	struct smfiDesc d = {
		.xxfi_name = "noop", .xxfi_version = SMFI_VERSION, .xxfi_connect = on_connect, .xxfi_helo = on_text,
		.xxfi_envfrom = on_mail, .xxfi_envrcpt = on_rcpt, .xxfi_data = on_data, .xxfi_header = on_header,
		.xxfi_eoh = on_data, .xxfi_body = on_body, .xxfi_eom = on_end, .xxfi_abort = on_end,
		.xxfi_close = on_end,
	};
	char spec[300];
	if (argc != 2 && argc != 3)
		return 2;
	if (argc == 3) {
		d.xxfi_negotiate = on_negotiate;
		go_on = SMFIS_NOREPLY;
	}
	snprintf(spec, sizeof spec, "unix:%s", argv[1]);
	umask(0);
	if (smfi_setconn(spec) != MI_SUCCESS || smfi_register(d) != MI_SUCCESS)
		return 1;
	return smfi_main() == MI_SUCCESS ? 0 : 1;
}
