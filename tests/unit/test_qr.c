/* A QR code is the right matrix at the right level, and every failure of what
 * is below comes back as its result. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/qr.h"

static const char uri[] = "otpauth://totp/Akita-Kenshin:alice?secret="
    "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Akita-Kenshin&algorithm=SHA1"
    "&digits=6&period=60";

/* Calls of the program's own objects go through these (see local.mk). */
void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_QRcode_encodeString(const char *text, int version, int level,
    int hint, int casesensitive);
void *__wrap_QRcode_encodeString(const char *text, int version, int level,
    int hint, int casesensitive);

static bool is_memory_gone;
static int encoder_errno;
static unsigned int mallocs_left = 1000000;

void *
__wrap_calloc(size_t n, size_t size)
{
	return is_memory_gone ? NULL : __real_calloc(n, size);
}

void *
__wrap_malloc(size_t size)
{
	if (mallocs_left == 0)
		return NULL;
	mallocs_left--;
	return __real_malloc(size);
}

void *
__wrap_QRcode_encodeString(const char *text, int version, int level, int hint,
    int casesensitive)
{
	if (encoder_errno != 0) {
		errno = encoder_errno;
		return NULL;
	}
	return __real_QRcode_encodeString(text, version, level, hint,
	    casesensitive);
}

static struct akita_qr *
made(const char *text)
{
	struct akita_qr *qr = NULL;

	assert_int_equal(akita_qr_make(text, &qr), AKITA_OK);
	assert_non_null(qr);
	return qr;
}

/* A finder pattern: 7 by 7, a ring of dark, of light, a dark core. */
static void
assert_finder(const struct akita_qr *qr, unsigned int left, unsigned int top)
{
	unsigned int x, y, ring;

	for (y = 0; y < 7; y++)
		for (x = 0; x < 7; x++) {
			ring = x < y ? x : y;
			if (6 - x < ring)
				ring = 6 - x;
			if (6 - y < ring)
				ring = 6 - y;
			assert_int_equal(akita_qr_is_dark(qr, left + x,
			    top + y), ring != 1);
		}
}

static void
a_code_has_its_three_finder_patterns(void **state)
{
	AKITA_QR_AUTO struct akita_qr *qr = made(uri);
	const unsigned int width = akita_qr_width(qr);

	(void)state;
	assert_finder(qr, 0, 0);
	assert_finder(qr, width - 7, 0);
	assert_finder(qr, 0, width - 7);
	assert_false(akita_qr_is_dark(qr, width, 0));
	assert_false(akita_qr_is_dark(qr, 0, width));
	assert_false(akita_qr_is_dark(qr, 0U - 1U, 0));
}

/* The two highest bits of the format, beside the finder pattern at the top
 * left, say the level under a mask of 10: L is 01, M is 00. */
static unsigned int
level_of(const struct akita_qr *qr)
{
	return (2U * akita_qr_is_dark(qr, 0, 8) +
	    akita_qr_is_dark(qr, 1, 8)) ^ 2U;
}

static void
level_is_m_unless_only_l_fits_the_screen(void **state)
{
	AKITA_QR_AUTO struct akita_qr *brief = made("otpauth://totp/a");
	AKITA_QR_AUTO struct akita_qr *common = made(uri);
	AKITA_QR_AUTO struct akita_qr *paper = NULL;
	char text[401];

	(void)state;
	assert_int_equal(level_of(brief), 0);
	assert_int_equal(level_of(common), 1);
	assert_int_equal(akita_qr_make_paper(uri, &paper), AKITA_OK);
	assert_int_equal(level_of(paper), 0);
	for (size_t len = 1; len <= 400; len++) {
		struct akita_qr *qr = NULL;

		memset(text, 'x', len);
		text[len] = '\0';
		qr = made(text);
		assert_true(akita_qr_columns(qr, AKITA_QR_UTF8) <= 80);
		if (len <= 134)
			assert_true(akita_qr_rows(qr, AKITA_QR_UTF8) <= 23);
		else
			assert_int_equal(level_of(qr), len > 362);
		akita_qr_free(&qr);
	}
}

