#include "pam/conv.h"

#include <stdlib.h>
#include <string.h>

enum akita_rc
akita_conv_result(int pam_code)
{
	if (pam_code == PAM_CONV_AGAIN || pam_code == PAM_INCOMPLETE)
		return AKITA_ERR_CONV_AGAIN;
	if (pam_code == PAM_BUF_ERR)
		return AKITA_ERR_NOMEM;
	return AKITA_ERR_CONV;
}

/* Wipe and free what the application gave us, also beside an error: libpam
 * itself does so, and applications rely on it. */
static void
drop(struct pam_response **response)
{
	if (*response == NULL)
		return;
	if ((*response)->resp != NULL) {
		akita_wipe((*response)->resp, strlen((*response)->resp));
		free((*response)->resp);
	}
	free(*response);
	*response = NULL;
}

/* Hand over one message. */
static enum akita_rc
converse(pam_handle_t *pamh, int style, const char *text,
    struct pam_response **ret_response)
{
	const struct pam_message message = { .msg_style = style, .msg = text };
	const struct pam_message *messages[1] = { &message };
	const struct pam_conv *conv;
	const void *item = NULL;
	int code;

	if (pam_get_item(pamh, PAM_CONV, &item) != PAM_SUCCESS || item == NULL)
		return AKITA_ERR_CONV;
	conv = item;
	if (conv->conv == NULL)
		return AKITA_ERR_CONV;
	code = conv->conv(1, messages, ret_response, conv->appdata_ptr);
	return code == PAM_SUCCESS ? AKITA_OK : akita_conv_result(code);
}

enum akita_rc
akita_conv_ask(pam_handle_t *pamh, int style, const char *text,
    struct akita_answer *ret_answer)
{
	struct pam_response *response = NULL;
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	rc = converse(pamh, style, text, &response);
	if (rc != AKITA_OK)
		goto out;
	if (response == NULL || response->resp == NULL) {
		rc = AKITA_ERR_CONV;
		goto out;
	}
	(void)akita_answer_set(ret_answer, response->resp);
out:
	drop(&response);
	return rc;
}

void
akita_conv_tell(pam_handle_t *pamh, const char *text)
{
	struct pam_response *response = NULL;

	/* Nothing depends on it: the answer to the login stays what it is. */
	(void)converse(pamh, PAM_ERROR_MSG, text, &response);
	drop(&response);
}
