"""Rows and lists: the same steps for each item. What stops one of them may leave the others to be worked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from playwright.sync_api import Page

from robot.errors import (
    ApplicationError,
    BlockedError,
    BusinessError,
    GuardError,
    InDoubtError,
    Problem,
    RobotError,
    UnplannedError,
    UnrecordableError,
)
from robot.executor.acting import Acting
from robot.executor.gate import Gate
from robot.executor.looking import Looking
from robot.executor.scope import Scope
from robot.flow.look import NoRowLook, RowUse
from robot.flow.step import ForEachBody, ForEachStep, Step
from robot.flow.template import Template
from robot.run.model import Status, StepRef
from robot.selector.store import SelectorStore


class ForEach:
    """Works the items of one run."""

    def __init__(
        self,
        *,
        page: Page,
        store: SelectorStore,
        looking: Looking,
        acting: Acting,
        gate: Gate,
        is_open: Callable[[], bool],
        run_steps: Callable[[tuple[Step, ...], Scope], None],
        remark: Callable[[str], None],
    ) -> None:
        """is_open: whether there is a browser to look with."""
        self._page = page
        self._store = store
        self._looking = looking
        self._acting = acting
        self._gate = gate
        self._is_open = is_open
        self._run_steps = run_steps
        self._remark = remark

    def use(self, page: Page, looking: Looking) -> None:
        """Works on another page from now on."""
        self._page = page
        self._looking = looking

    def do(self, step: ForEachStep, scope: Scope, ref: StepRef, *, task: str) -> tuple[Status, str] | None:
        """How the step ends, where that is not simply well. Raises what stopped items, once all were worked."""
        body = step.for_each
        items = self._items(step, scope, ref)
        if len(items) > body.at_most:
            raise BlockedError(
                Problem(
                    what=f"{len(items)} rows, and at most {body.at_most} may be worked in one run",
                    where=body.span,
                    done="nothing was pressed",
                    next="check that these are really this customer's",
                )
            )
        stopped: list[RobotError] = []
        for item in items:
            inner = scope.with_item(body.as_, item)
            acts_before = len(self._acting.acts)
            try:
                self._assert_planned(body, inner, task)
                self._run_steps(step.do, inner)
            except UnplannedError as error:
                stopped.append(error)
            except BlockedError as error:
                if not body.recover or isinstance(error, UnrecordableError):
                    raise
                stopped.append(error)
                self._recover(body.recover, scope, stopped)
                if self._is_gone(step, item, inner, error):
                    stopped.remove(error)
            except (ApplicationError, GuardError) as error:
                # Only where nothing was pressed for it: what was pressed has an outcome of its own.
                if len(self._acting.acts) > acts_before or not self._is_gone(step, item, inner, error):
                    raise
                self._recover(body.recover, scope, [])
            finally:
                scope.take_back(inner, body.as_)
        if stopped:
            raise _as_one(stopped)
        return None if items else (Status.NOOP, "no rows")

    def _assert_planned(self, body: ForEachBody, scope: Scope, task: str) -> None:
        """Raises UnplannedError for a row that no plan has, before anything is done to it."""
        if body.object is None:
            return
        object_key = body.object.fill_text(scope.values)
        objection = self._gate.objection(task, object_key)
        if objection is not None:
            page = ("page", self._page.url)
            raise UnplannedError(replace(objection, where=body.object.span).with_details(page))

    def _is_gone(self, step: ForEachStep, item: Any, scope: Scope, error: RobotError) -> bool:
        """Whether the row that could not be worked is proven not to be there: somebody else was quicker."""
        if step.for_each.list is None or not self._is_open():
            return False
        field = self._store.find(step.for_each.list).list.key
        row = Template(f"${{{step.for_each.as_}.{field}}}")
        look = NoRowLook(no_row=RowUse(list=step.for_each.list, row=row))
        sight = self._looking.await_sight((look,), self._looking.timeouts.afresh, scope, decisive=True)
        if sight.holds is True:
            self._remark(f"'{item[field]}' is no longer there, and it was not this run: {error.problem.what}")
        return sight.holds is True

    def _recover(self, steps: tuple[Step, ...], scope: Scope, stopped: list[RobotError]) -> None:
        """Gets back to where the next item can be worked. Where that fails, what stopped the items is told, too."""
        try:
            self._run_steps(steps, scope.inside())
        except (ApplicationError, BusinessError) as error:
            error.problems = (*(problem for item in stopped for problem in item.problems), *error.problems)
            raise

    def _items(self, step: ForEachStep, scope: Scope, ref: StepRef) -> list[Any]:
        body = step.for_each
        if body.of is not None:
            items = body.of.fill(scope.values)
            if not isinstance(items, list | tuple):
                raise ApplicationError(Problem(what=f"'{body.of.text}' is not a list", where=body.span))
            return [
                item
                for item in items
                if body.where is None or body.where.decide({**scope.values, "row": item})
            ]
        stored = self._store.find(body.list or "")
        rows = self._looking.read_rows(stored.name, step, scope, ref)
        kept = [row for row in rows if body.where is None or body.where.decide({**scope.values, "row": row})]
        keys = [row[stored.list.key] for row in kept]
        twice = sorted({key for key in keys if keys.count(key) > 1 or not key})
        if twice:
            raise BlockedError(
                Problem(
                    what=f"rows of {stored.name} cannot be told apart: '{twice[0]}' stands there more than once",
                    where=body.span,
                    done="nothing was pressed",
                    next="look at the page; the key of this list may have to be another field",
                )
            )
        return kept


def _as_one(stopped: list[RobotError]) -> BlockedError:
    """What stopped some of the items, as what stops them all."""
    problems = [problem for error in stopped for problem in error.problems]
    until = max((error.until for error in stopped if isinstance(error, InDoubtError)), default=None)
    failure = BlockedError(*problems) if until is None else InDoubtError(*problems, until=until)
    failure.is_pictured = True  # type: ignore[attr-defined]
    return failure
