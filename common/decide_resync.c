/* Setting drift or counter by two codes: akita_decide_resync of decide.h. */
#include "common/decide.h"

#include <string.h>

#include "common/decide_scan.h"
#include "common/otp.h"

/* Drift is kept in a signed byte. */
#define DRIFT_MAX	126

/* Where to look: n steps from first, all above last. */
struct search {
	uint64_t	first;
	unsigned int	n;
	int64_t		last;
};

static struct search
search_of(const struct akita_account *a, const struct akita_policy *policy,
    int64_t last, int64_t now_s)
{
	struct search s = { .last = last };
	unsigned int reach = policy->resync_window;

	if (a->token.type == AKITA_HOTP) {
		s.first = (uint64_t)last + 1;
		s.n = policy->hotp_resync + 1;
		return s;
	}
	if (reach > DRIFT_MAX)
		reach = DRIFT_MAX;
	s.first = (uint64_t)akita_scan_step(&a->token, now_s) - reach;
	s.n = 2 * reach + 1;
	return s;
}

/* Two neighbours among the steps with these values; *ret_step is that of the
 * second. */
static enum akita_rc
find_pair(struct akita_crypto *crypto, const struct akita_token *token,
    const struct search *s, const struct akita_code *first,
    const struct akita_code *second, bool *ret_found, int64_t *ret_step)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	uint32_t value = 0;
	uint64_t at;
	bool is_first = false, is_before;
	unsigned int i;

	*ret_found = false;
	for (i = 0; i < s->n; i++) {
		at = s->first + i;
		rc = akita_otp_value(crypto, &token->key, token->algorithm,
		    token->digits, at, &value);
		if (rc != AKITA_OK)
			goto out;
		is_before = is_first;
		is_first = at <= INT64_MAX && (int64_t)at > s->last &&
		    value == first->value;
		if (is_before && at <= INT64_MAX && value == second->value &&
		    !*ret_found) {
			*ret_found = true;
			*ret_step = (int64_t)at;
		}
	}
	rc = AKITA_OK;
out:
	AKITA_WIPE_OBJECT(value);
	return rc;
}

static bool
fits(const struct akita_code *code, const struct akita_token *token)
{
	return code->shape == AKITA_SHAPE_DIGITS &&
	    code->digits == token->digits;
}

static enum akita_cause
cause_before(const struct akita_account *a, const struct akita_code *first,
    const struct akita_code *second, int64_t now_s)
{
	switch (akita_state_at(a, now_s)) {
	case AKITA_STATE_ACTIVE:
		break;
	case AKITA_STATE_LOCKED:
		return AKITA_CAUSE_LOCKED;
	case AKITA_STATE_SUSPENDED:
		return AKITA_CAUSE_SUSPENDED;
	case AKITA_STATE_EXPIRED:
		return AKITA_CAUSE_EXPIRED;
	default:
		return AKITA_CAUSE_NOT_ACTIVE;
	}
	if (!a->has_token)
		return AKITA_CAUSE_NOT_ACTIVE;
	if (!fits(first, &a->token) || !fits(second, &a->token))
		return AKITA_CAUSE_MALFORMED;
	return AKITA_CAUSE_NONE;
}

static void
accept(struct akita_decision *d, int64_t step, int64_t last, int64_t now_s)
{
	struct akita_slot *slot = &d->after.slot;

	d->verdict = AKITA_VERDICT_ACCEPT;
	d->cause = AKITA_CAUSE_OK;
	if (d->after.token.type == AKITA_TOTP) {
		d->offset = (int)(step - slot->drift -
		    akita_scan_step(&d->after.token, now_s));
		slot->drift = (int8_t)(slot->drift + d->offset);
	} else {
		d->offset = (int)(step - slot->last_step - 1);
	}
	slot->last_step = step > last ? step : last;
	slot->last_side = 0;
	slot->failures = 0;
	slot->last_used_at = now_s;
}

/*
 * After the clock ran ahead the last accepted step says nothing about the
 * codes up to now: two right ones may then lie at or below it.  What counts
 * is that none of them serves again, so the step becomes now + window and not
 * less.  Without two right codes nothing changes.
 */
enum akita_rc
akita_decide_resync(struct akita_crypto *crypto,
    const struct akita_account *account, const struct akita_policy *policy,
    const struct akita_code *first, const struct akita_code *second,
    bool clock_was_wrong, int64_t now_s, struct akita_decision *ret)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	int64_t last = account->slot.last_step, above, back, step = 0;
	struct search s;
	bool is_found = false;

	memset(ret, 0, sizeof(*ret));
	ret->after = *account;
	ret->after.changed = 0;
	ret->cause = cause_before(account, first, second, now_s);
	if (ret->cause != AKITA_CAUSE_NONE)
		return AKITA_OK;
	above = last;
	back = akita_scan_step(&account->token, now_s) +
	    (int64_t)policy->window;
	if (clock_was_wrong && account->token.type == AKITA_TOTP &&
	    last > back) {
		last = back;
		above = -1;
	}
	s = search_of(account, policy, above, now_s);
	rc = find_pair(crypto, &account->token, &s, first, second, &is_found,
	    &step);
	if (rc != AKITA_OK) {
		akita_decision_wipe(ret);
		return rc;
	}
	if (is_found)
		accept(ret, step, last, now_s);
	else
		ret->cause = AKITA_CAUSE_WRONG;
	return AKITA_OK;
}
