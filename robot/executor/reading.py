"""Reads lists whole, and says whether a reading can be believed.

"No row" is what a list says while it still loads: a reading is complete only when nothing is loading, no
error is shown, filters are clear, every page and the whole virtual list were read, and the count or the empty
text agrees. Looks only; scrolling and turning pages is looking.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Frame, Locator
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from robot.executor.resolver import Resolver, Scope, build_locator, is_gone
from robot.flow.look import TargetUse
from robot.flow.phone_number import normalize_phone
from robot.selector.model import ListBody, RowField
from robot.selector.store import StoredTarget

Row = dict[str, str]

#: Reads the fields of every row in one go. specs: [{name, css, attribute, present}], rows: elements.
_READ_ROWS = """(rows, specs) => rows.map(row => {
  const fold = text => (text || '').replace(/\\s+/g, ' ').trim();
  const out = {};
  for (const spec of specs) {
    const all = spec.css ? [...row.querySelectorAll(spec.css)] : [row];
    const one = all[0];
    if (spec.present) out[spec.name] = one ? 'yes' : '';
    else if (!one) out[spec.name] = '';
    else if (spec.attribute) out[spec.name] = all.map(e => e.getAttribute(spec.attribute) || '').join('\\n');
    else if (spec.lines) out[spec.name] = all.map(e => (e.innerText || '').trim()).join('\\n');
    else out[spec.name] = all.map(e => fold(e.innerText)).join('\\n');
  }
  return out;
})"""

#: Both take the list of matching boxes, which is one call; for a single element Playwright makes three.
_SCROLL_STATE = (
    """([box]) => box ? {top: box.scrollTop, view: box.clientHeight, height: box.scrollHeight} : null"""
)
#: Scrolls and waits for two frames, so that a virtual list has drawn its rows; gives the new state. A box that is
#: there already is left alone: what it shows is drawn.
_SCROLL_TO = """([box], top) => !box ? null : new Promise(done => {
  const tell = () => done({top: box.scrollTop, view: box.clientHeight, height: box.scrollHeight});
  const most = Math.max(0, box.scrollHeight - box.clientHeight);
  if (Math.abs(Math.min(top, most) - box.scrollTop) < 1) return tell();
  box.scrollTop = top;
  box.dispatchEvent(new Event('scroll'));
  requestAnimationFrame(() => requestAnimationFrame(tell));
})"""

#: A list of more pages than this is not read to its end.
_MOST_PAGES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One reading of a list."""

    rows: tuple[Row, ...]
    #: Whether `rows` is known to be all there is.
    is_complete: bool
    #: Why it is not; or what it says when it is.
    why: str
    #: The dashboard says that it could not load the list.
    is_refused: bool = False

    def keys(self, body: ListBody) -> tuple[str, ...]:
        """The rows' keys, in order."""
        return tuple(row[body.key] for row in self.rows)


