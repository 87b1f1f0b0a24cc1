"""The values that the steps of one flow see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from robot.flow.model import Flow


@dataclass(slots=True, kw_only=True)
class Scope:
    """Values by name, and the flow they belong to. Sub-flows have a scope of their own."""

    flow: Flow
    values: dict[str, Any]
    #: How many steps the next step is nested in.
    depth: int = 0

    @property
    def location_id(self) -> str:
        """The customer's sub-account; empty where the flow has none."""
        return str(self.values.get("location_id") or "")

    def inside(self) -> Scope:
        """One level deeper, with the same values: what is set inside is seen outside."""
        return Scope(flow=self.flow, values=self.values, depth=self.depth + 1)

    def with_item(self, name: str, item: Any) -> Scope:
        """One level deeper, with a loop's item."""
        return Scope(flow=self.flow, values={**self.values, name: item}, depth=self.depth + 1)

    def take_back(self, inner: Scope, name: str) -> None:
        """Takes over what a loop's body set, but not its item."""
        for key, value in inner.values.items():
            if key != name:
                self.values[key] = value


def plain(value: Any) -> Any:
    """A value as plain JSON; secrets print as `(secret)`."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)
