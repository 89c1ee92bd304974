#include "common/decide_scan.h"

#include "common/otp.h"

void
akita_scan_dummy(const struct akita_token *like, struct akita_token *ret)
{
	struct akita_token dummy = {
		.type = AKITA_TOTP,
		.algorithm = AKITA_HASH_SHA1,
		.digits = AKITA_DIGITS_MIN,
		.period_s = 60,
	};

	if (like != NULL) {
		dummy.type = like->type;
		dummy.algorithm = like->algorithm;
		dummy.digits = like->digits;
		dummy.period_s = like->period_s;
	}
	dummy.key.len = akita_key_size(dummy.algorithm);
	*ret = dummy;
}

int64_t
akita_scan_step(const struct akita_token *token, int64_t now_s)
{
	int64_t period = token->period_s != 0 ? token->period_s : 1;
	int64_t step = now_s / period;

	return now_s % period < 0 ? step - 1 : step;
}

/* 1 if equal, else 0, without a branch. */
static uint64_t
equal_u32(uint32_t a, uint32_t b)
{
	return ((uint64_t)(a ^ b) - 1) >> 63;
}

struct range {
	uint64_t	first;	/* a step or counter; wraps below 0 */
	unsigned int	n;
	uint64_t	centre;	/* what offset 0 means */
};

static struct range
range_of(const struct akita_scan_view *view, const struct akita_policy *policy,
    int64_t now_s)
{
	struct range r = { 0 };

	if (view->token->type == AKITA_HOTP) {
		r.first = (uint64_t)view->last_step;
		r.n = policy->hotp_lookahead + 1;
		r.centre = r.first + 1;
	} else {
		r.centre = (uint64_t)(akita_scan_step(view->token, now_s) +
		    view->drift);
		r.first = r.centre - policy->window;
		r.n = 2 * policy->window + 1;
	}
	return r;
}

enum akita_rc
akita_scan(struct akita_crypto *crypto, const struct akita_scan_view *view,
    const struct akita_policy *policy, const struct akita_code *code,
    int64_t now_s, struct akita_scan *ret)
{
	const struct akita_token *token = view->token;
	struct range r = range_of(view, policy, now_s);
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	uint64_t fits, replay = 0, hit = 0, step = 0, at, equal, fresh;
	uint32_t value = 0;
	unsigned int i;

	fits = code->shape == AKITA_SHAPE_DIGITS &&
	    code->digits == token->digits;
	for (i = 0; i < r.n; i++) {
		at = r.first + i;
		rc = akita_otp_value(crypto, &token->key, token->algorithm,
		    token->digits, at, &value);
		if (rc != AKITA_OK)
			goto out;
		/* Steps below 0 have the top bit set: they are never equal. */
		equal = equal_u32(value, code->value) & fits & ~(at >> 63) & 1;
		fresh = equal & ((int64_t)at > view->last_step);
		replay |= equal & ~fresh;
		step |= at & (0 - (fresh & ~hit));
		hit |= fresh;
	}
	ret->replay = replay != 0;
	ret->hit = hit != 0;
	ret->step = (int64_t)step;
	ret->offset = hit != 0 ? (int)(int64_t)(step - r.centre) : 0;
	ret->clock = token->type == AKITA_TOTP &&
	    (int64_t)(r.centre + policy->window) < view->last_step;
	rc = AKITA_OK;
out:
	AKITA_WIPE_OBJECT(value);
	return rc;
}
