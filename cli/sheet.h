/*
 * sheet.h (cli): the page that branch staff hand to a customer with a new
 * token.  The page is made by a program of its own, akita-otp-sheet, so that
 * otpadm needs neither pango nor cairo; this is its client.
 *
 * The page holds the key, in clear and as a QR code.  It never holds the
 * activation password.
 */
#ifndef AKITA_SHEET_H
#define AKITA_SHEET_H

#include <stdbool.h>

#include "common/result.h"

#ifndef AKITA_LIBEXECDIR
#define AKITA_LIBEXECDIR	"/usr/libexec"
#endif
#define AKITA_SHEET_PROGRAM	AKITA_LIBEXECDIR "/akita-otp-sheet"

/*
 * What stands on the page: UTF-8 without control characters, up to 1023 bytes
 * each.  NULL or "" leaves an entry out where that is said.
 */
struct akita_sheet {
	const char	*lang;		/* "ja" or "en" */
	const char	*service_name;	/* the institution */
	const char	*service_id;
	const char	*user_id;
	const char	*user;		/* login name */
	const char	*name;		/* of the customer; may be left out */
	const char	*uri;		/* otpauth://, secret */
	const char	*key_groups;	/* base32 in groups of four, secret */
	const char	*issued;	/* day of issue; may be left out */
	const char	*expires;	/* last day for the start of use; may be
					   left out */
	const char	*contact;	/* may be left out */
	const char	*issuer;	/* name of the entry in the app */
	const char	*algorithm;	/* "SHA1" */
	unsigned int	 digits;	/* 6 to 8 */
	unsigned int	 period;	/* seconds, 15 to 120; 0: by counter */
	unsigned int	 max_failures;	/* wrong codes that lock; 0: not said */
	bool		 has_password;	/* an activation password was chosen */
	bool		 is_replacement; /* the token in use goes on until the
					   start of use of this one */
};

/*
 * Write the page as PDF to fd, which stays open.  helper_path is the program
 * (NULL: AKITA_SHEET_PROGRAM).  It gets the description through its standard
 * input, an environment of two fixed variables, no descriptor but 0 to 2, and
 * can leave no core.  Nothing is written to fd unless the whole page is ready.
 * Waits for the program; changes no signal handler.
 *
 * AKITA_OK; else why has a sentence: AKITA_ERR_USAGE: an entry is missing, too
 * long or no such text, or the page overflows; AKITA_ERR_MISSING: the program
 * or a font for a character is not installed; AKITA_ERR_IO: fd took not all of
 * it, or the program could not be run; AKITA_ERR_INTERNAL: it failed.
 */
enum akita_rc	akita_sheet_write(const struct akita_sheet *sheet,
		    const char *helper_path, int fd, struct akita_why *why)
		    AKITA_MUST_CHECK;

/* Is there an lp to print with?  lp as below.  AKITA_OK; AKITA_ERR_MISSING. */
enum akita_rc	akita_sheet_print_check(const char *lp, struct akita_why *why)
		    AKITA_MUST_CHECK;

/*
 * Make the page and hand it to lp(1), on A4, one-sided; nothing is printed
 * unless the whole page is ready, and no file is made by us (the print system
 * spools it).  lp is its path or name (NULL: "lp"), looked for in /usr/bin,
 * /bin and /usr/local/bin; of the environment it gets HOME, USER, PRINTER,
 * LPDEST and CUPS_SERVER.
 * As akita_sheet_write; AKITA_ERR_MISSING also: no lp; AKITA_ERR_IO also: lp
 * failed.
 */
enum akita_rc	akita_sheet_print(const struct akita_sheet *sheet,
		    const char *helper_path, const char *lp,
		    struct akita_why *why) AKITA_MUST_CHECK;

#endif
