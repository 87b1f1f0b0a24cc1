"""Customers whose names are made to be mistaken for one another: none is resolved wrongly, none is guessed.

A sample each time; a larger one by `./offboard test tests/rehearsal/test_look_alikes.py --matrix`.
"""

from __future__ import annotations

import random
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from robot.executor.browser import BrowserOptions, BrowserSession
from robot.executor.browser_finder import BrowserChoice
from robot.executor.executor import Executor
from robot.executor.gate import CheckGate
from robot.flow.loader import FlowLibrary
from robot.flow.model import Flow
from robot.flow.template import Secret
from robot.names import skeleton
from robot.profile import Profile
from robot.run.model import Status, TaskResult
from robot.selector.store import SelectorStore
from robot.totp import make_code
from tests.in_thread import call_in_thread
from tests.rehearsal.conftest import TIMEOUTS
from tests.rehearsal.dashboard import Practice

SEED = 20261126
BASES = (
    "Adrianne's Housekeeping",
    "Sunrise Cleaning Co.",
    "Café Crème Catering",
    "Harbor Lawn & Garden",
    "100% Soap",
    "Чистый Дом",
    "明洋清洁服务",
    "بيت نظيف للخدمات",
    "A-1 Plumbing (North)",
    "Smith, Jones & Sons LLC",
)
CYRILLIC = str.maketrans("aceopx", "асеорх")
FULL_WIDTH = {point: point + 0xFEE0 for point in range(ord("!"), ord("~") + 1)}

#: Each makes of a name another one that a hasty eye, or a hasty comparison, takes for it.
TWISTS: tuple[Callable[[str, random.Random], str], ...] = (
    lambda name, draw: name,
    lambda name, draw: name.upper(),
    lambda name, draw: name.lower(),
    lambda name, draw: f"{name} {draw.choice(['Plus', 'Inc.', 'LLC', '2', 'II', '(old)', 'TEST', '- Copy'])}",
    lambda name, draw: f"{draw.choice(['The', 'New', 'A', '.', '*'])} {name}",
    lambda name, draw: " ".join(reversed(name.split())),
    lambda name, draw: name.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}"),
    lambda name, draw: name.replace(" ", "  "),
    lambda name, draw: name.replace(" ", "\N{NO-BREAK SPACE}"),
    lambda name, draw: f" {name} ",
    lambda name, draw: unicodedata.normalize("NFD", name),
    lambda name, draw: unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode() or name,
    lambda name, draw: name.translate(CYRILLIC),
    lambda name, draw: name.translate(FULL_WIDTH),
    lambda name, draw: name.replace("-", "\N{EN DASH}").replace("l", "I"),
    lambda name, draw: f"{name[:3]}\N{ZERO WIDTH SPACE}{name[3:]}",
    lambda name, draw: f"{name[:4]}\N{SOFT HYPHEN}{name[4:]}",
    lambda name, draw: f"{name}\N{RIGHT-TO-LEFT MARK}",
    lambda name, draw: name[:-1],
    lambda name, draw: f"{name}{name[-1]}",
    lambda name, draw: name.replace("&", "and").replace("Co.", "Company"),
    lambda name, draw: f"<b>{name}</b>",
    lambda name, draw: f"{name} ${{company}} {{{{ location_id }}}}",
    lambda name, draw: f"{name} .*|[a-z]+$",
    lambda name, draw: f'{name} " or 1=1 --',
    lambda name, draw: f"{name} {'very ' * 12}long",
    lambda name, draw: f"{name} \N{BROOM}",
    lambda name, draw: f"{name} {draw.randint(1, 40)}",
)


@dataclass(frozen=True)
class Account:
    location_id: str
    name: str


def generate(number: int, seed: int) -> list[Account]:
    draw = random.Random(seed)  # noqa: S311 - names, not secrets
    letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    accounts = []
    for _ in range(number):
        name = draw.choice(TWISTS)(draw.choice(BASES), draw)
        if draw.random() < 0.3:
            name = draw.choice(TWISTS)(name, draw)
        location_id = f"Zz9{''.join(draw.choice(letters) for _ in range(17))}"
        accounts.append(Account(location_id, name))
    return accounts


@pytest.fixture
def find(
    practice: Practice,
    profile: Profile,
    browser_choice: BrowserChoice,
    library: FlowLibrary,
    store: SelectorStore,
) -> Iterator[Callable[[list[dict[str, str]]], list[TaskResult]]]:
    """Runs `find-sub-account` for each of these inputs, in one browser."""

    def find_all(inputs: list[dict[str, str]]) -> list[TaskResult]:
        def work() -> list[TaskResult]:
            options = BrowserOptions(choice=browser_choice, is_recorded=False)
            with BrowserSession(options, profile, lambda event: None) as session:
                executor = Executor(
                    session=session,
                    store=store,
                    library=library,
                    profile=profile,
                    gate=CheckGate(lambda: pytest.fail("nothing is to be pressed")),
                    notice=lambda event: None,
                    run_id="look-alikes",
                    is_pictured=False,
                    timeouts=TIMEOUTS,
                )
                sign_in, flow = library.find("sign-in"), library.find("find-sub-account")
                assert isinstance(sign_in, Flow)
                assert isinstance(flow, Flow)
                given = {
                    "email": "operator@woot.example",
                    "password": Secret("practice-makes-perfect"),
                    "code": Secret(make_code("JBSWY3DPEHPK3PXP", time.time())),
                }
                assert executor.run_task("sign-in", sign_in, given).status.is_good
                return [executor.run_task("find-sub-account", flow, one) for one in inputs]

        return call_in_thread(work)

    yield find_all


