"""Tells which signs of trouble are none: they are shown on pages of a customer on which nothing is wrong.

The customer is surveyed, which reads and changes nothing. What cannot be read there is told, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from robot.case.survey import survey
from robot.cli.options import outfit_of_here
from robot.errors import Problem
from robot.outfit import Watch, open_office
from robot.run.events import Event, SignsShown
from robot.selector.store import SelectorStore

#: Looks, and returns what is wrong.
LookAtPages = Callable[[], list[Problem]]


@dataclass(slots=True)
class ShownSigns:
    """Hears of signs that were shown on clean pages: target, and what it said where first."""

    found: dict[str, tuple[str, str]] = field(default_factory=dict)

    def notice(self, event: Event) -> None:
        if isinstance(event, SignsShown):
            for target, text in event.signs:
                self.found.setdefault(target, (text, event.page_url))


def look_at_clean_pages(customer: str, words: dict[str, Any]) -> list[Problem]:
    """Surveys a customer, by location id or whole name; words: those of the command.

    Returns what is wrong. Raises RobotError where nothing could be looked at.
    """
    outfit = outfit_of_here(words)
    shown = ShownSigns()

    @contextmanager
    def watch() -> Iterator[Watch]:
        with outfit.watch() as given:
            yield replace(given, listeners=(*given.listeners, shown))

    with open_office(replace(outfit, watch=watch)) as office:
        run = survey(office, customer).run
    problems = [_false_sign(outfit.rules.store, name, *seen) for name, seen in shown.found.items()]
    for task in run.tasks:
        if not task.status.is_good:
            problems += task.problems or [Problem(what=f"{task.title}: {task.reason}")]
    return [*problems, *run.problems]


def _false_sign(store: SelectorStore, name: str, text: str, page_url: str) -> Problem:
    return Problem(
        what=f"'{name}' is shown on a page on which nothing is wrong: it says '{text}'",
        where=store.find(name).span,
        details=(("page", page_url),),
        next="give it candidates that match only when there is trouble, such as with 'has_text'",
    )
