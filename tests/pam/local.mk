# tests/pam/: the module and the helper, from outside: over the real libpam.
# To add a scenario: a file in scenarios/ and a line below.  To add a test: one
# line in the right list.
AKITA_PAM_WORLD = \
	tests/pam/catch.c \
	tests/pam/run.c \
	tests/pam/run.h \
	tests/pam/world.c \
	tests/pam/world.h

AKITA_CMOCKA_TESTS += \
	tests/pam/test_args \
	tests/pam/test_faults \
	tests/pam/test_files \
	tests/pam/test_helper \
	tests/pam/test_helper_real \
	tests/pam/test_host \
	tests/pam/test_memory \
	tests/pam/test_parts \
	tests/pam/test_scenarios
AKITA_BATS_TESTS += tests/pam/programs.bats tests/pam/valgrind.bats
# Text scenarios, one a behaviour.
AKITA_SCENARIOS = \
	tests/pam/scenarios/a-code-opens-nothing-when-burnt.scenario \
	tests/pam/scenarios/a-code-opens-nothing-when-expired.scenario \
	tests/pam/scenarios/a-code-opens-nothing-when-locked.scenario \
	tests/pam/scenarios/a-code-opens-nothing-when-registered.scenario \
	tests/pam/scenarios/a-code-opens-nothing-when-released.scenario \
	tests/pam/scenarios/a-code-opens-nothing-when-suspended.scenario \
	tests/pam/scenarios/a-code-opens-once.scenario \
	tests/pam/scenarios/a-decoy-always-refuses-and-counts-nothing.scenario \
	tests/pam/scenarios/a-decoy-burns-no-activation.scenario \
	tests/pam/scenarios/a-decoy-does-not-ignore-either.scenario \
	tests/pam/scenarios/a-key-accepted-by-sshd-may-be-enough.scenario \
	tests/pam/scenarios/a-key-is-not-enough-by-default.scenario \
	tests/pam/scenarios/a-locked-account-can-say-so.scenario \
	tests/pam/scenarios/a-missing-user-is-asked-for.scenario \
	tests/pam/scenarios/a-name-no-account-can-have-is-refused-alike.scenario \
	tests/pam/scenarios/a-recovery-code-opens-once.scenario \
	tests/pam/scenarios/a-refused-forward-leaves-no-token.scenario \
	tests/pam/scenarios/a-right-code-opens.scenario \
	tests/pam/scenarios/a-wrong-activation-password-spends-no-code.scenario \
	tests/pam/scenarios/a-wrong-code-counts.scenario \
	tests/pam/scenarios/a-wrong-code-of-an-issued-token-asks-no-more.scenario \
	tests/pam/scenarios/a-wrong-password-shows-no-difference.scenario \
	tests/pam/scenarios/an-explanation-nobody-takes-changes-nothing.scenario \
	tests/pam/scenarios/an-unknown-user-sees-the-same.scenario \
	tests/pam/scenarios/another-facility-of-syslog.scenario \
	tests/pam/scenarios/conversations-that-fail-count-nothing.scenario \
	tests/pam/scenarios/debug-tells-more-but-never-an-answer.scenario \
	tests/pam/scenarios/eight-digits-of-sha256.scenario \
	tests/pam/scenarios/english-where-the-configuration-says-so.scenario \
	tests/pam/scenarios/every-bad-argument-is-logged.scenario \
	tests/pam/scenarios/five-wrong-activation-passwords-burn.scenario \
	tests/pam/scenarios/forward-pass-hands-nothing-on-without-success.scenario \
	tests/pam/scenarios/forward-pass-hands-the-password-on.scenario \
	tests/pam/scenarios/forward-pass-of-eight-digits.scenario \
	tests/pam/scenarios/full-width-digits-are-digits.scenario \
	tests/pam/scenarios/grace-for-the-same-user-service-and-source.scenario \
	tests/pam/scenarios/grace-is-not-granted-without-the-argument.scenario \
	tests/pam/scenarios/grace-still-hands-the-password-on.scenario \
	tests/pam/scenarios/grace-of-a-neighbourhood-in-ipv6.scenario \
	tests/pam/scenarios/hotp-codes-open.scenario \
	tests/pam/scenarios/maxtries-only-once-it-is-locked.scenario \
	tests/pam/scenarios/no-activation-password-is-no-try.scenario \
	tests/pam/scenarios/no-activation-password-where-the-policy-wants-none.scenario \
	tests/pam/scenarios/no-source-no-grace.scenario \
	tests/pam/scenarios/setcred-and-account-need-no-authenticate.scenario \
	tests/pam/scenarios/shown-passwords-are-an-argument-error.scenario \
	tests/pam/scenarios/silent-hides-the-explanation-not-the-prompt.scenario \
	tests/pam/scenarios/start-of-use-at-the-counter-only.scenario \
	tests/pam/scenarios/start-of-use-in-a-login.scenario \
	tests/pam/scenarios/start-of-use-left-to-other-factors.scenario \
	tests/pam/scenarios/start-of-use-with-password-and-code-in-one.scenario \
	tests/pam/scenarios/suspended-while-the-prompt-is-open.scenario \
	tests/pam/scenarios/ten-wrong-codes-lock.scenario \
	tests/pam/scenarios/the-account-stage-may-deny-the-locked.scenario \
	tests/pam/scenarios/the-account-stage.scenario \
	tests/pam/scenarios/the-language-of-the-locale.scenario \
	tests/pam/scenarios/the-prompt-can-be-given.scenario \
	tests/pam/scenarios/the-prompt-in-japanese.scenario \
	tests/pam/scenarios/the-shipped-stack-opens.scenario \
	tests/pam/scenarios/the-source-is-an-address-not-a-name.scenario \
	tests/pam/scenarios/the-steps-beside-now-are-accepted-in-order.scenario \
	tests/pam/scenarios/try-and-use-first-pass-is-use.scenario \
	tests/pam/scenarios/try-first-and-forward-pass.scenario \
	tests/pam/scenarios/try-first-pass-is-judged-and-counted.scenario \
	tests/pam/scenarios/try-first-pass-needs-no-prompt-when-right.scenario \
	tests/pam/scenarios/try-first-pass-then-asks.scenario \
	tests/pam/scenarios/two-lines-of-ours-want-two-codes.scenario \
	tests/pam/scenarios/unregistered-is-ignored-with-nullok.scenario \
	tests/pam/scenarios/unregistered-is-ignored-with-unregistered=ignore.scenario \
	tests/pam/scenarios/use-first-pass-asks-nothing.scenario \
	tests/pam/scenarios/use-first-pass-counts-a-wrong-code.scenario \
	tests/pam/scenarios/use-first-pass-takes-a-bare-code.scenario \
	tests/pam/scenarios/use-first-pass-takes-no-recovery-code.scenario \
	tests/pam/scenarios/use-first-pass-without-one-is-refused.scenario \
	tests/pam/scenarios/what-is-no-code-does-not-count.scenario
