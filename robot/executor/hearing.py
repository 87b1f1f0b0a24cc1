"""What a message of support means: a prompt, an end, chatter, or something that nobody knows. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from robot.flow.step import ConverseBody, KnownPrompt

Kind = Literal["done", "confirmed", "ended", "prompt", "chatter", "unknown"]

#: Ends of sentences: a mark before a blank, or a line's end.
_SENTENCES = re.compile(r"(?<=[.!?])\s+|\n+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What one message means."""

    kind: Kind
    #: The known prompts that it fits; for a prompt, one.
    prompts: tuple[KnownPrompt, ...] = ()
    #: How long support may be silent after it, in ms; None: as usual.
    within_ms: int | None = None
    #: What `done` has captured.
    captured: dict[str, Any] = field(default_factory=dict)


def hear(text: str, body: ConverseBody, *, is_requested: bool) -> Meaning:
    """What a message means. is_requested: the request stands in the conversation, so it can be confirmed."""
    # 1. What ends it. Before anything was requested, a ticket's number is that of something else.
    if is_requested:
        match = _search(body.done, text)
        if match is not None:
            groups = {name: value for name, value in match.groupdict().items() if value is not None}
            return Meaning(kind="done", captured=groups)
        if body.confirmed is not None and _search(body.confirmed.says, text):
            return Meaning(kind="confirmed", within_ms=body.confirmed.within)
    if body.ended is not None and _search(body.ended, text):
        return Meaning(kind="ended")
    # 2. What it asks.
    prompts = fitting(text, body)
    if prompts:
        return Meaning(kind="prompt" if len(prompts) == 1 else "unknown", prompts=prompts)
    # 3. What needs no answer: every sentence must be known.
    matches = [_chatter_of(sentence, body) for sentence in _SENTENCES.split(text) if sentence.strip()]
    if not matches or not all(matches):
        return Meaning(kind="unknown")
    waits = [item.within for found in matches for item in found if item.within is not None]
    return Meaning(kind="chatter", within_ms=max(waits, default=None))


def fitting(text: str, body: ConverseBody) -> tuple[KnownPrompt, ...]:
    """The known prompts that a text fits."""
    return tuple(item for item in body.known if _fits(item, text))


def count_said(prompt: KnownPrompt, answers: Sequence[str], own: Sequence[str]) -> int:
    """How many of our own messages give this answer; the request itself may be a part of one."""
    wanted = {fold(answer) for answer in answers}
    said = [fold(text) for text in own]
    if prompt.once:
        return sum(any(answer in text for answer in wanted) for text in said)
    return sum(text in wanted for text in said)


def fold(text: str) -> str:
    """White space folded: pages show line breaks and blanks in their own way."""
    return " ".join(text.split())


def _chatter_of(sentence: str, body: ConverseBody) -> list[Any]:
    return [item for item in body.chatter if _search(item.says, sentence.strip())]


def _fits(item: KnownPrompt, text: str) -> bool:
    if item.unless is not None and _search(item.unless, text):
        return False
    return _search(item.prompt, text) is not None


def _search(pattern: str, text: str) -> re.Match[str] | None:
    return re.search(pattern, text, re.IGNORECASE)
