/*
 * histories.c: random histories of logins and administrative changes with
 * SIGKILL and loss of power at every file-changing call, and what must hold
 * after them.
 *
 *	histories --otpadm P --module P --library P --dir D
 *	    [--histories N] [--seed S] [--sector BYTES] [--ablate WORD]
 *	    [--directed WORD] [--trace 1]
 *
 * Prints one line about what was done; exit status 0: every promise held; 3:
 * one was broken (the line says which, with the seed of the history); 99: the
 * test itself failed.
 */
#include <security/pam_appl.h>

#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "story.h"

static const char *directed = "";

/* ---- a history ---- */

static void
power_is_back(enum model_keep keep)
{
	trace("loss of power, keep %d\n", (int)keep);
	model_cut(story.model, keep, &story.seed);
	atomic_store(&story.cut->is_dead, 0);
	story.n_cuts++;
}

static void
arm(int *ret_calls, int *ret_is_power)
{
	*ret_calls = -1;
	*ret_is_power = 0;
	if (cut_pick(&story.seed, 3) != 0) {
		*ret_calls = 1 + (int)cut_pick(&story.seed, 14);
		*ret_is_power = (int)cut_pick(&story.seed, 2);
	}
}

static void
settle(const struct attempt *a, struct person *p, int64_t counter, int result)
{
	story.n_logins++;
	if (a->calls_left > 0 && result == RESULT_KILLED)
		story.n_kills++;
	if (result != RESULT_KILLED && result != PAM_SUCCESS &&
	    result != PAM_AUTH_ERR)
		broken("login of %s gave %s", p->name,
		    pam_strerror(NULL, result));
	if (counter < 0) {			/* a wrong code */
		if (result == PAM_SUCCESS)
			broken("a wrong code opened %s", p->name);
		if (result != RESULT_KILLED && !p->suspended_maybe)
			p->misses_sure++;
		p->misses_most++;
		return;
	}
	if (result == PAM_SUCCESS) {
		if (counter <= p->accepted)
			broken("code %lld of %s was accepted twice",
			    (long long)counter, p->name);
		if (p->suspended_sure)
			broken("%s is suspended and was let in", p->name);
		p->accepted = counter;
		p->misses_sure = p->misses_most = 0;
	} else if (result == RESULT_KILLED) {
		p->misses_sure = 0;
		if (counter > p->maybe)
			p->maybe = counter;
	} else if (counter > p->accepted && counter > p->maybe &&
	    !p->suspended_maybe && p->misses_most < MISSES) {
		broken("fresh code %lld of %s was refused", (long long)counter,
		    p->name);
	}
}

/* One code of one person, n times at once. */
static void
round_of_one(unsigned int n)
{
	struct attempt a[BATCH_MAX] = { 0 };
	int result[BATCH_MAX];
	struct person *p = &story.people[cut_pick(&story.seed, USERS)];
	unsigned int yes = 0;

	for (unsigned int i = 0; i < n; i++) {
		copy(a[i].user, sizeof(a[i].user), p->name);
		code_of(p, p->next, a[i].code);
		arm(&a[i].calls_left, &a[i].is_power);
	}
	worker_run(&story.worker, a, n, result);
	for (unsigned int i = 0; i < n; i++) {
		trace("%s code %lld (with others) calls %d%s: %d\n",
		    p->name, (long long)p->next, a[i].calls_left,
		    a[i].is_power ? " power" : "", result[i]);
		yes += result[i] == PAM_SUCCESS;
	}
	if (yes > 1)
		broken("%u of %u logins with one code of %s succeeded", yes,
		    n, p->name);
	for (unsigned int i = 0; i < n; i++) {
		story.n_logins++;
		if (result[i] == RESULT_KILLED) {
			story.n_kills++;
			p->maybe = p->next;
			p->misses_sure = 0;
		} else if (result[i] != PAM_SUCCESS &&
		    result[i] != PAM_AUTH_ERR) {
			broken("login of %s gave %s", p->name,
			    pam_strerror(NULL, result[i]));
		}
	}
	if (yes == 1) {
		if (p->suspended_sure)
			broken("%s is suspended and was let in", p->name);
		p->accepted = p->next;
		p->misses_sure = p->misses_most = 0;
	}
	p->next++;
}

