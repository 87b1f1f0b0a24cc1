"""Scenarios: named YAML files that say what is nasty about the dashboard today. Reads and checks them, no more.

A file `scenarios/<name>.yaml`:

    scenario: number-appears          # the file's name
    title: A number appears after the list was read
    group: danger                     # one of GROUPS
    facts: ["11"]                     # sections of the facts it is made from
    settings: {toasts: never}         # see setting.py
    data: [...]                       # changes of the sample data at the start, see Change
    rules: [...]                      # what happens to requests, see Rule
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from robot.practice.setting import DEFAULTS

FOLDER = Path(__file__).parent / "scenarios"
GROUPS = ("page", "overlay", "time", "failure", "danger", "support", "white-label")
_ACTIONS = ("change", "add", "remove")
_PICKS = ("first", "last", "all", "any")


class ScenarioError(ValueError):
    """A scenario that does not exist, or a file that is no scenario; the text says which and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of the data, as another operator, a job or the vendor would make it."""

    #: `change` and `remove` what is picked; `add` a copy of it under a new id.
    action: str
    #: Kind of entity, see seed.py.
    kind: str
    #: Which of a sub-account's entities of the kind: the first, the last, all, or any one by the seed.
    pick: str = "first"
    #: Values that the body of what is picked must have.
    where: Mapping[str, Any] = field(default_factory=dict)
    #: How many copies `add` makes.
    times: int = 1
    #: Values set in the body. In texts `{new}` is filled with ten digits that are new, `{old.<field>}` with what
    #: stood there, `{upper.<field>}` with that in capitals; `{location_id}` with the sub-account's id.
    #: `saas.fails` is `fails` within `saas`. Three stand for lists of ids: `{location_ids}` this sub-account's,
    #: `{one_more}` those that stood in location_ids and another one, `{every_location}` all there are.
    set: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Something that happens to requests."""

    #: Pattern, looked for in the path of the request.
    path: str
    #: Pattern, looked for in the address of the page that asks.
    page: str = ""
    #: The first matching request that it happens to, from 1.
    nth: int = 1
    #: To how many it happens, from then on; None is all.
    times: int | None = None
    #: How likely it is each time, by the seed.
    chance: float = 1.0
    #: One key of EFFECTS with its value.
    do: Mapping[str, Any]


#: What a rule can do, and what its value is.
EFFECTS = {
    "status": "answers with this HTTP status and a text of the server, not of the product",
    "refuse": "answers 403 with this title, as a missing permission does; or with {title, message}",
    "drop": "breaks the connection off: `before` the request is worked, or `after` it",
    "delay": "{p50_ms, p95_ms, spike_ms, spike_chance}: how long the answer takes",
    "expire": "`session`: signed out; `tokens`: the access token is too old",
    "stale": "the answer is the one given before, until a document is loaded anew",
    "reverse": "the rows come in the opposite order",
    "data": "changes of the data in the sub-account that the path names, before the request is worked",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One named way of being nasty."""

    name: str
    title: str
    group: str
    facts: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    data: tuple[Change, ...] = ()
    rules: tuple[Rule, ...] = ()


def all_scenarios(folder: Path = FOLDER) -> dict[str, Scenario]:
    """Every scenario by name, in the order of GROUPS, then by name. Raises ScenarioError."""
    found = [read_scenario(path) for path in sorted(folder.glob("*.yaml"))]
    found.sort(key=lambda one: (GROUPS.index(one.group), one.name))
    return {one.name: one for one in found}


def find_scenarios(names: Sequence[str], folder: Path = FOLDER) -> list[Scenario]:
    """The scenarios of these names, in this order. Raises ScenarioError for one that does not exist."""
    known = all_scenarios(folder)
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ScenarioError(f"no such scenario: {', '.join(unknown)}; --list names all of them")
    return [known[name] for name in names]


def read_scenario(path: Path) -> Scenario:
    """Reads one file. Raises ScenarioError, with the file and the part that is wrong."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ScenarioError(f"{path.name}: {error}") from None
    try:
        return _scenario(data, path.stem)
    except ScenarioError as error:
        raise ScenarioError(f"{path.name}: {error}") from None


def _scenario(data: Any, stem: str) -> Scenario:
    keys = ("scenario", "title", "group", "facts", "settings", "data", "rules")
    given = _mapping(data, "the file", keys)
    if given.get("scenario") != stem:
        raise ScenarioError(f"'scenario' must be the file's name, '{stem}'")
    if given.get("group") not in GROUPS:
        raise ScenarioError(f"'group' is one of {', '.join(GROUPS)}")
    if not given.get("title"):
        raise ScenarioError("'title' is missing")
    settings = dict(given.get("settings") or {})
    unknown = sorted(set(settings) - set(DEFAULTS))
    if unknown:
        raise ScenarioError(f"no such setting: {', '.join(unknown)}")
    return Scenario(
        name=stem,
        title=given["title"],
        group=given["group"],
        facts=tuple(str(one) for one in given.get("facts") or ()),
        settings=settings,
        data=_changes(given.get("data") or []),
        rules=tuple(_rule(one) for one in given.get("rules") or []),
    )


def _changes(items: Any) -> tuple[Change, ...]:
    changes = []
    for item in items:
        given = _mapping(item, "a change", (*_ACTIONS, "pick", "where", "times", "set"))
        actions = [key for key in _ACTIONS if key in given]
        if len(actions) != 1:
            raise ScenarioError(f"a change has exactly one of {', '.join(_ACTIONS)}")
        pick = given.get("pick", "first")
        if pick not in _PICKS:
            raise ScenarioError(f"'pick' is one of {', '.join(_PICKS)}")
        changes.append(
            Change(
                action=actions[0],
                kind=given[actions[0]],
                pick=pick,
                where=given.get("where") or {},
                times=int(given.get("times", 1)),
                set=given.get("set") or {},
            )
        )
    return tuple(changes)


def parse_rule(item: Any) -> Rule:
    """One rule from its plain form. Raises ScenarioError."""
    return _rule(item)


def _rule(item: Any) -> Rule:
    given = _mapping(item, "a rule", ("path", "page", "nth", "times", "chance", "do"))
    do = _mapping(given.get("do"), "'do'", tuple(EFFECTS))
    if len(do) != 1:
        raise ScenarioError(f"'do' has exactly one of {', '.join(EFFECTS)}")
    for name in ("path", "page"):
        try:
            re.compile(given.get(name, ""))
        except re.error as error:
            raise ScenarioError(f"'{name}' is no pattern: {error}") from None
    if not given.get("path"):
        raise ScenarioError("a rule needs 'path'")
    [(kind, value)] = do.items()
    return Rule(
        path=given["path"],
        page=given.get("page", ""),
        nth=int(given.get("nth", 1)),
        times=given.get("times"),
        chance=float(given.get("chance", 1.0)),
        do={kind: _changes(value) if kind == "data" else value},
    )


def _mapping(data: Any, what: str, keys: Sequence[str]) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise ScenarioError(f"{what} must be a mapping")
    unknown = sorted(set(data) - set(keys))
    if unknown:
        raise ScenarioError(f"{what} has the unknown key '{unknown[0]}'; known: {', '.join(keys)}")
    return data
