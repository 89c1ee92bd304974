#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/store_scan.h"

#define HINT_LINE	11	/* a record's number in ten digits, newline */
#define HINT_MAX	(1 << 20)

bool
akita_boot_id(char ret[AKITA_BOOT_ID + 1])
{
	ssize_t n = -1;
	int fd;

	fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, ret, AKITA_BOOT_ID);
		(void)close(fd);
	}
	ret[AKITA_BOOT_ID] = '\0';
	return n == AKITA_BOOT_ID && ret[AKITA_BOOT_ID - 1] == '\n';
}

/* Is it a hint file of this boot?  Until everything has been looked through
 * once, its first line ends in '?': logins use it, readers do not yet. */
static bool
is_of_this_boot(int fd, bool is_complete)
{
	char boot[AKITA_BOOT_ID + 1], first[AKITA_BOOT_ID];

	return akita_boot_id(boot) &&
	    pread(fd, first, AKITA_BOOT_ID, 0) == AKITA_BOOT_ID &&
	    memcmp(first, boot, AKITA_BOOT_ID - 1) == 0 &&
	    (!is_complete || first[AKITA_BOOT_ID - 1] == '\n');
}

/*
 * Never waits and never fails: where a hint cannot be left, the file is
 * removed, and without it the next otpadm looks through everything.
 */
void
akita_store_hint(struct akita_db *db, uint32_t number)
{
	char line[HINT_LINE + 1];
	int fd = -1;

	if (akita_db_open_at(db, db->store->hint_name, O_RDWR | O_APPEND, &fd,
	    NULL) != AKITA_OK)
		return;
	(void)snprintf(line, sizeof(line), "%010u\n", number);
	if (is_of_this_boot(fd, false) && (flock(fd, LOCK_SH | LOCK_NB) != 0 ||
	    write(fd, line, HINT_LINE) != HINT_LINE))
		(void)unlinkat(db->dir_fd, db->store->hint_name, 0);
	(void)close(fd);
}

/* ---- reading hints ---- */

struct hints {
	struct akita_store	*store;
	int			 dir_fd;
	bool			 is_known;	/* numbers were read */
	size_t			 end;		/* bytes of the file read */
	uint32_t		*numbers;
	size_t			 count;
	char			(*users)[AKITA_USER_MAX + 1];
	size_t			 n_users;
};

static bool
add_user(struct hints *h, const char *user)
{
	void *more;

	if ((h->n_users & (h->n_users - 1)) == 0) {
		more = realloc(h->users, (h->n_users == 0 ? 1 :
		    h->n_users * 2) * sizeof(*h->users));
		if (more == NULL)
			return false;
		h->users = more;
	}
	(void)snprintf(h->users[h->n_users++], sizeof(*h->users), "%s", user);
	return true;
}

static int
by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* The numbers in the text of a hint file, each once. */
static bool
parse_hints(struct hints *h, const char *text, size_t len)
{
	size_t i, n = 0;

	h->count = (len - AKITA_BOOT_ID) / HINT_LINE;
	h->numbers = calloc(h->count + 1, sizeof(*h->numbers));
	if (h->numbers == NULL)
		return false;
	for (i = 0; i < h->count; i++)
		h->numbers[i] = (uint32_t)strtoul(text + AKITA_BOOT_ID +
		    i * HINT_LINE, NULL, 10);
	qsort(h->numbers, h->count, sizeof(*h->numbers), by_value);
	for (i = 0; i < h->count; i++)
		if (i == 0 || h->numbers[i] != h->numbers[i - 1])
			h->numbers[n++] = h->numbers[i];
	h->count = n;
	return true;
}

/* Read the hint file, if it is of this boot and of sound size. */
static void
read_hints(struct hints *h, struct akita_db *db)
{
	struct stat st;
	char *text = NULL;
	int fd = -1;

	if (akita_db_open_at(db, db->store->hint_name, O_RDONLY, &fd, NULL) !=
	    AKITA_OK)
		return;
	if (flock(fd, LOCK_SH) == 0 && fstat(fd, &st) == 0 &&
	    st.st_size >= AKITA_BOOT_ID && st.st_size <= HINT_MAX &&
	    (st.st_size - AKITA_BOOT_ID) % HINT_LINE == 0 &&
	    is_of_this_boot(fd, true) &&
	    (text = calloc(1, (size_t)st.st_size + 1)) != NULL &&
	    pread(fd, text, (size_t)st.st_size, 0) == st.st_size) {
		h->end = (size_t)st.st_size;
		h->is_known = parse_hints(h, text, h->end);
	}
	free(text);
	(void)close(fd);
}

/* All were visited.  The hints that were followed go, unless newer ones came
 * meanwhile; a new file begins to count. */
