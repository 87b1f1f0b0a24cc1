"""No encoding of a secret gets past the redactor, and text without secrets is left alone."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from robot.errors import BadInputError
from robot.run.redact import MASK, Redactor

LETTERS = st.characters(codec="utf-8", exclude_characters="|")
SECRETS = st.text(LETTERS, min_size=4, max_size=30).filter(lambda text: len(text.strip()) >= 4)
AROUND = st.text(alphabet="xyz .", max_size=5)


def spellings(secret: str) -> dict[str, str]:
    """The secret as it may stand in a file, by the name of the encoding."""
    return {
        "plain": secret,
        "url": quote(secret, safe=""),
        "url, slashes kept": quote(secret),
        "url, lower case": quote(secret, safe="").lower() if secret.islower() else quote(secret, safe=""),
        "url, twice": quote(quote(secret, safe=""), safe=""),
        "form": quote_plus(secret),
        "json": json.dumps(secret)[1:-1],
        "json, not only ASCII": json.dumps(secret, ensure_ascii=False)[1:-1],
        "json in json": json.dumps(json.dumps(secret))[3:-3],
        "html": html.escape(secret),
        "html in json": json.dumps(html.escape(secret))[1:-1],
    }


@settings(deadline=None)
@example(secret="000&", before="", after="")
@example(secret="100%", before="", after="")
@given(secret=SECRETS, before=AROUND, after=AROUND)
def test_every_spelling_of_a_secret_is_taken_out(secret: str, before: str, after: str) -> None:
    redactor = Redactor([secret])
    for name, spelling in spellings(secret).items():
        cleaned = redactor.text(f"{before}|{spelling}|{after}")
        assert f"|{MASK}|" in cleaned, name


@settings(deadline=None)
@given(secret=SECRETS, before=st.binary(max_size=7), after=st.binary(max_size=7))
def test_base64_is_taken_out_at_every_alignment(secret: str, before: bytes, after: bytes) -> None:
    redactor = Redactor([secret])
    whole = before + secret.encode() + after
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        cleaned = redactor.text(encode(whole).decode())
        assert MASK in cleaned
        left = max(cleaned.split(MASK), key=len)
        assert len(left) <= len(base64.b64encode(before + after)) + 8


@pytest.mark.parametrize("short", ["", "abc", "  a  ", "x y"])
def test_a_short_secret_is_refused(short: str) -> None:
    with pytest.raises(BadInputError, match="cannot be kept out of the evidence") as caught:
        Redactor([short])
    assert short.strip() == "" or short not in caught.value.problem.render()


def test_a_one_time_code_is_not_found_inside_longer_numbers() -> None:
    redactor = Redactor()
    redactor.add_code("123456")
    assert redactor.text("code 123456 or 123 456") == f"code {MASK} or {MASK}"
    assert redactor.text("+15551234567, 1795366123456") == "+15551234567, 1795366123456"


def test_a_secret_of_six_digits_is_taken_for_a_code() -> None:
    assert Redactor(["246810"]).text("at 1246810, code 246810") == f"at 1246810, code {MASK}"


def test_a_code_must_be_digits() -> None:
    with pytest.raises(BadInputError, match="six to eight digits"):
        Redactor().add_code("12345a")


@pytest.mark.parametrize(
    "text, cleaned",
    [
        ("Authorization: Bearer abcdef123456", f"Authorization: Bearer {MASK}"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln now", f"{MASK} now"),
        ("Cookie: sid=1; other=2\nnext", f"Cookie: {MASK}\nnext"),
        ("https://x.example/a?token=abc&page=2", f"https://x.example/a?token={MASK}&page=2"),
        ('{"refresh_token": "abc", "page": 2}', f'{{"refresh_token": "{MASK}", "page": 2}}'),
        (r'"{\"password\":\"abc\"}"', rf'"{{\"password\":\"{MASK}\"}}"'),
    ],
)
def test_tokens_nobody_told_about_are_taken_out(text: str, cleaned: str) -> None:
    assert Redactor().text(text) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "Delete +1 555 010 0199 of Adrianne's Housekeeping (hK3vQ9mTz7LpX2cRb8Nd)",
        "The bearer of this is welcome. Basic plan. Cookie policy: none",
        "https://app.example/v2/location/abc/settings?tab=numbers",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert Redactor(["correct horse battery"]).text(text) == text


def test_json_values_are_cleaned_in_place() -> None:
    redactor = Redactor(["hunter2hunter2"])
    redactor.add_code("123456")
    value = {"a": ["hunter2hunter2", 123456, 5, None, True], "password": "x", "hunter2hunter2": 1}
    assert redactor.json(value) == {"a": [MASK, MASK, 5, None, True], "password": MASK, MASK: 1}
