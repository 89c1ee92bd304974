/*
 * test_races.c: many at once.  One code opens one login, whoever brings it
 * how often; different people do not get in each other's way; failures count
 * exactly; changes of structure lose no login.
 */
#include "house.h"

#include <security/pam_appl.h>

#include <err.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MANY	64

static struct house house;
static struct person people[MANY];

/* What processes and threads share. */
static struct race {
	atomic_int	waiting;
	atomic_int	go;
	atomic_int	stop;
	int		result[MANY];
	unsigned long	done[MANY];
	char		note[MANY][160];
} *race;

/* Everybody is here: go. */
static void
line_up(int n)
{
	atomic_fetch_add(&race->waiting, 1);
	while (!atomic_load(&race->go) && atomic_load(&race->waiting) < n)
		sched_yield();
	atomic_store(&race->go, 1);
}

static void
reset(void)
{
	atomic_store(&race->waiting, 0);
	atomic_store(&race->go, 0);
	atomic_store(&race->stop, 0);
}

/* n processes log in at once, number i as user(i) with codes[i]. */
static void
run_processes(int n, const char *const *users, char (*codes)[16])
{
	pid_t pids[MANY];
	int i;

	reset();
	for (i = 0; i < n; i++) {
		race->result[i] = HOUSE_SILENT;
		if ((pids[i] = fork()) < 0)
			err(99, "fork");
		if (pids[i] != 0)
			continue;
		line_up(n);
		race->result[i] = house_login_here(&house, "login", users[i],
		    codes[i]);
		_exit(0);
	}
	for (i = 0; i < n; i++) {
		int end = house_wait(pids[i], 60000, &race->result[i]);

		race->result[i] = end;
	}
}

struct runner {
	int		n, i;
	const char	*user;
	const char	*code;
};

static void *
thread_main(void *arg)
{
	const struct runner *r = arg;

	line_up(r->n);
	race->result[r->i] = house_login_here(&house, "login", r->user,
	    r->code);
	return (NULL);
}

/* n threads of one process. */
static void
run_threads(int n, const char *user, const char *code)
{
	pthread_t threads[MANY];
	struct runner runners[MANY];
	pid_t pid;
	int i;

	reset();
	for (i = 0; i < n; i++)
		race->result[i] = HOUSE_SILENT;
	if ((pid = fork()) < 0)
		err(99, "fork");
	if (pid == 0) {
		for (i = 0; i < n; i++) {
			runners[i] = (struct runner){ n, i, user, code };
			if (pthread_create(&threads[i], NULL, thread_main,
			    &runners[i]) != 0)
				_exit(99);
		}
		for (i = 0; i < n; i++)
			(void)pthread_join(threads[i], NULL);
		_exit(0);
	}
	i = house_wait(pid, 60000, NULL);
	if (i != 0)
		tap_note("the process of threads ended with %d", i);
}

static int
count(int n, int result)
{
	int i, k = 0;

	for (i = 0; i < n; i++)
		k += race->result[i] == result;
	return (k);
}

/* ---- one code, many times ---- */

static const struct rounds {
	int	n, share;	/* of 100 */
} rounds[] = {
	{ 2, 36 }, { 4, 28 }, { 8, 16 }, { 16, 10 }, { 32, 6 }, { 64, 4 }
};

enum how { TOTP, HOTP, RECOVERY };

static void
code_for(enum how how, const char *recovery, char ret[16])
{
	const struct person *p = &people[how == TOTP];

	if (how == RECOVERY)
		snprintf(ret, 16, "%s", recovery);
	else
		house_fresh(&house, p, 0, ret);
}

static void
one_code(enum how how, bool in_threads, unsigned long total, const char *name)
{
	const struct person *p = &people[how == TOTP];
	const char *users[MANY];
	char codes[MANY][16], recovery[16] = "";
	unsigned int bad = 0;
	unsigned long k, many;
	size_t i;
	int j, n, yes, no;

	house_restore(&house, "start");
	if (how == RECOVERY) {
		house_must(&house, NULL, "--json", "recovery", p->name);
		snprintf(recovery, sizeof(recovery), "%.14s",
		    strstr(house.said, "\"codes\":[\"") + 10);
	}
	house_keep(&house, "race");
	for (i = 0; i < sizeof(rounds) / sizeof(rounds[0]); i++) {
		n = rounds[i].n;
		many = (total * (unsigned long)rounds[i].share + 99) / 100;
		for (k = 0; k < many && bad < 3; k++) {
			house_restore(&house, "race");
			for (j = 0; j < n; j++) {
				users[j] = p->name;
				code_for(how, recovery, codes[j]);
			}
			if (in_threads)
				run_threads(n, p->name, codes[0]);
			else
				run_processes(n, users, codes);
			yes = count(n, PAM_SUCCESS);
			no = count(n, PAM_AUTH_ERR);
			if (yes == 1 && no == n - 1)
				continue;
			tap_note("%d at once: %d accepted, %d refused, %d "
			    "neither", n, yes, no, n - yes - no);
			bad++;
		}
	}
	tap_ok(bad == 0, name);
}

