#include "pam/decider.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pam/helper_client.h"

#define TIMEOUT_DEFAULT_MS	3000	/* lock_timeout_ms where unreadable */
#define TIMEOUT_MORE_MS		900	/* the contract grants one second */
#define DIGITS_DEFAULT		6

/* rc is the system's no, and there is a helper that may: ask it from now on. */
static bool
turn_to_helper(struct akita_decider *d, enum akita_rc rc)
{
	if (rc != AKITA_ERR_PERMISSION || geteuid() == 0)
		return false;
	d->asks_helper = true;
	return true;
}

enum akita_rc
akita_decider_load(struct akita_decider *d, const char *config, bool isolate,
    const char *helper, const struct akita_log *log, struct akita_why *why)
{
	/* The helper takes a configuration of root's only, and what is read
	 * here must be what it reads. */
	const struct akita_trust trust = { .root_only = isolate };
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	d->config = config;
	d->helper = helper;
	d->asks_helper = isolate;
	rc = akita_site_load(&d->site, config, &trust, &akita_os_clock,
	    &akita_os_random, log, why);
	if (rc == AKITA_OK || turn_to_helper(d, rc))
		return AKITA_OK;
	return rc == AKITA_ERR_NOMEM ? rc : AKITA_ERR_SETTINGS;
}

/* Key and store, once.  Nothing to do where the helper decides. */
static enum akita_rc
open_site(struct akita_decider *d, struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if (d->asks_helper || d->is_open)
		return AKITA_OK;
	rc = akita_site_open(&d->site, why);
	if (turn_to_helper(d, rc))
		return AKITA_OK;
	d->is_open = rc == AKITA_OK;
	return rc;
}

static int
timeout_ms(const struct akita_decider *d)
{
	unsigned int ms = TIMEOUT_DEFAULT_MS;

	if (d->site.settings != NULL)
		ms = d->site.settings->lock_timeout_ms;
	return (int)(ms + TIMEOUT_MORE_MS);
}

/* to[size] = from (NULL: ""); what does not fit is cut. */
static void
set_string(char *to, size_t size, const char *from)
{
	(void)snprintf(to, size, "%s", from != NULL ? from : "");
}

static void
set_scene(struct akita_wire_request *request, const struct akita_decider *d,
    const struct akita_scene *scene)
{
	set_string(request->config, sizeof(request->config), d->config);
	set_string(request->user, sizeof(request->user), scene->user);
	set_string(request->service, sizeof(request->service), scene->service);
	set_string(request->rhost, sizeof(request->rhost), scene->rhost);
}

/* Ask the helper; what it could not do comes back as the result. */
static enum akita_rc
ask(struct akita_decider *d, struct akita_wire_request *request,
    struct akita_wire_reply *ret, struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	rc = akita_helper_ask(d->helper, request, timeout_ms(d),
	    &akita_os_clock, &akita_os_random, ret, why);
	if (rc == AKITA_OK && ret->rc != AKITA_OK)
		rc = akita_fail(why, ret->rc,
		    AKITA_N("the helper %s says: %s (its own lines in the "
		    "system log say more)"), d->helper,
		    akita_rc_word(ret->rc), NULL);
	return rc;
}

static enum akita_rc
peek_by_helper(struct akita_decider *d, const struct akita_scene *scene,
    const char *source, struct akita_peek *ret_peek, struct akita_why *why)
{
	struct akita_wire_request request AKITA_WIRE_AUTO = { 0 };
	struct akita_wire_reply reply = { 0 };
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	request.op = strcmp(scene->event, "account") == 0 ?
	    AKITA_WIRE_ACCOUNT : AKITA_WIRE_PEEK;
	set_scene(&request, d, scene);
	set_string(request.source, sizeof(request.source), source);
	if ((rc = ask(d, &request, &reply, why)) == AKITA_OK)
		*ret_peek = reply.peek;
	return rc;
}

enum akita_rc
akita_decider_peek(struct akita_decider *d, const struct akita_scene *scene,
    const char *source, struct akita_peek *ret_peek, struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if ((rc = open_site(d, why)) != AKITA_OK)
		return rc;
	if (!d->asks_helper) {
		rc = akita_verify_peek(&d->site, scene->user, scene->service,
		    source, ret_peek, why);
		if (!turn_to_helper(d, rc))
			return rc;
	}
	return peek_by_helper(d, scene, source, ret_peek, why);
}

static enum akita_rc
attempt_by_helper(struct akita_decider *d, const struct akita_scene *scene,
    const struct akita_attempt *attempt, struct akita_outcome *ret_outcome,
    struct akita_why *why)
{
	struct akita_wire_request request AKITA_WIRE_AUTO = { 0 };
	struct akita_wire_reply reply = { 0 };
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	request.op = AKITA_WIRE_ATTEMPT;
	set_scene(&request, d, scene);
	set_string(request.user, sizeof(request.user), attempt->user);
	set_string(request.source, sizeof(request.source), attempt->source);
	request.start_of_use = attempt->start_of_use;
	request.decoy = attempt->decoy;
	request.has_password = attempt->password != NULL;
	request.answered_at = attempt->answered_at;
	request.grace_s = attempt->grace_s;
	(void)akita_answer_set(&request.answer, attempt->answer);
	(void)akita_answer_set(&request.password, attempt->password);
	if ((rc = ask(d, &request, &reply, why)) == AKITA_OK) {
		*ret_outcome = reply.outcome;
		d->helper_logs = true;
	}
	return rc;
}

enum akita_rc
akita_decider_attempt(struct akita_decider *d, const struct akita_scene *scene,
    const struct akita_attempt *attempt, struct akita_outcome *ret_outcome,
    struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if ((rc = open_site(d, why)) != AKITA_OK)
		return rc;
	if (!d->asks_helper) {
		rc = akita_verify_attempt(&d->site, attempt, ret_outcome, why);
		if (!turn_to_helper(d, rc))
			return rc;
	}
	return attempt_by_helper(d, scene, attempt, ret_outcome, why);
}

unsigned int
akita_decider_digits(const struct akita_decider *d)
{
	return d->site.settings != NULL ? d->site.settings->digits :
	    DIGITS_DEFAULT;
}

void
akita_decider_end(struct akita_decider *d)
{
	akita_site_close(&d->site);
	memset(d, 0, sizeof(*d));
}
