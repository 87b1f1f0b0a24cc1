"""What everything that works on cases needs: the rules, the profile, the ledger, and somebody who runs flows."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from robot.case.act_by_act import Ask
from robot.case.plan import Plan, digest_of, plan_from_json
from robot.errors import BadInputError, BlockedError, Problem
from robot.flow.loader import FlowLibrary
from robot.ledger.cases import CaseRow, Cases, PlanRow
from robot.ledger.database import Ledger
from robot.ledger.followups import Followups
from robot.ledger.intents import PressRule
from robot.names import is_same_name
from robot.profile import Profile
from robot.run.model import Finished


class RunFlow(Protocol):
    """Runs one flow to its end."""

    def __call__(
        self,
        flow: str,
        inputs: Mapping[str, Any],
        *,
        known: Mapping[str, dict[str, Any]],
        case_id: str | None,
        rule: PressRule | None,
        is_dry: bool,
        profile: Profile,
        without: Mapping[str, str],
        known_since: Mapping[str, str],
    ) -> Finished:
        """known: outputs of tasks that need not be run, by task. without: tasks that are not tried, and why.

        known_since: why a known task need not be run, where that is not the survey.

        Raises HeldError when another run is at it.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Rules, profile and ledger of one dashboard."""

    library: FlowLibrary
    profile: Profile
    #: Digest of flows and selectors as they are now.
    rules: str
    ledger: Ledger
    cases: Cases
    followups: Followups
    run_flow: RunFlow
    #: Shows an act to a person and returns whether they let it be made; None when nobody is there.
    ask: Ask | None
    #: Who works here.
    operator: str
    #: The key that signs what leaves this machine; made on first use.
    key_file: Path
    #: Given a run and the folder that its evidence was written to, returns where it lies on this machine now.
    bring: Callable[[str, Path], Path]
    now: Callable[[], datetime]

    def run(
        self,
        flow: str,
        inputs: Mapping[str, Any],
        *,
        known: Mapping[str, dict[str, Any]] | None = None,
        case_id: str | None = None,
        rule: PressRule | None = None,
        is_dry: bool = False,
        without: Mapping[str, str] | None = None,
        known_since: Mapping[str, str] | None = None,
    ) -> Finished:
        """One run of a flow. Raises HeldError when another run works on the customer or with the login."""
        return self.run_flow(
            flow,
            inputs,
            known=known or {},
            case_id=case_id,
            rule=rule,
            is_dry=is_dry,
            profile=self.profile,
            without=without or {},
            known_since=known_since or {},
        )

    def of(self, case: CaseRow) -> Office:
        """The same with what was decided for this customer otherwise than the profile does."""
        return self.deciding(json.loads(case.policies))

    def deciding(self, policies: Mapping[str, object]) -> Office:
        """policies: those that differ from the profile's."""
        return replace(self, profile=replace(self.profile, policies={**self.profile.policies, **policies}))

    def open_case_of(self, customer: str) -> CaseRow | None:
        """The open case of a customer, by location id, whole name or case; None where there is none, or several."""
        found = [
            one
            for one in self.cases.all()
            if one.closed_at is None
            and (customer in (one.id, one.location_id) or is_same_name(customer, one.company))
        ]
        return found[0] if len(found) == 1 else None

    def plan_of(self, case: CaseRow) -> Plan:
        """The newest plan. Raises BadInputError where there is none, BlockedError for one that was changed."""
        made = _read(self.cases.newest_plan(case.id))
        if made is None:
            raise BadInputError(
                Problem(what=f"the case {case.id} has no plan", next=f"offboard plan {case.location_id}")
            )
        return made

    def first_plan_of(self, case: CaseRow) -> Plan | None:
        """The plan of the survey that was taken when the case was opened. Raises BlockedError for a changed one."""
        return _read(self.cases.first_plan(case.id))


def _read(row: PlanRow | None) -> Plan | None:
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
