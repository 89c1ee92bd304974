/*
 * bench.c: times pam_authenticate of one stack after another, interleaved, in
 * fresh processes or in one, alone or many at once.
 *
 *	bench one  CONFDIR ROUNDS CASES      a fresh process each login
 *	bench same CONFDIR ROUNDS CASES      all logins of a case in one process
 *	bench load CONFDIR SECONDS PROCESSES SERVICE LOGINS
 *	bench time COMMAND ...               what a command costs
 *
 * CASES is a file of lines `LABEL SERVICE WARM RESULT LOGINS`.  WARM 1: before
 * the clock starts the process has used libcrypto and looked the user up, as
 * sshd has.  RESULT is the PAM code that must come back.  LOGINS is a file of
 * lines `USER ANSWER`, used in turn.  Output, tab-separated:
 *
 *	one, same	LABEL microseconds result max_rss_kib, a line a login
 *	load		processes seconds accepted refused median_us p99_us, then
 *			for each process how many of its logins it did
 *	time		wall_us cpu_us max_rss_kib status, on stderr
 *
 * Each pam_authenticate stands between a write of "<" and one of ">" to a
 * descriptor that is not open, so that a trace shows what is its own.
 */
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <security/pam_appl.h>

#include <dlfcn.h>
#include <err.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CASES	64

struct login {
	char	*user, *answer;
};

struct plan {
	char		 label[64], service[64];
	int		 warm, result;
	struct login	*login;
	size_t		 n_logins, next;
};

struct said {
	double	us;
	int	rc;
	long	rss;
};

static const char *confdir;

static double
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return ((double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3);
}

static int
converse(int n, const struct pam_message **msg, struct pam_response **ret,
    void *ctx)
{
	struct pam_response *answers = calloc((size_t)n, sizeof(*answers));

	if (answers == NULL)
		return (PAM_BUF_ERR);
	for (int i = 0; i < n; i++)
		if (msg[i]->msg_style == PAM_PROMPT_ECHO_ON ||
		    msg[i]->msg_style == PAM_PROMPT_ECHO_OFF)
			answers[i].resp = strdup(ctx);
	*ret = answers;
	return (PAM_SUCCESS);
}

/* What sshd did long before it came to PAM. */
static void
use_libcrypto(void)
{
	void *lib = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_GLOBAL);
	int (*init)(unsigned long, void *);
	const void *(*md)(void);
	int (*digest)(const void *, size_t, unsigned char *, unsigned int *,
	    const void *, void *);
	const void *(*by_name)(const char *);
	void *(*cipher_ctx)(void);
	int (*cipher_init)(void *, const void *, void *, const unsigned char *,
	    const unsigned char *, int);
	unsigned char out[64];
	unsigned int len;

	if (lib == NULL)
		errx(99, "libcrypto.so.3");
	*(void **)&init = dlsym(lib, "OPENSSL_init_crypto");
	*(void **)&md = dlsym(lib, "EVP_sha256");
	*(void **)&digest = dlsym(lib, "EVP_Digest");
	*(void **)&by_name = dlsym(lib, "EVP_get_cipherbyname");
	*(void **)&cipher_ctx = dlsym(lib, "EVP_CIPHER_CTX_new");
	*(void **)&cipher_init = dlsym(lib, "EVP_CipherInit_ex");
	/* OPENSSL_INIT_ADD_ALL_CIPHERS, _DIGESTS, _LOAD_CONFIG */
	(void)init(0x4c, NULL);
	(void)digest("x", 1, out, &len, md(), NULL);
	(void)cipher_init(cipher_ctx(), by_name("aes-256-gcm"), NULL,
	    (const unsigned char *)"0123456789abcdef0123456789abcdef",
	    (const unsigned char *)"0123456789ab", 1);
}

/* libpam would wait after a refusal; only the module is measured. */
static void
no_delay(int code, unsigned int us, void *ctx)
{
	(void)code;
	(void)us;
	(void)ctx;
}

static void
mark(const char *what)
{
	if (write(-1, what, 1) >= 0)
		errx(99, "descriptor -1 is open");
}

/* One login; microseconds in pam_authenticate. */
static double
login(const char *service, const struct login *who, int *ret_rc)
{
	const struct pam_conv conv = { converse, who->answer };
	pam_handle_t *pamh = NULL;
	double start, end;
	int rc;

	rc = pam_start_confdir(service, who->user, &conv, confdir, &pamh);
	if (rc != PAM_SUCCESS)
		errx(99, "pam_start: %d", rc);
	rc = pam_set_item(pamh, PAM_FAIL_DELAY, (const void *)no_delay);
	if (rc != PAM_SUCCESS)
		errx(99, "pam_set_item: %d", rc);
	mark("<");
	start = now_us();
	*ret_rc = pam_authenticate(pamh, PAM_SILENT);
	end = now_us();
	mark(">");
	(void)pam_end(pamh, *ret_rc);
	return (end - start);
}

static void
read_logins(struct plan *plan, const char *path)
{
	FILE *f = fopen(path, "r");
	char user[128], answer[128];

	if (f == NULL)
		err(99, "%s", path);
	while (fscanf(f, "%127s %127s", user, answer) == 2) {
		plan->login = realloc(plan->login, (plan->n_logins + 1) *
		    sizeof(*plan->login));
		plan->login[plan->n_logins].user = strdup(user);
		plan->login[plan->n_logins++].answer = strdup(answer);
	}
	fclose(f);
	if (plan->n_logins == 0)
		errx(99, "%s: no logins", path);
}

