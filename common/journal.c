#include "common/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cursor.h"

/* FORMAT draws this: the chain's head in the first sector, the entry behind. */
#define ENTRY_AT	512
#define HEAD_SIZE	(8 + 8 + AKITA_AUDIT_MAC + AKITA_MAC)
#define ENTRY_HEAD	(8 + 4 + 4)
#define ENTRY_MAX	(AKITA_JOURNAL_SIZE - ENTRY_AT)

static const uint8_t head_magic[8] = { 'A', 'k', 'J', 'h', 'e', 'a', 'd', '1' };
static const uint8_t entry_magic[8] = { 'A', 'k', 'J', 'n', 'e', 'w', 's', '1' };

static enum akita_rc
cannot(const char *path, struct akita_why *why)
{
	return akita_fail(why, AKITA_ERR_DATABASE,
	    AKITA_N("The journal %s cannot be read or written (%s)."), path,
	    akita_trust_errno(errno), NULL);
}

static enum akita_rc
mac_of(struct akita_crypto *crypto, const uint8_t key[32],
    const uint8_t *bytes, size_t len, uint8_t ret[AKITA_MAC])
{
	struct akita_span span = { bytes, len };

	return akita_seal_mac(crypto, key, &span, 1, ret);
}

/* The first sector. */
static enum akita_rc
put_head(const struct akita_audit_head *head, struct akita_crypto *crypto,
    const uint8_t key[32], uint8_t *out)
{
	struct akita_writer w;

	akita_writer_init(&w, out, HEAD_SIZE);
	akita_put_bytes(&w, head_magic, 8);
	akita_put_u64(&w, head->number);
	akita_put_bytes(&w, head->mac, AKITA_AUDIT_MAC);
	return mac_of(crypto, key, out, HEAD_SIZE - AKITA_MAC,
	    out + HEAD_SIZE - AKITA_MAC);
}

static void
put_text(struct akita_writer *w, const char *text)
{
	size_t len = strlen(text);

	akita_put_u16(w, (uint16_t)len);
	akita_put_bytes(w, text, len);
}

static bool
get_text(struct akita_reader *r, char *ret, size_t size)
{
	size_t len = akita_get_u16(r);

	if (len >= size || len > akita_reader_left(r))
		return false;
	akita_get_bytes(r, ret, len);
	ret[len] = '\0';
	return true;
}

/* magic 8, length of what follows 4, changes 4, texts, MAC. */
static enum akita_rc
put_entry(const struct akita_journal_entry *e, struct akita_crypto *crypto,
    const uint8_t key[32], uint8_t *out, size_t *ret_len)
{
	struct akita_writer w, length;
	unsigned int i;
	size_t used;

	akita_writer_init(&w, out, ENTRY_MAX - AKITA_MAC);
	akita_put_bytes(&w, entry_magic, 8);
	akita_put_u32(&w, 0);
	akita_put_u32(&w, e->changes);
	put_text(&w, e->user);
	put_text(&w, e->audit_file);
	put_text(&w, e->line);
	akita_put_u64(&w, e->head.number);
	akita_put_bytes(&w, e->head.mac, AKITA_AUDIT_MAC);
	akita_put_u8(&w, (uint8_t)e->n_mails);
	for (i = 0; i < e->n_mails; i++) {
		put_text(&w, e->mail[i].file);
		put_text(&w, e->mail[i].text);
	}
	if (!akita_writer_ok(&w))
		return AKITA_ERR_USAGE;
	used = akita_writer_used(&w);
	akita_writer_init(&length, out + 8, 4);
	akita_put_u32(&length, (uint32_t)used);
	*ret_len = used + AKITA_MAC;
	return mac_of(crypto, key, out, used, out + used);
}

static bool
get_entry(const uint8_t *in, size_t used, struct akita_journal_entry *e)
{
	struct akita_reader r;
	unsigned int i;

	akita_reader_init(&r, in, used);
	(void)akita_get_skip(&r, 12);
	e->changes = akita_get_u32(&r);
	if (!get_text(&r, e->user, sizeof(e->user)) ||
	    !get_text(&r, e->audit_file, sizeof(e->audit_file)) ||
	    !get_text(&r, e->line, sizeof(e->line)))
		return false;
	e->head.number = akita_get_u64(&r);
	akita_get_bytes(&r, e->head.mac, AKITA_AUDIT_MAC);
	e->n_mails = akita_get_u8(&r);
	if (e->n_mails > AKITA_MAILS_MAX)
		return false;
	for (i = 0; i < e->n_mails; i++)
		if (!get_text(&r, e->mail[i].file, sizeof(e->mail[i].file)) ||
		    !get_text(&r, e->mail[i].text, sizeof(e->mail[i].text)))
			return false;
	return akita_reader_done(&r);
}

