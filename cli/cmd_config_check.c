/* otpadm config check */
#include <stdio.h>

#include "cli/cli.h"
#include "cli/output.h"

static json_t *
problem_json(const struct akita_cli *cli,
    const struct akita_settings_problem *problem)
{
	char text[2048];

	return json_pack("{s:o,s:b,s:s}",
	    "line", problem->line > 0 ? json_integer(problem->line) :
	    json_null(), "warning", problem->is_warning, "message",
	    akita_why_text(&problem->why, akita_words_for(cli->lang), text,
	    sizeof(text)));
}

static enum akita_rc
print_json(const struct akita_cli *cli, const char *path, bool is_good,
    const struct akita_settings_report *report, const struct akita_why *why,
    struct akita_why *ret_why)
{
	const struct akita_settings_problem alone = { .why = *why };
	json_t *problems = json_array();
	size_t i;

	for (i = 0; i < report->n; i++)
		if (json_array_append_new(problems, problem_json(cli,
		    &report->problem[i])) != 0)
			break;
	if (report->n == 0 && !is_good)
		i = json_array_append_new(problems, problem_json(cli,
		    &alone)) == 0 ? 0 : 1;
	if (i != report->n) {
		json_decref(problems);
		return AKITA_ERR_NOMEM;
	}
	return akita_output_object(json_pack("{s:s,s:b,s:o}", "file", path,
	    "good", is_good, "problems", problems), ret_why);
}

enum akita_rc
akita_cmd_config_check(struct akita_cli *cli, struct akita_why *why)
{
	static const struct akita_trust trust = { .root_only = false };
	AKITA_SETTINGS_AUTO struct akita_settings *settings = NULL;
	struct akita_settings_report report = { 0 };
	const char *path = cli->opt[AKITA_OPT_CONFIG] != NULL ?
	    cli->opt[AKITA_OPT_CONFIG] : AKITA_SETTINGS_FILE;
	enum akita_rc rc = AKITA_ERR_INTERNAL, printed = AKITA_OK;
	char number[16];
	size_t i;

	rc = akita_settings_load(path, &trust, &report, &settings, why);
	for (i = 0; i < report.n; i++)
		akita_cli_tell(cli, &report.problem[i].why);
	if (cli->is_json)
		printed = print_json(cli, path, rc == AKITA_OK, &report, why,
		    why);
	else if (rc == AKITA_OK)
		(void)printf(akita_tr(cli->lang, "%s: the configuration is "
		    "good\n"), path);
	if (rc == AKITA_OK)
		return printed;
	/* All of them have been told: only count. */
	if (report.n > 0) {
		(void)snprintf(number, sizeof(number), "%zu",
		    report.n + report.left_out);
		return akita_fail(why, rc, AKITA_N("%s: problems found: %s"),
		    path, number, NULL);
	}
	return rc;
}
