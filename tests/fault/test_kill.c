/*
 * test_kill.c: SIGKILL before every file-changing call, and in the middle of
 * every write, of each command.  The next login and the next command need no
 * step by hand, and find the change whole or not at all, with its audit record
 * or without.
 */
#include "house.h"

#include "common/base32.h"

#include <security/pam_appl.h>

#include <err.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct house house;
static struct person amy, bob;
static unsigned long n_kills, n_mails;
static char import_in[HOUSE_PATH], import_out[HOUSE_PATH];

/* ---- commands ---- */

/* One command and what must be there before it. */
struct act {
	const char	*name;
	const char	*user;		/* whose account it changes */
	const char	*also;		/* changes together with it, or NULL */
	const char	*words[10];
	void		(*prepare)(char *ret_input);
	enum visible {
		SHOWN = 0,		/* by show */
		SILENT,			/* not at all, and not audited */
		SETTLED,		/* as SILENT, but recorded by whatever
					   command comes next */
		SPENT			/* the next code is spent, or not */
	}		 visible;
};

static void
nothing(char *input)
{
	input[0] = '\0';
}

static void
password(char *input)
{
	strcpy(input, HOUSE_PASSWORD "\n");
}

static void
code(char *input)
{
	char text[16];

	house_fresh(&house, &amy, 0, text);
	snprintf(input, 64, "%s\n", text);
}

static void
two_codes(char *input)
{
	char one[16], two[16];

	house_fresh(&house, &amy, 3, one);
	house_fresh(&house, &amy, 4, two);
	snprintf(input, 64, "%s\n%s\n", one, two);
}

static void
suspended(char *input)
{
	house_must(&house, NULL, "suspend", amy.name, "--reason", "lost");
	nothing(input);
}

static void
suspended_password(char *input)
{
	suspended(input);
	password(input);
}

static void
registered(char *input)
{
	house_must(&house, NULL, "register", "dan", "--mail",
	    "danew@example.jp");
	password(input);
}

/* The key of the token just issued, as password and first code. */
static void
start_input(struct person *p, char *input)
{
	char *at = strstr(house.said, "secret="), text[16];
	char secret[128];

	if (at == NULL)
		errx(99, "no secret: %s", house.said);
	at += 7;
	snprintf(secret, sizeof(secret), "%.*s", (int)strcspn(at, "&\""), at);
	if (akita_base32_decode(secret, p->key.bytes,
	    sizeof(p->key.bytes), &p->key.len) != AKITA_OK)
		errx(99, "secret %s", secret);
	house_code(&house, p, 0, text);
	snprintf(input, 64, HOUSE_PASSWORD "\n%s\n", text);
}

static void
issued(char *input)
{
	struct person p = { .name = "eve" };

	house_must(&house, HOUSE_PASSWORD "\n", "--json", "issue", p.name,
	    "--type", "hotp");
	start_input(&p, input);
}

static void
waiting(char *input)
{
	struct person p = { .name = "amy" };

	house_must(&house, HOUSE_PASSWORD "\n", "--json", "issue", p.name,
	    "--type", "hotp", "--replace");
	start_input(&p, input);
}

/* Fill the spare records, so that the next account needs a larger file. */
static void
full(char *input)
{
	char name[16];
	unsigned int n;

	for (n = 0; n < 200; n++) {
		snprintf(name, sizeof(name), "fill%u", n);
		house_keep(&house, "before-full");
		house_must(&house, NULL, "register", name, "--mail",
		    "f@example.jp");
		if (house_grew(&house))
			break;
	}
	house_restore(&house, "before-full");
	nothing(input);
}

static void
locked(char *input)
{
	char wrong[16];
	int i;

	for (i = 0; i < 10; i++) {
		house_wrong(&house, &amy, wrong);
		if (house_login(&house, "login", amy.name, wrong, NULL) !=
		    PAM_AUTH_ERR)
			errx(99, "a wrong code");
	}
	nothing(input);
}

static void
list_to_import(char *input)
{
	FILE *f = fopen(import_in, "we");

	if (f == NULL)
		err(99, "%s", import_in);
	fputs("user,name,mail,branch,form,activation_password\n"
	    "imp1,,imp1@example.jp,,,1234\nimp2,,i2@example.jp,,,5678\n"
	    "imp3,,i3@example.jp,,,1234\n", f);
	fclose(f);
	(void)unlink(import_out);
	nothing(input);
}

