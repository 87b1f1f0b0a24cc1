"""The `offboard` command: its words and options. Each command is a plain function in a file of its own.

Commands are imported when they are called, so that `--help` stays quick.
"""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import robot
from robot.cli import case_words, queue_words, worker_words
from robot.cli.options import (
    DRY,
    FULL_TRACE,
    HEADED,
    IN_BROWSER,
    JSON,
    NO_VIDEO,
    SLOW,
    about_case,
    find_root,
    opened_office,
    settings_of_here,
    without_secrets,
)
from robot.errors import BadInputError, Problem

if TYPE_CHECKING:
    from robot.cli.clean_pages import LookAtPages


#: Words that are answered by click itself.
_HELP = frozenset({"-h", "--help", "--version"})


class _Commands(click.Group):
    """Takes care that click does not end a command without a word when a pipe of its own breaks.

    What is written to the screen never raises that, but for the help that click writes.
    """

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            if ctx.obj:
                raise
            raise RuntimeError(f"a pipe to another process broke: {error}") from error


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(robot.__version__, prog_name="offboard")
def cli() -> None:
    """Offboards cancelled customers from a HighLevel dashboard, with evidence for every step."""


@cli.command()
@click.option("--against", metavar="URL", help="Use a practice dashboard that is already up.")
@click.option("--keep", is_flag=True, help="Leave the practice dashboard up until Ctrl-C.")
@HEADED
@SLOW
@NO_VIDEO
@FULL_TRACE
@JSON
def demo(
    against: str | None,
    keep: bool,
    headed: bool,
    slow_ms: int,
    no_video: bool,
    full_trace: bool,
    is_json: bool,
) -> int:
    """Offboard one customer of the practice dashboard, from beginning to end."""
    from robot.cli.demo import DemoOptions
    from robot.cli.demo import demo as command

    options = DemoOptions(
        against=against,
        keep=keep,
        headed=headed,
        slow_ms=slow_ms,
        video=not no_video,
        full_trace=full_trace,
        is_json=is_json,
    )
    return command(options, settings=settings_of_here(), environ=os.environ)


@cli.command()
@click.argument("flow")
@click.option("--input", "inputs", multiple=True, metavar="NAME=VALUE", help="A value for the flow; repeat.")
@click.option("--profile", default="practice", show_default=True, help="Name or file of the profile.")
@click.option("--dashboard", metavar="URL", help="Address of the dashboard.")
@DRY
@HEADED
@SLOW
@NO_VIDEO
@FULL_TRACE
@JSON
def run(
    flow: str,
    inputs: tuple[str, ...],
    profile: str,
    dashboard: str | None,
    is_dry: bool,
    headed: bool,
    slow_ms: int,
    no_video: bool,
    full_trace: bool,
    is_json: bool,
) -> int:
    """Run one flow, such as phone-numbers, for one customer."""
    from robot.cli.run import run as command
    from robot.outfit import RunOptions

    options = RunOptions(
        profile=profile,
        dashboard=dashboard,
        headed=headed,
        slow_ms=slow_ms,
        video=not no_video,
        full_trace=full_trace,
    )
    return command(
        flow,
        inputs,
        settings=settings_of_here(),
        options=options,
        environ=os.environ,
        is_dry=is_dry,
        is_json=is_json,
    )


for _command in (
    case_words.survey,
    case_words.plan,
    case_words.approve,
    case_words.apply,
    case_words.verify_case,
    case_words.followup,
    case_words.case,
    queue_words.queue,
    worker_words.worker,
    worker_words.batch,
    worker_words.schedule,
    worker_words.database,
    worker_words.top,
    worker_words.serve,
    worker_words.token,
):
    cli.add_command(_command)
cli.add_command(case_words.apply, "resume")


@cli.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@IN_BROWSER
@about_case
@HEADED
@JSON
def lint(paths: tuple[Path, ...], browser: str | None, **words: Any) -> int:
    """Check flows, selectors, profiles, files of logins and tables, before any browser opens.

    Without PATHS: all flows, selectors and profiles of this folder. Every path is read, or refused with the reason.

    With --browser the pages of a customer are looked at, too: errors and other signs of trouble that are shown
    there although nothing is wrong are told.
    """
    from robot.cli.lint import lint as command

    look = _look_at_clean_pages(browser, words)
    return command(paths, root=find_root(), is_json=words["is_json"], look_at_pages=look)


