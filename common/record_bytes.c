#include <string.h>

#include "common/cursor.h"
#include "common/record.h"

/* FORMAT draws what is written and read here. */

#define TIME_MAX	((INT64_C(1) << 40) - 1)	/* five bytes */

static void
put_time(struct akita_writer *w, int64_t t)
{
	akita_put_u8(w, (uint8_t)(t >> 32));
	akita_put_u32(w, (uint32_t)t);
}

static int64_t
get_time(struct akita_reader *r)
{
	int64_t high = akita_get_u8(r);

	return high << 32 | akita_get_u32(r);
}

static bool
is_time(int64_t t)
{
	return t >= 0 && t <= TIME_MAX;
}

/* A state that may be stored. */
static bool
is_state(enum akita_state state)
{
	return (unsigned int)state < AKITA_STATE_COUNT &&
	    state != AKITA_STATE_EXPIRED;
}

static bool
is_reason(enum akita_reason reason)
{
	return (unsigned int)reason < AKITA_REASON_COUNT;
}

static bool
is_area(uint8_t area)
{
	return area < AKITA_TOKEN_AREAS || area == AKITA_AREA_NONE;
}

static bool
is_zero(const uint8_t *p, size_t len)
{
	while (len-- > 0)
		if (*p++ != 0)
			return false;
	return true;
}

static bool
slot_areas_are_sound(const struct akita_slot *slot)
{
	if (slot->identity_area > 1 || !is_area(slot->token_area) ||
	    !is_area(slot->waiting_area))
		return false;
	if (slot->token_area == AKITA_AREA_NONE &&
	    (slot->token_generation != 0 ||
	    !is_zero(slot->token_digest, AKITA_DIGEST)))
		return false;
	if (slot->waiting_area == AKITA_AREA_NONE)
		return slot->waiting_generation == 0 &&
		    is_zero(slot->waiting_digest, AKITA_DIGEST);
	return slot->waiting_area != slot->token_area;
}

static bool
slot_is_sound(const struct akita_slot *slot)
{
	size_t i;

	if (!is_state(slot->state) || !is_reason(slot->reason) ||
	    !is_state(slot->suspended_from) || !is_state(slot->locked_from) ||
	    !is_reason(slot->locked_reason) || slot->flags > UINT16_MAX ||
	    slot->last_side < -1 || slot->last_side > 1 ||
	    slot->last_step < -1 || !is_time(slot->activated_at) ||
	    !is_time(slot->locked_at) || !is_time(slot->suspended_at) ||
	    !is_time(slot->released_at) || !is_time(slot->last_used_at) ||
	    !is_time(slot->notice_at))
		return false;
	for (i = 0; i < AKITA_GRACE_ENTRIES; i++)
		if (!is_time(slot->grace[i].at))
			return false;
	return slot_areas_are_sound(slot);
}

static void
put_slot_areas(struct akita_writer *w, const struct akita_slot *slot)
{
	akita_put_u32(w, slot->changes);
	akita_put_u32(w, slot->token_generation);
	akita_put_u32(w, slot->waiting_generation);
	akita_put_u8(w, slot->identity_area);
	akita_put_u8(w, slot->token_area);
	akita_put_u8(w, slot->waiting_area);
	akita_put_bytes(w, slot->identity_digest, AKITA_DIGEST);
	akita_put_bytes(w, slot->token_digest, AKITA_DIGEST);
	akita_put_bytes(w, slot->waiting_digest, AKITA_DIGEST);
	akita_put_zeros(w, AKITA_MAC);
}

enum akita_rc
akita_slot_encode(const struct akita_slot *slot, uint8_t ret[AKITA_SLOT_SIZE])
{
	struct akita_writer w;
	size_t i;

	if (!slot_is_sound(slot))
		return AKITA_ERR_USAGE;
	akita_writer_init(&w, ret, AKITA_SLOT_SIZE);
	akita_put_u64(&w, slot->sequence);
	akita_put_u32(&w, slot->generation);
	akita_put_u8(&w, (uint8_t)slot->state);
	akita_put_u8(&w, (uint8_t)slot->reason);
	akita_put_u8(&w, (uint8_t)slot->suspended_from);
	akita_put_u8(&w, (uint8_t)slot->locked_from);
	akita_put_u8(&w, (uint8_t)slot->locked_reason);
	akita_put_u16(&w, (uint16_t)slot->flags);
	akita_put_u16(&w, slot->failures);
	akita_put_u8(&w, slot->wrong_passwords);
	akita_put_u8(&w, (uint8_t)slot->drift);
	akita_put_u8(&w, (uint8_t)slot->last_side);
	akita_put_u64(&w, (uint64_t)slot->last_step);
	akita_put_u32(&w, slot->spent);
	akita_put_u16(&w, slot->notices);
	put_time(&w, slot->activated_at);
	put_time(&w, slot->locked_at);
	put_time(&w, slot->suspended_at);
	put_time(&w, slot->released_at);
	put_time(&w, slot->last_used_at);
	put_time(&w, slot->notice_at);
	for (i = 0; i < AKITA_GRACE_ENTRIES; i++) {
		akita_put_bytes(&w, slot->grace[i].hash, AKITA_GRACE_HASH);
		put_time(&w, slot->grace[i].at);
	}
	put_slot_areas(&w, slot);
	return akita_writer_done(&w) ? AKITA_OK : AKITA_ERR_INTERNAL;
}

