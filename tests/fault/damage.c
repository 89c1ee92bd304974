#include "damage.h"

#include <err.h>
#include <fcntl.h>
#include <gdbm.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/record.h"

uint8_t whole[DAMAGE_MAX], bytes[DAMAGE_MAX];
size_t whole_size, size;
uint64_t damage_seed;
const char *damage_path;

static uint64_t
roll(void)
{
	damage_seed ^= damage_seed << 13;
	damage_seed ^= damage_seed >> 7;
	damage_seed ^= damage_seed << 17;
	return (damage_seed * 0x2545f4914f6cdd1d);
}

static size_t
pick(size_t n)
{
	return (n == 0 ? 0 : (size_t)(roll() >> 11) % n);
}

size_t
damage_load(const char *path, uint8_t into[DAMAGE_MAX])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, into, DAMAGE_MAX);

	if (n <= 0)
		err(99, "%s", path);
	close(fd);
	return ((size_t)n);
}

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
	(void)unlink(damage_path);
	file = gdbm_open(damage_path, pick(2) == 0 ? 4096 : 512,
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
	(void)chmod(damage_path, 0600);
	size = damage_load(damage_path, bytes);
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

const struct damage_kind damage_kinds[DAMAGE_KINDS] = {
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
