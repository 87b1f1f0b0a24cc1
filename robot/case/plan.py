"""The plan: what will be done to a customer, object by object, made of what a survey has read.

Frozen data with a digest: an approval is of the digest, and nothing that is not in the plan is touched.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from robot.errors import ApplicationError, BlockedError, CancelledError, Problem, RobotError
from robot.flow.loader import FlowLibrary
from robot.flow.model import ComposedFlow, Flow
from robot.flow.plan_rule import PlanCost, PlanRule
from robot.profile import Profile
from robot.run.model import Run, Status, TaskResult

#: The flow that reads, and the one that applies.
SURVEY = "survey"
OFFBOARD = "offboard"
#: The task that says who the customer is, and what only it knows.
IDENTITIES = "identities"
#: The task that finds the customer's contacts, which are not in the customer's own sub-account.
CONTACTS = "survey-academy"
#: What a customer's contacts are found by. Some of it goes with the users, so that what was known once is kept.
_FOUND_BY = ("emails", "phones", "names")


#: The same plan made again is the same.
_NOT_IN_DIGEST = ("survey_run_id", "surveyed_at")


class ObjectState(StrEnum):
    """What a plan says of one object."""

    #: Will be done.
    TODO = "todo"
    #: Is so already.
    DONE = "done"
    #: A person must decide; left alone.
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedObject:
    """One thing that a task does something irreversible to."""

    #: `<kind>:<identity>`, as intents name it.
    object: str
    #: As people know it.
    shown: str
    #: What is done, beginning with a verb.
    says: str
    state: ObjectState
    #: The object that it goes with; empty where it needs an act of its own.
    along: str = ""
    #: Why it is blocked, and what to do about it.
    reason: str = ""
    next: str = ""
    #: What is still going on, though nothing is left to do; empty when nothing is.
    waits: str = ""
    #: What goes on costing money as things are.
    costs: tuple[str, ...] = ()
    #: What will be written to somebody, letter for letter.
    text: str = ""
    #: The key that it had while it was still to be made.
    formerly: str = ""
    #: Whether it is gone when a later survey does not name it; otherwise that says nothing.
    is_gone_when_absent: bool = True

    @property
    def kind(self) -> str:
        return self.object.partition(":")[0]

    def stands_for(self, object_key: str) -> bool:
        """Whether an intent is about this object, or about a part of it: a message of the request to support."""
        return object_key == self.object or object_key.startswith(f"{self.object}#")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTask:
    """One task of the procedure."""

    task: str
    title: str
    procedure: tuple[str, ...]
    objects: tuple[PlannedObject, ...]
    #: Why it could not be read what there is; nothing of it is planned then.
    unread: str = ""
    next: str = ""

    @property
    def is_blocked(self) -> bool:
        """Whether a person must decide about some of it."""
        return bool(self.unread) or any(one.state is ObjectState.BLOCKED for one in self.objects)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What will be done to one customer."""

    dashboard: str
    profile: str
    location_id: str
    company: str
    #: SHA-256 over the text of all flows and selectors.
    rules_digest: str
    policies: dict[str, Any]
    words: dict[str, str]
    #: What the tasks need of the survey, since some of it is gone when they run.
    inputs: dict[str, Any]
    #: Outputs of tasks that are not run again, by task.
    known: dict[str, dict[str, Any]]
    tasks: tuple[PlannedTask, ...]
    survey_run_id: str = field(default="")
    surveyed_at: str = field(default="")

    @property
    def digest(self) -> str:
        """SHA-256, in hexadecimal digits, over everything that the plan says and is made by."""
        return digest_of(self.to_json())

    @property
    def objects(self) -> Iterator[tuple[PlannedTask, PlannedObject]]:
        for task in self.tasks:
            for one in task.objects:
                yield task, one

    def count(self, state: ObjectState) -> int:
        return sum(one.state is state for _, one in self.objects)

    def covers(self, task: str, object_key: str) -> bool:
        """Whether the plan lets a task do something to this object."""
        found = self.find(task, object_key)
        return found is not None and found.state is ObjectState.TODO

    def find(self, task: str, object_key: str) -> PlannedObject | None:
        """What the plan says of an object of a task."""
        return next(
            (one for mine, one in self.objects if mine.task == task and one.stands_for(object_key)), None
        )

    def to_json(self) -> str:
        return _canonical(asdict(self))


