"""One flow with one input row to one run: browser, sign-in, tasks in order, result.

Sign-in comes first and is recorded by nothing but masked pictures; trace and screencast start after it.
Must not know of folders of evidence or of reports: those listen.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from robot.errors import ApplicationError, BadInputError, Problem, RobotError
from robot.executor.alone import Holds
from robot.executor.browser import BrowserOptions, BrowserSession
from robot.executor.executor import Executor
from robot.executor.gate import Gate
from robot.executor.looking import STOPPED
from robot.executor.scope import Scope
from robot.executor.stopping import status_of
from robot.executor.timeouts import Timeouts
from robot.flow.loader import AnyFlow, FlowLibrary
from robot.flow.model import ComposedFlow, Flow, Input, Task
from robot.flow.template import PassingSecret, Secret
from robot.profile import Profile
from robot.run.events import (
    Event,
    Listener,
    RunFinished,
    RunStarted,
    TaskFinished,
    TaskStarted,
    TraceSaved,
)
from robot.run.model import Run, Status, TaskResult, worst
from robot.scratch import scratch_folder
from robot.selector.store import SelectorStore
from robot.settings import Credentials
from robot.totp import PERIOD_S, make_code

SIGN_IN = "sign-in"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """What to run."""

    run_id: str
    flow: AnyFlow
    #: One value per input, of its type.
    inputs: dict[str, Any]
    #: Outputs of tasks that are not run, since they were read before: by task.
    known: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: Looks at every goal, and does nothing that cannot be undone.
    is_dry: bool = False
    #: Why such a task need not be run, where that is not the survey.
    known_since: dict[str, str] = field(default_factory=dict)
    #: Tasks that are not tried, with the reason.
    without: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return f"{self.flow.title} (dry run)" if self.is_dry else self.flow.title


class _AuthenticatorApp:
    """Shows codes, and knows which of them were given in this run: a dashboard may take each one only once."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._last_given = -1

    def code(self) -> PassingSecret:
        """The code of whatever moment it is asked for. Raises BadInputError for a secret that is none."""
        self._show()
        return PassingSecret(
            show=self._show, use=self._give, is_ready=lambda: self._period() > self._last_given
        )

    def _period(self) -> int:
        return int(time.time()) // PERIOD_S

    def _show(self) -> str:
        return make_code(self._secret, time.time())

    def _give(self) -> str:
        self._last_given = self._period()
        return make_code(self._secret, self._last_given * PERIOD_S)


