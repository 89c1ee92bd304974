/* The pure parts of the module: splitting an answer, the source of a login,
 * and the bytes between module and helper. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pam/pass.h"
#include "pam/source.h"
#include "pam/wire.h"

static void
splits(const char *both, unsigned int digits, const char *password,
    const char *code)
{
	struct akita_answer in, out_password, out_code;
	bool good;

	assert_true(akita_answer_set(&in, both));
	good = akita_pass_split(&in, digits, &out_password, &out_code);
	assert_int_equal(good, code != NULL);
	assert_string_equal(out_password.text, good ? password : "");
	assert_string_equal(out_code.text, good ? code : "");
	assert_int_equal(out_code.len, strlen(out_code.text));
	assert_int_equal(out_password.len, strlen(out_password.text));
}

static void
the_code_stands_last_in_the_answer(void **state)
{
	(void)state;
	splits("hunter2123456", 6, "hunter2", "123456");
	splits("123456", 6, "", "123456");
	splits("1234567", 6, "1", "234567");
	splits("12345678", 8, "", "12345678");
	splits("a b 012345", 6, "a b ", "012345");
	splits("秘密１２３４５６", 6, "秘密", "１２３４５６");
	splits("pass12３456", 6, "pass", "12３456");
	splits("pass2３456", 6, NULL, NULL);
	splits("pass12３4567", 6, "pass1", "2３4567");
	splits("", 6, NULL, NULL);
	splits("12345", 6, NULL, NULL);
	splits("hunter2", 6, NULL, NULL);
	splits("hunter2 123 456", 6, NULL, NULL);
	splits("hunter2123456 ", 6, NULL, NULL);
	splits("hunter2-12345", 6, NULL, NULL);
	splits("\xbc\x90\xbc\x90\xbc\x90", 6, NULL, NULL);
}

static void
from(const char *rhost, const char *ssh, const char *address, const char *net)
{
	struct akita_source source;

	akita_source_parse(rhost, ssh, &source);
	assert_string_equal(source.address, address);
	assert_string_equal(source.net, net);
	if (address[0] == '\0' && rhost != NULL)
		assert_ptr_equal(source.rhost, rhost);
}

static void
the_source_is_numeric_or_none(void **state)
{
	static const char ssh[] = "198.51.100.9 50000 192.0.2.1 22";

	(void)state;
	from("192.0.2.7", NULL, "192.0.2.7", "192.0.2.7");
	from("192.0.2.7", ssh, "192.0.2.7", "192.0.2.7");
	from("host.example.org", ssh, "198.51.100.9", "198.51.100.9");
	from(NULL, ssh, "198.51.100.9", "198.51.100.9");
	from("2001:DB8::0:1", NULL, "2001:db8::1", "2001:db8::/64");
	from("2001:db8:1:2:3:4:5:6", NULL, "2001:db8:1:2:3:4:5:6",
	    "2001:db8:1:2::/64");
	from("::ffff:192.0.2.7", NULL, "192.0.2.7", "192.0.2.7");
	from("host.example.org", NULL, "", "");
	from(NULL, NULL, "", "");
	from("", "", "", "");
	from("192.0.2", NULL, "", "");
	from("192.0.2.07", NULL, "", "");
	from("192.0.2.7 x", NULL, "", "");
	from("192.0.2.7\n", NULL, "", "");
	from("fe80::1%eth0", NULL, "", "");
	from("3232235777", NULL, "", "");
	from(NULL, "UNKNOWN 65535 UNKNOWN 65535", "", "");
	from(NULL, "1111111111111111111111111111111111111111111111111111111111"
	    "11111111111111111111111", "", "");
}

static void
only_a_line_of_its_own_is_a_key(void **state)
{
	(void)state;
	assert_true(akita_source_has_key("publickey ssh-ed25519 AAAA\n"));
	assert_true(akita_source_has_key("password\npublickey ssh-rsa AA"));
	assert_false(akita_source_has_key(NULL));
	assert_false(akita_source_has_key(""));
	assert_false(akita_source_has_key("publickey"));
	assert_false(akita_source_has_key("password publickey x"));
	assert_false(akita_source_has_key("xpublickey ssh-rsa AAAA"));
	assert_false(akita_source_has_key("keyboard-interactive/pam\n"));
}

static void
fill_request(struct akita_wire_request *request)
{
	memset(request, 0, sizeof(*request));
	request->op = AKITA_WIRE_ATTEMPT;
	memset(request->nonce, 0x5a, sizeof(request->nonce));
	request->start_of_use = true;
	request->has_password = true;
	request->answered_at = 1800000000;
	request->grace_s = 60;
	(void)snprintf(request->config, sizeof(request->config), "/etc/x");
	(void)snprintf(request->user, sizeof(request->user), "alice");
	(void)snprintf(request->service, sizeof(request->service), "sshd");
	(void)snprintf(request->rhost, sizeof(request->rhost), "192.0.2.7");
	(void)snprintf(request->source, sizeof(request->source), "192.0.2.7");
	assert_true(akita_answer_set(&request->answer, "123456"));
	assert_true(akita_answer_set(&request->password, "4649"));
}

static void
a_request_arrives_as_it_was_sent(void **state)
{
	struct akita_wire_request in, out;
	uint8_t buf[AKITA_WIRE_REQUEST];
	size_t len = 0;

	(void)state;
	fill_request(&in);
	assert_int_equal(akita_wire_put_request(&in, buf, &len), AKITA_OK);
	assert_int_equal(akita_wire_get_request(buf, len, &out), AKITA_OK);
	assert_int_equal(out.op, in.op);
	assert_true(out.start_of_use && out.has_password && !out.decoy);
	assert_int_equal(out.answered_at, in.answered_at);
	assert_int_equal(out.grace_s, in.grace_s);
	assert_memory_equal(out.nonce, in.nonce, sizeof(in.nonce));
	assert_string_equal(out.config, in.config);
	assert_string_equal(out.user, in.user);
	assert_string_equal(out.service, in.service);
	assert_string_equal(out.rhost, in.rhost);
	assert_string_equal(out.source, in.source);
	assert_string_equal(out.answer.text, "123456");
	assert_int_equal(out.answer.len, 6);
	assert_string_equal(out.password.text, "4649");
}

static void
the_longest_request_fits(void **state)
{
	struct akita_wire_request in, out;
	uint8_t buf[AKITA_WIRE_REQUEST];
	size_t len = 0;

	(void)state;
	fill_request(&in);
	memset(in.config, 'c', sizeof(in.config) - 1);
	memset(in.user, 'u', sizeof(in.user) - 1);
	memset(in.service, 's', sizeof(in.service) - 1);
	memset(in.rhost, 'r', sizeof(in.rhost) - 1);
	memset(in.source, 'o', sizeof(in.source) - 1);
	memset(in.answer.text, 'a', AKITA_ANSWER_MAX);
	memset(in.password.text, 'p', AKITA_ANSWER_MAX);
	assert_int_equal(akita_wire_put_request(&in, buf, &len), AKITA_OK);
	assert_int_equal(akita_wire_get_request(buf, len, &out), AKITA_OK);
	assert_int_equal(strlen(out.config), sizeof(in.config) - 1);
	assert_int_equal(out.password.len, AKITA_ANSWER_MAX);
}

static void
a_cut_or_lengthened_request_is_refused(void **state)
{
	struct akita_wire_request in, out;
	uint8_t buf[AKITA_WIRE_REQUEST];
	size_t len = 0, i;

	(void)state;
	fill_request(&in);
	memset(buf, 0, sizeof(buf));
	assert_int_equal(akita_wire_put_request(&in, buf, &len), AKITA_OK);
	for (i = 0; i < len; i++)
		assert_int_equal(akita_wire_get_request(buf, i, &out),
		    AKITA_ERR_MALFORMED);
	assert_int_equal(akita_wire_get_request(buf, len + 1, &out),
	    AKITA_ERR_MALFORMED);
	assert_int_equal(out.answer.len, 0);
	buf[9] |= 0x80;			/* a flag nobody knows */
	assert_int_equal(akita_wire_get_request(buf, len, &out),
	    AKITA_ERR_MALFORMED);
	buf[9] &= 0x03;			/* a password that is not there */
	assert_int_equal(akita_wire_get_request(buf, len, &out),
	    AKITA_ERR_MALFORMED);
}