/* One to four people at once: a fresh code, the last one again, a wrong one. */
static void
round_of_people(unsigned int n)
{
	struct attempt a[BATCH_MAX] = { 0 };
	struct person *who[BATCH_MAX];
	int64_t counter[BATCH_MAX];
	int result[BATCH_MAX];

	if (n > USERS)
		n = USERS;
	for (unsigned int i = 0; i < n; i++) {
		unsigned int kind = cut_pick(&story.seed, 8);

		who[i] = &story.people[i];
		copy(a[i].user, sizeof(a[i].user), who[i]->name);
		if (kind == 0) {
			counter[i] = -1;
			wrong_code(who[i], a[i].code);
		} else if (kind == 1) {
			counter[i] = who[i]->accepted;
			code_of(who[i], counter[i], a[i].code);
		} else {
			counter[i] = who[i]->next++;
			code_of(who[i], counter[i], a[i].code);
		}
		arm(&a[i].calls_left, &a[i].is_power);
	}
	worker_run(&story.worker, a, n, result);
	for (unsigned int i = 0; i < n; i++) {
		trace("%s code %lld calls %d%s: %d\n", who[i]->name,
		    (long long)counter[i], a[i].calls_left,
		    a[i].is_power ? " power" : "", result[i]);
		/* the last accepted one again: a replay, or burnt since */
		if (counter[i] == who[i]->accepted) {
			if (result[i] == PAM_SUCCESS)
				broken("code %lld of %s was accepted twice",
				    (long long)counter[i], who[i]->name);
			/* killed or not, it may have been counted */
			if (who[i]->maybe > who[i]->accepted)
				who[i]->misses_most++;
			story.n_logins++;
			continue;
		}
		settle(&a[i], who[i], counter[i], result[i]);
	}
}

static void
round_of_logins(void)
{
	unsigned int n = 1 + cut_pick(&story.seed, 6);

	if (cut_pick(&story.seed, 4) == 0)
		round_of_one(n);
	else
		round_of_people(n);
	if (atomic_load(&story.cut->is_dead))
		power_is_back(KEEP_RANDOM);
}

/* One account to import: a change that renames the database. */
static void
import_files(const char *name, char csv[PATH_MAX], char issued[PATH_MAX])
{
	char text[256];

	snprintf(csv, PATH_MAX, "%.4000s/import.csv", story.dir);
	snprintf(issued, PATH_MAX, "%.4000s/import.out", story.dir);
	snprintf(text, sizeof(text), "user,name,mail,branch,form,"
	    "activation_password\n%s,New,new@example.jp,,,1234\n", name);
	write_file(csv, text);
	(void)unlink(issued);
}

