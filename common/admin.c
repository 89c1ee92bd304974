#include "common/admin_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "common/recovery.h"

#define FORM_TRIES	8	/* searches for a form beside applications */

int64_t
akita_admin_now(const struct akita_site *site)
{
	return site->clock->now_s(site->clock->ctx);
}

/* ---- what comes with a change ---- */

void
akita_companions_free(struct akita_companions **companions)
{
	if (companions == NULL)
		return;
	free(*companions);
	*companions = NULL;
}

static enum akita_rc
compose_audit(const struct akita_deed *deed, char ret_body[AKITA_AUDIT_BODY],
    struct akita_why *why)
{
	struct akita_audit_record record = {
		.time_s = deed->at_s,
		.actor = deed->actor,
		.account = deed->after->identity.user,
		.event = deed->event,
		.from = deed->from,
		.to = deed->to,
		.reason = deed->reason,
		.form = deed->form,
		.note = deed->note,
	};
	char user_id[16];

	if (deed->after->identity.user_id != 0) {
		(void)snprintf(user_id, sizeof(user_id), "%lu",
		    (unsigned long)deed->after->identity.user_id);
		record.user_id = user_id;
	}
	return akita_audit_compose(&record, ret_body, why);
}

enum akita_rc
akita_companions_make(struct akita_site *site, const struct akita_deed *deed,
    struct akita_companions **ret_companions, struct akita_why *why)
{
	struct akita_companions *made = NULL;
	enum akita_rc rc = AKITA_OK;

	if ((made = calloc(1, sizeof(*made))) == NULL)
		return AKITA_ERR_NOMEM;
	made->audit_file = site->settings->audit_file;
	if (deed != NULL)
		rc = compose_audit(deed, made->audit, why);
	if (rc != AKITA_OK) {
		akita_companions_free(&made);
		return rc;
	}
	if (deed != NULL)
		akita_companions_mails(site, deed, made);
	*ret_companions = made;
	return AKITA_OK;
}

void
akita_admin_warn(const struct akita_site *site, const char *event,
    const struct akita_account *account, const struct akita_why *why)
{
	struct akita_log_event line = {
		.event = event, .user = account->identity.user,
		.service = "otpadm", .result = "error", .failures = -1,
		.why = why,
	};

	akita_event_send(site->log, LOG_WARNING, &line);
}

void
akita_admin_tell(const struct akita_site *site,
    const struct akita_actor *actor, const char *event,
    const struct akita_account *account, const char *result,
    const char *reason)
{
	struct akita_log_event line = {
		.event = event, .user = account->identity.user,
		.service = "otpadm", .result = result, .reason = reason,
		.failures = account->slot.failures,
		.by = actor->sudo_user[0] != '\0' ? actor->sudo_user :
		    actor->user,
	};

	akita_event_send(site->log, strcmp(event, "lock") == 0 ?
	    LOG_WARNING : LOG_NOTICE, &line);
}

enum akita_rc
akita_admin_commit(struct akita_site *site, struct akita_txn *txn,
    const struct akita_account *after,
    const struct akita_companions *companions, struct akita_why *why)
{
	struct akita_why trouble = { .msgid = NULL };
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	rc = akita_txn_commit(txn, after, companions, &trouble);
	if (rc == AKITA_ERR_PARTIAL) {
		akita_admin_warn(site, "journal", after, &trouble);
		return AKITA_OK;
	}
	if (rc != AKITA_OK && why != NULL)
		*why = trouble;
	return rc;
}

enum akita_rc
akita_admin_record(struct akita_site *site, const struct akita_actor *actor,
    const char *event, struct akita_why *why)
{
	const struct akita_audit_record record = {
		.time_s = akita_admin_now(site), .actor = actor,
		.event = event,
	};
	struct akita_companions *companions = NULL;
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	rc = akita_companions_make(site, NULL, &companions, why);
	if (rc == AKITA_OK)
		rc = akita_audit_compose(&record, companions->audit, why);
	if (rc == AKITA_OK)
		rc = akita_store_record_act(site->store, companions, why);
	akita_companions_free(&companions);
	return rc == AKITA_ERR_PARTIAL ? AKITA_OK : rc;
}

/* ---- an event ---- */

/* An event and all that it points to. */
struct prepared {
	struct akita_event	event;
	struct akita_identity	identity;
	struct akita_token	token;
};

static void
prepared_wipe(struct prepared *p)
{
	akita_wipe(p, sizeof(*p));
}

/* Does the event give this account a user ID? */
static bool
gives_user_id(enum akita_event_kind kind, const struct akita_account *account)
{
	if (kind == AKITA_EVENT_REGISTER)
		return true;
	return kind == AKITA_EVENT_ISSUE &&
	    (account->identity.user_id == 0 ||
	    account->slot.state == AKITA_STATE_UNREGISTERED ||
	    account->slot.state == AKITA_STATE_RELEASED);
}

