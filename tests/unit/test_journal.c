/* The journal keeps what was written, and nothing that was not. */
#include "tests/unit/store_kit.h"

#include <fcntl.h>

#include "common/journal.h"

static const uint8_t key[32] = { 3 };
static struct akita_trust trust = { .is_private = true };

struct place {
	char			 dir[64];
	int			 fd;
	struct akita_crypto	*crypto;
	struct akita_journal	 journal;
};

static enum akita_rc
reread(struct place *p)
{
	struct akita_wait wait = { &akita_os_clock, &akita_os_random, 0 };

	memset(&p->journal.entry, 0, sizeof(p->journal.entry));
	return akita_journal_read(&p->journal, &wait, p->crypto, key, KW);
}

static void
set_up(struct place *p)
{
	memset(p, 0, sizeof(*p));
	(void)strcpy(p->dir, "/tmp/akita-journal-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	p->fd = open(p->dir, O_RDONLY | O_DIRECTORY);
	assert_int_equal(akita_crypto_new(&p->crypto), AKITA_OK);
	KIT_OK(akita_journal_make(p->fd, p->dir, "j", &trust, p->crypto, key,
	    KW));
	p->journal.path = "j";
	p->journal.fd = openat(p->fd, "j", O_RDWR);
	KIT_OK(reread(p));
}

static void
tear_down(struct place *p)
{
	(void)close(p->journal.fd);
	akita_crypto_free(&p->crypto);
	assert_int_equal(unlinkat(p->fd, "j", 0), 0);
	(void)close(p->fd);
	assert_int_equal(rmdir(p->dir), 0);
}

static void
full_entry(struct akita_journal_entry *e)
{
	unsigned int i;

	memset(e, 0, sizeof(*e));
	(void)strcpy(e->user, "alice");
	e->changes = 17;
	(void)strcpy(e->audit_file, "/var/log/audit.log");
	memset(e->line, 'l', sizeof(e->line) - 1);
	e->head.number = 99;
	memset(e->head.mac, 4, sizeof(e->head.mac));
	e->n_mails = AKITA_MAILS_MAX;
	for (i = 0; i < AKITA_MAILS_MAX; i++) {
		memset(e->mail[i].file, 'a' + (int)i,
		    sizeof(e->mail[i].file) - 1);
		memset(e->mail[i].text, 'A' + (int)i,
		    sizeof(e->mail[i].text) - 1);
	}
}

static void
the_largest_entry_comes_back_whole_until_it_is_cleared(void **state)
{
	struct akita_journal_entry e;
	struct akita_audit_head head = { .number = 100, .mac = { 5 } };
	struct place p;

	(void)state;
	set_up(&p);
	assert_false(p.journal.is_filled);
	assert_int_equal(p.journal.head.number, 0);
	full_entry(&e);
	p.journal.entry = e;
	KIT_OK(akita_journal_fill(&p.journal, p.crypto, key, KW));
	KIT_OK(reread(&p));
	assert_true(p.journal.is_filled);
	assert_memory_equal(&p.journal.entry, &e, sizeof(e));
	KIT_OK(akita_journal_clear(&p.journal, &head, p.crypto, key, KW));
	KIT_OK(reread(&p));
	assert_false(p.journal.is_filled);
	assert_int_equal(p.journal.head.number, 100);
	assert_memory_equal(p.journal.head.mac, head.mac, 32);
	tear_down(&p);
}

static void
no_flipped_byte_of_an_entry_is_carried_out(void **state)
{
	struct akita_journal_entry e;
	struct place p;
	uint8_t byte, flipped;
	off_t at;

	(void)state;
	set_up(&p);
	full_entry(&e);
	p.journal.entry = e;
	KIT_OK(akita_journal_fill(&p.journal, p.crypto, key, KW));
	for (at = 0; at < AKITA_JOURNAL_SIZE; at += 61) {
		assert_int_equal(pread(p.journal.fd, &byte, 1, at), 1);
		flipped = byte ^ 0x10;
		assert_int_equal(pwrite(p.journal.fd, &flipped, 1, at), 1);
		KIT_OK(reread(&p));
		assert_true(!p.journal.is_filled || memcmp(&p.journal.entry,
		    &e, sizeof(e)) == 0);
		assert_int_equal(p.journal.head.number, 0);
		assert_int_equal(pwrite(p.journal.fd, &byte, 1, at), 1);
	}
	KIT_OK(reread(&p));
	assert_true(p.journal.is_filled);
	tear_down(&p);
}

static void
who_finds_it_locked_gives_up_at_the_deadline(void **state)
{
	struct akita_journal other = { .path = "j" };
	struct akita_wait wait = { &akita_os_clock, &akita_os_random, 0 };
	struct akita_why why = { 0 };
	struct place p;

	(void)state;
	set_up(&p);
	other.fd = openat(p.fd, "j", O_RDWR);
	assert_int_equal(akita_journal_read(&other, &wait, p.crypto, key,
	    &why), AKITA_ERR_BUSY);
	assert_non_null(why.msgid);
	(void)close(other.fd);
	tear_down(&p);
}

static void
one_that_is_there_is_not_made_anew(void **state)
{
	struct akita_why why = { 0 };
	struct place p;

	(void)state;
	set_up(&p);
	assert_int_equal(akita_journal_make(p.fd, p.dir, "j", &trust,
	    p.crypto, key, &why), AKITA_ERR_EXISTS);
	tear_down(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    the_largest_entry_comes_back_whole_until_it_is_cleared),
		cmocka_unit_test(no_flipped_byte_of_an_entry_is_carried_out),
		cmocka_unit_test(who_finds_it_locked_gives_up_at_the_deadline),
		cmocka_unit_test(one_that_is_there_is_not_made_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
