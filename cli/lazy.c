#include "cli/lazy.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/sonames.h"

#define EXIT_TROUBLE	8

static const char *const sonames[AKITA_LAZY_COUNT] = {
	[AKITA_LAZY_JANSSON] = AKITA_SONAME_JANSSON,
	[AKITA_LAZY_PNG] = AKITA_SONAME_PNG,
	[AKITA_LAZY_QRENCODE] = AKITA_SONAME_QRENCODE,
	[AKITA_LAZY_SMARTCOLS] = AKITA_SONAME_SMARTCOLS,
};

/* Kept to the end of the program. */
static void *handles[AKITA_LAZY_COUNT];

enum akita_rc
akita_lazy_load(enum akita_lazy lib, struct akita_why *why)
{
	if (handles[lib] == NULL)
		handles[lib] = dlopen(sonames[lib], RTLD_LAZY | RTLD_LOCAL);
	if (handles[lib] != NULL)
		return AKITA_OK;
	return akita_fail(why, AKITA_ERR_MISSING, AKITA_N("the library %s "
	    "cannot be loaded; install it"), sonames[lib], NULL);
}

void *
akita_lazy_symbol(enum akita_lazy lib, const char *name)
{
	struct akita_why why = { 0 };
	void *symbol = NULL;
	char text[512];

	if (akita_lazy_load(lib, &why) == AKITA_OK)
		symbol = dlsym(handles[lib], name);
	if (symbol != NULL)
		return symbol;
	(void)fprintf(stderr, "otpadm: %s (%s)\n", akita_why_text(&why, NULL,
	    text, sizeof(text)), name);
	exit(EXIT_TROUBLE);
}
