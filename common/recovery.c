#include "common/recovery.h"

#include <string.h>

#include "common/secret.h"
#include "common/text.h"

#define SYMBOLS	12

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void
akita_recovery_wipe(struct akita_recovery *code)
{
	if (code != NULL)
		akita_wipe(code, sizeof(*code));
}

/*
 * Write 12 symbols, each in canonical form, with their hyphens.  A code is
 * never all digits, so that it can't be taken for a one-time password.
 */
static bool
compose(const char symbols[SYMBOLS], struct akita_recovery *ret)
{
	bool has_letter = false;
	size_t i, used = 0;

	for (i = 0; i < SYMBOLS; i++) {
		if (i == 4 || i == 8)
			ret->text[used++] = '-';
		ret->text[used++] = symbols[i];
		if (symbols[i] >= 'A')
			has_letter = true;
	}
	ret->text[used] = '\0';
	if (!has_letter)
		akita_recovery_wipe(ret);
	return has_letter;
}

bool
akita_recovery_make(const uint8_t random[AKITA_RECOVERY_RANDOM],
    struct akita_recovery *ret)
{
	char symbols[SYMBOLS];
	uint64_t bits = 0;
	bool made;
	size_t i;

	for (i = 0; i < AKITA_RECOVERY_RANDOM; i++)
		bits = bits << 8 | random[i];
	bits >>= 4;
	for (i = SYMBOLS; i-- > 0; bits >>= 5)
		symbols[i] = alphabet[bits & 0x1f];
	made = compose(symbols, ret);
	akita_wipe(symbols, sizeof(symbols));
	return made;
}

/* The canonical form of a symbol, NUL if it is none. */
static char
canonical(char c)
{
	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	if (c == 'I' || c == 'L')
		return '1';
	if (c == 'O')
		return '0';
	return memchr(alphabet, c, sizeof(alphabet) - 1) != NULL ? c : '\0';
}

bool
akita_recovery_parse(const char *typed, struct akita_recovery *ret)
{
	char symbols[SYMBOLS + 1] = "";
	bool is_code = false;
	size_t i;

	akita_recovery_wipe(ret);
	if (!akita_text_normalise(typed, symbols, sizeof(symbols)))
		goto out;
	for (i = 0; i < SYMBOLS; i++)
		if ((symbols[i] = canonical(symbols[i])) == '\0')
			goto out;
	is_code = compose(symbols, ret);
out:
	akita_wipe(symbols, sizeof(symbols));
	return is_code;
}
