#include "pam/wire.h"

#include <string.h>

#include "common/cursor.h"

static const uint8_t request_magic[8] = "akotpQ1";
static const uint8_t reply_magic[8] = "akotpR1";

#define FLAG_START	0x1u
#define FLAG_DECOY	0x2u
#define FLAG_PASSWORD	0x4u
#define FLAGS		(FLAG_START | FLAG_DECOY | FLAG_PASSWORD)

#define BODY_SIZE	24

void
akita_wire_wipe(struct akita_wire_request *request)
{
	if (request != NULL)
		akita_wipe(request, sizeof(*request));
}

static void
put_string(struct akita_writer *w, const char *s)
{
	size_t len = strlen(s);

	akita_put_u16(w, (uint16_t)len);
	akita_put_bytes(w, s, len);
}

enum akita_rc
akita_wire_put_request(const struct akita_wire_request *request,
    uint8_t buf[AKITA_WIRE_REQUEST], size_t *ret_len)
{
	struct akita_writer w;
	unsigned int flags;

	flags = (request->start_of_use ? FLAG_START : 0) |
	    (request->decoy ? FLAG_DECOY : 0) |
	    (request->has_password ? FLAG_PASSWORD : 0);
	akita_writer_init(&w, buf, AKITA_WIRE_REQUEST);
	akita_put_bytes(&w, request_magic, sizeof(request_magic));
	akita_put_u8(&w, (uint8_t)request->op);
	akita_put_u8(&w, (uint8_t)flags);
	akita_put_bytes(&w, request->nonce, AKITA_WIRE_NONCE);
	akita_put_u64(&w, (uint64_t)request->answered_at);
	akita_put_u32(&w, request->grace_s);
	put_string(&w, request->config);
	put_string(&w, request->user);
	put_string(&w, request->service);
	put_string(&w, request->rhost);
	put_string(&w, request->source);
	put_string(&w, request->answer.text);
	put_string(&w, request->password.text);
	if (!akita_writer_ok(&w))
		return AKITA_ERR_USAGE;
	*ret_len = akita_writer_used(&w);
	return AKITA_OK;
}

/* A string of less than size bytes and without NUL: to. */
static bool
get_string(struct akita_reader *r, char *to, size_t size)
{
	size_t len = akita_get_u16(r);
	const uint8_t *p;

	if (len >= size)
		return false;
	if (len > 0) {
		if ((p = akita_get_skip(r, len)) == NULL ||
		    memchr(p, '\0', len) != NULL)
			return false;
		memcpy(to, p, len);
	}
	to[len] = '\0';
	return akita_reader_ok(r);
}

static bool
get_answer(struct akita_reader *r, struct akita_answer *to)
{
	if (!get_string(r, to->text, sizeof(to->text)))
		return false;
	to->len = strlen(to->text);
	return true;
}

static bool
get_magic(struct akita_reader *r, const uint8_t *magic, size_t size)
{
	const uint8_t *p = akita_get_skip(r, size);

	return p != NULL && memcmp(p, magic, size) == 0;
}

static bool
get_fixed(struct akita_reader *r, struct akita_wire_request *ret)
{
	unsigned int op, flags;
	uint64_t at;

	op = akita_get_u8(r);
	flags = akita_get_u8(r);
	akita_get_bytes(r, ret->nonce, AKITA_WIRE_NONCE);
	at = akita_get_u64(r);
	ret->grace_s = akita_get_u32(r);
	if (op < AKITA_WIRE_PEEK || op > AKITA_WIRE_ATTEMPT ||
	    (flags & ~FLAGS) != 0 || at > INT64_MAX)
		return false;
	ret->op = (enum akita_wire_op)op;
	ret->start_of_use = (flags & FLAG_START) != 0;
	ret->decoy = (flags & FLAG_DECOY) != 0;
	ret->has_password = (flags & FLAG_PASSWORD) != 0;
	ret->answered_at = (int64_t)at;
	return true;
}

enum akita_rc
akita_wire_get_request(const uint8_t *buf, size_t len,
    struct akita_wire_request *ret)
{
	struct akita_reader r;

	akita_wire_wipe(ret);
	akita_reader_init(&r, buf, len);
	if (get_magic(&r, request_magic, sizeof(request_magic)) &&
	    get_fixed(&r, ret) &&
	    get_string(&r, ret->config, sizeof(ret->config)) &&
	    get_string(&r, ret->user, sizeof(ret->user)) &&
	    get_string(&r, ret->service, sizeof(ret->service)) &&
	    get_string(&r, ret->rhost, sizeof(ret->rhost)) &&
	    get_string(&r, ret->source, sizeof(ret->source)) &&
	    get_answer(&r, &ret->answer) && get_answer(&r, &ret->password) &&
	    akita_reader_done(&r) &&
	    (ret->has_password || ret->password.len == 0))
		return AKITA_OK;
	akita_wire_wipe(ret);
	return AKITA_ERR_MALFORMED;
}

static void
put_peek(struct akita_writer *w, const struct akita_peek *peek)
{
	akita_put_u8(w, (uint8_t)peek->state);
	akita_put_u8(w, (uint8_t)peek->reason);
	akita_put_u8(w, peek->was_active);
	akita_put_u8(w, peek->burnt);
	akita_put_u8(w, peek->has_waiting);
	akita_put_u8(w, (uint8_t)peek->digits);
	akita_put_u16(w, peek->failures);
	akita_put_u64(w, (uint64_t)peek->last_grace_at);
	akita_put_zeros(w, 8);
}

