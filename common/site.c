/* site.c (rank 4): an installation opened: settings, key ring, store. */
#include <string.h>

#include "common/verify.h"

#define WRONG_PASSWORDS	5	/* activation passwords, in a row */
#define HOTP_RESYNC	1000	/* counters ahead */

void
akita_policy_from(const struct akita_settings *settings,
    struct akita_policy *ret_policy)
{
	struct akita_policy policy = {
		.window = settings->window,
		.max_drift = settings->max_drift,
		.hotp_lookahead = settings->hotp_lookahead,
		.resync_window = settings->resync_window,
		.hotp_resync = HOTP_RESYNC,
		.max_failures = settings->max_failures,
		.max_wrong_passwords = WRONG_PASSWORDS,
		.issue_valid_days = settings->issue_valid_days,
		.password_required = settings->activation_password,
		.require_registration = settings->require_registration,
		.require_form = settings->require_form,
		.unlock_requires_suspend = settings->unlock_requires_suspend,
	};

	*ret_policy = policy;
}

/* The templates of mails lie in a directory beside the configuration. */
static void
set_mail_dir(struct akita_site *site, const char *config)
{
	const char *slash = strrchr(config, '/');
	size_t len = slash != NULL ? (size_t)(slash - config) : 0;

	if (slash == NULL || len + strlen("/mail") > AKITA_PATH_MAX)
		return;
	memcpy(site->mail_dir, config, len);
	(void)stpcpy(site->mail_dir + len, "/mail");
}

enum akita_rc
akita_site_load(struct akita_site *site, const char *config,
    const struct akita_trust *trust, const struct akita_clock *clock,
    const struct akita_random *random, const struct akita_log *log,
    struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	memset(site, 0, sizeof(*site));
	site->trust = *trust;
	site->clock = clock;
	site->random = random;
	site->log = log;
	if (config == NULL)
		config = AKITA_SETTINGS_FILE;
	set_mail_dir(site, config);
	rc = akita_settings_load(config, trust, NULL, &site->settings, why);
	if (rc == AKITA_OK)
		akita_policy_from(site->settings, &site->policy);
	return rc;
}

enum akita_rc
akita_site_open(struct akita_site *site, struct akita_why *why)
{
	struct akita_store_env env = {
		.path = site->settings->database,
		.clock = site->clock,
		.random = site->random,
		.trust = &site->trust,
		.log = site->log,
		.lock_timeout_ms = site->settings->lock_timeout_ms,
	};
	enum akita_rc rc = AKITA_OK;

	if (site->crypto == NULL)
		rc = akita_crypto_new(&site->crypto);
	if (rc == AKITA_OK && site->ring == NULL)
		rc = akita_keyring_load(site->settings->key_file, &site->trust,
		    site->crypto, &site->ring, why);
	if (rc != AKITA_OK || site->store != NULL)
		return rc;
	env.ring = site->ring;
	env.crypto = site->crypto;
	return akita_store_new(&env, &site->store);
}

void
akita_site_close(struct akita_site *site)
{
	if (site == NULL)
		return;
	akita_store_free(&site->store);
	akita_keyring_free(&site->ring);
	akita_crypto_free(&site->crypto);
	akita_settings_free(&site->settings);
}
