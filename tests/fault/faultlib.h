/* faultlib.h: what the files of the interposing library share. */
/* Both names of each call are defined here: no renaming by the headers. */
#undef _FILE_OFFSET_BITS
#undef _FORTIFY_SOURCE
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#ifndef AKITA_TEST_FAULTLIB_H
#define AKITA_TEST_FAULTLIB_H

#include <dlfcn.h>

#include "fault.h"

#define EXPORT __attribute__((visibility("default")))
#define REAL(name, type, ...) \
	static type (*real)(__VA_ARGS__); \
	if (real == NULL) \
		*(void **)&real = dlsym(RTLD_NEXT, #name)

/* A call of this kind on a file is about to be made.  Carries the plan's
 * action out; FAULT_ERROR: the call is to fail, errno is set. */
enum fault_action fault_meet_at(uint32_t kind, const char *name, int dir_fd,
		    const char *path);

#endif