class ListReader:
    """Reads the lists of one page."""

    def __init__(
        self,
        resolver: Resolver,
        *,
        has_answered: Callable[[str], bool] = lambda _: True,
        lost_answer: Callable[[], str | None] = lambda: None,
    ) -> None:
        """has_answered: whether the page has answered to what was last typed into this target.

        lost_answer: what the page asked the dashboard for and was not given, if anything.
        """
        self._resolver = resolver
        #: Whether the rows read last were found by the list's first candidate.
        self._is_by_first = True
        self._has_answered = has_answered
        self._lost_answer = lost_answer
        resolver.reveal_row = self.reveal_row

    def read(self, stored: StoredTarget, values: Mapping[str, Any]) -> Reading:
        """Reads once, from the top to the end."""
        body = stored.list
        try:
            return self._read(stored, body, values)
        except PlaywrightError as error:
            if is_gone(error) or "Timeout" in error.message:
                return Reading(rows=(), is_complete=False, why="the page was being replaced")
            raise

    def _read(self, stored: StoredTarget, body: ListBody, values: Mapping[str, Any]) -> Reading:
        with self._resolver.glance():
            stop = self._obstacle(body, values)
            if stop is not None:
                return stop
            scopes, missing = self._resolver.row_scopes(stored, values)
        if missing:
            return Reading(rows=(), is_complete=False, why=f"there is no {missing}")
        self._is_by_first = True
        self._turn_to_first_page(body, scopes, values)
        rows = self._read_scrolled(body, scopes, values)
        rows += self._read_further_pages(body, scopes, values, rows)
        with self._resolver.glance():
            stop = self._obstacle(body, values)
            if stop is not None:
                return stop
            reading = self._judge(body, rows, values)
        if reading.is_complete:
            self._resolver.see(stored.name, is_first=self._is_by_first)
        return reading

    def _obstacle(self, body: ListBody, values: Mapping[str, Any]) -> Reading | None:
        """What keeps the list from being read now. To be asked in a glance."""
        for name in (body.search, *body.filters):
            if name is not None and not self._has_answered(name):
                return Reading(rows=(), is_complete=False, why=f"no answer yet to what was typed into {name}")
        signs = (*body.errors, *body.loading)
        if signs and self._resolver.is_any_shown(signs, values):
            stop = self._tell_sign(body, values)
            if stop is not None:
                return stop
        # What the page says of it itself, above, tells more.
        lost = self._lost_answer()
        if lost is not None:
            return Reading(rows=(), is_complete=False, why=f"the answer to {lost} was lost on the way")
        return self._tell_filter(body, values)

    def _tell_sign(self, body: ListBody, values: Mapping[str, Any]) -> Reading | None:
        """Which sign of trouble is shown."""
        for name in body.errors:
            if self._is_shown(name, values) and not self._is_blank(name, values):
                return Reading(
                    rows=(), is_complete=False, is_refused=True, why=f"the dashboard shows an error ({name})"
                )
        for name in body.loading:
            if self._is_shown(name, values):
                return Reading(rows=(), is_complete=False, why=f"still loading ({name})")
        return None

    def _tell_filter(self, body: ListBody, values: Mapping[str, Any]) -> Reading | None:
        """Which filter may hide rows."""
        for name in body.filters:
            search = self._resolver.search(TargetUse(target=name), values)
            if search.decision.kind == "ambiguous":
                return Reading(
                    rows=(), is_complete=False, why=f"{name} may hide rows: it matched more than one"
                )
            if search.found is not None:
                text = search.found.locator.input_value(timeout=1000)
                if text.strip():
                    return Reading(rows=(), is_complete=False, why=f"{name} hides rows: it holds '{text}'")
        return None

    def _is_blank(self, name: str, values: Mapping[str, Any]) -> bool:
        """Whether one element is shown that says nothing: pages keep an empty box ready for an error."""
        found = self._resolver.search(TargetUse(target=name), values).found
        return found is not None and not found.locator.inner_text(timeout=1000).strip()

    def _is_shown(self, name: str, values: Mapping[str, Any]) -> bool:
        decision = self._resolver.search(TargetUse(target=name), values).decision
        return decision.kind != "none"

    def _judge(self, body: ListBody, rows: list[Row], values: Mapping[str, Any]) -> Reading:
        if body.count is not None:
            search = self._resolver.search(TargetUse(target=body.count), values)
            if search.found is not None:
                text = search.found.locator.inner_text(timeout=1000)
                stated = stated_count(text)
                if stated is not None:
                    if stated == len(rows):
                        return Reading(rows=tuple(rows), is_complete=True, why=f"{stated} of {stated} rows")
                    return Reading(
                        rows=tuple(rows),
                        is_complete=False,
                        why=f"{len(rows)} rows read, the page says {stated}",
                    )
        is_empty = body.empty is not None and self._is_shown(body.empty, values)
        if rows and not is_empty:
            return Reading(rows=tuple(rows), is_complete=True, why=f"{len(rows)} rows, read to the end")
        if not rows and is_empty:
            return Reading(rows=(), is_complete=True, why="the page says that there is nothing")
        if rows:
            return Reading(rows=tuple(rows), is_complete=False, why="rows and the empty text are both shown")
        return Reading(rows=(), is_complete=False, why="no rows, and nothing that says there are none")

    # --- rows ------------------------------------------------------------------------------------

    def _read_scrolled(
        self, body: ListBody, scopes: list[tuple[Scope, Frame]], values: Mapping[str, Any]
    ) -> list[Row]:
        box = self._scroll_box(body, values)
        if box is None:
            return self._read_rendered(body, scopes)
        start = _scroll_state(box)
        if start["height"] <= start["view"]:
            return self._read_rendered(body, scopes)
        state = _scroll_to(box, 0)
        rows: dict[str, Row] = {}
        extra: list[Row] = []
        while True:
            shown = self._read_rendered(body, scopes)
            seen_now: set[str] = set()
            for row in shown:
                key = row[body.key]
                if key in seen_now:
                    extra.append(row)
                seen_now.add(key)
                rows[key] = row
            if _is_at_end(state):
                # It may have grown while it was read.
                state = _scroll_state(box)
                if _is_at_end(state):
                    break
            reached = _scroll_to(box, _next_top(state))
            if reached["top"] <= state["top"]:
                break
            state = reached
        _scroll_to(box, start["top"])
        return [*rows.values(), *extra]

    def _scroll_box(self, body: ListBody, values: Mapping[str, Any]) -> Locator | None:
        if body.scroll is None:
            return None
        search = self._resolver.search(TargetUse(target=body.scroll), values)
        return search.found.locator if search.found else None

    def _read_rendered(self, body: ListBody, scopes: list[tuple[Scope, Frame]]) -> list[Row]:
        specs = [
            {
                "name": name,
                "css": field.css,
                "attribute": field.attribute,
                "present": field.as_ == "present",
                "lines": field.as_ == "lines",
            }
            for name, field in body.fields.items()
        ]
        for candidate in body.rows:
            rows: list[Row] = []
            for scope, _ in scopes:
                names: dict[str, Any] = {"words": self._resolver.words}
                locator = build_locator(scope, candidate, names).filter(visible=True)
                for raw in locator.evaluate_all(_READ_ROWS, specs):
                    rows.append({name: convert(field, raw[name]) for name, field in body.fields.items()})
            if rows:
                self._is_by_first = candidate is body.rows[0]
                return rows
        return []

    def _read_further_pages(
        self, body: ListBody, scopes: list[tuple[Scope, Frame]], values: Mapping[str, Any], first: list[Row]
    ) -> list[Row]:
        """Turns the pages to the last one; rows come back in order."""
        if body.next_page is None or not first:
            return []
        rows: list[Row] = []
        shown = first
        for _ in range(_MOST_PAGES):
            page_rows = self._turn_page(body.next_page, body, scopes, values, shown)
            if page_rows is None:
                break
            rows += page_rows
            shown = page_rows
        return rows

    def _turn_to_first_page(
        self, body: ListBody, scopes: list[tuple[Scope, Frame]], values: Mapping[str, Any]
    ) -> None:
        if body.first_page is not None:
            self._turn_page(body.first_page, body, scopes, values, self._read_rendered(body, scopes))

    def _turn_page(
        self,
        target: str,
        body: ListBody,
        scopes: list[tuple[Scope, Frame]],
        values: Mapping[str, Any],
        shown: list[Row],
    ) -> list[Row] | None:
        """Presses what leads to another page. The rows there; None where there is no such page."""
        search = self._resolver.search(TargetUse(target=target), values)
        if search.found is None or not search.found.locator.is_enabled(timeout=1000):
            return None
        search.found.locator.click(timeout=5000)
        return self._await_other_rows(body, scopes, values, [row[body.key] for row in shown])

    def _await_other_rows(
        self,
        body: ListBody,
        scopes: list[tuple[Scope, Frame]],
        values: Mapping[str, Any],
        before: list[str],
    ) -> list[Row] | None:
        for _ in range(100):
            rows = self._read_scrolled(body, scopes, values)
            if rows and [row[body.key] for row in rows] != before:
                return rows
            self._resolver.page.wait_for_timeout(50)
        return None

    def reveal_row(self, stored: StoredTarget, key: str, values: Mapping[str, Any]) -> bool:
        """Turns the pages of a list, or scrolls it, until the row of `key` is rendered. Returns whether it is."""
        body = stored.list
        scopes, missing = self._resolver.row_scopes(stored, values)
        if missing:
            return False
        if body.next_page is not None:
            return self._turn_to_row(body.next_page, body, scopes, values, key)
        box = self._scroll_box(body, values)
        return box is not None and self._scroll_to_row(box, body, scopes, key)

    def _turn_to_row(
        self,
        next_page: str,
        body: ListBody,
        scopes: list[tuple[Scope, Frame]],
        values: Mapping[str, Any],
        key: str,
    ) -> bool:
        self._turn_to_first_page(body, scopes, values)
        shown: list[Row] | None = self._read_scrolled(body, scopes, values)
        while shown is not None:
            if any(row[body.key] == key for row in shown):
                box = self._scroll_box(body, values)
                return box is None or self._scroll_to_row(box, body, scopes, key)
            shown = self._turn_page(next_page, body, scopes, values, shown)
        return False

    def _scroll_to_row(
        self, box: Locator, body: ListBody, scopes: list[tuple[Scope, Frame]], key: str
    ) -> bool:
        top = 0
        while True:
            reached = _scroll_to(box, top)
            if any(row[body.key] == key for row in self._read_rendered(body, scopes)):
                return True
            state = _scroll_state(box)
            if _is_at_end(state) or reached["top"] < top:
                return False
            top = _next_top(state)