def digest_of(text: str) -> str:
    """The digest of the plan that `to_json` wrote, by this release or another."""
    content = json.loads(text)
    for name in _NOT_IN_DIGEST:
        del content[name]
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


def plan_from_json(text: str) -> Plan:
    """The plan that `to_json` wrote."""
    content = json.loads(text)
    tasks = tuple(
        PlannedTask(
            **{
                **task,
                "procedure": tuple(task["procedure"]),
                "objects": tuple(
                    PlannedObject(**{**one, "state": ObjectState(one["state"]), "costs": tuple(one["costs"])})
                    for one in task["objects"]
                ),
            }
        )
        for task in content["tasks"]
    )
    return Plan(**{**content, "tasks": tasks})


def rules_digest(texts: Iterable[tuple[str, str]]) -> str:
    """texts: name and text of every file of flows and selectors."""
    return hashlib.sha256(_canonical(sorted(texts)).encode()).hexdigest()


def make_plan(
    run: Run, library: FlowLibrary, profile: Profile, *, rules: str, first: Plan | None = None
) -> Plan:
    """run: a survey that has ended. rules: the digest of flows and selectors. first: the case's first plan.

    What the first survey read stands for what is gone by now. Raises BlockedError when the survey could not say who
    the customer is, ApplicationError when it failed, CancelledError when it was stopped.
    """
    if run.status is Status.CANCELLED:
        raise CancelledError(
            Problem(
                what="the survey was stopped before its end", done="nothing was planned", next="run it again"
            )
        )
    results = {result.task: result for result in run.tasks}
    who = results.get(IDENTITIES)
    if who is None or not who.status.is_good:
        raise _failure(run.status)(*(who.problems if who and who.problems else (*run.problems, _nobody(run))))
    location_id, company = str(who.outputs["location_id"]), str(who.outputs["company"])
    day = profile.day_of(run.started_at)
    given = {
        "words": profile.words,
        "policy": profile.policies,
        **({"today": day.isoformat()} if day else {}),
        "now": run.started_at.isoformat(timespec="seconds"),
        "location_id": location_id,
        "company": company,
        # What the survey was told of an earlier one.
        "since_survey": run.inputs.get("since_survey", False),
        "known_versions": run.inputs.get("known_versions", []),
    }
    readers = {
        flow.plan.task: flow
        for flow in library.flows.values()
        if isinstance(flow, Flow) and flow.plan is not None
    }
    return Plan(
        dashboard=profile.dashboard,
        profile=profile.name,
        location_id=location_id,
        company=company,
        rules_digest=rules,
        policies=dict(profile.policies),
        words=dict(profile.words),
        inputs=first.inputs if first else {"since_survey": True, "known_versions": _versions(results)},
        known=_known(results, first),
        tasks=tuple(
            _plan_task(task, readers[task.flow], results.get(readers[task.flow].flow), given)
            for task in _tasks(library)
            if task.flow in readers
        ),
        survey_run_id=run.run_id,
        surveyed_at=run.ended_at.isoformat(timespec="seconds"),
    )


def _known(results: Mapping[str, TaskResult], first: Plan | None) -> dict[str, dict[str, Any]]:
    """Outputs that stand for later surveys and runs: some of what they were read from is gone by then.

    The first survey's, and with them whatever this one has found the customer by.
    """
    who = dict(results[IDENTITIES].outputs)
    outputs: Mapping[str, Any] = results[CONTACTS].outputs if CONTACTS in results else {}
    contacts = [*outputs.get("contacts", []), *outputs.get("undecided", [])]
    before = first.known if first else {}
    earlier = before.get(IDENTITIES, {})
    found_by = {name: _joined(earlier.get(name, []), who.get(name, [])) for name in _FOUND_BY}
    found = before.get(CONTACTS, {}).get("contacts", [])
    ids = {row["contact_id"] for row in found}
    return {
        **before,
        IDENTITIES: {**who, **earlier, **{name: found for name, found in found_by.items() if found}},
        CONTACTS: {"contacts": [*found, *(row for row in contacts if row["contact_id"] not in ids)]},
    }