@pytest.mark.parametrize("number", [12, pytest.param(150, marks=pytest.mark.matrix)])
def test_no_customer_is_taken_for_another(
    practice: Practice, find: Callable[[list[dict[str, str]]], list[TaskResult]], number: int
) -> None:
    accounts = generate(number, SEED)
    [first, *_] = practice.entities("sub_account")
    for place, one in enumerate(accounts):
        row = {**first, "id": one.location_id, "location_id": one.location_id, "position": 1000 + place}
        practice.put(row, name=one.name)
    known = [
        *accounts,
        *(Account(row["id"], row["body"]["name"]) for row in practice.entities("sub_account")),
    ]
    by_name: dict[str, set[str]] = defaultdict(set)
    for one in known:
        by_name[skeleton(one.name)].add(one.location_id)

    results = find([{"company": one.name} for one in accounts])
    wrong, lost = [], []
    for one, result in zip(accounts, results, strict=True):
        same = by_name[skeleton(one.name)]
        found = result.outputs.get("location_id", "")
        if result.status.is_good and (found != one.location_id or len(same) > 1):
            wrong.append((one, found))
        elif not (result.status is Status.BLOCKED if len(same) > 1 else result.status.is_good):
            lost.append((one, result.reason))
    assert wrong == []
    assert lost == []
    assert practice.mutations() == []


@pytest.mark.matrix
def test_a_name_that_is_almost_right_is_not_resolved(
    practice: Practice, find: Callable[[list[dict[str, str]]], list[TaskResult]]
) -> None:
    names = [
        "adrianne's housekeeping",
        "Adrianne's Housekeepin",
        "Adrianne\N{RIGHT SINGLE QUOTATION MARK}s Housekeeping",
    ]
    results = find([{"company": name} for name in names])
    assert [result.status for result in results] == [Status.FAILED] * len(names)
    for name, result in zip(names, results, strict=True):
        assert f"there is no sub-account called '{name}'" in result.reason
    assert "one looks like it and is spelled otherwise: 'Adrianne's Housekeeping' (" in results[2].reason


#: Each makes of a name another one that is drawn like it.
DOUBLES: dict[str, Callable[[str], str]] = {
    "Agnes": lambda name: name.replace(" ", "  "),
    "Bert": lambda name: name.replace(" ", "\N{NO-BREAK SPACE}"),
    "Carlos": lambda name: f" {name} ",
    "Doris": lambda name: name.replace(" ", "\N{ZERO WIDTH SPACE} "),
    "Emil": lambda name: f"{name}\N{LEFT-TO-RIGHT MARK}",
    "Frida": lambda name: f"{name[:2]}\N{SOFT HYPHEN}{name[2:]}",
    "Gustav": lambda name: name.translate(FULL_WIDTH),
    "Hector": lambda name: name.translate(CYRILLIC),
    "Inés": lambda name: unicodedata.normalize("NFD", name),
    "Jonas's": lambda name: name.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}"),
    "Karl-Otto": lambda name: name.replace("-", "\N{EN DASH}"),
    "Ludwig II": lambda name: name.replace("II", "ll"),
}


def test_of_two_names_that_look_the_same_none_is_taken(
    practice: Practice, find: Callable[[list[dict[str, str]]], list[TaskResult]]
) -> None:
    """Also where one of them is, letter by letter, the one that was asked for."""
    [first, *_] = practice.entities("sub_account")
    asked: list[dict[str, str]] = []
    for place, (word, double) in enumerate(DOUBLES.items()):
        name = f"Tidy Nest of {word}"
        assert double(name) != name
        for twin, one in enumerate((name, double(name))):
            location_id = f"Zz9TidyNest00{twin}{place:06}"
            practice.put({**first, "id": location_id, "location_id": location_id, "position": 900}, name=one)
        asked.append({"company": (name, double(name))[place % 2]})
    results = find([*asked, {"location_id": "Zz9TidyNest001000007"}])
    for place, (one, result) in enumerate(zip(asked, results[:-1], strict=True)):
        assert result.status is Status.BLOCKED, (one, result.reason)
        for twin in (0, 1):
            assert f"Zz9TidyNest00{twin}{place:06}" in result.reason
    assert results[-1].status.is_good
    assert results[-1].outputs["location_id"] == "Zz9TidyNest001000007"


@pytest.mark.matrix
def test_an_accent_is_the_same_however_it_is_written(
    practice: Practice, find: Callable[[list[dict[str, str]]], list[TaskResult]]
) -> None:
    [first, *_] = practice.entities("sub_account")
    composed, apart = "Tidy Nést", "Tidy Ne\N{COMBINING ACUTE ACCENT}st"
    location_id = "Zz9TidyNest000000000"
    for shown in (composed, apart):
        practice.put({**first, "id": location_id, "location_id": location_id}, name=shown)
        for result in find([{"company": composed}, {"company": apart}]):
            assert result.status.is_good, result.reason
            assert (result.outputs["location_id"], result.outputs["company"]) == (location_id, shown)
