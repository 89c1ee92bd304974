/*
 * test_files.c: everything that can be wrong with a configuration, a key or a
 * database.  Each gives PAM_SERVICE_ERR or PAM_AUTHINFO_UNAVAIL and one line
 * that names file and reason; with `nullok' too, in both stages.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/pam/run.h"
#include "tests/pam/world.h"

#define CONFIG	"etc/akita-otp.conf"
#define KEY	"etc/master.key"
#define DATABASE "state/tokens.gdbm"

enum damage {
	REMOVE, EMPTY, HALF, GARBAGE, APPEND, LINK, LINK_AWAY, DIRECTORY,
	MODE, PARENT_MODE, OWNER, FOREIGN
};

struct breakage {
	enum damage	 damage;
	const char	*file;
	const char	*text;	/* APPEND */
	mode_t		 mode;	/* MODE, PARENT_MODE */
	int		 code;
	const char	*says;	/* in the line, beside the file */
	const char	*names;	/* another file that the line names */
};

static const struct breakage breakages[] = {
	{ REMOVE, CONFIG, NULL, 0, PAM_SERVICE_ERR, "", NULL },
	{ APPEND, CONFIG, "[policy]\nmax_failure = 3\n", 0, PAM_SERVICE_ERR,
	    "max_failure", NULL },
	{ APPEND, CONFIG, "[audit]\nfile = /x\n", 0, PAM_SERVICE_ERR,
	    "file", NULL },
	{ APPEND, CONFIG, "[policy]\nmax_failures = 0\n", 0, PAM_SERVICE_ERR,
	    "max_failures", NULL },
	{ APPEND, CONFIG, "[token]\nperiod = 5\n", 0, PAM_SERVICE_ERR,
	    "period", NULL },
	{ APPEND, CONFIG, "[tokens]\n", 0, PAM_SERVICE_ERR, "tokens", NULL },
	{ APPEND, CONFIG, "what is this\n", 0, PAM_SERVICE_ERR, "", NULL },
	{ GARBAGE, CONFIG, NULL, 0, PAM_SERVICE_ERR, "", NULL },
	{ DIRECTORY, CONFIG, NULL, 0, PAM_SERVICE_ERR, "", NULL },
	{ LINK, CONFIG, NULL, 0, PAM_SERVICE_ERR, "link", NULL },
	{ MODE, CONFIG, NULL, 0664, PAM_SERVICE_ERR, "group", NULL },
	{ MODE, CONFIG, NULL, 0666, PAM_SERVICE_ERR, "", NULL },
	{ PARENT_MODE, "etc", NULL, 0777, PAM_SERVICE_ERR, "", NULL },
	{ OWNER, CONFIG, NULL, 0, PAM_SERVICE_ERR, "own", NULL },
	{ REMOVE, KEY, NULL, 0, PAM_AUTHINFO_UNAVAIL, "", NULL },
	{ EMPTY, KEY, NULL, 0, PAM_AUTHINFO_UNAVAIL, "", NULL },
	{ HALF, KEY, NULL, 0, PAM_AUTHINFO_UNAVAIL, "", NULL },
	{ GARBAGE, KEY, NULL, 0, PAM_AUTHINFO_UNAVAIL, "", NULL },
	{ APPEND, KEY, "key\n", 0, PAM_AUTHINFO_UNAVAIL, "", NULL },
	{ LINK, KEY, NULL, 0, PAM_AUTHINFO_UNAVAIL, "link", NULL },
	{ DIRECTORY, KEY, NULL, 0, PAM_AUTHINFO_UNAVAIL, "", NULL },
	{ MODE, KEY, NULL, 0644, PAM_AUTHINFO_UNAVAIL, "", NULL },
	{ OWNER, KEY, NULL, 0, PAM_AUTHINFO_UNAVAIL, "own", NULL },
	{ FOREIGN, KEY, NULL, 0, PAM_AUTHINFO_UNAVAIL, "master.key", DATABASE },
	{ REMOVE, DATABASE, NULL, 0, PAM_AUTHINFO_UNAVAIL, "", NULL },
	{ EMPTY, DATABASE, NULL, 0, PAM_AUTHINFO_UNAVAIL, "", NULL },
	{ HALF, DATABASE, NULL, 0, PAM_AUTHINFO_UNAVAIL, "", NULL },
	{ GARBAGE, DATABASE, NULL, 0, PAM_AUTHINFO_UNAVAIL, "", NULL },
	{ LINK, DATABASE, NULL, 0, PAM_AUTHINFO_UNAVAIL, "", NULL },
	{ DIRECTORY, DATABASE, NULL, 0, PAM_AUTHINFO_UNAVAIL, "", NULL },
	{ MODE, DATABASE, NULL, 0666, PAM_AUTHINFO_UNAVAIL, "", NULL },
	{ OWNER, DATABASE, NULL, 0, PAM_AUTHINFO_UNAVAIL, "own", NULL },
	{ FOREIGN, DATABASE, NULL, 0, PAM_AUTHINFO_UNAVAIL, "", NULL },
	{ PARENT_MODE, "state", NULL, 0777, PAM_AUTHINFO_UNAVAIL, "", NULL },
	{ LINK_AWAY, "state", NULL, 0, PAM_AUTHINFO_UNAVAIL, "", "elsewhere" },
};

