/* `otpadm init`. */
#include "common/admin_int.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum akita_rc
absent(const char *path, const char *suffix, struct akita_why *why)
{
	char full[PATH_MAX];
	struct stat st;

	if (strlen(path) + strlen(suffix) >= sizeof(full))
		return akita_fail(why, AKITA_ERR_SETTINGS,
		    AKITA_N("The path %s is too long."), path, NULL);
	(void)stpcpy(stpcpy(full, path), suffix);
	if (lstat(full, &st) == 0)
		return akita_fail(why, AKITA_ERR_EXISTS, AKITA_N("%s exists "
		    "already. Nothing was changed; to start anew, move it "
		    "away first."), full, NULL);
	if (errno == ENOENT)
		return AKITA_OK;
	return akita_fail(why, errno == EACCES ? AKITA_ERR_PERMISSION :
	    AKITA_ERR_IO, AKITA_N("%s cannot be looked at (%s)."), full,
	    akita_trust_errno(errno), NULL);
}

/* Make one directory with exactly this mode; one that is there stays as it
 * is. */
static enum akita_rc
make_dir(const char *path, mode_t mode, struct akita_why *why)
{
	if (mkdir(path, mode) == 0) {
		if (chmod(path, mode) == 0)
			return AKITA_OK;
	} else if (errno == EEXIST) {
		return AKITA_OK;
	}
	return akita_fail(why, errno == EACCES || errno == EPERM ?
	    AKITA_ERR_PERMISSION : AKITA_ERR_IO,
	    AKITA_N("The directory %s cannot be made (%s)."), path,
	    akita_trust_errno(errno), NULL);
}

/* The directory that holds file, and those above it, which others may read;
 * then all of them are judged. */
static enum akita_rc
make_dir_of(const char *file, mode_t mode, const struct akita_trust *trust,
    struct akita_why *why)
{
	char path[PATH_MAX];
	struct akita_trust policy = *trust;
	enum akita_rc rc = AKITA_OK;
	char *last, *p;
	int fd = -1;

	policy.is_private = false;
	if (strlen(file) >= sizeof(path) || file[0] != '/')
		return akita_fail(why, AKITA_ERR_SETTINGS,
		    AKITA_N("%s is no absolute path."), file, NULL);
	(void)stpcpy(path, file);
	last = strrchr(path, '/');
	*last = '\0';
	for (p = strchr(path + 1, '/'); path[0] != '\0' && p != NULL &&
	    rc == AKITA_OK; p = strchr(p + 1, '/')) {
		*p = '\0';
		rc = make_dir(path, 0755, why);
		*p = '/';
	}
	if (rc == AKITA_OK && path[0] != '\0')
		rc = make_dir(path, mode, why);
	if (rc == AKITA_OK)
		rc = akita_trust_open_parent(file, &policy, &fd, why);
	if (fd >= 0)
		(void)close(fd);
	return rc;
}

static enum akita_rc
make_dirs(const struct akita_site *site, struct akita_why *why)
{
	const struct akita_settings *s = site->settings;
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	rc = make_dir_of(s->key_file, 0755, &site->trust, why);
	if (rc == AKITA_OK)
		rc = make_dir_of(s->database, 0700, &site->trust, why);
	if (rc == AKITA_OK)
		rc = make_dir_of(s->audit_file, 0700, &site->trust, why);
	return rc;
}

/* The log's first record says who made the installation. */
static enum akita_rc
record_init(struct akita_site *site, const struct akita_request *req,
    struct akita_why *why)
{
	const char *path = site->settings->audit_file;
	struct akita_audit_record record = {
		.time_s = akita_admin_now(site),
		.actor = req->actor,
		.event = "init",
		.note = req->note,
	};
	struct akita_audit_head head = { .number = 0 };
	char body[AKITA_AUDIT_BODY], line[AKITA_AUDIT_LINE];
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	rc = akita_audit_compose(&record, body, why);
	if (rc == AKITA_OK)
		rc = akita_audit_tail(path, &site->trust, &head, why);
	if (rc == AKITA_OK)
		rc = akita_audit_finish(site->ring, site->crypto, &head, body,
		    line, &head, why);
	if (rc == AKITA_OK)
		rc = akita_audit_append(path, &site->trust, line, why);
	return rc;
}

enum akita_rc
akita_admin_init(struct akita_site *site, const struct akita_request *req,
    struct akita_why *why)
{
	static const char *const suffixes[] = { "", ".lock", ".journal" };
	const struct akita_settings *s = site->settings;
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	bool has_key = false;
	size_t i;

	rc = absent(s->key_file, "", why);
	for (i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]) &&
	    rc == AKITA_OK; i++)
		rc = absent(s->database, suffixes[i], why);
	if (rc == AKITA_OK)
		rc = make_dirs(site, why);
	if (rc == AKITA_OK)
		rc = akita_crypto_new(&site->crypto);
	if (rc == AKITA_OK)
		rc = akita_keyring_create(s->key_file, &site->trust,
		    site->crypto, site->random, why);
	has_key = rc == AKITA_OK;
	if (rc == AKITA_OK)
		rc = akita_site_open(site, why);
	if (rc == AKITA_OK)
		rc = akita_store_create(site->store, why);
	if (rc != AKITA_OK && has_key)
		(void)unlink(s->key_file);	/* ours, and of no use */
	if (rc == AKITA_OK)
		rc = record_init(site, req, why);
	return rc;
}
