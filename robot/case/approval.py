"""Who lets a plan be carried out: a person, act by act or as a whole, or the profile within its limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta

from robot.case.office import Office
from robot.case.plan import ObjectState, Plan
from robot.errors import BadInputError, BlockedError, Problem, did_you_mean
from robot.flow.acts import kinds_of
from robot.ledger.approvals import ApprovalMode, ApprovalRow, newest_approval, refusal_of
from robot.ledger.cases import CaseRow
from robot.ledger.followups import SettlementRow
from robot.profile import Unattended

#: How long an approval is good unless said otherwise.
GOOD_FOR = timedelta(hours=24)


def approve(
    at: Office, case: CaseRow, shown: Plan, *, mode: ApprovalMode, by: str, length: timedelta = GOOD_FOR
) -> ApprovalRow:
    """Lets the plan of a case be carried out that was `shown`. Bound to its digest, with who, when and until when.

    Raises BlockedError when the case has another plan by now, or it was made by other rules than those of now.
    """
    at = at.of(case)
    made = at.plan_of(case)
    if made.digest != shown.digest:
        raise BlockedError(
            Problem(
                what=f"the case {case.id} was planned anew while you looked at its plan",
                done="nothing was approved",
                next=f"look at the new plan: offboard approve {case.id}",
            )
        )
    assert_current(at, case, made)
    return at.cases.approve(case.id, digest=made.digest, mode=mode, by=by, length=length)


def approve_by_policy(at: Office, case: CaseRow) -> ApprovalRow:
    """Lets the newest plan be carried out with nobody there, as the profile says.

    Raises BlockedError with every reason why it may not, BadInputError for a profile that names what is not there.
    """
    at = at.of(case)
    made = at.plan_of(case)
    assert_current(at, case, made)
    policy = at.profile.unattended
    if policy is None:
        raise BlockedError(
            Problem(
                what=f"profile '{at.profile.name}' lets nothing be carried out that no person has approved",
                done="nothing was approved",
                next=f"look at the plan and approve it: offboard approve {case.id}",
            )
        )
    known = sorted(kinds_of(at.library))
    unknown = sorted(set(policy.at_most).difference(known))
    if unknown:
        raise BadInputError(
            *(
                Problem(
                    what=f"profile '{at.profile.name}': unattended.at_most names '{kind}', which no flow deletes",
                    next=f"{did_you_mean(kind, known)} Kinds: {', '.join(known)}".strip(),
                )
                for kind in unknown
            )
        )
    reasons = list(_too_much(made, policy, at.followups.settlements(case.id)))
    if reasons:
        raise BlockedError(
            *(
                Problem(
                    what=reason,
                    done="nothing was approved",
                    next=f"look at the plan and approve it: offboard approve {case.id}",
                )
                for reason in reasons
            )
        )
    return at.cases.approve(
        case.id,
        digest=made.digest,
        mode=ApprovalMode.POLICY,
        by=f"policy of {at.profile.name}",
        length=timedelta(hours=policy.hours),
    )


def _too_much(made: Plan, policy: Unattended, settled: Mapping[str, SettlementRow]) -> Iterator[str]:
    """Why nobody's absence is good enough for a plan."""
    for task in made.tasks:
        if task.unread:
            yield f"{task.title}: could not be read, so nobody knows what there is: {task.unread}"
    for _, one in made.objects:
        if one.state is ObjectState.BLOCKED:
            yield one.reason if one.shown in one.reason else f"{one.shown}: {one.reason}"
        elif one.object in settled:
            yield f"{one.shown} was closed by {settled[one.object].settled_by} ({settled[one.object].how})"
    counts = Counter(one.kind for _, one in made.objects if one.state is ObjectState.TODO)
    for kind, number in sorted(counts.items()):
        limit = policy.at_most.get(kind)
        if limit is None:
            yield f"the profile sets no limit for '{kind}', and the plan holds {number}"
        elif number > limit:
            yield f"the plan holds {number} of '{kind}', and the profile lets {limit} be done with nobody there"


def assert_current(at: Office, case: CaseRow, made: Plan) -> None:
    """Raises BlockedError when the plan was made by other rules than those that would carry it out."""
    changed = [
        name
        for name, before, now in (
            ("flows or selectors", made.rules_digest, at.rules),
            ("the policies", made.policies, dict(at.profile.policies)),
            ("the profile's words", made.words, dict(at.profile.words)),
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


def is_approved(at: Office, case: CaseRow, made: Plan) -> bool:
    """Whether the plan is approved as of now: act by act, too, where nobody may be there to ask."""
    with at.ledger.begin() as connection:
        return not refusal_of(connection, case.id, made.digest, at.now())


def assert_approved(at: Office, case: CaseRow, made: Plan) -> None:
    """Raises BlockedError when the plan may not be carried out now."""
    refusal = _refusal(at, case, made)
    if refusal:
        raise BlockedError(
            Problem(
                what=f"the case {case.id}: {refusal}",
                done="nothing was started",
                next=f"look at the plan and approve it: offboard approve {case.id}",
            )
        )


def _refusal(at: Office, case: CaseRow, made: Plan) -> str:
    with at.ledger.begin() as connection:
        refusal = refusal_of(connection, case.id, made.digest, at.now())
        given = newest_approval(connection, case.id, made.digest)
    if not refusal and given and given.mode == ApprovalMode.ACT and at.ask is None:
        return "each act is to be approved, and nobody is there to ask"
    return refusal
