"""How many things a page says that there are. A text that may mean something else gives no number."""

from __future__ import annotations

import re

#: A whole number as pages write it: in groups of three, or without groups. A blank may as well part two numbers.
_NUMBER = r"\d{1,3}(?:[,.'\u2019]\d{3})+|\d+"
_ALONE = re.compile(rf"(?<![\d.,])({_NUMBER})(?![\d%]|[.,]\d|\s*[kKmM]\b)")
#: "1 to 10 of 42", "1-10 / 42", "10 of 42".
_OF = re.compile(rf"(?:{_NUMBER})\s*(?:of|out of|/)\s*({_NUMBER})\b", re.IGNORECASE)
#: A number with one of these beside it counts pages.
_PAGES = re.compile(r"\bpages?\b", re.IGNORECASE)


def stated_count(text: str, pattern: str | None = None) -> int | None:
    """The number of things by a text such as "14 calendars" or "Showing 1 to 10 of 14"; None where it is not plain.

    pattern: a regular expression whose group 1, else whole match, is the number.
    """
    if pattern is not None:
        match = re.search(pattern, text)
        return None if match is None else _whole(match[1] if match.re.groups else match[0])
    if _PAGES.search(text):
        return None
    of = _OF.search(text)
    if of is not None:
        rest = text[: of.start()] + text[of.end() :]
        # "1 to 10 of 42": what comes before it is the range that is shown.
        rest = (
            re.sub(rf"(?:{_NUMBER})\s*(?:to|through|[-\u2013\u2014])\s*$", "", rest[: of.start()])
            + rest[of.start() :]
        )
        return None if re.search(r"\d", rest) else _whole(of[1])
    numbers = _ALONE.findall(text)
    if len(numbers) != 1 or len(re.findall(r"\d+", text)) != len(re.findall(r"\d+", numbers[0])):
        return None
    return _whole(numbers[0])


def _whole(text: str) -> int | None:
    number = text.strip()
    return int(re.sub(r"\D", "", number)) if re.fullmatch(_NUMBER, number) else None
