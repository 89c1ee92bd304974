#include "common/outbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/mailtext.h"
#include "common/text.h"

#define SUFFIX		".eml"
#define SENDING		".sending"
#define ATTEMPTS_MAX	999

int64_t
akita_outbox_pause(unsigned int attempts)
{
	static const int64_t pauses[] = { 60, 300, 900, 3600, 14400, 43200 };

	if (attempts == 0)
		return 0;
	if (attempts > sizeof(pauses) / sizeof(pauses[0]))
		return 86400;
	return pauses[attempts - 1];
}

/* ---- names ---- */

/* The length of NAME.eml at the start of file; 0: it is no mail.  What comes
 * behind it says how often it was tried. */
static size_t
stem_of(const char *file, unsigned int *ret_attempts, bool *ret_is_sending)
{
	const char *p = strstr(file, SUFFIX);
	char digits[8] = "";
	uint32_t n = 0;
	size_t len;

	if (p == NULL || p == file || file[0] == '.' ||
	    strlen(file) >= AKITA_OUTBOX_NAME - 16)
		return 0;
	p += strlen(SUFFIX);
	len = (size_t)(p - file);
	*ret_attempts = 0;
	*ret_is_sending = false;
	if (*p == '\0')
		return len;
	if (*p++ != '.')
		return 0;
	(void)stpncpy(digits, p, strspn(p, "0123456789") < 7 ?
	    strspn(p, "0123456789") : 7);
	if (!akita_parse_u32(digits, 0, ATTEMPTS_MAX, &n))
		return 0;
	p += strlen(digits);
	*ret_attempts = n;
	*ret_is_sending = strcmp(p, SENDING) == 0;
	return *p == '\0' || *ret_is_sending ? len : 0;
}

static void
name_for(const char *file, size_t stem, unsigned int attempts,
    bool is_sending, char ret[AKITA_OUTBOX_NAME])
{
	(void)snprintf(ret, AKITA_OUTBOX_NAME, "%.*s.%u%s", (int)stem, file,
	    attempts % (ATTEMPTS_MAX + 1), is_sending ? SENDING : "");
}

/* ---- the directory ---- */

struct listing {
	char	(*names)[AKITA_OUTBOX_NAME];
	size_t	  n;
	size_t	  room;
};

static int
compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

static enum akita_rc
add_name(struct listing *l, const char *name)
{
	char (*grown)[AKITA_OUTBOX_NAME];
	size_t room = l->room != 0 ? l->room * 2 : 64;

	if (l->n == l->room) {
		grown = reallocarray(l->names, room, sizeof(*grown));
		if (grown == NULL)
			return AKITA_ERR_NOMEM;
		l->names = grown;
		l->room = room;
	}
	(void)stpcpy(l->names[l->n++], name);
	return AKITA_OK;
}

static enum akita_rc
read_names(const struct akita_outbox *box, int dir_fd, struct listing *l,
    struct akita_why *why)
{
	enum akita_rc rc = AKITA_OK;
	struct dirent *entry;
	unsigned int attempts;
	bool is_sending;
	DIR *dir = NULL;
	int fd;

	if ((fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0
	    || (dir = fdopendir(fd)) == NULL) {
		if (fd >= 0)
			(void)close(fd);
		return akita_fail(why, AKITA_ERR_IO,
		    AKITA_N("The outbox %s cannot be read (%s)."), box->dir,
		    akita_trust_errno(errno), NULL);
	}
	while (rc == AKITA_OK && (entry = readdir(dir)) != NULL)
		if (stem_of(entry->d_name, &attempts, &is_sending) != 0)
			rc = add_name(l, entry->d_name);
	(void)closedir(dir);
	if (rc == AKITA_OK && l->n > 0)
		qsort(l->names, l->n, sizeof(l->names[0]), compare_names);
	return rc;
}

/* AKITA_ERR_MISSING: no outbox yet. */
static enum akita_rc
open_box(const struct akita_outbox *box, int *ret_fd, struct listing *l,
    bool is_locked, struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	rc = akita_trust_open_dir(box->dir, box->trust, ret_fd, why);
	if (rc == AKITA_OK && is_locked &&
	    flock(*ret_fd, LOCK_EX | LOCK_NB) != 0)
		rc = akita_fail(why, AKITA_ERR_BUSY, AKITA_N("Mails are being "
		    "sent by another command just now."), NULL);
	if (rc == AKITA_OK)
		rc = read_names(box, *ret_fd, l, why);
	return rc;
}

/* ---- one mail ---- */

/* Open a mail and look at it. */
static enum akita_rc
look(const struct akita_outbox *box, int dir_fd, const char *name,
    struct akita_outbox_item *ret, int *ret_fd, struct akita_why *why)
{
	char text[AKITA_MAIL_TEXT];
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	struct stat st;
	size_t len = 0;

