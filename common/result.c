#include "common/result.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "common/utf8.h"

static const char *const words[AKITA_RC_COUNT] = {
	[AKITA_OK] = "ok",
	[AKITA_ERR_INTERNAL] = "internal",
	[AKITA_ERR_NOMEM] = "nomem",
	[AKITA_ERR_USAGE] = "usage",
	[AKITA_ERR_MALFORMED] = "malformed",
	[AKITA_ERR_SETTINGS] = "settings",
	[AKITA_ERR_REFUSED] = "refused",
	[AKITA_ERR_NO_ACCOUNT] = "no_account",
	[AKITA_ERR_EXISTS] = "exists",
	[AKITA_ERR_PERMISSION] = "permission",
	[AKITA_ERR_BUSY] = "busy",
	[AKITA_ERR_DATABASE] = "database",
	[AKITA_ERR_KEY] = "key",
	[AKITA_ERR_LOG] = "log",
	[AKITA_ERR_UNKNOWN] = "unknown",
	[AKITA_ERR_NSS] = "nss",
	[AKITA_ERR_CRYPTO] = "crypto",
	[AKITA_ERR_IO] = "io",
	[AKITA_ERR_CONV] = "conv",
	[AKITA_ERR_CONV_AGAIN] = "conv_again",
	[AKITA_ERR_PARTIAL] = "partial",
	[AKITA_ERR_MISSING] = "missing",
};

const char *
akita_rc_word(enum akita_rc rc)
{
	if ((unsigned int)rc >= AKITA_RC_COUNT)
		return words[AKITA_ERR_INTERNAL];
	return words[rc];
}

/* Copy s to an argument: whole characters that fit, controls as '?'. */
static void
set_arg(char arg[AKITA_WHY_ARG_SIZE], const char *s)
{
	size_t used = 0;
	uint32_t c;

	while (*s != '\0') {
		size_t n = akita_utf8_next(s, &c);

		if (c == AKITA_UTF8_BAD || akita_utf8_is_control(c)) {
			if (used + 1 >= AKITA_WHY_ARG_SIZE)
				break;
			arg[used++] = '?';
		} else {
			if (used + n >= AKITA_WHY_ARG_SIZE)
				break;
			memcpy(arg + used, s, n);
			used += n;
		}
		s += n;
	}
	arg[used] = '\0';
}

enum akita_rc
akita_fail(struct akita_why *why, enum akita_rc rc, const char *msgid, ...)
{
	/* Built aside: an argument may be a part of *why. */
	struct akita_why made = { .msgid = msgid };
	const char *s;
	va_list ap;
	size_t i;

	if (why == NULL)
		return rc;
	va_start(ap, msgid);
	for (i = 0; i < AKITA_WHY_ARGS; i++) {
		if ((s = va_arg(ap, const char *)) == NULL)
			break;
		set_arg(made.arg[i], s);
	}
	va_end(ap);
	*why = made;
	return rc;
}

/*
 * Which argument the conversion at p, a '%', means: "%s" the next one, "%2$s"
 * the second.  Returns its length; 0: it is none of ours.
 */
static size_t
read_conversion(const char *p, size_t *next, size_t *ret_index)
{
	if (p[1] == 's') {
		*ret_index = (*next)++;
		return 2;
	}
	if (p[1] >= '1' && p[1] <= '9' && p[2] == '$' && p[3] == 's') {
		*ret_index = (size_t)(p[1] - '1');
		return 4;
	}
	return 0;
}

/* Append n bytes of s to buf, as many as fit. */
static void
append(char *buf, size_t size, size_t *used, const char *s, size_t n)
{
	size_t room = size - 1 - *used;

	if (n > room)
		n = room;
	memcpy(buf + *used, s, n);
	*used += n;
}

/*
 * The format is a translation and so a little less trusted than code: it is
 * read here, where anything but %s, %1$s and %% is plain text, and not by
 * printf.
 */
char *
akita_why_text(const struct akita_why *why,
    const char *(*translate)(const char *msgid), char *buf, size_t buf_size)
{
	size_t used = 0, next = 0, i = 0, n;
	const char *p = "";

	if (buf_size == 0)
		return buf;
	if (why != NULL && why->msgid != NULL)
		p = translate != NULL ? translate(why->msgid) : why->msgid;
	while (*p != '\0') {
		n = *p == '%' ? read_conversion(p, &next, &i) : 0;
		if (n == 0) {
			append(buf, buf_size, &used, p, 1);
			p += p[0] == '%' && p[1] == '%' ? 2 : 1;
			continue;
		}
		if (i < AKITA_WHY_ARGS)
			append(buf, buf_size, &used, why->arg[i],
			    strlen(why->arg[i]));
		p += n;
	}
	buf[used] = '\0';
	return buf;
}
