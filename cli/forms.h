/*
 * forms.h: which forms were used already: the number of an application's form
 * serves once in its branch.
 */
#ifndef AKITA_FORMS_H
#define AKITA_FORMS_H

#include "common/record.h"

/* A set of forms, with their branches.  Zero-initialise it. */
struct akita_forms {
	void	*root;
};

/* AKITA_OK, also where it is there already; AKITA_ERR_NOMEM.  An account
 * without a form is passed over. */
enum akita_rc	akita_forms_add(struct akita_forms *forms,
		    const struct akita_identity *identity) AKITA_MUST_CHECK;

/* The form of that branch is in the set. */
bool		akita_forms_has(const struct akita_forms *forms,
		    const char *branch, const char *form);

void		akita_forms_free(struct akita_forms *forms);

#endif
