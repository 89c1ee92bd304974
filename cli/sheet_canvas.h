/*
 * sheet_canvas.h (cli, akita-otp-sheet): text, boxes and QR codes on a page, in
 * points from the top left corner, through pango and cairo.
 *
 * A dry canvas draws nothing and measures everything, by the same calls.
 */
#ifndef AKITA_SHEET_CANVAS_H
#define AKITA_SHEET_CANVAS_H

#include <stdbool.h>

#include <pango/pangocairo.h>

#include "cli/qr.h"

enum akita_ink {
	AKITA_INK_TEXT,
	AKITA_INK_GREY,		/* lesser text, lines */
	AKITA_INK_PALE,		/* behind text */
	AKITA_INK_DEEP,		/* headings */
	AKITA_INK_WHITE
};

struct akita_canvas {
	cairo_t		*cr;
	const char	*lang;		/* "ja", "en" */
	double		 scale;		/* of text */
	bool		 is_dry;
	char		 missing[8];	/* the first character that no font
					   has, or "" */
};

struct akita_face {
	double		 size;		/* points, before scaling */
	enum akita_ink	 ink;
	PangoAlignment	 align;
	bool		 is_mono;
};

/*
 * Set text at x, y in lines of up to width, broken between words, where that
 * does not help between characters.  Returns the height it takes.  A character
 * that no font has is noted in the canvas.
 */
double	akita_canvas_text(struct akita_canvas *canvas,
	    const struct akita_face *face, double x, double y, double width,
	    const char *text);

/* A rectangle, its corners rounded by radius (0: not): filled, or outlined in
 * a thin line. */
void	akita_canvas_fill(struct akita_canvas *canvas, enum akita_ink ink,
	    double x, double y, double width, double height, double radius);
void	akita_canvas_outline(struct akita_canvas *canvas, enum akita_ink ink,
	    double x, double y, double width, double height, double radius);

/* A QR code whose dark modules fill size by size; the margin is the caller's.
 */
void	akita_canvas_qr(struct akita_canvas *canvas,
	    const struct akita_qr *qr, double x, double y, double size);

#endif
