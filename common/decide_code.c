/* What people type: akita_code_* and akita_password_parse of decide.h. */
#include "common/decide.h"

#include <string.h>

#include "common/recovery.h"
#include "common/text.h"
#include "common/utf8.h"

static const char *const cause_names[] = {
	[AKITA_CAUSE_NONE] = "none",
	[AKITA_CAUSE_OK] = "ok",
	[AKITA_CAUSE_WRONG] = "wrong",
	[AKITA_CAUSE_REPLAY] = "replay",
	[AKITA_CAUSE_MALFORMED] = "malformed",
	[AKITA_CAUSE_LOCKED] = "locked",
	[AKITA_CAUSE_SUSPENDED] = "suspended",
	[AKITA_CAUSE_NOT_ACTIVE] = "not_active",
	[AKITA_CAUSE_EXPIRED] = "expired",
	[AKITA_CAUSE_CLOCK] = "clock",
	[AKITA_CAUSE_PASSWORD] = "password",
	[AKITA_CAUSE_BURNT] = "burnt",
};

const char *
akita_cause_name(enum akita_cause cause)
{
	if ((unsigned int)cause >= sizeof(cause_names) / sizeof(cause_names[0]))
		return "none";
	return cause_names[cause];
}

void
akita_code_wipe(struct akita_code *code)
{
	if (code != NULL)
		akita_wipe(code, sizeof(*code));
}

/* Nothing but ASCII digits: their number, else 0. */
static size_t
count_digits(const char *text)
{
	size_t n = strspn(text, "0123456789");

	return text[n] == '\0' ? n : 0;
}

static void
parse_digits(const char *text, size_t n, struct akita_code *ret_code)
{
	size_t i;

	ret_code->shape = AKITA_SHAPE_DIGITS;
	ret_code->digits = (unsigned int)n;
	for (i = 0; i < n; i++)
		ret_code->value = ret_code->value * 10 +
		    (uint32_t)(text[i] - '0');
}

static void
parse_recovery(const char *answer, struct akita_code *ret_code)
{
	struct akita_recovery AKITA_RECOVERY_AUTO typed = { 0 };
	size_t used = 0;
	const char *p;

	if (!akita_recovery_parse(answer, &typed))
		return;
	ret_code->shape = AKITA_SHAPE_RECOVERY;
	for (p = typed.text; *p != '\0'; p++)
		if (*p != '-' && used < sizeof(ret_code->recovery) - 1)
			ret_code->recovery[used++] = *p;
}

void
akita_code_parse(const char *answer, struct akita_code *ret_code)
{
	struct akita_answer AKITA_ANSWER_AUTO plain = { .len = 0 };
	size_t n;

	memset(ret_code, 0, sizeof(*ret_code));
	if (answer == NULL || strnlen(answer, AKITA_ANSWER_MAX + 1) >
	    AKITA_ANSWER_MAX)
		return;
	if (!akita_text_normalise(answer, plain.text, sizeof(plain.text)))
		return;
	n = count_digits(plain.text);
	if (n >= AKITA_DIGITS_MIN && n <= AKITA_DIGITS_MAX)
		parse_digits(plain.text, n, ret_code);
	else
		parse_recovery(answer, ret_code);
}

bool
akita_password_parse(const char *answer, struct akita_answer *ret)
{
	struct akita_answer AKITA_ANSWER_AUTO digits = { .len = 0 };
	const char *p = answer;
	uint32_t c = 0;

	akita_answer_wipe(ret);
	if (answer == NULL)
		return false;
	while (*p != '\0') {
		p += akita_utf8_next(p, &c);
		if (c >= 0xff10 && c <= 0xff19)
			c -= 0xff10 - '0';
		if (c < '0' || c > '9' || digits.len == 8)
			goto out;
		digits.text[digits.len++] = (char)c;
	}
	if (digits.len >= 4)
		*ret = digits;
out:
	AKITA_WIPE_OBJECT(c);
	return ret->len != 0;
}
