/*
 * mailtext_head.h (rank 2): the encoding of mail headers and bodies.  Internal
 * to mailtext*.c.
 */
#ifndef AKITA_MAILTEXT_HEAD_H
#define AKITA_MAILTEXT_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Text that grows in a buffer of fixed size; what does not fit sets the
 * error. */
struct akita_mail_out {
	char	*buf;
	size_t	 size;
	size_t	 used;
	bool	 failed;
};

void	akita_mail_put(struct akita_mail_out *out, const char *text);
void	akita_mail_put_bytes(struct akita_mail_out *out, const char *bytes,
	    size_t len);
/* text, without control characters, as the value of a header that has col
 * columns so far: plain if that is safe, else as encoded words of whole
 * characters (RFC 2047), folded at 76 columns. */
void	akita_mail_put_words(struct akita_mail_out *out, size_t col,
	    const char *text);
/* text in base64 (RFC 2045), lines of 76. */
void	akita_mail_put_base64(struct akita_mail_out *out, const char *text);
/* "Tue, 14 Nov 2023 22:13:20 +0000" (RFC 5322); false: out of range. */
bool	akita_mail_put_date(struct akita_mail_out *out, int64_t date_s);
/* Plain ASCII in lines that any mail system carries. */
bool	akita_mail_is_plain(const char *body);

#endif