static size_t
read_cases(struct plan *plans, const char *path)
{
	char logins[256];
	size_t n = 0;
	FILE *f = fopen(path, "r");

	if (f == NULL)
		err(99, "%s", path);
	while (n < CASES && fscanf(f, "%63s %63s %d %d %255s",
	    plans[n].label, plans[n].service, &plans[n].warm,
	    &plans[n].result, logins) == 5) {
		read_logins(&plans[n], logins);
		n++;
	}
	fclose(f);
	return (n);
}

/* In a child of its own: logins in a row; what came of them through a pipe. */
static void
child(const struct plan *plan, size_t first, size_t n, int to)
{
	if (plan->warm) {
		use_libcrypto();
		(void)getpwnam("root");
		(void)getpwnam(plan->login[first % plan->n_logins].user);
	}
	for (size_t i = 0; i < n; i++) {
		struct rusage usage;
		struct said said;

		said.us = login(plan->service,
		    &plan->login[(first + i) % plan->n_logins], &said.rc);
		getrusage(RUSAGE_SELF, &usage);
		said.rss = usage.ru_maxrss;
		if (write(to, &said, sizeof(said)) != sizeof(said))
			_exit(99);
	}
	_exit(0);
}

static void
measure(struct plan *plan, size_t n)
{
	struct said said;
	int p[2];
	pid_t pid;

	if (pipe(p) != 0)
		err(99, "pipe");
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		close(p[0]);
		child(plan, plan->next, n, p[1]);
	}
	close(p[1]);
	while (read(p[0], &said, sizeof(said)) == sizeof(said))
		printf("%s\t%.0f\t%d\t%ld\n", plan->label, said.us, said.rc,
		    said.rss);
	close(p[0]);
	(void)waitpid(pid, NULL, 0);
	plan->next += n;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x < y ? -1 : x > y);
}

#define LOAD_MAX	50000	/* logins of one process */

struct load {
	unsigned long	 yes, n;
	double		 us[LOAD_MAX];
};

/* Every processes-th login from the first one on, until the time is over. */
static void
load_child(const struct plan *plan, size_t first, size_t step, double until,
    struct load *mine)
{
	for (size_t k = first; k < plan->n_logins && now_us() < until &&
	    mine->n < LOAD_MAX; k += step) {
		int rc;

		mine->us[mine->n++] = login(plan->service, &plan->login[k],
		    &rc);
		mine->yes += rc == PAM_SUCCESS;
	}
	_exit(0);
}

static void
load_report(const struct load *all, size_t processes, double seconds)
{
	static double us[LOAD_MAX * 64];
	size_t n = 0, yes = 0;

	for (size_t i = 0; i < processes; i++) {
		for (size_t k = 0; k < all[i].n && n < LOAD_MAX * 64; k++)
			us[n++] = all[i].us[k];
		yes += all[i].yes;
	}
	qsort(us, n, sizeof(double), by_value);
	printf("%zu\t%.3f\t%zu\t%zu\t%.0f\t%.0f\n", processes, seconds, yes,
	    n - yes, n > 0 ? us[n / 2] : 0, n > 0 ? us[n * 99 / 100] : 0);
	for (size_t i = 0; i < processes; i++)
		printf("%lu%c", all[i].n, i + 1 < processes ? '\t' : '\n');
}

static void
load(double seconds, size_t processes, const char *service, const char *path)
{
	struct plan plan = { .n_logins = 0 };
	struct load *all;
	double start;

	snprintf(plan.service, sizeof(plan.service), "%s", service);
	read_logins(&plan, path);
	all = mmap(NULL, processes * sizeof(*all), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (all == MAP_FAILED)
		err(99, "mmap");
	use_libcrypto();
	(void)getpwnam("root");
	start = now_us();
	for (size_t i = 0; i < processes; i++)
		if (fork() == 0)
			load_child(&plan, i, processes, start + seconds * 1e6,
			    &all[i]);
	while (wait(NULL) > 0)
		;
	load_report(all, processes, (now_us() - start) / 1e6);
}

/* What one command costs: a small parent, so that its memory does not count. */
static void
time_command(char **argv)
{
	struct rusage usage;
	double start = now_us(), end;
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		execvp(argv[0], argv);
		err(99, "%s", argv[0]);
	}
	if (wait4(pid, &status, 0, &usage) != pid)
		err(99, "wait4");
	end = now_us();
	fprintf(stderr, "%.0f\t%.0f\t%ld\t%d\n", end - start,
	    (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
	    (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec),
	    usage.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

/* Each case once a round, in another order each time: what ran before leaves
 * its mark on the caches. */
static void
one(struct plan *plans, size_t n, size_t rounds)
{
	size_t order[CASES];

	srandom(1);
	for (size_t k = 0; k < n; k++)
		order[k] = k;
	for (size_t i = 0; i < rounds; i++) {
		for (size_t k = n; k > 1; k--) {
			size_t at = (size_t)random() % k, last = order[k - 1];

			order[k - 1] = order[at];
			order[at] = last;
		}
		for (size_t k = 0; k < n; k++)
			measure(&plans[order[k]], 1);
	}
}

int
main(int argc, char **argv)
{
	static struct plan plans[CASES];
	size_t n, rounds;

	if (argc > 2 && strcmp(argv[1], "time") == 0) {
		time_command(argv + 2);
		return (0);
	}
	if (argc < 5)
		errx(99, "see the head of bench.c");
	confdir = argv[2];
	if (strcmp(argv[1], "load") == 0 && argc == 7) {
		load(atof(argv[3]), (size_t)atoi(argv[4]), argv[5], argv[6]);
		return (0);
	}
	rounds = (size_t)atoi(argv[3]);
	n = read_cases(plans, argv[4]);
	if (strcmp(argv[1], "same") == 0) {
		for (size_t k = 0; k < n; k++)
			measure(&plans[k], rounds);
	} else {
		one(plans, n, rounds);
	}
	return (0);
}
