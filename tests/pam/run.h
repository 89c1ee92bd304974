/*
 * run.h: one PAM transaction under control: a conversation that answers from
 * a list and notices what it did not expect, the lines that went to syslog,
 * and the delay asked of libpam.
 *
 * Lines and delay are caught by interposition: the program exports syslog,
 * vsyslog, their fortified twins, and pam_fail_delay, and libpam and the
 * module, loaded later, bind to those.  Nothing waits.
 */
#ifndef AKITA_TESTS_RUN_H
#define AKITA_TESTS_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include <security/pam_appl.h>

#define RUN_ASKS	32
#define RUN_LINES	64

/* How a conversation may behave instead of answering. */
enum run_answer {
	RUN_TEXT,		/* answer with text */
	RUN_NULL,		/* success, a response without text */
	RUN_NOTHING,		/* success, no response at all */
	RUN_ERROR,		/* PAM_CONV_ERR */
	RUN_AGAIN,		/* PAM_CONV_AGAIN */
	RUN_ERROR_WITH_TEXT	/* PAM_CONV_ERR and a response beside it */
};

/* One message that is expected, and what to answer. */
struct run_ask {
	int		style;		/* PAM_PROMPT_ECHO_ON, … */
	char		prompt[256];	/* "": any */
	enum run_answer	how;
	char		*text;		/* malloc'ed; RUN_TEXT */
};

struct run_line {
	int	priority;
	char	text[2200];
};

struct run {
	pam_handle_t	*pamh;
	struct pam_conv	 conv;
	struct run_ask	 asks[RUN_ASKS];
	size_t		 n_asks, next_ask;
	char		 complaint[512];	/* what was not expected, or "" */
	void		(*meanwhile)(void *);	/* called once, with a prompt */
	void		*meanwhile_arg;		/* open */
};

/* Write a service file from lines (in which MODULE and PROBE stand for the
 * built modules, CONFIG for config) and start a transaction.  user may be
 * NULL. */
void	run_start(struct run *run, const char *dir, const char *service,
	    const char *const *lines, size_t n_lines, const char *config,
	    const char *user);
void	run_end(struct run *run);

/* Expect a message; text is copied, and may be NULL unless RUN_TEXT. */
void	run_expect(struct run *run, int style, const char *prompt,
	    enum run_answer how, const char *text);
/* Forget what was expected and what was complained of. */
void	run_reset(struct run *run);

/* The lines caught so far, and how many; run_log_clear forgets them. */
extern struct run_line run_log[RUN_LINES];
extern size_t run_log_n;
void	run_log_clear(void);
/* Print them as diagnostics. */
void	run_log_print(void);

/* The longest delay asked for since this was last set to 0. */
extern unsigned int run_delay_us;

/* Codes by name ("auth_err"); -1: no such name.  And the reverse.  "ignore" is
 * what the probe returns for `ignored'. */
int	run_code(const char *name);
const char *run_code_name(int code);

/* A level of syslog(3) by name; -1: no such name. */
int	run_priority(const char *name);

/* Path of the built module and of the probe, from AKITA_BUILD. */
const char *run_module(void);
const char *run_probe(void);

#endif
