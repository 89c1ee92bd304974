#include "cli/change.h"

#include <stdio.h>

#include "cli/output.h"
#include "common/names.h"

enum akita_rc
akita_change_check(struct akita_cli *cli, const struct akita_event *event,
    struct akita_account *ret_account, struct akita_why *why)
{
	return akita_admin_check(&cli->site, cli->nss.name, event, ret_account,
	    why);
}

void
akita_change_copy(char *field, size_t size, const char *text)
{
	(void)snprintf(field, size, "%s", text != NULL ? text : "");
}

enum akita_rc
akita_change_check_texts(const struct akita_cli *cli, struct akita_why *why)
{
	static const struct {
		enum akita_opt	opt;
		enum akita_rc	(*check)(const char *text,
				    struct akita_why *why);
	} texts[] = {
		{ AKITA_OPT_NAME, akita_name_check },
		{ AKITA_OPT_BRANCH, akita_branch_check },
		{ AKITA_OPT_FORM, akita_form_check },
		{ AKITA_OPT_NOTE, akita_note_check },
		{ AKITA_OPT_RELEASE_REASON, akita_note_check },
		{ AKITA_OPT_MAIL, akita_mail_check },
		{ AKITA_OPT_MAIL_DEVICE, akita_mail_check },
	};
	enum akita_rc rc = AKITA_OK;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]) && rc == AKITA_OK; i++)
		if (akita_cli_has(cli, texts[i].opt))
			rc = texts[i].check(cli->opt[texts[i].opt], why);
	return rc;
}

enum akita_rc
akita_change_make(struct akita_cli *cli, const struct akita_event *event,
    struct akita_why *why)
{
	AKITA_ACCOUNT_AUTO struct akita_account account = { 0 };
	struct akita_change change = { .event = *event };
	struct akita_request req = akita_cli_request(cli);
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	change.event.form = req.form;
	rc = akita_admin_change(&cli->site, &req, &change, &account, why);
	if (!akita_change_is_made(rc))
		return rc;
	return akita_change_end(rc, akita_output_account(cli, &account,
	    AKITA_IN_BRIEF, why));
}
