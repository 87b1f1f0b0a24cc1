"""A plan in the terminal: readable in ten seconds, exact to the letter. Must not know of files or pages."""

from __future__ import annotations

from datetime import tzinfo

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table

from robot.case.plan import ObjectState, Plan, PlannedObject, PlannedTask
from robot.harmless import harmless
from robot.screen import PlainText
from robot.time_zone import shown_at

#: Sign and rich style of each state.
SIGNS = {
    ObjectState.TODO: ("-", "bold red"),
    ObjectState.DONE: ("=", "cyan"),
    ObjectState.BLOCKED: ("!", "magenta"),
}


def print_plan(plan: Plan, console: Console, *, zone: tzinfo | None = None) -> None:
    """Prints all of it."""
    parts: list[RenderableType] = [
        PlainText(),
        PlainText.assemble((harmless(plan.company), "bold"), f"  {harmless(plan.location_id)}"),
        PlainText(f"surveyed {shown_at(plan.surveyed_at, zone)}, {harmless(plan.dashboard)}", style="dim"),
    ]
    for task in plan.tasks:
        parts += [PlainText(), *_task(task)]
    parts += [
        PlainText(),
        PlainText(summary(plan), style="bold"),
        *_money(plan),
        PlainText(),
        _policies(plan),
    ]
    parts.append(PlainText(f"digest  {plan.digest}", style="dim"))
    console.print(Group(*parts))


def summary(plan: Plan) -> str:
    """One line: how much of what."""
    unread = sum(bool(task.unread) for task in plan.tasks)
    parts = [
        f"{plan.count(ObjectState.TODO)} to do",
        f"{plan.count(ObjectState.DONE)} done already",
        f"{plan.count(ObjectState.BLOCKED)} for a person",
    ]
    if unread:
        parts.append(f"{unread} {'task' if unread == 1 else 'tasks'} could not be read")
    return "Plan: " + ", ".join(parts) + "."


def _task(task: PlannedTask) -> list[RenderableType]:
    title = PlainText.assemble((", ".join(task.procedure), "dim"), "  ", (harmless(task.title), "bold"))
    if task.unread:
        return [title, *_stopped("could not be read", task.unread, task.next)]
    if not task.objects:
        return [title, Padding(PlainText("= nothing there", style="cyan"), (0, 0, 0, 2), expand=False)]
    rows: list[RenderableType] = [title]
    for one in task.objects:
        rows += _object(one)
    return rows


def _object(one: PlannedObject) -> list[RenderableType]:
    if one.state is ObjectState.BLOCKED:
        return _stopped(one.shown, one.reason, one.next)
    sign, style = SIGNS[one.state]
    text = f"{one.shown}: is so already" if one.state is ObjectState.DONE else one.says
    lines: list[RenderableType] = [_line(sign, style, text)]
    if one.text:
        lines.append(Padding(PlainText(one.text), (0, 0, 0, 6), expand=False))
    return lines


def _stopped(shown: str, reason: str, next_step: str) -> list[RenderableType]:
    sign, style = SIGNS[ObjectState.BLOCKED]
    lines: list[RenderableType] = [_line(sign, style, reason if shown in reason else f"{shown}: {reason}")]
    if next_step:
        lines.append(_line(" ", "dim", f"next: {next_step}"))
    return lines


def _line(sign: str, style: str, text: str) -> RenderableType:
    """A sign and a text that may run over several lines, beside it."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=1)
    grid.add_column(overflow="fold")
    grid.add_row(PlainText(sign, style=style), PlainText(text, style="dim" if sign == " " else ""))
    return Padding(grid, (0, 0, 0, 2), expand=False)


def _money(plan: Plan) -> list[RenderableType]:
    left = [text for _, one in plan.objects if one.state is ObjectState.BLOCKED for text in one.costs]
    if not left:
        return []
    return [PlainText("Will still cost money afterwards:"), *(_line("$", "yellow", text) for text in left)]


def _policies(plan: Plan) -> PlainText:
    shown = ", ".join(f"{name}: {_word(value)}" for name, value in sorted(plan.policies.items()))
    return PlainText(harmless(f"policies  {shown}"), style="dim")


def _word(value: object) -> str:
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
