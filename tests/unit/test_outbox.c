/* Mails wait, are sent once, and come back after a failure or a crash. */
#include <sys/file.h>

#include "tests/unit/mails.h"

static const char mail[] = "From: <otp@example.jp>\nTo: hanako@example.jp\n"
    "Subject: x\n\nbody\n";

static int
make_box(void **state)
{
	if (make_site(state) != 0)
		return -1;
	fake_sendmail(0);
	reload_site("[mail]\nfrom = otp@example.jp\n");
	box = akita_admin_outbox(&site, dir);
	box.sendmail = in_place("sendmail");
	box.timeout_ms = 5000;
	return 0;
}

static void
put(const char *name)
{
	char path[AKITA_PATH_MAX + 64];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	write_file(path, mail, 0600);
}

struct listed {
	int				n;
	struct akita_outbox_item	last;
};

static bool
note(void *ctx, const struct akita_outbox_item *item)
{
	struct listed *l = ctx;

	l->n++;
	l->last = *item;
	return true;
}

static struct listed
list(void)
{
	struct listed l = { .n = 0 };

	assert_int_equal(akita_outbox_each(&box, note, &l, NULL), AKITA_OK);
	return l;
}

TEST(a_mail_is_handed_over_once_and_gone)
{
	put("1-issued-aa.eml");
	assert_int_equal(list().n, 1);
	assert_string_equal(list().last.to, "hanako@example.jp");
	assert_int_equal(flush(false).sent, 1);
	assert_int_equal(flush(false).sent, 0);
	assert_int_equal(list().n, 0);
	assert_int_equal(sent("body\n"), 1);
	assert_int_equal(sent("-i -f otp@example.jp -- hanako@example.jp\n"),
	    1);
}

TEST(sendmail_gets_a_clean_environment_and_no_other_descriptor)
{
	assert_int_equal(setenv("LD_SOMETHING", "secret", 1), 0);
	put("1-issued-aa.eml");
	assert_int_equal(flush(false).sent, 1);
	assert_int_equal(unsetenv("LD_SOMETHING"), 0);
	assert_int_equal(sent("LD_SOMETHING"), 0);
	assert_int_equal(sent("PATH=/usr/sbin:/usr/bin:/sbin:/bin\n"), 1);
	assert_int_equal(sent("/db/"), 1);	/* the mail itself, as input */
	assert_int_equal(sent("-> /dev/null"), 1);
}

TEST(without_a_sender_no_envelope_address_is_given)
{
	put("1-issued-aa.eml");
	box.from = "";
	assert_int_equal(flush(false).sent, 1);
	assert_int_equal(sent("-i -- hanako@example.jp\n"), 1);
}

TEST(what_fails_waits_longer_each_time)
{
	static const int64_t pauses[] = { 60, 300, 900, 3600, 14400, 43200,
	    86400, 86400 };

	fake_sendmail(75);
	put("1-issued-aa.eml");
	for (size_t i = 0; i < COUNT(pauses); i++) {
		assert_int_equal(akita_outbox_pause((unsigned int)i + 1),
		    pauses[i]);
		assert_int_equal(flush(false).failed, 1);
		assert_int_equal(list().n, 1);
		assert_int_equal(list().last.attempts, i + 1);
		assert_int_equal(list().last.due_s, the_time + pauses[i]);
		the_time += pauses[i] - 1;
		assert_int_equal(flush(false).waiting, 1);
		the_time += 1;
	}
	assert_int_equal(sent("body\n"), COUNT(pauses));
	assert_int_equal(akita_outbox_pause(0), 0);
	fake_sendmail(0);
	assert_int_equal(flush(false).sent, 1);
	assert_int_equal(list().n, 0);
}

TEST(all_does_not_wait_and_tries_each_mail_once)
{
	fake_sendmail(75);
	put("1-issued-aa.eml");
	put("2-locked-bb.eml");
	assert_int_equal(flush(false).failed, 2);
	assert_int_equal(flush(false).waiting, 2);
	assert_int_equal(flush(true).failed, 2);
	assert_int_equal(sent("body\n"), 4);
}

TEST(a_mail_whose_sender_died_is_sent_again)
{
	put("1-issued-aa.eml.1.sending");
	assert_true(list().last.is_sending);
	assert_int_equal(list().last.attempts, 1);
	assert_int_equal(flush(false).sent, 1);
	assert_int_equal(list().n, 0);
	assert_int_equal(sent("body\n"), 1);
}

TEST(what_is_no_mail_stays_where_it_is)
{
	static const char *const names[] = { ".1-issued-aa.eml", "notes",
	    "x.eml.bak", "x.eml.1.gone", ".eml", "x.eml.", "x.eml.1000" };
	struct stat st;
	char path[AKITA_PATH_MAX + 64];

	for (size_t i = 0; i < COUNT(names); i++)
		put(names[i]);
	assert_int_equal(list().n, 0);
	assert_int_equal(flush(true).sent, 0);
	for (size_t i = 0; i < COUNT(names); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		assert_int_equal(stat(path, &st), 0);
	}
}

