#include "cli/sheet_page.h"

#include <stdio.h>
#include <string.h>

#include "common/words.h"

#define MM		(72 / 25.4)
#define MARGIN_X	(18 * MM)
#define MARGIN_TOP	(15 * MM)
#define MARGIN_BOTTOM	(14 * MM)
#define LEFT		MARGIN_X
#define WIDTH		(AKITA_PAGE_WIDTH - 2 * MARGIN_X)
#define PAD		8.0		/* between a box and its text */
#define TITLE	AKITA_N("Your token for one-time passwords")

/* The dark part of the QR code: at least 45 mm, and 0.65 mm a module. */
#define QR_SIZE_MIN	(45 * MM)
#define QR_MODULE_MIN	(0.65 * MM)

struct page {
	struct akita_canvas	 *canvas;
	const struct akita_sheet *sheet;
	const struct akita_qr	 *qr;
	enum akita_lang		  lang;
	double			  gap;
	double			  y;	/* where the next part begins */
};

static const struct akita_face body = { 9.6, AKITA_INK_TEXT,
	PANGO_ALIGN_LEFT, false };
static const struct akita_face small = { 8.6, AKITA_INK_GREY,
	PANGO_ALIGN_LEFT, false };
static const struct akita_face heading = { 11.0, AKITA_INK_DEEP,
	PANGO_ALIGN_LEFT, false };

#define SAY_SIZE	2048

/* A sentence in the sheet's language with up to three short arguments. */
static const char *
say(const struct page *page, char buf[SAY_SIZE], const char *msgid,
    const char *a, const char *b, const char *c)
{
	struct akita_why why = { 0 };

	(void)akita_fail(&why, AKITA_OK, msgid, a, b, c, NULL);
	return akita_why_text(&why, akita_words_for(page->lang), buf,
	    SAY_SIZE);
}

static const char *
number(unsigned int n, char buf[16])
{
	(void)snprintf(buf, 16, "%u", n);
	return buf;
}

static bool
is_set(const char *text)
{
	return text != NULL && *text != '\0';
}

const char *
akita_sheet_page_title(const struct akita_sheet *sheet)
{
	return akita_words(strcmp(sheet->lang, "ja") == 0 ? AKITA_LANG_JA :
	    AKITA_LANG_EN, TITLE);
}

/* Institution and day, title in a band, whom it is for, what it is. */
static void
draw_head(struct page *page)
{
	const struct akita_sheet *sheet = page->sheet;
	static const struct akita_face name = { 12.5, AKITA_INK_TEXT,
		PANGO_ALIGN_LEFT, false };
	static const struct akita_face day = { 9.0, AKITA_INK_GREY,
		PANGO_ALIGN_RIGHT, false };
	static const struct akita_face title = { 17.0, AKITA_INK_WHITE,
		PANGO_ALIGN_CENTER, false };
	static const struct akita_face whom = { 12.5, AKITA_INK_TEXT,
		PANGO_ALIGN_LEFT, false };
	struct akita_canvas *canvas = page->canvas;
	const bool was_dry = canvas->is_dry;
	char buf[SAY_SIZE];
	double height;

	if (is_set(sheet->issued))
		(void)akita_canvas_text(canvas, &day, LEFT + WIDTH * 0.7,
		    page->y + 3, WIDTH * 0.3, say(page, buf,
		    AKITA_N("Issued on %s"), sheet->issued, NULL, NULL));
	page->y += akita_canvas_text(canvas, &name, LEFT, page->y,
	    WIDTH * 0.68, sheet->service_name) + 0.9 * page->gap;
	/* The band goes below its text, so the text is measured first. */
	canvas->is_dry = true;
	height = akita_canvas_text(canvas, &title, LEFT + PAD, page->y,
	    WIDTH - 2 * PAD, akita_sheet_page_title(sheet));
	canvas->is_dry = was_dry;
	akita_canvas_fill(canvas, AKITA_INK_DEEP, LEFT, page->y, WIDTH,
	    height + 2 * PAD, 4);
	(void)akita_canvas_text(canvas, &title, LEFT + PAD, page->y + PAD,
	    WIDTH - 2 * PAD, akita_sheet_page_title(sheet));
	page->y += height + 2 * PAD + page->gap;
	page->y += akita_canvas_text(canvas, &whom, LEFT, page->y, WIDTH,
	    say(page, buf, AKITA_N("To %s"),
	    is_set(sheet->name) ? sheet->name : sheet->user, NULL, NULL)) +
	    0.5 * page->gap;
	page->y += akita_canvas_text(canvas, &body, LEFT, page->y, WIDTH,
	    akita_words(page->lang, sheet->is_replacement ?
	    AKITA_N("We have issued a new token for your one-time passwords. "
	    "Please set up your phone and start its use as described below. "
	    "Until then your present token goes on working.") :
	    AKITA_N("We have issued a token for your one-time passwords. "
	    "Please set up your phone and start its use as described below.")
	    )) + page->gap;
}

