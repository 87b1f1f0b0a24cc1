"""Reads lists whole, and says whether a reading can be believed. The rule, with its reasons, is `docs/reading.md`.

A reading is complete when every witness that a page gives speaks for it. None rests on how one page is made:

1. settled   the page waits for no answer and has lost none; no timer of its own is due; nothing of the list was
             changed just now; where news may come by itself, none came for a while
2. clear     no error, no sign of loading, no filter that hides rows; what was typed was answered to
3. reached   what scrolls was scrolled to its end, and no band of it is without rows; every page was turned; nothing
             is left that loads more
4. counted   where the page says how many there are, it is as many
5. alone     nothing beside the rows, or beside the words that say that there are none, looks like a row that no
             selector matches
6. read      every row has its key, and no field is there that could not be read
7. agreed    two readings are the same (the checker's part)

No rows and no words that say so, and no count, is never "none". Looks only; scrolling and turning pages is looking.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Frame

from robot.executor.activity import STILL_MS, Activity, Watched
from robot.executor.gone import is_gone
from robot.executor.page_text import READ_MS, read_text
from robot.executor.resolver import Resolver, Scope, build_locator
from robot.executor.scripts import script
from robot.executor.stated_count import stated_count
from robot.executor.traffic import Traffic
from robot.executor.view import Box, Drawn, Merged, Row, View, read_view
from robot.flow.look import TargetUse
from robot.selector.model import ListBody
from robot.selector.store import StoredTarget

#: A list of more pages than this is not read to its end.
_MOST_PAGES = 200
#: How long one reading may take, in s.
_LONGEST_READING_S = 90.0
#: A list that grows under every reading is not read to its end.
_MOST_PASSES = 4
#: What goes on being redrawn and is the same for so long counts as settled, in s and looks.
_SAME_FOR_S, _SAME_LOOKS = 5.0, 4
#: What is drawn so soon after scrolling is drawn for it, in s.
_OWN_DOING_S = 0.5
#: Between two looks while rows are awaited, in ms.
_PAUSE_MS = 20


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
    #: The page waits for an answer, so that what it shows may be of before.
    is_waiting: bool = False

    def keys(self, body: ListBody) -> tuple[str, ...]:
        """The rows' keys, in order."""
        return tuple(row[body.key] for row in self.rows)


class _UnfinishedError(Exception):
    """A reading that cannot be finished, with what was read."""

    def __init__(self, why: str, rows: list[Row] | None = None, *, is_waiting: bool = False) -> None:
        super().__init__(why)
        self.reading = Reading(rows=tuple(rows or ()), is_complete=False, why=why, is_waiting=is_waiting)


@dataclass(slots=True, kw_only=True)
class _Same:
    """What a list that is redrawn again and again has shown, and since when."""

    rows: list[Row]
    url: str
    since: float
    looks: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _ListOnPage:
    """A list, where it is looked for, and the run's values."""

    stored: StoredTarget
    body: ListBody
    scopes: list[tuple[Scope, Frame]]
    values: Mapping[str, Any]


