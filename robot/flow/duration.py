"""Lengths of time as flows write them: `500ms`, `20s`, `5m`, `24h`."""

from __future__ import annotations

import re

_UNITS_MS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000}


def parse_duration(text: str) -> int | None:
    """Milliseconds; None when it is no whole number with a unit."""
    match = re.fullmatch(r"(\d+)(ms|s|m|h)", text)
    return int(match[1]) * _UNITS_MS[match[2]] if match else None
