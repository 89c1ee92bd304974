#include "common/event.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

/* Bytes written of a value: eight of the longest fit into a line. */
#define VALUE_MAX	208
#define DETAIL_MAX	1024	/* the same of a detail, if there is room */

/* The line being built; it has room for every field at its longest. */
struct line {
	char	*buf;
	size_t	 used;
};

static void
put(struct line *line, const char *text, size_t len)
{
	size_t room = AKITA_EVENT_LINE - 1 - line->used;

	if (len > room)
		len = room;
	memcpy(line->buf + line->used, text, len);
	line->used += len;
	line->buf[line->used] = '\0';
}

static void
put_text(struct line *line, const char *text)
{
	put(line, text, strlen(text));
}

/* Could this byte, as it is, end a field, a line, or start another field? */
static bool
is_plain(unsigned char c, bool in_quotes)
{
	if (c == ' ')
		return in_quotes;
	return c > ' ' && c < 0x7f && strchr("\"'\\=`", c) == NULL;
}

static void
put_escaped(struct line *line, const char *text, size_t max, bool in_quotes)
{
	char hex[8];
	size_t i, n, used = 0;

	for (i = 0; text[i] != '\0'; i++) {
		n = is_plain((unsigned char)text[i], in_quotes) ? 1 : 4;
		if (used + n > max) {
			put_text(line, "...");
			return;
		}
		used += n;
		if (n == 1) {
			put(line, text + i, 1);
			continue;
		}
		(void)snprintf(hex, sizeof(hex), "\\x%02x",
		    (unsigned int)(unsigned char)text[i]);
		put_text(line, hex);
	}
}

/* A value; one that looks like the sign for "not known" is escaped. */
static void
put_value(struct line *line, const char *value, const char *unknown)
{
	if (value == NULL || value[0] == '\0')
		put_text(line, unknown);
	else if (strcmp(value, "-") == 0)
		put_text(line, "\\x2d");
	else if (strcmp(value, "?") == 0)
		put_text(line, "\\x3f");
	else
		put_escaped(line, value, VALUE_MAX, false);
}

static void
put_field(struct line *line, const char *name, const char *value,
    const char *unknown)
{
	if (line->used > 0)
		put_text(line, " ");
	put_text(line, name);
	put_text(line, "=");
	put_value(line, value, unknown);
}

char *
akita_event_text(const struct akita_log_event *event,
    char buf[AKITA_EVENT_LINE])
{
	struct line line = { .buf = buf };
	char text[AKITA_WHY_ARGS * AKITA_WHY_ARG_SIZE + 256];
	char number[16] = "";

	buf[0] = '\0';
	if (event->failures >= 0)
		(void)snprintf(number, sizeof(number), "%d", event->failures);
	put_field(&line, "event", event->event, "-");
	put_field(&line, "user", event->user, "?");
	put_field(&line, "service", event->service, "-");
	put_field(&line, "rhost", event->rhost, "-");
	put_field(&line, "result", event->result, "-");
	put_field(&line, "reason", event->reason, "-");
	put_field(&line, "failures", number, "-");
	if (event->by != NULL && event->by[0] != '\0')
		put_field(&line, "by", event->by, "-");
	if (event->why != NULL && event->why->msgid != NULL) {
		(void)akita_why_text(event->why, NULL, text, sizeof(text));
		put_text(&line, " detail=\"");
		put_escaped(&line, text, DETAIL_MAX, true);
		/* Cut or not, the quotes are closed. */
		if (line.used > AKITA_EVENT_LINE - 2)
			line.used = AKITA_EVENT_LINE - 2;
		put_text(&line, "\"");
	}
	return buf;
}

void
akita_event_send(const struct akita_log *log, int priority,
    const struct akita_log_event *event)
{
	char buf[AKITA_EVENT_LINE];

	if (log == NULL || log->line == NULL)
		return;
	log->line(log->ctx, priority, akita_event_text(event, buf));
}

static void
syslog_line(void *ctx, int priority, const char *text)
{
	const int *facility = ctx;

	syslog(priority | *facility, "%s", text);
}

struct akita_log
akita_event_syslog(const int *facility)
{
	/* ctx is only read, as const again. */
	struct akita_log log = { .line = syslog_line,
		.ctx = (void *)(uintptr_t)facility };

	return log;
}
