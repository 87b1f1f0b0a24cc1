"""Stops what fails again and again by the same cause, before it fails for every customer of the night.

A flow that failed at the same step for several customers one after the other is left out from then on; when it is
one that reads what there is, nothing more is begun, since no plan can be made. A login that the dashboard refuses
is not used any more. A dashboard that does not answer is waited for.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from robot.case.plan import SURVEY
from robot.ledger.database import moment
from robot.ledger.stops import DASHBOARD, QUEUE, Ending, Stops, of_flow, of_login
from robot.run.events import Event, RunFinished
from robot.run.model import Run, Status
from robot.runner import SIGN_IN
from robot.worker.asking import why_down

LOG = logging.getLogger("offboard.worker")

#: So many customers, one after the other, stop a flow.
MOST = 3
#: What is older counts no more.
_WITHIN = timedelta(hours=12)
#: A dashboard that is down is looked at again after so long, each time; the last one again and again.
_AGAIN = (
    timedelta(seconds=15),
    timedelta(seconds=30),
    timedelta(minutes=1),
    timedelta(minutes=2),
    timedelta(minutes=5),
)
#: Verbs at which the dashboard's own refusals are seen. What a plan or a policy refuses is each customer's own.
_ACTS = frozenset({"goto", "click", "fill", "check", "uncheck", "press", "select", "choose", "wait_for"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakers:
    """The breakers of one dashboard, shared by all its workers."""

    stops: Stops
    #: Address of the dashboard.
    dashboard: str
    now: Callable[[], datetime]
    most: int = MOST

    # --- what is stopped ---------------------------------------------------------------------------

    def may_begin(self) -> bool:
        """Whether anything may be begun. Looks whether the dashboard answers again, when it is due."""
        for stop in self.stops.open():
            if stop.what == QUEUE:
                return False
            if stop.what == DASHBOARD:
                if stop.until is None or stop.until > moment(self.now()):
                    return False
                pause = _AGAIN[min(stop.tries + 1, len(_AGAIN) - 1)]
                if not self.stops.put_off(stop, until=self.now() + pause):
                    return False
                if why_down(self.dashboard):
                    return False
                LOG.info("the dashboard answers again")
                self.stops.end(DASHBOARD)
        return True

    def is_queue_stopped(self) -> bool:
        return any(stop.what == QUEUE for stop in self.stops.open())

    def is_login_stopped(self, email: str) -> bool:
        return any(stop.what == of_login(email) for stop in self.stops.open())

    def flows(self) -> dict[str, str]:
        """The flows that are left out, and why."""
        found = {}
        for stop in self.stops.open():
            kind, _, name = stop.what.partition(":")
            if kind == "flow":
                found[name] = f"stopped for the night: {stop.cause}"
        return found

    # --- what stops --------------------------------------------------------------------------------

    def is_down(self) -> bool:
        """Whether the dashboard does not answer; then it is waited for."""
        why = why_down(self.dashboard)
        if why and self.stops.stop(DASHBOARD, why, until=self.now() + _AGAIN[0]):
            LOG.warning("the dashboard does not answer: %s; it is waited for", why)
        return bool(why)

    def note(self, run: Run, *, login: str) -> None:
        """Looks at how the tasks of a run have ended, and stops what has failed too often."""
        for task in run.tasks:
            if task.status.is_good or task.status in (Status.CANCELLED, Status.SKIPPED):
                continue
            if task.task == SIGN_IN:
                self._note_sign_in(task.status, task.reason, login)
            else:
                self._note_task(task.task, is_reading=run.flow == SURVEY)

    def _note_sign_in(self, status: Status, reason: str, login: str) -> None:
        is_refused = status is Status.BLOCKED
        cause = f"cannot sign in: {reason}"
        if (is_refused or self._has_failed_again(login)) and self.stops.stop(of_login(login), cause):
            LOG.error("the login %s is not used any more: %s", login, reason)

    def _has_failed_again(self, login: str) -> bool:
        """Whether so many sign-ins of a login have failed one after the other, for whomever they were."""
        found = list(islice(self.stops.endings(SIGN_IN, since=self.now() - _WITHIN, login=login), self.most))
        return len(found) == self.most and all(one.status == Status.FAILED for one in found)

    def _note_task(self, task: str, *, is_reading: bool) -> None:
        found = self._is_repeated(task)
        if found is None:
            return
        cause = f"it failed for {self.most} customers one after the other, at '{found.step}': {found.reason}"
        what = QUEUE if is_reading else of_flow(task)
        if self.stops.stop(what, f"{task}: {cause}" if is_reading else cause):
            LOG.error("%s is stopped for the night: %s", "the queue" if is_reading else task, cause)

    def _is_repeated(self, task: str) -> Ending | None:
        """The newest ending of a task, where so many customers in a row have met the same."""
        met: Mapping[str, Ending] = {}
        for ending in self.stops.endings(task, since=self.now() - _WITHIN):
            if ending.status in ("skipped", "cancelled"):
                continue
            first = next(iter(met.values()), ending)
            if not _counts(ending) or (ending.flow, ending.step) != (first.flow, first.step):
                return None
            met = {**met, ending.customer: met.get(ending.customer, ending)}
            if len(met) >= self.most:
                return first
        return None


class BreakerListener:
    """Tells the breakers how each run with a login has ended."""

    def __init__(self, breakers: Breakers, login: str) -> None:
        self._breakers = breakers
        self._login = login

    def notice(self, event: Event) -> None:
        """Raises SQLAlchemyError, which stops no run."""
        if isinstance(event, RunFinished):
            self._breakers.note(event.run, login=self._login)


def _counts(ending: Ending) -> bool:
    if ending.goes_on:
        return False
    return ending.status in (Status.FAILED, Status.UNKNOWN) or (
        ending.status == Status.BLOCKED and ending.kind in _ACTS
    )
