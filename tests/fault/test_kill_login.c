/*
 * test_kill_login.c: SIGKILL before every file-changing call, and in the
 * middle of every write, of a login.  Its code is good once at most, its
 * failure counts or not, and nothing needs a step by hand.
 */
#include "house.h"

#include <security/pam_appl.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct house house;
static struct person amy, eve;
static unsigned int audit_before;
static unsigned long n_kills;

enum what { GOOD, MISS, LOCK, RECOVERY, UNKNOWN, START };

static void
failures_of(const char *user, long *ret_failures, bool *ret_locked)
{
	house_must(&house, NULL, "--json", "show", user);
	*ret_failures = house_number(&house, "failures");
	*ret_locked = strstr(house.said, "\"locked\"") != NULL;
}

/* After a login of p died. */
static bool
check_login(const struct person *p, enum what what, const char *answer)
{
	char next[16];
	long was = what == LOCK ? 9 : 0, failures;
	bool is_locked;
	int rc, again;

	failures_of(p->name, &failures, &is_locked);
	if (what == MISS || what == LOCK) {
		if (failures != was && failures != was + 1) {
			tap_note("%ld failures", failures);
			return (false);
		}
		if (is_locked != (failures == 10)) {
			tap_note("locked with %ld failures", failures);
			return (false);
		}
	}
	house_must(&house, NULL, "register", "zoe", "--mail", "z@example.jp");
	if (what == LOCK && (house_audited(&house, p->name) > audit_before) !=
	    is_locked) {
		tap_note("lock and audit record do not agree");
		return (false);
	}
	if (what == GOOD || what == RECOVERY || what == START) {
		rc = house_login(&house, "login", p->name, answer, NULL);
		again = house_login(&house, "login", p->name, answer, NULL);
		if ((rc != PAM_SUCCESS && rc != PAM_AUTH_ERR) ||
		    again != PAM_AUTH_ERR) {
			tap_note("the same code then gave %s and %s",
			    pam_strerror(NULL, rc), pam_strerror(NULL, again));
			return (false);
		}
	}
	house_fresh(&house, p, 2, next);
	rc = house_login(&house, "login", p->name, next, NULL);
	if (rc != (is_locked ? PAM_AUTH_ERR : PAM_SUCCESS)) {
		tap_note("the next code gave %s", pam_strerror(NULL, rc));
		return (false);
	}
	return (house_is_sound(&house));
}

static void
kill_login(enum what what, const char *name)
{
	static const enum fault_action actions[] = { FAULT_KILL,
	    FAULT_KILL_HALF };
	struct fault *plan = house_shared(sizeof(*plan));
	const struct person *p = what == START ? &eve : &amy;
	char answer[32];
	unsigned int bad = 0, i;
	int n, rc;

	house_restore(&house, "start");
	if (what == LOCK) {
		for (i = 0; i < 9; i++) {
			house_wrong(&house, p, answer);
			(void)house_login(&house, "login", p->name, answer,
			    NULL);
		}
	}
	if (what == RECOVERY) {
		house_must(&house, NULL, "--json", "recovery", p->name);
		snprintf(answer, sizeof(answer), "%.14s",
		    strstr(house.said, "\"codes\":[\"") + 10);
	} else if (what == GOOD || what == START) {
		house_fresh(&house, p, 0, answer);
		if (what == START)
			strcat(answer, "\n" HOUSE_PASSWORD);
	} else {
		house_wrong(&house, p, answer);
	}
	house_keep(&house, "prepared");
	audit_before = house_audited(&house, p->name);
	for (i = 0; i < 2; i++) {
		for (n = 1; bad < 3; n++) {
			memset(plan, 0, sizeof(*plan));
			plan->kinds = i == 0 ? FAULT_CHANGES : FAULT_WRITE;
			plan->nth = n;
			plan->action = (int32_t)actions[i];
			house_restore(&house, "prepared");
			rc = house_login(&house, "login", what == UNKNOWN ?
			    "nobody-here" : p->name, answer, plan);
			if (!plan->fired)
				break;
			n_kills++;
			if (rc != HOUSE_DIED(SIGKILL) || !check_login(p, what,
			    answer)) {
				tap_note("killed %s %s (%d): %d", i == 0 ?
				    "before" : "in", plan->what, n, rc);
				bad++;
			}
		}
		tap_note("%s: %d calls", name, n - 1);
		bad += n == 1;
	}
	tap_ok(bad == 0, name);
}

