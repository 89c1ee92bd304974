/* otpadm resync */
#include <stdio.h>

#include "cli/ask.h"
#include "cli/change.h"
#include "cli/cli.h"
#include "cli/output.h"

enum akita_rc
akita_cmd_resync(struct akita_cli *cli, struct akita_why *why)
{
	AKITA_ACCOUNT_AUTO struct akita_account account = { 0 };
	AKITA_ANSWER_AUTO struct akita_answer first = { 0 }, second = { 0 };
	AKITA_DECISION_AUTO struct akita_decision decision = { 0 };
	const struct akita_event event = { .kind = AKITA_EVENT_RESYNC };
	struct akita_request req = akita_cli_request(cli);
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if ((rc = akita_change_check(cli, &event, &account, why)) != AKITA_OK)
		return rc;
	rc = akita_ask(cli, akita_tr(cli->lang, "One-time password: "),
	    AKITA_ECHO_ON, &first, why);
	if (rc != AKITA_OK)
		return rc;
	rc = akita_ask(cli, akita_tr(cli->lang,
	    "The next one-time password: "), AKITA_ECHO_ON, &second, why);
	if (rc != AKITA_OK)
		return rc;
	rc = akita_admin_resync(&cli->site, &req, first.text, second.text,
	    akita_cli_has(cli, AKITA_OPT_CLOCK), &decision, why);
	if (!akita_change_is_made(rc))
		return rc;
	if (decision.verdict == AKITA_VERDICT_ACCEPT)
		return akita_change_end(rc, akita_output_account(cli,
		    &decision.after, AKITA_IN_BRIEF, why));
	cli->answer_is_no = true;
	(void)akita_fail(why, AKITA_OK, AKITA_N("these are not two consecutive "
	    "codes of this token within reach; nothing was changed. Wait for "
	    "two new codes and enter them in order"), NULL);
	return AKITA_OK;
}
