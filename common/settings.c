#include "common/settings.h"

#include <fcntl.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/settings_value.h"
#include "common/text.h"

#define FILE_MAX	65536
#define FILE_SLACK	64
#define LINE_MAX_BYTES	1023
#define NAME_CHARS	"ABCDEFGHIJKLMNOPQRSTUVWXYZ" \
			"abcdefghijklmnopqrstuvwxyz0123456789_-"
#define KEYS_MAX	64	/* more than the table has */

/*
 * libinih, as distributions build it, reads 200 bytes a line, joins
 * continuation lines and cuts comments off values; its switches are variables
 * of the process, which may be the host's and are left alone.  So our reader
 * checks each line, keeps the value, and gives libinih "[section]" or "name=":
 * libinih tells which section a name is in, and the value comes from here.
 */
struct parse {
	const char	*text;		/* what is left of the file */
	size_t		 len;
	const char	*path;
	unsigned int	 line;		/* from 1 */
	char		 buf[LINE_MAX_BYTES + 1];
	const char	*value;		/* in buf, of a name that libinih has
					 * not handed back yet; else NULL */
	bool		 skip_section;	/* unknown, and reported */
	bool		 has_failed;
	unsigned int	 seen[KEYS_MAX];	/* line of each key; 0: none */
	struct akita_settings		*settings;
	struct akita_settings_report	*report;	/* or NULL */
	struct akita_why		*why;
};

/* Note an error or a warning: a sentence with file, line, and up to two
 * arguments more. */
static void
note(struct parse *p, bool is_warning, const char *msgid, const char *arg1,
    const char *arg2)
{
	struct akita_settings_problem *problem;
	struct akita_why why = { .msgid = NULL };
	char line[16];

	(void)snprintf(line, sizeof(line), "%u", p->line);
	(void)akita_fail(&why, AKITA_ERR_SETTINGS, msgid, p->path, line, arg1,
	    arg2, NULL);
	if (!is_warning && !p->has_failed) {
		p->has_failed = true;
		if (p->why != NULL)
			*p->why = why;
	}
	if (p->report == NULL)
		return;
	if (p->report->n == AKITA_SETTINGS_PROBLEMS) {
		p->report->left_out++;
		return;
	}
	problem = &p->report->problem[p->report->n++];
	problem->line = p->line;
	problem->is_warning = is_warning;
	problem->why = why;
}

static void
error(struct parse *p, const char *msgid)
{
	note(p, false, msgid, NULL, NULL);
}

/* The next line into buf, without its newline; false: the file has ended.
 * A line that cannot be read as text is reported and left empty. */
static bool
next_line(struct parse *p)
{
	const char *start = p->text, *end;
	size_t len;

	if (p->len == 0)
		return false;
	end = memchr(start, '\n', p->len);
	len = end != NULL ? (size_t)(end - start) : p->len;
	p->text += len + (end != NULL);
	p->len -= len + (end != NULL);
	p->line++;
	p->buf[0] = '\0';
	if (len > LINE_MAX_BYTES) {
		error(p, AKITA_N("%s, line %s: the line is longer than 1023 "
		    "bytes"));
		return true;
	}
	memcpy(p->buf, start, len);
	p->buf[len] = '\0';
	if (p->line == 1 && strncmp(p->buf, "\xef\xbb\xbf", 3) == 0)
		error(p, AKITA_N("%s, line %s: the file starts with a byte "
		    "order mark: save it as UTF-8 without one"));
	else if (memchr(p->buf, '\0', len) != NULL)
		error(p, AKITA_N("%s, line %s: there is a NUL byte in the "
		    "line"));
	else if (memchr(p->buf, '\r', len) != NULL)
		error(p, AKITA_N("%s, line %s: the line ends as on Windows or "
		    "holds a carriage return: convert the file to Unix line "
		    "ends"));
	else if (!akita_text_is_utf8(p->buf))
		error(p, AKITA_N("%s, line %s: the line is not UTF-8"));
	else
		return true;
	p->buf[0] = '\0';
	return true;
}

