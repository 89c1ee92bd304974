#include "common/settings.h"

#include <string.h>
#include <syslog.h>

static const struct akita_setting_choice langs[] = {
	{ "auto", AKITA_SETTINGS_LANG_AUTO },
	{ "ja", AKITA_SETTINGS_LANG_JA },
	{ "en", AKITA_SETTINGS_LANG_EN },
	{ NULL, 0 }
};

static const struct akita_setting_choice algorithms[] = {
	{ "SHA1", AKITA_HASH_SHA1 },
	{ "SHA256", AKITA_HASH_SHA256 },
	{ "SHA512", AKITA_HASH_SHA512 },
	{ NULL, 0 }
};

static const struct akita_setting_choice yes_no[] = {
	{ "yes", 1 }, { "no", 0 }, { NULL, 0 }
};

static const struct akita_setting_choice required_off[] = {
	{ "required", 1 }, { "off", 0 }, { NULL, 0 }
};

static const struct akita_setting_choice facilities[] = {
	{ "authpriv", LOG_AUTHPRIV },
	{ "auth", LOG_AUTH },
	{ "local0", LOG_LOCAL0 },
	{ "local1", LOG_LOCAL1 },
	{ "local2", LOG_LOCAL2 },
	{ "local3", LOG_LOCAL3 },
	{ "local4", LOG_LOCAL4 },
	{ "local5", LOG_LOCAL5 },
	{ "local6", LOG_LOCAL6 },
	{ "local7", LOG_LOCAL7 },
	{ NULL, 0 }
};

#define AT(field)	offsetof(struct akita_settings, field)

/* Section, name, type, from, to, choices, default, field, one line of what it
 * is.  By section in the order of the manual. */