static void
forget_hints(const struct hints *h, struct akita_db *db)
{
	struct stat st;
	bool done = true;
	int fd = -1;

	if (akita_db_open_at(db, db->store->hint_name, O_RDWR, &fd, NULL) !=
	    AKITA_OK)
		return;
	if (!h->is_known)
		done = pwrite(fd, "\n", 1, AKITA_BOOT_ID - 1) == 1;
	else if (h->end > AKITA_BOOT_ID && flock(fd, LOCK_EX) == 0 &&
	    fstat(fd, &st) == 0 && (size_t)st.st_size == h->end)
		done = ftruncate(fd, AKITA_BOOT_ID) == 0;
	if (!done)	/* the next one looks through everything */
		(void)unlinkat(db->dir_fd, db->store->hint_name, 0);
	(void)close(fd);
}

/* Make the file before everything is looked through, so that what comes
 * meanwhile is noted in it. */
static void
start_hints(struct akita_db *db)
{
	char boot[AKITA_BOOT_ID + 1];
	int fd = -1;

	(void)unlinkat(db->dir_fd, db->store->hint_name, 0);
	if (!akita_boot_id(boot) || akita_db_open_at(db, db->store->hint_name,
	    O_WRONLY | O_CREAT | O_EXCL, &fd, NULL) != AKITA_OK)
		return;
	boot[AKITA_BOOT_ID - 1] = '?';
	if (write(fd, boot, AKITA_BOOT_ID) != AKITA_BOOT_ID)
		(void)unlinkat(db->dir_fd, db->store->hint_name, 0);
	(void)close(fd);
}

/* ---- notices ---- */

static bool
collect(void *ctx, const struct akita_account *account)
{
	return account->slot.notices == 0 ||
	    add_user(ctx, account->identity.user);
}

/* The user of a record that may have a notice, read under its lock: a login
 * leaves its hint before it commits. */
static enum akita_rc
look_at(struct hints *h, struct akita_db *db, uint32_t number,
    struct akita_why *why)
{
	AKITA_ACCOUNT_AUTO struct akita_account account = { 0 };
	uint8_t bytes[AKITA_RECORD_SIZE], hash[AKITA_NAME_HASH];
	struct akita_record_ctx ctx;
	struct akita_db locked;
	enum akita_rc rc;
	int slot;

	rc = akita_gdbm_fetch(&db->gdbm, akita_gdbm_key_number('R', number),
	    bytes, AKITA_RECORD_SIZE, NULL);
	if (rc != AKITA_OK)
		return AKITA_OK;	/* no such record: no hint of ours */
	akita_record_name_hash(bytes, hash);
	rc = akita_db_open(h->store, AKITA_ACCESS_READ,
	    akita_lock_stripe(hash), &locked, why);
	if (rc != AKITA_OK)
		return rc;
	rc = akita_gdbm_fetch(&locked.gdbm,
	    akita_gdbm_key_number('R', number), bytes, AKITA_RECORD_SIZE,
	    NULL);
	akita_store_record_ctx(&locked, number, hash, &ctx);
	if (rc == AKITA_OK && akita_record_open(&ctx, bytes, false, &account,
	    &slot) == AKITA_OK && account.slot.notices != 0 &&
	    !add_user(h, account.identity.user))
		rc = AKITA_ERR_NOMEM;
	akita_db_close(&locked);
	return rc == AKITA_ERR_NOMEM ? rc : AKITA_OK;
}

static enum akita_rc
collect_users(struct hints *h, struct akita_db *db, struct akita_why *why)
{
	enum akita_rc rc = AKITA_OK;
	size_t i;

	read_hints(h, db);
	for (i = 0; h->is_known && i < h->count && rc == AKITA_OK; i++)
		rc = look_at(h, db, h->numbers[i], why);
	if (h->is_known)
		return rc;
	start_hints(db);
	rc = akita_store_each(h->store, false, collect, h, why);
	/* What is damaged is for verify-db to tell; the others are served. */
	return rc == AKITA_ERR_DATABASE ? AKITA_OK : rc;
}

enum akita_rc
akita_store_notices(struct akita_store *store, bool (*visit)(void *ctx,
    const char *user), void *ctx, struct akita_why *why)
{
	struct hints h = { .store = store };
	struct akita_db db;
	enum akita_rc rc;
	bool go_on = true;
	size_t i;

	rc = akita_db_open(store, AKITA_ACCESS_LOOSE, 0, &db, why);
	if (rc == AKITA_ERR_MISSING)
		rc = akita_db_open(store, AKITA_ACCESS_LOOSE, 0, &db, why);
	if (rc != AKITA_OK)
		return rc == AKITA_ERR_MISSING ? AKITA_ERR_DATABASE : rc;
	rc = collect_users(&h, &db, why);
	for (i = 0; i < h.n_users && rc == AKITA_OK && go_on; i++)
		go_on = visit(ctx, h.users[i]);
	if (rc == AKITA_OK && go_on)
		forget_hints(&h, &db);
	free(h.numbers);
	free(h.users);
	akita_db_close(&db);
	return rc;
}
