/*
 * faults.h: functions that fail when they are told to.
 *
 * The program exports functions of libc, OpenSSL, GDBM and libpam under their
 * own names, and libpam and the module, loaded later, bind to them.
 */
#ifndef AKITA_TESTS_FAULTS_H
#define AKITA_TESTS_FAULTS_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

/* The sanitizers interpose these themselves. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

extern bool fault_armed;
extern const char *fault_name;	/* the function that fails … */
extern unsigned int fault_at;	/* … at this call … */
extern bool fault_stays;	/* … and from then on */
extern unsigned int fault_calls;	/* of it so far */

/* The names that can fail, ended by NULL. */
extern const char *const fault_functions[];	/* faults.c */
extern const char *const fault_more[];		/* faults_more.c */

/* This call of name is to fail. */
bool	fault(const char *name);
/* The function itself. */
void	*fault_real(const char *name);

/* The provider's algorithms with functions that can fail. */
struct ossl_algorithm_st;
const struct ossl_algorithm_st *fault_detour(int operation,
	    const struct ossl_algorithm_st *all);

#define EXPORT __attribute__((visibility("default")))

/* A function of the same name that may fail with this value; first is done
 * before it fails. */
#define FAIL_AFTER(first, type, name, params, args, value, error)	\
	EXPORT type name params;					\
	EXPORT type name params						\
	{								\
		static type (*next) params;				\
		if (next == NULL)					\
			*(void **)(void *)&next = fault_real(#name);	\
		if (fault(#name)) {					\
			first;						\
			errno = (error);				\
			return (value);					\
		}							\
		return next args;					\
	}
#define FAIL(type, name, params, args, value, error)			\
	FAIL_AFTER((void)0, type, name, params, args, value, error)

#endif
