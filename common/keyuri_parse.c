#include "common/keyuri.h"

#include <string.h>
#include <strings.h>

#include "common/base32.h"
#include "common/text.h"

#define SCHEME	"otpauth://"

/* Parameters that were seen, as bits. */
enum {
	SEEN_SECRET = 1,
	SEEN_ISSUER = 2,
	SEEN_ALGORITHM = 4,
	SEEN_DIGITS = 8,
	SEEN_PERIOD = 16,
	SEEN_COUNTER = 32
};

/* A piece of the text, decoded; may hold the key. */
struct piece {
	char	text[AKITA_URI_MAX + 1];
};

static void
piece_wipe(struct piece *piece)
{
	akita_wipe(piece, sizeof(*piece));
}

#define PIECE_AUTO __attribute__((cleanup(piece_wipe)))

static enum akita_rc
bad(struct akita_why *why, const char *msgid)
{
	return akita_fail(why, AKITA_ERR_MALFORMED, msgid, NULL);
}

/* The value of a hexadecimal digit, -1 for another character. */
static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* Percent-decode the len bytes (at most AKITA_URI_MAX) at from; %00 is
 * refused. */
static bool
unescape(const char *from, size_t len, struct piece *ret)
{
	size_t i, used = 0;
	int high, low;

	for (i = 0; i < len; i++) {
		if (from[i] != '%') {
			ret->text[used++] = from[i];
			continue;
		}
		if (len - i < 3 || (high = hex_value(from[i + 1])) < 0 ||
		    (low = hex_value(from[i + 2])) < 0 || high + low == 0)
			return false;
		ret->text[used++] = (char)(high << 4 | low);
		i += 2;
	}
	ret->text[used] = '\0';
	return true;
}

/* Copy an issuer or label that fits and is clean. */
static bool
set_name(char name[AKITA_URI_NAME_MAX + 1], const char *from)
{
	size_t len = strnlen(from, AKITA_URI_NAME_MAX + 1);

	if (len == 0 || len > AKITA_URI_NAME_MAX ||
	    akita_text_has_control(from))
		return false;
	memcpy(name, from, len + 1);
	return true;
}

/* "ISSUER:LABEL" or "LABEL". */
static bool
parse_label(const char *from, size_t len, struct akita_keyuri *keyuri)
{
	struct piece piece PIECE_AUTO = { "" };
	const char *label = piece.text;
	char *colon;

	if (!unescape(from, len, &piece))
		return false;
	if ((colon = strchr(piece.text, ':')) != NULL) {
		*colon = '\0';
		if (!set_name(keyuri->issuer, piece.text))
			return false;
		label = colon + 1 + strspn(colon + 1, " ");
	}
	return set_name(keyuri->label, label);
}

static enum akita_rc
parse_issuer(const char *value, struct akita_keyuri *keyuri,
    struct akita_why *why)
{
	char issuer[sizeof(keyuri->issuer)];

	if (!set_name(issuer, value))
		return bad(why, AKITA_N("The issuer in the key URI is not 1 to "
		    "128 bytes of UTF-8 without control characters."));
	if (keyuri->issuer[0] != '\0' && strcmp(keyuri->issuer, issuer) != 0)
		return bad(why, AKITA_N("The key URI names two different "
		    "issuers."));
	memcpy(keyuri->issuer, issuer, sizeof(issuer));
	return AKITA_OK;
}

