/* One code opens one login, however many submit it at once. */
#include <sys/wait.h>

#include "tests/unit/sites.h"

#define CROWD	16

#define TROUBLE	2

/* One of the crowd: waits for the gate, and ends with its answer. */
static void
one_of_the_crowd(int gate, const char *user, const char *answer)
{
	struct akita_attempt a = {
		.user = user, .answer = answer, .password = "2468",
		.start_of_use = true,
	};
	struct akita_outcome o;
	char c = 0;

	if (akita_site_load(&site, in_place("akita-otp.conf"), &ours,
	    &hand_clock, &akita_os_random, NULL, NULL) != AKITA_OK ||
	    akita_site_open(&site, NULL) != AKITA_OK || read(gate, &c, 1) != 0
	    || akita_verify_attempt(&site, &a, &o, NULL) != AKITA_OK)
		_exit(TROUBLE);
	_exit(o.verdict == AKITA_VERDICT_ACCEPT ? 0 : 1);
}

/* All at once, each in a process and with an installation of its own: how many
 * got in.  Every one of them has an answer. */
static int
crowd(const char *user, const char *const *answers, size_t n_answers)
{
	int gate[2], opened = 0, status = 0;
	pid_t child[CROWD];

	assert_int_equal(pipe(gate), 0);
	akita_site_close(&site);
	for (size_t i = 0; i < CROWD; i++) {
		assert_true((child[i] = fork()) >= 0);
		if (child[i] == 0) {
			(void)close(gate[1]);
			one_of_the_crowd(gate[0], user,
			    answers[i % n_answers]);
		}
	}
	assert_int_equal(close(gate[0]), 0);
	assert_int_equal(close(gate[1]), 0);
	for (size_t i = 0; i < CROWD; i++) {
		assert_int_equal(waitpid(child[i], &status, 0), child[i]);
		assert_true(WIFEXITED(status));
		assert_int_not_equal(WEXITSTATUS(status), TROUBLE);
		opened += WEXITSTATUS(status) == 0;
	}
	reload_site("");
	return opened;
}

TEST(one_totp_code_opens_one_login)
{
	static char code[16];
	const char *const answers[] = { code };

	make_active("hanako");
	strcpy(code, right_code("hanako"));
	assert_int_equal(crowd("hanako", answers, 1), 1);
	assert_int_equal(account("hanako").slot.failures, 0);
	assert_int_equal(crowd("hanako", answers, 1), 0);
}

TEST(one_code_starts_one_use)
{
	static char code[16];
	const char *const answers[] = { code };

	change("hanako", AKITA_EVENT_ISSUE);
	strcpy(code, right_code("hanako"));
	assert_int_equal(crowd("hanako", answers, 1), 1);
	assert_int_equal(account("hanako").slot.state, AKITA_STATE_ACTIVE);
}

TEST(each_recovery_code_opens_one_login)
{
	static const char *const codes[] = { "ABCD-EFGH-JKMN",
	    "0123-4567-89AB", "PQRS-TVWX-YZ23" };
	struct akita_request req = { .actor = &teller, .user = "hanako" };
	struct akita_change new_codes = {
		.event = { .kind = AKITA_EVENT_RECOVERY },
		.codes = codes, .n_codes = 3,
	};

	make_active("hanako");
	assert_int_equal(akita_admin_change(&site, &req, &new_codes, NULL,
	    NULL), AKITA_OK);
	assert_int_equal(crowd("hanako", codes, 3), 3);
	assert_int_equal(account("hanako").slot.spent, 7);
}

TEST(no_miss_of_a_crowd_is_lost)
{
	static const char *const wrong[] = { "ZZZZ-ZZZZ-ZZZ1" };

	make_active("hanako");
	assert_int_equal(crowd("hanako", wrong, 1), 0);
	assert_int_equal(account("hanako").slot.state, AKITA_STATE_LOCKED);
	assert_int_equal(account("hanako").slot.failures, 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    one_totp_code_opens_one_login,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    one_code_starts_one_use,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    each_recovery_code_opens_one_login,
		    make_site, remove_site),
		cmocka_unit_test_setup_teardown(
		    no_miss_of_a_crowd_is_lost,
		    make_site, remove_site),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