TEST(a_mail_without_recipient_is_shown_and_holds_up_no_other)
{
	char path[AKITA_PATH_MAX + 64];

	(void)snprintf(path, sizeof(path), "%s/1-a.eml", dir);
	write_file(path, "Subject: x\n\nTo: a@example.jp\n", 0600);
	put("2-b.eml");
	assert_int_equal(list().n, 2);
	assert_int_equal(flush(false).failed, 1);
	assert_int_equal(sent("body\n"), 1);
	assert_int_equal(list().n, 1);
	assert_string_equal(list().last.to, "");
}

TEST(a_foreign_or_linked_mail_is_not_sent)
{
	char path[AKITA_PATH_MAX + 64];

	put("1-a.eml");
	(void)snprintf(path, sizeof(path), "%s/1-a.eml", dir);
	assert_int_equal(chmod(path, 0666), 0);
	(void)snprintf(path, sizeof(path), "%s/2-b.eml", dir);
	assert_int_equal(symlink(in_place("akita-otp.conf"), path), 0);
	assert_int_equal(flush(false).failed, 2);
	assert_int_equal(sent("body"), 0);
}

TEST(a_sendmail_that_hangs_or_is_missing_fails_in_time)
{
	write_file(in_place("sendmail"), "#!/bin/sh\nexec sleep 60\n", 0700);
	put("1-a.eml");
	box.timeout_ms = 200;
	assert_int_equal(flush(false).failed, 1);
	assert_int_equal(unlink(in_place("sendmail")), 0);
	assert_int_equal(flush(true).failed, 1);
	assert_int_equal(list().last.attempts, 2);
}

TEST(two_flushes_at_once_are_one_too_many)
{
	struct akita_outbox_report report;
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(akita_outbox_flush(&box, false, &report, NULL),
	    AKITA_ERR_BUSY);
	assert_int_equal(close(fd), 0);
}

TEST(no_outbox_yet_is_an_empty_one)
{
	assert_int_equal(rmdir(dir), 0);
	assert_int_equal(list().n, 0);
	assert_int_equal(flush(true).sent, 0);
}

/* ---- the mails of an account's life ---- */

/* Flush; how many went to the address with the text. */
static int
told_to(const char *to, const char *text)
{
	char *all, *rest, *part;
	int n = 0;

	(void)flush(true);
	assert_non_null(all = strdup(file_text(in_place("sent"))));
	rest = all;
	while ((part = strstr(rest, "-i -f ")) != NULL) {
		rest = strstr(part + 1, "-i -f ");
		if (rest != NULL)
			rest[-1] = '\0';
		n += strstr(part, to) != NULL && strstr(part, text) != NULL;
		if (rest == NULL)
			break;
	}
	free(all);
	return n;
}

TEST(each_step_of_an_accounts_life_is_told_by_mail)
{
	make_templates();
	change("hanako", AKITA_EVENT_REGISTER);
	assert_int_equal(told_to("To: hanako@", "<registered>"), 1);
	change("hanako", AKITA_EVENT_ISSUE);
	assert_int_equal(told_to("To: phone@", "<issued 1"), 1);
	assert_int_equal(told_to("To: hanako@", "<issued-notice>"), 1);
	assert_int_equal(told_to("To: hanako@", "<issued 1"), 0);
	assert_true(activate("hanako", "2468", right_code("hanako")).started);
	assert_int_equal(told_to("To: hanako@", "<activated>"), 1);
	for (int i = 0; i < 10; i++)
		(void)login("hanako", "ABCD-EFGH-JKMN");
	assert_int_equal(told_to("hanako", "<locked>"), 0);
	assert_int_equal(akita_admin_settle(&site, &teller, NULL), AKITA_OK);
	assert_int_equal(told_to("To: hanako@", "<locked>"), 1);
	change("hanako", AKITA_EVENT_SUSPEND);
	assert_int_equal(told_to("To: hanako@", "<suspended>"), 1);
	assert_int_equal(change_rc("hanako", AKITA_EVENT_SUSPEND,
	    AKITA_REASON_LOST, NULL), AKITA_OK);
	assert_int_equal(told_to("To: hanako@", "<suspended>"), 1);
	change("hanako", AKITA_EVENT_RELEASE);
	assert_int_equal(told_to("To: hanako@", "<released>"), 1);
	assert_int_equal(sent("<resumed>"), 0);
	make_active("taro");
	change("taro", AKITA_EVENT_SUSPEND);
	change("taro", AKITA_EVENT_UNLOCK);
	assert_int_equal(told_to("To: phone@", "<resumed>"), 1);
	assert_int_equal(sent("2468"), 0);
}

TEST(no_mail_is_written_where_mails_are_off)
{
	change("hanako", AKITA_EVENT_REGISTER);
	change("hanako", AKITA_EVENT_ISSUE);
	assert_int_equal(list().n, 0);
}

static char lines[4 * AKITA_EVENT_LINE];	/* since it was emptied */

