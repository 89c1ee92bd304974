/*
 * test_faults.c: each function of libc, OpenSSL, GDBM and libpam that the
 * module calls fails in turn, at its first call, its second, …, once or from
 * then on.  Whatever fails: a wrong code never opens, an account in use is
 * never ignored, a suspended one never passes, a code that did open a login
 * does not open another, nothing opens that was not synced, and no descriptor
 * stays open.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/pam/faults.h"
#include "tests/pam/run.h"
#include "tests/pam/world.h"

#ifdef SANITIZED
int
main(void)
{
	(void)printf("1..0 # SKIP the sanitizers interpose these themselves\n");
	return 0;
}
#else

#define CALLS_MAX	400	/* of one function in one login */

/* ---- logins ---- */

static struct world world;
static const struct world_token hotp = { .type = AKITA_HOTP };

static int
answer(int n, const struct pam_message **messages,
    struct pam_response **responses, void *data)
{
	bool armed = fault_armed;

	fault_armed = false;
	*responses = calloc((size_t)n, sizeof(**responses));
	if (*responses != NULL)
		(*responses)->resp = strdup(messages[0]->msg_style ==
		    PAM_PROMPT_ECHO_OFF ? WORLD_PASSWORD : data);
	fault_armed = armed;
	return PAM_SUCCESS;
}

enum stage { AUTH, ACCOUNT };

static unsigned int
count_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned int n = 0;

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		n++;
	(void)closedir(dir);
	return n;
}

/* What is on no disk opens nothing. */
static bool
was_not_synced(void)
{
	return fault_stays && fault_at == 1 && fault_calls > 0 &&
	    strcmp(fault_name, "fsync") == 0;
}

/* One call, with the fault that is set. */
static int
call(const char *service, enum stage stage, const char *user, char *text)
{
	const struct pam_conv conv = { answer, text };
	unsigned int before = count_descriptors();
	pam_handle_t *pamh = NULL;
	char path[160];
	int code;

	(void)snprintf(path, sizeof(path), "%s/pam.d", world.dir);
	if (pam_start_confdir(service, user, &conv, path, &pamh) !=
	    PAM_SUCCESS)
		fail_msg("pam_start");
	fault_calls = 0;
	fault_armed = true;
	code = stage == AUTH ? pam_authenticate(pamh, 0) :
	    pam_acct_mgmt(pamh, 0);
	fault_armed = false;
	(void)pam_end(pamh, code);
	if (count_descriptors() != before || (stage == AUTH &&
	    code == PAM_SUCCESS && was_not_synced()))
		fail_msg("%s at call %u%s: %s, descriptors %u and %u",
		    fault_name, fault_at, fault_stays ? " and on" : "",
		    run_code_name(code), before, count_descriptors());
	return code;
}

static void
never(int code, int what, const char *why)
{
	if (code == what)
		fail_msg("%s at call %u%s: %s: %s", fault_name, fault_at,
		    fault_stays ? " and on" : "", why, run_code_name(code));
}

static void
wrong_code_never_opens(void)
{
	char text[AKITA_DIGITS_MAX + 1];
	int code;

	world_wrong(&world, "alice", &hotp, text);
	code = call("akita-auth", AUTH, "alice", text);
	never(code, PAM_SUCCESS, "a wrong code");
	never(code, PAM_CRED_UNAVAIL, "ignored");
}

/* Opened once, if at all. */
static void
right_code_opens_once(void)
{
	const char *name = fault_name;
	char text[AKITA_DIGITS_MAX + 1];

	world_code(&world, "alice", &hotp, 0, text);
	if (call("akita-auth", AUTH, "alice", text) != PAM_SUCCESS)
		return;
	fault_name = "none";
	never(call("akita-auth", AUTH, "alice", text), PAM_SUCCESS, "twice");
	fault_name = name;
}

