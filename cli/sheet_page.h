/*
 * sheet_page.h (cli, akita-otp-sheet): what stands on the sheet and where.
 */
#ifndef AKITA_SHEET_PAGE_H
#define AKITA_SHEET_PAGE_H

#include "cli/sheet_canvas.h"
#include "cli/sheet.h"

/* A4, in points. */
#define AKITA_PAGE_WIDTH	595.276
#define AKITA_PAGE_HEIGHT	841.890

/* The document's title in its language; static. */
const char	*akita_sheet_page_title(const struct akita_sheet *sheet);

/*
 * Draw the page on canvas (dry or not), lang as canvas has it, with qr the
 * code of sheet->uri.  gap is the space between its parts.  Returns the height
 * used, margins included: over AKITA_PAGE_HEIGHT it does not fit.
 */
double	akita_sheet_page_draw(struct akita_canvas *canvas,
	    const struct akita_sheet *sheet, const struct akita_qr *qr,
	    double gap);

#endif
