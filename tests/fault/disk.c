/*
 * disk.c: an installation on a file system of its own, which is healthy, gets
 * full, becomes read-only, or is shut down in the middle of logins.
 *
 *	disk works DIR
 *	disk full DIR
 *	disk read-only DIR
 *	disk shutdown DIR DEVICE TYPE ROUNDS
 *
 * Root's, for disks.bats.  Exit status 0: every promise held; 3: one was
 * broken, which the last line names; 99: the test itself failed.
 */
#include "house.h"

#include <security/pam_appl.h>

#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PEOPLE	4
#define SHUTDOWN_REQUEST	_IOR('X', 125, uint32_t)
#define SHUTDOWN_NO_LOG		2	/* what is not on disk is lost */

static struct house house;
static struct person people[PEOPLE];
static const char *dir;

static void broken(const char *format, ...)
    __attribute__((noreturn, format(printf, 1, 2)));

static void
broken(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
	printf("\n");
	fflush(stdout);
	_exit(3);
}

static int
login(struct person *p, int ahead)
{
	char code[16];

	house_fresh(&house, p, ahead, code);
	return (house_login(&house, "ignore", p->name, code, NULL));
}

/* Everybody logs in by a new code, and not by it again. */
static void
all_log_in(const char *when)
{
	int i, rc;

	for (i = 0; i < PEOPLE; i++) {
		rc = login(&people[i], 0);
		if (rc != PAM_SUCCESS)
			broken("%s: a login of %s gave %d", when,
			    people[i].name, rc);
		rc = login(&people[i], 0);
		if (rc != PAM_AUTH_ERR)
			broken("%s: the same code gave %d", when, rc);
		people[i].next++;
	}
}

static void
begin(void)
{
	char name[16];
	int i;

	house_make(&house, dir, "");
	house_must(&house, NULL, "init");
	for (i = 0; i < PEOPLE; i++) {
		snprintf(name, sizeof(name), "user%d", i);
		house_enrol(&house, &people[i], name, false);
	}
}

static void
sound(const char *when)
{
	if (!house_is_sound(&house))
		broken("%s: not sound", when);
}

/* ---- works ---- */

static void
add_accounts(const char *prefix, unsigned int n)
{
	char name[32];
	unsigned int i;

	for (i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "%s%u", prefix, i);
		house_must(&house, NULL, "register", name, "--mail",
		    "a@example.jp");
	}
}

static void
works(void)
{
	begin();
	all_log_in("new");
	add_accounts("more", 80);
	all_log_in("grown");
	house_must(&house, NULL, "suspend", "user0", "--reason", "lost");
	if (login(&people[0], 0) != PAM_AUTH_ERR)
		broken("suspended and let in");
	house_must(&house, NULL, "unlock", "user0", "--found");
	house_must(&house, NULL, "repair");
	all_log_in("repaired");
	sound("in the end");
	printf("logins, growth, suspend and repair work\n");
}

/* ---- full ---- */

/* Fill the file system; the last bytes one by one. */
static void
fill(const char *path)
{
	static char zeros[1 << 16];
	size_t len = sizeof(zeros);
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	if (fd < 0 && errno != ENOSPC)
		err(99, "%s", path);
	while (fd >= 0 && len > 0) {
		if (write(fd, zeros, len) > 0)
			continue;
		if (errno != ENOSPC && errno != EDQUOT)
			err(99, "%s", path);
		len /= 2;
	}
	if (fd >= 0) {
		(void)fsync(fd);
		close(fd);
	}
}

static void
put(const char *path, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || posix_fallocate(fd, 0, (off_t)len) != 0 ||
	    fsync(fd) != 0)
		err(99, "%s", path);
	close(fd);
}

/* A command: done (0; 10: its record waits), or 8 with a sentence and nothing
 * done. */
static bool
done_or_refused(int status, const char *what)
{
	if (status == 0 || (status == 10 && strstr(house.said, "otpadm: ") !=
	    NULL))
		return (true);
	if (status != 8 || strncmp(house.said + house.said_out, "otpadm: ",
	    8) != 0 || house.said_out != 0)
		broken("full, %s: exit status %d: %s", what, status,
		    house.said);
	return (false);
}

