#include "cli/exact.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define SPACES	" \t\r\n"

/* The line's sources, without their actions in brackets, are all exact. */
static bool
are_exact(char *sources)
{
	char *word, *save = NULL;
	bool in_action = false;

	for (word = strtok_r(sources, SPACES, &save); word != NULL;
	    word = strtok_r(NULL, SPACES, &save)) {
		if (word[0] == '[')
			in_action = true;
		if (!in_action && strcmp(word, "files") != 0 &&
		    strcmp(word, "systemd") != 0)
			return false;
		if (strchr(word, ']') != NULL)
			in_action = false;
	}
	return !in_action;
}

bool
akita_exact_names(const char *nsswitch)
{
	static const char database[] = "passwd:";
	bool is_exact = false, is_found = false;
	char line[512], *start;
	FILE *in;

	if ((in = fopen(nsswitch, "re")) == NULL)
		return false;
	while (!is_found && fgets(line, sizeof(line), in) != NULL) {
		start = line + strspn(line, SPACES);
		if (strncmp(start, database, sizeof(database) - 1) != 0)
			continue;
		is_found = true;
		start[strcspn(start, "#")] = '\0';
		is_exact = strlen(line) < sizeof(line) - 1 &&
		    are_exact(start + sizeof(database) - 1);
	}
	(void)fclose(in);
	return is_found && is_exact;
}
