/*
 * secret.h (rank 0): the two types that hold secrets.
 *
 * Rules: a secret lives in one of these types only; it is declared with
 * AKITA_SECRET_AUTO or AKITA_ANSWER_AUTO (or inside a struct which has an
 * auto-wiping declaration of its own); it is never realloc'd, printed, put in
 * argv or an environment, or compared with memcmp (use akita_equal).
 */
#ifndef AKITA_SECRET_H
#define AKITA_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AKITA_KEY_MAX		64	/* bytes of an OTP key */
#define AKITA_ANSWER_MAX	512	/* bytes a person may type at a prompt */

/* Raw key material. */
struct akita_secret {
	uint8_t	bytes[AKITA_KEY_MAX];
	size_t	len;
};

/* Something typed by a person: a code, a password; always NUL-terminated. */
struct akita_answer {
	char	text[AKITA_ANSWER_MAX + 1];
	size_t	len;
};

/* Overwrite len bytes so that the compiler cannot leave it out. */
void	akita_wipe(void *p, size_t len);
void	akita_secret_wipe(struct akita_secret *s);
void	akita_answer_wipe(struct akita_answer *a);

#define AKITA_SECRET_AUTO __attribute__((cleanup(akita_secret_wipe)))
#define AKITA_ANSWER_AUTO __attribute__((cleanup(akita_answer_wipe)))

/* Wipe an object (not a pointer) in place. */
#define AKITA_WIPE_OBJECT(obj) akita_wipe(&(obj), sizeof(obj))

/*
 * Copy a C string into *a; longer than AKITA_ANSWER_MAX: *a becomes empty and
 * false comes back.  text may be NULL (false).
 */
bool	akita_answer_set(struct akita_answer *a, const char *text);

/* Equal in constant time for a given len. */
bool	akita_equal(const void *a, const void *b, size_t len);

#endif