static void
accepted(struct akita_wire_reply *reply)
{
	memset(reply, 0, sizeof(*reply));
	reply->op = AKITA_WIRE_ATTEMPT;
	reply->outcome.verdict = AKITA_VERDICT_ACCEPT;
	reply->outcome.cause = AKITA_CAUSE_OK;
	reply->outcome.known = true;
	reply->outcome.state = AKITA_STATE_ACTIVE;
}

static void
an_acceptance_must_agree_with_itself(void **state)
{
	struct akita_wire_reply in, out;
	uint8_t buf[AKITA_WIRE_REPLY];

	(void)state;
	accepted(&in);
	akita_wire_put_reply(&in, buf);
	assert_int_equal(akita_wire_get_reply(buf, sizeof(buf), &out),
	    AKITA_OK);
	assert_int_equal(out.outcome.verdict, AKITA_VERDICT_ACCEPT);
	in.outcome.cause = AKITA_CAUSE_WRONG;
	akita_wire_put_reply(&in, buf);
	assert_int_equal(akita_wire_get_reply(buf, sizeof(buf), &out),
	    AKITA_ERR_MALFORMED);
	accepted(&in);
	in.outcome.state = AKITA_STATE_LOCKED;
	akita_wire_put_reply(&in, buf);
	assert_int_equal(akita_wire_get_reply(buf, sizeof(buf), &out),
	    AKITA_ERR_MALFORMED);
	accepted(&in);
	in.outcome.ask_password = true;
	akita_wire_put_reply(&in, buf);
	assert_int_equal(akita_wire_get_reply(buf, sizeof(buf), &out),
	    AKITA_ERR_MALFORMED);
	assert_int_equal(out.outcome.verdict, AKITA_VERDICT_DENY);
	accepted(&in);
	in.rc = AKITA_ERR_BUSY;		/* trouble carries no verdict */
	akita_wire_put_reply(&in, buf);
	assert_int_equal(akita_wire_get_reply(buf, sizeof(buf), &out),
	    AKITA_OK);
	assert_int_equal(out.outcome.verdict, AKITA_VERDICT_DENY);
}

