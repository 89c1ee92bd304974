#include "common/mailtext.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "common/mailtext_head.h"
#include "common/text.h"
#include "common/utf8.h"

#define CAPITALS	"ABCDEFGHIJKLMNOPQRSTUVWXYZ_"

static const char *const kind_names[AKITA_MAIL_KIND_COUNT] = {
	[AKITA_MAIL_REGISTERED] = "registered",
	[AKITA_MAIL_ISSUED] = "issued",
	[AKITA_MAIL_ISSUED_NOTICE] = "issued-notice",
	[AKITA_MAIL_ACTIVATED] = "activated",
	[AKITA_MAIL_LOCKED] = "locked",
	[AKITA_MAIL_SUSPENDED] = "suspended",
	[AKITA_MAIL_RESUMED] = "resumed",
	[AKITA_MAIL_RELEASED] = "released",
};

const char *
akita_mail_kind_name(enum akita_mail_kind kind)
{
	if ((unsigned int)kind >= AKITA_MAIL_KIND_COUNT)
		return "?";
	return kind_names[kind];
}

bool
akita_mail_kind_parse(const char *name, enum akita_mail_kind *ret)
{
	size_t i;

	for (i = 0; i < AKITA_MAIL_KIND_COUNT; i++)
		if (strcmp(kind_names[i], name) == 0) {
			*ret = (enum akita_mail_kind)i;
			return true;
		}
	return false;
}

/* ---- the file ---- */

enum akita_rc
akita_mailtext_template(enum akita_mail_kind kind, enum akita_lang lang,
    const char *const *dirs, const struct akita_trust *policy,
    char ret[AKITA_MAIL_TEMPLATE], struct akita_why *why)
{
	struct akita_trust readable = *policy;
	char path[PATH_MAX];
	struct akita_mail_out out = { path, sizeof(path), 0, false };
	enum akita_rc rc = AKITA_ERR_MISSING;
	size_t len = 0;
	int fd = -1;

	readable.is_private = false;
	for (; *dirs != NULL && rc == AKITA_ERR_MISSING; dirs++) {
		out.used = 0;
		akita_mail_put(&out, *dirs);
		akita_mail_put(&out, "/");
		akita_mail_put(&out, akita_mail_kind_name(kind));
		akita_mail_put(&out, lang == AKITA_LANG_JA ? ".ja.txt" :
		    ".en.txt");
		if (out.failed)
			return akita_fail(why, AKITA_ERR_USAGE,
			    AKITA_N("The path %s is too long."), *dirs, NULL);
		rc = akita_trust_open(path, O_RDONLY, &readable, &fd, why);
	}
	if (rc != AKITA_OK)
		return rc;
	rc = akita_trust_read(fd, path, ret, AKITA_MAIL_TEMPLATE, &len, why);
	(void)close(fd);
	if (rc == AKITA_OK && strlen(ret) != len)
		rc = akita_fail(why, AKITA_ERR_MALFORMED,
		    AKITA_N("The mail template %s is no text."), path, NULL);
	return rc;
}

/* ---- variables ---- */

/* The value of the variable name of len bytes; false: there is no such
 * variable.  *ret is "" where it has no value. */
