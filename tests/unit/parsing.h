/*
 * Texts of akita-otp.conf, parsed: accepted, or refused with one error whose
 * line and words are known.
 */
#ifndef AKITA_TESTS_PARSING_H
#define AKITA_TESTS_PARSING_H

#include <stdbool.h>

#include "common/settings.h"
#include "tests/unit/scratch.h"

static struct akita_why why;
static struct akita_settings_report report;

/* Parse len bytes; on success the settings, owned by the caller. */
static inline struct akita_settings *
parse_bytes(const char *text, size_t len)
{
	struct akita_settings *settings = NULL;
	enum akita_rc rc;

	memset(&why, 0, sizeof(why));
	rc = akita_settings_parse(text, len, "FILE", &report, &settings,
	    &why);
	assert_true((rc == AKITA_OK) == (settings != NULL));
	if (rc != AKITA_OK)
		assert_int_equal(rc, AKITA_ERR_SETTINGS);
	return settings;
}

static inline struct akita_settings *
good(const char *text)
{
	struct akita_settings *settings = parse_bytes(text, strlen(text));

	if (settings == NULL)
		fail_msg("%s: %s", text, sentence(&why));
	return settings;
}

/* The text is refused with one error in this line that says these words. */
static inline void
bad_bytes(const char *text, size_t len, unsigned int line, const char *words)
{
	char place[32];
	struct akita_settings *settings = parse_bytes(text, len);

	if (settings != NULL)
		fail_msg("accepted: %s", text);
	(void)snprintf(place, sizeof(place), "FILE, line %u:", line);
	if (strstr(sentence(&why), place) == NULL ||
	    strstr(sentence(&why), words) == NULL)
		fail_msg("%s: %s", text, sentence(&why));
	assert_int_equal(report.n, 1);
	assert_int_equal(report.problem[0].line, line);
	assert_false(report.problem[0].is_warning);
}

static inline void
bad(const char *text, unsigned int line, const char *words)
{
	bad_bytes(text, strlen(text), line, words);
}

#endif
