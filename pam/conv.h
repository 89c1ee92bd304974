/*
 * conv.h: asking and telling through the application's conversation.
 *
 * An application may answer anything: nothing, success without an answer, a
 * megabyte, an answer beside an error.  Whatever comes back is wiped and
 * freed here; nobody else sees the application's memory.
 */
#ifndef AKITA_CONV_H
#define AKITA_CONV_H

#include <security/pam_modules.h>

#include "common/result.h"
#include "common/secret.h"

/*
 * Ask one question.  style: PAM_PROMPT_ECHO_ON or PAM_PROMPT_ECHO_OFF.
 * PAM_SILENT is no matter here: a question is always asked.
 *
 * AKITA_OK: *ret_answer is what was typed; empty where it was longer than
 * AKITA_ANSWER_MAX, so that it can be right nowhere.  AKITA_ERR_CONV: no
 * conversation, it failed, or gave no answer; AKITA_ERR_CONV_AGAIN.
 */
enum akita_rc	akita_conv_ask(pam_handle_t *pamh, int style, const char *text,
		    struct akita_answer *ret_answer) AKITA_MUST_CHECK;

/* Show one line (PAM_ERROR_MSG).  Whether it arrives is not told. */
void		akita_conv_tell(pam_handle_t *pamh, const char *text);

/* The result for what a function of libpam returned other than success. */
enum akita_rc	akita_conv_result(int pam_code);

#endif
