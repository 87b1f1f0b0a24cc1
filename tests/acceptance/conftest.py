"""One practice dashboard a module, and the command as a newcomer starts it: with nothing but its settings."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from robot.cli.practice import running_practice
from robot.executor.browser_finder import BrowserChoice
from tests.acceptance.command import ROOT, Offboard
from tests.rehearsal.dashboard import Practice

CREDENTIALS = {
    "OFFBOARD_EMAIL": "operator@woot.example",
    "OFFBOARD_PASSWORD": "practice-makes-perfect",
    "OFFBOARD_TOTP_SECRET": "JBSWY3DPEHPK3PXP",
}


@pytest.fixture(scope="module")
def server() -> Iterator[Practice]:
    """The module's dashboard process."""
    with running_practice("--pace", "fast") as address:
        yield Practice(url=address.dashboard, oracle=address.oracle)


@pytest.fixture
def practice(server: Practice) -> Practice:
    """The dashboard with its sample data as at the start."""
    server.tell("/reset")
    return server


def command_in(folder: Path, dashboard: str) -> Offboard:
    """The command standing in `folder`, told who signs in, and nothing else that this process was told."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("OFFBOARD_")}
    environ |= {"PYTHONPATH": str(ROOT), "OFFBOARD_DATA": str(folder / "data"), **CREDENTIALS}
    return Offboard(folder=folder, dashboard=dashboard, environ=environ)


@pytest.fixture(scope="module")
def signed_in(
    server: Practice, browser_choice: BrowserChoice, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A data folder that holds a signed-in session of the module's dashboard."""
    # A test before this one may have changed the password.
    server.tell("/reset")
    command = command_in(tmp_path_factory.mktemp("signed-in"), server.url)
    ended = command.run("sign-in")
    assert ended.code == 0, ended.err
    return command.data


@pytest.fixture
def stranger(practice: Practice, browser_choice: BrowserChoice, tmp_path: Path) -> Iterator[Offboard]:
    """The command where nobody has signed in yet."""
    command = command_in(tmp_path, practice.url)
    yield command
    command.end_all()


@pytest.fixture
def offboard(stranger: Offboard, signed_in: Path) -> Offboard:
    """The command where the operator is signed in, with a ledger of its own."""
    for session in signed_in.rglob("session-*.json"):
        kept = stranger.data / session.relative_to(signed_in)
        kept.parent.mkdir(parents=True)
        shutil.copy(session, kept)
    return stranger
