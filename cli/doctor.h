/*
 * doctor.h: the checks of `otpadm doctor`.
 *
 * To add one: a function below, a line in the table of cmd_doctor.c.
 */
#ifndef AKITA_CLI_DOCTOR_H
#define AKITA_CLI_DOCTOR_H

#include "cli/cli.h"

/*
 * A check looks at one thing.  AKITA_OK: fine (why may have a remark);
 * AKITA_ERR_PARTIAL: works, but why says what should be better; else it is
 * broken, and why says how and what to do.
 */
typedef enum akita_rc akita_doctor_fn(struct akita_cli *cli,
	    struct akita_why *why);

akita_doctor_fn	akita_doctor_settings, akita_doctor_key,
		akita_doctor_directory, akita_doctor_database,
		akita_doctor_audit, akita_doctor_clock, akita_doctor_locks,
		akita_doctor_helper;

/* The checks of --pam SERVICE; the last two are for sshd alone. */
akita_doctor_fn	akita_doctor_pam_auth, akita_doctor_pam_account,
		akita_doctor_pam_module, akita_doctor_sshd,
		akita_doctor_sshd_methods;

#endif
