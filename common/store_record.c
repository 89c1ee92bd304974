#include "common/store_record.h"

#include <string.h>

#include "common/cursor.h"

/* Offset of copy 0 or 1 of slot 0 or 1. */
static size_t
slot_at(int slot, int copy)
{
	return (size_t)(copy == 0 ? AKITA_SLOTS_AT : AKITA_SECONDS_AT) +
	    (size_t)slot * AKITA_SLOT_SIZE;
}

static uint8_t *
identity_area(uint8_t *bytes, unsigned int area)
{
	return bytes + AKITA_IDENTITIES_AT + area * AKITA_IDENTITY_SIZE;
}

static uint8_t *
token_area(uint8_t *bytes, unsigned int area)
{
	return bytes + AKITA_TOKENS_AT + area * AKITA_TOKEN_AREA;
}

static void
put_head(const struct akita_binding *binding, uint8_t *bytes)
{
	struct akita_writer w;

	akita_writer_init(&w, bytes, AKITA_RECORD_HEADER);
	akita_put_bytes(&w, AKITA_RECORD_MAGIC, 4);
	akita_put_u32(&w, binding->number);
	akita_put_bytes(&w, binding->name_hash, AKITA_NAME_HASH);
	akita_put_zeros(&w, 8);
}

void
akita_record_name_hash(const uint8_t *bytes, uint8_t ret[AKITA_NAME_HASH])
{
	memcpy(ret, bytes + 8, AKITA_NAME_HASH);
}

static bool
is_zero(const uint8_t *p, size_t len)
{
	while (len-- > 0)
		if (*p++ != 0)
			return false;
	return true;
}

static uint64_t
sequence_of(const uint8_t *slot)
{
	struct akita_reader r;

	akita_reader_init(&r, slot, 8);
	return akita_get_u64(&r);
}

/*
 * The authentic slot with the highest number: the four copies are tried from
 * the highest on, so that usually one MAC is computed.
 */
static enum akita_rc
newest_slot(const struct akita_record_ctx *ctx, const uint8_t *bytes,
    const uint8_t **ret, int *ret_slot)
{
	bool tried[4] = { false };
	enum akita_rc rc = AKITA_ERR_MALFORMED;
	int best, i, n;

	for (n = 0; n < 4 && rc == AKITA_ERR_MALFORMED; n++) {
		best = -1;
		for (i = 0; i < 4; i++)
			if (!tried[i] && (best < 0 ||
			    sequence_of(bytes + slot_at(i & 1, i >> 1)) >
			    sequence_of(bytes + slot_at(best & 1, best >> 1))))
				best = i;
		tried[best] = true;
		*ret = bytes + slot_at(best & 1, best >> 1);
		*ret_slot = best & 1;
		rc = akita_seal_check_slot(ctx->crypto, ctx->keys,
		    &ctx->binding, *ret);
	}
	return rc;
}

static enum akita_rc
check_digest(const struct akita_record_ctx *ctx, const uint8_t *area,
    size_t len, const uint8_t digest[AKITA_DIGEST])
{
	uint8_t got[AKITA_DIGEST];
	enum akita_rc rc;

	rc = akita_seal_digest(ctx->crypto, area, len, got);
	if (rc == AKITA_OK && memcmp(got, digest, AKITA_DIGEST) != 0)
		rc = AKITA_ERR_MALFORMED;
	return rc;
}

/* Check, and open where asked for, the token in an area. */
static enum akita_rc
open_token(const struct akita_record_ctx *ctx, const uint8_t *bytes,
    uint8_t area, uint32_t generation, const uint8_t *digest,
    bool with_tokens, bool *ret_has, struct akita_token *ret)
{
	const uint8_t *p;
	enum akita_rc rc;

	*ret_has = area != AKITA_AREA_NONE;
	if (!*ret_has)
		return AKITA_OK;
	p = bytes + AKITA_TOKENS_AT + area * AKITA_TOKEN_AREA;
	rc = check_digest(ctx, p, AKITA_TOKEN_AREA, digest);
	if (rc == AKITA_OK && with_tokens)
		rc = akita_seal_open_token(ctx->crypto, ctx->keys,
		    &ctx->binding, generation, p, ret);
	return rc;
}

