/*
 * exact.h: may an account name that was read be taken as it is written?
 */
#ifndef AKITA_EXACT_H
#define AKITA_EXACT_H

#include <stdbool.h>

/*
 * Every source of account names that /etc/nsswitch.conf (nsswitch.conf(5))
 * lists knows a name only as it is written, so that asking them could not
 * change it: `files` and `systemd`.  false: another source is listed, or the
 * file could not be read.  For many names at once: a question to the name
 * service costs as much as issuing a token.
 */
bool	akita_exact_names(const char *nsswitch);

#endif
