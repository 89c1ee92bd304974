#include "cli/output.h"

#include <errno.h>
#include <libsmartcols.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/fields.h"
#include "common/text.h"

/* stdout may carry keys and codes: its buffer is ours, to wipe. */
static char stdout_buffer[16384];

/* jansson's memory, wiped when it is given back: a size stands before it. */
union block {
	size_t		size;
	max_align_t	align;
};

static void *
wiping_malloc(size_t size)
{
	union block *block;

	if (size > SIZE_MAX - sizeof(*block) ||
	    (block = malloc(sizeof(*block) + size)) == NULL)
		return NULL;
	block->size = size;
	return block + 1;
}

static void
wiping_free(void *p)
{
	union block *block = p;

	if (p == NULL)
		return;
	block--;
	akita_wipe(block + 1, block->size);
	free(block);
}

void
akita_output_start(bool is_json)
{
	(void)setvbuf(stdout, stdout_buffer, _IOFBF, sizeof(stdout_buffer));
	if (is_json)
		json_set_alloc_funcs(wiping_malloc, wiping_free);
}

enum akita_rc
akita_output_flush(struct akita_why *why)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return AKITA_OK;
	return akita_fail(why, AKITA_ERR_IO, AKITA_N("the output could not be "
	    "written: %s"), akita_trust_errno(errno), NULL);
}

int
akita_output_finish(struct akita_cli *cli, enum akita_rc rc,
    const struct akita_why *why)
{
	struct akita_why said = *why;
	int code;

	if (akita_output_flush(rc == AKITA_OK ? &said : NULL) != AKITA_OK &&
	    rc == AKITA_OK)
		rc = AKITA_ERR_IO;
	if (rc != AKITA_OK && said.msgid == NULL)
		(void)akita_fail(&said, rc, akita_exit_sentence(rc), NULL);
	/* After a success, what a look into something left there is nothing. */
	if (said.msgid != NULL && (rc != AKITA_OK || cli->answer_is_no))
		akita_cli_tell(cli, &said);
	akita_wipe(stdout_buffer, sizeof(stdout_buffer));
	code = akita_exit_code(rc);
	return code == 0 && cli->answer_is_no ? 1 : code;
}

