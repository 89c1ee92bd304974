/*
 * check.h: what verify-db and repair have in common: findings and a report.
 */
#ifndef AKITA_CLI_CHECK_H
#define AKITA_CLI_CHECK_H

#include "cli/output.h"

/* Findings as they come; a json_t array where --json was given. */
struct akita_findings {
	const struct akita_cli	*cli;
	json_t			*list;	/* NULL: to stderr */
};

/* For akita_store_verify and akita_store_repair; ctx is akita_findings. */
void		akita_findings_add(void *ctx, uint32_t number,
		    const char *user, const char *what);

/* Print the report; takes the findings' list. */
enum akita_rc	akita_findings_print(struct akita_findings *findings,
		    const struct akita_check_report *report,
		    struct akita_why *why) AKITA_MUST_CHECK;

/* Something is not good. */
bool		akita_findings_is_bad(const struct akita_check_report *report);

#endif
