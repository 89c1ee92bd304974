/*
 * issue.h: what an issue hands over: QR code on the terminal, as a picture, on
 * the sheet; the key for typing; JSON.
 */
#ifndef AKITA_CLI_ISSUE_H
#define AKITA_CLI_ISSUE_H

#include "cli/outfile.h"
#include "cli/output.h"
#include "common/base32.h"
#include "common/keyuri.h"

/* Characters of the longest key in groups of four. */
#define AKITA_ISSUE_KEY	(AKITA_BASE32_SIZE(AKITA_KEY_MAX) * 5 / 4 + 2)

/* A new token as it is handed over.  Secret: AKITA_HANDOVER_AUTO. */
struct akita_handover {
	const struct akita_account	*account;
	const struct akita_token	*token;	/* in it: new, or waiting */
	struct akita_uri		 uri;
	char				 key[AKITA_ISSUE_KEY];
};

void		akita_handover_wipe(struct akita_handover *handover);
#define AKITA_HANDOVER_AUTO __attribute__((cleanup(akita_handover_wipe)))

/* URI and key of token, which is (or is going to be) account's. */
enum akita_rc	akita_handover_make(const struct akita_settings *settings,
		    const struct akita_account *account,
		    const struct akita_token *token,
		    struct akita_handover *ret, struct akita_why *why)
		    AKITA_MUST_CHECK;

struct akita_issue_files {
	struct akita_outfile	picture;	/* --qr-file */
	struct akita_outfile	sheet;		/* --sheet */
};

/* Are the files' names such as can be made?  Before the first prompt. */
enum akita_rc	akita_issue_files_check(const struct akita_cli *cli,
		    struct akita_why *why) AKITA_MUST_CHECK;
enum akita_rc	akita_issue_files_make(const struct akita_cli *cli,
		    struct akita_issue_files *files, struct akita_why *why)
		    AKITA_MUST_CHECK;
/* Write both from the beginning. */
enum akita_rc	akita_issue_files_write(const struct akita_cli *cli,
		    struct akita_issue_files *files,
		    const struct akita_handover *handover,
		    struct akita_why *why) AKITA_MUST_CHECK;
enum akita_rc	akita_issue_files_keep(struct akita_issue_files *files,
		    struct akita_why *why) AKITA_MUST_CHECK;
void		akita_issue_files_end(struct akita_issue_files *files);
#define AKITA_ISSUE_FILES_AUTO \
    __attribute__((cleanup(akita_issue_files_end)))

/* With --print: could the sheet be made and printed?  Nothing is printed. */
enum akita_rc	akita_issue_sheet_check(const struct akita_cli *cli,
		    const struct akita_handover *handover,
		    struct akita_why *why) AKITA_MUST_CHECK;
/* With --print: print the sheet. */
enum akita_rc	akita_issue_sheet_print(const struct akita_cli *cli,
		    const struct akita_handover *handover,
		    struct akita_why *why) AKITA_MUST_CHECK;

/* A QR code is going to be drawn: is the library for it there? */
enum akita_rc	akita_issue_check_drawing(const struct akita_cli *cli,
		    struct akita_why *why) AKITA_MUST_CHECK;

/* Print it: account, key, QR code, or JSON; and write out stdout. */
enum akita_rc	akita_issue_print(const struct akita_cli *cli,
		    const struct akita_handover *handover,
		    struct akita_why *why) AKITA_MUST_CHECK;

#endif
