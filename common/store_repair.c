#include "common/store_scan.h"

enum akita_rc
akita_store_repair(struct akita_store *store, void (*bad)(void *ctx,
    uint32_t number, const char *user, const char *what), void *ctx,
    struct akita_check_report *ret_report, struct akita_why *why)
{
	(void)store, (void)bad, (void)ctx, (void)ret_report, (void)why;
	return AKITA_ERR_INTERNAL;
}
