/* The example file and the manual page say what the table of keys says. */
#include "tests/unit/parsing.h"

static void
assert_text(const struct akita_settings *settings,
    const struct akita_setting *setting, const char *wanted)
{
	char text[2048];

	assert_string_equal(akita_settings_text(settings, setting, text,
	    sizeof(text)), wanted);
}

/* A file of the source tree, in static storage. */
static char *
source_file(const char *name)
{
	static char text[131072];
	char path[PATH_MAX];
	const char *top = getenv("AKITA_SRC");
	size_t len;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s",
	    top != NULL ? top : ".", name);
	f = fopen(path, "re");
	if (f == NULL)
		fail_msg("%s: %s", path, strerror(errno));
	len = fread(text, 1, sizeof(text) - 1, f);
	assert_int_equal(fclose(f), 0);
	text[len] = '\0';
	return text;
}

/* The default as the papers write it: for /etc and /var. */
static const char *
usual_default(const struct akita_setting *setting)
{
	static const struct {
		const char *built, *usual;
	} dirs[] = {
		{ AKITA_SYSCONFDIR "/akita-otp", "/etc/akita-otp" },
		{ AKITA_LOCALSTATEDIR "/lib", "/var/lib" },
		{ AKITA_LOCALSTATEDIR "/log", "/var/log" },
	};
	static char text[2048];

	for (size_t i = 0; i < COUNT(dirs); i++) {
		const char *p = strstr(setting->fallback, dirs[i].built);

		if (p == NULL)
			continue;
		(void)snprintf(text, sizeof(text), "%.*s%s%s",
		    (int)(p - setting->fallback), setting->fallback,
		    dirs[i].usual, p + strlen(dirs[i].built));
		return text;
	}
	return setting->fallback;
}

/* From the heading to the next one's newline, as a copy; NULL: no such
 * heading. */
static char *
part_of(const char *text, const char *heading, const char *next)
{
	static char part[65536];
	const char *start = strstr(text, heading), *end;

	if (start == NULL)
		return NULL;
	start += strlen(heading);
	end = strstr(start, next);
	(void)snprintf(part, sizeof(part), "%.*s",
	    (int)(end != NULL ? (size_t)(end - start) + 1 : strlen(start)),
	    start);
	return part;
}

TEST(the_example_file_shows_every_key_with_its_default)
{
	const char *text = source_file("etc/akita-otp.conf");
	char line[2048], heading[64];
	size_t n, commented = 0;
	const struct akita_setting *table = akita_settings_table(&n);

	for (size_t i = 0; i < n; i++) {
		const char *value = usual_default(&table[i]), *part;

		(void)snprintf(heading, sizeof(heading), "\n[%s]\n",
		    table[i].section);
		part = part_of(text, heading, "\n[");
		assert_non_null(part);
		(void)snprintf(line, sizeof(line), "\n#%s =%s%s\n",
		    table[i].name, value[0] != '\0' ? " " : "", value);
		if (strstr(part, line) == NULL)
			fail_msg("etc/akita-otp.conf lacks %s", line);
	}
	for (const char *p = text; (p = strchr(p, '\n')) != NULL; p++)
		if (p[1] == '#' && p[2] != ' ' && p[2] != '\n')
			commented++;
	assert_int_equal(commented, n);
	akita_settings_free(&(struct akita_settings *){ good(text) });
}

TEST(the_example_file_is_right_with_every_comment_sign_taken_away)
{
	AKITA_SETTINGS_AUTO struct akita_settings *s = NULL;
	char *text = source_file("etc/akita-otp.conf");
	size_t n;
	const struct akita_setting *table = akita_settings_table(&n);

	for (char *p = text; (p = strchr(p, '\n')) != NULL; p++)
		if (p[1] == '#' && p[2] != ' ' && p[2] != '\n')
			memmove(p + 1, p + 2, strlen(p + 2) + 1);
	s = good(text);
	for (size_t i = 0; i < n; i++)
		assert_text(s, &table[i], usual_default(&table[i]));
}

TEST(the_manual_page_says_every_keys_default_and_range)
{
	const char *text = source_file("man/akita-otp.conf.5");
	char words[2048], section[32768];
	size_t n, items = 0;
	const struct akita_setting *table = akita_settings_table(&n);

	for (size_t i = 0; i < n; i++) {
		const char *value = usual_default(&table[i]), *part;

		(void)snprintf(words, sizeof(words), "\n.Ss [%s] section\n",
		    table[i].section);
		part = part_of(text, words, "\n.S");
		assert_non_null(part);
		(void)snprintf(section, sizeof(section), "%.32000s", part);
		(void)snprintf(words, sizeof(words), "\n.It Ic %s\n",
		    table[i].name);
		part = part_of(section, words, "\n.It ");
		if (part == NULL)
			fail_msg("the manual page lacks %s", words);
		(void)snprintf(words, sizeof(words), "\nDefault: %s.\n",
		    value[0] != '\0' ? value : "empty");
		if (strstr(part, words) == NULL)
			fail_msg("%s: no %s", table[i].name, words);
		if (table[i].type != AKITA_SETTING_NUMBER)
			continue;
		(void)snprintf(words, sizeof(words), "\nRange: %u to %u.\n",
		    table[i].min, table[i].max);
		if (strstr(part, words) == NULL)
			fail_msg("%s: no %s", table[i].name, words);
	}
	for (const char *p = text; (p = strstr(p, "\n.It Ic ")) != NULL; p++)
		items++;
	assert_int_equal(items, n);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    the_example_file_shows_every_key_with_its_default),
		cmocka_unit_test(
	the_example_file_is_right_with_every_comment_sign_taken_away),
		cmocka_unit_test(
		    the_manual_page_says_every_keys_default_and_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
