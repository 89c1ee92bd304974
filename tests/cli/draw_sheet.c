/*
 * draw_sheet write|print PROGRAM [LP]: read a description as akita-otp-sheet
 * takes it from standard input, and make the sheet of it as otpadm does, with
 * that program: to standard output, or printed by LP.  For the tests.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/fdio.h"
#include "cli/sheet.h"
#include "cli/sheet_wire.h"

int
main(int argc, char **argv)
{
	static char text[AKITA_SHEET_WIRE_MAX + 1];
	struct akita_sheet sheet = { 0 };
	struct akita_why why = { 0 };
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	const char *entry = NULL;
	char buf[1024];
	size_t len;

	if (argc < 3 || akita_fdio_read(STDIN_FILENO, text,
	    AKITA_SHEET_WIRE_MAX, &len) != AKITA_OK ||
	    akita_sheet_wire_decode(text, len, &sheet, &entry) != AKITA_OK)
		return 2;
	if (strcmp(argv[1], "print") == 0)
		rc = akita_sheet_print(&sheet, argv[2],
		    argc > 3 ? argv[3] : NULL, &why);
	else
		rc = akita_sheet_write(&sheet, argv[2], STDOUT_FILENO, &why);
	if (rc == AKITA_OK)
		return 0;
	fprintf(stderr, "%s: %s\n", akita_rc_word(rc),
	    akita_why_text(&why, NULL, buf, sizeof(buf)));
	return 1;
}