/* One line of the table: what, and its value; returns the height. */
static double
draw_row(struct page *page, double y, double width, const char *label,
    const char *value)
{
	static const struct akita_face what = { 8.8, AKITA_INK_DEEP,
		PANGO_ALIGN_LEFT, false };
	static const struct akita_face is = { 11.0, AKITA_INK_TEXT,
		PANGO_ALIGN_LEFT, false };
	struct akita_canvas *canvas = page->canvas;
	const bool was_dry = canvas->is_dry;
	const double label_width = 92 * canvas->scale;
	const double value_width = width - label_width - 2 * PAD;
	double left, right, height;

	canvas->is_dry = true;
	left = akita_canvas_text(canvas, &what, 0, 0, label_width - PAD - 3,
	    label);
	right = akita_canvas_text(canvas, &is, 0, 0, value_width, value);
	canvas->is_dry = was_dry;
	height = (left > right ? left : right) + 10 * canvas->scale;
	akita_canvas_fill(canvas, AKITA_INK_PALE, LEFT, y, label_width,
	    height - 2, 0);
	(void)akita_canvas_text(canvas, &what, LEFT + PAD,
	    y + (height - 2 - left) / 2, label_width - PAD - 3, label);
	(void)akita_canvas_text(canvas, &is, LEFT + label_width + PAD,
	    y + (height - 2 - right) / 2, value_width, value);
	akita_canvas_fill(canvas, AKITA_INK_GREY, LEFT, y + height - 2, width,
	    0.4, 0);
	return height;
}

