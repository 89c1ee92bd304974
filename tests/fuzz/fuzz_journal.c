/* The journal: bytes of any kind, and entries whose MAC is right. */
#include "tests/fuzz/fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

#include "common/journal.h"

#define ENTRY_AT	512
#define ENTRY_MAX	(AKITA_JOURNAL_SIZE - ENTRY_AT)

static struct akita_crypto *crypto;
static struct akita_journal journal, again;
static const uint8_t key[32] = { 1, 2, 3 };

static void
read_all(int fd, struct akita_journal *j)
{
	const struct akita_wait wait = { &akita_os_clock, &akita_os_random,
	    akita_os_clock.mono_ms(NULL) + 1000 };
	struct akita_why why = { 0 };

	memset(j, 0, sizeof(*j));
	j->fd = fd;
	j->path = "journal";
	FUZZ_MUST(akita_journal_read(j, &wait, crypto, key, &why) ==
	    AKITA_OK);
}

/* An authentic entry: magic, length, then data. */
static size_t
make_entry(const uint8_t *data, size_t size, uint8_t *ret)
{
	size_t used = 12 + (size > ENTRY_MAX - 12 - AKITA_MAC ?
	    ENTRY_MAX - 12 - AKITA_MAC : size);
	struct akita_span span = { ret, used };

	memcpy(ret, "AkJnews1", 8);
	ret[8] = 0;
	ret[9] = (uint8_t)(used >> 16);
	ret[10] = (uint8_t)(used >> 8);
	ret[11] = (uint8_t)used;
	memcpy(ret + 12, data, used - 12);
	FUZZ_MUST(akita_seal_mac(crypto, key, &span, 1, ret + used) ==
	    AKITA_OK);
	return used + AKITA_MAC;
}

/* The first byte says whether the rest is to be authentic. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t bytes[AKITA_JOURNAL_SIZE];
	struct akita_why why = { 0 };
	size_t len = 0;
	int fd;

	if (size == 0)
		return 0;
	if (crypto == NULL)
		FUZZ_MUST(akita_crypto_new(&crypto) == AKITA_OK);
	memset(bytes, 0, sizeof(bytes));
	if (data[0] % 2 == 1) {
		len = ENTRY_AT + make_entry(data + 1, size - 1, bytes +
		    ENTRY_AT);
	} else {
		len = size - 1 < sizeof(bytes) ? size - 1 : sizeof(bytes);
		memcpy(bytes, data + 1, len);
	}
	fd = memfd_create("journal", MFD_CLOEXEC);
	FUZZ_MUST(fd >= 0 && write(fd, bytes, len) == (ssize_t)len);
	read_all(fd, &journal);
	FUZZ_MUST(data[0] % 2 == 1 || !journal.is_filled);
	if (journal.is_filled) {
		FUZZ_MUST(journal.entry.n_mails <= AKITA_MAILS_MAX);
		again = journal;
		FUZZ_MUST(akita_journal_fill(&again, crypto, key, &why) ==
		    AKITA_OK);
		read_all(fd, &again);
		FUZZ_MUST(again.is_filled);
		FUZZ_MUST(strcmp(again.entry.line, journal.entry.line) == 0);
		FUZZ_MUST(again.entry.n_mails == journal.entry.n_mails);
	}
	(void)close(fd);
	return 0;
}
