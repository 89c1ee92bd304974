/*
 * faults_more.c: see faults.h.  The rest of what the module calls: files by
 * name, the clock, the helper's start, and OpenSSL's digests and ciphers,
 * which the module takes from the provider's tables of functions.
 */
#include "tests/pam/faults.h"

#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <gdbm.h>
#include <openssl/core_dispatch.h>
#include <openssl/provider.h>

#ifndef SANITIZED

const char *const fault_more[] = {
	"realloc", "strdup", "strndup", "clock_gettime", "copy_file_range",
	"fchmod", "fstatvfs", "getcwd", "linkat", "mkdirat", "readlinkat",
	"renameat", "unlinkat", "gdbm_fetch", "gdbm_sync", "poll",
	"socketpair", "send", "recv", "waitpid", "syscall",
	"OSSL_PROVIDER_get0_provider_ctx",
	"digest_newctx", "digest_init", "digest_update", "digest_final",
	"cipher_newctx", "cipher_encrypt_init", "cipher_decrypt_init",
	"cipher_update", "cipher_final", "cipher_get_ctx_params",
	"cipher_set_ctx_params",
	NULL
};

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wredundant-decls"
FAIL(char *, strdup, (const char *s), (s), NULL, ENOMEM)
FAIL(char *, strndup, (const char *s, size_t n), (s, n), NULL, ENOMEM)
FAIL(int, clock_gettime, (clockid_t id, struct timespec *ts), (id, ts), -1,
    EINVAL)
FAIL(ssize_t, copy_file_range, (int in, off64_t *in_at, int out,
    off64_t *out_at, size_t n, unsigned int flags), (in, in_at, out, out_at, n,
    flags), -1, EIO)
FAIL(int, fchmod, (int fd, mode_t mode), (fd, mode), -1, EPERM)
FAIL(int, fstatvfs, (int fd, struct statvfs *st), (fd, st), -1, EIO)
FAIL(char *, getcwd, (char *buf, size_t n), (buf, n), NULL, ENOENT)
FAIL(int, linkat, (int a, const char *from, int b, const char *to, int flags),
    (a, from, b, to, flags), -1, EIO)
FAIL(int, mkdirat, (int fd, const char *path, mode_t mode), (fd, path, mode),
    -1, ENOSPC)
FAIL(ssize_t, readlinkat, (int fd, const char *path, char *buf, size_t n),
    (fd, path, buf, n), -1, EIO)
FAIL(int, renameat, (int a, const char *from, int b, const char *to),
    (a, from, b, to), -1, EIO)
FAIL(int, unlinkat, (int fd, const char *path, int flags), (fd, path, flags),
    -1, EIO)
FAIL(int, gdbm_sync, (GDBM_FILE f), (f), -1, EIO)
FAIL(int, poll, (struct pollfd *fds, nfds_t n, int ms), (fds, n, ms), -1,
    ENOMEM)
FAIL(int, socketpair, (int domain, int type, int protocol, int fds[2]),
    (domain, type, protocol, fds), -1, EMFILE)
FAIL(ssize_t, send, (int fd, const void *p, size_t n, int flags),
    (fd, p, n, flags), -1, EPIPE)
FAIL(ssize_t, recv, (int fd, void *p, size_t n, int flags),
    (fd, p, n, flags), -1, EIO)
/* The host may have taken the child. */
FAIL_AFTER((void)next(pid, status, flags), pid_t, waitpid,
    (pid_t pid, int *status, int flags), (pid, status, flags), -1, ECHILD)
FAIL(void *, OSSL_PROVIDER_get0_provider_ctx, (const OSSL_PROVIDER *p), (p),
    NULL, ENOMEM)
#pragma GCC diagnostic pop

void	*__libc_realloc(void *p, size_t n);

EXPORT void *
realloc(void *p, size_t n)
{
	if (fault("realloc")) {
		errno = ENOMEM;
		return NULL;
	}
	return __libc_realloc(p, n);
}

