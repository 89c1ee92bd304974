/* otpadm register */
#include "cli/change.h"
#include "cli/cli.h"

enum akita_rc
akita_cmd_register(struct akita_cli *cli, struct akita_why *why)
{
	struct akita_identity identity = { 0 };
	struct akita_event event = {
		.kind = AKITA_EVENT_REGISTER,
		.identity = &identity,
	};
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if ((rc = akita_change_check_texts(cli, why)) != AKITA_OK)
		return rc;
	akita_change_copy(identity.user, sizeof(identity.user),
	    cli->nss.name);
	akita_change_copy(identity.name, sizeof(identity.name),
	    cli->opt[AKITA_OPT_NAME]);
	akita_change_copy(identity.branch, sizeof(identity.branch),
	    cli->opt[AKITA_OPT_BRANCH]);
	akita_change_copy(identity.form, sizeof(identity.form),
	    cli->opt[AKITA_OPT_FORM]);
	akita_change_copy(identity.mail, sizeof(identity.mail),
	    cli->opt[AKITA_OPT_MAIL]);
	return akita_change_make(cli, &event, why);
}
