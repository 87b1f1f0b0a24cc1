"""A conversation with support: reads each prompt, answers those it knows, stops at any other.

Prompts are answered in whatever order they come. The transcript is read to its end before anything is
counted, and every message sent is an intent of its own.
"""

from __future__ import annotations

import re
from typing import Any

from robot.errors import ApplicationError, BlockedError, OutcomeUnknownError, Problem
from robot.executor import actions
from robot.executor.acting import Acting
from robot.executor.looking import Looking
from robot.executor.resolver import Found
from robot.executor.scope import Scope
from robot.flow.model import ConverseBody, ConverseStep, KnownPrompt, TargetUse
from robot.flow.template import Template
from robot.run.model import StepRef

Message = dict[str, str]


class Conversation:
    """One conversation step, from the first prompt that is open to the message that ends it."""

    def __init__(
        self, step: ConverseStep, scope: Scope, ref: StepRef, *, looking: Looking, acting: Acting
    ) -> None:
        self._step = step
        self._body: ConverseBody = step.converse
        self._scope = scope
        self._ref = ref
        self._looking = looking
        self._acting = acting
        self._told = 0
        self._answered: dict[str, int] = {}

    def hold(self) -> None:
        """Talks until the message that ends it is there.

        Raises BlockedError at an unknown prompt and when a prompt is asked too often; OutcomeUnknownError
        when support falls silent after something was sent.
        """
        sent = 0
        while True:
            messages = self._await_turn(sent)
            done = self._find_done(messages)
            if done is not None:
                self._scope.values.update(done)
                return
            if sent >= self._body.at_most:
                raise self._stop(f"{sent} messages were sent and it has not ended", messages)
            prompt = self._match_prompt(messages)
            self._send(prompt, messages)
            sent += 1

    def _await_turn(self, sent: int) -> list[Message]:
        """Waits until support has spoken last and is not writing; gives all messages."""
        latest: list[Message] = []

        def is_our_turn() -> list[Message] | None:
            nonlocal latest
            if self._body.typing is not None:
                search = self._looking.resolver.search(self._body.typing, self._scope.values)
                if search.decision.kind != "none":
                    return None
            latest = self._read() or latest
            if not latest or self._is_ours(latest[-1]):
                return None
            # Support has spoken last; a second look must agree, since it may go on.
            second = self._looking.checker.read_twice(self._body.messages, self._scope.values, calmly=True)
            return latest if second.is_complete and list(second.rows) == latest else None

        messages = self._looking.poll(is_our_turn, self._body.silence)
        self._tell(latest)
        if messages is not None:
            return messages
        problem = Problem(
            what=f"support has said nothing for {self._body.silence // 1000} s",
            where=self._step.span,
            done=f"{sent} messages were sent" if sent else "nothing was sent",
            next="look at the conversation; run again later: it carries on in the same thread",
        )
        raise OutcomeUnknownError(problem) if sent else ApplicationError(problem)

    def _is_ours(self, message: Message) -> bool:
        return message["by"] == self._body.mine

    def _read(self) -> list[Message] | None:
        """Every message so far; None while they cannot be read whole."""
        reading = self._looking.checker.read(self._body.messages, self._scope.values)
        return list(reading.rows) if reading.is_complete else None

    def _tell(self, messages: list[Message]) -> None:
        for message in messages[self._told :]:
            self._acting.tell_said(
                self._ref, "robot" if self._is_ours(message) else "support", message["text"]
            )
        self._told = max(self._told, len(messages))

    def _open_prompts(self, messages: list[Message]) -> list[Message]:
        """What support has said since our last message."""
        for index in range(len(messages) - 1, -1, -1):
            if self._is_ours(messages[index]):
                return messages[index + 1 :]
        return messages

    def _find_done(self, messages: list[Message]) -> dict[str, Any] | None:
        for message in self._open_prompts(messages):
            match = re.search(self._body.done, message["text"], re.IGNORECASE)
            if match is not None:
                return {name: value for name, value in match.groupdict().items() if value is not None}
        return None

    def _match_prompt(self, messages: list[Message]) -> KnownPrompt:
        """The known prompt that the last open message is. Raises BlockedError when none or several fit."""
        open_prompts = [
            message
            for message in self._open_prompts(messages)
            if not (self._body.ignore and re.search(self._body.ignore, message["text"], re.IGNORECASE))
        ]
        if not open_prompts:
            raise self._stop("support asks nothing that needs an answer, and has not ended", messages)
        text = open_prompts[-1]["text"]
        fitting = [item for item in self._body.known if _fits(item, text)]
        if len(fitting) != 1:
            said = "is not known" if not fitting else f"fits {len(fitting)} known ones"
            raise self._stop(f"a prompt of support {said}: '{text}'", messages)
        prompt = fitting[0]
        self._answered[prompt.name] = self._answered.get(prompt.name, 0) + 1
        if self._answered[prompt.name] > prompt.at_most:
            raise self._stop(f"support asks again and again: '{text}'", messages)
        return prompt

    def _send(self, prompt: KnownPrompt, messages: list[Message]) -> None:
        """Sends one answer, through the gate, and waits until it stands in the transcript."""
        answer = prompt.answer.fill_text(self._scope.values)
        count = len(messages)
        button = self._quick_reply(answer)
        if button is None:
            box = self._looking.find(self._body.input, self._step, self._scope, self._ref)
            actions.do_fill(box.locator, answer)
            button = self._looking.find(self._body.send, self._step, self._scope, self._ref)

        def stands_there() -> bool | None:
            return any(self._is_ours(row) for row in (self._read() or [])[count:]) or None

        def await_effect() -> None:
            if not self._looking.poll(stands_there, self._step.timeout or self._looking.timeouts.expect):
                raise ApplicationError(Problem(what="the message does not stand in the conversation"))

        number = sum(self._is_ours(row) for row in messages) + 1
        self._acting.send_message(
            self._step, self._scope, self._ref, button, number=number, text=answer, await_effect=await_effect
        )

    def _quick_reply(self, answer: str) -> Found | None:
        if self._body.quick_reply is None:
            return None
        use = TargetUse.model_validate(
            {"target": self._body.quick_reply, "with": {"label": Template(answer)}}
        )
        return self._looking.resolver.search(use, self._scope.values).found

    def _stop(self, what: str, messages: list[Message]) -> BlockedError:
        last = "\n".join(f"{message['by']}: {message['text']}" for message in messages[-4:])
        return BlockedError(
            Problem(
                what=what,
                where=self._step.span,
                details=(("last said", last),),
                done="no answer was guessed",
                next="finish this conversation by hand, or add the prompt to the flow and run again",
            )
        )


def _fits(item: KnownPrompt, text: str) -> bool:
    if item.unless is not None and re.search(item.unless, text, re.IGNORECASE):
        return False
    return re.search(item.prompt, text, re.IGNORECASE) is not None
