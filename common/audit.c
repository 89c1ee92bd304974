#include "common/audit.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/audit_line.h"
#include "common/hex.h"
#include "common/utf8.h"

#define STRING_MAX	256	/* bytes of one string */
#define MAC_HEX		(2 * AKITA_AUDIT_MAC)
#define MAC_BEFORE	",\"mac\":\""
#define MAC_AFTER	"\"}"
#define MAC_ALL		(sizeof(MAC_BEFORE) - 1 + MAC_HEX + \
			    sizeof(MAC_AFTER) - 1)
#define TIME_MAX	253402300799	/* 9999-12-31T23:59:59Z */

/* Text being put together; full once something did not fit. */
struct out {
	char	*buf;
	size_t	 size;
	size_t	 used;
	bool	 is_full;
};

static void put(struct out *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void
put(struct out *out, const char *format, ...)
{
	size_t room = out->size - out->used;
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(out->buf + out->used, room, format, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= room)
		out->is_full = true;
	else
		out->used += (size_t)n;
}

/* As much of value as needs no escaping and is ASCII. */
static size_t
put_plain(struct out *out, const char *value)
{
	size_t n = 0;

	while (value[n] >= ' ' && value[n] <= '~' && value[n] != '"' &&
	    value[n] != '\\')
		n++;
	if (n >= out->size - out->used) {
		out->is_full = true;
		return n;
	}
	memcpy(out->buf + out->used, value, n);
	out->used += n;
	out->buf[out->used] = '\0';
	return n;
}

/*
 * "name":"value", as JSON, or null.  false: the value is too long or, where
 * it must be, no UTF-8; a claim's bad bytes become U+FFFD.
 */
static bool
put_string(struct out *out, const char *name, const char *value,
    bool is_claim)
{
	uint32_t c;
	size_t n;

	if (value == NULL) {
		put(out, "\"%s\":null", name);
		return true;
	}
	if (strlen(value) > STRING_MAX)
		return false;
	put(out, "\"%s\":\"", name);
	for (; *value != '\0'; value += n) {
		if ((n = put_plain(out, value)) > 0)
			continue;
		n = akita_utf8_next(value, &c);
		if (c == AKITA_UTF8_BAD && !is_claim)
			return false;
		if (c == AKITA_UTF8_BAD)
			put(out, "\\ufffd");
		else if (akita_utf8_is_control(c))
			put(out, "\\u%04x", (unsigned int)c);
		else
			put(out, "%s%.*s", c == '"' || c == '\\' ? "\\" : "",
			    (int)n, value);
	}
	put(out, "\"");
	return true;
}

/* An empty claim is one that is not known. */
static bool
put_claim(struct out *out, const char *name, const char *value)
{
	return put_string(out, name, value[0] != '\0' ? value : NULL, true);
}

/* RFC 3339 in UTC.  gmtime would look at the host's time zone. */
static void
put_time(struct out *out, int64_t time_s)
{
	int64_t days = time_s / 86400, rest = time_s % 86400;
	int64_t era, day, year, month;

	/* Years begin in March, so that the leap day is the last one:
	 * 146097 days are 400 years. */
	days += 719468;
	era = days / 146097;
	day = days % 146097;
	year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	day -= year * 365 + year / 4 - year / 100;
	month = (5 * day + 2) / 153;
	day -= (153 * month + 2) / 5 - 1;
	year += era * 400 + (month >= 10);
	month += month < 10 ? 3 : -9;
	put(out, "\"time\":\"%04d-%02d-%02dT%02d:%02d:%02dZ\"", (int)year,
	    (int)month, (int)day, (int)(rest / 3600), (int)(rest / 60 % 60),
	    (int)(rest % 60));
}

static void
put_actor(struct out *out, const struct akita_actor *actor)
{
	put(out, ",\"actor\":{");
	if (actor->loginuid < 0)
		put(out, "\"loginuid\":null,");
	else
		put(out, "\"loginuid\":%lld,", (long long)actor->loginuid);
	(void)put_claim(out, "user", actor->user);
	put(out, ",");
	(void)put_claim(out, "sudo_user", actor->sudo_user);
	put(out, ",");
	(void)put_claim(out, "tty", actor->tty);
	put(out, "}");
}

enum akita_rc
akita_audit_compose(const struct akita_audit_record *record,
    char ret_body[AKITA_AUDIT_BODY], struct akita_why *why)
{
	const struct {
		const char *name, *value;
	} members[] = {
		{ "account", record->account },
		{ "user_id", record->user_id },
		{ "event", record->event },
		{ "from", record->from },
		{ "to", record->to },
		{ "reason", record->reason },
		{ "form", record->form },
		{ "note", record->note },
	};
	char body[AKITA_AUDIT_BODY];
	struct out out = { .buf = body, .size = sizeof(body) };
	size_t i;

	if (record->time_s < 0 || record->time_s > TIME_MAX)
		return akita_fail(why, AKITA_ERR_USAGE,
		    AKITA_N("the clock is outside the years 1970 to 9999"),
		    NULL);
	put_time(&out, record->time_s);
	put_actor(&out, record->actor);
	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		put(&out, ",");
		if (!put_string(&out, members[i].name, members[i].value,
		    false))
			return akita_fail(why, AKITA_ERR_USAGE,
			    AKITA_N("the audit log takes no %s that is no "
			    "UTF-8 or longer than 256 bytes"),
			    members[i].name, NULL);
	}
	if (out.is_full)
		return akita_fail(why, AKITA_ERR_USAGE,
		    AKITA_N("all of this is too long for one record of the "
		    "audit log: shorten the note"), NULL);
	memcpy(ret_body, body, out.used + 1);
	return AKITA_OK;
}

