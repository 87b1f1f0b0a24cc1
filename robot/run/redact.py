"""Takes secrets out of text and of JSON values, before anything is written.

Must not know where the text goes. A secret is found in its plain form and URL-, JSON-, HTML- and
base64-encoded (base64 at every alignment, since the secret usually stands inside something longer).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable
from typing import Any

from robot.errors import BadInputError, Problem

#: What stands where a secret stood.
MASK = "(secret)"
#: Shorter secrets would be found everywhere, and taking them out would spoil the text.
SHORTEST = 4

_CODE = re.compile(r"[0-9]{6,8}")
_HTML_NAMES = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos"}
_JSON_ESCAPES = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f"}

_SENSITIVE = (
    r"pass(?:word|wd|phrase)|secret|client[_-]?secret|api[_-]?key|token|"
    r"(?:access|refresh|id|auth|csrf|session)[_-]?token|otp|totp|one[_-]?time[_-]?code|authorization|cookie|set-cookie"
)
_SENSITIVE_KEY = re.compile(rf"(?:{_SENSITIVE})\Z", re.IGNORECASE)


def _without_tokens(run: re.Match[str]) -> str:
    """Takes web tokens (`eyJ...`, and two parts more) out of a run of their letters.

    By hand, since a page decides how long the run is: a pattern that begins at each `eyJ` takes its square of time.
    """
    parts = run[0].split(".")
    kept = []
    number = 0
    while number < len(parts):
        part, after = parts[number], parts[number + 1 : number + 3]
        at = part.find("eyJ")
        is_token = at >= 0 and len(part) - at >= 11 and len(after) == 2 and len(after[0]) >= 4
        kept.append(part[:at] + MASK if is_token else part)
        number += 3 if is_token else 1
    return ".".join(kept)


#: (a word that must be there in lower case before the pattern is tried, the pattern, what replaces it)
_PATTERNS: tuple[tuple[str, re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    ("eyj", re.compile(r"(?<![\w.-])[\w.-]+"), _without_tokens),
    ("bearer", re.compile(r"(\bbearer(?:\s+|%20|\+))[\w\-.~+/=]{8,}", re.IGNORECASE), rf"\1{MASK}"),
    ("basic", re.compile(r"(\bbasic(?:\s+|%20|\+))[A-Za-z0-9+/]{12,}={0,2}"), rf"\1{MASK}"),
    (
        "cookie",
        re.compile(r"""(\b(?:set-)?cookie["']?\s*:\s*["']?)(?=[^\s"']{0,256}=)[^"'\r\n]+""", re.IGNORECASE),
        rf"\1{MASK}",
    ),
    (
        "=",
        re.compile(rf"([?&#](?:{_SENSITIVE}|code|sig|signature)=)[^&#\s\"'<>\\]+", re.IGNORECASE),
        rf"\1{MASK}",
    ),
    (
        '":',
        re.compile(rf'(\\*"(?:{_SENSITIVE})\\*"\s*:\s*\\*")(?:[^"\\]|\\.)+?(?=\\*")', re.IGNORECASE),
        rf"\1{MASK}",
    ),
)