/* A decimal number of 64 bits. */
static bool
parse_counter(const char *s, uint64_t *ret)
{
	uint64_t v = 0;

	if (*s == '\0')
		return false;
	for (; *s != '\0'; s++) {
		uint64_t digit;

		if (*s < '0' || *s > '9')
			return false;
		digit = (uint64_t)(*s - '0');
		if (v > (UINT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*ret = v;
	return true;
}

/* Take the value of a parameter over. */
static enum akita_rc
set_parameter(unsigned int which, const char *value,
    struct akita_keyuri *keyuri, struct akita_why *why)
{
	struct akita_token *token = &keyuri->token;
	uint32_t number;

	switch (which) {
	case SEEN_SECRET:
		if (akita_base32_decode_typed(value, token->key.bytes,
		    sizeof(token->key.bytes), &token->key.len) != AKITA_OK ||
		    token->key.len < AKITA_KEY_MIN)
			return bad(why, AKITA_N("The secret in the key URI is "
			    "not base32 of 16 to 64 bytes."));
		return AKITA_OK;
	case SEEN_ISSUER:
		return parse_issuer(value, keyuri, why);
	case SEEN_ALGORITHM:
		if (!akita_hash_parse(value, &token->algorithm))
			return bad(why, AKITA_N("The algorithm in the key URI "
			    "is not SHA1, SHA256 or SHA512."));
		return AKITA_OK;
	case SEEN_DIGITS:
		if (!akita_parse_u32(value, AKITA_DIGITS_MIN, AKITA_DIGITS_MAX,
		    &number))
			return bad(why, AKITA_N("The digits in the key URI are "
			    "not 6, 7 or 8."));
		token->digits = number;
		return AKITA_OK;
	case SEEN_PERIOD:
		if (token->type == AKITA_HOTP)
			return AKITA_OK;
		if (!akita_parse_u32(value, AKITA_PERIOD_MIN, AKITA_PERIOD_MAX,
		    &number))
			return bad(why, AKITA_N("The period in the key URI is "
			    "not 15 to 120 seconds."));
		token->period_s = number;
		return AKITA_OK;
	default:
		if (token->type == AKITA_TOTP ||
		    !parse_counter(value, &keyuri->counter))
			return bad(why, AKITA_N("The counter in the key URI is "
			    "not a number, or does not belong to totp."));
		return AKITA_OK;
	}
}

/* Which parameter the len bytes at name are; 0: none that we know. */
static unsigned int
parameter_bit(const char *name, size_t len)
{
	static const struct {
		const char	*name;
		unsigned int	 bit;
	} known[] = {
		{ "secret", SEEN_SECRET },
		{ "issuer", SEEN_ISSUER },
		{ "algorithm", SEEN_ALGORITHM },
		{ "digits", SEEN_DIGITS },
		{ "period", SEEN_PERIOD },
		{ "counter", SEEN_COUNTER },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strlen(known[i].name) == len &&
		    memcmp(known[i].name, name, len) == 0)
			return known[i].bit;
	return 0;
}

/* One "name=value" of len bytes. */
static enum akita_rc
parse_parameter(const char *from, size_t len, struct akita_keyuri *keyuri,
    unsigned int *seen, struct akita_why *why)
{
	struct piece value PIECE_AUTO = { "" };
	const char *equals = memchr(from, '=', len);
	unsigned int which;
	size_t name_len;

	if (equals == NULL)
		return bad(why,
		    AKITA_N("A parameter of the key URI has no value."));
	name_len = (size_t)(equals - from);
	if (!unescape(equals + 1, len - name_len - 1, &value))
		return bad(why, AKITA_N("The key URI holds a wrong "
		    "percent sequence."));
	if ((which = parameter_bit(from, name_len)) == 0)
		return AKITA_OK;
	if ((*seen & which) != 0)
		return bad(why,
		    AKITA_N("The key URI has a parameter twice."));
	*seen |= which;
	return set_parameter(which, value.text, keyuri, why);
}

/* "name=value&name=value..." */
static enum akita_rc
parse_query(const char *p, struct akita_keyuri *keyuri, struct akita_why *why)
{
	unsigned int seen = 0;
	enum akita_rc rc;
	size_t len;

	for (;; p += len + 1) {
		len = strcspn(p, "&");
		rc = parse_parameter(p, len, keyuri, &seen, why);
		if (rc != AKITA_OK)
			return rc;
		if (p[len] == '\0')
			break;
	}
	if ((seen & SEEN_SECRET) == 0)
		return bad(why, AKITA_N("The key URI has no secret."));
	if (keyuri->token.type == AKITA_HOTP && (seen & SEEN_COUNTER) == 0)
		return bad(why, AKITA_N("The key URI has no counter, which "
		    "hotp needs."));
	return AKITA_OK;
}

/* "totp/" or "hotp/": its length, 0 for anything else. */
static size_t
parse_type(const char *p, enum akita_token_type *ret)
{
	char name[sizeof("totp")];

	if (strcspn(p, "/") != sizeof(name) - 1 || p[sizeof(name) - 1] != '/')
		return 0;
	memcpy(name, p, sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	return akita_token_type_parse(name, ret) ? sizeof(name) : 0;
}

static enum akita_rc
parse(const char *p, struct akita_keyuri *keyuri, struct akita_why *why)
{
	size_t len;

	if (strnlen(p, AKITA_URI_MAX + 1) > AKITA_URI_MAX ||
	    strncasecmp(p, SCHEME, strlen(SCHEME)) != 0 ||
	    strchr(p, '#') != NULL)
		return bad(why, AKITA_N("This is no key URI (otpauth://...) of "
		    "at most 1023 bytes."));
	p += strlen(SCHEME);
	if ((len = parse_type(p, &keyuri->token.type)) == 0)
		return bad(why, AKITA_N("The type of the key URI is not totp "
		    "or hotp."));
	p += len;
	keyuri->token.algorithm = AKITA_HASH_SHA1;
	keyuri->token.digits = AKITA_DIGITS_MIN;
	keyuri->token.period_s = keyuri->token.type == AKITA_TOTP ? 30 : 0;
	len = strcspn(p, "?");
	if (p[len] == '\0' || !parse_label(p, len, keyuri))
		return bad(why, AKITA_N("The label of the key URI is missing, "
		    "too long or malformed."));
	return parse_query(p + len + 1, keyuri, why);
}

enum akita_rc
akita_keyuri_parse(const char *text, struct akita_keyuri *ret_keyuri,
    struct akita_why *why)
{
	enum akita_rc rc;

	akita_keyuri_wipe(ret_keyuri);
	rc = parse(text, ret_keyuri, why);
	if (rc != AKITA_OK)
		akita_keyuri_wipe(ret_keyuri);
	return rc;
}
