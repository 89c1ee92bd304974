/* otpadm issue: a token for an account, or a replacement beside the one in
 * use. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/apps.h"
#include "cli/ask.h"
#include "cli/change.h"
#include "cli/cli.h"
#include "cli/issue.h"

#define USER_ID_LONGEST	UINT32_MAX	/* ten digits: the longest there is */
#define SECONDS_A_DAY	86400

/* The parameters: as configured, where no option says otherwise. */
static enum akita_rc
choose_parameters(const struct akita_cli *cli, struct akita_token *ret,
    struct akita_why *why)
{
	const struct akita_settings *settings = cli->site.settings;

	ret->type = AKITA_TOTP;
	ret->algorithm = (enum akita_hash)settings->algorithm;
	ret->digits = settings->digits;
	ret->period_s = settings->period_s;
	if (akita_cli_has(cli, AKITA_OPT_TYPE) &&
	    !akita_token_type_parse(cli->opt[AKITA_OPT_TYPE], &ret->type))
		return AKITA_ERR_USAGE;
	if (akita_cli_has(cli, AKITA_OPT_ALGORITHM) &&
	    !akita_hash_parse(cli->opt[AKITA_OPT_ALGORITHM], &ret->algorithm))
		return AKITA_ERR_USAGE;
	if (akita_cli_has(cli, AKITA_OPT_DIGITS))
		ret->digits = akita_cli_number(cli, AKITA_OPT_DIGITS);
	if (akita_cli_has(cli, AKITA_OPT_PERIOD))
		ret->period_s = akita_cli_number(cli, AKITA_OPT_PERIOD);
	if (ret->type == AKITA_HOTP) {
		if (akita_cli_has(cli, AKITA_OPT_PERIOD))
			return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("a "
			    "token by counter (hotp) has no --period"), NULL);
		ret->period_s = 0;
	}
	return AKITA_OK;
}

static enum akita_rc
check_app(const struct akita_cli *cli, const struct akita_token *token,
    struct akita_why *why)
{
	struct akita_why warning = { 0 };
	const struct akita_app *app;
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if (!akita_cli_has(cli, AKITA_OPT_APP))
		return AKITA_OK;
	if ((app = akita_app_find(cli->opt[AKITA_OPT_APP], why)) == NULL)
		return AKITA_ERR_USAGE;
	rc = akita_app_check(app, token, &warning, why);
	if (rc == AKITA_OK && warning.msgid != NULL)
		akita_cli_tell(cli, &warning);
	return rc;
}

/* A key from the system's randomness, of the size the algorithm wants. */
static enum akita_rc
draw_key(const struct akita_cli *cli, struct akita_token *token)
{
	const struct akita_random *random = cli->site.random;

	token->key.len = akita_key_size(token->algorithm);
	return random->fill(random->ctx, token->key.bytes, token->key.len);
}

/* Everything that is asked, in order. */
static enum akita_rc
ask_all(const struct akita_cli *cli, const struct akita_account *account,
    bool is_replacement, struct akita_answer *ret_password,
    struct akita_why *why)
{
	enum akita_rc rc = AKITA_OK;

	if (is_replacement ? account->has_waiting : account->has_token)
		rc = akita_ask_sure(cli, akita_tr(cli->lang, "The account has "
		    "a token already: it is destroyed, and its app shows codes "
		    "in vain."), why);
	if (rc == AKITA_OK && cli->site.settings->activation_password)
		rc = akita_ask_new_password(cli, ret_password, why);
	return rc;
}

/*
 * Before anything is changed: write the files with what they are going to
 * hold, but for a user ID that may not be known yet, so that whatever keeps
 * them from being written shows now.
 */
static enum akita_rc
rehearse(const struct akita_cli *cli, const struct akita_account *before,
    const struct akita_token *token, struct akita_issue_files *files,
    struct akita_why *why)
{
	AKITA_ACCOUNT_AUTO struct akita_account account = *before;
	AKITA_HANDOVER_AUTO struct akita_handover handover = { 0 };
	int64_t now_s = akita_cli_now(cli);
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if (account.identity.user_id == 0 ||
	    account.slot.state == AKITA_STATE_RELEASED)
		account.identity.user_id = USER_ID_LONGEST;
	if (account.identity.user[0] == '\0')
		akita_change_copy(account.identity.user,
		    sizeof(account.identity.user), cli->nss.name);
	account.token = *token;
	account.token.issued_at = now_s;
	account.token.expires_at = now_s +
	    (int64_t)cli->site.settings->issue_valid_days * SECONDS_A_DAY;
	rc = akita_handover_make(cli->site.settings, &account, &account.token,
	    &handover, why);
	if (rc != AKITA_OK)
		return rc;
	if ((rc = akita_issue_check_drawing(cli, why)) != AKITA_OK ||
	    (rc = akita_issue_sheet_check(cli, &handover, why)) != AKITA_OK ||
	    (rc = akita_issue_files_make(cli, files, why)) != AKITA_OK)
		return rc;
	return akita_issue_files_write(cli, files, &handover, why);
}

