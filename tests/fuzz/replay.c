/*
 * replay.c: a fuzz target without a fuzzer, for `make check`: every file of
 * its corpus, every beginning of it, and variations of it, always the same
 * ones.  AKITA_VARIATIONS says how many of each.
 *
 *	replay-NAME: the corpus is tests/fuzz/corpus/NAME.
 */
#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <err.h>
#include <errno.h>

#define INPUT_MAX	8192

static uint64_t seed = 0x9e3779b97f4a7c15;

static size_t
pick(size_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (size_t)(seed >> 16) % n;
}

static void
try_input(const uint8_t *data, size_t size)
{
	/* of its exact size, so that a reader past its end is seen */
	uint8_t *exact = malloc(size > 0 ? size : 1);

	if (exact == NULL)
		err(99, "malloc");
	if (size > 0)
		memcpy(exact, data, size);
	(void)LLVMFuzzerTestOneInput(exact, size);
	free(exact);
}

static void
vary(const uint8_t *data, size_t size)
{
	static const uint8_t tokens[] = "\0\xff\x80\x7f,\"\n\r=/&?%-:;[]{}\t09";
	uint8_t bytes[INPUT_MAX + 64];
	size_t n = 1 + pick(4), at, len;

	memcpy(bytes, data, size);
	while (n-- > 0 && size > 0) {
		at = pick(size);
		switch (pick(5)) {
		case 0:
			bytes[at] = (uint8_t)pick(256);
			break;
		case 1:
			bytes[at] ^= (uint8_t)(1u << pick(8));
			break;
		case 2:
			bytes[at] = tokens[pick(sizeof(tokens) - 1)];
			break;
		case 3:		/* take some out */
			len = 1 + pick(size - at);
			memmove(bytes + at, bytes + at + len, size - at - len);
			size -= len;
			break;
		default:	/* put some in twice */
			len = 1 + pick(size - at < 16 ? size - at : 16);
			if (size + len > sizeof(bytes))
				break;
			memmove(bytes + at + len, bytes + at, size - at);
			size += len;
			break;
		}
	}
	try_input(bytes, size);
}

static size_t
load(const char *dir, const char *name, uint8_t buf[INPUT_MAX])
{
	char path[2048];
	size_t n;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	if ((f = fopen(path, "re")) == NULL)
		err(99, "%s", path);
	n = fread(buf, 1, INPUT_MAX, f);
	(void)fclose(f);
	return n;
}

int
main(void)
{
	const char *src = getenv("AKITA_SRC"), *many = getenv(
	    "AKITA_VARIATIONS");
	const char *name = strstr(program_invocation_short_name, "replay_");
	unsigned long variations = many != NULL ? strtoul(many, NULL, 10) :
	    2000, i;
	uint8_t data[INPUT_MAX];
	unsigned int files = 0;
	struct dirent *e;
	char dir[1024];
	size_t size;
	DIR *d;

	if (src == NULL || name == NULL)
		errx(99, "run this by make check");
	name += strlen("replay_");
	(void)snprintf(dir, sizeof(dir), "%s/tests/fuzz/corpus/%s", src, name);
	if ((d = opendir(dir)) == NULL)
		err(99, "%s", dir);
	(void)printf("1..1\n");
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		size = load(dir, e->d_name, data);
		files++;
		for (i = 0; i <= size; i++)
			try_input(data, i);
		for (i = 0; i < variations; i++)
			vary(data, size);
	}
	(void)closedir(d);
	(void)printf("# %u files, %lu variations each\n%sok 1 - %s: what the "
	    "corpus holds breaks no promise\n", files, variations,
	    files > 0 ? "" : "not ", name);
	return files > 0 ? 0 : 1;
}