/* A transaction that can do what the event needs; a user ID, and a new record,
 * take one that changes the structure. */
static enum akita_rc
begin_for(struct akita_site *site, const char *user,
    enum akita_event_kind kind, struct akita_txn **ret_txn,
    struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if (kind == AKITA_EVENT_REGISTER)
		return akita_txn_begin(site->store, user, AKITA_TXN_CREATE,
		    ret_txn, why);
	rc = akita_txn_begin(site->store, user, AKITA_TXN_CHANGE, ret_txn,
	    why);
	/* A record that repair could not save is one to make anew. */
	if (rc == AKITA_ERR_DATABASE && kind == AKITA_EVENT_ISSUE)
		return akita_txn_begin(site->store, user, AKITA_TXN_CREATE,
		    ret_txn, why);
	if (rc != AKITA_OK ||
	    !gives_user_id(kind, akita_txn_account(*ret_txn)))
		return rc;
	akita_txn_end(ret_txn);
	return akita_txn_begin(site->store, user, AKITA_TXN_CREATE, ret_txn,
	    why);
}

static enum akita_rc
hash_codes(struct akita_site *site, const struct akita_txn *txn,
    const char *user, const struct akita_change *change,
    struct akita_token *token, struct akita_why *why)
{
	struct akita_code AKITA_CODE_AUTO code = { .value = 0 };
	enum akita_rc rc = AKITA_OK;
	unsigned int i;

	if (change->n_codes == 0 || change->n_codes > AKITA_RECOVERY_MAX)
		return akita_fail(why, AKITA_ERR_USAGE,
		    AKITA_N("1 to 32 recovery codes can be made."), NULL);
	token->recovery_count = change->n_codes;
	for (i = 0; i < change->n_codes && rc == AKITA_OK; i++) {
		akita_code_parse(change->codes[i], &code);
		if (code.shape != AKITA_SHAPE_RECOVERY)
			return AKITA_ERR_INTERNAL;
		rc = akita_seal_recovery_hash(site->crypto,
		    akita_txn_keys(txn), user, code.recovery,
		    token->recovery_hash[i]);
	}
	return rc;
}

static enum akita_rc
prepare(struct akita_site *site, struct akita_txn *txn, const char *user,
    const struct akita_change *change, struct prepared *p,
    struct akita_why *why)
{
	const struct akita_event *event = &change->event;
	enum akita_rc rc = AKITA_OK;

	memset(p, 0, sizeof(*p));
	p->event = *event;
	if (event->identity != NULL)
		p->identity = *event->identity;
	if (event->token != NULL)
		p->token = *event->token;
	p->event.identity = &p->identity;
	p->event.token = event->token != NULL ||
	    event->kind == AKITA_EVENT_RECOVERY ? &p->token : NULL;
	if (gives_user_id(event->kind, akita_txn_account(txn)))
		rc = akita_txn_next_user_id(txn, &p->identity.user_id, why);
	p->token.has_password = change->password != NULL;
	if (rc == AKITA_OK && change->password != NULL)
		rc = akita_seal_password_hash(site->crypto,
		    akita_txn_keys(txn), user, change->password,
		    p->token.password_hash);
	if (rc == AKITA_OK && event->kind == AKITA_EVENT_RECOVERY)
		rc = hash_codes(site, txn, user, change, &p->token, why);
	return rc;
}

/* The word of the audit log; the mails go by it too. */
static const char *
deed_name(enum akita_event_kind kind)
{
	return kind == AKITA_EVENT_REPLACE ? "replace" :
	    akita_event_name(kind);
}

static const char *
deed_reason(const struct akita_event *event)
{
	if (event->kind == AKITA_EVENT_SUSPEND)
		return akita_reason_name(event->reason);
	if (event->kind == AKITA_EVENT_UNLOCK && event->found)
		return "found";
	return NULL;
}

static enum akita_rc
commit_change(struct akita_site *site, struct akita_txn *txn,
    const struct akita_request *req, const struct akita_event *event,
    int64_t now_s, const struct akita_account *after, struct akita_why *why)
{
	const struct akita_account *before = akita_txn_account(txn);
	struct akita_companions *companions = NULL;
	struct akita_deed deed = {
		.event = deed_name(event->kind),
		.actor = req->actor,
		.at_s = now_s,
		.before = before,
		.after = after,
		.from = akita_state_name(akita_state_at(before, now_s)),
		.to = akita_state_name(akita_state_at(after, now_s)),
		.reason = deed_reason(event),
		.form = req->form,
		.note = req->note,
	};
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	rc = akita_companions_make(site, &deed, &companions, why);
	if (rc == AKITA_OK)
		rc = akita_admin_commit(site, txn, after, companions, why);
	if (rc == AKITA_OK)
		akita_admin_tell(site, req->actor, deed.event, after, "ok",
		    deed.reason != NULL ? deed.reason : "ok");
	akita_companions_free(&companions);
	return rc;
}

