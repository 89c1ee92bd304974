/* libjansson, loaded when JSON is asked for (lazy.h). */
#include <jansson.h>
#include <stdarg.h>

#include "cli/lazy.h"

#define LAZY(type, name, params, args) \
    AKITA_LAZY(AKITA_LAZY_JANSSON, type, name, params, args)

LAZY(json_t *, json_array, (void), ())
LAZY(int, json_array_append_new, (json_t *array, json_t *value),
    (array, value))
LAZY(void, json_delete, (json_t *json), (json))
LAZY(int, json_dump_callback, (const json_t *json,
    json_dump_callback_t callback, void *data, size_t flags),
    (json, callback, data, flags))
LAZY(json_t *, json_integer, (json_int_t value), (value))
LAZY(json_t *, json_null, (void), ())
LAZY(json_t *, json_object, (void), ())
LAZY(json_t *, json_object_get, (const json_t *object, const char *key),
    (object, key))
LAZY(int, json_object_set_new, (json_t *object, const char *key,
    json_t *value), (object, key, value))
LAZY(void, json_set_alloc_funcs, (json_malloc_t malloc_fn,
    json_free_t free_fn), (malloc_fn, free_fn))
LAZY(json_t *, json_string, (const char *value), (value))
LAZY(json_t *, json_vpack_ex, (json_error_t *error, size_t flags,
    const char *fmt, va_list ap), (error, flags, fmt, ap))

json_t *
json_pack(const char *fmt, ...)
{
	va_list ap;
	json_t *json;

	va_start(ap, fmt);
	json = json_vpack_ex(NULL, 0, fmt, ap);
	va_end(ap);
	return json;
}
