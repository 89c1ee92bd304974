/*
 * fuzz.h: what the fuzz targets share.  A target hands its bytes to a reader
 * of untrusted input; sanitizers watch memory, and FUZZ_MUST watches what the
 * header promises.
 */
#ifndef AKITA_FUZZ_H
#define AKITA_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A promise: broken, the fuzzer keeps the input. */
#define FUZZ_MUST(promise) do {						\
	if (!(promise)) {						\
		fprintf(stderr, "%s:%d: broken: %s\n", __FILE__,	\
		    __LINE__, #promise);				\
		abort();						\
	}								\
} while (0)

/* The bytes as a C string, exactly as long as they are; freed by the caller. */
static inline char *
fuzz_string(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	FUZZ_MUST(text != NULL);
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

#endif
