"""What is looked at before the first customer of a night: each thing once, instead of for every customer."""

from __future__ import annotations

import http.client
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Literal

from robot.case.office import Office
from robot.case.plan import OFFBOARD, SURVEY, make_plan
from robot.errors import RobotError, SetupError
from robot.flow.loader import FlowLibrary
from robot.flow.model import ComposedFlow, Flow
from robot.flow.step import RunStep
from robot.flow.walk import each_mention, each_step
from robot.ledger.leases import HeldError
from robot.profile import Profile
from robot.run.events import Event, TargetsFound
from robot.run.evidence_store import EvidenceStore, StoreError
from robot.run.model import Run, Status
from robot.runner import SIGN_IN
from robot.worker.asking import ask_first_page, why_down

#: Evidence of one customer takes some 10 to 50 MB.
_PER_CUSTOMER = 50 * 1024**2
_FLOOR = 256 * 1024**2
#: Codes of authenticator apps, approvals and due times go by the clock.
_CLOCK_OFF = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at."""

    name: str
    #: `bad`: nothing is begun.
    state: Literal["good", "remark", "bad"]
    found: str
    #: What to do; empty when good.
    next: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """What was looked at, and what was not."""

    findings: tuple[Finding, ...]
    #: Targets that were there, of those that the flows of a case name.
    seen: tuple[str, ...] = ()
    #: Of them, those that only a later candidate matched.
    drifted: tuple[str, ...] = ()
    #: Neither healthy nor ill: behind a dialog that destroys, or not to be seen on the canary.
    unseen: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        return all(one.state != "bad" for one in self.findings)


#: Opens what works with one login; the function is told of every event of a run.
OpenLogin = Callable[[str, Callable[[Event], None]], AbstractContextManager[Office]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreflightRequest:
    """What is looked at."""

    profile: Profile
    library: FlowLibrary
    logins: tuple[str, ...]
    open_login: OpenLogin
    #: Where evidence goes, and where the data lie.
    folders: tuple[Path, ...]
    #: Address of the store that evidence is carried to; empty where it stays on this machine.
    store: str
    #: How many customers wait.
    customers: int
    now: Callable[[], datetime]


def look_ahead(request: PreflightRequest) -> Preflight:
    """Looks at disk, store, dashboard, clock, logins and canary, in this order, until something makes work vain."""
    findings = [*_look_at_disk(request), *_look_at_store(request), _look_at_dashboard(request)]
    if any(one.state == "bad" for one in findings):
        return Preflight(findings=tuple(findings))
    findings.append(_look_at_clock(request))
    signed_in = []
    for login in request.logins:
        finding = _look_at_login(request, login)
        findings.append(finding)
        if finding.state == "good":
            signed_in.append(login)
    if not signed_in:
        findings.append(
            Finding(
                name="logins", state="bad", found="nobody can sign in", next="see what stands at each login"
            )
        )
        return Preflight(findings=tuple(findings))
    return _look_at_canary(request, signed_in[0], findings)


def _look_at_disk(request: PreflightRequest) -> Iterator[Finding]:
    for folder in request.folders:
        there = next(path for path in (folder, *folder.parents) if path.exists())
        free = shutil.disk_usage(there).free
        wanted = max(_FLOOR, request.customers * _PER_CUSTOMER)
        shown = f"{free / 1024**3:.1f} GiB free for {folder}"
        if free < _FLOOR:
            yield Finding(name="disk", state="bad", found=shown, next="make room")
        elif free < wanted:
            more = f"{request.customers} customers may need {wanted / 1024**3:.1f} GiB"
            yield Finding(name="disk", state="remark", found=f"{shown}; {more}", next="make room")
        else:
            yield Finding(name="disk", state="good", found=shown)


def _look_at_store(request: PreflightRequest) -> Iterator[Finding]:
    """A store that is away keeps nobody from working: evidence lies on this machine until it is back."""
    if not request.store:
        return
    try:
        store = EvidenceStore(request.store)
    except SetupError as error:
        yield Finding(name="store", state="bad", found=error.problem.what, next=error.problem.next)
        return
    try:
        store.check()
    except StoreError as error:
        yield Finding(name="store", state="remark", found=error.problem.what, next=error.problem.next)
    else:
        yield Finding(name="store", state="good", found=f"{store.shown} takes and gives")


def _look_at_dashboard(request: PreflightRequest) -> Finding:
    why = why_down(request.profile.dashboard)
    if why:
        return Finding(
            name="dashboard", state="bad", found=why, next="see whether the dashboard is up, then start again"
        )
    return Finding(name="dashboard", state="good", found=f"{request.profile.dashboard} answers")


def _look_at_clock(request: PreflightRequest) -> Finding:
    try:
        answer = ask_first_page(request.profile.dashboard)
        theirs = parsedate_to_datetime(answer.headers["Date"])
    except (OSError, http.client.HTTPException, KeyError, TypeError, ValueError):
        return Finding(name="clock", state="remark", found="the dashboard does not say what time it is")
    off = request.now() - theirs
    if abs(off) > _CLOCK_OFF:
        return Finding(
            name="clock",
            state="bad",
            found=f"this machine's clock is {abs(off).total_seconds():.0f} s "
            f"{'ahead of' if off > timedelta() else 'behind'} the dashboard's",
            next="set the clock: codes, approvals and due times go by it",
        )
    return Finding(name="clock", state="good", found="within two minutes of the dashboard's")


def _look_at_login(request: PreflightRequest, login: str) -> Finding:
    try:
        with request.open_login(login, lambda event: None) as at:
            run = at.run(SIGN_IN, {}).run
    except HeldError:
        return Finding(name=f"login {login}", state="good", found="is at work")
    except RobotError as error:
        return Finding(
            name=f"login {login}", state="remark", found=error.problem.what, next=error.problem.next
        )
    if run.status.is_good:
        return Finding(name=f"login {login}", state="good", found="signed in")
    return Finding(
        name=f"login {login}",
        state="remark",
        found=f"cannot sign in: {run.reason}",
        next="nothing is done with it tonight; see the run's report",
    )


# --- the canary ----------------------------------------------------------------------------------------


class _Targets:
    """Collects what runs have seen."""

    def __init__(self) -> None:
        self.first: set[str] = set()
        self.later: set[str] = set()

    def notice(self, event: Event) -> None:
        if isinstance(event, TargetsFound):
            self.first.update(event.first)
            self.later.update(event.later)


def _look_at_canary(request: PreflightRequest, login: str, findings: list[Finding]) -> Preflight:
    canary = request.profile.canary
    needed = needed_targets(request.library)
    if not canary:
        findings.append(
            Finding(
                name="canary",
                state="remark",
                found="the profile names no canary: no target was looked at",
                next="name a sub-account of your own as 'canary' in the profile",
            )
        )
        return Preflight(findings=tuple(findings), unseen=tuple(sorted(needed)))
    targets = _Targets()
    try:
        with request.open_login(login, targets.notice) as at:
            surveyed = at.run(SURVEY, {"location_id": canary}).run
            findings.extend(_ills(surveyed))
            if not any(one.state == "bad" for one in findings):
                made = make_plan(surveyed, at.library, at.profile, rules=at.rules)
                inputs = {"location_id": made.location_id, "company": made.company, **made.inputs}
                findings.extend(_ills(at.run(OFFBOARD, inputs, known=made.known, is_dry=True).run))
    except HeldError as error:
        findings.append(
            Finding(name="canary", state="remark", found=f"could not be looked at: {error.problem.what}")
        )
    except RobotError as error:
        findings.append(
            Finding(name="canary", state="bad", found=error.problem.what, next=error.problem.next)
        )
    seen = (targets.first | targets.later) & needed
    drifted = (targets.later - targets.first) & needed
    if not any(one.state == "bad" for one in findings):
        findings.append(_told(len(seen), len(needed), sorted(drifted)))
    return Preflight(
        findings=tuple(findings),
        seen=tuple(sorted(seen)),
        drifted=tuple(sorted(drifted)),
        unseen=tuple(sorted(needed - seen)),
    )


def _told(seen: int, needed: int, drifted: list[str]) -> Finding:
    found = f"{seen} of {needed} targets are there; the other {needed - seen} were not looked at"
    if drifted:
        return Finding(
            name="canary",
            state="remark",
            found=f"{found}; found by a later candidate only: {', '.join(drifted)}",
            next="the dashboard has changed: mend their first candidates",
        )
    return Finding(name="canary", state="good", found=found)


def _ills(run: Run) -> Iterator[Finding]:
    """What went wrong on the canary that would go wrong for every customer."""
    for task in run.tasks:
        if task.status in (Status.FAILED, Status.UNKNOWN):
            advice = task.problems[0].next if task.problems else ""
            yield Finding(
                name=f"canary, {task.task}",
                state="bad",
                found=task.reason,
                next=advice or "see the run's report: it would fail for every customer",
            )
    for problem in run.problems:
        yield Finding(name="canary", state="bad", found=problem.what, next=problem.next)


def needed_targets(library: FlowLibrary) -> set[str]:
    """Every target that the flows of a case name."""
    names: set[str] = set()
    done: set[str] = set()
    left = [SIGN_IN, SURVEY, OFFBOARD]
    while left:
        name = left.pop()
        if name in done:
            continue
        done.add(name)
        flow = library.find(name)
        if isinstance(flow, ComposedFlow):
            left += [task.run for task in flow.tasks]
        elif isinstance(flow, Flow):
            names |= {mention.name for mention in each_mention(flow)}
            left += [step.run for step in each_step(flow.steps) if isinstance(step, RunStep)]
    return names


def as_plain(found: Preflight) -> Mapping[str, object]:
    """As it is kept, and shown to programs."""
    return {
        "good": found.is_good,
        "findings": [
            {"name": one.name, "state": one.state, "found": one.found, "next": one.next}
            for one in found.findings
        ],
        "targets": {
            "seen": len(found.seen),
            "drifted": list(found.drifted),
            "not_looked_at": list(found.unseen),
        },
    }
