#include "cli/mailview.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define MARK	"=?UTF-8?B?"	/* begins an encoded word */

static int
digit(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at;

	if (c == '\0' || (at = strchr(digits, c)) == NULL)
		return -1;
	return (int)(at - digits);
}

/* The bytes of len characters of base64; other characters are passed over. */
static void
put_base64(const char *text, size_t len, FILE *out)
{
	uint32_t bits = 0;
	unsigned int n = 0;
	int value;
	size_t i;

	for (i = 0; i < len; i++) {
		if ((value = digit(text[i])) < 0)
			continue;
		bits = bits << 6 | (uint32_t)value;
		n += 6;
		if (n >= 8) {
			n -= 8;
			(void)putc((int)(bits >> n & 0xff), out);
		}
	}
}

static bool
is_encoded_word(const char *text)
{
	return strncasecmp(text, MARK, sizeof(MARK) - 1) == 0;
}

/* The value of a header with its folded lines: encoded words are decoded, and
 * the blanks between two of them are no part of the text (RFC 2047). */
static void
put_words(const char *text, size_t len, FILE *out)
{
	const char *end = text + len, *close;

	while (text < end) {
		if (!is_encoded_word(text)) {
			if (*text != '\n')
				(void)putc(*text, out);
			text++;
			continue;
		}
		text += sizeof(MARK) - 1;
		close = memmem(text, (size_t)(end - text), "?=", 2);
		if (close == NULL)
			return;
		put_base64(text, (size_t)(close - text), out);
		text = close + 2;
		if (is_encoded_word(text + strspn(text, " \t\n")))
			text += strspn(text, " \t\n");
	}
}

/* The header's value with its folded lines; NULL: there is none. */
static const char *
find_header(const char *text, const char *name, size_t *ret_len)
{
	size_t len = strlen(name);
	const char *end;

	while (*text != '\0' && *text != '\n') {
		end = text + strcspn(text, "\n");
		while (end[0] == '\n' && (end[1] == ' ' || end[1] == '\t'))
			end += 1 + strcspn(end + 1, "\n");
		if (strncasecmp(text, name, len) == 0 && text[len] == ':') {
			text += len + 1;
			text += strspn(text, " \t");
			*ret_len = (size_t)(end - text);
			return text;
		}
		text = *end == '\n' ? end + 1 : end;
	}
	return NULL;
}

void
akita_mailview_print(const char *text, FILE *out)
{
	static const char *const shown[] = { "From", "To", "Subject" };
	const char *value, *body;
	size_t i, len = 0;

	for (i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		if ((value = find_header(text, shown[i], &len)) == NULL)
			continue;
		(void)fprintf(out, "%s: ", shown[i]);
		put_words(value, len, out);
		(void)putc('\n', out);
	}
	if ((body = strstr(text, "\n\n")) == NULL)
		return;
	(void)putc('\n', out);
	body += 2;
	value = find_header(text, "Content-Transfer-Encoding", &len);
	if (value != NULL && len >= 6 && strncasecmp(value, "base64", 6) == 0)
		put_base64(body, strlen(body), out);
	else
		(void)fputs(body, out);
}