/* The table of service ID, user ID and so on; returns its height. */
static double
draw_table(struct page *page, double width)
{
	const struct akita_sheet *sheet = page->sheet;
	char buf[SAY_SIZE], digits[16], period[16];
	double y = page->y;
	const struct {
		const char *label;
		const char *value;
	} rows[] = {
		{ AKITA_N("Service ID"), sheet->service_id },
		{ AKITA_N("User ID"), sheet->user_id },
		{ AKITA_N("Login name"), sheet->user },
		{ AKITA_N("Name in the app"), sheet->issuer },
		{ AKITA_N("Start use by"), sheet->expires },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (is_set(rows[i].value))
			y += draw_row(page, y, width,
			    akita_words(page->lang, rows[i].label),
			    rows[i].value);
	(void)number(sheet->digits, digits);
	(void)number(sheet->period, period);
	y += draw_row(page, y, width,
	    akita_words(page->lang, AKITA_N("One-time password")),
	    sheet->period > 0 ?
	    say(page, buf, AKITA_N("%s digits, new every %s seconds"),
	    digits, period, NULL) :
	    say(page, buf, AKITA_N("%s digits, new at each request"), digits,
	    NULL, NULL));
	return y - page->y;
}

static double
qr_size(const struct page *page)
{
	const double least = akita_qr_width(page->qr) * QR_MODULE_MIN;

	return least > QR_SIZE_MIN ? least : QR_SIZE_MIN;
}

/* The table, and at its right the QR code in a frame. */
static void
draw_middle(struct page *page)
{
	static const struct akita_face caption = { 8.8, AKITA_INK_DEEP,
		PANGO_ALIGN_CENTER, false };
	const double size = qr_size(page);
	const double quiet = 4 * size / akita_qr_width(page->qr);
	const double frame = size + 2 * quiet;
	const double x = LEFT + WIDTH - frame;
	double table, code;

	table = draw_table(page, WIDTH - frame - 14);
	code = frame + akita_canvas_text(page->canvas, &caption, x,
	    page->y + frame + 3, frame, akita_words(page->lang,
	    AKITA_N("Scan this code with the app"))) + 3;
	akita_canvas_outline(page->canvas, AKITA_INK_GREY, x, page->y, frame,
	    frame, 4);
	akita_canvas_qr(page->canvas, page->qr, x + quiet, page->y + quiet,
	    size);
	page->y += (table > code ? table : code) + page->gap;
}

/* The key for typing, with the parameters an app may ask for; returns the
 * height. */
static double
draw_key_text(struct page *page, double y)
{
	static const struct akita_face key = { 12.0, AKITA_INK_TEXT,
		PANGO_ALIGN_LEFT, true };
	const struct akita_sheet *sheet = page->sheet;
	const double x = LEFT + PAD, width = WIDTH - 2 * PAD, top = y;
	char buf[SAY_SIZE], digits[16], period[16];

	(void)number(sheet->digits, digits);
	(void)number(sheet->period, period);
	y += akita_canvas_text(page->canvas, &small, x, y, width,
	    akita_words(page->lang, AKITA_N("If the app cannot scan the "
	    "code, type this key into it. It has no digits 0, 1, 8 and 9.")));
	y += akita_canvas_text(page->canvas, &key, x, y + 3, width,
	    sheet->key_groups) + 6;
	y += akita_canvas_text(page->canvas, &small, x, y, width,
	    sheet->period > 0 ?
	    say(page, buf, AKITA_N("Type: time-based (TOTP). Algorithm: %s. "
	    "Digits: %s. Period: %s seconds."), sheet->algorithm, digits,
	    period) :
	    say(page, buf, AKITA_N("Type: counter-based (HOTP). "
	    "Algorithm: %s. Digits: %s."), sheet->algorithm, digits, NULL));
	return y - top;
}

static void
draw_key(struct page *page)
{
	struct akita_canvas *canvas = page->canvas;
	const bool was_dry = canvas->is_dry;
	double height;

	canvas->is_dry = true;
	height = draw_key_text(page, 0) + 2 * PAD;
	canvas->is_dry = was_dry;
	akita_canvas_outline(canvas, AKITA_INK_GREY, LEFT, page->y, WIDTH,
	    height, 4);
	(void)draw_key_text(page, page->y + PAD);
	page->y += height + page->gap;
}

static void
draw_heading(struct page *page, const char *text)
{
	page->y += akita_canvas_text(page->canvas, &heading, LEFT, page->y,
	    WIDTH, text) + 2;
	akita_canvas_fill(page->canvas, AKITA_INK_DEEP, LEFT, page->y, WIDTH,
	    1.2, 0);
	page->y += 1.2 + 5;
}

/* A step: its number in a disc, what it is about, what to do. */
static void
draw_step(struct page *page, unsigned int n, const char *about,
    const char *what)
{
	static const struct akita_face disc = { 10.0, AKITA_INK_WHITE,
		PANGO_ALIGN_CENTER, false };
	static const struct akita_face subject = { 10.0, AKITA_INK_DEEP,
		PANGO_ALIGN_LEFT, false };
	struct akita_canvas *canvas = page->canvas;
	const double size = 17 * canvas->scale;
	const double indent = size + 7, column = 104 * canvas->scale;
	const bool was_dry = canvas->is_dry;
	char digits[16];
	double left, right, height;

	(void)number(n, digits);
	canvas->is_dry = true;
	height = akita_canvas_text(canvas, &disc, 0, 0, size, digits);
	canvas->is_dry = was_dry;
	akita_canvas_fill(canvas, AKITA_INK_DEEP, LEFT, page->y, size, size,
	    size / 2);
	(void)akita_canvas_text(canvas, &disc, LEFT,
	    page->y + (size - height) / 2, size, digits);
	left = akita_canvas_text(canvas, &subject, LEFT + indent, page->y + 1,
	    column - 6, about);
	right = akita_canvas_text(canvas, &body, LEFT + indent + column,
	    page->y + 1, WIDTH - indent - column, what);
	height = left > right ? left : right;
	page->y += (height > size ? height : size) + 0.55 * page->gap;
}

static const char *
start_of_use(const struct akita_sheet *sheet)
{
	if (sheet->has_password)
		return AKITA_N("At the counter, or when you log in for the "
		    "first time, enter the one-time password that the app "
		    "shows and the activation password that you chose when "
		    "the token was issued. The activation password is not "
		    "needed afterwards.");
	return AKITA_N("At the counter, or when you log in for the first "
	    "time, enter the one-time password that the app shows.");
}

static void
draw_steps(struct page *page)
{
	const struct akita_sheet *sheet = page->sheet;
	char buf[SAY_SIZE], digits[16], period[16];

	(void)number(sheet->digits, digits);
	(void)number(sheet->period, period);
	draw_heading(page, akita_words(page->lang,
	    AKITA_N("From setting up to daily use")));
	draw_step(page, 1, akita_words(page->lang, AKITA_N("Install the app")),
	    akita_words(page->lang, AKITA_N("Install the app for one-time "
	    "passwords on your smartphone: the one we named at the "
	    "counter.")));
	draw_step(page, 2, akita_words(page->lang, AKITA_N("Scan the code")),
	    sheet->period > 0 ?
	    say(page, buf, AKITA_N("Choose \"add\" in the app and point the "
	    "camera at the code above. When the app shows %s digits that "
	    "change every %s seconds, it is set up."), digits, period, NULL) :
	    say(page, buf, AKITA_N("Choose \"add\" in the app and point the "
	    "camera at the code above. When the app shows %s digits, it is "
	    "set up."), digits, NULL, NULL));
	draw_step(page, 3, akita_words(page->lang, AKITA_N("Start of use")),
	    akita_words(page->lang, start_of_use(sheet)));
	draw_step(page, 4, akita_words(page->lang, AKITA_N("Daily use")),
	    akita_words(page->lang, AKITA_N("When you log in, enter the "
	    "one-time password that the app shows at that moment. Each one "
	    "is good once; for another login wait for the next.")));
	page->y += 0.45 * page->gap;
}

static double
draw_notice(struct page *page, double y, const char *text)
{
	(void)akita_canvas_text(page->canvas, &body, LEFT + PAD, y, 14,
	    page->lang == AKITA_LANG_JA ? "・" : "•");
	return akita_canvas_text(page->canvas, &body, LEFT + PAD + 14, y,
	    WIDTH - 2 * PAD - 14, text) + 4;
}

/* What the manual says under "notices"; returns the height. */
static double
draw_notice_texts(struct page *page, double y)
{
	const struct akita_sheet *sheet = page->sheet;
	char buf[SAY_SIZE], failures[16];
	const double top = y;

	y += draw_notice(page, y, akita_words(page->lang,
	    AKITA_N("If the phone is lost or stolen: ask for suspension at "
	    "once, with the application form, at the counter of your "
	    "branch.")));
	if (sheet->max_failures > 0)
		y += draw_notice(page, y, say(page, buf,
		    AKITA_N("After %s wrong one-time passwords in a row the "
		    "service is locked. To use it again ask for suspension "
		    "first, with the application form, at the counter of "
		    "your branch."), number(sheet->max_failures, failures),
		    NULL, NULL));
	if (is_set(sheet->expires))
		y += draw_notice(page, y, say(page, buf,
		    AKITA_N("The token can be put into use until %s. After "
		    "that a new one has to be issued."), sheet->expires,
		    NULL, NULL));
	y += draw_notice(page, y, akita_words(page->lang,
	    AKITA_N("When you change your phone, or want to end the service "
	    "(release), come to the counter of your branch.")));
	y += draw_notice(page, y, akita_words(page->lang,
	    AKITA_N("Whoever has the code or the key of this sheet has your "
	    "token: show it to nobody, and shred it when you have started "
	    "use.")));
	return y - top;
}

static void
draw_notices(struct page *page)
{
	struct akita_canvas *canvas = page->canvas;
	const bool was_dry = canvas->is_dry;
	double height;

	draw_heading(page, akita_words(page->lang, AKITA_N("Please note")));
	canvas->is_dry = true;
	height = draw_notice_texts(page, 0) + 2 * PAD - 4;
	canvas->is_dry = was_dry;
	akita_canvas_fill(canvas, AKITA_INK_PALE, LEFT, page->y, WIDTH,
	    height, 4);
	(void)draw_notice_texts(page, page->y + PAD);
	page->y += height;
}

static void
draw_contact(struct page *page)
{
	if (!is_set(page->sheet->contact))
		return;
	page->y += page->gap;
	page->y += akita_canvas_text(page->canvas, &small, LEFT, page->y,
	    WIDTH, akita_words(page->lang, AKITA_N("For questions:")));
	page->y += akita_canvas_text(page->canvas, &body, LEFT, page->y + 1,
	    WIDTH, page->sheet->contact) + 1;
}

double
akita_sheet_page_draw(struct akita_canvas *canvas,
    const struct akita_sheet *sheet, const struct akita_qr *qr, double gap)
{
	struct page page = {
		.canvas = canvas,
		.sheet = sheet,
		.qr = qr,
		.lang = strcmp(canvas->lang, "ja") == 0 ? AKITA_LANG_JA :
		    AKITA_LANG_EN,
		.gap = gap,
		.y = MARGIN_TOP,
	};

	draw_head(&page);
	draw_middle(&page);
	draw_key(&page);
	draw_steps(&page);
	draw_notices(&page);
	draw_contact(&page);
	return page.y + MARGIN_BOTTOM;
}
