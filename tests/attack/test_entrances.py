"""Whatever comes in at an entrance, the program refuses it or takes it: no bug of its own, no signal.

OFFBOARD_FUZZ=5000 ./offboard test tests/attack/test_entrances.py      as many tries at each as wanted
"""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from robot.cli.main import main
from tests.sample_run import LOCATION

TRIES = int(os.environ.get("OFFBOARD_FUZZ", "30"))
BUG = 4
PROFILE = (
    "profile: agency\ntitle: An agency\ndashboard: https://app.agency.example\ntime_zone: UTC\n"
    "hosts: {navigate: [app.agency.example]}\n"
    "policies: {saas_cancel_subscription: false, users_shared: block, snapshot_assets: keep}\n"
)

#: Text with all that has ever been trouble in it.
_TROUBLE = [
    "\0",
    "\x1b",
    "\u202e",
    "\ud800",
    "\ufeff",
    "\u200b",
    "é",
    "e\u0301",
    "\r",
    "\n",
    "\t",
    "'",
    '"',
    "\\",
    "${x}",
    "{{x}}",
    "[red]",
    "%s",
    "../",
    "=1+1",
    "0001-01-01",
    "9999-12-31",
    "1e999",
    "NaN",
    "-0",
    "9" * 400,
    "a" * 5000,
    "*",
    "&a",
    "!!int",
    LOCATION,
    "null",
    "true",
    "[",
    "{",
    ":",
    ",",
    ";",
    "#",
    "|",
    "--",
    "-h",
    "@",
    "😀",
]
TEXT = st.lists(st.sampled_from(_TROUBLE) | st.text(max_size=8), max_size=6).map("".join)
#: As the system gives arguments to a program: without NUL.
WORD = TEXT.map(lambda text: text.replace("\0", ""))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
YAML_WORDS = [
    "flow",
    "title",
    "steps",
    "view",
    "inputs",
    "click",
    "expect",
    "if",
    "then",
    "goal",
    "do",
    "visible",
    "targets",
    "css",
    "candidates",
    "profile",
    "hosts",
    "navigate",
    "policies",
    "words",
    "logins",
    "email",
    "password",
    "time_zone",
    "source",
]
YAML = st.recursive(
    JSON,
    lambda inner: (
        st.dictionaries(st.sampled_from(YAML_WORDS), inner, max_size=5) | st.lists(inner, max_size=3)
    ),
    max_leaves=16,
).map(lambda value: json.dumps(value, ensure_ascii=False, default=str))


def call(*words: str) -> tuple[int, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main(list(words))
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
    return code, out.getvalue() + err.getvalue()


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OFFBOARD_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("OFFBOARD_RECORDINGS", str(tmp_path / "recordings"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("OFFBOARD_DATABASE_URL", "")
    file = tmp_path / "agency.yaml"
    file.write_text(PROFILE)
    return file


def tried(check: Callable[..., None], **drawn: st.SearchStrategy[object]) -> None:
    settings(max_examples=TRIES, deadline=None, suppress_health_check=list(HealthCheck))(
        given(**drawn)(check)
    )()


def write(file: Path, text: str) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    return str(file)


def assert_no_bug(*words: str) -> None:
    code, said = call(*words)
    assert code != BUG, said[-3000:]
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "place", ["flows/x.yaml", "selectors/x.yaml", "selectors/profiles/x.yaml", "logins.yaml"]
)
def test_files_of_yaml(profile: Path, tmp_path: Path, place: str) -> None:
    def check(text: str) -> None:
        file = write(tmp_path / place, text)
        Path(file).chmod(0o600)
        assert_no_bug("lint", file)

    tried(check, text=YAML | TEXT)


def test_tables(profile: Path, tmp_path: Path) -> None:
    def check(rows: list[list[str]], separator: str) -> None:
        text = "location id,company,due on,priority\n".replace(",", separator)
        text += "\n".join(separator.join(row) for row in rows)
        # In this process: what the other one adds is tried elsewhere, and costs half a second a try.
        from robot.errors import BadInputError  # noqa: PLC0415
        from robot.jobs.table import open_table  # noqa: PLC0415

        with contextlib.suppress(BadInputError):
            open_table(Path(write(tmp_path / "x.csv", text)))

    tried(check, rows=st.lists(st.lists(TEXT, max_size=5), max_size=5), separator=st.sampled_from(",;\t"))


def test_what_is_queued_by_hand(profile: Path) -> None:
    def check(company: str, location_id: str, due_on: str, priority: str, policies: str) -> None:
        words = [
            "queue",
            "add",
            f"--company={company}",
            f"--location-id={location_id}",
            f"--due-on={due_on}",
            f"--priority={priority}",
            f"--policy={policies}",
        ]
        assert_no_bug(*words, "--profile", str(profile))

    tried(check, company=WORD, location_id=WORD, due_on=WORD, priority=WORD, policies=WORD)


WORDS: list[tuple[str, ...]] = [("queue", "show"), ("report",), ("evidence", "verify"), ("lint",), ("run",)]
MORE_WORDS: list[tuple[str, ...]] = [("queue", "cancel"), ("plan",), ("case", "show"), ("token", "revoke")]


@pytest.mark.parametrize(
    "words", [*WORDS, *[pytest.param(words, marks=pytest.mark.matrix) for words in MORE_WORDS]], ids=" ".join
)
def test_words(
    profile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)

    def check(word: str) -> None:
        about = () if words[0] in ("report", "evidence", "lint") else ("--profile", str(profile))
        if words[0] in ("run", "plan"):
            # What is good would open a browser.
            about = (*about, "--dashboard", "https://other.example")
        assert_no_bug(*words, *about, "--", word)

    tried(check, word=WORD)


def test_manifests_and_bundles(profile: Path, tmp_path: Path) -> None:
    def check(manifest: object, run: object, events: str) -> None:
        folder = tmp_path / "recordings" / "20261126-120000-x"
        for name, value in (("manifest.json", manifest), ("run.json", run)):
            write(folder / name, json.dumps(value))
        write(folder / "events.jsonl", events)
        assert_no_bug("evidence", "verify", folder.name)
        assert_no_bug("report", folder.name)

    entry = st.dictionaries(
        st.sampled_from(
            ["files", "entries", "path", "size", "sha256", "chain", "run_id", "digest", "version"]
        ),
        JSON,
    )
    tried(check, manifest=entry | JSON, run=entry | JSON, events=TEXT)