class ListReader:
    """Reads the lists of one page."""

    def __init__(
        self,
        resolver: Resolver,
        traffic: Traffic,
        *,
        drawn_within_ms: int,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> None:
        """drawn_within_ms: for how long drawn rows are awaited. meanwhile: called then; may raise."""
        self._drawn_within_s = drawn_within_ms / 1000
        self._resolver = resolver
        self._traffic = traffic
        self._activity = Activity(traffic)
        self.meanwhile = meanwhile
        self._same: dict[str, _Same] = {}
        #: Lists that draw only the rows in view, by name and address: nothing else is tried there.
        self._drawn_in_parts: set[tuple[str, str]] = set()
        #: When a list was last scrolled.
        self._scrolled_at = 0.0
        resolver.reveal_row = self.reveal_row

    def read(self, stored: StoredTarget, values: Mapping[str, Any]) -> Reading:
        """Reads once, from the top to the end."""
        try:
            return self._read(stored, stored.list, values)
        except _UnfinishedError as unfinished:
            return unfinished.reading
        except PlaywrightError as error:
            if is_gone(error) or "Timeout" in error.message:
                return Reading(rows=(), is_complete=False, why="the page was being replaced", is_waiting=True)
            raise

    def _read(self, stored: StoredTarget, body: ListBody, values: Mapping[str, Any]) -> Reading:
        with self._resolver.glance():
            stop = self._obstacle(body, values)
            if stop is not None:
                return stop
            scopes, missing = self._resolver.row_scopes(stored, values)
        if missing:
            return Reading(rows=(), is_complete=False, why=f"there is no {missing}")
        place = _ListOnPage(stored=stored, body=body, scopes=scopes, values=values)
        view = self._look(place)
        if view.drawn and monotonic() - self._scrolled_at < _OWN_DOING_S:
            view = self._await_drawn(place, monotonic())
        if view.drawn:
            if view.box is None and body.scroll is not None:
                view = self._look_in_named_box(place, body.scroll)
            self._assert_settled(place, view)
            stated = self._stated(body, values)
            if stored.name in self._same and view.box is not None and stated is None:
                # What loads more at the end cannot be told from what draws it again.
                raise _UnfinishedError("it goes on being redrawn, and scrolls, and has no count", view.rows)
            self._turn_to_first_page(place)
            drawn, view = self._read_all(place, stated)
            reading = self._judge_rows(place, drawn, view)
        else:
            reading = self._judge_none(place)
        if not reading.is_complete:
            return reading
        with self._resolver.glance():
            stop = self._obstacle(body, values)
        if stop is not None:
            return stop
        self._resolver.see(stored.name, is_first=view.is_by_first)
        return reading

    # --- clear -----------------------------------------------------------------------------------

    def _obstacle(self, body: ListBody, values: Mapping[str, Any]) -> Reading | None:
        """What keeps the list from being read now. To be asked in a glance."""
        for name in (body.search, *body.filters):
            if name is not None and not self._traffic.has_answered(name):
                why = f"no answer yet to what was typed into {name}"
                return Reading(rows=(), is_complete=False, why=why, is_waiting=True)
        signs = (*body.errors, *body.loading)
        if signs and self._resolver.is_any_shown(signs, values):
            stop = self._tell_sign(body, values)
            if stop is not None:
                return stop
        # What the page says of it itself, above, tells more.
        lost = self._traffic.lost_answer()
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
                return Reading(rows=(), is_complete=False, why=f"still loading ({name})", is_waiting=True)
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
                text = search.found.locator.input_value(timeout=READ_MS)
                if text.strip():
                    return Reading(rows=(), is_complete=False, why=f"{name} hides rows: it holds '{text}'")
        return None

    def _is_blank(self, name: str, values: Mapping[str, Any]) -> bool:
        """Whether one element is shown that says nothing: pages keep an empty box ready for an error."""
        found = self._resolver.search(TargetUse(target=name), values).found
        return found is not None and not read_text(found.locator)

    def _is_shown(self, name: str, values: Mapping[str, Any]) -> bool:
        decision = self._resolver.search(TargetUse(target=name), values).decision
        return decision.kind != "none"

    # --- settled ---------------------------------------------------------------------------------

    def _assert_settled(self, place: _ListOnPage, view: View) -> None:
        """Raises _UnfinishedError with the rows that are drawn while they may still change."""
        waits = self._activity.open_request(view.watched)
        why = waits or self._activity.unsettled(view.watched)
        if not why:
            self._same.pop(place.stored.name, None)
        elif waits or not self._has_been_same(place.stored.name, view.rows):
            raise _UnfinishedError(why, view.rows, is_waiting=bool(waits))

    def _has_been_same(self, name: str, rows: list[Row]) -> bool:
        """Whether a list that is redrawn again and again, by a clock, shows the same for long."""
        url = self._resolver.page.url
        before = self._same.get(name)
        if before is None or before.rows != rows or before.url != url:
            self._same[name] = _Same(rows=rows, url=url, since=monotonic())
            return False
        before.looks += 1
        return before.looks >= _SAME_LOOKS and monotonic() - before.since >= _SAME_FOR_S

    # --- rows ------------------------------------------------------------------------------------

    def _look(self, place: _ListOnPage) -> View:
        """What is drawn now. Raises _UnfinishedError where rows stand in two documents."""
        names: dict[str, Any] = {"words": self._resolver.words}
        for candidate in place.body.rows:
            views = []
            for scope, frame in place.scopes:
                locator = build_locator(scope, candidate, names).filter(visible=True)
                if len(place.scopes) > 1 and locator.count() == 0:
                    continue
                view = read_view(
                    locator,
                    name=place.stored.name,
                    body=place.body,
                    frame=frame,
                    is_by_first=candidate is place.body.rows[0],
                )
                if view.drawn:
                    views.append(view)
            if len(views) > 1:
                raise _UnfinishedError("its rows stand in more than one document")
            if views:
                return views[0]
        return View(drawn=())

    def _look_in_named_box(self, place: _ListOnPage, scroll: str) -> View:
        """A look at a list whose page does not say itself what scrolls it."""
        search = self._resolver.search(TargetUse(target=scroll), place.values)
        if search.found is not None:
            search.found.locator.evaluate_all(script("use_box"), place.stored.name)
        return self._look(place)

    def _read_all(self, place: _ListOnPage, stated: int | None) -> tuple[tuple[Drawn, ...], View]:
        """Every row of every page, in order, and the last look."""
        began = monotonic()
        drawn, view = self._read_page(place, stated, began)
        next_page = place.body.next_page
        if next_page is None or (stated is not None and len(drawn) == stated):
            return drawn, view
        for _ in range(_MOST_PAGES):
            if not self._press_page(next_page, place, view):
                return drawn, view
            self._await_other_rows(place, drawn=view.drawn, began=began)
            further, view = self._read_page(place, None, began)
            # Where a press loads more of them, those before are still there.
            is_longer = [one.row for one in further[: len(drawn)]] == [one.row for one in drawn]
            drawn = further if is_longer else (*drawn, *further)
        raise _UnfinishedError(f"it has more than {_MOST_PAGES} pages", [one.row for one in drawn])

    def _read_page(
        self, place: _ListOnPage, stated: int | None, began: float
    ) -> tuple[tuple[Drawn, ...], View]:
        """Every row of the page that is shown, scrolled through, and the last look."""
        view = self._await_drawn(place, began)
        if view.frame is None or view.box is None:
            return view.drawn, view
        if stated is not None and len(view.drawn) == stated and not view.blank:
            return view.drawn, view
        start, frame = view.box.top, view.frame
        try:
            if view.outer:
                view.frame.evaluate(script("scroll_around"), place.stored.name)
                view = self._await_drawn(place, began)
            if view.box.height <= view.box.view + 1 if view.box else True:
                return view.drawn, view
            return self._read_unmoved(place, view, began) or self._read_scrolled(place, began)
        finally:
            # What is drawn again then is the robot's own doing, and is waited for by the next look.
            self._scrolled_at = monotonic()
            self._scroll(place, frame, start)

    def _read_unmoved(
        self, place: _ListOnPage, view: View, began: float
    ) -> tuple[tuple[Drawn, ...], View] | None:
        """The rows of a list that draws all of them whatever part is in view; None where it does not."""
        known = place.stored.name, self._resolver.page.url
        if view.frame is None or view.box is None or known in self._drawn_in_parts:
            return None
        self._drawn_in_parts.add(known)
        self._scroll(place, view.frame, 0 if view.box.is_at_end else None)
        other = self._await_drawn(place, began)
        if other.box is None or other.box.height != view.box.height or len(other.drawn) != len(view.drawn):
            return None
        merged = Merged(place.body.key)
        merged.add(view)
        merged.add(other)
        if (
            merged.changed
            or len(merged.drawn) != len(view.drawn)
            or not (view.box.is_at_end or other.box.is_at_end)
        ):
            return None
        self._drawn_in_parts.discard(known)
        return merged.drawn, other

    def _read_scrolled(self, place: _ListOnPage, began: float) -> tuple[tuple[Drawn, ...], View]:
        """The rows of a list that draws those in view: from the top to the end, until its height stays."""
        for _ in range(_MOST_PASSES):
            merged = Merged(place.body.key)
            view = self._scroll_to(place, 0, began)
            first = view.box
            while True:
                merged.add(view)
                if view.box is None or view.box.is_at_end:
                    break
                before = view.box.top
                view = self._scroll_to(place, view.box.next_top, began)
                if view.box is not None and view.box.top <= before:
                    break
            if merged.changed:
                raise _UnfinishedError(f"the row '{merged.changed}' changed while it was read")
            if first is not None and view.box is not None and view.box.height == first.height:
                return merged.drawn, view
        raise _UnfinishedError("it went on growing while it was read", [one.row for one in merged.drawn])

    def _scroll_to(self, place: _ListOnPage, top: float, began: float) -> View:
        frame = next(frame for _, frame in place.scopes) if len(place.scopes) == 1 else self._frame_of(place)
        self._scroll(place, frame, top)
        # Each scrolling draws rows: that no band is without them is what counts on the way.
        view = self._await_drawn(place, began, still_ms=0)
        return self._await_drawn(place, began) if view.box is None or view.box.is_at_end else view

    def _frame_of(self, place: _ListOnPage) -> Frame:
        frame = self._look(place).frame
        if frame is None:
            raise _UnfinishedError("its rows went away while they were read")
        return frame

    def _scroll(self, place: _ListOnPage, frame: Frame, top: float | None) -> Box:
        """Scrolls, to the end where `top` is None. Raises _UnfinishedError where nothing scrolls any more."""
        state = frame.evaluate(script("scroll"), [place.stored.name, top])
        if state is None:
            raise _UnfinishedError("the part of the page that scrolls went away", is_waiting=True)
        return Box(**state)

    def _await_drawn(self, place: _ListOnPage, began: float, *, still_ms: float = STILL_MS) -> View:
        """A look at rows that are all drawn and at rest. Raises _UnfinishedError with what is not so."""
        deadline = monotonic() + self._drawn_within_s
        while True:
            view = self._look(place)
            why = self._undrawn(place, view, still_ms)
            if not why:
                if view.alike:
                    raise _UnfinishedError(
                        f"{view.alike} more beside its rows look like rows, and no selector matches them",
                        view.rows,
                    )
                return view
            now = monotonic()
            if now > deadline or now - began > _LONGEST_READING_S:
                raise _UnfinishedError(why, view.rows)
            self.meanwhile()
            # Not a fixed wait: it lets the page work between two looks.
            self._resolver.page.wait_for_timeout(_PAUSE_MS)

    def _undrawn(self, place: _ListOnPage, view: View, still_ms: float) -> str:
        """What shows that rows are still to come, in words; empty where nothing does."""
        waits = self._activity.open_request(view.watched)
        if waits or not view.drawn:
            return waits or "its rows went away while they were read"
        unsettled = self._activity.unsettled(view.watched, still_ms=still_ms)
        if unsettled and place.stored.name not in self._same:
            return unsettled
        if view.blank:
            return f"a band {view.blank} stays blank"
        return view.unread(place.body.key)

    # --- pages -----------------------------------------------------------------------------------

    def _turn_to_first_page(self, place: _ListOnPage) -> None:
        if place.body.first_page is not None and self._press_page(
            place.body.first_page, place, self._look(place)
        ):
            # It may have been the first one already, so that nothing has to change.
            self._await_drawn(place, monotonic())

    def _press_page(self, target: str, place: _ListOnPage, view: View) -> bool:
        """Presses what leads to another page. Whether there is such a page."""
        search = self._resolver.search(TargetUse(target=target), place.values)
        if search.decision.kind == "ambiguous":
            raise _UnfinishedError(f"'{target}' matched more than one element", view.rows)
        if search.found is None or not search.found.locator.is_enabled(timeout=READ_MS):
            return False
        search.found.locator.click(timeout=5000)
        return True

    def _await_other_rows(self, place: _ListOnPage, *, drawn: tuple[Drawn, ...], began: float) -> None:
        """Raises _UnfinishedError where a page was turned and shows what was there before."""
        before = [one.row[place.body.key] for one in drawn]
        deadline = monotonic() + self._drawn_within_s
        while True:
            rows = self._look(place).rows
            if rows and [row[place.body.key] for row in rows] != before:
                return
            if monotonic() > deadline or monotonic() - began > _LONGEST_READING_S:
                raise _UnfinishedError("a page was turned, and no other rows came", rows)
            self.meanwhile()
            self._resolver.page.wait_for_timeout(_PAUSE_MS)

    # --- judging ---------------------------------------------------------------------------------

    def _stated(self, body: ListBody, values: Mapping[str, Any]) -> int | None:
        """How many rows the page says that there are; None where it does not. Raises _UnfinishedError."""
        if body.count is None:
            return None
        search = self._resolver.search(TargetUse(target=body.count.target), values)
        if search.decision.kind == "ambiguous":
            raise _UnfinishedError(f"the page states its number twice ({body.count.target})")
        if search.found is None:
            return None
        text = " ".join(read_text(search.found.locator).split())
        stated = stated_count(text, body.count.pattern)
        if stated is None and text:
            raise _UnfinishedError(f"'{text}' ({body.count.target}) does not say plainly how many there are")
        return stated

    def _judge_rows(self, place: _ListOnPage, drawn: tuple[Drawn, ...], view: View) -> Reading:
        body, values = place.body, place.values
        rows = [one.row for one in drawn]
        stated = self._stated(body, values)
        why = ""
        if stated is not None and stated != len(rows):
            why = f"{len(rows)} rows read, the page says {stated}"
        elif body.empty is not None and self._is_shown(body.empty, values):
            why = "rows and the empty text are both shown"
        elif view.busy:
            why = f"still loading ({view.busy})"
        elif view.more or (view.says_more and stated is None):
            why = (
                f"'{view.more or view.says_more}' says that there may be more, and the list does not name it"
            )
        elif stated is None and self._traffic.refused_answer() is not None:
            why = f"the dashboard refused {self._traffic.refused_answer()}"
        if why:
            return Reading(rows=tuple(rows), is_complete=False, why=why)
        said = f"{stated} of {stated} rows" if stated is not None else f"{len(rows)} rows, read to the end"
        return Reading(rows=tuple(rows), is_complete=True, why=said)

    def _judge_none(self, place: _ListOnPage) -> Reading:
        body, values = place.body, place.values
        stated = self._stated(body, values)
        if stated:
            return Reading(rows=(), is_complete=False, why=f"0 rows read, the page says {stated}")
        search = None
        if body.empty is not None:
            search = self._resolver.search(TargetUse(target=body.empty), values)
        if search is not None and search.decision.kind == "ambiguous":
            return Reading(rows=(), is_complete=False, why=f"{body.empty} matched more than one element")
        found = search.found if search is not None else None
        if found is None and stated is None:
            return Reading(rows=(), is_complete=False, why="no rows, and nothing that says there are none")
        if found is not None:
            around = found.locator.evaluate_all(script("around"))
        else:
            around = place.scopes[0][1].evaluate(f"({script('around')})([])")
        watched: Watched = around["watch"]
        waits = self._activity.open_request(watched)
        unsettled = waits or self._activity.unsettled(watched)
        why = ""
        if unsettled and (waits or not self._has_been_same(place.stored.name, [])):
            return Reading(rows=(), is_complete=False, why=unsettled, is_waiting=bool(waits))
        if around["busy"]:
            why = f"still loading ({around['busy']})"
        elif around["beside"]:
            why = f"{around['beside']} beside the empty text look like rows, and no selector matches them"
        elif stated is None and self._traffic.refused_answer() is not None:
            why = f"the dashboard refused {self._traffic.refused_answer()}"
        if why:
            return Reading(rows=(), is_complete=False, why=why)
        said = "the page says that there is nothing" if found is not None else "0 of 0 rows"
        return Reading(rows=(), is_complete=True, why=said)

    # --- one row ---------------------------------------------------------------------------------

    def reveal_row(self, stored: StoredTarget, key: str, values: Mapping[str, Any]) -> bool:
        """Turns the pages of a list, or scrolls it, until the row of `key` is drawn. Returns whether it is."""
        scopes, missing = self._resolver.row_scopes(stored, values)
        if missing:
            return False
        place = _ListOnPage(stored=stored, body=stored.list, scopes=scopes, values=values)
        try:
            return self._reveal(place, key)
        except _UnfinishedError:
            return False

    def _reveal(self, place: _ListOnPage, key: str) -> bool:
        if self._look(place).frame is None:
            return False
        began = monotonic()
        if place.body.next_page is not None:
            self._turn_to_first_page(place)
        while True:
            view = self._reveal_scrolled(place, key, began)
            if view is None:
                return True
            next_page = place.body.next_page
            if next_page is None or not self._press_page(next_page, place, view):
                return False
            self._await_other_rows(place, drawn=view.drawn, began=began)

    def _reveal_scrolled(self, place: _ListOnPage, key: str, began: float) -> View | None:
        """Scrolls one page of a list until the row is drawn; gives None then, else the last look."""
        view = self._await_drawn(place, began)
        if _shows(view, place.body, key):
            return None
        if view.box is None or view.box.height <= view.box.view + 1:
            return view
        view = self._scroll_to(place, 0, began)
        while not _shows(view, place.body, key):
            if view.box is None or view.box.is_at_end:
                return view
            before = view.box.top
            view = self._scroll_to(place, view.box.next_top, began)
            if view.box is not None and view.box.top <= before:
                return view
        return None


def _shows(view: View, body: ListBody, key: str) -> bool:
    return any(row[body.key] == key for row in view.rows)
