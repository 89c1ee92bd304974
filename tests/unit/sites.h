/* A whole installation in a directory of its own, with a clock that is set by
 * hand, for the tests of the use cases. */
#ifndef AKITA_TESTS_UNIT_SITES_H
#define AKITA_TESTS_UNIT_SITES_H

#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/admin.h"
#include "common/otp.h"
#include "tests/unit/unit.h"

#define NOW	INT64_C(1700000000)
#define DAY	86400

static char place[64];			/* the directory */
static int64_t the_time;
static struct akita_site site;
static const struct akita_trust ours = { .root_only = false };
static const struct akita_actor teller = {
	.loginuid = 1000, .user = "teller", .tty = "/dev/pts/3",
};

static inline int64_t
set_now_s(void *ctx)
{
	(void)ctx;
	return the_time;
}

static inline int64_t
real_mono_ms(void *ctx)
{
	(void)ctx;
	return akita_os_clock.mono_ms(akita_os_clock.ctx);
}

static inline void
real_sleep_ms(void *ctx, int64_t ms)
{
	(void)ctx;
	akita_os_clock.sleep_ms(akita_os_clock.ctx, ms);
}

static const struct akita_clock hand_clock = {
	set_now_s, real_mono_ms, real_sleep_ms, NULL
};

static inline const char *
in_place(const char *name)
{
	static char path[4][256];
	static unsigned int turn;
	char *p = path[turn++ % 4];

	(void)snprintf(p, sizeof(path[0]), "%s/%s", place, name);
	return p;
}

static inline void
write_file(const char *path, const char *text, mode_t mode)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, mode), 0);
}

/* The text of a file; "" if there is none. */
static inline const char *
file_text(const char *path)
{
	static char text[1 << 20];
	FILE *f = fopen(path, "r");
	size_t n = 0;

	if (f != NULL) {
		n = fread(text, 1, sizeof(text) - 1, f);
		assert_int_equal(fclose(f), 0);
	}
	text[n] = '\0';
	return text;
}

static inline void
load_site(const char *more)
{
	char text[4096];
	struct akita_why why = { 0 };

	(void)snprintf(text, sizeof(text),
	    "[storage]\ndatabase = gdbm:%s/db/tokens.gdbm\n"
	    "key_file = %s/key/master.key\nlock_timeout_ms = 10000\n"
	    "[audit]\nfile = %s/log/audit.log\n%s",
	    place, place, place, more);
	write_file(in_place("akita-otp.conf"), text, 0644);
	assert_int_equal(akita_site_load(&site, in_place("akita-otp.conf"),
	    &ours, &hand_clock, &akita_os_random, NULL, &why), AKITA_OK);
}

/* Another configuration for the same place. */
static inline void
reload_site(const char *more)
{
	struct akita_why why = { 0 };

	akita_site_close(&site);
	load_site(more);
	assert_int_equal(akita_site_open(&site, &why), AKITA_OK);
}

static inline int
make_place(void **state)
{
	(void)state;
	the_time = NOW;
	strcpy(place, "/tmp/akita-otp-unit-XXXXXX");
	if (mkdtemp(place) == NULL)
		return -1;
	load_site("");
	return 0;
}

static inline int
make_site(void **state)
{
	struct akita_request req = { .actor = &teller };
	struct akita_why why = { 0 };

	if (make_place(state) != 0)
		return -1;
	if (akita_admin_init(&site, &req, &why) == AKITA_OK)
		return 0;
	print_error("%s\n", sentence(&why));
	return -1;
}

