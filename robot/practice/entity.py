"""One thing the practice dashboard knows about: a number, a contact, a sub-account.

Knows nothing of the database or of the web.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A thing of some kind. `body` is a JSON object; its shape belongs to the kind."""

    #: What it is, in the singular: `phone_number`, `contact`, `location`.
    kind: str
    #: Unique within its kind.
    id: str
    #: The sub-account it belongs to; None for what belongs to the agency.
    location_id: str | None = None
    #: Place in lists of its kind, ascending; ties are broken by id.
    position: int = 0
    body: dict[str, Any]

    def evolve(self, **fields: Any) -> Entity:
        """Return a copy whose body has `fields` set."""
        return replace(self, body={**self.body, **fields})
