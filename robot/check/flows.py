"""Do flows name things that are there: targets with their rows and parameters, sub-flows with their inputs?"""

from __future__ import annotations

from collections.abc import Iterator

from robot.errors import Problem, did_you_mean
from robot.flow.loader import AnyFlow, FlowLibrary
from robot.flow.located import Located
from robot.flow.look import AppearedLook, ClosedLook
from robot.flow.model import ComposedFlow, Flow, Task
from robot.flow.step import ActBase, BlockStep, ConverseStep, RunStep, StepBase
from robot.flow.walk import TargetMention, each_flow, each_mention, each_part, each_step, inner_steps
from robot.selector.store import SelectorStore, StoredTarget


def check_flows(library: FlowLibrary, store: SelectorStore) -> Iterator[Problem]:
    """Yields what flows name that is not there, or is used in another way than it is made for."""
    for flow in each_flow(library):
        for mention in each_mention(flow):
            yield from _check_mention(mention, store)
        for step in each_step(flow.steps):
            yield from _check_closed(step, store)
            yield from _check_appeared(step)
            if isinstance(step, RunStep):
                yield from _check_run(step, library)
        yield from _check_reachable(flow.steps)
        yield from _check_cycle(flow, library)
    for one in library.flows.values():
        yield from _check_at_least_one(one)
        if isinstance(one, ComposedFlow):
            yield from _check_tasks(one, library)


def _check_mention(mention: TargetMention, store: SelectorStore) -> Iterator[Problem]:
    if mention.name not in store:
        yield Problem(
            what=f"there is no target '{mention.name}'",
            where=mention.span,
            next=store.suggest(mention.name) or "add it to a file in selectors/",
        )
        return
    stored = store.find(mention.name)
    if (stored.target.list is not None) != mention.is_list:
        found, wanted = ("a list", "an element") if stored.target.list else ("an element", "a list")
        yield Problem(
            what=f"'{mention.name}' is {found}, and {wanted} is needed here",
            where=mention.span,
            details=(("defined", str(stored.span)),),
        )
        return
    if mention.use is not None:
        yield from _check_use(mention, stored, store)


def _check_use(mention: TargetMention, stored: StoredTarget, store: SelectorStore) -> Iterator[Problem]:
    if mention.use is None:
        return
    chain = list(_ancestors(stored, store))
    row_list = next((item.target.row_of for item in chain if item.target.row_of), None)
    if row_list and mention.use.row is None:
        yield Problem(
            what=f"'{stored.name}' stands in a row of '{row_list}', and no row is named",
            where=mention.span,
            next=f"write {{target: {stored.name}, row: ...}} with the row's key",
        )
    if not row_list and mention.use.row is not None:
        yield Problem(what=f"'{stored.name}' stands in no row", where=mention.span, next="remove 'row:'")
    needed = {name for item in chain for name in item.target.params}
    given = set(mention.use.with_)
    for name in sorted(needed - given):
        yield Problem(
            what=f"'{stored.name}' needs the parameter '{name}'",
            where=mention.span,
            next=f"write {{target: {stored.name}, with: {{{name}: ...}}}}",
        )
    for name in sorted(given - needed):
        yield Problem(
            what=f"'{stored.name}' has no parameter '{name}'",
            where=mention.span,
            next=did_you_mean(name, sorted(needed)) or f"parameters: {', '.join(sorted(needed)) or 'none'}",
        )


def _ancestors(stored: StoredTarget, store: SelectorStore) -> Iterator[StoredTarget]:
    """The target and those it stands in; ends at a cycle, which is told elsewhere."""
    seen = set()
    current: StoredTarget | None = stored
    while current is not None and current.name not in seen:
        seen.add(current.name)
        yield current
        parent = current.target.in_
        current = store.find(parent) if parent and parent in store else None


def _check_closed(step: StepBase, store: SelectorStore) -> Iterator[Problem]:
    for part in each_part(step):
        if isinstance(part, ClosedLook) and part.closed.target in store:
            stored = store.find(part.closed.target)
            if stored.target.kind == "element":
                yield Problem(
                    what=f"'closed' is for dialogs, and '{stored.name}' is not one",
                    where=part.closed.span,
                    next="for data write 'none: <list>' or 'no_row: {list, row}'; else mark it 'kind: dialog'",
                )


