#include "house.h"

#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <dirent.h>
#include <dlfcn.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define WATCHDOG_MS	30000
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HOUSE_SANITIZED
#endif
#endif

/* ---- directories ---- */

void
house_join(char ret[HOUSE_PATH], const char *dir, const char *name)
{
	int n = snprintf(ret, HOUSE_PATH, "%s/%s", dir, name);

	if (n < 0 || n >= HOUSE_PATH)
		errx(99, "the path %s/%s is too long", dir, name);
}

static void
copy_file(const char *from, const char *to)
{
	static char buf[1 << 16];
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ssize_t n;

	if (in < 0 || out < 0)
		err(99, "%s to %s", from, to);
	while ((n = read(in, buf, sizeof(buf))) > 0)
		if (write(out, buf, (size_t)n) != n)
			err(99, "%s", to);
	if (n < 0)
		err(99, "%s", from);
	close(in);
	close(out);
}

/* What is in one and not in the other is removed. */
static void
clear_tree(const char *dir)
{
	char path[HOUSE_PATH];
	struct dirent *e;
	DIR *d = opendir(dir);

	if (d == NULL)
		return;
	while ((e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") ==
		    0)
			continue;
		house_join(path, dir, e->d_name);
		if (unlink(path) == 0)
			continue;
		clear_tree(path);
		(void)rmdir(path);
	}
	closedir(d);
}

static void
copy_tree(const char *from, const char *to)
{
	char a[HOUSE_PATH], b[HOUSE_PATH];
	struct stat st;
	struct dirent *e;
	DIR *d = opendir(from);

	if (d == NULL || fstat(dirfd(d), &st) != 0)
		err(99, "%s", from);
	if (mkdir(to, st.st_mode & 0777) != 0 && errno != EEXIST)
		err(99, "%s", to);
	while ((e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") ==
		    0)
			continue;
		house_join(a, from, e->d_name);
		house_join(b, to, e->d_name);
		if (lstat(a, &st) != 0)
			err(99, "%s", a);
		if (S_ISDIR(st.st_mode))
			copy_tree(a, b);
		else
			copy_file(a, b);
	}
	closedir(d);
}

void
house_keep(struct house *h, const char *name)
{
	char kept[HOUSE_PATH];
	struct stat st;

	house_join(kept, h->dir, name);
	clear_tree(kept);
	copy_tree(h->root, kept);
	if (stat(h->database, &st) == 0)
		h->kept_size = st.st_size;
}

void
house_restore(struct house *h, const char *name)
{
	char kept[HOUSE_PATH];

	house_join(kept, h->dir, name);
	clear_tree(h->root);
	copy_tree(kept, h->root);
}

void
house_scratch(char ret[HOUSE_PATH])
{
	const char *base = getenv("TMPDIR");

	if (access("/dev/shm", W_OK) == 0)
		base = "/dev/shm";
	house_join(ret, base != NULL ? base : "/tmp", "akita-fault.XXXXXX");
	if (mkdtemp(ret) == NULL)
		err(99, "%s", ret);
}

static void
write_text(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");

	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		err(99, "%s", path);
	(void)chmod(path, 0600);
}

/* ---- making one ---- */

static const char *
need_env(const char *name)
{
	const char *value = getenv(name);

	if (value == NULL)
		errx(99, "%s is not set: run this by make check", name);
	return (value);
}

void
house_preload(int argc, char **argv)
{
	char library[HOUSE_PATH], program[HOUSE_PATH];
	ssize_t n;
	const char *loaded = getenv("LD_PRELOAD");

	(void)argc;
#if defined(__SANITIZE_ADDRESS__) || defined(HOUSE_SANITIZED)
	printf("1..0 # SKIP a sanitizer's runtime and an interposing library "
	    "collide\n");
	exit(0);
#endif
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	if (loaded != NULL && strstr(loaded, "faultlib") != NULL)
		return;
	house_join(library, need_env("AKITA_BUILD"), "tests/fault/.libs/faultlib.so");
	if (access(library, R_OK) != 0)
		err(99, "%s", library);
	n = readlink("/proc/self/exe", program, sizeof(program) - 1);
	if (n <= 0)
		err(99, "/proc/self/exe");
	program[n] = '\0';
	setenv("LD_PRELOAD", library, 1);
	execv(program, argv);
	err(99, "exec");
}

