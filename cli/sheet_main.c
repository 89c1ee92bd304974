/*
 * akita-otp-sheet: a description on standard input (sheet_wire.h), a page on
 * standard output.  It holds a key for as long as it runs, so it leaves no
 * core, opens no file of its own, and writes only when the page is whole.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cairo-pdf.h>

#include "cli/fdio.h"
#include "cli/sheet_page.h"
#include "cli/sheet_wire.h"
#include "common/secret.h"

#define PDF_MAX		(4U << 20)
#define GAP_GOOD	12.0	/* while text can be of full size */
#define GAP_LEAST	7.0
#define GAP_MOST	17.0
#define SCALE_MOST	1.18
#define SCALE_LEAST	0.70
#define SCALE_STEP	0.04

/* The PDF as it grows; wiped. */
struct pdf {
	unsigned char	*bytes;
	size_t		 len;
};

static enum akita_sheet_exit
give_up(enum akita_sheet_exit status, const char *detail)
{
	/* Where not even this can be written the status is all there is. */
	(void)dprintf(STDERR_FILENO, "%s\n", detail);
	return status;
}

static void
harden(void)
{
	const struct rlimit none = { 0, 0 };

	(void)prctl(PR_SET_DUMPABLE, 0);
	(void)setrlimit(RLIMIT_CORE, &none);
	(void)signal(SIGPIPE, SIG_IGN);
}

static cairo_status_t
on_pdf(void *closure, const unsigned char *data, unsigned int len)
{
	struct pdf *pdf = closure;

	if (len > PDF_MAX - pdf->len)
		return CAIRO_STATUS_WRITE_ERROR;
	memcpy(pdf->bytes + pdf->len, data, len);
	pdf->len += len;
	return CAIRO_STATUS_SUCCESS;
}

/*
 * The largest text with which the page fits, then as much space between its
 * parts as is left.  Measures only.  false: too much for a page.
 */
static bool
fit(struct akita_canvas *canvas, const struct akita_sheet *sheet,
    const struct akita_qr *qr, double *ret_gap)
{
	double gap = GAP_GOOD;

	canvas->is_dry = true;
	canvas->scale = SCALE_MOST;
	while (akita_sheet_page_draw(canvas, sheet, qr, gap) >
	    AKITA_PAGE_HEIGHT) {
		canvas->scale -= SCALE_STEP;
		if (canvas->scale < SCALE_LEAST)
			return false;
		if (canvas->scale < 1)
			gap = GAP_LEAST;
	}
	while (gap < GAP_MOST && akita_sheet_page_draw(canvas, sheet, qr,
	    gap + 0.5) <= AKITA_PAGE_HEIGHT)
		gap += 0.5;
	canvas->is_dry = false;
	*ret_gap = gap;
	return true;
}

static enum akita_sheet_exit
draw(cairo_surface_t *surface, const struct akita_sheet *sheet,
    const struct akita_qr *qr)
{
	enum akita_sheet_exit status = AKITA_SHEET_EXIT_FAILED;
	struct akita_canvas canvas = { .lang = sheet->lang };
	double gap;

	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE,
	    akita_sheet_page_title(sheet));
	canvas.cr = cairo_create(surface);
	if (!fit(&canvas, sheet, qr, &gap)) {
		status = give_up(AKITA_SHEET_EXIT_OVERFLOW, "");
	} else {
		(void)akita_sheet_page_draw(&canvas, sheet, qr, gap);
		status = AKITA_SHEET_EXIT_DONE;
	}
	/* A character that was never meant to be drawn cannot be missing. */
	if (canvas.missing[0] != '\0')
		status = give_up(AKITA_SHEET_EXIT_GLYPH, canvas.missing);
	cairo_show_page(canvas.cr);
	cairo_destroy(canvas.cr);
	return status;
}

static enum akita_sheet_exit
make_pdf(const struct akita_sheet *sheet, struct pdf *pdf)
{
	AKITA_QR_AUTO struct akita_qr *qr = NULL;
	enum akita_sheet_exit status = AKITA_SHEET_EXIT_FAILED;
	cairo_surface_t *surface = NULL;
	cairo_status_t trouble;

	if (akita_qr_make_paper(sheet->uri, &qr) != AKITA_OK)
		return give_up(AKITA_SHEET_EXIT_FAILED, "QR");
	surface = cairo_pdf_surface_create_for_stream(on_pdf, pdf,
	    AKITA_PAGE_WIDTH, AKITA_PAGE_HEIGHT);
	status = draw(surface, sheet, qr);
	cairo_surface_finish(surface);
	trouble = cairo_surface_status(surface);
	if (status == AKITA_SHEET_EXIT_DONE &&
	    trouble != CAIRO_STATUS_SUCCESS)
		status = give_up(AKITA_SHEET_EXIT_FAILED,
		    cairo_status_to_string(trouble));
	cairo_surface_destroy(surface);
	return status;
}

static enum akita_sheet_exit
run(char text[AKITA_SHEET_WIRE_MAX + 1], struct pdf *pdf)
{
	enum akita_sheet_exit status = AKITA_SHEET_EXIT_FAILED;
	struct akita_sheet sheet = { 0 };
	const char *entry = "description";
	size_t len;

	if (isatty(STDIN_FILENO) || akita_fdio_read(STDIN_FILENO, text,
	    AKITA_SHEET_WIRE_MAX, &len) != AKITA_OK ||
	    akita_sheet_wire_decode(text, len, &sheet, &entry) != AKITA_OK)
		return give_up(AKITA_SHEET_EXIT_USAGE, entry);
	status = make_pdf(&sheet, pdf);
	if (status == AKITA_SHEET_EXIT_DONE &&
	    akita_fdio_write(STDOUT_FILENO, pdf->bytes, pdf->len) != AKITA_OK)
		status = give_up(AKITA_SHEET_EXIT_WRITE, strerror(errno));
	return status;
}

int
main(void)
{
	enum akita_sheet_exit status = AKITA_SHEET_EXIT_FAILED;
	char text[AKITA_SHEET_WIRE_MAX + 1] = { 0 };
	struct pdf pdf = { 0 };

	harden();
	pdf.bytes = malloc(PDF_MAX);
	if (pdf.bytes == NULL)
		return (int)give_up(AKITA_SHEET_EXIT_FAILED,
		    strerror(ENOMEM));
	status = run(text, &pdf);
	akita_wipe(text, sizeof(text));
	akita_wipe(pdf.bytes, pdf.len);
	free(pdf.bytes);
	return (int)status;
}
