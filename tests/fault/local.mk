# tests/fault/: what kills, power cuts and full disks do to the store.
AKITA_CMOCKA_TESTS +=
AKITA_BATS_TESTS +=
EXTRA_DIST +=
