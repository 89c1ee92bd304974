#include "tests/pam/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>

#include "tests/pam/world.h"

void
run_log_clear(void)
{
	memset(run_log, 0, sizeof(run_log));
	run_log_n = 0;
}

void
run_log_print(void)
{
	size_t i;

	for (i = 0; i < run_log_n && i < RUN_LINES; i++)
		(void)printf("#   log %d|%s\n", LOG_PRI(run_log[i].priority),
		    run_log[i].text);
}

static void
complain(struct run *run, const char *what, const char *value)
{
	if (run->complaint[0] == '\0')
		(void)snprintf(run->complaint, sizeof(run->complaint),
		    "%s: %s", what, value);
}

static char *
copy(const char *text)
{
	char *s;

	if ((s = strdup(text)) == NULL)
		world_die("out of memory");
	return s;
}

static int
respond(const struct run_ask *ask, struct pam_response **ret)
{
	struct pam_response *response = NULL;

	if (ask->how == RUN_ERROR || ask->how == RUN_AGAIN ||
	    ask->how == RUN_NOTHING) {
		*ret = NULL;
	} else {
		if ((response = calloc(1, sizeof(*response))) == NULL)
			return PAM_BUF_ERR;
		if (ask->how != RUN_NULL)
			response->resp = copy(ask->text);
		*ret = response;
	}
	if (ask->how == RUN_ERROR || ask->how == RUN_ERROR_WITH_TEXT)
		return PAM_CONV_ERR;
	return ask->how == RUN_AGAIN ? PAM_CONV_AGAIN : PAM_SUCCESS;
}

static int
converse(int n, const struct pam_message **messages,
    struct pam_response **responses, void *data)
{
	struct run *run = data;
	const struct run_ask *ask;
	char text[300];

	if (n != 1) {
		complain(run, "messages at once", "not one");
		return PAM_CONV_ERR;
	}
	(void)snprintf(text, sizeof(text), "%d|%s", messages[0]->msg_style,
	    messages[0]->msg);
	if (run->next_ask >= run->n_asks) {
		complain(run, "unexpected message", text);
		return PAM_CONV_ERR;
	}
	ask = &run->asks[run->next_ask++];
	if (ask->style != messages[0]->msg_style || (ask->prompt[0] != '\0' &&
	    strcmp(ask->prompt, messages[0]->msg) != 0))
		complain(run, "another message than expected", text);
	if (run->meanwhile != NULL) {
		run->meanwhile(run->meanwhile_arg);
		run->meanwhile = NULL;
	}
	return respond(ask, responses);
}

void
run_expect(struct run *run, int style, const char *prompt, enum run_answer how,
    const char *text)
{
	struct run_ask *ask;

	if (run->n_asks >= RUN_ASKS)
		world_die("too many messages expected");
	ask = &run->asks[run->n_asks++];
	memset(ask, 0, sizeof(*ask));
	ask->style = style;
	ask->how = how;
	(void)snprintf(ask->prompt, sizeof(ask->prompt), "%s", prompt);
	ask->text = text != NULL ? copy(text) : NULL;
}

void
run_reset(struct run *run)
{
	size_t i;

	for (i = 0; i < run->n_asks; i++)
		free(run->asks[i].text);
	run->n_asks = run->next_ask = 0;
	run->complaint[0] = '\0';
}

const char *
run_module(void)
{
	static char path[1024];
	const char *build = getenv("AKITA_BUILD");

	(void)snprintf(path, sizeof(path), "%s/pam/.libs/pam_akita_otp.so",
	    build != NULL ? build : ".");
	return path;
}

const char *
run_probe(void)
{
	static char path[1024];
	const char *build = getenv("AKITA_BUILD");

	(void)snprintf(path, sizeof(path), "%s/tests/pam/.libs/pam_probe.so",
	    build != NULL ? build : ".");
	return path;
}

/* line with its words MODULE, PROBE and CONFIG written out. */
static void
put_line(FILE *f, const char *line, const char *config)
{
	static const char words[3][8] = { "MODULE", "PROBE", "CONFIG" };
	const char *const texts[3] = { run_module(), run_probe(), config };
	size_t i, len;

	while (*line != '\0') {
		for (i = 0; i < 3; i++) {
			len = strlen(words[i]);
			if (strncmp(line, words[i], len) == 0)
				break;
		}
		if (i < 3) {
			(void)fputs(texts[i], f);
			line += len;
		} else {
			(void)fputc(*line++, f);
		}
	}
	(void)fputc('\n', f);
}

void
run_start(struct run *run, const char *dir, const char *service,
    const char *const *lines, size_t n_lines, const char *config,
    const char *user)
{
	char path[256];
	size_t i;
	FILE *f;
	int code;

	memset(run, 0, sizeof(*run));
	(void)snprintf(path, sizeof(path), "%s/pam.d", dir);
	(void)mkdir(path, 0755);
	(void)snprintf(path, sizeof(path), "%s/pam.d/%s", dir, service);
	if ((f = fopen(path, "w")) == NULL)
		world_die("%s: %m", path);
	for (i = 0; i < n_lines; i++)
		put_line(f, lines[i], config);
	if (fclose(f) != 0)
		world_die("%s: %m", path);
	/* libpam complains where there is no file for all others. */
	(void)snprintf(path, sizeof(path), "%s/pam.d/other", dir);
	if ((f = fopen(path, "w")) == NULL || fclose(f) != 0)
		world_die("%s: %m", path);
	(void)snprintf(path, sizeof(path), "%s/pam.d", dir);
	run->conv.conv = converse;
	run->conv.appdata_ptr = run;
	code = pam_start_confdir(service, user, &run->conv, path, &run->pamh);
	if (code != PAM_SUCCESS)
		world_die("pam_start: %s", run_code_name(code));
}

void
run_end(struct run *run)
{
	if (run->pamh != NULL)
		(void)pam_end(run->pamh, PAM_SUCCESS);
	run->pamh = NULL;
	run_reset(run);
}

static const struct {
	const char	*name;
	int		 code;
} codes[] = {
	{ "success", PAM_SUCCESS }, { "auth_err", PAM_AUTH_ERR },
	{ "ignore", PAM_CRED_UNAVAIL }, { "maxtries", PAM_MAXTRIES },
	{ "perm_denied", PAM_PERM_DENIED },
	{ "authinfo_unavail", PAM_AUTHINFO_UNAVAIL },
	{ "service_err", PAM_SERVICE_ERR }, { "conv_err", PAM_CONV_ERR },
	{ "incomplete", PAM_INCOMPLETE }, { "user_unknown", PAM_USER_UNKNOWN },
};

int
run_code(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (strcmp(codes[i].name, name) == 0)
			return codes[i].code;
	}
	return -1;
}

const char *
run_code_name(int code)
{
	static char other[32];
	size_t i;

	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (codes[i].code == code)
			return codes[i].name;
	}
	(void)snprintf(other, sizeof(other), "code %d", code);
	return other;
}

int
run_priority(const char *name)
{
	static const char *const names[] = { "emerg", "alert", "crit", "err",
		"warning", "notice", "info", "debug" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], name) == 0)
			return (int)i;
	}
	return -1;
}
