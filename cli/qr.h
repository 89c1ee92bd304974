/*
 * qr.h (cli): QR codes, on a terminal and as pictures.  qr.c is the only file
 * that knows <qrencode.h>.
 *
 * What a QR code says is a secret here.  Our copies of it are wiped when
 * freed; libqrencode's working memory and stdio's buffers are not, so the
 * program must be one that leaves no core and ends soon.
 */
#ifndef AKITA_QR_H
#define AKITA_QR_H

#include <stdbool.h>
#include <stdio.h>

#include "common/result.h"

/* Light modules around the symbol, in a picture and where there is room. */
#define AKITA_QR_MARGIN		4
/* What a terminal is expected to have. */
#define AKITA_QR_COLUMNS	80
#define AKITA_QR_ROWS		24

enum akita_qr_style {
	AKITA_QR_UTF8,	/* half blocks, black on white whatever the terminal */
	AKITA_QR_ANSI,	/* background colours and two spaces a module */
	AKITA_QR_ASCII	/* "##" and "  ", no colours: for light backgrounds */
};

struct akita_qr;

/*
 * Encode text for a screen: 1 to 1023 bytes, NUL-terminated.  Error correction
 * is level M; L where in UTF-8 M would pass AKITA_QR_COLUMNS (over 362 bytes),
 * or only L fits AKITA_QR_ROWS less one for the prompt (a common key URI does:
 * 45 columns, 23 rows).  *ret is owned by the caller.
 * AKITA_OK; AKITA_ERR_USAGE: text is NULL, empty or too long; AKITA_ERR_NOMEM;
 * AKITA_ERR_INTERNAL: libqrencode failed in another way.
 */
enum akita_rc	akita_qr_make(const char *text, struct akita_qr **ret)
		    AKITA_MUST_CHECK;

/* The same for paper, which gets creased and stained: always level M. */
enum akita_rc	akita_qr_make_paper(const char *text, struct akita_qr **ret)
		    AKITA_MUST_CHECK;

/* Wipe and free *qr and set it to NULL; NULL and a NULL code are accepted. */
void		akita_qr_free(struct akita_qr **qr);
#define AKITA_QR_AUTO __attribute__((cleanup(akita_qr_free)))

/* Modules on a side, without margin: 21 to 177. */
unsigned int	akita_qr_width(const struct akita_qr *qr);
/* The module at column x, row y is dark; false outside the symbol. */
bool		akita_qr_is_dark(const struct akita_qr *qr, unsigned int x,
		    unsigned int y);

/* Terminal columns and rows that akita_qr_draw uses. */
unsigned int	akita_qr_columns(const struct akita_qr *qr,
		    enum akita_qr_style style);
unsigned int	akita_qr_rows(const struct akita_qr *qr,
		    enum akita_qr_style style);

/*
 * Draw to out and flush it.  UTF8 takes one column a module and half a row,
 * the others two columns and a row.  The margin is AKITA_QR_MARGIN modules,
 * or 2 where that many do not fit the columns or rows above.
 * AKITA_OK; AKITA_ERR_IO: out took not all of it (errno).
 */
enum akita_rc	akita_qr_draw(const struct akita_qr *qr,
		    enum akita_qr_style style, FILE *out) AKITA_MUST_CHECK;

/*
 * Write a picture to fd, black on white with a margin of AKITA_QR_MARGIN
 * modules: PNG with 8 pixels a module, or SVG 1.1.
 * AKITA_OK; AKITA_ERR_IO: fd took not all of it (errno); AKITA_ERR_NOMEM (PNG).
 */
enum akita_rc	akita_qr_png(const struct akita_qr *qr, int fd)
		    AKITA_MUST_CHECK;
enum akita_rc	akita_qr_svg(const struct akita_qr *qr, int fd)
		    AKITA_MUST_CHECK;

#endif
