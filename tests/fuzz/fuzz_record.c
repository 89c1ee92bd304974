/* The parts of a record: what decodes is what the encoder writes. */
#include "tests/fuzz/fuzz.h"

#include "common/record.h"

static void
slot(const uint8_t in[AKITA_SLOT_SIZE])
{
	struct akita_slot slot;
	uint8_t again[AKITA_SLOT_SIZE];

	if (akita_slot_decode(in, &slot) != AKITA_OK)
		return;
	FUZZ_MUST(slot.state < AKITA_STATE_COUNT);
	FUZZ_MUST(slot.state != AKITA_STATE_EXPIRED);
	FUZZ_MUST(akita_slot_encode(&slot, again) == AKITA_OK);
	FUZZ_MUST(memcmp(in, again, AKITA_SLOT_SIZE - AKITA_MAC) == 0);
}

static void
identity(const uint8_t in[AKITA_IDENTITY_SIZE])
{
	struct akita_identity identity;
	uint8_t again[AKITA_IDENTITY_SIZE];

	if (akita_identity_decode(in, &identity) != AKITA_OK)
		return;
	FUZZ_MUST(memchr(identity.user, '\0', sizeof(identity.user)) != NULL);
	FUZZ_MUST(memchr(identity.mail, '\0', sizeof(identity.mail)) != NULL);
	FUZZ_MUST(akita_identity_encode(&identity, again, NULL) == AKITA_OK);
	FUZZ_MUST(memcmp(in, again, sizeof(again)) == 0);
}

static void
token(const uint8_t in[AKITA_TOKEN_PLAIN])
{
	AKITA_TOKEN_AUTO struct akita_token token;
	uint8_t again[AKITA_TOKEN_PLAIN];

	if (akita_token_decode(in, &token) != AKITA_OK)
		return;
	FUZZ_MUST(akita_token_check(&token, NULL) == AKITA_OK);
	FUZZ_MUST(akita_token_encode(&token, again) == AKITA_OK);
	FUZZ_MUST(memcmp(in, again, sizeof(again)) == 0);
}

/* The first byte says which part the rest is; what is missing is zero. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *part;

	if (size == 0)
		return 0;
	part = calloc(1, AKITA_IDENTITY_SIZE);
	FUZZ_MUST(part != NULL);
	memcpy(part, data + 1, size - 1 < AKITA_IDENTITY_SIZE ? size - 1 :
	    AKITA_IDENTITY_SIZE);
	switch (data[0] % 3) {
	case 0:
		slot(part);
		break;
	case 1:
		identity(part);
		break;
	default:
		token(part);
		break;
	}
	free(part);
	return 0;
}
