/* otpadm list */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/output.h"

struct listing {
	struct akita_cli	*cli;
	struct akita_listing	*table;	/* for people; NULL: JSON */
	enum akita_state	 state;	/* wanted, if has_state */
	bool			 has_state;
	enum akita_rc		 rc;
	struct akita_why	*why;
};

/* --search: somewhere in what names the account; ASCII in either case. */
static bool
is_found(const struct akita_identity *identity, const char *text)
{
	char user_id[16];

	(void)snprintf(user_id, sizeof(user_id), "%lu",
	    (unsigned long)identity->user_id);
	return strcasestr(identity->user, text) != NULL ||
	    strcasestr(identity->name, text) != NULL ||
	    strcasestr(identity->mail, text) != NULL ||
	    strcasestr(identity->device_mail, text) != NULL ||
	    strcasestr(identity->form, text) != NULL ||
	    strcmp(user_id, text) == 0;
}

static bool
is_wanted(const struct listing *l, const struct akita_account *account)
{
	const struct akita_cli *cli = l->cli;

	if (l->has_state &&
	    akita_state_at(account, akita_cli_now(cli)) != l->state)
		return false;
	if (akita_cli_has(cli, AKITA_OPT_BRANCH) &&
	    strcmp(account->identity.branch, cli->opt[AKITA_OPT_BRANCH]) != 0)
		return false;
	return !akita_cli_has(cli, AKITA_OPT_SEARCH) ||
	    is_found(&account->identity, cli->opt[AKITA_OPT_SEARCH]);
}

static bool
visit(void *ctx, const struct akita_account *account)
{
	struct listing *l = ctx;

	if (!is_wanted(l, account))
		return true;
	if (l->table != NULL)
		l->rc = akita_listing_add(l->table, account);
	else
		l->rc = akita_output_object(akita_output_json(l->cli, account),
		    l->why);
	return l->rc == AKITA_OK;
}

enum akita_rc
akita_cmd_list(struct akita_cli *cli, struct akita_why *why)
{
	struct listing l = { .cli = cli, .rc = AKITA_OK, .why = why };
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if (akita_cli_has(cli, AKITA_OPT_STATE)) {
		l.has_state = akita_state_parse(cli->opt[AKITA_OPT_STATE],
		    &l.state);
		if (!l.has_state)
			return AKITA_ERR_USAGE;
	}
	if (!cli->is_json &&
	    (rc = akita_listing_new(cli, &l.table)) != AKITA_OK)
		return rc;
	/* An issue that has expired shows by a time inside the token. */
	rc = akita_store_each(cli->site.store, true, visit, &l, why);
	if (l.rc != AKITA_OK)
		rc = l.rc;
	if (rc == AKITA_OK && l.table != NULL)
		rc = akita_listing_print(l.table);
	akita_listing_free(&l.table);
	return rc;
}
