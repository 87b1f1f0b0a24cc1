"""`doctor` says what is there, what is not, and what to do."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from robot.cli.doctor import doctor
from robot.errors import Problem
from robot.executor.browser_finder import BrowserChoice


def ask(capsys: pytest.CaptureFixture[str], **environ: str) -> tuple[int, dict[str, dict[str, str]], str]:
    """Exit code, the checks by name, and the verdict."""
    code = doctor(json=True, environ={**os.environ, **environ})
    answer = json.loads(capsys.readouterr().out)
    return code, {check["name"]: check for check in answer["checks"]}, answer["verdict"]


def test_a_machine_with_everything_is_ready(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, browser_choice: BrowserChoice
) -> None:
    code, checks, verdict = ask(
        capsys, OFFBOARD_RECORDINGS=str(tmp_path / "recordings"), OFFBOARD_DATA=str(tmp_path / "data")
    )
    assert code == 0
    assert verdict.startswith("ready")
    assert checks["browser"]["found"].startswith(browser_choice.version)
    assert checks["recordings"]["found"] == f"{tmp_path / 'recordings'} (made when needed)"
    assert not (tmp_path / "recordings").exists()


def test_what_is_wrong_is_named_with_what_to_do(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    code, checks, verdict = ask(
        capsys,
        OFFBOARD_BROWSER=str(tmp_path / "none"),
        OFFBOARD_RECORDINGS=str(tmp_path / "file" / "recordings"),
    )
    assert code == 2
    assert verdict == "not ready: browser, recordings"
    for name in ("browser", "recordings"):
        assert checks[name]["state"] == "bad"
        assert checks[name]["next"]


def test_people_get_a_table_and_a_verdict(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    doctor(
        json=False,
        environ={**os.environ, "OFFBOARD_RECORDINGS": str(tmp_path), "OFFBOARD_DATA": str(tmp_path)},
    )
    out = capsys.readouterr().out
    assert "Playwright" in out
    assert "ready" in out.splitlines()[-1]


def test_a_profiles_time_zone_is_shown_with_what_its_clocks_show(capsys: pytest.CaptureFixture[str]) -> None:
    _, checks, _ = ask(capsys)
    found = checks["time zone"]
    assert found["state"] == "good"
    before = datetime.now(ZoneInfo("America/Chicago"))
    assert "America/Chicago, where it is " in found["found"]
    assert f"{before:%Y-%m-%d}" in found["found"] or before.hour == 0


@pytest.mark.parametrize(
    ("profile", "state", "told"),
    [
        ("highlevel", "bad", "profile 'highlevel' names none; this refuses: the queue"),
        ("no-such", "bad", "there is no profile 'no-such'"),
    ],
)
def test_a_profile_without_a_time_zone_is_not_ready(
    capsys: pytest.CaptureFixture[str], profile: str, state: str, told: str
) -> None:
    code = doctor(json=True, profile=profile)
    answer = json.loads(capsys.readouterr().out)
    [found] = [check for check in answer["checks"] if check["name"] in ("time zone", "profile")]
    assert (found["state"], code) == (state, 2)
    assert told in found["found"]
    assert found["next"]


@pytest.mark.parametrize(
    ("problems", "state", "found"),
    [
        ([], "good", "no sign of trouble"),
        ([Problem(what="'p.alert' is shown", next="narrow it")], "bad", "'p.alert' is shown"),
    ],
)
def test_what_is_wrong_with_the_pages_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, problems: list[Problem], state: str, found: str
) -> None:
    environ = {**os.environ, "OFFBOARD_RECORDINGS": str(tmp_path), "OFFBOARD_DATA": str(tmp_path)}
    code = doctor(json=True, environ=environ, look_at_pages=lambda: problems)
    checks = {check["name"]: check for check in json.loads(capsys.readouterr().out)["checks"]}
    assert (code, checks["pages"]["state"]) == (2 if problems else 0, state)
    assert found in checks["pages"]["found"]
