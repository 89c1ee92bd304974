/* otpadm activate: the start of use at the counter. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/ask.h"
#include "cli/change.h"
#include "cli/cli.h"
#include "cli/output.h"

/* Tell staff what would explain the code, if anything. */
static void
tell_diagnosis(const struct akita_cli *cli, const struct akita_token *token,
    const struct akita_diagnosis *d)
{
	char number[16], expected[16];

	if (!d->found)
		return;
	if (d->old_token) {
		AKITA_CLI_TELL(cli, AKITA_N("the code is of the token still in "
		    "use: look at the new entry in the app"), NULL);
		return;
	}
	if (token->type == AKITA_TOTP && d->period_s != token->period_s) {
		(void)snprintf(number, sizeof(number), "%u", d->period_s);
		(void)snprintf(expected, sizeof(expected), "%u",
		    token->period_s);
		AKITA_CLI_TELL(cli, AKITA_N("this app ignores the %1$s-second "
		    "period and shows a %2$s-second code: use another app, or "
		    "issue again with --period %2$s"), expected, number, NULL);
	}
	if (d->algorithm != token->algorithm)
		AKITA_CLI_TELL(cli, AKITA_N("this app ignores the algorithm "
		    "%1$s and uses %2$s: use another app, or issue again with "
		    "--algorithm %2$s"), akita_hash_name(token->algorithm),
		    akita_hash_name(d->algorithm), NULL);
	if (d->digits != token->digits) {
		(void)snprintf(number, sizeof(number), "%u", d->digits);
		(void)snprintf(expected, sizeof(expected), "%u",
		    token->digits);
		AKITA_CLI_TELL(cli, AKITA_N("this app ignores that the code "
		    "has %1$s digits and shows %2$s: use another app, or "
		    "issue again with --digits %2$s"), expected, number, NULL);
	}
	if (d->minutes != 0) {
		(void)snprintf(number, sizeof(number), "%d", abs(d->minutes));
		AKITA_CLI_TELL(cli, d->minutes > 0 ? AKITA_N("the phone's "
		    "clock is about %s minutes fast: set it to automatic") :
		    AKITA_N("the phone's clock is about %s minutes slow: set "
		    "it to automatic"), number, NULL);
	}
}

/* The answer is no: say which, and how many tries are left. */
static enum akita_rc
say_no(struct akita_cli *cli, const struct akita_decision *decision,
    struct akita_why *why)
{
	const struct akita_slot *slot = &decision->after.slot;
	unsigned int tries = cli->site.policy.max_wrong_passwords;
	unsigned int limit = cli->site.policy.max_failures;
	char left[16];

	cli->answer_is_no = true;
	switch (decision->cause) {
	case AKITA_CAUSE_BURNT:
		return akita_fail(why, AKITA_OK, AKITA_N("the activation "
		    "password was wrong too often: this issue is void; issue a "
		    "new token"), NULL);
	case AKITA_CAUSE_PASSWORD:
		(void)snprintf(left, sizeof(left), "%u",
		    tries > slot->wrong_passwords ?
		    tries - slot->wrong_passwords : 0);
		return akita_fail(why, AKITA_OK, AKITA_N("the activation "
		    "password is wrong; tries left: %s"), left, NULL);
	case AKITA_CAUSE_REPLAY:
		return akita_fail(why, AKITA_OK, AKITA_N("the code was used "
		    "already; wait for the next one"), NULL);
	case AKITA_CAUSE_MALFORMED:
		return akita_fail(why, AKITA_OK, AKITA_N("that is no code; "
		    "enter the digits that the app shows"), NULL);
	case AKITA_CAUSE_CLOCK:
		return akita_fail(why, AKITA_OK, AKITA_N("this machine's clock "
		    "is behind the last code that was accepted; see resync "
		    "--clock-was-wrong"), NULL);
	case AKITA_CAUSE_NONE:
	case AKITA_CAUSE_OK:
	case AKITA_CAUSE_WRONG:
	case AKITA_CAUSE_LOCKED:
	case AKITA_CAUSE_SUSPENDED:
	case AKITA_CAUSE_NOT_ACTIVE:
	case AKITA_CAUSE_EXPIRED:
	default:
		break;
	}
	if (decision->locked_now || slot->state == AKITA_STATE_LOCKED)
		return akita_fail(why, AKITA_OK, AKITA_N("the code is wrong, "
		    "and the account is locked by too many wrong codes: "
		    "suspend it, then unlock it or issue anew"), NULL);
	(void)snprintf(left, sizeof(left), "%u", limit > slot->failures ?
	    limit - slot->failures : 0);
	return akita_fail(why, AKITA_OK, AKITA_N("the code is wrong; tries "
	    "left: %s"), left, NULL);
}

/* Ask for the activation password, where one is wanted, then a code. */
static enum akita_rc
ask_both(struct akita_cli *cli, bool asks_password,
    struct akita_answer *ret_password, struct akita_answer *ret_code,
    struct akita_why *why)
{
	enum akita_rc rc = AKITA_OK;

	if (asks_password)
		rc = akita_ask(cli, akita_tr(cli->lang,
		    "Activation password: "), AKITA_ECHO_OFF, ret_password,
		    why);
	if (rc == AKITA_OK)
		rc = akita_ask(cli, akita_tr(cli->lang,
		    "One-time password: "), AKITA_ECHO_ON, ret_code, why);
	return rc;
}

enum akita_rc
akita_cmd_activate(struct akita_cli *cli, struct akita_why *why)
{
	AKITA_ACCOUNT_AUTO struct akita_account before = { 0 };
	AKITA_ANSWER_AUTO struct akita_answer password = { 0 }, code = { 0 };
	AKITA_ANSWER_AUTO struct akita_answer normal = { 0 };
	AKITA_DECISION_AUTO struct akita_decision decision = { 0 };
	const struct akita_event event = { .kind = AKITA_EVENT_ACTIVATE };
	struct akita_request req = akita_cli_request(cli);
	struct akita_diagnosis diagnosis = { 0 };
	const struct akita_token *token;
	bool asks_password;
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if ((rc = akita_change_check(cli, &event, &before, why)) != AKITA_OK)
		return rc;
	token = before.has_waiting ? &before.waiting : &before.token;
	asks_password = token->has_password &&
	    cli->site.settings->activation_password;
	rc = ask_both(cli, asks_password, &password, &code, why);
	if (rc != AKITA_OK)
		return rc;
	if (asks_password &&
	    !akita_password_parse(password.text, &normal)) {
		cli->answer_is_no = true;
		return akita_fail(why, AKITA_OK, AKITA_N("that is no "
		    "activation password: it is 4 to 8 digits; nothing was "
		    "counted"), NULL);
	}
	rc = akita_admin_activate(&cli->site, &req,
	    asks_password ? normal.text : NULL, code.text, &decision,
	    &diagnosis, why);
	if (!akita_change_is_made(rc))
		return rc;
	if (decision.verdict == AKITA_VERDICT_ACCEPT)
		return akita_change_end(rc, akita_output_account(cli,
		    &decision.after, AKITA_IN_BRIEF, why));
	if (decision.cause == AKITA_CAUSE_WRONG)
		tell_diagnosis(cli, token, &diagnosis);
	/* say_no leaves the sentence in *why: the end prints it. */
	return say_no(cli, &decision, why);
}
