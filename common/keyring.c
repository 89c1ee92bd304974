#include "common/keyring.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/hex.h"
#include "common/secret.h"

#define FIRST_LINE	"akita-otp key ring 1"
#define LABEL		"akita-otp 1 "
#define ID_LABEL	"key-id"
#define TEXT_MAX	2048	/* bytes of the file */
#define HEX_ID		8
#define HEX_KEY		(2 * AKITA_KEYRING_KEY)

struct entry {
	uint32_t	id;
	uint8_t		master[AKITA_KEYRING_KEY];
	bool		is_made[AKITA_KEY_PURPOSES];
	uint8_t		sub[AKITA_KEY_PURPOSES][AKITA_KEYRING_KEY];
};

struct akita_keyring {
	size_t		count;
	size_t		current;	/* index; count: none yet */
	struct entry	entry[AKITA_KEYRING_KEYS];
	char		text[TEXT_MAX];	/* the file, while it is worked on */
};

static const char *const purposes[AKITA_KEY_PURPOSES] = {
	[AKITA_KEY_SEAL] = "seal",
	[AKITA_KEY_SLOT] = "slot",
	[AKITA_KEY_NAME] = "name",
	[AKITA_KEY_PAGE] = "page",
	[AKITA_KEY_PASSWORD] = "password",
	[AKITA_KEY_RECOVERY] = "recovery",
	[AKITA_KEY_AUDIT] = "audit",
	[AKITA_KEY_JOURNAL] = "journal",
	[AKITA_KEY_GRACE] = "grace",
};

/* Pages of its own, so that they alone can be kept out of a core dump. */
static struct akita_keyring *
ring_new(void)
{
	struct akita_keyring *ring;

	ring = mmap(NULL, sizeof(*ring), PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (ring == MAP_FAILED)
		return NULL;
	/* A kernel without it dumps the pages: not a reason to refuse. */
	(void)madvise(ring, sizeof(*ring), MADV_DONTDUMP);
	return ring;
}

void
akita_keyring_free(struct akita_keyring **ring)
{
	if (ring == NULL || *ring == NULL)
		return;
	akita_wipe(*ring, sizeof(**ring));
	(void)munmap(*ring, sizeof(**ring));
	*ring = NULL;
}

/* HMAC-SHA256(key, "akita-otp 1 " label). */
static enum akita_rc
derive(struct akita_crypto *crypto, const uint8_t *key, const char *label,
    uint8_t ret_key[AKITA_SHA256_SIZE])
{
	const struct akita_span spans[] = {
		{ LABEL, sizeof(LABEL) - 1 },
		{ label, strlen(label) },
	};

	return akita_hmac(crypto, AKITA_HASH_SHA256, key, AKITA_KEYRING_KEY,
	    spans, 2, ret_key);
}

static enum akita_rc
derive_id(struct akita_crypto *crypto, const uint8_t *key, uint32_t *ret_id)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	uint8_t mac[AKITA_SHA256_SIZE];

	if ((rc = derive(crypto, key, ID_LABEL, mac)) != AKITA_OK)
		return rc;
	*ret_id = (uint32_t)mac[0] << 24 | (uint32_t)mac[1] << 16 |
	    (uint32_t)mac[2] << 8 | mac[3];
	return AKITA_OK;
}

static enum akita_rc
crypto_failed(struct akita_why *why, enum akita_rc rc)
{
	return akita_fail(why, rc,
	    AKITA_N("the cryptographic library failed"), NULL);
}

/* What parsing needs besides the ring. */
struct parse {
	struct akita_keyring	*ring;
	struct akita_crypto	*crypto;
	struct akita_why	*why;
	const char		*path;
	unsigned int		 line;
};

/* An error in a line.  msgid takes file and line. */
static enum akita_rc
bad_line(const struct parse *p, const char *msgid)
{
	char number[16];

	(void)snprintf(number, sizeof(number), "%u", p->line);
	return akita_fail(p->why, AKITA_ERR_KEY, msgid, p->path, number, NULL);
}

