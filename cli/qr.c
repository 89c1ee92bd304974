#include "cli/qr.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <qrencode.h>

#include "common/keyuri.h"
#include "common/secret.h"

#define MARGIN_SMALL	2

/* No more than this can be a version 6 symbol at level L: two characters in
 * 11 bits if all of them are capitals and digits. */
#define SMALL_TEXT_MAX	195

/* The basic colours for a terminal that knows no others, then the fixed ones
 * of the 256, which no colour scheme changes. */
#define BLACK_ON_WHITE	"\033[30;47m\033[38;5;16;48;5;231m"
#define WHITE_CELL	"\033[47m\033[48;5;231m"
#define BLACK_CELL	"\033[40m\033[48;5;16m"
#define NO_COLOURS	"\033[0m"

struct akita_qr {
	unsigned int	 width;
	size_t		 n;	/* of dark[] */
	bool		 dark[];	/* row by row */
};

static void
code_free(QRcode *code)
{
	if (code == NULL)
		return;
	akita_wipe(code->data, (size_t)code->width * (size_t)code->width);
	QRcode_free(code);
}

static enum akita_rc
encode(const char *text, QRecLevel level, struct akita_qr **ret)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	struct akita_qr *qr = NULL;
	QRcode *code = NULL;
	size_t i, n;

	code = QRcode_encodeString(text, 0, level, QR_MODE_8, 1);
	if (code == NULL) {
		if (errno == ENOMEM)
			rc = AKITA_ERR_NOMEM;
		else if (errno == ERANGE)
			rc = AKITA_ERR_USAGE;
		goto out;
	}
	n = (size_t)code->width * (size_t)code->width;
	qr = calloc(1, sizeof(*qr) + n * sizeof(qr->dark[0]));
	if (qr == NULL) {
		rc = AKITA_ERR_NOMEM;
		goto out;
	}
	qr->width = (unsigned int)code->width;
	qr->n = n;
	for (i = 0; i < n; i++)
		qr->dark[i] = (code->data[i] & 1) != 0;
	*ret = qr;
	rc = AKITA_OK;
out:
	code_free(code);
	return rc;
}

static enum akita_rc
check(const char *text)
{
	if (text == NULL || text[0] == '\0' ||
	    strnlen(text, AKITA_URI_MAX + 1) > AKITA_URI_MAX)
		return AKITA_ERR_USAGE;
	return AKITA_OK;
}

/* With the smaller margin: does it fit the columns, and the rows but the one
 * that the next prompt takes? */
static bool
fits_columns(const struct akita_qr *qr)
{
	return qr->width + 2 * MARGIN_SMALL <= AKITA_QR_COLUMNS;
}

static bool
fits_rows(const struct akita_qr *qr)
{
	return qr->width + 2 * MARGIN_SMALL <= 2 * (AKITA_QR_ROWS - 1);
}

enum akita_rc
akita_qr_make(const char *text, struct akita_qr **ret)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	struct akita_qr *qr = NULL, *low = NULL;

	if ((rc = check(text)) != AKITA_OK ||
	    (rc = encode(text, QR_ECLEVEL_M, &qr)) != AKITA_OK)
		return rc;
	if (!fits_columns(qr) ||
	    (!fits_rows(qr) && strlen(text) <= SMALL_TEXT_MAX)) {
		rc = encode(text, QR_ECLEVEL_L, &low);
		if (rc == AKITA_OK && (!fits_columns(qr) || fits_rows(low))) {
			akita_qr_free(&qr);
			qr = low;
			low = NULL;
		}
	}
	if (rc == AKITA_OK) {
		*ret = qr;
		qr = NULL;
	}
	akita_qr_free(&low);
	akita_qr_free(&qr);
	return rc;
}

enum akita_rc
akita_qr_make_paper(const char *text, struct akita_qr **ret)
{
	enum akita_rc rc = check(text);

	return rc == AKITA_OK ? encode(text, QR_ECLEVEL_M, ret) : rc;
}

