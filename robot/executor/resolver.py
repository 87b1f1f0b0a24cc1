"""A target to exactly one element on the page, or a refusal that says what each candidate found.

Looks only. Elements that are not visible do not count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from typing import Any

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Frame, Locator, Page

from robot.errors import AmbiguousTargetError, Problem, TargetMissingError
from robot.executor.gone import is_gone
from robot.flow.look import TargetUse
from robot.profile import Profile
from robot.selector.decide import Count, Decision, decide
from robot.selector.model import Candidate, ListBody, RowField
from robot.selector.store import SelectorStore, StoredTarget

Scope = Frame | Locator

#: Of more candidates than this, those after the first are asked for in one question: most often none is there.
_WORTH_ASKING_AT_ONCE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One element, found."""

    name: str
    locator: Locator
    frame: Frame
    #: The candidate that matched, and the first one when that is another (drift).
    matched: Candidate
    drifted_from: Candidate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What one search for a target saw."""

    name: str
    decision: Decision
    found: Found | None
    #: One line per candidate: what it is and what it matched.
    tried: tuple[str, ...]
    #: Why it could not be searched for at all: its parent or row is not there, or is there more than once.
    missing_parent: str = ""
    #: Something matched more than once: it, or what it stands in.
    is_ambiguous: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """Where a target is looked for."""

    scopes: list[tuple[Scope, Frame]]
    #: Why there is no such place, in words; else empty.
    missing: str = ""
    #: There is none because two match.
    is_ambiguous: bool = False


class Resolver:
    """Finds targets of one page with one store."""

    def __init__(self, page: Page, store: SelectorStore, profile: Profile) -> None:
        self.page = page
        self.store = store
        self._profile = profile
        #: The profile's own words, for candidates.
        self.words = profile.words
        #: Called when a row is not among those rendered: scrolls a list until it is. Set by the list reader.
        self.reveal_row: Callable[[StoredTarget, str, Mapping[str, Any]], bool] | None = None
        #: What was found since it was taken last, by name, and whether by the first candidate.
        self._seen: dict[str, bool] = {}
        #: Parents sought in the glance that goes on, by name; None when none does.
        self._glanced: dict[str, Search] | None = None

    def take_seen(self) -> dict[str, bool]:
        """What was found since this was asked last, by name, and whether by the first candidate at least once."""
        seen, self._seen = self._seen, {}
        return seen

    @contextmanager
    def glance(self) -> Iterator[None]:
        """While entered, a parent is sought once, found or not. For looks that take milliseconds only."""
        outer, self._glanced = self._glanced, {}
        try:
            yield
        finally:
            # What an outer one knew is older than a glance by now.
            self._glanced = None if outer is None else {}

    def is_any_shown(self, targets: Sequence[str], values: Mapping[str, Any]) -> bool:
        """Whether any candidate of any of them matches something visible: one question per document."""
        wanted: dict[Frame, list[Locator]] = {}
        for name in targets:
            stored, use = self.store.find(name), TargetUse(target=name)
            names = self.names(use, values)
            for scope, frame in self._scopes_of(stored, use, values).scopes:
                wanted.setdefault(frame, []).extend(
                    build_locator(scope, candidate, names) for candidate in stored.target.candidates
                )
        return any(_is_any_visible(locators) for locators in wanted.values())

    def scopes(self, stored: StoredTarget) -> list[Frame]:
        """The documents a target may live in: the main one first, then the dashboard's frames."""
        return self.documents() if stored.frame == "either" else [self.page.main_frame]

    def documents(self) -> list[Frame]:
        """The documents of the dashboard on the page: the main one first, then those of its frames."""
        frames = [
            frame
            for frame in self.page.frames
            if frame != self.page.main_frame
            and not frame.is_detached()
            and self._profile.is_frame_host(frame.url)
        ]
        return [self.page.main_frame, *frames]

    def search(self, use: TargetUse, values: Mapping[str, Any]) -> Search:
        """Looks once. Never raises for what the page shows; documents that vanish meanwhile hold nothing."""
        stored = self.store.find(use.target)
        names = self.names(use, values)
        within = self._scopes_of(stored, use, values)
        if within.missing:
            return _not_sought(stored, within)
        return self.search_candidates(stored, stored.target.candidates, within.scopes, names)

    def search_candidates(
        self,
        stored: StoredTarget,
        candidates: Sequence[Candidate],
        scopes: Sequence[tuple[Scope, Frame]],
        names: Mapping[str, Any],
    ) -> Search:
        """Looks once for the first candidate that matches anything within `scopes`."""
        counts, tried = [], []
        found: Found | None = None
        is_absent = False
        for index, candidate in enumerate(candidates):
            visible, single = 0, None
            if index == 1 and len(candidates) > _WORTH_ASKING_AT_ONCE:
                is_absent = not _is_any_there(candidates[1:], scopes, names)
            for scope, frame in () if is_absent else scopes:
                locator = build_locator(scope, candidate, names).filter(visible=True)
                number = _count(locator)
                visible += number
                if number == 1:
                    single = (locator, frame)
            counts.append(Count(candidate=index, visible=visible))
            tried.append(f"{candidate.describe()} -> {visible} visible ({candidate.span})")
            if visible == 1 and single is not None:
                found = Found(
                    name=stored.name,
                    locator=single[0],
                    frame=single[1],
                    matched=candidate,
                    drifted_from=candidates[0] if index else None,
                )
            if visible:
                break
        decision = decide(counts)
        if found is not None:
            self.see(found.name, is_first=found.drifted_from is None)
        return Search(
            name=stored.name,
            decision=decision,
            found=found if decision.kind in ("matched", "drifted") else None,
            tried=tuple(tried),
            is_ambiguous=decision.kind == "ambiguous",
        )

    def see(self, name: str, *, is_first: bool) -> None:
        """Takes down that a target or a list was found."""
        self._seen[name] = self._seen.get(name, False) or is_first

    def visible_locators(self, use: TargetUse, values: Mapping[str, Any]) -> list[tuple[Frame, Locator]]:
        """Locators for whatever is visible and any candidate matches, however many; none without its parent."""
        stored = self.store.find(use.target)
        names = self.names(use, values)
        return [
            (frame, build_locator(scope, candidate, names).filter(visible=True))
            for scope, frame in self._scopes_of(stored, use, values).scopes
            for candidate in stored.target.candidates
        ]

    def every_locator(self, stored: StoredTarget) -> list[Locator]:
        """Locators for whatever any candidate matches, however many: for painting over, never for acting."""
        names = {"words": self.words}
        return [
            build_locator(frame, candidate, names)
            for frame in self.scopes(stored)
            for candidate in stored.target.candidates
        ]

    def _scopes_of(self, stored: StoredTarget, use: TargetUse, values: Mapping[str, Any]) -> Within:
        """The scopes to look in: a row, a parent, or whole documents."""
        if stored.target.row_of is not None:
            key = self._row_key(stored, use, values)
            row = self.search_row(self.store.find(stored.target.row_of), key, values)
            return _within(row, f"its row '{key}'")
        if stored.target.in_ is not None:
            parent = self._search_parent(stored.target.in_, use, values)
            return _within(parent, f"'{stored.target.in_}', which it stands in")
        return Within(scopes=[(frame, frame) for frame in self.scopes(stored)])

    def _search_parent(self, name: str, use: TargetUse, values: Mapping[str, Any]) -> Search:
        is_plain = use.row is None and not use.with_
        if self._glanced is None or not is_plain:
            return self.search(_same_use(name, use), values)
        if name not in self._glanced:
            self._glanced[name] = self.search(_same_use(name, use), values)
        return self._glanced[name]

    def _row_key(self, stored: StoredTarget, use: TargetUse, values: Mapping[str, Any]) -> str:
        if use.row is None:
            raise TargetMissingError(
                Problem(what=f"'{stored.name}' stands in a row, and no row was named", where=use.span)
            )
        return use.row.fill_text(values)

    def names(self, use: TargetUse, values: Mapping[str, Any]) -> dict[str, Any]:
        """What the candidates of a target are filled with."""
        given = {name: value.fill_text(values) for name, value in use.with_.items()}
        return {"words": self._profile.words, **given}

    # --- rows ------------------------------------------------------------------------------------

    def row_scopes(
        self, stored: StoredTarget, values: Mapping[str, Any]
    ) -> tuple[list[tuple[Scope, Frame]], str]:
        """The scopes in which a list's rows are looked for."""
        within = self._scopes_of(stored, TargetUse(target=stored.name), values)
        return within.scopes, within.missing

    def search_row(self, stored: StoredTarget, key: str, values: Mapping[str, Any]) -> Search:
        """Looks once for the row of `key`, scrolling the list when it is not among the rendered rows."""
        search = self._search_rendered_row(stored, key, values)
        is_absent = search.found is None and search.decision.kind == "none"
        if is_absent and self.reveal_row is not None and self.reveal_row(stored, key, values):
            search = self._search_rendered_row(stored, key, values)
        return search

    def _search_rendered_row(self, stored: StoredTarget, key: str, values: Mapping[str, Any]) -> Search:
        body = stored.list
        within = self._scopes_of(stored, TargetUse(target=stored.name), values)
        if within.missing:
            return _not_sought(stored, within)
        scopes = within.scopes
        names = {"words": self._profile.words, "key": key}
        if body.row is not None:
            return self.search_candidates(stored, (body.row,), scopes, names)
        return self._search_by_field(stored, body, key, scopes, names)

    def _search_by_field(
        self,
        stored: StoredTarget,
        body: ListBody,
        key: str,
        scopes: Sequence[tuple[Scope, Frame]],
        names: Mapping[str, Any],
    ) -> Search:
        field = body.fields[body.key]
        exact = key_pattern(field, key)
        tried = []
        for candidate in body.rows:
            total, single = 0, None
            for scope, frame in scopes:
                rows = build_locator(scope, candidate, names).filter(visible=True)
                inner = frame.locator(field.css).filter(has_text=exact) if field.css else None
                row = rows.filter(has=inner) if inner is not None else rows.filter(has_text=exact)
                number = _count(row)
                total += number
                if number == 1:
                    single = (row, frame)
            tried.append(
                f'{candidate.describe()} with {body.key} "{key}" -> {total} visible ({candidate.span})'
            )
            if total == 1 and single is not None:
                found = Found(
                    name=stored.name,
                    locator=single[0],
                    frame=single[1],
                    matched=candidate,
                    drifted_from=body.rows[0] if candidate is not body.rows[0] else None,
                )
                self.see(found.name, is_first=found.drifted_from is None)
                matched = Decision(kind="matched", candidate=0)
                return Search(name=stored.name, decision=matched, found=found, tried=tuple(tried))
            if total > 1:
                ambiguous = Decision(kind="ambiguous", candidate=0)
                return Search(
                    name=stored.name, decision=ambiguous, found=None, tried=tuple(tried), is_ambiguous=True
                )
        return Search(
            name=stored.name, decision=Decision(kind="none", candidate=None), found=None, tried=tuple(tried)
        )


