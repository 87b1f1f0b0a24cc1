"""Whoever sits at the terminal: sees a run as it goes on, stops it, and is asked before presses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import click

from robot.case.act_by_act import Ask
from robot.cli.interrupt import Interrupt
from robot.harmless import harmless
from robot.outfit import Outfit, Rules, RunOptions, Watch, fit_out
from robot.report.live import LiveView, open_live
from robot.run.model import Intent
from robot.screen import PlainText, Screen, is_somebody_there, tell
from robot.settings import Settings

#: Asks for one of several words; takes the question, returns the word.
Prompt = Callable[[str], str]


class Terminal:
    """Shows runs on standard error, one after the other; Ctrl-C ends them in order."""

    def __init__(self, *, quiet: bool, prompt: Prompt | None = None) -> None:
        self._quiet = quiet
        self._prompt = prompt or _prompt
        self._live: LiveView | None = None
        self._interrupt: Interrupt | None = None

    @contextmanager
    def watch(self) -> Iterator[Watch]:
        with Interrupt() as interrupt, open_live(quiet=self._quiet) as live:
            self._live, self._interrupt = live, interrupt
            yield Watch(listeners=(live,), is_stopped=interrupt.is_told)

    def ask(self, intent: Intent) -> bool:
        """Shows an act and returns whether it may be made."""
        if self._live is not None:
            self._live.pause()
        screen = Screen(is_error=True)
        screen.print_line(PlainText.assemble("\n", (harmless(intent.sentence), "bold")))
        screen.print_line(PlainText.assemble(("  object  ", "dim"), harmless(intent.object)))
        screen.print_line(PlainText.assemble(("  page    ", "dim"), harmless(intent.page_url)))
        answer = self._prompt("Let it be done? (y = yes, n = leave it alone, s = stop here)")
        if answer == "s" and self._interrupt is not None:
            self._interrupt.tell()
        return answer == "y"


def confirm(question: str) -> bool:
    """Asks yes or no. Raises click.Abort where nobody answers."""
    return click.confirm(harmless(question), err=True)


def _read_answer(word: str) -> str:
    answer = word.strip().lower()
    if answer not in ("y", "n", "s"):
        raise click.UsageError("answer y, n or s.")
    return answer


def _prompt(question: str) -> str:
    try:
        return str(click.prompt(harmless(question), value_proc=_read_answer, err=True))
    except click.Abort:
        # Ctrl-D, or nobody there any more.
        return "s"


def outfit_at_terminal(
    rules: Rules, *, settings: Settings, options: RunOptions, environ: Mapping[str, str], quiet: bool
) -> Outfit:
    """Raises BadInputError for anything that is wrong with the profile."""
    terminal = Terminal(quiet=quiet)
    ask: Ask | None = terminal.ask if is_somebody_there() else None
    return fit_out(
        rules,
        settings=settings,
        options=options,
        environ=environ,
        watch=terminal.watch,
        ask=ask,
        announce=announce,
    )


def announce(line: str) -> None:
    """One line about what goes on outside a run, on standard error."""
    tell(f"offboard: {line}")