static const struct act acts[] = {
	{ "register", "new", NULL, { "register", "new", "--mail",
	    "new@example.jp" }, nothing, SHOWN },
	{ "register where the file must grow", "new", NULL, { "register",
	    "new", "--mail", "new@example.jp" }, full, SHOWN },
	{ "issue to somebody unknown", "new", NULL, { "--json", "issue",
	    "new", "--type", "hotp", "--mail", "new@example.jp" }, password, SHOWN },
	{ "issue after the application", "dan", NULL, { "--json", "issue",
	    "dan", "--type", "hotp" }, registered, SHOWN },
	{ "issue after a loss", "amy", NULL, { "--json", "issue", "amy",
	    "--type", "hotp", "--yes" }, suspended_password, SHOWN },
	{ "issue --replace", "amy", NULL, { "--json", "issue", "amy",
	    "--type", "hotp", "--replace" }, password, SHOWN },
	{ "activate", "eve", NULL, { "activate", "eve" }, issued, SHOWN },
	{ "activate of a replacement", "amy", NULL, { "activate", "amy" },
	    waiting, SHOWN },
	{ "suspend", "amy", NULL, { "suspend", "amy", "--reason", "stolen" },
	    nothing, SHOWN },
	{ "unlock", "amy", NULL, { "unlock", "amy", "--found" }, suspended, SHOWN },
	{ "release", "amy", NULL, { "release", "amy", "--yes" }, nothing, SHOWN },
	{ "recovery", "amy", NULL, { "recovery", "amy", "--count", "5" },
	    nothing, SHOWN },
	{ "resync", "amy", NULL, { "resync", "amy" }, two_codes, SPENT },
	{ "verify", "amy", NULL, { "verify", "amy" }, code, SILENT },
	{ "import", "imp1", "imp3", { "import", "--format", "csv", import_in,
	    "--out", import_out }, list_to_import, SHOWN },
	{ "repair", "amy", NULL, { "repair" }, nothing, SILENT },
	{ "a command that settles a lock", "amy", NULL, { "register", "new",
	    "--mail", "new@example.jp" }, locked, SETTLED },
};
#define N_ACTS	(sizeof(acts) / sizeof(acts[0]))

static char before[HOUSE_OUTPUT], after[HOUSE_OUTPUT], now[HOUSE_OUTPUT];
static unsigned int audit_before, audit_after, mails_before, mails_after;

static const char *
address_of(const char *user)
{
	static char address[64];

	snprintf(address, sizeof(address), "To: %s@example.jp", user);
	return (address);
}

/* Is the change there? */
static bool
is_there(const struct act *act)
{
	char text[16];

	if (act->visible != SPENT)
		return (act->visible == SETTLED || strcmp(now, after) == 0);
	house_fresh(&house, &amy, 0, text);
	return (house_login(&house, "login", amy.name, text, NULL) ==
	    PAM_AUTH_ERR);
}

static bool
is_one_or_other(const struct act *act, bool said, bool *ret_after)
{
	unsigned int records = house_audited(&house, act->user);
	unsigned int mails = house_mails(&house, address_of(act->user));

	house_show(&house, act->user, now);
	if (strcmp(now, after) != 0 && strcmp(now, before) != 0) {
		tap_note("neither before nor after: %s", now);
		tap_note("before: %s", before);
		tap_note("after: %s", after);
		return (false);
	}
	*ret_after = is_there(act);
	if (said && !*ret_after) {
		tap_note("it had said so, and it is not so");
		return (false);
	}
	if (records != (*ret_after ? audit_after : audit_before) ||
	    mails != (*ret_after ? mails_after : mails_before)) {
		tap_note("%u audit records, %u mails; before %u, %u, after "
		    "%u, %u; the change is %s", records, mails, audit_before,
		    mails_before, audit_after, mails_after, *ret_after ?
		    "there" : "not there");
		return (false);
	}
	return (true);
}

/* What must hold after a command died; false: it does not, and why is noted. */
static bool
check_after(const struct act *act, const char *input, int n, bool said)
{
	char text[16];
	bool is_after;
	int rc;

	house_fresh(&house, &bob, 0, text);
	if (n % 2 == 1 && (rc = house_login(&house, "login", bob.name, text,
	    NULL)) != PAM_SUCCESS) {
		tap_note("then a login gave %s", pam_strerror(NULL, rc));
		return (false);
	}
	if (house_adm(&house, NULL, "register", "zoe", "--mail",
	    "z@example.jp", NULL) != 0) {
		tap_note("then register: %s", house.said);
		return (false);
	}
	if (n % 2 == 0 && (rc = house_login(&house, "login", bob.name, text,
	    NULL)) != PAM_SUCCESS) {
		tap_note("then a login gave %s", pam_strerror(NULL, rc));
		return (false);
	}
	if (!is_one_or_other(act, said, &is_after))
		return (false);
	if (act->also != NULL) {
		house_show(&house, act->also, now);
		if ((now[0] != '\0') != is_after) {
			tap_note("%s and %s differ", act->user, act->also);
			return (false);
		}
	}
	if (!house_is_sound(&house))
		return (false);
	if (is_after || act->visible != SHOWN)
		return (true);
	(void)unlink(import_out);
	if (house_adm_fault(&house, NULL, input, act->words) != 0) {
		tap_note("again: %s", house.said);
		return (false);
	}
	house_show(&house, act->user, now);
	if (strcmp(now, after) != 0)
		tap_note("again, it came to: %s", now);
	return (strcmp(now, after) == 0);
}

