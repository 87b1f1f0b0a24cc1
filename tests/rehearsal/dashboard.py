"""The practice dashboard as rehearsals see it: its oracle, and what a flow is called with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import httpx

from robot.executor.timeouts import Timeouts
from robot.run.events import Listener
from robot.run.model import TaskResult

DEMO = "hK3vQ9mTz7LpX2cRb8Nd"


class RunFlow(Protocol):
    """Runs one flow on the practice dashboard and returns its task's result; see the fixture `run_flow`."""

    def __call__(
        self,
        name: str,
        *,
        policies: dict[str, object] | None = None,
        listener: Listener | None = None,
        timeouts: Timeouts | None = None,
        evidence: Path | None = None,
        **inputs: Any,
    ) -> TaskResult: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """What a user did on the dashboard."""

    action: str
    object: str
    location_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """A running practice dashboard, and its oracle."""

    url: str
    oracle: str

    def ask(self, path: str) -> Any:
        """Reads from the oracle."""
        return httpx.get(f"{self.oracle}{path}").raise_for_status().json()

    def tell(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Tells the oracle something."""
        return httpx.post(f"{self.oracle}{path}", json=body or {}).raise_for_status().json()

    def mutations(self) -> list[Mutation]:
        """What was done since the start, oldest first."""
        return [
            Mutation(action=row["action"], object=row["object"], location_id=row["location_id"])
            for row in self.ask("/mutations")
        ]

    def location(self, name: str) -> str:
        """Location id of the one sub-account of this name."""
        [found] = [row["id"] for row in self.entities("sub_account") if row["body"]["name"] == name]
        return str(found)

    def entities(self, kind: str, location_id: str | None = None) -> list[dict[str, Any]]:
        """Entities of a kind, in the dashboard's order."""
        return [
            row
            for row in self.ask("/state")["entity"]
            if row["kind"] == kind and location_id in (None, row["location_id"])
        ]

    def mail_of(self, location_id: str) -> str:
        """Mail address of the one who represents a customer."""
        [profile] = self.entities("business_profile", location_id)
        return str(profile["body"]["representative"]["email"])

    def person_of(self, location_id: str) -> dict[str, Any]:
        """What the academy's contacts of a customer are found by, as the whole offboarding finds it."""
        [profile] = self.entities("business_profile", location_id)
        [account] = [row for row in self.entities("sub_account") if row["id"] == location_id]
        person = profile["body"]["representative"]
        return {
            "emails": [person["email"]],
            "phones": [person["phone"]],
            "names": [f"{person['first']} {person['last']}"],
            "company": account["body"]["name"],
        }

    def put(self, row: dict[str, Any], **body: Any) -> None:
        """Changes an entity behind the dashboard's back."""
        wanted = ("kind", "id", "location_id", "position")
        changed = {name: row[name] for name in wanted} | {"body": row["body"] | body}
        self.tell("/entity", {"action": "put", **changed})
