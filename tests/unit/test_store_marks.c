/* What the marks in the lock file make the next one do. */
#include "tests/unit/store_kit.h"

#include <fcntl.h>
#include <sys/stat.h>

static void
mark_all(struct kit *k, char mark)
{
	char path[160], marks[4097];
	int fd;

	memset(marks, mark, sizeof(marks));
	(void)snprintf(path, sizeof(path), "%s.lock", k->path);
	assert_true((fd = open(path, O_WRONLY)) >= 0);
	assert_int_equal(write(fd, marks, sizeof(marks)), sizeof(marks));
	(void)close(fd);
}

/* How many marks are so. */
static int
count_marks(struct kit *k, char mark)
{
	char path[160], marks[4097];
	int fd, i, n = 0;

	(void)snprintf(path, sizeof(path), "%s.lock", k->path);
	assert_true((fd = open(path, O_RDONLY)) >= 0);
	assert_int_equal(read(fd, marks, sizeof(marks)), sizeof(marks));
	(void)close(fd);
	for (i = 0; i < 4097; i++)
		n += marks[i] == mark;
	return n;
}

static ino_t
inode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_ino;
}

static void
what_a_dead_predecessor_left_dirty_is_settled(void **state)
{
	struct kit k;

	(void)state;
	kit_create(&k);
	KIT_OK(kit_add(&k, "alice", NULL, KW));
	assert_int_equal(count_marks(&k, 'C'), 4097);
	mark_all(&k, 'D');
	KIT_OK(kit_login(&k, "alice", KW));
	assert_int_equal(count_marks(&k, 'C'), 2);	/* stripe, structure */
	mark_all(&k, '\0');
	KIT_OK(kit_login(&k, "alice", KW));
	assert_int_equal(count_marks(&k, 'C'), 2);
	kit_free(&k);
}

static void
after_a_failed_sync_a_verified_copy_takes_the_place(void **state)
{
	struct akita_account a;
	struct kit k;
	ino_t before;

	(void)state;
	kit_create(&k);
	KIT_OK(kit_add(&k, "alice", NULL, KW));
	before = inode_of(k.path);
	mark_all(&k, 'E');
	KIT_OK(kit_login(&k, "alice", KW));
	assert_int_not_equal(inode_of(k.path), before);
	assert_int_equal(count_marks(&k, 'E'), 0);
	KIT_OK(kit_read(&k, "alice", &a, KW));
	assert_int_equal(a.slot.last_step, 0);
	kit_free(&k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_dead_predecessor_left_dirty_is_settled),
		cmocka_unit_test(
		    after_a_failed_sync_a_verified_copy_takes_the_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
