/* The argument table: every row, every way to be wrong, and the manual. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pam/args.h"

struct complaints {
	int	n;
	char	last[512];
};

static void
take(void *ctx, const struct akita_why *why)
{
	struct complaints *c = ctx;

	c->n++;
	(void)akita_why_text(why, NULL, c->last, sizeof(c->last));
}

static enum akita_rc
parse(struct complaints *c, struct akita_args *args, int argc,
    const char *const *argv)
{
	memset(c, 0, sizeof(*c));
	memset(args, 0xa5, sizeof(*args));
	return akita_args_parse(argc, argv, take, c, args);
}

/* One word is wrong in one way. */
static void
refuse(const char *word, const char *sentence)
{
	struct complaints c;
	struct akita_args args;

	assert_int_equal(parse(&c, &args, 1, &word), AKITA_ERR_SETTINGS);
	assert_int_equal(c.n, 1);
	if (strstr(c.last, sentence) == NULL)
		fail_msg("%s: %s", word, c.last);
}

static void
accept(const char *word, struct akita_args *ret)
{
	struct complaints c;

	if (parse(&c, ret, 1, &word) != AKITA_OK)
		fail_msg("%s: %s", word, c.last);
	assert_int_equal(c.n, 0);
}

static void
no_arguments_give_the_defaults(void **state)
{
	struct complaints c;
	struct akita_args args;

	(void)state;
	assert_int_equal(parse(&c, &args, 0, NULL), AKITA_OK);
	assert_string_equal(args.config + strlen(args.config) -
	    strlen("/akita-otp/akita-otp.conf"), "/akita-otp/akita-otp.conf");
	assert_null(args.prompt);
	assert_int_equal(args.unregistered, AKITA_UNREGISTERED_DENY);
	assert_int_equal(args.start_of_use, AKITA_START_LOGIN);
	assert_int_equal(args.locked, AKITA_LOCKED_REFUSE);
	assert_int_equal(args.account_locked, AKITA_ACCOUNT_IGNORE);
	assert_int_equal(args.publickey, AKITA_PUBLICKEY_REQUIRE);
	assert_int_equal(args.grace_s, 0);
	assert_true(akita_args_echo(&args));
	assert_false(args.decoy || args.try_first_pass ||
	    args.use_first_pass || args.forward_pass || args.isolate ||
	    args.debug);
}

static void
every_argument_takes_each_of_its_values(void **state)
{
	struct akita_args args;

	(void)state;
	accept("config=/x", &args);
	assert_string_equal(args.config, "/x");
	accept("unregistered=deny", &args);
	assert_int_equal(args.unregistered, AKITA_UNREGISTERED_DENY);
	accept("unregistered=ignore", &args);
	assert_int_equal(args.unregistered, AKITA_UNREGISTERED_IGNORE);
	accept("nullok", &args);
	assert_int_equal(args.unregistered, AKITA_UNREGISTERED_IGNORE);
	accept("start_of_use=login", &args);
	assert_int_equal(args.start_of_use, AKITA_START_LOGIN);
	accept("start_of_use=counter", &args);
	assert_int_equal(args.start_of_use, AKITA_START_COUNTER);
	accept("start_of_use=ignore", &args);
	assert_int_equal(args.start_of_use, AKITA_START_IGNORE);
	accept("locked=refuse", &args);
	assert_int_equal(args.locked, AKITA_LOCKED_REFUSE);
	accept("locked=maxtries", &args);
	assert_int_equal(args.locked, AKITA_LOCKED_MAXTRIES);
	accept("account_locked=ignore", &args);
	assert_int_equal(args.account_locked, AKITA_ACCOUNT_IGNORE);
	accept("account_locked=deny", &args);
	assert_int_equal(args.account_locked, AKITA_ACCOUNT_DENY);
	accept("publickey=require", &args);
	assert_int_equal(args.publickey, AKITA_PUBLICKEY_REQUIRE);
	accept("publickey=skip", &args);
	assert_int_equal(args.publickey, AKITA_PUBLICKEY_SKIP);
	accept("prompt=コード: ", &args);
	assert_string_equal(args.prompt, "コード: ");
	accept("grace=0", &args);
	assert_int_equal(args.grace_s, 0);
	accept("grace=86400", &args);
	assert_int_equal(args.grace_s, 86400);
	accept("decoy", &args);
	assert_true(args.decoy);
	accept("isolate", &args);
	assert_true(args.isolate);
	accept("debug", &args);
	assert_true(args.debug);
}

static void
a_password_in_the_answer_hides_it(void **state)
{
	static const char *const words[] = { "try_first_pass",
		"use_first_pass", "forward_pass" };
	struct complaints c;
	struct akita_args args;
	size_t i;

	(void)state;
	accept("echo=off", &args);
	assert_false(akita_args_echo(&args));
	accept("echo=on", &args);
	assert_true(akita_args_echo(&args));
	for (i = 0; i < 3; i++) {
		const char *with_echo[] = { "echo=on", words[i] };
		const char *without[] = { words[i], "echo=off" };

		accept(words[i], &args);
		assert_true(akita_args_has_pass(&args));
		assert_false(akita_args_echo(&args));
		assert_int_equal(parse(&c, &args, 2, without), AKITA_OK);
		assert_int_equal(parse(&c, &args, 2, with_echo),
		    AKITA_ERR_SETTINGS);
		assert_int_equal(c.n, 1);
	}
}

