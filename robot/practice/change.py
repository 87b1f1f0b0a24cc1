"""Carries out a scenario's changes of the data. They are nobody's act: no mutation is written for them."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from robot.practice.entity import Entity
from robot.practice.scenario import Change
from robot.practice.seed_ids import new_id
from robot.practice.store import Store


def apply_everywhere(store: Store, changes: Iterable[Change], rng: random.Random) -> None:
    """Applies each change in every sub-account that has something of its kind, and to what belongs to none."""
    for change in changes:
        places = dict.fromkeys(entity.location_id for entity in store.all_of(change.kind))
        for location_id in places:
            _apply(store, change, _of(store, change.kind, location_id), location_id or "", rng)


def apply_here(store: Store, changes: Iterable[Change], location_id: str, rng: random.Random) -> list[Entity]:
    """Applies the changes in one sub-account; returns what was changed, added or removed."""
    touched: list[Entity] = []
    for change in changes:
        touched += _apply(store, change, _of(store, change.kind, location_id), location_id, rng)
    return touched


def _of(store: Store, kind: str, location_id: str | None) -> list[Entity]:
    """The kind's entities of one sub-account. Users belong to several: they count in each."""
    if kind == "user" and location_id is not None:
        return [one for one in store.all_of(kind) if location_id in one.body["location_ids"]]
    if location_id is None:
        return [one for one in store.all_of(kind) if one.location_id is None]
    return store.in_location(kind, location_id)


def _apply(
    store: Store, change: Change, entities: list[Entity], location_id: str, rng: random.Random
) -> list[Entity]:
    fitting = [
        one for one in entities if all(one.body.get(key) == value for key, value in change.where.items())
    ]
    if not fitting:
        return []
    picked = {"all": fitting, "first": fitting[:1], "last": fitting[-1:], "any": [rng.choice(fitting)]}[
        change.pick
    ]
    last = max(one.position for one in entities)
    for entity in picked:
        match change.action:
            case "change":
                store.put(entity.evolve(**_filled(store, change, entity, location_id, rng)))
            case "remove":
                store.take(entity)
            case _:
                for _ in range(change.times):
                    last += 1
                    copy = entity.evolve(**_filled(store, change, entity, location_id, rng))
                    store.put(replace(copy, id=new_id(rng), position=last))
    return picked


def _filled(
    store: Store, change: Change, entity: Entity, location_id: str, rng: random.Random
) -> dict[str, Any]:
    """The values that a change sets in the body of `entity`."""
    filled: dict[str, Any] = {}
    for key, value in change.set.items():
        outer, _, inner = key.partition(".")
        fresh = _fill(store, value, entity.body, location_id, rng)
        filled[outer] = {**filled.get(outer, entity.body[outer]), inner: fresh} if inner else fresh
    return filled


def _fill(store: Store, value: Any, old: Mapping[str, Any], location_id: str, rng: random.Random) -> Any:
    match value:
        case "{location_ids}":
            return [location_id]
        case "{every_location}":
            return [one.id for one in store.all_of("sub_account")]
        case "{one_more}":
            others = [one.id for one in store.all_of("sub_account") if one.id not in old["location_ids"]]
            return [*old["location_ids"], rng.choice(others)]
        case str():
            return re.sub(r"\{([a-z_.]+)\}", lambda found: _word(found[1], old, location_id, rng), value)
    return value


def _word(name: str, old: Mapping[str, Any], location_id: str, rng: random.Random) -> str:
    if name == "new":
        return "".join(rng.choices("123456789", k=10))
    if name == "location_id":
        return location_id
    form, _, key = name.partition(".")
    return str(old[key]).upper() if form == "upper" else str(old[key])