static bool
value_of(const struct akita_mail *mail, const char *name, size_t len,
    const char **ret)
{
	const struct {
		const char	*name;
		const char	*value;
	} variables[] = {
		{ "SERVICE_NAME", mail->service_name },
		{ "SERVICE_ID", mail->service_id },
		{ "USER_ID", mail->user_id },
		{ "USER", mail->user },
		{ "NAME", mail->name },
		{ "CONTACT", mail->contact },
		{ "EXPIRES", mail->expires },
	};
	size_t i;

	for (i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		if (strlen(variables[i].name) == len &&
		    memcmp(variables[i].name, name, len) == 0) {
			*ret = variables[i].value != NULL ?
			    variables[i].value : "";
			return true;
		}
	return false;
}

/* A value: what could end a line or hide a text becomes '?'. */
static void
put_value(struct akita_mail_out *out, const char *value)
{
	uint32_t c;
	size_t n;

	for (; *value != '\0'; value += n) {
		n = akita_utf8_next(value, &c);
		if (c == AKITA_UTF8_BAD || akita_utf8_is_control(c))
			akita_mail_put(out, "?");
		else
			akita_mail_put_bytes(out, value, n);
	}
}

/* One line of a template, of len bytes.  *ret_lacks: a variable in it has no
 * value. */
static enum akita_rc
put_line(struct akita_mail_out *out, const struct akita_mail *mail,
    const char *line, size_t len, bool *ret_lacks, struct akita_why *why)
{
	const char *end = line + len, *value;
	char name[64];
	size_t n;

	while (line < end) {
		n = *line == '@' ? strspn(line + 1, CAPITALS) : 0;
		if (n == 0 || line[n + 1] != '@') {
			akita_mail_put_bytes(out, line++, 1);
			continue;
		}
		if (!value_of(mail, line + 1, n, &value)) {
			(void)stpncpy(name, line + 1, n < 63 ? n : 63);
			name[n < 63 ? n : 63] = '\0';
			return akita_fail(why, AKITA_ERR_MALFORMED, AKITA_N(
			    "The mail template has an unknown variable "
			    "@%s@."), name, NULL);
		}
		*ret_lacks = *ret_lacks || value[0] == '\0';
		put_value(out, value);
		line += n + 2;
	}
	return AKITA_OK;
}

/* ---- the parts of a message ---- */

static enum akita_rc
no_template(struct akita_why *why)
{
	return akita_fail(why, AKITA_ERR_MALFORMED, AKITA_N("The mail template "
	    "must be UTF-8 text: a line \"Subject: ...\", an empty line, and "
	    "the body."), NULL);
}

/* Nothing but text, lines and tabs. */
static bool
is_text(const char *template)
{
	uint32_t c;
	size_t n;

	for (; *template != '\0'; template += n) {
		n = akita_utf8_next(template, &c);
		if (c == AKITA_UTF8_BAD || (akita_utf8_is_control(c) &&
		    c != '\n' && c != '\t'))
			return false;
	}
	return true;
}

/* Where the subject's value and the body start. */
static bool
find_parts(const char *template, const char **ret_subject, size_t *ret_len,
    const char **ret_body)
{
	const char *p = template, *end;

	while (*p == '#')
		if ((p = strchr(p, '\n')) == NULL)
			return false;
		else
			p++;
	if (strncmp(p, "Subject: ", 9) != 0)
		return false;
	p += 9;
	if ((end = strstr(p, "\n\n")) == NULL || end == p ||
	    memchr(p, '\n', (size_t)(end - p)) != NULL)
		return false;
	*ret_subject = p;
	*ret_len = (size_t)(end - p);
	*ret_body = end + 2;
	return true;
}

static enum akita_rc
make_body(const char *p, const struct akita_mail *mail,
    struct akita_mail_out *out, struct akita_why *why)
{
	enum akita_rc rc = AKITA_OK;
	size_t len, before;
	bool lacks;

	for (; *p != '\0' && rc == AKITA_OK; p += len + (p[len] == '\n')) {
		len = strcspn(p, "\n");
		before = out->used;
		lacks = false;
		rc = put_line(out, mail, p, len, &lacks, why);
		if (lacks) {
			out->used = before;
			out->buf[before] = '\0';
		} else {
			akita_mail_put(out, "\n");
		}
	}
	return rc;
}

static void
put_from(struct akita_mail_out *out, const struct akita_mail *mail)
{
	char name[512];
	struct akita_mail_out shown = { name, sizeof(name), 0, false };

	name[0] = '\0';
	akita_mail_put(out, "From: ");
	if (mail->from_name != NULL)
		put_value(&shown, mail->from_name);
	if (name[0] != '\0' && !shown.failed) {
		akita_mail_put_words(out, strlen("From: "), name);
		akita_mail_put(out, "\n ");
	}
	akita_mail_put(out, "<");
	akita_mail_put(out, mail->from);
	akita_mail_put(out, ">\n");
}

/* The message's ID: the sender's domain makes it unique beyond us. */
static void
put_id(struct akita_mail_out *out, const struct akita_mail *mail)
{
	akita_mail_put(out, "Message-ID: <");
	akita_mail_put(out, mail->id);
	akita_mail_put(out, strrchr(mail->from, '@'));
	akita_mail_put(out, ">\n");
}

static enum akita_rc
check_head(const struct akita_mail *mail, struct akita_why *why)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if ((rc = akita_mail_check(mail->from, why)) != AKITA_OK)
		return rc;
	if ((rc = akita_mail_check(mail->to, why)) != AKITA_OK)
		return rc;
	if (mail->id[0] == '\0' || mail->id[strspn(mail->id, good)] != '\0')
		return akita_fail(why, AKITA_ERR_USAGE,
		    AKITA_N("The ID of a mail has letters and digits only."),
		    NULL);
	return AKITA_OK;
}