/* ---- is every call met? ---- */

#define SYSCALLS "write,pwrite64,writev,pwritev,pwritev2,fsync,fdatasync," \
    "msync,sync_file_range,truncate,ftruncate,rename,renameat,renameat2," \
    "unlink,unlinkat,link,linkat,symlink,symlinkat,mkdir,mkdirat,rmdir," \
    "fallocate,copy_file_range,sendfile,splice,openat,openat2,open,creat," \
    "chmod,fchmod,fchmodat,chown,fchown,fchownat,ioctl,mmap,io_uring_setup"

static bool
changes_file(const char *line)
{
	if (strstr(line, house.root) == NULL)
		return (false);
	if (strstr(line, "open") != NULL && strstr(line, "O_") != NULL)
		return (strstr(line, "O_CREAT") != NULL ||
		    strstr(line, "O_TRUNC") != NULL);
	if (strstr(line, "mmap(") != NULL)
		return (strstr(line, "PROT_WRITE, MAP_SHARED") != NULL);
	if (strstr(line, "ioctl(") != NULL)
		return (strstr(line, "FICLONE") != NULL);
	return (true);
}

/* What strace sees and what the library counts are the same calls. */
static void
every_call_is_met(void)
{
	char line[8 * HOUSE_PATH], trace[HOUSE_PATH];
	unsigned int seen = 0, counted;
	FILE *f;

	house_restore(&house, "start");
	house_join(trace, house.dir, "trace");
	memset(house.plan, 0, sizeof(*house.plan));
	house.plan->kinds = FAULT_CHANGES;
	snprintf(house.plan->root, sizeof(house.plan->root), "%.250s",
	    house.root);
	snprintf(line, sizeof(line), "exec </dev/null >/dev/null 2>&1; "
	    "library=$LD_PRELOAD; unset LD_PRELOAD; "
	    "strace -f -qq -y -s 8 -o '%s' -e trace=" SYSCALLS
	    " -E LD_PRELOAD=\"$library\" -E FAULT_PLAN='%s/plan' "
	    "'%s' --config '%s' register new --mail new@example.jp", trace,
	    house.dir, house.otpadm, house.config);
	if (system(line) != 0 || (f = fopen(trace, "re")) == NULL) {
		tap_ok(true, "every file-changing call is met # SKIP no "
		    "strace here");
		return;
	}
	while (fgets(line, sizeof(line), f) != NULL)
		seen += changes_file(line);
	fclose(f);
	counted = (unsigned int)atomic_load(&house.plan->count);
	if (seen == 0 && geteuid() != 0) {
		tap_ok(true, "every file-changing call is met # SKIP otpadm "
		    "lets nobody but root look into it");
		return;
	}
	if (seen != counted || seen < 8)
		tap_note("strace sees %u, the library %u", seen, counted);
	tap_ok(seen == counted && seen >= 8, "every file-changing call is "
	    "met");
}

int
main(int argc, char **argv)
{
	house_preload(argc, argv);
	tap_plan(7);
	house_make(&house, NULL, "");
	house_must(&house, NULL, "init");
	house_enrol(&house, &amy, "amy", false);
	house_issue(&house, &eve, "eve", false);
	house_keep(&house, "start");
	every_call_is_met();
	kill_login(GOOD, "killed at any call of a login, its code is good "
	    "once at most");
	kill_login(MISS, "killed at any call of a refused login, the failure "
	    "counts or not");
	kill_login(LOCK, "killed at any call of the login that locks, it is "
	    "locked or not");
	kill_login(RECOVERY, "killed at any call of a login by recovery code, "
	    "it is good once at most");
	kill_login(UNKNOWN, "killed at any call of an unknown user's login, "
	    "nothing is lost");
	kill_login(START, "killed at any call of a start of use in a login, "
	    "it is started or not");
	tap_note("%lu kills", n_kills);
	house_remove(&house);
	return (tap_end());
}