enum akita_rc
akita_record_open(const struct akita_record_ctx *ctx, const uint8_t *bytes,
    bool with_tokens, struct akita_account *ret_account, int *ret_slot)
{
	struct akita_account *a = ret_account;
	const uint8_t *slot, *identity;
	enum akita_rc rc;

	memset(a, 0, sizeof(*a));
	if ((rc = newest_slot(ctx, bytes, &slot, ret_slot)) != AKITA_OK ||
	    (rc = akita_slot_decode(slot, &a->slot)) != AKITA_OK)
		return rc;
	identity = bytes + AKITA_IDENTITIES_AT +
	    a->slot.identity_area * AKITA_IDENTITY_SIZE;
	rc = check_digest(ctx, identity, AKITA_IDENTITY_SIZE,
	    a->slot.identity_digest);
	if (rc == AKITA_OK)
		rc = akita_identity_decode(identity, &a->identity);
	if (rc == AKITA_OK)
		rc = open_token(ctx, bytes, a->slot.token_area,
		    a->slot.token_generation, a->slot.token_digest,
		    with_tokens, &a->has_token, &a->token);
	if (rc == AKITA_OK)
		rc = open_token(ctx, bytes, a->slot.waiting_area,
		    a->slot.waiting_generation, a->slot.waiting_digest,
		    with_tokens, &a->has_waiting, &a->waiting);
	return rc;
}

bool
akita_record_is_whole(const struct akita_record_ctx *ctx,
    const uint8_t *bytes)
{
	uint8_t head[AKITA_RECORD_HEADER];
	int slot;

	put_head(&ctx->binding, head);
	if (memcmp(head, bytes, sizeof(head)) != 0)
		return false;
	for (slot = 0; slot < 2; slot++)
		if (memcmp(bytes + slot_at(slot, 0), bytes + slot_at(slot, 1),
		    AKITA_SLOT_SIZE) != 0 || akita_seal_check_slot(ctx->crypto,
		    ctx->keys, &ctx->binding, bytes + slot_at(slot, 0)) !=
		    AKITA_OK)
			return false;
	return true;
}

/* Encode slot, seal it, and put both copies into bytes. */
static enum akita_rc
put_slot(const struct akita_record_ctx *ctx, const struct akita_slot *slot,
    int into, uint8_t *bytes)
{
	uint8_t *first = bytes + slot_at(into, 0);
	enum akita_rc rc;

	if ((rc = akita_slot_encode(slot, first)) != AKITA_OK ||
	    (rc = akita_seal_slot(ctx->crypto, ctx->keys, &ctx->binding,
	    first)) != AKITA_OK)
		return rc;
	memcpy(bytes + slot_at(into, 1), first, AKITA_SLOT_SIZE);
	return AKITA_OK;
}

/* Both slots with the same content, 1 and 2. */
static enum akita_rc
put_both_slots(const struct akita_record_ctx *ctx, struct akita_slot *slot,
    uint8_t *bytes)
{
	enum akita_rc rc;

	slot->sequence = 1;
	if ((rc = put_slot(ctx, slot, 0, bytes)) != AKITA_OK)
		return rc;
	slot->sequence = 2;
	return put_slot(ctx, slot, 1, bytes);
}

enum akita_rc
akita_record_make_spare(const struct akita_record_ctx *ctx,
    uint8_t *ret_bytes)
{
	struct akita_account none;
	enum akita_rc rc;

	memset(ret_bytes, 0, AKITA_RECORD_SIZE);
	akita_account_init(&none, "");
	put_head(&ctx->binding, ret_bytes);
	rc = akita_seal_digest(ctx->crypto, identity_area(ret_bytes, 0),
	    AKITA_IDENTITY_SIZE, none.slot.identity_digest);
	if (rc == AKITA_OK)
		rc = put_both_slots(ctx, &none.slot, ret_bytes);
	return rc;
}

bool
akita_record_is_spare(const struct akita_record_ctx *ctx,
    const uint8_t *bytes)
{
	struct akita_record_ctx spare = *ctx;
	AKITA_ACCOUNT_AUTO struct akita_account account;
	int slot;

	memset(spare.binding.name_hash, 0, AKITA_NAME_HASH);
	return akita_record_open(&spare, bytes, false, &account, &slot) ==
	    AKITA_OK && account.slot.state == AKITA_STATE_UNREGISTERED &&
	    !account.has_token && !account.has_waiting;
}

/* A spare that is bound to a name. */
enum akita_rc
akita_record_make_lost(const struct akita_record_ctx *ctx, uint8_t *ret_bytes)
{
	return akita_record_make_spare(ctx, ret_bytes);
}

bool
akita_record_is_lost(const struct akita_account *account)
{
	return account->slot.state == AKITA_STATE_UNREGISTERED &&
	    account->identity.user[0] == '\0';
}