EXTRA_DIST += tests/pam/programs.bash $(AKITA_SCENARIOS)

tests_pam_test_args_SOURCES = tests/pam/test_args.c pam/args.c
tests_pam_test_parts_SOURCES = \
	tests/pam/test_parts.c \
	pam/pass.c \
	pam/source.c \
	pam/wire.c
tests_pam_test_parts_LDADD = $(LDADD) $(PAM_LIBS)

# Its exported symbols stand before those of the C library.
tests_pam_test_scenarios_SOURCES = \
	tests/pam/scenario.c \
	tests/pam/scene.c \
	tests/pam/scene.h \
	$(AKITA_PAM_WORLD)
tests_pam_test_scenarios_LDADD = $(LDADD) $(PAM_LIBS)
tests_pam_test_scenarios_LDFLAGS = $(AM_LDFLAGS) -Wl,--export-dynamic

tests_pam_test_faults_SOURCES = tests/pam/test_faults.c tests/pam/faults.c \
	tests/pam/faults.h tests/pam/faults_more.c $(AKITA_PAM_WORLD)
tests_pam_test_faults_LDADD = $(LDADD) $(PAM_LIBS)
tests_pam_test_faults_LDFLAGS = $(AM_LDFLAGS) -Wl,--export-dynamic
tests_pam_test_files_SOURCES = tests/pam/test_files.c $(AKITA_PAM_WORLD)
tests_pam_test_files_LDADD = $(LDADD) $(PAM_LIBS)
tests_pam_test_files_LDFLAGS = $(AM_LDFLAGS) -Wl,--export-dynamic
tests_pam_test_helper_SOURCES = \
	tests/pam/test_helper.c \
	pam/helper_client.c \
	pam/helper_run.c \
	pam/wire.c
tests_pam_test_helper_real_SOURCES = \
	tests/pam/test_helper_real.c \
	tests/pam/world.c \
	tests/pam/world.h \
	pam/helper_client.c \
	pam/helper_run.c \
	pam/wire.c
tests_pam_test_memory_SOURCES = tests/pam/test_memory.c $(AKITA_PAM_WORLD)
tests_pam_test_memory_LDADD = $(LDADD) $(PAM_LIBS)
tests_pam_test_memory_LDFLAGS = $(AM_LDFLAGS) -Wl,--export-dynamic
tests_pam_test_host_SOURCES = tests/pam/test_host.c $(AKITA_PAM_WORLD)
tests_pam_test_host_LDADD = $(LDADD) $(PAM_LIBS)
tests_pam_test_host_LDFLAGS = $(AM_LDFLAGS) -Wl,--export-dynamic

# A module that stands beside ours in test stacks.
check_LTLIBRARIES += tests/pam/pam_probe.la
tests_pam_pam_probe_la_SOURCES = tests/pam/probe.c
tests_pam_pam_probe_la_LIBADD = $(PAM_LIBS)
# -rpath: libtool makes a shared object of what is not installed.
tests_pam_pam_probe_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version \
	-shared -rpath /nowhere
