"""What a survey taken afterwards says: what is done, left, still going on, and what may still cost money."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo

from robot.case.plan import ObjectState, Plan, PlannedObject, PlannedTask
from robot.ledger.followups import SettlementRow
from robot.time_zone import shown_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """An object that is still to be done, or for a person."""

    task: str
    object: str
    shown: str
    #: Why, and what to do about it.
    why: str
    next: str
    #: It was not in the plan that was carried out.
    is_new: bool

    @property
    def sentence(self) -> str:
        return self.why if self.shown in self.why else f"{self.shown}: {self.why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """An object that a person has closed."""

    object: str
    shown: str
    how: str
    reason: str
    ticket: str
    by: str
    at: str
    #: The survey still sees it.
    is_still_there: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The difference between a plan and what is there now."""

    company: str
    location_id: str
    verified_at: str
    done: tuple[PlannedObject, ...]
    #: Those of them that were to be done, and that no act of this case was made to.
    by_others: tuple[PlannedObject, ...]
    left: tuple[Left, ...]
    #: Object and what is awaited.
    waiting: tuple[tuple[str, str], ...]
    settled: tuple[Settled, ...]
    #: What may still cost money, one sentence each.
    costs: tuple[str, ...]
    #: Tasks that could not be read: title, why, what to do.
    unread: tuple[tuple[str, str, str], ...]
    #: Objects that were not found again, where that says nothing about them.
    unverified: tuple[Left, ...] = ()

    @property
    def state(self) -> tuple[str, str]:
        """State of the case by it, and why: `done` only when nothing is left, awaited, unread or unverified."""
        if self.unread:
            title, why, _ = self.unread[0]
            return "needs a person", f"could not be looked at: {title}: {why}"
        if self.unverified:
            more = f", and {len(self.unverified) - 1} more" if len(self.unverified) > 1 else ""
            return "needs a person", f"could not be verified: {self.unverified[0].sentence}{more}"
        if self.left:
            more = f", and {len(self.left) - 1} more" if len(self.left) > 1 else ""
            return "needs a person", f"{self.left[0].sentence}{more}"
        if self.waiting:
            more = f", and {len(self.waiting) - 1} more" if len(self.waiting) > 1 else ""
            return "waiting", f"{self.waiting[0][1]}{more}"
        return "done", ""


def verify(
    before: Plan,
    now: Plan,
    *,
    acted: Collection[str],
    pressed: Mapping[str, str],
    settlements: Mapping[str, SettlementRow],
) -> Verification:
    """before: the plan that was carried out. now: one made of a survey taken since.

    acted: objects that this case has pressed for. pressed: those whose press has an outcome that was not seen yet,
    with when it was made. settlements: what a person has closed, by object.
    """
    planned = {one.object: one for _, one in before.objects}
    # Each planned object by its own key: a thing that was made since had another one when it was planned.
    seen = {
        one.formerly if one.formerly in planned and one.object not in planned else one.object: (task, one)
        for task, one in now.objects
    }
    open_now = {name: pair for name, pair in seen.items() if pair[1].state is not ObjectState.DONE}
    left, waiting = [], []
    for name, (task, one) in open_now.items():
        if name in settlements:
            continue
        if one.waits:
            waiting.append((name, one.waits))
        elif name in pressed:
            waiting.append((name, f"{one.shown} was pressed at {pressed[name]} and is still there"))
        else:
            left.append(_left(task, one, is_new=name not in planned))
    waiting += [(one.object, one.waits) for _, one in now.objects if one.waits and one.object not in open_now]
    waiting = [pair for pair in waiting if pair[0] not in settlements]
    read = {
        name: one for name, one in planned.items() if name not in open_now and _is_read(now, before, name)
    }
    done = tuple(one for name, one in read.items() if name in seen or one.is_gone_when_absent)
    unverified = tuple(
        _unverified(before, one)
        for name, one in read.items()
        if name not in seen and not one.is_gone_when_absent and name not in settlements
    )
    return Verification(
        company=now.company,
        location_id=now.location_id,
        verified_at=now.surveyed_at,
        done=done,
        by_others=tuple(
            one for one in done if one.state is ObjectState.TODO and not _was_acted_on(one, acted)
        ),
        left=tuple(left),
        waiting=tuple(dict(waiting).items()),
        settled=tuple(_settled(row, planned, open_now) for row in settlements.values()),
        costs=tuple(dict.fromkeys(text for _, one in now.objects for text in one.costs)),
        unread=tuple((task.title, task.unread, task.next) for task in now.tasks if task.unread),
        unverified=unverified,
    )


def _was_acted_on(one: PlannedObject, acted: Collection[str]) -> bool:
    return one.along in acted or any(one.stands_for(name) for name in acted)


def _is_read(now: Plan, before: Plan, object_key: str) -> bool:
    """Whether the task that an object belongs to could be looked at: what was not looked at is not done."""
    [owner] = [task.task for task, one in before.objects if one.object == object_key][:1]
    return not any(task.task == owner and task.unread for task in now.tasks)


def _unverified(before: Plan, one: PlannedObject) -> Left:
    [title] = [task.title for task, other in before.objects if other.object == one.object][:1]
    return Left(
        task=title,
        object=one.object,
        shown=one.shown,
        why="was planned, and what the plan knew of it does not lead to it any more",
        next=f"look at it by hand, then settle {one.object}",
        is_new=False,
    )


def _left(task: PlannedTask, one: PlannedObject, *, is_new: bool) -> Left:
    why = one.reason or ("was not there when the plan was made" if is_new else "is still there")
    return Left(
        task=task.title,
        object=one.object,
        shown=one.shown,
        why=why,
        next=one.next or ("plan anew" if is_new else "carry the plan out again"),
        is_new=is_new,
    )


def _settled(
    row: SettlementRow,
    planned: Mapping[str, PlannedObject],
    open_now: Mapping[str, tuple[PlannedTask, PlannedObject]],
) -> Settled:
    one = open_now[row.object][1] if row.object in open_now else planned.get(row.object)
    return Settled(
        object=row.object,
        shown=one.shown if one else row.object,
        how=row.how,
        reason=row.reason,
        ticket=row.ticket,
        by=row.settled_by,
        at=row.settled_at,
        is_still_there=row.object in open_now,
    )


def sentences(found: Verification, zone: tzinfo | None = None) -> Iterator[str]:
    """The verification in words that may be sent on, a line each. zone: what its times are shown in; None: UTC."""
    yield f"{found.company} ({found.location_id}), looked at {shown_at(found.verified_at, zone)}"
    yield f"Done: {len(found.done)}."
    for other in found.by_others:
        yield f"Gone or done already, and not by this case: {other.shown}."
    for one in found.settled:
        said = "was done by hand" if one.how == "done-by-hand" else "was left as it is"
        ticket = f", ticket {one.ticket}" if one.ticket else ""
        still = "; it is still there" if one.is_still_there and one.how == "done-by-hand" else ""
        yield f"{one.shown} {said} by {one.by}: {one.reason}{ticket}{still}."
    for title, why, _ in found.unread:
        yield f"Not looked at: {title}: {why}."
    for item in found.unverified:
        yield f"Could not be verified: {item.sentence}. Next: {item.next}."
    for item in found.left:
        yield f"Left: {item.sentence}. Next: {item.next}."
    for _, says in found.waiting:
        yield f"Still going on: {says}."
    for text in found.costs:
        yield f"May still cost money: {text}."
    if not (found.left or found.waiting or found.unread or found.unverified or found.costs):
        yield "Nothing is left, and nothing goes on costing money."
