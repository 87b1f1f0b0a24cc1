"""How long the executor looks before it gives up. One frozen object, handed in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """All in ms; a step's own `timeout:` goes before them."""

    #: A guard, before anything is done.
    require: int = 15_000
    #: The element to act on.
    target: int = 15_000
    #: What an act should bring about.
    expect: int = 20_000
    #: The same, once the page has been loaded anew because it was not seen.
    afresh: int = 8_000
    #: A task's goal, after acting.
    goal: int = 60_000
    #: The same, for what ends later than the page says that it has begun; None for as long as the flow says.
    ends_later: int | None = None
    #: What support says next, in a conversation.
    silence: int = 120_000
    #: What only one run at a time may use on a dashboard, until another one has let go of it.
    alone: int = 900_000
    #: Until something that was pressed before can no longer take effect, where no more is left of that time.
    in_doubt: int = 60_000
    #: Two matches that do not become one.
    ambiguous: int = 1_500
    #: A later candidate must have been the only match for this long before it is taken.
    drift: int = 500
    #: Rows of a list, after scrolling or turning a page.
    drawn: int = 8_000
    #: Between two rounds of leaving the page and coming back, while a goal is awaited.
    look_again: int = 2_000
    #: After a press that can be undone, until it is made once more where the page seems not to have heard it.
    unheard: int = 3_000
