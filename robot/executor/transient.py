"""What was shown for a moment only since the last press: a message that came and went between two looks.

The page itself watches for it (`scripts/transient.js`), once in each frame in which something changed. Looks only.
What CSS, a role or a text can say is watched for; anything else is seen by looking again and again, as all else is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Frame

from robot.executor.resolver import Resolver, css_values
from robot.executor.scripts import script
from robot.flow.look import TargetUse
from robot.selector.model import Candidate

#: One way to tell an element, as the script takes it.
Way = dict[str, Any]

#: Elements that have a role without saying so.
_IMPLICIT_ROLES = {
    "alert": "",
    "alertdialog": "",
    "dialog": "dialog",
    "heading": "h1, h2, h3, h4, h5, h6",
    "log": "",
    "region": "",
    "status": "output",
}
_ATTRIBUTES = {"title": "title", "placeholder": "placeholder"}
_HAS_TEXT = re.compile(r"^(?P<css>[^,]*):has-text\((?P<quote>['\"])(?P<text>[^'\"\\]*)(?P=quote)\)$")
#: What only Playwright reads in CSS.
_FOREIGN_CSS = re.compile(
    r":(has-text|text|text-is|text-matches|visible|nth-match|above|below|near|left-of|right-of)\b|>>|^//"
)


class Transient:
    """Messages of one page."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._tokens = count(1)
        self._asked: dict[str, Any] | None = None

    def begin(self, uses: Iterable[TargetUse], values: Mapping[str, Any]) -> None:
        """Watches for these from now on, and for nothing else any more."""
        watched = {use.target: ways for use in uses if (ways := self._ways(use, values))}
        if not watched and self._asked is None:
            return
        asked = {
            "token": next(self._tokens),
            "is_new_document": False,
            "watched": [{"name": name, "ways": ways} for name, ways in watched.items()],
        }
        for frame in self._resolver.documents():
            _ask(frame, asked)
        self._asked = {**asked, "is_new_document": True} if watched else None

    def seen(self, use: TargetUse) -> tuple[str, ...]:
        """What has been shown of a target that is watched for, as its texts; also what has gone again."""
        if self._asked is None or use.target not in [one["name"] for one in self._asked["watched"]]:
            return ()
        texts = [
            text
            for frame in self._resolver.documents()
            for text in _ask(frame, self._asked).get(use.target, ())
        ]
        return tuple(dict.fromkeys(texts))

    def _ways(self, use: TargetUse, values: Mapping[str, Any]) -> list[Way]:
        """How a target is told from others; empty where the page cannot be asked to."""
        target = self._resolver.store.find(use.target).target
        if target.row_of is not None:
            return []
        outer = None
        if target.in_ is not None:
            outer = self._ways(use.model_copy(update={"target": target.in_}), values)
            if not outer:
                return []
        names = self._resolver.names(use, values)
        ways = [_way(candidate, names) for candidate in target.candidates]
        return [{**way, "in": outer} for way in ways if way is not None]


def _ask(frame: Frame, asked: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
    try:
        seen: Mapping[str, Sequence[str]] = frame.evaluate(script("transient"), asked)
    except PlaywrightError:
        # The document is being replaced, or holds nothing that can be asked so.
        return {}
    return seen


def _way(candidate: Candidate, names: Mapping[str, Any]) -> Way | None:
    """A candidate as the page itself can look for it; None where only Playwright can."""
    way: Way = {"css": "", "text": None, "match": candidate.match, "attribute": ""}
    for key in ("has_text", "has_not_text"):
        given = getattr(candidate, key)
        way[key] = given.fill_text(names) if given is not None else None
    if candidate.css is not None:
        css = candidate.css.fill_text(css_values(names))
        inside = _HAS_TEXT.match(css)
        if inside is not None and way["has_text"] is None:
            css, way["has_text"] = inside["css"], inside["text"]
        return None if _FOREIGN_CSS.search(css) else {**way, "css": css}
    if candidate.id is not None:
        return {**way, "css": f'[id="{candidate.id.fill_text(css_values(names))}"]'}
    if candidate.test_id is not None:
        return {**way, "css": f'[data-testid="{candidate.test_id.fill_text(css_values(names))}"]'}
    if candidate.role is not None:
        if candidate.role not in _IMPLICIT_ROLES:
            return None
        implicit = _IMPLICIT_ROLES[candidate.role]
        css = f'[role="{candidate.role}"]' + (f", {implicit}" if implicit else "")
        name = candidate.name.fill_text(names) if candidate.name is not None else None
        return {**way, "css": css, "text": name}
    if candidate.text is not None:
        return {**way, "text": candidate.text.fill_text(names)}
    for strategy, attribute in _ATTRIBUTES.items():
        template = getattr(candidate, strategy)
        if template is not None:
            return {**way, "css": f"[{attribute}]", "attribute": attribute, "text": template.fill_text(names)}
    return None
