/* otpadm unlock */
#include "cli/change.h"
#include "cli/cli.h"

enum akita_rc
akita_cmd_unlock(struct akita_cli *cli, struct akita_why *why)
{
	const struct akita_event event = {
		.kind = AKITA_EVENT_UNLOCK,
		.found = akita_cli_has(cli, AKITA_OPT_FOUND),
	};
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if ((rc = akita_change_check_texts(cli, why)) != AKITA_OK)
		return rc;
	return akita_change_make(cli, &event, why);
}
