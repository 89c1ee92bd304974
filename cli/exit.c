/* Results, what they are to a script, and what they are to a person. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

static const struct {
	int		 code;
	const char	*sentence;	/* where nobody gave a better one */
} exits[AKITA_RC_COUNT] = {
	[AKITA_OK] = { 0, "" },
	[AKITA_ERR_INTERNAL] = { 8,
	    AKITA_N("internal error; please report it") },
	[AKITA_ERR_NOMEM] = { 8, AKITA_N("out of memory; nothing was done") },
	[AKITA_ERR_USAGE] = { 2, AKITA_N("wrong usage; see --help") },
	[AKITA_ERR_MALFORMED] = { 8,
	    AKITA_N("something that was read is damaged; run otpadm doctor") },
	[AKITA_ERR_SETTINGS] = { 9, AKITA_N("the configuration is wrong; "
	    "run otpadm config check") },
	[AKITA_ERR_REFUSED] = { 3,
	    AKITA_N("this is not allowed in the account's state") },
	[AKITA_ERR_NO_ACCOUNT] = { 4, AKITA_N("there is no such account; "
	    "otpadm list shows those there are") },
	[AKITA_ERR_EXISTS] = { 5, AKITA_N("it exists already; "
	    "nothing was touched") },
	[AKITA_ERR_PERMISSION] = { 6, AKITA_N("you may not do this; "
	    "run otpadm as the owner of the database") },
	[AKITA_ERR_BUSY] = { 7, AKITA_N("the database is busy; try again") },
	[AKITA_ERR_DATABASE] = { 8, AKITA_N("the database is in trouble; "
	    "run otpadm doctor") },
	[AKITA_ERR_KEY] = { 8, AKITA_N("the key ring is in trouble; "
	    "run otpadm doctor") },
	[AKITA_ERR_LOG] = { 8, AKITA_N("the audit log cannot be written; "
	    "run otpadm doctor") },
	[AKITA_ERR_UNKNOWN] = { 8, AKITA_N("it is not known whether the change "
	    "reached the disk; look with otpadm show before trying again") },
	[AKITA_ERR_NSS] = { 8, AKITA_N("the system's user database is in "
	    "trouble; nothing was done") },
	[AKITA_ERR_CRYPTO] = { 8, AKITA_N("the cryptographic library failed; "
	    "nothing was done") },
	[AKITA_ERR_IO] = { 8, AKITA_N("reading or writing failed") },
	[AKITA_ERR_CONV] = { 2, AKITA_N("an answer is missing") },
	[AKITA_ERR_CONV_AGAIN] = { 2, AKITA_N("an answer is missing") },
	[AKITA_ERR_PARTIAL] = { 10, AKITA_N("done in part") },
	[AKITA_ERR_MISSING] = { 8, AKITA_N("a file is missing; "
	    "run otpadm doctor") },
};

int
akita_exit_code(enum akita_rc rc)
{
	if ((unsigned int)rc >= AKITA_RC_COUNT)
		return exits[AKITA_ERR_INTERNAL].code;
	return exits[rc].code;
}

const char *
akita_exit_sentence(enum akita_rc rc)
{
	if ((unsigned int)rc >= AKITA_RC_COUNT)
		return exits[AKITA_ERR_INTERNAL].sentence;
	return exits[rc].sentence;
}

void
akita_cli_tell(const struct akita_cli *cli, const struct akita_why *why)
{
	char text[2048];

	(void)fprintf(stderr, "otpadm: %s\n", akita_why_text(why,
	    akita_words_for(cli->lang), text, sizeof(text)));
}
