#include "pam/helper_serve.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "common/nss.h"

#include "pam/report.h"

#define BUFFER_MIN	1024
#define BUFFER_MAX	(1024 * 1024)

static int
ask_nss(uid_t uid, struct passwd *pw, char **buf, struct passwd **ret_found)
{
	size_t size;
	char *larger;
	int err = ERANGE;

	for (size = BUFFER_MIN; err == ERANGE && size <= BUFFER_MAX;
	    size *= 4) {
		if ((larger = malloc(size)) == NULL)
			return ENOMEM;
		free(*buf);
		*buf = larger;
		*ret_found = NULL;
		do
			err = getpwuid_r(uid, pw, *buf, size, ret_found);
		while (err == EINTR);
	}
	return err;
}

enum akita_rc
akita_caller_find(uid_t uid, struct akita_caller *ret)
{
	struct passwd pw, *found = NULL;
	char *buf = NULL;
	enum akita_rc rc = AKITA_ERR_NSS;
	int err;

	memset(ret, 0, sizeof(*ret));
	ret->uid = uid;
	err = ask_nss(uid, &pw, &buf, &found);
	if (err == ENOMEM)
		rc = AKITA_ERR_NOMEM;
	else if (err == 0 || err == ENOENT || err == ESRCH)
		rc = AKITA_OK;
	if (rc == AKITA_OK && found != NULL &&
	    akita_account_check(found->pw_name, NULL) == AKITA_OK)
		(void)snprintf(ret->name, sizeof(ret->name), "%s",
		    found->pw_name);
	free(buf);
	return rc;
}

/* One request being served. */
struct service {
	const struct akita_wire_request	*request;
	const struct akita_caller	*caller;
	struct akita_site		 site;
	struct akita_log		 log;
	int				 facility;
	struct akita_scene		 scene;
	struct akita_nss		 nss;
	bool				 is_trusted;
};

/* root_only: what a caller could write must not steer a process of root's. */
static const struct akita_trust trust = { .root_only = true };

/*
 * A caller may name any file, and root reads it: its words must get neither to
 * the caller nor into a log that others read.
 */
static enum akita_rc
load(struct service *s, struct akita_why *why)
{
	struct akita_why detail = { 0 };
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	rc = akita_site_load(&s->site, s->request->config, &trust,
	    &akita_os_clock, &akita_os_random, &s->log, &detail);
	if (rc == AKITA_OK) {
		s->facility = s->site.settings->audit_syslog;
		return AKITA_OK;
	}
	if (s->caller->uid == 0) {
		*why = detail;
		return rc == AKITA_ERR_NOMEM ? rc : AKITA_ERR_SETTINGS;
	}
	return akita_fail(why, AKITA_ERR_SETTINGS,
	    AKITA_N("configuration %s is wrong, or not root's all the way up: "
	    "otpadm config check says more"), s->request->config, NULL);
}

/* Whose account it is, and may the caller ask about it? */
static enum akita_rc
authorise(struct service *s, struct akita_why *why)
{
	const struct akita_wire_request *request = s->request;
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	s->is_trusted = s->caller->uid == 0 || (s->caller->name[0] != '\0' &&
	    akita_settings_is_caller(s->site.settings, s->caller->name));
	rc = akita_nss_lookup(request->user, &s->nss, why);
	if (rc != AKITA_OK)
		return rc == AKITA_ERR_USAGE ? AKITA_ERR_PERMISSION : rc;
	if (strcmp(request->user, "?") != 0) {
		s->scene.user = s->nss.name;
		s->scene.is_known = s->nss.is_known;
	}
	if (s->is_trusted ||
	    (s->nss.is_known && s->nss.uid == s->caller->uid))
		return AKITA_OK;
	return akita_fail(why, AKITA_ERR_PERMISSION,
	    AKITA_N("this caller may ask about its own account only: see "
	    "trusted_callers in akita-otp.conf(5)"), NULL);
}

static enum akita_rc
peek(struct service *s, struct akita_peek *ret, struct akita_why *why)
{
	const char *source = s->request->source;

	return akita_verify_peek(&s->site, s->nss.name, s->request->service,
	    s->is_trusted && source[0] != '\0' ? source : NULL, ret, why);
}

/*
 * The service and the source of a grace, and the time of an answer, are the
 * caller's word: only a trusted one has them believed.
 */
static enum akita_rc
attempt(struct service *s, struct akita_outcome *ret, struct akita_why *why)
{
	const struct akita_wire_request *request = s->request;
	bool grace = s->is_trusted && request->source[0] != '\0' &&
	    request->grace_s > 0;
	const struct akita_attempt attempt = {
		.user = s->nss.name,
		.answer = request->answer.text,
		.password = request->has_password ? request->password.text :
		    NULL,
		.start_of_use = request->start_of_use,
		.decoy = request->decoy,
		.answered_at = request->has_password ? request->answered_at : 0,
		.service = grace ? request->service : NULL,
		.source = grace ? request->source : NULL,
		.grace_s = grace ? request->grace_s : 0,
	};

	return akita_verify_attempt(&s->site, &attempt, ret, why);
}

static enum akita_rc
serve(struct service *s, void (*started)(unsigned int lock_timeout_ms),
    struct akita_wire_reply *reply, struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if ((rc = load(s, why)) != AKITA_OK)
		return rc;
	started(s->site.settings->lock_timeout_ms);
	if ((rc = authorise(s, why)) != AKITA_OK ||
	    (rc = akita_site_open(&s->site, why)) != AKITA_OK)
		return rc;
	if (s->request->op != AKITA_WIRE_ATTEMPT)
		return peek(s, &reply->peek, why);
	rc = attempt(s, &reply->outcome, why);
	if (rc == AKITA_OK && !reply->outcome.ask_password)
		akita_report_outcome(&s->log, &s->scene, &reply->outcome,
		    s->request->decoy);
	return rc;
}

void
akita_helper_serve(const struct akita_wire_request *request,
    const struct akita_caller *caller,
    void (*started)(unsigned int lock_timeout_ms),
    struct akita_wire_reply *ret_reply)
{
	struct service s = { .request = request, .caller = caller,
		.facility = LOG_AUTHPRIV };
	struct akita_wire_reply reply = { .op = request->op };
	struct akita_why why = { 0 };

	s.log = akita_event_syslog(&s.facility);
	s.scene.event = request->op == AKITA_WIRE_ACCOUNT ? "account" :
	    "login";
	s.scene.service = request->service;
	s.scene.rhost = request->rhost;
	s.scene.by = caller->name[0] != '\0' ? caller->name : "?";
	memcpy(reply.nonce, request->nonce, sizeof(reply.nonce));
	reply.rc = serve(&s, started, &reply, &why);
	if (reply.rc != AKITA_OK) {
		akita_report_trouble(&s.log, &s.scene, reply.rc, &why);
		memset(&reply.peek, 0, sizeof(reply.peek));
		memset(&reply.outcome, 0, sizeof(reply.outcome));
	}
	akita_site_close(&s.site);
	*ret_reply = reply;
}
