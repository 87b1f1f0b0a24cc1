"""A bundle arranged the way people read it: tasks, their acts with pictures, looks, and what to do next.

The one arrangement that HTML, terminal and JSON share. Must not know how any of them looks.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from robot.errors import Problem
from robot.report.bundle import Bundle
from robot.run.events import Acted, Armed, Captured, Drifted, Looked, Noted, Pictured, Said, StepFinished
from robot.run.model import Intent, Run, Status, StepRef, TaskResult

#: Inputs that may hold the customer's name, the best first.
_CUSTOMER_INPUTS = ("company", "customer", "company_name", "account", "name")

#: What an operator does about a task that did not reach its goal, where the problem itself does not say.
_ADVICE = {
    Status.FAILED: "Run it again once the cause is gone: what is done already is seen and not repeated.",
    Status.UNKNOWN: "Look at it in the dashboard. Running it again looks first and never presses twice.",
    Status.BLOCKED: "A person must decide; run it again afterwards.",
    Status.CANCELLED: "Run it again: it goes on where it was stopped, looking before it presses.",
    Status.SKIPPED: "Run it again once what it needs has passed.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture, or why there is none."""

    moment: str
    #: Name in the bundle; empty when missing.
    file: str
    missing: str
    page_url: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActView:
    """One irreversible act."""

    kind: str
    identity: str
    sentence: str
    status: Status
    #: False when the gate took the intent and the press is known not to have been made.
    was_pressed: bool
    intent: Intent
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskView:
    """One task of the procedure with everything recorded about it."""

    result: TaskResult
    acts: tuple[ActView, ...]
    looks: tuple[Looked, ...]
    captures: tuple[tuple[str, object], ...]
    said: tuple[Said, ...]
    drifts: tuple[Drifted, ...]
    #: Where it stopped.
    stops: tuple[tuple[StepRef, Picture], ...]
    #: The steps between the irreversible acts, each as it was just before it was done.
    way: tuple[tuple[StepRef, Picture], ...]

    @property
    def acts_made(self) -> int:
        """How many irreversible acts were pressed."""
        return sum(act.was_pressed for act in self.acts)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """One thing for a person to do."""

    task: str
    title: str
    status: Status
    why: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """The whole report."""

    bundle: Bundle
    run: Run
    customer: str
    headline: str
    tasks: tuple[TaskView, ...]
    next_steps: tuple[NextStep, ...]
    notes: tuple[Noted, ...]

    @property
    def is_reading(self) -> bool:
        """Whether the run was made to change nothing, such as a survey."""
        return bool(self.run.tasks) and all(task.read_only for task in self.run.tasks)

    @property
    def goes_on(self) -> bool:
        """Whether all that is missing has begun, and ends later."""
        missing = [task for task in self.run.tasks if not task.status.is_good]
        return bool(missing) and all(task.goes_on for task in missing)

    @property
    def acts_made(self) -> int:
        """How many irreversible acts were pressed."""
        return sum(task.acts_made for task in self.tasks)


def arrange(bundle: Bundle) -> ReportView:
    """Returns the bundle as a report."""
    run = bundle.run
    tasks = tuple(_arrange_task(bundle, result) for result in run.tasks)
    return ReportView(
        bundle=bundle,
        run=run,
        customer=_customer(bundle),
        headline=_headline(run),
        tasks=tasks,
        next_steps=_next_steps(run),
        notes=tuple(bundle.events(Noted)),
    )


def _arrange_task(bundle: Bundle, result: TaskResult) -> TaskView:
    name = result.task
    pictures: list[tuple[StepRef, Picture]] = []
    for one in bundle.recorded:
        event = one.event
        if isinstance(event, Pictured) and event.step.task == name:
            picture = Picture(
                moment=event.moment,
                file=one.file if (bundle.folder / one.file).is_file() else "",
                missing=event.missing or ("" if one.file else "it was not kept"),
                page_url=event.page_url,
                at=f"{event.at:%H:%M:%S}",
            )
            pictures.append((event.step, picture))
    acts = _arrange_acts(bundle, result, pictures)
    of_acts = {act.intent.step.number for act in acts}
    others = [(step, picture) for step, picture in pictures if step.number not in of_acts]
    return TaskView(
        result=result,
        acts=acts,
        looks=tuple(look for look in bundle.events(Looked) if look.step.task == name),
        captures=tuple((one.name, one.value) for one in bundle.events(Captured) if one.step.task == name),
        said=tuple(one for one in bundle.events(Said) if one.step.task == name),
        drifts=tuple(one for one in bundle.events(Drifted) if one.step.task == name),
        stops=tuple((step, one) for step, one in others if one.moment == "stop"),
        way=tuple((step, one) for step, one in others if one.moment == "before" and one.file),
    )


