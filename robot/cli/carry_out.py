"""Opens what a run needs (flows, selectors, profile, browser, evidence, gate), runs it, and closes it."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from robot.case.plan import Plan
from robot.case.plan_gate import PlanGate
from robot.check import check_all
from robot.cli.interrupt import Interrupt
from robot.errors import BadInputError
from robot.executor.browser import BrowserOptions
from robot.executor.browser_finder import find_browser
from robot.executor.gate import CheckGate, Gate, Gates
from robot.executor.timeouts import Timeouts
from robot.flow.inputs import read_inputs
from robot.flow.loader import FlowLibrary, load_flows
from robot.ledger.database import Ledger, open_ledger
from robot.ledger.intents import IntentGate
from robot.ledger.journal_before import take_in_journal
from robot.ledger.leases import Leases
from robot.ledger.recorder import LedgerRecorder
from robot.profile import Profile, load_profile
from robot.report.bundle import load_bundle
from robot.report.html import write_html
from robot.report.live import open_live
from robot.report.view import arrange
from robot.run.evidence import EvidenceRecorder
from robot.run.model import Run
from robot.run.redact import Redactor
from robot.runner import Runner, RunRequest
from robot.selector.loader import load_selectors
from robot.selector.store import SelectorStore
from robot.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """How a run is made, beyond what it does."""

    profile: str = "practice"
    #: Address of the dashboard, when the profile does not name it.
    dashboard: str | None = None
    headed: bool = False
    slow_ms: int = 0
    video: bool = True
    full_trace: bool = False
    #: Keeps the signed-in session for the next run.
    keep_session: bool = True
    quiet: bool = False
    timeouts: Timeouts = field(default_factory=Timeouts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A run and what it left."""

    run: Run
    #: Absolute, as is `report`.
    evidence: Path
    report: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outfit:
    """What every run on one dashboard needs, read and checked before anything is opened."""

    settings: Settings
    options: RunOptions
    library: FlowLibrary
    store: SelectorStore
    profile: Profile
    environ: Mapping[str, str]
    #: The clock of ledger, leases and approvals.
    now: Callable[[], datetime]


def read_rules(settings: Settings) -> tuple[FlowLibrary, SelectorStore]:
    """All flows and selectors. Raises BadInputError with every problem that the linter finds."""
    library, problems = load_flows(settings.flows)
    store, more = load_selectors(settings.selectors)
    problems += more
    if not problems:
        problems = [item for item in check_all(library, store) if not item.is_warning]
    if problems:
        raise BadInputError(*problems)
    return library, store


