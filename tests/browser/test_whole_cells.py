"""What the shipped selectors read of the Trust Center goes into a message, so it is a whole cell."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from robot.executor.browser_finder import BrowserChoice
from tests.browser.small_run import run_small

ROOT = Path(__file__).parents[2]
SHIPPED = (ROOT / "selectors/trust_center.yaml").read_text(encoding="utf-8")
SELECTORS = dedent(SHIPPED.split("targets:\n", 1)[1]).replace("trust_center.", "p.")
PAGE = """
<h2>Brands</h2><p>No Brands Yet</p><h2>Campaigns</h2>
<table><thead><tr><th>Campaign ID</th><th>Connected Brand</th><th>Status</th><th>Use Case</th></tr></thead>
<tbody><tr><td>{campaign}</td><td>{brand}</td><td>Verified</td><td>Mixed</td></tr></tbody></table>"""
READ = "[{goto: /}, {read: {list: p.campaigns, into: rows}}]"


@pytest.mark.parametrize(
    ("brand", "read"),
    [
        ("BN0a1b2c", "BN0a1b2c"),
        ("Adrianne's Housekeeping<br><small>BN0a1b2c</small>", "Adrianne's Housekeeping BN0a1b2c"),
        ("<span>Adrianne's Housekeeping (BN0a1b2c)</span>", "Adrianne's Housekeeping (BN0a1b2c)"),
        ("", ""),
    ],
)
def test_a_brand_is_the_whole_cell(browser_choice: BrowserChoice, brand: str, read: str) -> None:
    run = run_small(
        browser_choice,
        page=PAGE.format(campaign="CABC123", brand=brand),
        selectors=SELECTORS,
        steps=READ,
        head="outputs: {rows: {type: list, about: Rows}}",
    )
    assert run.result.status.is_good, run.result.problems
    [row] = run.result.outputs["rows"]  # type: ignore[misc]
    assert (row["campaign_id"], row["brand"]) == ("CABC123", read)


def test_an_id_that_is_not_the_whole_cell_is_none(browser_choice: BrowserChoice) -> None:
    run = run_small(
        browser_choice,
        page=PAGE.format(campaign="Campaign of Adrianne CABC123", brand="BN1"),
        selectors=SELECTORS,
        steps=READ,
        head="outputs: {rows: {type: list, about: Rows}}",
    )
    assert run.result.status.is_good, run.result.problems
    assert [row["campaign_id"] for row in run.result.outputs["rows"]] == [""]  # type: ignore[attr-defined]
