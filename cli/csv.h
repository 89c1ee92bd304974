/*
 * csv.h: rows of a CSV file as RFC 4180 has them: fields by commas, quoted
 * where they hold commas, quotes (doubled) or line ends; lines end in LF or
 * CRLF; a byte order mark at the beginning is passed over.
 */
#ifndef AKITA_CLI_CSV_H
#define AKITA_CLI_CSV_H

#include <stdio.h>

#include "common/result.h"

#define AKITA_CSV_FIELDS	16	/* of a row */
#define AKITA_CSV_ROW		4096	/* bytes of a row */

struct akita_csv {
	FILE		*in;
	unsigned long	 line;		/* where the next row begins, from 1 */
	unsigned long	 row_line;	/* where the last one began */
	char		 bytes[AKITA_CSV_ROW];	/* secret: passwords */
	size_t		 n;			/* fields of the last row */
	const char	*field[AKITA_CSV_FIELDS];	/* into bytes */
};

/*
 * The next row that is not blank.  AKITA_OK; AKITA_ERR_MISSING: the file ends;
 * AKITA_ERR_MALFORMED with why: this row is none (too long, too many fields, a
 * NUL, a quote out of place) and the reader stands behind it; AKITA_ERR_IO.
 */
enum akita_rc	akita_csv_next(struct akita_csv *csv, struct akita_why *why)
		    AKITA_MUST_CHECK;

/* Write a field, quoted where it must be, and a comma or (is_last) LF. */
void		akita_csv_put(FILE *out, const char *text, int is_last);

#endif
