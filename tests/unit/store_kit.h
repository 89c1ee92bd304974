/* A database in a directory of its own, and accounts to put into it. */
#ifndef STORE_KIT_H
#define STORE_KIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/audit.h"
#include "common/store.h"

struct kit {
	char			 dir[64];
	char			 path[128];	/* of the database */
	char			 log[128];	/* of the audit log */
	struct akita_crypto	*crypto;
	struct akita_keyring	*ring;
	struct akita_trust	 trust;
	struct akita_store_env	 env;
	struct akita_store	*store;
};

static inline void
kit_open(struct kit *k)
{
	assert_int_equal(akita_store_new(&k->env, &k->store), AKITA_OK);
}

/* Directory, key ring, handle; no database yet. */
static inline void
kit_prepare(struct kit *k)
{
	struct akita_why why = { 0 };
	char key[128], text[1024];

	memset(k, 0, sizeof(*k));
	(void)strcpy(k->dir, "/tmp/akita-store-XXXXXX");
	assert_non_null(mkdtemp(k->dir));
	(void)snprintf(k->path, sizeof(k->path), "%s/tokens.gdbm", k->dir);
	(void)snprintf(k->log, sizeof(k->log), "%s/audit.log", k->dir);
	(void)snprintf(key, sizeof(key), "%s/master.key", k->dir);
	assert_int_equal(akita_crypto_new(&k->crypto), AKITA_OK);
	if (akita_keyring_create(key, &k->trust, k->crypto, &akita_os_random,
	    &why) != AKITA_OK)
		fail_msg("%s", akita_why_text(&why, NULL, text, sizeof(text)));
	assert_int_equal(akita_keyring_load(key, &k->trust, k->crypto,
	    &k->ring, &why), AKITA_OK);
	k->env.path = k->path;
	k->env.ring = k->ring;
	k->env.crypto = k->crypto;
	k->env.clock = &akita_os_clock;
	k->env.random = &akita_os_random;
	k->env.trust = &k->trust;
	k->env.lock_timeout_ms = 3000;
	kit_open(k);
}

/* Where calls inside KIT_OK say why. */
static struct akita_why kit_why;
#define KW	(&kit_why)

#define KIT_OK(call)							\
	do {								\
		char text_[1024];					\
		enum akita_rc rc_ = (call);				\
		if (rc_ != AKITA_OK)					\
			fail_msg("%s: %s %s", #call, akita_rc_word(rc_),\
			    akita_why_text(KW, NULL, text_,		\
			    sizeof(text_)));				\
	} while (0)

static inline void
kit_create(struct kit *k)
{
	kit_prepare(k);
	KIT_OK(akita_store_create(k->store, KW));
}

static inline void
kit_free(struct kit *k)
{
	char cmd[128];

	akita_store_free(&k->store);
	akita_keyring_free(&k->ring);
	akita_crypto_free(&k->crypto);
	(void)snprintf(cmd, sizeof(cmd), "rm -rf '%s'", k->dir);
	assert_int_equal(system(cmd), 0);
}

/* An account in use, whose key is its name. */
static inline void
kit_account(struct akita_account *a, const char *user)
{
	akita_account_init(a, user);
	(void)snprintf(a->identity.mail, sizeof(a->identity.mail),
	    "mail@example.jp");
	a->slot.state = AKITA_STATE_ACTIVE;
	a->slot.generation = 1;
	a->has_token = true;
	a->token.type = AKITA_TOTP;
	a->token.algorithm = AKITA_HASH_SHA1;
	a->token.digits = 6;
	a->token.period_s = 60;
	a->token.generation = 1;
	a->token.key.len = 20;
	memcpy(a->token.key.bytes, user, strlen(user) < 20 ? strlen(user) :
	    20);
}

/* An audit record and so many mails, to come with a change; free() it. */
static inline struct akita_companions *
kit_companions(struct kit *k, const char *note, unsigned int n_mails)
{
	struct akita_companions *c = calloc(1, sizeof(*c));
	struct akita_actor actor = { .loginuid = -1, .user = "root" };
	struct akita_audit_record record = {
		.time_s = 1700000000, .actor = &actor, .account = "alice",
		.event = "suspend", .note = note
	};

	assert_non_null(c);
	KIT_OK(akita_audit_compose(&record, c->audit, KW));
	c->audit_file = k->log;
	for (; c->n_mails < n_mails; c->n_mails++) {
		(void)snprintf(c->mail[c->n_mails].file,
		    sizeof(c->mail[0].file), "mail-%s-%u", note, c->n_mails);
		(void)snprintf(c->mail[c->n_mails].text,
		    sizeof(c->mail[0].text), "Subject: %s\n\ntext\n", note);
	}
	return c;
}

/* Put a new account into the database. */
static inline enum akita_rc
kit_add(struct kit *k, const char *user, const struct akita_companions *c,
    struct akita_why *why)
{
	struct akita_account a;
	struct akita_txn *txn = NULL;
	enum akita_rc rc;

	rc = akita_txn_begin(k->store, user, AKITA_TXN_CREATE, &txn, why);
	if (rc != AKITA_OK)
		return rc;
	kit_account(&a, user);
	rc = akita_txn_next_user_id(txn, &a.identity.user_id, why);
	if (rc == AKITA_OK)
		rc = akita_txn_commit(txn, &a, c, why);
	akita_txn_end(&txn);
	return rc;
}

static inline enum akita_rc
kit_read(struct kit *k, const char *user, struct akita_account *ret,
    struct akita_why *why)
{
	struct akita_txn *txn = NULL;
	enum akita_rc rc;

	rc = akita_txn_begin(k->store, user, AKITA_TXN_PEEK, &txn, why);
	if (rc == AKITA_OK)
		*ret = *akita_txn_account(txn);
	akita_txn_end(&txn);
	return rc;
}

/* A login: one more in the counter of failures, one step on. */
static inline enum akita_rc
kit_login(struct kit *k, const char *user, struct akita_why *why)
{
	struct akita_account a;
	struct akita_txn *txn = NULL;
	enum akita_rc rc;

	rc = akita_txn_begin(k->store, user, AKITA_TXN_CHANGE, &txn, why);
	if (rc != AKITA_OK)
		return rc;
	a = *akita_txn_account(txn);
	if (a.slot.state == AKITA_STATE_UNREGISTERED) {
		rc = akita_txn_commit_decoy(txn, why);
	} else {
		a.slot.last_step++;
		rc = akita_txn_commit(txn, &a, NULL, why);
	}
	akita_txn_end(&txn);
	return rc;
}

#endif