static void
find_programs(struct house *h)
{
	const char *build = need_env("AKITA_BUILD");

	house_join(h->otpadm, build, "otpadm");
	house_join(h->module, build, "pam/.libs/pam_akita_otp.so");
	if (access(h->module, R_OK) != 0)
		house_join(h->module, build, ".libs/pam_akita_otp.so");
	/* Stays loaded: a login does not pay for it each time. */
	if (dlopen(h->module, RTLD_NOW) == NULL)
		errx(99, "%s", dlerror());
}

static void
write_files(struct house *h, const char *settings)
{
	char text[8 * HOUSE_PATH], path[HOUSE_PATH];

	snprintf(text, sizeof(text), "[storage]\n"
	    "database = gdbm:%s\nkey_file = %s/etc/master.key\n%s\n"
	    "[audit]\nfile = %s/log/audit.log\n", h->database, h->root,
	    settings, h->root);
	write_text(h->config, text);
	if (mkdir(h->confdir, 0700) != 0)
		err(99, "%s", h->confdir);
	house_join(path, h->confdir, "login");
	snprintf(text, sizeof(text), "auth required %s config=%s\n"
	    "account required %s config=%s\n", h->module, h->config,
	    h->module, h->config);
	write_text(path, text);
	house_join(path, h->confdir, "ignore");
	snprintf(text, sizeof(text), "auth required %s config=%s "
	    "unregistered=ignore\n", h->module, h->config);
	write_text(path, text);
}

void
house_make(struct house *h, const char *dir, const char *settings)
{
	char plan[HOUSE_PATH];
	int fd;

	memset(h, 0, sizeof(*h));
	h->watchdog_ms = WATCHDOG_MS;
	house_scratch(h->dir);
	house_join(h->root, dir != NULL ? dir : h->dir, "root");
	(void)signal(SIGPIPE, SIG_IGN);	/* commands that read no more */
	house_join(h->config, h->dir, "akita-otp.conf");
	house_join(h->database, h->root, "state/tokens.gdbm");
	house_join(h->confdir, h->dir, "pam.d");
	house_join(plan, h->dir, "plan");
	if (mkdir(h->root, 0700) != 0)
		err(99, "%s", h->root);
	find_programs(h);
	write_files(h, settings);
	fd = open(plan, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || ftruncate(fd, sizeof(*h->plan)) != 0)
		err(99, "%s", plan);
	h->plan = mmap(NULL, sizeof(*h->plan), PROT_READ | PROT_WRITE,
	    MAP_SHARED, fd, 0);
	if (h->plan == MAP_FAILED)
		err(99, "%s", plan);
	close(fd);
	if (akita_crypto_new(&h->crypto) != AKITA_OK)
		errx(99, "crypto");
}

void
house_remove(struct house *h)
{
	clear_tree(h->dir);
	(void)rmdir(h->dir);
	akita_crypto_free(&h->crypto);
}

/* ---- processes ---- */

void *
house_shared(size_t size)
{
	void *map = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (map == MAP_FAILED)
		err(99, "mmap");
	return (map);
}

int64_t
house_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return ((int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000);
}

int
house_wait(pid_t pid, int ms, const int *result)
{
	struct pollfd p = { .fd = pidfd_open(pid, 0), .events = POLLIN };
	bool is_late;
	int status, n;

	if (p.fd < 0)
		err(99, "pidfd_open");
	while ((n = poll(&p, 1, ms)) < 0 && errno == EINTR)
		continue;
	is_late = n == 0;
	close(p.fd);
	if (is_late) {
		kill(pid, SIGKILL);
		kill(pid, SIGCONT);
	}
	if (waitpid(pid, &status, 0) != pid)
		err(99, "waitpid");
	if (is_late)
		return (HOUSE_HUNG);
	if (WIFSIGNALED(status))
		return (HOUSE_DIED(WTERMSIG(status)));
	return (result != NULL ? *result : WEXITSTATUS(status));
}

