/*
 * histories.c: random histories of logins and administrative changes with
 * SIGKILL and loss of power at every file-changing call, and what must hold
 * after them.
 *
 *	histories --otpadm P --module P --library P --dir D
 *	    [--histories N] [--seed S] [--sector BYTES] [--ablate WORD] [--directed WORD] [--trace 1]
 *
 * Prints one line about what was done; exit status 0: every promise held; 3:
 * one was broken (the line says which, with the seed of the history); 99: the
 * test itself failed.
 */
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <security/pam_appl.h>

#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base32.h"
#include "common/keyuri.h"
#include "common/otp.h"

#include "model.h"
#include "worker.h"

#define USERS	4
#define ROUNDS	8
#define MISSES	10	/* max_failures */

struct person {
	char		name[16];
	struct akita_secret key;
	int64_t		next;		/* first counter never tried */
	int64_t		accepted;	/* highest one acknowledged */
	int64_t		maybe;		/* highest one perhaps accepted */
	unsigned int	misses_sure;	/* acknowledged since a possible yes */
	unsigned int	misses_most;	/* at most, since a sure yes */
	bool		suspended_sure;
	bool		suspended_maybe;
};

static const char *otpadm, *module, *library, *dir = ".";
static char root[PATH_MAX], base[PATH_MAX], config[PATH_MAX];
static char confdir[PATH_MAX], log_path[PATH_MAX];
static struct cut_log *cut;
static struct model *model;
static struct worker worker;
static struct akita_crypto *crypto;
static struct person people[USERS], people_base[USERS];
static uint64_t seed, history_seed;
static unsigned long n_kills, n_cuts, n_logins, n_commands, n_new;
static uint32_t ablate, sector = 512;
static const char *directed = "";
static bool is_traced;		/* --trace 1: say everything that happens */

