"""Reads the page for goals, guards and expectations. Never acts.

A look has three answers: it holds, it does not, or the page does not say yet. Only the executor waits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, assert_never
from urllib.parse import urlsplit

from playwright.sync_api import Error as PlaywrightError

from robot.executor.before import Before
from robot.executor.gone import is_gone
from robot.executor.page_text import READ_MS, read_text
from robot.executor.reading import ListReader, Reading
from robot.executor.resolver import Found, Resolver, Search, explain
from robot.executor.transient import Transient
from robot.flow.look import (
    AddressLook,
    AnyLook,
    AppearedLook,
    CheckedLook,
    ClosedLook,
    DisabledLook,
    EnabledLook,
    EveryLook,
    HoldsLook,
    ListUse,
    Look,
    NoneLook,
    NoRowLook,
    NotLook,
    RowLook,
    RowUse,
    SomeLook,
    TargetUse,
    TextLook,
    TextMatch,
    UncheckedLook,
    ValueLook,
    VisibleLook,
)
from robot.flow.template import Condition, Secret, look_up
from robot.names import name_key

#: Between two readings that must agree, in ms: while the page waits for an answer, and else.
SECOND_LOOK_MS = 120
QUIET_SECOND_LOOK_MS = 40
#: No visible text, no picture and no name in the element or in what it holds.
_SAY_NOTHING = """elements => elements.map(element =>
  !(element.innerText || '').trim() &&
  ![element, ...element.querySelectorAll('*')].some(one =>
    ['aria-label', 'alt', 'title'].some(name => (one.getAttribute(name) || '').trim()) ||
    (typeof one.value === 'string' && one.value.trim())))"""
#: A name or address that is no part of a longer one; it may stand in quotes or end a sentence.
_NAME_EDGES = r"(?<![\w@.+-]){}(?![\w@-]|\.\w)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What one look saw."""

    #: None: the page does not say, or not yet.
    holds: bool | None
    #: What was there, one line.
    found: str
    #: Nothing on the page speaks for it, now: once the page has come to rest, the answer is no. False where two
    #: things match, or where what would tell could not be read.
    is_no: bool = False

    @property
    def is_final(self) -> bool:
        """Whether it says no whatever the page may still do."""
        return self.holds is False and not self.is_no


