#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/journal.h"
#include "common/store_int.h"

static char *
with_suffix(const char *base, const char *suffix)
{
	char *name = NULL;

	return asprintf(&name, "%s%s", base, suffix) < 0 ? NULL : name;
}

/* Directory and name of env.path. */
static bool
set_names(struct akita_store *store)
{
	const char *path = store->env.path;
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		store->dir = strdup(".");
	else if (slash == path)
		store->dir = strdup("/");
	else
		store->dir = strndup(path, (size_t)(slash - path));
	store->base = strdup(slash == NULL ? path : slash + 1);
	if (store->dir == NULL || store->base == NULL)
		return false;
	store->lock_name = with_suffix(store->base, ".lock");
	store->journal_name = with_suffix(store->base, ".journal");
	store->batch_name = with_suffix(store->base, ".batch");
	store->hint_name = with_suffix(store->base, ".hint");
	store->copy_name = with_suffix(store->base, ".new");
	return store->lock_name != NULL && store->journal_name != NULL &&
	    store->batch_name != NULL && store->hint_name != NULL &&
	    store->copy_name != NULL;
}

enum akita_rc
akita_store_new(const struct akita_store_env *env,
    struct akita_store **ret_store)
{
	struct akita_store *store;

	if ((store = calloc(1, sizeof(*store))) == NULL)
		return AKITA_ERR_NOMEM;
	store->env = *env;
	store->trust = *env->trust;
	store->trust.is_private = true;
	if (!set_names(store)) {
		akita_store_free(&store);
		return AKITA_ERR_NOMEM;
	}
	*ret_store = store;
	return AKITA_OK;
}

void
akita_store_free(struct akita_store **store)
{
	struct akita_store *s;

	if (store == NULL || (s = *store) == NULL)
		return;
	*store = NULL;
	free(s->dir);
	free(s->base);
	free(s->lock_name);
	free(s->journal_name);
	free(s->batch_name);
	free(s->hint_name);
	free(s->copy_name);
	akita_wipe(s, sizeof(*s));
	free(s);
}

enum akita_rc
akita_store_use_key(struct akita_store *store, uint32_t key_id,
    struct akita_why *why)
{
	struct akita_seal_keys *k = &store->keys;
	const struct {
		enum akita_purpose	 purpose;
		uint8_t			*into;
	} wanted[] = {
		{ AKITA_KEY_SEAL, k->seal }, { AKITA_KEY_SLOT, k->slot },
		{ AKITA_KEY_NAME, k->name }, { AKITA_KEY_PAGE, k->page },
		{ AKITA_KEY_PASSWORD, k->password },
		{ AKITA_KEY_RECOVERY, k->recovery },
		{ AKITA_KEY_GRACE, k->grace },
		{ AKITA_KEY_JOURNAL, k->journal },
	};
	const uint8_t *key = NULL;
	enum akita_rc rc;
	size_t i;

	if (store->has_keys && store->key_id == key_id)
		return AKITA_OK;
	store->has_keys = false;
	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		rc = akita_keyring_subkey(store->env.ring, store->env.crypto,
		    key_id, wanted[i].purpose, &key);
		if (rc == AKITA_ERR_KEY)
			return akita_fail(why, rc, AKITA_N("The key ring does "
			    "not belong to the database %s.  Restore the "
			    "master.key that was made with it."),
			    store->env.path, NULL);
		if (rc != AKITA_OK)
			return rc;
		memcpy(wanted[i].into, key, 32);
	}
	store->key_id = key_id;
	store->has_keys = true;
	return AKITA_OK;
}

void
akita_store_record_ctx(const struct akita_db *db, uint32_t number,
    const uint8_t *name_hash, struct akita_record_ctx *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->crypto = db->store->env.crypto;
	ret->keys = &db->store->keys;
	ret->random = db->store->env.random;
	memcpy(ret->binding.db_id, db->header.db_id, AKITA_DB_ID);
	ret->binding.number = number;
	if (name_hash != NULL)
		memcpy(ret->binding.name_hash, name_hash, AKITA_NAME_HASH);
}

/* AKITA_ERR_EXISTS if any of the files is there. */
static enum akita_rc
none_exists(struct akita_store *store, int dir_fd, struct akita_why *why)
{
	const char *const names[] = {
		store->base, store->lock_name, store->journal_name
	};
	struct stat st;
	size_t i;

	for (i = 0; i < 3; i++)
		if (fstatat(dir_fd, names[i], &st, AT_SYMLINK_NOFOLLOW) == 0)
			return akita_fail(why, AKITA_ERR_EXISTS,
			    AKITA_N("%s/%s exists already.  Nothing was "
			    "changed; to start anew, move it away first."),
			    store->dir, names[i], NULL);
	return AKITA_OK;
}

