"""Counts seen on the page to a decision: which candidate, if any. Pure; looking is the executor's work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many visible elements one candidate matched, in the main document and the frames together."""

    candidate: int
    visible: int
    #: Matched but not shown.
    hidden: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    kind: Literal["matched", "drifted", "ambiguous", "none"]
    #: Index of the candidate that decided; None for `none`.
    candidate: int | None


def decide(counts: list[Count]) -> Decision:
    """The first candidate that matches anything decides: one is a match, more are ambiguous.

    A match of a later candidate is `drifted`. A narrower later candidate never rescues an ambiguous earlier
    one: that would be a guess.
    """
    for count in counts:
        if count.visible == 1:
            kind: Literal["matched", "drifted"] = "matched" if count.candidate == 0 else "drifted"
            return Decision(kind=kind, candidate=count.candidate)
        if count.visible > 1:
            return Decision(kind="ambiguous", candidate=count.candidate)
    return Decision(kind="none", candidate=None)