def _within(search: Search, what: str) -> Within:
    """The inside of what was found."""
    if search.found is not None:
        return Within(scopes=[(search.found.locator, search.found.frame)])
    return Within(scopes=[], missing=f"{what}: {explain(search)}", is_ambiguous=search.is_ambiguous)


def _not_sought(stored: StoredTarget, within: Within) -> Search:
    """What a search says that had no place to look in."""
    return Search(
        name=stored.name,
        decision=Decision(kind="none", candidate=None),
        found=None,
        tried=(),
        missing_parent=within.missing,
        is_ambiguous=within.is_ambiguous,
    )


def _same_use(target: str, use: TargetUse) -> TargetUse:
    """The same parameters and row, for another target."""
    return use.model_copy(update={"target": target})


def key_pattern(field: RowField, key: str) -> re.Pattern[str]:
    """A pattern for the text of a row's key field that shows `key`, and no longer one."""
    if field.as_ == "phone":
        digits = re.sub(r"\D", "", key)
        national = digits[1:] if len(digits) == 11 and digits.startswith("1") else digits
        shown = r"[\s().-]*".join(national)
        optional_country = r"(?:\+?1[\s().-]*)?" if national != digits else r"\+?"
        return re.compile(rf"(?<![\d+]){optional_country}\(?{shown}(?!\d)")
    words = r"\s+".join(re.escape(word) for word in key.split())
    if field.pattern is not None:
        return re.compile(words)
    flags = re.IGNORECASE if field.as_ == "lower" else 0
    return re.compile(rf"^\s*{words}\s*$", flags)


