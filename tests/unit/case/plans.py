"""Plans made by hand, for tests."""

from __future__ import annotations

from datetime import UTC, datetime

from robot.case.office import Office
from robot.case.plan import ObjectState, Plan, PlannedObject, PlannedTask
from robot.ledger.cases import CaseRow
from robot.run.model import Intent, StepRef

LOCATION = "hK3vQ9mTz7LpX2cRb8Nd"
DASHBOARD = "https://app.example"
AT = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)


def planned(object_key: str, state: ObjectState = ObjectState.TODO) -> PlannedObject:
    is_blocked = state is ObjectState.BLOCKED
    return PlannedObject(
        object=object_key,
        shown=object_key,
        says=f"destroy {object_key}",
        state=state,
        reason="in use" if is_blocked else "",
        next="ask" if is_blocked else "",
    )


def plan_of(*tasks: tuple[str, PlannedObject], rules: str = "rules") -> Plan:
    """One task a pair, with that one object."""
    return Plan(
        dashboard=DASHBOARD,
        profile="practice",
        location_id=LOCATION,
        company="Adrianne's Housekeeping",
        rules_digest=rules,
        policies={"users_shared": "remove"},
        words={"academy_tag": "tag"},
        inputs={"since_survey": True, "known_versions": []},
        known={},
        tasks=tuple(
            PlannedTask(task=task, title=task, procedure=("1",), objects=(one,)) for task, one in tasks
        ),
    )


PLAN = plan_of(
    ("phone-numbers", planned("phone_number:+15550100")),
    ("phone-numbers", planned("phone_number:+15550101")),
    ("users", planned("user:ann@x")),
    ("domain", planned("domain:x.example", ObjectState.DONE)),
)


def store(office: Office, plan: Plan) -> CaseRow:
    """A case with that plan."""
    case = office.cases.open(profile="agency", location_id=LOCATION, company=plan.company, by="me")
    office.cases.save_plan(case.id, digest=plan.digest, survey_run_id="s", content=plan.to_json())
    return case


def intent_of(task: str, object_key: str, *, location_id: str = LOCATION) -> Intent:
    step = StepRef(
        number=1,
        task=task,
        flow=task,
        name="confirm",
        kind="click",
        sentence="x",
        depth=0,
        where="f.yaml:1:1",
    )
    return Intent(
        object=object_key,
        sentence=f"Destroys {object_key}",
        location_id=location_id,
        run_id="run1",
        step=step,
        page_url="/x",
        frame_url="",
        at=AT,
    )
