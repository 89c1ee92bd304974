#include "tests/pam/scene.h"

#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "tests/pam/run.h"
#include "tests/pam/world.h"

#define LINES_MAX	32
#define LINE_MAX_BYTES	1024
#define NAMES_MAX	16
#define DELAY_US	2000000u

struct scene {
	struct world	 world;
	struct run	 run;
	bool		 is_made, is_open;
	const char	*file;
	unsigned int	 line;
	char		*config[LINES_MAX];
	size_t		 n_config;
	char		*stack[LINES_MAX];
	size_t		 n_stack;
	char		*env[LINES_MAX];
	size_t		 n_env;
	char		*logs[LINES_MAX];
	size_t		 n_logs;
	char		*user, *rhost, *service, *suspended;
	char		 last[LINE_MAX_BYTES];
	unsigned int	 delay;
	unsigned int	 flags;
	struct {
		char	name[WORLD_TEXT];
		struct world_token token;
	}		 tokens[NAMES_MAX];
	size_t		 n_tokens;
};

static void fail(struct scene *s, const char *format, ...)
    __attribute__((format(printf, 2, 3), noreturn));

static void
fail(struct scene *s, const char *format, ...)
{
	va_list ap;

	(void)printf("# %s:%u: ", s->file, s->line);
	va_start(ap, format);
	(void)vprintf(format, ap);
	va_end(ap);
	(void)putchar('\n');
	run_log_print();
	(void)fflush(stdout);
	if (s->is_made)
		world_remove(&s->world);
	_exit(1);
}

static void
make_world(struct scene *s)
{
	if (s->is_made)
		return;
	world_make(&s->world, (const char *const *)s->config, s->n_config);
	s->is_made = true;
}

static const struct world_token *
token_of(const struct scene *s, const char *user)
{
	size_t i;

	for (i = 0; i < s->n_tokens; i++) {
		if (strcmp(s->tokens[i].name, user) == 0)
			return &s->tokens[i].token;
	}
	return NULL;
}

static void
do_account(struct scene *s, char *rest)
{
	char *name = strtok(rest, " "), *state = strtok(NULL, " "), *word;
	struct world_token *token;

	make_world(s);
	if (name == NULL || state == NULL || s->n_tokens >= NAMES_MAX)
		fail(s, "account NAME STATE");
	(void)snprintf(s->tokens[s->n_tokens].name, WORLD_TEXT, "%s", name);
	token = &s->tokens[s->n_tokens++].token;
	while ((word = strtok(NULL, " ")) != NULL) {
		if (!akita_token_type_parse(word, &token->type) &&
		    !akita_hash_parse(word, &token->algorithm))
			token->digits = (unsigned int)atoi(word);
	}
	world_account(&s->world, name, state, token);
}

/* Digits in full width. */
static void
widen(const char *digits, char *to)
{
	for (; *digits != '\0'; digits++)
		to += sprintf(to, "\xef\xbc%c", 0x90 + (*digits - '0'));
}

/* What a word in braces stands for. */
static void
expand_word(struct scene *s, char *word, char *to, size_t size)
{
	char *colon = strchr(word, ':'), code[AKITA_DIGITS_MAX + 1];
	const char *arg = colon != NULL ? colon + 1 : NULL;
	const char *user = s->user;

	if (colon != NULL)
		*colon = '\0';
	if (strcmp(word, "last") == 0) {
		(void)snprintf(to, size, "%s", s->last);
	} else if (strcmp(word, "recovery") == 0) {
		world_recovery_code(arg != NULL ? (unsigned int)atoi(arg) : 0,
		    to);
	} else if (strcmp(word, "long") == 0 && arg != NULL) {
		memset(to, '7', (size_t)atoi(arg));
		to[atoi(arg)] = '\0';
	} else {
		if (arg != NULL)
			user = arg;
		if (strcmp(word, "wrong") == 0)
			world_wrong(&s->world, user, token_of(s, user), code);
		else if (strncmp(word, "code", 4) == 0)
			world_code(&s->world, user, token_of(s, user),
			    atoi(word + 4), code);
		else if (strcmp(word, "wide") == 0)
			world_code(&s->world, user, token_of(s, user), 0, code);
		else
			fail(s, "what is {%s}?", word);
		if (strcmp(word, "wide") == 0)
			widen(code, to);
		else
			(void)snprintf(to, size, "%s", code);
	}
}