/* It is issued.  What fails from here on is told beside that fact. */
static enum akita_rc
hand_over(const struct akita_cli *cli, const struct akita_account *account,
    bool is_replacement, struct akita_issue_files *files,
    struct akita_why *why)
{
	AKITA_HANDOVER_AUTO struct akita_handover handover = { 0 };
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	rc = akita_handover_make(cli->site.settings, account,
	    is_replacement ? &account->waiting : &account->token, &handover,
	    why);
	if (rc == AKITA_OK)
		rc = akita_issue_files_write(cli, files, &handover, why);
	if (rc == AKITA_OK)
		rc = akita_issue_files_keep(files, why);
	if (rc == AKITA_OK)
		rc = akita_issue_print(cli, &handover, why);
	if (rc == AKITA_OK) {
		/* The customer has the code on the screen all the same. */
		if (akita_issue_sheet_print(cli, &handover, why) == AKITA_OK)
			return AKITA_OK;
		AKITA_CLI_TELL(cli, AKITA_N("the token was issued and shown, "
		    "but its sheet was not printed"), NULL);
		return AKITA_ERR_PARTIAL;
	}
	AKITA_CLI_TELL(cli, AKITA_N("the token was issued, but could not be "
	    "handed over; mend what follows and issue again"), NULL);
	return AKITA_ERR_IO;
}

/* From here to the end no key press interrupts: either nothing was done, or
 * the token is issued and handed over. */
static void
block_signals(sigset_t *ret_mask)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };
	sigset_t set;
	size_t i;

	(void)sigemptyset(&set);
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		(void)sigaddset(&set, ends[i]);
	(void)sigprocmask(SIG_BLOCK, &set, ret_mask);
}

static enum akita_rc
commit(struct akita_cli *cli, const struct akita_change *change,
    const struct akita_account *before, struct akita_why *why)
{
	AKITA_ISSUE_FILES_AUTO struct akita_issue_files files = { 0 };
	AKITA_ACCOUNT_AUTO struct akita_account after = { 0 };
	struct akita_request req = akita_cli_request(cli);
	bool is_replacement = change->event.kind == AKITA_EVENT_REPLACE;
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	rc = rehearse(cli, before, change->event.token, &files, why);
	if (rc == AKITA_OK)
		rc = akita_admin_change(&cli->site, &req, change, &after, why);
	if (!akita_change_is_made(rc))
		return rc;
	return akita_change_end(rc, hand_over(cli, &after, is_replacement,
	    &files, why));
}

enum akita_rc
akita_cmd_issue(struct akita_cli *cli, struct akita_why *why)
{
	AKITA_ACCOUNT_AUTO struct akita_account before = { 0 };
	AKITA_TOKEN_AUTO struct akita_token token = { 0 };
	AKITA_ANSWER_AUTO struct akita_answer password = { 0 };
	struct akita_identity identity = { 0 };
	struct akita_change change = {
		.event = {
			.kind = akita_cli_has(cli, AKITA_OPT_REPLACE) ?
			    AKITA_EVENT_REPLACE : AKITA_EVENT_ISSUE,
			.form = cli->opt[AKITA_OPT_FORM],
			.identity = &identity,
			.token = &token,
		},
	};
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	sigset_t mask;

	akita_change_copy(identity.user, sizeof(identity.user), cli->nss.name);
	if ((rc = akita_change_check_texts(cli, why)) != AKITA_OK ||
	    (rc = choose_parameters(cli, &token, why)) != AKITA_OK ||
	    (rc = check_app(cli, &token, why)) != AKITA_OK ||
	    (rc = akita_issue_files_check(cli, why)) != AKITA_OK ||
	    (rc = akita_change_check(cli, &change.event, &before, why)) !=
	    AKITA_OK)
		return rc;
	akita_change_copy(identity.device_mail, sizeof(identity.device_mail),
	    cli->opt[AKITA_OPT_MAIL_DEVICE]);
	rc = ask_all(cli, &before, change.event.kind == AKITA_EVENT_REPLACE,
	    &password, why);
	if (rc != AKITA_OK || (rc = draw_key(cli, &token)) != AKITA_OK)
		return rc;
	token.has_password = password.len > 0;
	change.password = token.has_password ? password.text : NULL;
	block_signals(&mask);
	rc = commit(cli, &change, &before, why);
	(void)sigprocmask(SIG_SETMASK, &mask, NULL);
	return rc;
}
