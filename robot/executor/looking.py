"""Waits for what the page shows: one element, a whole list, a condition. Retries looking, never acts.

Every wait lets the page work, asks whether the run is to stop, and ends at a deadline. Deadlines are those of
`time.monotonic`, whatever becomes of the machine's clock; `now` is for what is written down.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Literal, TypeVar

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

from robot.errors import ApplicationError, BlockedError, CancelledError, GuardError, Problem
from robot.executor import actions
from robot.executor.activity import Activity
from robot.executor.checks import Checker, Sight, fold
from robot.executor.gone import is_gone
from robot.executor.page_text import read_text
from robot.executor.reading import ListReader, Reading
from robot.executor.resolver import Found, Resolver, missing
from robot.executor.scope import Scope
from robot.executor.signs import Signs
from robot.executor.timeouts import Timeouts
from robot.executor.traffic import Traffic
from robot.flow.describe import describe_looks, main_target
from robot.flow.look import Look, Refusal, TargetUse, TextLook, TextMatch, ValueLook, VisibleLook
from robot.flow.step import ActBase, CaptureSource, ChooseStep, FillStep, PressStep, StepBase
from robot.flow.template import Template, Verbatim
from robot.run.events import Drifted, Event, Looked, Noted, SignsShown
from robot.run.model import StepRef
from robot.selector.store import SelectorStore
from robot.steady import ClockWatch

Purpose = Literal["goal", "require", "expect", "if", "wait_for", "read"]
T = TypeVar("T")

#: Between two looks, in ms: quick at first, then calm.
_PAUSES_MS = (10, 15, 25, 40, 50, 60)

#: How often a page is loaded anew to see an effect, while the dashboard's machines do not answer.
_MOST_RELOADS = 3

#: How long a page that never rests must have said the same until that counts, in s.
_RESTLESS_S = 5.0
#: How often a refusal is looked for while a list is being read, in s.
_REFUSALS_EVERY_S = 0.1

STOPPED = Problem(what="stopped by the operator", next="run again to carry on")


class Looking:
    """All waiting of one run."""

    def __init__(
        self,
        *,
        page: Page,
        store: SelectorStore,
        resolver: Resolver,
        timeouts: Timeouts,
        is_background: Callable[[str], bool],
        notice: Callable[[Event], None],
        is_stopped: Callable[[], bool],
        ended: Callable[[], Problem | None] = lambda: None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """is_stopped: whether the operator ends the run. ended: why the browser was ended under it; None if not."""
        self._page = page
        self._ended = ended
        self._store = store
        self.resolver = resolver
        #: What the page asks the dashboard for.
        self.traffic = traffic = Traffic(page, is_background=is_background)
        #: Looked for all the time while something is awaited, also while a list is being read.
        self._refusals: Callable[[], None] | None = None
        self._refusals_at = 0.0
        #: Raises what came up during an act that its flow does not expect.
        self.raise_objection: Callable[[], None] = lambda: None
        self._activity = Activity(traffic)
        reader = ListReader(resolver, traffic, drawn_within_ms=timeouts.drawn, meanwhile=self._meanwhile)
        self.checker = Checker(resolver, reader, is_quiet=traffic.is_quiet, unsettled=self.unsettled)
        self.timeouts = timeouts
        self._notice = notice
        self._is_stopped = is_stopped
        self._now = now
        self._clock = ClockWatch(now)
        self._drifts_told: set[tuple[str, str]] = set()
        #: The signs of trouble that no clean page shows; None while a task may have caused some.
        self.signs: Signs | None = None
        self._signs_told: set[str] = set()
        #: What held before the last press of what would say that the dashboard refuses it, in words, by refusal.
        self._shown_before: dict[int, str] = {}

    def find(self, target: TargetUse, step: StepBase, scope: Scope, ref: StepRef) -> Found:
        """Looks for one element until the deadline. Raises TargetMissingError or AmbiguousTargetError."""
        stored = self._store.find(target.target)
        waited_ms = dict.fromkeys(("ambiguous", "drifted"), 0.0)
        since: dict[str, float] = {}

        def look() -> Found | None:
            search = self.resolver.search(target, scope.values)
            kind = search.decision.kind
            for other in ("ambiguous", "drifted"):
                if kind != other:
                    since.pop(other, None)
            if kind in waited_ms:
                since.setdefault(kind, monotonic())
                waited_ms[kind] = (monotonic() - since[kind]) * 1000
            if kind == "ambiguous" and waited_ms[kind] >= self.timeouts.ambiguous:
                raise missing(search, stored=stored, page_url=self._page.url)
            if kind == "drifted" and waited_ms[kind] < self.timeouts.drift:
                return None
            return search.found

        found = self.poll(look, step.timeout or self.timeouts.target)
        if found is None:
            search = self.resolver.search(target, scope.values)
            if search.found is None:
                raise missing(search, stored=stored, page_url=self._page.url)
            found = search.found
        self._tell_drift(found, ref)
        return found

    def _tell_drift(self, found: Found, ref: StepRef) -> None:
        if found.drifted_from is None:
            return
        key = (found.name, found.matched.describe())
        if key not in self._drifts_told:
            self._drifts_told.add(key)
            self._notice(
                Drifted(
                    step=ref,
                    target=found.name,
                    expected=found.drifted_from.describe(),
                    matched=found.matched.describe(),
                    where=str(found.matched.span),
                    at=self._now(),
                )
            )

    def unsettled(self) -> str:
        """Why what the page shows may still change, in words; empty once it has come to rest."""
        return self._activity.documents_unsettled(self.resolver.documents())

    def choose(self, looks: tuple[Look, ...], step: StepBase, scope: Scope, ref: StepRef) -> Sight:
        """Whether the looks hold: yes, or no once the page has come to rest.

        Raises AmbiguousTargetError or ApplicationError where the page does not tell in time.
        """
        last = Sight(holds=None, found="")
        why, same_since = "", monotonic()

        def decided() -> Sight | None:
            nonlocal last, why, same_since
            sight = self.checker.decide(looks, scope.values)
            if sight.found != last.found:
                same_since = monotonic()
            last, why = sight, ""
            if sight.holds is True or sight.is_final:
                return sight
            if not sight.is_no:
                return None
            why = self.unsettled()
            # A page that never rests, for a clock or a poll of its own, and says the same all the while.
            is_restless = why and not self.traffic.open_request() and monotonic() - same_since > _RESTLESS_S
            return sight if not why or is_restless else None

        sight = self.poll(decided, step.timeout or self.timeouts.require)
        self.looked(ref, "if", looks, scope, sight or last)
        if sight is not None:
            return sight
        raise ApplicationError(
            Problem(
                what=f"cannot tell whether {describe_looks(looks, scope.values)}: {why or last.found}",
                where=step.span,
                details=(("found", last.found), ("page", self._page.url)),
                done="neither 'then' nor 'else' was done",
                next="look at the picture; mend the selectors where two things match or something could not be "
                "read, or name under 'background' in the profile what the page goes on asking for",
            )
        )

    def _await_rest(self, step: StepBase) -> None:
        """Waits until the page has come to rest, or goes on for long without asking for anything."""
        began = monotonic()

        def rests() -> bool | None:
            is_restless = not self.traffic.open_request() and monotonic() - began > _RESTLESS_S
            return True if is_restless or not self.unsettled() else None

        self.poll(rests, step.timeout or self.timeouts.target)

    def require(self, looks: tuple[Look, ...], step: StepBase, scope: Scope, ref: StepRef) -> None:
        sight = self.await_sight(looks, step.timeout or self.timeouts.require, scope, decisive=True)
        self.looked(ref, "require", looks, scope, sight)
        if sight.holds is True:
            return
        problem = Problem(
            what=f"a required condition does not hold: {sight.found}",
            where=step.span,
            details=(("sought", describe_looks(looks, scope.values)), ("page", self._page.url)),
            done=f"'{ref.name}' was not done",
            next="look at the picture: the page is not what the flow expects",
        )
        if sight.holds is None and self.traffic.lost_answer() is not None:
            # The page cannot know: no reason for a person to decide, but to look at a page that does.
            raise ApplicationError(problem)
        raise GuardError(problem)

    def expect(self, step: ActBase, scope: Scope, ref: StepRef) -> None:
        if step.expect:
            self.await_looks(step.expect, "expect", step, scope, ref, step.refusals)

    def remember(self, step: ActBase, scope: Scope) -> None:
        """Remembers what is shown right before an act, for looks at what is new, and that something is typed."""
        typed = main_target(step) if isinstance(step, FillStep | PressStep) else None
        if typed is not None and not (isinstance(step, FillStep) and self._holds_already(step, scope)):
            self.traffic.note_typing(typed.target)
        refused = [look for refusal in step.refusals for look in refusal.when]
        self.checker.remember(step.expect or (), refused, scope.values)
        self._shown_before = {}
        for refusal in step.refusals:
            # Reading a list, or what is new, says nothing about before, or takes long.
            if all(isinstance(look, VisibleLook | TextLook) for look in refusal.when):
                sight = self.checker.look_refusal(refusal.when, scope.values)
                if sight.holds is True:
                    self._shown_before[id(refusal)] = sight.found
                    self._tell_shown_before(refusal, sight.found)

    def _tell_shown_before(self, refusal: Refusal, found: str) -> None:
        text = f"no refusal, for it was shown before the press: {found}"
        if text not in self._signs_told:
            self._signs_told.add(text)
            self._notice(Noted(kind="remark", text=text, page_url=self._page.url, at=self._now()))

    def was_unheard(self, step: ActBase, expect: tuple[Look, ...], scope: Scope, pressed_at: float) -> bool:
        """Whether the page did nothing about an act for a while: no sign of its effect, and nothing was sent.

        A page may show its controls for a moment before it listens to them.
        """

        def heard() -> bool | None:
            self.raise_refusal(step.refusals, scope, step)
            if self.traffic.has_asked_since(pressed_at):
                return True
            if expect and self.holds(expect, scope):
                return True
            return None

        return self.poll(heard, self.timeouts.unheard) is None

    def _holds_already(self, step: FillStep, scope: Scope) -> bool:
        """Whether what is to be typed stands there: the page then has nothing to ask for."""
        text = TextMatch(of=step.fill.target, equals=Template("${typed}"))
        values = {**scope.values, "typed": step.fill.typed(scope.values)}
        return self.checker.look(ValueLook(value=text), values).holds is True

    def see_afresh(self, step: ActBase, scope: Scope, ref: StepRef) -> bool:
        """Loads the page anew, since lists may be painted from a cache, and looks for what the act should do."""
        if not step.expect:
            return False
        for _ in range(_MOST_RELOADS):
            self.poll(lambda: self.traffic.is_quiet() or None, self.timeouts.expect)
            loaded_at = monotonic()
            self.reload()
            sight = self.await_sight(step.expect, self.timeouts.afresh, scope)
            self.looked(ref, "expect", step.expect, scope, sight)
            if sight.holds is True:
                return True
            if not self.traffic.has_failed_since(loaded_at):
                break
        return False

    def reload(self) -> None:
        """Loads the page anew."""
        with self.traffic.loading():
            self._page.reload(wait_until="domcontentloaded", timeout=self.timeouts.expect)

    def enter(self, dashboard: str) -> None:
        """Opens the dashboard as somebody does who comes to it: by its address, which leads to its first page."""
        with self.traffic.loading():
            self._page.goto(f"{dashboard}/", wait_until="domcontentloaded", timeout=self.timeouts.expect)

    def holds(self, looks: tuple[Look, ...], scope: Scope) -> bool:
        """Looks once."""
        return self.checker.look_all(looks, scope.values).holds is True

    def await_looks(
        self,
        looks: tuple[Look, ...],
        purpose: Purpose,
        step: StepBase,
        scope: Scope,
        ref: StepRef,
        refusals: tuple[Refusal, ...],
    ) -> None:
        """Looks until all hold. Raises what the dashboard's refusal says, or ApplicationError in the end."""
        timeout = step.timeout or self.timeouts.expect
        sight = self.await_sight(looks, timeout, scope, refusals=refusals, step=step)
        self.looked(ref, purpose, looks, scope, sight)
        if sight.holds is not True:
            raise ApplicationError(
                Problem(
                    what=f"not seen within {timeout / 1000:g} s: {describe_looks(looks, scope.values)}",
                    where=step.span,
                    details=(("found", sight.found), ("page", self._page.url)),
                    next="look at the picture; run again if the page was slow, else mend flow or selectors",
                )
            )

    def await_sight(
        self,
        looks: tuple[Look, ...],
        timeout_ms: int,
        scope: Scope,
        *,
        decisive: bool = False,
        refusals: tuple[Refusal, ...] = (),
        step: StepBase | None = None,
    ) -> Sight:
        """The last sight; `decisive` stops at a plain no, too."""
        sight = Sight(holds=None, found="")

        def look() -> Sight | None:
            nonlocal sight
            refuse()
            sight = self.checker.look_all(looks, scope.values)
            if sight.holds is True or (decisive and sight.holds is False):
                return sight
            return None

        def refuse() -> None:
            if refusals and step is not None:
                self.raise_refusal(refusals, scope, step)

        before, self._refusals = self._refusals, refuse if refusals else self._refusals
        try:
            self.poll(look, timeout_ms)
        finally:
            self._refusals = before
        return sight

    def _meanwhile(self) -> None:
        """What must not wait until a list has been read: an operator who stops the run, a refusal."""
        self.stop_if_told()
        self.raise_objection()
        if self._refusals is not None and monotonic() - self._refusals_at > _REFUSALS_EVERY_S:
            self._refusals()
            self._refusals_at = monotonic()

    def raise_refusal(self, refusals: tuple[Refusal, ...], scope: Scope, step: StepBase) -> None:
        for refusal in refusals:
            sight = self.checker.look_refusal(refusal.when, scope.values)
            if sight.holds is True and self._shown_before.get(id(refusal)) != sight.found:
                problem = Problem(
                    what=refusal.says.fill_text(scope.values),
                    where=refusal.span or step.span,
                    details=(("found", sight.found), ("page", self._page.url)),
                    next=refusal.next.fill_text(scope.values) if refusal.next else "",
                )
                raise BlockedError(problem) if refusal.status == "blocked" else ApplicationError(problem)

    def looked(
        self, ref: StepRef, purpose: Purpose, looks: tuple[Look, ...], scope: Scope, sight: Sight
    ) -> None:
        self._notice(
            Looked(
                step=ref,
                purpose=purpose,
                sought=describe_looks(looks, scope.values),
                found=sight.found,
                holds=sight.holds is True,
                page_url=self._page.url,
                at=self._now(),
            )
        )

    # --- time ------------------------------------------------------------------------------------

    def poll(
        self, look: Callable[[], T | None], timeout_ms: float, *, accept_empty: bool = False
    ) -> T | None:
        """Calls `look` until it gives something or the time is over; waits by letting the page work.

        At least one look is made. `accept_empty`: an empty list is something.
        """
        deadline = self.deadline(timeout_ms)
        turn = 0
        while True:
            self.stop_if_told()
            self.raise_objection()
            self._note_clock()
            result = look()
            if result is not None and (accept_empty or result is not False):
                return result
            left = self.left(deadline)
            if left <= 0:
                # A page that is gone shows nothing, which says nothing.
                self.stop_if_told()
                return None
            pause = _PAUSES_MS[min(turn, len(_PAUSES_MS) - 1)]
            turn += 1
            # Not a fixed wait: it lets Playwright handle the page's events between two looks.
            self._page.wait_for_timeout(min(pause, left))

    def deadline(self, timeout_ms: float) -> float:
        """In ms of a clock that nobody sets."""
        return monotonic() * 1000 + timeout_ms

    def left(self, deadline: float) -> float:
        return deadline - monotonic() * 1000

    def deadline_at(self, moment: datetime) -> float:
        """The deadline for a moment of the wall clock, as that is now: one that others have written down."""
        return self.deadline((moment - self._now()).total_seconds() * 1000)

    def _note_clock(self) -> None:
        """Writes down that the wall clock was set: the times in the evidence jump with it, and no wait does."""
        step_s = self._clock.step_s()
        if step_s:
            how = f"{abs(step_s):.0f} s {'forward' if step_s > 0 else 'back'}"
            text = f"the machine's clock was set {how} during the run; waits and durations go by another one"
            self._notice(Noted(kind="remark", text=text, page_url=self._page.url, at=self._now()))

    def stop_if_told(self) -> None:
        """Raises CancelledError once the run is to end, ApplicationError where its browser was ended."""
        if self._is_stopped():
            raise CancelledError(STOPPED)
        why = self._ended()
        if why is not None:
            raise ApplicationError(why)

    def find_option(self, step: ChooseStep, scope: Scope, ref: StepRef) -> Found:
        """The option of an open list, searched for or scrolled to."""
        body = step.choose
        option = body.option.fill_text(scope.values)
        if body.search is not None:
            box = self.find(body.search, step, scope, ref)
            text = body.search_text.fill(scope.values) if body.search_text else option
            actions.do_fill(box.locator, text)
            self._await_rest(step)
        stored = self._store.find(body.from_.list)
        if body.part is not None:
            row = Verbatim(option)
            return self.find(TargetUse(target=body.part, row=row), step, scope, ref)
        search = self.poll(
            lambda: self.resolver.search_row(stored, option, scope.values).found,
            step.timeout or self.timeouts.target,
        )
        if search is None:
            last = self.resolver.search_row(stored, option, scope.values)
            raise missing(last, stored=stored, page_url=self._page.url)
        return search

    def read_rows(self, name: str, step: StepBase, scope: Scope, ref: StepRef) -> list[dict[str, str]]:
        """All rows of a list, once two complete readings agree. Raises when it cannot be read."""
        last: list[Reading] = []

        def read() -> list[dict[str, str]] | None:
            reading = self.checker.read_twice(name, scope.values)
            last[:] = [reading]
            return list(reading.rows) if reading.is_complete else None

        rows = self.poll(read, step.timeout or self.timeouts.require, accept_empty=True)
        if rows is not None:
            self._tell_signs(name, scope)
        reading = last[-1]
        self._notice(
            Looked(
                step=ref,
                purpose="read",
                sought=f"all rows of {name}",
                found=f"{len(reading.rows)} rows; {reading.why}",
                holds=rows is not None,
                page_url=self._page.url,
                at=self._now(),
            )
        )
        if rows is None:
            raise ApplicationError(
                Problem(
                    what=f"the list {name} could not be read whole: {reading.why}",
                    where=step.span,
                    details=(("page", self._page.url),),
                    done="nothing was pressed",
                    next="look at the picture; run again if the page was slow, else mend the list's selectors",
                )
            )
        return rows

    def _tell_signs(self, name: str, scope: Scope) -> None:
        """Writes down which signs of trouble are shown where a list was read whole, and nothing is wrong."""
        if self.signs is None:
            return
        try:
            shown = self.signs.shown(name, self.resolver, scope.values)
        except PlaywrightError as error:
            if not is_gone(error):
                raise
            return
        new = tuple((sign, text) for sign, text in shown if sign not in self._signs_told)
        if new:
            self._signs_told.update(sign for sign, _ in new)
            self._notice(SignsShown(signs=new, page_url=self._page.url, at=self._now()))

    def read_source(self, source: CaptureSource, step: StepBase, scope: Scope, ref: StepRef) -> Any:
        if source.address:
            return self._page.url
        if source.filled is not None:
            return source.filled.fill(scope.values)
        target = source.text or source.value or source.of
        if target is None:
            raise AssertionError("a capture has a source")
        element = self.find(target, step, scope, ref).locator
        if source.text is not None:
            return fold(read_text(element))
        if source.value is not None:
            return element.input_value()
        return element.get_attribute(source.attribute or "") or ""


def search_pattern(pattern: str, text: str) -> str | None:
    """Group 1 of the first match, else the whole match; None where there is no match."""
    match = re.search(pattern, text)
    if match is None:
        return None
    return match[1] if match.re.groups else match[0]