/* Seal a token into an area and note it. */
static enum akita_rc
put_token(const struct akita_record_ctx *ctx, const struct akita_token *token,
    uint8_t area, uint8_t *bytes, uint8_t digest[AKITA_DIGEST])
{
	uint8_t nonce[AKITA_AEAD_NONCE];
	enum akita_rc rc;

	rc = ctx->random->fill(ctx->random->ctx, nonce, sizeof(nonce));
	if (rc == AKITA_OK)
		rc = akita_seal_token(ctx->crypto, ctx->keys, &ctx->binding,
		    nonce, token, token_area(bytes, area));
	if (rc == AKITA_OK)
		rc = akita_seal_digest(ctx->crypto, token_area(bytes, area),
		    AKITA_TOKEN_AREA, digest);
	return rc;
}

static enum akita_rc
put_identity(const struct akita_record_ctx *ctx,
    const struct akita_identity *identity, uint8_t area, uint8_t *bytes,
    uint8_t digest[AKITA_DIGEST], struct akita_why *why)
{
	uint8_t out[AKITA_IDENTITY_SIZE];
	enum akita_rc rc;

	if ((rc = akita_identity_encode(identity, out, why)) != AKITA_OK)
		return rc;
	memcpy(identity_area(bytes, area), out, sizeof(out));
	return akita_seal_digest(ctx->crypto, out, sizeof(out), digest);
}

static void
no_token(struct akita_slot *slot)
{
	slot->token_area = AKITA_AREA_NONE;
	slot->token_generation = 0;
	memset(slot->token_digest, 0, AKITA_DIGEST);
}

static void
no_waiting(struct akita_slot *slot)
{
	slot->waiting_area = AKITA_AREA_NONE;
	slot->waiting_generation = 0;
	memset(slot->waiting_digest, 0, AKITA_DIGEST);
}

enum akita_rc
akita_record_make(const struct akita_record_ctx *ctx,
    const struct akita_account *account, uint32_t changes,
    uint8_t *ret_bytes, struct akita_why *why)
{
	struct akita_slot slot = account->slot;
	enum akita_rc rc;

	slot.changes = changes;

	memset(ret_bytes, 0, AKITA_RECORD_SIZE);
	put_head(&ctx->binding, ret_bytes);
	no_token(&slot);
	no_waiting(&slot);
	slot.identity_area = 0;
	rc = put_identity(ctx, &account->identity, 0, ret_bytes,
	    slot.identity_digest, why);
	if (rc == AKITA_OK && account->has_token) {
		slot.token_area = 0;
		slot.token_generation = account->token.generation;
		rc = put_token(ctx, &account->token, 0, ret_bytes,
		    slot.token_digest);
	}
	if (rc == AKITA_OK && account->has_waiting) {
		slot.waiting_area = 1;
		slot.waiting_generation = account->waiting.generation;
		rc = put_token(ctx, &account->waiting, 1, ret_bytes,
		    slot.waiting_digest);
	}
	if (rc == AKITA_OK)
		rc = put_both_slots(ctx, &slot, ret_bytes);
	return rc;
}

/* A token area that neither slot names, nor taken. */
static uint8_t
free_area(const struct akita_slot *before, const struct akita_slot *after)
{
	uint8_t i;

	for (i = 0; i < AKITA_TOKEN_AREAS; i++)
		if (i != before->token_area && i != before->waiting_area &&
		    i != after->token_area && i != after->waiting_area)
			return i;
	return AKITA_AREA_NONE;
}

/* Which tokens of after stay where they are, which are new. */
static void
plan_tokens(const struct akita_account *before,
    const struct akita_account *after, struct akita_slot *slot,
    bool *ret_new_token, bool *ret_new_waiting)
{
	const struct akita_slot *old = &before->slot;
	bool promoted = (after->changed & AKITA_CHANGED_PROMOTED) != 0 &&
	    before->has_waiting && after->has_token;

	*ret_new_token = after->has_token && !promoted &&
	    (!before->has_token || (after->changed & AKITA_CHANGED_TOKEN));
	*ret_new_waiting = after->has_waiting && (!before->has_waiting ||
	    promoted || (after->changed & AKITA_CHANGED_WAITING));
	no_token(slot);
	no_waiting(slot);
	if (promoted) {
		slot->token_area = old->waiting_area;
		slot->token_generation = old->waiting_generation;
		memcpy(slot->token_digest, old->waiting_digest, AKITA_DIGEST);
	} else if (after->has_token && !*ret_new_token) {
		slot->token_area = old->token_area;
		slot->token_generation = old->token_generation;
		memcpy(slot->token_digest, old->token_digest, AKITA_DIGEST);
	}
	if (after->has_waiting && !*ret_new_waiting) {
		slot->waiting_area = old->waiting_area;
		slot->waiting_generation = old->waiting_generation;
		memcpy(slot->waiting_digest, old->waiting_digest,
		    AKITA_DIGEST);
	}
}

