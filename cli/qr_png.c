#include "cli/qr.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <png.h>

#include "cli/fdio.h"
#include "common/secret.h"

#define SCALE		8	/* pixels a module */
#define ROW_MAX		((177 + 2 * AKITA_QR_MARGIN) * SCALE / 8)

/* What the callbacks of libpng share. */
struct picture {
	int		fd;
	enum akita_rc	rc;	/* why libpng gave up */
};

/* libpng's memory holds the picture too: blocks that know their size and are
 * wiped when they are freed. */
union block {
	size_t		size;
	max_align_t	align;
};

static png_voidp
block_new(png_structp png, png_alloc_size_t size)
{
	union block *block;

	(void)png;
	if (size > SIZE_MAX - sizeof(*block))
		return NULL;
	block = malloc(sizeof(*block) + size);
	if (block == NULL)
		return NULL;
	block->size = size;
	return block + 1;
}

static void
block_free(png_structp png, png_voidp data)
{
	union block *block = data;

	(void)png;
	if (block == NULL)
		return;
	block--;
	akita_wipe(block, sizeof(*block) + block->size);
	free(block);
}

static void
on_error(png_structp png, png_const_charp message)
{
	(void)message;
	png_longjmp(png, 1);
}

static void
on_warning(png_structp png, png_const_charp message)
{
	(void)png;
	(void)message;
}

static void
on_write(png_structp png, png_bytep data, size_t len)
{
	struct picture *picture = png_get_io_ptr(png);

	picture->rc = akita_fdio_write(picture->fd, data, len);
	if (picture->rc != AKITA_OK)
		png_error(png, "");
	/* What goes wrong from here on is libpng's. */
	picture->rc = AKITA_ERR_NOMEM;
}

static void
on_flush(png_structp png)
{
	(void)png;
}

/* A row of pixels, one bit each, for the row y of modules; white is 1. */
static void
fill_row(const struct akita_qr *qr, unsigned int y, uint8_t row[ROW_MAX])
{
	const unsigned int side = akita_qr_width(qr) + 2 * AKITA_QR_MARGIN;
	unsigned int x;

	_Static_assert(SCALE == 8, "a module is one byte of a row");
	for (x = 0; x < side; x++)
		row[x] = akita_qr_is_dark(qr, x - AKITA_QR_MARGIN,
		    y - AKITA_QR_MARGIN) ? 0x00 : 0xff;
}

/* All of the file; libpng leaves by longjmp on errors. */
static void
write_picture(png_structp png, png_infop info, const struct akita_qr *qr,
    uint8_t row[ROW_MAX])
{
	const unsigned int side = akita_qr_width(qr) + 2 * AKITA_QR_MARGIN;
	unsigned int y, i;

	png_set_IHDR(png, info, side * SCALE, side * SCALE, 1,
	    PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE,
	    PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_write_info(png, info);
	for (y = 0; y < side; y++) {
		fill_row(qr, y, row);
		for (i = 0; i < SCALE; i++)
			png_write_row(png, row);
	}
	png_write_end(png, info);
}

enum akita_rc
akita_qr_png(const struct akita_qr *qr, int fd)
{
	/* Not in registers: they are read after a longjmp. */
	struct picture picture = { .fd = fd, .rc = AKITA_ERR_NOMEM };
	png_infop volatile info = NULL;
	png_infop freed = NULL;
	png_structp png = NULL;
	uint8_t row[ROW_MAX];

	png = png_create_write_struct_2(PNG_LIBPNG_VER_STRING, NULL, on_error,
	    on_warning, NULL, block_new, block_free);
	if (png == NULL)
		return AKITA_ERR_NOMEM;
	if (setjmp(png_jmpbuf(png)) != 0)
		goto out;
	info = png_create_info_struct(png);
	if (info == NULL)
		goto out;
	png_set_write_fn(png, &picture, on_write, on_flush);
	write_picture(png, info, qr, row);
	picture.rc = AKITA_OK;
out:
	freed = info;
	png_destroy_write_struct(&png, &freed);
	AKITA_WIPE_OBJECT(row);
	return picture.rc;
}
