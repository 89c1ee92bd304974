#include "common/secret.h"

#include <string.h>

void
akita_wipe(void *p, size_t len)
{
	if (len > 0)
		explicit_bzero(p, len);
}

void
akita_secret_wipe(struct akita_secret *s)
{
	if (s != NULL)
		akita_wipe(s, sizeof(*s));
}

void
akita_answer_wipe(struct akita_answer *a)
{
	if (a != NULL)
		akita_wipe(a, sizeof(*a));
}

bool
akita_answer_set(struct akita_answer *a, const char *text)
{
	size_t len;

	akita_answer_wipe(a);
	if (text == NULL)
		return false;
	len = strnlen(text, AKITA_ANSWER_MAX + 1);
	if (len > AKITA_ANSWER_MAX)
		return false;
	memcpy(a->text, text, len);
	a->len = len;
	return true;
}

bool
akita_equal(const void *a, const void *b, size_t len)
{
	const volatile unsigned char *x = a, *y = b;
	unsigned char diff = 0;
	size_t i;

	for (i = 0; i < len; i++)
		diff = (unsigned char)(diff | (x[i] ^ y[i]));
	return diff == 0;
}
