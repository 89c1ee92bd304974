/*
 * cursor.h (rank 0): a bounded reader and a bounded writer over bytes.
 *
 * Every untrusted byte is read through a reader.  A call that would pass the
 * end sets the error, which stays: nothing moves any more, a read gives zeros,
 * a write writes nothing.  So a decoder reads like its format and asks once,
 * at the end.  Numbers are big-endian.
 */
#ifndef AKITA_CURSOR_H
#define AKITA_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Fields are private to cursor.c. */
struct akita_reader {
	const uint8_t	*p;
	size_t		 left;
	bool		 failed;
};

struct akita_writer {
	uint8_t		*p;
	size_t		 left;
	size_t		 used;
	bool		 failed;
};

/* Read the len bytes at data, which stay the caller's and must outlive *r.
 * data may be NULL if len is 0. */
void		 akita_reader_init(struct akita_reader *r, const void *data,
		    size_t len);
/* The next number; 0 on and after an error. */
uint8_t		 akita_get_u8(struct akita_reader *r);
uint16_t	 akita_get_u16(struct akita_reader *r);
uint32_t	 akita_get_u32(struct akita_reader *r);
uint64_t	 akita_get_u64(struct akita_reader *r);
/* Copy the next len bytes to ret; zeros on and after an error. */
void		 akita_get_bytes(struct akita_reader *r, void *ret, size_t len);
/* Pass over len bytes; returns where they are (in the caller's data), NULL on
 * and after an error. */
const uint8_t	*akita_get_skip(struct akita_reader *r, size_t len);
/* Bytes not read yet; 0 after an error. */
size_t		 akita_reader_left(const struct akita_reader *r);
/* No error so far. */
bool		 akita_reader_ok(const struct akita_reader *r);
/* No error, and every byte was read. */
bool		 akita_reader_done(const struct akita_reader *r);

/* Write to the size bytes at buf, which stay the caller's. */
void		 akita_writer_init(struct akita_writer *w, void *buf,
		    size_t size);
void		 akita_put_u8(struct akita_writer *w, uint8_t v);
void		 akita_put_u16(struct akita_writer *w, uint16_t v);
void		 akita_put_u32(struct akita_writer *w, uint32_t v);
void		 akita_put_u64(struct akita_writer *w, uint64_t v);
/* Append len bytes; data may be NULL if len is 0. */
void		 akita_put_bytes(struct akita_writer *w, const void *data,
		    size_t len);
/* Append len zero bytes. */
void		 akita_put_zeros(struct akita_writer *w, size_t len);
/* Bytes written so far. */
size_t		 akita_writer_used(const struct akita_writer *w);
/* No error so far. */
bool		 akita_writer_ok(const struct akita_writer *w);
/* No error, and the buffer is full: for formats of a fixed size. */
bool		 akita_writer_done(const struct akita_writer *w);

#endif