static void
kill_act(const struct act *act)
{
	static const enum fault_action actions[] = { FAULT_KILL,
	    FAULT_KILL_HALF };
	char input[64], name[128], what[sizeof(house.plan->what)];
	bool is_ok = true;
	unsigned int bad = 0;
	size_t i;
	int n, status;

	house_restore(&house, "start");
	act->prepare(input);
	house_keep(&house, "prepared");
	house_show(&house, act->user, before);
	audit_before = house_audited(&house, act->user);
	mails_before = house_mails(&house, address_of(act->user));
	status = house_adm_fault(&house, NULL, input, act->words);
	house_need(&house, status, __LINE__);
	house_show(&house, act->user, after);
	audit_after = house_audited(&house, act->user);
	mails_after = house_mails(&house, address_of(act->user));
	n_mails += mails_after - mails_before;
	if (act->visible == SHOWN && strcmp(before, after) == 0)
		errx(99, "%s shows no change", act->name);
	for (i = 0; i < 2; i++) {
		for (n = 1; bad < 3; n++) {
			struct fault plan = { .kinds = actions[i] ==
			    FAULT_KILL ? FAULT_CHANGES : FAULT_WRITE, .nth = n,
			    .action = (int)actions[i] };

			house_restore(&house, "prepared");
			(void)unlink(import_out);
			status = house_adm_fault(&house, &plan, input,
			    act->words);
			if (!house.plan->fired)
				break;
			n_kills++;
			memcpy(what, house.plan->what, sizeof(what));
			is_ok = status == HOUSE_DIED(SIGKILL);
			if (!is_ok)
				tap_note("ended with %d", status);
			is_ok = is_ok && check_after(act, input, n,
			    house.said_out > 0);
			if (!is_ok)
				tap_note("killed %s %s (%d)", i == 0 ?
				    "before" : "in", what, n);
			bad += !is_ok;
		}
		if (n == 1 && i == 0) {
			tap_note("no call met");
			bad++;
		}
	}
	snprintf(name, sizeof(name), "killed at any call, it is done or it is "
	    "not: %s", act->name);
	tap_ok(bad == 0, name);
}

/* ---- init ---- */

static void
kill_init(void)
{
	static const char *const words[] = { "init", NULL };
	unsigned int bad = 0, refused = 0, whole = 0, anew = 0;
	struct house h;
	int n, status;

	for (n = 1; bad < 3; n++) {
		struct fault plan = { .kinds = FAULT_CHANGES, .nth = n,
		    .action = FAULT_KILL };

		house_make(&h, NULL, "");
		status = house_adm_fault(&h, &plan, NULL, words);
		if (!h.plan->fired) {
			house_remove(&h);
			break;
		}
		n_kills++;
		status = house_adm(&h, NULL, "register", "new", "--mail",
		    "new@example.jp", NULL);
		if (status == 0) {
			whole++;
		} else if (house_adm(&h, NULL, "init", NULL) == 0) {
			anew++;
			house_must(&h, NULL, "register", "new", "--mail",
			    "new@example.jp");
		} else if (strstr(h.said, "exists already") != NULL) {
			refused++;
		} else {
			tap_note("killed before %s, then: %s", h.plan->what,
			    h.said);
			bad++;
		}
		house_remove(&h);
	}
	tap_note("init: killed at %d calls: whole %u, begun anew %u, told what "
	    "lies there %u", n - 1, whole, anew, refused);
	tap_ok(bad == 0 && n > 5, "killed at any call of init, the next one "
	    "works or says what lies there");
}

/* Templates beside the configuration. */
static void
give_templates(void)
{
	char line[3 * HOUSE_PATH];

	snprintf(line, sizeof(line), "cp -r '%s/etc/mail' '%s/mail' && "
	    "chmod -R go-w '%s/mail'", getenv("AKITA_SRC"), house.dir,
	    house.dir);
	if (system(line) != 0)
		errx(99, "%s", line);
}

int
main(int argc, char **argv)
{
	size_t i;

	house_preload(argc, argv);
	tap_plan(N_ACTS + 2);
	house_make(&house, NULL, "[mail]\nenabled = yes\n"
	    "from = otp@example.jp\nsendmail = /bin/false\n");
	snprintf(import_in, sizeof(import_in), "%.400s/import.csv", house.dir);
	snprintf(import_out, sizeof(import_out), "%.400s/import.out",
	    house.dir);
	give_templates();
	house_must(&house, NULL, "init");
	house_must(&house, NULL, "register", "amy", "--mail",
	    "amy@example.jp");
	house_enrol(&house, &amy, "amy", false);
	house_enrol(&house, &bob, "bob", false);
	house_keep(&house, "start");
	for (i = 0; i < N_ACTS; i++)
		kill_act(&acts[i]);
	kill_init();
	tap_note("%lu kills; %lu mails that go with changes", n_kills,
	    n_mails);
	tap_ok(n_mails >= 8, "the changes had mails to come with them");
	house_remove(&house);
	return (tap_end());
}
