/*
 * store_scan.h (rank 3): one way through everything in a database, for
 * listing, looking after, and copying what is good.
 */
#ifndef AKITA_STORE_SCAN_H
#define AKITA_STORE_SCAN_H

#include "common/store_int.h"

struct akita_scan {
	bool		 with_tokens;	/* open them, too */
	bool		 is_loose;	/* beside logins: what does not
					   authenticate is read again under
					   its lock before it is damage */
	bool		 only_accounts;	/* no spares, orphans, decoy */
	/* An account's good record; whole: every copy in it is in order.
	 * false: stop. */
	bool		 (*good)(void *ctx, uint32_t number,
			    const uint8_t *bytes,
			    const struct akita_account *account, bool whole);
	/* A finding; hash is NULL where none is known.  May be NULL. */
	void		 (*bad)(void *ctx, uint32_t number,
			    const uint8_t *name_hash, const char *what);
	void		*ctx;
	/* Results. */
	struct akita_check_report report;
	uint32_t	*tags;		/* by record: 0 or tag of its hash */
	uint8_t		*bad_pages;	/* by page: 1 if it is not authentic */
};

/* What the index says: tags and bad_pages, to be freed with akita_scan_free. */
enum akita_rc	akita_scan_index(struct akita_db *db, struct akita_scan *scan,
		    struct akita_why *why) AKITA_MUST_CHECK;
/* Every record.  Findings are no failure. */
enum akita_rc	akita_scan_records(struct akita_db *db,
		    struct akita_scan *scan, struct akita_why *why)
		    AKITA_MUST_CHECK;
void		akita_scan_free(struct akita_scan *scan);

/* A name hash as it stands in tags. */
uint32_t	akita_scan_tag(const uint8_t name_hash[AKITA_NAME_HASH]);

#endif
