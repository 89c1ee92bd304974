/*
 * story.h: what histories.c tells its stories with: an installation in a
 * scratch directory, its people, otpadm, and what is said when a promise
 * breaks.
 */
#ifndef AKITA_TEST_STORY_H
#define AKITA_TEST_STORY_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/otp.h"

#include "model.h"
#include "worker.h"

#define USERS	4
#define ROUNDS	8
#define MISSES	10	/* max_failures */

struct person {
	char		name[16];
	struct akita_secret key;
	int64_t		next;		/* first counter never tried */
	int64_t		accepted;	/* highest one acknowledged */
	int64_t		maybe;		/* highest one perhaps accepted */
	unsigned int	misses_sure;	/* acknowledged since a possible yes */
	unsigned int	misses_most;	/* at most, since a sure yes */
	bool		suspended_sure;
	bool		suspended_maybe;
};

struct command {
	const char	*words[12];
	const char	*input;
	int		 calls_left;
	int		 is_power;
};

/* One test: what it runs, where, and how far it is. */
struct story {
	const char	*otpadm, *module, *library, *dir;
	char		 root[PATH_MAX], base[PATH_MAX], config[PATH_MAX];
	char		 confdir[PATH_MAX], log_path[PATH_MAX];
	struct cut_log	*cut;
	struct model	*model;
	struct worker	 worker;
	struct akita_crypto *crypto;
	struct person	 people[USERS], people_base[USERS];
	uint64_t	 seed, history_seed;
	unsigned long	 n_kills, n_cuts, n_logins, n_commands, n_new;
	uint32_t	 ablate, sector;
	bool		 is_traced;	/* say everything that happens */
};
extern struct story story;

void	trace(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A promise is broken: say so and end with 3. */
void	broken(const char *format, ...)
	    __attribute__((noreturn, format(printf, 1, 2)));
/* A name into a field of size bytes; all of it fits. */
void	copy(char *to, size_t size, const char *from);
void	write_file(const char *path, const char *text);
void	shell(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Run otpadm; its output into ret_out.  Exit status, or -1 if killed. */
int	run(const struct command *command, char *ret_out, size_t out_size);
int	adm(char *ret_out, size_t out_size, const char *input, const char *w1,
	    const char *w2, const char *w3, const char *w4, const char *w5);
/* The number behind "key": in one JSON object, or -1; is the string value? */
long	json_number(const char *json, const char *key);
bool	json_is(const char *json, const char *key, const char *value);

void	code_of(const struct person *p, int64_t counter, char ret[16]);
/* A code that no counter near has. */
void	wrong_code(const struct person *p, char ret[16]);
/* The starting point of every history: an installation with people in use. */
void	prepare(void);

#endif
