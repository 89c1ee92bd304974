/*
 * settings_value.h (rank 2): one value of akita-otp.conf, from its text into
 * its field and back.  Only for settings.c.
 */
#ifndef AKITA_SETTINGS_VALUE_H
#define AKITA_SETTINGS_VALUE_H

#include "common/settings.h"

/*
 * Set setting's field from text.  *ret_msgid is, on failure, a sentence with
 * the arguments file, line, name and, where it takes a fourth, what goes into
 * ret_range.
 * AKITA_OK; AKITA_ERR_SETTINGS: malformed or out of range, the field is
 * untouched.
 */
#define AKITA_SETTINGS_RANGE	128
enum akita_rc	akita_settings_set(struct akita_settings *settings,
		    const struct akita_setting *setting, const char *text,
		    const char **ret_msgid,
		    char ret_range[AKITA_SETTINGS_RANGE]) AKITA_MUST_CHECK;

#endif
