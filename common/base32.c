#include "common/base32.h"

#include <stdbool.h>

#include "common/secret.h"

enum akita_rc
akita_base32_encode(const void *data, size_t len, char *ret_text,
    size_t text_size)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	const uint8_t *p = data;
	uint32_t bits = 0;
	unsigned int held = 0;
	size_t i, used = 0;

	if (len > SIZE_MAX / 8 - 1 || text_size < AKITA_BASE32_SIZE(len))
		return AKITA_ERR_USAGE;
	for (i = 0; i < len; i++) {
		bits = (bits << 8 | p[i]) & 0xfff;
		held += 8;
		while (held >= 5) {
			held -= 5;
			ret_text[used++] = alphabet[bits >> held & 0x1f];
		}
	}
	if (held > 0)
		ret_text[used++] = alphabet[bits << (5 - held) & 0x1f];
	ret_text[used] = '\0';
	return AKITA_OK;
}

/* The value of a symbol, -1 for any other character. */
static int
symbol(char c, bool typed)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= '2' && c <= '7')
		return c - '2' + 26;
	if (typed && c >= 'a' && c <= 'z')
		return c - 'a';
	return -1;
}

/* Nothing in text but n of padding, and separators if typed. */
static bool
is_padding(const char *text, size_t n, bool typed)
{
	size_t found = 0;

	for (; *text != '\0'; text++) {
		if (*text == '=')
			found++;
		else if (!typed || (*text != ' ' && *text != '-'))
			return false;
	}
	return found == 0 || found == n;
}

static enum akita_rc
decode(const char *text, uint8_t *data, size_t size, bool typed,
    size_t *ret_len)
{
	/* Padding by symbols in the last group of 8; 8: there is no such. */
	static const uint8_t padding[8] = { 0, 8, 6, 8, 4, 3, 8, 1 };
	uint32_t bits = 0;
	unsigned int held = 0;
	size_t symbols = 0, used = 0;
	int v;

	for (; *text != '\0' && *text != '='; text++) {
		if (typed && (*text == ' ' || *text == '-'))
			continue;
		if ((v = symbol(*text, typed)) < 0)
			return AKITA_ERR_MALFORMED;
		symbols++;
		bits = (bits << 5 | (uint32_t)v) & 0xfff;
		held += 5;
		if (held < 8)
			continue;
		if (used == size)
			return AKITA_ERR_USAGE;
		held -= 8;
		data[used++] = (uint8_t)(bits >> held & 0xff);
	}
	if (padding[symbols % 8] == 8 ||
	    !is_padding(text, padding[symbols % 8], typed) ||
	    (bits & ((1U << held) - 1)) != 0)
		return AKITA_ERR_MALFORMED;
	*ret_len = used;
	return AKITA_OK;
}

enum akita_rc
akita_base32_decode(const char *text, void *ret_data, size_t size,
    size_t *ret_len)
{
	enum akita_rc rc = decode(text, ret_data, size, false, ret_len);

	if (rc != AKITA_OK)
		akita_wipe(ret_data, size);
	return rc;
}

enum akita_rc
akita_base32_decode_typed(const char *text, void *ret_data, size_t size,
    size_t *ret_len)
{
	enum akita_rc rc = decode(text, ret_data, size, true, ret_len);

	if (rc != AKITA_OK)
		akita_wipe(ret_data, size);
	return rc;
}
