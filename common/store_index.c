#include "common/store_index.h"

#include <string.h>

#include "common/cursor.h"

static const uint8_t magic[8] = { 'A', 'k', 'i', 't', 'a', 'O', 'T', 'P' };

#define SEQUENCE_AT	48	/* of a header's copy */

/* Check the MAC at the end of a copy; db_id NULL: it is in the copy. */
static enum akita_rc
copy_mac(struct akita_crypto *crypto, const struct akita_seal_keys *keys,
    const uint8_t *db_id, const uint8_t *copy, size_t len,
    uint8_t ret[AKITA_MAC])
{
	const struct akita_span spans[] = {
		{ db_id, db_id != NULL ? AKITA_DB_ID : 0 },
		{ copy, len - AKITA_MAC },
	};

	return akita_seal_mac(crypto, keys->page, spans, 2, ret);
}

static enum akita_rc
check_copy(struct akita_crypto *crypto, const struct akita_seal_keys *keys,
    const uint8_t *db_id, const uint8_t *copy, size_t len)
{
	uint8_t mac[AKITA_MAC];
	enum akita_rc rc;

	rc = copy_mac(crypto, keys, db_id, copy, len, mac);
	if (rc == AKITA_OK && !akita_equal(mac, copy + len - AKITA_MAC,
	    AKITA_MAC))
		rc = AKITA_ERR_MALFORMED;
	return rc;
}

static uint64_t
sequence_at(const uint8_t *p)
{
	struct akita_reader r;

	akita_reader_init(&r, p, 8);
	return akita_get_u64(&r);
}

/*
 * Two copies of len bytes whose sequence numbers are at an offset: the
 * authentic one with the higher number.
 */
static enum akita_rc
choose(struct akita_crypto *crypto, const struct akita_seal_keys *keys,
    const uint8_t *db_id, const uint8_t *const copies[2], size_t len,
    size_t sequence_offset, int *ret_copy, bool *ret_whole)
{
	bool same = memcmp(copies[0], copies[1], len) == 0;
	int first = sequence_at(copies[1] + sequence_offset) >
	    sequence_at(copies[0] + sequence_offset);
	enum akita_rc rc;

	*ret_whole = same;
	*ret_copy = first;
	rc = check_copy(crypto, keys, db_id, copies[first], len);
	if (rc != AKITA_ERR_MALFORMED || same)
		return rc;
	*ret_copy = 1 - first;
	return check_copy(crypto, keys, db_id, copies[1 - first], len);
}

bool
akita_header_peek(const uint8_t in[AKITA_HEADER_SIZE], int copy,
    uint32_t *ret_key_id)
{
	struct akita_reader r;

	in += copy * AKITA_HEADER_SECOND;
	if (memcmp(in, magic, sizeof(magic)) != 0)
		return false;
	akita_reader_init(&r, in + 28, 4);
	*ret_key_id = akita_get_u32(&r);
	return true;
}

void
akita_header_peek_id(const uint8_t in[AKITA_HEADER_SIZE], int copy,
    uint8_t ret[AKITA_DB_ID])
{
	memcpy(ret, in + copy * AKITA_HEADER_SECOND + 12, AKITA_DB_ID);
}

static enum akita_rc
header_decode(const uint8_t *in, struct akita_header *ret)
{
	struct akita_header h = { 0 };
	struct akita_reader r;
	uint32_t version;

	akita_reader_init(&r, in, AKITA_HEADER_COPY);
	(void)akita_get_skip(&r, sizeof(magic));
	version = akita_get_u32(&r);
	akita_get_bytes(&r, h.db_id, AKITA_DB_ID);
	h.key_id = akita_get_u32(&r);
	h.n_pages = akita_get_u32(&r);
	h.n_records = akita_get_u32(&r);
	h.first_free = akita_get_u32(&r);
	h.next_user_id = akita_get_u32(&r);
	h.sequence = akita_get_u64(&r);
	(void)akita_get_skip(&r, AKITA_MAC);
	if (!akita_reader_done(&r) || version != AKITA_FORMAT_VERSION ||
	    h.n_pages == 0 || (h.n_pages & (h.n_pages - 1)) != 0 ||
	    h.first_free > h.n_records)
		return AKITA_ERR_MALFORMED;
	*ret = h;
	return AKITA_OK;
}

enum akita_rc
akita_header_open(struct akita_crypto *crypto,
    const struct akita_seal_keys *keys, const uint8_t in[AKITA_HEADER_SIZE],
    struct akita_header *ret, int *ret_copy, bool *ret_whole)
{
	const uint8_t *const copies[2] = { in, in + AKITA_HEADER_SECOND };
	enum akita_rc rc;

	rc = choose(crypto, keys, NULL, copies, AKITA_HEADER_COPY,
	    SEQUENCE_AT, ret_copy, ret_whole);
	if (rc == AKITA_OK)
		rc = header_decode(copies[*ret_copy], ret);
	return rc;
}

enum akita_rc
akita_header_seal(struct akita_crypto *crypto,
    const struct akita_seal_keys *keys, const struct akita_header *header,
    int copy, uint8_t value[AKITA_HEADER_SIZE])
{
	uint8_t *out = value + copy * AKITA_HEADER_SECOND;
	struct akita_writer w;

	akita_writer_init(&w, out, AKITA_HEADER_COPY);
	akita_put_bytes(&w, magic, sizeof(magic));
	akita_put_u32(&w, AKITA_FORMAT_VERSION);
	akita_put_bytes(&w, header->db_id, AKITA_DB_ID);
	akita_put_u32(&w, header->key_id);
	akita_put_u32(&w, header->n_pages);
	akita_put_u32(&w, header->n_records);
	akita_put_u32(&w, header->first_free);
	akita_put_u32(&w, header->next_user_id);
	akita_put_u64(&w, header->sequence);
	akita_put_zeros(&w, AKITA_MAC);
	if (!akita_writer_done(&w))
		return AKITA_ERR_INTERNAL;
	return copy_mac(crypto, keys, NULL, out, AKITA_HEADER_COPY,
	    out + AKITA_HEADER_COPY - AKITA_MAC);
}

