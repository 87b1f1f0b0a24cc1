"""Words that cannot be carried out: exit 2, the cause and the next step on standard error, nothing started."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from robot.cli.main import main

LOCATION = "location_id=hK3vQ9mTz7LpX2cRb8Nd"

WORDS = [
    (("run", "phone-number"), "there is no flow 'phone-number'", "did you mean 'phone-numbers'?"),
    (("run", "../flows/sign-in"), "there is no flow '../flows/sign-in'", "Flows here: "),
    (
        ("run", "users", "--input", LOCATION, "--profile", "practise"),
        "there is no profile 'practise'",
        "did you mean 'practice'?",
    ),
    (("run", "users", "--input", "company"), "'company' is not an input", "--input name=value"),
    (("run", "users", "--input", "=X"), "'=X' is not an input", "--input name=value"),
    (("run", "users", "--input", "compny=X"), "has no input 'compny'", "did you mean 'company'?"),
    (
        ("run", "users", "--input", "company=X", "--input", "company=Y"),
        "the input 'company' is given twice",
        "give it once",
    ),
    (("run", "users"), "needs at least one of the inputs location_id, company", "--input location_id=..."),
    (("run", "users", "--input", "company= "), "needs at least one of the inputs", "--input company=..."),
    (
        ("run", "users", "--input", "location_id=not an id"),
        "input 'location_id' = 'not an id': a location id is 10 to 40 letters and digits",
        "give --input location_id=",
    ),
    (
        ("run", "users", "--input", LOCATION, "--dashboard", "http://other.example"),
        "the dashboard http://other.example is not among the hosts of profile 'practice'",
        "hosts.navigate",
    ),
    (("run", "users", "--input", LOCATION), "profile 'practice' names no dashboard", "--dashboard"),
    (
        ("run", "users", "--input", LOCATION, "--dashboard", "http://app.localhost:x"),
        "'http://app.localhost:x' has no valid port",
        "http://host:port",
    ),
    (
        ("run", "users", "--input", LOCATION, "--dashboard", "ftp://app.localhost:1"),
        "'ftp://app.localhost:1' is not the address of a dashboard",
        "https://host",
    ),
    (("report", "no-such-run"), "no run is recorded in recordings", "offboard"),
    (("evidence", "verify", "no-such-run"), "no run is recorded in recordings", "offboard"),
    (("lint", "no-such-file.yaml"), "there is no no-such-file.yaml", "check the path"),
    (("run",), "missing argument 'FLOW'", "see offboard run --help"),
    (("rum",), "no such command 'rum'", "see offboard --help"),
    (("run", "users", "--quick"), "no such option '--quick'", "see offboard run --help"),
    (("demo", "--slow", "fast"), "invalid value for '--slow'", "see offboard demo --help"),
]


@pytest.fixture(autouse=True)
def nobody_knows_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every folder that may be written to lies in `tmp_path`, and is not there yet."""
    monkeypatch.chdir(tmp_path)
    for name in ("EMAIL", "PASSWORD", "TOTP_SECRET", "CODE", "BROWSER", "RECORDINGS"):
        monkeypatch.delenv(f"OFFBOARD_{name}", raising=False)
    monkeypatch.setenv("OFFBOARD_DATA", str(tmp_path / "data"))


@pytest.mark.parametrize(("words", "what", "next"), WORDS, ids=[" ".join(words) for words, *_ in WORDS])
def test_bad_words_are_told_and_nothing_is_started(
    words: tuple[str, ...], what: str, next: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main([*words]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert what in said.err.splitlines()[0]
    assert next in said.err.partition("next:")[2]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "what", "next"), WORDS[::3], ids=[" ".join(words) for words, *_ in WORDS[::3]]
)
def test_bad_words_as_json(
    words: tuple[str, ...], what: str, next: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--json"]) == 2
    said = capsys.readouterr()
    assert said.err == ""
    [line] = said.out.splitlines()
    told = json.loads(line)
    assert told["status"] == "error"
    assert what in told["problems"][0]["what"]
    assert next in told["problems"][0]["next"]


def test_two_bad_inputs_are_both_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "users", "--input", "location_id=x", "--input", "cmpany=X"]) == 2
    said = capsys.readouterr().err
    assert "has no input 'cmpany'" in said
    assert "input 'location_id' = 'x'" in said


def test_a_secret_that_is_wrong_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "sign-in", "--input", "email=nobody", "--input", "pasword=hunter22"]) == 2
    assert "hunter22" not in capsys.readouterr().err


def test_the_group_without_a_command_shows_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence"]) == 2
    assert "verify" in capsys.readouterr().err


def test_what_cannot_be_undone_is_not_run_on_a_live_dashboard_without_an_approval(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OFFBOARD_DATA", str(tmp_path))
    assert main(["run", "users", "--input", LOCATION, "--profile", "highlevel"]) == 3
    told = capsys.readouterr().err
    assert "'users' does what cannot be undone (user) on a live dashboard" in told
    assert "nothing was started" in told
    assert list(tmp_path.iterdir()) == []
