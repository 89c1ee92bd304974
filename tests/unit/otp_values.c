/*
 * otp_values [SEED]: one-time passwords of 120 pseudo-random tokens, ten in a
 * row each, for comparison with another program (oathtool.bats).  A line is
 *	totp=HASH DIGITS PERIOD UNIXTIME KEY value ... value
 *	hotp      DIGITS 0      COUNTER  KEY value ... value
 * with the key in hexadecimal.
 */
#include <stdio.h>
#include <stdlib.h>

#include "common/otp.h"

#define TOKENS	120
#define IN_A_ROW 10

/* Pseudo-random numbers, the same ones for a seed everywhere (xorshift64*). */
static uint64_t
next(uint64_t *x)
{
	*x ^= *x >> 12;
	*x ^= *x << 25;
	*x ^= *x >> 27;
	return *x * 0x2545f4914f6cdd1d;
}

static int
print_row(struct akita_crypto *crypto, uint64_t *x)
{
	static const char *const names[] = { "sha1", "sha256", "sha512" };
	static const unsigned int periods[] = { 60, 60, 60, 30, 15, 120 };
	struct akita_secret key AKITA_SECRET_AUTO = { .len = 0 };
	enum akita_hash hash = (enum akita_hash)(1 + next(x) % 3);
	unsigned int digits = 6 + (unsigned int)(next(x) % 3);
	unsigned int period_s = periods[next(x) % 6];
	int64_t now_s = (int64_t)(next(x) % 20000000000);
	uint64_t counter = (uint64_t)akita_otp_step(now_s, period_s);
	int is_hotp = hash == AKITA_HASH_SHA1 && next(x) % 2 == 0;
	char text[AKITA_DIGITS_MAX + 1];
	uint32_t value;

	key.len = 16 + next(x) % 49;
	if (is_hotp)
		printf("hotp %u 0 %llu ", digits, (unsigned long long)counter);
	else
		printf("totp=%s %u %u %lld ", names[hash - 1], digits,
		    period_s, (long long)now_s);
	for (size_t i = 0; i < key.len; i++) {
		key.bytes[i] = (uint8_t)(next(x) >> 32);
		printf("%02x", key.bytes[i]);
	}
	for (uint64_t i = 0; i < IN_A_ROW; i++) {
		if (akita_otp_value(crypto, &key, hash, digits, counter + i,
		    &value) != AKITA_OK)
			return 1;
		akita_otp_text(value, digits, text);
		printf(" %s", text);
	}
	printf("\n");
	return 0;
}

int
main(int argc, char **argv)
{
	struct akita_crypto *crypto = NULL;
	uint64_t x = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
	int status = 1;

	if (x == 0 || akita_crypto_new(&crypto) != AKITA_OK)
		return 1;
	for (int i = 0; i < TOKENS; i++)
		if ((status = print_row(crypto, &x)) != 0)
			break;
	akita_crypto_free(&crypto);
	return status;
}
