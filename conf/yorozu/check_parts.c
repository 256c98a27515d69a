/* The daemons: what runs, and whether a port that one needs is another's. */
#include "checkup.h"
#include <stdio.h>
#include <string.h>

static void add_port(char buf[128], int port)
{
	size_t n = strlen(buf);
	snprintf(buf + n, 128 - n, "%s%d", n ? " " : "", port);
}

static void ports(struct check *k, const struct part_state *v)
{
	char ours[128] = "", unused[128] = "";
	int taken = 0;
	for (int i = 0; i < PARTS; i++)
		for (int j = 0; j < PART_PORTS && v[i].ports[j] && v[i].present; j++) {
			if (v[i].pid) {
				add_port(ours, v[i].ports[j]);
			} else if (!instance_port_answers(v[i].ports[j])) {
				add_port(unused, v[i].ports[j]);
			} else {
				check_say(k, CHECK_FAIL, "ports", "%d, which %s needs, is taken by another program: see ss -ltnp",
				          v[i].ports[j], v[i].name);
				taken++;
			}
		}
	if (!taken)
		check_say(k, CHECK_OK, "ports", "ours: %s; free: %s", *ours ? ours : "none", *unused ? unused : "none");
}

/* The command that brings a part up. */
static const char *how(const struct check *k, const struct part_state *p, char buf[256])
{
	bool desks = strcmp(p->name, "milter") == 0 || strcmp(p->name, "mailer") == 0 || strcmp(p->name, "ingest") == 0;
	bool edge = strcmp(p->name, "edge") == 0;
	if (cfg_is_private(k->c))
		snprintf(buf, 256, "yorozu -C %s start %s", k->c->dir, p->name);
	else
		snprintf(buf, 256, "systemctl start %s%s", desks ? "yorozu-" : "", edge ? "nginx" : p->name);
	return buf;
}

static void daemons(struct check *k, const struct part_state *v)
{
	char names[128] = "", cmd[256];
	int up = 0, bad = 0;
	for (int i = 0; i < PARTS; i++)
		up += v[i].pid != 0;
	for (int i = 0; i < PARTS && up; i++) {
		if (!v[i].present)
			continue;
		if (v[i].ready)
			snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s", *names ? " " : "", v[i].name);
		else
			check_say(k, CHECK_FAIL, "daemons", v[i].pid ? "%s runs but does not answer: see log/ and %s"
			                                             : "%s does not run: see log/, then %s", v[i].name,
			          how(k, &v[i], cmd));
		bad += !v[i].ready;
	}
	if (!up)
		check_say(k, CHECK_WARN, "daemons", "none is running");
	else if (!bad)
		check_say(k, CHECK_OK, "daemons", "%s", names);
}

void check_parts(struct check *k)
{
	struct part_state v[PARTS];
	for (int i = 0; i < PARTS; i++)
		part_look(k->c, k->f, (enum part_id)i, &v[i]);
	ports(k, v);
	daemons(k, v);
}
