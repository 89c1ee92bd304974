/*
 * names.h (rank 0): what people type and what is printed about them: checks
 * of names, addresses and numbers, normalising, width, escaping.  Text is
 * UTF-8, whatever the locale.
 *
 * A check answers AKITA_OK, or AKITA_ERR_USAGE with why.  why may be NULL.  A
 * control character is U+0000..U+001F, U+007F..U+009F, U+2028, U+2029 and those
 * that turn the direction of writing (U+061C, U+200E, U+200F, U+202A..U+202E,
 * U+2066..U+2069).
 */
#ifndef AKITA_NAMES_H
#define AKITA_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/result.h"

/* Most bytes of each, without the NUL. */
#define AKITA_ACCOUNT_MAX	64
#define AKITA_NAME_MAX		96
#define AKITA_BRANCH_MAX	16
#define AKITA_FORM_MAX		32
#define AKITA_NOTE_MAX		200
#define AKITA_MAIL_MAX		254

/* An account name: 1 to 64 bytes of UTF-8 without control characters. */
enum akita_rc	akita_account_check(const char *name, struct akita_why *why)
		    AKITA_MUST_CHECK;
/* A person's name for display: 0 to 96 bytes, likewise. */
enum akita_rc	akita_name_check(const char *name, struct akita_why *why)
		    AKITA_MUST_CHECK;
/* A branch code: 1 to 16 of A-Z a-z 0-9 . _ - */
enum akita_rc	akita_branch_check(const char *branch, struct akita_why *why)
		    AKITA_MUST_CHECK;
/* The number of a paper form: 1 to 32 bytes of UTF-8, no control characters. */
enum akita_rc	akita_form_check(const char *form, struct akita_why *why)
		    AKITA_MUST_CHECK;
/* A remark of staff: 0 to 200 bytes, likewise. */
enum akita_rc	akita_note_check(const char *note, struct akita_why *why)
		    AKITA_MUST_CHECK;

/*
 * One mail address, local@domain, that is safe in a header and as sendmail's
 * argument: up to 254 printable ASCII characters without spaces and
 * < > , ; : " ( ) \ [ ]; a local part of 1 to 64 that is a dot-atom (RFC 5321
 * section 4.1.2; no quoting), not starting with a hyphen; a domain of labels
 * of 1 to 63 letters, digits and inner hyphens (a single label is accepted:
 * root@localhost); nothing that looks like an RFC 2047 encoded word.
 */
enum akita_rc	akita_mail_check(const char *mail, struct akita_why *why)
		    AKITA_MUST_CHECK;

/* text is valid UTF-8: no overlong forms, surrogates, or above U+10FFFF. */
bool		akita_text_is_utf8(const char *text);
/* text holds a control character (see above) or is no valid UTF-8. */
bool		akita_text_has_control(const char *text);

/*
 * What a person typed as a code, made plain: full-width ASCII (U+FF01..U+FF5E,
 * U+3000) becomes ASCII; spaces (ASCII, U+3000), hyphens, dashes and the minus
 * sign (ASCII, U+FF0D, U+2010..U+2015, U+2212) are dropped, and so is U+30FC,
 * which a Japanese keyboard gives for a hyphen, between two ASCII letters or
 * digits.  All other bytes, also invalid ones, stay.  out has out_size bytes,
 * at least 1, and ends in NUL; it may not overlap in.  The caller wipes it.
 * false: it does not fit, or in is NULL; out is then wiped.
 */
bool		akita_text_normalise(const char *in, char *out,
		    size_t out_size) __attribute__((warn_unused_result));

/*
 * Terminal columns of text: East Asian Wide and Fullwidth 2, combining and
 * control characters 0, all else 1 (an invalid byte too: it is shown as '?').
 * Unicode 15 (EastAsianWidth.txt); Ambiguous counts as 1.
 */
size_t		akita_text_width(const char *text);

/*
 * text for a log line: control characters, backslash, '"' and invalid bytes
 * become \xHH, byte by byte, so that what was there can be told and nothing
 * ends a line or a quoted value.  out has out_size bytes, at least 1, ends in
 * NUL and is cut before a character that does not fit.  Returns out.
 */
char	       *akita_text_escape(const char *text, char *out,
		    size_t out_size);

/*
 * The whole of s as a decimal number from min to max: ASCII digits only, no
 * sign, no space; leading zeros are accepted.  false: it is not, s is NULL or
 * empty; *ret untouched.
 */
bool		akita_parse_u32(const char *s, uint32_t min, uint32_t max,
		    uint32_t *ret) __attribute__((warn_unused_result));

#endif
