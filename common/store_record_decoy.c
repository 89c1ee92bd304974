#include "common/store_record.h"

enum akita_rc
akita_record_touch_decoy(const struct akita_record_ctx *ctx, uint8_t *bytes)
{
	struct akita_account none;
	struct akita_record_plan plan = { .into = 0 };
	struct akita_slot *slot = &plan.slot;
	enum akita_rc rc = AKITA_OK;

	if (akita_slot_decode(bytes + AKITA_SLOTS_AT, slot) != AKITA_OK ||
	    slot->token_area != 0) {
		/* Torn by somebody else's write, or damaged. */
		akita_account_init(&none, "");
		*slot = none.slot;
		slot->token_area = 0;
		slot->token_generation = 1;
		rc = akita_seal_digest(ctx->crypto, bytes + AKITA_IDENTITIES_AT,
		    AKITA_IDENTITY_SIZE, slot->identity_digest);
		if (rc == AKITA_OK)
			rc = akita_seal_digest(ctx->crypto,
			    bytes + AKITA_TOKENS_AT, AKITA_TOKEN_AREA,
			    slot->token_digest);
	}
	slot->sequence++;
	return rc == AKITA_OK ? akita_record_put_slot(ctx, &plan, bytes) : rc;
}
