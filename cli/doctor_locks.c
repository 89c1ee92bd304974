/* Who holds a lock on the database for so long that others are refused? */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/doctor.h"

#define LOOKS		3	/* a lock seen each time is no passing one */
#define PAUSE_MS	100
#define PATH_SIZE	600	/* two names below /proc */

/* One look at all processes: those that hold a lock of the file, as
 * "1234 (sshd)". */
struct holders {
	struct stat	file;
	char		text[AKITA_WHY_ARG_SIZE];
	size_t		used;
};

/* fdinfo of a descriptor has a line "lock:" for each lock held through it. */
static bool
has_lock(int proc_fd, const char *pid, const char *fd)
{
	char path[PATH_SIZE], line[256];
	bool found = false;
	FILE *in;
	int info;

	(void)snprintf(path, sizeof(path), "%s/fdinfo/%s", pid, fd);
	if ((info = openat(proc_fd, path, O_RDONLY | O_CLOEXEC)) == -1)
		return false;
	if ((in = fdopen(info, "r")) == NULL) {
		(void)close(info);
		return false;
	}
	while (!found && fgets(line, sizeof(line), in) != NULL)
		found = strncmp(line, "lock:", 5) == 0;
	(void)fclose(in);
	return found;
}

static void
read_name(int proc_fd, const char *pid, char *ret, size_t size)
{
	char path[PATH_SIZE];
	ssize_t n = 0;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/comm", pid);
	if ((fd = openat(proc_fd, path, O_RDONLY | O_CLOEXEC)) != -1) {
		n = read(fd, ret, size - 1);
		(void)close(fd);
	}
	ret[n > 0 ? n : 0] = '\0';
	ret[strcspn(ret, "\n")] = '\0';
}

static void
look_at_process(struct holders *h, int proc_fd, const char *pid)
{
	char path[PATH_SIZE], name[64];
	const struct dirent *entry;
	struct stat st;
	DIR *dir;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/fd", pid);
	fd = openat(proc_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return;
	if ((dir = fdopendir(fd)) == NULL) {
		(void)close(fd);
		return;
	}
	while ((entry = readdir(dir)) != NULL) {
		if (fstatat(fd, entry->d_name, &st, 0) != 0 ||
		    st.st_ino != h->file.st_ino ||
		    st.st_dev != h->file.st_dev ||
		    !has_lock(proc_fd, pid, entry->d_name))
			continue;
		read_name(proc_fd, pid, name, sizeof(name));
		if (h->used < sizeof(h->text))
			h->used += (size_t)snprintf(h->text + h->used,
			    sizeof(h->text) - h->used, "%s%s (%s)",
			    h->used > 0 ? ", " : "", pid, name);
		break;
	}
	(void)closedir(dir);
}

static void
look_at_all(struct holders *h)
{
	const struct dirent *entry;
	DIR *proc = opendir("/proc");

	h->used = 0;
	h->text[0] = '\0';
	if (proc == NULL)
		return;
	while ((entry = readdir(proc)) != NULL)
		if (isdigit((unsigned char)entry->d_name[0]))
			look_at_process(h, dirfd(proc), entry->d_name);
	(void)closedir(proc);
}

enum akita_rc
akita_doctor_locks(struct akita_cli *cli, struct akita_why *why)
{
	const struct akita_clock *clock = cli->site.clock;
	struct holders h = { 0 };
	char path[PATH_MAX];
	int i;

	(void)snprintf(path, sizeof(path), "%s.lock",
	    cli->site.settings->database);
	if (stat(path, &h.file) != 0)
		return akita_fail(why, AKITA_ERR_DATABASE, AKITA_N("%s is "
		    "missing; otpadm init makes it with a new database"),
		    path, NULL);
	for (i = 0; i < LOOKS; i++) {
		if (i > 0)
			clock->sleep_ms(clock->ctx, PAUSE_MS);
		look_at_all(&h);
		if (h.used == 0)
			return AKITA_OK;
	}
	return akita_fail(why, AKITA_ERR_PARTIAL, AKITA_N("locks are held for "
	    "long by: %s; if it is stopped, let it go on or end it"), h.text,
	    NULL);
}