/* Refused for want of space, a code may be spent or not. */
static void
login_in_need(struct person *p, bool *is_tried, unsigned int *in,
    unsigned int *out)
{
	int rc = login(p, 0);

	if (rc == PAM_AUTHINFO_UNAVAIL) {
		*is_tried = true;
		++*out;
		return;
	}
	if (rc != PAM_SUCCESS && (rc != PAM_AUTH_ERR || !*is_tried))
		broken("full: a login gave %d", rc);
	*in += rc == PAM_SUCCESS;
	if (rc == PAM_SUCCESS && login(p, 0) == PAM_SUCCESS)
		broken("full: a code was good twice");
	*is_tried = false;
	p->next++;
}

static void
full(void)
{
	bool tried[2] = { false, false };
	char junk[HOUSE_PATH], reserve[2][HOUSE_PATH], name[32];
	unsigned int i, done = 0, refused = 0, in = 0, out = 0;
	bool is_there[60], is_suspended;
	int rc, p;

	begin();
	house_join(junk, dir, "junk");
	for (i = 0; i < 2; i++) {
		house_join(reserve[i], dir, i == 0 ? "little" : "more");
		put(reserve[i], i == 0 ? 98304 : 163840);
	}
	fill(junk);
	for (i = 0; i < 60; i++) {
		/* room for the log, then for the records, not for a copy */
		if (i % 20 == 0 && i > 0 && unlink(reserve[i / 20 - 1]) != 0)
			err(99, "unlink");
		snprintf(name, sizeof(name), "full%u", i);
		is_there[i] = done_or_refused(house_adm(&house, NULL,
		    "register", name, "--mail", "f@example.jp", NULL),
		    "register");
		done += is_there[i];
		refused += !is_there[i];
		login_in_need(&people[i % 2], &tried[i % 2], &in, &out);
	}
	is_suspended = done_or_refused(house_adm(&house, NULL, "suspend",
	    "user3", "--reason", "lost", NULL), "suspend");
	if (unlink(junk) != 0)
		err(99, "unlink");
	for (i = 0; i < 60; i++) {
		snprintf(name, sizeof(name), "full%u", i);
		rc = house_adm(&house, NULL, "show", name, NULL);
		if (rc != (is_there[i] ? 0 : 4))
			broken("space is back, %s (%s) shows %d", name,
			    is_there[i] ? "done" : "refused", rc);
	}
	add_accounts("settles", 1);
	for (i = 0; i < 60; i++) {
		snprintf(name, sizeof(name), "full%u", i);
		if (house_audited(&house, name) != is_there[i])
			broken("space is back, %s: audit record and account "
			    "do not agree", name);
	}
	if (is_suspended)
		house_must(&house, NULL, "unlock", "user3", "--found");
	for (p = 0; p < 2; p++)
		people[p].next += tried[p];
	all_log_in("space is back");
	add_accounts("again", 40);
	sound("space is back");
	printf("full: %u logins accepted, %u unavailable; %u registered, %u "
	    "refused\n", in, out, done, refused);
}

/* ---- read-only ---- */

static void
remount(unsigned long flags)
{
	if (mount(NULL, dir, NULL, MS_REMOUNT | flags, NULL) != 0)
		err(99, "remount %s", dir);
}

static void
read_only(void)
{
	static const char *const changes[][8] = {
		{ "register", "new", "--mail", "n@example.jp" },
		{ "suspend", "user0", "--reason", "lost" },
		{ "recovery", "user0" }, { "repair" },
		{ "release", "user0", "--yes" },
	};
	size_t i;
	int rc;

	begin();
	all_log_in("writable");
	remount(MS_RDONLY);
	rc = login(&people[0], 0);
	if (rc != PAM_AUTHINFO_UNAVAIL)
		broken("read-only: a right code gave %d", rc);
	rc = house_login(&house, "ignore", "nobody-here", "123456", NULL);
	if (rc == PAM_SUCCESS)
		broken("read-only: an unknown user got in");
	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		rc = house_adm_fault(&house, NULL, NULL, changes[i]);
		if (rc != 8 || strncmp(house.said, "otpadm: ", 8) != 0 ||
		    strstr(house.said, "ead-only") == NULL)
			broken("read-only, %s: exit status %d: %s",
			    changes[i][0], rc, house.said);
	}
	rc = house_adm(&house, NULL, "verify-db", NULL);
	if (rc != 0)
		broken("read-only, verify-db: exit status %d: %s", rc,
		    house.said);
	remount(0);
	all_log_in("writable again");
	sound("writable again");
	printf("read-only: refused, and said so\n");
}