static void
need(int result, const char *what)
{
	if (result != 0)
		fail_msg("%s: %m", what);
}

/* The bytes of a file become the n bytes of data. */
static void
put(const char *path, const char *how, const void *data, size_t n)
{
	FILE *f = fopen(path, how);

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, n, f), n);
	need(fclose(f), path);
}

static void
put_garbage(const char *path)
{
	uint8_t bytes[20000];
	size_t i;

	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * i + 7 * i);
	put(path, "w", bytes, sizeof(bytes));
}

/* A file of the same kind from another installation. */
static void
put_foreign(const char *path, const char *file)
{
	struct world other;
	char from[256], bytes[65536];
	size_t n;
	FILE *f;

	world_make(&other, NULL, 0);
	world_account(&other, "alice", "active", NULL);
	(void)snprintf(from, sizeof(from), "%s/%s", other.dir, file);
	assert_non_null(f = fopen(from, "r"));
	n = fread(bytes, 1, sizeof(bytes), f);
	(void)fclose(f);
	put(path, "w", bytes, n);
	world_remove(&other);
}

static void
damage(const struct world *w, const struct breakage *b)
{
	char path[256], aside[260];
	struct stat st;

	(void)snprintf(path, sizeof(path), "%s/%s", w->dir, b->file);
	(void)snprintf(aside, sizeof(aside), "%s.was", path);
	need(stat(path, &st), path);
	switch (b->damage) {
	case REMOVE:
		need(unlink(path), path);
		return;
	case EMPTY:
		need(truncate(path, 0), path);
		return;
	case HALF:
		need(truncate(path, st.st_size / 2), path);
		return;
	case GARBAGE:
		put_garbage(path);
		return;
	case APPEND:
		put(path, "a", b->text, strlen(b->text));
		return;
	case LINK:
		need(rename(path, aside), path);
		need(symlink(aside, path), path);
		return;
	case LINK_AWAY:
		need(rename(path, aside), path);
		(void)snprintf(aside, sizeof(aside), "%s/elsewhere", w->dir);
		need(symlink(aside, path), path);
		return;
	case DIRECTORY:
		need(rename(path, aside), path);
		need(mkdir(path, 0700), path);
		return;
	case MODE:
	case PARENT_MODE:
		need(chmod(path, b->mode), path);
		return;
	case OWNER:
		need(chown(path, 12345, (gid_t)-1), path);
		return;
	case FOREIGN:
		put_foreign(path, b->file);
		return;
	}
}

static const char *
describe(const struct breakage *b)
{
	static const char *const names[] = { "removed", "empty", "half",
		"garbage", "with a line more", "a link", "led away",
		"a directory", "of another mode", "of another mode",
		"another's", "foreign" };
	static char text[128];

	(void)snprintf(text, sizeof(text), "%s %s %s", b->file,
	    names[b->damage], b->text != NULL ? b->text : "");
	return text;
}

