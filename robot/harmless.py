"""Foreign text as it may be shown: what a terminal would obey, or nobody would see, stands there as an escape.

Escapes are those of Python: ESC is `\\x1b`, RIGHT-TO-LEFT OVERRIDE is `\\u202e`, a line end within a line is `\\n`.
Text that was made harmless stays as it is when that is done again. Must not know where it is shown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from robot.names import INVISIBLE, is_seen_by_its_effect

#: White space that moves the cursor, and other ends of lines and paragraphs.
_MOVES = "\t\n\v\f\r\u2028\u2029"
#: It is drawn, and stands for what could not be read.
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
#: Every letter that is drawn as nothing, or is obeyed.
_HARMFUL = re.compile(
    f"[{_MOVES}" + "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in INVISIBLE) + "]"
)


def harmless(text: str, *, lines: bool = False) -> str:
    """One line that does nothing but show letters. lines: its ends of lines and its tabs stay what they are."""
    if lines:
        return _escaped(text, lambda letter: letter if letter in "\n\t" else _python_escape(letter))
    return _escaped(text, _python_escape)


def harmless_json(
    value: object, *, indent: int | None = None, default: Callable[[object], object] | None = None
) -> str:
    """A value as JSON, with the same letters as JSON's own escapes: it reads as the same value."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=default)
    # Outside of its strings, where nothing may be escaped, JSON only holds line ends and blanks.
    return _escaped(text, lambda letter: letter if letter == "\n" else json.dumps(letter)[1:-1])


def _escaped(text: str, escape: Callable[[str], str]) -> str:
    def replace(match: re.Match[str]) -> str:
        letter = match[0]
        if letter == _REPLACEMENT or is_seen_by_its_effect(text, match.start()):
            return letter
        return escape(letter)

    return _HARMFUL.sub(replace, text)


def _python_escape(letter: str) -> str:
    return letter.encode("unicode_escape").decode("ascii")
