/*
 * store_salvage.h (rank 3): what can be read of a database file whatever state
 * it is in: header, pages and records are found by their own marks in the
 * file's bytes, without believing GDBM's directory and buckets, and believed
 * if they authenticate.
 */
#ifndef AKITA_STORE_SALVAGE_H
#define AKITA_STORE_SALVAGE_H

#include "common/store_int.h"

struct akita_salvage {
	struct akita_db		*db;	/* exclusive; gets header and key */
	int			 fd;	/* the damaged file */
	int64_t			 size;
	bool			 has_header;	/* an authentic one */
	uint32_t		 limit;	/* record and page numbers lie below */
	struct akita_page	**pages;	/* authentic ones by number */
	uint32_t		 n_pages;	/* by the header, else guessed */
	struct akita_salvaged {
		int64_t		 at;		/* of its bytes; 0: none */
		uint64_t	 sequence;
		bool		 is_good;
		bool		 is_account;
		bool		 is_lost;	/* an earlier repair says so */
		bool		 has_hash;	/* name_hash is known */
		uint8_t		 name_hash[AKITA_NAME_HASH];
	}			*records;	/* limit of them */
};

/* Read everything.  AKITA_OK; AKITA_ERR_DATABASE: nothing to start from. */
enum akita_rc	akita_salvage_read(struct akita_salvage *s,
		    struct akita_why *why) AKITA_MUST_CHECK;
/* The bytes of a good record. */
enum akita_rc	akita_salvage_record(const struct akita_salvage *s,
		    uint32_t number, uint8_t *ret_bytes,
		    struct akita_account *ret_account) AKITA_MUST_CHECK;
void		akita_salvage_free(struct akita_salvage *s);

#endif
