"""What is answered, as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A status and a body: text as it is, anything else as JSON."""

    status: int
    body: Mapping[str, Any] | str


def refusal(status: int, what: str, next_: str, *, problems: list[dict[str, str]] | None = None) -> Answer:
    """problems: one for each thing that is wrong: `field`, `what`, `next`."""
    error: dict[str, Any] = {"what": what, "next": next_}
    if problems:
        error["problems"] = problems
    return Answer(status=status, body={"error": error})