/* No single changed byte turns a refusal into an acceptance. */
static void
a_changed_byte_is_no_acceptance(void **state)
{
	struct akita_wire_reply in = { .op = AKITA_WIRE_ATTEMPT }, out;
	uint8_t buf[AKITA_WIRE_REPLY];
	size_t i;
	int value;

	(void)state;
	in.outcome.cause = AKITA_CAUSE_WRONG;
	in.outcome.known = true;
	in.outcome.state = AKITA_STATE_ACTIVE;
	in.outcome.failures = 1;
	akita_wire_put_reply(&in, buf);
	for (i = 0; i < sizeof(buf); i++) {
		uint8_t was = buf[i];

		for (value = 0; value < 256; value++) {
			buf[i] = (uint8_t)value;
			if (akita_wire_get_reply(buf, sizeof(buf), &out) !=
			    AKITA_OK)
				assert_int_equal(out.rc, AKITA_ERR_MALFORMED);
			assert_int_equal(out.outcome.verdict,
			    AKITA_VERDICT_DENY);
		}
		buf[i] = was;
	}
	for (i = 0; i < sizeof(buf); i++)
		assert_int_equal(akita_wire_get_reply(buf, i, &out),
		    AKITA_ERR_MALFORMED);
}

static void
a_peek_arrives_as_it_was_sent(void **state)
{
	struct akita_wire_reply in = { .op = AKITA_WIRE_ACCOUNT }, out;
	uint8_t buf[AKITA_WIRE_REPLY];

	(void)state;
	in.peek.state = AKITA_STATE_SUSPENDED;
	in.peek.reason = AKITA_REASON_LOST;
	in.peek.was_active = true;
	in.peek.digits = 8;
	in.peek.failures = 7;
	in.peek.last_grace_at = 1800000000;
	akita_wire_put_reply(&in, buf);
	assert_int_equal(akita_wire_get_reply(buf, sizeof(buf), &out),
	    AKITA_OK);
	assert_int_equal(out.peek.state, AKITA_STATE_SUSPENDED);
	assert_int_equal(out.peek.reason, AKITA_REASON_LOST);
	assert_true(out.peek.was_active && !out.peek.burnt);
	assert_int_equal(out.peek.digits, 8);
	assert_int_equal(out.peek.failures, 7);
	assert_int_equal(out.peek.last_grace_at, 1800000000);
	in.peek.digits = 0;
	akita_wire_put_reply(&in, buf);
	assert_int_equal(akita_wire_get_reply(buf, sizeof(buf), &out),
	    AKITA_ERR_MALFORMED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_code_stands_last_in_the_answer),
		cmocka_unit_test(the_source_is_numeric_or_none),
		cmocka_unit_test(only_a_line_of_its_own_is_a_key),
		cmocka_unit_test(a_request_arrives_as_it_was_sent),
		cmocka_unit_test(the_longest_request_fits),
		cmocka_unit_test(a_cut_or_lengthened_request_is_refused),
		cmocka_unit_test(an_acceptance_must_agree_with_itself),
		cmocka_unit_test(a_changed_byte_is_no_acceptance),
		cmocka_unit_test(a_peek_arrives_as_it_was_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
