"""Begins a task anew after what has nothing to do with it: an ended session, a lost answer, a crashed page.

Or after what is over soon: the time in which something that was pressed before may still take effect.

Starting over is what resuming after a crash of the robot is: looks decide what is left to do, and no press is
repeated that may still take effect.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from playwright.sync_api import Error as PlaywrightError

from robot.errors import (
    ApplicationError,
    CancelledError,
    InDoubtError,
    OutcomeUnknownError,
    RobotError,
    UnrecordableError,
)
from robot.executor.browser import BrowserSession
from robot.executor.looking import Looking
from robot.executor.scope import Scope
from robot.flow.loader import AnyFlow
from robot.flow.look import TargetUse, VisibleLook
from robot.selector.store import SelectorStore
from robot.selector.well_known import SIDEBAR

#: How often a task may begin anew.
MOST_RESTARTS = 3


class StartingOver:
    """Decides for one run whether a task that stopped is begun anew, and gets the page ready for it."""

    def __init__(
        self,
        *,
        session: BrowserSession,
        store: SelectorStore,
        looking: Looking,
        sign_in: Callable[[], Scope | None],
        signed_out: str | None,
        run: Callable[[Scope], None],
        renew_page: Callable[[], None],
        remark: Callable[[str], None],
    ) -> None:
        """signed_out: the target that is shown only where nobody is signed in, if any flow names one.

        sign_in: gives what is run when the session has ended; or None. run: runs it, under its flow's inputs.

        renew_page: opens another page in the place of one that has crashed.
        """
        self._session = session
        self._store = store
        self._looking = looking
        self._sign_in = sign_in
        self._signed_out = signed_out
        self._run = run
        self._renew_page = renew_page
        self._remark = remark
        self._attempt_began = 0.0
        #: Whether a page that was replaced is still a reason: where it always is, something pressed does it.
        self._may_be_replaced = True

    def use(self, looking: Looking) -> None:
        """Goes on with what looks at another page."""
        self._looking = looking

    def begin_task(self) -> None:
        """To be told when a task begins for the first time."""
        self._may_be_replaced = True

    def leave_behind(self, dashboard: str) -> None:
        """Enters the dashboard anew after a task that stopped: what it left open would cover the next one."""
        try:
            self._looking.enter(dashboard)
            self.await_sidebar()
        except (RobotError, PlaywrightError) as error:
            self._remark(f"the dashboard could not be entered anew: {error}")

    def begin_attempt(self) -> None:
        """To be told each time that the task begins."""
        self._attempt_began = monotonic()

    def make_ready(self, error: RobotError, flow: AnyFlow) -> bool:
        """Whether what stopped the task is over now, and the page is as a task expects it at its beginning.

        Raises CancelledError when a person stops the run meanwhile, unless something was pressed and not seen.
        """
        if isinstance(error, CancelledError | UnrecordableError):
            return False
        if not self._session.is_open and not self._session.has_crashed:
            return False
        try:
            if self._session.has_crashed:
                self._remark(f"the page has crashed; going on in another one: {error.problem.what}")
                self._renew_page()
                return not self.is_signed_out() or self._sign_in_again(error, flow)
            if self.is_signed_out():
                return self._sign_in_again(error, flow)
            if not self._is_over(error):
                return False
            self.load_anew()
            return not self.is_signed_out() or self._sign_in_again(error, flow)
        except (RobotError, PlaywrightError) as second:
            if isinstance(second, CancelledError) and not isinstance(error, OutcomeUnknownError):
                raise
            self._remark(f"could not start over: {second}")
            return False

    def _is_over(self, error: RobotError) -> bool:
        """Whether the task may go better this time; tells why it begins anew. Raises CancelledError."""
        if isinstance(error, InDoubtError):
            return self._wait_out(error)
        cause = self._passing_cause() if isinstance(error, ApplicationError) else ""
        if cause:
            self._remark(f"starting over, since {cause}: {error.problem.what}")
        return bool(cause)

    def _wait_out(self, error: InDoubtError) -> bool:
        """Whether what was pressed before can no longer take effect, after a short wait. Raises CancelledError.

        That moment is the wall clock's, since other processes have written it down. It is read once: a clock
        that is set meanwhile neither ends the wait nor draws it out, and the gate asks again before anything is
        pressed.
        """
        until = self._looking.deadline_at(error.until)
        if self._looking.left(until) > self._looking.timeouts.in_doubt:
            return False
        self._remark(f"starting over at {error.until:%H:%M:%S} UTC, since {error.problem.what}")
        self._looking.poll(lambda: None, self._looking.left(until))
        return True

    def _passing_cause(self) -> str:
        """What happened to the page in this attempt that may not happen in the next; empty where nothing did."""
        traffic = self._looking.traffic
        if traffic.has_failed_since(self._attempt_began):
            return "the dashboard did not answer"
        if self._may_be_replaced and traffic.was_replaced_since(self._attempt_began):
            self._may_be_replaced = False
            return "the page was loaded anew, and not by this run"
        return ""

    def load_anew(self) -> None:
        """Loads the page anew and waits until its sidebar is there, as flows that look at it right away expect."""
        self._looking.reload()
        self.await_sidebar()

    def await_sidebar(self) -> None:
        """Waits until the page shows its sidebar, or that nobody is signed in."""
        if SIDEBAR in self._store:
            look = VisibleLook(visible=TargetUse(target=SIDEBAR))
            self._looking.poll(
                lambda: self._looking.checker.look(look, {}).holds or self.is_signed_out() or None,
                self._looking.timeouts.expect,
            )

    def is_signed_out(self) -> bool:
        """Whether the page asks to sign in."""
        if self._signed_out is None:
            return False
        look = VisibleLook(visible=TargetUse(target=self._signed_out))
        return self._looking.checker.look(look, {}).holds is True

    def _sign_in_again(self, error: RobotError, flow: AnyFlow) -> bool:
        scope = self._sign_in()
        if scope is None or flow is scope.flow:
            return False
        self._remark(f"the session has ended; signing in again: {error.problem.what}")
        is_filmed = self._session.pause_recording()
        try:
            self._run(scope)
        except RobotError as failure:
            error.explain(failure)
            raise
        self._session.save_session()
        if is_filmed:
            self._session.film()
        return True


def keep_first(scope: Scope, before: Scope) -> None:
    """Lists of what was there are those of the first attempt, since some of it is gone at the second."""
    for name in scope.flow.outputs:
        first, now = before.values.get(name), scope.values.get(name)
        if first and (not now or (isinstance(now, list) and len(now) < len(first))):
            scope.values[name] = first
