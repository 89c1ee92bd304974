/* model.c: see model.h. */
#include <sys/stat.h>

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model.h"

#define FILES	4096
#define NAMES	4096

struct file {
	uint64_t	 ino;
	char		*bytes;		/* durable content */
	size_t		 size;
	size_t		 live_size;
	const struct cut_record **pending;
	size_t		 n_pending, max_pending;
};

struct entry {
	char		 name[CUT_NAME];
	uint64_t	 ino;		/* 0: a directory */
};

struct model {
	struct cut_log	*log;
	uint64_t	 read;		/* bytes of the log taken in */
	struct file	 file[FILES];
	size_t		 n_files;
	struct entry	 entry[NAMES];	/* durable */
	size_t		 n_entries;
	const struct cut_record *op[NAMES];	/* pending, in order */
	size_t		 n_ops;
};

static struct model *loading;	/* nftw(3) has no argument for us */

uint64_t
cut_random(uint64_t *seed)
{
	uint64_t z = (*seed += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return (z ^ (z >> 31));
}

unsigned int
cut_pick(uint64_t *seed, unsigned int n)
{
	return ((unsigned int)(cut_random(seed) % n));
}

static struct file *
file_of(struct model *m, uint64_t ino)
{
	struct file *f;

	for (size_t i = 0; i < m->n_files; i++)
		if (m->file[i].ino == ino)
			return (&m->file[i]);
	if (m->n_files == FILES)
		errx(99, "model: too many files");
	f = &m->file[m->n_files++];
	memset(f, 0, sizeof(*f));
	f->ino = ino;
	return (f);
}

static void
entry_set(struct model *m, const char *name, uint64_t ino)
{
	size_t i;

	for (i = 0; i < m->n_entries; i++)
		if (strcmp(m->entry[i].name, name) == 0)
			break;
	if (i == NAMES)
		errx(99, "model: too many names");
	if (i == m->n_entries)
		m->n_entries++;
	snprintf(m->entry[i].name, sizeof(m->entry[i].name), "%s", name);
	m->entry[i].ino = ino;
}

static bool
entry_take(struct model *m, const char *name, uint64_t *ret_ino)
{
	for (size_t i = 0; i < m->n_entries; i++) {
		if (strcmp(m->entry[i].name, name) != 0)
			continue;
		*ret_ino = m->entry[i].ino;
		m->entry[i] = m->entry[--m->n_entries];
		return (true);
	}
	return (false);
}

static void
slurp(struct file *f, const char *path, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		err(99, "%s", path);
	f->bytes = malloc(size + 1);
	if (f->bytes == NULL || read(fd, f->bytes, size) != (ssize_t)size)
		err(99, "%s", path);
	close(fd);
	f->size = f->live_size = size;
}

static int
load_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	struct model *m = loading;
	const char *name = path + strlen(m->log->root);

	(void)ftw;
	if (*name == '\0')
		return (0);
	name++;
	if (type == FTW_D) {
		entry_set(m, name, 0);
		return (0);
	}
	entry_set(m, name, st->st_ino);
	slurp(file_of(m, st->st_ino), path, (size_t)st->st_size);
	return (0);
}

static void
forget(struct model *m)
{
	for (size_t i = 0; i < m->n_files; i++) {
		free(m->file[i].bytes);
		free(m->file[i].pending);
	}
	m->n_files = m->n_entries = m->n_ops = 0;
	m->read = 0;
}

static void
load(struct model *m)
{
	forget(m);
	m->log->used = m->log->calls = 0;
	loading = m;
	if (nftw(m->log->root, load_one, 16, FTW_PHYS) != 0)
		err(99, "%s", m->log->root);
}

struct model *
model_new(struct cut_log *log)
{
	struct model *m = calloc(1, sizeof(*m));

	if (m == NULL)
		err(99, "model");
	m->log = log;
	load(m);
	return (m);
}

void
model_free(struct model *model)
{
	if (model == NULL)
		return;
	forget(model);
	free(model);
}

static const char *
names_of(const struct cut_record *r, const char **ret_second)
{
	const char *name = (const char *)(r + 1);

	*ret_second = name + strlen(name) + 1;
	return (name);
}

static void
grow(struct file *f, size_t size)
{
	char *more;

	if (size <= f->size)
		return;
	more = realloc(f->bytes, size + 1);
	if (more == NULL)
		err(99, "model");
	memset(more + f->size, 0, size - f->size);
	f->bytes = more;
	f->size = size;
}

/* Let one pending change, or the part of it in one sector, happen. */
static void
apply(struct file *f, const struct cut_record *r, size_t from, size_t to)
{
	const char *data = (const char *)(r + 1);
	size_t a = r->offset, b = r->offset + r->len;

	if (a < from)
		a = from;
	if (b > to)
		b = to;
	if (a >= b)
		return;
	grow(f, b);
	memcpy(f->bytes + a, data + (a - r->offset), b - a);
}

static void
file_synced(struct file *f)
{
	for (size_t i = 0; i < f->n_pending; i++) {
		const struct cut_record *r = f->pending[i];

		if (r->kind == CUT_WRITE) {
			apply(f, r, 0, SIZE_MAX);
		} else {
			grow(f, r->offset);
			f->size = r->offset;
		}
	}
	f->n_pending = 0;
}

static void
file_pending(struct file *f, const struct cut_record *r)
{
	if (f->n_pending == f->max_pending) {
		f->max_pending = f->max_pending * 2 + 16;
		f->pending = realloc(f->pending,
		    f->max_pending * sizeof(*f->pending));
		if (f->pending == NULL)
			err(99, "model");
	}
	f->pending[f->n_pending++] = r;
	if (r->kind == CUT_TRUNCATE)
		f->live_size = r->offset;
	else if (r->offset + r->len > f->live_size)
		f->live_size = r->offset + r->len;
}

