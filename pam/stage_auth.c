/*
 * stage_auth.c: one login, from the first look to the reply.
 *
 * Who is refused must not learn why: every refusal follows the same prompt and
 * the same work, down to a write to the disk.  Only three cases end before the
 * prompt, each where an argument asks for it and an authentic record allows
 * it (before_prompt).
 */
#include "pam/module.h"

#include <stdint.h>
#include <string.h>

#include "pam/conv.h"
#include "pam/pass.h"

#define DELAY_US	2000000u	/* after a refusal; the n-th one in a
					 * handle waits n times as long … */
#define DELAY_TIMES	5u		/* … up to this */
#define DELAY_DATA	"akita_otp_refusals"

/* The name under which an answer is judged that belongs to nobody. */
#define NOBODY		"?"

/* The answer being judged and what is known around it. */
struct trial {
	struct akita_login	*login;
	struct akita_scene	 scene;
	unsigned int		 digits;	/* of a code at an answer's end */
	struct akita_answer	 code;
	struct akita_answer	 password;	/* what stood before the code */
	struct akita_answer	 activation;	/* activation password */
	bool			 is_started;	/* activation was asked for */
	int64_t			 answered_at;
};

static void
trial_wipe(struct trial *trial)
{
	akita_wipe(trial, sizeof(*trial));
}
#define TRIAL_AUTO __attribute__((cleanup(trial_wipe)))

/*
 * Ask libpam to wait before the application hears of a refusal.  The number of
 * refusals lives with the handle and nothing else depends on it; without
 * memory for it the delay just does not grow.
 */
static void
delay_refusal(pam_handle_t *pamh)
{
	const void *data = NULL;
	uintptr_t n = 1;

	if (pam_get_data(pamh, DELAY_DATA, &data) == PAM_SUCCESS)
		n += (uintptr_t)data;
	if (n > DELAY_TIMES)
		n = DELAY_TIMES;
	(void)pam_set_data(pamh, DELAY_DATA, (void *)n, NULL);
	(void)pam_fail_delay(pamh, (unsigned int)n * DELAY_US);
}

static enum akita_reply
refuse(const struct akita_login *login, enum akita_reply reply)
{
	delay_refusal(login->pamh);
	return reply;
}

/* sshd accepted a key already, and that is enough here. */
static bool
may_skip(const struct akita_login *login)
{
	return login->args.publickey == AKITA_PUBLICKEY_SKIP &&
	    akita_source_has_key(pam_getenv(login->pamh, "SSH_AUTH_INFO_0"));
}

static bool
may_grace(const struct akita_login *login)
{
	return login->args.grace_s > 0 && login->source.net[0] != '\0' &&
	    login->service != NULL;
}

/* Must the account be looked at before the prompt?  A decoy looks too, so that
 * it takes as long as the line for which it stands. */
static bool
needs_peek(const struct akita_login *login)
{
	const struct akita_args *args = &login->args;

	if (!login->has_name)
		return false;
	return args->unregistered == AKITA_UNREGISTERED_IGNORE ||
	    args->start_of_use == AKITA_START_IGNORE ||
	    akita_args_has_pass(args) || may_skip(login) || may_grace(login);
}

/* A code from this source opened a login of this service a short time ago.  A
 * clock set back makes `at' lie ahead: then it is no grace. */
static bool
is_grace(const struct akita_login *login, const struct akita_peek *peek)
{
	int64_t now = akita_os_clock.now_s(akita_os_clock.ctx);
	int64_t at = peek->last_grace_at;

	return may_grace(login) && at > 0 && at <= now &&
	    now - at <= (int64_t)login->args.grace_s;
}

/* The other factors may decide: this account never needed a code. */
static bool
is_not_ours(const struct akita_args *args, const struct akita_peek *peek)
{
	if (peek->was_active || peek->burnt)
		return false;
	if (args->start_of_use == AKITA_START_IGNORE &&
	    peek->state == AKITA_STATE_ISSUED)
		return true;
	return args->unregistered == AKITA_UNREGISTERED_IGNORE &&
	    (peek->state == AKITA_STATE_UNREGISTERED ||
	    peek->state == AKITA_STATE_REGISTERED ||
	    peek->state == AKITA_STATE_RELEASED);
}

/* Does what is known of the account end the login without a prompt? */
static bool
before_prompt(const struct trial *trial, const struct akita_peek *peek,
    enum akita_reply *ret_reply)
{
	const struct akita_login *login = trial->login;
	const char *reason = NULL;