class Checker:
    """Answers looks about one page."""

    def __init__(
        self,
        resolver: Resolver,
        reader: ListReader,
        *,
        is_quiet: Callable[[], bool] = lambda: False,
        unsettled: Callable[[], str] = lambda: "",
    ) -> None:
        """is_quiet: whether the page waits for no answer of the dashboard. unsettled: why it may still change."""
        self._resolver = resolver
        self._unsettled = unsettled
        self._reader = reader
        self._is_quiet = is_quiet
        self._before = Before(resolver)
        self._transient = Transient(resolver)

    def remember(self, expected: Iterable[Look], refused: Iterable[Look], values: Mapping[str, Any]) -> None:
        """Remembers what of an act's `appeared` looks is shown already, and watches for what may come and go.

        To be called right before the press. expected, refused: what the act should bring about, and what tells
        that the dashboard refuses it.
        """
        appeared = _appeared_in([*expected, *refused])
        self._before.remember(appeared, values)
        self._transient.begin([*appeared, *_visible_in(refused)], values)

    def look_all(self, looks: tuple[Look, ...], values: Mapping[str, Any]) -> Sight:
        """Whether all hold; stops at the first that does not."""
        found = []
        with self._resolver.glance():
            for look in looks:
                sight = self.look(look, values)
                if sight.holds is not True:
                    return sight
                found.append(sight.found)
        return Sight(holds=True, found="; ".join(found))

    def decide(self, looks: tuple[Look, ...], values: Mapping[str, Any]) -> Sight:
        """The same for a choice: one that says no is enough, whatever the others cannot tell."""
        sights: list[Sight] = []
        with self._resolver.glance():
            for look in looks:
                sight = (
                    self.decide(look.every, values)
                    if isinstance(look, EveryLook)
                    else self.look(look, values)
                )
                if sight.is_final:
                    return sight
                sights.append(sight)
        for wanted in (lambda one: one.is_no, lambda one: one.holds is not True):
            told = next((sight for sight in sights if wanted(sight)), None)
            if told is not None:
                return told
        return Sight(holds=True, found="; ".join(sight.found for sight in sights))

    def look(self, look: Look, values: Mapping[str, Any]) -> Sight:
        """Looks once. A page that is being replaced does not say yet."""
        try:
            return self._look(look, values)
        except PlaywrightError as error:
            if is_gone(error) or "Timeout" in error.message:
                return Sight(holds=None, found="the page was changing")
            raise

    def _look(self, look: Look, values: Mapping[str, Any]) -> Sight:
        match look:
            case VisibleLook():
                return self._look_visible(look.visible, values)
            case AppearedLook():
                return self._look_appeared(look.appeared, values)
            case ClosedLook():
                return self._look_closed(look.closed, values)
            case EnabledLook():
                return self._with(
                    look.enabled, values, lambda one: _yes(one.locator.is_enabled(timeout=READ_MS))
                )
            case DisabledLook():
                return self._with(
                    look.disabled, values, lambda one: _yes(one.locator.is_disabled(timeout=READ_MS))
                )
            case CheckedLook():
                return self._with(look.checked, values, lambda one: _ticked(one, True))
            case UncheckedLook():
                return self._with(look.unchecked, values, lambda one: _ticked(one, False))
            case TextLook():
                return self._look_text(look.text, values, lambda one: read_text(one.locator))
            case ValueLook():
                return self._look_text(
                    look.value, values, lambda one: one.locator.input_value(timeout=READ_MS)
                )
            case AddressLook():
                return self._look_address(look, values)
            case SomeLook():
                return self._look_some(look.some, values)
            case NoneLook():
                return self._look_none(look.none, values)
            case RowLook():
                return self._look_row(look.row, values)
            case NoRowLook():
                return self._look_no_row(look.no_row, values)
            case HoldsLook():
                holds = look.holds.decide(values)
                return Sight(holds=holds, found=f"'{look.holds.text}' is {'true' if holds else 'false'}")
            case NotLook():
                return self._look_not(look, values)
            case AnyLook():
                return self._look_any(look, values)
            case EveryLook():
                return self.look_all(look.every, values)
            case _:
                assert_never(look)

    # --- elements --------------------------------------------------------------------------------

    def look_refusal(self, looks: tuple[Look, ...], values: Mapping[str, Any]) -> Sight:
        """The same, with the words of what is shown: a refusal is told as the dashboard put it.

        A box that is shown and says nothing is no refusal: pages keep one ready.
        """
        sight = self._look_often(looks, values)
        if sight.holds is not True:
            return sight
        for look in looks:
            if isinstance(look, VisibleLook) and self._says_nothing(look.visible, values):
                return Sight(holds=None, found=f"'{look.visible.target}' is there, and says nothing")
        shown = [*_visible_in(looks), *_appeared_in(looks)]
        texts = [text for use in shown if (text := self._shown_text(use, values))]
        return Sight(holds=True, found="; ".join([sight.found, *texts]))

    def _look_often(self, looks: tuple[Look, ...], values: Mapping[str, Any]) -> Sight:
        """Whether all hold, where what is shown more than once is shown."""
        found = []
        for look in looks:
            sight = self.look(look, values)
            if isinstance(look, VisibleLook) and sight.holds is None:
                search = self._resolver.search(look.visible, values)
                if search.decision.kind == "ambiguous" and not self._says_nothing(look.visible, values):
                    sight = Sight(holds=True, found=f"'{look.visible.target}' is there more than once")
                elif self._transient.seen(look.visible):
                    sight = Sight(holds=True, found=f"'{look.visible.target}' was there for a moment")
            elif isinstance(look, AnyLook):
                each = [self._look_often((one,), values) for one in look.any]
                sight = next((one for one in each if one.holds is True), sight)
            elif isinstance(look, EveryLook):
                sight = self._look_often(look.every, values)
            if sight.holds is not True:
                return sight
            found.append(sight.found)
        return Sight(holds=True, found="; ".join(found))

    def _shown_text(self, use: TargetUse, values: Mapping[str, Any]) -> str:
        shown = next(
            (
                locator.first
                for _, locator in self._resolver.visible_locators(use, values)
                if locator.count() > 0
            ),
            None,
        )
        text = ""
        if shown is not None:
            # It may go away while it is read; that it was there is told all the same.
            with suppress(PlaywrightError):
                text = fold(read_text(shown))
        if not text:
            text = fold("; ".join(self._transient.seen(use)))
        return f"it says '{_short(text)}'" if text else ""

    def _says_nothing(self, use: TargetUse, values: Mapping[str, Any]) -> bool:
        """Whether what is there has no visible word, and no name for those who hear the page."""
        try:
            said = [
                not nothing
                for _, locator in self._resolver.visible_locators(use, values)
                for nothing in locator.evaluate_all(_SAY_NOTHING)
            ]
        except PlaywrightError:
            return False
        return bool(said) and not any(said)

    def _look_visible(self, use: TargetUse, values: Mapping[str, Any]) -> Sight:
        search = self._resolver.search(use, values)
        if search.found is not None:
            return Sight(holds=True, found=f"'{use.target}' is there")
        return Sight(holds=None, found=explain(search), is_no=self._is_absent(search, use, values))

    def _is_absent(self, search: Search, use: TargetUse, values: Mapping[str, Any]) -> bool:
        """Whether nothing matches: not two things, and not a row of a list that was not read whole."""
        if search.is_ambiguous or search.found is not None:
            return False
        stored = self._resolver.store.find(use.target)
        if stored.target.row_of is None or use.row is None or not search.missing_parent:
            return True
        rows = self._reader.read(self._resolver.store.find(stored.target.row_of), values)
        key = self._key_of(stored.target.row_of)
        return rows.is_complete and use.row.fill_text(values) not in [row[key] for row in rows.rows]

    def _look_appeared(self, use: TargetUse, values: Mapping[str, Any]) -> Sight:
        number = self._before.count_new(use, values)
        seen = f"{number} of '{use.target}' came" if number else f"no new '{use.target}'"
        if not number and self._transient.seen(use):
            number, seen = 1, f"'{use.target}' came, and went again"
        return Sight(holds=number > 0 or None, found=seen, is_no=number == 0)

    def _look_closed(self, use: TargetUse, values: Mapping[str, Any]) -> Sight:
        search = self._resolver.search(use, values)
        # Inside another one that is there twice, it may be open as well as closed.
        is_open = search.decision.kind != "none" or search.is_ambiguous
        return Sight(
            holds=not is_open or None,
            found=f"'{use.target}' is {'open' if is_open else 'closed'}",
            is_no=search.found is not None,
        )

    def _with(self, use: TargetUse, values: Mapping[str, Any], read: Callable[[Found], Sight]) -> Sight:
        search = self._resolver.search(use, values)
        if search.found is None:
            return Sight(holds=None, found=explain(search), is_no=self._is_absent(search, use, values))
        sight = read(search.found)
        return Sight(holds=sight.holds, found=f"'{use.target}' {sight.found}", is_no=sight.holds is not True)

    def _look_text(self, match: TextMatch, values: Mapping[str, Any], read: Callable[[Found], str]) -> Sight:
        search = self._resolver.search(match.of, values)
        if search.found is None:
            return Sight(holds=None, found=explain(search), is_no=self._is_absent(search, match.of, values))
        text = fold(read(search.found))
        holds = matches_text(match, text, values)
        return Sight(holds=holds, found=f"'{match.of.target}' says '{_short(text)}'", is_no=not holds)

    def _look_address(self, look: AddressLook, values: Mapping[str, Any]) -> Sight:
        url = self._resolver.page.url
        wanted = look.address
        holds = True
        if wanted.contains is not None:
            holds = is_in_address(wanted.contains.fill_text(values), url)
        if holds and wanted.matches is not None:
            holds = re.search(wanted.matches, url) is not None
        return Sight(holds=holds or None, found=f"the address is {url}", is_no=not holds)

    def _look_not(self, look: NotLook, values: Mapping[str, Any]) -> Sight:
        sight = self.look(look.not_, values)
        found = f"not: {sight.found}"
        if sight.holds is True:
            return Sight(holds=False, found=found, is_no=True)
        if sight.is_final:
            return Sight(holds=True, found=found)
        if not sight.is_no:
            return Sight(holds=None, found=found)
        why = self._unsettled()
        return Sight(holds=None if why else True, found=f"{found} ({why})" if why else found)

    def _look_any(self, look: AnyLook, values: Mapping[str, Any]) -> Sight:
        sights = []
        for item in look.any:
            sight = self.look(item, values)
            if sight.holds is True:
                return sight
            sights.append(sight)
        undecided = any(sight.holds is None for sight in sights)
        return Sight(
            holds=None if undecided else False,
            found="; ".join(sight.found for sight in sights),
            is_no=all(sight.is_no or sight.is_final for sight in sights)
            and not all(sight.is_final for sight in sights),
        )

    # --- lists -----------------------------------------------------------------------------------

    def read(self, name: str, values: Mapping[str, Any]) -> Reading:
        """Reads a list once."""
        return self._reader.read(self._resolver.store.find(name), values)

    def read_twice(self, name: str, values: Mapping[str, Any], *, calmly: bool = False) -> Reading:
        """Reads a list until two readings in a row agree; an incomplete reading is given back at once.

        calmly: for what arrives by itself, without a request that would tell: waits as if one were open.
        """
        stored = self._resolver.store.find(name)
        first = self._reader.read(stored, values)
        if not first.is_complete:
            return first
        is_quiet = self._is_quiet() and not calmly
        self._resolver.page.wait_for_timeout(QUIET_SECOND_LOOK_MS if is_quiet else SECOND_LOOK_MS)
        second = self._reader.read(stored, values)
        if second.is_complete and second.rows != first.rows:
            return Reading(rows=second.rows, is_complete=False, why="two looks did not agree")
        return second

    def _look_none(self, use: ListUse, values: Mapping[str, Any]) -> Sight:
        reading = self.read_twice(use.list, values)
        kept = keep_rows(reading, use.where, values)
        if kept and not reading.is_waiting:
            return Sight(holds=False, found=f"{use.list}: {_said(kept, self._key_of(use.list))}")
        if not reading.is_complete:
            return Sight(holds=None, found=f"{use.list}: {reading.why}")
        return Sight(holds=True, found=f"{use.list}: none ({reading.why})")

    def _look_some(self, use: ListUse, values: Mapping[str, Any]) -> Sight:
        reading = self.read(use.list, values)
        kept = keep_rows(reading, use.where, values)
        if kept and not reading.is_waiting:
            return Sight(holds=True, found=f"{use.list}: {_said(kept, self._key_of(use.list))}")
        return Sight(
            holds=False if reading.is_complete else None, found=f"{use.list}: none such ({reading.why})"
        )

    def _look_row(self, use: RowUse, values: Mapping[str, Any]) -> Sight:
        reading = self.read(use.list, values)
        key = use.row.fill_text(values)
        rows = [row for row in reading.rows if row[self._key_of(use.list)] == key]
        if len(rows) > 1:
            return Sight(holds=None, found=f"{use.list}: '{key}' stands there {len(rows)} times")
        # One of two that have one key may not have been drawn yet.
        if rows and not reading.is_complete:
            return Sight(holds=None, found=f"{use.list}: '{key}' is there, but {reading.why}")
        if not rows:
            return Sight(
                holds=False if reading.is_complete else None, found=f"{use.list}: no '{key}' ({reading.why})"
            )
        holds = use.where is None or use.where.decide({**values, "row": rows[0]})
        return Sight(holds=holds, found=f"{use.list}: {_shown_row(rows[0])}")

    def _look_no_row(self, use: RowUse, values: Mapping[str, Any]) -> Sight:
        key = use.row.fill_text(values)
        reading = self.read_twice(use.list, values)
        present = key in reading.keys(self._resolver.store.find(use.list).list)
        if present and not reading.is_waiting:
            return Sight(holds=False, found=f"{use.list}: '{key}' is still there")
        if not reading.is_complete:
            return Sight(holds=None, found=f"{use.list}: {reading.why}")
        return Sight(holds=True, found=f"{use.list}: no '{key}' ({reading.why})")

    def _key_of(self, name: str) -> str:
        return self._resolver.store.find(name).list.key


