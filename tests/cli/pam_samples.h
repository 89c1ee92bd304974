/*
 * pam_samples.h: stacks, and what there is to say of each.  Adding one is a
 * line here; the text is that of the service "s", "== NAME" begins another file
 * beside it, and % stands for the directory of modules.
 */
#ifndef AKITA_TESTS_PAM_SAMPLES_H
#define AKITA_TESTS_PAM_SAMPLES_H

#include "cli/pamstack.h"

#define SAFE		AKITA_PAM_SAFE
#define ABSENT		AKITA_PAM_ABSENT
#define ENDED		AKITA_PAM_ENDED
#define JUMPED		AKITA_PAM_JUMPED
#define IGNORED		AKITA_PAM_IGNORED
#define OVERRULED	AKITA_PAM_OVERRULED
#define UNKNOWN		AKITA_PAM_UNKNOWN
#define CHOSEN		AKITA_PAM_CHOSEN
#define ROOT		AKITA_PAM_ROOT
#define CLOSED		AKITA_PAM_CLOSED

#define OTP		"pam_akita_otp.so"
#define DECOY		"auth [success=1 default=ignore] pam_unix.so\n" \
			"auth requisite " OTP " decoy\n"
#define DEBIAN		"auth [success=1 default=ignore] pam_unix.so\n" \
			"auth requisite pam_deny.so\n" \
			"auth required pam_permit.so\n"
#define DEBIAN_ACCOUNT	"account [success=1 new_authtok_reqd=done " \
			"default=ignore] pam_unix.so\n" \
			"account requisite pam_deny.so\n" \
			"account required pam_permit.so\n"

struct sample {
	const char	*about;
	enum akita_pam_flaw flaw;
	const char	*guilty;	/* "file:line", or NULL */
	const char	*text;
};

