/*
 * fields.h: the one description of what there is to show of an account: keys
 * of JSON, labels for people, and how each value is got.
 *
 * To add one: a getter and a line in the table of fields.c, otpadm(8).
 */
#ifndef AKITA_CLI_FIELDS_H
#define AKITA_CLI_FIELDS_H

#include "cli/output.h"

struct akita_view {
	const struct akita_account	*account;
	const struct akita_settings	*settings;
	enum akita_lang			 lang;
	int64_t				 now_s;
};

enum akita_value_kind {
	AKITA_VALUE_NULL,
	AKITA_VALUE_TEXT,
	AKITA_VALUE_NUMBER,
	AKITA_VALUE_TIME
};

struct akita_value {
	enum akita_value_kind	 kind;
	const char		*text;	/* TEXT */
	const char		*label;	/* TEXT for people, where it differs */
	int64_t			 number;	/* NUMBER; TIME: Unix seconds */
	char			 buf[24];	/* room for .text */
};

struct akita_field {
	const char	*key;		/* "user"; "token.type" in "token" */
	const char	*title;		/* message id, for people */
	unsigned int	 where;		/* AKITA_IN_* */
	bool		 is_number;	/* a column is set flush right */
	void		(*get)(const struct akita_view *view,
			    struct akita_value *ret);
};

/* The table, ended by a NULL key, in the order of the contract. */
extern const struct akita_field akita_fields[];

/* The object "token" or "waiting_token" is there. */
bool	akita_field_has_group(const struct akita_view *view,
	    const char *group, size_t len);

#endif
