"""No secret is in anything that a run leaves or says: files, their inner files, output, in every usual encoding."""

from __future__ import annotations

import base64
import io
import json
import re
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from robot.totp import make_code
from tests.acceptance.command import Ended, Offboard
from tests.acceptance.conftest import CREDENTIALS
from tests.rehearsal.dashboard import DEMO, Practice

#: A password of the kind that hides badly: every encoding changes it.
AWKWARD = 'sésame & "öpen"/<mé>+100%\\'


def forms_of(secret: str) -> set[bytes]:
    """The secret as it may stand in a file: plain, URL-, JSON-, HTML- and base64-encoded at each alignment."""
    octets = secret.encode()
    escaped = json.dumps(secret)[1:-1]
    forms = {
        secret,
        quote(secret, safe=""),
        quote(secret),
        quote_plus(secret),
        escaped,
        escaped.replace("/", "\\/"),
        json.dumps(secret, ensure_ascii=False)[1:-1],
        json.dumps(escaped)[1:-1],
        "".join(f"&#{ord(letter)};" if not letter.isalnum() else letter for letter in secret),
    }
    for offset in range(3):
        whole = base64.b64encode(b"\0" * offset + octets)
        core = whole[-(-8 * offset // 6) : 8 * (offset + len(octets)) // 6].decode()
        forms |= {core, core.replace("+", "-").replace("/", "_"), quote(core, safe="")}
    return {form.encode() for form in forms}


def contents_of(path: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below a folder, and every file inside those that are archives."""
    for file in sorted(path.rglob("*")):
        if file.is_file():
            octets = file.read_bytes()
            yield str(file.relative_to(path)), octets
            if zipfile.is_zipfile(io.BytesIO(octets)):
                with zipfile.ZipFile(io.BytesIO(octets)) as archive:
                    for name in archive.namelist():
                        yield f"{file.relative_to(path)}/{name}", archive.read(name)


def assert_clean(offboard: Offboard, ended: Ended, secrets: dict[str, str], codes: set[str]) -> None:
    """Fails with the names of secrets and places, never with the secrets."""
    places = [*contents_of(offboard.recordings), ("standard output", ended.out.encode()),
              ("standard error", ended.err.encode())]  # fmt: skip
    assert len(places) > 5
    found = [
        f"{what} in {place}"
        for place, octets in places
        for what, secret in secrets.items()
        if any(form in octets for form in forms_of(secret))
    ]
    # Six digits are also found inside times and numbers: a code is one that stands alone.
    code = re.compile(rb"(?<![\w.])(?:%s)(?![\w.])" % b"|".join(sorted(one.encode() for one in codes)))
    coded = {form for one in codes for form in forms_of(one) if not form.isdigit()}
    found += [
        f"a code in {place}"
        for place, octets in places
        if code.search(octets) or any(form in octets for form in coded)
    ]
    assert not found


def codes_between(start: float, end: float) -> set[str]:
    """Every code of the authenticator that was good in that time."""
    secret = CREDENTIALS["OFFBOARD_TOTP_SECRET"]
    return {make_code(secret, moment) for moment in range(int(start) - 60, int(end) + 61, 30)}


def session_secrets(practice: Practice, offboard: Offboard) -> dict[str, str]:
    """Tokens, as the dashboard gave them out and as the browser keeps them."""
    state = practice.ask("/state")
    found = {f"refresh token {row['id']}": row["refresh_token"] for row in state["session"]}
    found |= {f"access token {number}": row["token"] for number, row in enumerate(state["access_token"])}
    for file in offboard.data.rglob("session-*.json"):
        kept = re.findall(r'"(?:refreshToken|accessToken)": ?"([^"]+)"', file.read_text().replace('\\"', '"'))
        found |= {f"kept token {number}": token for number, token in enumerate(kept)}
    return found


def test_nothing_of_a_run_holds_a_secret(stranger: Offboard, practice: Practice) -> None:
    """With everything on that records, a page that shows the password, and on the way a token that is renewed and a
    session that ends: the robot signs in again in the middle of it.
    """
    [user] = [
        row
        for row in practice.entities("login_user")
        if row["body"]["email"] == CREDENTIALS["OFFBOARD_EMAIL"]
    ]
    practice.put(user, password=AWKWARD)
    for number in practice.entities("phone_number", DEMO):
        practice.put(number, friendly_name=AWKWARD)
    start = time.time()
    going = stranger.start(
        "run", "phone-numbers", "--input", f"location_id={DEMO}",
        "--dashboard", stranger.dashboard, "--full-trace", OFFBOARD_PASSWORD=AWKWARD,
    )  # fmt: skip
    going.wait_for("open the menu of the number")
    practice.tell("/expire", {"tokens": True})
    going.wait_for("open the menu of the number")
    practice.tell("/expire", {"session": True})
    ended = going.end()
    assert ended.code == 0, ended.err
    secrets = session_secrets(practice, stranger)
    assert any(name.startswith("refresh") for name in secrets)
    assert any(name.startswith("kept") for name in secrets)
    secrets |= {"password": AWKWARD, "secret": CREDENTIALS["OFFBOARD_TOTP_SECRET"]}
    names = [name for name, _ in contents_of(stranger.recordings)]
    assert any("trace.zip/" in name for name in names)
    assert "the session has ended; signing in again" in ended.err
    assert_clean(stranger, ended, secrets, codes_between(start, time.time()))
    [bundle] = stranger.bundles()
    assert (bundle / "captures.json").read_text(encoding="utf-8").count("(secret)") >= 3


def test_the_kept_session_is_for_its_owner_only(signed_in: Path) -> None:
    [session] = signed_in.rglob("session-*.json")
    assert session.stat().st_mode & 0o077 == 0


def test_a_sign_in_that_failed_holds_no_secret(stranger: Offboard) -> None:
    start = time.time()
    ended = stranger.run("phone-numbers", "--input", f"location_id={DEMO}", OFFBOARD_PASSWORD=AWKWARD)
    assert ended.code == 1, ended.err
    secrets = {"password": AWKWARD, "secret": CREDENTIALS["OFFBOARD_TOTP_SECRET"]}
    assert_clean(stranger, ended, secrets, codes_between(start, time.time()))


@pytest.mark.matrix
def test_a_code_that_was_refused_is_in_nothing(stranger: Offboard) -> None:
    ended = stranger.run("phone-numbers", "--input", f"location_id={DEMO}",
                         OFFBOARD_TOTP_SECRET="", OFFBOARD_CODE="271828")  # fmt: skip
    assert ended.code == 1, ended.err
    assert_clean(stranger, ended, {"password": CREDENTIALS["OFFBOARD_PASSWORD"]}, {"271828"})
