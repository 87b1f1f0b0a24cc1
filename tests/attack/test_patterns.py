"""A page decides how long a text is: no pattern that is shipped takes more than its length of time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from time import process_time

import pytest
import yaml

from robot.run.redact import MASK, Redactor

ROOT = Path(__file__).parents[2]
SIZE = 40_000
#: What one search may take, in seconds of the processor. A square of the length takes ten times as long.
MOST_S = 0.4

PIECES = [
    "1",
    "a",
    " ",
    "\n",
    "-",
    "+",
    "(",
    '"',
    "\\",
    "@",
    "a@",
    "a.",
    "a@a.a",
    "1,",
    "1.",
    "+1 ",
    "(1) ",
    "a1",
    "eyJ",
    "eyJaaaaaaaa.",
    "eyJaaaaaaaa.aaaa.",
    "bearer ",
    "basic ",
    "cookie:",
    'cookie: "',
    "set-cookie: a",
    '"password":"',
    '\\"token\\":\\"',
    "&token=",
    "practice",
    "cHJhY3RpY2U",
    "%70",
    "&#112;",
    "\\u0070",
    "location/",
    "1 of 1 ",
    "#1 ",
]
TEXTS = [(piece * (SIZE // len(piece) + 1))[:SIZE] + end for piece in PIECES for end in ("", "\x00x")]


def shipped() -> Iterator[str]:
    def walk(found: object) -> Iterator[str]:
        if isinstance(found, dict):
            for name, value in found.items():
                if name in ("pattern", "matches") and isinstance(value, str):
                    yield re.sub(r"\$\{[^}]*\}", "Adrianne", value)
                yield from walk(value)
        elif isinstance(found, list):
            for value in found:
                yield from walk(value)

    for folder in ("selectors", "flows"):
        for file in sorted((ROOT / folder).rglob("*.yaml")):
            yield from walk(yaml.safe_load(file.read_text(encoding="utf-8")))


def slowest(search: Callable[[str], object]) -> tuple[float, str]:
    found = (0.0, "")
    for text in TEXTS:
        began = process_time()
        search(text)
        found = max(found, (process_time() - began, text[:20]))
        if found[0] > MOST_S:
            break
    return found


@pytest.mark.parametrize("pattern", sorted(set(shipped())))
def test_a_pattern_of_the_store_or_a_flow(pattern: str) -> None:
    took_s, text = slowest(re.compile(pattern, re.IGNORECASE).search)
    assert took_s < MOST_S, text


def test_the_redactor() -> None:
    redactor = Redactor(("practice-makes-perfect", "JBSWY3DPEHPK3PXP", "123456"))
    took_s, text = slowest(redactor.text)
    assert took_s < MOST_S, text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("eyJhbGciOiJI.eyJzdWIi.sig-na_ture", MASK),
        ("a eyJhbGciOiJI.eyJzdWIi. b", f"a {MASK} b"),
        ("xeyJhbGciOiJI.eyJzdWIi.s", f"x{MASK}"),
        ("www.example.com.eyJhbGciOiJI.eyJzdWIi.s.rest", f"www.example.com.{MASK}.rest"),
        ("eyJhbGciOiJI.eyJzdWIi.s.eyJhbGciOiJI.eyJzdWIi.s", f"{MASK}.{MASK}"),
        ("eyJaaaaaaaa.eyJhbGciOiJI.eyJzdWIi.s", f"{MASK}.s"),
        ("eyJ.eyJ.eyJ and eyJshort.x.y", "eyJ.eyJ.eyJ and eyJshort.x.y"),
        ("token=eyJhbGciOiJI.eyJzdWIi.s;", f"token={MASK};"),
    ],
)
def test_tokens_are_taken_out_wherever_they_stand(text: str, clean: str) -> None:
    assert Redactor().text(text) == clean