def _joined(one: Any, other: Any) -> list[Any]:
    """Both lists, each value once."""
    return list(dict.fromkeys([*one, *other]))


def survey_inputs(plan: Plan, library: FlowLibrary) -> dict[str, Any]:
    """What a survey is told of what an earlier one has found, by which each planned object is looked for again."""
    who = plan.known.get(IDENTITIES, {})
    told = {
        **plan.inputs,
        **{f"known_{name}": who.get(name) for name in (*_FOUND_BY, "campaigns", "request")},
        "known_contacts": plan.known.get(CONTACTS, {}).get("contacts"),
    }
    inputs = library.find(SURVEY).inputs
    return {name: value for name, value in told.items() if name in inputs and value}


def _failure(status: Status) -> type[RobotError]:
    """What a survey is told as that did not get as far as the customer."""
    return {Status.FAILED: ApplicationError, Status.CANCELLED: CancelledError}.get(status, BlockedError)


def _tasks(library: FlowLibrary) -> Iterator[Flow]:
    """The tasks in the order of the procedure, which `flows/offboard.yaml` owns."""
    composed = library.find(OFFBOARD)
    if not isinstance(composed, ComposedFlow):
        raise AssertionError(f"'{OFFBOARD}' is made of tasks")
    for task in composed.tasks:
        flow = library.find(task.run)
        if isinstance(flow, Flow):
            yield flow


def _plan_task(task: Flow, reader: Flow, result: TaskResult | None, given: Mapping[str, Any]) -> PlannedTask:
    unread, next_step = "", ""
    objects: tuple[PlannedObject, ...] = ()
    if result is None or result.status is not Status.NOOP:
        unread = result.reason if result else "it was not looked at"
        next_step = next((one.next for one in result.problems if one.next), "") if result else "survey again"
    else:
        values = {**given, **result.outputs}
        rules = reader.plan.objects if reader.plan else ()
        objects = tuple(item for rule in rules for item in _plan_objects(rule, values))
    return PlannedTask(
        task=task.flow,
        title=task.title,
        procedure=task.procedure,
        objects=objects,
        unread=unread,
        next=next_step,
    )


def _plan_objects(rule: PlanRule, values: Mapping[str, Any]) -> Iterator[PlannedObject]:
    rows = rule.of.fill(values) if rule.of is not None else [None]
    for row in rows:
        if rule.where is not None and not rule.where.decide({**values, "row": row}):
            continue
        inner = {**values, rule.as_: row} if rule.as_ else values
        block = next((one for one in rule.blocked if one.when.decide(inner)), None)
        state = ObjectState.TODO
        if rule.done is not None and rule.done.decide(inner):
            state, block = ObjectState.DONE, None
        elif block is not None:
            state = ObjectState.BLOCKED
        yield PlannedObject(
            object=rule.object.fill_text(inner),
            shown=rule.shown.fill_text(inner),
            says=rule.says.fill_text(inner),
            state=state,
            along=rule.along.fill_text(inner) if rule.along else "",
            reason=block.reason.fill_text(inner) if block else "",
            next=block.next.fill_text(inner) if block else "",
            waits=next((one.says.fill_text(inner) for one in rule.waits if one.when.decide(inner)), ""),
            costs=tuple(one.says.fill_text(inner) for one in rule.costs if _costs(one, state, inner)),
            text=rule.text.fill_text(inner) if rule.text and state is not ObjectState.DONE else "",
            formerly=rule.formerly.fill_text(inner) if rule.formerly else "",
            is_gone_when_absent=rule.absence == "proves",
        )


def _costs(cost: PlanCost, state: ObjectState, values: Mapping[str, Any]) -> bool:
    return cost.when.decide(values) if cost.when is not None else state is not ObjectState.DONE


def _versions(results: Mapping[str, TaskResult]) -> object:
    """The snapshot's version history as the case's first survey saw it."""
    result = results.get("survey-snapshot")
    return result.outputs.get("versions", []) if result else []


def _nobody(run: Run) -> Problem:
    return Problem(
        what=f"the survey could not say who the customer is: {run.reason or run.status}",
        done="nothing was planned",
        next="look at the survey's report, then survey again",
    )


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
