/*
 * draw_qr utf8|ansi|ascii|png|svg|paper|size: draw the line on standard input
 * as otpadm does; "paper" is a PNG of what the sheet would hold, "size" the
 * columns and rows in UTF-8.  For the tests.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/qr.h"

static enum akita_rc
draw(const struct akita_qr *qr, const char *style)
{
	if (strcmp(style, "utf8") == 0)
		return akita_qr_draw(qr, AKITA_QR_UTF8, stdout);
	if (strcmp(style, "ansi") == 0)
		return akita_qr_draw(qr, AKITA_QR_ANSI, stdout);
	if (strcmp(style, "ascii") == 0)
		return akita_qr_draw(qr, AKITA_QR_ASCII, stdout);
	if (strcmp(style, "png") == 0 || strcmp(style, "paper") == 0)
		return akita_qr_png(qr, STDOUT_FILENO);
	if (strcmp(style, "svg") == 0)
		return akita_qr_svg(qr, STDOUT_FILENO);
	if (strcmp(style, "size") != 0)
		return AKITA_ERR_USAGE;
	printf("%u %u\n", akita_qr_columns(qr, AKITA_QR_UTF8),
	    akita_qr_rows(qr, AKITA_QR_UTF8));
	return AKITA_OK;
}

int
main(int argc, char **argv)
{
	AKITA_QR_AUTO struct akita_qr *qr = NULL;
	enum akita_rc rc = AKITA_ERR_USAGE;
	char text[4096];

	if (argc != 2 || fgets(text, sizeof(text), stdin) == NULL)
		return 2;
	text[strcspn(text, "\n")] = '\0';
	if (strcmp(argv[1], "paper") == 0)
		rc = akita_qr_make_paper(text, &qr);
	else
		rc = akita_qr_make(text, &qr);
	if (rc == AKITA_OK)
		rc = draw(qr, argv[1]);
	if (rc != AKITA_OK)
		fprintf(stderr, "draw_qr: %s\n", akita_rc_word(rc));
	return rc == AKITA_OK ? 0 : 1;
}
