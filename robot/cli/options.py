"""Options that several commands share, and what they open for a command to work with."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import robot

if TYPE_CHECKING:
    from robot.case.office import Office
    from robot.outfit import Outfit, RunOptions
    from robot.settings import Settings


#: What `without_secrets` has taken out of the environment.
_taken: dict[str, str] = {}


@contextmanager
def without_secrets() -> Iterator[None]:
    """While entered, no child process inherits what this program reads as secrets: any user's process may look at
    the environment of the others of that user. Those in this process's own memory stay where the system put them.
    """
    from robot.settings import SECRETS

    _taken.update({name: os.environ.pop(name) for name in SECRETS if name in os.environ})
    try:
        yield
    finally:
        os.environ.update(_taken)
        _taken.clear()


def environment() -> dict[str, str]:
    """The whole environment, for what reads settings; never for a child process."""
    return {**os.environ, **_taken}


def settings_of_here() -> Settings:
    from robot.settings import read_settings

    return read_settings(environment(), root=find_root())


def find_root() -> Path:
    """The folder that holds `flows/` and `selectors/`: the working folder if it holds either, else the checkout.

    One that holds only one of them lacks the other; it never stands for another folder's.
    """
    here = Path.cwd()
    if (here / "flows").is_dir() or (here / "selectors").is_dir():
        return here
    return Path(robot.__file__).resolve().parents[1]


FULL_TRACE = click.option(
    "--full-trace", is_flag=True, help="Keep the page's document at every call in the trace; twice as slow."
)
JSON = click.option("--json", "is_json", is_flag=True, help="Print one JSON object instead of text.")
DRY = click.option("--dry-run", "is_dry", is_flag=True,
                    help="Look what is to be done, and press nothing that cannot be undone.")  # fmt: skip
IN_BROWSER = click.option("--browser", metavar="CUSTOMER",
                          help="Also look at the pages of this customer, by location id or whole name; "
                          "changes nothing.")  # fmt: skip
HEADED = click.option("--headed", is_flag=True, help="Show the browser.")
SLOW = click.option("--slow", "slow_ms", type=click.IntRange(0, 10_000), default=0, metavar="MS",
                     help="Wait this long before every action.")  # fmt: skip
NO_VIDEO = click.option("--no-video", is_flag=True, help="Record no video.")


def about_case(function: Callable[..., int]) -> Callable[..., int]:
    """Options of every command that works on a case."""
    for option in (
        click.option("--profile", default="practice", show_default=True, help="Name or file of the profile."),
        click.option("--dashboard", metavar="URL", help="Address of the dashboard."),
    ):
        function = option(function)
    return function


def in_browser(function: Callable[..., int]) -> Callable[..., int]:
    """Options of every command that opens a browser."""
    for option in (HEADED, SLOW, NO_VIDEO):
        function = option(function)
    return function


def run_options(words: dict[str, Any]) -> RunOptions:
    from robot.outfit import RunOptions

    return RunOptions(
        profile=words["profile"],
        dashboard=words["dashboard"],
        headed=words.get("headed", False),
        slow_ms=words.get("slow_ms", 0),
        video=not words.get("no_video", False),
    )


def outfit_of_here(words: dict[str, Any]) -> Outfit:
    """What every run needs, by the words of a command. Raises BadInputError."""
    from robot.cli.terminal import outfit_at_terminal
    from robot.outfit import read_rules

    settings = settings_of_here()
    return outfit_at_terminal(
        read_rules(settings),
        settings=settings,
        options=run_options(words),
        environ=os.environ,
        quiet=words.get("is_json", False),
    )


@contextmanager
def opened_office(words: dict[str, Any]) -> Iterator[Office]:
    from robot.outfit import open_office

    with open_office(outfit_of_here(words)) as opened:
        yield opened
