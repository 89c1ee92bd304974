#!/usr/bin/env bats
# Shell scripts are read by shellcheck.

bats_require_minimum_version 1.5.0

setup() {
	AKITA_SRC=${AKITA_SRC:-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}
	command -v shellcheck >/dev/null || skip "shellcheck is missing"
	cd "$AKITA_SRC"
}

# Files that begin with a shell's #! line, and the lint library.
scripts() {
	find bootstrap .ci scripts tests etc -type f ! -name '*.bats' \
	    ! -name '*.in' 2>/dev/null | LC_ALL=C sort |
	while read -r file; do
		case $(head -n 1 "$file" | tr -d '\0') in
		'#!'*/sh*|'#!'*/bash*|'#!'*'env bash'*|'# shellcheck shell='*)
			echo "$file" ;;
		esac
	done
}

@test "shellcheck has nothing to say about any script" {
	[ -n "$(scripts)" ]
	scripts | xargs shellcheck --severity=style --external-sources
}

@test "every script is executable" {
	for file in $(scripts); do
		case $(head -n 1 "$file") in
		'#!'*) [ -x "$file" ] || { echo "$file"; false; } ;;
		esac
	done
}
