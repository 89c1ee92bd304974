#include "common/trust.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/trust_rules.h"

#define LINKS_MAX	16	/* symbolic links followed in one path */

/* A path being walked, one component at a time. */
struct walk {
	const struct akita_trust *policy;
	struct akita_why	*why;
	int			 fd;		/* the directory reached */
	unsigned int		 links;
	char			 seen[PATH_MAX];	/* its name */
	char			 rest[PATH_MAX];	/* still to go */
};

static enum akita_rc
bad_path(struct akita_why *why, const char *path)
{
	return akita_fail(why, AKITA_ERR_USAGE,
	    AKITA_N("\"%s\" is no path of a file: it is empty, too long, or "
	    "wrong here"), path != NULL ? path : "", NULL);
}

/* Put fd in the place of the directory reached. */
static void
reach(struct walk *w, int fd)
{
	if (w->fd >= 0)
		(void)close(w->fd);
	w->fd = fd;
}

static enum akita_rc
reach_root(struct walk *w)
{
	struct stat st;
	int fd;

	fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return akita_trust_failed(w->why, "/", errno);
	reach(w, fd);
	(void)strcpy(w->seen, "/");
	if (fstat(fd, &st) != 0)
		return akita_trust_failed(w->why, "/", errno);
	return akita_trust_judge_above(&st, w->seen, w->policy, w->why);
}

/* Add one component to the name of the directory reached; false: too long. */
static bool
seen_add(struct walk *w, const char *name)
{
	size_t len = strlen(w->seen);
	size_t name_len = strlen(name);
	char *slash;

	if (strcmp(name, "..") == 0) {
		slash = strrchr(w->seen, '/');
		slash[slash == w->seen] = '\0';
		return true;
	}
	if (len > 1)
		w->seen[len++] = '/';
	if (len + name_len >= sizeof(w->seen)) {
		w->seen[len] = '\0';
		return false;
	}
	memcpy(w->seen + len, name, name_len + 1);
	return true;
}

/* The next component of rest, cut off it; NULL: none is left. */
static char *
next_component(struct walk *w, char name[NAME_MAX + 1], bool *ret_is_last)
{
	char *start = w->rest + strspn(w->rest, "/");
	size_t len = strcspn(start, "/");
	char *after = start + len;

	if (len == 0 || len > NAME_MAX)
		return NULL;
	memcpy(name, start, len);
	name[len] = '\0';
	*ret_is_last = after[strspn(after, "/")] == '\0';
	return after;
}

/* Put what the symbolic link open as fd leads to before the rest. */
static enum akita_rc
follow(struct walk *w, int fd)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	char target[PATH_MAX];
	struct stat st;
	ssize_t got;
	size_t len, rest_len = strlen(w->rest);

	if (fstat(fd, &st) != 0)
		return akita_trust_failed(w->why, w->seen, errno);
	if (!S_ISLNK(st.st_mode))
		return akita_trust_judge_above(&st, w->seen, w->policy, w->why);
	rc = akita_trust_judge_owner(&st, w->seen, w->policy, w->why);
	if (rc != AKITA_OK)
		return rc;
	if ((got = readlinkat(fd, "", target, sizeof(target))) < 0)
		return akita_trust_failed(w->why, w->seen, errno);
	len = (size_t)got;
	if (++w->links > LINKS_MAX || len + 1 + rest_len >= sizeof(w->rest))
		return akita_fail(w->why, AKITA_ERR_REFUSED,
		    AKITA_N("%s: too many symbolic links, or too long a path"),
		    w->seen, NULL);
	memmove(w->rest + len + 1, w->rest, rest_len + 1);
	memcpy(w->rest, target, len);
	w->rest[len] = '/';
	if (len > 0 && target[0] == '/')
		return reach_root(w);
	(void)seen_add(w, "..");
	return AKITA_OK;
}

/* Go one component down (or, with "..", up): judge where that leads. */
static enum akita_rc
step(struct walk *w, const char *name)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	struct stat st;
	int fd = -1;

	if (strcmp(name, ".") == 0)
		return AKITA_OK;
	if (!seen_add(w, name))
		return akita_trust_failed(w->why, w->seen, ENAMETOOLONG);
	/* O_DIRECTORY, although fstat would tell: only so is an automounted
	 * directory mounted. */
	fd = openat(w->fd, name,
	    O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0) {
		reach(w, fd);
		if (fstat(fd, &st) != 0)
			return akita_trust_failed(w->why, w->seen, errno);
		return akita_trust_judge_above(&st, w->seen, w->policy, w->why);
	}
	if (errno != ENOTDIR && errno != ELOOP)
		return akita_trust_failed(w->why, w->seen, errno);
	fd = openat(w->fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return akita_trust_failed(w->why, w->seen, errno);
	rc = follow(w, fd);
	(void)close(fd);
	return rc;
}

/* Start at the root; a relative path continues from the working directory.
 * The names in w are not cleared: they are large, and a login walks thrice. */
static enum akita_rc
walk_start(struct walk *w, const char *path, const struct akita_trust *policy,
    struct akita_why *why)
{
	size_t len = 0, path_len;

	w->policy = policy;
	w->why = why;
	w->fd = -1;
	w->links = 0;
	if (path == NULL || path[0] == '\0')
		return bad_path(w->why, path);
	if (path[0] != '/') {
		if (getcwd(w->rest, sizeof(w->rest)) == NULL)
			return akita_trust_failed(w->why, path, errno);
		len = strlen(w->rest);
		if (len + 1 < sizeof(w->rest))
			w->rest[len++] = '/';
	}
	path_len = strlen(path);
	if (len + path_len >= sizeof(w->rest))
		return bad_path(w->why, path);
	memcpy(w->rest + len, path, path_len + 1);
	return reach_root(w);
}