/* The helper is started by it. */
EXPORT long
syscall(long number, ...)
{
	static long (*next)(long, ...);
	long a[6];
	va_list ap;
	size_t i;

	va_start(ap, number);
	for (i = 0; i < 6; i++)
		a[i] = va_arg(ap, long);
	va_end(ap);
	if (next == NULL)
		*(void **)(void *)&next = fault_real("syscall");
	if (fault("syscall")) {
		errno = EAGAIN;
		return -1;
	}
	return next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

EXPORT datum
gdbm_fetch(GDBM_FILE f, datum key)
{
	static datum (*next)(GDBM_FILE, datum);

	if (next == NULL)
		*(void **)(void *)&next = fault_real("gdbm_fetch");
	if (fault("gdbm_fetch"))
		return (datum){ NULL, 0 };
	return next(f, key);
}

/* ---- the provider's functions, in front of those of four algorithms ---- */

#define OF_TABLE(n, type, name, params, args, value)		\
	static type (*name ## _ ## n ## _next) params;			\
	static type							\
	name ## _ ## n params						\
	{								\
		if (fault(#name))					\
			return (value);					\
		return name ## _ ## n ## _next args;			\
	}

#define DIGEST(n)							\
	OF_TABLE(n, void *, digest_newctx, (void *p), (p), NULL)	\
	OF_TABLE(n, int, digest_init, (void *c, const OSSL_PARAM *p),	\
	    (c, p), 0)							\
	OF_TABLE(n, int, digest_update, (void *c,			\
	    const unsigned char *in, size_t len), (c, in, len), 0)	\
	OF_TABLE(n, int, digest_final, (void *c, unsigned char *out,	\
	    size_t *len, size_t size), (c, out, len, size), 0)

DIGEST(0)
DIGEST(1)
DIGEST(2)
OF_TABLE(3, void *, cipher_newctx, (void *p), (p), NULL)
OF_TABLE(3, int, cipher_encrypt_init, (void *c, const unsigned char *key,
    size_t key_len, const unsigned char *iv, size_t iv_len,
    const OSSL_PARAM *p), (c, key, key_len, iv, iv_len, p), 0)
OF_TABLE(3, int, cipher_decrypt_init, (void *c, const unsigned char *key,
    size_t key_len, const unsigned char *iv, size_t iv_len,
    const OSSL_PARAM *p), (c, key, key_len, iv, iv_len, p), 0)
OF_TABLE(3, int, cipher_update, (void *c, unsigned char *out, size_t *len,
    size_t size, const unsigned char *in, size_t in_len),
    (c, out, len, size, in, in_len), 0)
OF_TABLE(3, int, cipher_final, (void *c, unsigned char *out, size_t *len,
    size_t size), (c, out, len, size), 0)
OF_TABLE(3, int, cipher_get_ctx_params, (void *c, OSSL_PARAM *p), (c, p), 0)
OF_TABLE(3, int, cipher_set_ctx_params, (void *c, const OSSL_PARAM *p),
    (c, p), 0)

struct detour {
	int	 id;
	void	*ours;
	void	*next;		/* where the real one is kept */
};
#define DETOUR(id, name, n) \
	{ id, (void *)name ## _ ## n, (void *)&name ## _ ## n ## _next }
#define DIGEST_DETOURS(n) { \
	DETOUR(OSSL_FUNC_DIGEST_NEWCTX, digest_newctx, n), \
	DETOUR(OSSL_FUNC_DIGEST_INIT, digest_init, n), \
	DETOUR(OSSL_FUNC_DIGEST_UPDATE, digest_update, n), \
	DETOUR(OSSL_FUNC_DIGEST_FINAL, digest_final, n), { 0 } }

static const struct {
	int		 operation;
	const char	*name;
	struct detour	 detours[8];
} algorithms[] = {
	{ OSSL_OP_DIGEST, "SHA1:", DIGEST_DETOURS(0) },
	{ OSSL_OP_DIGEST, "SHA2-256:", DIGEST_DETOURS(1) },
	{ OSSL_OP_DIGEST, "SHA2-512:", DIGEST_DETOURS(2) },
	{ OSSL_OP_CIPHER, "AES-256-GCM:", {
	    DETOUR(OSSL_FUNC_CIPHER_NEWCTX, cipher_newctx, 3),
	    DETOUR(OSSL_FUNC_CIPHER_ENCRYPT_INIT, cipher_encrypt_init, 3),
	    DETOUR(OSSL_FUNC_CIPHER_DECRYPT_INIT, cipher_decrypt_init, 3),
	    DETOUR(OSSL_FUNC_CIPHER_UPDATE, cipher_update, 3),
	    DETOUR(OSSL_FUNC_CIPHER_FINAL, cipher_final, 3),
	    DETOUR(OSSL_FUNC_CIPHER_GET_CTX_PARAMS, cipher_get_ctx_params, 3),
	    DETOUR(OSSL_FUNC_CIPHER_SET_CTX_PARAMS, cipher_set_ctx_params, 3),
	    { 0 } } },
};

#define TABLE_MAX	64

/* A copy of an algorithm's table with our functions in it. */
static const OSSL_DISPATCH *
detour(size_t n, const OSSL_DISPATCH *real)
{
	static OSSL_DISPATCH tables[4][TABLE_MAX];
	const struct detour *d;
	size_t i;

	for (i = 0; i + 1 < TABLE_MAX && real[i].function_id != 0; i++) {
		tables[n][i] = real[i];
		for (d = algorithms[n].detours; d->ours != NULL; d++)
			if (d->id == real[i].function_id) {
				memcpy(d->next, &real[i].function,
				    sizeof(void *));
				memcpy(&tables[n][i].function, &d->ours,
				    sizeof(void *));
			}
	}
	tables[n][i] = (OSSL_DISPATCH){ 0, NULL };
	return tables[n];
}

/* In place of OSSL_PROVIDER_query_operation, which faults.c lets fail. */
const OSSL_ALGORITHM *
fault_detour(int operation, const OSSL_ALGORITHM *all)
{
	static OSSL_ALGORITHM lists[2][256];
	OSSL_ALGORITHM *list = lists[operation == OSSL_OP_CIPHER];
	size_t i, n;

	if (all == NULL || (operation != OSSL_OP_CIPHER &&
	    operation != OSSL_OP_DIGEST))
		return all;
	for (i = 0; i < 255 && all[i].algorithm_names != NULL; i++) {
		list[i] = all[i];
		for (n = 0; n < sizeof(algorithms) / sizeof(algorithms[0]);
		    n++)
			if (operation == algorithms[n].operation &&
			    strncmp(all[i].algorithm_names, algorithms[n].name,
			    strlen(algorithms[n].name)) == 0)
				list[i].implementation = detour(n,
				    all[i].implementation);
	}
	list[i] = all[i];
	return list;
}

#endif
