#include "cli/fdio.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <unistd.h>

/* After a failed call: is it to be made again?  Waits for a slow one. */
static bool
try_again(int fd, short events)
{
	struct pollfd pollfd = { .fd = fd, .events = events };

	if (errno == EINTR)
		return true;
	if (errno != EAGAIN)
		return false;
	return poll(&pollfd, 1, -1) >= 0 || errno == EINTR;
}

enum akita_rc
akita_fdio_write(int fd, const void *data, size_t len)
{
	const char *p = data;
	ssize_t n;

	while (len > 0) {
		n = write(fd, p, len);
		if (n < 0 && try_again(fd, POLLOUT))
			continue;
		if (n <= 0) {
			if (n == 0)
				errno = EIO;
			return AKITA_ERR_IO;
		}
		p += n;
		len -= (size_t)n;
	}
	return AKITA_OK;
}

enum akita_rc
akita_fdio_read(int fd, void *buf, size_t size, size_t *ret_len)
{
	char *p = buf, extra;
	size_t used = 0;
	ssize_t n;

	for (;;) {
		if (used < size)
			n = read(fd, p + used, size - used);
		else
			n = read(fd, &extra, 1);
		if (n < 0 && try_again(fd, POLLIN))
			continue;
		if (n < 0)
			return AKITA_ERR_IO;
		if (n == 0)
			break;
		if (used == size)
			return AKITA_ERR_MALFORMED;
		used += (size_t)n;
	}
	*ret_len = used;
	return AKITA_OK;
}
