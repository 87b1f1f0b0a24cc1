"""Whoever sits at the terminal: sees a run as it goes on, stops it, and is asked before presses."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import click
from rich.console import Console
from rich.text import Text

from robot.case.act_by_act import Ask
from robot.cli.interrupt import Interrupt
from robot.outfit import Outfit, Rules, RunOptions, Watch, fit_out
from robot.report.live import LiveView, open_live
from robot.run.model import Intent
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
        console = Console(stderr=True, highlight=False)
        console.print(Text.assemble("\n", (intent.sentence, "bold")))
        console.print(Text.assemble(("  object  ", "dim"), intent.object))
        console.print(Text.assemble(("  page    ", "dim"), intent.page_url))
        answer = self._prompt("Let it be done? (y = yes, n = leave it alone, s = stop here)")
        if answer == "s" and self._interrupt is not None:
            self._interrupt.tell()
        return answer == "y"


def _prompt(question: str) -> str:
    choice = click.Choice(["y", "n", "s"], case_sensitive=False)
    try:
        return str(click.prompt(question, type=choice, show_choices=False, err=True)).lower()
    except click.Abort:
        # Ctrl-D, or nobody there any more.
        return "s"


def is_somebody_there() -> bool:
    """Whether a person can be asked: standard input and standard error are a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


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
    sys.stderr.write(f"offboard: {line}\n")