	akita_login_debug(login, "the account is %s",
	    akita_state_name(peek->state));
	if (is_not_ours(&login->args, peek)) {
		akita_report_word(&login->log, &trial->scene, "ignored",
		    akita_state_name(peek->state));
		*ret_reply = AKITA_REPLY_NOT_OURS;
		return true;
	}
	if (peek->state != AKITA_STATE_ACTIVE)
		return false;
	if (may_skip(login))
		reason = "publickey";
	else if (is_grace(login, peek))
		reason = "grace";
	if (reason == NULL)
		return false;
	akita_report_word(&login->log, &trial->scene, "accepted", reason);
	*ret_reply = AKITA_REPLY_ACCEPTED;
	return true;
}

static enum akita_rc
attempt(struct trial *trial, struct akita_outcome *ret, struct akita_why *why)
{
	struct akita_login *login = trial->login;
	const struct akita_args *args = &login->args;
	const struct akita_attempt attempt = {
		.user = login->has_name ? login->nss.name : NOBODY,
		.answer = trial->code.text,
		.password = trial->is_started ? trial->activation.text : NULL,
		.start_of_use = args->start_of_use == AKITA_START_LOGIN,
		.decoy = args->decoy || !login->has_name,
		.answered_at = trial->is_started ? trial->answered_at : 0,
		.service = may_grace(login) ? login->service : NULL,
		.source = may_grace(login) ? login->source.net : NULL,
		.grace_s = may_grace(login) ? args->grace_s : 0,
	};

	akita_login_debug(login, "deciding in %s", login->decider.asks_helper ?
	    "the helper" : "this process");
	return akita_decider_attempt(&login->decider, &trial->scene, &attempt,
	    ret, why);
}

static enum akita_reply
conclude(const struct trial *trial, const struct akita_outcome *outcome)
{
	const struct akita_login *login = trial->login;

	if (!login->decider.helper_logs)
		akita_report_outcome(&login->log, &trial->scene, outcome,
		    login->args.decoy || !login->has_name);
	if (login->args.decoy || !login->has_name || outcome->ask_password)
		return refuse(login, AKITA_REPLY_REFUSED);
	if (outcome->verdict == AKITA_VERDICT_ACCEPT)
		return AKITA_REPLY_ACCEPTED;
	if (outcome->cause == AKITA_CAUSE_LOCKED &&
	    login->args.locked == AKITA_LOCKED_MAXTRIES)
		return refuse(login, AKITA_REPLY_LOCKED);
	return refuse(login, AKITA_REPLY_REFUSED);
}

/* The activation password, for a right code of a token that was issued.  It is
 * always hidden: it serves again where the code does not. */
static enum akita_rc
ask_activation(struct trial *trial)
{
	const struct akita_login *login = trial->login;

	trial->is_started = true;
	return akita_conv_ask(login->pamh, PAM_PROMPT_ECHO_OFF,
	    akita_tr(login->lang,
	    "Activation password (first time only, 4 to 8 digits): "),
	    &trial->activation);
}

/* Judge trial->code.  Everything that can follow a code is here. */
static enum akita_reply
judge(struct trial *trial)
{
	struct akita_outcome outcome = { 0 };
	struct akita_why why = { 0 };
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	trial->is_started = false;
	rc = attempt(trial, &outcome, &why);
	if (rc == AKITA_OK && outcome.ask_password) {
		if ((rc = ask_activation(trial)) == AKITA_OK) {
			memset(&outcome, 0, sizeof(outcome));
			rc = attempt(trial, &outcome, &why);
		}
	}
	if (rc != AKITA_OK)
		return akita_login_trouble(trial->login, rc, &why);
	return conclude(trial, &outcome);
}

/* both, from a first pass or the combined prompt: code and password. */
static bool
split(struct trial *trial, const struct akita_answer *both)
{
	return akita_pass_split(both, trial->digits, &trial->password,
	    &trial->code);
}

static enum akita_rc
ask(struct trial *trial, struct akita_answer *ret_answer)
{
	const struct akita_login *login = trial->login;
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	const char *prompt = login->args.prompt;

	if (prompt == NULL)
		prompt = login->args.forward_pass ?
		    akita_tr(login->lang, "Password and one-time password: ") :
		    akita_tr(login->lang, "One-time password: ");
	rc = akita_conv_ask(login->pamh, akita_args_echo(&login->args) ?
	    PAM_PROMPT_ECHO_ON : PAM_PROMPT_ECHO_OFF, prompt, ret_answer);
	trial->answered_at = akita_os_clock.now_s(akita_os_clock.ctx);
	return rc;
}

