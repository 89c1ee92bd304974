/*
 * fdio.h (cli): all of it or an error, over a descriptor.
 */
#ifndef AKITA_FDIO_H
#define AKITA_FDIO_H

#include <stddef.h>

#include "common/result.h"

/*
 * Write len bytes to fd, however few it takes at a time; waits for a
 * descriptor that would block.
 * AKITA_OK; AKITA_ERR_IO: errno has the reason, a part may have been written.
 */
enum akita_rc	akita_fdio_write(int fd, const void *data, size_t len)
		    AKITA_MUST_CHECK;

/*
 * Read fd to its end into buf; *ret_len is the number of bytes.
 * AKITA_OK; AKITA_ERR_MALFORMED: there are more than size; AKITA_ERR_IO: errno
 * has the reason.
 */
enum akita_rc	akita_fdio_read(int fd, void *buf, size_t size,
		    size_t *ret_len) AKITA_MUST_CHECK;

#endif
