"""A reading that says that it is complete is equal to the truth, always: pages made at random, each with its own truth.

100 pages here; `OFFBOARD_LIST_PAGES=2000` makes as many, `OFFBOARD_LIST_SEED=N` begins with another one, and
`OFFBOARD_LIST_LOG=FILE` gets what became of them.
"""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from robot.executor.browser import BrowserOptions, BrowserSession
from robot.executor.browser_finder import BrowserChoice
from robot.executor.executor import Executor
from robot.flow.loader import FlowLibrary, parse_flow
from robot.flow.model import Flow
from robot.run.events import Event
from robot.run.model import TaskResult
from robot.selector.loader import parse_page
from robot.selector.store import SelectorStore
from tests.browser.list_pages import SELECTORS, ListPage, make_page, serving_lists
from tests.browser.small_run import RecordingGate, Served, flow_file, page_file, profile_of

PAGES = int(os.environ.get("OFFBOARD_LIST_PAGES", "100"))
FIRST = int(os.environ.get("OFFBOARD_LIST_SEED", "1"))
#: Pages mostly wait, so that many may wait at once.
AT_ONCE = int(os.environ.get("OFFBOARD_LIST_AT_ONCE", "7"))
#: As long as the slowest page takes: delays of three seconds, news that may come by itself, a second for each part that
#: is scrolled to, twice. And as long as one takes to have said all that it ever says, where that cannot be believed.
WITHIN_S, UNREADABLE_WITHIN_S = 34, 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What was read of one page."""

    page: ListPage
    #: None where it was not believed.
    rows: tuple[tuple[str, str], ...] | None
    reason: str
    seconds: float

    @property
    def is_false(self) -> bool:
        return self.rows is not None and sorted(self.rows) != sorted(self.page.truth)


def read_pages(choice: BrowserChoice, pages: list[ListPage], address: str) -> list[Read]:
    """Reads page after page in one browser."""
    store = SelectorStore(parse_page(page_file(SELECTORS), "p.yaml"))
    served = Served(address=address, port=urlsplit(address).port or 80)
    events: list[Event] = []
    read: list[Read] = []
    with BrowserSession(
        BrowserOptions(choice=choice, video=False), profile_of(served), events.append
    ) as session:
        executor = Executor(
            session=session,
            store=store,
            library=FlowLibrary(flows={}),
            profile=profile_of(served),
            gate=RecordingGate(),
            notice=events.append,
            run_id="lists",
            is_pictured=False,
        )
        for page in pages:
            name = "paged" if page.spec["feed"] in ("pages", "append") else "plain"
            within = WITHIN_S if page.is_readable else UNREADABLE_WITHIN_S
            steps = f"- goto: /{page.seed}\n- read: {{list: p.{name}, into: rows}}\n  timeout: {within}s\n"
            flow = parse_flow(
                flow_file(steps, "agency", "outputs: {rows: {about: x, type: list}}"), "small.yaml"
            )
            assert isinstance(flow, Flow)
            read.append(_read_of(page, executor.run_task("small", flow, {})))
    return read


def _read_of(page: ListPage, result: TaskResult) -> Read:
    rows = None
    if result.status.is_good:
        found = result.outputs["rows"]
        assert isinstance(found, list)
        rows = tuple((row["name"], row["phone"]) for row in found)
    return Read(
        page=page,
        rows=rows,
        reason=result.reason,
        seconds=(result.ended_at - result.started_at).total_seconds(),
    )


@pytest.mark.parametrize("part", range(4))
def test_a_reading_that_says_complete_is_the_truth(browser_choice: BrowserChoice, part: int) -> None:
    seeds = [seed for seed in range(FIRST, FIRST + PAGES) if seed % 4 == part]
    if not seeds:
        pytest.skip("no page of this part")
    pages = {seed: make_page(seed) for seed in seeds}
    shares = [[pages[seed] for seed in seeds[start::AT_ONCE]] for start in range(AT_ONCE)]
    with serving_lists(pages) as address, ThreadPoolExecutor(AT_ONCE) as threads:
        read = [
            one
            for some in threads.map(lambda share: read_pages(browser_choice, share, address), shares)
            for one in some
        ]
    assert len(read) == len(seeds)
    _tell(read)
    wrong = [one for one in read if one.is_false]
    assert not wrong, "\n".join(f"{one.page.describe()}\n  read {one.rows}" for one in wrong)
    # Refusing everything would be no reading: what shows all that its selectors name is read.
    readable = [one for one in read if one.page.is_readable]
    assert len([one for one in readable if one.rows is not None]) >= 0.9 * len(readable)


def _tell(read: list[Read]) -> None:
    """Writes down how many were believed, and why the others were not."""
    if "OFFBOARD_LIST_LOG" not in os.environ:
        return
    believed = [one for one in read if one.rows is not None]
    seconds = sum(one.seconds for one in read) / len(read)
    lines = [
        f"{len(believed)} of {len(read)} believed, {len([one for one in read if one.is_false])} falsely; "
        f"{seconds:.1f} s a page"
    ]
    reasons = Counter(one.reason.partition(": ")[2] for one in read if one.rows is None)
    lines += [f"  {number} {reason}" for reason, number in reasons.most_common()]
    lines += [f"  not: {one.page.describe()} | {one.reason}" for one in read if one.rows is None]
    with Path(os.environ["OFFBOARD_LIST_LOG"]).open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
