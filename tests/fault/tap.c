/* tap.c: TAP for programs that are their own harness (house.h). */
#include "house.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static unsigned int tap_planned, tap_done, tap_failed;

void
tap_plan(unsigned int n)
{
	tap_planned = n;
	printf("1..%u\n", n);
}

void
tap_ok(bool is_ok, const char *name)
{
	tap_done++;
	tap_failed += !is_ok;
	printf("%sok %u - %s\n", is_ok ? "" : "not ", tap_done, name);
}

void
tap_note(const char *format, ...)
{
	char text[HOUSE_OUTPUT];
	va_list ap;
	char *line, *rest = text;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	while ((line = strsep(&rest, "\n")) != NULL)
		if (*line != '\0')
			printf("# %s\n", line);
}

int
tap_end(void)
{
	return (tap_failed > 0 || tap_done != tap_planned ? 1 : 0);
}
