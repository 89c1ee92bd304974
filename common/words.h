/*
 * words.h (rank 0): what we say to people, in their language.
 *
 * Every sentence for people is written in English in the source and is its
 * own message id; the Japanese stands in po/ja.po, which the build turns into
 * a table, because the module's host is in the C locale and must stay in it.
 *
 * To add a sentence: write it in AKITA_N("...") where it is kept for later
 * (akita_fail does so), or in akita_tr(lang, "...") where it is said at once;
 * then `make update-po` and translate it in po/ja.po.
 */
#ifndef AKITA_WORDS_H
#define AKITA_WORDS_H

#include "common/result.h"

enum akita_lang {
	AKITA_LANG_EN = 0,
	AKITA_LANG_JA = 1
};

/*
 * msgid (not NULL) in lang: static storage, or msgid itself where lang is
 * English, unknown, or has no translation.  A format keeps its arguments.
 */
const char	*akita_words(enum akita_lang lang, const char *msgid)
		    __attribute__((format_arg(2)));

/* The same with the message id marked for xgettext. */
#define akita_tr(lang, msgid) akita_words((lang), (msgid))

/* akita_words with the language fixed, to pass to akita_why_text. */
const char	*akita_words_en1(const char *msgid)
		    __attribute__((format_arg(1)));
const char	*akita_words_ja1(const char *msgid)
		    __attribute__((format_arg(1)));

/* The one of the two for lang: never NULL. */
const char	*(*akita_words_for(enum akita_lang lang))(const char *msgid);

/*
 * The language of a user's locale, from the values of LC_ALL, LC_MESSAGES and
 * LANG (each may be NULL): the first that is not empty decides (POSIX XBD
 * 8.2).  "ja", alone or followed by '_', '.' or '@', is Japanese; everything
 * else English.
 */
enum akita_lang	 akita_lang_from_locale(const char *lc_all,
		    const char *lc_messages, const char *lang);

#endif