static enum akita_rc
put_message(struct akita_mail_out *out, const struct akita_mail *mail,
    const char *subject, const char *body, struct akita_why *why)
{
	bool is_plain = akita_mail_is_plain(body);

	put_from(out, mail);
	akita_mail_put(out, "To: ");
	akita_mail_put(out, mail->to);
	akita_mail_put(out, "\nSubject: ");
	akita_mail_put_words(out, strlen("Subject: "), subject);
	akita_mail_put(out, "\nDate: ");
	if (!akita_mail_put_date(out, mail->date_s))
		return akita_fail(why, AKITA_ERR_USAGE,
		    AKITA_N("The date of a mail lies in the years 1970 to "
		    "9999."), NULL);
	akita_mail_put(out, "\n");
	put_id(out, mail);
	akita_mail_put(out, "Auto-Submitted: auto-generated\n"
	    "MIME-Version: 1.0\nContent-Type: text/plain; charset=");
	akita_mail_put(out, is_plain ? "us-ascii" : "UTF-8");
	akita_mail_put(out, "\nContent-Transfer-Encoding: ");
	akita_mail_put(out, is_plain ? "7bit\n\n" : "base64\n\n");
	if (is_plain)
		akita_mail_put(out, body);
	else
		akita_mail_put_base64(out, body);
	if (out->failed)
		return akita_fail(why, AKITA_ERR_MALFORMED, AKITA_N("The mail "
		    "would be too long: shorten the template."), NULL);
	return AKITA_OK;
}

enum akita_rc
akita_mailtext_render(const char *template, const struct akita_mail *mail,
    char ret[AKITA_MAIL_TEXT], struct akita_why *why)
{
	char subject[512] = "", body[AKITA_MAIL_TEXT] = "";
	struct akita_mail_out subject_out = { subject, sizeof(subject), 0,
	    false };
	struct akita_mail_out body_out = { body, sizeof(body), 0, false };
	struct akita_mail_out out = { ret, AKITA_MAIL_TEXT, 0, false };
	const char *line, *rest;
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	bool lacks = false;
	size_t len = 0;

	ret[0] = '\0';
	if ((rc = check_head(mail, why)) != AKITA_OK)
		return rc;
	if (!is_text(template) || !find_parts(template, &line, &len, &rest))
		return no_template(why);
	rc = put_line(&subject_out, mail, line, len, &lacks, why);
	if (rc == AKITA_OK)
		rc = make_body(rest, mail, &body_out, why);
	if (rc == AKITA_OK && (subject_out.failed || body_out.failed))
		out.failed = true;
	if (rc == AKITA_OK)
		rc = put_message(&out, mail, subject, body, why);
	if (rc != AKITA_OK)
		ret[0] = '\0';
	return rc;
}

void
akita_mailtext_to(const char *text, char ret[AKITA_MAIL_MAX + 1])
{
	const char *end = strstr(text, "\n\n"), *p = strstr(text, "\nTo: ");
	size_t len;

	ret[0] = '\0';
	if (p == NULL || end == NULL || p >= end)
		return;
	len = strcspn(p += 5, "\n");
	if (len > AKITA_MAIL_MAX)
		return;
	memcpy(ret, p, len);
	ret[len] = '\0';
	if (akita_mail_check(ret, NULL) != AKITA_OK)
		ret[0] = '\0';
}
