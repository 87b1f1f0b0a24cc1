"""What a survey has read, in the terminal: a table for each list. Must not know of files or pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from robot.harmless import harmless
from robot.report.plain_cells import add_plain_row
from robot.run.model import Run, TaskResult
from robot.screen import PlainText

#: Fields that repeat what the others say.
_REPEATED = {"shown"}
#: They are shown where there are no more fields than this.
_FEW = 3
#: Wider texts run over several lines in a terminal.
_WIDEST = 44


def print_survey(run: Run, console: Console) -> None:
    """Every task with what it has read, in order."""
    for task in run.tasks:
        console.print()
        console.print(PlainText(harmless(task.title), style="bold"))
        if not task.status.is_good:
            console.print(Padding(PlainText(f"! {task.reason}", style="magenta"), (0, 0, 0, 2), expand=False))
        for name, value in task.outputs.items():
            _print_output(name, value, task, console)


def _print_output(name: str, value: object, task: TaskResult, console: Console) -> None:
    label = name.replace("_", " ")
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        console.print(Padding(PlainText(harmless(label), style="dim"), (0, 0, 0, 2), expand=False))
        console.print(Padding(_table(value, is_narrow=console.is_terminal), (0, 0, 0, 4), expand=False))
        return
    shown = ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)
    if not shown and not isinstance(value, list):
        return
    line = PlainText.assemble((f"{label}  ", "dim"), shown.replace("\n", ", ") or "none")
    console.print(Padding(line, (0, 0, 0, 2), expand=False))


def _table(rows: Sequence[Mapping[str, Any]], *, is_narrow: bool) -> Table:
    names = [name for name in rows[0] if any(row.get(name) for row in rows)]
    if len(names) > _FEW:
        names = [name for name in names if name not in _REPEATED]
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for name in names:
        table.add_column(name.replace("_", " "), overflow="fold", max_width=_WIDEST if is_narrow else None)
    for row in rows:
        add_plain_row(table, *(str(row.get(name, "")).replace("\n", ", ") for name in names))
    return table