/* Cut spaces and tabs off both ends. */
static char *
trim(char *text)
{
	char *end;

	text += strspn(text, " \t");
	end = text + strlen(text);
	while (end > text && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*end = '\0';
	return text;
}

static bool
is_name(const char *name)
{
	return name[0] != '\0' && name[strspn(name, NAME_CHARS)] == '\0';
}

static bool
is_section(const char *name)
{
	const struct akita_setting *table;
	size_t i, n;

	table = akita_settings_table(&n);
	for (i = 0; i < n; i++)
		if (strcmp(table[i].section, name) == 0)
			return true;
	return false;
}

/* Check the heading "[name]"; what libinih shall read goes to out. */
static void
read_heading(struct parse *p, char *line, char *out, size_t size)
{
	char *name = line + 1;
	size_t len = strlen(name);

	p->skip_section = true;
	if (len == 0 || name[len - 1] != ']') {
		error(p, AKITA_N("%s, line %s: a heading is [SECTION] and "
		    "nothing else"));
		return;
	}
	name[len - 1] = '\0';
	if (!is_section(name)) {
		note(p, false, AKITA_N("%s, line %s: there is no section "
		    "[%s]"), name, NULL);
		return;
	}
	p->skip_section = false;
	(void)snprintf(out, size, "[%s]\n", name);
}

/* Check "NAME = VALUE", keep the value. */
static void
read_pair(struct parse *p, char *line, char *out, size_t size)
{
	char *equals = strchr(line, '=');
	int n;

	if (equals != NULL)
		*equals = '\0';
	if (equals == NULL || !is_name(trim(line))) {
		error(p, AKITA_N("%s, line %s: this is neither a comment (#), "
		    "nor [SECTION], nor NAME = VALUE"));
		return;
	}
	if (p->skip_section)
		return;
	n = snprintf(out, size, "%s=\n", trim(line));
	if (n < 0 || (size_t)n >= size) {
		note(p, false, AKITA_N("%s, line %s: there is no key %s"),
		    trim(line), NULL);
		(void)snprintf(out, size, "\n");
		return;
	}
	p->value = trim(equals + 1);
}

/* An ini_reader: as fgets(3), one line of ours at a time. */
static char *
read_line(char *out, int size, void *stream)
{
	struct parse *p = stream;
	char *line;

	if (size < 4)
		return NULL;
	if (p->value != NULL) {
		p->value = NULL;
		error(p, AKITA_N("%s, line %s: the line is not understood"));
	}
	if (!next_line(p))
		return NULL;
	(void)snprintf(out, (size_t)size, "\n");
	line = trim(p->buf);
	if (line[0] == '\0' || line[0] == '#' || line[0] == ';')
		return out;
	if (line[0] == '[')
		read_heading(p, line, out, (size_t)size);
	else
		read_pair(p, line, out, (size_t)size);
	return out;
}

/* The index in the table; its size: there is none. */
static size_t
find_key(const char *section, const char *name)
{
	const struct akita_setting *table;
	size_t i, n;

	table = akita_settings_table(&n);
	for (i = 0; i < n; i++)
		if (strcmp(table[i].section, section) == 0 &&
		    strcmp(table[i].name, name) == 0)
			return i;
	return n;
}

/* An ini_handler.  Always content: what is wrong is noted by us. */
static int
take_pair(void *user, const char *section, const char *name,
    const char *empty)
{
	struct parse *p = user;
	const struct akita_setting *table;
	const char *value = p->value, *msgid = NULL;
	char range[AKITA_SETTINGS_RANGE], first[16];
	size_t i, n;

	(void)empty;
	p->value = NULL;
	if (value == NULL)
		return 1;
	if (section[0] == '\0') {
		note(p, false, AKITA_N("%s, line %s: %s stands before the "
		    "first [SECTION]"), name, NULL);
		return 1;
	}
	table = akita_settings_table(&n);
	i = find_key(section, name);
	if (i == n || i >= KEYS_MAX) {
		note(p, false, AKITA_N("%s, line %s: there is no key %s in "
		    "section [%s]"), name, section);
	} else if (p->seen[i] != 0) {
		(void)snprintf(first, sizeof(first), "%u", p->seen[i]);
		note(p, false, AKITA_N("%s, line %s: %s is there already in "
		    "line %s"), name, first);
	} else {
		p->seen[i] = p->line;
		if (akita_settings_set(p->settings, &table[i], value, &msgid,
		    range) != AKITA_OK)
			note(p, false, msgid, name, range);
	}
	return 1;
}

static enum akita_rc
set_defaults(struct akita_settings *settings)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	const struct akita_setting *table;
	const char *msgid;
	char range[AKITA_SETTINGS_RANGE];
	size_t i, n;

	table = akita_settings_table(&n);
	for (i = 0; i < n; i++) {
		rc = akita_settings_set(settings, &table[i],
		    table[i].fallback, &msgid, range);
		if (rc != AKITA_OK)
			return AKITA_ERR_INTERNAL;
	}
	return AKITA_OK;
}

/* The line of a key that was given, else 0. */
static unsigned int
line_of(const struct parse *p, const char *section, const char *name)
{
	return p->seen[find_key(section, name)];
}

/* Is file below the directory that holds database? */
static bool
is_beside(const char *file, const char *database)
{
	size_t len = (size_t)(strrchr(database, '/') - database) + 1;

	return strncmp(file, database, len) == 0;
}

/* What no key is wrong about alone. */
static void
check_together(struct parse *p)
{
	const struct akita_settings *s = p->settings;

	if (s->mail_enabled && s->mail_from[0] == '\0') {
		p->line = line_of(p, "mail", "enabled");
		error(p, AKITA_N("%s, line %s: mails are enabled, but [mail] "
		    "has no from: give the sender's address"));
	}
	if (is_beside(s->key_file, s->database)) {
		p->line = line_of(p, "storage", "key_file");
		if (p->line == 0)
			p->line = line_of(p, "storage", "database");
		note(p, true, AKITA_N("%s, line %s: key_file lies in the "
		    "database's directory: keep it elsewhere, so that no "
		    "backup holds both"), NULL, NULL);
	}
}

