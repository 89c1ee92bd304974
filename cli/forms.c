#include "cli/forms.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Branch and form, with a NUL between them. */
struct form {
	char	text[AKITA_BRANCH_MAX + 1 + AKITA_FORM_MAX + 1];
};

static void
set_form(struct form *form, const char *branch, const char *number)
{
	memset(form, 0, sizeof(*form));
	(void)snprintf(form->text, AKITA_BRANCH_MAX + 1, "%s", branch);
	(void)snprintf(form->text + AKITA_BRANCH_MAX + 1, AKITA_FORM_MAX + 1,
	    "%s", number);
}

static int
compare(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct form));
}

enum akita_rc
akita_forms_add(struct akita_forms *forms,
    const struct akita_identity *identity)
{
	struct form *form = NULL;
	struct form **found;

	if (identity->form[0] == '\0')
		return AKITA_OK;
	if ((form = malloc(sizeof(*form))) == NULL)
		return AKITA_ERR_NOMEM;
	set_form(form, identity->branch, identity->form);
	found = tsearch(form, &forms->root, compare);
	if (found == NULL || *found != form)
		free(form);
	return found == NULL ? AKITA_ERR_NOMEM : AKITA_OK;
}

bool
akita_forms_has(const struct akita_forms *forms, const char *branch,
    const char *number)
{
	struct form form;

	set_form(&form, branch, number);
	return tfind(&form, &forms->root, compare) != NULL;
}

void
akita_forms_free(struct akita_forms *forms)
{
	tdestroy(forms->root, free);
	forms->root = NULL;
}
