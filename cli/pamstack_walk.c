/*
 * All ways through a stack, by the rules of libpam's _pam_dispatch_aux: an
 * impression (none, good, bad), the value to return, and for each substack what
 * both were when it began.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/pamstack.h"

#define STATES_MAX	200000
#define BUCKETS		16384
#define CHOOSERS_MAX	6

enum { UNDECIDED, GOOD, BAD };		/* impressions */
enum { ST_SUCCESS, ST_NEW, ST_IGNORE, ST_FAIL };	/* values, by kind */

struct mind {
	uint8_t	impression, status;
};

struct state {
	size_t		at;		/* the line to come */
	bool		said_yes;	/* ours */
	uint8_t		level;		/* of the line before */
	struct mind	mind;
	struct mind	before[AKITA_PAM_LEVELS];	/* each substack */
	/* how one came here; not compared */
	uint32_t	parent;		/* state */
	uint32_t	next;		/* in the bucket, + 1 */
	uint8_t		code;		/* what the line of the parent said */
};

#define COMPARED	offsetof(struct state, parent)

struct walk {
	const struct akita_pam_stack *stack;
	enum akita_pam_stage stage;
	unsigned int	 chosen;	/* bit n: the n-th chooser says yes */
	bool		 is_root;	/* pam_rootok says yes */
	struct state	*states;
	size_t		 count, room;
	uint32_t	 bucket[BUCKETS];	/* + 1 */
	bool		 is_open, can_succeed;
	size_t		 open;		/* the state that is */
};

/* Modules that look at who or what somebody is, not at what is known. */
static bool
is_chooser(const struct akita_pam_line *line)
{
	static const char *const names[] = { "pam_succeed_if", "pam_listfile",
		"pam_access", "pam_time", "pam_wheel", "pam_localuser",
		"pam_securetty", "pam_usertype", NULL };
	size_t i;

	for (i = 0; names[i] != NULL; i++)
		if (akita_pam_line_is(line, names[i]))
			return true;
	return false;
}

/* Which of them line at is; CHOOSERS_MAX: none, or one too many. */
static size_t
chooser_number(const struct akita_pam_stack *stack, size_t at)
{
	size_t i, n = 0;

	if (!is_chooser(&stack->lines[at]))
		return CHOOSERS_MAX;
	for (i = 0; i < at && n < CHOOSERS_MAX; i++)
		n += is_chooser(&stack->lines[i]);
	return n;
}

/* What ours may say but yes. */
static uint32_t
refusals_of_ours(const struct akita_pam_line *line, enum akita_pam_stage stage)
{
	uint32_t set = 1u << AKITA_PAM_AUTHINFO_UNAVAIL |
	    1u << AKITA_PAM_SERVICE_ERR;

	if (stage == AKITA_PAM_ACCOUNT)
		return set | 1u << AKITA_PAM_PERM_DENIED;
	set |= 1u << AKITA_PAM_AUTH_ERR | 1u << AKITA_PAM_CONV_ERR;
	if (akita_pam_line_has(line, "decoy"))
		return set;
	if (akita_pam_line_has(line, "locked=maxtries"))
		set |= 1u << AKITA_PAM_MAXTRIES;
	if (akita_pam_line_has(line, "nullok") ||
	    akita_pam_line_has(line, "unregistered=ignore") ||
	    akita_pam_line_has(line, "start_of_use=ignore"))
		set |= 1u << AKITA_PAM_IGNORE;
	return set;
}

/* Modules that always say the same; 0: not one of them. */
static uint32_t
constant_answer(const struct akita_pam_line *line, enum akita_pam_stage stage)
{
	static const char *const ignoring[] = { "pam_warn", "pam_echo",
		"pam_env", "pam_group", "pam_faildelay", "pam_cap", NULL };
	size_t i;

	if (akita_pam_line_is(line, "pam_permit"))
		return 1u << AKITA_PAM_SUCCESS;
	if (akita_pam_line_is(line, "pam_deny"))
		return 1u << AKITA_PAM_AUTH_ERR | (stage == AKITA_PAM_AUTH ? 0 :
		    1u << AKITA_PAM_PERM_DENIED | 1u << AKITA_PAM_ACCT_EXPIRED);
	for (i = 0; stage == AKITA_PAM_AUTH && ignoring[i] != NULL; i++)
		if (akita_pam_line_is(line, ignoring[i]))
			return 1u << AKITA_PAM_IGNORE;
	return 0;
}

