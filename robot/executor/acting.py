"""Acts on the page, pictured before and after; irreversible ones go through the gate, and are pressed once at most.

An act that can be undone is made once more where the page did not hear it: see `Acting.do`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic
from typing import Literal

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator, Page, Position
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from robot.errors import (
    ApplicationError,
    BlockedError,
    BusinessError,
    OutcomeUnknownError,
    Problem,
    RobotError,
    SentBeforeError,
)
from robot.executor import actions
from robot.executor.capture import take_picture
from robot.executor.dialogs import Dialogs
from robot.executor.gate import Gate
from robot.executor.identity import assert_customer
from robot.executor.looking import Looking
from robot.executor.page_text import READ_MS
from robot.executor.resolver import Found
from robot.executor.scope import Scope
from robot.flow.describe import main_target
from robot.flow.step import (
    ActBase,
    CheckStep,
    ChooseStep,
    ClickStep,
    ConverseStep,
    FillStep,
    GotoStep,
    HoverStep,
    PressStep,
    SelectStep,
    UncheckStep,
    verb_of,
)
from robot.flow.template import PassingSecret
from robot.profile import Profile
from robot.run.events import Acted, Armed, Event, Noted, Pictured, Said
from robot.run.model import Act, Intent, Status, StepRef
from robot.selector.store import SelectorStore

#: Acts that a page may not hear while it is being made ready.
_PRESSES = (ClickStep, CheckStep, UncheckStep)
#: How long a code that was used may be shown on, in ms: authenticator apps show another one each half minute.
_MOST_UNTIL_FRESH_MS = 31_000
#: What was written down so long ago is not pressed any more, in s. With what a press may take (`actions.ACT_MS`) it
#: is less than the shortest `settle_after:` of a flow, after which others may press.
_MOST_UNTIL_PRESS_S = 10.0
#: Whether an element stands in a dialog.
_IN_DIALOG = (
    "element => Boolean(element.closest('dialog, [role=dialog], [role=alertdialog], [aria-modal=true]'))"
)
#: What Playwright says of a box that was pressed and stayed as it was.
_NOT_TICKED = "did not change its state"


class Acting:
    """All acts of one run."""

    def __init__(
        self,
        *,
        page: Page,
        profile: Profile,
        store: SelectorStore,
        looking: Looking,
        dialogs: Dialogs,
        gate: Gate,
        notice: Callable[[Event], None],
        run_id: str,
        is_pictured: bool = True,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._page = page
        self._profile = profile
        self._store = store
        self._looking = looking
        self._dialogs = dialogs
        self._gate = gate
        self._notice = notice
        self._run_id = run_id
        self._is_pictured = is_pictured
        self._now = now
        #: Every irreversible act armed in this task, in order.
        self.acts: list[Act] = []
        #: Those that the dashboard finishes later: place among the acts, and intent.
        self._unended: list[tuple[int, Intent]] = []
        #: Acts of this task that are not marked as irreversible and changed something all the same: by step and
        #: sentence, in which attempt, and what was sent.
        self._changed: dict[tuple[str, str], tuple[int, str]] = {}
        self._attempt = 0
        #: How many goals around the present step were looked for in this attempt, and did not hold.
        self.goals_open = 0
        #: Conversation -> how many of its messages the transcript holds.
        self.told: dict[str, int] = {}
        #: Targets painted over in pictures.
        self.masks: list[str] = []

    def use(self, page: Page, looking: Looking) -> None:
        """Goes on in another page."""
        self._page = page
        self._looking = looking

    def begin_task(self) -> None:
        """Forgets the acts of the task before, also those whose end was not seen: they stay open in the ledger."""
        self.acts = []
        self._unended = []
        self._changed = {}
        self._attempt = 0

    def begin_attempt(self) -> None:
        """To be told each time that the task begins."""
        self._attempt += 1

    def do(self, step: ActBase, scope: Scope, ref: StepRef) -> None:
        if isinstance(step, GotoStep):
            with self._looking.traffic.loading():
                actions.do_goto(
                    self._page,
                    self._profile.dashboard,
                    step.goto.fill_text(scope.values),
                    step.timeout or self._looking.timeouts.expect,
                )
            self._looking.expect(step, scope, ref)
            return
        if isinstance(step, FillStep):
            _assert_given(step, scope)
        # 1. Find the one element.
        found = self._find_for(step, scope, ref)
        # 2. Picture it, marked.
        self.picture(ref, "before", found)
        # 3. Act, through the gate if it cannot be undone.
        if step.irreversible is not None:
            self._do_irreversible(step, scope, ref, found)
            return
        self._looking.stop_if_told()
        self._assert_not_done_before(step, ref)
        self._looking.remember(step, scope)
        is_confirming = isinstance(step, ClickStep) and _is_in_dialog(found.locator)
        self._looking.traffic.note_act(is_confirming=is_confirming)
        pressed_at = monotonic()
        try:
            with self._attending(step, scope, pressed_at):
                self._do_unmarked(step, scope, ref, found, pressed_at)
        finally:
            self._take_down_changes(step, scope, ref, pressed_at)
        self._assert_harmless(step, ref)

    def _do_unmarked(
        self, step: ActBase, scope: Scope, ref: StepRef, found: Found, pressed_at: float
    ) -> None:
        unticked = self._try_press(step, scope, found.locator)
        # What the page did not hear is pressed once more, which nothing that can not be undone ever is.
        if isinstance(step, _PRESSES) and (step.expect or unticked):
            expect = step.expect if step.expect and not unticked else ()
            if self._looking.was_unheard(step, expect, scope, pressed_at):
                self._press_again(step, scope, ref)
            elif unticked and not step.expect:
                raise unticked
        # 4. Look for what it should bring about.
        # No picture after an act that can be undone: the next act's picture shows the same, and each one costs
        # a tenth of a second.
        if step.expect:
            self._looking.expect(step, scope, ref)

    @contextmanager
    def _attending(self, step: ActBase, scope: Scope, pressed_at: float) -> Iterator[None]:
        """While entered, what the browser asks is answered as the step says, and anything else stops it.

        Raises BlockedError, or ApplicationError where something was sent all the same.
        """
        expected = None
        if step.dialog is not None:
            says = step.dialog.says.fill_text(scope.values) if step.dialog.says else ""
            expected = (step.dialog.answer == "accept", says)

        def objection() -> None:
            if not self._dialogs.unexpected:
                return
            has_sent = self._looking.traffic.has_asked_since(pressed_at)
            problem = Problem(
                what=self._dialogs.unexpected[0],
                where=step.span,
                details=(("page", self._page.url),),
                done="it was turned down" + (", and something was sent to the dashboard" if has_sent else ""),
                next="look at the page; say in the flow what is right: dialog: {answer: accept, says: ...}, or "
                "new_window: close",
            )
            raise ApplicationError(problem) if has_sent else BlockedError(problem)

        with self._dialogs.during(expected, may_open=step.new_window is not None):
            self._looking.raise_objection = objection
            try:
                yield
                objection()
            finally:
                self._looking.raise_objection = lambda: None

    def _assert_not_done_before(self, step: ActBase, ref: StepRef) -> None:
        """Raises OutcomeUnknownError where an earlier attempt did this, and nothing shows that it had no effect."""
        attempt, sent = self._changed.get(_deed(ref), (self._attempt, ""))
        if attempt == self._attempt or step.reversible or self.goals_open:
            return
        raise OutcomeUnknownError(
            Problem(
                what=f"'{ref.name}' was done before the task began anew, and sent {sent}",
                where=step.span,
                details=(("page", self._page.url),),
                done="it was done once and not again",
                next="look at the dashboard; put the step under a goal that shows whether it is still to be done, "
                "or say 'reversible: true' where doing it again does no harm",
            )
        )

    def _take_down_changes(self, step: ActBase, scope: Scope, ref: StepRef, pressed_at: float) -> None:
        sent = self._looking.traffic.changes_since(pressed_at)
        # Who signs in changes nothing of a customer's.
        if not sent or step.reversible or scope.flow.private:
            return
        self._changed[_deed(ref)] = (self._attempt, ", ".join(dict.fromkeys(sent)))

    def _assert_harmless(self, step: ActBase, ref: StepRef) -> None:
        """Raises OutcomeUnknownError where an act changed a live dashboard and no flow says that it does."""
        attempt, sent = self._changed.get(_deed(ref), (0, ""))
        if attempt != self._attempt or not sent:
            return
        what = f"'{ref.name}' sent {sent}, and its flow does not say that it changes anything"
        if self._profile.is_local:
            self._notice(
                Noted(
                    kind="remark",
                    text=f"{what}{self._advice(step)}",
                    page_url=self._page.url,
                    at=self._now(),
                )
            )
            return
        raise OutcomeUnknownError(
            Problem(
                what=what,
                where=step.span,
                details=(("page", self._page.url),),
                done="it was done once; nothing was done after it",
                next="look at the dashboard; mark the step with 'irreversible' and 'object', or with "
                "'reversible: true' if it can be undone; a request that has nothing to do with it belongs under "
                "'background' in the profile",
            )
        )

    def _advice(self, step: ActBase) -> str:
        """How the linter comes to know that an act changes something."""
        target = main_target(step)
        stored = self._store.find(target.target) if target is not None else None
        if stored is None or stored.target.changes:
            return ""
        return f"; with 'changes: true' at {stored.span} the linter warns of it"

    def _try_press(self, step: ActBase, scope: Scope, element: Locator) -> PlaywrightError | None:
        """Presses once. Returns what Playwright said where it is a box that stayed as it was."""
        try:
            self._press(step, scope, element)
        except PlaywrightTimeout:
            # What it was to bring about may have come by itself: a dialog that closes while its Cancel is sought.
            if not step.expect or not self._looking.holds(step.expect, scope):
                raise
        except PlaywrightError as error:
            if not isinstance(step, CheckStep | UncheckStep) or _NOT_TICKED not in error.message:
                raise
            return error
        return None

    def _press_again(self, step: ActBase, scope: Scope, ref: StepRef) -> None:
        """Makes an act that can be undone a second time, unless what it acts on is no longer there."""
        target = main_target(step)
        found = self._looking.resolver.search(target, scope.values).found if target else None
        if found is None:
            return
        self._looking.stop_if_told()
        self._notice(
            Noted(
                kind="remark",
                text=f"nothing came of '{ref.name}', and nothing was sent: pressed once more, as if unheard",
                page_url=self._page.url,
                at=self._now(),
            )
        )
        try:
            self._press(step, scope, found.locator)
        except PlaywrightTimeout:
            if not step.expect or not self._looking.holds(step.expect, scope):
                raise

    def _find_for(self, step: ActBase, scope: Scope, ref: StepRef) -> Found:
        if isinstance(step, ChooseStep):
            return self._looking.find_option(step, scope, ref)
        target = main_target(step)
        if target is None:
            raise AssertionError(f"{verb_of(step)} acts on no element")
        return self._looking.find(target, step, scope, ref)

    def _press(self, step: ActBase, scope: Scope, element: Locator) -> None:
        match step:
            case ClickStep() | ChooseStep():
                actions.do_click(element)
            case HoverStep():
                actions.do_hover(element)
            case FillStep():
                value = step.fill.typed(scope.values)
                if isinstance(value, PassingSecret):
                    self._looking.poll(lambda: value.is_ready() or None, _MOST_UNTIL_FRESH_MS)
                    value = value.use()
                (actions.do_type if step.fill.slowly else actions.do_fill)(element, value)
            case CheckStep():
                actions.do_tick(element, "check")
            case UncheckStep():
                actions.do_tick(element, "uncheck")
            case PressStep():
                actions.do_press(element, step.press.key)
            case SelectStep():
                actions.do_select(element, step.select.option.fill_text(scope.values))
            case _:
                raise AssertionError(f"no way to press {verb_of(step)}")

    def _do_irreversible(self, step: ActBase, scope: Scope, ref: StepRef, found: Found) -> None:
        """One press at most, armed in the ledger before it is made."""
        if step.irreversible is None or step.object is None:
            raise AssertionError("the linter refuses an irreversible act without an object")
        try:
            self._commit(
                step,
                scope,
                ref,
                found,
                object_key=step.object.fill_text(scope.values),
                sentence=step.irreversible.fill_text(scope.values),
                await_effect=lambda: self._looking.expect(step, scope, ref),
            )
        except SentBeforeError as error:
            # What became of the first time, nobody but a person can say.
            raise OutcomeUnknownError(*error.problems) from None
        self.picture(ref, "after", None)

    def send_message(
        self,
        step: ConverseStep,
        scope: Scope,
        ref: StepRef,
        found: Found,
        *,
        key: str,
        text: str,
        await_effect: Callable[[], None],
    ) -> None:
        """Presses what sends one message of a conversation; each message is an intent of its own.

        key: what tells it from the conversation's, and the customer's, other messages.
        """
        if step.irreversible is None or step.object is None:
            raise AssertionError("the linter refuses a conversation without an object")
        self.picture(ref, "before", found)
        self._commit(
            step,
            scope,
            ref,
            found,
            object_key=f"{step.object.fill_text(scope.values)}#{key}",
            sentence=f"{step.irreversible.fill_text(scope.values)}: message {key}, '{text}'",
            await_effect=await_effect,
        )
        self.picture(ref, "after", None)

    def tell_said(self, ref: StepRef, by: Literal["robot", "support"], text: str) -> None:
        """One message of the transcript, in order."""
        self._notice(Said(step=ref, by=by, text=text, at=self._now()))

    def _commit(
        self,
        step: ActBase,
        scope: Scope,
        ref: StepRef,
        found: Found,
        *,
        object_key: str,
        sentence: str,
        await_effect: Callable[[], None],
    ) -> None:
        # 1. A person, where one must be asked: they may take their time, so the page is looked at after that.
        self._gate.ask(self._intent(scope, ref, found, object_key, sentence))
        # 2. Whatever can be wrong is looked at before the gate.
        place = self._look_before(step, scope, ref, found)
        # 3. The gate commits the intent, or nothing is pressed.
        intent = self._intent(scope, ref, found, object_key, sentence)
        settle_after_ms = None if step.once or isinstance(step, ConverseStep) else step.settle_after
        asked_at, asked_s = self._now(), monotonic()
        self._gate.arm(intent, settle_after_ms=settle_after_ms)
        self._notice(Armed(intent=intent))
        # The clock counts while the machine sleeps, the other one whatever becomes of the clock.
        late_s = max((self._now() - asked_at).total_seconds(), monotonic() - asked_s)
        if late_s > _MOST_UNTIL_PRESS_S:
            raise self._come_too_late(intent, step, late_s)
        # 4. The press. From here on an error no longer means that nothing happened.
        status = settled_as = Status.UNKNOWN
        self._looking.traffic.note_act()
        pressed_at = monotonic()
        try:
            with self._attending(step, scope, pressed_at):
                if isinstance(step, ClickStep | ChooseStep | ConverseStep):
                    actions.do_click_at(found.locator, place)
                else:
                    self._press(step, scope, found.locator)
                self._notice(Acted(intent=intent, pressed=True, at=self._now()))
                # 5. Its effect.
                self._await_effect(await_effect, step, scope, ref, pressed_at)
            if step.asks_again and self._looking.holds(step.asks_again, scope):
                # Not done yet, so that the answer may be armed; and not known to be undone.
                self._unended.append((len(self.acts), intent))
                settled_as = Status.FAILED
            elif step.ends_later:
                self._unended.append((len(self.acts), intent))
            else:
                status = settled_as = Status.PASSED
        except BusinessError:
            status = settled_as = Status.FAILED
            raise
        except (ApplicationError, PlaywrightError) as error:
            what = error.problem.what if isinstance(error, RobotError) else error.message.splitlines()[0]
            raise OutcomeUnknownError(
                Problem(
                    what=f"pressed '{ref.name}' for {object_key}, and its effect was not seen: {what}",
                    where=step.span,
                    details=(("page", self._page.url),),
                    done="it was pressed once and is not pressed again unless a look shows that it did nothing",
                    next="look at the dashboard, then run again",
                )
            ) from None
        finally:
            self.acts.append(Act(object=object_key, sentence=sentence, status=status))
            self._gate.settle(intent, settled_as)

    def _come_too_late(self, intent: Intent, step: ActBase, late_s: float) -> ApplicationError:
        """This run was stopped for a while, and another one may have taken it for dead."""
        self._notice(Acted(intent=intent, pressed=False, at=self._now()))
        self.acts.append(Act(object=intent.object, sentence=intent.sentence, status=Status.FAILED))
        self._gate.settle(intent, Status.FAILED)
        return ApplicationError(
            Problem(
                what=f"{late_s:.0f} s went by between writing down and pressing: "
                "the process was stopped, or its machine",
                where=step.span,
                details=(("object", intent.object), ("page", self._page.url)),
                done="nothing was pressed",
                next="run again",
            )
        )

    def _look_before(self, step: ActBase, scope: Scope, ref: StepRef, found: Found) -> Position | None:
        """Whether the press can land, whether this is the customer, the guard. Returns where to press."""
        try:
            place = actions.try_click(found.locator)
        except PlaywrightTimeout:
            # The guard knows better why: the button is disabled because a word is missing, say.
            if step.require:
                self._looking.require(step.require, step, scope, ref)
            raise
        assert_customer(self._page, self._looking.resolver, found, scope.flow, scope.values)
        if step.require:
            self._looking.require(step.require, step, scope, ref)
        self._looking.remember(step, scope)
        self._looking.stop_if_told()
        return place

    def _intent(self, scope: Scope, ref: StepRef, found: Found, object_key: str, sentence: str) -> Intent:
        return Intent(
            object=object_key,
            sentence=sentence,
            location_id=scope.location_id,
            run_id=self._run_id,
            step=ref,
            page_url=self._page.url,
            frame_url=found.frame.url if found.frame != self._page.main_frame else "",
            at=self._now(),
        )

    def _await_effect(
        self, await_effect: Callable[[], None], step: ActBase, scope: Scope, ref: StepRef, pressed_at: float
    ) -> None:
        """Waits for the effect; where it is not seen, looks once more on the page loaded anew.

        A refusal is believed, unless an answer was lost meanwhile: then the page may say no to what was done.
        """
        try:
            await_effect()
        except BusinessError as error:
            was_lost = self._looking.traffic.has_failed_since(pressed_at)
            if isinstance(step, ConverseStep):
                # Support refuses no message: what goes wrong while one is looked for says nothing about it.
                raise ApplicationError(*error.problems) from None
            if not was_lost:
                raise
            if not self._looking.see_afresh(step, scope, ref):
                if step.once:
                    # Nothing shows that it was not done.
                    raise ApplicationError(*error.problems) from None
                raise
        except ApplicationError:
            if isinstance(step, ConverseStep) or not self._looking.see_afresh(step, scope, ref):
                raise

    def has_unended(self, *, since: int) -> bool:
        """Whether something that was pressed, from number `since` on, ends later and was not seen to have ended."""
        return any(place >= since for place, _ in self._unended)

    def settle_ended(self, *, since: int) -> None:
        """Settles the acts that end later, from number `since` on: the goal around them was seen to hold."""
        ended = [item for item in self._unended if item[0] >= since]
        for place, intent in ended:
            self._gate.settle(intent, Status.PASSED)
            self.acts[place] = replace(self.acts[place], status=Status.PASSED)
            self._unended.remove((place, intent))

    def picture(self, ref: StepRef, moment: Literal["before", "after", "stop"], marked: Found | None) -> None:
        if not self._is_pictured:
            return
        picture = take_picture(self._page, marked=marked, masks=self._mask_locators())
        self._notice(
            Pictured(
                step=ref,
                moment=moment,
                image=picture.image,
                mark=picture.mark,
                missing=picture.missing,
                page_url=self._page.url,
                at=self._now(),
            )
        )

    def _mask_locators(self) -> list[Locator]:
        return [
            locator
            for name in dict.fromkeys(self.masks)
            for locator in self._looking.resolver.every_locator(self._store.find(name))
        ]


def _assert_given(step: FillStep, scope: Scope) -> None:
    """Raises ApplicationError where a secret that nobody gave would be typed."""
    names = step.fill.value.names
    given = scope.flow.inputs.get(names[0]) if len(names) == 1 else None
    if given is None or not given.secret or step.fill.typed(scope.values) != "":
        return
    raise ApplicationError(
        Problem(
            what=f"'{names[0]}' was not given, and nothing can be typed for it",
            where=step.fill.value.span or step.span,
            done="nothing was typed",
            next=f"set it, or let the flow ask for it before: if: {{holds: not {names[0]}}}",
        )
    )


def _deed(ref: StepRef) -> tuple[str, str]:
    """What tells an act from others: where it is written, and what it is done to."""
    return ref.where, ref.sentence


def _is_in_dialog(element: Locator) -> bool:
    try:
        return bool(element.evaluate(_IN_DIALOG, timeout=READ_MS))
    except PlaywrightTimeout:
        # It has gone, which the press will tell.
        return False
