/* Which name services keep names as they are written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/exact.h"

static bool
exact(const char *text)
{
	char path[] = "/tmp/akita-exact.XXXXXX";
	int fd = mkstemp(path);
	bool is_exact;
	FILE *out;

	assert_true(fd != -1);
	out = fdopen(fd, "w");
	assert_non_null(out);
	assert_true(fputs(text, out) != EOF);
	assert_int_equal(fclose(out), 0);
	is_exact = akita_exact_names(path);
	assert_int_equal(unlink(path), 0);
	return is_exact;
}

static void
local_sources_are_exact(void **state)
{
	(void)state;
	assert_true(exact("passwd: files\n"));
	assert_true(exact("group: ldap\n passwd:\tfiles systemd # local\n"));
	assert_true(exact("passwd: files [NOTFOUND=continue] systemd\n"));
	assert_true(exact("passwd: files [!SUCCESS=continue  TRYAGAIN=return "
	    "] systemd\n"));
}

static void
other_sources_are_asked(void **state)
{
	(void)state;
	assert_false(exact("passwd: files sss\n"));
	assert_false(exact("passwd: compat\n"));
	assert_false(exact("passwd: files winbind systemd\n"));
	assert_false(exact("passwd: files [NOTFOUND=return] ldap\n"));
	assert_false(exact("passwd: filesystem\n"));
}

static void
what_is_not_understood_is_asked(void **state)
{
	(void)state;
	assert_false(exact(""));
	assert_false(exact("group: files\n"));
	assert_false(exact("passwd: files [NOTFOUND=continue systemd ldap\n"));
	assert_false(akita_exact_names("/nonexistent/nsswitch.conf"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(local_sources_are_exact),
		cmocka_unit_test(other_sources_are_asked),
		cmocka_unit_test(what_is_not_understood_is_asked),
	};

	return cmocka_run_group_tests_name("exact names", tests, NULL, NULL);
}
