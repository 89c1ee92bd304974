/* Readers and writers stay inside their bytes and remember an error. */
#include "tests/unit/unit.h"

#include "common/cursor.h"

TEST(numbers_are_big_endian_both_ways)
{
	static const uint8_t want[] = { 0x01, 0x02, 0x03, 0x04, 0x05, 0x06,
	    0x07, 0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0xfa, 0xf9, 0xf8 };
	struct akita_reader r;
	struct akita_writer w;
	uint8_t buf[15];

	akita_writer_init(&w, buf, sizeof(buf));
	akita_put_u8(&w, 0x01);
	akita_put_u16(&w, 0x0203);
	akita_put_u32(&w, 0x04050607);
	akita_put_u64(&w, 0xfffefdfcfbfaf9f8);
	assert_true(akita_writer_done(&w));
	assert_memory_equal(buf, want, sizeof(want));

	akita_reader_init(&r, buf, sizeof(buf));
	assert_int_equal(akita_get_u8(&r), 0x01);
	assert_int_equal(akita_get_u16(&r), 0x0203);
	assert_int_equal(akita_get_u32(&r), 0x04050607);
	assert_int_equal(akita_reader_left(&r), 8);
	assert_false(akita_reader_done(&r));
	assert_true(akita_get_u64(&r) == 0xfffefdfcfbfaf9f8);
	assert_true(akita_reader_done(&r));
}

TEST(bytes_are_copied_skipped_and_zeroed)
{
	const uint8_t data[] = "abcdef";
	struct akita_reader r;
	struct akita_writer w;
	char out[4] = "zzz", buf[6];

	akita_reader_init(&r, data, 6);
	akita_get_bytes(&r, out, 3);
	assert_string_equal(out, "abc");
	assert_ptr_equal(akita_get_skip(&r, 2), data + 3);
	assert_int_equal(akita_get_u8(&r), 'f');
	assert_true(akita_reader_done(&r));

	memset(buf, 'x', sizeof(buf));
	akita_writer_init(&w, buf, sizeof(buf));
	akita_put_bytes(&w, "ab", 2);
	akita_put_zeros(&w, 3);
	assert_int_equal(akita_writer_used(&w), 5);
	assert_true(akita_writer_ok(&w));
	assert_false(akita_writer_done(&w));
	assert_memory_equal(buf, "ab\0\0\0x", 6);
}

TEST(a_read_past_the_end_gives_zeros_and_the_error_stays)
{
	const uint8_t data[] = { 1, 2, 3 };
	struct akita_reader r;
	char out[4] = "zzz";

	akita_reader_init(&r, data, sizeof(data));
	assert_int_equal(akita_get_u32(&r), 0);
	assert_false(akita_reader_ok(&r));
	assert_int_equal(akita_reader_left(&r), 0);
	assert_int_equal(akita_get_u8(&r), 0);
	akita_get_bytes(&r, out, 2);
	assert_memory_equal(out, "\0\0z", 4);
	assert_null(akita_get_skip(&r, 0));
	assert_false(akita_reader_done(&r));
}

TEST(a_huge_length_cannot_wrap_around)
{
	const uint8_t data[] = { 1, 2, 3 };
	struct akita_reader r;
	struct akita_writer w;
	uint8_t buf[3];

	akita_reader_init(&r, data, sizeof(data));
	assert_int_equal(akita_get_u8(&r), 1);
	assert_null(akita_get_skip(&r, SIZE_MAX));
	assert_false(akita_reader_ok(&r));
	akita_writer_init(&w, buf, sizeof(buf));
	akita_put_u8(&w, 1);
	akita_put_zeros(&w, SIZE_MAX);
	assert_false(akita_writer_ok(&w));
}

TEST(a_write_past_the_end_writes_nothing_and_the_error_stays)
{
	struct akita_writer w;
	uint8_t buf[4] = { 9, 9, 9, 9 };

	akita_writer_init(&w, buf, 3);
	akita_put_u16(&w, 0x0102);
	akita_put_u16(&w, 0x0304);
	assert_false(akita_writer_ok(&w));
	akita_put_u8(&w, 5);
	akita_put_bytes(&w, "x", 1);
	assert_false(akita_writer_done(&w));
	assert_int_equal(akita_writer_used(&w), 2);
	assert_memory_equal(buf, "\x01\x02\x09\x09", 4);
}

TEST(done_is_not_said_after_an_error_at_the_very_end)
{
	struct akita_reader r;
	struct akita_writer w;
	uint8_t byte = 1;

	akita_reader_init(&r, &byte, 1);
	akita_get_u8(&r);
	assert_true(akita_reader_done(&r));
	akita_get_u8(&r);
	assert_false(akita_reader_done(&r));
	akita_writer_init(&w, &byte, 1);
	akita_put_u8(&w, 2);
	assert_true(akita_writer_done(&w));
	akita_put_u8(&w, 3);
	assert_false(akita_writer_done(&w));
	assert_int_equal(byte, 2);
}

TEST(nothing_may_lie_nowhere)
{
	struct akita_reader r;
	struct akita_writer w;

	akita_reader_init(&r, NULL, 0);
	akita_get_bytes(&r, NULL, 0);
	assert_true(akita_reader_done(&r));
	akita_writer_init(&w, NULL, 0);
	akita_put_bytes(&w, NULL, 0);
	akita_put_zeros(&w, 0);
	assert_true(akita_writer_done(&w));
	akita_put_u8(&w, 1);
	assert_false(akita_writer_ok(&w));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_big_endian_both_ways),
		cmocka_unit_test(bytes_are_copied_skipped_and_zeroed),
		cmocka_unit_test(
		    a_read_past_the_end_gives_zeros_and_the_error_stays),
		cmocka_unit_test(a_huge_length_cannot_wrap_around),
		cmocka_unit_test(
		    a_write_past_the_end_writes_nothing_and_the_error_stays),
		cmocka_unit_test(
		    done_is_not_said_after_an_error_at_the_very_end),
		cmocka_unit_test(nothing_may_lie_nowhere),
	};

	return cmocka_run_group_tests_name("cursor", tests, NULL, NULL);
}
