/* What is typed at a prompt: codes, recovery codes, activation passwords. */
#include "tests/fuzz/fuzz.h"

#include "common/decide.h"

static void
code(const char *text)
{
	AKITA_CODE_AUTO struct akita_code code;
	size_t len;

	akita_code_parse(text, &code);
	switch (code.shape) {
	case AKITA_SHAPE_DIGITS:
		FUZZ_MUST(code.digits >= AKITA_DIGITS_MIN);
		FUZZ_MUST(code.digits <= AKITA_DIGITS_MAX);
		FUZZ_MUST(code.value < 100000000);
		break;
	case AKITA_SHAPE_RECOVERY:
		len = strnlen(code.recovery, sizeof(code.recovery));
		FUZZ_MUST(len == 12);
		FUZZ_MUST(strspn(code.recovery, "0123456789") < len);
		break;
	case AKITA_SHAPE_MALFORMED:
		FUZZ_MUST(code.digits == 0 && code.value == 0);
		break;
	default:
		FUZZ_MUST(0);
	}
}

static void
password(const char *text)
{
	AKITA_ANSWER_AUTO struct akita_answer answer;
	size_t len;

	if (!akita_password_parse(text, &answer)) {
		FUZZ_MUST(answer.text[0] == '\0');
		return;
	}
	len = strlen(answer.text);
	FUZZ_MUST(len >= 4 && len <= 8);
	FUZZ_MUST(strspn(answer.text, "0123456789") == len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_string(data, size);

	code(text);
	password(text);
	free(text);
	return 0;
}
