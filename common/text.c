#include "common/text.h"

#include <string.h>

#include "common/secret.h"
#include "common/utf8.h"

bool
akita_text_is_utf8(const char *text)
{
	uint32_t c;

	while (*text != '\0') {
		text += akita_utf8_next(text, &c);
		if (c == AKITA_UTF8_BAD)
			return false;
	}
	return true;
}

bool
akita_text_has_control(const char *text)
{
	uint32_t c;

	while (*text != '\0') {
		text += akita_utf8_next(text, &c);
		if (c == AKITA_UTF8_BAD || akita_utf8_is_control(c))
			return true;
	}
	return false;
}

/* Full-width forms of ASCII to ASCII; any other character as it is. */
static uint32_t
to_ascii(uint32_t c)
{
	if (c >= 0xff01 && c <= 0xff5e)
		return c - 0xff01 + '!';
	return c == 0x3000 ? ' ' : c;
}

/* c is an ASCII letter or digit. */
static bool
is_alnum(uint32_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	    (c >= 'a' && c <= 'z');
}

/*
 * Is c (after to_ascii) to be dropped from a code?  before: the last character
 * that was kept, 0 for none; rest: what follows c.
 */
static bool
is_separator(uint32_t c, char before, const char *rest)
{
	uint32_t after;

	if (c == ' ' || c == '-' || c == 0x2212 || (c >= 0x2010 && c <= 0x2015))
		return true;
	if (c != 0x30fc && c != 0xff70)
		return false;
	(void)akita_utf8_next(rest, &after);
	return is_alnum((uint8_t)before) && is_alnum(to_ascii(after));
}

bool
akita_text_normalise(const char *in, char *out, size_t out_size)
{
	size_t used = 0, n;
	uint32_t c;

	if (in == NULL)
		goto fail;
	while (*in != '\0') {
		n = akita_utf8_next(in, &c);
		c = to_ascii(c);
		if (!is_separator(c, used > 0 ? out[used - 1] : '\0', in + n)) {
			size_t len = c < 0x80 ? 1 : n;

			if (used + len >= out_size)
				goto fail;
			if (c < 0x80)
				out[used] = (char)c;
			else
				memcpy(out + used, in, n);
			used += len;
		}
		in += n;
	}
	if (used >= out_size)
		goto fail;
	out[used] = '\0';
	return true;
fail:
	akita_wipe(out, out_size);
	return false;
}

char *
akita_text_escape(const char *text, char *out, size_t out_size)
{
	static const char hex[] = "0123456789abcdef";
	size_t used = 0, n, i;
	uint32_t c;

	if (out_size == 0)
		return out;
	while (*text != '\0') {
		n = akita_utf8_next(text, &c);
		if (c == AKITA_UTF8_BAD || akita_utf8_is_control(c) ||
		    c == '\\' || c == '"') {
			if (used + 4 * n >= out_size)
				break;
			for (i = 0; i < n; i++) {
				uint8_t b = (uint8_t)text[i];

				out[used++] = '\\';
				out[used++] = 'x';
				out[used++] = hex[b >> 4];
				out[used++] = hex[b & 0x0f];
			}
		} else {
			if (used + n >= out_size)
				break;
			memcpy(out + used, text, n);
			used += n;
		}
		text += n;
	}
	out[used] = '\0';
	return out;
}

bool
akita_parse_u32(const char *s, uint32_t min, uint32_t max, uint32_t *ret)
{
	uint64_t v = 0;

	if (s == NULL || *s == '\0')
		return false;
	for (; *s != '\0'; s++) {
		if (*s < '0' || *s > '9')
			return false;
		v = v * 10 + (uint64_t)(*s - '0');
		if (v > UINT32_MAX)
			return false;
	}
	if (v < min || v > max)
		return false;
	*ret = (uint32_t)v;
	return true;
}
