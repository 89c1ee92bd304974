/* What the unit tests share: cmocka's own includes and a few short hands. */
#ifndef AKITA_TESTS_UNIT_H
#define AKITA_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/result.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

/* A test with neither setup nor teardown. */
#define TEST(name)	static void name(void **state __attribute__((unused)))

/* Bytes of a hexadecimal text; returns how many. */
static inline size_t
unhex(const char *hex, void *ret, size_t size)
{
	uint8_t *p = ret;
	size_t n = 0;
	unsigned int byte;

	for (; *hex != '\0'; hex += 2, n++) {
		assert_true(n < size);
		assert_int_equal(sscanf(hex, "%2x", &byte), 1);
		p[n] = (uint8_t)byte;
	}
	return n;
}

/* The English sentence of why, in static storage. */
static inline const char *
sentence(const struct akita_why *why)
{
	static char text[2048];

	return akita_why_text(why, NULL, text, sizeof(text));
}

#endif