/* text with its words in braces written out; static storage. */
static const char *
expand(struct scene *s, const char *text)
{
	static char out[LINE_MAX_BYTES * 2 + 1048576];
	char word[64];
	size_t used = 0, len;

	make_world(s);
	while (*text != '\0') {
		len = strcspn(text, "}");
		if (*text != '{' || text[len] == '\0' || len >= sizeof(word)) {
			out[used++] = *text++;
			continue;
		}
		(void)snprintf(word, sizeof(word), "%.*s", (int)len - 1,
		    text + 1);
		expand_word(s, word, out + used, sizeof(out) - used);
		used += strlen(out + used);
		text += len + 1;
	}
	out[used] = '\0';
	return out;
}

static void
add(struct scene *s, char **list, size_t *n, const char *text)
{
	if (*n >= LINES_MAX || (list[*n] = strdup(text)) == NULL)
		fail(s, "too much of one kind");
	(*n)++;
}

static void
do_ask(struct scene *s, char *rest)
{
	static const struct {
		const char	*name;
		int		 style;
	} styles[] = { { "echo", PAM_PROMPT_ECHO_ON },
		{ "hidden", PAM_PROMPT_ECHO_OFF }, { "info", PAM_TEXT_INFO },
		{ "error", PAM_ERROR_MSG } };
	static const char *const hows[] = { "TEXT", "NULL", "NOTHING", "ERROR",
		"AGAIN", "ERROR-WITH-TEXT" };
	char *prompt = strchr(rest, '|'), *answer;
	enum run_answer how;
	const char *text;
	size_t i;

	if (prompt == NULL || (answer = strchr(prompt + 1, '|')) == NULL)
		fail(s, "ask STYLE|PROMPT|ANSWER");
	*prompt++ = '\0';
	*answer++ = '\0';
	for (i = 0; strcmp(styles[i].name, rest) != 0; i++) {
		if (i == 3)
			fail(s, "what is %s?", rest);
	}
	for (how = RUN_ERROR_WITH_TEXT; how > RUN_TEXT; how--) {
		if (strcmp(hows[how], answer) == 0)
			break;
	}
	text = expand(s, how == RUN_TEXT ? answer : "123456");
	(void)snprintf(s->last, sizeof(s->last), "%s", text);
	run_expect(&s->run, styles[i].style, prompt, how,
	    i < 2 ? text : NULL);
	if (i >= 2)
		s->run.asks[s->run.n_asks - 1].how = RUN_NULL;
}

/* Start the transaction, with what was said so far. */
static void
open_run(struct scene *s)
{
	const char *lines[LINES_MAX];
	struct run fresh = s->run;
	char line[LINE_MAX_BYTES * 2];
	size_t i;

	if (s->is_open)
		return;
	make_world(s);
	for (i = 0; i < s->n_stack; i++) {
		(void)snprintf(line, sizeof(line), "%s",
		    expand(s, s->stack[i]));
		if ((lines[i] = strdup(line)) == NULL)
			fail(s, "out of memory");
	}
	run_start(&s->run, s->world.dir, s->service, lines, s->n_stack,
	    s->world.config, s->user);
	for (i = 0; i < s->n_stack; i++)
		free((char *)(size_t)lines[i]);
	memcpy(s->run.asks, fresh.asks, sizeof(fresh.asks));
	s->run.n_asks = fresh.n_asks;
	if (s->rhost != NULL)
		(void)pam_set_item(s->run.pamh, PAM_RHOST, s->rhost);
	for (i = 0; i < s->n_env; i++)
		(void)pam_putenv(s->run.pamh, expand(s, s->env[i]));
	s->is_open = true;
}

