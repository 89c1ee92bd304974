/*
 * model.h: what a disk holds after a loss of power.
 *
 * A file's writes since its last fsync are pending; a loss of power keeps, for
 * each sector (512 bytes, or fewer to be harsher) on its own, any number of the
 * first of them (the kernel may write a page back at any time).  A directory's
 * changes since its last fsync are pending; any number of the first of them are
 * kept.  Growth of a file is kept or not.  Nothing else is assumed: a new
 * file's name needs the fsync of its directory, a rename may arrive before the
 * data.
 */
#ifndef AKITA_TEST_MODEL_H
#define AKITA_TEST_MODEL_H

#include "cut.h"

struct model;

/* Everything below log->root as it lies there now is durable. */
struct model	*model_new(struct cut_log *log);
void		 model_free(struct model *model);
/* Take in what the log has that was not taken in before. */
void		 model_read(struct model *model);
/* How much of what is pending survives. */
enum model_keep { KEEP_NOTHING, KEEP_ALL, KEEP_RANDOM };
/* Replace what lies below the root by what a loss of power leaves, empty the
 * log, and start again from there. */
void		 model_cut(struct model *model, enum model_keep keep,
		    uint64_t *seed);

/* A small generator of pseudo-random numbers, so that a seed names a history. */
uint64_t	 cut_random(uint64_t *seed);
unsigned int	 cut_pick(uint64_t *seed, unsigned int n);	/* 0 to n-1 */

#endif
