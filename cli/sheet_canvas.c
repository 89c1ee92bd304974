#include "cli/sheet_canvas.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "common/utf8.h"

/* Each list starts with what a Japanese Debian has; fontconfig finds the
 * rest. */
#define FAMILY_JA	"Noto Sans CJK JP,IPAPGothic,IPAGothic,sans-serif"
#define FAMILY_EN	"Noto Sans,DejaVu Sans,sans-serif"
#define FAMILY_MONO	"DejaVu Sans Mono,Noto Sans Mono,monospace"

static const double inks[][3] = {
	[AKITA_INK_TEXT] = { 0.10, 0.10, 0.12 },
	[AKITA_INK_GREY] = { 0.42, 0.45, 0.50 },
	[AKITA_INK_PALE] = { 0.93, 0.95, 0.98 },
	[AKITA_INK_DEEP] = { 0.09, 0.23, 0.42 },
	[AKITA_INK_WHITE] = { 1.00, 1.00, 1.00 },
};

static void
dip(struct akita_canvas *canvas, enum akita_ink ink)
{
	cairo_set_source_rgb(canvas->cr, inks[ink][0], inks[ink][1],
	    inks[ink][2]);
}

static PangoLayout *
layout_new(struct akita_canvas *canvas, const struct akita_face *face)
{
	PangoLayout *layout = pango_cairo_create_layout(canvas->cr);
	PangoContext *context = pango_layout_get_context(layout);
	PangoFontDescription *font = pango_font_description_new();
	PangoAttrList *attributes = pango_attr_list_new();
	const bool is_ja = strcmp(canvas->lang, "ja") == 0;

	/* A hyphen that is put in would be read as part of a name. */
	pango_attr_list_insert(attributes,
	    pango_attr_insert_hyphens_new(FALSE));
	pango_layout_set_attributes(layout, attributes);
	pango_attr_list_unref(attributes);
	pango_context_set_language(context,
	    pango_language_from_string(canvas->lang));
	pango_font_description_set_family(font, face->is_mono ? FAMILY_MONO :
	    is_ja ? FAMILY_JA : FAMILY_EN);
	pango_font_description_set_absolute_size(font,
	    face->size * canvas->scale * PANGO_SCALE);
	pango_layout_set_font_description(layout, font);
	pango_font_description_free(font);
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_alignment(layout, face->align);
	pango_layout_set_line_spacing(layout, is_ja ? 1.25f : 1.1f);
	return layout;
}

/* Note the first character of text that is drawn as a box of its number. */
static void
note_missing(struct akita_canvas *canvas, PangoLayout *layout,
    const char *text)
{
	const char *p;
	uint32_t c;
	size_t len;

	if (canvas->missing[0] != '\0')
		return;
	for (p = text; (len = akita_utf8_next(p, &c)) > 0; p += len) {
		pango_layout_set_text(layout, p, (int)len);
		if (pango_layout_get_unknown_glyphs_count(layout) == 0)
			continue;
		memcpy(canvas->missing, p, len);
		return;
	}
	/* Known one by one, and not together: name none. */
	canvas->missing[0] = '?';
}

double
akita_canvas_text(struct akita_canvas *canvas, const struct akita_face *face,
    double x, double y, double width, const char *text)
{
	PangoLayout *layout = layout_new(canvas, face);
	int height;

	pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
	pango_layout_set_text(layout, text, -1);
	pango_layout_get_size(layout, NULL, &height);
	if (!canvas->is_dry) {
		dip(canvas, face->ink);
		cairo_move_to(canvas->cr, x, y);
		pango_cairo_show_layout(canvas->cr, layout);
	}
	if (pango_layout_get_unknown_glyphs_count(layout) > 0)
		note_missing(canvas, layout, text);
	g_object_unref(layout);
	return (double)height / PANGO_SCALE;
}

static void
outline_path(cairo_t *cr, double x, double y, double width, double height,
    double r)
{
	if (r <= 0) {
		cairo_rectangle(cr, x, y, width, height);
		return;
	}
	cairo_new_sub_path(cr);
	cairo_arc(cr, x + width - r, y + r, r, -M_PI / 2, 0);
	cairo_arc(cr, x + width - r, y + height - r, r, 0, M_PI / 2);
	cairo_arc(cr, x + r, y + height - r, r, M_PI / 2, M_PI);
	cairo_arc(cr, x + r, y + r, r, M_PI, 3 * M_PI / 2);
	cairo_close_path(cr);
}

void
akita_canvas_fill(struct akita_canvas *canvas, enum akita_ink ink, double x,
    double y, double width, double height, double radius)
{
	if (canvas->is_dry)
		return;
	dip(canvas, ink);
	outline_path(canvas->cr, x, y, width, height, radius);
	cairo_fill(canvas->cr);
}

void
akita_canvas_outline(struct akita_canvas *canvas, enum akita_ink ink, double x,
    double y, double width, double height, double radius)
{
	if (canvas->is_dry)
		return;
	dip(canvas, ink);
	cairo_set_line_width(canvas->cr, 0.75);
	outline_path(canvas->cr, x, y, width, height, radius);
	cairo_stroke(canvas->cr);
}

void
akita_canvas_qr(struct akita_canvas *canvas, const struct akita_qr *qr,
    double x, double y, double size)
{
	const unsigned int width = akita_qr_width(qr);
	const double module = size / width;
	/* Neighbours overlap a little, or viewers show hairlines there. */
	const double overlap = module / 50;
	unsigned int row, column, end;

	if (canvas->is_dry)
		return;
	cairo_set_source_rgb(canvas->cr, 0, 0, 0);
	for (row = 0; row < width; row++)
		for (column = 0; column < width; column = end + 1) {
			for (end = column; akita_qr_is_dark(qr, end, row);)
				end++;
			if (end > column)
				cairo_rectangle(canvas->cr,
				    x + column * module, y + row * module,
				    (end - column) * module + overlap,
				    module + overlap);
		}
	cairo_fill(canvas->cr);
}