/* The part of a line behind "module(service:stage): "; other lines whole. */
static const char *
body(const char *text)
{
	const char *p;

	if (strncmp(text, "pam_akita_otp(", 14) == 0 &&
	    (p = strstr(text, "): ")) != NULL)
		return p + 3;
	return text;
}

static void
check_logs(struct scene *s)
{
	size_t i;

	for (i = 0; i < s->n_logs || i < run_log_n; i++) {
		char *pattern = i < s->n_logs ? strchr(s->logs[i], '|') : NULL;

		if (i >= run_log_n)
			fail(s, "this line did not come: %s", s->logs[i]);
		if (i >= s->n_logs)
			fail(s, "unexpected line: %s", run_log[i].text);
		if (pattern == NULL)
			fail(s, "log PRIORITY|PATTERN");
		*pattern = '\0';
		if (LOG_PRI(run_log[i].priority) != run_priority(s->logs[i]) ||
		    fnmatch(pattern + 1, body(run_log[i].text),
		    FNM_NOESCAPE) != 0)
			fail(s, "another line: wanted %s|%s", s->logs[i],
			    pattern + 1);
	}
	while (s->n_logs > 0)
		free(s->logs[--s->n_logs]);
	run_log_clear();
}

static void
check_delay(struct scene *s)
{
	if (run_delay_us != s->delay * DELAY_US)
		fail(s, "a delay of %u us, not %u times %u", run_delay_us,
		    s->delay, DELAY_US);
	run_delay_us = 0;
}

static void
do_call(struct scene *s, const char *what, const char *want)
{
	struct run *run = &s->run;
	int code;

	open_run(s);
	if (strcmp(what, "authenticate") == 0)
		code = pam_authenticate(run->pamh, (int)s->flags);
	else if (strcmp(what, "setcred") == 0)
		code = pam_setcred(run->pamh,
		    (int)(PAM_ESTABLISH_CRED | s->flags));
	else
		code = pam_acct_mgmt(run->pamh, (int)s->flags);
	if (run->complaint[0] != '\0')
		fail(s, "%s", run->complaint);
	if (code != run_code(want))
		fail(s, "%s gave %s, not %s", what, run_code_name(code), want);
	if (run->next_ask != run->n_asks)
		fail(s, "only %zu of %zu messages came", run->next_ask,
		    run->n_asks);
	check_delay(s);
	check_logs(s);
	run_reset(run);
	s->delay = 0;
}

static void
do_shows(struct scene *s, char *rest)
{
	struct akita_account account AKITA_ACCOUNT_AUTO = { 0 };
	char *name = strtok(rest, " "), *state = strtok(NULL, " ");
	char *failures = strtok(NULL, " ");
	const char *is;

	if (failures == NULL)
		fail(s, "shows NAME STATE FAILURES");
	world_read(&s->world, name, &account);
	is = akita_state_name(akita_state_at(&account,
	    akita_os_clock.now_s(NULL)));
	if (strcmp(is, state) != 0)
		fail(s, "%s is %s, not %s", name, is, state);
	if (account.slot.failures != atoi(failures))
		fail(s, "%s has %u failures, not %s", name,
		    account.slot.failures, failures);
}

static void
do_end(struct scene *s)
{
	if (s->is_open)
		run_end(&s->run);
	s->is_open = false;
	while (s->n_env > 0)
		free(s->env[--s->n_env]);
}

/* libpam turns a PAM_IGNORE that it does not ignore into PAM_PERM_DENIED; so
 * what follows says it with a code that no module of ours returns. */
static void
add_raw(struct scene *s, const char *stage, int stage_len, const char *module)
{
	char line[LINE_MAX_BYTES];

	(void)snprintf(line, sizeof(line),
	    "%.*s [success=1 ignore=ignore default=die] %s", stage_len, stage,
	    module);
	add(s, s->stack, &s->n_stack, line);
	(void)snprintf(line, sizeof(line), "%.*s requisite PROBE ignored",
	    stage_len, stage);
	add(s, s->stack, &s->n_stack, line);
	(void)snprintf(line, sizeof(line), "%.*s required PROBE", stage_len,
	    stage);
	add(s, s->stack, &s->n_stack, line);
}

