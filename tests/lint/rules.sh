# shellcheck shell=sh
# The rules of the sources.  Each function looks at the tree in the current
# directory and prints one line for each breach: nothing printed is good.

lint_here=${lint_here:-$(dirname "$0")}

# code FILE...: FILE:LINE:CODE without comments and strings.
code() {
	[ $# -gt 0 ] || return 0
	LC_ALL=C awk -f "$lint_here/strip.awk" "$@"
}

sources() {
	find "$@" -name '*.[ch]' ! -name words_ja.h 2>/dev/null | LC_ALL=C sort
}

# Code that runs inside the program that logs somebody in: all of common/, and
# pam/ but the helper, which is a program of its own.
hosted() {
	sources common pam | grep -Ev '^pam/helper_(main|serve)\.c$'
}

# "FILE RANK" for everything in common/: the rank stands in the first comment;
# a .c file without one has the rank of the header whose name its own starts
# with (store_gdbm.c: store.h).
rank_table() {
	sources common | while read -r file; do
		stem=${file%.[ch]}
		rank=
		while :; do
			for try in "$file" "$stem.h"; do
				[ -f "$try" ] || continue
				rank=$(sed -n '1,5s/.*(rank \([0-9]\)).*/\1/p' \
				    "$try" | head -n 1)
				[ -z "$rank" ] || break 2
			done
			case $stem in
			*_*) stem=${stem%_*} ;;
			*) break ;;
			esac
		done
		echo "$file ${rank:-none}"
	done
}

# Everything in common/ has a rank, and includes only its own or lower.
rule_ranks() {
	table=$(rank_table)
	echo "$table" | grep ' none$'
	# shellcheck disable=SC2046 # file names of ours have no blanks
	code $(sources common) |
	sed -n 's/^\([^:]*\):\([0-9]*\):#[ \t]*include "\([^"]*\)".*/\1 \2 \3/p' |
	{ echo "$table"; echo --; cat; } | awk '
	/^--$/ { body = 1; next }
	!body { rank[$1] = $2; next }
	$3 == "config.h" || $3 == "common/words_ja.h" { next }
	!($3 in rank) { print $1 ":" $2 ": includes " $3 ", not of common/" }
	rank[$3] > rank[$1] {
		print $1 ":" $2 ": rank " rank[$1] " includes " $3 \
		    " of rank " rank[$3]
	}'
}

# pam/ and cli/ include common/ and their own folder, from the top.
rule_folders() {
	for dir in pam cli; do
		# shellcheck disable=SC2046
		code $(sources "$dir") |
		grep -E ':#[ 	]*include "' |
		grep -Ev "include \"(common/|$dir/|config\\.h\")"
	done
	return 0
}

# A library is known to one place only.
rule_libraries() {
	# shellcheck disable=SC2046
	code $(sources common pam cli) | grep -E ':#[ 	]*include <' |
	grep -Ev '^common/store_gdbm[a-z_]*\.[ch]:.*<gdbm\.h>' |
	grep -Ev '^cli/(qr|sheet)[a-z_]*\.[ch]:.*<qrencode\.h>' |
	grep -Ev '^common/(crypto|secret)[a-z_]*\.[ch]:.*<openssl/' |
	grep -Ev '^common/settings[a-z_]*\.[ch]:.*<ini\.h>' |
	grep -Ev '^cli/[a-z_]*\.[ch]:.*<(jansson|libsmartcols|libsmartcols/.*|png)\.h>' |
	grep -Ev '^cli/sheet[a-z_]*\.[ch]:.*<(pango|cairo)' |
	grep -Ev '^pam/[a-z_]*\.[ch]:.*<security/' |
	grep -E '<(gdbm|qrencode|ini|jansson|libsmartcols|png|pango|cairo|openssl|security|curl|sqlite3|libpq-fe|iconv|libintl)'
	return 0
}

