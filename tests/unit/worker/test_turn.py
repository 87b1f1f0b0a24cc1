"""What a turn decides before anything is opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from robot.case.approval import approve
from robot.case.office import Office
from robot.jobs.intake import add_one
from robot.ledger.approvals import ApprovalMode
from robot.ledger.cases import Cases
from robot.ledger.database import open_ledger
from robot.ledger.intents import IntentGate
from robot.ledger.jobs import JobRow, Jobs
from robot.ledger.recorder import LedgerRecorder
from robot.ledger.stops import Stops
from robot.ledger.turns import Turns
from robot.run.events import RunFinished, RunStarted, TaskFinished
from robot.run.model import Finished, Run, Status, TaskResult
from robot.run.redact import Redactor
from robot.worker.breakers import Breakers
from robot.worker.durable import DurableEngine
from robot.worker.room import Room
from robot.worker.standing import is_another
from robot.worker.turn import CAME_FURTHER, NO_PLACE, Worker
from tests.unit.case.plans import AT, DASHBOARD, PLAN, intent_of, store
from tests.unit.case.test_plan import survey
from tests.unit.worker.answering import answering

HERE = "https://app.example"
LOCATION = "hK3vQ9mTz7LpX2cRb8Nd"


@pytest.mark.parametrize(
    ("location_id", "company", "is_wrong"),
    [
        (LOCATION, "Fresh Home", False),
        (LOCATION, " Fresh \N{NO-BREAK SPACE}Home ", False),
        (LOCATION, "", False),
        ("", "Fresh Home Services", False),
        (LOCATION, "Fresh Home Services", True),
        (LOCATION, "fresh home", True),
    ],
)
def test_a_name_that_is_not_that_of_the_id_is_noticed(
    tmp_path: Path, location_id: str, company: str, is_wrong: bool
) -> None:
    ledger = open_ledger(tmp_path / "ledger.db")
    case = Cases(ledger, dashboard=HERE).open(
        profile="p", location_id=LOCATION, company="Fresh Home", by="ann"
    )
    given = {"location_id": LOCATION, "company": company}
    job = add_one(Jobs(ledger, dashboard=HERE), given, profile="p", by="ann", source="test").job
    ledger.close()
    assert is_another(replace(job, location_id=location_id), case) is is_wrong
    composed, apart = "Caf\N{LATIN SMALL LETTER E WITH ACUTE}", "Cafe\N{COMBINING ACUTE ACCENT}"
    assert not is_another(replace(job, company=composed), replace(case, company=apart))


@pytest.fixture
def engine(office: Office, tmp_path: Path) -> Iterator[DurableEngine]:
    opened = DurableEngine(f"sqlite:///{tmp_path / 'ledger.db'}", space=DASHBOARD, executor_id="w")
    yield opened
    opened.close(within_s=0)


class Scene:
    """A job of an approved plan, and runs as they are told beforehand, in the place of those in a browser."""

    def __init__(self, office: Office, engine: DurableEngine, port: int) -> None:
        self.at = AT
        office = replace(office, now=lambda: self.at)
        self.office = office
        self.case = store(office, PLAN)
        approve(office, self.case, PLAN, mode=ApprovalMode.PLAN, by="ann")
        self.survey = survey()
        #: How a task of the run that carries the plan out ends; None for one without tasks.
        self.ends: TaskResult | None = None
        #: How another one of that run ends.
        self.beside: TaskResult | None = None
        self.carried_out = 0
        #: What the stages of the turn have given, by name.
        self._kept: dict[str, str] = {}
        #: What each of these runs left out, and why.
        self.without: list[dict[str, str]] = []
        self.port = port
        ledger = office.ledger
        self.jobs = Jobs(ledger, dashboard=DASHBOARD, now=lambda: self.at)
        self.turns = Turns(ledger, dashboard=DASHBOARD, now=lambda: self.at)
        add_one(self.jobs, {"location_id": LOCATION}, profile="p", by="ann", source="test")
        stops = Stops(ledger, dashboard=DASHBOARD, now=lambda: self.at)
        self.worker = Worker(
            id="w",
            turns=self.turns,
            engine=engine,
            breakers=Breakers(stops=stops, dashboard=f"http://127.0.0.1:{port}", now=lambda: self.at),
            lanes=("robot@x",),
            open_office=lambda job: nullcontext(replace(office, run_flow=self._run)),
            is_stopped=lambda: False,
            now=lambda: self.at,
        )

    def _run(self, flow: str, inputs: Any, **more: Any) -> Finished:
        run = self.survey
        if flow != "survey":
            self.carried_out += 1
            self.without.append(dict(more["without"]))
            without = more["without"]
            tasks = tuple(
                replace(one, status=Status.SKIPPED, reason=without[one.task]) if one.task in without else one
                for one in (self.ends, self.beside)
                if one
            )
            end = tasks[0] if tasks else None
            status = end.status if end else Status.PASSED
            reason = f"{end.task}: {end.reason}" if end else ""
            run = replace(
                run,
                started_at=self.at,
                run_id=f"run{self.carried_out}",
                flow=flow,
                status=status,
                reason=reason,
                tasks=tasks,
            )
            self.record(run)
        return Finished(run=run, evidence=Path("x"), report=None)

    def forget(self) -> None:
        """What a ticket's stages have given is gone with the ticket."""
        self._kept.clear()

    def record(self, run: Run, *, case_id: str | None = "") -> None:
        """case_id: that of the scene's case, unless another is given."""
        case_id = self.case.id if case_id == "" else case_id
        recorder = LedgerRecorder(self.office.ledger, Redactor(()), case_id=case_id, evidence="x")
        recorder.notice(
            RunStarted(
                run_id=run.run_id,
                flow=run.flow,
                title="",
                inputs={},
                dashboard=DASHBOARD,
                browser="",
                at=self.at,
            )
        )
        for task in run.tasks:
            recorder.notice(TaskFinished(result=task))
        recorder.notice(RunFinished(run=run))

    def press(self, object_key: str) -> None:
        """As an earlier run of the case has done."""
        gate = IntentGate(self.office.ledger, dashboard=DASHBOARD, case_id=self.case.id, now=lambda: self.at)
        gate.arm(intent_of("phone-numbers", object_key), settle_after_ms=0)
        gate.settle(intent_of("phone-numbers", object_key), Status.UNKNOWN)

    def show(self, *numbers: str) -> None:
        """What the next look finds of telephone numbers."""
        rows = [{"number": number, "whatsapp": "", "pool": ""} for number in numbers]
        self.survey = survey(survey_phone_numbers={"numbers": rows})

    def begin(self) -> None:
        """Gives the job its turn."""
        self.turns.wake()
        with answering(self.port, 200):
            assert self.worker.feed() == 1

    def go_on(self, *, killed_in: str = "", has_ended: bool = False) -> JobRow:
        """Works the turn that was begun. As the engine does it, what has ended before is not done again.

        killed_in: the stage in which the worker is killed, at its beginning or, with `has_ended`, at its end.
        """

        def stage(name: str, do: Callable[[], str]) -> str:
            if name in self._kept:
                return self._kept[name]
            if name == killed_in and not has_ended:
                raise KeyboardInterrupt
            said = do()
            if name == killed_in:
                raise KeyboardInterrupt
            self._kept[name] = said
            return said

        [job] = self.jobs.all()
        with pytest.raises(KeyboardInterrupt) if killed_in else nullcontext():
            self.worker.work(f"{job.id}/{job.turn}", stage)
        [job] = self.jobs.all()
        return job

    def work(self) -> JobRow:
        """One turn. Returns the job as it is then."""
        self.turns.wake()
        with answering(self.port, 200):
            assert self.worker.feed() == 1
            [job] = self.jobs.all()
            self.worker.work(f"{job.id}/{job.turn}", lambda name, do: do())
        [job] = self.jobs.all()
        return job


