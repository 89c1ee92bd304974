# tests/lint/: what the sources and the built files must look like.
AKITA_BATS_TESTS +=
