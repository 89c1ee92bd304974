#include "pam/helper_client.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pam/helper_run.h"

static enum akita_rc
no_answer(const char *path, struct akita_why *why)
{
	if (access(path, X_OK) != 0)
		return akita_fail(why, AKITA_ERR_IO,
		    AKITA_N("the helper %s cannot be run: install it, setuid "
		    "root"), path, NULL);
	return akita_fail(why, AKITA_ERR_IO,
	    AKITA_N("the helper %s gave no answer: see its own lines in the "
	    "system log"), path, NULL);
}

/* MSG_NOSIGNAL: a helper that is gone must not raise SIGPIPE in the host. */
static bool
send_request(int fd, const struct akita_wire_request *request)
{
	uint8_t buf[AKITA_WIRE_REQUEST];
	size_t len = 0;
	ssize_t n = -1;

	if (akita_wire_put_request(request, buf, &len) == AKITA_OK) {
		do
			n = send(fd, buf, len, MSG_NOSIGNAL);
		while (n < 0 && errno == EINTR);
	}
	akita_wipe(buf, sizeof(buf));
	return n >= 0 && (size_t)n == len;
}

/* Milliseconds until then; 0 if that is past. */
static int
ms_until(int64_t then, const struct akita_clock *clock)
{
	int64_t left = then - clock->mono_ms(clock->ctx);

	if (left < 0)
		return 0;
	return left > INT32_MAX ? INT32_MAX : (int)left;
}

static enum akita_rc
await_reply(int fd, int64_t deadline_ms, const struct akita_clock *clock)
{
	struct pollfd in = { .fd = fd, .events = POLLIN };
	int n;

	do
		n = poll(&in, 1, ms_until(deadline_ms, clock));
	while (n < 0 && errno == EINTR);
	if (n == 0)
		return AKITA_ERR_BUSY;
	return n == 1 && (in.revents & POLLIN) != 0 ? AKITA_OK : AKITA_ERR_IO;
}

/* A whole reply to this request, and nothing else. */
static bool
receive_reply(int fd, const struct akita_wire_request *request,
    struct akita_wire_reply *ret)
{
	struct akita_wire_reply reply;
	uint8_t buf[AKITA_WIRE_REPLY + 1];
	ssize_t n;

	do
		n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n <= 0 || akita_wire_get_reply(buf, (size_t)n, &reply) != AKITA_OK)
		return false;
	if (reply.op != request->op ||
	    !akita_equal(reply.nonce, request->nonce, AKITA_WIRE_NONCE))
		return false;
	*ret = reply;
	return true;
}

enum akita_rc
akita_helper_ask(const char *path, struct akita_wire_request *request,
    int timeout_ms, const struct akita_clock *clock,
    const struct akita_random *random, struct akita_wire_reply *ret,
    struct akita_why *why)
{
	struct akita_helper_run run;
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	int64_t deadline = clock->mono_ms(clock->ctx) + timeout_ms;

	memset(ret, 0, sizeof(*ret));
	if (random->fill(random->ctx, request->nonce,
	    AKITA_WIRE_NONCE) != AKITA_OK ||
	    akita_helper_run_start(path, &run) != AKITA_OK)
		return akita_fail(why, AKITA_ERR_IO,
		    AKITA_N("the helper %s cannot be started: the system is "
		    "out of processes or descriptors"), path, NULL);
	if (!send_request(run.fd, request))
		rc = AKITA_ERR_IO;
	else
		rc = await_reply(run.fd, deadline, clock);
	if (rc == AKITA_OK && !receive_reply(run.fd, request, ret))
		rc = AKITA_ERR_IO;
	akita_helper_run_end(&run, rc == AKITA_OK ?
	    ms_until(deadline, clock) : 0);
	if (rc == AKITA_ERR_BUSY)
		return akita_fail(why, rc, AKITA_N("the helper %s did not "
		    "answer in time"), path, NULL);
	return rc == AKITA_OK ? rc : no_answer(path, why);
}
