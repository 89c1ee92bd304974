#!/usr/bin/env bats
# Rules of the sources (rules.sh), each first shown to find a planted breach.

bats_require_minimum_version 1.5.0

setup() {
	AKITA_SRC=${AKITA_SRC:-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}
	lint_here=$BATS_TEST_DIRNAME
	. "$lint_here/rules.sh"
	bad=$BATS_TEST_TMPDIR/bad
	mkdir -p "$bad/common" "$bad/pam" "$bad/cli" "$bad/tests/unit" "$bad/po"
	for dir in common pam cli tests/unit; do
		: >"$bad/$dir/local.mk"
	done
}

# plant FILE: standard input becomes FILE of the bad tree.
plant() {
	cat >"$bad/$1"
}

# finds RULE TEXT: the rule prints TEXT about the bad tree.
finds() {
	cd "$bad"
	run -0 "$1"
	[[ $output == *"$2"* ]] || {
		echo "$1 said: $output"
		false
	}
}

# clean RULE: the rule has nothing to say about our tree.
clean() {
	cd "$AKITA_SRC"
	run -0 "$1"
	[ -z "$output" ] || {
		echo "$output"
		false
	}
}

@test "a file of common/ includes only its own rank or lower" {
	echo '/* a.h (rank 0): x */' | plant common/a.h
	echo '/* b.h (rank 2): x */' | plant common/b.h
	echo '#include "common/b.h"' | plant common/a_part.c
	finds rule_ranks "common/a_part.c:1: rank 0 includes common/b.h"
	echo '/* no rank */' | plant common/c.h
	finds rule_ranks "common/c.h none"
	clean rule_ranks
}

@test "pam/ and cli/ include common/ and their own folder only" {
	echo '#include "cli/ask.h"' | plant pam/x.c
	finds rule_folders "pam/x.c:1"
	clean rule_folders
}

@test "each library is known to one place only" {
	echo '#include <gdbm.h>' | plant common/record.c
	finds rule_libraries "common/record.c:1"
	echo '#include <qrencode.h>' | plant cli/main.c
	finds rule_libraries "cli/main.c:1"
	clean rule_libraries
}

@test "PAM_SUCCESS is an answer once, PAM_IGNORE at most once" {
	printf '%s\n' 'a = PAM_SUCCESS; /* PAM_IGNORE */' \
	    'if (pam_get_item(x) != PAM_SUCCESS)' 'return PAM_SUCCESS;' |
	    plant pam/x.c
	finds rule_answers "PAM_SUCCESS 2 times, PAM_IGNORE 0 times"
	clean rule_answers
}

@test "every sentence of a failure is marked for translation" {
	printf '%s\n' 'return akita_fail(why, rc,' '    "bad %s", x, NULL);' \
	    'return akita_fail(why, rc, AKITA_N("good"), NULL);' |
	    plant common/x.c
	finds rule_words 'common/x.c: akita_fail(why, rc,     "'
	[ "${#lines[@]}" -eq 1 ]
	clean rule_words
}

@test "no function has over 80 lines and no file over 500" {
	{ echo 'int f(void)'; echo '{'; seq -f '/* %g */' 90; echo '}'; } |
	    plant common/long.c
	finds rule_sizes "a function of 91 lines"
	seq -f '/* %g */' 501 | plant pam/long.c
	finds rule_sizes "pam/long.c: 501 lines"
	clean rule_sizes
}

@test "code inside a host calls nothing that ends, prints, waits or changes it" {
	printf '%s\n' '/* exit(1) */' 's = "abort()";' 'now = time (NULL);' \
	    'x->time(1);' | plant common/x.c
	finds rule_calls "common/x.c:3: calls time"
	[ "${#lines[@]}" -eq 1 ]
	clean rule_calls
}

@test "nothing says that it was left for later" {
	echo "/* TO""DO: all of it */" | plant cli/x.c
	finds rule_leftovers "cli/x.c:1"
	clean rule_leftovers
}

@test "no test is written so that it cannot fail" {
	echo "	false || tr""ue" | plant tests/unit/x.bats
	finds rule_tests "tests/unit/x.bats:1"
	clean rule_tests
}

@test "every header has the include guard of its name" {
	echo '#ifndef OTHER_H' | plant common/x.h
	finds rule_guards "common/x.h: no include guard AKITA_X_H"
	clean rule_guards
}

@test "every header of common/ compiles by itself" {
	echo 'size_t f(void);' | plant common/x.h
	finds rule_headers_alone "common/x.h: does not compile by itself"
	clean rule_headers_alone
}

@test "sources keep to about 80 columns, without blanks at the end of a line" {
	{ printf '\t%081d\n' 0; echo 'int x; '; } | plant common/x.c
	finds rule_layout "common/x.c:1: 89 columns"
	finds rule_layout "common/x.c:2:"
	clean rule_layout
}

@test "every source and test is named in the local.mk of its folder" {
	: >"$bad/common/x.c"
	finds rule_listed "common/x.c: not in common/local.mk"
	clean rule_listed
}