/* "key ID HEX64" and perhaps " current" into the next entry. */
static enum akita_rc
parse_key(const struct parse *p, const char *line, bool *ret_is_current)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	struct entry *entry = &p->ring->entry[p->ring->count];
	const size_t len = 4 + HEX_ID + 1 + HEX_KEY;
	uint8_t id[4];
	uint32_t real_id;

	if (strncmp(line, "key ", 4) != 0 || strlen(line) < len ||
	    !akita_hex_decode(line + 4, id, sizeof(id)) ||
	    line[4 + HEX_ID] != ' ' || !akita_hex_decode(line + 5 + HEX_ID,
	    entry->master, sizeof(entry->master)))
		return bad_line(p,
		    AKITA_N("%s, line %s: this is no line of a key ring"));
	*ret_is_current = strcmp(line + len, " current") == 0;
	if (!*ret_is_current && line[len] != '\0')
		return bad_line(p,
		    AKITA_N("%s, line %s: nothing but \"current\" may follow "
		    "a key"));
	entry->id = (uint32_t)id[0] << 24 | (uint32_t)id[1] << 16 |
	    (uint32_t)id[2] << 8 | id[3];
	if ((rc = derive_id(p->crypto, entry->master, &real_id)) != AKITA_OK)
		return crypto_failed(p->why, rc);
	if (real_id != entry->id)
		return bad_line(p,
		    AKITA_N("%s, line %s: the key does not match its ID: one "
		    "of them was altered, restore the file"));
	return AKITA_OK;
}

static enum akita_rc
parse_line(const struct parse *p, const char *line)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	struct akita_keyring *ring = p->ring;
	bool is_current = false;

	if (p->line == 1) {
		if (strcmp(line, FIRST_LINE) != 0)
			return akita_fail(p->why, AKITA_ERR_KEY,
			    AKITA_N("%s is no key ring of akita-otp"), p->path,
			    NULL);
		return AKITA_OK;
	}
	if (ring->count == AKITA_KEYRING_KEYS)
		return bad_line(p, AKITA_N("%s, line %s: too many keys"));
	if ((rc = parse_key(p, line, &is_current)) != AKITA_OK)
		return rc;
	if (akita_keyring_has(ring, ring->entry[ring->count].id))
		return bad_line(p,
		    AKITA_N("%s, line %s: this key stands here twice"));
	if (is_current && ring->current < AKITA_KEYRING_KEYS)
		return bad_line(p,
		    AKITA_N("%s, line %s: a second key is called current"));
	if (is_current)
		ring->current = ring->count;
	ring->count++;
	return AKITA_OK;
}

static enum akita_rc
parse_text(struct parse *p, size_t len)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	char *line = p->ring->text, *end;

	p->ring->current = AKITA_KEYRING_KEYS;
	if (len == 0)
		return akita_fail(p->why, AKITA_ERR_KEY,
		    AKITA_N("%s is empty: restore the key ring from its "
		    "backup"), p->path, NULL);
	while ((size_t)(line - p->ring->text) < len) {
		p->line++;
		end = strchr(line, '\n');
		if (end == NULL)
			return bad_line(p, AKITA_N("%s, line %s: the line is "
			    "cut off or holds a NUL"));
		*end = '\0';
		if ((rc = parse_line(p, line)) != AKITA_OK)
			return rc;
		line = end + 1;
	}
	if (p->ring->current >= p->ring->count)
		return akita_fail(p->why, AKITA_ERR_KEY,
		    AKITA_N("%s names no current key"), p->path, NULL);
	return AKITA_OK;
}

/* What trust.h said, in the words of this module's results. */
static enum akita_rc
key_error(enum akita_rc rc, const char *path, struct akita_why *why)
{
	switch (rc) {
	case AKITA_OK:
	case AKITA_ERR_EXISTS:
	case AKITA_ERR_PERMISSION:
		return rc;
	case AKITA_ERR_MISSING:
		return akita_fail(why, AKITA_ERR_KEY,
		    AKITA_N("the key ring %s is missing: put it back from its "
		    "backup, or, for a new installation, run \"otpadm init\""),
		    path, NULL);
	default:
		return AKITA_ERR_KEY;
	}
}

enum akita_rc
akita_keyring_load(const char *path, const struct akita_trust *policy,
    struct akita_crypto *crypto, struct akita_keyring **ret_ring,
    struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	const struct akita_trust private = { .root_only = policy->root_only,
		.is_private = true };
	AKITA_KEYRING_AUTO struct akita_keyring *ring = NULL;
	struct parse parse = { .crypto = crypto, .why = why, .path = path };
	size_t len = 0;
	int fd = -1;

	rc = akita_trust_open(path, O_RDONLY, &private, &fd, why);
	if (rc != AKITA_OK)
		return key_error(rc, path, why);
	if ((ring = ring_new()) == NULL) {
		rc = akita_fail(why, AKITA_ERR_NOMEM,
		    AKITA_N("out of memory"), NULL);
		goto out;
	}
	rc = key_error(akita_trust_read(fd, path, ring->text,
	    sizeof(ring->text), &len, why), path, why);
	if (rc != AKITA_OK)
		goto out;
	parse.ring = ring;
	if ((rc = parse_text(&parse, len)) != AKITA_OK)
		goto out;
	akita_wipe(ring->text, sizeof(ring->text));
	*ret_ring = ring;
	ring = NULL;
out:
	(void)close(fd);
	return rc;
}