/* Start of use: the code and the activation password are right. */
static void
start_opens_once(void)
{
	static unsigned int people;
	static char user[32] = "";
	const char *name = fault_name;
	struct akita_account account;
	char text[AKITA_DIGITS_MAX + 1];

	if (user[0] == '\0') {
		(void)snprintf(user, sizeof(user), "new%u", people++);
		world_account(&world, user, "issued", &hotp);
	}
	world_code(&world, user, &hotp, 0, text);
	if (call("akita-start", AUTH, user, text) != PAM_SUCCESS)
		return;
	world_read(&world, user, &account);
	assert_int_equal(account.slot.state, AKITA_STATE_ACTIVE);
	akita_account_wipe(&account);
	fault_name = "none";
	never(call("akita-start", AUTH, user, text), PAM_SUCCESS, "twice");
	fault_name = name;
	user[0] = '\0';
}

/* The same by the helper's word. */
static void
helper_opens_once(void)
{
	const char *name = fault_name;
	char text[AKITA_DIGITS_MAX + 1];
	int code;

	world_wrong(&world, "alice", &hotp, text);
	code = call("akita-isolate", AUTH, "alice", text);
	never(code, PAM_SUCCESS, "a wrong code, by the helper");
	never(code, PAM_CRED_UNAVAIL, "ignored, by the helper");
	world_code(&world, "alice", &hotp, 0, text);
	code = call("akita-isolate", AUTH, "alice", text);
	never(code, PAM_CRED_UNAVAIL, "ignored, by the helper");
	if (code != PAM_SUCCESS)
		return;
	fault_name = "none";
	never(call("akita-isolate", AUTH, "alice", text), PAM_SUCCESS,
	    "twice, by the helper");
	fault_name = name;
}

static void
suspended_never_passes(void)
{
	char text[] = "";
	int code;

	code = call("akita-account", ACCOUNT, "grace", text);
	never(code, PAM_SUCCESS, "suspended");
	never(code, PAM_CRED_UNAVAIL, "suspended, ignored");
}

/* Each call of the function in turn, until there are no more of them. */
static void
go_through(const char *name, bool stays, void (*check)(void))
{
	fault_name = name;
	fault_stays = stays;
	for (fault_at = 1; fault_at < CALLS_MAX; fault_at++) {
		(void)alarm(30);
		check();
		if (fault_calls < fault_at)
			break;
	}
	assert_in_range(fault_at, 1, CALLS_MAX - 1);
}

static void
go_through_list(const char *const *names, void (*check)(void))
{
	for (; *names != NULL; names++) {
		go_through(*names, false, check);
		go_through(*names, true, check);
	}
}

static void
go_through_all(void (*check)(void))
{
	go_through_list(fault_functions, check);
	go_through_list(fault_more, check);
}

static void
whatever_fails_a_wrong_code_never_opens(void **state)
{
	(void)state;
	go_through_all(wrong_code_never_opens);
}

static void
whatever_fails_a_code_opens_at_most_once(void **state)
{
	(void)state;
	go_through_all(right_code_opens_once);
}

static void
whatever_fails_a_start_of_use_opens_at_most_once(void **state)
{
	(void)state;
	go_through_all(start_opens_once);
}

static void
whatever_fails_beside_the_helper_a_code_opens_at_most_once(void **state)
{
	char text[AKITA_DIGITS_MAX + 1];

	(void)state;
	fault_name = "none";
	world_code(&world, "alice", &hotp, 0, text);
	assert_int_equal(call("akita-isolate", AUTH, "alice", text),
	    PAM_SUCCESS);
	fault_name = "syscall";
	fault_at = 1;
	world_code(&world, "alice", &hotp, 0, text);
	assert_int_equal(call("akita-isolate", AUTH, "alice", text),
	    PAM_AUTHINFO_UNAVAIL);
	assert_int_equal(fault_calls, 1);
	go_through_all(helper_opens_once);
}

static void
whatever_fails_a_suspended_account_never_passes(void **state)
{
	(void)state;
	go_through_all(suspended_never_passes);
}

