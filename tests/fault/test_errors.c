/*
 * test_errors.c: each call of a login and of a command fails once, or from
 * then on, or does half of what it was asked.  A login is then refused or
 * right and on disk; a command is done or not, and its exit status says which.
 */
#include "house.h"

#include <security/pam_appl.h>

#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TIMEOUT_MS	300
#define LATE_MS		(TIMEOUT_MS + 1000)

static struct house house;
static struct person amy, bob;
static struct fault *plan;

static const struct kind {
	uint32_t	bit;
	const char	*name;
} kinds[] = {
	{ FAULT_READ, "read" }, { FAULT_WRITE, "write" },
	{ FAULT_SYNC, "fsync" }, { FAULT_FLOCK, "flock" },
	{ FAULT_FCNTL, "fcntl" }, { FAULT_OPEN, "open" },
	{ FAULT_CREATE, "create" }, { FAULT_RENAME, "rename" },
	{ FAULT_CLOSE, "close" }, { FAULT_TRUNCATE, "truncate" },
	{ FAULT_UNLINK, "unlink" }, { FAULT_STAT, "fstat" },
	{ FAULT_MKDIR, "mkdir" }, { FAULT_COPY, "copy" },
	{ FAULT_MODE, "chmod" }, { FAULT_LINK, "link" },
};
#define N_KINDS	(sizeof(kinds) / sizeof(kinds[0]))

static const struct trouble {
	const char	*name;
	int		 action;
	int		 err;
	int		 repeat;
	uint32_t	 kinds;		/* that it makes sense for */
	bool		 is_harmless;	/* must not keep a right code out */
} troubles[] = {
	{ "EIO", FAULT_ERROR, EIO, 0, ~0u, false },
	{ "EIO from then on", FAULT_ERROR, EIO, 1, ~0u, false },
	{ "ENOSPC", FAULT_ERROR, ENOSPC, 0, FAULT_CHANGES, false },
	{ "ENOSPC from then on", FAULT_ERROR, ENOSPC, 1, FAULT_CHANGES,
	    false },
	{ "EINTR", FAULT_ERROR, EINTR, 0, FAULT_READ | FAULT_WRITE |
	    FAULT_FLOCK | FAULT_FCNTL, true },
	/* Inside GDBM's own close, which cannot be asked again; signals are
	 * blocked there, so it takes a foreign file system to meet it. */
	{ "EINTR", FAULT_ERROR, EINTR, 0, FAULT_SYNC | FAULT_CLOSE |
	    FAULT_OPEN, false },
	{ "EAGAIN", FAULT_ERROR, EAGAIN, 0, FAULT_FLOCK | FAULT_FCNTL,
	    true },
	{ "EAGAIN", FAULT_ERROR, EAGAIN, 0, FAULT_READ | FAULT_WRITE,
	    false },
	{ "EAGAIN from then on", FAULT_ERROR, EAGAIN, 1, FAULT_FLOCK |
	    FAULT_FCNTL, false },
	{ "half", FAULT_SHORT, 0, 0, FAULT_READ | FAULT_WRITE, false },
	{ "half from then on", FAULT_SHORT, 0, 1, FAULT_READ | FAULT_WRITE,
	    false },
};
#define N_TROUBLES	(sizeof(troubles) / sizeof(troubles[0]))

static void
set_fault(struct fault *p, const struct kind *kind, const struct trouble *t,
    int n)
{
	memset(p, 0, sizeof(*p));
	p->kinds = kind->bit;
	p->nth = n;
	p->action = t->action;
	p->err = t->err;
	p->repeat = t->repeat;
}

/* ---- logins ---- */

static unsigned long n_logins, n_right, n_refused;

static long
failures(void)
{
	house_must(&house, NULL, "--json", "show", amy.name);
	return (house_number(&house, "failures"));
}

/* What must hold after a right code. */
static bool
check_right(const struct trouble *t, const char *code, int rc)
{
	char next[16];
	int again;

	if (rc == PAM_SUCCESS)
		n_right++;
	else
		n_refused++;
	if (rc != PAM_SUCCESS && rc != PAM_AUTHINFO_UNAVAIL) {
		tap_note("a right code gave %d", rc);
		return (false);
	}
	if (rc != PAM_SUCCESS && t->is_harmless) {
		tap_note("a right code was refused");
		return (false);
	}
	again = house_login(&house, "ignore", amy.name, code, NULL);
	if (again != PAM_AUTH_ERR && (rc == PAM_SUCCESS || again !=
	    PAM_SUCCESS)) {
		tap_note("a right code gave %d, and again %d", rc, again);
		return (false);
	}
	house_fresh(&house, &amy, 1, next);
	again = house_login(&house, "ignore", amy.name, next, NULL);
	if (again != PAM_SUCCESS)
		tap_note("the next code gave %d", again);
	return (again == PAM_SUCCESS);
}