static const struct sample auth_samples[] = {
	{ "ours alone", SAFE, NULL, "auth required " OTP "\n" },
	{ "the decoy and ours", SAFE, NULL, DECOY "auth required " OTP "\n" },
	{ "requisite", SAFE, NULL, "auth requisite " OTP "\n"
	    "auth required pam_unix.so\n" },
	{ "ours first, sufficient after it", SAFE, NULL,
	    "auth required " OTP "\nauth sufficient pam_unix.so\n"
	    "auth required pam_deny.so\n" },
	{ "Debian's common-auth, then ours", SAFE, NULL,
	    "@include common-auth\nauth required " OTP "\n== common-auth\n"
	    DEBIAN },
	{ "a whole path", SAFE, NULL, "auth required %/" OTP "\n" },
	{ "upper case and continued lines", SAFE, NULL,
	    "AUTH \\\n  Required \\\n " OTP " # ours\n" },
	{ "sufficient in a substack ends only that", SAFE, NULL,
	    "auth substack sub\nauth required " OTP "\n"
	    "== sub\nauth sufficient pam_unix.so\nauth required pam_deny.so\n"
	},
	{ "a jump over a substack counts it as one", SAFE, NULL,
	    "auth [success=1 default=ignore] pam_unix.so\n"
	    "auth substack sub\nauth required " OTP "\n"
	    "== sub\nauth required pam_deny.so\nauth required pam_deny.so\n" },
	{ "a module that is missing never succeeds", SAFE, NULL,
	    "-auth sufficient pam_gone.so\nauth required " OTP "\n" },
	{ "modules without an opinion are no success", SAFE, NULL,
	    "auth required pam_env.so\nauth optional pam_group.so\n"
	    "auth sufficient " OTP "\n" },
	{ "root is root already", ROOT, "s:1",
	    "auth sufficient pam_rootok.so\nauth required " OTP "\n" },
	{ "members of a group only", CHOSEN, "s:1",
	    "auth [success=1 default=ignore] pam_succeed_if.so user notingroup "
	    "otp\nauth required " OTP "\nauth required pam_permit.so\n" },
	{ "a list of addresses", CHOSEN, "s:2", "auth required pam_unix.so\n"
	    "auth sufficient pam_access.so\nauth required " OTP "\n" },
	{ "a condition beside a sufficient", ENDED, "s:2",
	    "auth requisite pam_succeed_if.so uid >= 1000\n"
	    "auth sufficient pam_unix.so\nauth required " OTP "\n" },
	{ "no line of ours", ABSENT, NULL, "auth required pam_unix.so\n" },
	{ "the decoy decides nothing", ABSENT, NULL,
	    "auth required pam_unix.so\nauth optional " OTP " decoy\n" },
	{ "a comment is no line", ABSENT, NULL,
	    "auth required pam_unix.so\n#auth required " OTP "\n" },
	{ "ours in another stage", ABSENT, NULL,
	    "auth required pam_unix.so\naccount required " OTP "\n" },
	{ "sufficient before ours", ENDED, "s:1",
	    "auth sufficient pam_unix.so\nauth required " OTP "\n" },
	{ "done before ours", ENDED, "s:2", "auth required pam_env.so\n"
	    "auth [success=done default=ignore] pam_sss.so\n"
	    "auth required " OTP "\n" },
	{ "default=done before ours", ENDED, "s:1",
	    "auth [default=done] pam_unix.so\nauth required " OTP "\n" },
	{ "sufficient in an included file", ENDED, "more:2",
	    "auth include more\nauth required " OTP "\n== more\n"
	    "# the distribution's\nauth sufficient pam_unix.so\n" },
	{ "sufficient in what Debian includes", ENDED, "more:1",
	    "@include more\nauth required " OTP "\n== more\n"
	    "auth sufficient pam_unix.so\nauth required pam_deny.so\n" },
	{ "ours in common-auth behind what jumps to permit", JUMPED,
	    "common-auth:1", "@include common-auth\n== common-auth\n"
	    "auth [success=2 default=ignore] pam_unix.so\n"
	    "auth requisite pam_deny.so\nauth required " OTP "\n"
	    "auth required pam_permit.so\n" },
	{ "a jump one too far", JUMPED, "s:1",
	    "auth [success=2 default=ignore] pam_unix.so\n"
	    "auth requisite " OTP " decoy\nauth required " OTP "\n"
	    "auth required pam_permit.so\n" },
	{ "a jump on any answer", JUMPED, "s:1", "auth [default=1] "
	    "pam_unix.so\nauth required " OTP "\nauth required pam_permit.so\n"
	},
	{ "a jump past the end is a failure", CLOSED, NULL,
	    "auth [success=2 default=die] pam_unix.so\nauth required " OTP "\n"
	},
	{ "nullok", IGNORED, "s:2", "auth required pam_unix.so\n"
	    "auth required " OTP " nullok\n" },
	{ "unregistered=ignore", IGNORED, "s:2", "auth required pam_unix.so\n"
	    "auth required " OTP " debug unregistered=ignore\n" },
	{ "start_of_use=ignore", IGNORED, "s:2", "auth required pam_unix.so\n"
	    "auth required " OTP " start_of_use=ignore\n" },
	{ "nullok alone is not enough for success", SAFE, NULL,
	    "auth required " OTP " nullok\n" },
	{ "ours optional", OVERRULED, "s:2", "auth required pam_unix.so\n"
	    "auth optional " OTP "\n" },
	{ "ours sufficient behind a password", OVERRULED, "s:2",
	    "auth required pam_unix.so\nauth sufficient " OTP "\n" },
	{ "ours sufficient, then a password", OVERRULED, "s:1",
	    "auth sufficient " OTP "\nauth required pam_unix.so\n" },
	{ "open where the database is missing", OVERRULED, "s:2",
	    "auth required pam_unix.so\n"
	    "auth [success=ok authinfo_unavail=ignore default=die] " OTP "\n" },
	{ "a lock that lets in", OVERRULED, "s:2", "auth required pam_unix.so\n"
	    "auth [success=ok maxtries=ignore default=die] " OTP
	    " locked=maxtries\n" },
	{ "reset forgets a refusal", OVERRULED, "s:2",
	    "auth required pam_unix.so\nauth [success=ok default=reset] " OTP
	    "\nauth required pam_permit.so\n" },
	{ "a module that is not there, by a control that takes it", UNKNOWN,
	    "s:2", "auth required pam_unix.so\n"
	    "auth [success=ok module_unknown=ignore default=die] "
	    "/nowhere/" OTP "\n" },
	{ "a module that is not there", CLOSED, NULL,
	    "auth required /nowhere/" OTP "\n" },
	{ "an include that is missing fails", CLOSED, NULL,
	    "auth include gone\nauth required " OTP "\n" },
	{ "an include of itself fails", CLOSED, NULL,
	    "auth required " OTP "\nauth include s\n" },
	{ "a control that is none is bad", CLOSED, NULL,
	    "auth [sucess=ok] " OTP "\n" },
	{ "a stage that is none fails", CLOSED, NULL,
	    "auth required " OTP "\noauth required pam_unix.so\n" },
	{ "nothing but the decoy", CLOSED, NULL, DECOY },
	{ "everybody is refused", CLOSED, NULL, "auth required " OTP "\n"
	    "auth required pam_deny.so\n" },
};

static const struct sample other_samples[] = {
	{ "no auth line: those of other", ABSENT, NULL,
	    "account required " OTP "\n== other\nauth required pam_unix.so\n" },
	{ "no auth line: other's are ours", SAFE, NULL,
	    "account required " OTP "\n== other\nauth required " OTP "\n" },
	{ "no auth line anywhere", CLOSED, NULL,
	    "account required " OTP "\n" },
};

static const struct sample account_samples[] = {
	{ "ours", SAFE, NULL, "account required pam_unix.so\n"
	    "account required " OTP "\n" },
	{ "ours before Debian's", SAFE, NULL, "account required " OTP "\n"
	    DEBIAN_ACCOUNT },
	{ "a password that has to be changed ends Debian's", ENDED, "s:1",
	    DEBIAN_ACCOUNT "account required " OTP "\n" },
	{ "an expired password outweighs our refusal", OVERRULED, "s:2",
	    "account [success=ok default=bad] pam_unix.so\n"
	    "account required " OTP "\n" },
	{ "absent", ABSENT, NULL, "account required pam_unix.so\n" },
	{ "optional", OVERRULED, "s:2", "account required pam_permit.so\n"
	    "account optional " OTP "\n" },
	{ "sufficient before it", ENDED, "s:1",
	    "account sufficient pam_localuser2.so\naccount required " OTP "\n"
	},
	{ "local users only", CHOSEN, "s:1",
	    "account sufficient pam_localuser.so\naccount required " OTP "\n" },
	{ "root looks after the suspended", ROOT, "s:1",
	    "account [success=1 default=ignore] pam_rootok.so\n"
	    "account required " OTP "\naccount required pam_permit.so\n" },
};

#endif
