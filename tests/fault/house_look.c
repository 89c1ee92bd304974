/* house_look.c: what a house (house.h) looks like from outside. */
#include "house.h"

#include <sys/stat.h>

#include <dirent.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/audit.h"

/* 2026-11-22T14:13:14Z becomes T; a number that may be used up is left out. */
static void
blank_times(char *text)
{
	char *from = text, *to = text;

	while (*from != '\0') {
		if (strlen(from) > 20 && from[4] == '-' && from[10] == 'T' &&
		    from[19] == 'Z') {
			*to++ = 'T';
			from += 20;
			continue;
		}
		if (strncmp(from, "\"user_id\":\"", 11) == 0)
			from += 11 + strspn(from + 11, "0123456789");
		*to++ = *from++;
	}
	*to = '\0';
}

void
house_show(struct house *h, const char *user, char ret[HOUSE_OUTPUT])
{
	int status = house_adm(h, NULL, "--json", "show", user, NULL);

	ret[0] = '\0';
	if (status == 4)
		return;
	house_need(h, status, __LINE__);
	h->said[h->said_out] = '\0';
	snprintf(ret, HOUSE_OUTPUT, "%s", h->said);
	blank_times(ret);
}

unsigned int
house_audited(const struct house *h, const char *user)
{
	char path[HOUSE_PATH], word[96], line[4096];
	unsigned int n = 0;
	FILE *f;

	house_join(path, h->root, "log/audit.log");
	snprintf(word, sizeof(word), "\"account\":\"%s\"", user);
	if ((f = fopen(path, "re")) == NULL)
		return (0);
	while (fgets(line, sizeof(line), f) != NULL)
		n += strstr(line, word) != NULL;
	fclose(f);
	return (n);
}

unsigned int
house_mails(const struct house *h, const char *line)
{
	char dir[HOUSE_PATH], path[HOUSE_PATH], text[1024];
	unsigned int n = 0;
	struct dirent *e;
	FILE *f;
	DIR *d;

	house_join(dir, h->root, "state/outbox");
	if ((d = opendir(dir)) == NULL)
		err(99, "%s", dir);
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		house_join(path, dir, e->d_name);
		if ((f = fopen(path, "re")) == NULL)
			err(99, "%s", path);
		while (fgets(text, sizeof(text), f) != NULL)
			n += strncmp(text, line, strlen(line)) == 0;
		fclose(f);
	}
	closedir(d);
	return (n);
}

bool
house_grew(const struct house *h)
{
	struct stat st;

	if (stat(h->database, &st) != 0)
		err(99, "%s", h->database);
	return (st.st_size != h->kept_size);
}

long
house_number(const struct house *h, const char *key)
{
	char word[64];
	const char *at;

	snprintf(word, sizeof(word), "\"%s\":", key);
	at = strstr(h->said, word);
	return (at == NULL ? -1 : strtol(at + strlen(word), NULL, 10));
}

static bool
audit_is_whole(const struct house *h)
{
	const struct akita_trust trust = { .root_only = false };
	struct akita_keyring *ring = NULL;
	struct akita_why why = { 0 };
	char key[HOUSE_PATH], log[HOUSE_PATH], text[1024];
	enum akita_rc rc;

	house_join(key, h->root, "etc/master.key");
	house_join(log, h->root, "log/audit.log");
	rc = akita_keyring_load(key, &trust, h->crypto, &ring, &why);
	if (rc == AKITA_OK)
		rc = akita_audit_verify(log, &trust, ring, h->crypto, NULL,
		    NULL, NULL, NULL, NULL, &why);
	akita_keyring_free(&ring);
	if (rc != AKITA_OK)
		tap_note("audit log: %s", akita_why_text(&why, NULL, text,
		    sizeof(text)));
	return (rc == AKITA_OK);
}

bool
house_is_sound(struct house *h)
{
	if (house_adm(h, NULL, "verify-db", NULL) != 0) {
		tap_note("verify-db: %s", h->said);
		return (false);
	}
	return (audit_is_whole(h));
}

unsigned long
house_many(const char *variable, unsigned long otherwise)
{
	const char *value = getenv(variable);

	return (value != NULL ? strtoul(value, NULL, 10) : otherwise);
}