static void
do_stack(struct scene *s, const char *rest)
{
	const char *raw = strstr(rest, " raw ");

	if (raw == NULL)
		add(s, s->stack, &s->n_stack, rest);
	else
		add_raw(s, rest, (int)(raw - rest), raw + 5);
}

static void
set(char **field, const char *text)
{
	free(*field);
	*field = strdup(text);
}

static void
suspend_meanwhile(void *arg)
{
	struct scene *s = arg;

	world_suspend(&s->world, s->suspended);
}

static void
do_meanwhile(struct scene *s, const char *rest)
{
	if (strncmp(rest, "suspend ", 8) != 0)
		fail(s, "meanwhile suspend NAME");
	set(&s->suspended, rest + 8);
	open_run(s);
	s->run.meanwhile = suspend_meanwhile;
	s->run.meanwhile_arg = s;
}

/* Lines that only say how things are. */
static bool
do_setting(struct scene *s, const char *verb, char *rest)
{
	if (strcmp(verb, "config") == 0)
		add(s, s->config, &s->n_config, rest);
	else if (strcmp(verb, "stack") == 0)
		do_stack(s, rest);
	else if (strcmp(verb, "service") == 0)
		set(&s->service, rest);
	else if (strcmp(verb, "user") == 0)
		set(&s->user, rest);
	else if (strcmp(verb, "rhost") == 0)
		set(&s->rhost, rest);
	else if (strcmp(verb, "env") == 0)
		add(s, s->env, &s->n_env, rest);
	else if (strcmp(verb, "silent") == 0)
		s->flags = PAM_SILENT;
	else if (strcmp(verb, "log") == 0)
		add(s, s->logs, &s->n_logs, rest);
	else if (strcmp(verb, "delay") == 0)
		s->delay = (unsigned int)atoi(rest);
	else
		return false;
	return true;
}

static void
do_line(struct scene *s, const char *verb, char *rest)
{
	if (do_setting(s, verb, rest))
		return;
	make_world(s);
	if (strcmp(verb, "account") == 0)
		do_account(s, rest);
	else if (strcmp(verb, "recovery") == 0)
		world_recovery(&s->world, rest);
	else if (strcmp(verb, "suspend") == 0)
		world_suspend(&s->world, rest);
	else if (strcmp(verb, "unlock") == 0)
		world_unlock(&s->world, rest);
	else if (strcmp(verb, "meanwhile") == 0)
		do_meanwhile(s, rest);
	else if (strcmp(verb, "ask") == 0)
		do_ask(s, rest);
	else if (strcmp(verb, "shows") == 0)
		do_shows(s, rest);
	else if (strcmp(verb, "end") == 0)
		do_end(s);
	else if (strcmp(verb, "authenticate") == 0 ||
	    strcmp(verb, "setcred") == 0 || strcmp(verb, "acct_mgmt") == 0)
		do_call(s, verb, rest);
	else
		fail(s, "what is %s?", verb);
}

int
scene_play(const char *path, const char *name)
{
	static struct scene s;
	char line[LINE_MAX_BYTES], *rest;
	FILE *f;

	if ((f = fopen(path, "r")) == NULL)
		world_die("%s: %m", path);
	s.file = name;
	set(&s.service, "akita-test");
	while (fgets(line, sizeof(line), f) != NULL) {
		s.line++;
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || line[0] == '\0')
			continue;
		rest = line + strcspn(line, " ");
		if (*rest != '\0')
			*rest++ = '\0';
		do_line(&s, line, rest);
	}
	(void)fclose(f);
	if (s.run.n_asks != 0 || s.n_logs != 0)
		fail(&s, "expectations without a call");
	do_end(&s);
	if (s.is_made)
		world_remove(&s.world);
	return 0;
}