/*
 * Walk the path: all of it, or (last not NULL) all but its last component,
 * which is put into last.
 */
static enum akita_rc
walk_path(struct walk *w, const char *path, const struct akita_trust *policy,
    char last[NAME_MAX + 1], struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	char name[NAME_MAX + 1];
	char *after;
	bool is_last;

	if ((rc = walk_start(w, path, policy, why)) != AKITA_OK)
		return rc;
	while ((after = next_component(w, name, &is_last)) != NULL) {
		if (is_last && last != NULL) {
			if (*after != '\0' || strcmp(name, ".") == 0 ||
			    strcmp(name, "..") == 0)
				return akita_trust_failed(w->why, path, EISDIR);
			(void)strcpy(last, name);
			return AKITA_OK;
		}
		memmove(w->rest, after, strlen(after) + 1);
		if ((rc = step(w, name)) != AKITA_OK)
			return rc;
	}
	if (w->rest[strspn(w->rest, "/")] != '\0')
		return akita_trust_failed(w->why, path, ENAMETOOLONG);
	if (last != NULL)
		return akita_trust_failed(w->why, path, EISDIR);
	return AKITA_OK;
}

/* openat(2); a file that it makes has mode 0600 whatever the umask. */
static int
open_made(int dir_fd, const char *name, int flags)
{
	int fd, err;

	fd = openat(dir_fd, name, flags | O_CREAT | O_EXCL, 0600);
	if (fd >= 0 && fchmod(fd, 0600) != 0) {
		err = errno;
		(void)unlinkat(dir_fd, name, 0);
		(void)close(fd);
		errno = err;
		return -1;
	}
	return fd;
}

static int
open_flags(int dir_fd, const char *name, int flags)
{
	int fd;

	flags |= O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	if ((flags & O_CREAT) == 0)
		return openat(dir_fd, name, flags);
	if ((flags & O_EXCL) != 0)
		return open_made(dir_fd, name, flags);
	flags &= ~O_CREAT;
	fd = openat(dir_fd, name, flags);
	if (fd >= 0 || errno != ENOENT)
		return fd;
	fd = open_made(dir_fd, name, flags);
	if (fd >= 0 || errno != EEXIST)
		return fd;
	/* Somebody made it in between. */
	return openat(dir_fd, name, flags);
}

/* Open name below dir_fd and judge it; path is its whole name. */
static enum akita_rc
open_judged(int dir_fd, const char *name, const char *path, int flags,
    const struct akita_trust *policy, int *ret_fd, struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	int fd;

	if ((flags & (O_TRUNC | O_DIRECTORY | O_PATH)) != 0)
		return bad_path(why, path);
	fd = open_flags(dir_fd, name, flags);
	if (fd < 0)
		return akita_trust_failed(why, path, errno);
	rc = akita_trust_judge(fd, path, policy, why);
	if (rc != AKITA_OK) {
		(void)close(fd);
		return rc;
	}
	*ret_fd = fd;
	return AKITA_OK;
}

enum akita_rc
akita_trust_open_at(int dir_fd, const char *dir_path, const char *name,
    int flags, const struct akita_trust *policy, int *ret_fd,
    struct akita_why *why)
{
	char path[PATH_MAX];
	int len;

	if (name == NULL || name[0] == '\0' || strchr(name, '/') != NULL)
		return bad_path(why, name);
	len = snprintf(path, sizeof(path), "%s/%s", dir_path, name);
	if (len < 0 || (size_t)len >= sizeof(path))
		return bad_path(why, name);
	return open_judged(dir_fd, name, path, flags, policy, ret_fd, why);
}

enum akita_rc
akita_trust_open(const char *path, int flags, const struct akita_trust *policy,
    int *ret_fd, struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	struct walk w;
	char name[NAME_MAX + 1];

	rc = walk_path(&w, path, policy, name, why);
	if (rc == AKITA_OK)
		rc = open_judged(w.fd, name, path, flags, policy, ret_fd, why);
	reach(&w, -1);
	return rc;
}

/* Walk to a directory and open it so that it can be read and fsynced. */
static enum akita_rc
open_dir(const char *path, char last[NAME_MAX + 1],
    const struct akita_trust *policy, int *ret_fd, struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	struct walk w;
	int fd;

	rc = walk_path(&w, path, policy, last, why);
	if (rc == AKITA_OK && last == NULL)
		rc = akita_trust_judge_dir(w.fd, path, policy, why);
	if (rc != AKITA_OK)
		goto out;
	fd = openat(w.fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		rc = akita_trust_failed(why, w.seen, errno);
	else
		*ret_fd = fd;
out:
	reach(&w, -1);
	return rc;
}

enum akita_rc
akita_trust_open_dir(const char *path, const struct akita_trust *policy,
    int *ret_fd, struct akita_why *why)
{
	return open_dir(path, NULL, policy, ret_fd, why);
}

enum akita_rc
akita_trust_open_parent(const char *path, const struct akita_trust *policy,
    int *ret_fd, struct akita_why *why)
{
	char name[NAME_MAX + 1];

	return open_dir(path, name, policy, ret_fd, why);
}
