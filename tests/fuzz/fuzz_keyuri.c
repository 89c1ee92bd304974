/* Key URIs: what is read can be written, and reads the same again. */
#include "tests/fuzz/fuzz.h"

#include "common/keyuri.h"

static void
same_token(const struct akita_token *a, const struct akita_token *b)
{
	FUZZ_MUST(a->type == b->type && a->algorithm == b->algorithm);
	FUZZ_MUST(a->digits == b->digits && a->period_s == b->period_s);
	FUZZ_MUST(a->key.len == b->key.len);
	FUZZ_MUST(memcmp(a->key.bytes, b->key.bytes, a->key.len) == 0);
}

/* A URI without issuer cannot be built; a text may grow when it is encoded
 * and no longer fit. */
static void
write_and_read(const struct akita_keyuri *first)
{
	AKITA_KEYURI_AUTO struct akita_keyuri second;
	AKITA_URI_AUTO struct akita_uri uri;

	if (first->issuer[0] == '\0' || akita_keyuri_build(&first->token,
	    first->issuer, first->label, first->counter, &uri, NULL) !=
	    AKITA_OK)
		return;
	FUZZ_MUST(akita_keyuri_parse(uri.text, &second, NULL) == AKITA_OK);
	same_token(&first->token, &second.token);
	FUZZ_MUST(first->counter == second.counter);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AKITA_KEYURI_AUTO struct akita_keyuri keyuri;
	struct akita_why why = { 0 };
	char said[1024];
	char *text = fuzz_string(data, size);

	if (akita_keyuri_parse(text, &keyuri, &why) == AKITA_OK) {
		FUZZ_MUST(keyuri.token.key.len >= AKITA_KEY_MIN);
		FUZZ_MUST(keyuri.token.key.len <= AKITA_KEY_MAX);
		FUZZ_MUST(keyuri.label[0] != '\0');
		write_and_read(&keyuri);
	} else {
		FUZZ_MUST(akita_why_text(&why, NULL, said,
		    sizeof(said))[0] != '\0');
	}
	free(text);
	return 0;
}