/* The one line says file and reason. */
static void
check_line(const struct world *w, const struct breakage *b)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", w->dir,
	    b->names != NULL ? b->names : b->file);
	if (run_log_n != 1 || strstr(run_log[0].text, "result=error") == NULL ||
	    strstr(run_log[0].text, "detail=") == NULL ||
	    strstr(run_log[0].text, path) == NULL ||
	    strstr(run_log[0].text, b->says) == NULL) {
		run_log_print();
		fail_msg("%s: not one line with file and %s", describe(b),
		    b->says);
	}
	run_log_clear();
}

static void
check_stage(const struct world *w, const struct breakage *b, struct run *run,
    bool is_auth)
{
	int code;

	run_expect(run, PAM_PROMPT_ECHO_ON, "", RUN_TEXT, "123456");
	code = is_auth ? pam_authenticate(run->pamh, 0) :
	    pam_acct_mgmt(run->pamh, 0);
	if (code != b->code) {
		run_log_print();
		fail_msg("%s: %s", describe(b), run_code_name(code));
	}
	assert_string_equal(run->complaint, "");
	check_line(w, b);
	run_reset(run);
}

static void
try(const struct breakage *b, const char *user, const char *arguments)
{
	char auth[256];
	const char *lines[2] = { auth, "account required MODULE config=CONFIG" };
	struct world w;
	struct run run;

	world_make(&w, NULL, 0);
	world_account(&w, "alice", "active", NULL);
	damage(&w, b);
	(void)snprintf(auth, sizeof(auth), "auth required MODULE "
	    "config=CONFIG %s", arguments);
	run_start(&run, w.dir, "akita-test", lines, 2, w.config, user);
	run_log_clear();
	check_stage(&w, b, &run, true);
	check_stage(&w, b, &run, false);
	run_end(&run);
	world_remove(&w);
}

static void
every_breakage_is_trouble_with_a_reason(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(breakages) / sizeof(breakages[0]); i++) {
		if (breakages[i].damage == OWNER && geteuid() != 0)
			continue;
		try(&breakages[i], "alice", "");
	}
}

static void
no_breakage_is_ignored_with_nullok(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(breakages) / sizeof(breakages[0]); i++) {
		if (breakages[i].damage == OWNER && geteuid() != 0)
			continue;
		try(&breakages[i], "nobodyknows", "nullok start_of_use=ignore "
		    "publickey=skip grace=60");
	}
}

static void
a_database_that_is_busy_is_trouble_in_time(void **state)
{
	static const char *const extra[] = { "storage lock_timeout_ms 300" };
	static const char *const lines[] = {
		"auth required MODULE config=CONFIG" };
	struct akita_txn *txn = NULL;
	struct akita_why why = { 0 };
	struct world w;
	struct run run;
	int64_t before, took;

	(void)state;
	world_make(&w, extra, 1);
	world_account(&w, "alice", "active", NULL);
	run_start(&run, w.dir, "akita-test", lines, 1, w.config, "alice");
	run_log_clear();
	run_expect(&run, PAM_PROMPT_ECHO_ON, "", RUN_TEXT, "123456");
	assert_int_equal(akita_txn_begin(w.site.store, "alice",
	    AKITA_TXN_CHANGE, &txn, &why), AKITA_OK);
	before = akita_os_clock.mono_ms(NULL);
	assert_int_equal(pam_authenticate(run.pamh, 0), PAM_AUTHINFO_UNAVAIL);
	took = akita_os_clock.mono_ms(NULL) - before;
	akita_txn_end(&txn);
	assert_in_range(took, 250, 1300);
	assert_int_equal(run_log_n, 1);
	assert_non_null(strstr(run_log[0].text, "reason=busy"));
	run_end(&run);
	world_remove(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_breakage_is_trouble_with_a_reason),
		cmocka_unit_test(no_breakage_is_ignored_with_nullok),
		cmocka_unit_test(a_database_that_is_busy_is_trouble_in_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
