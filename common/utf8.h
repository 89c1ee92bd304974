/*
 * utf8.h (rank 0): one character of UTF-8 at a time (RFC 3629), whatever the
 * locale.
 */
#ifndef AKITA_UTF8_H
#define AKITA_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AKITA_UTF8_BAD	0xffffffffU

/*
 * Decode the character at s, which is NUL-terminated: *ret is its code point
 * and its length, 1 to 4, comes back.  An invalid byte (also of an overlong
 * form, a surrogate, or above U+10FFFF) gives AKITA_UTF8_BAD and 1; the NUL
 * gives 0 and 0.
 */
size_t	akita_utf8_next(const char *s, uint32_t *ret);

/*
 * A character that moves the cursor, ends a line or turns the direction of
 * writing: U+0000..U+001F, U+007F..U+009F, U+2028, U+2029, U+061C, U+200E,
 * U+200F, U+202A..U+202E, U+2066..U+2069.
 */
bool	akita_utf8_is_control(uint32_t c);

#endif
