/*
 * scene.h: one text scenario over the real libpam and the built module.
 *
 * A scenario is a file of lines; what is not announced in it is an error: a
 * prompt, a log line, a delay.  It has a world of its own (world.h).
 *
 *	config SECTION KEY VALUE	a line of the configuration
 *	account NAME STATE [WORD...]	hotp, 8, sha256 ... say what token
 *	recovery NAME			gives recovery codes
 *	suspend NAME, unlock NAME	as otpadm would
 *	stack LINE			of the service; MODULE, CONFIG, PROBE
 *					and the words below are written out;
 *					"raw" stands for a control that hands
 *					on whatever the module returns
 *	service NAME			"akita-test" unless said
 *	user NAME, rhost TEXT, env NAME=VALUE, silent
 *	ask echo|PROMPT|ANSWER		a message to come: echo, hidden, info
 *					or error; PROMPT "" stands for any
 *	log PRIORITY|PATTERN		a line to come (fnmatch), after the
 *					module's name
 *	meanwhile suspend NAME		while the next prompt is open
 *	delay N				N times the delay of a refusal
 *	authenticate CODE, setcred CODE, acct_mgmt CODE
 *	shows NAME STATE FAILURES	what is in the database then
 *	end				ends the transaction; the next call
 *					starts another
 *
 * In answers and stack lines: {code}, {code+1}, {code-1}, {code:NAME},
 * {wrong}, {wide} (full width), {recovery}, {recovery:1} (its number), {last}
 * (the answer before), {long:N} (N bytes).  An answer may also be NULL,
 * NOTHING, ERROR, AGAIN or ERROR-WITH-TEXT.
 */
#ifndef AKITA_TESTS_SCENE_H
#define AKITA_TESTS_SCENE_H

/* Play the scenario in the file at path; name is for messages.  0: it went as
 * written.  Else the process ends with status 1 after a diagnostic. */
int	scene_play(const char *path, const char *name);

#endif
