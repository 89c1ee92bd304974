/*
 * wire.h: what the module and the helper say to each other, as bytes.
 *
 * One request and one reply, each one message of a SEQPACKET socket.  The
 * helper runs as root and its caller may be anybody, so decoders take nothing
 * an encoder would not write.
 *
 * Request: magic 8, operation 1, flags 1, nonce 16, answered_at 8, grace_s 4,
 * then seven strings, each length 2 and bytes: config, user, service, rhost,
 * source, answer, password.  An absent string is an empty one; whether there
 * is a password at all is a flag.
 *
 * Reply: magic 8, operation 1, result 1, nonce 16, body 24; the body is all
 * zero where the result is not AKITA_OK.
 */
#ifndef AKITA_WIRE_H
#define AKITA_WIRE_H

#include "common/settings.h"
#include "common/verify.h"

#define AKITA_WIRE_REQUEST	4096	/* the most bytes of a request */
#define AKITA_WIRE_REPLY	50
#define AKITA_WIRE_NONCE	16
#define AKITA_WIRE_NAME		256	/* service, rhost */

enum akita_wire_op {
	AKITA_WIRE_PEEK = 1,	/* before a prompt */
	AKITA_WIRE_ACCOUNT = 2,	/* the account stage; a peek too */
	AKITA_WIRE_ATTEMPT = 3
};

/* Secret: holds an answer.  Wiped by AKITA_WIRE_AUTO. */
struct akita_wire_request {
	enum akita_wire_op	op;
	uint8_t			nonce[AKITA_WIRE_NONCE];
	bool			start_of_use;
	bool			decoy;
	bool			has_password;
	int64_t			answered_at;	/* from 0 */
	unsigned int		grace_s;
	char			config[AKITA_PATH_MAX + 1];
	char			user[AKITA_ACCOUNT_MAX + 1];
	char			service[AKITA_WIRE_NAME + 1];
	char			rhost[AKITA_WIRE_NAME + 1];
	char			source[AKITA_WIRE_NAME + 1];
	struct akita_answer	answer;
	struct akita_answer	password;
};
void	akita_wire_wipe(struct akita_wire_request *request);
#define AKITA_WIRE_AUTO __attribute__((cleanup(akita_wire_wipe)))

struct akita_wire_reply {
	enum akita_wire_op	op;
	enum akita_rc		rc;
	uint8_t			nonce[AKITA_WIRE_NONCE];
	struct akita_peek	peek;		/* PEEK, ACCOUNT */
	struct akita_outcome	outcome;	/* ATTEMPT */
};

/* Bytes of a request in buf; *ret_len of them.  AKITA_ERR_USAGE: a string is
 * too long to be sent.  The caller wipes buf. */
enum akita_rc	akita_wire_put_request(
		    const struct akita_wire_request *request,
		    uint8_t buf[AKITA_WIRE_REQUEST], size_t *ret_len)
		    AKITA_MUST_CHECK;
/* AKITA_ERR_MALFORMED: not what an encoder writes; *ret is then wiped. */
enum akita_rc	akita_wire_get_request(const uint8_t *buf, size_t len,
		    struct akita_wire_request *ret) AKITA_MUST_CHECK;

void		akita_wire_put_reply(const struct akita_wire_reply *reply,
		    uint8_t buf[AKITA_WIRE_REPLY]);
/* AKITA_ERR_MALFORMED: not what an encoder writes, or an acceptance that does
 * not agree with itself; *ret is then all zero: no verdict. */
enum akita_rc	akita_wire_get_reply(const uint8_t *buf, size_t len,
		    struct akita_wire_reply *ret) AKITA_MUST_CHECK;

#endif