@pytest.fixture
def scene(office: Office, engine: DurableEngine, port: int) -> Scene:
    return Scene(office, engine, port)


def ended(status: Status, *, goes_on: bool = False) -> TaskResult:
    return TaskResult(
        task="phone-numbers",
        title="Delete the phone numbers",
        procedure=(),
        status=status,
        reason="so it ended",
        problems=(),
        started_at=AT,
        ended_at=AT,
        goes_on=goes_on,
    )


@pytest.mark.parametrize(
    ("status", "state", "tries"),
    [(Status.FAILED, "queued", 1), (Status.BLOCKED, "needs a person", 0)],
)
def test_a_look_at_the_end_that_failed_is_tried_again_and_one_that_asks_a_person_is_not(
    scene: Scene, status: Status, state: str, tries: int
) -> None:
    """Nothing was pressed in its run, since somebody else was quicker."""
    scene.survey = survey(statuses={"survey-academy": status})
    job = scene.work()
    assert (job.state, job.tries) == (state, tries), job.reason
    assert "survey-academy could not be read" in job.reason


def test_what_goes_on_is_waited_for_without_a_turn(scene: Scene) -> None:
    scene.ends = ended(Status.UNKNOWN, goes_on=True)
    scene.press("phone_number:+15550100")
    scene.show("+15550100", "+15550101")
    job = scene.work()
    assert (job.state, job.waits_for) == ("waiting", "followup")
    assert job.reason == "Delete the phone numbers: so it ended"
    assert scene.office.cases.find(scene.case.id).state == "waiting"