static void
round_of_command(void)
{
	static const char *const words[] = { "suspend", "unlock", "register",
	    "import" };
	struct person *p = &story.people[cut_pick(&story.seed, USERS)];
	struct command c = { { NULL }, NULL, -1, 0 };
	char out[16384], name[32], csv[PATH_MAX], issued[PATH_MAX];
	unsigned int what = cut_pick(&story.seed, 4);
	int status;

	c.words[0] = words[what];
	c.words[1] = p->name;
	if (what == 0) {
		c.words[2] = "--reason";
		c.words[3] = "request";
		p->suspended_maybe = true;
	} else if (what == 2) {
		snprintf(name, sizeof(name), "new%lu", story.n_new++);
		c.words[1] = name;
		c.words[2] = "--mail";
		c.words[3] = "new@example.jp";
	} else if (what == 3) {
		snprintf(name, sizeof(name), "new%lu", story.n_new++);
		import_files(name, csv, issued);
		c.words[1] = "--format";
		c.words[2] = "csv";
		c.words[3] = csv;
		c.words[4] = "--out";
		c.words[5] = issued;
	}
	if (cut_pick(&story.seed, 3) != 0) {
		c.calls_left = 1 + (int)cut_pick(&story.seed, 40);
		c.is_power = (int)cut_pick(&story.seed, 2);
	}
	story.n_commands++;
	status = run(&c, out, sizeof(out));
	trace("%s %s calls %d%s: %d\n", words[what], c.words[1],
	    c.calls_left, c.is_power ? " power" : "", status);
	if (atomic_load(&story.cut->is_dead))
		power_is_back(KEEP_RANDOM);
	if (status == -1)
		story.n_kills++;
	else if (status != 0 && status != 3)
		broken("%s %s ended with %d: %s", words[what], p->name, status,
		    out);
	if (what == 0 && status == 0)
		p->suspended_sure = true;
	if (what == 1 && (status == 0 || status == -1)) {
		p->suspended_sure = false;
		p->misses_sure = 0;
		if (status == 0) {
			p->suspended_maybe = false;
			p->misses_most = 0;
		}
	}
	if (what >= 2 && status == 0 && adm(out, sizeof(out), NULL, "--json",
	    "show", name, NULL, NULL) != 0)
		broken("%s was there and is gone: %s", name, out);
}

/* Everything everybody was told must still be true. */
static void
check_person(struct person *p)
{
	struct attempt a = { .calls_left = -1 };
	char out[16384];
	long failures;
	int result, status;

	copy(a.user, sizeof(a.user), p->name);
	code_of(p, p->accepted, a.code);
	worker_run(&story.worker, &a, 1, &result);
	if (result != PAM_AUTH_ERR)
		broken("the last accepted code of %s gave %s", p->name,
		    pam_strerror(NULL, result));
	if (p->maybe > p->accepted)
		p->misses_most++;
	status = adm(out, sizeof(out), NULL, "--json", "show", p->name, NULL,
	    NULL);
	if (status != 0)
		broken("%s is lost: %s", p->name, out);
	failures = json_number(out, "failures");
	if (failures < (long)p->misses_sure || failures >
	    (long)p->misses_most + 1)
		broken("%s has %ld failures, must be %u to %u", p->name,
		    failures, p->misses_sure, p->misses_most);
	if (p->suspended_sure && !json_is(out, "state", "suspended"))
		broken("%s was suspended and is not: %s", p->name, out);
	if (!json_is(out, "state", "active"))
		return;
	code_of(p, p->next, a.code);
	worker_run(&story.worker, &a, 1, &result);
	if (result != PAM_SUCCESS)
		broken("the next code of %s (%lld) gave %s", p->name,
		    (long long)p->next, pam_strerror(NULL, result));
	p->accepted = p->next++;
}

static void
begin_history(void)
{
	story.history_seed = story.seed;
	trace("-- history\n");
	memcpy(story.people, story.people_base, sizeof(story.people));
	shell("rm -rf '%s' && cp -a '%s' '%s'", story.root, story.base, story.root);
	story.cut->ablate = story.ablate;
	story.cut->sector = story.sector;
	model_free(story.model);
	story.model = model_new(story.cut);
}

static void
history(void)
{
	begin_history();
	for (unsigned int i = 0; i < ROUNDS; i++) {
		if (cut_pick(&story.seed, 5) == 0)
			round_of_command();
		else
			round_of_logins();
		if (cut_pick(&story.seed, 6) == 0)	/* power fails while idle */
			power_is_back((enum model_keep)cut_pick(&story.seed, 3));
		model_read(story.model);
	}
	for (size_t i = 0; i < USERS; i++)
		check_person(&story.people[i]);
}

