/* libpng, loaded when a picture is asked for (lazy.h, qr.h). */
#include <png.h>

#include "cli/lazy.h"

#define LAZY(type, name, params, args) \
    AKITA_LAZY(AKITA_LAZY_PNG, type, name, params, args)

LAZY(png_structp, png_create_write_struct_2, (png_const_charp version,
    png_voidp error_ptr, png_error_ptr error_fn, png_error_ptr warn_fn,
    png_voidp mem_ptr, png_malloc_ptr malloc_fn, png_free_ptr free_fn),
    (version, error_ptr, error_fn, warn_fn, mem_ptr, malloc_fn, free_fn))
LAZY(png_infop, png_create_info_struct, (png_const_structrp png), (png))
LAZY(void, png_destroy_write_struct, (png_structpp png_ptr,
    png_infopp info_ptr), (png_ptr, info_ptr))
LAZY(png_voidp, png_get_io_ptr, (png_const_structrp png), (png))
LAZY(jmp_buf *, png_set_longjmp_fn, (png_structrp png,
    png_longjmp_ptr longjmp_fn, size_t size), (png, longjmp_fn, size))
LAZY(void, png_set_write_fn, (png_structrp png, png_voidp io_ptr,
    png_rw_ptr write_fn, png_flush_ptr flush_fn),
    (png, io_ptr, write_fn, flush_fn))
LAZY(void, png_set_IHDR, (png_const_structrp png, png_inforp info,
    png_uint_32 width, png_uint_32 height, int bit_depth, int color_type,
    int interlace, int compression, int filter),
    (png, info, width, height, bit_depth, color_type, interlace, compression,
    filter))
LAZY(void, png_write_info, (png_structrp png, png_const_inforp info),
    (png, info))
LAZY(void, png_write_row, (png_structrp png, png_const_bytep row), (png, row))
LAZY(void, png_write_end, (png_structrp png, png_inforp info), (png, info))

/* These two do not come back. */

void
png_error(png_const_structrp png, png_const_charp message)
{
	void (*function)(png_const_structrp, png_const_charp);

	*(void **)&function = akita_lazy_symbol(AKITA_LAZY_PNG, "png_error");
	function(png, message);
	__builtin_unreachable();
}

void
png_longjmp(png_const_structrp png, int value)
{
	void (*function)(png_const_structrp, int);

	*(void **)&function = akita_lazy_symbol(AKITA_LAZY_PNG, "png_longjmp");
	function(png, value);
	__builtin_unreachable();
}
