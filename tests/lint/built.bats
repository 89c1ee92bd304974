#!/usr/bin/env bats
# What was built: exported symbols, needed libraries, hardening.

bats_require_minimum_version 1.5.0

setup() {
	AKITA_SRC=${AKITA_SRC:-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}
	module=$AKITA_BUILD/pam/.libs/pam_akita_otp.so
	otpadm=$AKITA_BUILD/otpadm
	sanitized=$(grep -c '^AKITA_LDFLAGS = .*-fsanitize' \
	    "$AKITA_BUILD/Makefile" || [ $? -eq 1 ])
}

needed() {
	readelf -dW "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
	    grep -Ev '^lib(asan|ubsan)\.so' | LC_ALL=C sort
}

@test "the module exports its three entry points and nothing else" {
	run -0 sh -c "nm -D --defined-only '$module' | sed 's/@.*//' |
	    awk '{print \$3}' | LC_ALL=C sort"
	[ "$output" = "$(printf '%s\n' pam_sm_acct_mgmt \
	    pam_sm_authenticate pam_sm_setcred)" ]
}

@test "the module needs libpam, libcrypto, gdbm, inih and libc only" {
	run -0 needed "$module"
	[ -n "$output" ]
	for lib in "${lines[@]}"; do
		case $lib in
		libpam.so.0|libcrypto.so.3|libgdbm.so.6|libinih.so.1) ;;
		libc.so.6|ld-linux*) ;;
		libm.so.6|libgcc_s.so.1|libdl.so.2|librt.so.1|libpthread.so.0)
			# the runtime of the sanitizers
			[ "$sanitized" -gt 0 ] ;;
		*)
			echo "$lib"
			false ;;
		esac
	done
}

@test "otpadm loads nothing that draws pages" {
	run -0 needed "$otpadm"
	[ -n "$output" ]
	for lib in "${lines[@]}"; do
		case $lib in
		*pango*|*cairo*|*libxml2*|*fontconfig*|*glib*)
			echo "$lib"
			false ;;
		esac
	done
}

@test "module and programs have full relro, no executable stack, and are PIE" {
	for file in "$module" "$otpadm" "$AKITA_BUILD/akita-otp-helper"; do
		readelf -lW "$file" >"$BATS_TEST_TMPDIR/l"
		readelf -dW "$file" >"$BATS_TEST_TMPDIR/d"
		readelf -hW "$file" | grep -q 'Type: *DYN'
		grep -q GNU_RELRO "$BATS_TEST_TMPDIR/l"
		grep -E 'GNU_STACK .* RW ' "$BATS_TEST_TMPDIR/l"
		grep -E 'BIND_NOW|FLAGS_1.*NOW' "$BATS_TEST_TMPDIR/d"
		run ! grep -E 'RPATH|RUNPATH|TEXTREL' "$BATS_TEST_TMPDIR/d"
	done
}

@test "no path of the build stands in what is installed" {
	[ "$sanitized" -eq 0 ] || skip "sanitizers keep file names"
	for file in "$module" "$otpadm" "$AKITA_BUILD/akita-otp-helper"; do
		run ! grep -aF -e "$AKITA_SRC/" -e "$AKITA_BUILD/" "$file"
	done
}
