#include "cli/issue.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/lazy.h"
#include "cli/qr.h"
#include "cli/sheet.h"

void
akita_handover_wipe(struct akita_handover *handover)
{
	akita_wipe(handover, sizeof(*handover));
}

/* [service] label: %u is the login name, %i the user ID, %% a percent. */
static enum akita_rc
expand_label(const char *label, const struct akita_identity *identity,
    char ret[AKITA_URI_NAME_MAX + 1], struct akita_why *why)
{
	char user_id[16];
	const char *text;
	size_t used = 0, len;

	(void)snprintf(user_id, sizeof(user_id), "%lu",
	    (unsigned long)identity->user_id);
	for (; *label != '\0'; label++) {
		text = label;
		len = 1;
		if (label[0] == '%' && label[1] != '\0') {
			label++;
			text = *label == 'u' ? identity->user :
			    *label == 'i' ? user_id : label;
			len = text == label ? 1 : strlen(text);
		}
		if (used + len > AKITA_URI_NAME_MAX)
			return akita_fail(why, AKITA_ERR_SETTINGS, AKITA_N(
			    "the label of %s in the QR code becomes too long; "
			    "shorten [service] label"), identity->user, NULL);
		memcpy(ret + used, text, len);
		used += len;
	}
	ret[used] = '\0';
	return AKITA_OK;
}

enum akita_rc
akita_handover_make(const struct akita_settings *settings,
    const struct akita_account *account, const struct akita_token *token,
    struct akita_handover *ret, struct akita_why *why)
{
	char label[AKITA_URI_NAME_MAX + 1];
	char base32[AKITA_BASE32_SIZE(AKITA_KEY_MAX)];
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	ret->account = account;
	ret->token = token;
	rc = expand_label(settings->label, &account->identity, label, why);
	if (rc != AKITA_OK)
		return rc;
	rc = akita_keyuri_build(token, settings->issuer, label, 0, &ret->uri,
	    why);
	if (rc != AKITA_OK)
		return rc;
	rc = akita_base32_encode(token->key.bytes, token->key.len, base32,
	    sizeof(base32));
	if (rc == AKITA_OK)
		akita_output_group(base32, ret->key, sizeof(ret->key));
	akita_wipe(base32, sizeof(base32));
	return rc;
}

/* ---- files ---- */

static bool
ends_in(const char *path, const char *suffix)
{
	size_t len = strlen(path), suffix_len = strlen(suffix);

	return len > suffix_len &&
	    strcasecmp(path + len - suffix_len, suffix) == 0;
}

enum akita_rc
akita_issue_files_check(const struct akita_cli *cli, struct akita_why *why)
{
	const char *picture = cli->opt[AKITA_OPT_QR_FILE];
	const char *sheet = cli->opt[AKITA_OPT_SHEET];
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if (picture != NULL && !ends_in(picture, ".png") &&
	    !ends_in(picture, ".svg"))
		return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("%s: the "
		    "picture's name must end in .png or .svg"), picture, NULL);
	if (sheet != NULL && !ends_in(sheet, ".pdf"))
		return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("%s: the "
		    "sheet's name must end in .pdf"), sheet, NULL);
	if ((rc = akita_outfile_check(picture, why)) != AKITA_OK)
		return rc;
	return akita_outfile_check(sheet, why);
}

enum akita_rc
akita_issue_files_make(const struct akita_cli *cli,
    struct akita_issue_files *files, struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	rc = akita_outfile_make(&files->picture,
	    cli->opt[AKITA_OPT_QR_FILE], why);
	if (rc != AKITA_OK)
		return rc;
	return akita_outfile_make(&files->sheet, cli->opt[AKITA_OPT_SHEET],
	    why);
}

static enum akita_rc
write_picture(struct akita_outfile *file, const struct akita_handover *h,
    struct akita_why *why)
{
	AKITA_QR_AUTO struct akita_qr *qr = NULL;
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if (!file->is_made)
		return AKITA_OK;
	if ((rc = akita_outfile_rewind(file, why)) != AKITA_OK)
		return rc;
	if ((rc = akita_qr_make_paper(h->uri.text, &qr)) != AKITA_OK)
		return rc;
	if (ends_in(file->path, ".png"))
		rc = akita_qr_png(qr, file->fd);
	else
		rc = akita_qr_svg(qr, file->fd);
	if (rc != AKITA_OK)
		return akita_fail(why, rc, AKITA_N("%s could not be written: "
		    "%s"), file->path, akita_trust_errno(errno), NULL);
	return AKITA_OK;
}

/* What a sheet says, and the texts made for it. */
struct sheet_words {
	struct akita_sheet	sheet;
	char			user_id[16];
	char			issued[AKITA_TIME_TEXT];
	char			expires[AKITA_TIME_TEXT];
};

static void
describe_sheet(const struct akita_cli *cli, const struct akita_handover *h,
    struct sheet_words *ret)
{
	const struct akita_settings *settings = cli->site.settings;

	(void)snprintf(ret->user_id, sizeof(ret->user_id), "%lu",
	    (unsigned long)h->account->identity.user_id);
	ret->sheet = (struct akita_sheet){
		.lang = cli->lang == AKITA_LANG_JA ? "ja" : "en",
		.service_name = settings->service_name,
		.service_id = settings->service_id,
		.user_id = ret->user_id,
		.user = h->account->identity.user,
		.name = h->account->identity.name,
		.uri = h->uri.text,
		.key_groups = h->key,
		.issued = akita_time_local(h->token->issued_at, ret->issued),
		.expires = akita_time_local(h->token->expires_at,
		    ret->expires),
		.contact = settings->contact,
		.issuer = settings->issuer,
		.algorithm = akita_hash_name(h->token->algorithm),
		.digits = h->token->digits,
		.period = h->token->period_s,
		.max_failures = settings->max_failures,
		.has_password = h->token->has_password,
		.is_replacement = h->token == &h->account->waiting,
	};
}