static void
keep_line(void *ctx, int priority, const char *text)
{
	(void)ctx;
	(void)priority;
	(void)snprintf(lines + strlen(lines), sizeof(lines) - strlen(lines),
	    "%s\n", text);
}

TEST(a_mail_that_cannot_be_composed_undoes_nothing_and_is_logged)
{
	const struct akita_log log = { .line = keep_line };

	make_templates();
	write_file(in_place("mail/registered.en.txt"), "no template", 0644);
	site.log = &log;
	lines[0] = '\0';
	change("hanako", AKITA_EVENT_REGISTER);
	assert_int_equal(account("hanako").slot.state,
	    AKITA_STATE_REGISTERED);
	assert_int_equal(list().n, 0);
	assert_non_null(strstr(lines, "event=mail user=hanako"));
	assert_non_null(strstr(lines, "result=error"));
}

TEST(a_preview_is_the_mail_that_would_be_sent)
{
	char text[AKITA_MAIL_TEXT];
	struct akita_account a;
	struct akita_why why = { 0 };

	make_templates();
	change("hanako", AKITA_EVENT_ISSUE);
	a = account("hanako");
	assert_int_equal(akita_admin_mail(&site, AKITA_MAIL_ISSUED, &a,
	    "hanako@example.jp", NOW, text, &why), AKITA_OK);
	assert_non_null(strstr(text, "<issued 1"));
	assert_int_equal(akita_admin_mail(&site, AKITA_MAIL_ISSUED, &a,
	    "not an address", NOW, text, &why), AKITA_ERR_USAGE);
	reload_site("[service]\nlang = en\n");
	assert_int_equal(akita_admin_mail(&site, AKITA_MAIL_ISSUED, &a,
	    "hanako@example.jp", NOW, text, &why), AKITA_ERR_SETTINGS);
}

TEST(a_mail_that_cannot_be_put_down_waits_in_the_journal)
{
	const struct akita_log log = { .line = keep_line };

	make_templates();
	assert_int_equal(rmdir(dir), 0);
	write_file(dir, "in the way", 0600);
	site.log = &log;
	lines[0] = '\0';
	change("hanako", AKITA_EVENT_REGISTER);
	assert_int_equal(told.slot.state, AKITA_STATE_REGISTERED);
	assert_non_null(strstr(lines, "event=journal user=hanako"));
	assert_int_not_equal(akita_admin_settle(&site, &teller, NULL),
	    AKITA_OK);
	assert_int_equal(unlink(dir), 0);
	assert_int_equal(akita_admin_settle(&site, &teller, NULL), AKITA_OK);
	assert_int_equal(told_to("To: hanako@", "<registered>"), 1);
	assert_int_equal(records("\"event\":\"register\"", "hanako"), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    a_mail_is_handed_over_once_and_gone,
		    make_box, remove_site),
		cmocka_unit_test_setup_teardown(
		    sendmail_gets_a_clean_environment_and_no_other_descriptor,
		    make_box, remove_site),
		cmocka_unit_test_setup_teardown(
		    without_a_sender_no_envelope_address_is_given,
		    make_box, remove_site),
		cmocka_unit_test_setup_teardown(
		    what_fails_waits_longer_each_time,
		    make_box, remove_site),
		cmocka_unit_test_setup_teardown(
		    all_does_not_wait_and_tries_each_mail_once,
		    make_box, remove_site),
		cmocka_unit_test_setup_teardown(
		    a_mail_whose_sender_died_is_sent_again,
		    make_box, remove_site),
		cmocka_unit_test_setup_teardown(
		    what_is_no_mail_stays_where_it_is,
		    make_box, remove_site),
		cmocka_unit_test_setup_teardown(
		    a_mail_without_recipient_is_shown_and_holds_up_no_other,
		    make_box, remove_site),
		cmocka_unit_test_setup_teardown(
		    a_foreign_or_linked_mail_is_not_sent,
		    make_box, remove_site),
		cmocka_unit_test_setup_teardown(
		    a_sendmail_that_hangs_or_is_missing_fails_in_time,
		    make_box, remove_site),
		cmocka_unit_test_setup_teardown(
		    two_flushes_at_once_are_one_too_many,
		    make_box, remove_site),
		cmocka_unit_test_setup_teardown(
		    no_outbox_yet_is_an_empty_one,
		    make_box, remove_site),
		cmocka_unit_test_setup_teardown(
		    each_step_of_an_accounts_life_is_told_by_mail,
		    make_box, remove_site),
		cmocka_unit_test_setup_teardown(
		    no_mail_is_written_where_mails_are_off,
		    make_box, remove_site),
		cmocka_unit_test_setup_teardown(
		    a_mail_that_cannot_be_composed_undoes_nothing_and_is_logged,
		    make_box, remove_site),
		cmocka_unit_test_setup_teardown(
		    a_preview_is_the_mail_that_would_be_sent,
		    make_box, remove_site),
		cmocka_unit_test_setup_teardown(
		    a_mail_that_cannot_be_put_down_waits_in_the_journal,
		    make_box, remove_site),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