def keep_rows(reading: Reading, where: Condition | None, values: Mapping[str, Any]) -> list[dict[str, str]]:
    """The rows for which `where` holds, as `row.<field>`."""
    if where is None:
        return list(reading.rows)
    return [row for row in reading.rows if where.decide({**values, "row": row})]


def fold(text: str) -> str:
    """White space folded to single blanks, none at the ends."""
    return " ".join(text.split())


def is_in_address(wanted: str, url: str) -> bool:
    """Whether an address holds `wanted`; one that begins with a slash is whole parts of its path, and only there.

    A query or a fragment may name any other page.
    """
    if not wanted.startswith("/"):
        return wanted in url
    return f"{wanted.rstrip('/')}/" in f"{urlsplit(url).path}/"


def matches_text(match: TextMatch, text: str, values: Mapping[str, Any]) -> bool:
    """Whether `text` is what the match wants."""
    if match.matches is not None:
        return re.search(match.matches, text, re.IGNORECASE if match.ignore_case else 0) is not None
    if match.contains_digits is not None:
        wanted = re.sub(r"\D", "", match.contains_digits.fill_text(values))
        shown = re.sub(r"\D", "", text)
        return len(wanted) >= 7 and (wanted in shown or wanted.removeprefix("1") in shown)
    template = match.equals or match.not_equals or match.contains or match.contains_name
    if template is None:
        raise AssertionError("a text match compares something")
    filled = template.fill(values)
    # As names: composed and decomposed letters are the same, as they look.
    wanted = name_key(filled.reveal() if isinstance(filled, Secret) else str(filled))
    text = name_key(text)
    if match.ignore_case:
        wanted, text = wanted.casefold(), text.casefold()
    if match.not_equals is not None:
        return wanted != text
    if match.contains_name is not None:
        among = match.among
        others = (
            [name_key(str(look_up(among.field, row))) for row in among.of.fill(values)]
            if among is not None
            else []
        )
        return names(text, wanted, among=others)
    return wanted == text if match.equals is not None else wanted in text


