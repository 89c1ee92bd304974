/* otpadm mail list, flush, test, preview */
#include <errno.h>
#include <libsmartcols.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/fdio.h"
#include "cli/mailview.h"
#include "cli/output.h"

/* ---- list ---- */

struct mails {
	const struct akita_cli	*cli;
	json_t			*list;	/* with --json */
	struct libscols_table	*table;	/* else */
	bool			 failed;
};

static bool
add_json(struct mails *mails, const struct akita_outbox_item *item)
{
	char due[AKITA_TIME_TEXT];

	return json_array_append_new(mails->list, json_pack(
	    "{s:s,s:o,s:i,s:b,s:o}", "file", item->file,
	    "to", item->to[0] != '\0' ? json_string(item->to) : json_null(),
	    "attempts", (int)item->attempts, "sending", item->is_sending,
	    "due_at", item->due_s != 0 ?
	    json_string(akita_time_utc(item->due_s, due)) : json_null())) == 0;
}

static bool
add_line(struct mails *mails, const struct akita_outbox_item *item)
{
	struct libscols_line *line = scols_table_new_line(mails->table, NULL);
	char attempts[16], due[AKITA_TIME_TEXT];

	(void)snprintf(attempts, sizeof(attempts), "%u", item->attempts);
	return line != NULL &&
	    scols_line_set_data(line, 0, item->file) == 0 &&
	    scols_line_set_data(line, 1, item->to) == 0 &&
	    scols_line_set_data(line, 2, attempts) == 0 &&
	    scols_line_set_data(line, 3, item->due_s != 0 ?
	    akita_time_local(item->due_s, due) :
	    akita_tr(mails->cli->lang, "at once")) == 0;
}

static bool
add_mail(void *ctx, const struct akita_outbox_item *item)
{
	struct mails *mails = ctx;

	mails->failed = !(mails->list != NULL ? add_json(mails, item) :
	    add_line(mails, item));
	return !mails->failed;
}

static bool
make_table(struct mails *mails)
{
	enum akita_lang lang = mails->cli->lang;

	mails->table = scols_new_table();
	return mails->table != NULL &&
	    scols_table_set_column_separator(mails->table, "  ") == 0 &&
	    scols_table_new_column(mails->table, akita_tr(lang, "Mail"), 0,
	    0) != NULL &&
	    scols_table_new_column(mails->table, akita_tr(lang, "To"), 0,
	    0) != NULL &&
	    scols_table_new_column(mails->table, akita_tr(lang, "Tries"), 0,
	    SCOLS_FL_RIGHT) != NULL &&
	    scols_table_new_column(mails->table, akita_tr(lang, "Due"), 0,
	    0) != NULL;
}

enum akita_rc
akita_cmd_mail_list(struct akita_cli *cli, struct akita_why *why)
{
	struct mails mails = { .cli = cli };
	char dir[AKITA_PATH_MAX + 1];
	const struct akita_outbox box = akita_admin_outbox(&cli->site, dir);
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if (cli->is_json ? (mails.list = json_array()) == NULL :
	    !make_table(&mails))
		rc = AKITA_ERR_NOMEM;
	else
		rc = akita_outbox_each(&box, add_mail, &mails, why);
	if (mails.failed)
		rc = AKITA_ERR_NOMEM;
	if (rc == AKITA_OK && mails.list != NULL)
		rc = akita_output_object(json_pack("{s:O}", "mails",
		    mails.list), why);
	else if (rc == AKITA_OK && scols_print_table(mails.table) != 0)
		rc = AKITA_ERR_IO;
	json_decref(mails.list);
	scols_unref_table(mails.table);
	return rc;
}

/* ---- flush ---- */

enum akita_rc
akita_cmd_mail_flush(struct akita_cli *cli, struct akita_why *why)
{
	char dir[AKITA_PATH_MAX + 1];
	const struct akita_outbox box = akita_admin_outbox(&cli->site, dir);
	struct akita_outbox_report report = { 0 };
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	rc = akita_outbox_flush(&box, akita_cli_has(cli, AKITA_OPT_ALL),
	    &report, why);
	if (rc != AKITA_OK)
		return rc;
	if (cli->is_json)
		rc = akita_output_object(json_pack("{s:i,s:i,s:i}",
		    "sent", (int)report.sent, "failed", (int)report.failed,
		    "waiting", (int)report.waiting), why);
	else
		(void)printf(akita_tr(cli->lang, "mails sent: %u, failed: %u, "
		    "waiting: %u\n"), report.sent, report.failed,
		    report.waiting);
	/* why has the first failure. */
	return rc == AKITA_OK && report.failed > 0 ? AKITA_ERR_PARTIAL : rc;
}

