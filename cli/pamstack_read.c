/* The files of pam.d, line by line as libpam reads them. */
#include "cli/pamstack.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#define LINES_MAX	1000	/* of a stack; nobody has so many */

static const char blanks[] = " \t\n\r";

/* Where the reading is. */
struct reader {
	struct akita_pam_stack *stack;
	enum akita_pam_stage stage;	/* the one that is wanted */
	struct akita_why *why;
};

/* One file. */
struct source {
	FILE		*file;
	char		 path[PATH_MAX];
	unsigned int	 number;	/* of the last line that was read */
	unsigned int	 depth;		/* of includes */
	unsigned int	 level;		/* of substacks */
	bool		 is_for_stage;	/* included for one stage */
};

static enum akita_rc	read_source(struct reader *r, const char *name,
			    const struct source *from, bool substack,
			    bool for_stage);

static enum akita_rc
open_source(const struct reader *r, const char *name, struct source *src)
{
	const char *const *dir = r->stack->conf_dirs;
	struct stat st;

	do {
		(void)snprintf(src->path, sizeof(src->path), "%s%s%s",
		    name[0] == '/' ? "" : *dir, name[0] == '/' ? "" : "/",
		    name);
		src->file = fopen(src->path, "re");
		if (src->file != NULL && fstat(fileno(src->file), &st) == 0 &&
		    S_ISREG(st.st_mode))
			return AKITA_OK;
		if (src->file != NULL)
			(void)fclose(src->file);
		src->file = NULL;
	} while (name[0] != '/' && *++dir != NULL);
	return akita_fail(r->why, AKITA_ERR_MISSING, AKITA_N("%s cannot be "
	    "read: %s"), src->path, strerror(errno), NULL);
}

/* The next line without comments, continued ones in one; *ret is realloc'd.
 * false: there is none. */
static bool
next_line(struct source *src, char **ret, size_t *size, unsigned int *start)
{
	char *line = NULL, *end;
	size_t line_size = 0, used = 0;
	bool more = true, seen = false;

	while (more && getline(&line, &line_size, src->file) != -1) {
		char *p = line + strspn(line, blanks);

		src->number++;
		if (*p == '\0' || *p == '#')
			continue;
		if (!seen)
			*start = src->number;
		seen = true;
		more = strchr(p, '#') == NULL;
		p[strcspn(p, "#")] = '\0';
		for (end = p + strlen(p); end > p &&
		    strchr(blanks, end[-1]) != NULL; end--)
			continue;
		*end = '\0';
		if ((more = more && end > p && end[-1] == '\\'))
			end[-1] = ' ';
		if (*size < used + strlen(p) + 1) {
			char *grown = realloc(*ret, used + strlen(p) + 1);

			if (grown == NULL)
				break;
			*ret = grown;
			*size = used + strlen(p) + 1;
		}
		(void)strcpy(*ret + used, p);
		used += strlen(p);
	}
	free(line);
	return seen;
}

/* The next word at *p, or what is in brackets; NULL: there is none. */
static char *
next_word(char **p)
{
	char *word = *p + strspn(*p, blanks), *from, *to;

	if (*word == '\0')
		return NULL;
	if (*word != '[') {
		*p = word + strcspn(word, blanks);
	} else {
		for (from = to = ++word; *from != '\0' && *from != ']';
		    from++) {
			if (from[0] == '\\' && from[1] == ']')
				from++;
			*to++ = *from;
		}
		*p = from;
		if (to != from)
			*to = '\0';
	}
	if (**p != '\0')
		*(*p)++ = '\0';
	return word;
}

/* A line more in the stack.  Texts are copied; NULL stays NULL. */
static enum akita_rc
add(struct reader *r, const struct source *src, unsigned int number,
    struct akita_pam_line *line)
{
	struct akita_pam_stack *stack = r->stack;
	struct akita_pam_line *grown;
	char where[PATH_MAX + 16];

	if (stack->count >= LINES_MAX)
		return akita_fail(r->why, AKITA_ERR_SETTINGS, AKITA_N("%s: "
		    "the stack is too long"), src->path, NULL);
	grown = realloc(stack->lines, (stack->count + 1) * sizeof(*grown));
	if (grown == NULL)
		return AKITA_ERR_NOMEM;
	stack->lines = grown;
	(void)snprintf(where, sizeof(where), "%s:%u", src->path, number);
	line->where = strdup(where);
	line->control = strdup(line->control == NULL ? "" : line->control);
	line->module = line->module == NULL ? NULL : strdup(line->module);
	line->args = strdup(line->args == NULL ? "" : line->args);
	line->level = src->level;
	line->is_missing = line->kind == AKITA_PAM_MODULE &&
	    line->module != NULL && !akita_pam_module_find(stack, line->module,
	    where, sizeof(where));
	grown[stack->count++] = *line;
	return line->where == NULL || line->control == NULL ||
	    line->args == NULL ? AKITA_ERR_NOMEM : AKITA_OK;
}