# pam/ says PAM_SUCCESS as an answer once and PAM_IGNORE at most once.  A
# comparison with what another function returned is no answer.
rule_answers() {
	# shellcheck disable=SC2046
	code $(sources pam | grep '\.c$') | awk '
	{
		line = $0
		while (match(line, /[=!]= *PAM_(SUCCESS|IGNORE)/))
			line = substr(line, 1, RSTART - 1) \
			    substr(line, RSTART + RLENGTH)
		n = gsub(/PAM_SUCCESS/, "", line)
		if (n > 0) {
			success += n
			where = where "\n  " $0
		}
		n = gsub(/PAM_IGNORE/, "", line)
		if (n > 0) {
			ignore += n
			where = where "\n  " $0
		}
	}
	END {
		if (success > 1 || ignore > 1)
			print "pam/: PAM_SUCCESS " success + 0 " times, " \
			    "PAM_IGNORE " ignore + 0 " times:" where
	}'
}

# A sentence is marked where it stands, or nobody translates it: the first
# string of akita_fail is in AKITA_N, that of akita_words in akita_tr instead.
rule_words() {
	for file in $(sources common pam cli); do
		code "$file" | sed 's/^[^:]*:[0-9]*://' | tr '\n\t' '  ' |
		grep -oE 'akita_fail *\([^";]*"|akita_words(_ja1)? *\([^";()]*"' |
		grep -vE 'AKITA_N *\( *"$' | sed "s,^,$file: ,"
	done
	return 0
}

# No function over 80 lines, no file over 500.
rule_sizes() {
	for file in $(sources common pam cli tests); do
		awk '
		/^\{/ { start = FNR }
		/^\}/ {
			if (start && FNR - start > 80)
				print FILENAME ":" start ": a function of " \
				    FNR - start " lines"
			start = 0
		}
		END {
			if (FNR > 500)
				print FILENAME ": " FNR " lines"
		}' "$file"
	done
}

