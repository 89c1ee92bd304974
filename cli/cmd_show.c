/* otpadm show */
#include "cli/cli.h"
#include "cli/output.h"

enum akita_rc
akita_cmd_show(struct akita_cli *cli, struct akita_why *why)
{
	const struct akita_account *account;
	struct akita_txn *txn = NULL;
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	rc = akita_txn_begin(cli->site.store, cli->nss.name, AKITA_TXN_PEEK,
	    &txn, why);
	if (rc != AKITA_OK)
		return rc;
	account = akita_txn_account(txn);
	if (account->slot.state == AKITA_STATE_UNREGISTERED)
		rc = akita_fail(why, AKITA_ERR_NO_ACCOUNT, AKITA_N("%s: there "
		    "is no such account; otpadm list shows those there are"),
		    cli->nss.name, NULL);
	else
		rc = akita_output_account(cli, account, AKITA_IN_SHOW, why);
	akita_txn_end(&txn);
	return rc;
}
