"""Goals: whether one holds before anything is done, and that it holds afterwards, seen freshly."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

from playwright.sync_api import Page

from robot.errors import ApplicationError, GoesOnError, OutcomeUnknownError, Problem
from robot.executor.acting import Acting
from robot.executor.checks import Sight
from robot.executor.gate import Gate
from robot.executor.looking import Looking
from robot.executor.scope import Scope
from robot.executor.starting_over import StartingOver
from robot.flow.describe import describe_looks
from robot.flow.step import GoalStep, Step
from robot.run.model import StepRef

#: While a goal is awaited, so many rounds lead through the menu alone.
_ROUNDS_WITHOUT_RELOAD = 2
#: While a goal is awaited, the rounds of leaving the page and coming back grow up to this.
_LONGEST_ROUND_MS = 30_000


class Goals:
    """Looks for the goals of one run."""

    def __init__(
        self,
        *,
        page: Page,
        looking: Looking,
        acting: Acting,
        starting_over: StartingOver,
        gate: Gate,
        run_steps: Callable[[tuple[Step, ...], Scope], None],
    ) -> None:
        self._page = page
        self._looking = looking
        self._acting = acting
        self._starting_over = starting_over
        self._gate = gate
        self._run_steps = run_steps

    def use(self, page: Page, looking: Looking) -> None:
        """Looks at another page from now on."""
        self._page = page
        self._looking = looking

    def first_look(self, step: GoalStep, scope: Scope, ref: StepRef) -> Sight:
        """Whether the goal holds before acting. Raises when the page never says."""

        def decided() -> Sight | None:
            sight = self._looking.checker.look_all(step.goal, scope.values)
            if sight.holds is not None:
                return sight
            if step.not_yet and self._looking.checker.look_all(step.not_yet, scope.values).holds:
                return Sight(holds=False, found=describe_looks(step.not_yet, scope.values))
            self._looking.raise_refusal(step.refusals, scope, step)
            last.append(sight)
            del last[:-1]
            return None

        last: list[Sight] = []
        timeout = step.timeout or self._looking.timeouts.require
        sight = self._looking.poll(decided, timeout)
        if sight is None:
            found = last[-1].found if last else "nothing"
            self._looking.looked(ref, "goal", step.goal, scope, Sight(holds=None, found=found))
            raise ApplicationError(
                Problem(
                    what=f"the page did not say whether the goal is reached: {found}",
                    where=step.span,
                    details=(
                        ("sought", describe_looks(step.goal, scope.values)),
                        ("page", self._page.url),
                    ),
                    done="nothing was pressed",
                    next="look at the picture; run again if the page was slow, else mend flow or selectors",
                )
            )
        self._looking.looked(ref, "goal", step.goal, scope, sight)
        return sight

    def await_end(self, step: GoalStep, scope: Scope, ref: StepRef, *, task: str, acts_before: int) -> None:
        """Looks for the goal, leaving the page and coming back, until it holds or the time is over.

        What ends later is not waited for longer than the timeouts say: it is looked at again by another run.
        """
        longest = step.within or step.timeout or self._looking.timeouts.goal
        patience = self._looking.timeouts.ends_later
        goes_on = patience is not None and self._goes_on(scope, task, acts_before)
        deadline = self._looking.deadline(min(longest, patience) if goes_on and patience else longest)
        inner = scope.inside()
        sight = Sight(holds=None, found="")
        round_ms = self._looking.timeouts.look_again if step.look_again else self._looking.timeouts.goal
        for turn in itertools.count():
            if turn >= _ROUNDS_WITHOUT_RELOAD and step.look_again:
                # Lists may be painted from a cache for as long as the page is not loaded anew.
                self._starting_over.load_anew()
            self._run_steps(step.look_again, inner)

            def holds() -> bool | None:
                nonlocal sight
                sight = self._looking.checker.look_all(step.goal, scope.values)
                if sight.holds is not True:
                    self._looking.raise_refusal(step.refusals, scope, step)
                return sight.holds or None

            if self._looking.poll(holds, min(round_ms, self._looking.left(deadline))):
                self._looking.looked(ref, "goal", step.goal, scope, sight)
                return
            if self._looking.left(deadline) <= 0:
                break
            round_ms = min(round_ms * 2, max(round_ms, _LONGEST_ROUND_MS))
        self._looking.looked(ref, "goal", step.goal, scope, sight)
        problem = Problem(
            what=f"the goal was not seen to be reached: {sight.found}",
            where=step.span,
            details=(("sought", describe_looks(step.goal, scope.values)), ("page", self._page.url)),
            done="; ".join(f"pressed: {act.object}" for act in self._acting.acts) or "nothing was pressed",
            next="look at the dashboard, then run again: nothing that took effect is pressed twice",
        )
        if goes_on:
            raise GoesOnError(
                replace(
                    problem,
                    what=f"it has begun, and has not ended yet: {sight.found}",
                    next="nothing: it is looked at again later, and nothing that took effect is pressed twice",
                )
            )
        raise (
            OutcomeUnknownError(problem)
            if len(self._acting.acts) > acts_before
            else ApplicationError(problem)
        )

    def _goes_on(self, scope: Scope, task: str, acts_before: int) -> bool:
        """Whether what this goal, or an earlier run for the same task, has pressed for ends later."""
        if len(self._acting.acts) > acts_before:
            return self._acting.has_unended(since=acts_before)
        if not scope.location_id:
            return False
        return self._gate.is_awaited(task=task, location_id=scope.location_id)
