/*
 * damage.h: ways to damage a database's file, for test_damage.c.  The same
 * seed damages in the same way.
 */
#ifndef AKITA_TEST_DAMAGE_H
#define AKITA_TEST_DAMAGE_H

#include <stddef.h>
#include <stdint.h>

#define DAMAGE_KINDS	10
#define DAMAGE_MAX	(1 << 20)	/* the most bytes of a file */

extern uint8_t	whole[DAMAGE_MAX];	/* the file as it should be */
extern size_t	whole_size;
extern uint8_t	bytes[DAMAGE_MAX];	/* what is to be damaged: at first the
					   same */
extern size_t	size;
extern uint64_t	damage_seed;
extern const char *damage_path;		/* of the database */

extern const struct damage_kind {
	const char	*name;
	void		(*damage)(void);
	size_t		 share;		/* of 100 */
} damage_kinds[DAMAGE_KINDS];

size_t	damage_load(const char *path, uint8_t into[DAMAGE_MAX]);

#endif
