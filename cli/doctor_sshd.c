/* sshd's part in a login by code. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/doctor.h"
#include "cli/pamstack.h"

#define ASK_SSHD	"/usr/sbin/sshd -T 2>/dev/null"
#define CONFIG		"/etc/ssh/sshd_config"
#define DEPTH_MAX	4	/* of Include */

static const char blanks[] = " \t\r\n=\"";

struct sshd {
	char	pam[8], kbd[8], password[8], pubkey[8];
	char	methods[256];
	bool	has_match;
};

/* The first value of a keyword counts. */
static void
take(struct sshd *sshd, const char *word, const char *value)
{
	const struct {
		const char	*word;
		char		*value;
		size_t		 size;
	} keys[] = {
		{ "usepam", sshd->pam, sizeof(sshd->pam) },
		{ "kbdinteractiveauthentication", sshd->kbd,
		    sizeof(sshd->kbd) },
		{ "challengeresponseauthentication", sshd->kbd,
		    sizeof(sshd->kbd) },
		{ "passwordauthentication", sshd->password,
		    sizeof(sshd->password) },
		{ "pubkeyauthentication", sshd->pubkey, sizeof(sshd->pubkey) },
		{ "authenticationmethods", sshd->methods,
		    sizeof(sshd->methods) },
	};
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcasecmp(word, keys[i].word) == 0 &&
		    keys[i].value[0] == '\0')
			(void)snprintf(keys[i].value, keys[i].size, "%s",
			    value);
}

static void	read_files(struct sshd *sshd, const char *pattern,
		    unsigned int depth);

static void
read_lines(struct sshd *sshd, FILE *in, unsigned int depth)
{
	char *line = NULL, *word, *value, path[4096];
	size_t size = 0, len;

	while (getline(&line, &size, in) != -1) {
		word = line + strspn(line, blanks);
		if (*word == '#' || *word == '\0')
			continue;
		value = word + strcspn(word, blanks);
		if (*value != '\0')
			*value++ = '\0';
		value += strspn(value, blanks);
		for (len = strlen(value); len > 0 &&
		    strchr(blanks, value[len - 1]) != NULL; len--)
			value[len - 1] = '\0';
		if (strcasecmp(word, "match") == 0) {
			sshd->has_match = true;
			break;
		}
		(void)snprintf(path, sizeof(path), "%s%s",
		    value[0] == '/' ? "" : "/etc/ssh/", value);
		if (strcasecmp(word, "include") == 0 && depth < DEPTH_MAX)
			read_files(sshd, path, depth + 1);
		take(sshd, word, value);
	}
	free(line);
}

static void
read_files(struct sshd *sshd, const char *pattern, unsigned int depth)
{
	glob_t paths;
	FILE *in;
	size_t i;

	if (glob(pattern, 0, NULL, &paths) != 0)
		return;
	for (i = 0; i < paths.gl_pathc; i++)
		if ((in = fopen(paths.gl_pathv[i], "re")) != NULL) {
			read_lines(sshd, in, depth);
			(void)fclose(in);
		}
	globfree(&paths);
}

/* What sshd itself says of its configuration, or what the file says where it
 * cannot be asked (only root can, and only where it could start). */
static void
ask(struct sshd *sshd)
{
	FILE *in = popen(ASK_SSHD, "re");

	memset(sshd, 0, sizeof(*sshd));
	if (in != NULL) {
		read_lines(sshd, in, DEPTH_MAX);
		(void)pclose(in);
	}
	if (sshd->pam[0] == '\0')
		read_files(sshd, CONFIG, 0);
	take(sshd, "usepam", "no");
	take(sshd, "kbdinteractiveauthentication", "yes");
	take(sshd, "passwordauthentication", "yes");
	take(sshd, "pubkeyauthentication", "yes");
	take(sshd, "authenticationmethods", "any");
}

/* Our line hides its prompt: then method password can answer it. */
static bool
is_hidden(const char *service)
{
	struct akita_pam_stack stack = { .conf_dirs = akita_pam_conf_dirs,
		.module_dirs = akita_pam_module_dirs };
	bool hidden = false;
	size_t i;

	if (akita_pam_stack_read(service, AKITA_PAM_AUTH, &stack, NULL) ==
	    AKITA_OK)
		for (i = 0; i < stack.count; i++)
			hidden = hidden ||
			    (akita_pam_line_decides(&stack.lines[i]) &&
			    (akita_pam_line_has(&stack.lines[i], "echo=off") ||
			    akita_pam_line_has(&stack.lines[i],
			    "forward_pass") ||
			    akita_pam_line_has(&stack.lines[i],
			    "use_first_pass") ||
			    akita_pam_line_has(&stack.lines[i],
			    "try_first_pass")));
	akita_pam_stack_free(&stack);
	return hidden;
}

enum akita_rc
akita_doctor_sshd(struct akita_cli *cli, struct akita_why *why)
{
	bool hidden = is_hidden(cli->opt[AKITA_OPT_PAM]);
	struct sshd sshd;

	ask(&sshd);
	if (strcasecmp(sshd.pam, "yes") != 0)
		return akita_fail(why, AKITA_ERR_SETTINGS, AKITA_N("sshd does "
		    "not ask PAM: set UsePAM yes in sshd_config"), NULL);
	if (strcasecmp(sshd.kbd, "yes") != 0 && !hidden)
		return akita_fail(why, AKITA_ERR_SETTINGS, AKITA_N("sshd shows "
		    "nobody the prompt for the code: set "
		    "KbdInteractiveAuthentication yes in sshd_config"), NULL);
	return AKITA_OK;
}

/* One of sshd's lists, "publickey,keyboard-interactive:pam". */
static bool
asks_pam(const char *list, size_t len)
{
	char copy[256];

	(void)snprintf(copy, sizeof(copy), "%.*s", (int)len, list);
	return strstr(copy, "keyboard-interactive") != NULL ||
	    strstr(copy, "password") != NULL;
}

enum akita_rc
akita_doctor_sshd_methods(struct akita_cli *cli, struct akita_why *why)
{
	bool hidden = is_hidden(cli->opt[AKITA_OPT_PAM]);
	const char *list, *end;
	struct sshd sshd;
	bool any;

	ask(&sshd);
	any = strcasecmp(sshd.methods, "any") == 0;
	for (list = sshd.methods; !any && *list != '\0'; list = end) {
		list += strspn(list, blanks);
		end = list + strcspn(list, blanks);
		if (end != list && !asks_pam(list, (size_t)(end - list)))
			return akita_fail(why, AKITA_ERR_PARTIAL, AKITA_N(
			    "AuthenticationMethods %s of sshd_config lets in "
			    "without a code: one of its lists has no "
			    "keyboard-interactive"), sshd.methods, NULL);
	}
	if (any && strcasecmp(sshd.pubkey, "yes") == 0)
		return akita_fail(why, AKITA_ERR_PARTIAL, AKITA_N("a public "
		    "key alone lets in without a code; if that is not meant, "
		    "set AuthenticationMethods in sshd_config, for example to "
		    "publickey,keyboard-interactive"), NULL);
	if (strcasecmp(sshd.password, "yes") == 0 && !hidden &&
	    (any || strstr(sshd.methods, "password") != NULL))
		return akita_fail(why, AKITA_ERR_PARTIAL, AKITA_N("sshd offers "
		    "the method password, which cannot answer the prompt for "
		    "the code: set PasswordAuthentication no in sshd_config"),
		    NULL);
	if (sshd.has_match)
		return akita_fail(why, AKITA_OK, AKITA_N("Match blocks of "
		    "sshd_config were not looked at"), NULL);
	return AKITA_OK;
}
