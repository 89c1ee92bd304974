/* faults.c: see faults.h. */
#include "tests/pam/faults.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <gdbm.h>
#include <openssl/crypto.h>
#include <openssl/provider.h>
#include <security/pam_appl.h>
#include <security/pam_modules.h>

#ifndef SANITIZED

bool fault_armed;
const char *fault_name = "none";
unsigned int fault_at;
bool fault_stays;
unsigned int fault_calls;

bool
fault(const char *name)
{
	if (!fault_armed || strcmp(name, fault_name) != 0)
		return false;
	fault_calls++;
	return fault_calls == fault_at ||
	    (fault_stays && fault_calls > fault_at);
}

void *
fault_real(const char *name)
{
	bool armed = fault_armed;
	void *f;

	fault_armed = false;
	f = dlsym(RTLD_NEXT, name);
	fault_armed = armed;
	return f;
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
/* Linux closes it whatever it says. */
FAIL_AFTER((void)next(fd), int, close, (int fd), (fd), -1, EIO)
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

/* As gdbm does where it fails. */
static void
closed_on_error(int fd, int flags)
{
	if ((flags & GDBM_CLOERROR) != 0)
		(void)syscall(SYS_close, fd);
}

FAIL_AFTER(closed_on_error(fd, flags), GDBM_FILE, gdbm_fd_open, (int fd,
    const char *name, int block, int flags, void (*fatal)(const char *)),
    (fd, name, block, flags, fatal), NULL, EIO)
FAIL_AFTER((void)next(f), int, gdbm_close, (GDBM_FILE f), (f), -1, EIO)
FAIL(int, gdbm_store, (GDBM_FILE f, datum key, datum data, int how),
    (f, key, data, how), -1, EIO)
FAIL(int, gdbm_needs_recovery, (GDBM_FILE f), (f), 1, EIO)
FAIL(int, gdbm_setopt, (GDBM_FILE f, int what, void *p, int n),
    (f, what, p, n), -1, EIO)

FAIL(OSSL_LIB_CTX *, OSSL_LIB_CTX_new, (void), (), NULL, ENOMEM)
FAIL(OSSL_PROVIDER *, OSSL_PROVIDER_load, (OSSL_LIB_CTX *c, const char *name),
    (c, name), NULL, ENOMEM)
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

EXPORT const OSSL_ALGORITHM *
OSSL_PROVIDER_query_operation(const OSSL_PROVIDER *p, int id, int *no_cache)
{
	static const OSSL_ALGORITHM *(*next)(const OSSL_PROVIDER *, int,
	    int *);

	if (next == NULL)
		*(void **)(void *)&next =
		    fault_real("OSSL_PROVIDER_query_operation");
	if (fault("OSSL_PROVIDER_query_operation"))
		return NULL;
	return fault_detour(id, next(p, id, no_cache));
}

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
		*(void **)(void *)&next = fault_real("openat");
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
		*(void **)(void *)&next = fault_real("fcntl");
	return next(fd, cmd, arg);
}

const char *const fault_functions[] = {
	"malloc", "calloc", "openat", "fcntl", "read", "pread", "write",
	"pwrite", "lseek", "close", "fsync", "fdatasync", "fstat", "fstatat",
	"flock", "ftruncate", "getrandom", "getrlimit", "mmap", "madvise",
	"pthread_sigmask", "getpwnam_r", "gdbm_fd_open", "gdbm_close",
	"gdbm_store", "gdbm_needs_recovery", "gdbm_setopt",
	"OSSL_LIB_CTX_new", "OSSL_PROVIDER_load",
	"OSSL_PROVIDER_query_operation", "pam_get_item", "pam_set_item",
	"pam_get_user", "pam_get_data", "pam_set_data", "pam_getenv",
	NULL
};

#endif
