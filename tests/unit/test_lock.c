/* Stripes and the structure: who waits for whom, and for how long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/lock.h"

/* A clock that only goes on by sleeping. */
static int64_t fake_ms;
static int sleeps;
static bool odd_sleep;

static int64_t
fake_mono(void *ctx)
{
	(void)ctx;
	return fake_ms;
}

static void
fake_sleep(void *ctx, int64_t ms)
{
	(void)ctx;
	fake_ms += ms;
	sleeps++;
	odd_sleep = odd_sleep || ms < 0 || ms > 10;
}

static const struct akita_clock fake_clock = {
	fake_mono, fake_mono, fake_sleep, NULL
};

static struct akita_trust trust = { .is_private = true };

struct place {
	char	dir[64];
	int	fd;
};

static void
set_up(struct place *p)
{
	(void)strcpy(p->dir, "/tmp/akita-lock-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	p->fd = open(p->dir, O_RDONLY | O_DIRECTORY);
	assert_true(p->fd >= 0);
	assert_int_equal(akita_lock_make(p->fd, p->dir, "l", &trust, NULL),
	    AKITA_OK);
	fake_ms = 1000;
	sleeps = 0;
	odd_sleep = false;
}

static void
tear_down(struct place *p)
{
	assert_int_equal(unlinkat(p->fd, "l", 0), 0);
	assert_int_equal(close(p->fd), 0);
	assert_int_equal(rmdir(p->dir), 0);
}

static enum akita_rc
take(struct place *p, struct akita_lock *lock, enum akita_lock_kind kind,
    uint32_t stripe)
{
	struct akita_wait wait = {
		&fake_clock, &akita_os_random, fake_ms + 3000
	};

	if (lock->fd < 0)
		assert_int_equal(akita_lock_open(lock, p->fd, p->dir, "l",
		    &trust, NULL), AKITA_OK);
	return akita_lock_take(lock, kind, stripe, &wait, NULL);
}

static void
stripes_keep_only_their_own_out(void **state)
{
	struct akita_lock a = { .fd = -1 }, b = { .fd = -1 };
	struct place p;

	(void)state;
	set_up(&p);
	assert_int_equal(take(&p, &a, AKITA_LOCK_WRITE, 7), AKITA_OK);
	assert_int_equal(take(&p, &b, AKITA_LOCK_WRITE, 8), AKITA_OK);
	assert_int_equal(sleeps, 0);
	akita_lock_release(&b);
	assert_int_equal(take(&p, &b, AKITA_LOCK_WRITE, 7), AKITA_ERR_BUSY);
	assert_in_range(fake_ms, 4000, 4010);
	assert_false(odd_sleep);
	assert_int_equal(take(&p, &b, AKITA_LOCK_READ, 7), AKITA_ERR_BUSY);
	akita_lock_release(&a);
	assert_int_equal(take(&p, &b, AKITA_LOCK_READ, 7), AKITA_OK);
	assert_int_equal(take(&p, &a, AKITA_LOCK_READ, 7), AKITA_OK);
	akita_lock_close(&a);
	akita_lock_close(&b);
	tear_down(&p);
}

static void
the_structure_keeps_everybody_out(void **state)
{
	struct akita_lock a = { .fd = -1 }, b = { .fd = -1 };
	struct place p;

	(void)state;
	set_up(&p);
	assert_int_equal(take(&p, &a, AKITA_LOCK_EXCLUSIVE, 0), AKITA_OK);
	assert_int_equal(take(&p, &b, AKITA_LOCK_READ, 7), AKITA_ERR_BUSY);
	assert_int_equal(take(&p, &b, AKITA_LOCK_WRITE, 7), AKITA_ERR_BUSY);
	assert_int_equal(take(&p, &b, AKITA_LOCK_EXCLUSIVE, 0),
	    AKITA_ERR_BUSY);
	akita_lock_release(&a);
	assert_int_equal(take(&p, &b, AKITA_LOCK_WRITE, 7), AKITA_OK);
	assert_int_equal(take(&p, &a, AKITA_LOCK_EXCLUSIVE, 0),
	    AKITA_ERR_BUSY);
	/* Who waited in vain holds nobody off. */
	akita_lock_close(&b);
	assert_int_equal(take(&p, &b, AKITA_LOCK_WRITE, 7), AKITA_OK);
	akita_lock_close(&a);
	akita_lock_close(&b);
	tear_down(&p);
}

/* While somebody waits to be alone, newcomers wait, but not for long. */
static struct place *gate_place;
static enum akita_rc gate_early, gate_late;

static void
gate_sleep(void *ctx, int64_t ms)
{
	struct akita_lock c = { .fd = -1 };
	struct akita_wait none = { &fake_clock, &akita_os_random, fake_ms };

	(void)ctx;
	fake_ms += ms;
	assert_int_equal(akita_lock_open(&c, gate_place->fd, gate_place->dir,
	    "l", &trust, NULL), AKITA_OK);
	if (fake_ms < 1400)
		gate_early = akita_lock_take(&c, AKITA_LOCK_WRITE, 9, &none,
		    NULL);
	else if (fake_ms > 1600)
		gate_late = akita_lock_take(&c, AKITA_LOCK_WRITE, 9, &none,
		    NULL);
	akita_lock_close(&c);
}

static void
newcomers_wait_for_one_who_waits_to_be_alone(void **state)
{
	static const struct akita_clock clock = {
		fake_mono, fake_mono, gate_sleep, NULL
	};
	struct akita_wait wait = { &clock, &akita_os_random, 2500 };
	struct akita_lock a = { .fd = -1 }, b = { .fd = -1 };
	struct place p;

	(void)state;
	set_up(&p);
	gate_place = &p;
	gate_early = gate_late = AKITA_ERR_INTERNAL;
	assert_int_equal(take(&p, &a, AKITA_LOCK_WRITE, 7), AKITA_OK);
	assert_int_equal(akita_lock_open(&b, p.fd, p.dir, "l", &trust, NULL),
	    AKITA_OK);
	assert_int_equal(akita_lock_take(&b, AKITA_LOCK_EXCLUSIVE, 0, &wait,
	    NULL), AKITA_ERR_BUSY);
	assert_int_equal(gate_early, AKITA_ERR_BUSY);
	assert_int_equal(gate_late, AKITA_OK);
	akita_lock_close(&a);
	akita_lock_close(&b);
	tear_down(&p);
}

static void
marks_are_found_by_the_next_holder(void **state)
{
	struct akita_lock a = { .fd = -1 };
	struct place p;
	int fd;

	(void)state;
	set_up(&p);
	assert_int_equal(take(&p, &a, AKITA_LOCK_WRITE, 7), AKITA_OK);
	assert_int_equal(a.mark, AKITA_MARK_CLEAN);
	assert_int_equal(a.structure, AKITA_MARK_CLEAN);
	assert_int_equal(akita_lock_mark_stripe(&a, AKITA_MARK_DIRTY, NULL),
	    AKITA_OK);
	akita_lock_release(&a);
	assert_int_equal(take(&p, &a, AKITA_LOCK_READ, 7), AKITA_OK);
	assert_int_equal(a.mark, AKITA_MARK_DIRTY);
	akita_lock_release(&a);
	assert_int_equal(take(&p, &a, AKITA_LOCK_WRITE, 8), AKITA_OK);
	assert_int_equal(a.mark, AKITA_MARK_CLEAN);
	assert_int_equal(akita_lock_mark_stripe(&a, AKITA_MARK_FAILED, NULL),
	    AKITA_OK);
	akita_lock_release(&a);
	assert_int_equal(take(&p, &a, AKITA_LOCK_EXCLUSIVE, 0), AKITA_OK);
	assert_int_equal(a.mark, AKITA_MARK_FAILED);	/* the worst */
	assert_int_equal(akita_lock_clear_all(&a, NULL), AKITA_OK);
	assert_int_equal(akita_lock_mark_structure(&a, AKITA_MARK_FAILED,
	    NULL), AKITA_OK);
	akita_lock_release(&a);
	assert_int_equal(take(&p, &a, AKITA_LOCK_WRITE, 8), AKITA_OK);
	assert_int_equal(a.mark, AKITA_MARK_CLEAN);
	assert_int_equal(a.structure, AKITA_MARK_FAILED);
	akita_lock_release(&a);
	/* A zero byte, one of no meaning, and one that is not there. */
	fd = openat(p.fd, "l", O_WRONLY);
	assert_int_equal(pwrite(fd, "\0?", 2, 7), 2);
	assert_int_equal(take(&p, &a, AKITA_LOCK_WRITE, 7), AKITA_OK);
	assert_int_equal(a.mark, AKITA_MARK_DIRTY);
	akita_lock_release(&a);
	assert_int_equal(take(&p, &a, AKITA_LOCK_WRITE, 8), AKITA_OK);
	assert_int_equal(a.mark, AKITA_MARK_DIRTY);
	akita_lock_release(&a);
	assert_int_equal(ftruncate(fd, 5), 0);
	assert_int_equal(take(&p, &a, AKITA_LOCK_WRITE, 4096), AKITA_OK);
	assert_int_equal(a.mark, AKITA_MARK_DIRTY);
	(void)close(fd);
	akita_lock_close(&a);
	tear_down(&p);
}

static void
a_file_that_is_missing_or_there_already_is_told(void **state)
{
	struct akita_lock a;
	struct akita_why why = { 0 };
	struct place p;

	(void)state;
	set_up(&p);
	assert_int_equal(akita_lock_make(p.fd, p.dir, "l", &trust, &why),
	    AKITA_ERR_EXISTS);
	assert_int_equal(akita_lock_open(&a, p.fd, p.dir, "gone", &trust,
	    &why), AKITA_ERR_DATABASE);
	assert_non_null(why.msgid);
	assert_int_equal(fchmodat(p.fd, "l", 0666, 0), 0);
	assert_int_equal(akita_lock_open(&a, p.fd, p.dir, "l", &trust, &why),
	    AKITA_ERR_DATABASE);
	akita_lock_close(&a);
	tear_down(&p);
}

static void
stripes_lie_from_1_to_4096(void **state)
{
	uint8_t hash[16] = { 0 };
	uint32_t i;

	(void)state;
	for (i = 0; i < 65536; i++) {
		hash[14] = (uint8_t)(i >> 8);
		hash[15] = (uint8_t)i;
		assert_in_range(akita_lock_stripe(hash), 1, 4096);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stripes_keep_only_their_own_out),
		cmocka_unit_test(the_structure_keeps_everybody_out),
		cmocka_unit_test(newcomers_wait_for_one_who_waits_to_be_alone),
		cmocka_unit_test(marks_are_found_by_the_next_holder),
		cmocka_unit_test(
		    a_file_that_is_missing_or_there_already_is_told),
		cmocka_unit_test(stripes_lie_from_1_to_4096),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
