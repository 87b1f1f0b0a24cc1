"""Six-digit codes of an authenticator app (RFC 6238: SHA-1, 30 s), from its secret.

Ours, since the common library refuses the 80-bit secrets that dashboards hand out.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import struct
from urllib.parse import parse_qs, urlsplit

from robot.errors import BadInputError, Problem

PERIOD_S = 30
DIGITS = 6
#: What an address says, or leaves out, of the codes that are made here.
_USUAL = {"algorithm": "SHA1", "digits": str(DIGITS), "period": str(PERIOD_S)}
#: Dashboards hand out 80 bits; in bytes.
_SHORTEST = 10


def make_code(secret: str, at: float) -> str:
    """Returns the code that is valid at `at`, in seconds since 1970.

    secret: base32, blanks and case do not matter; or the whole `otpauth://totp/...` address of a QR code.
    Raises BadInputError for any other.
    """
    packed = re.sub(r"[\s-]", "", _of_address(secret) if "://" in secret else secret).rstrip("=").upper()
    try:
        key = base64.b32decode(packed + "=" * (-len(packed) % 8))
    except (binascii.Error, ValueError):
        raise _refused("is not base32 text", "letters A-Z and digits 2-7 only") from None
    if len(key) < _SHORTEST:
        raise _refused(f"is shorter than {_SHORTEST * 8} bits", "all of it, 16 letters or more")
    digest = hmac.new(key, struct.pack(">Q", int(at) // PERIOD_S), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def _of_address(address: str) -> str:
    """The secret in the address that a QR code holds. Raises BadInputError for codes of another kind than ours."""
    parts = urlsplit(address.strip())
    given = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if parts.scheme.lower() != "otpauth" or not given.get("secret"):
        raise _refused("is an address that holds none", "the part behind 'secret=' of the otpauth address")
    kind = (parts.netloc.lower(), *(given.get(name, usual).upper() for name, usual in _USUAL.items()))
    if kind != ("totp", *_USUAL.values()):
        raise _refused(
            "is of another kind than six digits every 30 s by SHA-1",
            "no other: these codes are the only ones that are known here",
        )
    return given["secret"]


def _refused(what: str, right: str) -> BadInputError:
    return BadInputError(
        Problem(what=f"the authenticator secret {what}", next=f"copy OFFBOARD_TOTP_SECRET again: {right}")
    )
