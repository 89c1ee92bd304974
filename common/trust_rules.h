/*
 * trust_rules.h (rank 2): the rules of trust.h applied to what fstat says, and
 * the words for each breach.  Only for trust.c.
 */
#ifndef AKITA_TRUST_RULES_H
#define AKITA_TRUST_RULES_H

#include <sys/stat.h>

#include "common/trust.h"

/* The result and sentence for an errno value that path gave. */
enum akita_rc	akita_trust_failed(struct akita_why *why, const char *path,
		    int err);

/* Owned by root or, where policy allows, by the effective user; for links
 * this is the only rule.  AKITA_OK, AKITA_ERR_REFUSED. */
enum akita_rc	akita_trust_judge_owner(const struct stat *st,
		    const char *path, const struct akita_trust *policy,
		    struct akita_why *why) AKITA_MUST_CHECK;

/* The rules for a directory above a file: is_private is not asked. */
enum akita_rc	akita_trust_judge_above(const struct stat *st,
		    const char *path, const struct akita_trust *policy,
		    struct akita_why *why) AKITA_MUST_CHECK;

#endif
