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
#include "house.h"

#include <security/pam_appl.h>

#include <err.h>
#include <fcntl.h>
#include <gdbm.h>
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
#define MAX_SIZE	(1 << 20)

static struct house house;
static struct person amy, bob;
static uint8_t *whole, *before, *bytes;	/* images of the file */
static size_t whole_size, size;
static uint64_t seed;

/* What three logins said, from a child. */
static struct said {
	int	used, wrong, fresh;
} *said;

static uint64_t
roll(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (seed * 0x2545f4914f6cdd1d);
}

static size_t
pick(size_t n)
{
	return (n == 0 ? 0 : (size_t)(roll() >> 11) % n);
}

/* ---- the file ---- */

static size_t
load(uint8_t *into)
{
	int fd = open(house.database, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, into, MAX_SIZE);

	if (n <= 0)
		err(99, "%s", house.database);
	close(fd);
	return ((size_t)n);
}

static void
store(const uint8_t *from, size_t len)
{
	int fd = open(house.database, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
	    0600);

	if (fd < 0 || (len > 0 && write(fd, from, len) != (ssize_t)len))
		err(99, "%s", house.database);
	close(fd);
}

/* ---- kinds of damage ---- */

static void
flip(void)
{
	size_t n = 1 + pick(64);

	while (n-- > 0)
		bytes[pick(size)] ^= (uint8_t)(1 + pick(255));
}

/* Few, where the bytes in use are. */
static void
flip_in_use(void)
{
	size_t n = 1 + pick(4), at;

	while (n > 0) {
		at = pick(size);
		if (bytes[at] == 0 && pick(20) != 0)
			continue;
		bytes[at] ^= (uint8_t)(1 + pick(255));
		n--;
	}
}

static void
cut(void)
{
	size = pick(8) == 0 ? pick(64) : pick(size);
}

static void
zero_sectors(void)
{
	size_t n = 1 + pick(8);

	while (n-- > 0)
		memset(bytes + 512 * pick(size / 512), 0, 512);
}

static void
scribble(void)
{
	size_t at = pick(size), n = 1 + pick(4096);

	for (; n > 0 && at < size; n--)
		bytes[at++] = (uint8_t)roll();
}

static size_t
find_record(void)
{
	size_t at = pick(size), i;

	for (i = 0; i < size; i++, at++) {
		if (at + AKITA_RECORD_SIZE > size)
			at = 0;
		if (memcmp(bytes + at, "AkR1", 4) == 0)
			return (at);
	}
	return (0);
}

static void
swap_records(void)
{
	static uint8_t keep[AKITA_RECORD_SIZE];
	size_t a = find_record(), b = find_record();

	memcpy(keep, bytes + a, sizeof(keep));
	memcpy(bytes + a, bytes + b, sizeof(keep));
	if (pick(2) == 0)
		memcpy(bytes + b, keep, sizeof(keep));
}

static void
swap_blocks(void)
{
	static uint8_t keep[4096];
	size_t n = size / 4096, a = 4096 * pick(n), b = 4096 * pick(n);

	memcpy(keep, bytes + a, 4096);
	memcpy(bytes + a, bytes + b, 4096);
	memcpy(bytes + b, keep, 4096);
}

/* A number of the header, of the directory or of a bucket becomes another. */
static void
play_with_numbers(void)
{
	static const int64_t values[] = { 0, 1, -1, 4, 4095, 4096, 8192,
	    INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN, 1 << 20, 1 << 24 };
	int64_t value = values[pick(sizeof(values) / sizeof(values[0]))];
	size_t n = 1 + pick(3), at, width;

	while (n-- > 0) {
		width = pick(2) == 0 ? 4 : 8;
		switch (pick(3)) {
		case 0:
			at = 4 * pick(32);
			break;
		case 1:		/* the directory lies behind the header */
			at = 4096 + 8 * pick(512);
			break;
		default:
			at = 4096 * pick(size / 4096) + 4 * pick(64);
			break;
		}
		if (pick(3) == 0)
			value = (int64_t)pick(2 * size);
		else if (pick(4) == 0)
			value = (int64_t)roll();
		if (at + width <= size)
			memcpy(bytes + at, &value, width);
	}
}

