"""`offboard survey|plan|approve|apply|verify` and `offboard case`: one customer's whole offboarding."""

from __future__ import annotations

import getpass
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console

from robot.case.apply import outcome_of
from robot.case.plan import (
    OFFBOARD,
    SURVEY,
    ObjectState,
    Plan,
    digest_of,
    make_plan,
    plan_from_json,
    rules_digest,
)
from robot.case.verify import Verification
from robot.case.verify import verify as verify_plan
from robot.cli.carry_out import (
    Finished,
    Outfit,
    RunOptions,
    fit_out,
    ledger_of,
    new_run_id,
    read_rules,
    run_once,
)
from robot.cli.exit_codes import PERSON, code_of_run
from robot.cli.run import as_json, show
from robot.errors import BadInputError, BlockedError, Problem, RobotError, did_you_mean
from robot.ledger.cases import CaseRow, Cases, PlanRow, valid_approval
from robot.ledger.database import Ledger, moment
from robot.ledger.followups import LONGEST, Followups
from robot.ledger.intents import OPEN
from robot.report.case_terminal import print_case, print_cases, shown_time
from robot.report.plan_terminal import print_plan, summary
from robot.report.survey_terminal import print_survey
from robot.report.verification_terminal import print_verification
from robot.run.model import Status
from robot.runner import RunRequest
from robot.settings import Settings