/* The return values that are possible at a line, as bits. */
static uint32_t
answers(const struct walk *w, size_t at)
{
	const struct akita_pam_line *line = &w->stack->lines[at];
	const uint32_t any = ~(1u << AKITA_PAM_INCOMPLETE |
	    1u << AKITA_PAM_MODULE_UNKNOWN);
	const uint32_t no = any & ~(1u << AKITA_PAM_SUCCESS |
	    1u << AKITA_PAM_NEW_AUTHTOK_REQD);
	uint32_t constant = constant_answer(line, w->stage);
	size_t n;

	if (line->kind == AKITA_PAM_MUST_FAIL)
		return 1u << AKITA_PAM_PERM_DENIED;
	if (line->is_missing)
		return 1u << AKITA_PAM_MODULE_UNKNOWN;
	if (akita_pam_line_is(line, "pam_akita_otp"))
		return refusals_of_ours(line, w->stage) |
		    (w->stage == AKITA_PAM_AUTH && akita_pam_line_decides(line));
	if (constant != 0)
		return constant;
	if (akita_pam_line_is(line, "pam_rootok"))
		return w->is_root ? 1u << AKITA_PAM_SUCCESS : no;
	if ((n = chooser_number(w->stack, at)) < CHOOSERS_MAX)
		return (w->chosen >> n & 1) ? 1u << AKITA_PAM_SUCCESS : no;
	return any;
}

static uint8_t
kind_of(int code)
{
	if (code == AKITA_PAM_SUCCESS)
		return ST_SUCCESS;
	if (code == AKITA_PAM_NEW_AUTHTOK_REQD)
		return ST_NEW;
	return code == AKITA_PAM_IGNORE ? ST_IGNORE : ST_FAIL;
}

/* Keep a state unless it was there already.  false: no room. */
static bool
keep(struct walk *w, const struct state *s)
{
	const uint8_t *bytes = (const uint8_t *)s;
	uint32_t hash = 2166136261u, i;
	struct state *grown;
	size_t n;

	for (n = 0; n < COMPARED; n++)
		hash = (hash ^ bytes[n]) * 16777619u;
	hash %= BUCKETS;
	for (i = w->bucket[hash]; i != 0; i = w->states[i - 1].next)
		if (memcmp(&w->states[i - 1], s, COMPARED) == 0)
			return true;
	if (w->count == w->room) {
		w->room = w->room == 0 ? 256 : w->room * 2;
		if (w->room > STATES_MAX)
			return false;
		grown = realloc(w->states, w->room * sizeof(*grown));
		if (grown == NULL)
			return false;
		w->states = grown;
	}
	w->states[w->count] = *s;
	w->states[w->count].next = w->bucket[hash];
	w->bucket[hash] = (uint32_t)++w->count;
	return true;
}

/* "done" and "die": on to the end of the substack. */
static size_t
end_of_level(const struct akita_pam_stack *stack, size_t at)
{
	unsigned int level = stack->lines[at].level;

	while (at + 1 < stack->count && stack->lines[at + 1].level >= level)
		at++;
	return at;
}

/* A jump passes a substack as one.  *ret_short: too many for what is left. */
static size_t
jump(const struct akita_pam_stack *stack, size_t at, int n, bool *ret_short)
{
	const struct akita_pam_line *lines = stack->lines;
	unsigned int level = lines[at].level;

	while (at + 1 < stack->count && lines[at + 1].level >= level && n > 0) {
		do
			at++;
		while (at + 1 < stack->count && lines[at + 1].level > level);
		n--;
	}
	*ret_short = n > 0;
	return at;
}

