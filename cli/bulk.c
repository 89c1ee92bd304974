#include "cli/bulk.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/change.h"
#include "cli/issue.h"
#include "common/base32.h"
#include "common/lifecycle.h"
#include "common/seal.h"

#define REFUSALS_SHOWN	20	/* on stderr, where there is no --failed */

const char *const akita_column_names[AKITA_COLUMNS] = {
	[AKITA_COLUMN_USER] = "user",
	[AKITA_COLUMN_NAME] = "name",
	[AKITA_COLUMN_MAIL] = "mail",
	[AKITA_COLUMN_BRANCH] = "branch",
	[AKITA_COLUMN_FORM] = "form",
	[AKITA_COLUMN_PASSWORD] = "activation_password",
};

/* ---- reading ---- */

enum akita_rc
akita_import_header(struct akita_import *import, struct akita_why *why)
{
	struct akita_csv *csv = import->csv;
	enum akita_rc rc = akita_csv_next(csv, why);
	size_t i, column;

	if (rc == AKITA_ERR_MISSING)
		return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("the file is "
		    "empty; its first line must name the columns"), NULL);
	if (rc == AKITA_ERR_MALFORMED)
		return AKITA_ERR_USAGE;
	if (rc != AKITA_OK)
		return rc;
	for (i = 0; i < csv->n; i++) {
		for (column = 0; column < AKITA_COLUMNS; column++)
			if (strcmp(csv->field[i],
			    akita_column_names[column]) == 0)
				break;
		if (column == AKITA_COLUMNS || import->has[column])
			return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("the "
			    "first line has a column \"%s\" that is unknown or "
			    "there twice; columns are user, name, mail, "
			    "branch, form, activation_password"),
			    csv->field[i], NULL);
		import->has[column] = true;
		import->index[column] = i;
	}
	import->n_columns = csv->n;
	if (!import->has[AKITA_COLUMN_USER])
		return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("the first "
		    "line lacks the column \"user\""), NULL);
	return AKITA_OK;
}

static const char *
field(const struct akita_import *import, enum akita_column column)
{
	size_t i = import->index[column];

	if (!import->has[column] || i >= import->csv->n)
		return "";
	return import->csv->field[i];
}

static const char *
field_or_null(const struct akita_import *import, enum akita_column column)
{
	const char *text = field(import, column);

	return text[0] != '\0' ? text : NULL;
}

static void
show_progress(struct akita_import *import)
{
	off_t at;
	int percent, i;

	if (!import->has_progress || import->size <= 0 ||
	    (at = ftello(import->csv->in)) < 0)
		return;
	percent = (int)(at * 100 / import->size);
	if (percent == import->percent)
		return;
	import->percent = percent;
	(void)fputs("\r[", stderr);
	for (i = 0; i < 50; i++)
		(void)fputc(i < percent / 2 ? '#' : ' ', stderr);
	(void)fprintf(stderr, "] %3d%%", percent);
	(void)fflush(stderr);
}

/* A row that is refused: to --failed, or the first ones to stderr. */
static void
refuse(struct akita_import *import, unsigned long line, const char *const
    fields[AKITA_COLUMNS], const struct akita_why *why)
{
	char reason[1024], number[24];
	size_t column;

	import->refused++;
	(void)akita_why_text(why, akita_words_for(import->cli->lang), reason,
	    sizeof(reason));
	(void)snprintf(number, sizeof(number), "%lu", line);
	if (import->failed != NULL) {
		for (column = 0; column < AKITA_COLUMN_PASSWORD; column++)
			akita_csv_put(import->failed, fields[column], 0);
		akita_csv_put(import->failed, number, 0);
		akita_csv_put(import->failed, reason, 1);
		return;
	}
	if (import->refused > REFUSALS_SHOWN)
		return;
	if (import->has_progress)
		(void)fputc('\n', stderr);
	AKITA_CLI_TELL(import->cli, AKITA_N("line %s (%s) refused: %s"),
	    number, fields[AKITA_COLUMN_USER], reason, NULL);
}

