"""Looks targets up by name. Must not know of pages or files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from robot.errors import Problem, SelectorError, did_you_mean
from robot.selector.model import ListBody, SourceMark, Target
from robot.source import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTarget:
    """A target with its full name and what its file says for all."""

    name: str
    target: Target
    frame: str
    source: SourceMark
    date: str
    #: Where its name stands in the file.
    span: Span

    @property
    def list(self) -> ListBody:
        """The list it is. Raises SelectorError when it is an element."""
        if self.target.list is None:
            raise SelectorError(Problem(what=f"'{self.name}' is an element, not a list", where=self.span))
        return self.target.list


class SelectorStore:
    """All targets, by full name."""

    def __init__(self, targets: Mapping[str, StoredTarget]) -> None:
        self._targets = dict(targets)

    def __contains__(self, name: str) -> bool:
        return name in self._targets

    def __iter__(self) -> Iterator[StoredTarget]:
        return iter(self._targets.values())

    def suggest(self, name: str) -> str:
        """A hint for an unknown name."""
        return did_you_mean(name, list(self._targets))

    def find(self, name: str) -> StoredTarget:
        """Returns the target of that name. Raises SelectorError with a hint."""
        try:
            return self._targets[name]
        except KeyError:
            raise SelectorError(
                Problem(what=f"there is no target '{name}'", next=self.suggest(name) or "see selectors/")
            ) from None

    def overlaid(self, targets: Mapping[str, StoredTarget]) -> SelectorStore:
        """Returns a store in which `targets` replace those of the same name."""
        return SelectorStore({**self._targets, **targets})