def names(text: str, name: str, *, among: Iterable[str] = ()) -> bool:
    """Whether `text` holds `name` as a whole, and where it does not only as a part of a longer one of `among`."""
    if not name:
        return False
    folded = name.casefold()
    for other in among:
        if folded != other.casefold() and folded in other.casefold():
            text = re.sub(_NAME_EDGES.format(re.escape(other)), "", text, flags=re.IGNORECASE)
    return re.search(_NAME_EDGES.format(re.escape(name)), text) is not None


def _appeared_in(looks: Iterable[Look]) -> list[TargetUse]:
    """What is looked for as new, in alternatives too."""
    uses = []
    for look in looks:
        match look:
            case AppearedLook():
                uses.append(look.appeared)
            case AnyLook():
                uses += _appeared_in(look.any)
            case EveryLook():
                uses += _appeared_in(look.every)
    return uses


def _visible_in(looks: Iterable[Look]) -> list[TargetUse]:
    """What is looked for as shown, in alternatives too."""
    uses = []
    for look in looks:
        match look:
            case VisibleLook():
                uses.append(look.visible)
            case AnyLook():
                uses += _visible_in(look.any)
            case EveryLook():
                uses += _visible_in(look.every)
    return uses


def _yes(holds: bool) -> Sight:
    return Sight(holds=holds or None, found="is so" if holds else "is not so")


def _ticked(one: Found, wanted: bool) -> Sight:
    is_ticked = one.locator.is_checked(timeout=READ_MS)
    return Sight(holds=is_ticked is wanted or None, found="is ticked" if is_ticked else "is not ticked")


def _short(text: str) -> str:
    return text if len(text) <= 160 else f"{text[:157]}..."


def _said(rows: list[dict[str, str]], key: str) -> str:
    shown = ", ".join(row[key] for row in rows[:6])
    return f"{len(rows)}: {shown}" + (" ..." if len(rows) > 6 else "")


def _shown_row(row: dict[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in row.items() if value)