/* What a line's answer makes of the state. */
static void
apply(const struct walk *w, struct state *s, int code)
{
	const struct akita_pam_line *line = &w->stack->lines[s->at];
	int action = line->action[code];
	struct mind *mind = &s->mind;
	bool is_short = false;

	s->level = (uint8_t)line->level;
	if (action == AKITA_PAM_DO_RESET) {
		*mind = s->before[line->level];
	} else if (action == AKITA_PAM_DO_OK || action == AKITA_PAM_DO_DONE) {
		if (mind->impression == UNDECIDED ||
		    (mind->impression == GOOD && mind->status == ST_SUCCESS)) {
			mind->impression = GOOD;
			mind->status = kind_of(code);
		}
		if (mind->impression == GOOD && action == AKITA_PAM_DO_DONE)
			s->at = end_of_level(w->stack, s->at);
	} else if (action == AKITA_PAM_DO_BAD || action == AKITA_PAM_DO_DIE) {
		if (mind->impression != BAD) {
			mind->impression = BAD;
			mind->status = code == AKITA_PAM_IGNORE ? ST_FAIL :
			    kind_of(code);
		}
		if (action == AKITA_PAM_DO_DIE)
			s->at = end_of_level(w->stack, s->at);
	} else if (action > 0) {
		s->at = jump(w->stack, s->at, action, &is_short);
		if (is_short)
			*mind = (struct mind){ BAD, ST_FAIL };
	}
	s->at++;
}

/* The application is told to let in. */
static bool
lets_in(const struct walk *w, const struct mind *mind)
{
	if (mind->status == ST_NEW)
		return w->stage == AKITA_PAM_ACCOUNT;
	return mind->status == ST_SUCCESS && mind->impression == GOOD;
}

/* All states one line further.  false: no room. */
static bool
step(struct walk *w, uint32_t from)
{
	struct state s, base = w->states[from];
	const struct akita_pam_line *line;
	uint32_t set;
	int code;

	if (base.at >= w->stack->count) {
		if (lets_in(w, &base.mind)) {
			w->can_succeed = true;
			if (!base.said_yes && !w->is_open)
				w->open = from;
			w->is_open = w->is_open || !base.said_yes;
		}
		return true;
	}
	line = &w->stack->lines[base.at];
	if (line->level > base.level)
		base.before[line->level] = base.mind;
	base.parent = from;
	if (line->kind == AKITA_PAM_SUBSTACK) {
		base.level = (uint8_t)line->level;
		base.at++;
		return keep(w, &base);
	}
	set = answers(w, base.at);
	for (code = 0; code < AKITA_PAM_CODES; code++) {
		if ((set >> code & 1) == 0)
			continue;
		s = base;
		s.code = (uint8_t)code;
		if (code == AKITA_PAM_SUCCESS && akita_pam_line_decides(line))
			s.said_yes = true;
		apply(w, &s, code);
		memset(s.before + s.level + 1, 0,
		    sizeof(s.before) - (s.level + 1u) * sizeof(s.before[0]));
		if (!keep(w, &s))
			return false;
	}
	return true;
}

/* Walk it for these choosers.  false: no room. */
static bool
walk_all(struct walk *w, unsigned int chosen, bool is_root)
{
	struct state first;
	uint32_t i;

	memset(&first, 0, sizeof(first));	/* padding is compared too */
	first.mind.status = ST_FAIL;
	first.before[0] = first.mind;
	w->chosen = chosen;
	w->is_root = is_root;
	w->count = 0;
	w->is_open = w->can_succeed = false;
	memset(w->bucket, 0, sizeof(w->bucket));
	if (!keep(w, &first))
		return false;
	for (i = 0; i < w->count; i++)
		if (!step(w, i))
			return false;
	return true;
}

/* How one step of an open way got past ours: ABSENT: it did not. */
static enum akita_pam_flaw
flaw_of_step(const struct walk *w, const struct state *from,
    const struct state *to, const struct akita_pam_line **ret_ours)
{
	const struct akita_pam_line *lines = w->stack->lines;
	const struct akita_pam_line *line = &lines[from->at];
	size_t i;

	if (akita_pam_line_decides(line)) {
		*ret_ours = line;
		if (to->code == AKITA_PAM_MODULE_UNKNOWN)
			return AKITA_PAM_UNKNOWN;
		return to->code == AKITA_PAM_IGNORE ? AKITA_PAM_IGNORED :
		    AKITA_PAM_OVERRULED;
	}
	for (i = from->at + 1; i < to->at; i++)
		if (akita_pam_line_decides(&lines[i])) {
			*ret_ours = &lines[i];
			return line->action[to->code] > 0 ? AKITA_PAM_JUMPED :
			    AKITA_PAM_ENDED;
		}
	return AKITA_PAM_ABSENT;
}