static bool
write_at(int fd, const uint8_t *bytes, size_t len, off_t at)
{
	ssize_t n;

	while (len > 0) {
		n = pwrite(fd, bytes, len, at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes += n;
		len -= (size_t)n;
		at += n;
	}
	return true;
}

enum akita_rc
akita_journal_make(int dir_fd, const char *dir, const char *name,
    const struct akita_trust *trust, struct akita_crypto *crypto,
    const uint8_t key[32], struct akita_why *why)
{
	static const struct akita_audit_head none;
	uint8_t bytes[AKITA_JOURNAL_SIZE] = { 0 };
	enum akita_rc rc;
	int fd = -1;

	rc = put_head(&none, crypto, key, bytes);
	if (rc == AKITA_OK)
		rc = akita_trust_open_at(dir_fd, dir, name,
		    O_RDWR | O_CREAT | O_EXCL, trust, &fd, why);
	if (rc != AKITA_OK)
		return rc;
	if (!write_at(fd, bytes, sizeof(bytes), 0) || fsync(fd) != 0) {
		rc = cannot(name, why);
		(void)unlinkat(dir_fd, name, 0);
	}
	(void)close(fd);
	return rc;
}

/* Believe what is authentic. */
static enum akita_rc
believe(struct akita_journal *journal, const uint8_t *bytes,
    struct akita_crypto *crypto, const uint8_t key[32])
{
	const uint8_t *entry = bytes + ENTRY_AT;
	struct akita_reader r;
	uint8_t mac[AKITA_MAC];
	enum akita_rc rc;
	uint32_t used;

	rc = mac_of(crypto, key, bytes, HEAD_SIZE - AKITA_MAC, mac);
	if (rc != AKITA_OK)
		return rc;
	if (memcmp(bytes, head_magic, 8) == 0 && akita_equal(mac,
	    bytes + HEAD_SIZE - AKITA_MAC, AKITA_MAC)) {
		akita_reader_init(&r, bytes + 8, HEAD_SIZE - 8);
		journal->head.number = akita_get_u64(&r);
		akita_get_bytes(&r, journal->head.mac, AKITA_AUDIT_MAC);
	}
	akita_reader_init(&r, entry + 8, 4);
	used = akita_get_u32(&r);
	if (memcmp(entry, entry_magic, 8) != 0 || used < ENTRY_HEAD ||
	    used > ENTRY_MAX - AKITA_MAC)
		return AKITA_OK;
	rc = mac_of(crypto, key, entry, used, mac);
	if (rc == AKITA_OK && akita_equal(mac, entry + used, AKITA_MAC))
		journal->is_filled = get_entry(entry, used, &journal->entry);
	return rc;
}

enum akita_rc
akita_journal_read(struct akita_journal *journal,
    const struct akita_wait *wait, struct akita_crypto *crypto,
    const uint8_t key[32], struct akita_why *why)
{
	uint8_t *bytes;
	enum akita_rc rc;
	ssize_t n;

	memset(&journal->head, 0, sizeof(journal->head));
	journal->is_filled = false;
	if ((rc = akita_flock(journal->fd, wait)) != AKITA_OK)
		return rc == AKITA_ERR_BUSY ? akita_fail(why, rc,
		    AKITA_N("Another otpadm is at work.  Try again."), NULL) :
		    cannot(journal->path, why);
	if ((bytes = calloc(1, AKITA_JOURNAL_SIZE)) == NULL)
		return AKITA_ERR_NOMEM;
	do
		n = pread(journal->fd, bytes, AKITA_JOURNAL_SIZE, 0);
	while (n < 0 && errno == EINTR);
	rc = n < 0 ? cannot(journal->path, why) :
	    believe(journal, bytes, crypto, key);
	explicit_bzero(bytes, AKITA_JOURNAL_SIZE);
	free(bytes);
	return rc;
}

enum akita_rc
akita_journal_fill(struct akita_journal *journal,
    struct akita_crypto *crypto, const uint8_t key[32],
    struct akita_why *why)
{
	uint8_t *bytes;
	enum akita_rc rc;
	size_t len = 0;

	if ((bytes = calloc(1, ENTRY_MAX)) == NULL)
		return AKITA_ERR_NOMEM;
	rc = put_entry(&journal->entry, crypto, key, bytes, &len);
	if (rc == AKITA_OK && (!write_at(journal->fd, bytes, len, ENTRY_AT) ||
	    fdatasync(journal->fd) != 0))
		rc = cannot(journal->path, why);
	free(bytes);
	if (rc == AKITA_OK)
		journal->is_filled = true;
	return rc;
}

enum akita_rc
akita_journal_clear(struct akita_journal *journal,
    const struct akita_audit_head *head, struct akita_crypto *crypto,
    const uint8_t key[32], struct akita_why *why)
{
	uint8_t bytes[ENTRY_AT + ENTRY_HEAD] = { 0 };
	enum akita_rc rc;

	if ((rc = put_head(head, crypto, key, bytes)) != AKITA_OK)
		return rc;
	if (!write_at(journal->fd, bytes, sizeof(bytes), 0))
		return cannot(journal->path, why);
	/* An entry that a loss of power brings back is carried out again,
	 * which only mails could tell: they may have left in between. */
	if (journal->is_filled && journal->entry.n_mails > 0 &&
	    fdatasync(journal->fd) != 0)
		return cannot(journal->path, why);
	journal->head = *head;
	journal->is_filled = false;
	return AKITA_OK;
}
