#include "common/token.h"

#include <strings.h>

static const struct {
	enum akita_hash	 algorithm;
	const char	*name;
} algorithms[] = {
	{ AKITA_HASH_SHA1, "SHA1" },
	{ AKITA_HASH_SHA256, "SHA256" },
	{ AKITA_HASH_SHA512, "SHA512" },
};

static const struct {
	enum akita_token_type	 type;
	const char		*name;
} types[] = {
	{ AKITA_TOTP, "totp" },
	{ AKITA_HOTP, "hotp" },
};

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

void
akita_token_wipe(struct akita_token *token)
{
	if (token != NULL)
		akita_wipe(token, sizeof(*token));
}

enum akita_rc
akita_token_check(const struct akita_token *token, struct akita_why *why)
{
	enum akita_rc bad = AKITA_ERR_USAGE;

	if (akita_token_type_name(token->type) == NULL)
		return akita_fail(why, bad,
		    AKITA_N("The type of a token is totp or hotp."), NULL);
	if (akita_hash_name(token->algorithm) == NULL)
		return akita_fail(why, bad, AKITA_N("The algorithm of a token "
		    "is SHA1, SHA256 or SHA512."), NULL);
	if (token->digits < AKITA_DIGITS_MIN ||
	    token->digits > AKITA_DIGITS_MAX)
		return akita_fail(why, bad,
		    AKITA_N("A token has 6, 7 or 8 digits."), NULL);
	if (token->type == AKITA_TOTP ? token->period_s < AKITA_PERIOD_MIN ||
	    token->period_s > AKITA_PERIOD_MAX : token->period_s != 0)
		return akita_fail(why, bad, AKITA_N("The period of a totp "
		    "token is 15 to 120 seconds; hotp has none."), NULL);
	if (token->key.len < AKITA_KEY_MIN || token->key.len > AKITA_KEY_MAX)
		return akita_fail(why, bad, AKITA_N("The key of a token has "
		    "16 to 64 bytes; shorter ones are too weak."), NULL);
	if (token->generation == 0)
		return akita_fail(why, bad,
		    AKITA_N("The generation of a token starts at 1."), NULL);
	if (token->issued_at < 0 || token->expires_at < 0)
		return akita_fail(why, bad,
		    AKITA_N("The times of a token lie after 1970."), NULL);
	if (token->recovery_count > AKITA_RECOVERY_MAX)
		return akita_fail(why, bad, AKITA_N("A token has at most 32 "
		    "recovery codes."), NULL);
	return AKITA_OK;
}

size_t
akita_key_size(enum akita_hash algorithm)
{
	return akita_hash_size(algorithm);
}

const char *
akita_hash_name(enum akita_hash algorithm)
{
	size_t i;

	for (i = 0; i < COUNT(algorithms); i++)
		if (algorithms[i].algorithm == algorithm)
			return algorithms[i].name;
	return NULL;
}

const char *
akita_token_type_name(enum akita_token_type type)
{
	size_t i;

	for (i = 0; i < COUNT(types); i++)
		if (types[i].type == type)
			return types[i].name;
	return NULL;
}

bool
akita_hash_parse(const char *name, enum akita_hash *ret)
{
	size_t i;

	for (i = 0; i < COUNT(algorithms); i++)
		if (strcasecmp(algorithms[i].name, name) == 0) {
			*ret = algorithms[i].algorithm;
			return true;
		}
	return false;
}

bool
akita_token_type_parse(const char *name, enum akita_token_type *ret)
{
	size_t i;

	for (i = 0; i < COUNT(types); i++)
		if (strcasecmp(types[i].name, name) == 0) {
			*ret = types[i].type;
			return true;
		}
	return false;
}
