/* people.c: accounts of a house (house.h), their codes and their logins. */
#include "house.h"

#include <security/pam_appl.h>

#include <dlfcn.h>
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/keyuri.h"

#define PERIOD	60

/* ---- codes ---- */

void
house_code(struct house *h, const struct person *p, int64_t at, char ret[16])
{
	char text[AKITA_DIGITS_MAX + 1];
	uint32_t value;

	if (akita_otp_value(h->crypto, &p->key, AKITA_HASH_SHA1, 6,
	    (uint64_t)at, &value) != AKITA_OK)
		errx(99, "otp");
	akita_otp_text(value, 6, text);
	snprintf(ret, 16, "%s", text);
}

static int64_t
step_now(void)
{
	return ((int64_t)time(NULL) / PERIOD);
}

void
house_fresh(struct house *h, const struct person *p, int ahead, char ret[16])
{
	house_code(h, p, p->is_totp ? step_now() + 1 : p->next + ahead, ret);
}

void
house_used(struct house *h, const struct person *p, char ret[16])
{
	house_code(h, p, p->next - 1, ret);
}

void
house_wrong(struct house *h, const struct person *p, char ret[16])
{
	int64_t from = p->is_totp ? step_now() - 40 : 0, i;
	int64_t span = p->is_totp ? 80 : p->next + 60;
	static unsigned int last = 123455;
	char near[16];

	for (;;) {
		last = (last + 7919) % 1000000;
		snprintf(ret, 16, "%06u", last);
		for (i = 0; i < span; i++) {
			house_code(h, p, from + i, near);
			if (strcmp(near, ret) == 0)
				break;
		}
		if (i == span)
			return;
	}
}

/* ---- start of use ---- */

static void
read_key(struct house *h, struct person *p)
{
	struct akita_keyuri parsed;
	char *uri = strstr(h->said, "otpauth:"), *from, *to;

	if (uri == NULL)
		errx(99, "issue of %s: no key URI: %s", p->name, h->said);
	uri[strcspn(uri, "\"")] = '\0';
	for (from = to = uri; *from != '\0'; from++)
		if (from[0] != '\\' || from[1] != '/')
			*to++ = *from;
	*to = '\0';
	if (akita_keyuri_parse(uri, &parsed, NULL) != AKITA_OK)
		errx(99, "key URI of %s", p->name);
	p->key = parsed.token.key;
}

void
house_issue(struct house *h, struct person *p, const char *name, bool is_totp)
{
	memset(p, 0, sizeof(*p));
	snprintf(p->name, sizeof(p->name), "%s", name);
	p->is_totp = is_totp;
	house_must(h, HOUSE_PASSWORD "\n", "--json", "issue", p->name,
	    "--type", is_totp ? "totp" : "hotp");
	read_key(h, p);
	p->next = is_totp ? step_now() : 0;
}

void
house_enrol(struct house *h, struct person *p, const char *name, bool is_totp)
{
	char code[16], input[64];

	house_issue(h, p, name, is_totp);
	house_code(h, p, p->next, code);
	snprintf(input, sizeof(input), HOUSE_PASSWORD "\n%s\n", code);
	house_must(h, input, "activate", p->name);
	p->next++;
}

/* ---- logins ---- */

static int
converse(int n, const struct pam_message **msg, struct pam_response **ret,
    void *ctx)
{
	struct pam_response *answers = calloc((size_t)n, sizeof(*answers));
	const char *hidden = strchr(ctx, '\n');
	int i;

	if (answers == NULL)
		return (PAM_BUF_ERR);
	for (i = 0; i < n; i++) {
		if (msg[i]->msg_style == PAM_PROMPT_ECHO_ON)
			answers[i].resp = strndup(ctx, strcspn(ctx, "\n"));
		else if (msg[i]->msg_style == PAM_PROMPT_ECHO_OFF)
			answers[i].resp = strdup(hidden != NULL ? hidden + 1 :
			    ctx);
	}
	*ret = answers;
	return (PAM_SUCCESS);
}

/* Instead of libpam's waiting after a refusal. */
static void
no_delay(int rc, unsigned int usec, void *ctx)
{
	(void)rc;
	(void)usec;
	(void)ctx;
}

int
house_login_here(const struct house *h, const char *service, const char *user,
    const char *code)
{
	char answer[64];
	const struct pam_conv conv = { converse, answer };
	void (*delay)(int, unsigned int, void *) = no_delay;
	const void *item;
	pam_handle_t *pamh = NULL;
	int rc;

	snprintf(answer, sizeof(answer), "%s", code);
	rc = pam_start_confdir(service, user, &conv, h->confdir, &pamh);
	if (rc != PAM_SUCCESS)
		return (HOUSE_SILENT);
	memcpy(&item, &delay, sizeof(item));
	(void)pam_set_item(pamh, PAM_FAIL_DELAY, item);
	rc = pam_authenticate(pamh, 0);
	(void)pam_end(pamh, rc);
	return (rc);
}

pid_t
house_login_start(struct house *h, const char *service, const char *user,
    const char *code, struct fault *plan, int *ret_result)
{
	void (*follow)(struct fault *);
	pid_t pid;

	*ret_result = HOUSE_SILENT;
	if ((pid = fork()) < 0)
		err(99, "fork");
	if (pid > 0)
		return (pid);
	if (plan != NULL) {
		*(void **)&follow = dlsym(RTLD_DEFAULT, "fault_follow");
		if (follow == NULL)
			errx(99, "no interposing library");
		if (plan->root[0] == '\0')
			snprintf(plan->root, sizeof(plan->root), "%.250s",
			    h->root);
		follow(plan);
	}
	*ret_result = house_login_here(h, service, user, code);
	_exit(0);
}

int
house_login(struct house *h, const char *service, const char *user,
    const char *code, struct fault *plan)
{
	static int *result;
	pid_t pid;

	if (result == NULL)
		result = house_shared(sizeof(*result));
	pid = house_login_start(h, service, user, code, plan, result);
	return (house_wait(pid, h->watchdog_ms, result));
}
