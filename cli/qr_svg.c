#include "cli/qr.h"

#include <stdarg.h>

#include "cli/fdio.h"
#include "common/secret.h"

/* Text on its way to a descriptor; wiped when done. */
struct text {
	int		fd;
	enum akita_rc	rc;	/* the first that was not AKITA_OK */
	size_t		used;
	char		buf[4096];
};

static void
text_flush(struct text *t)
{
	if (t->rc == AKITA_OK)
		t->rc = akita_fdio_write(t->fd, t->buf, t->used);
	t->used = 0;
}

static void text_add(struct text *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Add a piece of under 512 bytes. */
static void
text_add(struct text *t, const char *format, ...)
{
	va_list ap;
	int n;

	if (sizeof(t->buf) - t->used < 512)
		text_flush(t);
	va_start(ap, format);
	n = vsnprintf(t->buf + t->used, 512, format, ap);
	va_end(ap);
	if (n < 0 || n >= 512)
		t->rc = AKITA_ERR_INTERNAL;
	else
		t->used += (size_t)n;
}

/* Each run of dark modules in a row is one rectangle of the path. */
static void
add_row(struct text *t, const struct akita_qr *qr, unsigned int y)
{
	const unsigned int width = akita_qr_width(qr);
	unsigned int x, end;

	for (x = 0; x < width; x = end + 1) {
		for (end = x; akita_qr_is_dark(qr, end, y); end++)
			;
		if (end > x)
			text_add(t, "M%u %uh%uv1H%uz", x + AKITA_QR_MARGIN,
			    y + AKITA_QR_MARGIN, end - x, x + AKITA_QR_MARGIN);
	}
	text_add(t, "\n");
}

enum akita_rc
akita_qr_svg(const struct akita_qr *qr, int fd)
{
	const unsigned int side = akita_qr_width(qr) + 2 * AKITA_QR_MARGIN;
	struct text t = { .fd = fd, .rc = AKITA_OK };
	enum akita_rc rc;
	unsigned int y;

	text_add(&t, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" "
	    "width=\"%u\" height=\"%u\" viewBox=\"0 0 %u %u\" "
	    "shape-rendering=\"crispEdges\">\n", 8 * side, 8 * side, side,
	    side);
	text_add(&t, "<path fill=\"#fff\" d=\"M0 0h%uv%uH0z\"/>\n"
	    "<path fill=\"#000\" d=\"", side, side);
	for (y = 0; y < akita_qr_width(qr); y++)
		add_row(&t, qr, y);
	text_add(&t, "\"/>\n</svg>\n");
	text_flush(&t);
	rc = t.rc;
	AKITA_WIPE_OBJECT(t);
	return rc;
}
