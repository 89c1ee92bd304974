/*
 * mailtext.h (rank 2): mails to customers as text (RFC 5322), from templates
 * that an administrator may edit.  Never a secret: there is no variable for
 * one.
 *
 * A template is a file EVENT.LANG.txt in UTF-8:
 *
 *	# comments may stand here
 *	Subject: ワンタイムパスワードのお知らせ
 *
 *	@NAME@ 様
 *	...
 *
 * The words between two @ are replaced: @SERVICE_NAME@ @SERVICE_ID@ @USER_ID@
 * @USER@ @NAME@ @CONTACT@ @EXPIRES@.  Any other word of capitals and
 * underscores between two @ is an error.  A line of the body with a variable
 * that has no value is left out.
 */
#ifndef AKITA_MAILTEXT_H
#define AKITA_MAILTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/names.h"
#include "common/trust.h"
#include "common/words.h"

#define AKITA_MAIL_TEXT		6144	/* bytes of a message, with NUL */
#define AKITA_MAIL_TEMPLATE	4096	/* bytes of a template, with NUL */

enum akita_mail_kind {
	AKITA_MAIL_REGISTERED,		/* 申請お取扱い開始 */
	AKITA_MAIL_ISSUED,		/* service ID, user ID */
	AKITA_MAIL_ISSUED_NOTICE,	/* the same happened, without them */
	AKITA_MAIL_ACTIVATED,
	AKITA_MAIL_LOCKED,
	AKITA_MAIL_SUSPENDED,
	AKITA_MAIL_RESUMED,
	AKITA_MAIL_RELEASED,
	AKITA_MAIL_KIND_COUNT
};

/* "registered", "issued", "issued-notice", …: EVENT of the file's name; "?"
 * otherwise. */
const char	*akita_mail_kind_name(enum akita_mail_kind kind);
/* The reverse; false: there is none of that name, *ret untouched. */
bool		 akita_mail_kind_parse(const char *name,
		    enum akita_mail_kind *ret);

/* A mail's head and the values of its variables.  A string may be NULL: it has
 * no value; from, to and id may not. */
struct akita_mail {
	const char	*from;		/* address (names.h) */
	const char	*from_name;	/* shown with it */
	const char	*to;		/* address */
	int64_t		 date_s;	/* Unix seconds, 0 to year 9999 */
	const char	*id;		/* letters, digits, '-', '.': unique */
	const char	*service_name;
	const char	*service_id;
	const char	*user_id;
	const char	*user;
	const char	*name;
	const char	*contact;
	const char	*expires;
};

/*
 * Read the template of kind in lang from the first of the directories (ended
 * by NULL) that has it.  AKITA_OK; AKITA_ERR_MISSING: none has it;
 * AKITA_ERR_MALFORMED: longer than fits; others as akita_trust_open.
 */
enum akita_rc	akita_mailtext_template(enum akita_mail_kind kind,
		    enum akita_lang lang, const char *const *dirs,
		    const struct akita_trust *policy,
		    char ret[AKITA_MAIL_TEMPLATE], struct akita_why *why)
		    AKITA_MUST_CHECK;

/*
 * The whole message, with lines that end in LF: From, To, Subject, Date,
 * Message-ID, MIME headers, body.  What is not ASCII, or looks like an encoded
 * word, is encoded (RFC 2047); a body that is not plain ASCII is base64.
 * Control characters in a value become '?', so that no value begins a header.
 * AKITA_OK; AKITA_ERR_MALFORMED: the template is none, or the message would be
 * longer than AKITA_MAIL_TEXT; AKITA_ERR_USAGE: an address or the date is
 * none, or id has another character.
 */
enum akita_rc	akita_mailtext_render(const char *template,
		    const struct akita_mail *mail, char ret[AKITA_MAIL_TEXT],
		    struct akita_why *why) AKITA_MUST_CHECK;

/* The address in the message's To header: "" if there is none. */
void		akita_mailtext_to(const char *text,
		    char ret[AKITA_MAIL_MAX + 1]);

#endif