/* Put the new tokens into free areas. */
static enum akita_rc
plan_new_tokens(const struct akita_record_ctx *ctx,
    const struct akita_account *before, const struct akita_account *after,
    bool new_token, bool new_waiting, uint8_t *bytes, struct akita_slot *slot)
{
	enum akita_rc rc = AKITA_OK;
	uint8_t area;

	if (new_token) {
		area = free_area(&before->slot, slot);
		if (area == AKITA_AREA_NONE)
			return AKITA_ERR_INTERNAL;
		slot->token_area = area;
		slot->token_generation = after->token.generation;
		rc = put_token(ctx, &after->token, area, bytes,
		    slot->token_digest);
	}
	if (rc == AKITA_OK && new_waiting) {
		area = free_area(&before->slot, slot);
		if (area == AKITA_AREA_NONE)
			return AKITA_ERR_INTERNAL;
		slot->waiting_area = area;
		slot->waiting_generation = after->waiting.generation;
		rc = put_token(ctx, &after->waiting, area, bytes,
		    slot->waiting_digest);
	}
	return rc;
}

/* Does something lie in an area that slot does not name? */
static bool
has_stale(const struct akita_slot *slot, uint8_t *bytes)
{
	uint8_t i;

	for (i = 0; i < AKITA_TOKEN_AREAS; i++)
		if (i != slot->token_area && i != slot->waiting_area &&
		    !is_zero(token_area(bytes, i), AKITA_TOKEN_AREA))
			return true;
	return !is_zero(identity_area(bytes, 1u - slot->identity_area),
	    AKITA_IDENTITY_SIZE);
}

enum akita_rc
akita_record_plan(const struct akita_record_ctx *ctx,
    const struct akita_account *before, int current,
    const struct akita_account *after, uint8_t *bytes,
    struct akita_record_plan *ret_plan, struct akita_why *why)
{
	struct akita_slot *slot = &ret_plan->slot;
	bool new_token, new_waiting, new_identity;
	enum akita_rc rc = AKITA_OK;

	*slot = after->slot;
	slot->sequence = before->slot.sequence + 1;
	slot->identity_area = before->slot.identity_area;
	memcpy(slot->identity_digest, before->slot.identity_digest,
	    AKITA_DIGEST);
	plan_tokens(before, after, slot, &new_token, &new_waiting);
	new_identity = (after->changed & AKITA_CHANGED_IDENTITY) != 0 ||
	    before->slot.state == AKITA_STATE_UNREGISTERED;
	put_head(&ctx->binding, bytes);
	if (new_identity) {
		slot->identity_area ^= 1;
		rc = put_identity(ctx, &after->identity, slot->identity_area,
		    bytes, slot->identity_digest, why);
	}
	if (rc == AKITA_OK)
		rc = plan_new_tokens(ctx, before, after, new_token,
		    new_waiting, bytes, slot);
	ret_plan->into = 1 - current;
	ret_plan->has_areas = new_token || new_waiting || new_identity;
	ret_plan->has_stale = has_stale(slot, bytes);
	if (ret_plan->has_stale)
		slot->notices |= AKITA_NOTICE_STALE;
	else
		slot->notices &= (uint16_t)~AKITA_NOTICE_STALE;
	return rc;
}

enum akita_rc
akita_record_put_slot(const struct akita_record_ctx *ctx,
    const struct akita_record_plan *plan, uint8_t *bytes)
{
	return put_slot(ctx, &plan->slot, plan->into, bytes);
}

enum akita_rc
akita_record_wipe_stale(const struct akita_record_ctx *ctx,
    struct akita_record_plan *plan, uint8_t *bytes)
{
	struct akita_slot *slot = &plan->slot;
	uint8_t i;

	for (i = 0; i < AKITA_TOKEN_AREAS; i++)
		if (i != slot->token_area && i != slot->waiting_area)
			memset(token_area(bytes, i), 0, AKITA_TOKEN_AREA);
	memset(identity_area(bytes, 1u - slot->identity_area), 0,
	    AKITA_IDENTITY_SIZE);
	slot->notices &= (uint16_t)~AKITA_NOTICE_STALE;
	slot->sequence++;
	plan->into = 1 - plan->into;
	return akita_record_put_slot(ctx, plan, bytes);
}
