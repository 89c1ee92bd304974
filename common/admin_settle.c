/* What logins left to be recorded and mailed. */
#include "common/admin_int.h"

#include <string.h>

struct settling {
	struct akita_site	*site;
	struct akita_actor	 login;		/* nobody of staff did it */
	enum akita_rc		 rc;		/* the first trouble */
	struct akita_why	*why;
};

/* What one notice means. */
static const struct notice {
	uint16_t	 bit;
	const char	*event;
	const char	*reason;
	enum akita_state from;
	enum akita_state to;
} notices[] = {
	{ AKITA_NOTICE_ACTIVATED, "activate", NULL,
	    AKITA_STATE_ISSUED, AKITA_STATE_ACTIVE },
	{ AKITA_NOTICE_BURNT, "burn", "burnt",
	    AKITA_STATE_ISSUED, AKITA_STATE_REGISTERED },
	{ AKITA_NOTICE_LOCKED, "lock", "failures",
	    AKITA_STATE_ACTIVE, AKITA_STATE_LOCKED },
};

static int64_t
time_of(const struct notice *n, const struct akita_slot *slot)
{
	int64_t at = 0;

	if (n->bit == AKITA_NOTICE_LOCKED)
		at = slot->locked_at;
	else if (n->bit == AKITA_NOTICE_ACTIVATED)
		at = slot->activated_at;
	return at != 0 ? at : slot->notice_at;
}

/* Record one notice and take it away, in one step.  n NULL: the commit itself
 * overwrites the areas that wait for it. */
static enum akita_rc
settle_one(struct settling *s, struct akita_txn *txn, const struct notice *n)
{
	const struct akita_account *before = akita_txn_account(txn);
	struct akita_account AKITA_ACCOUNT_AUTO after = *before;
	struct akita_companions *companions = NULL;
	struct akita_deed deed = {
		.actor = &s->login, .before = before, .after = &after,
	};
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	after.changed = 0;
	if (n != NULL) {
		after.slot.notices = (uint16_t)(after.slot.notices & ~n->bit);
		deed.event = n->event;
		deed.reason = n->reason;
		deed.at_s = time_of(n, &before->slot);
		deed.from = akita_state_name(n->from);
		deed.to = akita_state_name(n->to);
	}
	if (n != NULL && n->bit == AKITA_NOTICE_LOCKED &&
	    before->slot.locked_from != AKITA_STATE_UNREGISTERED)
		deed.from = akita_state_name(before->slot.locked_from);
	rc = akita_companions_make(s->site, n != NULL ? &deed : NULL,
	    &companions, s->why);
	if (rc == AKITA_OK)
		rc = akita_admin_commit(s->site, txn, &after, companions,
		    s->why);
	akita_companions_free(&companions);
	return rc;
}

/* One notice of an account, in a transaction of its own. */
static enum akita_rc
settle_next(struct settling *s, const char *user, bool *ret_more)
{
	const struct akita_slot *slot;
	const struct notice *n = NULL;
	struct akita_txn *txn = NULL;
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	size_t i;

	*ret_more = false;
	rc = akita_txn_begin(s->site->store, user, AKITA_TXN_CHANGE, &txn,
	    s->why);
	if (rc != AKITA_OK)
		return rc;
	slot = &akita_txn_account(txn)->slot;
	for (i = 0; i < sizeof(notices) / sizeof(notices[0]); i++)
		if (n == NULL && (slot->notices & notices[i].bit) != 0)
			n = &notices[i];
	if (n != NULL || (slot->notices & AKITA_NOTICE_STALE) != 0) {
		*ret_more = n != NULL &&
		    (slot->notices & ~(n->bit | AKITA_NOTICE_STALE)) != 0;
		rc = settle_one(s, txn, n);
	}
	akita_txn_end(&txn);
	return rc;
}

static bool
visit(void *ctx, const char *user)
{
	struct settling *s = ctx;
	bool more = true;

	while (more && s->rc == AKITA_OK)
		s->rc = settle_next(s, user, &more);
	return s->rc == AKITA_OK;
}

enum akita_rc
akita_admin_settle(struct akita_site *site, const struct akita_actor *actor,
    struct akita_why *why)
{
	struct settling s = {
		.site = site, .login = { .loginuid = -1, .user = "login" },
		.rc = AKITA_OK, .why = why,
	};
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	(void)actor;	/* who runs the command did not do these things */
	rc = akita_store_finish_journal(site->store,
	    site->settings->audit_file, why);
	if (rc == AKITA_OK)
		rc = akita_store_notices(site->store, visit, &s, why);
	return rc != AKITA_OK ? rc : s.rc;
}