/* Entries in order, each once; nothing behind them. */
static bool
page_is_sound(const struct akita_page *page)
{
	static const struct akita_page_entry none;
	uint32_t i;

	for (i = 1; i < page->count; i++)
		if (memcmp(page->entry[i - 1].name_hash,
		    page->entry[i].name_hash, AKITA_NAME_HASH) >= 0)
			return false;
	for (i = page->count; i < AKITA_PAGE_ENTRIES; i++)
		if (memcmp(&page->entry[i], &none, sizeof(none)) != 0)
			return false;
	return true;
}

static enum akita_rc
page_decode(const uint8_t *in, uint32_t number, struct akita_page *ret)
{
	struct akita_reader r;
	uint32_t i;

	akita_reader_init(&r, in, AKITA_PAGE_COPY);
	ret->sequence = akita_get_u64(&r);
	ret->number = akita_get_u32(&r);
	ret->count = akita_get_u32(&r);
	for (i = 0; i < AKITA_PAGE_ENTRIES; i++) {
		akita_get_bytes(&r, ret->entry[i].name_hash,
		    AKITA_NAME_HASH);
		ret->entry[i].number = akita_get_u32(&r);
	}
	(void)akita_get_skip(&r, AKITA_MAC);
	if (!akita_reader_done(&r) || ret->number != number ||
	    ret->count > AKITA_PAGE_ENTRIES || !page_is_sound(ret))
		return AKITA_ERR_MALFORMED;
	return AKITA_OK;
}

enum akita_rc
akita_page_open(struct akita_crypto *crypto,
    const struct akita_seal_keys *keys, const uint8_t db_id[AKITA_DB_ID],
    uint32_t number, const uint8_t in[AKITA_PAGE_SIZE],
    struct akita_page *ret, int *ret_copy, bool *ret_whole)
{
	const uint8_t *const copies[2] = { in, in + AKITA_PAGE_COPY };
	enum akita_rc rc;

	rc = choose(crypto, keys, db_id, copies, AKITA_PAGE_COPY, 0, ret_copy,
	    ret_whole);
	if (rc == AKITA_OK)
		rc = page_decode(copies[*ret_copy], number, ret);
	return rc;
}

enum akita_rc
akita_page_seal(struct akita_crypto *crypto,
    const struct akita_seal_keys *keys, const uint8_t db_id[AKITA_DB_ID],
    const struct akita_page *page, int copy, uint8_t value[AKITA_PAGE_SIZE])
{
	uint8_t *out = value + copy * AKITA_PAGE_COPY;
	struct akita_writer w;
	uint32_t i;

	akita_writer_init(&w, out, AKITA_PAGE_COPY);
	akita_put_u64(&w, page->sequence);
	akita_put_u32(&w, page->number);
	akita_put_u32(&w, page->count);
	for (i = 0; i < AKITA_PAGE_ENTRIES; i++) {
		akita_put_bytes(&w, page->entry[i].name_hash,
		    AKITA_NAME_HASH);
		akita_put_u32(&w, page->entry[i].number);
	}
	akita_put_zeros(&w, AKITA_MAC);
	if (!akita_writer_done(&w))
		return AKITA_ERR_INTERNAL;
	return copy_mac(crypto, keys, db_id, out, AKITA_PAGE_COPY,
	    out + AKITA_PAGE_COPY - AKITA_MAC);
}

uint32_t
akita_page_of(const uint8_t name_hash[AKITA_NAME_HASH], uint32_t n_pages)
{
	struct akita_reader r;
	uint64_t top;

	akita_reader_init(&r, name_hash, 4);
	top = akita_get_u32(&r);
	return (uint32_t)(top * n_pages >> 32);
}

/* Where the hash is, or belongs. */
static uint32_t
page_place(const struct akita_page *page,
    const uint8_t name_hash[AKITA_NAME_HASH], bool *ret_is_there)
{
	uint32_t i;
	int order = 1;

	for (i = 0; i < page->count && order > 0; i++) {
		order = memcmp(name_hash, page->entry[i].name_hash,
		    AKITA_NAME_HASH);
		if (order <= 0)
			break;
	}
	*ret_is_there = i < page->count && order == 0;
	return i;
}

bool
akita_page_find(const struct akita_page *page,
    const uint8_t name_hash[AKITA_NAME_HASH], uint32_t *ret_number)
{
	bool is_there;
	uint32_t i = page_place(page, name_hash, &is_there);

	if (is_there)
		*ret_number = page->entry[i].number;
	return is_there;
}

bool
akita_page_add(struct akita_page *page,
    const uint8_t name_hash[AKITA_NAME_HASH], uint32_t number)
{
	bool is_there;
	uint32_t i = page_place(page, name_hash, &is_there);

	if (is_there || page->count == AKITA_PAGE_ENTRIES)
		return false;
	memmove(&page->entry[i + 1], &page->entry[i],
	    (page->count - i) * sizeof(page->entry[0]));
	memcpy(page->entry[i].name_hash, name_hash, AKITA_NAME_HASH);
	page->entry[i].number = number;
	page->count++;
	return true;
}

uint32_t
akita_pages_for(uint32_t n_records)
{
	uint32_t n = 1;

	while (n < (1u << 26) && (uint64_t)n * AKITA_PAGE_FILL < n_records)
		n *= 2;
	return n;
}