static void
refuse_row(struct akita_import *import, const struct akita_why *why)
{
	const char *fields[AKITA_COLUMNS];
	size_t column;

	for (column = 0; column < AKITA_COLUMNS; column++)
		fields[column] = field(import, (enum akita_column)column);
	refuse(import, import->csv->row_line, fields, why);
}

/* ---- a row becomes an account ---- */

/* The account's name: the name service's spelling. */
static enum akita_rc
look_up(const struct akita_import *import, struct akita_nss *ret_nss,
    struct akita_why *why)
{
	const char *typed = field(import, AKITA_COLUMN_USER);
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if (!import->is_exact)
		return akita_nss_lookup(typed, ret_nss, why);
	if ((rc = akita_account_check(typed, why)) == AKITA_OK)
		akita_change_copy(ret_nss->name, sizeof(ret_nss->name), typed);
	return rc;
}

static enum akita_rc
check_fields(const struct akita_import *import, struct akita_nss *ret_nss,
    struct akita_why *why)
{
	const char *mail = field_or_null(import, AKITA_COLUMN_MAIL);
	const char *branch = field_or_null(import, AKITA_COLUMN_BRANCH);
	const char *form = field_or_null(import, AKITA_COLUMN_FORM);
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if (import->csv->n != import->n_columns)
		return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("the row has "
		    "not as many fields as the first line"), NULL);
	rc = look_up(import, ret_nss, why);
	if (rc == AKITA_OK)
		rc = akita_name_check(field(import, AKITA_COLUMN_NAME), why);
	if (rc == AKITA_OK && mail != NULL)
		rc = akita_mail_check(mail, why);
	if (rc == AKITA_OK && branch != NULL)
		rc = akita_branch_check(branch, why);
	if (rc == AKITA_OK && form != NULL)
		rc = akita_form_check(form, why);
	if (rc == AKITA_OK && form != NULL && akita_forms_has(&import->forms,
	    branch != NULL ? branch : "", form))
		return akita_fail(why, AKITA_ERR_REFUSED, AKITA_N("the form %s "
		    "of this branch was used already; a form serves once"),
		    form, NULL);
	return rc;
}

/* A token as configured, with a key of its own and the row's password. */
static enum akita_rc
make_token(struct akita_import *import, const char *user,
    struct akita_token *ret, struct akita_why *why)
{
	AKITA_ANSWER_AUTO struct akita_answer password = { 0 };
	const struct akita_site *site = &import->cli->site;
	const struct akita_settings *settings = site->settings;
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	ret->type = AKITA_TOTP;
	ret->algorithm = (enum akita_hash)settings->algorithm;
	ret->digits = settings->digits;
	ret->period_s = settings->period_s;
	ret->key.len = akita_key_size(ret->algorithm);
	rc = site->random->fill(site->random->ctx, ret->key.bytes,
	    ret->key.len);
	if (rc != AKITA_OK || !settings->activation_password)
		return rc;
	if (!akita_password_parse(field(import, AKITA_COLUMN_PASSWORD),
	    &password))
		return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("the "
		    "activation password is not 4 to 8 digits"), NULL);
	ret->has_password = true;
	return akita_seal_password_hash(site->crypto, import->keys, user,
	    password.text, ret->password_hash);
}