/* The stage a word names; false: none, the line fails where it stands. */
static bool
read_stage(const struct reader *r, const struct source *src, const char *word,
    enum akita_pam_stage *ret)
{
	if (*word == '-')
		word++;
	*ret = AKITA_PAM_OTHER;
	if (strcasecmp(word, "auth") == 0)
		*ret = AKITA_PAM_AUTH;
	else if (strcasecmp(word, "account") == 0)
		*ret = AKITA_PAM_ACCOUNT;
	else if (strcasecmp(word, "session") != 0 &&
	    strcasecmp(word, "password") != 0) {
		*ret = src->is_for_stage ? r->stage : AKITA_PAM_AUTH;
		return false;
	}
	return true;
}

/* include and substack: the lines of another file, or one that fails. */
static enum akita_rc
take_include(struct reader *r, struct source *src, unsigned int number,
    struct akita_pam_line *line, bool substack)
{
	struct akita_pam_line mark = *line;
	enum akita_rc rc = AKITA_OK;

	if (substack) {
		mark.kind = AKITA_PAM_SUBSTACK;
		rc = add(r, src, number, &mark);
	}
	if (rc == AKITA_OK) {
		rc = line->module == NULL ? AKITA_ERR_MISSING :
		    read_source(r, line->module, src, substack, true);
		if (rc != AKITA_ERR_MISSING && rc != AKITA_ERR_SETTINGS)
			return rc;
		line->kind = AKITA_PAM_MUST_FAIL;
		rc = add(r, src, number, line);
	}
	return rc;
}

static enum akita_rc
take_line(struct reader *r, struct source *src, unsigned int number, char *p)
{
	struct akita_pam_line line = { 0 };
	char *word = next_word(&p);
	bool good, substack;

	if (word == NULL)
		return AKITA_OK;
	if (strcasecmp(word, "@include") == 0) {
		if ((word = next_word(&p)) != NULL && read_source(r, word, src,
		    false, src->is_for_stage) == AKITA_OK)
			return AKITA_OK;
		(void)snprintf(src->path + strlen(src->path),
		    sizeof(src->path) - strlen(src->path), ":%u", number);
		return akita_fail(r->why, AKITA_ERR_SETTINGS, AKITA_N("nobody "
		    "can log in: %s includes %s, which cannot be read"),
		    src->path, word == NULL ? "-" : word, NULL);
	}
	good = read_stage(r, src, word, &line.stage);
	if (line.stage != r->stage)
		return AKITA_OK;
	line.control = next_word(&p);
	line.module = next_word(&p);
	line.args = p + strspn(p, blanks);
	good = good && line.control != NULL && line.module != NULL;
	if (line.control == NULL)
		(void)akita_pam_control_read("", line.action);
	else if ((substack = strcasecmp(line.control, "substack") == 0) ||
	    strcasecmp(line.control, "include") == 0) {
		(void)akita_pam_control_read("", line.action);
		return take_include(r, src, number, &line, substack);
	} else
		(void)akita_pam_control_read(line.control, line.action);
	line.kind = good ? AKITA_PAM_MODULE : AKITA_PAM_MUST_FAIL;
	return add(r, src, number, &line);
}

static enum akita_rc
read_source(struct reader *r, const char *name, const struct source *from,
    bool substack, bool for_stage)
{
	struct source src = { .is_for_stage = for_stage };
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	unsigned int number = 0;
	char *line = NULL;
	size_t size = 0;

	if (from != NULL) {
		src.depth = from->depth + 1;
		src.level = from->level + (substack ? 1 : 0);
	}
	if (src.depth >= AKITA_PAM_LEVELS)
		return akita_fail(r->why, AKITA_ERR_SETTINGS, AKITA_N("%s: "
		    "too many files include each other"), name, NULL);
	if ((rc = open_source(r, name, &src)) != AKITA_OK)
		return rc;
	while (rc == AKITA_OK && next_line(&src, &line, &size, &number))
		rc = take_line(r, &src, number, line);
	if (rc == AKITA_OK && ferror(src.file))
		rc = akita_fail(r->why, AKITA_ERR_IO, AKITA_N("%s cannot be "
		    "read: %s"), src.path, strerror(errno), NULL);
	(void)fclose(src.file);
	free(line);
	return rc;
}

enum akita_rc
akita_pam_stack_read(const char *service, enum akita_pam_stage stage,
    struct akita_pam_stack *ret, struct akita_why *why)
{
	struct reader r = { .stack = ret, .stage = stage, .why = why };
	enum akita_rc rc = AKITA_ERR_INTERNAL, other = AKITA_ERR_INTERNAL;

	if (service[0] == '\0' || strchr(service, '/') != NULL ||
	    strcmp(service, ".") == 0 || strcmp(service, "..") == 0)
		return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("%s is no name "
		    "of a service in pam.d"), service, NULL);
	rc = read_source(&r, service, NULL, false, false);
	if ((rc != AKITA_OK && rc != AKITA_ERR_MISSING) || ret->count > 0)
		return rc;
	other = read_source(&r, "other", NULL, false, false);
	if (other != AKITA_ERR_MISSING)
		return other;
	return rc;
}

void
akita_pam_stack_free(struct akita_pam_stack *stack)
{
	size_t i;

	for (i = 0; i < stack->count; i++) {
		free(stack->lines[i].where);
		free(stack->lines[i].control);
		free(stack->lines[i].module);
		free(stack->lines[i].args);
	}
	free(stack->lines);
	stack->lines = NULL;
	stack->count = 0;
}
