/* What anybody may say to the setuid helper, and it to the module. */
#include "tests/fuzz/fuzz.h"

#include "pam/wire.h"

static void
request(const uint8_t *data, size_t size)
{
	struct akita_wire_request request AKITA_WIRE_AUTO = { 0 };
	uint8_t again[AKITA_WIRE_REQUEST];
	size_t len = 0;

	if (akita_wire_get_request(data, size, &request) != AKITA_OK) {
		FUZZ_MUST(request.user[0] == '\0');
		FUZZ_MUST(request.answer.text[0] == '\0');
		return;
	}
	FUZZ_MUST(size <= AKITA_WIRE_REQUEST);
	FUZZ_MUST(request.answered_at >= 0);
	FUZZ_MUST(akita_wire_put_request(&request, again, &len) == AKITA_OK);
	FUZZ_MUST(len == size && memcmp(again, data, len) == 0);
}

static void
reply(const uint8_t *data, size_t size)
{
	struct akita_wire_reply reply = { 0 };
	uint8_t again[AKITA_WIRE_REPLY];

	if (akita_wire_get_reply(data, size, &reply) != AKITA_OK) {
		FUZZ_MUST(reply.outcome.verdict == AKITA_VERDICT_DENY);
		return;
	}
	FUZZ_MUST(size == AKITA_WIRE_REPLY);
	if (reply.outcome.verdict == AKITA_VERDICT_ACCEPT)
		FUZZ_MUST(reply.rc == AKITA_OK && reply.op ==
		    AKITA_WIRE_ATTEMPT);
	akita_wire_put_reply(&reply, again);
	FUZZ_MUST(memcmp(again, data, sizeof(again)) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy = calloc(1, size > 0 ? size : 1);

	FUZZ_MUST(copy != NULL);
	if (size > 0)
		memcpy(copy, data, size);
	request(copy, size);
	reply(copy, size);
	free(copy);
	return 0;
}
