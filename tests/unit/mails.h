/* An outbox with a sendmail that writes down what it is given. */
#ifndef AKITA_TESTS_UNIT_MAILS_H
#define AKITA_TESTS_UNIT_MAILS_H

#include "tests/unit/sites.h"

static char dir[AKITA_PATH_MAX + 1];
static struct akita_outbox box;

/* A sendmail that writes down what it is given, and ends with a status. */
static inline void
fake_sendmail(int status)
{
	char text[1024];

	(void)snprintf(text, sizeof(text), "#!/bin/sh\n"
	    "{ echo \"$@\"; env; ls -l /proc/self/fd; cat; } >>%s\n"
	    "exit %d\n", in_place("sent"), status);
	write_file(in_place("sendmail"), text, 0700);
}

/* How often the text stands in what was sent. */
static inline int
sent(const char *text)
{
	const char *p = file_text(in_place("sent"));
	int n = 0;

	while ((p = strstr(p, text)) != NULL) {
		n++;
		p++;
	}
	return n;
}

static inline struct akita_outbox_report
flush(bool all)
{
	struct akita_outbox_report report;
	static char sendmail[256];
	struct akita_why why = { 0 };

	(void)snprintf(sendmail, sizeof(sendmail), "%s/sendmail", place);
	box.sendmail = sendmail;
	assert_int_equal(akita_outbox_flush(&box, all, &report, &why),
	    AKITA_OK);
	if (report.failed != 0)
		assert_string_not_equal(sentence(&why), "");
	return report;
}

/* ---- templates ---- */

static const struct {
	const char	*name;
	const char	*text;
} templates[] = {
	{ "registered", "registered> @USER@ <" },
	{ "issued", "issued @USER_ID@ @SERVICE_ID@ @EXPIRES@ @USER@" },
	{ "issued-notice", "issued-notice> @USER@ <" },
	{ "activated", "activated> @USER@ <" },
	{ "locked", "locked> @USER@ <" },
	{ "suspended", "suspended> @USER@ <" },
	{ "resumed", "resumed> @USER@ <" },
	{ "released", "released> @USER@ <" },
};

static inline void
make_templates(void)
{
	char name[64], text[256];

	assert_int_equal(mkdir(in_place("mail"), 0755), 0);
	for (size_t i = 0; i < COUNT(templates); i++) {
		(void)snprintf(name, sizeof(name), "mail/%s.en.txt",
		    templates[i].name);
		(void)snprintf(text, sizeof(text), "Subject: x\n\n<%s>\n",
		    templates[i].text);
		write_file(in_place(name), text, 0644);
	}
	reload_site("[service]\nlang = en\n[mail]\nenabled = yes\n"
	    "from = otp@example.jp\n");
	box = akita_admin_outbox(&site, dir);
}

#endif
