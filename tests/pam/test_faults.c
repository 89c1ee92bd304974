/*
 * test_faults.c: each function of libc, OpenSSL, GDBM and libpam that the
 * module calls fails in turn, at its first call, its second, …, once or from
 * then on.  Whatever fails: a wrong code never opens, an account in use is
 * never ignored, a suspended one never passes, and a code that did open a
 * login does not open another.
 *
 * The functions are interposed: this program exports them, and libpam and the
 * module bind to it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <gdbm.h>
#include <openssl/crypto.h>
#include <openssl/provider.h>

#include "tests/pam/run.h"
#include "tests/pam/world.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

#ifdef SANITIZED
int
main(void)
{
	(void)printf("1..0 # SKIP the sanitizers interpose these themselves\n");
	return 0;
}
#else

#define CALLS_MAX	400	/* of one function in one login */

/* ---- what fails ---- */

static bool fault_armed;
static const char *fault_name;	/* the function that fails … */
static unsigned int fault_at;	/* … at this call … */
static bool fault_stays;	/* … and from then on */
static unsigned int fault_calls;

static bool
fault(const char *name)
{
	if (!fault_armed || strcmp(name, fault_name) != 0)
		return false;
	fault_calls++;
	return fault_calls == fault_at ||
	    (fault_stays && fault_calls > fault_at);
}

static void *
real(const char *name)
{
	bool armed = fault_armed;
	void *f;

	fault_armed = false;
	f = dlsym(RTLD_NEXT, name);
	fault_armed = armed;
	return f;
}

#define EXPORT __attribute__((visibility("default")))

