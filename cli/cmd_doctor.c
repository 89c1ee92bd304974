/* otpadm doctor: a look over the installation, one check after the other. */
#include <stdio.h>
#include <string.h>

#include "cli/doctor.h"
#include "cli/output.h"

struct check {
	const char	*name;		/* in JSON; NULL ends a table */
	const char	*title;		/* message id */
	akita_doctor_fn	*run;
	bool		 is_vital;	/* the rest makes no sense without it */
};

static const struct check installation[] = {
	{ "configuration", AKITA_N("configuration"), akita_doctor_settings,
	    true },
	{ "key", AKITA_N("key ring"), akita_doctor_key, true },
	{ "directory", AKITA_N("database's directory"),
	    akita_doctor_directory, false },
	{ "database", AKITA_N("database"), akita_doctor_database, false },
	{ "locks", AKITA_N("locks"), akita_doctor_locks, false },
	{ "audit", AKITA_N("audit log"), akita_doctor_audit, false },
	{ "clock", AKITA_N("clock"), akita_doctor_clock, false },
	{ "helper", AKITA_N("helper"), akita_doctor_helper, false },
	{ 0 }
};

/* --pam SERVICE */
static const struct check stack[] = {
	{ "pam-auth", AKITA_N("auth lines"), akita_doctor_pam_auth, false },
	{ "pam-account", AKITA_N("account lines"), akita_doctor_pam_account,
	    false },
	{ "pam-module", AKITA_N("module"), akita_doctor_pam_module, false },
	{ "sshd", AKITA_N("sshd"), akita_doctor_sshd, false },
	{ "sshd-methods", AKITA_N("sshd's methods"), akita_doctor_sshd_methods,
	    false },
	{ 0 }
};

/* The next check that is for the service; NULL: there is none. */
static const struct check *
applicable(const struct akita_cli *cli, const struct check *check)
{
	const char *service = cli->opt[AKITA_OPT_PAM];

	while (check->name != NULL && service != NULL &&
	    strncmp(check->name, "sshd", 4) == 0 &&
	    strcmp(service, "sshd") != 0)
		check++;
	return check->name == NULL ? NULL : check;
}

static const char *
result_word(enum akita_rc rc)
{
	if (rc == AKITA_OK)
		return AKITA_N("good");
	if (rc == AKITA_ERR_PARTIAL)
		return AKITA_N("warning");
	return AKITA_N("BROKEN");
}

static bool
put_json(const struct akita_cli *cli, json_t *list, const char *name,
    enum akita_rc rc, const struct akita_why *why)
{
	char text[2048];

	return json_array_append_new(list, json_pack("{s:s,s:s,s:o}",
	    "check", name,
	    "result", rc == AKITA_OK ? "good" : rc == AKITA_ERR_PARTIAL ?
	    "warning" : "broken",
	    "message", why->msgid == NULL ? json_null() :
	    json_string(akita_why_text(why, akita_words_for(cli->lang), text,
	    sizeof(text))))) == 0;
}

static void
print(const struct akita_cli *cli, const char *title, enum akita_rc rc,
    const struct akita_why *why)
{
	char text[2048];

	(void)printf("%s: %s", akita_words(cli->lang, title),
	    akita_words(cli->lang, result_word(rc)));
	if (why->msgid != NULL)
		(void)printf(": %s", akita_why_text(why,
		    akita_words_for(cli->lang), text, sizeof(text)));
	(void)fputc('\n', stdout);
}

enum akita_rc
akita_cmd_doctor(struct akita_cli *cli, struct akita_why *why)
{
	json_t *list = cli->is_json ? json_array() : NULL;
	enum akita_rc worst = AKITA_OK, rc = AKITA_ERR_INTERNAL;
	const struct check *check = akita_cli_has(cli, AKITA_OPT_PAM) ? stack :
	    installation;

	for (; (check = applicable(cli, check)) != NULL; check++) {
		struct akita_why found = { 0 };

		rc = check->run(cli, &found);
		if (rc != AKITA_OK && found.msgid == NULL)
			(void)akita_fail(&found, rc, akita_exit_sentence(rc),
			    NULL);
		if (list == NULL)
			print(cli, check->title, rc, &found);
		else if (!put_json(cli, list, check->name, rc, &found)) {
			json_decref(list);
			return AKITA_ERR_NOMEM;
		}
		if (rc != AKITA_OK && rc != AKITA_ERR_PARTIAL &&
		    worst == AKITA_OK)
			worst = rc;
		if (worst != AKITA_OK && check->is_vital)
			break;
	}
	rc = AKITA_OK;
	if (list != NULL)
		rc = akita_output_object(json_pack("{s:b,s:o}", "good",
		    worst == AKITA_OK, "checks", list), why);
	if (rc != AKITA_OK || worst == AKITA_OK)
		return rc;
	return akita_fail(why, worst, AKITA_N("something is broken: see above"),
	    NULL);
}