class Redactor:
    """Knows the secrets of one run; more may be added while it goes on."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """Raises: BadInputError for a secret that is too short to be taken out safely."""
        self._known: set[str] = set()
        self._finders: list[_Finder] = []
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str) -> None:
        """Takes out `secret` from now on; one of six to eight digits is taken for a one-time code.

        Raises: BadInputError if it is shorter than four characters.
        """
        if len(secret.strip()) < SHORTEST:
            raise BadInputError(
                Problem(
                    what=f"a secret of {len(secret.strip())} characters cannot be kept out of the evidence",
                    details=(("needed", f"at least {SHORTEST} characters"),),
                    done="nothing was started",
                    next="use a longer secret, or do not mark this value as one",
                )
            )
        if _CODE.fullmatch(secret):
            self.add_code(secret)
            return
        if secret in self._known:
            return
        self._known.add(secret)
        self._finders.append(_plain_finder(secret))
        self._finders += _base64_finders(secret)

    def add_code(self, code: str) -> None:
        """Takes out a one-time code from now on, only where it is not part of a longer number.

        Raises: BadInputError unless it is six to eight digits.
        """
        if not _CODE.fullmatch(code):
            raise BadInputError(
                Problem(what="a one-time code has six to eight digits", done="it was not used")
            )
        if code in self._known:
            return
        self._known.add(code)
        half = len(code) // 2
        pattern = rf"(?<!\d){code[:half]}[ \-]?{code[half:]}(?!\d)"
        self._finders.append(_Finder(code[:half], re.compile(pattern)))
        self._finders += _base64_finders(code)

    def text(self, text: str) -> str:
        """Returns `text` without secrets, and without what looks like a token or a cookie."""
        for finder in self._finders:
            if finder.anchor in text:
                text = finder.pattern.sub(MASK, text)
        lower = text.lower()
        for word, pattern, replacement in _PATTERNS:
            if word in lower:
                text = pattern.sub(replacement, text)
        return text

    def json(self, value: Any) -> Any:
        """Returns the JSON value with every string and every key cleaned; values of keys such as `password`
        or `access_token` go whole, and a number that is a secret becomes the mask.
        """
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {
                self.text(key): MASK
                if isinstance(item, str) and item and _SENSITIVE_KEY.match(key)
                else self.json(item)
                for key, item in value.items()
            }
        if isinstance(value, list | tuple):
            return [self.json(item) for item in value]
        if isinstance(value, int | float) and not isinstance(value, bool) and str(value) in self._known:
            return MASK
        return value


class _Finder:
    """A pattern, and a piece of text without which it cannot match; looking for that first is fast."""

    __slots__ = ("anchor", "pattern")

    def __init__(self, anchor: str, pattern: re.Pattern[str]) -> None:
        self.anchor = anchor
        self.pattern = pattern


def _plain_finder(secret: str) -> _Finder:
    pattern = "".join(_any_encoding(character) for character in secret)
    return _Finder(_longest_plain_run(secret), re.compile(pattern))


def _longest_plain_run(text: str) -> str:
    """The longest stretch of letters and digits, which no usual encoding changes; may be empty."""
    return max(re.findall(r"[A-Za-z0-9]+", text), key=len, default="")


def _any_encoding(character: str) -> str:
    """A pattern for one character: as it is, URL-encoded, JSON-escaped or HTML-escaped, also twice."""
    if character.isascii() and character.isalnum():
        return character
    octets = character.encode("utf-8", "surrogatepass")
    forms = ["".join(f"%(?:25)*(?i:{octet:02x})" for octet in octets)]
    if character == " ":
        forms.append(r"\+")
    forms.append(rf"&(?:amp;)*#(?:0*{ord(character)}|(?i:x0*{ord(character):x}));")
    if character in _HTML_NAMES:
        forms.append(rf"&(?:amp;)*{_HTML_NAMES[character]};")
    units = character.encode("utf-16-be", "surrogatepass")
    pairs = [units[index : index + 2].hex() for index in range(0, len(units), 2)]
    forms.append("".join(rf"\\+u(?i:{pair})" for pair in pairs))
    if character in _JSON_ESCAPES:
        forms.append(rf"\\+{_JSON_ESCAPES[character]}")
    if character == "\\":
        return rf"(?:\\+|{'|'.join(forms)})"
    # Last, for some encodings of '&' and '%' begin with the character itself: a rest of them would stay.
    forms.append(re.escape(character))
    if character in "\"'/":
        return rf"\\*(?:{'|'.join(forms)})"
    return f"(?:{'|'.join(forms)})"


def _base64_finders(secret: str) -> list[_Finder]:
    """One for each of the three places in a group where the secret can start.

    Only characters wholly made of the secret's bits are looked for; what stands around it is not known.
    """
    octets = secret.encode("utf-8", "surrogatepass")
    finders = []
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + octets).decode()
        first = -(-8 * offset // 6)
        core = encoded[first : 8 * (offset + len(octets)) // 6]
        pattern = "".join(_base64_character(character) for character in core)
        finders.append(_Finder(_longest_plain_run(core), re.compile(pattern)))
    return finders


def _base64_character(character: str) -> str:
    """Either alphabet, and as a URL carries it."""
    return {"+": "(?:[+-]|%2[Bb])", "/": r"(?:\\?/|_|%2[Ff])"}.get(character, character)