static inline int
remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static inline int
remove_site(void **state)
{
	(void)state;
	akita_site_close(&site);
	return nftw(place, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- short hands ---- */

static struct akita_account told;	/* by the last change */

static inline enum akita_rc
change_rc(const char *user, enum akita_event_kind kind,
    enum akita_reason reason, struct akita_why *why)
{
	struct akita_request req = {
		.actor = &teller, .user = user, .form = "A-17",
	};
	struct akita_identity identity = { .user_id = 0 };
	struct akita_token token = {
		.type = AKITA_TOTP, .algorithm = AKITA_HASH_SHA1, .digits = 6,
		.period_s = 60, .key = { .len = 20 },
	};
	struct akita_change change = {
		.event = { .kind = kind, .reason = reason, .form = "A-17",
		    .identity = &identity },
	};

	strcpy(identity.name, "秋田 花子");
	strcpy(identity.mail, "hanako@example.jp");
	if (kind == AKITA_EVENT_ISSUE || kind == AKITA_EVENT_REPLACE) {
		memset(token.key.bytes, kind == AKITA_EVENT_ISSUE ? 0x31 :
		    0x32, token.key.len);
		strcpy(identity.device_mail, "phone@example.jp");
		change.event.token = &token;
		change.password = "2468";
	}
	return akita_admin_change(&site, &req, &change, &told, why);
}

static inline void
change(const char *user, enum akita_event_kind kind)
{
	struct akita_why why = { 0 };
	enum akita_rc rc = change_rc(user, kind, AKITA_REASON_REQUEST, &why);

	if (rc != AKITA_OK)
		print_error("%s\n", sentence(&why));
	assert_int_equal(rc, AKITA_OK);
}

static inline struct akita_account
account(const char *user)
{
	struct akita_txn *txn = NULL;
	struct akita_account a;

	assert_int_equal(akita_txn_begin(site.store, user, AKITA_TXN_PEEK,
	    &txn, NULL), AKITA_OK);
	a = *akita_txn_account(txn);
	akita_txn_end(&txn);
	return a;
}

static inline const char *
code_of(const struct akita_token *token, int64_t at_s)
{
	static char text[AKITA_DIGITS_MAX + 1];
	uint32_t value = 0;

	assert_int_equal(akita_otp_value(site.crypto, &token->key,
	    token->algorithm, token->digits, (uint64_t)(at_s / 60), &value),
	    AKITA_OK);
	akita_otp_text(value, token->digits, text);
	return text;
}

/* The user's right code now. */
static inline const char *
right_code(const char *user)
{
	struct akita_account a = account(user);

	return code_of(&a.token, the_time);
}

static inline struct akita_decision
activate(const char *user, const char *password, const char *code)
{
	struct akita_request req = { .actor = &teller, .user = user };
	struct akita_decision d;
	struct akita_why why = { 0 };
	enum akita_rc rc;

	rc = akita_admin_activate(&site, &req, password, code, &d, NULL,
	    &why);
	if (rc != AKITA_OK)
		print_error("%s\n", sentence(&why));
	assert_int_equal(rc, AKITA_OK);
	return d;
}

/* An account in use, its last code a while ago. */
static inline void
make_active(const char *user)
{
	change(user, AKITA_EVENT_ISSUE);
	assert_true(activate(user, "2468", right_code(user)).started);
	the_time += 600;
}

static inline struct akita_outcome
attempt(const struct akita_attempt *a)
{
	struct akita_outcome o;
	struct akita_why why = { 0 };
	enum akita_rc rc = akita_verify_attempt(&site, a, &o, &why);

	if (rc != AKITA_OK)
		print_error("%s\n", sentence(&why));
	assert_int_equal(rc, AKITA_OK);
	assert_int_equal(o.verdict == AKITA_VERDICT_ACCEPT,
	    o.cause == AKITA_CAUSE_OK);
	return o;
}

static inline struct akita_outcome
login(const char *user, const char *answer)
{
	struct akita_attempt a = {
		.user = user, .answer = answer, .start_of_use = true,
	};

	return attempt(&a);
}

/* ---- the audit log ---- */

/* Lines of the audit log that hold both texts. */
static inline int
records(const char *one, const char *two)
{
	char *text = strdup(file_text(in_place("log/audit.log"))), *line;
	char *rest = text;
	int n = 0;

	assert_non_null(text);
	while ((line = strsep(&rest, "\n")) != NULL)
		n += strstr(line, one) != NULL && strstr(line, two) != NULL;
	free(text);
	return n;
}

static inline void
assert_log_whole(void)
{
	struct akita_why why = { 0 };

	assert_int_equal(akita_audit_verify(in_place("log/audit.log"), &ours,
	    site.ring, site.crypto, NULL, NULL, NULL, NULL, NULL, &why),
	    AKITA_OK);
}

#endif
