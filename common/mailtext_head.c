#include "common/mailtext_head.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/utf8.h"

#define LINE_MAX_COLS	76
#define PLAIN_LINE_MAX	900	/* RFC 5322 allows 998 */
#define WORD_START	"=?UTF-8?B?"
#define WORD_END	"?="
#define YEAR_10000	INT64_C(253402300800)

void
akita_mail_put_bytes(struct akita_mail_out *out, const char *bytes, size_t len)
{
	if (out->failed || len >= out->size - out->used) {
		out->failed = true;
		return;
	}
	memcpy(out->buf + out->used, bytes, len);
	out->used += len;
	out->buf[out->used] = '\0';
}

void
akita_mail_put(struct akita_mail_out *out, const char *text)
{
	akita_mail_put_bytes(out, text, strlen(text));
}

/* Three bytes or fewer as four characters. */
static void
put_quad(struct akita_mail_out *out, const uint8_t *p, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t bits = (uint32_t)p[0] << 16 |
	    (len > 1 ? (uint32_t)p[1] << 8 : 0) | (len > 2 ? p[2] : 0);
	char quad[4];

	quad[0] = digits[bits >> 18];
	quad[1] = digits[bits >> 12 & 63];
	quad[2] = len > 1 ? digits[bits >> 6 & 63] : '=';
	quad[3] = len > 2 ? digits[bits & 63] : '=';
	akita_mail_put_bytes(out, quad, sizeof(quad));
}

static void
put_quads(struct akita_mail_out *out, const char *text, size_t len)
{
	const uint8_t *p = (const uint8_t *)text;

	for (; len > 3; len -= 3, p += 3)
		put_quad(out, p, 3);
	if (len > 0)
		put_quad(out, p, len);
}

/* Nothing that a header's grammar or RFC 2047 gives a meaning. */
static bool
is_plain_value(const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_/'+";
	size_t len = strlen(text);

	return len <= 40 && strspn(text, plain) == len &&
	    (len == 0 || (text[0] != ' ' && text[len - 1] != ' '));
}

/* The bytes of whole characters that one encoded word of room columns
 * holds. */
static size_t
bytes_that_fit(const char *text, size_t room)
{
	size_t overhead = strlen(WORD_START WORD_END);
	size_t most = room > overhead ? (room - overhead) / 4 * 3 : 0;
	size_t len = 0, n;
	uint32_t c;

	while (text[len] != '\0') {
		n = akita_utf8_next(text + len, &c);
		if (len + n > most)
			break;
		len += n;
	}
	return len;
}

void
akita_mail_put_words(struct akita_mail_out *out, size_t col, const char *text)
{
	size_t len;

	if (is_plain_value(text)) {
		akita_mail_put(out, text);
		return;
	}
	while (*text != '\0' && !out->failed) {
		len = bytes_that_fit(text, LINE_MAX_COLS - col);
		if (len > 0) {
			akita_mail_put(out, WORD_START);
			put_quads(out, text, len);
			akita_mail_put(out, WORD_END);
			text += len;
		}
		if (*text != '\0')
			akita_mail_put(out, "\n ");
		col = 1;
	}
}

void
akita_mail_put_base64(struct akita_mail_out *out, const char *text)
{
	size_t left = strlen(text), len;

	while (left > 0 && !out->failed) {
		len = left < 57 ? left : 57;
		put_quads(out, text, len);
		akita_mail_put(out, "\n");
		text += len;
		left -= len;
	}
}

bool
akita_mail_put_date(struct akita_mail_out *out, int64_t date_s)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t t = (time_t)date_s;
	char text[64];
	struct tm tm;

	if (date_s < 0 || date_s >= YEAR_10000 || gmtime_r(&t, &tm) == NULL)
		return false;
	(void)snprintf(text, sizeof(text),
	    "%.3s, %d %.3s %d %02d:%02d:%02d +0000", days + 3 * tm.tm_wday,
	    tm.tm_mday, months + 3 * tm.tm_mon, tm.tm_year + 1900, tm.tm_hour,
	    tm.tm_min, tm.tm_sec);
	akita_mail_put(out, text);
	return true;
}

bool
akita_mail_is_plain(const char *body)
{
	size_t col = 0;

	for (; *body != '\0'; body++) {
		col = *body == '\n' ? 0 : col + 1;
		if ((unsigned char)*body >= 0x7f || col > PLAIN_LINE_MAX)
			return false;
	}
	return true;
}
