/*
 * trust.h (rank 2): files are judged by their open descriptor before a byte
 * of them is believed.
 *
 * The rules:
 *  - a file MUST be a regular file; its last component MUST NOT be a symbolic
 *    link; it MUST be owned by root or the effective user and MUST NOT be
 *    writable by group or others;
 *  - each directory above it, up to the root, MUST be owned by root or the
 *    effective user and MUST NOT be writable by group or others, unless it is
 *    sticky and root owns it;
 *  - a directory above it MAY be reached through a symbolic link (/var/run) if
 *    root or the effective user owns that link; what it leads to is walked and
 *    judged in its place, component by component;
 *  - where the policy says root_only, "root or the effective user" is root;
 *  - where the policy says is_private, neither group nor others have any bit of
 *    the file's mode (of a judged directory: of that directory's own).
 *
 * Nothing is looked at twice by name: each component is opened below the
 * descriptor of the one before it.  No allocation, stdio, signal, lock, or
 * change of umask or working directory.  A relative path starts from the
 * working directory, which is itself judged from the root down.
 *
 * Results common to all functions here:
 *  AKITA_OK
 *  AKITA_ERR_MISSING	the file or a directory above it does not exist
 *  AKITA_ERR_REFUSED	a rule is broken; why names path, fact and remedy
 *  AKITA_ERR_PERMISSION	the system does not let us
 *  AKITA_ERR_EXISTS	O_CREAT|O_EXCL and something is there
 *  AKITA_ERR_USAGE	path NULL, empty or longer than PATH_MAX
 *  AKITA_ERR_IO	any other error of the system (EIO, EMFILE, EROFS, ...)
 * Only AKITA_OK sets *ret_fd, which the caller then closes (close-on-exec is
 * set); every other result fills why with a sentence that names the path.
 */
#ifndef AKITA_TRUST_H
#define AKITA_TRUST_H

#include <stdbool.h>

#include "common/result.h"

struct akita_trust {
	bool	root_only;	/* the effective user is not enough */
	bool	is_private;	/* no rights at all for group and others */
};

/*
 * Open the file at path and judge it and the directories above.  flags are
 * those of open(2): O_RDONLY, O_WRONLY or O_RDWR with any of O_APPEND, O_CREAT,
 * O_EXCL, O_SYNC, O_DSYNC; O_NOFOLLOW, O_CLOEXEC, O_NONBLOCK and O_NOCTTY are
 * added, O_TRUNC is refused (AKITA_ERR_USAGE).  A file made by O_CREAT has mode
 * 0600 whatever the umask; whether it was made is not told: ask O_EXCL.
 */
enum akita_rc	akita_trust_open(const char *path, int flags,
		    const struct akita_trust *policy, int *ret_fd,
		    struct akita_why *why) AKITA_MUST_CHECK;

/*
 * Open the directory at path (O_RDONLY|O_DIRECTORY: it can be fsynced) and
 * judge it and those above.  Its last component may be a link like any other.
 */
enum akita_rc	akita_trust_open_dir(const char *path,
		    const struct akita_trust *policy, int *ret_fd,
		    struct akita_why *why) AKITA_MUST_CHECK;

/*
 * As akita_trust_open for the file name (one component) in a directory that
 * was judged already and is open as dir_fd: no walk.  dir_path, the
 * directory's name, is only for why.
 */
enum akita_rc	akita_trust_open_at(int dir_fd, const char *dir_path,
		    const char *name, int flags,
		    const struct akita_trust *policy, int *ret_fd,
		    struct akita_why *why) AKITA_MUST_CHECK;

/*
 * As akita_trust_open_dir for the directory that holds path: what has to be
 * fsynced after path was made or renamed.  is_private is not asked of it.
 */
enum akita_rc	akita_trust_open_parent(const char *path,
		    const struct akita_trust *policy, int *ret_fd,
		    struct akita_why *why) AKITA_MUST_CHECK;

/* Judge an open file, an open directory; path is only for why. */
enum akita_rc	akita_trust_judge(int fd, const char *path,
		    const struct akita_trust *policy, struct akita_why *why)
		    AKITA_MUST_CHECK;
enum akita_rc	akita_trust_judge_dir(int fd, const char *path,
		    const struct akita_trust *policy, struct akita_why *why)
		    AKITA_MUST_CHECK;

/*
 * Read all of fd, from its beginning, into buf.  *ret_len is at most size - 1,
 * and a NUL follows.  AKITA_ERR_MALFORMED: it is longer than that.
 */
enum akita_rc	akita_trust_read(int fd, const char *path, void *buf,
		    size_t size, size_t *ret_len, struct akita_why *why)
		    AKITA_MUST_CHECK;

/* The English words for an errno value, whatever the locale; never NULL. */
const char	*akita_trust_errno(int err);

#endif
