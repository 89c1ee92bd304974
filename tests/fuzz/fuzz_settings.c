/* akita-otp.conf: read, or refused with a reason; what is read prints. */
#include "tests/fuzz/fuzz.h"

#include "common/settings.h"

static void
print_all(const struct akita_settings *settings)
{
	const struct akita_setting *table;
	char value[AKITA_PATH_MAX + 16];
	size_t n = 0;

	table = akita_settings_table(&n);
	FUZZ_MUST(n > 0);
	for (size_t i = 0; i < n; i++)
		FUZZ_MUST(akita_settings_text(settings, &table[i], value,
		    sizeof(value)) == value);
	FUZZ_MUST(settings->digits >= AKITA_DIGITS_MIN);
	FUZZ_MUST(settings->digits <= AKITA_DIGITS_MAX);
	FUZZ_MUST(settings->period_s >= AKITA_PERIOD_MIN);
	FUZZ_MUST(settings->period_s <= AKITA_PERIOD_MAX);
	FUZZ_MUST(settings->max_failures > 0);
	FUZZ_MUST(settings->database[0] == '/');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AKITA_SETTINGS_AUTO struct akita_settings *settings = NULL;
	struct akita_settings_report report = { 0 };
	struct akita_why why = { 0 };
	char said[2048];
	char *text = fuzz_string(data, size);

	if (akita_settings_parse(text, size, "fuzz.conf", &report, &settings,
	    &why) == AKITA_OK) {
		FUZZ_MUST(settings != NULL);
		print_all(settings);
	} else {
		FUZZ_MUST(settings == NULL);
		FUZZ_MUST(akita_why_text(&why, NULL, said,
		    sizeof(said))[0] != '\0');
	}
	FUZZ_MUST(report.n <= AKITA_SETTINGS_PROBLEMS);
	free(text);
	return 0;
}