static void
get_slot_areas(struct akita_reader *r, struct akita_slot *slot)
{
	slot->changes = akita_get_u32(r);
	slot->token_generation = akita_get_u32(r);
	slot->waiting_generation = akita_get_u32(r);
	slot->identity_area = akita_get_u8(r);
	slot->token_area = akita_get_u8(r);
	slot->waiting_area = akita_get_u8(r);
	akita_get_bytes(r, slot->identity_digest, AKITA_DIGEST);
	akita_get_bytes(r, slot->token_digest, AKITA_DIGEST);
	akita_get_bytes(r, slot->waiting_digest, AKITA_DIGEST);
	(void)akita_get_skip(r, AKITA_MAC);
}

enum akita_rc
akita_slot_decode(const uint8_t in[AKITA_SLOT_SIZE], struct akita_slot *ret)
{
	struct akita_slot slot = { 0 };
	struct akita_reader r;
	size_t i;

	akita_reader_init(&r, in, AKITA_SLOT_SIZE);
	slot.sequence = akita_get_u64(&r);
	slot.generation = akita_get_u32(&r);
	slot.state = (enum akita_state)akita_get_u8(&r);
	slot.reason = (enum akita_reason)akita_get_u8(&r);
	slot.suspended_from = (enum akita_state)akita_get_u8(&r);
	slot.locked_from = (enum akita_state)akita_get_u8(&r);
	slot.locked_reason = (enum akita_reason)akita_get_u8(&r);
	slot.flags = akita_get_u16(&r);
	slot.failures = akita_get_u16(&r);
	slot.wrong_passwords = akita_get_u8(&r);
	slot.drift = (int8_t)akita_get_u8(&r);
	slot.last_side = (int8_t)akita_get_u8(&r);
	slot.last_step = (int64_t)akita_get_u64(&r);
	slot.spent = akita_get_u32(&r);
	slot.notices = akita_get_u16(&r);
	slot.activated_at = get_time(&r);
	slot.locked_at = get_time(&r);
	slot.suspended_at = get_time(&r);
	slot.released_at = get_time(&r);
	slot.last_used_at = get_time(&r);
	slot.notice_at = get_time(&r);
	for (i = 0; i < AKITA_GRACE_ENTRIES; i++) {
		akita_get_bytes(&r, slot.grace[i].hash, AKITA_GRACE_HASH);
		slot.grace[i].at = get_time(&r);
	}
	get_slot_areas(&r, &slot);
	if (!akita_reader_done(&r) || !slot_is_sound(&slot))
		return AKITA_ERR_MALFORMED;
	*ret = slot;
	return AKITA_OK;
}

/* One text: its length, its bytes. */
static void
put_text(struct akita_writer *w, const char *text, size_t max)
{
	size_t len = strnlen(text, max + 1);

	if (len > max) {	/* no NUL: not a text */
		w->failed = true;
		return;
	}
	akita_put_u8(w, (uint8_t)len);
	akita_put_bytes(w, text, len);
}

static bool
get_text(struct akita_reader *r, char *ret, size_t max)
{
	size_t len = akita_get_u8(r);

	if (len > max)
		return false;
	akita_get_bytes(r, ret, len);
	ret[len] = '\0';
	return memchr(ret, '\0', len) == NULL;
}

enum akita_rc
akita_identity_encode(const struct akita_identity *identity,
    uint8_t ret[AKITA_IDENTITY_SIZE], struct akita_why *why)
{
	struct akita_writer w;

	if (!is_time(identity->registered_at))
		return akita_fail(why, AKITA_ERR_USAGE,
		    AKITA_N("The time of registration is out of range."),
		    NULL);
	akita_writer_init(&w, ret, AKITA_IDENTITY_SIZE);
	akita_put_u32(&w, identity->user_id);
	put_time(&w, identity->registered_at);
	put_text(&w, identity->user, AKITA_USER_MAX);
	put_text(&w, identity->name, AKITA_NAME_MAX);
	put_text(&w, identity->branch, AKITA_BRANCH_MAX);
	put_text(&w, identity->form, AKITA_FORM_MAX);
	put_text(&w, identity->mail, AKITA_MAIL_MAX);
	put_text(&w, identity->device_mail, AKITA_MAIL_MAX);
	if (!akita_writer_ok(&w))
		return akita_fail(why, AKITA_ERR_USAGE,
		    AKITA_N("Name, branch, form and mail addresses together "
		    "are too long; shorten one of them."), NULL);
	akita_put_zeros(&w, AKITA_IDENTITY_SIZE - akita_writer_used(&w));
	return AKITA_OK;
}

enum akita_rc
akita_identity_decode(const uint8_t in[AKITA_IDENTITY_SIZE],
    struct akita_identity *ret)
{
	struct akita_identity id = { 0 };
	struct akita_reader r;
	const uint8_t *rest;
	size_t left;

