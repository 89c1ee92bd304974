/*
 * names.h (rank 0): checks of what people type about an account: names,
 * codes, numbers of forms, mail addresses.
 *
 * A check answers AKITA_OK, or AKITA_ERR_USAGE with why, which may be NULL.
 * Control characters are those of akita_utf8_is_control (utf8.h).
 */
#ifndef AKITA_NAMES_H
#define AKITA_NAMES_H

#include "common/result.h"
#include "common/text.h"

/* The most bytes of each, without the NUL. */
#define AKITA_ACCOUNT_MAX	64
#define AKITA_NAME_MAX		96
#define AKITA_BRANCH_MAX	16
#define AKITA_FORM_MAX		32
#define AKITA_NOTE_MAX		200
#define AKITA_MAIL_MAX		254

/* An account name: 1 to 64 bytes of UTF-8 without control characters. */
enum akita_rc	akita_account_check(const char *name, struct akita_why *why)
		    AKITA_MUST_CHECK;
/* A person's name for display: 0 to 96 bytes, likewise. */
enum akita_rc	akita_name_check(const char *name, struct akita_why *why)
		    AKITA_MUST_CHECK;
/* A branch code: 1 to 16 of A-Z a-z 0-9 . _ - */
enum akita_rc	akita_branch_check(const char *branch, struct akita_why *why)
		    AKITA_MUST_CHECK;
/* The number of a paper form: 1 to 32 bytes of UTF-8, no control characters. */
enum akita_rc	akita_form_check(const char *form, struct akita_why *why)
		    AKITA_MUST_CHECK;
/* A remark of staff: 0 to 200 bytes, likewise. */
enum akita_rc	akita_note_check(const char *note, struct akita_why *why)
		    AKITA_MUST_CHECK;

/*
 * One mail address, local@domain, that is safe in a header and as sendmail's
 * argument: up to 254 printable ASCII characters without spaces and
 * < > , ; : " ( ) \ [ ]; a local part of 1 to 64 that is a dot-atom (RFC 5321
 * section 4.1.2; no quoting), not starting with '-', '/', '|' or '.'; further
 * dots may stand anywhere, also in a row or last, because Japanese carriers
 * gave out such addresses; a domain of labels of 1 to 63 letters, digits and
 * inner hyphens, the last not all digits (a single label is accepted:
 * root@localhost); nothing that looks like an RFC 2047 encoded word.
 */
enum akita_rc	akita_mail_check(const char *mail, struct akita_why *why)
		    AKITA_MUST_CHECK;

#endif
