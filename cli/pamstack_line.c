/* Words, controls and modules of a line in pam.d. */
#include <ctype.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cli/pamstack.h"

#define OURS	"pam_akita_otp"

const char *const akita_pam_conf_dirs[] = { "/etc/pam.d", "/usr/lib/pam.d",
	NULL };
const char *const akita_pam_module_dirs[] = {
	"/lib/*-linux-gnu*/security",
	"/usr/lib/*-linux-gnu*/security",
	"/lib64/security",
	"/usr/lib64/security",
	"/lib/security",
	"/usr/lib/security",
	NULL
};

/* In the order of their values; the last stands for all not named. */
static const char *const code_names[AKITA_PAM_CODES + 1] = {
	"success", "open_err", "symbol_err", "service_err", "system_err",
	"buf_err", "perm_denied", "auth_err", "cred_insufficient",
	"authinfo_unavail", "user_unknown", "maxtries", "new_authtok_reqd",
	"acct_expired", "session_err", "cred_unavail", "cred_expired",
	"cred_err", "no_module_data", "conv_err", "authtok_err",
	"authtok_recover_err", "authtok_lock_busy", "authtok_disable_aging",
	"try_again", "ignore", "abort", "authtok_expired", "module_unknown",
	"bad_item", "conv_again", "incomplete", "default"
};
/* -index is the action. */
static const char *const action_names[] = { "ignore", "ok", "done", "bad",
	"die", "reset" };

static void
set_rest(int action[AKITA_PAM_CODES], int value)
{
	size_t i;

	for (i = 0; i < AKITA_PAM_CODES; i++)
		if (action[i] == AKITA_PAM_DO_UNSET)
			action[i] = value;
}

static void
set_word(int action[AKITA_PAM_CODES], int success, int ignore, int rest)
{
	action[AKITA_PAM_SUCCESS] = success;
	action[AKITA_PAM_NEW_AUTHTOK_REQD] = success;
	action[AKITA_PAM_IGNORE] = ignore;
	set_rest(action, rest);
}

static const char *
skip_blanks(const char *p)
{
	while (isspace((unsigned char)*p))
		p++;
	return p;
}

/* An action at *p; UNSET: there is none. */
static int
read_action(const char **p)
{
	size_t i, len;
	int jump = 0;

	for (i = 0; i < sizeof(action_names) / sizeof(action_names[0]); i++) {
		len = strlen(action_names[i]);
		if (strncmp(action_names[i], *p, len) == 0) {
			*p += len;
			return -(int)i;
		}
	}
	for (; isdigit((unsigned char)**p); (*p)++)
		if (jump < INT_MAX / 10 - 10)
			jump = jump * 10 + (**p - '0');
	return jump > 0 ? jump : AKITA_PAM_DO_UNSET;
}

/* "success=1 default=ignore" */
static bool
read_pairs(const char *p, int action[AKITA_PAM_CODES])
{
	size_t code, len = 0;
	int what;

	for (p = skip_blanks(p); *p != '\0'; p = skip_blanks(p)) {
		for (code = 0; code <= AKITA_PAM_CODES; code++) {
			len = strlen(code_names[code]);
			if (strncmp(code_names[code], p, len) == 0)
				break;
		}
		if (code > AKITA_PAM_CODES)
			return false;
		p = skip_blanks(p + len);
		if (*p != '=')
			return false;
		p = skip_blanks(p + 1);
		if ((what = read_action(&p)) == AKITA_PAM_DO_UNSET)
			return false;
		if (code < AKITA_PAM_CODES)
			action[code] = what;
		else
			set_rest(action, what);
	}
	return true;
}

bool
akita_pam_control_read(const char *control, int action[AKITA_PAM_CODES])
{
	bool good = true;
	size_t i;

	for (i = 0; i < AKITA_PAM_CODES; i++)
		action[i] = AKITA_PAM_DO_UNSET;
	if (strcasecmp(control, "required") == 0)
		set_word(action, AKITA_PAM_DO_OK, AKITA_PAM_DO_IGNORE,
		    AKITA_PAM_DO_BAD);
	else if (strcasecmp(control, "requisite") == 0)
		set_word(action, AKITA_PAM_DO_OK, AKITA_PAM_DO_IGNORE,
		    AKITA_PAM_DO_DIE);
	else if (strcasecmp(control, "optional") == 0)
		set_word(action, AKITA_PAM_DO_OK, AKITA_PAM_DO_IGNORE,
		    AKITA_PAM_DO_IGNORE);
	else if (strcasecmp(control, "sufficient") == 0)
		set_word(action, AKITA_PAM_DO_DONE, AKITA_PAM_DO_IGNORE,
		    AKITA_PAM_DO_IGNORE);
	else if (!(good = read_pairs(control, action)))
		for (i = 0; i < AKITA_PAM_CODES; i++)
			action[i] = AKITA_PAM_DO_BAD;
	set_rest(action, AKITA_PAM_DO_BAD);
	return good;
}

/* libpam's directory is one that has its own modules. */
static bool
find_in(const char *pattern, const char *module, char *ret, size_t size)
{
	bool found = false;
	glob_t paths;
	size_t i;

	if (glob(pattern, 0, NULL, &paths) != 0)
		return false;
	for (i = 0; !found && i < paths.gl_pathc; i++) {
		const char *path = paths.gl_pathv[i];

		(void)snprintf(ret, size, "%.*s/%s",
		    (int)(strrchr(path, '/') - path), path, module);
		found = access(ret, R_OK) == 0;
	}
	globfree(&paths);
	return found;
}

bool
akita_pam_module_find(const struct akita_pam_stack *stack, const char *module,
    char *ret, size_t size)
{
	char pattern[PATH_MAX];
	size_t i;

	if (module[0] == '/') {
		(void)snprintf(ret, size, "%s", module);
		return access(module, R_OK) == 0;
	}
	for (i = 0; stack->module_dirs[i] != NULL; i++) {
		(void)snprintf(pattern, sizeof(pattern), "%s/pam_permit.so",
		    stack->module_dirs[i]);
		if (find_in(pattern, module, ret, size))
			return true;
	}
	(void)snprintf(ret, size, "%s", module);
	return false;
}

bool
akita_pam_line_has(const struct akita_pam_line *line, const char *word)
{
	size_t len = strlen(word);
	const char *p = line->args;

	while ((p = strstr(p, word)) != NULL) {
		if ((p == line->args || isspace((unsigned char)p[-1]) ||
		    p[-1] == '[') && (p[len] == '\0' || p[len] == ']' ||
		    isspace((unsigned char)p[len])))
			return true;
		p += len;
	}
	return false;
}

bool
akita_pam_line_is(const struct akita_pam_line *line, const char *name)
{
	const char *base;
	size_t len = strlen(name);

	if (line->kind != AKITA_PAM_MODULE || line->module == NULL)
		return false;
	base = strrchr(line->module, '/');
	base = base == NULL ? line->module : base + 1;
	return strncmp(base, name, len) == 0 &&
	    (base[len] == '\0' || strcmp(base + len, ".so") == 0);
}

bool
akita_pam_line_decides(const struct akita_pam_line *line)
{
	return akita_pam_line_is(line, OURS) &&
	    !akita_pam_line_has(line, "decoy");
}
