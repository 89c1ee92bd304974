/* otpadm doctor --pam SERVICE: can a login succeed without a code? */
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/doctor.h"
#include "cli/pamstack.h"

static const struct akita_trust trust_root = { .root_only = true };

static const char *
service_of(const struct akita_cli *cli)
{
	return cli->opt[AKITA_OPT_PAM];
}

/* "auth sufficient pam_unix.so nullok", as far as a sentence has room. */
static const char *
text_of(const struct akita_pam_line *line, char *text, size_t size)
{
	bool is_word = strpbrk(line->control, " =") == NULL;

	(void)snprintf(text, size, "%s%s%s %s%s%s", is_word ? "" : "[",
	    line->control, is_word ? "" : "]",
	    line->module == NULL ? "" : line->module,
	    line->args[0] == '\0' ? "" : " ", line->args);
	return text;
}

/* Which word of our line lets pass. */
static const char *
word_of(const struct akita_pam_line *line)
{
	static const char *const words[] = { "nullok", "unregistered=ignore",
		"start_of_use=ignore", NULL };
	size_t i;

	for (i = 0; words[i] != NULL; i++)
		if (akita_pam_line_has(line, words[i]))
			return words[i];
	return line->args;
}

static enum akita_rc
say_auth(const struct akita_pam_verdict *v, const char *service,
    struct akita_why *why)
{
	const char *at = v->guilty == NULL ? "-" : v->guilty->where;
	const char *ours = v->ours == NULL ? "-" : v->ours->where;
	enum akita_rc bad = AKITA_ERR_SETTINGS;
	char text[256] = "-";

	if (v->guilty != NULL)
		(void)text_of(v->guilty, text, sizeof(text));
	switch (v->flaw) {
	case AKITA_PAM_SAFE:
		return akita_fail(why, AKITA_OK, AKITA_N("no login succeeds "
		    "without a code"), NULL);
	case AKITA_PAM_ROOT:
		return akita_fail(why, AKITA_OK, AKITA_N("no login succeeds "
		    "without a code but that of who is root already, by %s"),
		    at, NULL);
	case AKITA_PAM_CHOSEN:
		return akita_fail(why, AKITA_ERR_PARTIAL, AKITA_N("a login "
		    "succeeds without a code for those whom %s chooses (%s)"),
		    at, text, NULL);
	case AKITA_PAM_ENDED:
		return akita_fail(why, bad, AKITA_N("a login can succeed "
		    "without a code: %s (%s) ends the stack before %s; put "
		    "ours before it, or let it not end the stack"), at, text,
		    ours, NULL);
	case AKITA_PAM_JUMPED:
		return akita_fail(why, bad, AKITA_N("a login can succeed "
		    "without a code: %s (%s) jumps over %s"), at, text, ours,
		    NULL);
	case AKITA_PAM_IGNORED:
		return akita_fail(why, bad, AKITA_N("a login can succeed "
		    "without a code: %s says %s"), at, word_of(v->guilty),
		    NULL);
	case AKITA_PAM_OVERRULED:
		return akita_fail(why, bad, AKITA_N("a login can succeed "
		    "without a code: %s (%s) does not let a refusal count; "
		    "make it required or requisite"), at, text, NULL);
	case AKITA_PAM_UNKNOWN:
		return akita_fail(why, bad, AKITA_N("a login can succeed "
		    "without a code: %s (%s) does not find its module"), at,
		    text, NULL);
	case AKITA_PAM_CLOSED:
		return akita_fail(why, bad, AKITA_N("nobody can log in: no way "
		    "through the auth lines of %s ends in success"), service,
		    NULL);
	case AKITA_PAM_TOO_COMPLEX:
		return akita_fail(why, AKITA_ERR_PARTIAL, AKITA_N("the stack "
		    "of %s has too many ways to judge"), service, NULL);
	case AKITA_PAM_ABSENT:
		break;
	}
	return akita_fail(why, bad, AKITA_N("every login succeeds without a "
	    "code: no auth line of %s has pam_akita_otp.so without decoy"),
	    service, NULL);
}

/* sshd takes public keys without asking the auth lines: there it is grave. */
static enum akita_rc
say_account(const struct akita_pam_verdict *v, const char *service,
    struct akita_why *why)
{
	enum akita_rc bad = strcmp(service, "sshd") == 0 ? AKITA_ERR_SETTINGS :
	    AKITA_ERR_PARTIAL;
	const char *at = v->guilty == NULL ? "-" : v->guilty->where;
	const char *ours = v->ours == NULL ? "-" : v->ours->where;
	char text[256] = "-";

