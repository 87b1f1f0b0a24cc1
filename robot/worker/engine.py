"""What works jobs through their stages, whatever happens to the process: the protocol that the rest relies on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

#: Does one stage of a job and returns a word that is kept: a stage that has ended is never done again.
Stage = Callable[[], str]


class Stages(Protocol):
    """Handed to whoever works a job."""

    def __call__(self, name: str, do: Stage) -> str:
        """The word of the stage of this name: of an earlier try, or of `do`, which may have been cut off before."""


#: Works one turn of a job, and returns a word for its end. Called again from its beginning after a crash.
Work = Callable[[str, Stages], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One turn of a job in the queue."""

    #: Once, ever: a second ticket of the same key is not taken.
    key: str
    job_id: str
    #: Tickets of one lane are worked one after the other, by workers that have it: the login.
    lane: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When something is done again and again."""

    name: str
    #: Five fields: minute, hour, day of the month, month, day of the week.
    cron: str
    #: IANA's name, such as `Europe/Berlin`.
    time_zone: str
    #: Kept with it, and given to whoever is told of a tick.
    hours: float
    #: When it ticks next; None where that was not asked.
    next_at: datetime | None = None


#: Told of a tick of a schedule, at one process for each tick, once: name, when it was due (UTC), and its hours.
OnTick = Callable[[str, datetime, float], None]


class Engine(Protocol):
    """The queue of one dashboard in one database, as seen by one process."""

    def put(self, ticket: Ticket, within: Any = None) -> bool:
        """Queues a ticket. Returns False for one whose key is known, whatever became of that.

        within: a SQLAlchemy connection to the same database: the ticket is there once its transaction is committed.
        """

    def state_of(self, key: str) -> str | None:
        """`queued`, `working`, `done`, `failed` or `withdrawn`; None for a key that is not known."""

    def hold(self) -> None:
        """From now on nobody takes this process for dead. Raises SetupError when the database cannot be had."""

    def launch(self, work: Work, *, lanes: Sequence[str], on_tick: OnTick | None = None) -> None:
        """Begins to work the tickets of these lanes. What was cut off in them is taken over.

        on_tick: None leaves the ticks of schedules to other processes.
        """

    def schedule(self, schedule: Schedule) -> None:
        """Adds a schedule, in the place of one of the same name. Raises BadInputError for one that is none."""

    def schedules(self) -> list[Schedule]:
        """By name."""

    def unschedule(self, name: str) -> None:
        """Takes a schedule away; nothing for one that is not there."""

    def is_connected(self) -> bool:
        """Whether others know that this process lives; when they do not, it must let go of what it works on."""

    def close(self, *, within_s: float) -> None:
        """Begins nothing more, and waits so long for what is being worked."""
