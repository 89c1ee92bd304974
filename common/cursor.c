#include "common/cursor.h"

#include <string.h>

void
akita_reader_init(struct akita_reader *r, const void *data, size_t len)
{
	r->p = data;
	r->left = len;
	r->failed = false;
}

const uint8_t *
akita_get_skip(struct akita_reader *r, size_t len)
{
	const uint8_t *at = r->p;

	if (r->failed || len > r->left) {
		r->failed = true;
		return NULL;
	}
	if (len > 0)
		r->p += len;
	r->left -= len;
	return at;
}

/* A big-endian number of len bytes. */
static uint64_t
get_number(struct akita_reader *r, size_t len)
{
	const uint8_t *p = akita_get_skip(r, len);
	uint64_t v = 0;
	size_t i;

	if (p != NULL)
		for (i = 0; i < len; i++)
			v = v << 8 | p[i];
	return v;
}

uint8_t
akita_get_u8(struct akita_reader *r)
{
	return (uint8_t)get_number(r, 1);
}

uint16_t
akita_get_u16(struct akita_reader *r)
{
	return (uint16_t)get_number(r, 2);
}

uint32_t
akita_get_u32(struct akita_reader *r)
{
	return (uint32_t)get_number(r, 4);
}

uint64_t
akita_get_u64(struct akita_reader *r)
{
	return get_number(r, 8);
}

void
akita_get_bytes(struct akita_reader *r, void *ret, size_t len)
{
	const uint8_t *p = akita_get_skip(r, len);

	if (len == 0)
		return;
	if (p != NULL)
		memcpy(ret, p, len);
	else
		memset(ret, 0, len);
}

size_t
akita_reader_left(const struct akita_reader *r)
{
	return r->failed ? 0 : r->left;
}

bool
akita_reader_ok(const struct akita_reader *r)
{
	return !r->failed;
}

bool
akita_reader_done(const struct akita_reader *r)
{
	return !r->failed && r->left == 0;
}

void
akita_writer_init(struct akita_writer *w, void *buf, size_t size)
{
	w->p = buf;
	w->left = size;
	w->used = 0;
	w->failed = false;
}

/* Room for len bytes, NULL if there is none. */
static uint8_t *
put_room(struct akita_writer *w, size_t len)
{
	uint8_t *at = w->p;

	if (w->failed || len > w->left) {
		w->failed = true;
		return NULL;
	}
	if (len > 0)
		w->p += len;
	w->left -= len;
	w->used += len;
	return at;
}

/* A big-endian number of len bytes. */
static void
put_number(struct akita_writer *w, uint64_t v, size_t len)
{
	uint8_t *p = put_room(w, len);

	if (p != NULL)
		while (len-- > 0) {
			p[len] = (uint8_t)(v & 0xff);
			v >>= 8;
		}
}

void
akita_put_u8(struct akita_writer *w, uint8_t v)
{
	put_number(w, v, 1);
}

void
akita_put_u16(struct akita_writer *w, uint16_t v)
{
	put_number(w, v, 2);
}

void
akita_put_u32(struct akita_writer *w, uint32_t v)
{
	put_number(w, v, 4);
}

void
akita_put_u64(struct akita_writer *w, uint64_t v)
{
	put_number(w, v, 8);
}

void
akita_put_bytes(struct akita_writer *w, const void *data, size_t len)
{
	uint8_t *p = put_room(w, len);

	if (p != NULL && len > 0)
		memcpy(p, data, len);
}

void
akita_put_zeros(struct akita_writer *w, size_t len)
{
	uint8_t *p = put_room(w, len);

	if (p != NULL && len > 0)
		memset(p, 0, len);
}

size_t
akita_writer_used(const struct akita_writer *w)
{
	return w->used;
}

bool
akita_writer_ok(const struct akita_writer *w)
{
	return !w->failed;
}

bool
akita_writer_done(const struct akita_writer *w)
{
	return !w->failed && w->left == 0;
}
