"""What every run on one dashboard needs (flows, selectors, profile, ledger), and one run with its evidence.

Whoever starts runs begins here: the command line, a worker. Must not know of cases' rules or of terminals.
"""

from __future__ import annotations

import getpass
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from robot.case.act_by_act import Ask
from robot.case.office import Office
from robot.case.plan import rules_digest
from robot.check import check_all
from robot.check.engine import check_sign_in
from robot.errors import BadInputError, Problem, RobotError, UnrecordableError
from robot.executor.browser import BrowserOptions
from robot.executor.browser_finder import find_browser
from robot.executor.gate import CheckGate, Gates
from robot.executor.timeouts import Timeouts
from robot.flow.loader import FlowLibrary, load_flows
from robot.ledger.cases import Cases
from robot.ledger.database import Ledger, open_ledger
from robot.ledger.evidence import note_evidence
from robot.ledger.followups import Followups
from robot.ledger.intents import IntentGate, PressRule
from robot.ledger.journal_before import take_in_journal
from robot.ledger.leases import Leases, OvertakenError
from robot.ledger.recorder import LedgerRecorder
from robot.profile import Profile, load_profile
from robot.report.bundle import load_bundle
from robot.report.html import write_html
from robot.report.view import arrange
from robot.run.events import Listener
from robot.run.evidence import EvidenceRecorder
from robot.run.model import Finished
from robot.run.redact import Redactor
from robot.runner import Runner, RunRequest
from robot.selector.loader import load_selectors
from robot.selector.store import SelectorStore
from robot.settings import KEY_FILE, LEDGER_FILE, Settings
from robot.steady import since_boot
from robot.uploads import Uploads


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
    timeouts: Timeouts = field(default_factory=Timeouts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Who watches a run, and who may stop it."""

    listeners: tuple[Listener, ...] = ()
    is_stopped: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Flows and selectors, checked."""

    library: FlowLibrary
    store: SelectorStore
    #: SHA-256, in hexadecimal digits, over their text.
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outfit:
    """What every run on one dashboard needs, read and checked before anything is opened."""

    settings: Settings
    options: RunOptions
    rules: Rules
    profile: Profile
    environ: Mapping[str, str]
    #: Entered for each run, before its browser opens.
    watch: Callable[[], AbstractContextManager[Watch]]
    #: Shows an act to a person and returns whether they let it be made; None when nobody is there.
    ask: Ask | None
    #: Who is there: the name of the person, or of the policy, by whom things are approved.
    operator: str
    #: Takes one line about what goes on outside a run.
    announce: Callable[[str], None]
    #: Id of the worker that starts the runs; empty at a terminal.
    worker: str
    #: The clock of ledger, leases and approvals.
    now: Callable[[], datetime]


def read_rules(settings: Settings) -> Rules:
    """All flows and selectors. Raises BadInputError with every problem that the linter finds."""
    library, problems = load_flows(settings.flows)
    store, more = load_selectors(settings.selectors)
    problems += more
    if not problems:
        found = [*check_sign_in(library), *check_all(library, store)]
        problems = [item for item in found if not item.is_warning]
    if problems:
        raise BadInputError(*problems)
    return Rules(library=library, store=store, digest=_digest(settings))


def fit_out(
    rules: Rules,
    *,
    settings: Settings,
    options: RunOptions,
    environ: Mapping[str, str],
    watch: Callable[[], AbstractContextManager[Watch]] = lambda: nullcontext(Watch()),
    ask: Ask | None = None,
    operator: str = "",
    announce: Callable[[str], None] = lambda line: None,
    worker: str = "",
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Outfit:
    """Raises BadInputError for anything that is wrong with the profile."""
    return Outfit(
        settings=settings,
        options=options,
        rules=rules,
        profile=load_profile(options.profile, folder=settings.profiles, dashboard=options.dashboard),
        environ=environ,
        watch=watch,
        ask=ask,
        operator=operator or getpass.getuser(),
        announce=announce,
        worker=worker,
        now=now,
    )


@contextmanager
def open_office(outfit: Outfit) -> Iterator[Office]:
    """What works on cases, each run in a browser of its own. Raises SetupError without a ledger."""
    with closing(ledger_of(outfit.settings, outfit.profile)) as ledger:

        def run(
            flow: str,
            inputs: Mapping[str, Any],
            *,
            known: Mapping[str, dict[str, Any]],
            case_id: str | None,
            rule: PressRule | None,
            is_dry: bool,
            profile: Profile,
            without: Mapping[str, str],
            known_since: Mapping[str, str],
        ) -> Finished:
            request = RunRequest(
                run_id=new_run_id(flow),
                flow=outfit.rules.library.find(flow),
                inputs=dict(inputs),
                known=dict(known),
                is_dry=is_dry,
                without=dict(without),
                known_since=dict(known_since),
            )
            return run_once(replace(outfit, profile=profile), ledger, request, case_id=case_id, rule=rule)

        dashboard = outfit.profile.dashboard
        yield Office(
            library=outfit.rules.library,
            profile=outfit.profile,
            rules=outfit.rules.digest,
            ledger=ledger,
            cases=Cases(ledger, dashboard=dashboard, now=outfit.now),
            followups=Followups(ledger, dashboard=dashboard, now=outfit.now),
            run_flow=run,
            ask=outfit.ask,
            operator=outfit.operator,
            key_file=outfit.settings.data / slug_of(outfit.profile) / KEY_FILE,
            bring=uploads_of(outfit, ledger).bring,
            now=outfit.now,
        )


def run_once(
    outfit: Outfit,
    ledger: Ledger,
    request: RunRequest,
    *,
    case_id: str | None = None,
    rule: PressRule | None = None,
) -> Finished:
    """One run with its evidence, in a browser of its own.

    case_id: the case that it belongs to. rule: what else must hold at each press.
    Raises, before anything is opened, SetupError when there is no browser or the address of the store is not
    understood, and HeldError when another run works with this login or on this customer.
    """
    settings, options, profile = outfit.settings, outfit.options, outfit.profile
    uploads = uploads_of(outfit, ledger)
    uploads.check_address()
    redactor = Redactor(settings.credentials.secrets())
    browser = find_browser(
        environ=outfit.environ,
        cache_path=settings.browser_cache,
        announce=outfit.announce,
        may_install=True,
        headed=options.headed,
    )
    with ExitStack() as stack:
        # 1. Nobody else is at it.
        leases = stack.enter_context(
            Leases(
                ledger,
                dashboard=profile.dashboard,
                run_id=request.run_id,
                worker=outfit.worker,
                now=outfit.now,
            )
        )
        leases.take_login(settings.credentials.email)
        if request.inputs.get("location_id"):
            leases.take_customer(request.inputs["location_id"])
        # 2. What the run writes to, and what may refuse it.
        watch = stack.enter_context(outfit.watch())
        evidence = stack.enter_context(
            EvidenceRecorder(settings.recordings, request.run_id, redactor, video=options.video)
        )
        recorder = LedgerRecorder(ledger, redactor, case_id=case_id, evidence=str(evidence.folder.absolute()))
        gate = IntentGate(
            ledger,
            dashboard=profile.dashboard,
            case_id=case_id,
            conditions=(leases.assert_held,),
            rule=rule,
            now=outfit.now,
            steady=since_boot,
        )
        # 3. The run.
        runner = Runner(
            library=outfit.rules.library,
            store=outfit.rules.store,
            profile=profile,
            credentials=settings.credentials,
            gate=Gates([CheckGate(evidence.check_healthy), gate]),
            listeners=(evidence, recorder, *watch.listeners),
            browser=BrowserOptions(
                choice=browser,
                headed=options.headed,
                slow_ms=options.slow_ms,
                video=options.video,
                full_trace=options.full_trace,
                session_path=session_path(settings, profile) if options.keep_session else None,
                most_memory=settings.browser_memory,
            ),
            is_stopped=watch.is_stopped,
            holds=leases,
            timeouts=options.timeouts,
        )
        run = runner.run(request)
    # 4. What the sealed evidence is, and the report: a view, made from it.
    folder = evidence.folder.absolute()
    try:
        note_evidence(ledger, request.run_id, evidence.digest)
    except UnrecordableError as error:
        outfit.announce(error.problem.what)
    if leases.is_lost():
        raise OvertakenError(
            Problem(
                what=f"the run {request.run_id} was taken for dead, and another one has taken over",
                done="it has pressed nothing since",
                next="leave it to the other run",
            )
        )
    report = _make_report(folder, outfit.announce)
    if settings.store:
        _upload(uploads, request.run_id, outfit.announce)
    return Finished(run=run, evidence=folder, report=report)


def uploads_of(outfit: Outfit, ledger: Ledger) -> Uploads:
    """Between this machine's recordings and the store that the settings name."""
    settings = outfit.settings
    return Uploads(settings.store, recordings=settings.recordings, ledger=ledger, now=outfit.now)


def _upload(uploads: Uploads, run_id: str, announce: Callable[[str], None]) -> None:
    """What cannot be stored now is stored later: it lies here."""
    try:
        uploads.upload(run_id)
    except RobotError as error:
        announce(f"{error.problem.what}; {error.problem.next}")
    else:
        announce(f"the evidence is stored in {uploads.store.shown}")


def ledger_of(settings: Settings, profile: Profile) -> Ledger:
    """The ledger of one dashboard, with what was journalled before there was one. Raises SetupError."""
    folder = settings.data / slug_of(profile)
    ledger = open_ledger(settings.database or folder / LEDGER_FILE)
    take_in_journal(ledger, folder / "intents.jsonl", dashboard=profile.dashboard)
    return ledger


def _make_report(folder: Path, announce: Callable[[str], None]) -> Path | None:
    """Writes `report.html` beside the evidence; None when the disk does not take it."""
    try:
        return write_html(arrange(load_bundle(folder)))
    except OSError as error:
        announce(f"the report could not be written: {error.strerror}; 'offboard report' writes it again")
        return None


def _digest(settings: Settings) -> str:
    files = [*settings.flows.rglob("*.yaml"), *settings.selectors.glob("*.yaml")]
    return rules_digest(
        (file.relative_to(settings.flows.parent).as_posix(), file.read_text(encoding="utf-8"))
        for file in files
    )


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
