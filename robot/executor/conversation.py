"""A conversation with support: reads each prompt, answers those it knows, stops at any other.

Prompts are answered in whatever order they come. The transcript is read to its end before anything is
counted, and every message sent is an intent of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from robot.errors import (
    ApplicationError,
    BlockedError,
    OutcomeUnknownError,
    Problem,
    SentBeforeError,
    TargetMissingError,
)
from robot.executor import actions
from robot.executor.acting import Acting
from robot.executor.hearing import Meaning, count_said, fitting, fold, hear
from robot.executor.looking import Looking
from robot.executor.resolver import Found
from robot.executor.scope import Scope
from robot.flow.look import TargetUse
from robot.flow.step import CONVERSATION, ConverseBody, ConverseStep, KnownPrompt, Step
from robot.flow.template import Verbatim
from robot.run.model import StepRef

Message = dict[str, str]

#: What a person does where the robot must not guess; the conversation is carried on afterwards.
_BY_HAND = (
    "answer it by hand in the chat behind [?] (Help & Support) and run again: the robot carries on in the same "
    "conversation and repeats nothing"
)


#: How often one conversation is come back to, on the page loaded anew.
_MOST_RETURNS = 3
#: Something of so many characters is not a part of another message by chance.
_TELLING = 20
#: What a page may write into a message beside its text, such as a name and the time, in characters.
_TRIMMINGS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """What stands there when it is our turn, or when it is over."""

    messages: list[Message]
    #: How it ended; empty while it goes on.
    ending: Literal["", "done", "confirmed", "ended"] = ""
    captured: dict[str, Any] = field(default_factory=dict)
    #: Labels of the form that waits to be filled.
    labels: tuple[str, ...] = ()
    #: Places of the messages that need an answer, and what each means.
    asked: tuple[tuple[int, Meaning], ...] = ()


class Conversation:
    """One conversation step, from the first prompt that is open to the message that ends it."""

    def __init__(
        self,
        step: ConverseStep,
        scope: Scope,
        ref: StepRef,
        *,
        looking: Looking,
        acting: Acting,
        run_steps: Callable[[tuple[Step, ...], Scope], None],
    ) -> None:
        """run_steps: runs the steps that leave the conversation and come back."""
        self._step = step
        self._body: ConverseBody = step.converse
        self._scope = scope
        self._ref = ref
        self._looking = looking
        self._acting = acting
        #: Which conversation this is, as the page tells it.
        self._id = ""
        #: Places of support's messages that are dealt with; None until the transcript was read once.
        self._handled: set[int] | None = None
        self._sent = 0
        #: What was said on our side when the transcript was read first, and what was sent since: what each holds.
        self._known_own: list[tuple[str, ...]] = []
        self._run_steps = run_steps
        self._was_resumed = False
        self._returns = 0
        self._latest: list[Message] = []

    def hold(self) -> None:
        """Talks until it has ended, one way or another; the value `ending` then says which.

        Raises BlockedError at an unknown prompt and when a prompt is asked too often; OutcomeUnknownError
        when support falls silent after something was sent, or the request was sent before and is not here.
        """
        self._id = str(self._looking.read_source(self._body.conversation, self._step, self._scope, self._ref))
        deadline = self._looking.deadline(self._body.within)
        while True:
            turn = self._await_turn(deadline)
            if turn.ending:
                self._scope.values.update({**turn.captured, self._body.ending: turn.ending})
                return
            if self._sent >= self._body.at_most:
                raise self._stop(f"{self._sent} messages were sent and support has not come to an end")
            if turn.labels:
                self._fill_form(turn)
            else:
                self._answer(turn)
            self._sent += 1

    # --- listening -------------------------------------------------------------------------------

    def _await_turn(self, deadline: float) -> _Turn:
        """Waits until support has asked something and is not writing, or until it is over.

        Every new message gives support time anew, as much as its last one asks for.
        """
        count, is_back, has_come_back, waited_ms = -1, False, False, 0
        while True:
            # One that was come back to shows at once what was missed.
            allowed_ms = self._looking.timeouts.afresh if is_back else self._allowed_ms()
            waited_ms = allowed_ms if not is_back else waited_ms
            is_back = False
            is_last_wait = self._looking.left(deadline) <= allowed_ms

            def look(count: int = count) -> _Turn | Literal["more"] | None:
                turn = self._look()
                if turn is None and len(self._latest) != count:
                    return "more"
                return turn

            seen = self._looking.poll(look, max(0, min(allowed_ms, self._looking.left(deadline))))
            self._tell()
            if isinstance(seen, _Turn):
                return seen
            if seen == "more":
                count = len(self._latest)
                continue
            is_back = not has_come_back and self._come_back()
            has_come_back = True
            if not is_back:
                return self._give_up(waited_ms, is_last_wait=is_last_wait)

    def _come_back(self, *, is_sending: bool = False) -> bool:
        """Comes back to the conversation on the page loaded anew: the old one may have missed something."""
        has_sent = self._sent > 0 or self._is_requested(self._latest) or is_sending
        if not self._body.look_again or self._returns >= _MOST_RETURNS or not has_sent:
            return False
        self._returns += 1
        inner = self._scope.with_item(CONVERSATION, self._id)
        self._looking.reload()
        self._run_steps(self._body.look_again, inner)
        there = self._looking.read_source(self._body.conversation, self._step, self._scope, self._ref)
        if str(there) != self._id:
            raise self._stop("another conversation is open than before")
        return True

    def _look(self) -> _Turn | None:
        """Whether it is our turn; None while support may still go on."""
        if self._body.typing is not None:
            search = self._looking.resolver.search(self._body.typing, self._scope.values)
            if search.decision.kind != "none":
                return None
        messages = self._read()
        if messages is None:
            return None
        self._latest = messages
        if self._handled is None:
            # What was said before our last message is dealt with, whoever wrote it.
            last = max((place for place, row in enumerate(messages) if self._is_ours(row)), default=-1)
            self._handled = set(range(last + 1))
            self._known_own += [(fold(text),) for text in self._own(messages)]
        heard = self._hear(messages)
        for _, meaning in heard:
            if meaning.kind == "done":
                return _Turn(messages=messages, ending="done", captured=meaning.captured)
        asked = tuple((place, meaning) for place, meaning in heard if meaning.kind in ("prompt", "unknown"))
        has_ended = bool(heard) and heard[-1][1].kind == "ended"
        labels = () if asked or has_ended else self._form_labels()
        if not (asked or has_ended or labels):
            return None
        # A second look must agree, since support may go on.
        second = self._looking.checker.read_twice(self._body.messages, self._scope.values, calmly=True)
        if not second.is_complete or list(second.rows) != messages:
            return None
        strange = next((text for text in self._own(messages) if not self._is_known(fold(text))), None)
        if strange is not None:
            raise self._stop(f"somebody else speaks for the agency in this conversation: '{strange}'")
        if has_ended:
            return None if self._resume(heard[-1][0]) else _Turn(messages=messages, ending="ended")
        return _Turn(messages=messages, labels=labels, asked=asked)

    def _hear(self, messages: list[Message]) -> list[tuple[int, Meaning]]:
        """What support's open messages mean, each with its place."""
        handled = self._handled or set()
        is_requested = self._is_requested(messages)
        return [
            (place, hear(row["text"], self._body, is_requested=is_requested))
            for place, row in enumerate(messages)
            if place not in handled and not self._is_ours(row)
        ]

    def _allowed_ms(self) -> int:
        """How long support may be silent after what it said last."""
        usual = self._body.silence or self._looking.timeouts.silence
        waits = [
            meaning.within_ms for _, meaning in self._hear(self._latest) if meaning.within_ms is not None
        ]
        return waits[-1] if waits else usual

    def _give_up(self, waited_ms: int, *, is_last_wait: bool) -> _Turn:
        """What silence means."""
        heard = self._hear(self._latest)
        if any(meaning.kind == "confirmed" for _, meaning in heard):
            return _Turn(messages=self._latest, ending="confirmed")
        last = heard[-1][0] if heard else None
        said = f" since '{self._latest[last]['text']}'" if last is not None else ""
        has_sent = self._sent > 0 or self._is_requested(self._latest)
        problem = Problem(
            what=f"support has asked and confirmed nothing for {waited_ms // 1000} s{said}",
            where=self._step.span,
            details=self._details(),
            done=f"{self._sent} messages were sent" if self._sent else "nothing was sent in this run",
            next="look at the conversation behind [?]; run again later: the robot carries on in the same "
            "conversation and repeats nothing",
        )
        if is_last_wait:
            problem = Problem(
                what=f"the conversation was not over after {self._body.within // 60_000} min",
                where=problem.where,
                details=problem.details,
                done=problem.done,
                next=problem.next,
            )
        raise OutcomeUnknownError(problem) if has_sent else ApplicationError(problem)

    def _resume(self, place: int) -> bool:
        """Presses what carries on a conversation that has ended, where there is such a thing; once."""
        if self._body.resume is None or self._was_resumed:
            return False
        found = self._looking.resolver.search(self._body.resume, self._scope.values).found
        if found is None:
            return False
        self._acting.picture(self._ref, "before", found)
        self._was_resumed = True
        actions.do_click(found.locator)
        self._handled = {*(self._handled or set()), *range(place + 1)}
        return True

    def _is_ours(self, message: Message) -> bool:
        return message["by"] == self._body.mine

    def _is_known(self, text: str) -> bool:
        """Whether a message of our side was there before, or is one that was sent here, or a piece of one."""
        for parts in self._known_own:
            size = len(" ".join(parts))
            is_near = size >= _TELLING or len(text) <= size + _TRIMMINGS
            if any(text in part for part in parts) or (is_near and all(part in text for part in parts)):
                return True
        return False

    def _own(self, messages: list[Message]) -> list[str]:
        return [row["text"] for row in messages if self._is_ours(row)]

    def _is_requested(self, messages: list[Message]) -> bool:
        """Whether the request itself stands in the conversation."""
        own = self._own(messages)
        return any(count_said(item, self._answers_of(item), own) for item in self._body.known if item.once)

    def _read(self) -> list[Message] | None:
        """Every message so far; None while they cannot be read whole."""
        reading = self._looking.checker.read(self._body.messages, self._scope.values)
        return list(reading.rows) if reading.is_complete else None

    def _tell(self) -> None:
        told = self._acting.told.get(self._id, 0)
        for message in self._latest[told:]:
            self._acting.tell_said(
                self._ref, "robot" if self._is_ours(message) else "support", message["text"]
            )
        self._acting.told[self._id] = max(told, len(self._latest))

    # --- answering -------------------------------------------------------------------------------

    def _answer(self, turn: _Turn) -> None:
        """Answers the first open prompt. Raises BlockedError when any open message is not known."""
        for place, meaning in turn.asked:
            if meaning.kind == "unknown":
                text = turn.messages[place]["text"]
                names = ", ".join(item.name for item in meaning.prompts)
                said = f"fits several known ones ({names})" if names else "is not known"
                raise self._stop(f"a prompt of support {said}: '{text}'")
        prompt = turn.asked[0][1].prompts[0]
        asked = {place for place, meaning in turn.asked if meaning.prompts == (prompt,)}
        text = turn.messages[max(asked)]["text"]
        key = self._key_of(prompt, turn, text)
        answers = self._answers_of(prompt)
        answer, button = self._offered(answers)
        if button is None:
            try:
                box = self._looking.find(self._body.input, self._step, self._scope, self._ref)
            except TargetMissingError:
                raise self._stop(
                    f"support asks '{text}', there is nowhere to type '{answer}', and no suggested reply is that"
                ) from None
            actions.do_fill(box.locator, answer)
            button = self._looking.find(self._body.send, self._step, self._scope, self._ref)
        self._send(button, key=key, text=answer, parts=(answer,), count=len(turn.messages))
        self._settle_heard(turn, asked)

    def _settle_heard(self, turn: _Turn, answered: set[int]) -> None:
        """What was answered is dealt with, and so is chatter; another open prompt is not."""
        others = {place for place, _ in turn.asked} - answered
        self._handled = {*(self._handled or set()), *range(len(turn.messages))} - others

    def _fill_form(self, turn: _Turn) -> None:
        """Fills the form in the chat, each field by the prompt that its label is, and sends it as one message."""
        form = self._body.form
        if form is None:
            raise AssertionError("labels come from a form")
        prompts = {label: fitting(label, self._body) for label in turn.labels}
        odd = [label for label, found in prompts.items() if len(found) != 1]
        if odd:
            raise self._stop(f"a form of support has fields that are not known: {', '.join(odd)}")
        wanted = {label: found[0] for label, found in prompts.items()}
        parts = [self._key_of(item, turn, label) for label, item in wanted.items() if item.once]
        key = parts[0] if parts else self._key_of(next(iter(wanted.values())), turn, turn.labels[0])
        answers = {label: self._fill_field(label, item) for label, item in wanted.items()}
        submit = self._looking.find(form.submit, self._step, self._scope, self._ref)
        said = "\n".join(f"{label}: {answer}" for label, answer in answers.items())
        self._send(submit, key=key, text=said, parts=tuple(answers.values()), count=len(turn.messages))
        self._settle_heard(turn, set())

    def _fill_field(self, label: str, prompt: KnownPrompt) -> str:
        """Types or selects one answer; gives it as it stands there."""
        form = self._body.form
        if form is None:
            raise AssertionError("a field is one of a form")
        answers = self._answers_of(prompt)
        select = self._looking.resolver.search(_in_row(form.select, label), self._scope.values).found
        if select is None:
            box = self._looking.find(_in_row(form.input, label), self._step, self._scope, self._ref)
            actions.do_fill(box.locator, answers[0])
            return answers[0]
        options = [fold(text) for text in select.locator.locator("option").all_inner_texts()]
        answer = next((one for one in answers if one in options), None)
        if answer is None:
            raise self._stop(
                f"the form's field '{label}' offers {', '.join(options)}, and not '{answers[0]}'"
            )
        actions.do_select(select.locator, answer)
        return answer

    def _form_labels(self) -> tuple[str, ...]:
        """The labels of the form that is shown, if one is."""
        if self._body.form is None:
            return ()
        reading = self._looking.checker.read(self._body.form.fields, self._scope.values)
        return tuple(row["label"] for row in reading.rows) if reading.is_complete else ()

    def _key_of(self, prompt: KnownPrompt, turn: _Turn, text: str) -> str:
        """What tells this message from all others of the request. Raises BlockedError when it was said too often.

        The request itself has the same key in every conversation, so that it is made in one only; the rest is
        told apart by conversation. Asked again in the same one, the answer has a number.
        """
        times = 1 + count_said(prompt, self._answers_of(prompt), self._own(turn.messages))
        if times > prompt.at_most:
            raise self._stop(f"support asks again and again, {times - 1} answers did not satisfy: '{text}'")
        name = prompt.name if prompt.once else f"{self._id}/{prompt.name}"
        return name if times == 1 else f"{name}.{times}"

    def _answers_of(self, prompt: KnownPrompt) -> list[str]:
        return [item.fill_text(self._scope.values) for item in (prompt.answer, *prompt.also)]

    def _offered(self, answers: list[str]) -> tuple[str, Found | None]:
        """The answer that is offered as a quick reply, and its button; else the first answer."""
        if self._body.quick_reply is not None:
            for answer in answers:
                use = TargetUse.model_validate(
                    {"target": self._body.quick_reply, "with": {"label": Verbatim(answer)}}
                )
                found = self._looking.resolver.search(use, self._scope.values).found
                if found is not None:
                    return answer, found
        return answers[0], None

    def _send(self, button: Found, *, key: str, text: str, parts: tuple[str, ...], count: int) -> None:
        """Sends one message, through the gate, and waits until it stands in the transcript.

        parts: what it holds, as it will stand there.
        """
        self._known_own.append(tuple(fold(part) for part in parts))

        def stands_there() -> bool | None:
            return any(self._is_ours(row) for row in (self._read() or [])[count:]) or None

        def await_effect() -> None:
            timeout_ms = self._step.timeout or self._looking.timeouts.expect
            if self._looking.poll(stands_there, timeout_ms):
                return
            if not (
                self._come_back(is_sending=True)
                and self._looking.poll(stands_there, self._looking.timeouts.afresh)
            ):
                raise ApplicationError(Problem(what="the message does not stand in the conversation"))

        try:
            self._acting.send_message(
                self._step, self._scope, self._ref, button, key=key, text=text, await_effect=await_effect
            )
        except SentBeforeError as error:
            raise self._sent_before(key, text, error) from None

    def _sent_before(self, key: str, text: str, error: SentBeforeError) -> OutcomeUnknownError:
        """What was armed by an earlier run and does not stand here: only a person can say what became of it."""
        is_request = key.split(".", maxsplit=1)[0] in {item.name for item in self._body.known if item.once}
        if is_request:
            what = "the request was sent to support before and does not stand in this conversation"
            todo = (
                "look for the request in the agency's mail and in the list behind [?], or ask support for it; "
                "finish it by hand"
            )
        else:
            what = f"'{text}' was said to support before and does not stand in this conversation"
            todo = _BY_HAND
        return OutcomeUnknownError(
            Problem(
                what=what,
                where=self._step.span,
                details=(("ledger", error.problem.what), *self._details()),
                done=f"it was not sent again; {self._sent} other messages were sent in this run",
                next=todo,
            )
        )

    # --- stopping --------------------------------------------------------------------------------

    def _details(self) -> tuple[tuple[str, str], ...]:
        last = "\n".join(f"{message['by']}: {message['text']}" for message in self._latest[-4:])
        return (("last said", last),) if last else ()

    def _stop(self, what: str) -> BlockedError:
        return BlockedError(
            Problem(
                what=what,
                where=self._step.span,
                details=self._details(),
                done=f"no answer was guessed; {self._sent} messages were sent in this run",
                next=_BY_HAND,
            )
        )


def _in_row(target: str, label: str) -> TargetUse:
    return TargetUse.model_validate({"target": target, "row": Verbatim(label)})