char *
akita_time_utc(int64_t time_s, char buf[AKITA_TIME_TEXT])
{
	const time_t t = (time_t)time_s;
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL ||
	    strftime(buf, AKITA_TIME_TEXT, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		buf[0] = '\0';
	return buf;
}

char *
akita_time_local(int64_t time_s, char buf[AKITA_TIME_TEXT])
{
	const time_t t = (time_t)time_s;
	struct tm tm;

	if (time_s == 0 || localtime_r(&t, &tm) == NULL ||
	    strftime(buf, AKITA_TIME_TEXT, "%Y-%m-%d %H:%M", &tm) == 0)
		(void)snprintf(buf, AKITA_TIME_TEXT, "-");
	return buf;
}

void
akita_output_group(const char *text, char *ret, size_t size)
{
	size_t used = 0, i;

	for (i = 0; text[i] != '\0' && used + 2 < size; i++) {
		if (i > 0 && i % 4 == 0)
			ret[used++] = ' ';
		ret[used++] = text[i];
	}
	ret[used] = '\0';
}

/* ---- JSON ---- */

static json_t *
value_json(const struct akita_value *value)
{
	char text[AKITA_TIME_TEXT];

	switch (value->kind) {
	case AKITA_VALUE_TEXT:
		return json_string(value->text);
	case AKITA_VALUE_NUMBER:
		return json_integer(value->number);
	case AKITA_VALUE_TIME:
		return json_string(akita_time_utc(value->number, text));
	case AKITA_VALUE_NULL:
	default:
		return json_null();
	}
}

/* Put a field into root, or into the object within it that its key names. */
static bool
put_field(json_t *root, const struct akita_view *view,
    const struct akita_field *field)
{
	struct akita_value value = { .kind = AKITA_VALUE_NULL };
	const char *dot = strchr(field->key, '.');
	char group[32];
	json_t *object;

	if (dot == NULL) {
		field->get(view, &value);
		return json_object_set_new(root, field->key,
		    value_json(&value)) == 0;
	}
	(void)snprintf(group, sizeof(group), "%.*s", (int)(dot - field->key),
	    field->key);
	if (!akita_field_has_group(view, group, strlen(group)))
		return json_object_set_new(root, group, json_null()) == 0;
	if ((object = json_object_get(root, group)) == NULL &&
	    (json_object_set_new(root, group, json_object()) != 0 ||
	    (object = json_object_get(root, group)) == NULL))
		return false;
	field->get(view, &value);
	return json_object_set_new(object, dot + 1, value_json(&value)) == 0;
}

static struct akita_view
view_of(const struct akita_cli *cli, const struct akita_account *account)
{
	struct akita_view view = {
		.account = account,
		.settings = cli->site.settings,
		.lang = cli->lang,
		.now_s = akita_cli_now(cli),
	};

	return view;
}

json_t *
akita_output_json(const struct akita_cli *cli,
    const struct akita_account *account)
{
	const struct akita_view view = view_of(cli, account);
	const struct akita_field *field;
	json_t *root = json_object();

	if (root == NULL)
		return NULL;
	for (field = akita_fields; field->key != NULL; field++) {
		if (!put_field(root, &view, field)) {
			json_decref(root);
			return NULL;
		}
	}
	return root;
}

static int
put_bytes(const char *bytes, size_t len, void *out)
{
	return fwrite(bytes, 1, len, out) == len ? 0 : -1;
}

enum akita_rc
akita_output_object(json_t *root, struct akita_why *why)
{
	int failed;

	if (root == NULL)
		return AKITA_ERR_NOMEM;
	failed = json_dump_callback(root, put_bytes, stdout,
	    JSON_COMPACT) != 0 || fputc('\n', stdout) == EOF;
	json_decref(root);
	return failed ? akita_output_flush(why) : AKITA_OK;
}

/* ---- text ---- */

static const char *
value_text(const struct akita_value *value, char buf[AKITA_TIME_TEXT])
{
	switch (value->kind) {
	case AKITA_VALUE_TEXT:
		return value->label;
	case AKITA_VALUE_NUMBER:
		(void)snprintf(buf, AKITA_TIME_TEXT, "%lld",
		    (long long)value->number);
		return buf;
	case AKITA_VALUE_TIME:
		return akita_time_local(value->number, buf);
	case AKITA_VALUE_NULL:
	default:
		return "-";
	}
}

static void
get_value(const struct akita_view *view, const struct akita_field *field,
    struct akita_value *ret)
{
	const char *dot = strchr(field->key, '.');

	memset(ret, 0, sizeof(*ret));
	if (dot == NULL || akita_field_has_group(view, field->key,
	    (size_t)(dot - field->key)))
		field->get(view, ret);
}

/* Is the field one of those to be shown?  Its value goes to *ret. */
static bool
is_shown(const struct akita_view *view, const struct akita_field *field,
    unsigned int where, struct akita_value *ret)
{
	if ((field->where & where) == 0)
		return false;
	get_value(view, field, ret);
	return ret->kind != AKITA_VALUE_NULL || (where == AKITA_IN_SHOW &&
	    (field->where & AKITA_IN_ALWAYS) != 0);
}

/* Two columns need no library: what an issue prints must be quick. */
static void
print_fields(const struct akita_view *view, unsigned int where)
{
	const struct akita_field *field;
	struct akita_value value;
	char buf[AKITA_TIME_TEXT];
	size_t widest = 0, width;
	const char *title;

	for (field = akita_fields; field->key != NULL; field++) {
		if (!is_shown(view, field, where, &value))
			continue;
		width = akita_text_width(akita_words(view->lang,
		    field->title));
		if (width > widest)
			widest = width;
	}
	for (field = akita_fields; field->key != NULL; field++) {
		if (!is_shown(view, field, where, &value))
			continue;
		title = akita_words(view->lang, field->title);
		width = akita_text_width(title);
		(void)printf("%s%*s  %s\n", title, (int)(widest - width), "",
		    value_text(&value, buf));
	}
}

enum akita_rc
akita_output_account(const struct akita_cli *cli,
    const struct akita_account *account, unsigned int where,
    struct akita_why *why)
{
	const struct akita_view view = view_of(cli, account);

	if (cli->is_json)
		return akita_output_object(akita_output_json(cli, account),
		    why);
	print_fields(&view, where);
	return AKITA_OK;
}

/* ---- list ---- */

struct akita_listing {
	const struct akita_cli	*cli;
	struct libscols_table	*table;
};

/*
 * A list has to go into 80 columns: shorter headings, times without their
 * hours, and on a narrower terminal names in several lines.
 */
static const char *
heading(const struct akita_field *field)
{
	return strcmp(field->key, "failures") == 0 ? AKITA_N("Wrong codes") :
	    field->title;
}

static int
column_flags(const struct akita_field *field)
{
	if (field->is_number)
		return SCOLS_FL_RIGHT;
	return strcmp(field->key, "user") == 0 ||
	    strcmp(field->key, "name") == 0 ? SCOLS_FL_WRAP : 0;
}

enum akita_rc
akita_listing_new(const struct akita_cli *cli,
    struct akita_listing **ret_listing)
{
	struct akita_listing *listing = calloc(1, sizeof(*listing));
	const struct akita_field *field;

	if (listing == NULL)
		return AKITA_ERR_NOMEM;
	listing->cli = cli;
	if ((listing->table = scols_new_table()) == NULL)
		goto fail;
	if (scols_table_set_column_separator(listing->table, "  ") != 0)
		goto fail;
	for (field = akita_fields; field->key != NULL; field++)
		if ((field->where & AKITA_IN_LIST) != 0 &&
		    scols_table_new_column(listing->table,
		    akita_words(cli->lang, heading(field)), 0,
		    column_flags(field)) == NULL)
			goto fail;
	*ret_listing = listing;
	return AKITA_OK;
fail:
	akita_listing_free(&listing);
	return AKITA_ERR_NOMEM;
}

enum akita_rc
akita_listing_add(struct akita_listing *listing,
    const struct akita_account *account)
{
	const struct akita_view view = view_of(listing->cli, account);
	struct libscols_line *line = scols_table_new_line(listing->table, NULL);
	const struct akita_field *field;
	struct akita_value value;
	char buf[AKITA_TIME_TEXT];
	const char *text;
	size_t column = 0;

	if (line == NULL)
		return AKITA_ERR_NOMEM;
	for (field = akita_fields; field->key != NULL; field++) {
		if ((field->where & AKITA_IN_LIST) == 0)
			continue;
		get_value(&view, field, &value);
		text = value_text(&value, buf);
		if (value.kind == AKITA_VALUE_TIME && text == buf)
			buf[strcspn(buf, " ")] = '\0';
		if (scols_line_set_data(line, column++, text) != 0)
			return AKITA_ERR_NOMEM;
	}
	return AKITA_OK;
}

enum akita_rc
akita_listing_print(struct akita_listing *listing)
{
	return scols_print_table(listing->table) == 0 ? AKITA_OK :
	    AKITA_ERR_IO;
}

void
akita_listing_free(struct akita_listing **listing)
{
	if (listing == NULL || *listing == NULL)
		return;
	scols_unref_table((*listing)->table);
	free(*listing);
	*listing = NULL;
}
