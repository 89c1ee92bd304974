#include "pam/pass.h"

#include <string.h>

/* The bytes of the digit that ends at text + len: 1, 3 (U+FF10 to U+FF19), or
 * 0 where there is none. */
static size_t
last_digit(const char *text, size_t len)
{
	const unsigned char *p = (const unsigned char *)text;

	if (len >= 1 && p[len - 1] >= '0' && p[len - 1] <= '9')
		return 1;
	if (len >= 3 && p[len - 3] == 0xef && p[len - 2] == 0xbc &&
	    p[len - 1] >= 0x90 && p[len - 1] <= 0x99)
		return 3;
	return 0;
}

static void
copy(struct akita_answer *to, const char *text, size_t len)
{
	akita_answer_wipe(to);
	memcpy(to->text, text, len);
	to->text[len] = '\0';
	to->len = len;
}

bool
akita_pass_split(const struct akita_answer *both, unsigned int n_digits,
    struct akita_answer *ret_password, struct akita_answer *ret_code)
{
	size_t at = both->len, n;
	unsigned int i;

	akita_answer_wipe(ret_password);
	akita_answer_wipe(ret_code);
	for (i = 0; i < n_digits; i++) {
		if ((n = last_digit(both->text, at)) == 0)
			return false;
		at -= n;
	}
	copy(ret_password, both->text, at);
	copy(ret_code, both->text + at, both->len - at);
	return true;
}
