/*
 * test_damage.c: thousands of damaged database files on the way of a login.
 * No signal, no hanging, no growth, never a yes for a used or a wrong code,
 * never "not registered" (PAM_IGNORE by unregistered=ignore) for somebody who
 * is.  AKITA_DAMAGED says how many files; AKITA_DAMAGE_SEED where to begin.
 *
 * One kind of damage is bound to read as an earlier state: bytes of both
 * copies of the newest slot are gone and those of the one before are not.
 * Nothing in the file tells that from a crash in mid-write.  Such files are
 * counted apart.
 */
#include "damage.h"
#include "house.h"

#include <security/pam_appl.h>

#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/record.h"

#define PAM_IGNORED	PAM_PERM_DENIED	/* what libpam makes of PAM_IGNORE
					   from the only module of a stack */
#define HANG_MS		5000
#define MEMORY		(256ul << 20)	/* more than what is there already */

static struct house house;
static struct person amy, bob;
static uint8_t *before;		/* the file before the last login */

/* What three logins said, from a child. */
static struct said {
	int	used, wrong, fresh;
} *said;

/* ---- the file ---- */

static void
store(const uint8_t *from, size_t len)
{
	int fd = open(house.database, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
	    0600);

	if (fd < 0 || (len > 0 && write(fd, from, len) != (ssize_t)len))
		err(99, "%s", house.database);
	close(fd);
}

/* ---- where the newest slot lies ---- */

/* Bytes that the last login changed: the copies of its slot. */
static struct range {
	size_t	from, to;
} ranges[8];
static unsigned int n_ranges;

static void
find_slot(void)
{
	size_t i;

	for (i = 0; i < whole_size; i++) {
		if (before[i] == whole[i])
			continue;
		if (n_ranges == 0 || i - ranges[n_ranges - 1].to >
		    AKITA_SLOT_SIZE) {
			if (n_ranges == 8)
				errx(99, "a login changes many places");
			ranges[n_ranges++].from = i;
		}
		ranges[n_ranges - 1].to = i;
	}
	if (n_ranges < 2)
		errx(99, "a login changes %u places", n_ranges);
}

/* Something of each copy is gone. */
static bool
newest_is_gone(void)
{
	unsigned int i;
	size_t from;

	for (i = 0; i < n_ranges; i++) {
		from = ranges[i].to >= AKITA_SLOT_SIZE ? ranges[i].to -
		    AKITA_SLOT_SIZE : 0;
		if (ranges[i].to < size && memcmp(bytes + from, whole + from,
		    ranges[i].to + AKITA_SLOT_SIZE - from) == 0)
			return (false);
	}
	return (true);
}

/* ---- a file's logins ---- */

static void
limit_memory(void)
{
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#if !defined(__SANITIZE_ADDRESS__)
	struct rlimit limit;
	unsigned long pages = 0;
	FILE *f = fopen("/proc/self/statm", "re");

	if (f == NULL || fscanf(f, "%lu", &pages) != 1)
		_exit(99);
	fclose(f);
	limit.rlim_cur = limit.rlim_max = pages * 4096 + MEMORY;
	if (setrlimit(RLIMIT_AS, &limit) != 0)
		_exit(99);
#endif
}

static int
log_in(void)
{
	char used[16], wrong[16], fresh[16];
	pid_t pid;

	house_used(&house, &amy, used);
	house_wrong(&house, &amy, wrong);
	house_fresh(&house, &amy, 0, fresh);
	said->used = said->wrong = said->fresh = HOUSE_SILENT;
	if ((pid = fork()) < 0)
		err(99, "fork");
	if (pid == 0) {
		limit_memory();
		said->used = house_login_here(&house, "ignore", amy.name,
		    used);
		said->wrong = house_login_here(&house, "ignore", amy.name,
		    wrong);
		said->fresh = house_login_here(&house, "ignore", amy.name,
		    fresh);
		_exit(0);
	}
	return (house_wait(pid, HANG_MS, NULL));
}

static bool
is_no(int rc)
{
	return (rc == PAM_AUTH_ERR || rc == PAM_AUTHINFO_UNAVAIL);
}

static unsigned long n_yes, n_no, n_trouble, n_old, n_old_yes, n_bad;

/* The damaged file lies there. */
static bool
holds(const char **ret_broken)
{
	struct stat st;
	bool is_old = size == whole_size && newest_is_gone();
	int end = log_in();

	*ret_broken = NULL;
	if (end != 0)
		*ret_broken = end == HOUSE_HUNG ? "it hung" : "it died";
	else if (stat(house.database, &st) != 0 || st.st_size >
	    (off_t)size)
		*ret_broken = "the file grew or is gone";
	else if (said->used == PAM_IGNORED || said->wrong == PAM_IGNORED ||
	    said->fresh == PAM_IGNORED)
		*ret_broken = "\"not registered\"";
	else if (!is_no(said->wrong))
		*ret_broken = "a wrong code";
	else if (!is_no(said->used) && !is_old)
		*ret_broken = "a used code";
	else if (!is_no(said->fresh) && said->fresh != PAM_SUCCESS)
		*ret_broken = "the right code";
	n_yes += said->fresh == PAM_SUCCESS;
	n_no += said->fresh == PAM_AUTH_ERR;
	n_trouble += said->fresh == PAM_AUTHINFO_UNAVAIL;
	n_old += is_old;
	n_old_yes += is_old && said->used == PAM_SUCCESS;
	return (*ret_broken == NULL);
}