def fit_out(
    library: FlowLibrary,
    store: SelectorStore,
    *,
    settings: Settings,
    options: RunOptions,
    environ: Mapping[str, str],
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Outfit:
    """Raises BadInputError for anything that is wrong with the profile."""
    return Outfit(
        settings=settings,
        options=options,
        library=library,
        store=store,
        profile=load_profile(options.profile, folder=settings.profiles, dashboard=options.dashboard),
        environ=environ,
        now=now,
    )


def carry_out(
    flow_name: str,
    given: Mapping[str, str],
    *,
    settings: Settings,
    options: RunOptions,
    environ: Mapping[str, str],
) -> Finished:
    """Runs one flow. Raises BadInputError before anything is started; otherwise what happened is in the run."""
    library, store = read_rules(settings)
    flow = library.find(flow_name)
    inputs = read_inputs(flow, given)
    outfit = fit_out(library, store, settings=settings, options=options, environ=environ)
    with closing(ledger_of(settings, outfit.profile)) as ledger:
        return run_once(outfit, ledger, RunRequest(run_id=new_run_id(flow_name), flow=flow, inputs=inputs))


def run_once(
    outfit: Outfit,
    ledger: Ledger,
    request: RunRequest,
    *,
    case_id: str | None = None,
    plan: Plan | None = None,
) -> Finished:
    """One run with its evidence, in a browser of its own.

    case_id: the case that it belongs to. plan: nothing else of that case may be pressed.
    Raises, before anything is opened, SetupError when there is no browser, and HeldError when another run works
    with this login or on this customer.
    """
    settings, options, profile = outfit.settings, outfit.options, outfit.profile
    redactor = Redactor(settings.credentials.secrets())
    browser = find_browser(
        environ=outfit.environ, cache_path=settings.browser_cache, announce=_announce, may_install=True
    )
    with ExitStack() as stack:
        # 1. Nobody else is at it.
        leases = stack.enter_context(
            Leases(ledger, dashboard=profile.dashboard, run_id=request.run_id, now=outfit.now)
        )
        leases.take_login(settings.credentials.email)
        if request.inputs.get("location_id"):
            leases.take_customer(request.inputs["location_id"])
        # 2. What the run writes to, and what may refuse it.
        interrupt = stack.enter_context(Interrupt())
        evidence = stack.enter_context(
            EvidenceRecorder(settings.recordings, request.run_id, redactor, video=options.video)
        )
        live = stack.enter_context(open_live(quiet=options.quiet))
        recorder = LedgerRecorder(ledger, redactor, case_id=case_id, evidence=str(evidence.folder.absolute()))
        # 3. The run.
        runner = Runner(
            library=outfit.library,
            store=outfit.store,
            profile=profile,
            credentials=settings.credentials,
            gate=Gates([CheckGate(evidence.check_healthy), _gate(outfit, ledger, leases, case_id, plan)]),
            listeners=(evidence, recorder, live),
            browser=BrowserOptions(
                choice=browser,
                headed=options.headed,
                slow_ms=options.slow_ms,
                video=options.video,
                full_trace=options.full_trace,
                session_path=session_path(settings, profile) if options.keep_session else None,
            ),
            is_stopped=interrupt.is_told,
            timeouts=options.timeouts,
        )
        run = runner.run(request)
    # 4. The report: a view, made from the sealed evidence.
    folder = evidence.folder.absolute()
    return Finished(run=run, evidence=folder, report=make_report(folder))


def _gate(outfit: Outfit, ledger: Ledger, leases: Leases, case_id: str | None, plan: Plan | None) -> Gate:
    """The ledger's gate, with what must hold at each press."""
    dashboard = outfit.profile.dashboard
    if plan is None or case_id is None:
        return IntentGate(
            ledger, dashboard=dashboard, case_id=case_id, conditions=(leases.assert_held,), now=outfit.now
        )
    by_plan = PlanGate(plan, case_id=case_id, now=outfit.now)
    return IntentGate(
        ledger,
        dashboard=dashboard,
        case_id=case_id,
        conditions=(leases.assert_held, by_plan.assert_allowed),
        objection=by_plan.objection,
        now=outfit.now,
    )


def ledger_of(settings: Settings, profile: Profile) -> Ledger:
    """The ledger of one dashboard, with what was journalled before there was one. Raises SetupError."""
    folder = settings.data / slug_of(profile)
    ledger = open_ledger(folder / "ledger.db")
    take_in_journal(ledger, folder / "intents.jsonl", dashboard=profile.dashboard)
    return ledger


def make_report(folder: Path) -> Path | None:
    """Writes `report.html` beside the evidence; None when the disk does not take it."""
    try:
        return write_html(arrange(load_bundle(folder)))
    except OSError as error:
        _announce(f"the report could not be written: {error.strerror}; 'offboard report' writes it again")
        return None


def _announce(line: str) -> None:
    sys.stderr.write(f"offboard: {line}\n")


def new_run_id(flow_name: str) -> str:
    """A name for a run that sorts by time."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{flow_name}-{secrets.token_hex(2)}"


def slug_of(profile: Profile) -> str:
    """A folder name for one profile on one dashboard."""
    host = profile.dashboard.split("//", 1)[1].replace(":", "-")
    return f"{profile.name}@{host}"


def session_path(settings: Settings, profile: Profile) -> Path:
    """Where the signed-in session of a user on one dashboard is kept."""
    user = settings.credentials.email or "anyone"
    safe = "".join(letter if letter.isalnum() or letter in "@.-" else "_" for letter in user)
    return settings.data / slug_of(profile) / f"session-{safe}.json"
