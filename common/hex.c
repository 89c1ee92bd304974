#include "common/hex.h"

/* The value of a digit; 16: it is none. */
static unsigned int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned int)(c - 'a') + 10;
	return 16;
}

bool
akita_hex_decode(const char *hex, uint8_t *ret, size_t len)
{
	unsigned int high, low;
	size_t i;

	for (i = 0; i < len; i++) {
		high = digit(hex[2 * i]);
		low = high < 16 ? digit(hex[2 * i + 1]) : 16;
		if (low > 15)
			return false;
		ret[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

void
akita_hex_encode(const uint8_t *bytes, size_t len, char *ret_hex)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < len; i++) {
		ret_hex[2 * i] = digits[bytes[i] >> 4];
		ret_hex[2 * i + 1] = digits[bytes[i] & 15];
	}
	ret_hex[2 * len] = '\0';
}