static void
what_is_not_an_argument_is_refused(void **state)
{
	(void)state;
	refuse("", "is unknown");
	refuse("=", "is unknown");
	refuse("nulloK", "is unknown");
	refuse("nullo", "is unknown");
	refuse("nullok2", "is unknown");
	refuse("unregistered", "needs a value");
	refuse("unregistered=", "must be one of deny|ignore");
	refuse("unregistered=deny|ignore", "must be one of deny|ignore");
	refuse("unregistered=den", "must be one of");
	refuse("unregistered=Deny", "must be one of");
	refuse("unregistered=deny ", "must be one of");
	refuse("nullok=", "takes no value");
	refuse("nullok=yes", "takes no value");
	refuse("debug=1", "takes no value");
	refuse("grace=", "a number from 0 to 86400");
	refuse("grace=-1", "a number from 0 to 86400");
	refuse("grace=+1", "a number from 0 to 86400");
	refuse("grace=1h", "a number from 0 to 86400");
	refuse("grace=86401", "a number from 0 to 86400");
	refuse("grace=99999999999999999999", "a number from 0 to 86400");
	refuse("config=", "1 to 960 bytes");
	refuse("config=relative", "an absolute path");
	refuse("config=/a\nb", "without control characters");
	refuse("prompt=", "1 to 511 bytes");
	refuse("prompt=a\033[2J", "without control characters");
	refuse("prompt=\xff", "of UTF-8");
}

static void
too_long_a_value_is_refused(void **state)
{
	char word[2048];

	(void)state;
	(void)snprintf(word, sizeof(word), "config=/%01000d", 0);
	refuse(word, "1 to 960 bytes");
	(void)snprintf(word, sizeof(word), "prompt=%0512d", 0);
	refuse(word, "1 to 511 bytes");
}

/* A word that is good for arg. */
static void
sample(const struct akita_arg *arg, char *word, size_t size)
{
	switch (arg->type) {
	case AKITA_ARG_FLAG:
	case AKITA_ARG_FIXED:
		(void)snprintf(word, size, "%s", arg->name);
		return;
	case AKITA_ARG_CHOICE:
		(void)snprintf(word, size, "%s=%.*s", arg->name,
		    (int)strcspn(arg->words, "|"), arg->words);
		return;
	case AKITA_ARG_NUMBER:
		(void)snprintf(word, size, "%s=1", arg->name);
		return;
	case AKITA_ARG_PATH:
	case AKITA_ARG_TEXT:
		(void)snprintf(word, size, "%s=/x", arg->name);
	}
}

static void
every_argument_may_stand_once(void **state)
{
	const struct akita_arg *table;
	struct complaints c;
	struct akita_args args;
	const char *argv[2];
	char word[64];
	size_t n, i;

	(void)state;
	table = akita_args_table(&n);
	for (i = 0; i < n; i++) {
		sample(&table[i], word, sizeof(word));
		argv[0] = argv[1] = word;
		accept(word, &args);
		assert_int_equal(parse(&c, &args, 2, argv),
		    AKITA_ERR_SETTINGS);
		assert_int_equal(c.n, 1);
		assert_non_null(strstr(c.last, "is there twice"));
	}
	argv[0] = "nullok";
	argv[1] = "unregistered=ignore";
	assert_int_equal(parse(&c, &args, 2, argv), AKITA_ERR_SETTINGS);
}

static void
every_error_is_reported(void **state)
{
	static const char *const argv[] = { "a", "nullok", "b=c", "grace=x",
		"nullok" };
	struct complaints c;
	struct akita_args args;

	(void)state;
	assert_int_equal(parse(&c, &args, 5, argv), AKITA_ERR_SETTINGS);
	assert_int_equal(c.n, 4);
}

static void
the_manual_describes_every_argument_and_no_other(void **state)
{
	const struct akita_arg *table;
	const char *src = getenv("AKITA_SRC");
	char path[1024], line[512], name[64];
	size_t n, i, described = 0;
	FILE *f;

	(void)state;
	table = akita_args_table(&n);
	(void)snprintf(path, sizeof(path), "%s/man/pam_akita_otp.8",
	    src != NULL ? src : ".");
	assert_non_null(f = fopen(path, "r"));
	while (fgets(line, sizeof(line), f) != NULL) {
		if (sscanf(line, ".It Cm %63[a-z_]", name) != 1)
			continue;
		for (i = 0; i < n && strcmp(table[i].name, name) != 0; i++)
			continue;
		if (i == n)
			fail_msg("the manual describes %s", name);
		described++;
	}
	(void)fclose(f);
	assert_int_equal(described, n);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_arguments_give_the_defaults),
		cmocka_unit_test(every_argument_takes_each_of_its_values),
		cmocka_unit_test(a_password_in_the_answer_hides_it),
		cmocka_unit_test(what_is_not_an_argument_is_refused),
		cmocka_unit_test(too_long_a_value_is_refused),
		cmocka_unit_test(every_argument_may_stand_once),
		cmocka_unit_test(every_error_is_reported),
		cmocka_unit_test(
		    the_manual_describes_every_argument_and_no_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
