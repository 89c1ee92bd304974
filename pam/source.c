#include "pam/source.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

/* text (len bytes) is an IPv4 address: fill in *ret. */
static bool
take_ipv4(const char *text, struct akita_source *ret)
{
	struct in_addr ip;

	if (inet_pton(AF_INET, text, &ip) != 1)
		return false;
	if (inet_ntop(AF_INET, &ip, ret->address,
	    sizeof(ret->address)) == NULL)
		return false;
	memcpy(ret->net, ret->address, sizeof(ret->net));
	return true;
}

static bool
take_ipv6(const char *text, struct akita_source *ret)
{
	char net[INET6_ADDRSTRLEN], mapped[INET_ADDRSTRLEN];
	struct in6_addr ip;

	if (inet_pton(AF_INET6, text, &ip) != 1)
		return false;
	if (IN6_IS_ADDR_V4MAPPED(&ip))
		return inet_ntop(AF_INET, ip.s6_addr + 12, mapped,
		    sizeof(mapped)) != NULL && take_ipv4(mapped, ret);
	if (inet_ntop(AF_INET6, &ip, ret->address,
	    sizeof(ret->address)) == NULL)
		return false;
	/* A customer's line is a /64; the rest changes by the day. */
	memset(ip.s6_addr + 8, 0, 8);
	if (inet_ntop(AF_INET6, &ip, net, sizeof(net)) == NULL)
		return false;
	(void)snprintf(ret->net, sizeof(ret->net), "%s/64", net);
	return true;
}

/* The first field of text is a numeric address. */
static bool
take(const char *text, struct akita_source *ret)
{
	char field[AKITA_SOURCE_MAX];
	size_t len;

	if (text == NULL)
		return false;
	len = strcspn(text, " ");
	if (len == 0 || len >= sizeof(field))
		return false;
	memcpy(field, text, len);
	field[len] = '\0';
	return take_ipv4(field, ret) || take_ipv6(field, ret);
}

void
akita_source_parse(const char *rhost, const char *ssh_connection,
    struct akita_source *ret)
{
	memset(ret, 0, sizeof(*ret));
	if ((rhost != NULL && strchr(rhost, ' ') == NULL && take(rhost, ret)) ||
	    take(ssh_connection, ret))
		return;
	memset(ret, 0, sizeof(*ret));
	ret->rhost = rhost;
}

void
akita_source_get(pam_handle_t *pamh, struct akita_source *ret)
{
	const void *rhost = NULL;

	if (pam_get_item(pamh, PAM_RHOST, &rhost) != PAM_SUCCESS)
		rhost = NULL;
	akita_source_parse(rhost, pam_getenv(pamh, "SSH_CONNECTION"), ret);
}

bool
akita_source_has_key(const char *info)
{
	static const char method[] = "publickey ";

	while (info != NULL && *info != '\0') {
		if (strncmp(info, method, sizeof(method) - 1) == 0)
			return true;
		info = strchr(info, '\n');
		if (info != NULL)
			info++;
	}
	return false;
}
