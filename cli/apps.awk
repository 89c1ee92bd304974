# apps.awk: apps.data as a C table.
function word(s) {
	if (s == "yes") return "AKITA_APP_YES"
	if (s == "no") return "AKITA_APP_NO"
	if (s == "?") return "AKITA_APP_UNKNOWN"
	printf "%s:%d: \"%s\" is none of yes, no, ?\n", FILENAME, FNR, s \
	    >"/dev/stderr"
	failed = 1
	exit 1
}
BEGIN {
	print "/* Generated from cli/apps.data: edit that. */"
	print "static const struct akita_app apps[] = {"
}
/^#/ || NF == 0 { next }
NF != 7 {
	printf "%s:%d: not 7 columns\n", FILENAME, FNR >"/dev/stderr"
	failed = 1
	exit 1
}
{
	printf "\t{ \"%s\", { ", $1
	for (i = 2; i <= 7; i++)
		printf "%s%s", word($i), i < 7 ? ",\n\t    " : " } },\n"
}
END {
	if (failed)
		exit 1
	print "};"
}
