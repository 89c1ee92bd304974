/*
 * test_stop.c: a login stopped by SIGSTOP at each file-changing call holds up
 * its own stripe and nothing else; descriptors inherited by a forked child
 * hold nothing up; a limit on file sizes is met before anything is touched.
 */
#include "house.h"

#include <security/pam_appl.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/lock.h"
#include "common/verify.h"

#define TIMEOUT_MS	300
#define OTHERS		4

static struct house house;
static struct person amy, others[OTHERS];
static struct fault *plan;
static int *result;

/* ---- people of different stripes ---- */

static uint32_t
stripe_of(const char *user)
{
	const struct akita_trust trust = { .root_only = false };
	AKITA_SITE_AUTO struct akita_site site = { 0 };
	struct akita_txn *txn = NULL;
	struct akita_why why = { 0 };
	uint8_t hash[AKITA_NAME_HASH];
	enum akita_rc rc;

	rc = akita_site_load(&site, house.config, &trust, &akita_os_clock,
	    &akita_os_random, NULL, &why);
	if (rc == AKITA_OK)
		rc = akita_site_open(&site, &why);
	if (rc == AKITA_OK)
		rc = akita_txn_begin(site.store, user, AKITA_TXN_PEEK, &txn,
		    &why);
	if (rc == AKITA_OK)
		rc = akita_seal_name_hash(site.crypto, akita_txn_keys(txn),
		    user, hash);
	akita_txn_end(&txn);
	if (rc != AKITA_OK)
		errx(99, "stripe of %s", user);
	return (akita_lock_stripe(hash));
}

static void
enrol_people(void)
{
	char name[16];
	unsigned int n, i = 0;

	house_enrol(&house, &amy, "amy", false);
	for (n = 0; i < OTHERS; n++) {
		snprintf(name, sizeof(name), "other%u", n);
		if (stripe_of(name) == stripe_of(amy.name))
			continue;
		house_enrol(&house, &others[i], name, i % 2 == 1);
		i++;
	}
}

/* ---- stopped ---- */

/* Wait until pid is stopped, or gone (false). */
static bool
is_stopped(pid_t pid)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	if (waitid(P_PID, (id_t)pid, &info, WSTOPPED | WEXITED | WNOWAIT) !=
	    0)
		err(99, "waitid");
	return (info.si_code == CLD_STOPPED);
}

static bool
others_go_on(void)
{
	char code[16];
	unsigned int i;
	int64_t began;
	int rc;

	for (i = 0; i < OTHERS; i++) {
		house_fresh(&house, &others[i], 0, code);
		began = house_ms();
		rc = house_login(&house, "login", others[i].name, code, NULL);
		if (rc != PAM_SUCCESS) {
			tap_note("the login of %s gave %d after %d ms",
			    others[i].name, rc, (int)(house_ms() - began));
			return (false);
		}
	}
	return (true);
}

/* The account's own stripe: refused at the deadline. */
static bool
own_is_refused(const char *code)
{
	int64_t began = house_ms();
	int rc, took;

	rc = house_login(&house, "login", amy.name, code, NULL);
	took = (int)(house_ms() - began);
	if (rc == PAM_AUTHINFO_UNAVAIL && took >= TIMEOUT_MS - 50 &&
	    took <= TIMEOUT_MS + 1000)
		return (true);
	tap_note("its own stripe gave %d after %d ms", rc, took);
	return (false);
}

static bool
doctor_names(pid_t pid)
{
	char word[64];

	(void)house_adm(&house, NULL, "doctor", NULL);
	snprintf(word, sizeof(word), "%d (%s)", (int)pid,
	    program_invocation_short_name);
	if (strstr(house.said, word) != NULL)
		return (true);
	tap_note("doctor does not name %s: %s", word, house.said);
	return (false);
}

static bool
finishes(pid_t pid, const char *code)
{
	char next[16];
	int rc, again, after;

	kill(pid, SIGCONT);
	rc = house_wait(pid, 10000, result);
	again = house_login(&house, "login", amy.name, code, NULL);
	house_fresh(&house, &amy, 1, next);
	after = house_login(&house, "login", amy.name, next, NULL);
	if (rc == PAM_SUCCESS && again == PAM_AUTH_ERR && after ==
	    PAM_SUCCESS)
		return (true);
	tap_note("after SIGCONT %d, its code again %d, the next one %d", rc,
	    again, after);
	return (false);
}

