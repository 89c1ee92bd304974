/*
 * helper_client.h: one question to the helper.
 */
#ifndef AKITA_HELPER_CLIENT_H
#define AKITA_HELPER_CLIENT_H

#include "common/os.h"

#include "pam/wire.h"

#ifndef AKITA_LIBEXECDIR
#define AKITA_LIBEXECDIR	"/usr/libexec"
#endif
#define AKITA_HELPER_FILE	AKITA_LIBEXECDIR "/akita-otp-helper"

/*
 * Run the helper at path, send request (its nonce is set here) and wait at
 * most timeout_ms for the reply.  *ret is the reply where AKITA_OK comes back,
 * which says only that there is a whole, well-formed reply to this request:
 * ret->rc is what the helper has to say.  AKITA_ERR_IO with why: it cannot be
 * run or gave no such reply; AKITA_ERR_BUSY: not in time.  *ret then holds no
 * verdict.  No signal of the host is changed or caused.
 */
enum akita_rc	akita_helper_ask(const char *path,
		    struct akita_wire_request *request, int timeout_ms,
		    const struct akita_clock *clock,
		    const struct akita_random *random,
		    struct akita_wire_reply *ret, struct akita_why *why)
		    AKITA_MUST_CHECK;

#endif
