#include "cli/csv.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "common/trust.h"

/* The bytes of a row as they are put together. */
struct row {
	struct akita_csv	*csv;
	size_t			 used;
	bool			 is_quoted;	/* inside quotes */
	bool			 was_quoted;	/* this field began with one */
	const char		*fault;		/* message id, the first */
};

static void
row_fault(struct row *row, const char *msgid)
{
	if (row->fault == NULL)
		row->fault = msgid;
}

static void
row_put(struct row *row, int c)
{
	if (row->used == AKITA_CSV_ROW)
		row_fault(row, AKITA_N("line %s: the row is too long"));
	else
		row->csv->bytes[row->used++] = (char)c;
}

/* End the field; the next begins behind its NUL. */
static void
row_end_field(struct row *row)
{
	struct akita_csv *csv = row->csv;

	row_put(row, '\0');
	row->was_quoted = false;
	if (row->fault != NULL)
		return;
	if (csv->n == AKITA_CSV_FIELDS)
		row_fault(row, AKITA_N("line %s: the row has too many fields"));
	else
		csv->n++;
	if (csv->n < AKITA_CSV_FIELDS && row->used < AKITA_CSV_ROW)
		csv->field[csv->n] = csv->bytes + row->used;
}

static bool
at_field_start(const struct row *row)
{
	return row->used < AKITA_CSV_ROW &&
	    row->csv->field[row->csv->n] == row->csv->bytes + row->used;
}

/* A quote, inside or outside of quotes. */
static void
row_quote(struct row *row)
{
	int next;

	if (!row->is_quoted) {
		if (row->csv->n < AKITA_CSV_FIELDS && at_field_start(row) &&
		    !row->was_quoted)
			row->is_quoted = row->was_quoted = true;
		else
			row_fault(row, AKITA_N("line %s: a quote is out of "
			    "place"));
		return;
	}
	next = getc(row->csv->in);
	if (next == '"') {
		row_put(row, '"');
		return;
	}
	row->is_quoted = false;
	if (next != EOF)
		(void)ungetc(next, row->csv->in);
	if (next != ',' && next != '\r' && next != '\n' && next != EOF)
		row_fault(row, AKITA_N("line %s: a quote is out of place"));
}

/* One character.  false: the row is whole. */
static bool
row_take(struct row *row, int c)
{
	if (c == '\n')
		row->csv->line++;
	if (c == '\0') {
		row_fault(row, AKITA_N("line %s: the row holds a NUL"));
	} else if (c == '"') {
		row_quote(row);
	} else if (row->is_quoted) {
		row_put(row, c);
	} else if (c == ',') {
		row_end_field(row);
	} else if (c == '\n') {
		return false;
	} else {
		row_put(row, c);
	}
	return true;
}

static void
skip_mark(FILE *in)
{
	static const int mark[] = { 0xef, 0xbb, 0xbf };
	int i, c;

	for (i = 0; i < 3; i++) {
		if ((c = getc(in)) == mark[i])
			continue;
		if (c != EOF)
			(void)ungetc(c, in);
		return;
	}
}

/* Read one line or, in quotes, more.  AKITA_ERR_MISSING: nothing there. */
static enum akita_rc
read_row(struct akita_csv *csv, struct row *row)
{
	bool is_any = false;
	int c;

	csv->n = 0;
	csv->field[0] = csv->bytes;
	csv->row_line = csv->line;
	while ((c = getc(csv->in)) != EOF) {
		is_any = true;
		if (!row_take(row, c))
			break;
	}
	if (ferror(csv->in))
		return AKITA_ERR_IO;
	if (!is_any)
		return AKITA_ERR_MISSING;
	if (row->is_quoted)
		row_fault(row, AKITA_N("line %s: a quote is not closed"));
	/* The CR of CRLF. */
	if (row->used > 0 && csv->bytes[row->used - 1] == '\r')
		row->used--;
	row_end_field(row);
	return AKITA_OK;
}

enum akita_rc
akita_csv_next(struct akita_csv *csv, struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	char line[24];

	if (csv->line == 0) {
		csv->line = 1;
		skip_mark(csv->in);
	}
	do {
		struct row row = { .csv = csv };

		rc = read_row(csv, &row);
		if (rc == AKITA_ERR_IO)
			return akita_fail(why, rc, AKITA_N("the file could not "
			    "be read: %s"), akita_trust_errno(errno), NULL);
		if (rc != AKITA_OK)
			return rc;
		if (row.fault != NULL) {
			(void)snprintf(line, sizeof(line), "%lu",
			    csv->row_line);
			return akita_fail(why, AKITA_ERR_MALFORMED, row.fault,
			    line, NULL);
		}
	} while (csv->n == 1 && csv->field[0][0] == '\0');
	return AKITA_OK;
}

void
akita_csv_put(FILE *out, const char *text, int is_last)
{
	if (strpbrk(text, ",\"\r\n") == NULL) {
		(void)fputs(text, out);
	} else {
		(void)putc('"', out);
		for (; *text != '\0'; text++) {
			if (*text == '"')
				(void)putc('"', out);
			(void)putc(*text, out);
		}
		(void)putc('"', out);
	}
	(void)putc(is_last ? '\n' : ',', out);
}
