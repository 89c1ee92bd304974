/* A line of the audit log, taken apart. */
#include "tests/fuzz/fuzz.h"

#include "common/audit_line.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct akita_audit_line line = { .text_len = 0 };
	char *text = calloc(1, size > 0 ? size : 1);

	FUZZ_MUST(text != NULL);
	if (size > 0)
		memcpy(text, data, size);
	if (akita_audit_line_parse(text, size, &line)) {
		FUZZ_MUST(line.text_len < size);
		FUZZ_MUST(text[0] == '{' && text[size - 1] == '}');
	}
	free(text);
	return 0;
}
