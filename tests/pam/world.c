#include "tests/pam/world.h"

#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/otp.h"
#include "common/recovery.h"

#define HOUR	3600
#define DAY	86400

static const struct akita_actor actor = { .loginuid = -1, .user = "tester" };
static const struct akita_trust trust = { .root_only = false };

void
world_die(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	(void)fputs("# ", stdout);
	(void)vprintf(format, ap);
	(void)putchar('\n');
	va_end(ap);
	(void)fflush(stdout);
	exit(1);
}

/* rc must be AKITA_OK. */
static void
need(enum akita_rc rc, const char *what, const struct akita_why *why)
{
	char text[1024];

	if (rc != AKITA_OK)
		world_die("%s: %s: %s", what, akita_rc_word(rc),
		    akita_why_text(why, NULL, text, sizeof(text)));
}

static int64_t
shifted_now(void *ctx)
{
	const struct world *w = ctx;

	return akita_os_clock.now_s(NULL) + w->offset_s;
}

static int64_t
mono_ms(void *ctx)
{
	(void)ctx;
	return akita_os_clock.mono_ms(NULL);
}

static void
sleep_ms(void *ctx, int64_t ms)
{
	(void)ctx;
	akita_os_clock.sleep_ms(NULL, ms);
}

static void
put_section(FILE *f, const char *section, const char *const *extra, size_t n)
{
	size_t len = strlen(section), i;
	const char *key, *value;

	(void)fprintf(f, "[%s]\n", section);
	for (i = 0; i < n; i++) {
		if (strncmp(extra[i], section, len) != 0 ||
		    extra[i][len] != ' ')
			continue;
		key = extra[i] + len + 1;
		value = strchr(key, ' ');
		(void)fprintf(f, "%.*s = %s\n", (int)(value != NULL ?
		    value - key : (long)strlen(key)), key,
		    value != NULL ? value + 1 : "");
	}
}

static void
write_config(const struct world *w, const char *const *extra, size_t n)
{
	FILE *f;

	if ((f = fopen(w->config, "w")) == NULL)
		world_die("%s: %m", w->config);
	put_section(f, "service", extra, n);
	put_section(f, "token", extra, n);
	put_section(f, "policy", extra, n);
	put_section(f, "storage", extra, n);
	(void)fprintf(f, "database = gdbm:%s/state/tokens.gdbm\n"
	    "key_file = %s/etc/master.key\n", w->dir, w->dir);
	put_section(f, "audit", extra, n);
	(void)fprintf(f, "file = %s/log/audit.log\n", w->dir);
	if (fclose(f) != 0 || chmod(w->config, 0644) != 0)
		world_die("%s: %m", w->config);
}

