/* libsmartcols, loaded when there is a table to print (lazy.h). */
#include <libsmartcols.h>

#include "cli/lazy.h"

#define LAZY(type, name, params, args) \
    AKITA_LAZY(AKITA_LAZY_SMARTCOLS, type, name, params, args)

LAZY(struct libscols_table *, scols_new_table, (void), ())
LAZY(void, scols_unref_table, (struct libscols_table *tb), (tb))
LAZY(int, scols_table_set_column_separator, (struct libscols_table *tb,
    const char *sep), (tb, sep))
LAZY(struct libscols_column *, scols_table_new_column,
    (struct libscols_table *tb, const char *name, double whint, int flags),
    (tb, name, whint, flags))
LAZY(struct libscols_line *, scols_table_new_line,
    (struct libscols_table *tb, struct libscols_line *parent), (tb, parent))
LAZY(int, scols_line_set_data, (struct libscols_line *ln, size_t n,
    const char *data), (ln, n, data))
LAZY(int, scols_print_table, (struct libscols_table *tb), (tb))
