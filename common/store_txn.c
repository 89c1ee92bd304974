#include <stdlib.h>
#include <string.h>

#include "common/store_int.h"

/* What an unknown user costs: the same reading and opening, of a decoy whose
 * content means nothing. */
static enum akita_rc
read_decoy(struct akita_txn *txn, struct akita_why *why)
{
	AKITA_ACCOUNT_AUTO struct akita_account decoy;
	struct akita_record_ctx ctx;
	enum akita_rc rc;
	int slot;

	rc = akita_gdbm_fetch(&txn->db.gdbm, akita_gdbm_key('D'), txn->record,
	    AKITA_RECORD_SIZE, why);
	if (rc == AKITA_ERR_MISSING)
		return akita_db_damaged(&txn->db, why);
	if (rc != AKITA_OK)
		return rc;
	akita_store_record_ctx(&txn->db, AKITA_RECORD_DECOY, NULL, &ctx);
	rc = akita_record_open(&ctx, txn->record, true, &decoy, &slot);
	return rc == AKITA_ERR_CRYPTO ? rc : AKITA_OK;
}

/* Repair found nothing good of this account: it is closed.  Only who may make
 * accounts can begin it anew, in its old record. */
static enum akita_rc
read_lost(struct akita_txn *txn, struct akita_why *why)
{
	if (txn->mode != AKITA_TXN_CREATE)
		return akita_fail(why, AKITA_ERR_DATABASE, AKITA_N("What the "
		    "database %s had of this account was damaged, and repair "
		    "could not save it.  Register the account anew, or issue "
		    "a token."), txn->store->env.path, NULL);
	memcpy(txn->account.identity.user, txn->user, sizeof(txn->user));
	return AKITA_OK;
}

static enum akita_rc
read_account(struct akita_txn *txn, const uint8_t *name_hash,
    struct akita_why *why)
{
	enum akita_rc rc;

	rc = akita_db_lookup(&txn->db, name_hash, &txn->found, &txn->number,
	    txn->record, why);
	if (rc != AKITA_OK)
		return rc;
	if (!txn->found) {
		akita_account_init(&txn->account, txn->user);
		return txn->mode == AKITA_TXN_CREATE ? AKITA_OK :
		    read_decoy(txn, why);
	}
	akita_store_record_ctx(&txn->db, txn->number, name_hash, &txn->ctx);
	rc = akita_record_open(&txn->ctx, txn->record, true, &txn->account,
	    &txn->slot);
	if (rc == AKITA_OK && akita_record_is_lost(&txn->account))
		return read_lost(txn, why);
	if (rc == AKITA_OK && (strcmp(txn->account.identity.user,
	    txn->user) != 0 ||
	    txn->account.slot.state == AKITA_STATE_UNREGISTERED))
		rc = AKITA_ERR_MALFORMED;
	if (rc == AKITA_ERR_MALFORMED)
		return akita_fail(why, AKITA_ERR_DATABASE, AKITA_N("The "
		    "record of this account in the database %s is damaged.  "
		    "Run otpadm verify-db, then otpadm repair."),
		    txn->store->env.path, NULL);
	return rc;
}

static enum akita_access
access_of(enum akita_txn_mode mode)
{
	switch (mode) {
	case AKITA_TXN_CHANGE:
		return AKITA_ACCESS_WRITE;
	case AKITA_TXN_CREATE:
		return AKITA_ACCESS_EXCLUSIVE;
	case AKITA_TXN_PEEK:
		break;
	}
	return AKITA_ACCESS_READ;
}

/* Lock and open.  Which stripe is locked depends on the key, and which key it
 * is stands in the database: twice if it is not the expected one. */
static enum akita_rc
open_for(struct akita_txn *txn, uint8_t name_hash[AKITA_NAME_HASH],
    struct akita_why *why)
{
	struct akita_store *store = txn->store;
	enum akita_rc rc = AKITA_ERR_MISSING;
	int tries;

	if (!store->has_keys)
		rc = akita_store_use_key(store,
		    akita_keyring_current(store->env.ring), why);
	if (rc != AKITA_OK && rc != AKITA_ERR_MISSING)
		return rc;
	for (rc = AKITA_ERR_MISSING, tries = 0;
	    rc == AKITA_ERR_MISSING && tries < 3; tries++) {
		rc = akita_seal_name_hash(store->env.crypto, &store->keys,
		    txn->user, name_hash);
		if (rc == AKITA_OK)
			rc = akita_db_open(store, access_of(txn->mode),
			    akita_lock_stripe(name_hash), &txn->db, why);
	}
	return rc == AKITA_ERR_MISSING ? AKITA_ERR_DATABASE : rc;
}

enum akita_rc
akita_txn_begin(struct akita_store *store, const char *user,
    enum akita_txn_mode mode, struct akita_txn **ret_txn,
    struct akita_why *why)
{
	uint8_t name_hash[AKITA_NAME_HASH];
	struct akita_txn *txn;
	size_t len = strnlen(user, AKITA_USER_MAX + 1);
	enum akita_rc rc;

	if (len == 0 || len > AKITA_USER_MAX)
		return akita_fail(why, AKITA_ERR_USAGE,
		    AKITA_N("A user name has 1 to 64 bytes."), NULL);
	if ((txn = calloc(1, sizeof(*txn))) == NULL)
		return AKITA_ERR_NOMEM;
	txn->store = store;
	txn->mode = mode;
	txn->db.dir_fd = txn->db.lock.fd = -1;
	memcpy(txn->user, user, len);
	if ((rc = open_for(txn, name_hash, why)) == AKITA_OK) {
		akita_store_record_ctx(&txn->db, 0, name_hash, &txn->ctx);
		rc = read_account(txn, name_hash, why);
	}
	if (rc != AKITA_OK) {
		akita_txn_end(&txn);
		return rc;
	}
	*ret_txn = txn;
	return AKITA_OK;
}

const struct akita_account *
akita_txn_account(const struct akita_txn *txn)
{
	return &txn->account;
}

const struct akita_seal_keys *
akita_txn_keys(const struct akita_txn *txn)
{
	return &txn->store->keys;
}

enum akita_rc
akita_txn_next_user_id(struct akita_txn *txn, uint32_t *ret_id,
    struct akita_why *why)
{
	if (txn->mode != AKITA_TXN_CREATE)
		return AKITA_ERR_INTERNAL;
	if (txn->db.header.next_user_id == UINT32_MAX)
		return akita_fail(why, AKITA_ERR_DATABASE,
		    AKITA_N("There are no user IDs left."), NULL);
	txn->wants_id = true;
	*ret_id = txn->db.header.next_user_id;
	return AKITA_OK;
}

void
akita_txn_end(struct akita_txn **txn)
{
	if (txn == NULL || *txn == NULL)
		return;
	akita_db_close(&(*txn)->db);
	akita_wipe(*txn, sizeof(**txn));
	free(*txn);
	*txn = NULL;
}
