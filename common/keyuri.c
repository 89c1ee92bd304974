#include "common/keyuri.h"

#include <stdio.h>
#include <string.h>

#include "common/base32.h"
#include "common/cursor.h"
#include "common/text.h"

#define SCHEME	"otpauth://"

void
akita_uri_wipe(struct akita_uri *uri)
{
	if (uri != NULL)
		akita_wipe(uri, sizeof(*uri));
}

void
akita_keyuri_wipe(struct akita_keyuri *keyuri)
{
	if (keyuri != NULL)
		akita_wipe(keyuri, sizeof(*keyuri));
}

/* An issuer or label: 1 to 128 bytes of UTF-8, no control characters. */
static bool
is_name(const char *name)
{
	size_t len = strnlen(name, AKITA_URI_NAME_MAX + 1);

	return len >= 1 && len <= AKITA_URI_NAME_MAX &&
	    !akita_text_has_control(name);
}

/* c is an ASCII letter or digit, in any locale. */
static bool
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	    (c >= 'a' && c <= 'z');
}

static void
put_text(struct akita_writer *w, const char *text)
{
	akita_put_bytes(w, text, strlen(text));
}

/*
 * A name, percent-encoded (RFC 3986 section 2.1).  Apps differ in how they
 * read the characters of the URI's own grammar even when these are encoded.
 */
static void
put_name(struct akita_writer *w, const char *name)
{
	char encoded[sizeof("%00")];
	const char *p;

	for (p = name; *p != '\0'; p++) {
		if (strchr(":#&%?+", *p) != NULL)
			akita_put_u8(w, '-');
		else if (is_alnum(*p) || strchr("-._~", *p) != NULL)
			akita_put_bytes(w, p, 1);
		else {
			snprintf(encoded, sizeof(encoded), "%%%02X",
			    (unsigned int)(uint8_t)*p);
			put_text(w, encoded);
		}
	}
}

/* The fields of a token that a URI carries are within their ranges. */
static enum akita_rc
check_parameters(const struct akita_token *token, struct akita_why *why)
{
	struct akita_token carried AKITA_TOKEN_AUTO = {
		.type = token->type,
		.algorithm = token->algorithm,
		.digits = token->digits,
		.period_s = token->period_s,
		.key = token->key,
		.generation = 1,
	};

	return akita_token_check(&carried, why);
}

static void
put_uri(struct akita_writer *w, const struct akita_token *token,
    const char *issuer, const char *label, const char *key, uint64_t counter)
{
	char number[32];

	put_text(w, SCHEME);
	put_text(w, akita_token_type_name(token->type));
	put_text(w, "/");
	put_name(w, issuer);
	put_text(w, ":");
	put_name(w, label);
	put_text(w, "?secret=");
	put_text(w, key);
	put_text(w, "&issuer=");
	put_name(w, issuer);
	put_text(w, "&algorithm=");
	put_text(w, akita_hash_name(token->algorithm));
	snprintf(number, sizeof(number), "&digits=%u", token->digits);
	put_text(w, number);
	if (token->type == AKITA_TOTP)
		snprintf(number, sizeof(number), "&period=%u",
		    token->period_s);
	else
		snprintf(number, sizeof(number), "&counter=%llu",
		    (unsigned long long)counter);
	put_text(w, number);
	akita_put_u8(w, '\0');
}

enum akita_rc
akita_keyuri_build(const struct akita_token *token, const char *issuer,
    const char *label, uint64_t counter, struct akita_uri *ret_uri,
    struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	char key[AKITA_BASE32_SIZE(AKITA_KEY_MAX)];
	struct akita_writer w;

	if ((rc = check_parameters(token, why)) != AKITA_OK)
		goto out;
	if (!is_name(issuer) || !is_name(label)) {
		rc = akita_fail(why, AKITA_ERR_USAGE, AKITA_N("Issuer and "
		    "label of a QR code are 1 to 128 bytes of UTF-8 without "
		    "control characters."), NULL);
		goto out;
	}
	rc = akita_base32_encode(token->key.bytes, token->key.len, key,
	    sizeof(key));
	if (rc != AKITA_OK)
		goto out;
	akita_writer_init(&w, ret_uri->text, sizeof(ret_uri->text));
	put_uri(&w, token, issuer, label, key, counter);
	if (!akita_writer_ok(&w))
		rc = akita_fail(why, AKITA_ERR_USAGE, AKITA_N("Issuer and "
		    "label are too long for a QR code; shorten them."), NULL);
out:
	akita_wipe(key, sizeof(key));
	if (rc != AKITA_OK)
		akita_uri_wipe(ret_uri);
	return rc;
}
