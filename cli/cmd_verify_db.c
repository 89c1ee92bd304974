/* otpadm verify-db */
#include "cli/check.h"
#include "cli/cli.h"

enum akita_rc
akita_cmd_verify_db(struct akita_cli *cli, struct akita_why *why)
{
	struct akita_findings findings = {
		.cli = cli,
		.list = cli->is_json ? json_array() : NULL,
	};
	struct akita_check_report report = { 0 };
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	rc = akita_store_verify(cli->site.store, akita_findings_add, &findings,
	    &report, why);
	if (rc != AKITA_OK) {
		json_decref(findings.list);
		return rc;
	}
	rc = akita_findings_print(&findings, &report, why);
	if (rc != AKITA_OK || !akita_findings_is_bad(&report))
		return rc;
	return akita_fail(why, AKITA_ERR_DATABASE, AKITA_N("%s is damaged; "
	    "nothing was changed. \"otpadm repair\" rebuilds it from what is "
	    "good"), cli->site.settings->database, NULL);
}