/* Who is to blame for the way that ends in w->open?  Where it is open by
 * choice: the last chooser on the way that got past ours. */
static void
blame(const struct walk *w, bool by_choice, struct akita_pam_verdict *ret)
{
	const struct akita_pam_line *line, *before = NULL, *after = NULL;
	const struct state *to = &w->states[w->open], *from;

	ret->flaw = AKITA_PAM_ABSENT;
	for (; to != w->states; to = from) {
		from = &w->states[to->parent];
		line = &w->stack->lines[from->at];
		if (ret->flaw == AKITA_PAM_ABSENT) {
			ret->flaw = flaw_of_step(w, from, to, &ret->ours);
			if (ret->flaw != AKITA_PAM_ABSENT)
				ret->guilty = line;
		}
		if (!is_chooser(line) && !akita_pam_line_is(line, "pam_rootok"))
			continue;
		if (ret->flaw == AKITA_PAM_ABSENT)
			after = after != NULL ? after : line;
		else
			before = before != NULL ? before : line;
	}
	if (by_choice)
		ret->guilty = before != NULL ? before : after;
}

static bool
has_ours(const struct akita_pam_stack *stack)
{
	size_t i;

	for (i = 0; i < stack->count; i++)
		if (akita_pam_line_decides(&stack->lines[i]))
			return true;
	return false;
}

/* Any choice that closes it makes the openness one of choice. */
static bool
judge(struct walk *w, struct akita_pam_verdict *ret)
{
	unsigned int mask, all, open = UINT32_MAX, closed = UINT32_MAX;
	size_t i, n = 0;

	for (i = 0; i < w->stack->count; i++)
		n += is_chooser(&w->stack->lines[i]);
	all = 1u << (n < CHOOSERS_MAX ? n : CHOOSERS_MAX);
	ret->flaw = AKITA_PAM_CLOSED;
	for (mask = 0; mask < all; mask++) {
		if (!walk_all(w, mask, false))
			return false;
		if (w->is_open && open == UINT32_MAX)
			open = mask;
		else if (!w->is_open && (w->can_succeed ||
		    w->stage == AKITA_PAM_ACCOUNT) && closed == UINT32_MAX)
			closed = mask;
	}
	if (open != UINT32_MAX) {
		if (!walk_all(w, open, false))
			return false;
		blame(w, closed != UINT32_MAX, ret);
		if (closed != UINT32_MAX)
			ret->flaw = AKITA_PAM_CHOSEN;
	} else if (closed != UINT32_MAX) {
		ret->flaw = AKITA_PAM_SAFE;
		if (!walk_all(w, closed, true))
			return false;
		if (w->is_open) {
			blame(w, true, ret);
			ret->flaw = AKITA_PAM_ROOT;
		}
	}
	return true;
}

enum akita_rc
akita_pam_stack_judge(const struct akita_pam_stack *stack,
    enum akita_pam_stage stage, struct akita_pam_verdict *ret)
{
	struct walk *w = calloc(1, sizeof(*w));
	bool done;

	if (w == NULL)
		return AKITA_ERR_NOMEM;
	w->stack = stack;
	w->stage = stage;
	*ret = (struct akita_pam_verdict){ 0 };
	done = judge(w, ret);
	if (!done)
		ret->flaw = AKITA_PAM_TOO_COMPLEX;
	else if (ret->flaw != AKITA_PAM_CLOSED && !has_ours(stack))
		*ret = (struct akita_pam_verdict){ AKITA_PAM_ABSENT, NULL,
			NULL };
	free(w->states);
	free(w);
	return AKITA_OK;
}
