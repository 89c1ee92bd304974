#include <string.h>

#include "common/store_int.h"

/* How many records after growing. */
static uint32_t
larger(const struct akita_header *header)
{
	uint32_t more = header->first_free / 8;

	return header->n_records + (more > AKITA_SPARES ? more :
	    AKITA_SPARES);
}

/* One page becomes two: its lower and its upper half. */
static enum akita_rc
split_page(struct akita_copy *copy, const struct akita_header *header,
    const struct akita_page *page, struct akita_why *why)
{
	struct akita_page half[2];
	const struct akita_page_entry *e;
	enum akita_rc rc;
	uint32_t i;

	memset(half, 0, sizeof(half));
	half[0].sequence = half[1].sequence = page->sequence + 1;
	half[0].number = page->number * 2;
	half[1].number = page->number * 2 + 1;
	for (i = 0; i < page->count; i++) {
		e = &page->entry[i];
		if (!akita_page_add(&half[akita_page_of(e->name_hash,
		    header->n_pages) & 1], e->name_hash, e->number))
			return AKITA_ERR_INTERNAL;
	}
	rc = akita_copy_page(copy, header, &half[1], why);
	return rc == AKITA_OK ? akita_copy_page(copy, header, &half[0], why) :
	    rc;
}

/* From the last page down, so that none is written before it was read: the
 * halves of page n are pages 2n and 2n + 1. */
static enum akita_rc
split_pages(struct akita_copy *copy, const struct akita_header *header,
    struct akita_why *why)
{
	uint8_t bytes[AKITA_PAGE_SIZE];
	struct akita_page page;
	enum akita_rc rc = AKITA_OK;
	uint32_t n = copy->db->header.n_pages;
	bool whole;
	int which;

	while (n-- > 0 && rc == AKITA_OK) {
		rc = akita_db_page(copy->db, n, bytes, &page, &which, &whole,
		    why);
		if (rc == AKITA_OK)
			rc = split_page(copy, header, &page, why);
	}
	return rc;
}

enum akita_rc
akita_store_grow(struct akita_db *db, bool needs_pages,
    struct akita_why *why)
{
	struct akita_header header = db->header;
	struct akita_copy copy = { .fd = -1 };
	enum akita_rc rc;

	if (!needs_pages)
		header.n_records = larger(&header);
	if (needs_pages || header.n_pages <
	    akita_pages_for(header.n_records))
		header.n_pages *= 2;
	header.sequence++;
	rc = akita_copy_begin(&copy, db, AKITA_COPY_CLONE, header.n_records,
	    why);
	if (rc == AKITA_OK && header.n_pages > db->header.n_pages)
		rc = split_pages(&copy, &header, why);
	if (rc == AKITA_OK)
		rc = akita_copy_spares(&copy, &header, db->header.n_records,
		    header.n_records, why);
	if (rc == AKITA_OK)
		rc = akita_copy_header(&copy, &header, why);
	if (rc == AKITA_OK) {
		db->header = header;	/* what the check expects */
		rc = akita_copy_finish(&copy, NULL, akita_db_check_copy, db,
		    why);
	}
	akita_copy_abandon(&copy);
	return rc;
}
