/* Every key of akita-otp.conf: its default, what it takes and what not. */
#include "tests/unit/parsing.h"

#include <syslog.h>

static void
assert_text(const struct akita_settings *settings,
    const struct akita_setting *setting, const char *wanted)
{
	char text[2048];

	assert_string_equal(akita_settings_text(settings, setting, text,
	    sizeof(text)), wanted);
}

TEST(an_empty_file_gives_every_default)
{
	AKITA_SETTINGS_AUTO struct akita_settings *s = good("");
	size_t n;
	const struct akita_setting *table = akita_settings_table(&n);

	for (size_t i = 0; i < n; i++)
		assert_text(s, &table[i], table[i].fallback);
	assert_int_equal(report.n, 0);
	assert_string_equal(s->service_id, "AKITA");
	assert_string_equal(s->issuer, "Akita-Kenshin");
	assert_string_equal(s->label, "%u");
	assert_int_equal(s->lang, AKITA_SETTINGS_LANG_AUTO);
	assert_int_equal(s->algorithm, AKITA_HASH_SHA1);
	assert_int_equal(s->digits, 6);
	assert_int_equal(s->period_s, 60);
	assert_int_equal(s->window, 1);
	assert_int_equal(s->max_drift, 10);
	assert_int_equal(s->hotp_lookahead, 10);
	assert_int_equal(s->resync_window, 60);
	assert_int_equal(s->max_failures, 10);
	assert_int_equal(s->issue_valid_days, 14);
	assert_true(s->activation_password);
	assert_false(s->require_registration);
	assert_false(s->require_form);
	assert_true(s->unlock_requires_suspend);
	assert_string_equal(s->trusted_callers, "");
	assert_string_equal(s->database,
	    AKITA_LOCALSTATEDIR "/lib/akita-otp/tokens.gdbm");
	assert_string_equal(s->key_file,
	    AKITA_SYSCONFDIR "/akita-otp/master.key");
	assert_int_equal(s->lock_timeout_ms, 3000);
	assert_false(s->mail_enabled);
	assert_string_equal(s->mail_from, "");
	assert_string_equal(s->sendmail, "/usr/sbin/sendmail");
	assert_string_equal(s->audit_file,
	    AKITA_LOCALSTATEDIR "/log/akita-otp/audit.log");
	assert_int_equal(s->audit_syslog, LOG_AUTHPRIV);
}

TEST(the_table_has_the_keys_of_the_product_and_no_more)
{
	static const char *const keys[] = { "service.service_id",
		"service.service_name", "service.issuer", "service.label",
		"service.contact", "service.lang", "token.algorithm",
		"token.digits", "token.period", "token.window",
		"token.max_drift", "token.hotp_lookahead",
		"token.resync_window", "policy.max_failures",
		"policy.issue_valid_days", "policy.activation_password",
		"policy.require_registration", "policy.require_form",
		"policy.unlock_requires_suspend", "policy.trusted_callers",
		"storage.database", "storage.key_file",
		"storage.lock_timeout_ms", "mail.enabled", "mail.from",
		"mail.sendmail", "audit.file", "audit.syslog" };
	char key[128];
	size_t n;
	const struct akita_setting *table = akita_settings_table(&n);

	assert_int_equal(n, COUNT(keys));
	for (size_t i = 0; i < n; i++) {
		(void)snprintf(key, sizeof(key), "%s.%s", table[i].section,
		    table[i].name);
		assert_string_equal(key, keys[i]);
		assert_true(strlen(table[i].doc) > 0);
	}
}

/* "[section]\nname = value\n", in static storage. */
static const char *
file_of(const struct akita_setting *setting, const char *value)
{
	static char text[16384];

	(void)snprintf(text, sizeof(text), "[%s]\n%s = %s\n",
	    setting->section, setting->name, value);
	return text;
}

/* What else the file must say for this value to be accepted. */
static const char *
file_with_needs(const struct akita_setting *setting, const char *value)
{
	static char text[16400];

	(void)snprintf(text, sizeof(text), "%s%s", file_of(setting, value),
	    strcmp(setting->name, "enabled") == 0 ? "from = a@b\n" : "");
	return text;
}

static void
accept(const struct akita_setting *setting, const char *value)
{
	AKITA_SETTINGS_AUTO struct akita_settings *s =
	    good(file_with_needs(setting, value));
	size_t n;
	const struct akita_setting *table = akita_settings_table(&n);

	assert_text(s, setting, value);
	/* And nothing else has changed. */
	for (size_t i = 0; i < n; i++)
		if (&table[i] != setting &&
		    strcmp(file_with_needs(setting, value),
		    file_of(setting, value)) == 0)
			assert_text(s, &table[i], table[i].fallback);
}

static void
refuse(const struct akita_setting *setting, const char *value)
{
	bad(file_of(setting, value), 2, setting->name);
}

static void
flip_number(const struct akita_setting *setting)
{
	char value[32];

	for (unsigned int i = 0; i < 2; i++) {
		(void)snprintf(value, sizeof(value), "%u",
		    i == 0 ? setting->min : setting->max);
		accept(setting, value);
	}
	(void)snprintf(value, sizeof(value), "%u", setting->max + 1);
	refuse(setting, value);
	(void)snprintf(value, sizeof(value), "%lld",
	    (long long)setting->min - 1);
	refuse(setting, value);
	refuse(setting, "");
	refuse(setting, "six");
	refuse(setting, "0x6");
	refuse(setting, "+6");
	refuse(setting, "6.0");
	refuse(setting, "6 6");
	refuse(setting, "6s");
	refuse(setting, "4294967302");
	refuse(setting, "18446744073709551622");
	refuse(setting, "\xef\xbc\x96");
}