# What code inside a host must not call: what ends, prints, waits or changes
# anything of the host, and what is not safe in threads or against overflow.
rule_calls() {
	# shellcheck disable=SC2046
	code $(hosted) | awk '
	BEGIN {
		# name: the only files that may call it
		allow["syslog"] = allow["vsyslog"] = "common/event.c"
		allow["clock_gettime"] = "common/os.c"
		allow["nanosleep"] = "common/os.c"
		allow["clock_nanosleep"] = "common/os.c"
		allow["getrandom"] = "common/os.c"
		# the language of the prompt
		allow["secure_getenv"] = "pam/login.c"
		# the child between fork and exec
		allow["_exit"] = "pam/helper_run.c pam/helper.c"
		allow["sigaction"] = "pam/helper_run.c pam/helper.c"
		no = "exit _exit quick_exit abort assert atexit longjmp " \
		    "printf vprintf puts putchar putc fputs fputc fprintf " \
		    "vfprintf dprintf perror err errx warn warnx psignal " \
		    "syslog vsyslog openlog closelog setlogmask " \
		    "setlocale uselocale umask chdir fchdir chroot " \
		    "setenv putenv unsetenv clearenv getenv secure_getenv " \
		    "signal sigaction sigset alarm setitimer ualarm " \
		    "sleep usleep nanosleep clock_nanosleep " \
		    "system popen daemon setsid " \
		    "time gettimeofday clock_gettime clock " \
		    "rand srand random srandom drand48 arc4random " \
		    "getrandom RAND_bytes " \
		    "getpwnam getpwuid getpwent getgrnam getgrgid getspnam " \
		    "getlogin ttyname strtok gmtime localtime " \
		    "ctime asctime readdir_r inet_ntoa gethostbyname " \
		    "strcat sprintf vsprintf gets scanf sscanf " \
		    "atoi atol strncpy alloca tmpnam mktemp lockf " \
		    "gdbm_recover gdbm_reorganize " \
		    "gdbm_failure_atomic ERR_print_errors_fp " \
		    "OPENSSL_init_crypto OPENSSL_cleanup CONF_modules_load"
		n = split(no, names, " ")
		for (i = 1; i <= n; i++)
			forbidden[names[i]] = 1
	}
	{
		split($0, part, ":")
		line = substr($0, length(part[1]) + length(part[2]) + 3)
		at[NR] = part[1] ":" part[2]
		file[NR] = part[1]
		text[NR] = line
		# a function of our own by that name, in this file
		if (match(line, /^[a-z_0-9]+\(/))
			own[part[1], substr(line, 1, RLENGTH - 1)] = 1
	}
	# a member (clock->now) is no name of a library
	END {
		for (i = 1; i <= NR; i++) {
			line = text[i]
			while (match(line, /[A-Za-z_0-9.>]+[ \t]*\(/)) {
				name = substr(line, RSTART, RLENGTH - 1)
				line = substr(line, RSTART + RLENGTH)
				sub(/[ \t]+$/, "", name)
				if (name in forbidden &&
				    !((file[i], name) in own) &&
				    index(" " allow[name] " ",
				    " " file[i] " ") == 0)
					print at[i] ": calls " name
			}
		}
	}'
}

# Words that say a thing was left for later.
rule_leftovers() {
	# Spelled so that this file does not find itself.
	grep -rnEIi "\\b(TO""DO|FIX""ME|XX""X|HA""CK|place""holder|not (yet )?imple""mented|for n""ow)\\b" \
	    common pam cli etc po scripts tests configure.ac Makefile.am m4/akita* \
	    README* HACKING SECURITY NEWS .ci \
	    --include='*' --exclude='*.log' --exclude='*.trs' 2>/dev/null |
	    grep -v '^Binary'
	return 0
}

# No test that cannot fail.
rule_tests() {
	# Spelled so that this file does not find itself.
	grep -rnE '\|\| *true *$|assert_true\((1|true)\)|\bskip\(\)'";" \
	    tests --include='*.bats' --include='*.c' --include='*.sh' \
	    --include='*.exp' 2>/dev/null
	return 0
}

# Every header has its guard by its path, and needs no other before it.
rule_guards() {
	for file in $(sources common pam cli | grep '\.h$'); do
		base=${file##*/}
		guard=AKITA_$(echo "${base%.h}" | tr 'a-z-' 'A-Z_')_H
		grep -Eq "^#ifndef ($guard|AKITA_$(echo "${file%.h}" |
		    tr 'a-z/-' 'A-Z__')_H)\$" "$file" ||
			echo "$file: no include guard $guard"
	done
}

# Compiled headers: each stands alone.
rule_headers_alone() {
	for file in $(sources common | grep '\.h$'); do
		echo "#include \"$file\"" |
		    "${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -I. -fsyntax-only \
		    -Wall -Werror -x c - >/dev/null 2>&1 ||
			echo "$file: does not compile by itself"
	done
}

# Lines of C aim at 80 columns, with tabs of eight, and never pass 88; no blank
# stands at the end of one.
rule_layout() {
	# shellcheck disable=SC2046
	set -- $(sources common pam cli tests)
	[ $# -gt 0 ] || return 0
	LC_ALL=C grep -nE '[ 	]$' "$@" /dev/null |
	    sed 's/:[^:]*$/: blank at the end of the line/'
	for file in "$@"; do
		expand "$file" | LC_ALL=C.UTF-8 awk -v f="$file" '
		# bytes that continue a character of UTF-8 take no column
		{ s = $0; gsub(/[\200-\277]/, "", s) }
		length(s) > 88 { print f ":" NR ": " length(s) " columns" }'
	done
}

# Every tracked source is named in the build, so that it is in a tarball.
rule_listed() {
	for file in $(sources common pam cli); do
		grep -qF "$file" "${file%%/*}/local.mk" ||
			echo "$file: not in ${file%%/*}/local.mk"
	done
	for file in $(find tests -name '*.bats' | LC_ALL=C sort); do
		dir=${file%/*}
		grep -qF "$file" "$dir/local.mk" ||
			echo "$file: not in $dir/local.mk"
	done
	for file in $(find tests/unit tests/pam tests/fault tests/fuzz \
	    -name '*.[ch]' | LC_ALL=C sort); do
		dir=${file%/*}
		grep -qE "${file%.[ch]}(\\.[ch])?( |\$)" "$dir/local.mk" ||
			echo "$file: not in $dir/local.mk"
	done
}