	if (v->guilty != NULL)
		(void)text_of(v->guilty, text, sizeof(text));
	switch (v->flaw) {
	case AKITA_PAM_SAFE:
		return akita_fail(why, AKITA_OK, AKITA_N("suspended accounts "
		    "are refused"), NULL);
	case AKITA_PAM_ROOT:
		return akita_fail(why, AKITA_OK, AKITA_N("suspended accounts "
		    "are refused, but not to who is root already, by %s"), at,
		    NULL);
	case AKITA_PAM_CHOSEN:
		return akita_fail(why, AKITA_ERR_PARTIAL, AKITA_N("suspended "
		    "accounts are let in where %s chooses them (%s)"), at,
		    text, NULL);
	case AKITA_PAM_ABSENT:
		return akita_fail(why, bad, AKITA_N("a suspended account can "
		    "log in by other means, like a public key: no account line "
		    "of %s has pam_akita_otp.so"), service, NULL);
	case AKITA_PAM_TOO_COMPLEX:
		return akita_fail(why, AKITA_ERR_PARTIAL, AKITA_N("the stack "
		    "of %s has too many ways to judge"), service, NULL);
	case AKITA_PAM_ENDED:
	case AKITA_PAM_JUMPED:
		return akita_fail(why, bad, AKITA_N("a suspended account can "
		    "log in by other means, like a public key: %s (%s) can "
		    "pass over %s; put ours before it"), at, text, ours, NULL);
	default:
		return akita_fail(why, bad, AKITA_N("a suspended account can "
		    "log in by other means, like a public key: the refusal of "
		    "%s (%s) does not count there; put it first, as required"),
		    at, text, NULL);
	}
}

static enum akita_rc
look_at_stage(struct akita_cli *cli, enum akita_pam_stage stage,
    struct akita_why *why)
{
	struct akita_pam_stack stack = { .conf_dirs = akita_pam_conf_dirs,
		.module_dirs = akita_pam_module_dirs };
	struct akita_pam_verdict verdict = { 0 };
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	rc = akita_pam_stack_read(service_of(cli), stage, &stack, why);
	if (rc == AKITA_OK)
		rc = akita_pam_stack_judge(&stack, stage, &verdict);
	if (rc == AKITA_OK)
		rc = stage == AKITA_PAM_AUTH ?
		    say_auth(&verdict, service_of(cli), why) :
		    say_account(&verdict, service_of(cli), why);
	akita_pam_stack_free(&stack);
	return rc == AKITA_ERR_MISSING ? AKITA_ERR_SETTINGS : rc;
}

enum akita_rc
akita_doctor_pam_auth(struct akita_cli *cli, struct akita_why *why)
{
	return look_at_stage(cli, AKITA_PAM_AUTH, why);
}

enum akita_rc
akita_doctor_pam_account(struct akita_cli *cli, struct akita_why *why)
{
	return look_at_stage(cli, AKITA_PAM_ACCOUNT, why);
}

/* Can libpam load it, and nobody but root change it? */
static enum akita_rc
look_at_module(const char *path, struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	void *handle;
	int fd = -1;

	rc = akita_trust_open(path, O_RDONLY, &trust_root, &fd, why);
	if (rc != AKITA_OK)
		return AKITA_ERR_SETTINGS;
	(void)close(fd);
	if ((handle = dlopen(path, RTLD_NOW | RTLD_LOCAL)) == NULL)
		return akita_fail(why, AKITA_ERR_SETTINGS, AKITA_N("%s cannot "
		    "be loaded: %s"), path, dlerror(), NULL);
	rc = AKITA_OK;
	if (dlsym(handle, "pam_sm_authenticate") == NULL)
		rc = AKITA_ERR_SETTINGS;
	(void)dlclose(handle);
	return akita_fail(why, rc, rc == AKITA_OK ? AKITA_N("%s") :
	    AKITA_N("%s is no PAM module"), path, NULL);
}

enum akita_rc
akita_doctor_pam_module(struct akita_cli *cli, struct akita_why *why)
{
	struct akita_pam_stack stack = { .conf_dirs = akita_pam_conf_dirs,
		.module_dirs = akita_pam_module_dirs };
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	const char *module = "pam_akita_otp.so";
	char path[PATH_MAX];
	size_t i;

	rc = akita_pam_stack_read(service_of(cli), AKITA_PAM_AUTH, &stack, why);
	for (i = 0; rc == AKITA_OK && i < stack.count; i++)
		if (akita_pam_line_is(&stack.lines[i], "pam_akita_otp"))
			module = stack.lines[i].module;
	if (rc == AKITA_ERR_MISSING)
		rc = AKITA_ERR_SETTINGS;
	else if (rc == AKITA_OK && !akita_pam_module_find(&stack, module, path,
	    sizeof(path)))
		rc = akita_fail(why, AKITA_ERR_SETTINGS, AKITA_N("%s is not "
		    "where libpam looks for modules; install it there, or name "
		    "its whole path in pam.d"), module, NULL);
	else if (rc == AKITA_OK)
		rc = look_at_module(path, why);
	akita_pam_stack_free(&stack);
	return rc;
}
