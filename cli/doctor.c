#include "cli/doctor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <unistd.h>

#include "common/audit.h"
#include "common/keyring.h"
#include "common/otp.h"

/* Later than the newest thing we can have been built with. */
#define TIME_PLAUSIBLE	1767225600	/* 2026-01-01 */

static const struct akita_trust trust_any = { .root_only = false };
static const struct akita_trust trust_private = { .is_private = true };

enum akita_rc
akita_doctor_settings(struct akita_cli *cli, struct akita_why *why)
{
	const char *config = cli->opt[AKITA_OPT_CONFIG];
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if (config == NULL)
		config = AKITA_SETTINGS_FILE;
	rc = akita_site_load(&cli->site, config, &trust_any, &akita_os_clock,
	    &akita_os_random, NULL, why);
	if (rc == AKITA_OK)
		(void)akita_fail(why, rc, AKITA_N("%s"), config, NULL);
	return rc;
}

enum akita_rc
akita_doctor_key(struct akita_cli *cli, struct akita_why *why)
{
	enum akita_rc rc = akita_site_open(&cli->site, why);

	if (rc == AKITA_OK)
		(void)akita_fail(why, rc, AKITA_N("%s"),
		    cli->site.settings->key_file, NULL);
	return rc;
}

enum akita_rc
akita_doctor_directory(struct akita_cli *cli, struct akita_why *why)
{
	const char *path = cli->site.settings->database;
	struct stat st;
	char mode[8];
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	int fd = -1;

	rc = akita_trust_open_parent(path, &trust_any, &fd, why);
	if (rc == AKITA_ERR_MISSING || rc == AKITA_ERR_REFUSED)
		return AKITA_ERR_DATABASE;
	if (rc != AKITA_OK)
		return rc;
	if (fstat(fd, &st) == 0 && (st.st_mode & 077) != 0) {
		(void)snprintf(mode, sizeof(mode), "%04o",
		    (unsigned int)st.st_mode & 07777u);
		rc = akita_fail(why, AKITA_ERR_PARTIAL, AKITA_N("the directory "
		    "of %s has mode %s; make it 0700"), path, mode, NULL);
	}
	(void)close(fd);
	return rc;
}

/* Open it as a login would; every record is verify-db's business. */
enum akita_rc
akita_doctor_database(struct akita_cli *cli, struct akita_why *why)
{
	struct akita_txn *txn = NULL;
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	rc = akita_txn_begin(cli->site.store, "akita-otp-doctor",
	    AKITA_TXN_PEEK, &txn, why);
	akita_txn_end(&txn);
	if (rc == AKITA_OK)
		(void)akita_fail(why, rc, AKITA_N("%s opens; otpadm verify-db "
		    "reads every record"), cli->site.settings->database, NULL);
	return rc;
}

enum akita_rc
akita_doctor_audit(struct akita_cli *cli, struct akita_why *why)
{
	const char *path = cli->site.settings->audit_file;
	struct akita_audit_head head = { 0 }, expected = { 0 };
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	char number[24];

	/* Without a good database the end of the log cannot be known; another
	 * line says so. */
	if (akita_store_audit_head(cli->site.store, &expected, NULL) !=
	    AKITA_OK)
		expected.number = 0;
	rc = akita_audit_verify(path, &trust_private, cli->site.ring,
	    cli->site.crypto, NULL, expected.number > 0 ? &expected : NULL,
	    NULL, NULL, &head, why);
	if (rc == AKITA_ERR_MALFORMED)
		return AKITA_ERR_LOG;
	if (rc != AKITA_OK)
		return rc;
	(void)snprintf(number, sizeof(number), "%llu",
	    (unsigned long long)head.number);
	(void)akita_fail(why, rc, AKITA_N("%s is whole; records: %s"), path,
	    number, NULL);
	return AKITA_OK;
}

/* Tokens whose last accepted code lies ahead of the clock: their right codes
 * are refused. */
struct ahead {
	int64_t		now_s;
	unsigned int	window;
	unsigned long	count;
	char		user[AKITA_USER_MAX + 1];	/* the first */
};

static bool
look_at_step(void *ctx, const struct akita_account *account)
{
	const struct akita_token *token = &account->token;
	struct ahead *ahead = ctx;

	if (!account->has_token || token->type != AKITA_TOTP ||
	    account->slot.last_step <= akita_otp_step(ahead->now_s,
	    token->period_s) + account->slot.drift + (int64_t)ahead->window)
		return true;
	if (ahead->count++ == 0)
		(void)snprintf(ahead->user, sizeof(ahead->user), "%s",
		    account->identity.user);
	return true;
}

static enum akita_rc
compare_steps(struct akita_cli *cli, struct akita_why *why)
{
	struct ahead ahead = { .now_s = akita_cli_now(cli),
		.window = cli->site.settings->window };
	struct akita_why found = { 0 };
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	char number[24];

	/* what cannot be read is said of the database */
	rc = akita_store_each(cli->site.store, true, look_at_step, &ahead,
	    &found);
	if (rc == AKITA_ERR_NOMEM)
		return rc;
	if (ahead.count == 0)
		return AKITA_OK;
	(void)snprintf(number, sizeof(number), "%lu", ahead.count);
	return akita_fail(why, AKITA_ERR_PARTIAL, AKITA_N("the clock stands "
	    "before the last accepted code of %s (accounts like that: %s), "
	    "whose codes are refused; set the clock, or if it was ahead then, "
	    "use otpadm resync --clock-was-wrong"), ahead.user, number, NULL);
}

enum akita_rc
akita_doctor_clock(struct akita_cli *cli, struct akita_why *why)
{
	struct timex timex = { 0 };
	struct stat st;
	int64_t now_s = akita_cli_now(cli);
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if (now_s < TIME_PLAUSIBLE)
		return akita_fail(why, AKITA_ERR_PARTIAL, AKITA_N("the clock "
		    "stands before this program was made; set it"), NULL);
	if (stat(cli->site.settings->audit_file, &st) == 0 &&
	    st.st_mtime > now_s + 60)
		return akita_fail(why, AKITA_ERR_PARTIAL, AKITA_N("the clock "
		    "went back behind the last audit record; set it"), NULL);
	if ((rc = compare_steps(cli, why)) != AKITA_OK)
		return rc;
	if (adjtimex(&timex) == TIME_ERROR)
		return akita_fail(why, AKITA_ERR_PARTIAL, AKITA_N("the clock "
		    "is not kept by a time service (NTP); codes depend on it"),
		    NULL);
	return AKITA_OK;
}