static void
op_apply(struct model *m, const struct cut_record *r)
{
	const char *second, *name = names_of(r, &second);
	uint64_t ino;

	switch (r->kind) {
	case CUT_CREATE:
		(void)file_of(m, r->ino);
		entry_set(m, name, r->ino);
		break;
	case CUT_MKDIR:
		entry_set(m, name, 0);
		break;
	case CUT_RENAME:
		if (entry_take(m, name, &ino))
			entry_set(m, second, ino);
		break;
	case CUT_LINK:
		entry_set(m, second, r->ino);
		break;
	default:
		(void)entry_take(m, name, &ino);
	}
}

/* The directory of a name: all up to the last slash. */
static bool
is_in(const char *name, const char *dir)
{
	const char *slash = strrchr(name, '/');
	size_t len = slash != NULL ? (size_t)(slash - name) : 0;

	return (strlen(dir) == len && strncmp(name, dir, len) == 0);
}

static void
dir_synced(struct model *m, const char *dir)
{
	size_t kept = 0;
	const char *second;

	for (size_t i = 0; i < m->n_ops; i++) {
		if (is_in(names_of(m->op[i], &second), dir))
			op_apply(m, m->op[i]);
		else
			m->op[kept++] = m->op[i];
	}
	m->n_ops = kept;
}

static void
take_in(struct model *m, const struct cut_record *r)
{
	const char *second;

	switch (r->kind) {
	case CUT_WRITE:
	case CUT_TRUNCATE:
		file_pending(file_of(m, r->ino), r);
		break;
	case CUT_FSYNC:
		file_synced(file_of(m, r->ino));
		break;
	case CUT_DIRSYNC:
		dir_synced(m, names_of(r, &second));
		break;
	default:
		if (m->n_ops == NAMES)
			errx(99, "model: too many changes of directories");
		m->op[m->n_ops++] = r;
	}
}

void
model_read(struct model *m)
{
	const char *base = (const char *)m->log + sizeof(*m->log);

	if (atomic_load(&m->log->overflow))
		errx(99, "model: the log is full");
	while (m->read < m->log->used) {
		const struct cut_record *r =
		    (const struct cut_record *)(base + m->read);

		take_in(m, r);
		m->read += r->size;
	}
}

/* One sector: as many of the pending writes that touch it as chance says. */
static void
cut_sector(struct file *f, size_t from, size_t to, enum model_keep keep, uint64_t *seed)
{
	size_t n = 0, k;

	for (size_t i = 0; i < f->n_pending; i++) {
		const struct cut_record *r = f->pending[i];

		if (r->kind == CUT_WRITE && r->offset < to &&
		    r->offset + r->len > from)
			n++;
	}
	if (n == 0)
		return;
	k = keep == KEEP_ALL ? n : cut_pick(seed, (unsigned int)n + 1);
	for (size_t i = 0; i < f->n_pending && k > 0; i++) {
		const struct cut_record *r = f->pending[i];

		if (r->kind != CUT_WRITE || r->offset >= to ||
		    r->offset + r->len <= from)
			continue;
		apply(f, r, from, to);
		k--;
	}
}

static void
cut_file(struct file *f, size_t sector, enum model_keep keep,
    uint64_t *seed)
{
	size_t was = f->size;

	if (f->n_pending == 0 || keep == KEEP_NOTHING)
		return;
	if (keep == KEEP_ALL) {
		file_synced(f);
		return;
	}
	for (size_t at = 0; at < f->live_size; at += sector)
		cut_sector(f, at, at + sector, keep, seed);
	if (cut_pick(seed, 2) == 0)
		grow(f, f->live_size);
	else if (f->size > was)
		f->size = was;
	if (f->live_size < was && cut_pick(seed, 2) == 0)
		f->size = f->live_size;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	if (ftw->level > 0 && remove(path) != 0)
		err(99, "%s", path);
	return (0);
}

static int
by_name(const void *a, const void *b)
{
	return (strcmp(((const struct entry *)a)->name,
	    ((const struct entry *)b)->name));
}

static void
write_back(struct model *m)
{
	char path[PATH_MAX];

	if (nftw(m->log->root, remove_one, 16, FTW_PHYS | FTW_DEPTH) != 0)
		err(99, "%s", m->log->root);
	qsort(m->entry, m->n_entries, sizeof(m->entry[0]), by_name);
	for (size_t i = 0; i < m->n_entries; i++) {
		const struct entry *e = &m->entry[i];
		const struct file *f;
		int fd;

		snprintf(path, sizeof(path), "%s/%s", m->log->root, e->name);
		if (e->ino == 0) {
			if (mkdir(path, 0700) != 0)
				err(99, "%s", path);
			continue;
		}
		f = file_of(m, e->ino);
		fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd < 0 || (f->size > 0 && write(fd, f->bytes, f->size) !=
		    (ssize_t)f->size))
			err(99, "%s", path);
		close(fd);
	}
}

void
model_cut(struct model *m, enum model_keep keep, uint64_t *seed)
{
	size_t n;
	enum model_keep one;

	model_read(m);
	n = keep == KEEP_NOTHING ? 0 : keep == KEEP_ALL ? m->n_ops :
	    cut_pick(seed, (unsigned int)m->n_ops + 1);
	for (size_t i = 0; i < n; i++)
		op_apply(m, m->op[i]);
	for (size_t i = 0; i < m->n_files; i++) {
		one = keep;
		if (keep == KEEP_RANDOM && cut_pick(seed, 4) == 0)
			one = cut_pick(seed, 2) == 0 ? KEEP_NOTHING : KEEP_ALL;
		cut_file(&m->file[i], m->log->sector, one, seed);
	}
	write_back(m);
	load(m);
}
