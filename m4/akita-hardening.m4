# akita-hardening.m4: every compiler and linker flag that is ours, probed.
#
# AKITA_HARDENING sets, for Makefile.am and the local.mk files:
#   AKITA_CFLAGS          warnings, visibility, hardening; for every object
#   AKITA_CPPFLAGS        _FORTIFY_SOURCE where it applies
#   AKITA_LDFLAGS         relro, as-needed, noexecstack; for every link
#   AKITA_NOW_LDFLAGS     -z now; for programs
#   AKITA_MODULE_LDFLAGS  -z defs and -z now; for the PAM module
#   AKITA_PIE_CFLAGS, AKITA_PIE_LDFLAGS   for programs
#   AKITA_FUZZ_LDFLAGS    for the targets in tests/fuzz
# and the conditionals ENABLE_SANITIZERS and ENABLE_FUZZING.
# CFLAGS, CPPFLAGS and LDFLAGS stay the user's.

# AKITA_CC_FLAG(VARIABLE, FLAG): append FLAG where the compiler takes it.
AC_DEFUN([AKITA_CC_FLAG], [
	AS_VAR_PUSHDEF([cache], [akita_cv_cc_$2])
	AC_CACHE_CHECK([whether $CC takes $2], [cache], [
		akita_save_CFLAGS=$CFLAGS
		CFLAGS="$CFLAGS -Werror $2"
		AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[]], [[]])],
		    [AS_VAR_SET([cache], [yes])], [AS_VAR_SET([cache], [no])])
		CFLAGS=$akita_save_CFLAGS
	])
	AS_VAR_IF([cache], [yes], [AS_VAR_APPEND([$1], [" $2"])])
	AS_VAR_POPDEF([cache])
])

# AKITA_LD_FLAG(VARIABLE, FLAG): append FLAG where the linker takes it.
AC_DEFUN([AKITA_LD_FLAG], [
	AS_VAR_PUSHDEF([cache], [akita_cv_ld_$2])
	AC_CACHE_CHECK([whether linking takes $2], [cache], [
		akita_save_LDFLAGS=$LDFLAGS
		LDFLAGS="$LDFLAGS -Werror $2"
		AC_LINK_IFELSE([AC_LANG_PROGRAM([[]], [[]])],
		    [AS_VAR_SET([cache], [yes])], [AS_VAR_SET([cache], [no])])
		LDFLAGS=$akita_save_LDFLAGS
	])
	AS_VAR_IF([cache], [yes], [AS_VAR_APPEND([$1], [" $2"])])
	AS_VAR_POPDEF([cache])
])

