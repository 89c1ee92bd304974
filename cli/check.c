#include "cli/check.h"

#include <stdio.h>

void
akita_findings_add(void *ctx, uint32_t number, const char *user,
    const char *what)
{
	struct akita_findings *findings = ctx;
	const struct akita_cli *cli = findings->cli;
	char text[16];

	(void)snprintf(text, sizeof(text), "%lu", (unsigned long)number);
	AKITA_CLI_TELL(cli, AKITA_N("record %s (%s): %s"), text, user,
	    akita_words(cli->lang, what), NULL);
	if (findings->list != NULL)
		(void)json_array_append_new(findings->list,
		    json_pack("{s:I,s:s,s:s}", "record", (json_int_t)number,
		    "user", user, "finding", what));
}

bool
akita_findings_is_bad(const struct akita_check_report *report)
{
	return report->damaged > 0 || report->missing > 0 ||
	    report->pages_bad > 0;
}

enum akita_rc
akita_findings_print(struct akita_findings *findings,
    const struct akita_check_report *report, struct akita_why *why)
{
	const struct akita_cli *cli = findings->cli;

	if (findings->list != NULL)
		return akita_output_object(json_pack(
		    "{s:I,s:I,s:I,s:I,s:I,s:I,s:o}",
		    "accounts", (json_int_t)report->accounts,
		    "damaged", (json_int_t)report->damaged,
		    "missing", (json_int_t)report->missing,
		    "lost", (json_int_t)report->lost,
		    "pages_bad", (json_int_t)report->pages_bad,
		    "orphans", (json_int_t)report->orphans,
		    "findings", findings->list), why);
	/* What is not good goes to stderr, and the summary with it. */
	(void)fprintf(akita_findings_is_bad(report) ? stderr : stdout,
	    akita_tr(cli->lang, "accounts good: %llu, damaged: %llu, missing: "
	    "%llu, index pages damaged: %llu, records without an account: "
	    "%llu\n"), (unsigned long long)report->accounts,
	    (unsigned long long)report->damaged,
	    (unsigned long long)report->missing,
	    (unsigned long long)report->pages_bad,
	    (unsigned long long)report->orphans);
	return AKITA_OK;
}