/* Another database of GDBM, with our keys or others. */
static void
foreign(void)
{
	static const int flags[] = { 0, GDBM_NUMSYNC, 0 };
	char key[5] = { 'R' }, value[4096];
	GDBM_FILE file;
	size_t n = pick(40), i;
	datum k = { key, 5 }, v = { value, 0 };

	memset(value, (int)pick(256), sizeof(value));
	(void)unlink(house.database);
	file = gdbm_open(house.database, pick(2) == 0 ? 4096 : 512,
	    GDBM_NEWDB | GDBM_NOLOCK | GDBM_NOMMAP | flags[pick(3)], 0600,
	    NULL);
	if (file == NULL)
		errx(99, "%s", gdbm_strerror(gdbm_errno));
	for (i = 0; i < n; i++) {
		key[0] = "RPHD"[pick(4)];
		key[4] = (char)pick(4);
		k.dsize = key[0] == 'H' || key[0] == 'D' ? 1 : 5;
		v.dsize = (int)(pick(2) == 0 ? AKITA_RECORD_SIZE :
		    pick(sizeof(value)));
		if (gdbm_store(file, k, v, GDBM_REPLACE) != 0)
			errx(99, "%s", gdbm_strerror(gdbm_errno));
	}
	gdbm_close(file);
	(void)chmod(house.database, 0600);
	size = load(bytes);
}

static void
noise(void)
{
	size_t i;

	size = 1 + pick(whole_size);
	for (i = 0; i < size; i++)
		bytes[i] = (uint8_t)roll();
	if (pick(2) == 0 && size > 4096)
		memcpy(bytes, whole, 64 + pick(4032));
}

static const struct kind {
	const char	*name;
	void		(*damage)(void);
	size_t		 share;		/* of 100 */
} kinds[] = {
	{ "1 to 64 random bytes", flip, 30 },
	{ "1 to 4 bytes that are in use", flip_in_use, 20 },
	{ "cut off", cut, 10 },
	{ "sectors zeroed", zero_sectors, 10 },
	{ "a run of random bytes", scribble, 8 },
	{ "records swapped or doubled", swap_records, 4 },
	{ "blocks swapped", swap_blocks, 3 },
	{ "numbers changed", play_with_numbers, 10 },
	{ "foreign databases", foreign, 3 },
	{ "noise", noise, 2 },
};
#define N_KINDS	(sizeof(kinds) / sizeof(kinds[0]))

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
damage_many(const struct kind *kind, unsigned long many)
{
	static unsigned long number;
	const char *broken;
	char name[160];
	unsigned long i, bad = 0;
	uint64_t from;

	for (i = 0; i < many && bad < 5; i++, number++) {
		memcpy(bytes, whole, whole_size);
		size = whole_size;
		from = seed;
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
	tap_plan(N_KINDS + 2);
	seed = house_many("AKITA_DAMAGE_SEED", 1) * 0x9e3779b97f4a7c15;
	house_make(&house, NULL, "lock_timeout_ms = 2000");
	house_must(&house, NULL, "init");
	house_enrol(&house, &amy, "amy", false);
	house_enrol(&house, &bob, "bob", false);
	whole = malloc(MAX_SIZE);
	before = malloc(MAX_SIZE);
	bytes = malloc(MAX_SIZE);
	said = house_shared(sizeof(*said));
	if (whole == NULL || before == NULL || bytes == NULL)
		err(99, "malloc");
	(void)load(before);
	house_fresh(&house, &amy, 0, code);
	if (house_login(&house, "login", amy.name, code, NULL) != PAM_SUCCESS)
		errx(99, "login");
	amy.next++;
	whole_size = load(whole);
	find_slot();
	each_byte_of_the_slot();
	for (i = 0; i < N_KINDS; i++)
		damage_many(&kinds[i], total * kinds[i].share / 100);
	no_such_file();
	tap_note("right codes: %lu accepted, %lu refused, %lu unavailable; "
	    "%lu files without the newest state, %lu of them took the code of "
	    "before", n_yes, n_no, n_trouble, n_old, n_old_yes);
	house_remove(&house);
	return (tap_end());
}