AC_DEFUN([AKITA_HARDENING], [
AC_ARG_ENABLE([werror], [AS_HELP_STRING([--enable-werror],
    [warnings are errors (for development)])], [], [enable_werror=no])
AC_ARG_ENABLE([sanitizers], [AS_HELP_STRING([--enable-sanitizers],
    [build everything with AddressSanitizer and
     UndefinedBehaviorSanitizer (for tests)])], [], [enable_sanitizers=no])
AC_ARG_ENABLE([fuzzing], [AS_HELP_STRING([--enable-fuzzing],
    [build the libFuzzer targets in tests/fuzz; needs clang, implies
     --enable-sanitizers])], [], [enable_fuzzing=no])
AC_ARG_ENABLE([lazy-binding], [AS_HELP_STRING([--enable-lazy-binding],
    [let the PAM module resolve symbols on first use, not when loaded])],
    [], [enable_lazy_binding=no])
AS_IF([test "$enable_fuzzing" = yes], [enable_sanitizers=yes])
AM_CONDITIONAL([ENABLE_SANITIZERS], [test "$enable_sanitizers" = yes])
AM_CONDITIONAL([ENABLE_FUZZING], [test "$enable_fuzzing" = yes])

AKITA_CFLAGS=
AKITA_CPPFLAGS=
AKITA_LDFLAGS=
AKITA_NOW_LDFLAGS=
AKITA_MODULE_LDFLAGS=
AKITA_PIE_CFLAGS=
AKITA_PIE_LDFLAGS=
AKITA_FUZZ_LDFLAGS=

m4_foreach_w([akita_flag], [
    -Wall -Wextra -Wshadow -Wconversion -Wsign-conversion
    -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
    -Wmissing-declarations -Wformat=2 -Wformat-signedness
    -Wpointer-arith -Wcast-qual -Wwrite-strings -Wundef
    -Wnested-externs -Wredundant-decls -Wvla
    -Wimplicit-fallthrough -Wnull-dereference
    -Wduplicated-cond -Wduplicated-branches -Wlogical-op
    -Walloca -Wdate-time
    -Werror=implicit-function-declaration -Werror=return-type
    -Werror=incompatible-pointer-types
    -fvisibility=hidden -fno-strict-aliasing -fno-common],
    [AKITA_CC_FLAG([AKITA_CFLAGS], akita_flag)])

# A long sentence in a table is no forgotten comma.
akita_concatenation=
AKITA_CC_FLAG([akita_concatenation], [-Wstring-concatenation])
AS_IF([test -n "$akita_concatenation"],
    [AS_VAR_APPEND([AKITA_CFLAGS], [" -Wno-string-concatenation"])])

AS_IF([test "$enable_sanitizers" = yes], [
	akita_san=-fsanitize=address,undefined
	AS_IF([test "$enable_fuzzing" = yes],
	    [akita_san=-fsanitize=fuzzer-no-link,address,undefined
	     AKITA_FUZZ_LDFLAGS=-fsanitize=fuzzer])
	akita_save_CFLAGS=$CFLAGS
	CFLAGS="$CFLAGS $akita_san"
	AC_MSG_CHECKING([whether $CC links with $akita_san])
	AC_LINK_IFELSE([AC_LANG_PROGRAM([[]], [[]])], [AC_MSG_RESULT([yes])],
	    [AC_MSG_RESULT([no])
	     AC_MSG_ERROR([this compiler cannot build with $akita_san])])
	CFLAGS=$akita_save_CFLAGS
	AS_VAR_APPEND([AKITA_CFLAGS], [" $akita_san"])
	AS_VAR_APPEND([AKITA_CFLAGS], [" -fno-sanitize-recover=undefined"])
	AS_VAR_APPEND([AKITA_CFLAGS], [" -fno-omit-frame-pointer"])
	AS_VAR_APPEND([AKITA_LDFLAGS], [" $akita_san"])
], [
	m4_foreach_w([akita_flag], [
	    -fstack-protector-strong -fstack-clash-protection
	    -fcf-protection -ftrivial-auto-var-init=zero],
	    [AKITA_CC_FLAG([AKITA_CFLAGS], akita_flag)])
	AC_CACHE_CHECK([whether to define _FORTIFY_SOURCE],
	    [akita_cv_fortify], [
		AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[
#if !defined __OPTIMIZE__ || defined _FORTIFY_SOURCE
#error no
#endif
#include <string.h>
		]], [[]])], [akita_cv_fortify=yes], [akita_cv_fortify=no])
	])
	AS_IF([test "$akita_cv_fortify" = yes],
	    [AKITA_CPPFLAGS=-D_FORTIFY_SOURCE=2])
	# The sanitizers' own symbols come from the program that loads the
	# module, so -z defs is for ordinary builds only.
	AKITA_LD_FLAG([AKITA_MODULE_LDFLAGS], [-Wl,-z,defs])
])

m4_foreach_w([akita_flag], [-Wl,-z,relro -Wl,-z,noexecstack -Wl,--as-needed],
    [AKITA_LD_FLAG([AKITA_LDFLAGS], akita_flag)])
AKITA_LD_FLAG([AKITA_NOW_LDFLAGS], [-Wl,-z,now])
AS_IF([test "$enable_lazy_binding" = yes],
    [AKITA_LD_FLAG([AKITA_MODULE_LDFLAGS], [-Wl,-z,lazy])],
    [AS_VAR_APPEND([AKITA_MODULE_LDFLAGS], [" $AKITA_NOW_LDFLAGS"])])
AKITA_CC_FLAG([AKITA_PIE_CFLAGS], [-fPIE])
AKITA_LD_FLAG([AKITA_PIE_LDFLAGS], [-pie])

# The same sources give the same bytes in any directory.
AKITA_CC_FLAG([akita_prefix_map], [-ffile-prefix-map=/x=y])
AS_IF([test -n "$akita_prefix_map"], [
	AS_VAR_APPEND([AKITA_CFLAGS],
	    [' -ffile-prefix-map=$(abs_top_builddir)=.'])
	AS_VAR_APPEND([AKITA_CFLAGS],
	    [' -ffile-prefix-map=$(abs_top_srcdir)=.'])
	AS_VAR_APPEND([AKITA_CFLAGS], [' -ffile-prefix-map=$(top_srcdir)/='])
])
AS_IF([test "$enable_werror" = yes],
    [AS_VAR_APPEND([AKITA_CFLAGS], [" -Werror"])])

AC_SUBST([AKITA_CFLAGS])
AC_SUBST([AKITA_CPPFLAGS])
AC_SUBST([AKITA_LDFLAGS])
AC_SUBST([AKITA_NOW_LDFLAGS])
AC_SUBST([AKITA_MODULE_LDFLAGS])
AC_SUBST([AKITA_PIE_CFLAGS])
AC_SUBST([AKITA_PIE_LDFLAGS])
AC_SUBST([AKITA_FUZZ_LDFLAGS])
])
