/*
 * catch.c: what libpam and the module send to syslog comes here, and what they
 * ask for as delay.  Without <syslog.h>, which would replace these names by
 * the fortified ones.
 */
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>

#include "tests/pam/run.h"

#define EXPORT __attribute__((visibility("default")))
#define FORMAT(n) __attribute__((format(printf, n, n + 1)))
#define VFORMAT(n) __attribute__((format(printf, n, 0)))

void	syslog(int priority, const char *format, ...) FORMAT(2);
void	vsyslog(int priority, const char *format, va_list ap) VFORMAT(2);
/* What a caller compiled with _FORTIFY_SOURCE calls. */
void	__syslog_chk(int priority, int flag, const char *format, ...)
	    FORMAT(3);
void	__vsyslog_chk(int priority, int flag, const char *format, va_list ap)
	    VFORMAT(3);

unsigned int run_delay_us;
struct run_line run_log[RUN_LINES];
size_t run_log_n;

VFORMAT(2) static void
catch_line(int priority, const char *format, va_list ap)
{
	static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	struct run_line *line;

	(void)pthread_mutex_lock(&mutex);
	line = &run_log[run_log_n++ % RUN_LINES];
	line->priority = priority;
	(void)vsnprintf(line->text, sizeof(line->text), format, ap);
	(void)pthread_mutex_unlock(&mutex);
}

EXPORT void
vsyslog(int priority, const char *format, va_list ap)
{
	catch_line(priority, format, ap);
}

EXPORT void
syslog(int priority, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	catch_line(priority, format, ap);
	va_end(ap);
}

EXPORT void
__syslog_chk(int priority, int flag, const char *format, ...)
{
	va_list ap;

	(void)flag;
	va_start(ap, format);
	catch_line(priority, format, ap);
	va_end(ap);
}

EXPORT void
__vsyslog_chk(int priority, int flag, const char *format, va_list ap)
{
	(void)flag;
	catch_line(priority, format, ap);
}

EXPORT int
pam_fail_delay(pam_handle_t *pamh, unsigned int us)
{
	(void)pamh;
	if (us > run_delay_us)
		run_delay_us = us;
	return PAM_SUCCESS;
}