#: How long an approval is good.
GOOD_FOR = timedelta(hours=24)
#: Exit code by the state of a case.
_CODES = {"needs a person": PERSON}
#: A location id as the dashboard makes them; what else is given is a company's name.
_LOCATION_ID = re.compile(r"(?=.*[0-9]|.+[A-Z].*[a-z]|.*[a-z].*[A-Z])[A-Za-z0-9]{20}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What the commands about cases work with: rules, profile and ledger of one dashboard."""

    outfit: Outfit
    ledger: Ledger
    cases: Cases
    followups: Followups
    #: Digest of flows and selectors as they are now.
    rules: str

    def run(self, flow: str, inputs: dict[str, Any], **more: Any) -> Finished:
        """One run of a flow."""
        known = more.pop("known", {})
        request = RunRequest(
            run_id=new_run_id(flow), flow=self.outfit.library.find(flow), inputs=inputs, known=known
        )
        return run_once(self.outfit, self.ledger, request, **more)


@contextmanager
def office(
    *,
    settings: Settings,
    options: RunOptions,
    environ: Mapping[str, str],
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Iterator[Office]:
    """Raises BadInputError for anything that is wrong with flows, selectors, profile or ledger."""
    library, store = read_rules(settings)
    outfit = fit_out(library, store, settings=settings, options=options, environ=environ, now=now)
    with closing(ledger_of(settings, outfit.profile)) as ledger:
        yield Office(
            outfit=outfit,
            ledger=ledger,
            cases=Cases(ledger, dashboard=outfit.profile.dashboard, now=now),
            followups=Followups(ledger, dashboard=outfit.profile.dashboard, now=now),
            rules=_rules(settings),
        )


def survey(at: Office, customer: str, *, is_json: bool) -> int:
    """Reads what a customer has, and changes nothing. Returns the exit code."""
    finished = at.run(SURVEY, _named(customer))
    if is_json:
        values = {task.task: task.outputs for task in finished.run.tasks}
        _print_json({**as_json(finished), "survey": values})
    else:
        print_survey(finished.run, Console())
        _say(f"\nreport  {finished.report}")
    return code_of_run(finished.run)


def plan(at: Office, customer: str, *, is_json: bool) -> int:
    """Surveys, opens the customer's case where there is none, and stores what will be done."""
    earlier = _case_of(at, customer)
    first = _read_plan(at.cases.first_plan(earlier.id)) if earlier else None
    inputs = {"location_id": earlier.location_id, **first.inputs} if earlier and first else _named(customer)
    finished = at.run(SURVEY, inputs, case_id=earlier.id if earlier else None)
    made = make_plan(finished.run, at.outfit.library, at.outfit.profile, rules=at.rules, first=first)
    case = at.cases.open(
        profile=made.profile, location_id=made.location_id, company=made.company, by=_operator()
    )
    at.cases.adopt_run(case.id, finished.run.run_id)
    at.cases.save_plan(case.id, digest=made.digest, survey_run_id=finished.run.run_id, content=made.to_json())
    if is_json:
        _print_json(
            {"case": case.id, "digest": made.digest, **_shown_plan(made), "report": _text(finished.report)}
        )
    else:
        print_plan(made, Console())
        _say(f"\ncase    {case.id}\nsurvey  {finished.report}")
        if made.count(ObjectState.TODO):
            _say(f"\nTo let it be carried out: offboard approve {case.id}")
    return code_of_run(finished.run)


def approve(at: Office, word: str, *, hours: float, is_sure: bool, ask: Callable[[str], bool]) -> int:
    """Lets the newest plan of a case be carried out. Bound to its digest, with who, when and until when."""
    case = at.cases.find(word)
    made = _plan_of(at, case)
    _assert_current(at, case, made)
    print_plan(made, Console())
    if not is_sure and not ask(f"{summary(made)} Let it be carried out?"):
        raise BlockedError(Problem(what="the plan was not approved", done="nothing was changed"))
    given = at.cases.approve(
        case.id, digest=made.digest, mode="plan", by=_operator(), length=timedelta(hours=hours)
    )
    _say(
        f"\nApproved by {given.given_by} until {shown_time(given.expires_at)} UTC. "
        f"To carry it out: offboard apply {case.id}"
    )
    return 0


def apply(at: Office, word: str, *, is_verified: bool, is_json: bool) -> int:
    """Carries the approved plan of a case out, or goes on with it; then looks what is left, unless told not to."""
    case = at.cases.find(word)
    made = _plan_of(at, case)
    _assert_current(at, case, made)
    with at.ledger.begin() as connection:
        refusal = valid_approval(connection, case.id, made.digest, at.outfit.now())
    if refusal:
        raise BlockedError(
            Problem(
                what=f"the case {case.id}: {refusal}",
                done="nothing was started",
                next=f"look at the plan and approve it: offboard approve {case.id}",
            )
        )
    inputs = {"location_id": made.location_id, "company": made.company, **made.inputs}
    finished = at.run(OFFBOARD, inputs, known=made.known, case_id=case.id, plan=made)
    at.cases.set_state(case.id, *outcome_of(finished.run))
    found = None
    if is_verified and finished.run.status is not Status.CANCELLED:
        try:
            found = _look_again(at, at.cases.find(case.id), made).verification
        except RobotError as error:
            # What was done is told all the same.
            at.cases.set_state(case.id, "needs a person", f"could not be verified: {error.problem.what}")
    case = at.cases.find(case.id)
    if is_json:
        told = {"case": case.id, "state": case.state, "why": case.reason, **as_json(finished)}
        _print_json({**told, "verification": asdict(found) if found else None})
    else:
        show(finished)
        if found:
            print_verification(found, Console())
        _say(_shown_state(case))
    return code_of_run(finished.run)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A survey of a case that was carried out, and what it means."""

    finished: Finished
    verification: Verification


def verify(at: Office, word: str, *, is_json: bool) -> int:
    """Surveys again and says what is left, what is still going on, and what may still cost money."""
    case = at.cases.find(word)
    looked = _look_again(at, case, _plan_of(at, case))
    case = at.cases.find(case.id)
    if is_json:
        told = {"case": case.id, "state": case.state, "why": case.reason}
        _print_json(
            {**told, "verification": asdict(looked.verification), "report": _text(looked.finished.report)}
        )
    else:
        print_verification(looked.verification, Console())
        _say(_shown_state(case))
    return _CODES.get(case.state, 0)


def followup(at: Office, *, is_all: bool, is_json: bool) -> int:
    """Looks again at every case of which something is due."""
    worst, told = 0, []
    for case_id in at.followups.due_cases(is_all=is_all):
        case = at.cases.find(case_id)
        looked = _look_again(at, case, _plan_of(at, case))
        case = at.cases.find(case_id)
        told.append({"case": case.id, "company": case.company, "state": case.state, "why": case.reason})
        worst = max(worst, _CODES.get(case.state, 0))
        if not is_json:
            print_verification(looked.verification, Console())
            _say(_shown_state(case))
    if is_json:
        _print_json({"cases": told})
    elif not told:
        _say("Nothing is due.")
    return worst


def settle(at: Office, word: str, object_key: str, *, how: str, reason: str, ticket: str) -> int:
    """Closes what the robot may not touch: done by hand, or left as it is."""
    case = at.cases.find(word)
    known = [one.object for _, one in _plan_of(at, case).objects]
    if object_key not in known:
        raise BadInputError(
            Problem(
                what=f"the plan of {case.id} has no '{object_key}'",
                next=did_you_mean(object_key, known) or f"'offboard case show {case.id}' names its objects",
            )
        )
    at.followups.settle(case.id, object_key, how=how, reason=reason, ticket=ticket, by=_operator())
    _say(f"{object_key} is settled ({how}). 'offboard verify {case.id}' looks at it again.")
    return 0


def _look_again(at: Office, case: CaseRow, before: Plan) -> Looked:
    """Surveys a case and takes down its new state and what is to be looked at again."""
    first = _read_plan(at.cases.first_plan(case.id)) or before
    inputs = {"location_id": case.location_id, **first.inputs}
    finished = at.run(SURVEY, inputs, case_id=case.id)
    now = make_plan(finished.run, at.outfit.library, at.outfit.profile, rules=at.rules, first=first)
    intents = at.cases.intents(case.id)
    found = verify_plan(
        before,
        now,
        pressed=_in_doubt(intents, moment(at.outfit.now())),
        settlements=at.followups.settlements(case.id),
    )
    if case.closed_at is None:
        at.followups.note(case.id, found.waiting)
    state, reason = found.state
    overdue = [one for one in at.followups.open(case.id) if one.is_overdue(at.outfit.now())]
    if state == "waiting" and overdue:
        state, reason = "needs a person", f"still going on after {LONGEST.days} days: {overdue[0].says}"
    if case.closed_at is None and (intents or state == "done"):
        at.cases.set_state(case.id, state, reason, is_closed=state == "done")
    return Looked(finished=finished, verification=found)


def _in_doubt(intents: Iterable[Mapping[str, Any]], now: str) -> dict[str, str]:
    """Objects that were pressed, and of which "still there" does not mean yet that nothing was done; and when."""
    return {
        one["object"]: shown_time(one["armed_at"])
        for one in intents
        if one["state"] in OPEN and (one["doubtful_until"] is None or one["doubtful_until"] > now)
    }


def _shown_state(case: CaseRow) -> str:
    return f"case  {case.id}: {case.state}" + (f" ({case.reason})" if case.reason else "")


def list_cases(at: Office, *, is_json: bool) -> int:
    found = at.cases.all()
    if is_json:
        _print_json({"cases": [asdict(one) for one in found]})
    else:
        print_cases(found, Console())
    return 0


def show_case(at: Office, word: str, *, is_json: bool) -> int:
    """Plan, approvals, runs and presses of a case."""
    case = at.cases.find(word)
    row = at.cases.newest_plan(case.id)
    approvals, runs, intents = (
        at.cases.approvals(case.id),
        at.cases.runs(case.id),
        at.cases.intents(case.id),
    )
    if is_json:
        _print_json(
            {
                "case": asdict(case),
                "plan": {"digest": row.digest, **json.loads(row.content)} if row else None,
                "approvals": [asdict(one) for one in approvals],
                "runs": runs,
                "intents": intents,
            }
        )
        return 0
    console = Console()
    print_case(case, approvals, runs, intents, console)
    if row:
        print_plan(plan_from_json(row.content), console)
    return 0


def cancel_case(at: Office, word: str, *, reason: str) -> int:
    """Ends a case as it is; what was approved is withdrawn."""
    case = at.cases.find(word)
    at.cases.withdraw(case.id)
    at.cases.set_state(case.id, "cancelled", reason, is_closed=True)
    _say(f"The case {case.id} of {case.company} is cancelled. What was done stays done.")
    return 0


def _assert_current(at: Office, case: CaseRow, made: Plan) -> None:
    """Raises BlockedError when the plan was made by other rules than those that would carry it out."""
    profile = at.outfit.profile
    changed = [
        name
        for name, before, now in (
            ("flows or selectors", made.rules_digest, at.rules),
            ("the policies", made.policies, dict(profile.policies)),
            ("the profile's words", made.words, dict(profile.words)),
        )
        if before != now
    ]
    if case.closed_at is not None:
        raise BlockedError(
            Problem(
                what=f"the case {case.id} is {case.state}",
                done="nothing was started",
                next="'offboard plan' opens a new one",
            )
        )
    if changed:
        raise BlockedError(
            Problem(
                what=f"{' and '.join(changed)} have changed since the plan was made",
                done="nothing was started",
                next=f"plan anew: offboard plan {case.location_id}",
            )
        )


def _plan_of(at: Office, case: CaseRow) -> Plan:
    made = _read_plan(at.cases.newest_plan(case.id))
    if made is None:
        raise BadInputError(
            Problem(what=f"the case {case.id} has no plan", next=f"offboard plan {case.location_id}")
        )
    return made


def _read_plan(row: PlanRow | None) -> Plan | None:
    """Raises BlockedError for a plan that does not have the digest it was stored with."""
    if row is None:
        return None
    if digest_of(row.content) != row.digest:
        raise BlockedError(
            Problem(
                what=f"the stored plan {row.number} of the case {row.case_id} was changed: its digest differs",
                done="nothing was started",
                next="see who has changed the database; then plan anew",
            )
        )
    return plan_from_json(row.content)


def _case_of(at: Office, customer: str) -> CaseRow | None:
    """The open case of a customer, by location id, whole name or case; None where there is none."""
    found = [
        one
        for one in at.cases.all()
        if one.closed_at is None and customer in (one.id, one.location_id, one.company)
    ]
    return found[0] if len(found) == 1 else None


def _named(customer: str) -> dict[str, Any]:
    if not customer.strip():
        raise BadInputError(
            Problem(what="no customer was named", next="give a location id or a company's name")
        )
    return {"location_id" if _LOCATION_ID.fullmatch(customer) else "company": customer.strip()}


def _rules(settings: Settings) -> str:
    files = [*settings.flows.rglob("*.yaml"), *settings.selectors.glob("*.yaml")]
    return rules_digest(
        (file.relative_to(settings.flows.parent).as_posix(), file.read_text(encoding="utf-8"))
        for file in files
    )


def _shown_plan(made: Plan) -> dict[str, Any]:
    return {"plan": json.loads(made.to_json())}


def _operator() -> str:
    return getpass.getuser()


def _text(path: Path | None) -> str | None:
    return str(path) if path else None


def _print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
