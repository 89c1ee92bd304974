/* Files for import: every row is read or refused, and the reader goes on. */
#include "tests/fuzz/fuzz.h"

#include "cli/csv.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct akita_csv *csv;
	struct akita_why why = { 0 };
	enum akita_rc rc = AKITA_OK;
	unsigned long last = 0;
	size_t i, rows = 0;

	if (size == 0)
		return 0;
	csv = calloc(1, sizeof(*csv));
	FUZZ_MUST(csv != NULL);
	csv->in = fmemopen((void *)(uintptr_t)data, size, "r");
	FUZZ_MUST(csv->in != NULL);
	csv->line = 1;
	while (rows++ <= size) {
		rc = akita_csv_next(csv, &why);
		if (rc != AKITA_OK && rc != AKITA_ERR_MALFORMED)
			break;
		FUZZ_MUST(csv->row_line > last);
		last = csv->row_line;
		if (rc != AKITA_OK)
			continue;
		FUZZ_MUST(csv->n >= 1 && csv->n <= AKITA_CSV_FIELDS);
		for (i = 0; i < csv->n; i++) {
			FUZZ_MUST(csv->field[i] >= csv->bytes);
			FUZZ_MUST(csv->field[i] + strlen(csv->field[i]) <
			    csv->bytes + sizeof(csv->bytes));
		}
	}
	FUZZ_MUST(rc == AKITA_ERR_MISSING);
	(void)fclose(csv->in);
	free(csv);
	return 0;
}
