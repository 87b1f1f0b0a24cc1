"""Six-digit codes of an authenticator app (RFC 6238: SHA-1, 30 s), from its secret.

Ours, since the common library refuses the 80-bit secrets that dashboards hand out.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct

from robot.errors import BadInputError, Problem

PERIOD_S = 30
DIGITS = 6


def make_code(secret: str, at: float) -> str:
    """Returns the code that is valid at `at`, in seconds since 1970.

    secret: base32, blanks and case do not matter. Raises BadInputError when it is not base32.
    """
    packed = secret.replace(" ", "").replace("-", "").rstrip("=").upper()
    try:
        key = base64.b32decode(packed + "=" * (-len(packed) % 8))
    except (binascii.Error, ValueError):
        raise BadInputError(
            Problem(
                what="the authenticator secret is not base32 text",
                next="copy OFFBOARD_TOTP_SECRET again: letters A-Z and digits 2-7 only",
            )
        ) from None
    digest = hmac.new(key, struct.pack(">Q", int(at) // PERIOD_S), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)
