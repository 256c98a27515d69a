/*
 * noop_milter SOCKET: a milter that is asked everything the desk's milter is
 * asked and always says "continue": the yardstick of make bench.
 */
#include <libmilter/mfapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static sfsistat on_connect(SMFICTX *c, char *n, _SOCK_ADDR *a)
{
	(void)c, (void)n, (void)a;
	return SMFIS_CONTINUE;
}

static sfsistat on_text(SMFICTX *c, char *s)
{
	(void)c, (void)s;
	return SMFIS_CONTINUE;
}

static sfsistat on_args(SMFICTX *c, char **v)
{
	(void)c, (void)v;
	return SMFIS_CONTINUE;
}

static sfsistat on_plain(SMFICTX *c)
{
	(void)c;
	return SMFIS_CONTINUE;
}

static sfsistat on_header(SMFICTX *c, char *n, char *v)
{
	(void)c, (void)n, (void)v;
	return SMFIS_CONTINUE;
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
		.xxfi_envfrom = on_args, .xxfi_envrcpt = on_args, .xxfi_data = on_plain, .xxfi_header = on_header,
		.xxfi_eoh = on_plain, .xxfi_body = on_body, .xxfi_eom = on_plain, .xxfi_abort = on_plain,
		.xxfi_close = on_plain,
	};
	char spec[300];
	if (argc != 2)
		return 2;
	snprintf(spec, sizeof spec, "unix:%s", argv[1]);
	umask(0);
	if (smfi_setconn(spec) != MI_SUCCESS || smfi_register(d) != MI_SUCCESS)
		return 1;
	return smfi_main() == MI_SUCCESS ? 0 : 1;
}