/* ---- different people ---- */

static void
everybody_at_once(void)
{
	const char *users[MANY];
	char codes[MANY][16];
	unsigned int bad = 0, round;
	unsigned long many = house_many("AKITA_RACES", 1000) / 50;
	int i;

	for (round = 0; round < many; round++) {
		house_restore(&house, "start");
		for (i = 0; i < MANY; i++) {
			users[i] = people[i].name;
			house_fresh(&house, &people[i], 0, codes[i]);
		}
		run_processes(MANY, users, codes);
		if (count(MANY, PAM_SUCCESS) != MANY) {
			tap_note("%d of 64 accepted, %d unavailable",
			    count(MANY, PAM_SUCCESS),
			    count(MANY, PAM_AUTHINFO_UNAVAIL));
			bad++;
		}
		run_processes(MANY, users, codes);
		if (count(MANY, PAM_AUTH_ERR) != MANY) {
			tap_note("%d of 64 replays accepted",
			    count(MANY, PAM_SUCCESS));
			bad++;
		}
	}
	tap_ok(bad == 0, "64 different users at once: 64 accepted, none twice");
}

/* ---- counting ---- */

static void
wrong_codes_together(void)
{
	const char *users[MANY];
	char codes[MANY][16], right[16];
	unsigned int bad = 0;
	int i, round, n;

	for (round = 0; round < 20; round++) {
		n = round % 2 == 0 ? 20 : 9;
		house_restore(&house, "start");
		for (i = 0; i < n; i++) {
			users[i] = people[0].name;
			house_wrong(&house, &people[0], codes[i]);
		}
		run_processes(n, users, codes);
		house_must(&house, NULL, "--json", "show", people[0].name);
		if (count(n, PAM_AUTH_ERR) != n ||
		    house_number(&house, "failures") != (n > 10 ? 10 : n) ||
		    (strstr(house.said, "\"state\":\"locked\"") != NULL) !=
		    (n > 10)) {
			tap_note("%d wrong codes: %s", n, house.said);
			bad++;
		}
		house_fresh(&house, &people[0], 0, right);
		if (house_login(&house, "login", people[0].name, right,
		    NULL) != (n > 10 ? PAM_AUTH_ERR : PAM_SUCCESS)) {
			tap_note("the right code after %d wrong ones", n);
			bad++;
		}
	}
	tap_ok(bad == 0, "wrong codes arriving together count exactly, and "
	    "lock at ten");
}

static const char *open_answer;

static int
suspend_meanwhile(int n, const struct pam_message **msg,
    struct pam_response **ret, void *ctx)
{
	struct pam_response *answers = calloc((size_t)n, sizeof(*answers));

	(void)ctx;
	(void)msg;
	if (answers == NULL)
		return (PAM_BUF_ERR);
	house_must(&house, NULL, "suspend", people[0].name, "--reason",
	    "stolen");
	answers[0].resp = strdup(open_answer);
	*ret = answers;
	return (PAM_SUCCESS);
}

static void
suspend_while_a_prompt_is_open(void)
{
	const struct pam_conv conv = { suspend_meanwhile, NULL };
	pam_handle_t *pamh = NULL;
	char code[16];
	int rc;

	house_restore(&house, "start");
	house_fresh(&house, &people[0], 0, code);
	open_answer = code;
	rc = pam_start_confdir("login", people[0].name, &conv, house.confdir,
	    &pamh);
	if (rc == PAM_SUCCESS)
		rc = pam_authenticate(pamh, 0);
	(void)pam_end(pamh, rc);
	tap_ok(rc == PAM_AUTH_ERR, "suspended while the prompt is open: the "
	    "right answer is refused");
}

/* ---- beside changes of structure ---- */

