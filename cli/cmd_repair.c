/* otpadm repair */
#include "cli/check.h"
#include "cli/cli.h"

enum akita_rc
akita_cmd_repair(struct akita_cli *cli, struct akita_why *why)
{
	struct akita_findings findings = {
		.cli = cli,
		.list = cli->is_json ? json_array() : NULL,
	};
	struct akita_check_report report = { 0 };
	struct akita_why trouble = { .msgid = NULL };
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	rc = akita_store_repair(cli->site.store, akita_findings_add, &findings,
	    &report, why);
	if (rc != AKITA_OK) {
		json_decref(findings.list);
		return rc;
	}
	rc = akita_findings_print(&findings, &report, why);
	if (rc != AKITA_OK)
		return rc;
	rc = akita_admin_record(&cli->site, &cli->actor, "repair", &trouble);
	if (rc != AKITA_OK)
		akita_cli_tell(cli, &trouble);
	if (akita_findings_is_bad(&report))
		return akita_fail(why, AKITA_ERR_PARTIAL, AKITA_N("%s was "
		    "rebuilt without what was damaged; the old file stays "
		    "beside it. Issue anew to the customers concerned"),
		    cli->site.settings->database, NULL);
	if (rc != AKITA_OK)
		return akita_fail(why, AKITA_ERR_PARTIAL, AKITA_N("%s was "
		    "rebuilt, and the old file stays beside it; but this "
		    "could not be recorded in the audit log"),
		    cli->site.settings->database, NULL);
	return AKITA_OK;
}
