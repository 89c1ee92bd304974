/*
 * nss.h (rank 2): the account behind a name that was typed.
 */
#ifndef AKITA_NSS_H
#define AKITA_NSS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "common/names.h"
#include "common/result.h"

struct akita_nss {
	char	name[AKITA_ACCOUNT_MAX + 1];	/* pw_name, else as typed */
	bool	is_known;			/* NSS knows it */
	uid_t	uid;				/* if known; else (uid_t)-1 */
};

/*
 * Ask the name service for typed.  Known: its pw_name, which may be written
 * differently.  Not known: the name as typed.
 *
 * AKITA_OK; AKITA_ERR_USAGE: no account name (names.h) was typed, NSS was not
 * asked; AKITA_ERR_NSS: the name service is in trouble, or gives a pw_name
 * that is no account name: never "unknown"; AKITA_ERR_NOMEM.
 */
enum akita_rc	akita_nss_lookup(const char *typed,
		    struct akita_nss *ret_nss, struct akita_why *why)
		    AKITA_MUST_CHECK;

#endif
