/* What would explain a wrong code: akita_decide_diagnose of decide.h.  Staff
 * are told; nothing here ever opens anything. */
#include "common/decide.h"

#include <stdlib.h>
#include <string.h>

#include "common/decide_scan.h"
#include "common/otp.h"

#define REACH_S		3600	/* clocks are tried up to an hour off */

static const enum akita_hash hashes[] = {
	AKITA_HASH_SHA1, AKITA_HASH_SHA256, AKITA_HASH_SHA512
};
/* Periods that apps use in place of the one they were given. */
static const unsigned int periods[] = { 30, 60 };

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

struct attempt {
	struct akita_crypto		*crypto;
	const struct akita_policy	*policy;
	const struct akita_code		*code;
	int64_t				 now_s;
	struct akita_diagnosis		*ret;
};

static void
found(const struct attempt *t, const struct akita_token *token)
{
	t->ret->found = true;
	t->ret->period_s = token->period_s;
	t->ret->algorithm = token->algorithm;
	t->ret->digits = token->digits;
}

/* The code is what this token shows at the right time. */
static enum akita_rc
try_token(const struct attempt *t, const struct akita_token *token, int drift,
    int64_t last_step)
{
	struct akita_scan_view view = { token, drift, last_step };
	struct akita_scan scan = { .hit = false };
	enum akita_rc rc;

	rc = akita_scan(t->crypto, &view, t->policy, t->code, t->now_s, &scan);
	if (rc == AKITA_OK && (scan.hit || scan.replay))
		found(t, token);
	return rc;
}

/* The same key with another algorithm, period, number of digits. */
static enum akita_rc
try_variants(const struct attempt *t, const struct akita_token *token)
{
	struct akita_token AKITA_TOKEN_AUTO other = *token;
	enum akita_rc rc = AKITA_OK;
	size_t h, p;

	other.digits = t->code->digits;
	rc = try_token(t, &other, 0, -1);
	for (p = 0; p < COUNT(periods) && rc == AKITA_OK && !t->ret->found;
	    p++) {
		if (token->type == AKITA_HOTP)
			break;
		other.period_s = periods[p];
		rc = try_token(t, &other, 0, -1);
	}
	for (h = 0; h < COUNT(hashes) && rc == AKITA_OK && !t->ret->found;
	    h++) {
		other.algorithm = hashes[h];
		other.period_s = token->period_s;
		rc = try_token(t, &other, 0, -1);
		for (p = 0; p < COUNT(periods) && rc == AKITA_OK &&
		    !t->ret->found && token->type == AKITA_TOTP; p++) {
			other.period_s = periods[p];
			rc = try_token(t, &other, 0, -1);
		}
	}
	return rc;
}

static enum akita_rc
try_step(const struct attempt *t, const struct akita_token *token,
    int64_t offset)
{
	int64_t at = akita_scan_step(token, t->now_s) + offset;
	int64_t off_s = offset * (int64_t)token->period_s;
	enum akita_rc rc;
	uint32_t value = 0;

	if (at < 0)
		return AKITA_OK;
	rc = akita_otp_value(t->crypto, &token->key, token->algorithm,
	    token->digits, (uint64_t)at, &value);
	if (rc == AKITA_OK && value == t->code->value) {
		found(t, token);
		t->ret->minutes = (int)((llabs(off_s) + 30) / 60);
		if (off_s < 0)
			t->ret->minutes = -t->ret->minutes;
	}
	AKITA_WIPE_OBJECT(value);
	return rc;
}

/* The phone's clock is off: the nearest explanation first. */
static enum akita_rc
try_clock(const struct attempt *t, const struct akita_token *token,
    unsigned int period_s)
{
	struct akita_token AKITA_TOKEN_AUTO other = *token;
	enum akita_rc rc = AKITA_OK;
	int64_t off, reach = REACH_S / (int64_t)period_s;

	other.period_s = period_s;
	other.digits = t->code->digits;
	for (off = 1; off <= reach && rc == AKITA_OK && !t->ret->found; off++) {
		rc = try_step(t, &other, off);
		if (rc == AKITA_OK && !t->ret->found)
			rc = try_step(t, &other, -off);
	}
	return rc;
}

static enum akita_rc
explain(const struct attempt *t, const struct akita_account *account,
    const struct akita_token *token, bool is_waiting)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	rc = try_variants(t, token);
	if (rc == AKITA_OK && !t->ret->found && is_waiting) {
		rc = try_token(t, &account->token, account->slot.drift,
		    account->slot.last_step);
		t->ret->old_token = t->ret->found;
	}
	if (token->type != AKITA_TOTP)
		return rc;
	if (rc == AKITA_OK && !t->ret->found)
		rc = try_clock(t, token, token->period_s);
	if (rc == AKITA_OK && !t->ret->found && token->period_s != 30)
		rc = try_clock(t, token, 30);
	return rc;
}

enum akita_rc
akita_decide_diagnose(struct akita_crypto *crypto,
    const struct akita_account *account, const struct akita_policy *policy,
    const struct akita_code *code, int64_t now_s, struct akita_diagnosis *ret)
{
	struct attempt t = { crypto, policy, code, now_s, ret };
	bool is_waiting = akita_waiting_at(account, now_s);
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	memset(ret, 0, sizeof(*ret));
	if (code->shape != AKITA_SHAPE_DIGITS)
		return AKITA_OK;
	if (is_waiting && account->has_token)
		rc = explain(&t, account, &account->waiting, true);
	else if (account->has_token)
		rc = explain(&t, account, &account->token, false);
	else
		rc = AKITA_OK;
	if (rc != AKITA_OK)
		memset(ret, 0, sizeof(*ret));
	return rc;
}
