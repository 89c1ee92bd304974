/*
 * output.h: what otpadm prints, as text for people or as JSON for programs,
 * both from one description of an account's columns.
 */
#ifndef AKITA_CLI_OUTPUT_H
#define AKITA_CLI_OUTPUT_H

#include <jansson.h>

#include "cli/cli.h"
#include "common/keyuri.h"

/* Before the first byte of output: stdout's buffer becomes one that is wiped,
 * and with --json so does jansson's memory. */
void	akita_output_start(bool is_json);

/*
 * The end: say why on stderr where rc is a failure, write out stdout, wipe its
 * buffer.  Returns the exit code.
 */
int	akita_output_finish(struct akita_cli *cli, enum akita_rc rc,
	    const struct akita_why *why);

/* Write out stdout now.  AKITA_ERR_IO with why: it could not be. */
enum akita_rc	akita_output_flush(struct akita_why *why) AKITA_MUST_CHECK;

/* Where a field of an account is shown to people. */
#define AKITA_IN_SHOW	0x1u	/* `show` */
#define AKITA_IN_BRIEF	0x2u	/* after a change */
#define AKITA_IN_ISSUE	0x4u	/* after an issue: what the customer needs */
#define AKITA_IN_LIST	0x8u	/* a column of `list` */
#define AKITA_IN_ALWAYS	0x10u	/* in `show` also where there is no value */

/* The account as a JSON object, owned by the caller; NULL: out of memory. */
json_t	*akita_output_json(const struct akita_cli *cli,
	    const struct akita_account *account);

/* Print root on one line; takes its reference. */
enum akita_rc	akita_output_object(json_t *root, struct akita_why *why)
		    AKITA_MUST_CHECK;

/*
 * Print the account: the JSON object where --json was given, else its fields
 * marked with where, in two columns.
 */
enum akita_rc	akita_output_account(const struct akita_cli *cli,
		    const struct akita_account *account, unsigned int where,
		    struct akita_why *why) AKITA_MUST_CHECK;

/* A table of `list` that is being filled, for people. */
struct akita_listing;
enum akita_rc	akita_listing_new(const struct akita_cli *cli,
		    struct akita_listing **ret_listing) AKITA_MUST_CHECK;
enum akita_rc	akita_listing_add(struct akita_listing *listing,
		    const struct akita_account *account) AKITA_MUST_CHECK;
enum akita_rc	akita_listing_print(struct akita_listing *listing)
		    AKITA_MUST_CHECK;
void		akita_listing_free(struct akita_listing **listing);

/* A time for people: local, "2026-11-22 22:00"; "-" for 0.  Returns buf. */
#define AKITA_TIME_TEXT	32
char	*akita_time_local(int64_t time_s, char buf[AKITA_TIME_TEXT]);
/* RFC 3339 in UTC.  Returns buf. */
char	*akita_time_utc(int64_t time_s, char buf[AKITA_TIME_TEXT]);

/* Text in groups of four characters, by spaces; ret has size bytes.  A secret
 * where text is: the caller wipes it. */
void	akita_output_group(const char *text, char *ret, size_t size);

/* The label of a reason as a message id ("lost or ..."); "" for none. */
const char *akita_reason_label(enum akita_reason reason);

#endif
