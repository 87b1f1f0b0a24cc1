"""The step cycle: look, act, look again. Emits events, returns results; writes nothing itself.

Looking is retried until a deadline; an act is made once. Must not know of files, evidence or reports.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

from robot.errors import (
    ApplicationError,
    BusyError,
    CancelledError,
    DryRunError,
    GoesOnError,
    InDoubtError,
    Problem,
    RobotError,
    UnrecordableError,
)
from robot.executor.acting import Acting
from robot.executor.actions import do_goto
from robot.executor.alone import Alone, Free, Holds
from robot.executor.browser import BROWSER_GONE, BrowserSession
from robot.executor.conversation import Conversation
from robot.executor.for_each import ForEach
from robot.executor.gate import DryGate, Gate
from robot.executor.goal import Goals
from robot.executor.looking import Looking, search_pattern
from robot.executor.popups import close_popups
from robot.executor.resolver import Resolver
from robot.executor.scope import Scope, plain
from robot.executor.signs import Signs
from robot.executor.starting_over import MOST_RESTARTS, StartingOver, keep_first
from robot.executor.stopping import STOPS, explain, status_of
from robot.executor.timeouts import Timeouts
from robot.flow.acts import kinds_of_steps
from robot.flow.describe import describe_step, short_name
from robot.flow.loader import AnyFlow, FlowLibrary
from robot.flow.model import Flow
from robot.flow.phone_number import normalize_phone
from robot.flow.step import (
    ActBase,
    BlockStep,
    CaptureSource,
    CaptureStep,
    CollectStep,
    ConverseStep,
    ForEachStep,
    GoalStep,
    IfStep,
    ReadStep,
    RunStep,
    Step,
    StepBase,
    WaitForStep,
    verb_of,
)
from robot.flow.template import ConditionError, Template, UnknownNameError
from robot.flow.walk import each_flow
from robot.names import fold
from robot.profile import Profile
from robot.run.events import (
    Captured,
    Event,
    Noted,
    StepFinished,
    StepStarted,
    TargetsFound,
    TaskFinished,
    TaskStarted,
)
from robot.run.model import Status, StepRef, StepResult, TaskResult
from robot.selector.store import SelectorStore


@dataclass(slots=True, kw_only=True)
class _Task:
    """What one task has done so far."""

    name: str
    flow: Flow
    steps: list[StepResult] = field(default_factory=list)
    goals: list[Status] = field(default_factory=list)


class Executor:
    """Runs flows in one browser session."""

    def __init__(
        self,
        *,
        session: BrowserSession,
        store: SelectorStore,
        library: FlowLibrary,
        profile: Profile,
        gate: Gate,
        notice: Callable[[Event], None],
        run_id: str,
        is_stopped: Callable[[], bool] = lambda: False,
        sign_in: Callable[[], Scope | None] = lambda: None,
        is_pictured: bool = True,
        is_dry: bool = False,
        holds: Holds | None = None,
        timeouts: Timeouts | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """is_stopped: asked between looks and before every act; true ends the run as cancelled.

        sign_in: gives what is run when the session has ended in the middle of a task; or None.
        is_pictured: whether pictures are taken; where nobody keeps them they only take time.
        is_dry: goals are looked for, and nothing is done to reach one by what cannot be undone.
        holds: what runs hold over all processes; None where there is no other run.
        """
        self._session = session
        self._page = session.page
        self._store = store
        self._library = library
        self._profile = profile
        self._is_dry = is_dry
        #: Whether the task before this one ended anywhere but at its end.
        self._has_stopped = False
        self._gate = gate = DryGate(gate) if is_dry else gate
        self._notice = notice
        self._now = now
        self._timeouts = timeouts or Timeouts()
        self._is_stopped = is_stopped
        self._signs = Signs(library, store)
        self._looking = self._look_at(session.page)
        self._acting = Acting(
            page=session.page,
            profile=profile,
            store=store,
            looking=self._looking,
            dialogs=session.dialogs,
            gate=gate,
            notice=notice,
            run_id=run_id,
            is_pictured=is_pictured,
            now=now,
        )
        self._starting_over = StartingOver(
            session=session,
            store=store,
            looking=self._looking,
            sign_in=sign_in,
            signed_out=next((flow.signed_out for flow in each_flow(library) if flow.signed_out), None),
            run=lambda scope: self._run_flow(
                replace(scope, values=self._values_for(scope.flow, scope.values))
            ),
            renew_page=self._renew_page,
            remark=self._remark,
        )
        self._goals = Goals(
            page=session.page,
            looking=self._looking,
            acting=self._acting,
            starting_over=self._starting_over,
            gate=gate,
            run_steps=self._run_steps,
        )
        self._for_each = ForEach(
            page=session.page,
            store=store,
            looking=self._looking,
            acting=self._acting,
            gate=gate,
            is_open=lambda: session.is_open,
            run_steps=self._run_steps,
            remark=self._remark,
        )
        self._alone = Alone(Free() if holds is None or is_dry else holds, remark=self._remark)
        self._step_number = 0
        self._task: _Task
        #: Why nothing more may be done in this run: it can no longer be recorded, or has no browser. Else empty.
        self.over = ""

    def _look_at(self, page: Page) -> Looking:
        """What looks at this page, with its popups closed as they come."""
        resolver = self._resolver = Resolver(page, self._store, self._profile)
        close_popups(page, self._store, resolver, self._notice)
        return Looking(
            page=page,
            store=self._store,
            resolver=resolver,
            timeouts=self._timeouts,
            is_background=self._profile.is_background,
            notice=self._notice,
            is_stopped=self._is_stopped,
            ended=lambda: self._session.watchdog.problem,
            now=self._now,
        )

    def _renew_page(self) -> None:
        """Another page in the place of one that has crashed, at the dashboard's first address."""
        self._session.renew_page()
        self._page = self._session.page
        self._looking = self._look_at(self._page)
        self._looking.signs = self._signs if self._task.flow.read_only else None
        self._acting.use(self._page, self._looking)
        self._starting_over.use(self._looking)
        self._goals.use(self._page, self._looking)
        self._for_each.use(self._page, self._looking)
        with self._looking.traffic.loading():
            do_goto(self._page, self._profile.dashboard, "/", self._timeouts.expect)
        self._starting_over.await_sidebar()

    # --- tasks -----------------------------------------------------------------------------------

    def run_task(self, name: str, flow: Flow, inputs: Mapping[str, Any]) -> TaskResult:
        """Runs one flow as one task. Always returns a result; what went wrong is in it.

        inputs: one value per input of the flow, of the right type.
        """
        started_at, began_s = self._now(), monotonic()
        self._task = _Task(name=name, flow=flow)
        self._looking.signs = self._signs if flow.read_only else None
        self._acting.begin_task()
        self._starting_over.begin_task()
        self._notice(TaskStarted(task=name, title=flow.title, procedure=flow.procedure, at=started_at))
        if self._has_stopped and self._session.is_open:
            self._starting_over.leave_behind(self._profile.dashboard)
        status, problems = Status.PASSED, []
        scope, stopped = self._attempt_until_done(flow, inputs)
        if stopped is not None:
            status, problems = status_of(stopped), list(stopped.problems)
            if isinstance(stopped, UnrecordableError):
                self.over = stopped.problem.what
            elif not self._session.is_open:
                why = self._session.watchdog.problem
                self.over = why.what if why else BROWSER_GONE
        if status.is_good:
            status = self._good_status()
        reason = problems[0].what if problems else ""
        if status is Status.NOOP:
            was_looked_for = bool(self._task.goals)
            reason = "there was nothing left to do" if was_looked_for else "only looked; nothing was touched"
        result = TaskResult(
            task=name,
            title=flow.title,
            procedure=flow.procedure,
            status=status,
            reason=reason,
            problems=tuple(problems),
            started_at=started_at,
            ended_at=self._now(),
            took_ms=round((monotonic() - began_s) * 1000),
            steps=tuple(self._task.steps),
            acts=tuple(self._acting.acts),
            outputs={key: plain(scope.values[key]) for key in flow.outputs if key in scope.values},
            read_only=flow.read_only,
            goes_on=isinstance(stopped, GoesOnError),
            is_busy=isinstance(stopped, BusyError),
            in_doubt_until=stopped.until if isinstance(stopped, InDoubtError) else None,
        )
        self._has_stopped = not status.is_good
        seen = self._resolver.take_seen()
        self._notice(
            TargetsFound(
                task=name,
                first=tuple(sorted(target for target, is_first in seen.items() if is_first)),
                later=tuple(sorted(target for target, is_first in seen.items() if not is_first)),
                at=self._now(),
            )
        )
        self._notice(TaskFinished(result=result))
        return result

    def _attempt_until_done(self, flow: Flow, inputs: Mapping[str, Any]) -> tuple[Scope, RobotError | None]:
        """Runs the flow, anew where what stopped it is over. Returns what is known then, and what stopped it."""
        scope, stopped = self._attempt(flow, inputs)
        for _ in range(MOST_RESTARTS):
            try:
                if stopped is None or not self._starting_over.make_ready(stopped, flow):
                    break
            except CancelledError as cancelled:
                return scope, cancelled
            self._task.goals = []
            before = scope
            scope, stopped = self._attempt(flow, inputs)
            keep_first(scope, before)
        return scope, stopped

    def _attempt(self, flow: Flow, inputs: Mapping[str, Any]) -> tuple[Scope, RobotError | None]:
        """Runs the flow once from its beginning; what it begins with is a known page."""
        self._starting_over.begin_attempt()
        self._acting.begin_attempt()
        scope = Scope(flow=flow, values=self._values_for(flow, inputs))
        try:
            self._run_flow(scope)
        except RobotError as error:
            return scope, error
        return scope, None

    def _remark(self, text: str) -> None:
        self._notice(Noted(kind="remark", text=text, page_url=self._page.url, at=self._now()))

    def _good_status(self) -> Status:
        """Nothing was done when every goal of the task was reached already and nothing was pressed."""
        goals = self._task.goals
        was_noop = all(status is Status.NOOP for status in goals) if goals else self._task.flow.read_only
        return Status.NOOP if was_noop and not self._acting.acts else Status.PASSED

    def _values_for(self, flow: AnyFlow, inputs: Mapping[str, Any]) -> dict[str, Any]:
        given = {
            name: fold(inputs[name]) if item.type == "name" else inputs[name]
            for name, item in flow.inputs.items()
            if inputs.get(name) is not None
        }
        defaults = {
            name: item.default if item.default is not None else [] if item.type == "list" else ""
            for name, item in flow.inputs.items()
            if name not in given and (item.default is not None or item.optional)
        }
        return {
            "words": self._profile.words,
            "policy": self._profile.policies,
            **self._today(),
            "now": self._now().isoformat(timespec="seconds"),
            **{name: [] for name, item in flow.outputs.items() if item.type == "list"},
            **defaults,
            **given,
        }

    def _today(self) -> dict[str, str]:
        """The agency's day; nothing where the profile names no time zone: what needs it stops and says so."""
        day = self._profile.day_of(self._now())
        return {} if day is None else {"today": day.isoformat()}

    def _run_flow(self, scope: Scope) -> None:
        masks = list(self._acting.masks)
        self._acting.masks += scope.flow.mask
        if scope.flow.private:
            self._session.stop_filming()
        try:
            with self._alone.using(scope.flow.alone or "", self._looking):
                self._run_steps(scope.flow.steps, scope)
        finally:
            self._acting.masks = masks

    def _run_steps(self, steps: tuple[Step, ...], scope: Scope) -> None:
        for step in steps:
            self._run_step(step, scope)

    # --- one step --------------------------------------------------------------------------------

    def _run_step(self, step: StepBase, scope: Scope) -> None:
        self._looking.stop_if_told()
        ref = self._refer(step, scope)
        started_at, began_s = self._now(), monotonic()
        self._notice(StepStarted(step=ref, at=started_at))
        status, reason, problem = Status.PASSED, "", None
        self._session.watchdog.allow(max(step.timeout or 0, self._timeouts.expect) / 1000)
        try:
            with self._session.trace_group(ref.sentence):
                outcome = self._do(step, scope, ref)
            status, reason = outcome or (Status.PASSED, "")
        except RobotError as error:
            status, problem = status_of(error), error.problem
            reason = problem.what
            if not getattr(error, "is_pictured", False):
                self._acting.picture(ref, "stop", None)
                error.is_pictured = True  # type: ignore[attr-defined]
            raise
        except (UnknownNameError, ConditionError) as error:
            problem = Problem(
                what=str(error), where=step.span, next="mend the flow; 'offboard lint' finds it"
            )
            status, reason = Status.FAILED, problem.what
            raise ApplicationError(problem) from None
        except PlaywrightError as error:
            failure = explain(step, error, session=self._session, stop_if_told=self._looking.stop_if_told)
            status, problem = status_of(failure), failure.problem
            reason = problem.what
            self._acting.picture(ref, "stop", None)
            failure.is_pictured = True  # type: ignore[attr-defined]
            raise failure from error
        finally:
            result = StepResult(
                step=ref,
                status=status,
                started_at=started_at,
                ended_at=self._now(),
                took_ms=round((monotonic() - began_s) * 1000),
                reason=reason,
                problem=problem,
            )
            self._task.steps.append(result)
            self._notice(StepFinished(result=result))

    def _refer(self, step: StepBase, scope: Scope) -> StepRef:
        self._step_number += 1
        return StepRef(
            number=self._step_number,
            task=self._task.name,
            flow=scope.flow.flow,
            name=short_name(step),
            kind=verb_of(step),
            sentence=describe_step(step, scope.values),
            depth=scope.depth,
            where=str(step.span or scope.flow.flow),
        )

    def _do(self, step: StepBase, scope: Scope, ref: StepRef) -> tuple[Status, str] | None:
        # An irreversible act looks at its guard right before the gate instead.
        is_irreversible = isinstance(step, ActBase) and step.irreversible is not None
        if step.require and not is_irreversible:
            self._looking.require(step.require, step, scope, ref)
        match step:
            case GoalStep():
                return self._do_goal(step, scope, ref)
            case ConverseStep():
                Conversation(
                    step,
                    scope,
                    ref,
                    looking=self._looking,
                    acting=self._acting,
                    run_steps=self._run_steps,
                ).hold()
            case ActBase():
                self._acting.do(step, scope, ref)
            case WaitForStep():
                self._looking.await_looks(step.wait_for, "wait_for", step, scope, ref, step.refusals)
            case CaptureStep():
                for name, source in step.capture.items():
                    self._capture(name, source, step, scope, ref)
            case ReadStep():
                self._do_read(step, scope, ref)
            case CollectStep():
                self._do_collect(step, scope)
            case RunStep():
                self._do_run(step, scope)
            case ForEachStep():
                return self._for_each.do(step, scope, ref, task=self._task.name)
            case IfStep():
                return self._do_if(step, scope, ref)
            case BlockStep():
                self._do_block(step, scope)
            case _:
                raise AssertionError(f"no way to do {verb_of(step)}")
        return None

    # --- look, act, look again -------------------------------------------------------------------

    def _do_goal(self, step: GoalStep, scope: Scope, ref: StepRef) -> tuple[Status, str]:
        inner = scope.inside()
        is_top = scope.flow is self._task.flow
        # 1. Look: a goal that holds must hold on a second, fresh look too.
        sight = self._goals.first_look(step, scope, ref)
        if sight.holds is True and step.look_again:
            self._run_steps(step.look_again, inner)
            sight = self._goals.first_look(step, scope, ref)
        if sight.holds is True:
            if is_top:
                self._task.goals.append(Status.NOOP)
                self._confirm(scope)
            return Status.NOOP, sight.found
        # 2. Act, unless this run only looks.
        if self._is_dry and kinds_of_steps(step.do, self._library):
            raise DryRunError(
                Problem(
                    what=f"not so yet: {step.name or sight.found}",
                    where=step.span,
                    details=(("found", sight.found),),
                    done="nothing was pressed",
                )
            )
        acts_before = len(self._acting.acts)
        self._acting.goals_open += 1
        try:
            self._run_steps(step.do, inner)
        finally:
            self._acting.goals_open -= 1
        # 3. Look again, freshly.
        self._goals.await_end(step, scope, ref, task=self._task.name, acts_before=acts_before)
        self._acting.settle_ended(since=acts_before)
        if is_top:
            self._task.goals.append(Status.PASSED)
            self._confirm(scope)
        return Status.PASSED, ""

    def _confirm(self, scope: Scope) -> None:
        """Without a customer, nothing says whose intents they are; they stay open until one is armed again."""
        if scope.location_id:
            self._gate.confirm(task=scope.flow.flow, location_id=scope.location_id)

    # --- the other verbs -------------------------------------------------------------------------

    def _do_read(self, step: ReadStep, scope: Scope, ref: StepRef) -> None:
        rows = self._looking.read_rows(step.read.list, step, scope, ref)
        kept = [
            row
            for row in rows
            if step.read.where is None or step.read.where.decide({**scope.values, "row": row})
        ]
        self._keep(step.read.into, kept, scope, ref)

    def _do_collect(self, step: CollectStep, scope: Scope) -> None:
        body = step.collect
        if isinstance(body.value, Template):
            value: Any = body.value.fill(scope.values)
        else:
            value = {name: item.fill(scope.values) for name, item in body.value.items()}
        held = list(scope.values.get(body.into) or [])
        if value not in held:
            held.append(value)
        scope.values[body.into] = held

    def _do_run(self, step: RunStep, scope: Scope) -> None:
        flow = self._library.find(step.run)
        if not isinstance(flow, Flow):
            raise AssertionError("the linter refuses to run a composed flow as a step")
        inputs = {name: value.fill(scope.values) for name, value in step.with_.items()}
        inner = Scope(flow=flow, values=self._values_for(flow, inputs), depth=scope.depth + 1)
        try:
            self._run_flow(inner)
        finally:
            for here, there in step.save.items():
                if there in inner.values:
                    scope.values[here] = inner.values[there]

    def _do_if(self, step: IfStep, scope: Scope, ref: StepRef) -> tuple[Status, str] | None:
        sight = self._looking.choose(step.if_, step, scope, ref)
        chosen = step.then if sight.holds else step.else_
        self._run_steps(chosen, scope.inside())
        return (Status.SKIPPED, sight.found) if not chosen else None

    def _do_block(self, step: BlockStep, scope: Scope) -> None:
        problem = Problem(
            what=step.block.reason.fill_text(scope.values),
            where=step.span,
            details=(("page", self._page.url),),
            next=step.block.next.fill_text(scope.values) if step.block.next else "",
        )
        raise STOPS[step.block.status](problem)

    # --- captures --------------------------------------------------------------------------------

    def _capture(self, name: str, source: CaptureSource, step: StepBase, scope: Scope, ref: StepRef) -> None:
        raw = self._looking.read_source(source, step, scope, ref)
        if source.pattern is not None:
            text = str(raw)
            raw = search_pattern(source.pattern, text)
            if raw is None:
                raise ApplicationError(
                    Problem(
                        what=f"'{name}' was not found in '{text}'",
                        where=source.span,
                        details=(("pattern", source.pattern), ("page", self._page.url)),
                        next="look at the picture; the page may show it in another form",
                    )
                )
        match source.as_:
            case "phone":
                raw = normalize_phone(str(raw))
            case "lower":
                raw = str(raw).lower()
        self._keep(name, raw, scope, ref)

    def _keep(self, name: str, value: Any, scope: Scope, ref: StepRef) -> None:
        scope.values[name] = value
        self._notice(Captured(step=ref, name=name, value=plain(value), at=self._now()))
