/* otpadm verify */
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "cli/ask.h"
#include "cli/cli.h"
#include "cli/output.h"

static const char *
sentence(enum akita_cause cause)
{
	switch (cause) {
	case AKITA_CAUSE_OK:
		return AKITA_N("accepted");
	case AKITA_CAUSE_WRONG:
		return AKITA_N("rejected: the code is wrong");
	case AKITA_CAUSE_REPLAY:
		return AKITA_N("rejected: the code was used already; wait for "
		    "the next one");
	case AKITA_CAUSE_MALFORMED:
		return AKITA_N("rejected: that is no code");
	case AKITA_CAUSE_LOCKED:
		return AKITA_N("rejected: the account is locked");
	case AKITA_CAUSE_SUSPENDED:
		return AKITA_N("rejected: the account is suspended");
	case AKITA_CAUSE_EXPIRED:
		return AKITA_N("rejected: the issue has expired");
	case AKITA_CAUSE_CLOCK:
		return AKITA_N("rejected: this machine's clock is behind the "
		    "last code that was accepted");
	case AKITA_CAUSE_NONE:
	case AKITA_CAUSE_NOT_ACTIVE:
	case AKITA_CAUSE_PASSWORD:
	case AKITA_CAUSE_BURNT:
	default:
		return AKITA_N("rejected: the account is not in use");
	}
}

static enum akita_rc
no_account(const struct akita_cli *cli, struct akita_why *why)
{
	return akita_fail(why, AKITA_ERR_NO_ACCOUNT, AKITA_N("%s: there is no "
	    "such account; otpadm list shows those there are"), cli->nss.name,
	    NULL);
}

static enum akita_rc
print_verdict(struct akita_cli *cli, const struct akita_outcome *outcome,
    struct akita_why *why)
{
	bool accepted = outcome->verdict == AKITA_VERDICT_ACCEPT;

	/* The verdict says it all. */
	memset(why, 0, sizeof(*why));
	cli->answer_is_no = !accepted;
	if (cli->is_json)
		return akita_output_object(json_pack("{s:s,s:s,s:s}",
		    "user", cli->nss.name,
		    "verdict", accepted ? "accepted" : "rejected",
		    "reason", akita_cause_name(outcome->cause)), why);
	(void)printf("%s: %s\n", cli->nss.name, akita_words(cli->lang,
	    sentence(outcome->cause)));
	return AKITA_OK;
}

/* A miss counts here too, so it is logged as one in a login is. */
static void
log_outcome(const struct akita_cli *cli, const struct akita_outcome *outcome)
{
	bool accepted = outcome->verdict == AKITA_VERDICT_ACCEPT;
	struct akita_log_event line = {
		.event = "verify", .user = cli->nss.name, .service = "otpadm",
		.result = accepted ? "accepted" : "rejected",
		.reason = accepted && outcome->by_recovery ? "recovery" :
		    akita_cause_name(outcome->cause),
		.failures = outcome->failures,
		.by = cli->actor.sudo_user[0] != '\0' ?
		    cli->actor.sudo_user : cli->actor.user,
	};

	akita_event_send(cli->site.log, accepted ? LOG_INFO : LOG_NOTICE,
	    &line);
	if (!outcome->locked_now)
		return;
	line.event = "lock";
	line.result = "ok";
	line.reason = "failures";
	akita_event_send(cli->site.log, LOG_WARNING, &line);
}

enum akita_rc
akita_cmd_verify(struct akita_cli *cli, struct akita_why *why)
{
	AKITA_ANSWER_AUTO struct akita_answer code = { 0 };
	struct akita_attempt attempt = { .user = cli->nss.name };
	struct akita_outcome outcome = { 0 };
	struct akita_peek peek = { 0 };
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	rc = akita_verify_peek(&cli->site, cli->nss.name, NULL, NULL, &peek,
	    why);
	if (rc != AKITA_OK)
		return rc;
	if (peek.state == AKITA_STATE_UNREGISTERED)
		return no_account(cli, why);
	rc = akita_ask(cli, akita_tr(cli->lang, "One-time password: "),
	    AKITA_ECHO_ON, &code, why);
	if (rc != AKITA_OK)
		return rc;
	attempt.answer = code.text;
	rc = akita_verify_attempt(&cli->site, &attempt, &outcome, why);
	if (rc != AKITA_OK)
		return rc;
	if (!outcome.known)
		return no_account(cli, why);
	log_outcome(cli, &outcome);
	return print_verdict(cli, &outcome, why);
}