/* Register, where the row has an address of record, and issue. */
static enum akita_rc
apply_events(struct akita_import *import, const char *user,
    const struct akita_token *token, struct akita_account *ret,
    struct akita_why *why)
{
	AKITA_ACCOUNT_AUTO struct akita_account start = { 0 }, middle = { 0 };
	struct akita_identity identity = { .user_id = 1 };
	struct akita_event event = {
		.kind = AKITA_EVENT_REGISTER,
		.form = field_or_null(import, AKITA_COLUMN_FORM),
		.identity = &identity,
		.token = token,
	};
	const struct akita_policy *policy = &import->cli->site.policy;
	int64_t now_s = akita_cli_now(import->cli);
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	akita_account_init(&start, user);
	akita_change_copy(identity.user, sizeof(identity.user), user);
	akita_change_copy(identity.name, sizeof(identity.name),
	    field(import, AKITA_COLUMN_NAME));
	akita_change_copy(identity.branch, sizeof(identity.branch),
	    field(import, AKITA_COLUMN_BRANCH));
	akita_change_copy(identity.form, sizeof(identity.form),
	    field(import, AKITA_COLUMN_FORM));
	akita_change_copy(identity.mail, sizeof(identity.mail),
	    field(import, AKITA_COLUMN_MAIL));
	if (identity.mail[0] == '\0')
		middle = start;
	else if ((rc = akita_lifecycle_apply(&start, &event, policy, now_s,
	    &middle, why)) != AKITA_OK)
		return rc;
	event.kind = AKITA_EVENT_ISSUE;
	rc = akita_lifecycle_apply(&middle, &event, policy, now_s, ret, why);
	if (rc != AKITA_OK)
		return rc;
	/* Without an application: what the row says of the customer. */
	if (identity.mail[0] == '\0') {
		memcpy(ret->identity.name, identity.name,
		    sizeof(identity.name));
		memcpy(ret->identity.branch, identity.branch,
		    sizeof(identity.branch));
		memcpy(ret->identity.form, identity.form,
		    sizeof(identity.form));
	}
	ret->identity.user_id = 0;	/* the store gives it */
	ret->changed |= AKITA_CHANGED_IDENTITY | AKITA_CHANGED_TOKEN;
	return AKITA_OK;
}

static enum akita_rc
make_account(struct akita_import *import, struct akita_account *ret,
    struct akita_why *why)
{
	AKITA_TOKEN_AUTO struct akita_token token = { 0 };
	struct akita_nss nss = { 0 };
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if ((rc = check_fields(import, &nss, why)) != AKITA_OK)
		return rc;
	if ((rc = make_token(import, nss.name, &token, why)) != AKITA_OK)
		return rc;
	return apply_events(import, nss.name, &token, ret, why);
}

/* ---- what the store calls ---- */

static void
bulk_keys(void *ctx, const struct akita_seal_keys *keys)
{
	struct akita_import *import = ctx;

	import->keys = keys;
}

/* The next row that can be issued; the others are refused on the way. */
static enum akita_rc
bulk_next(void *ctx, struct akita_account *ret_account)
{
	struct akita_import *import = ctx;
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	for (;;) {
		struct akita_why why = { 0 };

		rc = akita_csv_next(import->csv, &why);
		if (rc == AKITA_ERR_MISSING)
			return AKITA_ERR_NO_ACCOUNT;
		if (rc == AKITA_OK) {
			show_progress(import);
			rc = make_account(import, ret_account, &why);
		}
		if (rc == AKITA_OK)
			return AKITA_OK;
		if (rc != AKITA_ERR_USAGE && rc != AKITA_ERR_REFUSED &&
		    rc != AKITA_ERR_MALFORMED) {
			import->rc = rc;
			import->why = why;
			return rc;
		}
		if (why.msgid == NULL)
			(void)akita_fail(&why, rc, akita_exit_sentence(rc),
			    NULL);
		refuse_row(import, &why);
	}
}

/* The audit record of an account that is issued. */
static enum akita_rc
bulk_record(void *ctx, const struct akita_account *account,
    enum akita_state from, char *ret_body, struct akita_why *why)
{
	const struct akita_import *import = ctx;
	const struct akita_identity *identity = &account->identity;
	char user_id[16];
	const struct akita_audit_record record = {
		.time_s = account->token.issued_at,
		.actor = &import->cli->actor,
		.account = identity->user,
		.user_id = user_id,
		.event = "issue",
		.from = akita_state_name(from),
		.to = akita_state_name(account->slot.state),
		.form = identity->form[0] != '\0' ? identity->form : NULL,
	};

	(void)snprintf(user_id, sizeof(user_id), "%lu",
	    (unsigned long)identity->user_id);
	return akita_audit_compose(&record, ret_body, why);
}

