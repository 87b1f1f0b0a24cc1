"""The shipped flows against the practice dashboard: one dashboard and one signed-in session for all of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from robot.executor.alone import Holds
from robot.executor.browser import BrowserOptions
from robot.executor.browser_finder import BrowserChoice
from robot.executor.timeouts import Timeouts
from robot.flow.loader import FlowLibrary, load_flows
from robot.ledger.database import open_ledger
from robot.ledger.intents import IntentGate
from robot.profile import Profile, load_profile
from robot.run.events import Listener
from robot.run.evidence import EvidenceRecorder
from robot.run.model import Run, TaskResult
from robot.run.redact import Redactor
from robot.runner import Runner, RunRequest
from robot.selector.loader import load_selectors
from robot.selector.store import SelectorStore
from robot.settings import Credentials
from tests.in_thread import call_in_thread
from tests.rehearsal.dashboard import Practice, RunFlow

ROOT = Path(__file__).parents[2]

#: Long enough for two busy cores, short enough that a wrong expectation fails in seconds.
TIMEOUTS = Timeouts(require=8_000, target=8_000, expect=10_000, goal=20_000, silence=5_000)


@pytest.fixture(scope="session")
def server() -> Iterator[Practice]:
    """The dashboard process of all rehearsals."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "robot.practice",
            "--json",
            "--pace",
            "fast",
            "--with-parent",
            str(os.getpid()),
        ],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    addresses = json.loads(process.stdout.readline())
    yield Practice(url=addresses["dashboard"], oracle=addresses["oracle"])
    process.terminate()
    assert process.wait(timeout=10) == 0
    process.stdout.close()


@pytest.fixture
def practice(server: Practice) -> Practice:
    """The dashboard with its sample data as at the start."""
    server.tell("/reset")
    return server


@pytest.fixture(scope="session")
def session_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the signed-in session is kept from one run to the next."""
    return tmp_path_factory.mktemp("session") / "session.json"


@pytest.fixture(scope="session")
def profile(server: Practice) -> Profile:
    return load_profile("practice", folder=ROOT / "selectors/profiles", dashboard=server.url)


@pytest.fixture(scope="session")
def library() -> FlowLibrary:
    """The shipped flows."""
    flows, problems = load_flows(ROOT / "flows")
    assert not problems
    return flows


@pytest.fixture(scope="session")
def store() -> SelectorStore:
    """The shipped selectors."""
    targets, problems = load_selectors(ROOT / "selectors")
    assert not problems
    return targets


@pytest.fixture
def run_flow(
    practice: Practice,
    profile: Profile,
    session_path: Path,
    browser_choice: BrowserChoice,
    library: FlowLibrary,
    store: SelectorStore,
    tmp_path: Path,
) -> RunFlow:
    """`run_flow("users", location_id=..., policies={...})` runs one flow and returns its task's result.

    Runs of one test share a ledger. `policies` overlays those of the profile; `listener` hears
    every event; `evidence` is a folder to record into; `holds`: see `Runner`.
    """
    journal = IntentGate(open_ledger(tmp_path / "ledger.db"), dashboard=practice.url)

    def run(
        name: str,
        *,
        policies: dict[str, object] | None = None,
        listener: Listener | None = None,
        timeouts: Timeouts | None = None,
        evidence: Path | None = None,
        holds: Holds | None = None,
        **inputs: Any,
    ) -> TaskResult:
        with ExitStack() as stack:
            listeners = [listener] if listener else []
            if evidence is not None:
                recorder = EvidenceRecorder(evidence, "rehearsal", Redactor(()), video=False)
                listeners.append(stack.enter_context(recorder))
            return rehearse(name, policies or {}, tuple(listeners), timeouts or TIMEOUTS, holds, inputs)

    def rehearse(
        name: str,
        policies: dict[str, object],
        listeners: tuple[Listener, ...],
        timeouts: Timeouts,
        holds: Holds | None,
        inputs: dict[str, Any],
    ) -> TaskResult:
        runner = Runner(
            library=library,
            store=store,
            profile=replace(profile, policies=profile.policies | policies),
            credentials=Credentials(
                email="operator@woot.example",
                password="practice-makes-perfect",
                totp_secret="JBSWY3DPEHPK3PXP",
            ),
            gate=journal,
            listeners=listeners,
            browser=BrowserOptions(choice=browser_choice, session_path=session_path, is_recorded=False),
            holds=holds,
            timeouts=timeouts,
        )
        request = RunRequest(run_id="rehearsal", flow=library.find(name), inputs=dict(inputs))
        done: Run = call_in_thread(lambda: runner.run(request))
        assert not runner.listener_failures
        assert not done.problems, done.reason
        [task] = done.tasks
        return task

    return run
