/* otpadm init */
#include <stdio.h>

#include "cli/cli.h"
#include "cli/output.h"

enum akita_rc
akita_cmd_init(struct akita_cli *cli, struct akita_why *why)
{
	const struct akita_settings *settings = cli->site.settings;
	const struct akita_request req = { .actor = &cli->actor };
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if ((rc = akita_admin_init(&cli->site, &req, why)) != AKITA_OK)
		return rc;
	if (cli->is_json)
		return akita_output_object(json_pack("{s:s,s:s,s:s}",
		    "database", settings->database,
		    "key_file", settings->key_file,
		    "audit_file", settings->audit_file), why);
	(void)printf(akita_tr(cli->lang, "made: %s (key ring; keep a copy "
	    "apart from the database)\n"), settings->key_file);
	(void)printf(akita_tr(cli->lang, "made: %s (database)\n"),
	    settings->database);
	return AKITA_OK;
}
