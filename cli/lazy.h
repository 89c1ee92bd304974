/*
 * lazy.h: libraries that only some commands need are loaded when they are
 * first called.  Loading all of them would cost more time than issuing a token.
 *
 * lazy_NAME.c (and qr_lazy.c) defines the few functions of a library that we
 * use, under their own names, each of which hands its call on; nothing else in
 * otpadm knows of this.  To call one more function: one line there.  The
 * sonames are those of the libraries that we were built against (sonames.h).
 */
#ifndef AKITA_LAZY_H
#define AKITA_LAZY_H

#include "common/result.h"

enum akita_lazy {
	AKITA_LAZY_JANSSON,
	AKITA_LAZY_PNG,
	AKITA_LAZY_QRENCODE,
	AKITA_LAZY_SMARTCOLS,
	AKITA_LAZY_COUNT
};

/* Load it now: to be asked before something is changed that could then not be
 * printed.  AKITA_OK; AKITA_ERR_MISSING with why. */
enum akita_rc	akita_lazy_load(enum akita_lazy lib, struct akita_why *why)
		    AKITA_MUST_CHECK;

/* The address of a function of lib.  Never NULL: where there is none, says so
 * on stderr and ends the program with exit code 8. */
void		*akita_lazy_symbol(enum akita_lazy lib, const char *name);

/*
 * Define a function that hands its call on.  The address is found once.
 */
#define AKITA_LAZY(lib, type, name, params, args)			\
type									\
name params								\
{									\
	static __typeof__(&name) function;				\
									\
	if (function == NULL)						\
		*(void **)&function = akita_lazy_symbol((lib), #name);	\
	return function args;						\
}

#endif
