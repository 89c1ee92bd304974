#include "common/os.h"

#include <errno.h>
#include <sys/random.h>
#include <time.h>

static int64_t
os_now_s(void *ctx)
{
	struct timespec ts = { 0 };

	(void)ctx;
	(void)clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec;
}

static int64_t
os_mono_ms(void *ctx)
{
	struct timespec ts = { 0 };

	(void)ctx;
	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void
os_sleep_ms(void *ctx, int64_t ms)
{
	struct timespec ts = { ms / 1000, (ms % 1000) * 1000000 };

	(void)ctx;
	if (ms > 0)
		(void)nanosleep(&ts, NULL);
}

static enum akita_rc
os_fill(void *ctx, void *buf, size_t len)
{
	uint8_t *p = buf;
	ssize_t n;

	(void)ctx;
	while (len > 0) {
		if ((n = getrandom(p, len, 0)) < 0) {
			if (errno == EINTR)
				continue;
			return AKITA_ERR_IO;
		}
		p += n;
		len -= (size_t)n;
	}
	return AKITA_OK;
}

const struct akita_clock akita_os_clock = {
	os_now_s, os_mono_ms, os_sleep_ms, NULL
};

const struct akita_random akita_os_random = { os_fill, NULL };