static void
stopped_logins(void)
{
	unsigned int others_bad = 0, own_bad = 0, doctor_bad = 0, end_bad = 0;
	unsigned int structure_bad = 0;
	char code[16], next[16];
	pid_t pid;
	int n, rc;

	for (n = 1; ; n++) {
		house_restore(&house, "start");
		memset(plan, 0, sizeof(*plan));
		plan->kinds = FAULT_CHANGES;
		plan->nth = n;
		plan->action = FAULT_STOP;
		house_fresh(&house, &amy, 0, code);
		house_fresh(&house, &amy, 1, next);
		pid = house_login_start(&house, "login", amy.name, code, plan,
		    result);
		if (!is_stopped(pid)) {
			(void)house_wait(pid, 10000, result);
			break;
		}
		tap_note("stopped before %s", plan->what);
		others_bad += !others_go_on();
		own_bad += !own_is_refused(next);
		doctor_bad += !doctor_names(pid);
		/* needs the structure alone: busy, and nothing done */
		rc = house_adm(&house, NULL, "register", "new", "--mail",
		    "n@example.jp", NULL);
		if (rc != 7) {
			tap_note("register: %d: %s", rc, house.said);
			structure_bad++;
		}
		end_bad += !finishes(pid, code);
	}
	tap_ok(others_bad == 0 && n > 4, "a login stopped at any call: "
	    "everybody else logs in");
	tap_ok(own_bad == 0, "its own stripe is refused at the deadline");
	tap_ok(doctor_bad == 0, "doctor names process and program");
	tap_ok(structure_bad == 0, "a change of structure is refused as busy");
	tap_ok(end_bad == 0, "continued, it finishes, and its code is spent");
}

/* A command on an existing account holds up that account only. */
static void
stopped_command(void)
{
	static const char *const words[] = { "suspend", "amy", "--reason",
	    "lost", NULL };
	struct fault fault = { .kinds = FAULT_CHANGES, .action = FAULT_STOP };
	unsigned int bad = 0;
	pid_t pid;
	int n, rc;

	for (n = 1; bad < 3; n++) {
		house_restore(&house, "start");
		fault.nth = n;
		pid = house_adm_start(&house, &fault, words);
		if (!is_stopped(pid)) {
			bad += house_wait(pid, 10000, NULL) != 0;
			break;
		}
		rc = others_go_on();
		if (!rc)
			tap_note("stopped before %s", house.plan->what);
		bad += !rc;
		kill(pid, SIGCONT);
		rc = house_wait(pid, 10000, NULL);
		house_must(&house, NULL, "--json", "show", amy.name);
		if (rc != 0 || strstr(house.said, "\"suspended\"") == NULL) {
			tap_note("continued, it ended with %d: %s", rc,
			    house.said);
			bad++;
		}
	}
	tap_ok(bad == 0 && n > 8, "suspend stopped at any call: everybody else "
	    "logs in, and it finishes");
}

/* ---- forked in the middle ---- */

static void
forked_in_the_middle(void)
{
	unsigned int bad = 0;
	char code[16], next[16];
	int64_t began;
	int n, rc, then, took;

	for (n = 1; bad < 3; n++) {
		house_restore(&house, "start");
		memset(plan, 0, sizeof(*plan));
		plan->kinds = FAULT_CHANGES | FAULT_READ | FAULT_CLOSE;
		plan->nth = n;
		plan->action = FAULT_FORK;
		house_fresh(&house, &amy, 0, code);
		house_fresh(&house, &amy, 1, next);
		rc = house_login(&house, "login", amy.name, code, plan);
		if (!plan->fired)
			break;
		began = house_ms();
		then = house_login(&house, "login", amy.name, next, NULL);
		took = (int)(house_ms() - began);
		kill(atomic_load(&plan->child), SIGKILL);
		if (rc == PAM_SUCCESS && then == PAM_SUCCESS && took < 200)
			continue;
		tap_note("forked before %s: %d, then %d after %d ms",
		    plan->what, rc, then, took);
		bad++;
	}
	tap_ok(bad == 0 && n > 10, "a child that inherits every descriptor "
	    "keeps no lock after the login");
}

/* ---- a limit on file sizes ---- */

