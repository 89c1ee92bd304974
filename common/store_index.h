/*
 * store_index.h (rank 3): the bytes of a database's header and index pages
 * (FORMAT), and what they say.  Each is kept twice in one value; a reader
 * takes the authentic copy with the higher sequence number.
 */
#ifndef AKITA_STORE_INDEX_H
#define AKITA_STORE_INDEX_H

#include "common/seal.h"

#define AKITA_HEADER_COPY	72
#define AKITA_HEADER_SIZE	1024	/* copies at 0 and 512 */
#define AKITA_HEADER_SECOND	512
#define AKITA_PAGE_ENTRIES	64
#define AKITA_PAGE_FILL		32	/* entries a page has on average, at
					   most, when pages are laid out */
#define AKITA_PAGE_COPY		(8 + 4 + 4 + AKITA_PAGE_ENTRIES * \
				 (AKITA_NAME_HASH + 4) + AKITA_MAC)
#define AKITA_PAGE_SIZE		(2 * AKITA_PAGE_COPY)
#define AKITA_FIRST_USER_ID	10000001

struct akita_header {
	uint8_t		db_id[AKITA_DB_ID];
	uint32_t	key_id;		/* of the key ring */
	uint32_t	n_pages;	/* a power of two */
	uint32_t	n_records;	/* accounts and spares */
	uint32_t	first_free;	/* records below it are handed out */
	uint32_t	next_user_id;
	uint64_t	sequence;
};

struct akita_page {
	uint64_t	sequence;
	uint32_t	number;
	uint32_t	count;
	struct akita_page_entry {
		uint8_t		name_hash[AKITA_NAME_HASH];
		uint32_t	number;
	}		entry[AKITA_PAGE_ENTRIES];	/* sorted by hash */
};

/*
 * Which copy to believe.  *ret_copy: 0 or 1; *ret_whole: both are authentic
 * and the same.  AKITA_OK; AKITA_ERR_MALFORMED: neither is authentic;
 * AKITA_ERR_CRYPTO.
 */
enum akita_rc	akita_header_open(struct akita_crypto *crypto,
		    const struct akita_seal_keys *keys,
		    const uint8_t in[AKITA_HEADER_SIZE],
		    struct akita_header *ret, int *ret_copy, bool *ret_whole)
		    AKITA_MUST_CHECK;
enum akita_rc	akita_page_open(struct akita_crypto *crypto,
		    const struct akita_seal_keys *keys,
		    const uint8_t db_id[AKITA_DB_ID], uint32_t number,
		    const uint8_t in[AKITA_PAGE_SIZE], struct akita_page *ret,
		    int *ret_copy, bool *ret_whole) AKITA_MUST_CHECK;

/* The key a copy of a header says it is under, before anything is believed;
 * false: that is no header of ours. */
bool		akita_header_peek(const uint8_t in[AKITA_HEADER_SIZE],
		    int copy, uint32_t *ret_key_id);
/* The database ID in a copy, unauthenticated (for repair). */
void		akita_header_peek_id(const uint8_t in[AKITA_HEADER_SIZE],
		    int copy, uint8_t ret[AKITA_DB_ID]);

/* Write one copy (0, 1) into the value. */
enum akita_rc	akita_header_seal(struct akita_crypto *crypto,
		    const struct akita_seal_keys *keys,
		    const struct akita_header *header, int copy,
		    uint8_t value[AKITA_HEADER_SIZE]) AKITA_MUST_CHECK;
enum akita_rc	akita_page_seal(struct akita_crypto *crypto,
		    const struct akita_seal_keys *keys,
		    const uint8_t db_id[AKITA_DB_ID],
		    const struct akita_page *page, int copy,
		    uint8_t value[AKITA_PAGE_SIZE]) AKITA_MUST_CHECK;

/* The page a name hash falls on. */
uint32_t	akita_page_of(const uint8_t name_hash[AKITA_NAME_HASH],
		    uint32_t n_pages);
/* The record of a name hash; false: the page has no such entry. */
bool		akita_page_find(const struct akita_page *page,
		    const uint8_t name_hash[AKITA_NAME_HASH],
		    uint32_t *ret_number);
/* Insert in order; false: the page is full. */
bool		akita_page_add(struct akita_page *page,
		    const uint8_t name_hash[AKITA_NAME_HASH],
		    uint32_t number);

/* Pages for so many records: a power of two. */
uint32_t	akita_pages_for(uint32_t n_records);

#endif
