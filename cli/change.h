/*
 * change.h: the common part of the commands that change an account.
 */
#ifndef AKITA_CLI_CHANGE_H
#define AKITA_CLI_CHANGE_H

#include "cli/cli.h"

/* The change was made: whole, or but for its audit record, which waits for the
 * next command (why says so; exit 10). */
static inline bool
akita_change_is_made(enum akita_rc rc)
{
	return rc == AKITA_OK || rc == AKITA_ERR_PARTIAL;
}

/* What to return after printing what was changed. */
static inline enum akita_rc
akita_change_end(enum akita_rc changed, enum akita_rc printed)
{
	return printed == AKITA_OK ? changed : printed;
}

/* The state is looked at before anything is asked.  ret_account: the account
 * as it is now.  As akita_admin_check. */
enum akita_rc	akita_change_check(struct akita_cli *cli,
		    const struct akita_event *event,
		    struct akita_account *ret_account, struct akita_why *why)
		    AKITA_MUST_CHECK;

/* Check, change, print the account. */
enum akita_rc	akita_change_make(struct akita_cli *cli,
		    const struct akita_event *event, struct akita_why *why)
		    AKITA_MUST_CHECK;

/* Copy an option's text into a field of an identity; its length was checked
 * by the field's own check.  NULL gives "". */
void		akita_change_copy(char *field, size_t size, const char *text);

/* The texts that --name, --branch, --form, --note and --mail gave. */
enum akita_rc	akita_change_check_texts(const struct akita_cli *cli,
		    struct akita_why *why) AKITA_MUST_CHECK;

#endif
