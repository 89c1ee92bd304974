/* otpadm suspend */
#include "cli/change.h"
#include "cli/cli.h"

enum akita_rc
akita_cmd_suspend(struct akita_cli *cli, struct akita_why *why)
{
	struct akita_event event = { .kind = AKITA_EVENT_SUSPEND };
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if ((rc = akita_change_check_texts(cli, why)) != AKITA_OK)
		return rc;
	if (!akita_reason_parse(cli->opt[AKITA_OPT_REASON], &event.reason))
		return AKITA_ERR_USAGE;
	return akita_change_make(cli, &event, why);
}