def build_locator(scope: Scope, candidate: Candidate, names: Mapping[str, Any]) -> Locator:
    """Turns a candidate into Playwright's locator within `scope`."""
    locator = _by_strategy(scope, candidate, names)
    if candidate.has_text is not None:
        locator = locator.filter(has_text=candidate.has_text.fill_text(names))
    if candidate.has_not_text is not None:
        locator = locator.filter(has_not_text=candidate.has_not_text.fill_text(names))
    return locator


def _by_strategy(scope: Scope, candidate: Candidate, names: Mapping[str, Any]) -> Locator:
    if candidate.role is not None:
        role: Any = candidate.role
        if candidate.name is None:
            return scope.get_by_role(role)
        text, exact = _text(candidate, candidate.name.fill_text(names))
        return scope.get_by_role(role, name=text, exact=exact)
    if candidate.css is not None:
        return scope.locator(candidate.css.fill_text(css_values(names)))
    if candidate.id is not None:
        return scope.locator(f'[id="{candidate.id.fill_text(css_values(names))}"]')
    if candidate.test_id is not None:
        return scope.get_by_test_id(candidate.test_id.fill_text(names))
    for template, find in (
        (candidate.label, scope.get_by_label),
        (candidate.placeholder, scope.get_by_placeholder),
        (candidate.text, scope.get_by_text),
        (candidate.title, scope.get_by_title),
    ):
        if template is not None:
            text, exact = _text(candidate, template.fill_text(names))
            return find(text, exact=exact)
    raise AssertionError("a candidate has a strategy")


