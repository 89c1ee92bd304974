/* libqrencode, loaded when a QR code is asked for (lazy.h, qr.h). */
#include <qrencode.h>

#include "cli/lazy.h"

#define LAZY(type, name, params, args) \
    AKITA_LAZY(AKITA_LAZY_QRENCODE, type, name, params, args)

LAZY(QRcode *, QRcode_encodeString, (const char *string, int version,
    QRecLevel level, QRencodeMode hint, int casesensitive),
    (string, version, level, hint, casesensitive))
LAZY(void, QRcode_free, (QRcode *qrcode), (qrcode))
