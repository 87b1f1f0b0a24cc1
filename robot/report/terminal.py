"""A report in the terminal. Must not know of files or pages."""

from __future__ import annotations

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table

from robot.harmless import harmless
from robot.report.status_style import SIGNS, status_text
from robot.report.templating import named_zone
from robot.report.view import ReportView
from robot.run import bundle_layout as layout
from robot.screen import PlainText
from robot.time_zone import shown_at


def print_report(view: ReportView, console: Console) -> None:
    """Prints the whole report."""
    console.print(Group(*_parts(view)))


def _parts(view: ReportView) -> list[RenderableType]:
    run = view.run
    began = shown_at(run.started_at, named_zone(run.time_zone))
    parts: list[RenderableType] = [
        PlainText(),
        PlainText.assemble(
            (harmless(view.customer), "bold"), "  ", status_text(run.status, goes_on=view.goes_on)
        ),
        PlainText(harmless(view.headline)),
        PlainText(
            harmless(f"{began}, {run.duration_ms / 1000:.1f} s, {run.dashboard}, {run.browser}"),
            style="dim",
        ),
        PlainText(),
        _tasks(view),
    ]
    if view.next_steps:
        parts += [PlainText(), PlainText("What to do next", style="bold")]
        for number, step in enumerate(view.next_steps, start=1):
            style = SIGNS[step.status][1]
            parts.append(
                PlainText.assemble(
                    f"{number}. ", (harmless(step.title), style), f": {step.why}" if step.why else ""
                )
            )
            parts.append(Padding(PlainText(step.advice), (0, 0, 0, 3), expand=False))
    parts += [PlainText(), _evidence(view)]
    return parts


def _tasks(view: ReportView) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("step")
    table.add_column("task", overflow="fold")
    table.add_column("status", no_wrap=True)
    table.add_column("acts", justify="right")
    table.add_column("s", justify="right")
    for task in view.tasks:
        result = task.result
        name = PlainText(harmless(result.title))
        if result.reason:
            name.append(f"\n{result.reason}", style="dim")
        for act in task.acts:
            sign, style = SIGNS[act.status]
            name.append(f"\n{sign} ", style=style).append(harmless(f"{act.kind} {act.identity}"), style="dim")
        table.add_row(
            ", ".join(result.procedure),
            name,
            status_text(result.status, goes_on=result.goes_on),
            str(task.acts_made or ""),
            f"{result.duration_ms / 1000:.1f}",
        )
    return table


def _evidence(view: ReportView) -> Table:
    check, folder = view.bundle.check, view.bundle.folder
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    state = "sealed" if check.sealed else "not sealed: the run was cut off"
    state += ", intact" if check.is_intact else ", NOT intact: see `offboard evidence verify`"
    table.add_row(
        "evidence",
        PlainText(f"{harmless(str(folder))}  ({check.files} files, {check.bytes / 1024**2:.1f} MB, {state})"),
    )
    table.add_row("digest", PlainText(check.digest))
    if (folder / layout.REPORT).exists():
        table.add_row("report", PlainText(harmless(str(folder / layout.REPORT))))
    return table