/* A ring of one new key, with the text of its file. */
static enum akita_rc
make_ring(struct akita_keyring *ring, struct akita_crypto *crypto,
    const struct akita_random *random, struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	struct entry *entry = &ring->entry[0];
	size_t used;

	rc = random->fill(random->ctx, entry->master, sizeof(entry->master));
	if (rc != AKITA_OK)
		return akita_fail(why, rc,
		    AKITA_N("the system gives no random numbers"), NULL);
	if ((rc = derive_id(crypto, entry->master, &entry->id)) != AKITA_OK)
		return crypto_failed(why, rc);
	used = (size_t)snprintf(ring->text, sizeof(ring->text),
	    FIRST_LINE "\nkey %08x ", (unsigned int)entry->id);
	akita_hex_encode(entry->master, sizeof(entry->master),
	    ring->text + used);
	used += HEX_KEY;
	(void)snprintf(ring->text + used, sizeof(ring->text) - used,
	    " current\n");
	return AKITA_OK;
}

static enum akita_rc
write_synced(int fd, int dir_fd, const char *path, const char *text,
    struct akita_why *why)
{
	size_t len = strlen(text), done = 0;
	ssize_t n;

	while (done < len) {
		n = write(fd, text + done, len - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			goto failed;
		done += (size_t)n;
	}
	if (fsync(fd) == 0 && fsync(dir_fd) == 0)
		return AKITA_OK;
failed:
	return akita_fail(why, AKITA_ERR_IO,
	    AKITA_N("the key ring %s cannot be written: %s"), path,
	    akita_trust_errno(errno), NULL);
}

enum akita_rc
akita_keyring_create(const char *path, const struct akita_trust *policy,
    struct akita_crypto *crypto, const struct akita_random *random,
    struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	const struct akita_trust private = { .root_only = policy->root_only,
		.is_private = true };
	AKITA_KEYRING_AUTO struct akita_keyring *ring = NULL;
	const char *slash = strrchr(path, '/');
	int fd = -1, dir_fd = -1;

	rc = akita_trust_open_parent(path, policy, &dir_fd, why);
	if (rc != AKITA_OK)
		return rc == AKITA_ERR_PERMISSION ? rc : AKITA_ERR_KEY;
	if ((ring = ring_new()) == NULL) {
		rc = akita_fail(why, AKITA_ERR_NOMEM,
		    AKITA_N("out of memory"), NULL);
		goto out;
	}
	if ((rc = make_ring(ring, crypto, random, why)) != AKITA_OK)
		goto out;
	rc = akita_trust_open(path, O_WRONLY | O_CREAT | O_EXCL, &private, &fd,
	    why);
	rc = key_error(rc, path, why);
	if (rc != AKITA_OK)
		goto out;
	rc = write_synced(fd, dir_fd, path, ring->text, why);
	if (rc != AKITA_OK)
		(void)unlinkat(dir_fd, slash != NULL ? slash + 1 : path, 0);
out:
	if (fd >= 0)
		(void)close(fd);
	(void)close(dir_fd);
	return rc;
}

uint32_t
akita_keyring_current(const struct akita_keyring *ring)
{
	return ring->entry[ring->current].id;
}

size_t
akita_keyring_count(const struct akita_keyring *ring)
{
	return ring->count;
}

uint32_t
akita_keyring_id(const struct akita_keyring *ring, size_t index)
{
	return ring->entry[index].id;
}

bool
akita_keyring_has(const struct akita_keyring *ring, uint32_t key_id)
{
	size_t i;

	for (i = 0; i < ring->count; i++)
		if (ring->entry[i].id == key_id)
			return true;
	return false;
}

enum akita_rc
akita_keyring_subkey(struct akita_keyring *ring, struct akita_crypto *crypto,
    uint32_t key_id, enum akita_purpose purpose, const uint8_t **ret_key)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	struct entry *entry = NULL;
	size_t i;

	if ((unsigned int)purpose >= AKITA_KEY_PURPOSES)
		return AKITA_ERR_USAGE;
	for (i = 0; i < ring->count && entry == NULL; i++)
		if (ring->entry[i].id == key_id)
			entry = &ring->entry[i];
	if (entry == NULL)
		return AKITA_ERR_KEY;
	if (!entry->is_made[purpose]) {
		rc = derive(crypto, entry->master, purposes[purpose],
		    entry->sub[purpose]);
		if (rc != AKITA_OK)
			return rc;
		entry->is_made[purpose] = true;
	}
	*ret_key = entry->sub[purpose];
	return AKITA_OK;
}
