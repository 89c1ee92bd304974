/*
 * mailview.h: a message as people read it: encoded words and a base64 body in
 * plain UTF-8 again.
 */
#ifndef AKITA_CLI_MAILVIEW_H
#define AKITA_CLI_MAILVIEW_H

#include <stdio.h>

/* Print From, To and Subject, an empty line, and the body of text, a message
 * of mailtext.h. */
void	akita_mailview_print(const char *text, FILE *out);

#endif
