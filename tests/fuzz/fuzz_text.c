/* What people type: codes, names, addresses, numbers. */
#include "tests/fuzz/fuzz.h"

#include "common/names.h"
#include "common/recovery.h"
#include "common/text.h"

static void
names(const char *text)
{
	size_t len = strlen(text);

	if (akita_account_check(text, NULL) == AKITA_OK) {
		FUZZ_MUST(len >= 1 && len <= AKITA_ACCOUNT_MAX);
		FUZZ_MUST(!akita_text_has_control(text));
	}
	if (akita_name_check(text, NULL) == AKITA_OK)
		FUZZ_MUST(len <= AKITA_NAME_MAX && akita_text_is_utf8(text));
	if (akita_branch_check(text, NULL) == AKITA_OK)
		FUZZ_MUST(len >= 1 && len <= AKITA_BRANCH_MAX);
	if (akita_form_check(text, NULL) == AKITA_OK)
		FUZZ_MUST(len >= 1 && len <= AKITA_FORM_MAX);
	if (akita_note_check(text, NULL) == AKITA_OK)
		FUZZ_MUST(len <= AKITA_NOTE_MAX);
	if (akita_mail_check(text, NULL) == AKITA_OK) {
		FUZZ_MUST(len <= AKITA_MAIL_MAX);
		FUZZ_MUST(strpbrk(text, "\r\n<> ,;:\"()\\") == NULL);
	}
}

static void
code(const char *text)
{
	AKITA_RECOVERY_AUTO struct akita_recovery recovery;
	char plain[48];

	if (akita_text_normalise(text, plain, sizeof(plain)))
		FUZZ_MUST(strpbrk(plain, " -") == NULL);
	else
		FUZZ_MUST(plain[0] == '\0');
	if (akita_recovery_parse(text, &recovery))
		FUZZ_MUST(strlen(recovery.text) == AKITA_RECOVERY_LEN);
}

static void
lines(const char *text)
{
	char out[64];
	uint32_t number = 5;

	FUZZ_MUST(akita_text_escape(text, out, sizeof(out)) == out);
	FUZZ_MUST(!akita_text_has_control(out));
	FUZZ_MUST(strchr(out, '"') == NULL);
	FUZZ_MUST(akita_text_width(text) <= 2 * strlen(text));
	if (akita_parse_u32(text, 3, 70, &number))
		FUZZ_MUST(number >= 3 && number <= 70);
	else
		FUZZ_MUST(number == 5);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_string(data, size);

	names(text);
	code(text);
	lines(text);
	free(text);
	return 0;
}
