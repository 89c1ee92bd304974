#include "common/utf8.h"

/* Lead byte: how long, which of its bits count, the least code point that
 * needs so many bytes. */
static const struct {
	uint8_t		mask, lead;
	size_t		len;
	uint32_t	least;
} forms[] = {
	{ 0xe0, 0xc0, 2, 0x80 },
	{ 0xf0, 0xe0, 3, 0x800 },
	{ 0xf8, 0xf0, 4, 0x10000 },
};

size_t
akita_utf8_next(const char *s, uint32_t *ret)
{
	const uint8_t *p = (const uint8_t *)s;
	uint32_t c;
	size_t f, i;

	*ret = p[0];
	if (p[0] == 0)
		return 0;
	if (p[0] < 0x80)
		return 1;
	*ret = AKITA_UTF8_BAD;
	for (f = 0; f < sizeof(forms) / sizeof(forms[0]); f++)
		if ((p[0] & forms[f].mask) == forms[f].lead)
			break;
	if (f == sizeof(forms) / sizeof(forms[0]))
		return 1;
	c = p[0] & (uint8_t)~forms[f].mask;
	for (i = 1; i < forms[f].len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 1;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < forms[f].least || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 1;
	*ret = c;
	return forms[f].len;
}

bool
akita_utf8_is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x061c ||
	    c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
	    (c >= 0x2066 && c <= 0x2069);
}
