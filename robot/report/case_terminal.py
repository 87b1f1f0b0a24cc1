"""Cases in the terminal: a list of them, and one of them whole. Must not know of files or pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Any

from rich.console import Console

from robot.harmless import harmless
from robot.ledger.approvals import ApprovalRow
from robot.ledger.cases import CaseRow
from robot.report.plain_cells import add_plain_row, plain_table
from robot.screen import PlainText
from robot.time_zone import shown_at

_STYLES = {
    "open": "",
    "running": "blue",
    "waiting": "yellow",
    "needs a person": "magenta",
    "done": "green",
    "cancelled": "bright_black",
}


def print_cases(cases: Sequence[CaseRow], console: Console, *, zone: tzinfo | None = None) -> None:
    """A table, newest first."""
    if not cases:
        console.print("There is no case yet. 'offboard plan CUSTOMER' opens one.")
        return
    table = plain_table("case", "customer", "state", "since")
    for one in cases:
        state = PlainText(one.state, style=_STYLES.get(one.state, ""))
        if one.reason:
            state.append(f"\n{one.reason}", style="dim")
        add_plain_row(
            table,
            one.id,
            PlainText(f"{harmless(one.company)}\n{harmless(one.location_id)}"),
            state,
            shown_at(one.state_since, zone),
        )
    console.print(table)


def print_case(
    case: CaseRow,
    approvals: Sequence[ApprovalRow],
    runs: Sequence[Mapping[str, Any]],
    intents: Sequence[Mapping[str, Any]],
    console: Console,
    *,
    zone: tzinfo | None = None,
) -> None:
    """Its state, who allowed what, every run and every press. The plan is printed by itself."""
    console.print()
    console.print(
        PlainText.assemble(
            (harmless(case.company), "bold"),
            f"  {harmless(case.location_id)}  ",
            (case.state, _STYLES.get(case.state, "")),
        )
    )
    console.print(
        PlainText(
            harmless(
                f"case {case.id}, opened {shown_at(case.opened_at, zone)} by {case.opened_by}, {case.dashboard}"
            ),
            style="dim",
        )
    )
    if case.reason:
        console.print(PlainText(harmless(case.reason)))
    for one in approvals:
        until = (
            f"withdrawn {shown_at(one.withdrawn_at, zone)}"
            if one.withdrawn_at
            else f"until {shown_at(one.expires_at, zone)}"
        )
        console.print(
            PlainText(
                f"approved by {harmless(one.given_by)} ({one.mode}) {shown_at(one.given_at, zone)}, {until}, "
                f"plan {one.digest[:12]}"
            )
        )
    table = plain_table("run", "status", "began", "why")
    for run in runs:
        add_plain_row(
            table, run["id"], run["status"], shown_at(run["started_at"], zone), PlainText(run["reason"])
        )
    if runs:
        console.print()
        console.print(table)
    if intents:
        console.print()
        for press in intents:
            console.print(
                PlainText.assemble(
                    f"{shown_at(press['armed_at'], zone)}  ",
                    (f"{press['state']:<10}", "dim"),
                    harmless(press["object"]),
                )
            )
