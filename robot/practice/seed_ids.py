"""Shapes of the sample data's ids and dates. Knows nothing of what they are used for."""

from __future__ import annotations

import random
import string
from datetime import UTC, datetime, timedelta

#: Every date in the sample data is counted back from this moment, so that two machines agree.
BASE_AT = datetime(2026, 9, 14, 15, 0, tzinfo=UTC)

_ALPHABET = string.ascii_letters + string.digits


def new_id(rng: random.Random) -> str:
    """20 letters and digits, the shape of the real dashboard's ids."""
    return "".join(rng.choices(_ALPHABET, k=20))


def new_sid(prefix: str, rng: random.Random) -> str:
    """Twilio's shape: two letters and 32 hexadecimal digits (BN brand, BU profile, MG messaging service)."""
    return prefix + f"{rng.getrandbits(128):032x}"


def days_before(days: float) -> str:
    """ISO 8601 UTC time, `days` before BASE_AT."""
    return (BASE_AT - timedelta(days=days)).isoformat()
