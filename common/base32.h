/*
 * base32.h (rank 0): base32 by RFC 4648 section 6, the form in which OTP keys
 * are typed and put into a key URI.
 */
#ifndef AKITA_BASE32_H
#define AKITA_BASE32_H

#include <stddef.h>
#include <stdint.h>

#include "common/result.h"

/* Bytes of text, with the NUL, for len bytes of data. */
#define AKITA_BASE32_SIZE(len)	(((len) * 8 + 4) / 5 + 1)

/*
 * Encode len bytes in capitals without padding.  ret_text has text_size bytes
 * and ends in NUL; it is secret if data is: the caller wipes it.
 * AKITA_OK; AKITA_ERR_USAGE: text_size is under AKITA_BASE32_SIZE(len), nothing
 * is written.
 */
enum akita_rc	akita_base32_encode(const void *data, size_t len,
		    char *ret_text, size_t text_size) AKITA_MUST_CHECK;

/*
 * Decode text strictly: capitals only, no separators, padding either absent or
 * exactly as RFC 4648 has it, unused bits zero.  At most size bytes are
 * written to ret_data; *ret_len is their number.
 * AKITA_OK; AKITA_ERR_MALFORMED: not base32; AKITA_ERR_USAGE: longer than size.
 * On failure ret_data is wiped (all size bytes) and *ret_len untouched.
 */
enum akita_rc	akita_base32_decode(const char *text, void *ret_data,
		    size_t size, size_t *ret_len) AKITA_MUST_CHECK;

/*
 * The same for a key typed by a person: either case, and ASCII spaces and
 * hyphens anywhere are passed over.
 */
enum akita_rc	akita_base32_decode_typed(const char *text, void *ret_data,
		    size_t size, size_t *ret_len) AKITA_MUST_CHECK;

#endif