	memset(ret, 0, sizeof(*ret));
	(void)stpncpy(ret->file, name, sizeof(ret->file) - 1);
	(void)stem_of(name, &ret->attempts, &ret->is_sending);
	rc = akita_trust_open_at(dir_fd, box->dir, name, O_RDONLY, box->trust,
	    ret_fd, why);
	if (rc != AKITA_OK)
		return rc;
	if (fstat(*ret_fd, &st) == 0 && ret->attempts > 0 && !ret->is_sending)
		ret->due_s = st.st_mtim.tv_sec;
	rc = akita_trust_read(*ret_fd, name, text, sizeof(text), &len, why);
	if (rc == AKITA_OK)
		akita_mailtext_to(text, ret->to);
	if (rc == AKITA_OK && ret->to[0] == '\0')
		rc = akita_fail(why, AKITA_ERR_MALFORMED, AKITA_N("The mail "
		    "%s has no recipient: look at it and remove it."), name,
		    NULL);
	return rc;
}

enum akita_rc
akita_outbox_each(const struct akita_outbox *box,
    bool (*visit)(void *ctx, const struct akita_outbox_item *item), void *ctx,
    struct akita_why *why)
{
	struct listing l = { .names = NULL };
	struct akita_outbox_item item;
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	int dir_fd = -1, fd;
	size_t i;

	rc = open_box(box, &dir_fd, &l, false, why);
	if (rc == AKITA_ERR_MISSING)
		rc = AKITA_OK;
	for (i = 0; i < l.n && rc == AKITA_OK; i++) {
		fd = -1;
		/* One that is gone by now was sent; a bad one is shown. */
		if (look(box, dir_fd, l.names[i], &item, &fd, NULL) !=
		    AKITA_ERR_MISSING && !visit(ctx, &item))
			i = l.n;
		if (fd >= 0)
			(void)close(fd);
	}
	if (dir_fd >= 0)
		(void)close(dir_fd);
	free(l.names);
	return rc;
}

/* ---- sending ---- */

struct flushing {
	const struct akita_outbox	*box;
	int				 dir_fd;
	bool				 all;
	struct akita_outbox_report	*report;
	struct akita_why		*why;	/* of the first failure */
};

/* It failed: not before a while again. */
static void
put_back(const struct flushing *f, int fd, const char *file, size_t stem,
    unsigned int attempts, const char *now_named)
{
	int64_t now_s = f->box->clock->now_s(f->box->clock->ctx);
	struct timespec times[2] = {
		{ .tv_nsec = UTIME_OMIT },
		{ .tv_sec = now_s + akita_outbox_pause(attempts) },
	};
	char name[AKITA_OUTBOX_NAME];

	name_for(file, stem, attempts, false, name);
	(void)futimens(fd, times);
	(void)renameat(f->dir_fd, now_named, f->dir_fd, name);
}

/* The mail's name says that it is being sent before it is, and it goes away
 * only after it was taken. */
static void
send_one(const struct flushing *f, const struct akita_outbox_item *item,
    int fd)
{
	struct akita_why why = { .msgid = NULL };
	unsigned int attempts = 0;
	char sending[AKITA_OUTBOX_NAME];
	bool is_sending;
	size_t stem = stem_of(item->file, &attempts, &is_sending);
	enum akita_rc rc = AKITA_OK;

	attempts = attempts < ATTEMPTS_MAX ? attempts + 1 : attempts;
	name_for(item->file, stem, attempts, true, sending);
	if (renameat(f->dir_fd, item->file, f->dir_fd, sending) != 0 ||
	    fsync(f->dir_fd) != 0)
		rc = akita_fail(&why, AKITA_ERR_IO,
		    AKITA_N("The mail %s cannot be marked (%s)."), item->file,
		    akita_trust_errno(errno), NULL);
	if (rc == AKITA_OK)
		rc = akita_outbox_send(f->box, fd, item->to, &why);
	if (rc == AKITA_OK && unlinkat(f->dir_fd, sending, 0) == 0 &&
	    fsync(f->dir_fd) == 0) {
		f->report->sent++;
		return;
	}
	put_back(f, fd, item->file, stem, attempts, sending);
	f->report->failed++;
	if (f->why != NULL && f->why->msgid == NULL)
		*f->why = why;
}

static void
flush_one(const struct flushing *f, const char *name)
{
	int64_t now_s = f->box->clock->now_s(f->box->clock->ctx);
	struct akita_outbox_item item;
	struct akita_why why = { .msgid = NULL };
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	int fd = -1;

	rc = look(f->box, f->dir_fd, name, &item, &fd, &why);
	if (rc == AKITA_OK && !f->all && item.due_s > now_s) {
		f->report->waiting++;
	} else if (rc == AKITA_OK) {
		send_one(f, &item, fd);
	} else if (rc != AKITA_ERR_MISSING) {
		f->report->failed++;
		if (f->why != NULL && f->why->msgid == NULL)
			*f->why = why;
	}
	if (fd >= 0)
		(void)close(fd);
}

enum akita_rc
akita_outbox_flush(const struct akita_outbox *box, bool all,
    struct akita_outbox_report *ret_report, struct akita_why *why)
{
	struct akita_outbox_report report = { .sent = 0 };
	struct flushing f = { box, -1, all, &report, why };
	struct listing l = { .names = NULL };
	struct akita_why ignored;
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	size_t i;

	rc = open_box(box, &f.dir_fd, &l, true,
	    why != NULL ? why : &ignored);
	if (rc == AKITA_ERR_MISSING) {
		rc = AKITA_OK;
		if (why != NULL)
			why->msgid = NULL;
	}
	for (i = 0; i < l.n && rc == AKITA_OK; i++)
		flush_one(&f, l.names[i]);
	if (f.dir_fd >= 0)
		(void)close(f.dir_fd);
	free(l.names);
	if (rc == AKITA_OK)
		*ret_report = report;
	return rc;
}