static enum akita_rc
write_sheet(const struct akita_cli *cli, struct akita_outfile *file,
    const struct akita_handover *h, struct akita_why *why)
{
	struct sheet_words words;
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if (!file->is_made)
		return AKITA_OK;
	describe_sheet(cli, h, &words);
	if ((rc = akita_outfile_rewind(file, why)) != AKITA_OK)
		return rc;
	return akita_sheet_write(&words.sheet, NULL, file->fd, why);
}

enum akita_rc
akita_issue_sheet_check(const struct akita_cli *cli,
    const struct akita_handover *handover, struct akita_why *why)
{
	struct sheet_words words;
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	int fd = -1;

	if (!akita_cli_has(cli, AKITA_OPT_PRINT))
		return AKITA_OK;
	if ((rc = akita_sheet_print_check(NULL, why)) != AKITA_OK)
		return rc;
	if ((fd = open("/dev/null", O_WRONLY | O_CLOEXEC)) < 0)
		return AKITA_ERR_IO;
	describe_sheet(cli, handover, &words);
	rc = akita_sheet_write(&words.sheet, NULL, fd, why);
	(void)close(fd);
	return rc;
}

enum akita_rc
akita_issue_sheet_print(const struct akita_cli *cli,
    const struct akita_handover *handover, struct akita_why *why)
{
	struct sheet_words words;

	if (!akita_cli_has(cli, AKITA_OPT_PRINT))
		return AKITA_OK;
	describe_sheet(cli, handover, &words);
	return akita_sheet_print(&words.sheet, NULL, NULL, why);
}

enum akita_rc
akita_issue_files_write(const struct akita_cli *cli,
    struct akita_issue_files *files, const struct akita_handover *handover,
    struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	rc = write_picture(&files->picture, handover, why);
	if (rc != AKITA_OK)
		return rc;
	return write_sheet(cli, &files->sheet, handover, why);
}

enum akita_rc
akita_issue_files_keep(struct akita_issue_files *files, struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if ((rc = akita_outfile_keep(&files->picture, why)) != AKITA_OK)
		return rc;
	return akita_outfile_keep(&files->sheet, why);
}

void
akita_issue_files_end(struct akita_issue_files *files)
{
	akita_outfile_end(&files->picture);
	akita_outfile_end(&files->sheet);
}

/* ---- terminal ---- */

/* Which drawing is wanted; false: none. */
static bool
wanted_style(const struct akita_cli *cli, enum akita_qr_style *ret)
{
	const char *style = cli->opt[AKITA_OPT_QR];

	*ret = AKITA_QR_UTF8;
	if (style == NULL)
		return !cli->is_json && isatty(STDOUT_FILENO) == 1;
	if (strcasecmp(style, "none") == 0)
		return false;
	if (strcasecmp(style, "ansi") == 0)
		*ret = AKITA_QR_ANSI;
	else if (strcasecmp(style, "ascii") == 0)
		*ret = AKITA_QR_ASCII;
	return true;
}

enum akita_rc
akita_issue_check_drawing(const struct akita_cli *cli, struct akita_why *why)
{
	enum akita_qr_style style;

	return wanted_style(cli, &style) ?
	    akita_lazy_load(AKITA_LAZY_QRENCODE, why) : AKITA_OK;
}

static enum akita_rc
draw(const struct akita_cli *cli, const struct akita_handover *h, FILE *out,
    struct akita_why *why)
{
	AKITA_QR_AUTO struct akita_qr *qr = NULL;
	enum akita_qr_style style;
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if (!wanted_style(cli, &style))
		return AKITA_OK;
	if ((rc = akita_qr_make(h->uri.text, &qr)) != AKITA_OK)
		return rc;
	if (akita_qr_draw(qr, style, out) != AKITA_OK)
		return akita_output_flush(why);
	return AKITA_OK;
}

static enum akita_rc
print_json(const struct akita_cli *cli, const struct akita_handover *h,
    struct akita_why *why)
{
	json_t *root = akita_output_json(cli, h->account);
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if (json_object_set_new(root, "otpauth_uri",
	    json_string(h->uri.text)) != 0) {
		json_decref(root);
		return AKITA_ERR_NOMEM;
	}
	rc = akita_output_object(root, why);
	/* stdout holds the one object: a drawing that was asked for as well
	 * goes where people look. */
	return rc == AKITA_OK ? draw(cli, h, stderr, why) : rc;
}

enum akita_rc
akita_issue_print(const struct akita_cli *cli,
    const struct akita_handover *h, struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if (cli->is_json) {
		if ((rc = print_json(cli, h, why)) != AKITA_OK)
			return rc;
		return akita_output_flush(why);
	}
	rc = akita_output_account(cli, h->account, AKITA_IN_ISSUE, why);
	if (rc != AKITA_OK)
		return rc;
	(void)printf(akita_tr(cli->lang, "\nKey, for typing where the QR code "
	    "cannot be scanned:\n"));
	(void)printf("  %s\n\n", h->key);
	(void)printf(akita_tr(cli->lang, "Next: start of use, with the "
	    "customer: otpadm activate %s\n"), h->account->identity.user);
	/* Last, so that on a terminal of 24 rows the next prompt pushes no
	 * part of it out of sight. */
	if ((rc = draw(cli, h, stdout, why)) != AKITA_OK)
		return rc;
	return akita_output_flush(why);
}