void
akita_qr_free(struct akita_qr **qr)
{
	if (qr == NULL || *qr == NULL)
		return;
	akita_wipe(*qr, sizeof(**qr) + (*qr)->n * sizeof((*qr)->dark[0]));
	free(*qr);
	*qr = NULL;
}

unsigned int
akita_qr_width(const struct akita_qr *qr)
{
	return qr->width;
}

bool
akita_qr_is_dark(const struct akita_qr *qr, unsigned int x, unsigned int y)
{
	return x < qr->width && y < qr->width &&
	    qr->dark[(size_t)y * qr->width + x];
}

/* Modules of margin, and terminal columns and rows with it. */
struct frame {
	unsigned int	margin;
	unsigned int	columns;
	unsigned int	rows;
};

static struct frame
frame_of(const struct akita_qr *qr, enum akita_qr_style style)
{
	const bool is_half = style == AKITA_QR_UTF8;
	struct frame f = { .margin = AKITA_QR_MARGIN };
	unsigned int side;

	for (;;) {
		side = qr->width + 2 * f.margin;
		f.columns = is_half ? side : 2 * side;
		f.rows = is_half ? (side + 1) / 2 : side;
		if (f.margin == MARGIN_SMALL || (f.rows < AKITA_QR_ROWS &&
		    f.columns <= AKITA_QR_COLUMNS))
			return f;
		f.margin = MARGIN_SMALL;
	}
}

unsigned int
akita_qr_columns(const struct akita_qr *qr, enum akita_qr_style style)
{
	return frame_of(qr, style).columns;
}

unsigned int
akita_qr_rows(const struct akita_qr *qr, enum akita_qr_style style)
{
	return frame_of(qr, style).rows;
}

/* Two rows of modules in one of half blocks. */
static void
row_utf8(const struct akita_qr *qr, unsigned int row, unsigned int margin,
    FILE *out)
{
	static const char *const blocks[] = { " ", "▀", "▄", "█" };
	const unsigned int side = qr->width + 2 * margin;
	unsigned int x, upper, lower;

	fputs(BLACK_ON_WHITE, out);
	for (x = 0; x < side; x++) {
		/* Above and left of the symbol the numbers wrap to large
		 * ones, which are outside too. */
		upper = akita_qr_is_dark(qr, x - margin, 2 * row - margin);
		lower = akita_qr_is_dark(qr, x - margin, 2 * row + 1 - margin);
		fputs(blocks[upper + 2 * lower], out);
	}
	fputs(NO_COLOURS "\n", out);
}

static void
row_ansi(const struct akita_qr *qr, unsigned int row, unsigned int margin,
    FILE *out)
{
	const unsigned int side = qr->width + 2 * margin;
	bool dark, was_dark = false;
	unsigned int x;

	for (x = 0; x < side; x++) {
		dark = akita_qr_is_dark(qr, x - margin, row - margin);
		if (x == 0 || dark != was_dark)
			fputs(dark ? BLACK_CELL : WHITE_CELL, out);
		fputs("  ", out);
		was_dark = dark;
	}
	fputs(NO_COLOURS "\n", out);
}

static void
row_ascii(const struct akita_qr *qr, unsigned int row, unsigned int margin,
    FILE *out)
{
	const unsigned int side = qr->width + 2 * margin;
	unsigned int x;

	for (x = 0; x < side; x++)
		fputs(akita_qr_is_dark(qr, x - margin, row - margin) ?
		    "##" : "  ", out);
	fputc('\n', out);
}

enum akita_rc
akita_qr_draw(const struct akita_qr *qr, enum akita_qr_style style, FILE *out)
{
	const struct frame f = frame_of(qr, style);
	unsigned int row;

	for (row = 0; row < f.rows; row++) {
		if (style == AKITA_QR_UTF8)
			row_utf8(qr, row, f.margin, out);
		else if (style == AKITA_QR_ANSI)
			row_ansi(qr, row, f.margin, out);
		else
			row_ascii(qr, row, f.margin, out);
	}
	return fflush(out) != 0 || ferror(out) ? AKITA_ERR_IO : AKITA_OK;
}