/* A login, the power fails with nothing unsynced kept, the code again. */
static void
directed_history(void)
{
	struct attempt a[BATCH_MAX];
	int result[BATCH_MAX];
	char file[PATH_MAX], issued[PATH_MAX];
	struct person *p = &story.people[0];
	unsigned int yes = 0;

	begin_history();
	if (strcmp(directed, "rename") == 0) {
		import_files("imp", file, issued);
		struct command c = { { "import", "--format", "csv", file,
		    "--out", issued }, NULL, -1, 0 };
		char said[16384];

		if (run(&c, said, sizeof(said)) != 0)
			errx(99, "import: %s", said);
	}
	for (unsigned int i = 0; i < 16; i++) {
		a[i].calls_left = -1;
		a[i].is_power = 0;
		copy(a[i].user, sizeof(a[i].user), p->name);
		code_of(p, p->next, a[i].code);
	}
	if (strcmp(directed, "same") == 0) {
		worker_run(&story.worker, a, 16, result);
		for (unsigned int i = 0; i < 16; i++)
			yes += result[i] == PAM_SUCCESS;
		if (yes != 1)
			broken("%u of 16 logins with one code succeeded", yes);
		return;
	}
	worker_run(&story.worker, a, 1, result);
	if (result[0] != PAM_SUCCESS)
		broken("login gave %s", pam_strerror(NULL, result[0]));
	story.n_logins++;
	power_is_back(KEEP_NOTHING);
	worker_run(&story.worker, a, 1, result);
	if (result[0] != PAM_AUTH_ERR)
		broken("the same code after a loss of power gave %s",
		    pam_strerror(NULL, result[0]));
}

static uint32_t
ablation(const char *word)
{
	if (strcmp(word, "dirsync") == 0)
		return (CUT_NO_DIRSYNC);
	if (strcmp(word, "dbsync") == 0)
		return (CUT_NO_DBSYNC);
	if (strcmp(word, "stripes") == 0)
		return (CUT_NO_STRIPES);
	if (strcmp(word, "slots") == 0)
		return (CUT_ONE_SLOT);
	errx(99, "no such ablation: %s", word);
}

int
main(int argc, char **argv)
{
	unsigned long histories = 100;

	if (argc > 1 && strcmp(argv[1], "worker") == 0)
		return (worker_main(argc, argv));
	for (int i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--otpadm") == 0)
			story.otpadm = argv[i + 1];
		else if (strcmp(argv[i], "--module") == 0)
			story.module = argv[i + 1];
		else if (strcmp(argv[i], "--library") == 0)
			story.library = argv[i + 1];
		else if (strcmp(argv[i], "--dir") == 0)
			story.dir = argv[i + 1];
		else if (strcmp(argv[i], "--histories") == 0)
			histories = strtoul(argv[i + 1], NULL, 10);
		else if (strcmp(argv[i], "--seed") == 0)
			story.seed = strtoull(argv[i + 1], NULL, 10);
		else if (strcmp(argv[i], "--ablate") == 0)
			story.ablate = ablation(argv[i + 1]);
		else if (strcmp(argv[i], "--directed") == 0)
			directed = argv[i + 1];
		else if (strcmp(argv[i], "--sector") == 0)
			story.sector = (uint32_t)strtoul(argv[i + 1], NULL, 10);
		else if (strcmp(argv[i], "--trace") == 0)
			story.is_traced = argv[i + 1][0] == '1';
		else
			errx(99, "unknown: %s", argv[i]);
	}
	if (story.otpadm == NULL || story.module == NULL || story.library == NULL)
		errx(99, "--otpadm, --module and --library are needed");
	if (akita_crypto_new(&story.crypto) != AKITA_OK)
		errx(99, "crypto");
	prepare();
	for (unsigned long i = 0; i < histories; i++) {
		if (directed[0] != '\0')
			directed_history();
		else
			history();
	}
	printf("%lu histories: %lu logins, %lu commands, %lu killed, "
	    "%lu losses of power: every promise held\n", histories, story.n_logins,
	    story.n_commands, story.n_kills, story.n_cuts);
	worker_stop(&story.worker);
	return (0);
}