static void
no_text_and_too_long_a_text_are_usage(void **state)
{
	struct akita_qr *qr = NULL;
	char text[1025];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[1024] = '\0';
	assert_int_equal(akita_qr_make(NULL, &qr), AKITA_ERR_USAGE);
	assert_int_equal(akita_qr_make("", &qr), AKITA_ERR_USAGE);
	assert_int_equal(akita_qr_make(text, &qr), AKITA_ERR_USAGE);
	assert_int_equal(akita_qr_make_paper(text, &qr), AKITA_ERR_USAGE);
	assert_null(qr);
	text[1023] = '\0';
	assert_int_equal(akita_qr_make(text, &qr), AKITA_OK);
	akita_qr_free(&qr);
	assert_null(qr);
	akita_qr_free(&qr);
	akita_qr_free(NULL);
}

static void
failures_of_memory_and_encoder_come_back(void **state)
{
	AKITA_QR_AUTO struct akita_qr *qr = NULL;

	(void)state;
	is_memory_gone = true;
	assert_int_equal(akita_qr_make(uri, &qr), AKITA_ERR_NOMEM);
	is_memory_gone = false;
	encoder_errno = ENOMEM;
	assert_int_equal(akita_qr_make(uri, &qr), AKITA_ERR_NOMEM);
	encoder_errno = ERANGE;
	assert_int_equal(akita_qr_make(uri, &qr), AKITA_ERR_USAGE);
	encoder_errno = EIO;
	assert_int_equal(akita_qr_make(uri, &qr), AKITA_ERR_INTERNAL);
	encoder_errno = 0;
	assert_null(qr);
}

static void
a_picture_fails_by_memory_at_every_allocation(void **state)
{
	AKITA_QR_AUTO struct akita_qr *qr = made(uri);
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	unsigned int n;

	(void)state;
	assert_true(fd >= 0);
	for (n = 0; n < 100; n++) {
		mallocs_left = n;
		rc = akita_qr_png(qr, fd);
		mallocs_left = 1000000;
		if (rc == AKITA_OK)
			break;
		assert_int_equal(rc, AKITA_ERR_NOMEM);
	}
	assert_int_equal(rc, AKITA_OK);
	assert_true(n > 2);
	close(fd);
}

static void
a_descriptor_that_takes_nothing_is_io(void **state)
{
	AKITA_QR_AUTO struct akita_qr *qr = made(uri);
	FILE *full = fopen("/dev/full", "we");

	(void)state;
	assert_non_null(full);
	assert_int_equal(akita_qr_png(qr, -1), AKITA_ERR_IO);
	assert_int_equal(errno, EBADF);
	assert_int_equal(akita_qr_svg(qr, -1), AKITA_ERR_IO);
	assert_int_equal(errno, EBADF);
	assert_int_equal(akita_qr_png(qr, fileno(full)), AKITA_ERR_IO);
	assert_int_equal(errno, ENOSPC);
	assert_int_equal(akita_qr_draw(qr, AKITA_QR_UTF8, full), AKITA_ERR_IO);
	fclose(full);
}

static void
the_margin_is_four_where_there_is_room(void **state)
{
	AKITA_QR_AUTO struct akita_qr *brief = made("a");
	AKITA_QR_AUTO struct akita_qr *common = made(uri);

	(void)state;
	assert_int_equal(akita_qr_columns(brief, AKITA_QR_UTF8), 21 + 8);
	assert_int_equal(akita_qr_rows(brief, AKITA_QR_UTF8), 15);
	assert_int_equal(akita_qr_columns(common, AKITA_QR_UTF8), 41 + 4);
	assert_int_equal(akita_qr_columns(common, AKITA_QR_ANSI), 90);
	assert_int_equal(akita_qr_rows(common, AKITA_QR_ANSI), 45);
	assert_int_equal(akita_qr_rows(common, AKITA_QR_ASCII), 45);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_code_has_its_three_finder_patterns),
		cmocka_unit_test(level_is_m_unless_only_l_fits_the_screen),
		cmocka_unit_test(no_text_and_too_long_a_text_are_usage),
		cmocka_unit_test(failures_of_memory_and_encoder_come_back),
		cmocka_unit_test(a_picture_fails_by_memory_at_every_allocation),
		cmocka_unit_test(a_descriptor_that_takes_nothing_is_io),
		cmocka_unit_test(the_margin_is_four_where_there_is_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
