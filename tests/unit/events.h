/* Events with all that they need, and what they do to accounts. */
#ifndef AKITA_TESTS_UNIT_EVENTS_H
#define AKITA_TESTS_UNIT_EVENTS_H

#include "common/lifecycle.h"
#include "tests/unit/accounts.h"

static struct akita_identity identity;
static struct akita_token token;

/* An event with all that it may need. */
static inline struct akita_event
event_of(enum akita_event_kind kind)
{
	struct akita_event event = {
		.kind = kind, .reason = AKITA_REASON_LOST, .form = "A-17",
		.identity = &identity, .token = &token,
	};

	memset(&identity, 0, sizeof(identity));
	identity.user_id = 1000009;
	strcpy(identity.name, "New Name");
	strcpy(identity.branch, "012");
	strcpy(identity.form, "A-17");
	strcpy(identity.mail, "new@example.jp");
	token = token_of(0x41, 0);
	token.recovery_count = 10;
	memset(token.recovery_hash, 0x52, sizeof(token.recovery_hash));
	return event;
}

static inline struct akita_account
apply_to(const struct akita_account *before, const struct akita_event *event,
    const struct akita_policy *policy)
{
	struct akita_account after;
	struct akita_why why = { 0 };

	assert_int_equal(akita_lifecycle_check(before, event, policy, NOW,
	    &why), AKITA_OK);
	assert_int_equal(akita_lifecycle_apply(before, event, policy, NOW,
	    &after, &why), AKITA_OK);
	assert_null(why.msgid);
	return after;
}

static inline struct akita_account
apply(enum akita_state from, enum akita_event_kind kind)
{
	struct akita_account before = account_in(from);
	struct akita_event event = event_of(kind);

	if (kind == AKITA_EVENT_ACTIVATE && from == AKITA_STATE_ACTIVE)
		give_waiting(&before);
	return apply_to(&before, &event, &usual);
}

/* The refusal's sentence; nothing is changed. */
static inline const char *
refusal(const struct akita_account *before, const struct akita_event *event,
    const struct akita_policy *policy, enum akita_rc expected)
{
	static struct akita_why why;
	struct akita_account after, untouched;

	memset(&after, 0xa5, sizeof(after));
	memset(&untouched, 0xa5, sizeof(untouched));
	memset(&why, 0, sizeof(why));
	assert_int_equal(akita_lifecycle_check(before, event, policy, NOW,
	    NULL), expected);
	assert_int_equal(akita_lifecycle_apply(before, event, policy, NOW,
	    &after, &why), expected);
	assert_memory_equal(&after, &untouched, sizeof(after));
	assert_non_null(why.msgid);
	return sentence(&why);
}

/* Usage shows only when the event is applied: the check never looks at what
 * goes with it. */
static inline void
refuse_usage(const struct akita_account *before,
    const struct akita_event *event)
{
	struct akita_account after, untouched;
	struct akita_why why = { 0 };

	memset(&after, 0xa5, sizeof(after));
	memset(&untouched, 0xa5, sizeof(untouched));
	assert_int_equal(akita_lifecycle_apply(before, event, &usual, NOW,
	    &after, &why), AKITA_ERR_USAGE);
	assert_memory_equal(&after, &untouched, sizeof(after));
	assert_non_null(why.msgid);
}

#endif
