"""JSON from a file that somebody else may have written. Must not know what it means.

Stricter than the standard library: what two programs could read in two ways, or what could stop this one, is
refused with a ValueError that says why.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

#: Arrays and objects within each other; what this program writes has a quarter of it.
DEEPEST = 64
#: A whole string, also one that never ends, or one bracket.
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\Z)|[\[\]{}]', re.DOTALL)


def read_json(octets: bytes) -> Any:
    """Returns what these bytes hold.

    Raises: ValueError for what is no JSON in UTF-8, a name that stands twice in one object, NaN and infinite
    numbers, half a surrogate pair, and for more than `DEEPEST` levels.
    """
    text = octets.decode("utf-8")
    _check_depth(text)
    value = json.loads(text, object_pairs_hook=_object, parse_constant=_no_number, parse_float=_finite)
    if "\\ud" in text.lower():
        json.dumps(value, ensure_ascii=False).encode()
    return value


def _check_depth(text: str) -> None:
    if text.count("[") + text.count("{") <= DEEPEST:
        return
    depth = 0
    for piece in _PIECE.finditer(text):
        letter = text[piece.start()]
        if letter in "[{":
            depth += 1
            if depth > DEEPEST:
                raise ValueError(f"it is nested more than {DEEPEST} levels deep")
        elif letter in "]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"the name '{name[:100]}' stands twice in one object")
        found[name] = value
    return found


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number in JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"the number {digits[:40]} is too large")
    return number
