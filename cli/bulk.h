/*
 * bulk.h: many accounts at once: from rows of a file to issued tokens.
 */
#ifndef AKITA_CLI_BULK_H
#define AKITA_CLI_BULK_H

#include "cli/csv.h"
#include "cli/forms.h"
#include "cli/outfile.h"
#include "cli/output.h"

/* The columns a file may have, in the order in which we write them. */
enum akita_column {
	AKITA_COLUMN_USER,
	AKITA_COLUMN_NAME,
	AKITA_COLUMN_MAIL,
	AKITA_COLUMN_BRANCH,
	AKITA_COLUMN_FORM,
	AKITA_COLUMN_PASSWORD,
	AKITA_COLUMNS
};
extern const char *const akita_column_names[AKITA_COLUMNS];

struct akita_import {
	struct akita_cli	*cli;
	struct akita_csv	*csv;
	size_t			 index[AKITA_COLUMNS];	/* in a row */
	size_t			 n_columns;		/* of the header */
	bool			 has[AKITA_COLUMNS];
	const struct akita_seal_keys *keys;
	struct akita_forms	 forms;		/* used so far */
	FILE			*out;		/* what was issued */
	FILE			*failed;	/* refused rows, or NULL */
	off_t			 size;		/* of the input */
	int			 percent;	/* shown last */
	bool			 is_exact;	/* names: see exact.h */
	bool			 has_progress;
	unsigned long		 issued;
	unsigned long		 refused;
	enum akita_rc		 rc;		/* what ended it, if not OK */
	struct akita_why	 why;
};

/* Read the header line.  AKITA_ERR_USAGE with why: a column is unknown, given
 * twice or missing. */
enum akita_rc	akita_import_header(struct akita_import *import,
		    struct akita_why *why) AKITA_MUST_CHECK;

/* Issue to every row in one transaction.  As akita_store_bulk. */
enum akita_rc	akita_import_rows(struct akita_import *import,
		    struct akita_why *why) AKITA_MUST_CHECK;

#endif
