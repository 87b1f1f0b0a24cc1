"""The browser is found in the stated order, remembered, and its absence is told with what to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from robot.errors import SetupError
from robot.executor.browser_finder import SHELLS, BrowserChoice, find_browser
from robot.folders import cache_folder


def silent(line: str) -> None:
    raise AssertionError(f"nothing was to be announced, yet: {line}")


def script(folder: Path, name: str, text: str) -> Path:
    """An executable shell script."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def real(headed_choice: BrowserChoice) -> str:
    """The path of a browser that starts and has windows."""
    if headed_choice.kind == "path":
        return headed_choice.value
    remembered = json.loads((cache_folder() / "browser.json").read_text())["headed"]["executable"]
    assert remembered, (
        f"these tests need the path of a browser, and only {headed_choice} is known: set OFFBOARD_BROWSER"
    )
    return str(remembered)


@pytest.fixture
def shell(browser_choice: BrowserChoice) -> str:
    """The path of one without windows: what it says of itself, no other program says."""
    if Path(browser_choice.value).name not in SHELLS:
        pytest.skip(f"there is none here: {browser_choice}")
    return browser_choice.value


def environ(**changes: str) -> dict[str, str]:
    """An environment in which no browser is found but those that a test puts there."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OFFBOARD_")}
    return {**kept, "PLAYWRIGHT_BROWSERS_PATH": "/nonexistent", **changes}


def find(cache: Path, *, headed: bool = True, **changes: str) -> BrowserChoice:
    return find_browser(
        environ=environ(**changes),
        cache_path=cache / "browser.json",
        announce=silent,
        may_install=False,
        headed=headed,
    )


def test_a_browser_on_path_is_found_with_its_version(tmp_path: Path, real: str) -> None:
    folder = tmp_path / "bin"
    mine = script(folder, "chromium", f'exec {real} "$@"')
    choice = find(tmp_path, PATH=f"{folder}:{os.environ['PATH']}")
    assert (choice.kind, choice.value) == ("path", str(mine))
    assert choice.version.split(".")[0].isdigit()
    assert "'chromium' on PATH" in choice.source


def test_one_that_does_not_start_is_passed_over(tmp_path: Path, real: str) -> None:
    folder = tmp_path / "bin"
    script(folder, "chromium", "exit 1")
    good = script(folder, "chromium-browser", f'exec {real} "$@"')
    assert find(tmp_path, PATH=f"{folder}:{os.environ['PATH']}").value == str(good)


def test_the_setting_comes_first_and_nothing_else_is_tried(tmp_path: Path, real: str) -> None:
    assert find(tmp_path, OFFBOARD_BROWSER=real).source == "the setting OFFBOARD_BROWSER"
    with pytest.raises(SetupError) as caught:
        find(tmp_path, OFFBOARD_BROWSER=str(tmp_path / "nowhere"))
    text = caught.value.problem.render()
    assert "names cannot be used" in text
    assert "no other browser was tried" in text


def test_no_browser_at_all_names_what_was_tried_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as caught:
        find(tmp_path, PATH=str(tmp_path))
    text = caught.value.problem.render()
    assert "no browser was found on this machine" in text
    for tried in ("Playwright's own browser", "'chrome'", "'msedge'"):
        assert tried in text
    assert "install Google Chrome, Microsoft Edge or Chromium" in text
    assert "OFFBOARD_BROWSER" in text


def test_the_answer_is_remembered_until_the_browser_changes(tmp_path: Path, real: str) -> None:
    folder = tmp_path / "bin"
    starts = tmp_path / "starts"
    mine = script(folder, "chromium", f'echo x >> {starts}; exec {real} "$@"')
    path = f"{folder}:{os.environ['PATH']}"
    first = find(tmp_path, PATH=path)
    assert find(tmp_path, PATH=path) == first
    assert starts.read_text() == "x\n"
    mine.write_text(mine.read_text() + "# newer\n")
    assert find(tmp_path, PATH=path) == first
    assert starts.read_text() == "x\nx\n"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"key": 1}'])
def test_a_broken_cache_is_no_harm(tmp_path: Path, real: str, content: str) -> None:
    (tmp_path / "browser.json").write_text(content)
    assert find(tmp_path, OFFBOARD_BROWSER=real).value == real
    assert json.loads((tmp_path / "browser.json").read_text())["headed"]["choice"]["value"] == real


def test_one_without_windows_comes_first_where_nobody_looks(tmp_path: Path, real: str) -> None:
    folder = tmp_path / "bin"
    seen = script(folder, "chromium", f'exec {real} "$@"')
    path = f"{folder}:{os.environ['PATH']}"
    before = find(tmp_path, headed=False, PATH=path)
    assert before.value != str(folder / SHELLS[0])
    # One that comes to lie before it is seen at once.
    unseen = script(folder, SHELLS[0], f'exec {real} "$@"')
    for _ in range(2):
        assert find(tmp_path, headed=False, PATH=path).value == str(unseen)
        assert find(tmp_path, headed=True, PATH=path).value == str(seen)
    # Each is remembered by itself.
    kept = json.loads((tmp_path / "browser.json").read_text())
    assert {use: one["choice"]["value"] for use, one in kept.items()} == {
        "headless": str(unseen),
        "headed": str(seen),
    }


#: Prints where Playwright's own browsers are to be: the one with windows, and in an error the one without.
WHERE = """
from playwright.sync_api import Error, sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
    try:
        playwright.chromium.launch()
    except Error as error:
        print(error.message.splitlines()[0].split(" at ")[-1])
"""


def test_playwrights_own_comes_before_all_others(tmp_path: Path, real: str) -> None:
    """It is two programs, and either may have been downloaded without the other."""
    own = str(tmp_path / "own")
    asked = subprocess.run(
        [sys.executable, "-c", WHERE],
        env=environ(PLAYWRIGHT_BROWSERS_PATH=own),
        capture_output=True,
        text=True,
        check=True,
    )
    seen, unseen = map(Path, asked.stdout.split())
    for path in (seen, unseen):
        path.parent.mkdir(parents=True)
    others = script(tmp_path / "bin", "chromium", f'exec {real} "$@"')
    path = f"{others.parent}:{os.environ['PATH']}"

    script(unseen.parent, unseen.name, f'exec {real} "$@"')
    found = find(tmp_path, headed=False, PATH=path, PLAYWRIGHT_BROWSERS_PATH=own)
    assert (found.kind, found.source) == ("bundled", "Playwright's own browser")
    assert find(tmp_path, headed=True, PATH=path, PLAYWRIGHT_BROWSERS_PATH=own).value == str(others)

    script(seen.parent, seen.name, f'exec {real} "$@"')
    (tmp_path / "browser.json").unlink()
    assert find(tmp_path, headed=True, PATH=path, PLAYWRIGHT_BROWSERS_PATH=own).kind == "bundled"


def test_one_without_windows_is_refused_where_somebody_looks(tmp_path: Path, shell: str) -> None:
    assert find(tmp_path, headed=False, OFFBOARD_BROWSER=shell).value == shell
    with pytest.raises(SetupError) as caught:
        find(tmp_path, headed=True, OFFBOARD_BROWSER=shell)
    assert "it has no windows to be seen" in caught.value.problem.render()
