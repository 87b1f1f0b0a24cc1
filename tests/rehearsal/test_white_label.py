"""A white label serves the dashboard under names of its own, which the profile says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from robot.executor.browser import BrowserOptions
from robot.executor.browser_finder import BrowserChoice
from robot.flow.loader import FlowLibrary
from robot.ledger.database import open_ledger
from robot.ledger.intents import IntentGate
from robot.profile import load_profile
from robot.run.model import Status
from robot.runner import Runner, RunRequest
from robot.selector.store import SelectorStore
from robot.settings import Credentials
from tests.in_thread import call_in_thread
from tests.rehearsal.conftest import ROOT, TIMEOUTS
from tests.rehearsal.dashboard import DEMO

NAMES = ("hub.woot.localhost", "embed.localhost", "cdn.localhost")


@pytest.fixture
def own_dashboard() -> Iterator[str]:
    """Address of a dashboard that is served under NAMES."""
    command = [sys.executable, "-m", "robot.practice", "--json", "--hosts", ",".join(NAMES)]
    command += ["--with-parent", str(os.getpid())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["dashboard"]
        process.terminate()


@pytest.mark.matrix
def test_hosts_come_from_the_profile(
    own_dashboard: str,
    tmp_path: Path,
    library: FlowLibrary,
    store: SelectorStore,
    browser_choice: BrowserChoice,
) -> None:
    """A page in the main document and one in a frame, as docs/practice.md says how."""
    text = (ROOT / "selectors/profiles/practice.yaml").read_text(encoding="utf-8")
    for usual, name in zip(("app.localhost", "frames.localhost", "assets.localhost"), NAMES, strict=True):
        text = text.replace(usual, name)
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    runner = Runner(
        library=library,
        store=store,
        profile=load_profile(str(tmp_path / "own.yaml"), folder=tmp_path, dashboard=own_dashboard),
        credentials=Credentials(
            email="operator@woot.example",
            password="practice-makes-perfect",
            totp_secret="JBSWY3DPEHPK3PXP",
        ),
        gate=IntentGate(open_ledger(tmp_path / "ledger.db"), dashboard=own_dashboard),
        listeners=(),
        browser=BrowserOptions(choice=browser_choice, is_recorded=False),
        timeouts=TIMEOUTS,
    )
    request = RunRequest(run_id="own", flow=library.find("calendars"), inputs={"location_id": DEMO})
    done = call_in_thread(lambda: runner.run(request))
    assert done.status is Status.PASSED, done.reason
    assert done.dashboard == own_dashboard