def _scroll_state(box: Locator) -> Mapping[str, float]:
    return _there(box.evaluate_all(_SCROLL_STATE))


def _scroll_to(box: Locator, top: float) -> Mapping[str, float]:
    return _there(box.evaluate_all(_SCROLL_TO, top))


def _there(state: Mapping[str, float] | None) -> Mapping[str, float]:
    """Raises PlaywrightTimeout, as Playwright does, for a box that was there a moment ago and is no more."""
    if state is None:
        raise PlaywrightTimeout("Timeout: the box that scrolls went away")
    return state


def _is_at_end(state: Mapping[str, float]) -> bool:
    return state["top"] + state["view"] >= state["height"] - 1


def _next_top(state: Mapping[str, float]) -> int:
    """Where to scroll next; what is shown overlaps, so that no row falls between two looks."""
    return int(state["top"] + max(40, state["view"] * 0.85))


def convert(field: RowField, raw: str) -> str:
    """A raw text of the page to the field's value."""
    text = raw
    if field.pattern is not None:
        match = re.search(field.pattern, text)
        if match is None:
            return ""
        text = match[1] if match.re.groups else match[0]
    if field.as_ == "phone":
        return normalize_phone(text)
    if field.as_ == "lower":
        return text.strip().lower()
    return text.strip()


def stated_count(text: str) -> int | None:
    """How many there are by a text such as "14 calendars" or "Showing 1 to 10 of 14"."""
    number = re.search(r"\bof\s+(\d[\d,. ]*)", text) or re.search(r"(\d[\d,. ]*)", text)
    return int(re.sub(r"\D", "", number[1])) if number else None