@pytest.mark.parametrize(
    ("is_there", "was_begun", "again"),
    [
        pytest.param(("+15550101",), True, 1, id="what was pressed for is gone, and something is left"),
        pytest.param(("+15550100", "+15550101"), True, 0, id="what was pressed for is there still"),
        pytest.param((), True, 0, id="nothing is left"),
        pytest.param(("+15550101",), False, 0, id="nothing had gone on"),
    ],
)
def test_a_plan_is_gone_on_with_once_what_went_on_has_ended(
    scene: Scene, is_there: tuple[str, ...], was_begun: bool, again: int
) -> None:
    scene.ends = ended(Status.UNKNOWN, goes_on=True)
    scene.press("phone_number:+15550100")
    assert scene.work().state == "waiting"
    if not was_begun:
        scene.ends = ended(Status.UNKNOWN)
        scene.record(replace(scene.survey, run_id="by-hand", flow="offboard", tasks=(scene.ends,)))
    scene.ends = None
    scene.show(*is_there)
    assert scene.carried_out == 1
    job = scene.work()
    assert scene.carried_out == 1 + again
    assert job.state == "needs a person", job.reason


def test_what_failed_beside_what_goes_on_is_not_tried_before_that_can_have_ended(scene: Scene) -> None:
    scene.ends = ended(Status.UNKNOWN, goes_on=True)
    scene.survey = survey(statuses={"survey-academy": Status.FAILED})
    job = scene.work()
    assert job.state == "queued"
    assert job.wake_at is not None
    assert datetime.fromisoformat(job.wake_at) >= AT + timedelta(minutes=15)


def test_a_task_for_which_another_run_was_not_done_is_tried_later_at_no_cost(scene: Scene) -> None:
    scene.ends = replace(ended(Status.FAILED), is_busy=True)
    scene.show("+15550100")
    job = scene.work()
    assert (job.state, job.tries) == ("queued", 0), job.reason
    assert job.reason == "Delete the phone numbers: so it ended"
    assert job.wake_at is not None
    assert datetime.fromisoformat(job.wake_at) == AT + timedelta(minutes=5)


def in_doubt(until: datetime) -> TaskResult:
    return replace(ended(Status.BLOCKED), in_doubt_until=until)


def test_what_was_cut_off_at_its_press_is_settled_at_no_cost_once_it_can_take_no_effect(scene: Scene) -> None:
    scene.ends = in_doubt(AT + timedelta(seconds=40))
    scene.show("+15550100")
    job = scene.work()
    assert (job.state, job.tries) == ("queued", 0), job.reason
    assert job.reason == "Delete the phone numbers: so it ended"
    assert job.wake_at is not None
    wake_at = datetime.fromisoformat(job.wake_at)
    assert timedelta(seconds=40) < wake_at - AT < timedelta(seconds=50)
    scene.at = wake_at
    scene.ends = ended(Status.PASSED)
    scene.show()
    scene.work()
    # Nobody was asked, so it is tried like anything else.
    assert scene.without == [{}, {}]


@pytest.mark.parametrize("is_all_that_is_left", [False, True])
@pytest.mark.parametrize("became", [None, Status.UNKNOWN], ids=["cut off", "not seen"])
def test_a_long_doubt_is_waited_for_and_then_carried_out(
    scene: Scene, is_all_that_is_left: bool, became: Status | None
) -> None:
    number = intent_of("phone-numbers", "phone_number:+15550100")
    gate = IntentGate(scene.office.ledger, dashboard=DASHBOARD, case_id=scene.case.id, now=lambda: scene.at)
    gate.arm(number, settle_after_ms=900_000)
    if became is not None:
        gate.settle(number, became)
    until = scene.at + timedelta(minutes=15)
    scene.ends = in_doubt(until)
    scene.show("+15550100")
    assert scene.work().state == "queued"
    if is_all_that_is_left:
        scene.office.cases.set_state(scene.case.id, "waiting", "it was pressed and is still there")
    scene.at = until + timedelta(seconds=1)
    scene.ends = ended(Status.PASSED)
    scene.work()
    assert scene.without == [{}, {}]


