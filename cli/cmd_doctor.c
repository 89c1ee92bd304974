/* otpadm doctor: a look over the installation, one check after the other. */
#include <stdio.h>

#include "cli/doctor.h"
#include "cli/output.h"

static const struct {
	const char	*name;		/* in JSON */
	const char	*title;		/* message id */
	akita_doctor_fn	*run;
	bool		 is_vital;	/* the rest makes no sense without it */
} checks[] = {
	{ "configuration", AKITA_N("configuration"), akita_doctor_settings,
	    true },
	{ "key", AKITA_N("key ring"), akita_doctor_key, true },
	{ "directory", AKITA_N("database's directory"),
	    akita_doctor_directory, false },
	{ "database", AKITA_N("database"), akita_doctor_database, false },
	{ "locks", AKITA_N("locks"), akita_doctor_locks, false },
	{ "audit", AKITA_N("audit log"), akita_doctor_audit, false },
	{ "clock", AKITA_N("clock"), akita_doctor_clock, false },
};

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
	size_t i;

	for (i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		struct akita_why found = { 0 };

		rc = checks[i].run(cli, &found);
		if (rc != AKITA_OK && found.msgid == NULL)
			(void)akita_fail(&found, rc, akita_exit_sentence(rc),
			    NULL);
		if (list == NULL)
			print(cli, checks[i].title, rc, &found);
		else if (!put_json(cli, list, checks[i].name, rc, &found)) {
			json_decref(list);
			return AKITA_ERR_NOMEM;
		}
		if (rc != AKITA_OK && rc != AKITA_ERR_PARTIAL &&
		    worst == AKITA_OK)
			worst = rc;
		if (worst != AKITA_OK && checks[i].is_vital)
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
