/*
 * outfile.h: files that otpadm makes for the person who runs it (QR code,
 * sheet, lists of an import).  They may hold secrets: made exclusively, mode
 * 0600, no link followed, owned by the user behind sudo, and removed again
 * unless they were finished.
 */
#ifndef AKITA_CLI_OUTFILE_H
#define AKITA_CLI_OUTFILE_H

#include <stdbool.h>

#include "common/result.h"

struct akita_outfile {
	const char	*path;	/* NULL: none */
	int		 fd;	/* if made */
	bool		 is_made;
	bool		 is_kept;
};

/*
 * Could path be made?  To be asked before the first prompt.  AKITA_OK (also
 * for NULL); AKITA_ERR_EXISTS; AKITA_ERR_USAGE: its directory is missing;
 * AKITA_ERR_PERMISSION; AKITA_ERR_IO.
 */
enum akita_rc	akita_outfile_check(const char *path, struct akita_why *why)
		    AKITA_MUST_CHECK;

/* Make it, empty.  path NULL: nothing.  Results as above. */
enum akita_rc	akita_outfile_make(struct akita_outfile *file,
		    const char *path, struct akita_why *why) AKITA_MUST_CHECK;

/* Go back to the beginning, to write it anew. */
enum akita_rc	akita_outfile_rewind(struct akita_outfile *file,
		    struct akita_why *why) AKITA_MUST_CHECK;

/* What was written to file->fd is all: cut to that, fsync, close, keep. */
enum akita_rc	akita_outfile_keep(struct akita_outfile *file,
		    struct akita_why *why) AKITA_MUST_CHECK;

/* Close; remove it unless it was kept. */
void		akita_outfile_end(struct akita_outfile *file);
#define AKITA_OUTFILE_AUTO __attribute__((cleanup(akita_outfile_end)))

#endif