def test_a_question_beside_a_doubt_is_asked_once_the_doubt_is_over(scene: Scene) -> None:
    scene.ends = in_doubt(AT + timedelta(seconds=40))
    scene.beside = replace(ended(Status.BLOCKED), task="users", reason="who is meant?")
    scene.show("+15550100")
    assert scene.work().state == "queued"
    scene.at += timedelta(minutes=1)
    scene.ends = ended(Status.PASSED)
    job = scene.work()
    # What was in doubt is tried again, and what has asked is not.
    why = "it is for a person since the run before: who is meant?"
    assert scene.without == [{}, {"users": why}]
    assert (job.state, job.reason) == ("needs a person", f"users: {why}")


ASKED = {"phone-numbers": "it is for a person since the run before: so it ended"}


def test_what_asks_a_person_is_not_tried_again_however_often_its_worker_is_killed(scene: Scene) -> None:
    scene.ends = ended(Status.BLOCKED)
    scene.show("+15550100")
    scene.begin()
    scene.go_on(killed_in="apply", has_ended=True)
    scene.go_on(killed_in="apply", has_ended=True)
    job = scene.go_on()
    assert scene.without == [{}, ASKED, ASKED]
    assert (job.state, job.reason) == ("needs a person", f"phone-numbers: {ASKED['phone-numbers']}")


def test_it_is_tried_again_once_a_person_has_put_it_back(scene: Scene) -> None:
    scene.ends = ended(Status.BLOCKED)
    scene.show("+15550100")
    assert scene.work().state == "needs a person"
    scene.at += timedelta(minutes=5)
    scene.jobs.retry(scene.jobs.all()[0])
    scene.work()
    assert scene.without == [{}, {}]


def test_a_plan_that_was_carried_out_is_not_carried_out_again_when_the_look_at_it_was_cut_off(
    scene: Scene,
) -> None:
    scene.ends = ended(Status.BLOCKED)
    scene.begin()
    scene.go_on(killed_in="verify")
    job = scene.go_on()
    assert scene.carried_out == 1
    assert (job.state, job.reason) == ("needs a person", "phone-numbers: so it ended")


@pytest.mark.parametrize(
    ("end", "is_handed_back"),
    [
        pytest.param(ended(Status.PASSED), True, id="a task has ended in this turn"),
        pytest.param(ended(Status.FAILED), False, id="nothing was done"),
        pytest.param(None, False, id="nothing was tried"),
    ],
)
def test_a_job_that_comes_further_is_not_blamed_for_the_end_of_its_workers(
    scene: Scene, end: TaskResult | None, is_handed_back: bool
) -> None:
    scene.ends = end
    scene.begin()
    for _ in range(3):
        scene.go_on(killed_in="apply", has_ended=True)
    job = scene.go_on()
    assert scene.carried_out == (3 if is_handed_back else 4)
    assert ((job.state, job.reason) == ("queued", CAME_FURTHER)) is is_handed_back


def test_one_that_does_the_same_again_and_again_is_not_spared_twice(scene: Scene) -> None:
    scene.ends = ended(Status.PASSED)
    for stage in ("apply", "look"):
        scene.begin()
        for _ in range(3):
            scene.go_on(killed_in=stage, has_ended=True)
        job = scene.go_on()
        assert (job.reason == CAME_FURTHER) is (stage == "apply")
        scene.at += timedelta(minutes=1)
        scene.forget()


def test_a_turn_that_its_worker_has_no_place_for_is_handed_back_at_no_cost(scene: Scene) -> None:
    room = Room(1)
    scene.worker = replace(scene.worker, room=room)
    scene.begin()
    with room.taken() as is_mine:
        assert is_mine
        job = scene.go_on()
    assert scene.carried_out == 0
    assert (job.state, job.tries, job.wake_at, job.reason) == ("queued", 0, None, NO_PLACE)
    # Every place is given back: that of the other turn, and then its own.
    assert scene.work().state == "needs a person"
    scene.at += timedelta(minutes=5)
    scene.jobs.retry(scene.jobs.all()[0])
    scene.work()
    assert scene.carried_out == 2


def test_what_is_done_for_another_customer_is_no_step_further(scene: Scene) -> None:
    scene.begin()
    [job] = scene.jobs.all()
    other = replace(scene.survey, run_id="other", flow="offboard", tasks=(ended(Status.PASSED),))
    for _ in range(3):
        scene.go_on(killed_in="apply", has_ended=True)
    scene.record(replace(other, inputs={"location_id": "another"}), case_id=None)
    assert not scene.turns.has_come_further(job, begun=3)
    scene.record(replace(other, run_id="mine"))
    [job] = scene.jobs.all()
    assert scene.turns.has_come_further(job, begun=3)