static void trace(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

static void
trace(const char *format, ...)
{
	va_list ap;

	if (!is_traced)
		return;
	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
	fflush(stdout);
}

static void broken(const char *format, ...)
    __attribute__((noreturn, format(printf, 1, 2)));

static void
broken(const char *format, ...)
{
	va_list ap;

	printf("broken (history seed %llu): ",
	    (unsigned long long)history_seed);
	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
	printf("\n");
	fflush(stdout);
	worker_stop(&worker);
	exit(3);
}

/* A name into a field of size bytes; all of it fits. */
static void
copy(char *to, size_t size, const char *from)
{
	size_t len = strlen(from);

	if (len >= size)
		errx(99, "too long: %s", from);
	memcpy(to, from, len + 1);
}

/* ---- commands ---- */

struct command {
	const char	*words[12];
	const char	*input;
	int		 calls_left;
	int		 is_power;
};

/* Run otpadm; its output into ret_out.  Exit status, or -1 if killed. */
static int
run(const struct command *command, char *ret_out, size_t out_size)
{
	char arm[32];
	const char *argv[20] = { otpadm, "--config", config, "--lang", "en" };
	size_t n = 5, len = 0;
	int in[2], out[2], status;
	ssize_t got;
	pid_t pid;

	for (size_t i = 0; command->words[i] != NULL; i++)
		argv[n++] = command->words[i];
	if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0)
		err(99, "pipe");
	pid = fork();
	if (pid < 0)
		err(99, "fork");
	if (pid == 0) {
		snprintf(arm, sizeof(arm), "%d%s", command->calls_left,
		    command->is_power ? " power" : "");
		setenv("LD_PRELOAD", library, 1);
		setenv("CUT_LOG", log_path, 1);
		setenv("CUT_ARM", arm, 1);
		dup2(in[0], 0);
		dup2(out[1], 1);
		dup2(out[1], 2);
		execv(otpadm, (char *const *)(uintptr_t)argv);
		_exit(99);
	}
	close(in[0]);
	close(out[1]);
	if (command->input != NULL && write(in[1], command->input,
	    strlen(command->input)) < 0)
		err(99, "pipe");
	close(in[1]);
	while (len + 1 < out_size &&
	    (got = read(out[0], ret_out + len, out_size - len - 1)) > 0)
		len += (size_t)got;
	ret_out[len] = '\0';
	close(out[0]);
	if (waitpid(pid, &status, 0) != pid)
		err(99, "waitpid");
	return (WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

static int
adm(char *ret_out, size_t out_size, const char *input, const char *w1,
    const char *w2, const char *w3, const char *w4, const char *w5)
{
	struct command c = { { w1, w2, w3, w4, w5 }, input, -1, 0 };

	return (run(&c, ret_out, out_size));
}

/* The number behind "key": in one JSON object, or -1. */
static long
json_number(const char *json, const char *key)
{
	char word[64];
	const char *at;

	snprintf(word, sizeof(word), "\"%s\":", key);
	at = strstr(json, word);
	if (at == NULL)
		return (-1);
	at += strlen(word);
	at += strspn(at, " \"");
	return (strtol(at, NULL, 10));
}

static bool
json_is(const char *json, const char *key, const char *value)
{
	char word[128];

	snprintf(word, sizeof(word), "\"%s\": \"%s\"", key, value);
	if (strstr(json, word) != NULL)
		return (true);
	snprintf(word, sizeof(word), "\"%s\":\"%s\"", key, value);
	return (strstr(json, word) != NULL);
}

static void
code_of(const struct person *p, int64_t counter, char ret[16])
{
	char text[AKITA_DIGITS_MAX + 1];
	uint32_t value;

	if (akita_otp_value(crypto, &p->key, AKITA_HASH_SHA1, 6,
	    (uint64_t)counter, &value) != AKITA_OK)
		errx(99, "otp");
	akita_otp_text(value, 6, text);
	snprintf(ret, 16, "%s", text);
}

/* A code that no counter near has. */
static void
wrong_code(const struct person *p, char ret[16])
{
	char near[16];
	bool is_near = true;

	for (unsigned int n = 0; is_near; n++) {
		snprintf(ret, 16, "%06u", (unsigned int)
		    (cut_random(&seed) % 1000000));
		is_near = false;
		for (int64_t c = p->accepted; c < p->next + 24; c++) {
			if (c < 0)
				continue;
			code_of(p, c, near);
			is_near = is_near || strcmp(near, ret) == 0;
		}
	}
}

/* ---- the starting point of every history ---- */

static void
write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		err(99, "%s", path);
	(void)chmod(path, 0600);
}

static void
enrol(struct person *p)
{
	char out[16384], code[16], input[64];
	const char *uri, *end;
	char *copy = NULL;
	struct akita_keyuri parsed;

	if (adm(out, sizeof(out), "4649\n", "--json", "issue", p->name,
	    "--type", "hotp") != 0)
		errx(99, "issue %s: %s", p->name, out);
	uri = strstr(out, "otpauth://");
	end = uri != NULL ? strchr(uri, '"') : NULL;
	if (end == NULL)
		errx(99, "issue %s: no key URI: %s", p->name, out);
	copy = strndup(uri, (size_t)(end - uri));
	/* JSON may write a slash as \/ */
	for (char *a = copy, *b = copy; ; a++) {
		if (*a == '\\' && a[1] == '/')
			a++;
		*b++ = *a;
		if (*a == '\0')
			break;
	}
	if (akita_keyuri_parse(copy, &parsed, NULL) != AKITA_OK)
		errx(99, "key URI of %s", p->name);
	free(copy);
	p->key = parsed.token.key;
	code_of(p, 0, code);
	snprintf(input, sizeof(input), "4649\n%s\n", code);
	if (adm(out, sizeof(out), input, "activate", p->name, NULL, NULL,
	    NULL) != 0)
		errx(99, "activate %s: %s", p->name, out);
	p->next = 1;
	p->accepted = p->maybe = 0;
}

static void shell(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

static void
shell(const char *format, ...)
{
	char line[2 * PATH_MAX + 64];
	va_list ap;

	va_start(ap, format);
	vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	if (system(line) != 0)
		errx(99, "failed: %s", line);
}

static void
prepare(void)
{
	char text[4 * PATH_MAX], out[16384];
	int fd;

	snprintf(root, sizeof(root), "%s/root", dir);
	snprintf(base, sizeof(base), "%s/base", dir);
	snprintf(config, sizeof(config), "%s/akita-otp.conf", dir);
	snprintf(confdir, sizeof(confdir), "%s/pam.d", dir);
	snprintf(log_path, sizeof(log_path), "%s/log", dir);
	if (mkdir(root, 0700) != 0 || mkdir(confdir, 0700) != 0)
		err(99, "%s", dir);
	snprintf(text, sizeof(text), "[storage]\ndatabase = gdbm:%s/state/"
	    "tokens.gdbm\nkey_file = %s/master.key\nlock_timeout_ms = 20000\n"
	    "[audit]\nfile = %s/audit.log\n", root, dir, root);
	write_file(config, text);
	snprintf(text, sizeof(text), "%s/login", confdir);
	snprintf(out, sizeof(out), "auth required %s config=%s\n"
	    "account required %s config=%s\n", module, config, module, config);
	write_file(text, out);

	fd = open(log_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || ftruncate(fd, CUT_LOG_SIZE) != 0)
		err(99, "%s", log_path);
	cut = mmap(NULL, CUT_LOG_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
	    0);
	if (cut == MAP_FAILED)
		err(99, "%s", log_path);
	close(fd);
	copy(cut->root, sizeof(cut->root), root);

	if (adm(out, sizeof(out), NULL, "init", NULL, NULL, NULL, NULL) != 0)
		errx(99, "init: %s", out);
	for (size_t i = 0; i < USERS; i++) {
		snprintf(people[i].name, sizeof(people[i].name), "user%zu", i);
		enrol(&people[i]);
	}
	memcpy(people_base, people, sizeof(people));
	shell("cp -a '%s' '%s'", root, base);
	worker_start(&worker, "/proc/self/exe", library, log_path, confdir,
	    module);
}

/* ---- a history ---- */

static void
power_is_back(enum model_keep keep)
{
	trace("loss of power, keep %d\n", (int)keep);
	model_cut(model, keep, &seed);
	atomic_store(&cut->is_dead, 0);
	n_cuts++;
}

static void
arm(int *ret_calls, int *ret_is_power)
{
	*ret_calls = -1;
	*ret_is_power = 0;
	if (cut_pick(&seed, 3) != 0) {
		*ret_calls = 1 + (int)cut_pick(&seed, 14);
		*ret_is_power = (int)cut_pick(&seed, 2);
	}
}

static void
settle(const struct attempt *a, struct person *p, int64_t counter, int result)
{
	n_logins++;
	if (a->calls_left > 0 && result == RESULT_KILLED)
		n_kills++;
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

/* One to six logins at once, of different people or of one. */
static void
round_of_logins(void)
{
	struct attempt a[BATCH_MAX];
	struct person *who[BATCH_MAX];
	int64_t counter[BATCH_MAX];
	int result[BATCH_MAX];
	unsigned int n = 1 + cut_pick(&seed, 6);
	bool same = cut_pick(&seed, 4) == 0, wrong_too = false;

	if (same) {			/* one code, many times */
		struct person *p = &people[cut_pick(&seed, USERS)];
		unsigned int yes = 0;

		for (unsigned int i = 0; i < n; i++) {
			copy(a[i].user, sizeof(a[i].user), p->name);
			code_of(p, p->next, a[i].code);
			arm(&a[i].calls_left, &a[i].is_power);
		}
		worker_run(&worker, a, n, result);
		for (unsigned int i = 0; i < n; i++) {
			trace("%s code %lld (with others) calls %d%s: %d\n",
			    p->name, (long long)p->next, a[i].calls_left,
			    a[i].is_power ? " power" : "", result[i]);
			yes += result[i] == PAM_SUCCESS;
		}
		if (yes > 1)
			broken("%u of %u logins with one code of %s succeeded",
			    yes, n, p->name);
		for (unsigned int i = 0; i < n; i++) {
			n_logins++;
			if (result[i] == RESULT_KILLED) {
				n_kills++;
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
				broken("%s is suspended and was let in",
				    p->name);
			p->accepted = p->next;
			p->misses_sure = p->misses_most = 0;
		}
		p->next++;
		goto out;
	}
	if (n > USERS)
		n = USERS;
	for (unsigned int i = 0; i < n; i++) {
		unsigned int kind = cut_pick(&seed, 8);

		who[i] = &people[i];
		copy(a[i].user, sizeof(a[i].user), who[i]->name);
		if (kind == 0) {
			counter[i] = -1;
			wrong_code(who[i], a[i].code);
			wrong_too = true;
		} else if (kind == 1) {
			counter[i] = who[i]->accepted;
			code_of(who[i], counter[i], a[i].code);
		} else {
			counter[i] = who[i]->next++;
			code_of(who[i], counter[i], a[i].code);
		}
		arm(&a[i].calls_left, &a[i].is_power);
	}
	worker_run(&worker, a, n, result);
	for (unsigned int i = 0; i < n; i++) {
		trace("%s code %lld calls %d%s: %d\n", who[i]->name,
		    (long long)counter[i], a[i].calls_left,
		    a[i].is_power ? " power" : "", result[i]);
		/* the last accepted one again: a replay, or burnt since */
		if (counter[i] == who[i]->accepted) {
			if (result[i] == PAM_SUCCESS)
				broken("code %lld of %s was accepted twice",
				    (long long)counter[i], who[i]->name);
			if (result[i] != RESULT_KILLED &&
			    who[i]->maybe > who[i]->accepted)
				who[i]->misses_most++;
			n_logins++;
			continue;
		}
		settle(&a[i], who[i], counter[i], result[i]);
	}
out:
	(void)wrong_too;
	if (atomic_load(&cut->is_dead))
		power_is_back(KEEP_RANDOM);
}

/* One account to import: a change that renames the database. */
static void
import_files(const char *name, char csv[PATH_MAX], char issued[PATH_MAX])
{
	char text[256];

	snprintf(csv, PATH_MAX, "%.4000s/import.csv", dir);
	snprintf(issued, PATH_MAX, "%.4000s/import.out", dir);
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
	struct person *p = &people[cut_pick(&seed, USERS)];
	struct command c = { { NULL }, NULL, -1, 0 };
	char out[16384], name[32], csv[PATH_MAX], issued[PATH_MAX];
	unsigned int what = cut_pick(&seed, 4);
	int status;

	c.words[0] = words[what];
	c.words[1] = p->name;
	if (what == 0) {
		c.words[2] = "--reason";
		c.words[3] = "request";
		p->suspended_maybe = true;
	} else if (what == 2) {
		snprintf(name, sizeof(name), "new%lu", n_new++);
		c.words[1] = name;
		c.words[2] = "--mail";
		c.words[3] = "new@example.jp";
	} else if (what == 3) {
		snprintf(name, sizeof(name), "new%lu", n_new++);
		import_files(name, csv, issued);
		c.words[1] = "--format";
		c.words[2] = "csv";
		c.words[3] = csv;
		c.words[4] = "--out";
		c.words[5] = issued;
	}
	if (cut_pick(&seed, 3) != 0) {
		c.calls_left = 1 + (int)cut_pick(&seed, 40);
		c.is_power = (int)cut_pick(&seed, 2);
	}
	n_commands++;
	status = run(&c, out, sizeof(out));
	trace("%s %s calls %d%s: %d\n", words[what], c.words[1],
	    c.calls_left, c.is_power ? " power" : "", status);
	if (atomic_load(&cut->is_dead))
		power_is_back(KEEP_RANDOM);
	if (status == -1)
		n_kills++;
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
	worker_run(&worker, &a, 1, &result);
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
	worker_run(&worker, &a, 1, &result);
	if (result != PAM_SUCCESS)
		broken("the next code of %s (%lld) gave %s", p->name,
		    (long long)p->next, pam_strerror(NULL, result));
	p->accepted = p->next++;
}

static void
begin_history(void)
{
	history_seed = seed;
	trace("-- history\n");
	memcpy(people, people_base, sizeof(people));
	shell("rm -rf '%s' && cp -a '%s' '%s'", root, base, root);
	cut->ablate = ablate;
	cut->sector = sector;
	model_free(model);
	model = model_new(cut);
}

static void
history(void)
{
	begin_history();
	for (unsigned int i = 0; i < ROUNDS; i++) {
		if (cut_pick(&seed, 5) == 0)
			round_of_command();
		else
			round_of_logins();
		if (cut_pick(&seed, 6) == 0)	/* power fails while idle */
			power_is_back((enum model_keep)cut_pick(&seed, 3));
		model_read(model);
	}
	for (size_t i = 0; i < USERS; i++)
		check_person(&people[i]);
}

/* A login, the power fails with nothing unsynced kept, the code again. */
static void
directed_history(void)
{
	struct attempt a[BATCH_MAX];
	int result[BATCH_MAX];
	char file[PATH_MAX], issued[PATH_MAX];
	struct person *p = &people[0];
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
		worker_run(&worker, a, 16, result);
		for (unsigned int i = 0; i < 16; i++)
			yes += result[i] == PAM_SUCCESS;
		if (yes != 1)
			broken("%u of 16 logins with one code succeeded", yes);
		return;
	}
	worker_run(&worker, a, 1, result);
	if (result[0] != PAM_SUCCESS)
		broken("login gave %s", pam_strerror(NULL, result[0]));
	n_logins++;
	power_is_back(KEEP_NOTHING);
	worker_run(&worker, a, 1, result);
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
			otpadm = argv[i + 1];
		else if (strcmp(argv[i], "--module") == 0)
			module = argv[i + 1];
		else if (strcmp(argv[i], "--library") == 0)
			library = argv[i + 1];
		else if (strcmp(argv[i], "--dir") == 0)
			dir = argv[i + 1];
		else if (strcmp(argv[i], "--histories") == 0)
			histories = strtoul(argv[i + 1], NULL, 10);
		else if (strcmp(argv[i], "--seed") == 0)
			seed = strtoull(argv[i + 1], NULL, 10);
		else if (strcmp(argv[i], "--ablate") == 0)
			ablate = ablation(argv[i + 1]);
		else if (strcmp(argv[i], "--directed") == 0)
			directed = argv[i + 1];
		else if (strcmp(argv[i], "--sector") == 0)
			sector = (uint32_t)strtoul(argv[i + 1], NULL, 10);
		else if (strcmp(argv[i], "--trace") == 0)
			is_traced = argv[i + 1][0] == '1';
		else
			errx(99, "unknown: %s", argv[i]);
	}
	if (otpadm == NULL || module == NULL || library == NULL)
		errx(99, "--otpadm, --module and --library are needed");
	if (akita_crypto_new(&crypto) != AKITA_OK)
		errx(99, "crypto");
	prepare();
	for (unsigned long i = 0; i < histories; i++) {
		if (directed[0] != '\0')
			directed_history();
		else
			history();
	}
	printf("%lu histories: %lu logins, %lu commands, %lu killed, "
	    "%lu losses of power: every promise held\n", histories, n_logins,
	    n_commands, n_kills, n_cuts);
	worker_stop(&worker);
	return (0);
}
