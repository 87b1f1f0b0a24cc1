"""Shows a run while it goes on: a moving picture in a terminal, plain lines everywhere else.

A listener. Writes to the console it is given, which is standard error, so that standard output stays clean for
`--json`. Must not know of files or browsers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from types import TracebackType

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table

from robot.harmless import harmless
from robot.report.status_style import SIGNS, status_text
from robot.report.templating import named_zone
from robot.run.events import (
    Acted,
    Drifted,
    Event,
    Noted,
    RunFinished,
    RunStarted,
    Said,
    StepFinished,
    StepStarted,
    TaskFinished,
    TaskStarted,
)
from robot.run.model import Status, TaskResult
from robot.screen import PlainText, Screen


def open_live(*, quiet: bool, expected: Sequence[tuple[str, str]] = ()) -> LiveView:
    """A view on standard error; one that shows nothing when `quiet`."""
    return LiveView(Screen(is_error=True, quiet=quiet), expected=expected)


class LiveView:
    """One run on one console. Use it as a context manager, or call `close`."""

    def __init__(self, console: Console, *, expected: Sequence[tuple[str, str]] = ()) -> None:
        """expected: (task, title) of the tasks to come, in order, shown as waiting; may be empty."""
        self._console = console
        self._titles = {task: harmless(title) for task, title in expected}
        self._results: dict[str, TaskResult] = {}
        self._acts: dict[str, list[str]] = {}
        self._task = ""
        self._sentence = ""
        self._where = ""
        #: What the run has told since its last step began, such as what it waits for.
        self._remark = ""
        self._head = ""
        self._told = ""
        self._zone: tzinfo = UTC
        self._spinner = Spinner("line" if console.options.ascii_only else "dots", style="blue")
        self._live: Live | None = None
        if console.is_terminal:
            self._live = Live(
                console=console, get_renderable=self._picture, refresh_per_second=8, transient=True
            )

    def __enter__(self) -> LiveView:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Takes the moving picture away; the finished tasks stay as lines."""
        if self._live is not None and self._live.is_started:
            self._live.stop()
            self._console.print(self._tasks(is_final=True))

    def pause(self) -> None:
        """Takes the moving picture away until the next event, so that a person can be asked something."""
        if self._live is not None and self._live.is_started:
            self._live.stop()

    def notice(self, event: Event) -> None:
        """Takes one event in."""
        self._take(event)
        if self._live is None:
            self._print_line(event)
        elif not self._live.is_started:
            self._live.start()

    def _take(self, event: Event) -> None:
        match event:
            case RunStarted():
                named = [value for value in event.inputs.values() if isinstance(value, str) and value]
                self._head = harmless(f"{event.title}: {', '.join(named)}")
            case TaskStarted():
                self._task = event.task
                self._titles[event.task] = harmless(event.title)
            case StepStarted():
                self._sentence, self._where = harmless(event.step.sentence), harmless(event.step.where)
                self._remark = ""
            case Noted() if event.kind == "remark":
                self._remark = event.text
            case Acted() if event.pressed:
                self._acts.setdefault(event.intent.step.task, []).append(event.intent.object)
            case TaskFinished():
                self._results[event.result.task] = event.result
                self._task = self._sentence = self._remark = ""
            case _:
                pass

    def _picture(self) -> RenderableType:
        lines: list[RenderableType] = [PlainText(self._head, style="bold"), self._tasks(is_final=False)]
        if self._remark:
            lines.append(PlainText(f"  {harmless(self._remark)}", style="yellow", overflow="fold"))
        elif self._sentence:
            step = PlainText.assemble("  ", self._sentence, "  ", (self._where, "bright_black"))
            step.truncate(max(20, self._console.width - 1), overflow="ellipsis")
            lines.append(step)
        return Group(*lines)

    def _tasks(self, *, is_final: bool) -> Table:
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(width=1)
        table.add_column(no_wrap=True)
        table.add_column(no_wrap=True)
        table.add_column(justify="right", no_wrap=True)
        for task, title in self._titles.items():
            result = self._results.get(task)
            acts = len(self._acts.get(task, ()))
            made = f"{acts} act{'' if acts == 1 else 's'}" if acts else ""
            if result is not None:
                sign, style = SIGNS[result.status]
                seconds = f"{result.duration_ms / 1000:.1f} s"
                table.add_row(
                    PlainText(sign, style),
                    PlainText(title),
                    status_text(result.status),
                    f"{made}  {seconds}".strip(),
                )
                if result.reason and not result.status.is_good:
                    table.add_row("", PlainText(result.reason, style="dim", overflow="fold"), "", "")
            elif task == self._task and not is_final:
                table.add_row(
                    self._spinner, PlainText(title, style="bold"), PlainText("running", style="blue"), made
                )
            else:
                table.add_row("", PlainText(title, style="bright_black"), "", "")
        return table

    def _print_line(self, event: Event) -> None:
        """One plain line for what a reader of a log wants to know."""
        if isinstance(event, RunStarted):
            self._zone = named_zone(event.time_zone)
        line = _line(event, self._zone)
        if isinstance(event, StepFinished):
            # A step that stops also stops those it stands in; once is enough.
            if event.result.reason == self._told:
                return
            self._told = event.result.reason if line else self._told
        if line:
            self._console.print(harmless(line), markup=False, highlight=False, soft_wrap=True)


def _line(event: Event, zone: tzinfo) -> str:
    """zone: whose clocks the lines go by."""
    match event:
        case RunStarted():
            return (
                f"{_clock(event.at, zone)} run {event.run_id}: {event.title}, {event.dashboard}, {event.browser}, "
                f"times of {event.time_zone or 'UTC'}"
            )
        case TaskStarted():
            step = f" (step {', '.join(event.procedure)})" if event.procedure else ""
            return f"{_clock(event.at, zone)} {event.task}: {event.title}{step}"
        case StepStarted():
            return f"{_clock(event.at, zone)}   {'  ' * event.step.depth}{event.step.sentence}"
        case Acted():
            made = "pressed" if event.pressed else "NOT pressed"
            return f"{_clock(event.at, zone)}   {made}: {event.intent.object} - {event.intent.sentence}"
        case Said():
            return f"{_clock(event.at, zone)}   {event.by}: {event.text}"
        case Drifted():
            return f"{_clock(event.at, zone)}   drift: {event.target} was found by {event.matched} ({event.where})"
        case Noted() if event.kind in ("blocked_host", "remark"):
            return f"{_clock(event.at, zone)}   {event.kind.replace('_', ' ')}: {event.text}"
        case StepFinished() if event.result.status not in (Status.PASSED, Status.NOOP, Status.SKIPPED):
            told = f"{event.result.status.value}: {event.result.reason}".rstrip(": ")
            return f"{_clock(event.result.ended_at, zone)}   {told}"
        case TaskFinished():
            reason = f": {event.result.reason}" if event.result.reason else ""
            return f"{_clock(event.result.ended_at, zone)} {event.result.task}: {event.result.status.value}{reason}"
        case RunFinished():
            run = event.run
            return f"{_clock(run.ended_at, zone)} run {run.status.value} after {run.duration_ms / 1000:.1f} s"
        case _:
            return ""


def _clock(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%H:%M:%S}"
