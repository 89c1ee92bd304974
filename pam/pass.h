/*
 * pass.h: a password and a code in one answer, code last: "hunter2" "123456".
 */
#ifndef AKITA_PASS_H
#define AKITA_PASS_H

#include <stdbool.h>

#include "common/secret.h"

/*
 * Split both into the code, its last n_digits characters, and what stands
 * before it (it may be empty).  Each of them must be a digit, ASCII or full
 * width; spaces and hyphens are not looked through, because a password may
 * end in one.  false: it does not end like a code; *ret_password and
 * *ret_code are then empty.  Pure; both must not be one of the others.
 */
bool	akita_pass_split(const struct akita_answer *both,
	    unsigned int n_digits, struct akita_answer *ret_password,
	    struct akita_answer *ret_code);

#endif
