/* otpadm recovery */
#include <stdio.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/change.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "common/recovery.h"

#define CODES_DEFAULT	10

struct codes {
	struct akita_recovery	 code[AKITA_RECOVERY_MAX];
	const char		*text[AKITA_RECOVERY_MAX];
	unsigned int		 n;
};

static void
codes_wipe(struct codes *codes)
{
	akita_wipe(codes, sizeof(*codes));
}

static enum akita_rc
draw_codes(const struct akita_random *random, unsigned int n,
    struct codes *ret)
{
	uint8_t bytes[AKITA_RECOVERY_RANDOM];
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	for (ret->n = 0; ret->n < n; ) {
		rc = random->fill(random->ctx, bytes, sizeof(bytes));
		if (rc != AKITA_OK)
			break;
		if (!akita_recovery_make(bytes, &ret->code[ret->n]))
			continue;
		ret->text[ret->n] = ret->code[ret->n].text;
		ret->n++;
	}
	akita_wipe(bytes, sizeof(bytes));
	return rc;
}

static enum akita_rc
print_codes(const struct akita_cli *cli, const struct codes *codes,
    const struct akita_account *account, struct akita_why *why)
{
	json_t *root, *array;
	unsigned int i;

	if (!cli->is_json) {
		(void)printf(akita_tr(cli->lang, "Recovery codes of %s, shown "
		    "this once; each opens one login:\n"), cli->nss.name);
		for (i = 0; i < codes->n; i++)
			(void)printf("  %s\n", codes->text[i]);
		return akita_output_flush(why);
	}
	root = akita_output_json(cli, account);
	array = json_array();
	for (i = 0; i < codes->n; i++)
		if (json_array_append_new(array,
		    json_string(codes->text[i])) != 0)
			break;
	if (json_object_set_new(root, "codes", array) != 0 || i < codes->n) {
		json_decref(root);
		return AKITA_ERR_NOMEM;
	}
	return akita_output_object(root, why);
}

enum akita_rc
akita_cmd_recovery(struct akita_cli *cli, struct akita_why *why)
{
	AKITA_ACCOUNT_AUTO struct akita_account account = { 0 };
	__attribute__((cleanup(codes_wipe))) struct codes codes = { 0 };
	AKITA_TOKEN_AUTO struct akita_token token = { 0 };
	struct akita_change change = {
		.event = { .kind = AKITA_EVENT_RECOVERY, .token = &token },
	};
	struct akita_request req = akita_cli_request(cli);
	unsigned int n = akita_cli_has(cli, AKITA_OPT_COUNT_CODES) ?
	    akita_cli_number(cli, AKITA_OPT_COUNT_CODES) : CODES_DEFAULT;
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if ((rc = akita_change_check_texts(cli, why)) != AKITA_OK)
		return rc;
	change.event.form = req.form;
	rc = akita_change_check(cli, &change.event, &account, why);
	if (rc == AKITA_OK && account.token.recovery_count > 0)
		rc = akita_ask_sure(cli, akita_tr(cli->lang, "This ends the "
		    "recovery codes that the account has."), why);
	if (rc == AKITA_OK)
		rc = draw_codes(cli->site.random, n, &codes);
	if (rc != AKITA_OK)
		return rc;
	token.recovery_count = codes.n;
	change.codes = codes.text;
	change.n_codes = codes.n;
	rc = akita_admin_change(&cli->site, &req, &change, &account, why);
	if (!akita_change_is_made(rc))
		return rc;
	return akita_change_end(rc, print_codes(cli, &codes, &account, why));
}
