#include "common/otp.h"

enum akita_rc
akita_otp_value(struct akita_crypto *crypto, const struct akita_secret *key,
    enum akita_hash algorithm, unsigned int digits, uint64_t counter,
    uint32_t *ret_value)
{
	static const uint32_t modulus[] = { 1000000, 10000000, 100000000 };
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	uint8_t message[8], mac[AKITA_HASH_MAX];
	struct akita_span span = { message, sizeof(message) };
	const uint8_t *p;
	uint32_t bits;
	int i;

	if (digits < AKITA_DIGITS_MIN || digits > AKITA_DIGITS_MAX)
		return AKITA_ERR_USAGE;
	for (i = 7; i >= 0; i--) {
		message[i] = (uint8_t)(counter & 0xff);
		counter >>= 8;
	}
	rc = akita_hmac(crypto, algorithm, key->bytes, key->len, &span, 1, mac);
	if (rc != AKITA_OK)
		goto out;
	/* Dynamic truncation: the last byte's low half says where. */
	p = mac + (mac[akita_hash_size(algorithm) - 1] & 0x0f);
	bits = (uint32_t)(p[0] & 0x7f) << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
	*ret_value = bits % modulus[digits - AKITA_DIGITS_MIN];
out:
	akita_wipe(mac, sizeof(mac));
	return rc;
}

int64_t
akita_otp_step(int64_t now_s, unsigned int period_s)
{
	return now_s / (int64_t)period_s;
}

void
akita_otp_text(uint32_t value, unsigned int digits,
    char ret_text[AKITA_DIGITS_MAX + 1])
{
	unsigned int i = digits <= AKITA_DIGITS_MAX ? digits : AKITA_DIGITS_MAX;

	ret_text[i] = '\0';
	while (i-- > 0) {
		ret_text[i] = (char)('0' + value % 10);
		value /= 10;
	}
}
