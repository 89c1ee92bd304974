#include "cli/sheet_wire.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "common/secret.h"
#include "common/text.h"

#define FIRST_LINE	"akita-otp-sheet 1\n"
#define LAST_LINE	"end\n"

enum kind {
	TEXT,		/* may be left out */
	TEXT_REQUIRED,
	NUMBER,
	SWITCH
};

struct entry {
	const char	*name;
	enum kind	 kind;
	size_t		 offset;
	unsigned int	 max;	/* of a number */
};

#define ENTRY(name, kind, max) \
	{ #name, kind, offsetof(struct akita_sheet, name), max }

static const struct entry entries[] = {
	ENTRY(lang, TEXT_REQUIRED, 0),
	ENTRY(service_name, TEXT_REQUIRED, 0),
	ENTRY(service_id, TEXT_REQUIRED, 0),
	ENTRY(user_id, TEXT_REQUIRED, 0),
	ENTRY(user, TEXT_REQUIRED, 0),
	ENTRY(name, TEXT, 0),
	ENTRY(uri, TEXT_REQUIRED, 0),
	ENTRY(key_groups, TEXT_REQUIRED, 0),
	ENTRY(issued, TEXT, 0),
	ENTRY(expires, TEXT, 0),
	ENTRY(contact, TEXT, 0),
	ENTRY(issuer, TEXT_REQUIRED, 0),
	ENTRY(algorithm, TEXT_REQUIRED, 0),
	ENTRY(digits, NUMBER, 8),
	ENTRY(period, NUMBER, 120),
	ENTRY(max_failures, NUMBER, 1000),
	ENTRY(has_password, SWITCH, 0),
	ENTRY(is_replacement, SWITCH, 0),
};

#define N_ENTRIES	(sizeof(entries) / sizeof(entries[0]))

/* Fields are copied by bytes: which type is there, the entry's kind says. */
static const char *
get_text(const struct akita_sheet *sheet, const struct entry *entry)
{
	const char *text;

	memcpy(&text, (const char *)sheet + entry->offset, sizeof(text));
	return text;
}

static unsigned int
get_number(const struct akita_sheet *sheet, const struct entry *entry)
{
	unsigned int number;
	bool is_on;

	if (entry->kind == SWITCH) {
		memcpy(&is_on, (const char *)sheet + entry->offset,
		    sizeof(is_on));
		return is_on;
	}
	memcpy(&number, (const char *)sheet + entry->offset, sizeof(number));
	return number;
}

static bool
is_plain(const char *text)
{
	return strnlen(text, AKITA_SHEET_VALUE_MAX + 1) <=
	    AKITA_SHEET_VALUE_MAX && !akita_text_has_control(text);
}

/* The first entry with a value that may not be; NULL: all are well. */
static const char *
wrong_entry(const struct akita_sheet *sheet)
{
	const char *text;
	size_t i;

	for (i = 0; i < N_ENTRIES; i++) {
		if (entries[i].kind == NUMBER &&
		    get_number(sheet, &entries[i]) > entries[i].max)
			return entries[i].name;
		if (entries[i].kind == NUMBER || entries[i].kind == SWITCH)
			continue;
		text = get_text(sheet, &entries[i]);
		if (text == NULL || *text == '\0') {
			if (entries[i].kind == TEXT_REQUIRED)
				return entries[i].name;
		} else if (!is_plain(text)) {
			return entries[i].name;
		}
	}
	if (strcmp(sheet->lang, "ja") != 0 && strcmp(sheet->lang, "en") != 0)
		return "lang";
	return sheet->digits < 6 ? "digits" : NULL;
}

/* Append one entry, if it has a value.  false: it does not fit. */
static bool
add_entry(const struct akita_sheet *sheet, const struct entry *entry,
    char *buf, size_t size, size_t *used)
{
	const char *text = NULL;
	int n;

	if (entry->kind == NUMBER || entry->kind == SWITCH) {
		n = snprintf(buf + *used, size - *used, "%s=%u\n", entry->name,
		    get_number(sheet, entry));
	} else {
		text = get_text(sheet, entry);
		if (text == NULL || *text == '\0')
			return true;
		n = snprintf(buf + *used, size - *used, "%s=%s\n",
		    entry->name, text);
	}
	if (n < 0 || (size_t)n >= size - *used)
		return false;
	*used += (size_t)n;
	return true;
}

enum akita_rc
akita_sheet_wire_encode(const struct akita_sheet *sheet,
    char buf[AKITA_SHEET_WIRE_MAX], size_t *ret_len, const char **ret_entry)
{
	/* Room for the last line is kept from the start. */
	const size_t size = AKITA_SHEET_WIRE_MAX - strlen(LAST_LINE);
	const char *wrong = wrong_entry(sheet);
	size_t i, used = strlen(FIRST_LINE);

	memcpy(buf, FIRST_LINE, used);
	for (i = 0; wrong == NULL && i < N_ENTRIES; i++)
		if (!add_entry(sheet, &entries[i], buf, size, &used))
			wrong = entries[i].name;
	if (wrong != NULL) {
		akita_wipe(buf, AKITA_SHEET_WIRE_MAX);
		*ret_entry = wrong;
		return AKITA_ERR_USAGE;
	}
	memcpy(buf + used, LAST_LINE, strlen(LAST_LINE));
	*ret_len = used + strlen(LAST_LINE);
	return AKITA_OK;
}

static const struct entry *
find_entry(const char *name)
{
	size_t i;

	for (i = 0; i < N_ENTRIES; i++)
		if (strcmp(entries[i].name, name) == 0)
			return &entries[i];
	return NULL;
}

/* Take the value of an entry.  false: it is no such value. */
static bool
set_entry(struct akita_sheet *sheet, const struct entry *entry,
    const char *value)
{
	char *field = (char *)sheet + entry->offset;
	uint32_t number;
	unsigned int n;
	bool is_on;

	if (entry->kind == TEXT || entry->kind == TEXT_REQUIRED) {
		memcpy(field, &value, sizeof(value));
		return is_plain(value);
	}
	if (!akita_parse_u32(value, 0, entry->kind == SWITCH ? 1 : entry->max,
	    &number))
		return false;
	if (entry->kind == SWITCH) {
		is_on = number != 0;
		memcpy(field, &is_on, sizeof(is_on));
	} else {
		n = number;
		memcpy(field, &n, sizeof(n));
	}
	return true;
}

/* One line NAME=VALUE, without its end.  seen has a flag an entry. */
static const char *
take_line(struct akita_sheet *sheet, char *line, bool seen[N_ENTRIES])
{
	const struct entry *entry = NULL;
	char *value = strchr(line, '=');

	if (value == NULL)
		return "description";
	*value++ = '\0';
	entry = find_entry(line);
	if (entry == NULL)
		return "description";
	if (seen[entry - entries] || !set_entry(sheet, entry, value))
		return entry->name;
	seen[entry - entries] = true;
	return NULL;
}

enum akita_rc
akita_sheet_wire_decode(char *buf, size_t len, struct akita_sheet *ret_sheet,
    const char **ret_entry)
{
	struct akita_sheet sheet = { 0 };
	bool seen[N_ENTRIES] = { false };
	char *line = buf, *end = NULL;
	const char *wrong = NULL;

	*ret_entry = "description";
	buf[len] = '\0';
	if (strlen(buf) != len ||
	    strncmp(buf, FIRST_LINE, strlen(FIRST_LINE)) != 0)
		return AKITA_ERR_MALFORMED;
	line += strlen(FIRST_LINE);
	while (strcmp(line, LAST_LINE) != 0) {
		end = strchr(line, '\n');
		if (end == NULL)
			return AKITA_ERR_MALFORMED;
		*end = '\0';
		wrong = take_line(&sheet, line, seen);
		if (wrong != NULL) {
			*ret_entry = wrong;
			return AKITA_ERR_MALFORMED;
		}
		line = end + 1;
	}
	wrong = wrong_entry(&sheet);
	if (wrong != NULL) {
		*ret_entry = wrong;
		return AKITA_ERR_USAGE;
	}
	*ret_sheet = sheet;
	return AKITA_OK;
}