static enum akita_reply
ask_and_judge(struct trial *trial)
{
	struct akita_answer answer AKITA_ANSWER_AUTO = { 0 };
	struct akita_why why = { 0 };
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if ((rc = ask(trial, &answer)) != AKITA_OK)
		return akita_login_trouble(trial->login, rc, &why);
	/* What does not end like a code leaves an empty one: malformed. */
	if (trial->login->args.forward_pass)
		(void)split(trial, &answer);
	else
		trial->code = answer;
	return judge(trial);
}

/* What an earlier module of the stack was given.  false: nothing. */
static bool
get_first_pass(struct trial *trial, struct akita_answer *ret_answer)
{
	const void *first = NULL;
	int code;

	code = pam_get_item(trial->login->pamh, PAM_AUTHTOK, &first);
	trial->answered_at = akita_os_clock.now_s(akita_os_clock.ctx);
	return code == PAM_SUCCESS && akita_answer_set(ret_answer, first);
}

/* The same as code and password.  false: nothing that ends like a code. */
static bool
take_first_pass(struct trial *trial)
{
	struct akita_answer both AKITA_ANSWER_AUTO = { 0 };

	return get_first_pass(trial, &both) && split(trial, &both);
}

/* Hand the password on.  Only ever after an acceptance. */
static enum akita_reply
forward(const struct trial *trial)
{
	struct akita_why why = { 0 };

	if (pam_set_item(trial->login->pamh, PAM_AUTHTOK,
	    trial->password.text) == PAM_SUCCESS)
		return AKITA_REPLY_ACCEPTED;
	return akita_login_trouble(trial->login, AKITA_ERR_NOMEM, &why);
}

/*
 * Accepted without a code, but the modules that follow need their password
 * from here.  The code that people, or programs that remember what was typed,
 * still give behind it is taken off unjudged.
 */
static enum akita_reply
forward_alone(struct trial *trial)
{
	const struct akita_args *args = &trial->login->args;
	struct akita_answer both AKITA_ANSWER_AUTO = { 0 };
	struct akita_why why = { 0 };
	enum akita_rc rc = AKITA_OK;

	if (!(args->use_first_pass || args->try_first_pass) ||
	    (!get_first_pass(trial, &both) && !args->use_first_pass))
		rc = ask(trial, &both);
	if (rc != AKITA_OK)
		return akita_login_trouble(trial->login, rc, &why);
	if (!split(trial, &both))
		trial->password = both;
	return forward(trial);
}

/* Every code that the arguments allow, until one is accepted. */
static enum akita_reply
try_codes(struct trial *trial)
{
	const struct akita_args *args = &trial->login->args;
	enum akita_reply reply = AKITA_REPLY_REFUSED;

	/* With both, use_first_pass rules, as in other modules. */
	if (args->use_first_pass) {
		(void)take_first_pass(trial);
		return judge(trial);
	}
	if (args->try_first_pass && take_first_pass(trial)) {
		reply = judge(trial);
		if (reply != AKITA_REPLY_REFUSED && reply != AKITA_REPLY_LOCKED)
			return reply;
	}
	return ask_and_judge(trial);
}

enum akita_reply
akita_stage_auth(struct akita_login *login)
{
	struct trial trial TRIAL_AUTO = { .login = login };
	struct akita_why why = { 0 };
	struct akita_peek peek = { 0 };
	enum akita_reply reply = AKITA_REPLY_REFUSED;
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if ((rc = akita_login_identify(login, true)) != AKITA_OK)
		return akita_reply_of(rc);
	trial.scene = akita_login_scene(login);
	trial.digits = akita_decider_digits(&login->decider);
	if (needs_peek(login)) {
		rc = akita_decider_peek(&login->decider, &trial.scene,
		    may_grace(login) ? login->source.net : NULL, &peek, &why);
		if (rc != AKITA_OK)
			return akita_login_trouble(login, rc, &why);
		trial.scene.is_known = trial.scene.is_known ||
		    akita_report_knows(&peek);
		trial.digits = peek.digits;
		if (!login->args.decoy &&
		    before_prompt(&trial, &peek, &reply))
			return reply == AKITA_REPLY_ACCEPTED &&
			    login->args.forward_pass ?
			    forward_alone(&trial) : reply;
	}
	reply = try_codes(&trial);
	if (reply == AKITA_REPLY_ACCEPTED && login->args.forward_pass)
		return forward(&trial);
	return reply;
}