void
world_make(struct world *w, const char *const *extra, size_t n_extra)
{
	const struct akita_request req = { .actor = &actor };
	struct akita_why why = { 0 };
	const char *tmp = getenv("TMPDIR");
	char path[160];

	memset(w, 0, sizeof(*w));
	(void)snprintf(w->dir, sizeof(w->dir), "%s/akita-pam-XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(w->dir) == NULL || chmod(w->dir, 0755) != 0)
		world_die("%s: %m", w->dir);
	(void)snprintf(path, sizeof(path), "%s/etc", w->dir);
	(void)mkdir(path, 0755);
	(void)snprintf(path, sizeof(path), "%s/state", w->dir);
	(void)mkdir(path, 0700);
	(void)snprintf(path, sizeof(path), "%s/log", w->dir);
	(void)mkdir(path, 0700);
	(void)snprintf(w->config, sizeof(w->config), "%s/etc/akita-otp.conf",
	    w->dir);
	write_config(w, extra, n_extra);
	w->clock.now_s = shifted_now;
	w->clock.mono_ms = mono_ms;
	w->clock.sleep_ms = sleep_ms;
	w->clock.ctx = w;
	need(akita_site_load(&w->site, w->config, &trust, &w->clock,
	    &akita_os_random, NULL, &why), "configuration", &why);
	need(akita_admin_init(&w->site, &req, &why), "init", &why);
	need(akita_site_open(&w->site, &why), "open", &why);
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void
world_remove(struct world *w)
{
	akita_site_close(&w->site);
	(void)nftw(w->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* The key of a user's token: its name, over and over. */
static void
make_token(const struct world *w, const char *user,
    const struct world_token *want, struct akita_token *ret)
{
	const struct akita_settings *settings = w->site.settings;
	size_t i, len = strlen(user);

	memset(ret, 0, sizeof(*ret));
	ret->type = want != NULL && want->type != 0 ? want->type : AKITA_TOTP;
	ret->algorithm = want != NULL && want->algorithm != 0 ?
	    want->algorithm : (enum akita_hash)settings->algorithm;
	ret->digits = want != NULL && want->digits != 0 ? want->digits :
	    settings->digits;
	ret->period_s = ret->type == AKITA_TOTP ? settings->period_s : 0;
	ret->key.len = akita_key_size(ret->algorithm);
	for (i = 0; i < ret->key.len; i++)
		ret->key.bytes[i] = (uint8_t)user[i % len];
}

static void
change(struct world *w, const char *user, const struct akita_change *change)
{
	const struct akita_request req = { .actor = &actor, .user = user };
	struct akita_account after AKITA_ACCOUNT_AUTO = { 0 };
	struct akita_why why = { 0 };

	need(akita_admin_change(&w->site, &req, change, &after, &why),
	    akita_event_name(change->event.kind), &why);
}

static void
do_register(struct world *w, const char *user)
{
	struct akita_identity identity = { .mail = "customer@example.org" };
	struct akita_change c = { .event = { .kind = AKITA_EVENT_REGISTER,
		.identity = &identity } };

	(void)snprintf(identity.user, sizeof(identity.user), "%s", user);
	change(w, user, &c);
}

static void
do_issue(struct world *w, const char *user, const struct world_token *want)
{
	struct akita_identity identity = { 0 };
	struct akita_token token AKITA_TOKEN_AUTO = { 0 };
	struct akita_change c = { .event = { .kind = AKITA_EVENT_ISSUE,
		.identity = &identity, .token = &token },
		.password = w->site.settings->activation_password ?
		WORLD_PASSWORD : NULL };

	make_token(w, user, want, &token);
	(void)snprintf(identity.user, sizeof(identity.user), "%s", user);
	change(w, user, &c);
}

static void
do_activate(struct world *w, const char *user, const struct world_token *want)
{
	const struct akita_request req = { .actor = &actor, .user = user };
	struct akita_decision decision AKITA_DECISION_AUTO = { 0 };
	struct akita_why why = { 0 };
	char code[AKITA_DIGITS_MAX + 1];

	world_code(w, user, want, 0, code);
	need(akita_admin_activate(&w->site, &req,
	    w->site.settings->activation_password ? WORLD_PASSWORD : NULL,
	    code, &decision, NULL, &why), "activate", &why);
	if (decision.verdict != AKITA_VERDICT_ACCEPT)
		world_die("activate %s: %s", user,
		    akita_cause_name(decision.cause));
}

static void
do_burn(struct world *w, const char *user, const struct world_token *want)
{
	const struct akita_request req = { .actor = &actor, .user = user };
	struct akita_why why = { 0 };
	char code[AKITA_DIGITS_MAX + 1];
	int i;

	world_code(w, user, want, 0, code);
	for (i = 0; i < 5; i++) {
		struct akita_decision decision AKITA_DECISION_AUTO = { 0 };

		need(akita_admin_activate(&w->site, &req, "0000", code,
		    &decision, NULL, &why), "burn", &why);
	}
}

static void
do_lock(struct world *w, const char *user, const struct world_token *want)
{
	char code[AKITA_DIGITS_MAX + 1];
	struct akita_why why = { 0 };
	unsigned int i;

	world_wrong(w, user, want, code);
	for (i = 0; i < w->site.settings->max_failures; i++) {
		const struct akita_attempt attempt = { .user = user,
			.answer = code };
		struct akita_outcome outcome = { 0 };

		need(akita_verify_attempt(&w->site, &attempt, &outcome, &why),
		    "lock", &why);
	}
}

static void
do_plain(struct world *w, const char *user, enum akita_event_kind kind)
{
	struct akita_change c = { .event = { .kind = kind,
		.reason = kind == AKITA_EVENT_SUSPEND ?
		AKITA_REASON_REQUEST : AKITA_REASON_NONE } };

	change(w, user, &c);
}

void
world_suspend(struct world *w, const char *user)
{
	do_plain(w, user, AKITA_EVENT_SUSPEND);
}

void
world_unlock(struct world *w, const char *user)
{
	do_plain(w, user, AKITA_EVENT_UNLOCK);
}

/* What leads to each state, in order, as letters. */
static const struct {
	const char	*state;
	const char	*acts;
} histories[] = {
	{ "unregistered", "" },
	{ "registered", "r" },
	{ "issued", "i" },
	{ "expired", "x" },
	{ "active", "ia" },
	{ "locked", "ial" },
	{ "suspended", "ias" },
	{ "released", "iaR" },
	{ "burnt", "ib" },
	{ "reissued", "iasi" },
	{ "rereleased", "iaRr" },
};

static void
act(struct world *w, const char *user, char what,
    const struct world_token *want)
{
	switch (what) {
	case 'r':
		do_register(w, user);
		return;
	case 'x':
		w->offset_s = -60 * DAY;
		do_issue(w, user, want);
		w->offset_s = -HOUR;
		return;
	case 'i':
		do_issue(w, user, want);
		return;
	case 'a':
		do_activate(w, user, want);
		return;
	case 'b':
		do_burn(w, user, want);
		return;
	case 'l':
		do_lock(w, user, want);
		return;
	case 's':
		world_suspend(w, user);
		return;
	default:
		do_plain(w, user, AKITA_EVENT_RELEASE);
	}
}

void
world_account(struct world *w, const char *user, const char *state,
    const struct world_token *token)
{
	const char *p;
	size_t i;

	for (i = 0; i < sizeof(histories) / sizeof(histories[0]); i++) {
		if (strcmp(histories[i].state, state) != 0)
			continue;
		w->offset_s = -HOUR;
		for (p = histories[i].acts; *p != '\0'; p++)
			act(w, user, *p, token);
		w->offset_s = 0;
		return;
	}
	world_die("no such state: %s", state);
}

void
world_code(struct world *w, const char *user, const struct world_token *want,
    int steps, char ret[AKITA_DIGITS_MAX + 1])
{
	struct akita_account account AKITA_ACCOUNT_AUTO = { 0 };
	struct akita_token token AKITA_TOKEN_AUTO = { 0 };
	struct akita_why why = { 0 };
	uint32_t value = 0;
	int64_t at;

	make_token(w, user, want, &token);
	if (token.type == AKITA_HOTP) {
		world_read(w, user, &account);
		at = account.slot.last_step + 1 + steps;
	} else {
		at = akita_otp_step(shifted_now(w), token.period_s) + steps;
	}
	need(akita_otp_value(w->site.crypto, &token.key, token.algorithm,
	    token.digits, (uint64_t)at, &value), "code", &why);
	akita_otp_text(value, token.digits, ret);
}

void
world_wrong(struct world *w, const char *user, const struct world_token *want,
    char ret[AKITA_DIGITS_MAX + 1])
{
	char near[AKITA_DIGITS_MAX + 1];
	int steps;

	world_code(w, user, want, 1000, ret);
	for (steps = -30; steps <= 30; steps++) {
		world_code(w, user, want, steps, near);
		if (strcmp(near, ret) == 0) {
			ret[0] = ret[0] == '9' ? '0' : (char)(ret[0] + 1);
			steps = -31;
		}
	}
}

static void
recovery(unsigned int i, struct akita_recovery *ret)
{
	const uint8_t random[AKITA_RECOVERY_RANDOM] = { (uint8_t)(0x57 + i),
		0xb9, 0xce, 0x73, 0xde, 0xad, 0xbe, 0xe0 };

	if (!akita_recovery_make(random, ret))
		world_die("recovery code %u is all digits", i);
}

void
world_recovery_code(unsigned int i, char ret[16])
{
	struct akita_recovery code AKITA_RECOVERY_AUTO = { 0 };

	recovery(i, &code);
	(void)snprintf(ret, 16, "%s", code.text);
}

void
world_recovery(struct world *w, const char *user)
{
	struct akita_recovery codes[10];
	const char *texts[10];
	struct akita_change c = { .event = { .kind = AKITA_EVENT_RECOVERY },
		.codes = texts, .n_codes = 10 };
	unsigned int i;

	for (i = 0; i < 10; i++) {
		recovery(i, &codes[i]);
		texts[i] = codes[i].text;
	}
	change(w, user, &c);
}

void
world_read(struct world *w, const char *user, struct akita_account *ret)
{
	struct akita_txn *txn = NULL;
	struct akita_why why = { 0 };

	need(akita_txn_begin(w->site.store, user, AKITA_TXN_PEEK, &txn, &why),
	    "read", &why);
	*ret = *akita_txn_account(txn);
	akita_txn_end(&txn);
}
