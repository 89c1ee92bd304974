#include "pam/report.h"

#include <syslog.h>

/* The line for a scene; user only where somebody knows it, because people
 * type passwords at the name prompt. */
static struct akita_log_event
line_for(const struct akita_scene *scene, bool is_known, const char *result,
    const char *reason)
{
	return (struct akita_log_event){
		.event = scene->event,
		.user = is_known || scene->is_known ? scene->user : NULL,
		.service = scene->service,
		.rhost = scene->rhost,
		.result = result,
		.reason = reason,
		.failures = -1,
		.by = scene->by,
	};
}

bool
akita_report_knows(const struct akita_peek *peek)
{
	return peek->state != AKITA_STATE_UNREGISTERED;
}

/* What a verdict brought with it. */
static void
report_change(const struct akita_log *log, const struct akita_scene *scene,
    const char *event, const char *reason, int priority, int failures)
{
	struct akita_log_event line = line_for(scene, true, "ok", reason);

	line.event = event;
	line.failures = failures;
	akita_event_send(log, priority, &line);
}

static const char *
reason_of(const struct akita_outcome *outcome, bool decoy)
{
	if (decoy)
		return "decoy";
	if (outcome->verdict == AKITA_VERDICT_ACCEPT && outcome->by_recovery)
		return "recovery";
	return akita_cause_name(outcome->cause);
}

void
akita_report_outcome(const struct akita_log *log,
    const struct akita_scene *scene, const struct akita_outcome *outcome,
    bool decoy)
{
	bool accepted = outcome->verdict == AKITA_VERDICT_ACCEPT;
	struct akita_log_event line;

	line = line_for(scene, outcome->known, accepted ? "accepted" :
	    "rejected", reason_of(outcome, decoy));
	if (outcome->known && !decoy)
		line.failures = outcome->failures;
	akita_event_send(log, accepted ? LOG_INFO : LOG_NOTICE, &line);
	if (outcome->locked_now)
		report_change(log, scene, "lock", "failures", LOG_WARNING,
		    outcome->failures);
	if (outcome->started)
		report_change(log, scene, "activate", "ok", LOG_NOTICE,
		    outcome->failures);
}

void
akita_report_word(const struct akita_log *log, const struct akita_scene *scene,
    const char *result, const char *reason)
{
	struct akita_log_event line = line_for(scene, false, result, reason);

	akita_event_send(log, LOG_INFO, &line);
}

void
akita_report_trouble(const struct akita_log *log,
    const struct akita_scene *scene, enum akita_rc rc,
    const struct akita_why *why)
{
	struct akita_log_event line = line_for(scene, false, "error",
	    akita_rc_word(rc));
	bool is_conv = rc == AKITA_ERR_CONV || rc == AKITA_ERR_CONV_AGAIN;

	line.why = why;
	akita_event_send(log, is_conv ? LOG_NOTICE : LOG_ERR, &line);
}