def _arrange_acts(
    bundle: Bundle, result: TaskResult, pictures: list[tuple[StepRef, Picture]]
) -> tuple[ActView, ...]:
    """The armed intents of a task with how each ended; the events and the task's acts are in the same order."""
    intents = [one.intent for one in bundle.events(Armed) if one.intent.step.task == result.task]
    not_pressed = {
        (one.intent.step.number, one.intent.object) for one in bundle.events(Acted) if not one.pressed
    }
    step_status = {one.result.step.number: one.result.status for one in bundle.events(StepFinished)}
    views = []
    seen: Counter[int] = Counter()
    for index, intent in enumerate(intents):
        number = intent.step.number
        groups = _presses_of([picture for step, picture in pictures if step.number == number])
        own = groups[seen[number]] if seen[number] < len(groups) else ()
        seen[number] += 1
        kind, _, identity = intent.object.partition(":")
        told = result.acts[index] if index < len(result.acts) else None
        if told is not None and told.object == intent.object:
            status = told.status
        else:
            status = step_status.get(intent.step.number, Status.UNKNOWN)
        views.append(
            ActView(
                kind=kind.replace("_", " "),
                identity=identity,
                sentence=intent.sentence,
                status=status,
                was_pressed=(intent.step.number, intent.object) not in not_pressed,
                intent=intent,
                pictures=own,
            )
        )
    return tuple(views)


def _presses_of(pictures: list[Picture]) -> list[tuple[Picture, ...]]:
    """The pictures of one step, in the order they were taken, by press: each press begins with its "before".

    A conversation is one step with a press for every message.
    """
    groups: list[list[Picture]] = []
    for picture in pictures:
        if picture.moment == "before" or not groups:
            groups.append([])
        groups[-1].append(picture)
    return [tuple(group) for group in groups]


def _next_steps(run: Run) -> tuple[NextStep, ...]:
    """What a person should do, about the run itself first and then in the order of the tasks."""
    of_run = [
        NextStep(
            task="",
            title="The run",
            status=run.status,
            why=problem.headline(),
            advice=_sentence(problem.next or _ADVICE.get(run.status, "")),
        )
        for problem in run.problems
    ]
    asking = [
        result
        for result in run.tasks
        if not (result.status.is_good or result.goes_on or (run.is_dry and result.status is Status.SKIPPED))
    ]
    return (*of_run, *(_next_step(result) for result in asking))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _next_step(result: TaskResult) -> NextStep:
    advice = next((problem.next for problem in result.problems if problem.next), _ADVICE[result.status])
    return NextStep(
        task=result.task,
        title=result.title,
        status=result.status,
        why=result.reason or _first_problem(result.problems),
        advice=_sentence(advice),
    )


def _first_problem(problems: tuple[Problem, ...]) -> str:
    return problems[0].headline() if problems else ""


def _customer(bundle: Bundle) -> str:
    """The customer's name: as it was given, else as it was read from the dashboard, else the id."""
    inputs = bundle.run.inputs
    given = next((str(inputs[key]) for key in _CUSTOMER_INPUTS if inputs.get(key)), "")
    read = (
        str(one.value) for one in bundle.events(Captured) if one.name in _CUSTOMER_INPUTS[:3] and one.value
    )
    by_id = f"Sub-account {inputs['location_id']}" if inputs.get("location_id") else bundle.run.title
    return given or next(read, by_id)


def _headline(run: Run) -> str:
    """The whole run in one sentence."""
    good = sum(task.status.is_good for task in run.tasks)
    total = len(run.tasks)
    tasks = f"{total} task{'' if total == 1 else 's'}"
    if total and good == total and all(task.read_only for task in run.tasks):
        return "What there is was read; nothing was changed."
    if total and good == total:
        if all(task.status is Status.NOOP for task in run.tasks):
            return "Nothing was left to do: every goal was already reached, and nothing was touched."
        return (
            f"Everything is done: {'the task has' if total == 1 else f'all {tasks} have'} reached the goal."
        )
    if run.is_dry:
        todo = sum(task.status is Status.SKIPPED for task in run.tasks)
        other = total - good - todo
        more = f", {other} could not be said" if other else ""
        return (
            f"A dry run, nothing was pressed: of {tasks} {good} had reached the goal, {todo} would act{more}."
        )
    if run.status is Status.CANCELLED:
        return f"The run was stopped; {good} of {tasks} had reached the goal by then."
    going_on = sum(task.goes_on for task in run.tasks)
    asking = total - good - going_on
    rest = [f"{going_on} go{'es' if going_on == 1 else ''} on, to be looked at again"] if going_on else []
    rest += [f"{asking} need{'s' if asking == 1 else ''} a person"] if asking else []
    return f"{good} of {tasks} reached the goal; {', '.join(rest)}."
