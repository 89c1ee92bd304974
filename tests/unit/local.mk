# tests/unit/: cmocka, one program a module; each is linked with libakita.
# To add a test: one line here.
AKITA_CMOCKA_TESTS += \
	tests/unit/test_words