/* ---- test and preview ---- */

/* Somebody who is no customer of ours. */
static void
make_sample(struct akita_cli *cli, const char *to, struct akita_account *ret)
{
	struct akita_identity *who = &ret->identity;

	akita_account_init(ret, "taro");
	(void)snprintf(who->name, sizeof(who->name), "%s",
	    akita_tr(cli->lang, "Taro Akita"));
	(void)snprintf(who->mail, sizeof(who->mail), "%s", to);
	who->user_id = 10000001;
	ret->slot.state = AKITA_STATE_ISSUED;
	ret->has_token = true;
	ret->token.expires_at = akita_cli_now(cli) +
	    (int64_t)cli->site.settings->issue_valid_days * 86400;
}

enum akita_rc
akita_cmd_mail_test(struct akita_cli *cli, struct akita_why *why)
{
	AKITA_ACCOUNT_AUTO struct akita_account sample = { 0 };
	char dir[AKITA_PATH_MAX + 1], text[AKITA_MAIL_TEXT];
	const struct akita_outbox box = akita_admin_outbox(&cli->site, dir);
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	int fd;

	if ((rc = akita_mail_check(cli->operand, why)) != AKITA_OK)
		return rc;
	make_sample(cli, cli->operand, &sample);
	rc = akita_admin_mail(&cli->site, AKITA_MAIL_REGISTERED, &sample,
	    cli->operand, akita_cli_now(cli), text, why);
	if (rc != AKITA_OK)
		return rc;
	if ((fd = memfd_create("akita-otp-mail", MFD_CLOEXEC)) == -1)
		return akita_fail(why, AKITA_ERR_IO, AKITA_N("the mail could "
		    "not be made ready: %s"), akita_trust_errno(errno), NULL);
	rc = akita_fdio_write(fd, text, strlen(text));
	if (rc == AKITA_OK)
		rc = akita_outbox_send(&box, fd, cli->operand, why);
	(void)close(fd);
	if (rc != AKITA_OK)
		return rc;
	if (cli->is_json)
		return akita_output_object(json_pack("{s:s,s:s}", "to",
		    cli->operand, "sendmail", box.sendmail), why);
	(void)printf(akita_tr(cli->lang, "%s took a mail to %s\n"),
	    box.sendmail, cli->operand);
	return AKITA_OK;
}

static enum akita_rc
unknown_kind(const char *name, struct akita_why *why)
{
	char names[AKITA_WHY_ARG_SIZE] = "";
	size_t used = 0;
	int kind;

	for (kind = 0; kind < AKITA_MAIL_KIND_COUNT &&
	    used < sizeof(names); kind++)
		used += (size_t)snprintf(names + used, sizeof(names) - used,
		    "%s%s", kind > 0 ? ", " : "",
		    akita_mail_kind_name((enum akita_mail_kind)kind));
	return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("there is no mail "
	    "\"%s\"; there are: %s"), name, names, NULL);
}

enum akita_rc
akita_cmd_mail_preview(struct akita_cli *cli, struct akita_why *why)
{
	AKITA_ACCOUNT_AUTO struct akita_account sample = { 0 };
	static const char to[] = "taro@example.jp";
	char text[AKITA_MAIL_TEXT];
	enum akita_mail_kind kind;
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if (!akita_mail_kind_parse(cli->operand, &kind))
		return unknown_kind(cli->operand, why);
	make_sample(cli, to, &sample);
	rc = akita_admin_mail(&cli->site, kind, &sample, to,
	    akita_cli_now(cli), text, why);
	if (rc != AKITA_OK)
		return rc;
	if (cli->is_json)
		return akita_output_object(json_pack("{s:s,s:s}", "event",
		    akita_mail_kind_name(kind), "message", text), why);
	akita_mailview_print(text, stdout);
	return AKITA_OK;
}