class Runner:
    """Runs flows on one dashboard."""

    def __init__(
        self,
        *,
        library: FlowLibrary,
        store: SelectorStore,
        profile: Profile,
        credentials: Credentials,
        gate: Gate,
        listeners: tuple[Listener, ...],
        browser: BrowserOptions,
        is_stopped: Callable[[], bool] = lambda: False,
        holds: Holds | None = None,
        timeouts: Timeouts | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """holds: what runs hold over all processes; None where there is no other run."""
        self._library = library
        self._store = store
        self._profile = profile
        self._credentials = credentials
        self._app = _AuthenticatorApp(credentials.totp_secret) if credentials.totp_secret else None
        self._gate = gate
        self._listeners = listeners
        self._browser = browser
        self._is_stopped = is_stopped
        self._holds = holds
        self._timeouts = timeouts
        self._now = now
        #: What listeners raised; they may not stop a run.
        self.listener_failures: list[str] = []

    def run(self, request: RunRequest) -> Run:
        """Carries the flow out. Always returns; raises only BadInputError, before anything was started."""
        started_at, began_s = self._now(), time.monotonic()
        results: list[TaskResult] = []
        problem: tuple[Status, Problem] | None = None
        is_started = False
        description = f"{self._browser.choice.source} {self._browser.choice.version}"
        with scratch_folder() as scratch:
            try:
                with BrowserSession(
                    self._browser,
                    self._profile,
                    self._notice,
                    is_stopped=self._is_stopped,
                    scratch=scratch,
                ) as session:
                    description = session.description
                    self._start(request, description, started_at)
                    is_started = True
                    self._run_in(session, request, results)
                    trace = scratch / "trace.zip"
                    if session.stop_recording(trace):
                        self._notice(TraceSaved(path=trace, at=self._now()))
            except RobotError as error:
                if not is_started:
                    self._start(request, description, started_at)
                is_cancelled = self._is_stopped() and isinstance(error, ApplicationError)
                problem = (Status.CANCELLED, STOPPED) if is_cancelled else (status_of(error), error.problem)
        run = self._finish(request, started_at, description, results, problem)
        run = replace(run, took_ms=round((time.monotonic() - began_s) * 1000))
        self._notice(RunFinished(run=run))
        return run

    def _start(self, request: RunRequest, browser: str, at: datetime) -> None:
        self._notice(
            RunStarted(
                run_id=request.run_id,
                flow=request.flow.flow,
                title=request.title,
                inputs=_public(request.inputs),
                dashboard=self._profile.dashboard,
                browser=browser,
                operator=self._credentials.email,
                time_zone=self._profile.time_zone,
                at=at,
            )
        )

    def _run_in(self, session: BrowserSession, request: RunRequest, results: list[TaskResult]) -> None:
        executor = Executor(
            session=session,
            store=self._store,
            library=self._library,
            profile=self._profile,
            gate=self._gate,
            notice=self._notice,
            run_id=request.run_id,
            is_stopped=self._is_stopped,
            sign_in=self._sign_in_scope,
            is_pictured=bool(self._listeners),
            is_dry=request.is_dry,
            holds=self._holds,
            timeouts=self._timeouts,
            now=self._now,
        )
        # 1. Signed in, or nothing.
        signed_in = self._sign_in(executor, session)
        if not signed_in.status.is_good or request.flow.flow == SIGN_IN:
            results.append(signed_in)
            return
        session.start_recording()
        # 2. The tasks, in order.
        if isinstance(request.flow, Flow):
            results.append(executor.run_task(request.flow.flow, request.flow, request.inputs))
        else:
            self._run_tasks(executor, request.flow, request, results)

    def _sign_in(self, executor: Executor, session: BrowserSession) -> TaskResult:
        scope = self._sign_in_scope()
        result = executor.run_task(SIGN_IN, scope.flow, scope.values)
        if result.status.is_good:
            session.save_session()
        return result

    def _sign_in_scope(self) -> Scope:
        """The flow that signs in. A code that was given by hand is good once; an app shows another one soon."""
        flow = self._library.find(SIGN_IN)
        if not isinstance(flow, Flow):
            raise BadInputError(Problem(what=f"the flow '{SIGN_IN}' must have steps"))
        given = self._credentials
        shown = self._app.code() if self._app and not given.code else None
        values = {
            "email": given.email,
            "password": Secret(given.password) if given.password else "",
            "code": Secret(given.code) if given.code else shown or "",
            "code_renews": bool(shown),
        }
        return Scope(flow=flow, values=values)

    def _run_tasks(
        self, executor: Executor, flow: ComposedFlow, request: RunRequest, results: list[TaskResult]
    ) -> None:
        values: dict[str, Any] = {
            **{name: _unset(item) for name, item in flow.inputs.items()},
            **request.inputs,
            "words": self._profile.words,
            "policy": self._profile.policies,
        }
        for task in flow.tasks:
            part = self._library.find(task.run)
            if not isinstance(part, Flow):
                raise BadInputError(Problem(what=f"'{task.run}' is itself composed", where=task.span))
            lacking = (
                executor.over
                or request.without.get(task.run, "")
                or self._lacking(task, results, is_dry=request.is_dry)
            )
            if lacking or self._is_stopped():
                results.append(self._skip(task, part, "" if self._is_stopped() else lacking))
                continue
            if task.run in request.known:
                reason = request.known_since.get(task.run, "was read in the survey")
                result = self._recall(task, part, request.known[task.run], reason)
            else:
                given = {name: value.fill(values) for name, value in task.with_.items()}
                result = executor.run_task(task.run, part, given)
            results.append(result)
            for here, there in task.save.items():
                values[here] = result.outputs.get(there, "")

    def _lacking(self, task: Task, results: list[TaskResult], *, is_dry: bool) -> str:
        """Why a task cannot be tried: what it needs did not pass, or a policy stops at the first question."""
        asking = [result for result in results if result.status in (Status.BLOCKED, Status.UNKNOWN)]
        if asking and self._profile.policies.get("when_blocked") == "stop":
            return f"'{asking[0].task}' is for a person, and the policy says to stop there"
        by_name = {result.task: result for result in results}
        for need in task.needs:
            if need in by_name and not by_name[need].status.is_good:
                if is_dry and by_name[need].status is Status.SKIPPED:
                    # It is to be done, and would be before this one.
                    continue
                return f"it needs '{need}', which ended {by_name[need].status}"
        return ""

    def _recall(self, task: Task, flow: Flow, outputs: dict[str, Any], reason: str) -> TaskResult:
        """What was read before stands for what would be read now: some of it may be gone."""
        at = self._now()
        result = TaskResult(
            task=task.run,
            title=flow.title,
            procedure=flow.procedure,
            status=Status.NOOP,
            reason=reason,
            problems=(),
            started_at=at,
            ended_at=at,
            outputs=outputs,
        )
        self._notice(TaskStarted(task=task.run, title=flow.title, procedure=flow.procedure, at=at))
        self._notice(TaskFinished(result=result))
        return result

    def _skip(self, task: Task, flow: Flow, lacking: str) -> TaskResult:
        at = self._now()
        return TaskResult(
            task=task.run,
            title=flow.title,
            procedure=flow.procedure,
            status=Status.SKIPPED if lacking else Status.CANCELLED,
            reason=lacking or "stopped by the operator before it began",
            problems=(),
            started_at=at,
            ended_at=at,
        )

    def _finish(
        self,
        request: RunRequest,
        started_at: datetime,
        browser: str,
        results: list[TaskResult],
        problem: tuple[Status, Problem] | None,
    ) -> Run:
        statuses = [result.status for result in results] + ([problem[0]] if problem else [])
        status = worst(statuses)
        first = next((result for result in results if not result.status.is_good), None)
        reason = problem[1].what if problem else (f"{first.task}: {first.reason}" if first else "")
        return Run(
            run_id=request.run_id,
            flow=request.flow.flow,
            title=request.title,
            inputs=_public(request.inputs),
            dashboard=self._profile.dashboard,
            browser=browser,
            operator=self._credentials.email,
            is_dry=request.is_dry,
            time_zone=self._profile.time_zone,
            status=status,
            reason=reason,
            problems=(problem[1],) if problem else (),
            started_at=started_at,
            ended_at=self._now(),
            tasks=tuple(results),
        )

    def _notice(self, event: Event) -> None:
        for listener in self._listeners:
            try:
                listener.notice(event)
            except Exception as error:  # listeners may not stop a run, whatever is wrong with them
                failure = f"{type(listener).__name__}: {error!r}"
                if failure not in self.listener_failures:
                    self.listener_failures.append(failure)


def _unset(item: Input) -> Any:
    if item.default is not None:
        return item.default
    return [] if item.type == "list" else ""


def _public(inputs: Mapping[str, Any]) -> dict[str, object]:
    return {name: value for name, value in inputs.items() if not isinstance(value, Secret)}
