/*
 * source.h: where a login comes from, as PAM knows it.  Names are never
 * looked up: who controls a name's DNS would control what we log and whom we
 * let in again without a code.
 */
#ifndef AKITA_SOURCE_H
#define AKITA_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include <security/pam_modules.h>

#define AKITA_SOURCE_MAX	64

struct akita_source {
	const char	*rhost;		/* for the log; libpam's, or NULL */
	char		 address[AKITA_SOURCE_MAX];	/* numeric, or "" */
	char		 net[AKITA_SOURCE_MAX];	/* what grace= is bound to:
					 * 192.0.2.7, 2001:db8::/64, or "" */
};

/*
 * PAM_RHOST where it is numeric; else the first field of SSH_CONNECTION, which
 * sshd puts into PAM's environment (never the process's).  An IPv4 address
 * written as an IPv6 one counts as IPv4; one with a zone is no source.
 */
void	akita_source_get(pam_handle_t *pamh, struct akita_source *ret);

/* The same from the two texts (each may be NULL).  Pure. */
void	akita_source_parse(const char *rhost, const char *ssh_connection,
	    struct akita_source *ret);

/* info, sshd's SSH_AUTH_INFO_0 (may be NULL), has a line of an accepted
 * public key.  Pure. */
bool	akita_source_has_key(const char *info);

#endif
