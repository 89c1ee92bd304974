#include "common/words.h"

#include <stdlib.h>
#include <string.h>

struct akita_word {
	const char	*msgid;
	const char	*msgstr;
};

/* Sorted by strcmp on msgid; generated from po/ja.po by scripts/po2c. */
#include "common/words_ja.h"

static int
word_compare(const void *key, const void *member)
{
	const struct akita_word *word = member;

	return strcmp(key, word->msgid);
}

const char *
akita_words_ja1(const char *msgid)
{
	const struct akita_word *word;

	word = bsearch(msgid, akita_words_ja,
	    sizeof(akita_words_ja) / sizeof(akita_words_ja[0]),
	    sizeof(akita_words_ja[0]), word_compare);
	return word != NULL ? word->msgstr : msgid;
}

const char *
akita_words_en1(const char *msgid)
{
	return msgid;
}

const char *
(*akita_words_for(enum akita_lang lang))(const char *msgid)
{
	return lang == AKITA_LANG_JA ? akita_words_ja1 : akita_words_en1;
}

const char *
akita_words(enum akita_lang lang, const char *msgid)
{
	return lang == AKITA_LANG_JA ? akita_words_ja1(msgid) : msgid;
}

static const char *
first_set(const char *a, const char *b, const char *c)
{
	if (a != NULL && *a != '\0')
		return a;
	if (b != NULL && *b != '\0')
		return b;
	return c != NULL ? c : "";
}

enum akita_lang
akita_lang_from_locale(const char *lc_all, const char *lc_messages,
    const char *lang)
{
	const char *name = first_set(lc_all, lc_messages, lang);

	if (strncmp(name, "ja", 2) == 0 && strchr("_.@", name[2]) != NULL)
		return AKITA_LANG_JA;
	return AKITA_LANG_EN;
}
