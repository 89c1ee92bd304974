/*
 * test_pamstack.c: what the doctor says of stacks in pam.d.  Samples with the
 * verdict and the line to blame; the examples in etc/pam.d; and thousands of
 * random stacks of pam_debug, whose answers the real libpam must bear out.
 */
#include "tests/unit/unit.h"

#include <security/pam_appl.h>
#include <stdlib.h>

#include "cli/pamstack.h"
#include "tests/cli/pam_samples.h"
#include "tests/unit/scratch.h"

#define RANDOM_STACKS	1500

static const char *const words[] = { "safe", "absent", "ended", "jumped",
	"ignored", "overruled", "unknown", "chosen", "root", "closed",
	"too complex" };

/* ---- a pam.d and a directory of modules ---- */

static char conf[PATH_MAX + 64], modules[PATH_MAX + 64];
static const char *const conf_dirs[] = { conf, NULL };
static const char *const module_dirs[] = { modules, NULL };

static void
write_file(const char *dir, const char *name, const char *text, size_t len)
{
	char path[2 * PATH_MAX];
	FILE *out;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	out = fopen(path, "we");
	assert_non_null(out);
	for (; len > 0; text++, len--)
		if (*text == '%')	/* the modules' directory */
			assert_true(fputs(modules, out) >= 0);
		else
			assert_int_not_equal(fputc(*text, out), EOF);
	assert_int_equal(fclose(out), 0);
}

static int
set_up(void **state)
{
	static const char *const names[] = { "pam_permit", "pam_deny",
		"pam_unix", "pam_env", "pam_group", "pam_rootok",
		"pam_succeed_if", "pam_access", "pam_sss", "pam_localuser",
		"pam_localuser2", "pam_nologin", "pam_listfile", "pam_shells",
		"pam_akita_otp" };
	char name[64];
	size_t i;

	if (scratch_make(state) != 0)
		return -1;
	(void)snprintf(conf, sizeof(conf), "%s/pam.d", scratch);
	(void)snprintf(modules, sizeof(modules), "%s/security", scratch);
	assert_int_equal(mkdir(conf, 0755), 0);
	assert_int_equal(mkdir(modules, 0755), 0);
	for (i = 0; i < COUNT(names); i++) {
		(void)snprintf(name, sizeof(name), "%s.so", names[i]);
		write_file(modules, name, "", 0);
	}
	return 0;
}

/* "s" and what follows each "== NAME". */
static void
write_stack(const char *text)
{
	const char *next;
	char name[64] = "s";

	for (; text != NULL; text = next) {
		next = strstr(text, "== ");
		write_file(conf, name, text, next == NULL ? strlen(text) :
		    (size_t)(next - text));
		if (next == NULL)
			break;
		assert_int_equal(sscanf(next, "== %63s", name), 1);
		next = strchr(next, '\n') + 1;
	}
}

static const char *
base(const struct akita_pam_line *line)
{
	return line == NULL ? "none" : strrchr(line->where, '/') + 1;
}

/* What is wrong with the verdict of a sample goes to the log. */
static unsigned int
judge(const struct sample *sample, const char *service,
    enum akita_pam_stage stage)
{
	struct akita_pam_stack stack = { .conf_dirs = conf_dirs,
		.module_dirs = module_dirs };
	const char *guilty = sample->guilty == NULL ? "none" : sample->guilty;
	struct akita_pam_verdict verdict = { 0 };
	unsigned int bad = 0;

	assert_int_equal(akita_pam_stack_read(service, stage, &stack, NULL),
	    AKITA_OK);
	assert_int_equal(akita_pam_stack_judge(&stack, stage, &verdict),
	    AKITA_OK);
	if (verdict.flaw != sample->flaw ||
	    strcmp(base(verdict.guilty), guilty) != 0) {
		print_message("# %s: %s by %s, not %s by %s\n", sample->about,
		    words[verdict.flaw], base(verdict.guilty),
		    words[sample->flaw], guilty);
		bad = 1;
	}
	akita_pam_stack_free(&stack);
	return bad;
}

static void
judge_all(const struct sample *samples, size_t count,
    enum akita_pam_stage stage)
{
	unsigned int bad = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		(void)unlink(at("pam.d/other"));
		write_stack(samples[i].text);
		bad += judge(&samples[i], "s", stage);
	}
	assert_int_equal(bad, 0);
}

TEST(each_way_past_the_module_is_found_with_its_line)
{
	judge_all(auth_samples, COUNT(auth_samples), AKITA_PAM_AUTH);
}

TEST(a_stage_without_lines_is_that_of_other)
{
	judge_all(other_samples, COUNT(other_samples), AKITA_PAM_AUTH);
}

