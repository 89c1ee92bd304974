/* Who runs otpadm, for the audit log. */
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "common/text.h"

#define NO_LOGINUID	UINT32_MAX	/* the kernel's "not set" */

static int64_t
loginuid(void)
{
	char text[16];
	uint32_t uid;
	ssize_t n;
	int fd;

	if ((fd = open("/proc/self/loginuid", O_RDONLY | O_CLOEXEC)) == -1)
		return -1;
	n = read(fd, text, sizeof(text) - 1);
	(void)close(fd);
	if (n <= 0)
		return -1;
	text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	if (!akita_parse_u32(text, 0, UINT32_MAX, &uid) || uid == NO_LOGINUID)
		return -1;
	return uid;
}

/* Copy what is text without control characters and fits; else nothing. */
static void
copy(char *to, size_t size, const char *from)
{
	to[0] = '\0';
	if (from != NULL && strlen(from) < size && !akita_text_has_control(from))
		(void)snprintf(to, size, "%s", from);
}

void
akita_actor_collect(struct akita_actor *ret)
{
	const struct passwd *pw;
	char number[24];

	memset(ret, 0, sizeof(*ret));
	ret->loginuid = loginuid();
	if ((pw = getpwuid(getuid())) != NULL)
		copy(ret->user, sizeof(ret->user), pw->pw_name);
	if (ret->user[0] == '\0') {
		(void)snprintf(number, sizeof(number), "#%lu",
		    (unsigned long)getuid());
		copy(ret->user, sizeof(ret->user), number);
	}
	copy(ret->sudo_user, sizeof(ret->sudo_user), getenv("SUDO_USER"));
	copy(ret->tty, sizeof(ret->tty), ttyname(STDIN_FILENO));
}

struct akita_request
akita_cli_request(const struct akita_cli *cli)
{
	struct akita_request req = {
		.actor = &cli->actor,
		.user = cli->nss.name,
		.form = cli->opt[AKITA_OPT_FORM],
		.note = cli->opt[AKITA_OPT_NOTE],
	};

	if (akita_cli_has(cli, AKITA_OPT_RELEASE_REASON))
		req.note = cli->opt[AKITA_OPT_RELEASE_REASON];
	return req;
}

int64_t
akita_cli_now(const struct akita_cli *cli)
{
	return cli->site.clock->now_s(cli->site.clock->ctx);
}
