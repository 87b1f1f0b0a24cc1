"""The robot's own users come from the environment or from a file that nobody else may read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from robot.errors import BadInputError
from robot.logins import Login, read_logins
from robot.settings import Credentials, Settings, read_settings

PASSWORD, TOTP = "hunter22-and-more", "JBSWY3DPEHPK3PXP"
FILE = f"""\
logins:
  - email: a@x.example
    password: {PASSWORD}
    totp_secret: {TOTP}
  - email: b@x.example
    password: '12345678'
"""

by_mode = pytest.mark.skipif(os.name != "posix", reason="who may read a file is told otherwise here")


def settings(
    tmp_path: Path, text: str | None = None, environ: Mapping[str, str] | None = None, *, mode: int = 0o600
) -> Settings:
    """text: what the file of logins holds; none is named without it."""
    file = tmp_path / "logins.yaml"
    named = {}
    if text is not None:
        file.write_text(text, encoding="utf-8")
        file.chmod(mode)
        named = {"OFFBOARD_LOGINS": str(file)}
    return read_settings({"OFFBOARD_DATA": str(tmp_path), **named, **(environ or {})}, root=tmp_path)


def refused(found: Settings) -> BadInputError:
    with pytest.raises(BadInputError) as caught:
        read_logins(found)
    return caught.value


def test_the_one_of_the_environment(tmp_path: Path) -> None:
    environ = {
        "OFFBOARD_EMAIL": "a@x.example",
        "OFFBOARD_PASSWORD": PASSWORD,
        "OFFBOARD_TOTP_SECRET": TOTP,
        "OFFBOARD_CODE": "123456",
    }
    [login] = read_logins(settings(tmp_path, environ=environ))
    assert (login.email, login.password, login.totp_secret) == ("a@x.example", PASSWORD, TOTP)
    assert login.secrets() == (PASSWORD, TOTP, "123456")


def test_several_of_a_file_in_its_order(tmp_path: Path) -> None:
    first, second = read_logins(settings(tmp_path, FILE))
    assert first == Credentials(email="a@x.example", password=PASSWORD, totp_secret=TOTP)
    assert second == Credentials(email="b@x.example", password="12345678")


def test_the_file_goes_before_the_environment(tmp_path: Path) -> None:
    found = settings(tmp_path, FILE, {"OFFBOARD_EMAIL": "c@x.example", "OFFBOARD_PASSWORD": PASSWORD})
    assert [login.email for login in read_logins(found)] == ["a@x.example", "b@x.example"]


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"OFFBOARD_EMAIL": "a@x.example"},
        {"OFFBOARD_PASSWORD": PASSWORD},
        {"OFFBOARD_EMAIL": "", "OFFBOARD_PASSWORD": PASSWORD, "OFFBOARD_LOGINS": ""},
    ],
)
def test_without_any_nothing_is_started(tmp_path: Path, environ: dict[str, str]) -> None:
    problem = refused(settings(tmp_path, environ=environ)).problem
    assert problem.what == "nobody is named to sign in as"
    assert problem.done == "nothing was started"
    for name in ("OFFBOARD_EMAIL", "OFFBOARD_PASSWORD", "OFFBOARD_LOGINS"):
        assert name in problem.next


@by_mode
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o601])
def test_a_file_that_others_may_use_is_refused(tmp_path: Path, mode: int) -> None:
    problem = refused(settings(tmp_path, FILE, mode=mode)).problem
    assert problem.what.startswith("others may read the passwords in ")
    assert problem.what.endswith("logins.yaml")
    assert problem.next.startswith("chmod 600 ")


@by_mode
@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_file_of_its_owner_alone_is_read(tmp_path: Path, mode: int) -> None:
    assert len(read_logins(settings(tmp_path, FILE, mode=mode))) == 2


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    environ = {"OFFBOARD_LOGINS": str(tmp_path / "none.yaml")}
    problem = refused(settings(tmp_path, environ=environ)).problem
    assert "none.yaml: No such file or directory" in problem.what
    assert problem.next == "see OFFBOARD_LOGINS"


def test_one_that_is_named_twice_is_refused(tmp_path: Path) -> None:
    more = "  - {email: a@x.example, password: another}\n"
    problem = refused(settings(tmp_path, FILE + more)).problem
    assert problem.what.endswith("logins.yaml names a@x.example twice")
    assert problem.next == "name each login once"


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        (FILE.replace("totp_secret", "totp"), "4:5", "unknown key 'totp'"),
        (FILE.replace("logins:", "login:"), "1:1", "unknown key 'login'"),
        ("logins: []\n", "1:9", "'logins': must not be empty"),
        ("logins:\n  - password: x\n", "2:5", "key 'email' is missing"),
        ("logins:\n  - email: a@x.example\n", "2:5", "key 'password' is missing"),
        ("logins:\n  - {email: a@x, password: ''}\n", "2:28", "'password': "),
        ("logins:\n  - {email: a@x, password: 12345678}\n", "2:18", "'password': must be text"),
    ],
)
def test_what_is_wrong_in_the_file_is_told_with_its_place(
    tmp_path: Path, text: str, place: str, what: str
) -> None:
    told = [problem.headline() for problem in refused(settings(tmp_path, text)).problems]
    assert any(f"logins.yaml:{place}: {what}" in line for line in told), told


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    text = FILE.replace("totp_secret", "totp").replace("'12345678'", "12345678")
    problems = refused(settings(tmp_path, text)).problems
    assert [":4:5: " in problems[0].what, ":6:5: " in problems[1].what] == [True, True]
    # The lines themselves hold passwords.
    assert [problem.where for problem in problems] == [None, None]


@pytest.mark.parametrize(
    "text", ["", "- a\n", "just words\n", "logins: [\n", "logins: {a: 1}\n", "logins: 3\n"]
)
def test_a_file_that_is_no_list_of_logins_is_refused(tmp_path: Path, text: str) -> None:
    assert "logins.yaml" in refused(settings(tmp_path, text)).problem.headline()


def test_secrets_are_in_no_representation(tmp_path: Path) -> None:
    login = Login(email="a@x.example", password=PASSWORD, totp_secret=TOTP)
    found = read_logins(settings(tmp_path, FILE))
    for shown in (repr(login), str(login), repr(found), str(found[0]), f"{found[0]}"):
        assert PASSWORD not in shown
        assert TOTP not in shown
    assert "a@x.example" in repr(login)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (FILE.replace("totp_secret", "totp"), TOTP),
        (FILE.replace("password", "pasword"), PASSWORD),
        (FILE.replace("email:", "mail:"), PASSWORD),
        (f"logins:\n  - {{email: a@x, password: [{PASSWORD}]}}\n", PASSWORD),
        ("logins:\n  - {email: a@x, password: 73519284}\n", "73519284"),
        (FILE + f"  - {{email: a@x.example, password: {PASSWORD}}}\n", PASSWORD),
        (f"logins: {PASSWORD}\n", PASSWORD),
    ],
)
def test_secrets_are_in_no_message(tmp_path: Path, text: str, secret: str) -> None:
    error = refused(settings(tmp_path, text))
    for problem in error.problems:
        assert secret not in problem.render()
    assert secret not in str(error)
    # What the validator raised holds them, and is not shown below ours.
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None