TEST(a_suspended_account_has_no_way_past_the_account_line)
{
	judge_all(account_samples, COUNT(account_samples), AKITA_PAM_ACCOUNT);
}

TEST(what_libpam_cannot_start_with_is_said)
{
	struct akita_pam_stack stack = { .conf_dirs = conf_dirs,
		.module_dirs = module_dirs };
	struct akita_why why = { 0 };

	write_stack("auth required " OTP "\n@include gone\n");
	assert_int_equal(akita_pam_stack_read("s", AKITA_PAM_AUTH, &stack,
	    &why), AKITA_ERR_SETTINGS);
	assert_non_null(strstr(sentence(&why), "s:2 includes gone"));
	akita_pam_stack_free(&stack);
	assert_int_equal(akita_pam_stack_read("gone", AKITA_PAM_AUTH, &stack,
	    &why), AKITA_ERR_MISSING);
	akita_pam_stack_free(&stack);
	assert_int_equal(akita_pam_stack_read("../pam.d/s", AKITA_PAM_AUTH,
	    &stack, &why), AKITA_ERR_USAGE);
	akita_pam_stack_free(&stack);
}

/* ---- the examples ---- */

static void
write_example(const char *name)
{
	const char *src = getenv("AKITA_SRC");
	char path[PATH_MAX], text[8192];
	size_t len;
	FILE *in;

	(void)snprintf(path, sizeof(path), "%s/etc/pam.d/%s",
	    src == NULL ? "." : src, name);
	in = fopen(path, "re");
	assert_non_null(in);
	len = fread(text, 1, sizeof(text), in);
	assert_int_equal(fclose(in), 0);
	write_file(conf, "s", text, len);
}

TEST(the_examples_let_nobody_past)
{
	static const struct {
		const char	*name;
		enum akita_pam_flaw auth, account;
		const char	*auth_by, *account_by;
	} examples[] = {
		{ "dovecot", SAFE, SAFE, NULL, NULL },
		{ "freeradius", SAFE, SAFE, NULL, NULL },
		{ "login", SAFE, SAFE, NULL, NULL },
		{ "screen-locker", SAFE, SAFE, NULL, NULL },
		{ "screen-locker-one-field", SAFE, SAFE, NULL, NULL },
		{ "sshd-code-for-group", CHOSEN, SAFE, "s:13", NULL },
		{ "sshd-password-code", SAFE, SAFE, NULL, NULL },
		{ "sshd-publickey-code", SAFE, SAFE, NULL, NULL },
		{ "su", ROOT, ROOT, "s:4", "s:12" },
		{ "sudo", SAFE, SAFE, NULL, NULL },
		{ "vsftpd", SAFE, SAFE, NULL, NULL },
	};
	unsigned int bad = 0;
	size_t i;

	write_stack("\n== common-account\n" DEBIAN_ACCOUNT
	    "== common-session\n== common-password\n"
	    "== common-session-noninteractive\n");
	for (i = 0; i < COUNT(examples); i++) {
		struct sample auth = { examples[i].name, examples[i].auth,
			examples[i].auth_by, NULL };
		struct sample account = { examples[i].name,
			examples[i].account, examples[i].account_by, NULL };

		write_example(examples[i].name);
		bad += judge(&auth, "s", AKITA_PAM_AUTH);
		bad += judge(&account, "s", AKITA_PAM_ACCOUNT);
	}
	assert_int_equal(bad, 0);
}

/* ---- against the real libpam ---- */

/* libpam tells syslog of each line that is wrong: not that of this machine. */
void	__syslog_chk(int priority, int flag, const char *format, ...);

__attribute__((visibility("default"))) void
__syslog_chk(int priority, int flag, const char *format, ...)
{
	(void)priority;
	(void)flag;
	(void)format;
}

static int
no_answer(int n, const struct pam_message **msg, struct pam_response **resp,
    void *data)
{
	(void)n;
	(void)msg;
	(void)resp;
	(void)data;
	return PAM_CONV_ERR;
}

static unsigned int
number_below(unsigned int *seed, unsigned int n)
{
	*seed = *seed * 1103515245u + 12345u;
	return (*seed >> 16) % n;
}

#define PICK(seed, list)	((list)[number_below((seed), COUNT(list))])

static void
put_random_control(unsigned int *seed, FILE *out)
{
	static const char *const controls[] = { "required", "requisite",
		"sufficient", "optional" };
	static const char *const codes[] = { "success", "auth_err", "ignore",
		"module_unknown", "perm_denied", "default" };
	static const char *const actions[] = { "ignore", "ok", "done", "bad",
		"die", "reset", "1", "2", "3" };
	unsigned int n = number_below(seed, 5);

	if (n == 0) {
		(void)fprintf(out, "%s ", PICK(seed, controls));
		return;
	}
	(void)fputc('[', out);
	for (; n > 0; n--)
		(void)fprintf(out, "%s=%s ", PICK(seed, codes),
		    PICK(seed, actions));
	(void)fputs("] ", out);
}

