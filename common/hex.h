/*
 * hex.h (rank 0): hexadecimal digits, always lower case.
 */
#ifndef AKITA_HEX_H
#define AKITA_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 2 * len digits at hex, which need no NUL, into len bytes.  false: a byte
 * there is no lower-case digit; ret is then undefined.  A NUL stops it. */
bool	akita_hex_decode(const char *hex, uint8_t *ret, size_t len)
	    __attribute__((warn_unused_result));

/* len bytes as 2 * len digits and a NUL. */
void	akita_hex_encode(const uint8_t *bytes, size_t len, char *ret_hex);

#endif
