/* story.c: see story.h. */
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <err.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/keyuri.h"

#include "story.h"

struct story story = { .dir = ".", .sector = 512 };

void
trace(const char *format, ...)
{
	va_list ap;

	if (!story.is_traced)
		return;
	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
	fflush(stdout);
}

void
broken(const char *format, ...)
{
	va_list ap;

	printf("broken (history seed %llu): ",
	    (unsigned long long)story.history_seed);
	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
	printf("\n");
	fflush(stdout);
	worker_stop(&story.worker);
	exit(3);
}

/* A name into a field of size bytes; all of it fits. */
void
copy(char *to, size_t size, const char *from)
{
	size_t len = strlen(from);

	if (len >= size)
		errx(99, "too long: %s", from);
	memcpy(to, from, len + 1);
}

/* ---- commands ---- */

/* Run otpadm; its output into ret_out.  Exit status, or -1 if killed. */
int
run(const struct command *command, char *ret_out, size_t out_size)
{
	char arm[32];
	const char *argv[20] = { story.otpadm, "--config", story.config,
	    "--lang", "en" };
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
		setenv("LD_PRELOAD", story.library, 1);
		setenv("CUT_LOG", story.log_path, 1);
		setenv("CUT_ARM", arm, 1);
		dup2(in[0], 0);
		dup2(out[1], 1);
		dup2(out[1], 2);
		execv(story.otpadm, (char *const *)(uintptr_t)argv);
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

int
adm(char *ret_out, size_t out_size, const char *input, const char *w1,
    const char *w2, const char *w3, const char *w4, const char *w5)
{
	struct command c = { { w1, w2, w3, w4, w5 }, input, -1, 0 };

	return (run(&c, ret_out, out_size));
}

/* The number behind "key": in one JSON object, or -1. */
long
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

bool
json_is(const char *json, const char *key, const char *value)
{
	char word[128];

	snprintf(word, sizeof(word), "\"%s\": \"%s\"", key, value);
	if (strstr(json, word) != NULL)
		return (true);
	snprintf(word, sizeof(word), "\"%s\":\"%s\"", key, value);
	return (strstr(json, word) != NULL);
}

void
code_of(const struct person *p, int64_t counter, char ret[16])
{
	char text[AKITA_DIGITS_MAX + 1];
	uint32_t value;

	if (akita_otp_value(story.crypto, &p->key, AKITA_HASH_SHA1, 6,
	    (uint64_t)counter, &value) != AKITA_OK)
		errx(99, "otp");
	akita_otp_text(value, 6, text);
	snprintf(ret, 16, "%s", text);
}

/* A code that no counter near has. */
void
wrong_code(const struct person *p, char ret[16])
{
	char near[16];
	bool is_near = true;

	for (unsigned int n = 0; is_near; n++) {
		snprintf(ret, 16, "%06u", (unsigned int)
		    (cut_random(&story.seed) % 1000000));
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

void
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

void
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

void
prepare(void)
{
	char text[4 * PATH_MAX], out[16384];
	int fd;

	snprintf(story.root, sizeof(story.root), "%s/root", story.dir);
	snprintf(story.base, sizeof(story.base), "%s/base", story.dir);
	snprintf(story.config, sizeof(story.config), "%s/akita-otp.conf", story.dir);
	snprintf(story.confdir, sizeof(story.confdir), "%s/pam.d", story.dir);
	snprintf(story.log_path, sizeof(story.log_path), "%s/log", story.dir);
	if (mkdir(story.root, 0700) != 0 || mkdir(story.confdir, 0700) != 0)
		err(99, "%s", story.dir);
	snprintf(text, sizeof(text), "[storage]\ndatabase = gdbm:%s/state/"
	    "tokens.gdbm\nkey_file = %s/master.key\nlock_timeout_ms = 20000\n"
	    "[audit]\nfile = %s/audit.log\n", story.root, story.dir,
	    story.root);
	write_file(story.config, text);
	snprintf(text, sizeof(text), "%s/login", story.confdir);
	snprintf(out, sizeof(out), "auth required %s config=%s\n"
	    "account required %s config=%s\n", story.module, story.config,
	    story.module, story.config);
	write_file(text, out);

	fd = open(story.log_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || ftruncate(fd, CUT_LOG_SIZE) != 0)
		err(99, "%s", story.log_path);
	story.cut = mmap(NULL, CUT_LOG_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED,
	    fd, 0);
	if (story.cut == MAP_FAILED)
		err(99, "%s", story.log_path);
	close(fd);
	copy(story.cut->root, sizeof(story.cut->root), story.root);

	if (adm(out, sizeof(out), NULL, "init", NULL, NULL, NULL, NULL) != 0)
		errx(99, "init: %s", out);
	for (size_t i = 0; i < USERS; i++) {
		snprintf(story.people[i].name, sizeof(story.people[i].name),
		    "user%zu", i);
		enrol(&story.people[i]);
	}
	memcpy(story.people_base, story.people, sizeof(story.people));
	shell("cp -a '%s' '%s'", story.root, story.base);
	worker_start(&story.worker, "/proc/self/exe", story.library,
	    story.log_path, story.confdir, story.module);
}