def _look_at_clean_pages(customer: str | None, words: dict[str, Any]) -> LookAtPages | None:
    """What looks at the pages of a customer and tells what is wrong there; None where there is no customer."""
    if customer is None:
        return None
    from robot.cli.clean_pages import look_at_clean_pages

    return partial(look_at_clean_pages, customer, words)


@cli.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def practice(words: tuple[str, ...]) -> int:
    """Start the practice dashboard. `offboard practice --help` tells its options."""
    from robot.cli.practice import practice as command

    return command(words)


@cli.command()
@click.argument("run", required=False)
@JSON
def report(run: str | None, is_json: bool) -> int:
    """Show a run and write its report again; the latest when RUN is not given."""
    from robot.cli.report import report as command

    return command(run, settings=settings_of_here(), json=is_json)


@cli.group()
def evidence() -> None:
    """Work with the evidence of runs."""


@evidence.command()
@click.argument("run", required=False)
@click.option("--key", metavar="FINGERPRINT",
              help="Whose key must have signed the case: the 64 digits of 'offboard doctor'.")  # fmt: skip
@JSON
def verify(run: str | None, key: str | None, is_json: bool) -> int:
    """Check that nothing in a run's evidence, or in an exported case, was changed, lost or added."""
    from robot.cli.evidence import verify as command

    return command(run, key=key, settings=settings_of_here(), json=is_json)


@evidence.command()
@about_case
@JSON
def upload(**words: Any) -> int:
    """Store the evidence of one dashboard's runs that is not stored yet; see OFFBOARD_RECORDINGS."""
    from robot.cli.evidence import upload as command

    with opened_office(words) as opened:
        return command(opened.ledger, settings_of_here(), now=opened.now, is_json=words["is_json"])


@cli.command()
@IN_BROWSER
@about_case
@HEADED
@JSON
def doctor(browser: str | None, **words: Any) -> int:
    """Say what this machine and a profile have, what they lack, and what to do about it."""
    from robot.cli.doctor import doctor as command

    look = _look_at_clean_pages(browser, words)
    return command(profile=words["profile"], json=words["is_json"], look_at_pages=look)


def _as_bad_input(error: click.UsageError) -> BadInputError:
    """Words that the command line does not understand, told like any other bad input."""
    what = error.format_message().removesuffix(".")
    path = error.ctx.command_path if error.ctx else "offboard"
    return BadInputError(Problem(what=what[0].lower() + what[1:], next=f"see {path} --help"))


def _is_no_letter(letter: str) -> bool:
    """Whether it stands for an octet that could not be read, or ends a text for the system."""
    return letter == "\0" or "\ud800" <= letter <= "\udfff"


def _assert_text(words: list[str]) -> None:
    """Raises BadInputError for words that hold octets which are no letters here."""
    wrong = [word for word in words if any(_is_no_letter(letter) for letter in word)]
    if wrong:
        raise BadInputError(
            *(
                Problem(
                    what=f"'{word}' is not text in the encoding of this terminal",
                    done="nothing was started",
                    next="type it again, or rename the file; LC_ALL=C.UTF-8 makes UTF-8 the encoding",
                )
                for word in wrong
            )
        )


def main(words: list[str] | None = None) -> int:
    """Runs the command line. Returns the exit code."""
    from robot.cli.error_handler import guard
    from robot.screen import flush, set_up

    given = sys.argv[1:] if words is None else words
    asks_help = not _HELP.isdisjoint(given)

    def call() -> int:
        _assert_text(given)
        try:
            result = cli.main(args=given, prog_name="offboard", standalone_mode=False, obj=asks_help)
        except click.exceptions.Abort:
            raise KeyboardInterrupt from None
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            return 2
        except click.UsageError as error:
            raise _as_bad_input(error) from None
        except SystemExit:
            # So click ends where nobody reads its help any more.
            if not asks_help:
                raise
            return 0
        return result if isinstance(result, int) else 0

    set_up()
    with without_secrets():
        code = guard(call, is_json="--json" in given)
    flush()
    return code
