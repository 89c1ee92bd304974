#include "common/store_salvage.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cursor.h"

#define CHUNK		(1 << 20)
#define KEY		5		/* bytes of a key with a number */
#define OVERLAP		(KEY + AKITA_RECORD_SIZE)

/* Called with each position of the file: bytes to read from there on. */
typedef enum akita_rc look_fn(struct akita_salvage *s, const uint8_t *p,
    size_t len, int64_t at);

static ssize_t
read_at(int fd, uint8_t *buf, size_t len, int64_t at)
{
	size_t done = 0;
	ssize_t n;

	while (done < len) {
		n = pread(fd, buf + done, len - done, at + (int64_t)done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && done == 0)
			return -1;
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

/* Show every position to look.  A part that cannot be read is passed over. */
static enum akita_rc
walk(struct akita_salvage *s, look_fn *look)
{
	enum akita_rc rc = AKITA_OK;
	int64_t at;
	uint8_t *buf;
	ssize_t n;
	size_t i, len;

	if ((buf = malloc(CHUNK + OVERLAP)) == NULL)
		return AKITA_ERR_NOMEM;
	for (at = 0; at < s->size && rc == AKITA_OK; at += CHUNK) {
		n = read_at(s->fd, buf, CHUNK + OVERLAP, at);
		if (n <= 0)
			continue;
		len = (size_t)n;
		for (i = 0; i < len && i < CHUNK && rc == AKITA_OK; i++)
			rc = look(s, buf + i, len - i, at + (int64_t)i);
	}
	explicit_bzero(buf, CHUNK + OVERLAP);
	free(buf);
	return rc;
}

static uint32_t
number_at(const uint8_t *p)
{
	struct akita_reader r;

	akita_reader_init(&r, p, 4);
	return akita_get_u32(&r);
}

/* ---- the header ---- */

static enum akita_rc
look_header(struct akita_salvage *s, const uint8_t *p, size_t len, int64_t at)
{
	struct akita_db *db = s->db;
	struct akita_store *store = db->store;
	struct akita_header header;
	uint32_t key_id;
	bool whole;
	int copy, which;

	(void)at;
	if (s->has_header || p[0] != 'H' || len < 1 + AKITA_HEADER_SIZE)
		return AKITA_OK;
	for (copy = 0; copy < 2; copy++) {
		if (!akita_header_peek(p + 1, copy, &key_id) ||
		    akita_store_use_key(store, key_id, NULL) != AKITA_OK)
			continue;
		if (akita_header_open(store->env.crypto, &store->keys, p + 1,
		    &header, &which, &whole) == AKITA_OK) {
			s->has_header = true;
			db->header = header;
			return AKITA_OK;
		}
		/* Better than nothing: records will tell whether it is so. */
		memset(&db->header, 0, sizeof(db->header));
		db->header.key_id = key_id;
		akita_header_peek_id(p + 1, copy, db->header.db_id);
	}
	return AKITA_OK;
}

/* ---- pages ---- */

/* Both copies at p, after the key. */
static enum akita_rc
look_page(struct akita_salvage *s, const uint8_t *p, size_t len, int64_t at)
{
	struct akita_store *store = s->db->store;
	struct akita_page *page;
	uint32_t n, i;
	enum akita_rc rc;
	bool whole;
	int which;

	(void)at;
	if (p[0] != 'P' || len < KEY + AKITA_PAGE_SIZE ||
	    (n = number_at(p + 1)) >= s->limit ||
	    (number_at(p + KEY + 8) != n &&
	    number_at(p + KEY + AKITA_PAGE_COPY + 8) != n) ||
	    s->pages[n] != NULL)
		return AKITA_OK;
	if ((page = calloc(1, sizeof(*page))) == NULL)
		return AKITA_ERR_NOMEM;
	rc = akita_page_open(store->env.crypto, &store->keys,
	    s->db->header.db_id, n, p + KEY, page, &which, &whole);
	if (rc != AKITA_OK) {
		free(page);
		return rc == AKITA_ERR_MALFORMED ? AKITA_OK : rc;
	}
	s->pages[n] = page;
	if (n >= s->n_pages)
		s->n_pages = n + 1;
	for (i = 0; i < page->count; i++)
		if (page->entry[i].number < s->limit) {
			struct akita_salvaged *r =
			    &s->records[page->entry[i].number];

			r->has_hash = true;
			memcpy(r->name_hash, page->entry[i].name_hash,
			    AKITA_NAME_HASH);
		}
	return AKITA_OK;
}

/* ---- records ---- */

static enum akita_rc
open_as(const struct akita_salvage *s, uint32_t number, const uint8_t *hash,
    const uint8_t *bytes, struct akita_account *account)
{
	struct akita_record_ctx ctx;
	int slot;

	akita_store_record_ctx(s->db, number, hash, &ctx);
	return akita_record_open(&ctx, bytes, false, account, &slot);
}

/* A record by the mark in its head, or by its key. */
static bool
record_number(const struct akita_salvage *s, const uint8_t *p,
    uint32_t *ret_number)
{
	if (memcmp(p + KEY, AKITA_RECORD_MAGIC, 4) == 0)
		*ret_number = number_at(p + KEY + 4);
	else if (p[0] == 'R' && memcmp(p + 1, p + KEY + 4, 4) == 0)
		*ret_number = number_at(p + 1);
	else
		return false;
	return *ret_number < s->limit;
}

/* The name of a spare. */
static bool
is_nobody(const uint8_t hash[AKITA_NAME_HASH])
{
	static const uint8_t none[AKITA_NAME_HASH];

	return memcmp(hash, none, sizeof(none)) == 0;
}

static enum akita_rc
look_record(struct akita_salvage *s, const uint8_t *p, size_t len, int64_t at)
{
	AKITA_ACCOUNT_AUTO struct akita_account account = { 0 };
	uint8_t hash[AKITA_NAME_HASH];
	struct akita_salvaged *r;
	enum akita_rc rc;
	uint32_t n;

	if (len < KEY + AKITA_RECORD_SIZE || !record_number(s, p, &n))
		return AKITA_OK;
	r = &s->records[n];
	akita_record_name_hash(p + KEY, hash);
	rc = open_as(s, n, hash, p + KEY, &account);
	if (rc == AKITA_ERR_MALFORMED && r->has_hash) {
		memcpy(hash, r->name_hash, sizeof(hash));
		rc = open_as(s, n, hash, p + KEY, &account);
	}
	if (rc != AKITA_OK && rc != AKITA_ERR_MALFORMED)
		return rc;
	if (r->is_good && (rc != AKITA_OK ||
	    account.slot.sequence <= r->sequence))
		return AKITA_OK;
	r->at = at + KEY;
	r->is_good = rc == AKITA_OK;
	r->is_account = rc != AKITA_OK ||
	    account.slot.state != AKITA_STATE_UNREGISTERED;
	r->is_lost = r->is_good && akita_record_is_lost(&account) &&
	    !is_nobody(hash);
	r->sequence = account.slot.sequence;
	if (r->is_good || !r->has_hash)
		memcpy(r->name_hash, hash, sizeof(hash));
	r->has_hash = r->has_hash || r->is_account || r->is_lost;
	return AKITA_OK;
}

enum akita_rc
akita_salvage_record(const struct akita_salvage *s, uint32_t number,
    uint8_t *ret_bytes, struct akita_account *ret_account)
{
	const struct akita_salvaged *r = &s->records[number];

	if (read_at(s->fd, ret_bytes, AKITA_RECORD_SIZE, r->at) !=
	    AKITA_RECORD_SIZE)
		return AKITA_ERR_DATABASE;
	return open_as(s, number, r->name_hash, ret_bytes, ret_account);
}

void
akita_salvage_free(struct akita_salvage *s)
{
	uint32_t n;

	if (s->pages != NULL)
		for (n = 0; n < s->limit; n++)
			free(s->pages[n]);
	free(s->pages);
	free(s->records);
	s->pages = NULL;
	s->records = NULL;
}

enum akita_rc
akita_salvage_read(struct akita_salvage *s, struct akita_why *why)
{
	enum akita_rc rc;

	s->db->store->has_keys = false;
	s->limit = (uint32_t)(s->size / AKITA_PAGE_SIZE) + 1;
	s->pages = calloc(s->limit, sizeof(*s->pages));
	s->records = calloc(s->limit, sizeof(*s->records));
	if (s->pages == NULL || s->records == NULL)
		return AKITA_ERR_NOMEM;
	if ((rc = walk(s, look_header)) != AKITA_OK)
		return rc;
	if (!s->db->store->has_keys && !s->has_header)
		return akita_fail(why, AKITA_ERR_DATABASE, AKITA_N("In %s no "
		    "header of a database of this key ring can be found; "
		    "nothing in it can be read.  Restore it and master.key "
		    "from a backup."), s->db->store->env.path, NULL);
	if (!s->has_header && (rc = akita_store_use_key(s->db->store,
	    s->db->header.key_id, why)) != AKITA_OK)
		return rc;
	if ((rc = walk(s, look_page)) != AKITA_OK)
		return rc;
	if (s->has_header)
		s->n_pages = s->db->header.n_pages;
	return walk(s, look_record);
}
