/* otpadm release */
#include "cli/ask.h"
#include "cli/change.h"
#include "cli/cli.h"

enum akita_rc
akita_cmd_release(struct akita_cli *cli, struct akita_why *why)
{
	AKITA_ACCOUNT_AUTO struct akita_account account = { 0 };
	struct akita_event event = {
		.kind = AKITA_EVENT_RELEASE,
		.form = cli->opt[AKITA_OPT_FORM],
	};
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if ((rc = akita_change_check_texts(cli, why)) != AKITA_OK)
		return rc;
	rc = akita_change_check(cli, &event, &account, why);
	if (rc != AKITA_OK)
		return rc;
	rc = akita_ask_sure(cli, akita_tr(cli->lang, "This ends the service "
	    "for the account: its token is destroyed and its user ID never "
	    "used again."), why);
	if (rc != AKITA_OK)
		return rc;
	return akita_change_make(cli, &event, why);
}