static void
flip_choice(const struct akita_setting *setting)
{
	const struct akita_setting_choice *choice;

	for (choice = setting->choices; choice->word != NULL; choice++)
		accept(setting, choice->word);
	refuse(setting, "");
	refuse(setting, "maybe");
	refuse(setting, "YES");
	refuse(setting, "1");
	refuse(setting, "auto no");
}

/* A text of len letters. */
static const char *
letters(size_t len)
{
	static char text[2048];

	memset(text, 'x', len);
	text[len] = '\0';
	return text;
}

static void
flip_text(const struct akita_setting *setting)
{
	accept(setting, letters(setting->max));
	if (setting->max < 1000)
		refuse(setting, letters(setting->max + 1));
	if (setting->min > 0)
		refuse(setting, "");
	else
		accept(setting, "");
	refuse(setting, "a\tb");
	refuse(setting, "a\x01");
	refuse(setting, "a\xc2\x85" "b");
	refuse(setting, "a\xe2\x80\xae" "b");
	if (setting->type == AKITA_SETTING_WORD) {
		refuse(setting, "a b");
		refuse(setting, "\xe7\xa7\x8b");
		return;
	}
	accept(setting, "\xe7\xa7\x8b\xe7\x94\xb0");
	accept(setting, "a = b");
	accept(setting, "a ; b # c");
	accept(setting, "\"quoted\"");
}

static void
flip_label(const struct akita_setting *setting)
{
	accept(setting, "%i");
	accept(setting, "\xe7\xa7\x8b %u (%i)");
	refuse(setting, "");
	refuse(setting, "plain");
	refuse(setting, "%u %s");
	refuse(setting, "%u %");
	refuse(setting, "%%u");
	refuse(setting, "%u\tx");
}

static void
flip_path(const struct akita_setting *setting, const char *scheme)
{
	static const char *const wrong[] = { "", "relative/file", "./file",
		"~/file", "/dir/", "/", "/a\x01" };
	char value[2100];

	(void)snprintf(value, sizeof(value), "%s/some where/else", scheme);
	accept(setting, value);
	(void)snprintf(value, sizeof(value), "%s/%s", scheme,
	    letters(900));
	accept(setting, value);
	for (size_t i = 0; i < COUNT(wrong); i++) {
		(void)snprintf(value, sizeof(value), "%s%s", scheme,
		    wrong[i]);
		refuse(setting, value);
	}
	if (scheme[0] == '\0')
		return;
	refuse(setting, "/without/scheme");
	refuse(setting, "sqlite:/a");
	refuse(setting, "gdbm: /a");
	refuse(setting, "GDBM:/a");
}

static void
flip_users(const struct akita_setting *setting)
{
	accept(setting, "radius");
	accept(setting, "radius www-data \xe8\x8a\xb1\xe5\xad\x90");
	refuse(setting, letters(AKITA_ACCOUNT_MAX + 1));
	refuse(setting, "a\x01");
}

static void
flip_mail(const struct akita_setting *setting)
{
	accept(setting, "");
	accept(setting, "akita-kenshin@otp-auth.net");
	refuse(setting, "nobody");
	refuse(setting, "a@b c@d");
	refuse(setting, "Akita <a@b>");
	refuse(setting, "-f@b");
}

TEST(every_key_takes_what_it_should_and_nothing_else)
{
	size_t n;
	const struct akita_setting *table = akita_settings_table(&n);

	for (size_t i = 0; i < n; i++) {
		switch (table[i].type) {
		case AKITA_SETTING_NUMBER:
			flip_number(&table[i]);
			break;
		case AKITA_SETTING_CHOICE:
		case AKITA_SETTING_SWITCH:
			flip_choice(&table[i]);
			break;
		case AKITA_SETTING_TEXT:
		case AKITA_SETTING_WORD:
			flip_text(&table[i]);
			break;
		case AKITA_SETTING_LABEL:
			flip_label(&table[i]);
			break;
		case AKITA_SETTING_PATH:
			flip_path(&table[i], "");
			break;
		case AKITA_SETTING_DATABASE:
			flip_path(&table[i], "gdbm:");
			break;
		case AKITA_SETTING_USERS:
			flip_users(&table[i]);
			break;
		case AKITA_SETTING_MAIL:
			flip_mail(&table[i]);
			break;
		}
	}
}

TEST(every_key_given_twice_is_an_error)
{
	char text[4096];
	size_t n;
	const struct akita_setting *table = akita_settings_table(&n);

	for (size_t i = 0; i < n; i++) {
		(void)snprintf(text, sizeof(text), "[%s]\n%s = %s\n\n[%s]\n"
		    "%s = %s\n", table[i].section, table[i].name,
		    table[i].fallback, table[i].section, table[i].name,
		    table[i].fallback);
		bad(text, 5, "already in line 2");
	}
}

TEST(every_key_in_another_section_is_unknown)
{
	char text[4096];
	size_t n;
	const struct akita_setting *table = akita_settings_table(&n);

	for (size_t i = 0; i < n; i++) {
		bool is_service = strcmp(table[i].section, "service") == 0;

		(void)snprintf(text, sizeof(text), "[%s]\n%s = %s\n",
		    is_service ? "token" : "service", table[i].name,
		    table[i].fallback);
		bad(text, 2, "no key");
		(void)snprintf(text, sizeof(text), "%s = %s\n",
		    table[i].name, table[i].fallback);
		bad(text, 1, "before the first");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_file_gives_every_default),
		cmocka_unit_test(
		    the_table_has_the_keys_of_the_product_and_no_more),
		cmocka_unit_test(
		    every_key_takes_what_it_should_and_nothing_else),
		cmocka_unit_test(every_key_given_twice_is_an_error),
		cmocka_unit_test(every_key_in_another_section_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
