/*
 * ask.h: questions to the person at the terminal; where stdin is no terminal,
 * its lines are the answers and nothing is shown.
 */
#ifndef AKITA_CLI_ASK_H
#define AKITA_CLI_ASK_H

#include "cli/cli.h"

enum akita_echo {
	AKITA_ECHO_OFF,
	AKITA_ECHO_ON
};

/* stdin is a terminal: prompts are shown, and what destroys is asked about. */
bool		akita_ask_is_terminal(void);

/*
 * Ask prompt (translated, with its ": "), take one line without its line end.
 * A line that is longer than an answer may be, or holds a NUL, becomes "?",
 * which is no right answer to anything.
 * AKITA_OK; AKITA_ERR_USAGE with why: there is no (further) line;
 * AKITA_ERR_IO.  A signal while a terminal is asked restores the terminal,
 * then does what it does; after a stop the question is asked again.
 */
enum akita_rc	akita_ask(const struct akita_cli *cli, const char *prompt,
		    enum akita_echo echo, struct akita_answer *ret,
		    struct akita_why *why) AKITA_MUST_CHECK;

/*
 * Ask for a new activation password: twice on a terminal, until both are the
 * same and of 4 to 8 digits (three times at most); once from stdin.  *ret is in
 * normal form.  AKITA_ERR_USAGE: it is no such password.
 */
enum akita_rc	akita_ask_new_password(const struct akita_cli *cli,
		    struct akita_answer *ret, struct akita_why *why)
		    AKITA_MUST_CHECK;

/*
 * Ask whether something is meant, on a terminal only, and not after --yes.
 * AKITA_OK: yes, or not asked; AKITA_ERR_REFUSED with why: no.
 */
enum akita_rc	akita_ask_sure(const struct akita_cli *cli,
		    const char *question, struct akita_why *why)
		    AKITA_MUST_CHECK;

#endif