/* What was issued, with its secrets. */
static enum akita_rc
put_issued(struct akita_import *import, const struct akita_account *account)
{
	AKITA_HANDOVER_AUTO struct akita_handover handover = { 0 };
	char user_id[16], expires[AKITA_TIME_TEXT];
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	rc = akita_handover_make(import->cli->site.settings, account,
	    &account->token, &handover, &import->why);
	if (rc != AKITA_OK)
		return rc;
	(void)snprintf(user_id, sizeof(user_id), "%lu",
	    (unsigned long)account->identity.user_id);
	akita_csv_put(import->out, account->identity.user, 0);
	akita_csv_put(import->out, user_id, 0);
	akita_csv_put(import->out, akita_time_utc(account->token.expires_at,
	    expires), 0);
	akita_csv_put(import->out, handover.key, 0);
	akita_csv_put(import->out, handover.uri.text, 1);
	return AKITA_OK;
}

static void
bulk_done(void *ctx, const struct akita_account *account, enum akita_rc what)
{
	struct akita_import *import = ctx;
	const struct akita_identity *identity = &account->identity;
	const char *fields[AKITA_COLUMNS] = {
		[AKITA_COLUMN_USER] = identity->user,
		[AKITA_COLUMN_NAME] = identity->name,
		[AKITA_COLUMN_MAIL] = identity->mail,
		[AKITA_COLUMN_BRANCH] = identity->branch,
		[AKITA_COLUMN_FORM] = identity->form,
		[AKITA_COLUMN_PASSWORD] = "",
	};
	struct akita_why why = { 0 };

	if (what == AKITA_OK) {
		import->issued++;
		if (import->rc == AKITA_OK)
			import->rc = put_issued(import, account);
		if (import->rc == AKITA_OK)
			import->rc = akita_forms_add(&import->forms, identity);
		return;
	}
	(void)akita_fail(&why, what, what == AKITA_ERR_EXISTS ?
	    AKITA_N("the account exists already") : akita_exit_sentence(what),
	    NULL);
	refuse(import, import->csv->row_line, fields, &why);
}

static bool
visit_form(void *ctx, const struct akita_account *account)
{
	struct akita_import *import = ctx;

	import->rc = akita_forms_add(&import->forms, &account->identity);
	return import->rc == AKITA_OK;
}

/* The forms that the database knows, where the file has forms at all. */
static enum akita_rc
collect_forms(struct akita_import *import, struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if (!import->has[AKITA_COLUMN_FORM])
		return AKITA_OK;
	rc = akita_store_each(import->cli->site.store, false, visit_form,
	    import, why);
	return import->rc != AKITA_OK ? import->rc : rc;
}

enum akita_rc
akita_import_rows(struct akita_import *import, struct akita_why *why)
{
	struct akita_site *site = &import->cli->site;
	const struct akita_bulk bulk = {
		.next = bulk_next,
		.done = bulk_done,
		.keys = bulk_keys,
		.record = bulk_record,
		.ctx = import,
		.expected = (uint32_t)(import->size / 40 + 1),
	};
	struct akita_audit_record record = {
		.time_s = akita_cli_now(import->cli),
		.actor = &import->cli->actor,
		.event = "import",
		.note = import->cli->operand,
	};
	struct akita_companions *companions = NULL;
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if ((companions = calloc(1, sizeof(*companions))) == NULL)
		return AKITA_ERR_NOMEM;
	companions->audit_file = site->settings->audit_file;
	rc = akita_audit_compose(&record, companions->audit, why);
	if (rc == AKITA_OK)
		rc = collect_forms(import, why);
	if (rc == AKITA_OK)
		rc = akita_store_bulk(site->store, &bulk, companions, why);
	if (import->has_progress)
		(void)fputc('\n', stderr);
	free(companions);
	akita_forms_free(&import->forms);
	if (import->rc != AKITA_OK) {
		*why = import->why;
		return import->rc;
	}
	return rc;
}