static void
set_plan(struct house *h, const struct fault *plan)
{
	memset(h->plan, 0, sizeof(*h->plan));
	if (plan != NULL)
		memcpy(h->plan, plan, sizeof(*plan));
	snprintf(h->plan->root, sizeof(h->plan->root), "%.250s", h->root);
}

/* Become otpadm. */
static void __attribute__((noreturn))
become(struct house *h, bool has_plan, const char *const *words)
{
	const char *argv[24] = { h->otpadm, "--config", h->config, "--lang",
	    "en" };
	char plan[HOUSE_PATH];
	size_t n = 5;

	(void)signal(SIGPIPE, SIG_DFL);
	while (*words != NULL && n < 23)
		argv[n++] = *words++;
	house_join(plan, h->dir, "plan");
	if (has_plan)
		setenv("FAULT_PLAN", plan, 1);
	else
		unsetenv("LD_PRELOAD");
	execv(h->otpadm, (char *const *)(uintptr_t)argv);
	_exit(99);
}

static void
take_output(struct house *h, int out, int errors)
{
	struct pollfd p[2] = { { .fd = out, .events = POLLIN },
	    { .fd = errors, .events = POLLIN } };
	char tail[4096];
	size_t len = 0, tail_len = 0;
	ssize_t n;

	while (p[0].fd >= 0 || p[1].fd >= 0) {
		if (poll(p, 2, h->watchdog_ms) <= 0)
			break;
		if (p[0].revents != 0) {
			n = read(out, h->said + len, HOUSE_OUTPUT - 5000 -
			    len);
			if (n <= 0)
				p[0].fd = -1;
			len += n > 0 ? (size_t)n : 0;
		}
		if (p[1].revents != 0) {
			n = read(errors, tail + tail_len, sizeof(tail) - 1 -
			    tail_len);
			if (n <= 0)
				p[1].fd = -1;
			tail_len += n > 0 ? (size_t)n : 0;
		}
	}
	h->said_out = len;
	memcpy(h->said + len, tail, tail_len);
	h->said[len + tail_len] = '\0';
}

int
house_adm_fault(struct house *h, const struct fault *plan, const char *input,
    const char *const *words)
{
	int in[2], out[2], errors[2], status;
	pid_t pid;

	set_plan(h, plan);
	if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0 ||
	    pipe2(errors, O_CLOEXEC) != 0)
		err(99, "pipe");
	if ((pid = fork()) < 0)
		err(99, "fork");
	if (pid == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		dup2(errors[1], 2);
		become(h, plan != NULL, words);
	}
	close(in[0]);
	close(out[1]);
	close(errors[1]);
	if (input != NULL && write(in[1], input, strlen(input)) < 0 &&
	    errno != EPIPE)
		err(99, "pipe");
	close(in[1]);
	take_output(h, out[0], errors[0]);
	close(out[0]);
	close(errors[0]);
	status = house_wait(pid, h->watchdog_ms, NULL);
	return (status);
}

int
house_adm(struct house *h, const char *input, ...)
{
	const char *words[20];
	size_t n = 0;
	va_list ap;

	va_start(ap, input);
	while (n < 19 && (words[n] = va_arg(ap, const char *)) != NULL)
		n++;
	words[n] = NULL;
	va_end(ap);
	return (house_adm_fault(h, NULL, input, words));
}

pid_t
house_adm_start(struct house *h, const struct fault *plan,
    const char *const *words)
{
	pid_t pid;
	int null;

	set_plan(h, plan);
	if ((pid = fork()) < 0)
		err(99, "fork");
	if (pid == 0) {
		null = open("/dev/null", O_RDWR);
		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		become(h, plan != NULL, words);
	}
	return (pid);
}

void
house_need(struct house *h, int status, int line)
{
	if (status != 0)
		errx(99, "line %d: otpadm ended with %d: %s", line, status,
		    h->said);
}