static void
put_outcome(struct akita_writer *w, const struct akita_outcome *outcome)
{
	akita_put_u8(w, (uint8_t)outcome->verdict);
	akita_put_u8(w, (uint8_t)outcome->cause);
	akita_put_u8(w, outcome->ask_password);
	akita_put_u8(w, outcome->known);
	akita_put_u8(w, (uint8_t)outcome->state);
	akita_put_u8(w, outcome->locked_now);
	akita_put_u8(w, outcome->started);
	akita_put_u8(w, outcome->by_recovery);
	akita_put_u16(w, outcome->failures);
	akita_put_zeros(w, 14);
}

void
akita_wire_put_reply(const struct akita_wire_reply *reply,
    uint8_t buf[AKITA_WIRE_REPLY])
{
	struct akita_writer w;

	akita_writer_init(&w, buf, AKITA_WIRE_REPLY);
	akita_put_bytes(&w, reply_magic, sizeof(reply_magic));
	akita_put_u8(&w, (uint8_t)reply->op);
	akita_put_u8(&w, (uint8_t)reply->rc);
	akita_put_bytes(&w, reply->nonce, AKITA_WIRE_NONCE);
	if (reply->rc != AKITA_OK)
		akita_put_zeros(&w, BODY_SIZE);
	else if (reply->op == AKITA_WIRE_ATTEMPT)
		put_outcome(&w, &reply->outcome);
	else
		put_peek(&w, &reply->peek);
}

/* A byte that is 0 or 1. */
static bool
get_bool(struct akita_reader *r, bool *ret)
{
	unsigned int value = akita_get_u8(r);

	*ret = value == 1;
	return value <= 1;
}

/* The next n bytes are zero, and the last ones. */
static bool
get_zeros(struct akita_reader *r, size_t n)
{
	while (n-- > 0) {
		if (akita_get_u8(r) != 0)
			return false;
	}
	return akita_reader_done(r);
}

static bool
get_peek(struct akita_reader *r, struct akita_peek *ret)
{
	unsigned int state = akita_get_u8(r), reason = akita_get_u8(r);
	uint64_t grace;

	if (state >= AKITA_STATE_COUNT || reason >= AKITA_REASON_COUNT ||
	    !get_bool(r, &ret->was_active) || !get_bool(r, &ret->burnt) ||
	    !get_bool(r, &ret->has_waiting))
		return false;
	ret->state = (enum akita_state)state;
	ret->reason = (enum akita_reason)reason;
	ret->digits = akita_get_u8(r);
	ret->failures = akita_get_u16(r);
	grace = akita_get_u64(r);
	if (ret->digits < 6 || ret->digits > 8 || grace > INT64_MAX)
		return false;
	ret->last_grace_at = (int64_t)grace;
	return get_zeros(r, 8);
}

/* What an acceptance must look like beside its verdict. */
static bool
agrees(const struct akita_outcome *outcome)
{
	if (outcome->verdict != AKITA_VERDICT_ACCEPT)
		return outcome->cause != AKITA_CAUSE_OK || outcome->ask_password;
	return outcome->cause == AKITA_CAUSE_OK && outcome->known &&
	    outcome->state == AKITA_STATE_ACTIVE && !outcome->ask_password &&
	    !outcome->locked_now;
}

static bool
get_outcome(struct akita_reader *r, struct akita_outcome *ret)
{
	unsigned int verdict = akita_get_u8(r), cause = akita_get_u8(r), state;

	if (verdict > AKITA_VERDICT_ACCEPT || cause > AKITA_CAUSE_BURNT ||
	    !get_bool(r, &ret->ask_password) || !get_bool(r, &ret->known))
		return false;
	state = akita_get_u8(r);
	if (state >= AKITA_STATE_COUNT || !get_bool(r, &ret->locked_now) ||
	    !get_bool(r, &ret->started) || !get_bool(r, &ret->by_recovery))
		return false;
	ret->verdict = (enum akita_verdict)verdict;
	ret->cause = (enum akita_cause)cause;
	ret->state = (enum akita_state)state;
	ret->failures = akita_get_u16(r);
	return get_zeros(r, 14) && agrees(ret);
}

static bool
get_body(struct akita_reader *r, struct akita_wire_reply *ret)
{
	if (ret->rc != AKITA_OK)
		return get_zeros(r, BODY_SIZE);
	if (ret->op == AKITA_WIRE_ATTEMPT)
		return get_outcome(r, &ret->outcome);
	return get_peek(r, &ret->peek);
}

enum akita_rc
akita_wire_get_reply(const uint8_t *buf, size_t len,
    struct akita_wire_reply *ret)
{
	struct akita_wire_reply reply = { 0 };
	struct akita_reader r;
	unsigned int op, rc;

	memset(ret, 0, sizeof(*ret));
	ret->rc = AKITA_ERR_MALFORMED;
	akita_reader_init(&r, buf, len);
	if (!get_magic(&r, reply_magic, sizeof(reply_magic)))
		return AKITA_ERR_MALFORMED;
	op = akita_get_u8(&r);
	rc = akita_get_u8(&r);
	akita_get_bytes(&r, reply.nonce, AKITA_WIRE_NONCE);
	if (op < AKITA_WIRE_PEEK || op > AKITA_WIRE_ATTEMPT ||
	    rc >= AKITA_RC_COUNT)
		return AKITA_ERR_MALFORMED;
	reply.op = (enum akita_wire_op)op;
	reply.rc = (enum akita_rc)rc;
	if (!get_body(&r, &reply))
		return AKITA_ERR_MALFORMED;
	*ret = reply;
	return AKITA_OK;
}