/* Each of these is called in a login, and nothing opens without it. */
static void
what_a_login_stands_on_is_reached(void **state)
{
	static const char *const names[] = { "calloc", "openat", "pwrite",
		"fsync", "flock", "getpwnam_r", "gdbm_fd_open",
		"digest_newctx", "digest_init",
		"digest_update", "digest_final", "cipher_newctx",
		"cipher_decrypt_init", "cipher_update", "cipher_final",
		"pam_get_user" };
	char text[AKITA_DIGITS_MAX + 1];
	size_t i;
	int code;

	(void)state;
	fault_at = 1;
	fault_stays = true;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		fault_name = names[i];
		world_code(&world, "alice", &hotp, 0, text);
		code = call("akita-auth", AUTH, "alice", text);
		if (fault_calls == 0)
			fail_msg("%s is never called", names[i]);
		never(code, PAM_SUCCESS, "it did without");
	}
}

/* The faults above are real: some of them are seen, and afterwards all is
 * well. */
static void
faults_are_seen_and_leave_no_damage(void **state)
{
	char text[AKITA_DIGITS_MAX + 1];

	(void)state;
	fault_name = "gdbm_store";
	fault_at = 1;
	fault_stays = true;
	world_code(&world, "alice", &hotp, 0, text);
	assert_int_equal(call("akita-auth", AUTH, "alice", text),
	    PAM_AUTHINFO_UNAVAIL);
	assert_true(fault_calls > 0);
	fault_name = "none";
	assert_int_equal(call("akita-auth", AUTH, "alice", text), PAM_SUCCESS);
	assert_int_equal(call("akita-auth", AUTH, "alice", text),
	    PAM_AUTH_ERR);
}

static int
make_world(void **state)
{
	static const char *const extra[] = { "policy max_failures 1000" };
	static const char *const auth[] = {
		("auth [success=1 ignore=ignore default=die] MODULE "
		    "config=CONFIG nullok start_of_use=ignore"),
		"auth requisite PROBE ignored", "auth required PROBE" };
	static const char *const account[] = {
		("account [success=1 ignore=ignore default=die] MODULE "
		    "config=CONFIG"),
		"account requisite PROBE ignored",
		"account required PROBE" };
	static const char *const start[] = {
		"auth required MODULE config=CONFIG" };
	static const char *const isolate[] = {
		("auth [success=1 ignore=ignore default=die] MODULE "
		    "config=CONFIG nullok isolate"),
		"auth requisite PROBE ignored", "auth required PROBE" };
	struct run run;

	(void)state;
	fault_name = "none";
	world_make(&world, extra, 1);
	world_account(&world, "alice", "active", &hotp);
	world_account(&world, "grace", "suspended", NULL);
	run_start(&run, world.dir, "akita-auth", auth, 3, world.config,
	    "alice");
	run_end(&run);
	run_start(&run, world.dir, "akita-start", start, 1, world.config,
	    "alice");
	run_end(&run);
	run_start(&run, world.dir, "akita-isolate", isolate, 3, world.config,
	    "alice");
	run_end(&run);
	run_start(&run, world.dir, "akita-account", account, 3, world.config,
	    "grace");
	run_end(&run);
	return 0;
}

static int
remove_world(void **state)
{
	(void)state;
	world_remove(&world);
	return 0;
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(faults_are_seen_and_leave_no_damage),
		cmocka_unit_test(what_a_login_stands_on_is_reached),
		cmocka_unit_test(whatever_fails_a_wrong_code_never_opens),
		cmocka_unit_test(whatever_fails_a_code_opens_at_most_once),
		cmocka_unit_test(
		    whatever_fails_a_start_of_use_opens_at_most_once),
		cmocka_unit_test(
		    whatever_fails_a_suspended_account_never_passes),
	};

	/* where the helper is installed (tests/system/faults.bats) */
	const struct CMUnitTest isolated[] = {
		cmocka_unit_test(
		   whatever_fails_beside_the_helper_a_code_opens_at_most_once),
	};

	if (argc > 1 && strcmp(argv[1], "isolate") == 0)
		return cmocka_run_group_tests(isolated, make_world,
		    remove_world);
	return cmocka_run_group_tests(tests, make_world, remove_world);
}
#endif
