/*
 * test_memory.c: what a login leaves in the memory of its host: no answer, no
 * password, no key.  The process reads its own writable memory and looks for
 * them, veiled, so that it does not find its own pattern.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/pam/run.h"
#include "tests/pam/world.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

#define VEIL		0x5a
#define ANSWER_MAX	64

struct pattern {
	uint8_t	bytes[ANSWER_MAX];
	size_t	len;
};

static struct world world;
static struct pattern answers[2];
static size_t next_answer;

/* text (wiped) becomes a pattern. */
static void
veil(char *text, struct pattern *ret)
{
	size_t i;

	ret->len = strlen(text);
	for (i = 0; i < ret->len; i++)
		ret->bytes[i] = (uint8_t)((uint8_t)text[i] ^ VEIL);
	akita_wipe(text, ret->len);
}

static bool
is_there(const uint8_t *p, const struct pattern *pattern)
{
	size_t i;

	for (i = 0; i < pattern->len; i++) {
		if ((p[i] ^ VEIL) != pattern->bytes[i])
			return false;
	}
	return true;
}

/* How often a pattern stands in a piece of memory. */
static unsigned int
count_in(uintptr_t from, uintptr_t to, const struct pattern *pattern)
{
	const uint8_t *p = (const uint8_t *)from;
	unsigned int n = 0;
	size_t i;

	for (i = 0; i + pattern->len <= to - from; i++) {
		if ((p[i] ^ VEIL) == pattern->bytes[0] &&
		    is_there(p + i, pattern))
			n++;
	}
	return n;
}

/* The same in all writable memory. */
static unsigned int
count(const struct pattern *pattern)
{
	unsigned long from, to;
	unsigned int n = 0;
	char line[512], mode[8];
	FILE *f;

	assert_non_null(f = fopen("/proc/self/maps", "r"));
	while (fgets(line, sizeof(line), f) != NULL) {
		if (sscanf(line, "%lx-%lx %7s", &from, &to, mode) == 3 &&
		    strncmp(mode, "rw", 2) == 0)
			n += count_in(from, to, pattern);
	}
	(void)fclose(f);
	return n;
}

/* Unveils an answer only into the memory that it gives away. */
static int
converse(int n, const struct pam_message **messages,
    struct pam_response **responses, void *data)
{
	struct pam_response *response = calloc(1, sizeof(*response));
	const struct pattern *answer = &answers[next_answer++ % 2];
	size_t i;

	(void)messages;
	(void)data;
	assert_int_equal(n, 1);
	assert_non_null(response);
	assert_non_null(response->resp = calloc(1, answer->len + 1));
	for (i = 0; i < answer->len; i++)
		response->resp[i] = (char)(answer->bytes[i] ^ VEIL);
	*responses = response;
	return PAM_SUCCESS;
}

static int
login(const char *user, const char *arguments)
{
	char line[256];
	const char *lines[1] = { line };
	const struct pam_conv conv = { converse, NULL };
	struct run run;
	int code;

	(void)snprintf(line, sizeof(line), "auth required MODULE "
	    "config=CONFIG %s", arguments);
	next_answer = 0;
	run_start(&run, world.dir, "akita-test", lines, 1, world.config, user);
	assert_int_equal(pam_set_item(run.pamh, PAM_CONV, &conv), PAM_SUCCESS);
	code = pam_authenticate(run.pamh, 0);
	run_end(&run);
	return code;
}

static void
set_answer(size_t i, const char *before, const char *user)
{
	char text[ANSWER_MAX], code[AKITA_DIGITS_MAX + 1];

	world_code(&world, user, NULL, 0, code);
	(void)snprintf(text, sizeof(text), "%s%s", before, code);
	veil(text, &answers[i]);
	akita_wipe(code, sizeof(code));
}

static void
the_search_finds_what_is_there(void **state)
{
	struct pattern pattern;
	char *text = strdup("Nachtigall-4711"), *copy = strdup(text);
	unsigned int before;

	(void)state;
	assert_true(text != NULL && copy != NULL);
	veil(text, &pattern);
	before = count(&pattern);
	assert_true(before >= 1);
	akita_wipe(copy, strlen(copy));
	assert_int_equal(count(&pattern), before - 1);
	free(text);
	free(copy);
}

static void
no_answer_and_no_key_stays_behind(void **state)
{
	struct pattern key;
	char text[] = "alicealicealice";
	unsigned int before;

	(void)state;
	veil(text, &key);
	set_answer(0, "Zauberwort+", "alice");
	(void)login("nobody-here", "forward_pass");
	before = count(&key);
	assert_int_equal(login("alice", "forward_pass"), PAM_SUCCESS);
	assert_int_equal(count(&answers[0]), 0);
	answers[0].len -= 6;		/* the password alone */
	assert_int_equal(count(&answers[0]), 0);
	assert_int_equal(count(&key), before);
}

static void
no_refused_answer_stays_behind(void **state)
{
	char text[] = "Zauberwort+000000", other[] = "0000 0000 0000 not";

	(void)state;
	veil(text, &answers[0]);
	(void)login("alice", "forward_pass");
	assert_int_equal(count(&answers[0]), 0);
	answers[0].len -= 6;
	assert_int_equal(count(&answers[0]), 0);
	veil(other, &answers[0]);
	assert_int_equal(login("alice", ""), PAM_AUTH_ERR);
	assert_int_equal(count(&answers[0]), 0);
}

static void
no_activation_password_stays_behind(void **state)
{
	char text[] = "Zauberwort+4649";

	(void)state;
	set_answer(0, "", "bob");
	veil(text, &answers[1]);	/* no password, but asked for */
	assert_int_equal(login("bob", ""), PAM_AUTH_ERR);
	assert_int_equal(next_answer, 2);
	assert_int_equal(count(&answers[1]), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_search_finds_what_is_there),
		cmocka_unit_test(no_answer_and_no_key_stays_behind),
		cmocka_unit_test(no_refused_answer_stays_behind),
		cmocka_unit_test(no_activation_password_stays_behind),
	};
	int failed;

	if (SANITIZED) {
		(void)printf("1..0 # SKIP sanitizers keep freed memory\n");
		return 0;
	}
	world_make(&world, NULL, 0);
	world_account(&world, "alice", "active", NULL);
	world_account(&world, "bob", "issued", NULL);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	world_remove(&world);
	return failed;
}