static const struct akita_setting table[] = {
	{ "service", "service_id", AKITA_SETTING_WORD,
	    1, AKITA_SERVICE_ID_MAX, NULL, "AKITA", AT(service_id),
	    AKITA_N("the institution's short name, given to customers with "
	    "their user ID") },
	{ "service", "service_name", AKITA_SETTING_TEXT,
	    1, AKITA_SERVICE_NAME_MAX, NULL, "Akita-Kenshin",
	    AT(service_name),
	    AKITA_N("the institution's name as customers read it") },
	{ "service", "issuer", AKITA_SETTING_TEXT,
	    1, AKITA_ISSUER_MAX, NULL, "Akita-Kenshin", AT(issuer),
	    AKITA_N("the issuer in the QR code, shown by the app") },
	{ "service", "label", AKITA_SETTING_LABEL,
	    1, AKITA_LABEL_MAX, NULL, "%u", AT(label),
	    AKITA_N("the account's name in the app: %u is the login name, "
	    "%i the user ID") },
	{ "service", "contact", AKITA_SETTING_TEXT,
	    0, AKITA_CONTACT_MAX, NULL, "", AT(contact),
	    AKITA_N("where customers turn to, such as a telephone number") },
	{ "service", "lang", AKITA_SETTING_CHOICE,
	    0, 0, langs, "auto", AT(lang),
	    AKITA_N("the language people are spoken to in") },

	{ "token", "algorithm", AKITA_SETTING_CHOICE,
	    0, 0, algorithms, "SHA1", AT(algorithm),
	    AKITA_N("the hash of new tokens") },
	{ "token", "digits", AKITA_SETTING_NUMBER,
	    AKITA_DIGITS_MIN, AKITA_DIGITS_MAX, NULL, "6", AT(digits),
	    AKITA_N("the number of digits of new tokens' codes") },
	{ "token", "period", AKITA_SETTING_NUMBER,
	    AKITA_PERIOD_MIN, AKITA_PERIOD_MAX, NULL, "60", AT(period_s),
	    AKITA_N("the seconds a code of a new token lasts") },
	{ "token", "window", AKITA_SETTING_NUMBER,
	    0, 10, NULL, "1", AT(window),
	    AKITA_N("the steps before and after now whose code is taken") },
	{ "token", "max_drift", AKITA_SETTING_NUMBER,
	    0, 60, NULL, "10", AT(max_drift),
	    AKITA_N("the steps a token's clock may be off in all") },
	{ "token", "hotp_lookahead", AKITA_SETTING_NUMBER,
	    1, 100, NULL, "10", AT(hotp_lookahead),
	    AKITA_N("the codes of a HOTP token that may be skipped") },
	{ "token", "resync_window", AKITA_SETTING_NUMBER,
	    1, 1000, NULL, "60", AT(resync_window),
	    AKITA_N("the steps before and after now that resync looks at") },

	{ "policy", "max_failures", AKITA_SETTING_NUMBER,
	    1, 1000, NULL, "10", AT(max_failures),
	    AKITA_N("the wrong codes in a row that lock an account") },
	{ "policy", "issue_valid_days", AKITA_SETTING_NUMBER,
	    1, 365, NULL, "14", AT(issue_valid_days),
	    AKITA_N("the days within which an issued token must be "
	    "activated") },
	{ "policy", "activation_password", AKITA_SETTING_SWITCH,
	    0, 0, required_off, "required", AT(activation_password),
	    AKITA_N("whether start of use needs an activation password") },
	{ "policy", "require_registration", AKITA_SETTING_SWITCH,
	    0, 0, yes_no, "no", AT(require_registration),
	    AKITA_N("whether an issue needs an application first") },
	{ "policy", "require_form", AKITA_SETTING_SWITCH,
	    0, 0, yes_no, "no", AT(require_form),
	    AKITA_N("whether staff must give the number of the paper form") },
	{ "policy", "unlock_requires_suspend", AKITA_SETTING_SWITCH,
	    0, 0, yes_no, "yes", AT(unlock_requires_suspend),
	    AKITA_N("whether a locked account is to be suspended before it "
	    "is unlocked") },
	{ "policy", "trusted_callers", AKITA_SETTING_USERS,
	    0, AKITA_CALLERS_MAX, NULL, "", AT(trusted_callers),
	    AKITA_N("users who may check anyone's code through the helper") },

	{ "storage", "database", AKITA_SETTING_DATABASE,
	    1, AKITA_PATH_MAX, NULL,
	    "gdbm:" AKITA_LOCALSTATEDIR "/lib/akita-otp/tokens.gdbm",
	    AT(database),
	    AKITA_N("the kind of database and its file") },
	{ "storage", "key_file", AKITA_SETTING_PATH,
	    1, AKITA_PATH_MAX, NULL,
	    AKITA_SYSCONFDIR "/akita-otp/master.key", AT(key_file),
	    AKITA_N("the key ring: keep it out of the database's "
	    "directory") },
	{ "storage", "lock_timeout_ms", AKITA_SETTING_NUMBER,
	    100, 60000, NULL, "3000", AT(lock_timeout_ms),
	    AKITA_N("the milliseconds to wait for a busy database") },

	{ "mail", "enabled", AKITA_SETTING_SWITCH,
	    0, 0, yes_no, "no", AT(mail_enabled),
	    AKITA_N("whether customers are sent mails") },
	{ "mail", "from", AKITA_SETTING_MAIL,
	    0, AKITA_MAIL_MAX, NULL, "", AT(mail_from),
	    AKITA_N("the sender's address of mails to customers") },
	{ "mail", "sendmail", AKITA_SETTING_PATH,
	    1, AKITA_PATH_MAX, NULL, "/usr/sbin/sendmail", AT(sendmail),
	    AKITA_N("the program that takes mails") },

	{ "audit", "file", AKITA_SETTING_PATH,
	    1, AKITA_PATH_MAX, NULL,
	    AKITA_LOCALSTATEDIR "/log/akita-otp/audit.log", AT(audit_file),
	    AKITA_N("the audit log") },
	{ "audit", "syslog", AKITA_SETTING_CHOICE,
	    0, 0, facilities, "authpriv", AT(audit_syslog),
	    AKITA_N("the syslog facility of events") },
};

const struct akita_setting *
akita_settings_table(size_t *ret_n)
{
	*ret_n = sizeof(table) / sizeof(table[0]);
	return table;
}