/* For whoever looks into it. */
static void
keep_file(unsigned long number)
{
	const char *dir = getenv("AKITA_DAMAGE_KEEP");
	char path[HOUSE_PATH], name[64];
	FILE *f;

	if (dir == NULL)
		return;
	snprintf(name, sizeof(name), "damaged-%lu.gdbm", number);
	house_join(path, dir, name);
	if ((f = fopen(path, "we")) == NULL)
		err(99, "%s", path);
	(void)fwrite(bytes, 1, size, f);
	fclose(f);
}

static void
damage_many(const struct damage_kind *kind, unsigned long many)
{
	static unsigned long number;
	const char *broken;
	char name[160];
	unsigned long i, bad = 0;
	uint64_t from;

	for (i = 0; i < many && bad < 5; i++, number++) {
		memcpy(bytes, whole, whole_size);
		size = whole_size;
		from = damage_seed;
		kind->damage();
		store(bytes, size);
		if (holds(&broken))
			continue;
		tap_note("%s: %s (used %d, wrong %d, right %d; seed %llu)",
		    kind->name, broken, said->used, said->wrong, said->fresh,
		    (unsigned long long)from);
		keep_file(number);
		bad++;
	}
	n_bad += bad;
	snprintf(name, sizeof(name), "%lu damaged files are refused or right: "
	    "%s", many, kind->name);
	tap_ok(bad == 0, name);
}

/* Every place of amy's record and of its page, one byte after the other, is
 * too much; every byte of the newest slot's copies is not. */
static void
each_byte_of_the_slot(void)
{
	const char *broken;
	unsigned long bad = 0, n = 0;
	unsigned int i;
	size_t at;

	for (i = 0; i < n_ranges; i++) {
		for (at = ranges[i].from; at <= ranges[i].to && bad < 5; at++) {
			memcpy(bytes, whole, whole_size);
			size = whole_size;
			bytes[at] ^= 0x5a;
			store(bytes, size);
			n++;
			if (holds(&broken) && said->fresh == PAM_SUCCESS)
				continue;
			tap_note("byte %zu: %s, the right code %d", at, broken
			    != NULL ? broken : "", said->fresh);
			bad++;
		}
	}
	tap_note("%lu bytes", n);
	tap_ok(bad == 0, "any byte of one copy of the state: the other copy "
	    "serves");
}

/* Things that are no file of ours at all. */
static void
no_such_file(void)
{
	static const char *const commands[] = {
		"rm -f '%s'", "rm -f '%s'; mkdir '%s'",
		"rmdir '%s'; mkfifo -m 600 '%s'",
		"rm -f '%s'; ln -s /dev/zero '%s'",
		"rm -f '%s'; ln -s loop '%s'", "rm -f '%s'; : >'%s'",
	};
	char line[3 * HOUSE_PATH];
	unsigned int bad = 0;
	size_t i;
	int end;

	(void)umask(077);
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(line, sizeof(line), commands[i], house.database,
		    house.database);
#pragma GCC diagnostic pop
		if (system(line) != 0)
			errx(99, "%s", line);
		end = log_in();
		if (end == 0 && said->used == PAM_AUTHINFO_UNAVAIL &&
		    said->wrong == PAM_AUTHINFO_UNAVAIL && said->fresh ==
		    PAM_AUTHINFO_UNAVAIL)
			continue;
		tap_note("%s: ended %d; %d, %d, %d", line, end, said->used,
		    said->wrong, said->fresh);
		bad++;
	}
	(void)unlink(house.database);
	tap_ok(bad == 0, "no file, a directory, a FIFO, a symlink, an empty "
	    "file: PAM_AUTHINFO_UNAVAIL");
}

int
main(void)
{
	unsigned long total = house_many("AKITA_DAMAGED", 20000);
	char code[16];
	size_t i;

	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	tap_plan(DAMAGE_KINDS + 2);
	damage_seed = house_many("AKITA_DAMAGE_SEED", 1) *
	    0x9e3779b97f4a7c15;
	house_make(&house, NULL, "lock_timeout_ms = 2000");
	house_must(&house, NULL, "init");
	house_enrol(&house, &amy, "amy", false);
	house_enrol(&house, &bob, "bob", false);
	damage_path = house.database;
	before = malloc(DAMAGE_MAX);
	said = house_shared(sizeof(*said));
	if (before == NULL)
		err(99, "malloc");
	(void)damage_load(house.database, before);
	house_fresh(&house, &amy, 0, code);
	if (house_login(&house, "login", amy.name, code, NULL) != PAM_SUCCESS)
		errx(99, "login");
	amy.next++;
	whole_size = damage_load(house.database, whole);
	find_slot();
	each_byte_of_the_slot();
	for (i = 0; i < DAMAGE_KINDS; i++)
		damage_many(&damage_kinds[i], total * damage_kinds[i].share / 100);
	no_such_file();
	tap_note("right codes: %lu accepted, %lu refused, %lu unavailable; "
	    "%lu files without the newest state, %lu of them took the code of "
	    "before", n_yes, n_no, n_trouble, n_old, n_old_yes);
	house_remove(&house);
	return (tap_end());
}
