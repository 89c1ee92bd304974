/*
 * text.h (rank 0): text that people type and read: normalising, width,
 * escaping, numbers.  Text is UTF-8, whatever the locale.
 */
#ifndef AKITA_TEXT_H
#define AKITA_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* text is valid UTF-8: no overlong forms, surrogates, or above U+10FFFF. */
bool		akita_text_is_utf8(const char *text);
/* text holds a control character (akita_utf8_is_control) or is no valid
 * UTF-8. */
bool		akita_text_has_control(const char *text);

/*
 * What a person typed as a code, made plain: full-width ASCII (U+FF01..U+FF5E,
 * U+3000) becomes ASCII; spaces (ASCII, U+3000), hyphens, dashes and the minus
 * sign (ASCII, U+FF0D, U+2010..U+2015, U+2212) are dropped, and so is U+30FC
 * (half width: U+FF70), which a Japanese keyboard gives for a hyphen, between
 * two letters or digits.  All other bytes, also invalid ones, stay.  out has
 * out_size bytes, at least 1, and ends in NUL; it may not overlap in.  The
 * caller wipes it.  false: it does not fit, or in is NULL; out is then wiped.
 */
bool		akita_text_normalise(const char *in, char *out,
		    size_t out_size) __attribute__((warn_unused_result));

/*
 * Terminal columns of text: East Asian Wide and Fullwidth 2, combining and
 * control characters 0, all else 1 (an invalid byte too: it is shown as '?').
 * Unicode 14 (EastAsianWidth.txt); Ambiguous counts as 1.
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
