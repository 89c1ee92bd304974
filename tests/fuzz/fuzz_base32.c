/* base32: what decodes strictly encodes to the same text again. */
#include "tests/fuzz/fuzz.h"

#include "common/base32.h"

#define ROOM 64

static void
decode_strictly(const char *text)
{
	char again[AKITA_BASE32_SIZE(ROOM)];
	uint8_t bytes[ROOM];
	size_t len = ROOM + 1;

	if (akita_base32_decode(text, bytes, sizeof(bytes), &len) != AKITA_OK) {
		FUZZ_MUST(len == ROOM + 1);
		return;
	}
	FUZZ_MUST(len <= ROOM);
	FUZZ_MUST(akita_base32_encode(bytes, len, again, sizeof(again)) ==
	    AKITA_OK);
	FUZZ_MUST(strncmp(again, text, strlen(again)) == 0);
	FUZZ_MUST(strspn(text + strlen(again), "=") ==
	    strlen(text + strlen(again)));
}

static void
decode_typed(const char *text)
{
	uint8_t bytes[ROOM];
	size_t len = ROOM + 1;

	if (akita_base32_decode_typed(text, bytes, sizeof(bytes), &len) ==
	    AKITA_OK)
		FUZZ_MUST(len <= ROOM);
	else
		FUZZ_MUST(len == ROOM + 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_string(data, size);

	decode_strictly(text);
	decode_typed(text);
	free(text);
	return 0;
}