/* ---- shut down ---- */

/* What each has been told, in memory shared with the children. */
static struct told {
	int64_t	accepted;	/* highest counter acknowledged */
	int64_t	tried;		/* highest counter perhaps accepted */
} *told;

static void __attribute__((noreturn))
log_in_for_ever(int i)
{
	struct person *p = &people[i];
	char code[16];

	for (;;) {
		house_fresh(&house, p, 0, code);
		told[i].tried = p->next;
		if (house_login_here(&house, "login", p->name, code) !=
		    PAM_SUCCESS)
			pause();	/* the power is gone */
		told[i].accepted = p->next++;
	}
}

static void
pull_the_plug(void)
{
	uint32_t how = SHUTDOWN_NO_LOG;
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || ioctl(fd, SHUTDOWN_REQUEST, &how) != 0)
		err(99, "shutdown of %s", dir);
	close(fd);
}

static void
again(const char *device, const char *type)
{
	int tries;

	for (tries = 0; umount(dir) != 0; tries++) {
		if (errno != EBUSY || tries == 100)
			err(99, "umount %s", dir);
		(void)usleep(10000);
	}
	if (mount(device, dir, type, 0, NULL) != 0)
		err(99, "mount %s", dir);
}

static void
check_person(int i, int round)
{
	struct person *p = &people[i];
	char code[16];
	int rc;

	if (told[i].accepted >= 0) {
		house_code(&house, p, told[i].accepted, code);
		rc = house_login(&house, "login", p->name, code, NULL);
		if (rc != PAM_AUTH_ERR)
			broken("round %d: code %lld of %s, accepted before, "
			    "gave %d", round, (long long)told[i].accepted,
			    p->name, rc);
	}
	p->next = told[i].tried + 1;
	rc = login(p, 0);
	if (rc != PAM_SUCCESS)
		broken("round %d: the next code of %s gave %d", round, p->name,
		    rc);
	p->next++;
}

static void
shut_down(const char *device, const char *type, int rounds)
{
	pid_t pids[PEOPLE];
	unsigned long logins = 0;
	int round, i;

	begin();
	told = house_shared(PEOPLE * sizeof(*told));
	sync();
	for (round = 0; round < rounds; round++) {
		for (i = 0; i < PEOPLE; i++) {
			told[i].accepted = told[i].tried = people[i].next - 1;
			if ((pids[i] = fork()) < 0)
				err(99, "fork");
			if (pids[i] == 0)
				log_in_for_ever(i);
		}
		(void)usleep((useconds_t)(5000 + 7919 * round % 60000));
		if (round % 3 == 0)
			(void)house_adm(&house, NULL, "suspend", "user0",
			    "--reason", "request", NULL);
		if (round % 3 == 0)
			(void)house_adm(&house, NULL, "unlock", "user0",
			    NULL);
		pull_the_plug();
		for (i = 0; i < PEOPLE; i++) {
			kill(pids[i], SIGKILL);
			(void)house_wait(pids[i], 10000, NULL);
			logins += (unsigned long)(told[i].accepted -
			    people[i].next + 1);
		}
		again(device, type);
		(void)house_adm(&house, NULL, "unlock", "user0", NULL);
		for (i = 0; i < PEOPLE; i++)
			check_person(i, round);
		sound("after a shutdown");
	}
	printf("%d shutdowns, %lu logins: none lost\n", rounds, logins);
}

int
main(int argc, char **argv)
{
	if (argc < 3)
		errx(99, "what, and where?");
	dir = argv[2];
	if (strcmp(argv[1], "works") == 0)
		works();
	else if (strcmp(argv[1], "full") == 0)
		full();
	else if (strcmp(argv[1], "read-only") == 0)
		read_only();
	else if (strcmp(argv[1], "shutdown") == 0 && argc == 6)
		shut_down(argv[3], argv[4], atoi(argv[5]));
	else
		errx(99, "no such test: %s", argv[1]);
	return (0);
}