enum akita_rc
akita_settings_parse(const char *text, size_t len, const char *path,
    struct akita_settings_report *report,
    struct akita_settings **ret_settings, struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	AKITA_SETTINGS_AUTO struct akita_settings *settings = NULL;
	struct parse p = { .text = text, .len = len, .path = path,
		.report = report, .why = why };

	if (report != NULL)
		memset(report, 0, sizeof(*report));
	if ((settings = calloc(1, sizeof(*settings))) == NULL)
		return akita_fail(why, AKITA_ERR_NOMEM,
		    AKITA_N("out of memory"), NULL);
	p.settings = settings;
	if ((rc = set_defaults(settings)) != AKITA_OK)
		return akita_fail(why, rc,
		    AKITA_N("a built-in default is wrong"), NULL);
	if (ini_parse_stream(read_line, &p, take_pair, &p) == -2)
		return akita_fail(why, AKITA_ERR_NOMEM,
		    AKITA_N("out of memory"), NULL);
	/* A value left over, or lines: libinih is not as we know it. */
	if (p.value != NULL || p.len > 0)
		error(&p, AKITA_N("%s, line %s: the line is not understood"));
	if (!p.has_failed)
		check_together(&p);
	if (p.has_failed)
		return AKITA_ERR_SETTINGS;
	*ret_settings = settings;
	settings = NULL;
	return AKITA_OK;
}

/* What trust.h said, in the words of this module's results. */
static enum akita_rc
file_error(enum akita_rc rc, const char *path, struct akita_why *why)
{
	switch (rc) {
	case AKITA_OK:
	case AKITA_ERR_PERMISSION:
		return rc;
	case AKITA_ERR_MISSING:
		return akita_fail(why, AKITA_ERR_SETTINGS,
		    AKITA_N("the configuration %s does not exist: an empty "
		    "file serves, every key has a default"), path, NULL);
	default:
		return AKITA_ERR_SETTINGS;
	}
}

/*
 * All of fd, in a buffer that the caller frees.  It is made for the file's size
 * and a little: FILE_MAX bytes would be asked from the system and given back
 * in each login.
 */
static enum akita_rc
read_text(int fd, const char *path, char **ret_text, size_t *ret_len,
    struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	size_t size = FILE_MAX + 1;
	char *text = NULL;
	struct stat st;

	if (fstat(fd, &st) == 0 && st.st_size < FILE_MAX - FILE_SLACK)
		size = (size_t)st.st_size + FILE_SLACK;
	for (;;) {
		if ((text = malloc(size)) == NULL)
			return akita_fail(why, AKITA_ERR_NOMEM,
			    AKITA_N("out of memory"), NULL);
		rc = akita_trust_read(fd, path, text, size, ret_len, why);
		if (rc == AKITA_OK)
			break;
		free(text);
		if (rc != AKITA_ERR_MALFORMED || size > FILE_MAX)
			return rc;
		size = FILE_MAX + 1;	/* it has grown since */
	}
	*ret_text = text;
	return AKITA_OK;
}

/* The whole file, which *ret_text, owned by the caller, then holds. */
static enum akita_rc
read_file(const char *path, const struct akita_trust *policy, char **ret_text,
    size_t *ret_len, struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	const struct akita_trust open_to_read = {
		.root_only = policy->root_only, .is_private = false };
	int fd = -1;

	rc = akita_trust_open(path, O_RDONLY, &open_to_read, &fd, why);
	if (rc != AKITA_OK)
		return file_error(rc, path, why);
	rc = read_text(fd, path, ret_text, ret_len, why);
	(void)close(fd);
	return rc == AKITA_ERR_NOMEM ? rc : file_error(rc, path, why);
}

enum akita_rc
akita_settings_load(const char *path, const struct akita_trust *policy,
    struct akita_settings_report *report,
    struct akita_settings **ret_settings, struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	struct akita_why reason = { .msgid = NULL };
	char *text = NULL;
	size_t len = 0;

	rc = read_file(path, policy, &text, &len, &reason);
	if (rc == AKITA_OK) {
		rc = akita_settings_parse(text, len, path, report,
		    ret_settings, why);
		free(text);
		return rc;
	}
	if (report != NULL) {
		memset(report, 0, sizeof(*report));
		report->n = 1;
		report->problem[0].why = reason;
	}
	if (why != NULL)
		*why = reason;
	return rc;
}

void
akita_settings_free(struct akita_settings **settings)
{
	if (settings == NULL)
		return;
	free(*settings);
	*settings = NULL;
}

bool
akita_settings_is_caller(const struct akita_settings *settings,
    const char *name)
{
	const char *p = settings->trusted_callers;
	size_t len = strlen(name);

	for (; *p != '\0'; p += strspn(p, " ")) {
		size_t n = strcspn(p, " ");

		if (n == len && memcmp(p, name, len) == 0)
			return true;
		p += n;
	}
	return false;
}
