#include "pam/module.h"

#include "pam/conv.h"

#define TEXT_SIZE	1024

/* One line of explanation to the customer; with_contact where the
 * configuration says whom to turn to. */
static void
explain(const struct akita_login *login, const char *msgid,
    const char *with_contact)
{
	const struct akita_settings *settings = login->decider.site.settings;
	struct akita_why why = { 0 };
	char text[TEXT_SIZE];

	if (((unsigned int)login->flags & PAM_SILENT) != 0)
		return;
	if (settings != NULL && settings->contact[0] != '\0')
		(void)akita_fail(&why, AKITA_OK, with_contact,
		    settings->contact, NULL);
	else
		(void)akita_fail(&why, AKITA_OK, msgid, NULL);
	akita_conv_tell(login->pamh, akita_why_text(&why,
	    akita_words_for(login->lang), text, sizeof(text)));
}

static enum akita_reply
answer(const struct akita_login *login, const struct akita_scene *scene,
    enum akita_state state)
{
	switch (state) {
	case AKITA_STATE_ACTIVE:
		akita_login_debug(login, "account in use", NULL);
		return AKITA_REPLY_ACCEPTED;
	case AKITA_STATE_SUSPENDED:
		akita_report_word(&login->log, scene, "rejected", "suspended");
		explain(login, AKITA_N("One-time passwords are suspended for "
		    "this account."), AKITA_N("One-time passwords are "
		    "suspended for this account. Please contact: %s"));
		return AKITA_REPLY_DENIED;
	case AKITA_STATE_LOCKED:
		if (login->args.account_locked != AKITA_ACCOUNT_DENY)
			break;
		akita_report_word(&login->log, scene, "rejected", "locked");
		explain(login, AKITA_N("One-time passwords are locked for "
		    "this account."), AKITA_N("One-time passwords are locked "
		    "for this account. Please contact: %s"));
		return AKITA_REPLY_DENIED;
	case AKITA_STATE_UNREGISTERED:
	case AKITA_STATE_REGISTERED:
	case AKITA_STATE_ISSUED:
	case AKITA_STATE_EXPIRED:
	case AKITA_STATE_RELEASED:
		break;
	case AKITA_STATE_COUNT:
		return AKITA_REPLY_TROUBLE;
	}
	akita_login_debug(login, "account state %s is no business of this "
	    "stage", akita_state_name(state));
	return AKITA_REPLY_NOT_OURS;
}

enum akita_reply
akita_stage_account(struct akita_login *login)
{
	struct akita_why why = { 0 };
	struct akita_peek peek = { 0 };
	struct akita_scene scene;
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if ((rc = akita_login_identify(login, false)) != AKITA_OK)
		return akita_reply_of(rc);
	scene = akita_login_scene(login);
	if (!login->has_name) {
		/* No account can have this name, but NSS might give an alias
		 * of a suspended one: not let through unseen. */
		akita_report_word(&login->log, &scene, "rejected",
		    "malformed");
		return AKITA_REPLY_DENIED;
	}
	rc = akita_decider_peek(&login->decider, &scene, NULL, &peek, &why);
	if (rc != AKITA_OK)
		return akita_login_trouble(login, rc, &why);
	scene.is_known = scene.is_known || akita_report_knows(&peek);
	return answer(login, &scene, peek.state);
}