static bool
check_wrong(int rc)
{
	char next[16];
	long n = failures();
	int again;

	if (rc != PAM_AUTH_ERR && rc != PAM_AUTHINFO_UNAVAIL) {
		tap_note("a wrong code gave %d", rc);
		return (false);
	}
	if (n != 1 && (rc == PAM_AUTH_ERR || n != 0)) {
		tap_note("a wrong code gave %d and counts %ld", rc, n);
		return (false);
	}
	house_fresh(&house, &amy, 0, next);
	again = house_login(&house, "ignore", amy.name, next, NULL);
	if (again != PAM_SUCCESS)
		tap_note("the next code gave %d", again);
	return (again == PAM_SUCCESS);
}

/* One kind of call, one trouble, at each place; how many places went wrong. */
static unsigned int
login_with(const struct kind *kind, const struct trouble *t, bool is_right)
{
	char code[16];
	unsigned int bad = 0;
	int64_t began;
	int n, rc, took;
	bool is_ok;

	for (n = 1; bad < 3; n++) {
		house_restore(&house, "start");
		if (is_right)
			house_fresh(&house, &amy, 0, code);
		else
			house_wrong(&house, &amy, code);
		set_fault(plan, kind, t, n);
		began = house_ms();
		rc = house_login(&house, "ignore", amy.name, code, plan);
		took = (int)(house_ms() - began);
		if (!plan->fired)
			break;
		n_logins++;
		is_ok = is_right ? check_right(t, code, rc) :
		    check_wrong(rc);
		if (took > LATE_MS) {
			tap_note("it took %d ms", took);
			is_ok = false;
		}
		if (!is_ok)
			tap_note("%s at %s %d (%s)", t->name, kind->name, n,
			    plan->what);
		bad += !is_ok;
	}
	return (bad);
}

static void
logins(bool is_right)
{
	char name[128];
	unsigned int bad;
	size_t i, j;

	for (j = 0; j < N_TROUBLES; j++) {
		bad = 0;
		for (i = 0; i < N_KINDS; i++)
			if ((troubles[j].kinds & kinds[i].bit) != 0)
				bad += login_with(&kinds[i], &troubles[j],
				    is_right);
		snprintf(name, sizeof(name), "%s at any call of a login with "
		    "a %s code%s", troubles[j].name, is_right ? "right" :
		    "wrong", troubles[j].is_harmless ? ": nothing" : "");
		tap_ok(bad == 0, name);
	}
}

/* Neither yes nor "not registered" where the configuration cannot be read. */
static void
settings_unreadable(void)
{
	static const uint32_t bits[] = { FAULT_OPEN, FAULT_READ, FAULT_STAT };
	char code[16];
	unsigned int bad = 0, met = 0;
	size_t i;
	int n, rc;

	for (i = 0; i < 3; i++) {
		for (n = 1; ; n++) {
			house_restore(&house, "start");
			house_fresh(&house, &amy, 0, code);
			memset(plan, 0, sizeof(*plan));
			plan->kinds = bits[i];
			plan->nth = n;
			plan->action = FAULT_ERROR;
			plan->err = EIO;
			snprintf(plan->root, sizeof(plan->root), "%.250s",
			    house.config);
			rc = house_login(&house, "ignore", amy.name, code,
			    plan);
			if (!plan->fired)
				break;
			met++;
			/* the second fstat only sizes a buffer */
			if (rc == PAM_SERVICE_ERR || (n > 1 && rc ==
			    PAM_SUCCESS && bits[i] == FAULT_STAT))
				continue;
			tap_note("%s %d gave %d", plan->what, n, rc);
			bad++;
		}
	}
	tap_ok(bad == 0 && met >= 3, "an error reading the configuration is "
	    "PAM_SERVICE_ERR");
}

/* ---- commands ---- */

static char import_in[HOUSE_PATH], import_out[HOUSE_PATH];

static const struct act {
	const char	*name;
	const char	*user;
	const char	*input;
	const char	*words[10];
} acts[] = {
	{ "register", "new", NULL, { "register", "new", "--mail",
	    "n@example.jp" } },
	{ "issue", "new", HOUSE_PASSWORD "\n", { "--json", "issue", "new",
	    "--type", "hotp" } },
	{ "suspend", "amy", NULL, { "suspend", "amy", "--reason", "stolen" } },
	{ "recovery", "amy", NULL, { "recovery", "amy", "--count", "5" } },
	{ "import", "imp2", NULL, { "import", "--format", "csv", import_in,
	    "--out", import_out } },
	{ "repair", "amy", NULL, { "repair" } },
};
#define N_ACTS	(sizeof(acts) / sizeof(acts[0]))

static char before[HOUSE_OUTPUT], after[HOUSE_OUTPUT], now[HOUSE_OUTPUT];
static unsigned int audit_before, audit_after;
static unsigned long n_commands, by_exit[16];