static bool
same_file(const char *name, const char *kept)
{
	char line[3 * HOUSE_PATH];

	snprintf(line, sizeof(line), "cmp -s '%s/%s' '%s/%s/%s'", house.root,
	    name, house.dir, kept, name);
	return (system(line) == 0);
}

static int
login_limited(rlim_t limit, const char *code)
{
	const struct rlimit r = { limit, limit };
	pid_t pid;

	*result = HOUSE_SILENT;
	if ((pid = fork()) < 0)
		err(99, "fork");
	if (pid == 0) {
		if (setrlimit(RLIMIT_FSIZE, &r) != 0)
			_exit(99);
		*result = house_login_here(&house, "login", amy.name, code);
		_exit(0);
	}
	return (house_wait(pid, 10000, result));
}

static void
file_size_limit(void)
{
	struct stat st;
	char code[16];
	bool is_same;
	int small, enough;

	house_restore(&house, "start");
	if (stat(house.database, &st) != 0)
		err(99, "%s", house.database);
	house_fresh(&house, &amy, 0, code);
	small = login_limited((rlim_t)st.st_size - 1, code);
	is_same = same_file("state/tokens.gdbm", "start") &&
	    same_file("state/tokens.gdbm.lock", "start");
	enough = login_limited((rlim_t)st.st_size, code);
	if (small != PAM_AUTHINFO_UNAVAIL || !is_same || enough !=
	    PAM_SUCCESS)
		tap_note("%d, %s; with room %d", small, is_same ?
		    "nothing touched" : "something touched", enough);
	tap_ok(small == PAM_AUTHINFO_UNAVAIL && is_same && enough ==
	    PAM_SUCCESS, "RLIMIT_FSIZE under the file's size: refused, "
	    "nothing touched, no signal");
}

static int
command_limited(rlim_t limit, const char *name)
{
	const struct rlimit r = { limit, RLIM_INFINITY };
	struct rlimit old;
	int status;

	if (getrlimit(RLIMIT_FSIZE, &old) != 0 ||
	    setrlimit(RLIMIT_FSIZE, &r) != 0)
		err(99, "setrlimit");
	status = house_adm(&house, NULL, "register", name, "--mail",
	    "n@example.jp", NULL);
	if (setrlimit(RLIMIT_FSIZE, &old) != 0)
		err(99, "setrlimit");
	return (status);
}

/* At every size between none and enough, as the file grows under the limit. */
static void
command_under_limit(void)
{
	static const rlim_t limits[] = { 0, 100, 4096, 40960, 100000 };
	unsigned int bad = 0, n, i;
	char name[16];
	struct stat st;
	int status = 0;

	house_restore(&house, "start");
	for (i = 0; i < 5; i++) {
		status = command_limited(limits[i], "limited");
		if (status != 8) {
			tap_note("limit %lu: %d: %s", (unsigned long)limits[i],
			    status, house.said);
			bad++;
		}
		if (house_adm(&house, NULL, "show", "limited", NULL) != 4) {
			tap_note("limit %lu: it is there", (unsigned long)
			    limits[i]);
			bad++;
		}
	}
	if (stat(house.database, &st) != 0)
		err(99, "%s", house.database);
	for (n = 0; n < 200; n++) {
		snprintf(name, sizeof(name), "grow%u", n);
		status = command_limited((rlim_t)st.st_size, name);
		if (status != 0)
			break;
	}
	if (status != 8 || n == 0 || house_adm(&house, NULL, "show", name,
	    NULL) != 4 || access("core", F_OK) == 0) {
		tap_note("growth: %d after %u: %s", status, n, house.said);
		bad++;
	}
	house_must(&house, NULL, "register", name, "--mail", "n@example.jp");
	tap_ok(bad == 0 && house_is_sound(&house), "a command under "
	    "RLIMIT_FSIZE: exit 8, nothing done, works without it");
}

int
main(int argc, char **argv)
{
	house_preload(argc, argv);
	tap_plan(9);
	house_make(&house, NULL, "lock_timeout_ms = 300");
	plan = house_shared(sizeof(*plan));
	result = house_shared(sizeof(*result));
	house_must(&house, NULL, "init");
	enrol_people();
	house_keep(&house, "start");
	stopped_logins();
	stopped_command();
	forked_in_the_middle();
	file_size_limit();
	command_under_limit();
	house_remove(&house);
	return (tap_end());
}