enum akita_rc
akita_audit_line_mac(struct akita_keyring *ring, struct akita_crypto *crypto,
    uint32_t key_id, const struct akita_audit_head *head, const char *text,
    size_t len, uint8_t ret_mac[AKITA_AUDIT_MAC])
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	const struct akita_span spans[] = {
		{ head->mac, sizeof(head->mac) },
		{ text, len },
	};
	const uint8_t *key;

	rc = akita_keyring_subkey(ring, crypto, key_id, AKITA_KEY_AUDIT, &key);
	if (rc != AKITA_OK)
		return rc;
	return akita_hmac(crypto, AKITA_HASH_SHA256, key, AKITA_KEYRING_KEY,
	    spans, 2, ret_mac);
}

enum akita_rc
akita_audit_finish(struct akita_keyring *ring, struct akita_crypto *crypto,
    const struct akita_audit_head *head, const char *body,
    char ret_line[AKITA_AUDIT_LINE], struct akita_audit_head *ret_head,
    struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	struct akita_audit_head next = { .number = head->number + 1 };
	uint32_t key_id = akita_keyring_current(ring);
	char line[AKITA_AUDIT_LINE], mac[MAC_HEX + 1];
	struct out out = { .buf = line, .size = sizeof(line) };

	put(&out, "{\"n\":%llu,\"key\":\"%08x\",%s",
	    (unsigned long long)next.number, (unsigned int)key_id, body);
	rc = akita_audit_line_mac(ring, crypto, key_id, head, line, out.used,
	    next.mac);
	if (rc != AKITA_OK)
		return akita_fail(why, rc,
		    AKITA_N("the audit record cannot be authenticated"), NULL);
	akita_hex_encode(next.mac, sizeof(next.mac), mac);
	put(&out, "%s%s%s\n", MAC_BEFORE, mac, MAC_AFTER);
	if (out.is_full)
		return akita_fail(why, AKITA_ERR_USAGE,
		    AKITA_N("all of this is too long for one record of the "
		    "audit log: shorten the note"), NULL);
	memcpy(ret_line, line, out.used + 1);
	*ret_head = next;
	return AKITA_OK;
}

/* Skip text at *p, which ends at end. */
static bool
skip(const char **p, const char *end, const char *text)
{
	size_t len = strlen(text);

	if ((size_t)(end - *p) < len || memcmp(*p, text, len) != 0)
		return false;
	*p += len;
	return true;
}

bool
akita_audit_line_parse(const char *line, size_t len,
    struct akita_audit_line *ret_line)
{
	struct akita_audit_line made = { .key_id = 0 };
	const char *p = line, *end = line + len, *mac;
	uint8_t id[4];
	size_t digits;

	if (len < MAC_ALL || len >= AKITA_AUDIT_LINE ||
	    memchr(line, '\0', len) != NULL || !skip(&p, end, "{\"n\":"))
		return false;
	for (digits = 0; *p >= '0' && *p <= '9' && digits < 18; digits++)
		made.head.number = made.head.number * 10 +
		    (uint64_t)(*p++ - '0');
	if (digits == 0 || !skip(&p, end, ",\"key\":\"") ||
	    (size_t)(end - p) < 2 * sizeof(id) + MAC_ALL ||
	    !akita_hex_decode(p, id, sizeof(id)))
		return false;
	p += 2 * sizeof(id);
	made.key_id = (uint32_t)id[0] << 24 | (uint32_t)id[1] << 16 |
	    (uint32_t)id[2] << 8 | id[3];
	mac = end - MAC_ALL;
	made.text_len = (size_t)(mac - line);
	if (!skip(&p, mac, "\",") || !skip(&mac, end, MAC_BEFORE) ||
	    !akita_hex_decode(mac, made.head.mac, sizeof(made.head.mac)))
		return false;
	mac += MAC_HEX;
	if (!skip(&mac, end, MAC_AFTER))
		return false;
	*ret_line = made;
	return true;
}