/* A function of the same name that may fail with this value. */
#define FAIL(type, name, params, args, value, error)			\
	EXPORT type name params;					\
	EXPORT type name params						\
	{								\
		static type (*next) params;				\
		if (fault(#name)) {					\
			errno = (error);				\
			return (value);					\
		}							\
		if (next == NULL)					\
			*(void **)(void *)&next = real(#name);		\
		return next args;					\
	}

void	*__libc_malloc(size_t n);
void	*__libc_calloc(size_t n, size_t size);

EXPORT void *
malloc(size_t n)
{
	if (fault("malloc")) {
		errno = ENOMEM;
		return NULL;
	}
	return __libc_malloc(n);
}

EXPORT void *
calloc(size_t n, size_t size)
{
	if (fault("calloc")) {
		errno = ENOMEM;
		return NULL;
	}
	return __libc_calloc(n, size);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wredundant-decls"
FAIL(ssize_t, read, (int fd, void *p, size_t n), (fd, p, n), -1, EIO)
FAIL(ssize_t, pread, (int fd, void *p, size_t n, off_t at), (fd, p, n, at),
    -1, EIO)
FAIL(ssize_t, write, (int fd, const void *p, size_t n), (fd, p, n), -1,
    ENOSPC)
FAIL(ssize_t, pwrite, (int fd, const void *p, size_t n, off_t at),
    (fd, p, n, at), -1, EIO)
FAIL(off_t, lseek, (int fd, off_t at, int how), (fd, at, how), -1, EIO)
FAIL(int, close, (int fd), (fd), -1, EIO)
FAIL(int, fsync, (int fd), (fd), -1, EIO)
FAIL(int, fdatasync, (int fd), (fd), -1, EIO)
FAIL(int, fstat, (int fd, struct stat *st), (fd, st), -1, EIO)
FAIL(int, fstatat, (int fd, const char *path, struct stat *st, int flags),
    (fd, path, st, flags), -1, EIO)
FAIL(int, flock, (int fd, int how), (fd, how), -1, ENOLCK)
FAIL(int, ftruncate, (int fd, off_t n), (fd, n), -1, EIO)
FAIL(ssize_t, getrandom, (void *p, size_t n, unsigned int flags),
    (p, n, flags), -1, EIO)
FAIL(int, getrlimit, (__rlimit_resource_t what, struct rlimit *limit),
    (what, limit), -1, EIO)
FAIL(void *, mmap, (void *p, size_t n, int prot, int flags, int fd,
    off_t at), (p, n, prot, flags, fd, at), MAP_FAILED, ENOMEM)
FAIL(int, madvise, (void *p, size_t n, int advice), (p, n, advice), -1, EIO)
FAIL(int, pthread_sigmask, (int how, const sigset_t *set, sigset_t *old),
    (how, set, old), EINVAL, EINVAL)
FAIL(int, getpwnam_r, (const char *name, struct passwd *pw, char *buf,
    size_t n, struct passwd **found), (name, pw, buf, n, found), EIO, EIO)

FAIL(GDBM_FILE, gdbm_fd_open, (int fd, const char *name, int block, int flags,
    void (*fatal)(const char *)), (fd, name, block, flags, fatal), NULL, EIO)
FAIL(int, gdbm_close, (GDBM_FILE f), (f), -1, EIO)
FAIL(int, gdbm_store, (GDBM_FILE f, datum key, datum data, int how),
    (f, key, data, how), -1, EIO)
FAIL(int, gdbm_needs_recovery, (GDBM_FILE f), (f), 1, EIO)
FAIL(int, gdbm_setopt, (GDBM_FILE f, int what, void *p, int n),
    (f, what, p, n), -1, EIO)

FAIL(OSSL_LIB_CTX *, OSSL_LIB_CTX_new, (void), (), NULL, ENOMEM)
FAIL(OSSL_PROVIDER *, OSSL_PROVIDER_load, (OSSL_LIB_CTX *c, const char *name),
    (c, name), NULL, ENOMEM)
FAIL(const OSSL_ALGORITHM *, OSSL_PROVIDER_query_operation,
    (const OSSL_PROVIDER *p, int id, int *no_cache), (p, id, no_cache), NULL,
    ENOMEM)

FAIL(int, pam_get_item, (const pam_handle_t *h, int type, const void **item),
    (h, type, item), PAM_BAD_ITEM, 0)
FAIL(int, pam_set_item, (pam_handle_t *h, int type, const void *item),
    (h, type, item), PAM_BUF_ERR, 0)
FAIL(int, pam_get_user, (pam_handle_t *h, const char **user,
    const char *prompt), (h, user, prompt), PAM_SYSTEM_ERR, 0)
FAIL(int, pam_get_data, (const pam_handle_t *h, const char *name,
    const void **data), (h, name, data), PAM_SYSTEM_ERR, 0)
FAIL(int, pam_set_data, (pam_handle_t *h, const char *name, void *data,
    void (*clean)(pam_handle_t *, void *, int)), (h, name, data, clean),
    PAM_BUF_ERR, 0)
FAIL(const char *, pam_getenv, (pam_handle_t *h, const char *name),
    (h, name), NULL, 0)
#pragma GCC diagnostic pop

EXPORT int
openat(int fd, const char *path, int flags, ...)
{
	static int (*next)(int, const char *, int, mode_t);
	mode_t mode = 0;
	va_list ap;

	if (fault("openat")) {
		errno = EMFILE;
		return -1;
	}
	if ((flags & O_CREAT) != 0) {
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	if (next == NULL)
		*(void **)(void *)&next = real("openat");
	return next(fd, path, flags, mode);
}

EXPORT int
fcntl(int fd, int cmd, ...)
{
	static int (*next)(int, int, void *);
	va_list ap;
	void *arg;

	va_start(ap, cmd);
	arg = va_arg(ap, void *);
	va_end(ap);
	if (fault("fcntl")) {
		errno = EDEADLK;
		return -1;
	}
	if (next == NULL)
		*(void **)(void *)&next = real("fcntl");
	return next(fd, cmd, arg);
}

static const char *const functions[] = {
	"malloc", "calloc", "openat", "fcntl", "read", "pread", "write",
	"pwrite", "lseek", "close", "fsync", "fdatasync", "fstat", "fstatat",
	"flock", "ftruncate", "getrandom", "getrlimit", "mmap", "madvise",
	"pthread_sigmask", "getpwnam_r", "gdbm_fd_open", "gdbm_close",
	"gdbm_store", "gdbm_needs_recovery", "gdbm_setopt",
	"OSSL_LIB_CTX_new", "OSSL_PROVIDER_load",
	"OSSL_PROVIDER_query_operation", "pam_get_item", "pam_set_item",
	"pam_get_user", "pam_get_data", "pam_set_data", "pam_getenv",
};

/* ---- logins ---- */

static struct world world;
static const struct world_token hotp = { .type = AKITA_HOTP };

static int
answer(int n, const struct pam_message **messages,
    struct pam_response **responses, void *data)
{
	bool armed = fault_armed;

	(void)n;
	(void)messages;
	fault_armed = false;
	*responses = calloc(1, sizeof(**responses));
	if (*responses != NULL)
		(*responses)->resp = strdup(data);
	fault_armed = armed;
	return PAM_SUCCESS;
}

enum stage { AUTH, ACCOUNT };

/* One call, with the fault that is set. */
static int
call(const char *service, enum stage stage, const char *user, char *text)
{
	const struct pam_conv conv = { answer, text };
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
go_through_all(void (*check)(void))
{
	size_t i;

	for (i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		go_through(functions[i], false, check);
		go_through(functions[i], true, check);
	}
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
whatever_fails_a_suspended_account_never_passes(void **state)
{
	(void)state;
	go_through_all(suspended_never_passes);
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
		"auth [success=1 ignore=ignore default=die] MODULE "
		    "config=CONFIG nullok start_of_use=ignore",
		"auth requisite PROBE ignored", "auth required PROBE" };
	static const char *const account[] = {
		"account [success=1 ignore=ignore default=die] MODULE "
		    "config=CONFIG",
		"account requisite PROBE ignored",
		"account required PROBE" };
	struct run run;

	(void)state;
	fault_name = "none";
	world_make(&world, extra, 1);
	world_account(&world, "alice", "active", &hotp);
	world_account(&world, "grace", "suspended", NULL);
	run_start(&run, world.dir, "akita-auth", auth, 3, world.config,
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
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(faults_are_seen_and_leave_no_damage),
		cmocka_unit_test(whatever_fails_a_wrong_code_never_opens),
		cmocka_unit_test(whatever_fails_a_code_opens_at_most_once),
		cmocka_unit_test(
		    whatever_fails_a_suspended_account_never_passes),
	};

	return cmocka_run_group_tests(tests, make_world, remove_world);
}
#endif