def _text(candidate: Candidate, text: str) -> tuple[str | re.Pattern[str], bool]:
    if candidate.match == "regex":
        return re.compile(text), False
    return text, candidate.match == "whole"


def css_values(names: Mapping[str, Any]) -> dict[str, Any]:
    """The same values, fit to stand inside quotes in CSS: names of customers hold quotes and worse."""
    return {
        name: css_values(value) if isinstance(value, Mapping) else _css_string(str(value))
        for name, value in names.items()
    }


def _css_string(text: str) -> str:
    escaped = re.sub(r"([\\'\"])", r"\\\1", text)
    return re.sub(r"[\n\r\f]", lambda match: f"\\{ord(match[0]):x} ", escaped)


def _is_any_there(
    candidates: Sequence[Candidate], scopes: Sequence[tuple[Scope, Frame]], names: Mapping[str, Any]
) -> bool:
    """Whether any of them matches anything visible: one question per scope."""
    return any(
        _is_any_visible([build_locator(scope, candidate, names) for candidate in candidates])
        for scope, _ in scopes
    )


def _is_any_visible(locators: Sequence[Locator]) -> bool:
    """Whether anything is visible that one of these locators of one document matches."""
    return bool(locators) and _count(reduce(Locator.or_, locators).filter(visible=True)) > 0


def _count(locator: Locator) -> int:
    """How many it matches now; a document that is being replaced holds none."""
    try:
        return locator.count()
    except PlaywrightError as error:
        if is_gone(error):
            return 0
        raise


def explain(search: Search) -> str:
    """One line: what a search saw."""
    if search.missing_parent:
        return f"'{search.name}' was not looked for, because there is no {search.missing_parent}"
    if search.decision.kind == "ambiguous":
        return f"'{search.name}' matched more than one element"
    if search.decision.kind == "none":
        return f"'{search.name}' matched nothing"
    return f"'{search.name}' is there"


def missing(search: Search, *, stored: StoredTarget, page_url: str) -> Exception:
    """The error for a target that was not found, or found twice."""
    details = [("tried", "\n".join(search.tried))] if search.tried else []
    details.append(("page", page_url))
    if search.decision.kind == "ambiguous":
        return AmbiguousTargetError(
            Problem(
                what=f"target '{search.name}' matched more than one element, needed exactly one",
                where=stored.span,
                details=tuple(details),
                next=f"narrow it at {stored.span}: name its parent with 'in:', or give a narrower candidate",
            )
        )
    return TargetMissingError(
        Problem(
            what=explain(search)
            if search.missing_parent
            else f"target '{search.name}' was not found in time",
            where=stored.span,
            details=tuple(details),
            next="look at the picture: if the page changed, mend the candidates; if it was slow, run again",
        )
    )
