/* The mails of a journal's entry, into the outbox. */
#include "common/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum akita_rc
cannot_mail(const char *dir, const char *name, struct akita_why *why)
{
	return akita_fail(why, AKITA_ERR_IO, AKITA_N("The mail %s cannot be "
	    "put into the outbox %s/outbox (%s)."), name, dir,
	    akita_trust_errno(errno), NULL);
}

/* Whole or not at all, under its fixed name; once more does no harm. */
static enum akita_rc
write_mail(int outbox, const char *dir, const struct akita_trust *trust,
    const char *name, const char *text, struct akita_why *why)
{
	char draft[80];
	size_t len = strlen(text);
	enum akita_rc rc;
	int fd = -1;

	(void)snprintf(draft, sizeof(draft), ".%s", name);
	(void)unlinkat(outbox, draft, 0);
	rc = akita_trust_open_at(outbox, AKITA_OUTBOX, draft,
	    O_WRONLY | O_CREAT | O_EXCL, trust, &fd, why);
	if (rc != AKITA_OK)
		return rc;
	if (write(fd, text, len) != (ssize_t)len || fsync(fd) != 0 ||
	    renameat(outbox, draft, outbox, name) != 0) {
		rc = cannot_mail(dir, name, why);
		(void)unlinkat(outbox, draft, 0);
	}
	(void)close(fd);
	return rc;
}

enum akita_rc
akita_journal_mails(const struct akita_journal_entry *e, int dir_fd,
    const char *dir, const struct akita_trust *trust, struct akita_why *why)
{
	enum akita_rc rc = AKITA_OK;
	unsigned int i;
	int outbox;

	if (e->n_mails == 0)
		return AKITA_OK;
	if (mkdirat(dir_fd, AKITA_OUTBOX, 0700) != 0 &&
	    errno != EEXIST)
		return cannot_mail(dir, e->mail[0].file, why);
	outbox = openat(dir_fd, AKITA_OUTBOX,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (outbox < 0)
		return cannot_mail(dir, e->mail[0].file, why);
	rc = akita_trust_judge_dir(outbox, AKITA_OUTBOX,
	    trust, why);
	for (i = 0; i < e->n_mails && rc == AKITA_OK; i++)
		rc = write_mail(outbox, dir, trust, e->mail[i].file,
		    e->mail[i].text, why);
	if (rc == AKITA_OK && fsync(outbox) != 0)
		rc = cannot_mail(dir, e->mail[0].file, why);
	(void)close(outbox);
	return rc;
}