/* The first header, page, spares and decoy. */
static enum akita_rc
fill_empty(struct akita_copy *copy, struct akita_why *why)
{
	struct akita_db *db = copy->db;
	struct akita_store *store = db->store;
	const struct akita_random *random = store->env.random;
	struct akita_page page = { .sequence = 1 };
	enum akita_rc rc;

	memset(&db->header, 0, sizeof(db->header));
	db->header.key_id = store->key_id;
	db->header.n_pages = 1;
	db->header.n_records = AKITA_SPARES;
	db->header.next_user_id = AKITA_FIRST_USER_ID;
	db->header.sequence = 1;
	rc = random->fill(random->ctx, db->header.db_id, AKITA_DB_ID);
	if (rc == AKITA_OK)
		rc = akita_copy_page(copy, &db->header, &page, why);
	if (rc == AKITA_OK)
		rc = akita_copy_spares(copy, &db->header, 0, AKITA_SPARES,
		    why);
	if (rc == AKITA_OK)
		rc = akita_copy_decoy(copy, &db->header, why);
	if (rc == AKITA_OK)
		rc = akita_copy_header(copy, &db->header, why);
	return rc;
}

static enum akita_rc
make_outbox(int dir_fd, struct akita_store *store, struct akita_why *why)
{
	if (mkdirat(dir_fd, AKITA_OUTBOX, 0700) != 0 && errno != EEXIST)
		return akita_fail(why, AKITA_ERR_IO,
		    AKITA_N("%s/%s cannot be made (%s)."), store->dir,
		    AKITA_OUTBOX, akita_trust_errno(errno), NULL);
	return AKITA_OK;
}

/* Under the new lock file: journal, outbox, and the database last. */
static enum akita_rc
create_files(struct akita_db *db, struct akita_why *why)
{
	struct akita_store *store = db->store;
	struct akita_copy copy = { .fd = -1 };
	enum akita_rc rc;

	rc = akita_lock_open(&db->lock, db->dir_fd, store->dir,
	    store->lock_name, &store->trust, why);
	if (rc == AKITA_OK)
		rc = akita_lock_take(&db->lock, AKITA_LOCK_EXCLUSIVE, 0,
		    &db->wait, why);
	if (rc == AKITA_OK)
		rc = akita_journal_make(db->dir_fd, store->dir,
		    store->journal_name, &store->trust, store->env.crypto,
		    store->keys.journal, why);
	if (rc == AKITA_OK)
		rc = make_outbox(db->dir_fd, store, why);
	if (rc == AKITA_OK)
		rc = akita_copy_begin(&copy, db, AKITA_COPY_EMPTY, 0, why);
	if (rc == AKITA_OK)
		rc = fill_empty(&copy, why);
	if (rc == AKITA_OK)
		rc = akita_copy_finish(&copy, NULL, akita_db_check_all, NULL,
		    why);
	akita_copy_abandon(&copy);
	return rc;
}

enum akita_rc
akita_store_create(struct akita_store *store, struct akita_why *why)
{
	struct akita_db db = { .store = store, .dir_fd = -1 };
	enum akita_rc rc;

	db.lock.fd = -1;
	db.wait.clock = store->env.clock;
	db.wait.random = store->env.random;
	db.wait.deadline_ms = store->env.lock_timeout_ms +
	    store->env.clock->mono_ms(store->env.clock->ctx);
	rc = akita_trust_open_parent(store->env.path, store->env.trust,
	    &db.dir_fd, why);
	if (rc == AKITA_ERR_MISSING)
		rc = akita_fail(why, AKITA_ERR_DATABASE,
		    AKITA_N("The directory %s is missing."), store->dir,
		    NULL);
	if (rc == AKITA_OK)
		rc = none_exists(store, db.dir_fd, why);
	if (rc == AKITA_OK)
		rc = akita_store_use_key(store,
		    akita_keyring_current(store->env.ring), why);
	if (rc != AKITA_OK)
		goto out;
	rc = akita_lock_make(db.dir_fd, store->dir, store->lock_name,
	    &store->trust, why);
	if (rc != AKITA_OK)
		goto out;
	rc = create_files(&db, why);
	if (rc != AKITA_OK) {
		(void)unlinkat(db.dir_fd, store->journal_name, 0);
		(void)unlinkat(db.dir_fd, store->lock_name, 0);
	}
out:
	akita_db_close(&db);
	return rc;
}