static bool
check_command(const struct act *act, int status, const char *said,
    size_t said_out)
{
	unsigned int records;
	bool is_after, is_before;
	char code[16], kept[HOUSE_PATH];
	int rc;

	if (status != 0 && status != 7 && status != 8 && status != 10) {
		tap_note("exit status %d: %s", status, said);
		return (false);
	}
	by_exit[status]++;
	if (status != 0 && (strstr(said, "otpadm: ") == NULL ||
	    strstr(said, "internal error") != NULL)) {
		tap_note("exit status %d says: %s", status, said);
		return (false);
	}
	/* What a repair cannot read it leaves out, says so, and keeps. */
	snprintf(kept, sizeof(kept), "%.400s.damaged-1", house.database);
	if (status == 10 && strcmp(act->name, "repair") == 0)
		return (strstr(said, "the old file stays beside it") !=
		    NULL && access(kept, F_OK) == 0);
	if ((status == 7 || status == 8) && said_out > 0) {
		tap_note("failed, and says: %s", said);
		return (false);
	}
	house_fresh(&house, &bob, 0, code);
	rc = house_login(&house, "login", bob.name, code, NULL);
	if (rc != PAM_SUCCESS) {
		tap_note("exit status %d; then a login gave %d", status, rc);
		return (false);
	}
	if (house_adm(&house, NULL, "register", "zoe", "--mail",
	    "z@example.jp", NULL) != 0) {
		tap_note("exit status %d; then register: %s", status,
		    house.said);
		return (false);
	}
	house_show(&house, act->user, now);
	is_after = strcmp(now, after) == 0;
	is_before = strcmp(now, before) == 0;
	if (!is_after && (!is_before || status == 0 || status == 10)) {
		tap_note("exit status %d, and it is: %s", status, now);
		return (false);
	}
	if (!is_before && status == 7) {
		tap_note("busy, and it is done");
		return (false);
	}
	records = house_audited(&house, act->user);
	if (records != (is_after ? audit_after : audit_before)) {
		tap_note("exit status %d, %u audit records, the change is %s",
		    status, records, is_after ? "there" : "not there");
		return (false);
	}
	return (house_is_sound(&house));
}

static void
command_with(const struct act *act)
{
	static char said[HOUSE_OUTPUT];
	struct fault fault;
	char name[128], what[sizeof(house.plan->what)];
	unsigned int bad = 0;
	size_t i, j, said_out;
	int n, status;
	bool is_long = getenv("AKITA_FAULTS_ALL") != NULL;

	house_restore(&house, "start");
	(void)unlink(import_out);
	house_show(&house, act->user, before);
	audit_before = house_audited(&house, act->user);
	status = house_adm_fault(&house, NULL, act->input, act->words);
	house_need(&house, status, __LINE__);
	house_show(&house, act->user, after);
	audit_after = house_audited(&house, act->user);
	for (j = 0; j < N_TROUBLES; j++) {
		/* ENOSPC and halves differ from EIO only in long ones */
		if (!is_long && troubles[j].err != EIO &&
		    troubles[j].action != FAULT_SHORT &&
		    !(troubles[j].err == EAGAIN && troubles[j].repeat))
			continue;
		for (i = 0; i < N_KINDS; i++) {
			if ((troubles[j].kinds & kinds[i].bit) == 0)
				continue;
			for (n = 1; bad < 3; n += is_long || n < 40 ? 1 : 7) {
				house_restore(&house, "start");
				(void)unlink(import_out);
				set_fault(&fault, &kinds[i], &troubles[j], n);
				status = house_adm_fault(&house, &fault,
				    act->input, act->words);
				if (!house.plan->fired)
					break;
				n_commands++;
				memcpy(what, house.plan->what, sizeof(what));
				memcpy(said, house.said, sizeof(said));
				said_out = house.said_out;
				if (check_command(act, status, said,
				    said_out))
					continue;
				tap_note("%s at %s %d (%s)", troubles[j].name,
				    kinds[i].name, n, what);
				bad++;
			}
		}
	}
	snprintf(name, sizeof(name), "whatever call fails, the exit status "
	    "tells what is on disk: %s", act->name);
	tap_ok(bad == 0, name);
}

static void
write_import(void)
{
	FILE *f;

	house_join(import_in, house.dir, "import.csv");
	house_join(import_out, house.dir, "import.out");
	if ((f = fopen(import_in, "we")) == NULL)
		err(99, "%s", import_in);
	fputs("user,name,mail,branch,form,activation_password\n"
	    "imp1,,imp1@example.jp,,,1234\nimp2,,imp2@example.jp,,,5678\n",
	    f);
	fclose(f);
}

int
main(int argc, char **argv)
{
	size_t i;

	house_preload(argc, argv);
	tap_plan(2 * N_TROUBLES + 1 + N_ACTS);
	house_make(&house, NULL, "lock_timeout_ms = 300");
	house_must(&house, NULL, "init");
	house_enrol(&house, &amy, "amy", false);
	house_enrol(&house, &bob, "bob", false);
	house_keep(&house, "start");
	write_import();
	plan = house_shared(sizeof(*plan));
	logins(true);
	logins(false);
	tap_note("%lu logins with a fault; of the right codes %lu accepted, "
	    "%lu refused", n_logins, n_right, n_refused);
	settings_unreadable();
	for (i = 0; i < N_ACTS; i++)
		command_with(&acts[i]);
	tap_note("%lu commands with a fault: exit 0 %lu, 7 %lu, 8 %lu, 10 %lu",
	    n_commands, by_exit[0], by_exit[7], by_exit[8], by_exit[10]);
	house_remove(&house);
	return (tap_end());
}