def _check_appeared(step: StepBase) -> Iterator[Problem]:
    """Yields looks for what is new where nothing says since when."""
    allowed: list[Located] = []
    if isinstance(step, ActBase) and not isinstance(step, ConverseStep):
        allowed = [*each_part(step.expect or ()), *each_part(step.refusals)]
    for part in each_part(step):
        if isinstance(part, AppearedLook) and not any(part is one for one in allowed):
            yield Problem(
                what="'appeared' is for the 'expect' and the 'refusals' of an act: new since its press",
                where=part.appeared.span,
                next="write 'visible: <target>'",
            )


def _check_run(step: RunStep, library: FlowLibrary) -> Iterator[Problem]:
    flow = library.flows.get(step.run)
    if flow is None:
        hint = did_you_mean(step.run, sorted(library.flows))
        yield Problem(what=f"there is no flow '{step.run}'", where=step.span, next=hint or "see flows/")
        return
    if not isinstance(flow, Flow):
        yield Problem(what=f"'{step.run}' is a composed flow and cannot be a step", where=step.span)
        return
    yield from _check_arguments(step, flow)


def _check_arguments(step: RunStep | Task, flow: Flow) -> Iterator[Problem]:
    known = list(flow.inputs)
    for name in step.with_:
        if name not in flow.inputs:
            yield Problem(
                what=f"flow '{flow.flow}' has no input '{name}'",
                where=step.span,
                next=did_you_mean(name, known) or f"inputs: {', '.join(known) or 'none'}",
            )
    for name, item in flow.inputs.items():
        if name not in step.with_ and not item.optional and item.default is None:
            yield Problem(
                what=f"flow '{flow.flow}' needs the input '{name}'",
                where=step.span,
                next=f"add it under 'with:': {item.about}",
            )
    for there in step.save.values():
        if there not in flow.outputs:
            yield Problem(
                what=f"flow '{flow.flow}' has no output '{there}'",
                where=step.span,
                next=did_you_mean(there, list(flow.outputs))
                or f"outputs: {', '.join(flow.outputs) or 'none'}",
            )


def _check_at_least_one(flow: AnyFlow) -> Iterator[Problem]:
    for name in flow.at_least_one:
        item = flow.inputs.get(name)
        if item is None or not item.optional:
            known = [one for one, other in flow.inputs.items() if other.optional]
            yield Problem(
                what=f"'at_least_one' names '{name}', which is no optional input of this flow",
                where=flow.span,
                next=did_you_mean(name, known) or f"optional inputs: {', '.join(known) or 'none'}",
            )


def _check_reachable(steps: tuple[StepBase, ...]) -> Iterator[Problem]:
    for index, step in enumerate(steps):
        if isinstance(step, BlockStep) and index + 1 < len(steps):
            yield Problem(
                what="this step is never reached: the one before it stops the task",
                where=steps[index + 1].span,
                next="put 'block' under an 'if', or remove what follows it",
            )
        for inner in inner_steps(step):
            yield from _check_reachable(inner)


def _check_cycle(flow: Flow, library: FlowLibrary) -> Iterator[Problem]:
    """Yields the first step that leads back to its own flow."""

    def leads_back(name: str, seen: frozenset[str]) -> bool:
        inner = library.flows.get(name)
        if name == flow.flow:
            return True
        if not isinstance(inner, Flow) or name in seen:
            return False
        steps = each_step(inner.steps)
        return any(isinstance(one, RunStep) and leads_back(one.run, seen | {name}) for one in steps)

    for step in each_step(flow.steps):
        if isinstance(step, RunStep) and leads_back(step.run, frozenset()):
            yield Problem(what=f"'{step.run}' runs this flow again, without end", where=step.span)
            return


def _check_tasks(composed: ComposedFlow, library: FlowLibrary) -> Iterator[Problem]:
    earlier: list[str] = []
    for task in composed.tasks:
        flow = library.flows.get(task.run)
        if flow is None:
            hint = did_you_mean(task.run, sorted(library.flows))
            yield Problem(what=f"there is no flow '{task.run}'", where=task.span, next=hint or "see flows/")
        elif not isinstance(flow, Flow):
            yield Problem(
                what=f"'{task.run}' is itself composed", where=task.span, next="list its flows here"
            )
        else:
            yield from _check_arguments(task, flow)
        for need in task.needs:
            if need not in earlier:
                yield Problem(
                    what=f"'{task.run}' needs '{need}', which does not come before it",
                    where=task.span,
                    next=did_you_mean(need, earlier) or f"tasks before it: {', '.join(earlier) or 'none'}",
                )
        earlier.append(task.run)