/* ---- a form serves once in its branch ---- */

struct form_search {
	const struct akita_identity	*wanted;
	char				 user[AKITA_USER_MAX + 1];
};

static bool
visit_form(void *ctx, const struct akita_account *account)
{
	struct form_search *search = ctx;

	if (strcmp(account->identity.form, search->wanted->form) != 0 ||
	    strcmp(account->identity.branch, search->wanted->branch) != 0)
		return true;
	memcpy(search->user, account->identity.user, sizeof(search->user));
	return false;
}

static enum akita_rc
check_form(struct akita_site *site, const struct akita_identity *identity,
    struct akita_why *why)
{
	struct form_search search = { .wanted = identity };
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	rc = akita_store_each(site->store, false, visit_form, &search, why);
	if (rc == AKITA_OK && search.user[0] != '\0')
		return akita_fail(why, AKITA_ERR_REFUSED, AKITA_N("The form "
		    "%s of this branch was used for the application of %s "
		    "already. A form serves once: check its number."),
		    identity->form, search.user, NULL);
	return rc;
}

/*
 * Begin what takes an application.  The search for its form reads every
 * account, so it goes on without a lock, beside logins; an application that was
 * taken meanwhile shows by the next user ID, and the search begins again.
 */
static enum akita_rc
begin_register(struct akita_site *site, const char *user,
    const struct akita_identity *identity, struct akita_txn **ret_txn,
    struct akita_why *why)
{
	struct akita_txn *txn = NULL;
	uint32_t next_id = 0, searched_at = 0;
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	int tries;

	for (tries = 0; tries < FORM_TRIES; tries++) {
		rc = begin_for(site, user, AKITA_EVENT_REGISTER, &txn, why);
		if (rc == AKITA_OK)
			rc = akita_txn_next_user_id(txn, &next_id, why);
		if (rc == AKITA_OK && (identity == NULL ||
		    identity->form[0] == '\0' || next_id == searched_at)) {
			*ret_txn = txn;
			return AKITA_OK;
		}
		akita_txn_end(&txn);
		searched_at = next_id;
		if (rc == AKITA_OK)
			rc = check_form(site, identity, why);
		if (rc != AKITA_OK)
			return rc;
	}
	return AKITA_ERR_BUSY;
}

/* ---- the interface ---- */

enum akita_rc
akita_admin_check(struct akita_site *site, const char *user,
    const struct akita_event *event, struct akita_account *ret_account,
    struct akita_why *why)
{
	struct akita_txn *txn = NULL;
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	rc = akita_txn_begin(site->store, user, AKITA_TXN_PEEK, &txn, why);
	if (rc == AKITA_ERR_DATABASE && (event->kind == AKITA_EVENT_REGISTER ||
	    event->kind == AKITA_EVENT_ISSUE))
		rc = akita_txn_begin(site->store, user, AKITA_TXN_CREATE, &txn,
		    why);
	if (rc != AKITA_OK)
		return rc;
	rc = akita_lifecycle_check(akita_txn_account(txn), event,
	    &site->policy, akita_admin_now(site), why);
	if (rc == AKITA_OK && ret_account != NULL)
		*ret_account = *akita_txn_account(txn);
	akita_txn_end(&txn);
	return rc;
}

enum akita_rc
akita_admin_change(struct akita_site *site, const struct akita_request *req,
    const struct akita_change *change, struct akita_account *ret_account,
    struct akita_why *why)
{
	struct prepared prepared __attribute__((cleanup(prepared_wipe)));
	struct akita_account AKITA_ACCOUNT_AUTO after = { .changed = 0 };
	struct akita_txn *txn = NULL;
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	int64_t now_s;

	memset(&prepared, 0, sizeof(prepared));
	rc = change->event.kind == AKITA_EVENT_REGISTER ?
	    begin_register(site, req->user, change->event.identity, &txn,
	    why) : begin_for(site, req->user, change->event.kind, &txn, why);
	if (rc != AKITA_OK)
		return rc;
	now_s = akita_admin_now(site);	/* after the wait for the lock */
	rc = akita_lifecycle_check(akita_txn_account(txn), &change->event,
	    &site->policy, now_s, why);
	if (rc == AKITA_OK)
		rc = prepare(site, txn, req->user, change, &prepared, why);
	if (rc == AKITA_OK)
		rc = akita_lifecycle_apply(akita_txn_account(txn),
		    &prepared.event, &site->policy, now_s, &after, why);
	if (rc == AKITA_OK)
		rc = commit_change(site, txn, req, &prepared.event, now_s,
		    &after, why);
	if (rc == AKITA_OK && ret_account != NULL)
		*ret_account = after;
	akita_txn_end(&txn);
	return rc;
}