/* Lines in file number n; those that include name higher numbers. */
static void
write_random(unsigned int *seed, unsigned int n, unsigned int files)
{
	static const char *const sure[] = { "pam_permit.so", "pam_permit.so",
		"pam_deny.so", "pam_env.so", "pam_gone.so" };
	static const char *const types[] = { "auth", "auth", "auth", "auth",
		"-auth", "account", "oauth" };
	unsigned int lines = 1 + number_below(seed, 5);
	char path[PATH_MAX + 80];
	FILE *out;

	(void)snprintf(path, sizeof(path), "%s/r%u", conf, n);
	out = fopen(path, "we");
	assert_non_null(out);
	for (; lines > 0; lines--) {
		if (n + 1 < files && number_below(seed, 3) == 0) {
			(void)fprintf(out, "auth %s %s/r%u\n",
			    number_below(seed, 3) == 0 ? "include" :
			    "substack", conf, n + 1 + number_below(seed,
			    files - n - 1));
			continue;
		}
		(void)fprintf(out, "%s ", PICK(seed, types));
		put_random_control(seed, out);
		(void)fprintf(out, "%s\n", PICK(seed, sure));
	}
	assert_int_equal(fclose(out), 0);
}

static bool
libpam_lets_in(void)
{
	static const struct pam_conv conv = { no_answer, NULL };
	pam_handle_t *pamh = NULL;
	int code;

	assert_int_equal(pam_start_confdir("r0", "root", &conv, conf, &pamh),
	    PAM_SUCCESS);
	code = pam_authenticate(pamh, PAM_SILENT);
	assert_int_equal(pam_end(pamh, code), PAM_SUCCESS);
	return code == PAM_SUCCESS;
}

TEST(thousands_of_stacks_end_as_they_do_in_libpam)
{
	unsigned int i, n, seed = 20261122, open = 0;

	for (i = 0; i < RANDOM_STACKS; i++) {
		struct akita_pam_stack stack = { .conf_dirs = conf_dirs,
			.module_dirs = akita_pam_module_dirs };
		struct akita_pam_verdict verdict = { 0 };
		bool lets_in;

		for (n = 4; n > 0; n--)
			write_random(&seed, n - 1, 4);
		assert_int_equal(akita_pam_stack_read("r0", AKITA_PAM_AUTH,
		    &stack, NULL), AKITA_OK);
		assert_int_equal(akita_pam_stack_judge(&stack, AKITA_PAM_AUTH,
		    &verdict), AKITA_OK);
		lets_in = libpam_lets_in();
		if ((verdict.flaw == ABSENT) != lets_in)
			fail_msg("stack %u of %s: libpam says %s, we say %s",
			    i, conf, lets_in ? "yes" : "no",
			    words[verdict.flaw]);
		open += lets_in;
		akita_pam_stack_free(&stack);
	}
	/* both answers were tried */
	assert_in_range(open, RANDOM_STACKS / 20, RANDOM_STACKS);
}

TEST(any_bytes_are_read_without_harm)
{
	static const char bytes[] = "auth required[]\\\n \t#=1-@include pam_"
	    "permit.so success=\0\r\n\x80";
	unsigned int i, n, seed = 7;
	char text[400];

	for (i = 0; i < RANDOM_STACKS; i++) {
		struct akita_pam_stack stack = { .conf_dirs = conf_dirs,
			.module_dirs = module_dirs };
		struct akita_pam_verdict verdict = { 0 };

		for (n = 0; n < sizeof(text); n++)
			text[n] = bytes[number_below(&seed, sizeof(bytes) - 1)];
		write_file(conf, "s", text, number_below(&seed, sizeof(text)));
		if (akita_pam_stack_read("s", AKITA_PAM_AUTH, &stack, NULL) ==
		    AKITA_OK)
			assert_int_equal(akita_pam_stack_judge(&stack,
			    AKITA_PAM_AUTH, &verdict), AKITA_OK);
		akita_pam_stack_free(&stack);
	}
}

int
main(void)
{
#define HERE(name) \
	cmocka_unit_test_setup_teardown(name, set_up, scratch_remove)
	const struct CMUnitTest tests[] = {
		HERE(each_way_past_the_module_is_found_with_its_line),
		HERE(a_stage_without_lines_is_that_of_other),
		HERE(a_suspended_account_has_no_way_past_the_account_line),
		HERE(what_libpam_cannot_start_with_is_said),
		HERE(the_examples_let_nobody_past),
		HERE(thousands_of_stacks_end_as_they_do_in_libpam),
		HERE(any_bytes_are_read_without_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
