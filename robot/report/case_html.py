"""A case as one page for the customer's file: the plan and what became of it, who let it, what is left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from robot.case.customer_file import CustomerFile
from robot.case.plan import ObjectState, PlannedObject, PlannedTask
from robot.case.verify import sentences
from robot.ledger.approvals import ApprovalMode
from robot.report.templating import environment, named_zone
from robot.run import bundle_layout as layout
from robot.run.archive import EVIDENCE
from robot.run.model import Status
from robot.time_zone import shown_at

#: Style of each state of a case.
_STATES = {
    "open": "skipped",
    "running": "noop",
    "waiting": "unknown",
    "needs a person": "blocked",
    "done": "passed",
    "cancelled": "cancelled",
}
_MODES = {
    ApprovalMode.PLAN: "the whole plan",
    ApprovalMode.ACT: "each act by itself",
    ApprovalMode.POLICY: "by the profile's policy",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectView:
    """One planned object and what became of it."""

    object: PlannedObject
    #: A word for people, and the style it is shown in.
    outcome: str
    style: Status
    #: Why, who, when.
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOfPlan:
    """One task of the plan."""

    task: PlannedTask
    objects: tuple[ObjectView, ...]


def render_case_html(found: CustomerFile) -> str:
    """The page, as it lies in the archive: reports of runs are linked below `evidence/`."""
    return (
        environment()
        .get_template("case.html.j2")
        .render(
            file=found,
            zone=named_zone(found.time_zone),
            case=found.case,
            plan=found.plan,
            state_style=_STATES.get(found.case.state, "skipped"),
            tasks=[_task(found, task) for task in found.plan.tasks],
            said=list(sentences(found.verification, named_zone(found.time_zone)))[1:]
            if found.verification
            else [],
            since=list(_since(found)),
            modes=_MODES,
            reports=_reports(found),
        )
    )


def _since(found: CustomerFile) -> Iterator[str]:
    """What persons have closed since the last look."""
    seen = {(one.object, one.at) for one in found.verification.settled} if found.verification else set()
    shown = {one.object: one.shown for _, one in found.plan.objects}
    for row in found.settlements.values():
        if (row.object, row.settled_at) not in seen:
            word = "done by hand" if row.how == "done-by-hand" else "left as it is"
            yield f"{shown.get(row.object, row.object)}: {word}, says {row.settled_by}: {row.reason}"


def _reports(found: CustomerFile) -> dict[str, str]:
    """Name in the archive of each run's report, where there is one."""
    return {
        run_id: f"{EVIDENCE}/{run_id}/{layout.REPORT}"
        for run_id, folder in found.bundles().items()
        if Path(folder / layout.REPORT).is_file()
    }


def _task(found: CustomerFile, task: PlannedTask) -> TaskOfPlan:
    return TaskOfPlan(task=task, objects=tuple(_objects(found, task)))


def _objects(found: CustomerFile, task: PlannedTask) -> Iterator[ObjectView]:
    seen = found.verification
    done = {one.object for one in seen.done} if seen else set()
    left = {one.object: one for one in seen.left} if seen else {}
    unverified = {one.object: one for one in seen.unverified} if seen else {}
    waiting = dict(seen.waiting) if seen else {}
    zone = named_zone(found.time_zone)
    for one in task.objects:
        presses = [row for row in found.intents if one.stands_for(row["object"])]
        pressed = f"pressed {shown_at(presses[-1]['armed_at'], zone)}" if presses else ""
        settled = found.settlements.get(one.object)
        if settled is not None:
            word = "done by hand" if settled.how == "done-by-hand" else "left as it is"
            ticket = f", ticket {settled.ticket}" if settled.ticket else ""
            yield _view(one, word, Status.NOOP, f"{settled.settled_by}: {settled.reason}{ticket}")
        elif one.object in waiting:
            yield _view(one, "going on", Status.UNKNOWN, waiting[one.object])
        elif one.object in unverified:
            lost = unverified[one.object]
            yield _view(one, "could not be verified", Status.UNKNOWN, f"{lost.why}. Next: {lost.next}")
        elif one.object in left:
            yield _view(one, "left", Status.BLOCKED, f"{left[one.object].why}. Next: {left[one.object].next}")
        elif one.state is ObjectState.DONE:
            yield _view(one, "was so already", Status.NOOP, "")
        elif one.object in done:
            yield _view(
                one,
                "done",
                Status.PASSED,
                pressed or ("with " + one.along if one.along else "not by this case"),
            )
        elif one.state is ObjectState.BLOCKED:
            yield _view(one, "for a person", Status.BLOCKED, f"{one.reason}. Next: {one.next}")
        elif presses:
            yield _view(one, "pressed", Status.UNKNOWN, f"{pressed}, not looked at again yet")
        else:
            yield _view(one, "to be done", Status.SKIPPED, "")


def _view(one: PlannedObject, outcome: str, style: Status, more: str) -> ObjectView:
    return ObjectView(object=one, outcome=outcome, style=style, more=more)