	akita_reader_init(&r, in, AKITA_IDENTITY_SIZE);
	id.user_id = akita_get_u32(&r);
	id.registered_at = get_time(&r);
	if (!get_text(&r, id.user, AKITA_USER_MAX) ||
	    !get_text(&r, id.name, AKITA_NAME_MAX) ||
	    !get_text(&r, id.branch, AKITA_BRANCH_MAX) ||
	    !get_text(&r, id.form, AKITA_FORM_MAX) ||
	    !get_text(&r, id.mail, AKITA_MAIL_MAX) ||
	    !get_text(&r, id.device_mail, AKITA_MAIL_MAX))
		return AKITA_ERR_MALFORMED;
	left = akita_reader_left(&r);
	rest = akita_get_skip(&r, left);
	if (!akita_reader_done(&r) || !is_zero(rest, left))
		return AKITA_ERR_MALFORMED;
	*ret = id;
	return AKITA_OK;
}

/* What akita_token_check does not look at. */
static bool
token_is_sound(const struct akita_token *token)
{
	size_t i;

	if (akita_token_check(token, NULL) != AKITA_OK)
		return false;
	if (!token->has_password &&
	    !is_zero(token->password_hash, AKITA_PASSWORD_HASH))
		return false;
	for (i = token->recovery_count; i < AKITA_RECOVERY_MAX; i++)
		if (!is_zero(token->recovery_hash[i], AKITA_RECOVERY_HASH))
			return false;
	return is_zero(token->key.bytes + token->key.len,
	    AKITA_KEY_MAX - token->key.len);
}

/* type, algorithm, digits, period, length of key, flag, count: a byte each */
#define TOKEN_USED	(7 + AKITA_KEY_MAX + 4 + 8 + 8 + AKITA_PASSWORD_HASH + \
			 AKITA_RECOVERY_MAX * AKITA_RECOVERY_HASH)
_Static_assert(TOKEN_USED <= AKITA_TOKEN_PLAIN, "a token does not fit");

enum akita_rc
akita_token_encode(const struct akita_token *token,
    uint8_t ret[AKITA_TOKEN_PLAIN])
{
	struct akita_writer w;

	if (!token_is_sound(token))
		return AKITA_ERR_USAGE;
	akita_writer_init(&w, ret, AKITA_TOKEN_PLAIN);
	akita_put_u8(&w, (uint8_t)token->type);
	akita_put_u8(&w, (uint8_t)token->algorithm);
	akita_put_u8(&w, (uint8_t)token->digits);
	akita_put_u8(&w, (uint8_t)token->period_s);
	akita_put_u8(&w, (uint8_t)token->key.len);
	akita_put_u8(&w, token->has_password);
	akita_put_u8(&w, (uint8_t)token->recovery_count);
	akita_put_bytes(&w, token->key.bytes, AKITA_KEY_MAX);
	akita_put_u32(&w, token->generation);
	akita_put_u64(&w, (uint64_t)token->issued_at);
	akita_put_u64(&w, (uint64_t)token->expires_at);
	akita_put_bytes(&w, token->password_hash, AKITA_PASSWORD_HASH);
	akita_put_bytes(&w, token->recovery_hash,
	    sizeof(token->recovery_hash));
	akita_put_zeros(&w, AKITA_TOKEN_PLAIN - TOKEN_USED);
	return akita_writer_done(&w) ? AKITA_OK : AKITA_ERR_INTERNAL;
}

enum akita_rc
akita_token_decode(const uint8_t in[AKITA_TOKEN_PLAIN],
    struct akita_token *ret)
{
	AKITA_TOKEN_AUTO struct akita_token token = { 0 };
	struct akita_reader r;
	const uint8_t *rest;
	uint8_t flag;

	akita_reader_init(&r, in, AKITA_TOKEN_PLAIN);
	token.type = (enum akita_token_type)akita_get_u8(&r);
	token.algorithm = (enum akita_hash)akita_get_u8(&r);
	token.digits = akita_get_u8(&r);
	token.period_s = akita_get_u8(&r);
	token.key.len = akita_get_u8(&r);
	flag = akita_get_u8(&r);
	token.has_password = flag == 1;
	token.recovery_count = akita_get_u8(&r);
	akita_get_bytes(&r, token.key.bytes, AKITA_KEY_MAX);
	token.generation = akita_get_u32(&r);
	token.issued_at = (int64_t)akita_get_u64(&r);
	token.expires_at = (int64_t)akita_get_u64(&r);
	akita_get_bytes(&r, token.password_hash, AKITA_PASSWORD_HASH);
	akita_get_bytes(&r, token.recovery_hash, sizeof(token.recovery_hash));
	rest = akita_get_skip(&r, AKITA_TOKEN_PLAIN - TOKEN_USED);
	if (!akita_reader_done(&r) || flag > 1 ||
	    !is_zero(rest, AKITA_TOKEN_PLAIN - TOKEN_USED) ||
	    !token_is_sound(&token))
		return AKITA_ERR_MALFORMED;
	*ret = token;
	return AKITA_OK;
}
