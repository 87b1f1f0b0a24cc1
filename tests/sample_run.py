"""A made-up run, as the events that the executor would have sent: what evidence and reports are tried on."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from PIL import Image, ImageDraw

from robot.errors import Problem
from robot.run.events import (
    Acted,
    Armed,
    Box,
    Captured,
    Drifted,
    Event,
    Looked,
    Noted,
    Pictured,
    PopupClosed,
    RunFinished,
    RunStarted,
    Said,
    SignsShown,
    StepFinished,
    StepStarted,
    TargetsFound,
    TaskFinished,
    TaskStarted,
    VideoFrame,
)
from robot.run.model import Act, Intent, Run, Status, StepRef, StepResult, TaskResult, worst

START = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
LOCATION = "hK3vQ9mTz7LpX2cRb8Nd"
DASHBOARD = "http://app.localhost:8700"
PAGE = f"{DASHBOARD}/v2/location/{LOCATION}/settings/phone_number"
#: The button in `screen` that a step acts on.
BUTTON = Box(x=1060, y=184, width=150, height=36)


def screen(title: str = "Phone Numbers", rows: int = 3, *, colour: str = "#155EEF") -> bytes:
    """A picture that looks a little like the dashboard, 1280 by 720, as JPEG."""
    picture = Image.new("RGB", (1280, 720), "#F9FAFB")
    drawing = ImageDraw.Draw(picture)
    drawing.rectangle((0, 0, 224, 720), fill="#101828")
    for number in range(9):
        drawing.rounded_rectangle((24, 90 + number * 44, 190, 104 + number * 44), 5, fill="#344054")
    drawing.text((260, 96), title, fill="#101828", font_size=28)
    drawing.rounded_rectangle((1060, 184, 1210, 220), 6, fill=colour)
    drawing.text((1090, 192), "Delete", fill="#FFFFFF", font_size=16)
    for number in range(rows):
        top = 250 + number * 64
        drawing.rounded_rectangle((260, top, 1210, top + 54), 6, fill="#FFFFFF", outline="#EAECF0")
        drawing.text((284, top + 16), f"+1 555 010 0{number}", fill="#344054", font_size=18)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


@dataclass
class Story:
    """Counts steps and seconds while events are made up."""

    run_id: str = "20261122-093000-offboard"
    number: int = 0
    seconds: float = 0.0
    tasks: list[TaskResult] = field(default_factory=list)
    steps: list[StepResult] = field(default_factory=list)

    def now(self, after: float = 0.4) -> datetime:
        self.seconds += after
        return START + timedelta(seconds=self.seconds)

    def ref(self, task: str, name: str, kind: str, sentence: str) -> StepRef:
        self.number += 1
        return StepRef(
            number=self.number,
            task=task,
            flow=task,
            name=name,
            kind=kind,
            sentence=sentence,
            depth=0,
            where=f"flows/{task}.yaml:{10 + self.number}:3",
        )

    def intent(self, step: StepRef, thing: str, sentence: str) -> Intent:
        return Intent(
            object=thing,
            sentence=sentence,
            location_id=LOCATION,
            run_id=self.run_id,
            step=step,
            page_url=PAGE,
            frame_url=PAGE,
            at=self.now(),
        )

    def end_step(
        self, step: StepRef, status: Status, reason: str = "", problem: Problem | None = None
    ) -> StepFinished:
        result = StepResult(
            step=step,
            status=status,
            started_at=self.now(0),
            ended_at=self.now(),
            reason=reason,
            problem=problem,
        )
        self.steps.append(result)
        return StepFinished(result=result)


@dataclass(frozen=True)
class Task:
    """One task of the story."""

    name: str
    title: str
    procedure: tuple[str, ...]
    status: Status
    objects: tuple[str, ...] = ()
    reason: str = ""


TASKS = (
    Task("snapshot", "Create or update the snapshot", ("1",), Status.PASSED, ("snapshot:sn81hq20",)),
    Task(
        "email-domain",
        "Delete the email domains",
        ("2.1",),
        Status.PASSED,
        (
            "email_domain:mail.adriannes-housekeeping.example",
            "email_domain:news.adriannes-housekeeping.example",
        ),
    ),
    Task(
        "domain",
        "Delete the domains",
        ("2.2",),
        Status.PASSED,
        ("domain:www.adriannes-housekeeping.example",),
    ),
    Task("calendars", "Deactivate the calendars", ("2.3",), Status.NOOP, (), "all 5 calendars are inactive"),
    Task("saas-mode", "Disable SaaS mode", ("2.4",), Status.PASSED, (f"saas:{LOCATION}",)),
    Task(
        "phone-numbers",
        "Delete the phone numbers",
        ("2.5", "3"),
        Status.UNKNOWN,
        ("phone_number:+15550100", "phone_number:+15550101"),
        "+15550101 was deleted, and the list still shows it after 30 s",
    ),
    Task(
        "brand-campaign",
        "Ask support to remove brand and campaign",
        ("2.6", "3"),
        Status.PASSED,
        (f"support_request:{LOCATION}",),
    ),
    Task(
        "users",
        "Delete the users",
        ("2.7",),
        Status.BLOCKED,
        (),
        "two users are called Adrianne White; a person must say which",
    ),
    Task(
        "academy",
        "Remove the user from WR Academy",
        ("2.8", "4"),
        Status.SKIPPED,
        (),
        "it needs the users task",
    ),
)

MESSAGE = (
    "The following customer has cancelled with us. please ensure the brand and campaign are deleted on your "
    "back end so they don’t continue to get charged.\n\n"
    f"Location ID to delete brand and campaign registration: {LOCATION}"
)


def events(*, secret: str = "", tasks: tuple[Task, ...] = TASKS, video: bool = True) -> Iterator[Event]:
    """A whole run, in order. `secret` is planted wherever free text goes."""
    story = Story()
    yield RunStarted(
        run_id=story.run_id,
        flow="offboard",
        title="Offboard a cancelled customer",
        inputs={
            "company": "Adrianne's Housekeeping",
            "location_id": LOCATION,
            "contact_email": "adrianne@adriannes-housekeeping.example",
        },
        dashboard=DASHBOARD,
        browser="Chromium 156.0.8078.79",
        at=story.now(0),
        operator="operator@woot.example",
    )
    yield Noted(
        kind="console",
        text=f"Failed to load resource: 404 (/favicon.ico) {secret}".strip(),
        page_url=DASHBOARD,
        at=story.now(0),
    )
    for task in tasks:
        yield from _task(story, task, secret, video)
    yield RunFinished(run=_run(story))


def _run(story: Story) -> Run:
    status = worst([task.status for task in story.tasks])
    waiting = [task.title for task in story.tasks if not task.status.is_good]
    return Run(
        run_id=story.run_id,
        flow="offboard",
        title="Offboard a cancelled customer",
        inputs={"company": "Adrianne's Housekeeping", "location_id": LOCATION},
        dashboard=DASHBOARD,
        browser="Chromium 156.0.8078.79",
        status=status,
        reason=f"{len(waiting)} of {len(story.tasks)} tasks need a person" if waiting else "",
        started_at=START,
        ended_at=story.now(),
        tasks=tuple(story.tasks),
        operator="operator@woot.example",
    )


def _task(story: Story, task: Task, secret: str, video: bool) -> Iterator[Event]:
    story.steps = []
    started_at = story.now()
    acts: list[Act] = []
    yield TaskStarted(task=task.name, title=task.title, procedure=task.procedure, at=started_at)
    if task.status is not Status.SKIPPED:
        yield from _look(story, task, secret)
        for number, thing in enumerate(task.objects):
            last_unknown = task.status is Status.UNKNOWN and number == len(task.objects) - 1
            status = Status.UNKNOWN if last_unknown else Status.PASSED
            acts.append(
                Act(object=thing, sentence=f"Delete {thing.partition(':')[2]} for good", status=status)
            )
            yield from _act(story, task, thing, status, video)
    if task.name == "brand-campaign":
        yield from _chat(story, task, secret)
    if task.name == "users":
        yield from _stop(story, task)
    problems = tuple(result.problem for result in story.steps if result.problem)
    yield TaskFinished(
        result=TaskResult(
            task=task.name,
            title=task.title,
            procedure=task.procedure,
            status=task.status,
            reason=task.reason,
            problems=problems,
            started_at=started_at,
            ended_at=story.now(),
            steps=tuple(story.steps),
            acts=tuple(acts),
            outputs={"removed": [act.object for act in acts]} if acts else {},
        )
    )
    story.tasks.append(_last_result(story, task, started_at, problems, acts))


def _last_result(
    story: Story, task: Task, started_at: datetime, problems: tuple[Problem, ...], acts: list[Act]
) -> TaskResult:
    return TaskResult(
        task=task.name,
        title=task.title,
        procedure=task.procedure,
        status=task.status,
        reason=task.reason,
        problems=problems,
        started_at=started_at,
        ended_at=story.now(0),
        steps=tuple(story.steps),
        acts=tuple(acts),
        outputs={"removed": [act.object for act in acts]} if acts else {},
    )


def _look(story: Story, task: Task, secret: str) -> Iterator[Event]:
    step = story.ref(task.name, "open-page", "click", f"Open the page of “{task.title}” in the sidebar")
    yield StepStarted(step=step, at=story.now())
    yield Looked(
        step=step,
        purpose="goal",
        sought="nothing of the customer's is left in the list",
        found=f"{len(task.objects)} rows, all pages read {secret}".strip(),
        holds=not task.objects,
        page_url=PAGE,
        at=story.now(),
    )
    if task.name == "domain":
        yield Drifted(
            step=step,
            target="settings.domains.row_menu",
            expected='role=button "More actions"',
            matched="css .hr-dropdown__trigger-wrapper",
            where="selectors/domains.yaml:31:7",
            at=story.now(),
        )
        yield PopupClosed(target="shell.refresh_popup", at=story.now())
        yield SignsShown(
            signs=(("settings.domains.error", "an alert that is always there"),),
            page_url=PAGE,
            at=story.now(),
        )
        yield TargetsFound(
            task=task.name,
            first=("settings.domains.domains",),
            later=("settings.domains.row_menu",),
            at=story.now(),
        )
    if task.name == "brand-campaign":
        yield Captured(step=step, name="campaign_id", value="CM8d1f0c7e22", at=story.now())
        yield Captured(step=step, name="brand", value="Adrianne's Housekeeping LLC", at=story.now())
    yield story.end_step(step, Status.PASSED if task.objects else Status.NOOP)


def _act(story: Story, task: Task, thing: str, status: Status, video: bool) -> Iterator[Event]:
    identity = thing.partition(":")[2]
    step = story.ref(task.name, f"delete-{identity}", "click", f"Press Delete in the dialog for {identity}")
    yield StepStarted(step=step, at=story.now())
    yield _picture(story, step, "before", mark=BUTTON, rows=len(task.objects))
    intent = story.intent(step, thing, f"Deletes {identity} from the sub-account for good")
    yield Armed(intent=intent)
    yield Acted(intent=intent, pressed=True, at=story.now(0.05))
    for number in range(4 if video else 0):
        yield VideoFrame(image=screen(task.title, number), at=story.now(0.25))
    yield Looked(
        step=step,
        purpose="expect",
        sought=f"{identity} is no longer in the list",
        found="not in the list, two looks agree"
        if status is Status.PASSED
        else "still in the list after 30 s",
        holds=status is Status.PASSED,
        page_url=PAGE,
        at=story.now(),
    )
    yield _picture(story, step, "after", rows=len(task.objects) - 1)
    yield story.end_step(step, status, "" if status is Status.PASSED else task.reason)


def _picture(
    story: Story,
    step: StepRef,
    moment: Literal["before", "after", "stop"],
    *,
    mark: Box | None = None,
    rows: int = 3,
) -> Pictured:
    return Pictured(
        step=step,
        moment=moment,
        image=screen(step.task.replace("-", " ").title(), rows),
        mark=mark,
        missing="",
        page_url=PAGE,
        at=story.now(0.1),
    )


def _chat(story: Story, task: Task, secret: str) -> Iterator[Event]:
    step = story.ref(
        task.name, "conversation", "converse", "Answer the support bot until it gives a ticket number"
    )
    lines: tuple[tuple[Literal["robot", "support"], str], ...] = (
        ("support", "Hi! What can we help you with today?"),
        ("robot", "Phone"),
        ("robot", MESSAGE),
        ("support", "Please add a Loom recording of the issue."),
        ("robot", "None"),
        ("support", f"Thank you. Your ticket is #4811920. {secret}".strip()),
    )
    yield StepStarted(step=step, at=story.now())
    for by, text in lines:
        yield Said(step=step, by=by, text=text, at=story.now(0.3))
    yield Captured(step=step, name="ticket", value="4811920", at=story.now())
    yield story.end_step(step, Status.PASSED)


def _stop(story: Story, task: Task) -> Iterator[Event]:
    step = story.ref(task.name, "pick-user", "click", "Open the menu of Adrianne White")
    problem = Problem(
        what="step 'pick-user': target 'staff.row' matched 2 elements, needed 1",
        details=(
            ("tried", 'role=row "Adrianne White" -> 2 visible    (selectors/staff.yaml:22:5)'),
            ("page", "/settings/staff/team"),
        ),
        done="nothing was pressed",
        next="say which of the two by e-mail: run `offboard run users --input email=...`",
    )
    yield StepStarted(step=step, at=story.now())
    yield _picture(story, step, "stop")
    yield story.end_step(step, Status.BLOCKED, task.reason, problem)