/* Each of its people in turn: a code, and the same code again. */
static void __attribute__((noreturn))
log_in_for_ever(int self, int n_workers)
{
	struct person *p;
	char code[16];
	int who = self, rc;

	while (!atomic_load(&race->stop) && race->note[self][0] == '\0') {
		p = &people[2 + who % 16];
		house_fresh(&house, p, 0, code);
		p->next++;
		rc = house_login_here(&house, "login", p->name, code);
		if (rc != PAM_SUCCESS)
			snprintf(race->note[self], 160, "login %lu gave %d",
			    race->done[self], rc);
		rc = house_login_here(&house, "login", p->name, code);
		if (rc != PAM_AUTH_ERR)
			snprintf(race->note[self], 160, "login %lu: its code "
			    "again gave %d", race->done[self], rc);
		race->done[self] += 2;
		who += n_workers;
	}
	_exit(0);
}

/* One import, or one application; the number of new accounts. */
static unsigned int
change_structure(unsigned int round)
{
	char in[HOUSE_PATH], out[HOUSE_PATH], name[32];
	unsigned int i;
	FILE *f;

	if (round % 3 != 0) {
		snprintf(name, sizeof(name), "reg%u", round);
		house_must(&house, NULL, "register", name, "--mail",
		    "r@example.jp");
		return (1);
	}
	house_join(in, house.dir, "import.csv");
	house_join(out, house.dir, "import.out");
	if ((f = fopen(in, "we")) == NULL)
		err(99, "%s", in);
	fputs("user,name,mail,branch,form,activation_password\n", f);
	for (i = 0; i < 20; i++)
		fprintf(f, "imp%u.%u,,i@example.jp,,,1234\n", round, i);
	fclose(f);
	(void)unlink(out);
	house_must(&house, NULL, "import", "--format", "csv", in, "--out",
	    out);
	return (20);
}

static unsigned int
count_accounts(void)
{
	char line[4096];
	unsigned int n = 0;
	FILE *f;

	snprintf(line, sizeof(line), "%.400s --config %.400s --json list",
	    house.otpadm, house.config);
	if ((f = popen(line, "re")) == NULL)
		err(99, "popen");
	while (fgets(line, sizeof(line), f) != NULL)
		n++;
	if (pclose(f) != 0)
		return (0);
	return (n);
}

static void
beside_changes(void)
{
	unsigned long want = house_many("AKITA_RACE_LOGINS", 10000), all = 0;
	unsigned int rounds_done = 0, accounts, bad = 0;
	pid_t pids[4];
	int i;

	house_restore(&house, "start");
	accounts = count_accounts();
	reset();
	memset(race, 0, sizeof(*race));
	for (i = 0; i < 4; i++) {
		if ((pids[i] = fork()) < 0)
			err(99, "fork");
		if (pids[i] == 0)
			log_in_for_ever(i, 4);
	}
	while (all < want && bad == 0) {
		accounts += change_structure(rounds_done++);
		all = 0;
		for (i = 0; i < 4; i++) {
			all += race->done[i];
			bad += race->note[i][0] != '\0';
		}
	}
	atomic_store(&race->stop, 1);
	for (i = 0; i < 4; i++) {
		if (house_wait(pids[i], 60000, NULL) != 0)
			bad++;
		if (race->note[i][0] != '\0')
			tap_note("%s", race->note[i]);
	}
	if (count_accounts() != accounts) {
		tap_note("%u accounts, not %u", count_accounts(), accounts);
		bad++;
	}
	tap_note("%lu logins beside %u changes of structure, %u accounts", all,
	    rounds_done, accounts);
	tap_ok(bad == 0 && house_is_sound(&house), "logins beside imports and "
	    "applications lose nothing");
}

int
main(int argc, char **argv)
{
	unsigned long total = house_many("AKITA_RACES", 1000);
	char name[16];
	int i;

	house_preload(argc, argv);
	tap_plan(9);
	house_make(&house, NULL, "lock_timeout_ms = 20000");
	race = house_shared(sizeof(*race));
	house_must(&house, NULL, "init");
	for (i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "user%d", i);
		house_enrol(&house, &people[i], name, i == 1);
	}
	house_keep(&house, "start");
	one_code(TOTP, false, total * 25 / 100, "one code of a TOTP token from "
	    "2 to 64 processes opens one login");
	one_code(HOTP, false, total * 25 / 100, "one code of a HOTP token from "
	    "2 to 64 processes opens one login");
	one_code(RECOVERY, false, total * 20 / 100, "one recovery code from 2 "
	    "to 64 processes opens one login");
	one_code(TOTP, true, total * 15 / 100, "one code of a TOTP token from 2 "
	    "to 64 threads opens one login");
	one_code(HOTP, true, total * 15 / 100, "one code of a HOTP token from 2 "
	    "to 64 threads opens one login");
	everybody_at_once();
	wrong_codes_together();
	suspend_while_a_prompt_is_open();
	beside_changes();
	house_remove(&house);
	return (tap_end());
}
