/*
 * sheet_wire.h (cli): how otpadm describes a sheet to akita-otp-sheet, and
 * how that one says what went wrong.
 *
 * The description is text on standard input, UTF-8, a line an entry:
 *
 *	akita-otp-sheet 1
 *	lang=ja
 *	...
 *	end
 *
 * An entry is named as the field of struct akita_sheet; a number is decimal, a
 * yes/no 0 or 1.  Entries may come in any order, each once; one that is left
 * out is NULL, 0 or no.  A line without its end, anything behind "end", an
 * unknown name, a control character: all refused.  The PDF comes out of
 * standard output.  On failure the exit status says what, and standard error
 * has one line of detail: the entry, the character, the reason.
 */
#ifndef AKITA_SHEET_WIRE_H
#define AKITA_SHEET_WIRE_H

#include <stddef.h>

#include "cli/sheet.h"

#define AKITA_SHEET_WIRE_MAX	8192	/* bytes of a description */
#define AKITA_SHEET_VALUE_MAX	1023	/* bytes of a value */

enum akita_sheet_exit {
	AKITA_SHEET_EXIT_DONE = 0,
	AKITA_SHEET_EXIT_FAILED = 1,	/* detail: what */
	AKITA_SHEET_EXIT_USAGE = 2,	/* detail: an entry */
	AKITA_SHEET_EXIT_GLYPH = 3,	/* detail: a character, no font has */
	AKITA_SHEET_EXIT_OVERFLOW = 4,	/* more than a page */
	AKITA_SHEET_EXIT_WRITE = 5,	/* detail: the system's reason */
	/* of the child that could not become the program */
	AKITA_SHEET_EXIT_NO_START = 126,
	AKITA_SHEET_EXIT_NOT_FOUND = 127
};

/*
 * Describe sheet in buf, which is then a secret of *ret_len bytes.
 * AKITA_OK; AKITA_ERR_USAGE: an entry is missing, too long or no plain text, or
 * all of it does not fit; *ret_entry (static) is its name.  buf is then wiped.
 */
enum akita_rc	akita_sheet_wire_encode(const struct akita_sheet *sheet,
		    char buf[AKITA_SHEET_WIRE_MAX], size_t *ret_len,
		    const char **ret_entry) AKITA_MUST_CHECK;

/*
 * The reverse, in place: what *ret_sheet points to lies in buf, which is
 * changed.  buf[len] must exist.
 * AKITA_OK; AKITA_ERR_USAGE: as above; AKITA_ERR_MALFORMED: not such a
 * description; *ret_entry (static) names the entry, or "description".
 */
enum akita_rc	akita_sheet_wire_decode(char *buf, size_t len,
		    struct akita_sheet *ret_sheet, const char **ret_entry)
		    AKITA_MUST_CHECK;

#endif
