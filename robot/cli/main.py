"""The `offboard` command: its words and options. Each command is a plain function in a file of its own.

Commands are imported when they are called, so that `--help` stays quick.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import robot
from robot.errors import BadInputError, Problem

if TYPE_CHECKING:
    from robot.case.office import Office
    from robot.outfit import RunOptions
    from robot.settings import Settings


def _settings() -> Settings:
    from robot.settings import read_settings

    return read_settings(os.environ, root=find_root())


def find_root() -> Path:
    """The folder that holds `flows/` and `selectors/`: the working folder if it does, else the checkout."""
    here = Path.cwd()
    if (here / "flows").is_dir() and (here / "selectors").is_dir():
        return here
    return Path(robot.__file__).resolve().parents[1]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(robot.__version__, prog_name="offboard")
def cli() -> None:
    """Offboards cancelled customers from a HighLevel dashboard, with evidence for every step."""


_FULL_TRACE = click.option(
    "--full-trace", is_flag=True, help="Keep the page's document at every call in the trace; twice as slow."
)
_JSON = click.option("--json", "is_json", is_flag=True, help="Print one JSON object instead of text.")
_DRY = click.option("--dry-run", "is_dry", is_flag=True,
                    help="Look what is to be done, and press nothing that cannot be undone.")  # fmt: skip
_HEADED = click.option("--headed", is_flag=True, help="Show the browser.")
_SLOW = click.option("--slow", "slow_ms", type=click.IntRange(0, 10_000), default=0, metavar="MS",
                     help="Wait this long before every action.")  # fmt: skip
_NO_VIDEO = click.option("--no-video", is_flag=True, help="Record no video.")


@cli.command()
@click.option("--against", metavar="URL", help="Use a practice dashboard that is already up.")
@click.option("--keep", is_flag=True, help="Leave the practice dashboard up until Ctrl-C.")
@_HEADED
@_SLOW
@_NO_VIDEO
@_FULL_TRACE
@_JSON
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
    return command(options, settings=_settings(), environ=os.environ)


@cli.command()
@click.argument("flow")
@click.option("--input", "inputs", multiple=True, metavar="NAME=VALUE", help="A value for the flow; repeat.")
@click.option("--profile", default="practice", show_default=True, help="Name or file of the profile.")
@click.option("--dashboard", metavar="URL", help="Address of the dashboard.")
@_DRY
@_HEADED
@_SLOW
@_NO_VIDEO
@_FULL_TRACE
@_JSON
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
        settings=_settings(),
        options=options,
        environ=os.environ,
        is_dry=is_dry,
        is_json=is_json,
    )


def _about_case(function: Callable[..., int]) -> Callable[..., int]:
    """Options of every command that works on a case."""
    for option in (
        click.option("--profile", default="practice", show_default=True, help="Name or file of the profile."),
        click.option("--dashboard", metavar="URL", help="Address of the dashboard."),
    ):
        function = option(function)
    return function


def _in_browser(function: Callable[..., int]) -> Callable[..., int]:
    """Options of every command that opens a browser."""
    for option in (_HEADED, _SLOW, _NO_VIDEO):
        function = option(function)
    return function


def _options(words: dict[str, Any]) -> RunOptions:
    from robot.outfit import RunOptions

    return RunOptions(
        profile=words["profile"],
        dashboard=words["dashboard"],
        headed=words.get("headed", False),
        slow_ms=words.get("slow_ms", 0),
        video=not words.get("no_video", False),
    )


@contextmanager
def _office(words: dict[str, Any]) -> Iterator[Office]:
    from robot.cli.terminal import outfit_at_terminal
    from robot.outfit import open_office, read_rules

    settings = _settings()
    outfit = outfit_at_terminal(
        read_rules(settings),
        settings=settings,
        options=_options(words),
        environ=os.environ,
        quiet=words.get("is_json", False),
    )
    with open_office(outfit) as opened:
        yield opened


@cli.command()
@click.argument("customer")
@_about_case
@_in_browser
@_JSON
def survey(customer: str, **words: Any) -> int:
    """Read what a customer has, by location id or whole name; change nothing."""
    from robot.cli.case import survey as command

    with _office(words) as opened:
        return command(opened, customer, is_json=words["is_json"])


@cli.command()
@click.argument("customer")
@_about_case
@_in_browser
@_JSON
def plan(customer: str, **words: Any) -> int:
    """Survey a customer and say what will be done; opens the customer's case."""
    from robot.cli.case import plan as command

    with _office(words) as opened:
        return command(opened, customer, is_json=words["is_json"])


@cli.command()
@click.argument("case")
@click.option("--hours", type=click.FloatRange(0.01, 24 * 14), default=24, show_default=True,
              help="How long the approval is good.")  # fmt: skip
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask.")
@click.option("--each-act", "is_by_act", is_flag=True,
              help="Let it begin, and ask at the terminal before each act that cannot be undone.")  # fmt: skip
@click.option("--by-policy", "is_by_policy", is_flag=True,
              help="Let the profile decide, within its limits for plans that nobody looks at.")  # fmt: skip
@_about_case
def approve(case: str, hours: float, is_sure: bool, is_by_act: bool, is_by_policy: bool, **words: Any) -> int:
    """Let the newest plan of a case be carried out."""
    from robot.cli.case import approve as command

    with _office(words) as opened:
        return command(
            opened,
            case,
            hours=hours,
            is_sure=is_sure,
            is_by_act=is_by_act,
            is_by_policy=is_by_policy,
            ask=click.confirm,
        )


@cli.command()
@click.argument("case")
@click.option("--no-verify", is_flag=True, help="Do not survey again afterwards.")
@_DRY
@_about_case
@_in_browser
@_JSON
def apply(case: str, no_verify: bool, is_dry: bool, **words: Any) -> int:
    """Carry the approved plan of a case out, or go on with it; then say what is left."""
    from robot.cli.case import apply as command
    from robot.cli.case import dry_run

    with _office(words) as opened:
        if is_dry:
            return dry_run(opened, case, is_json=words["is_json"])
        return command(opened, case, is_verified=not no_verify, is_json=words["is_json"])


cli.add_command(apply, "resume")


@cli.command("verify")
@click.argument("case")
@_about_case
@_in_browser
@_JSON
def verify_case(case: str, **words: Any) -> int:
    """Survey a case again: what is left, what is going on, what may still cost money."""
    from robot.cli.case import verify as command

    with _office(words) as opened:
        return command(opened, case, is_json=words["is_json"])


@cli.command()
@click.option("--all", "is_all", is_flag=True, help="Also what is not due yet.")
@_about_case
@_in_browser
@_JSON
def followup(is_all: bool, **words: Any) -> int:
    """Look again at what ends later: SaaS mode, users, tags, support's ticket."""
    from robot.cli.case import followup as command

    with _office(words) as opened:
        return command(opened, is_all=is_all, is_json=words["is_json"])


@cli.group()
def case() -> None:
    """Work with cases: a case is a customer's whole offboarding."""


@case.command("run")
@click.argument("customer")
@click.option("--unattended", "is_unattended", is_flag=True,
              help="Let the profile approve the plan, within its limits; nobody is asked.")  # fmt: skip
@_about_case
@_in_browser
@_JSON
def case_run(customer: str, is_unattended: bool, **words: Any) -> int:
    """Survey, plan, ask, apply and verify in one go, or go on with what was approved."""
    from robot.cli.case import run_case

    with _office(words) as opened:
        return run_case(
            opened, customer, is_unattended=is_unattended, is_json=words["is_json"], ask=click.confirm
        )


@case.command("list")
@_about_case
@_JSON
def case_list(**words: Any) -> int:
    """All cases, newest first."""
    from robot.cli.case import list_cases

    with _office(words) as opened:
        return list_cases(opened, is_json=words["is_json"])


@case.command("show")
@click.argument("case")
@_about_case
@_JSON
def case_show(case: str, **words: Any) -> int:
    """Plan, approvals, runs and presses of a case."""
    from robot.cli.case import show_case

    with _office(words) as opened:
        return show_case(opened, case, is_json=words["is_json"])


@case.command("cancel")
@click.argument("case")
@click.option("--reason", required=True, help="Why; kept with the case.")
@_about_case
def case_cancel(case: str, reason: str, **words: Any) -> int:
    """End a case as it is; its approval is withdrawn."""
    from robot.cli.case import cancel_case

    with _office(words) as opened:
        return cancel_case(opened, case, reason=reason)


@case.command("settle")
@click.argument("case")
@click.argument("object_key", metavar="OBJECT")
@click.option("--done-by-hand", "how", flag_value="done-by-hand", help="A person has done it.")
@click.option("--leave", "how", flag_value="leave", help="It stays as it is.")
@click.option("--reason", required=True, help="Why; kept with the case, and in its report.")
@click.option("--ticket", default="", help="Number of a ticket that belongs to it.")
@_about_case
def case_settle(case: str, object_key: str, how: str | None, reason: str, ticket: str, **words: Any) -> int:
    """Close what the robot may not touch, such as a domain that was bought."""
    from robot.cli.case import settle

    if how is None:
        raise click.UsageError("say how: --done-by-hand or --leave")
    with _office(words) as opened:
        return settle(opened, case, object_key, how=how, reason=reason, ticket=ticket)


@case.command("export")
@click.argument("case")
@click.option("--to", "target", type=click.Path(path_type=Path), metavar="PATH",
              help="File or folder; the working folder unless given.")  # fmt: skip
@_about_case
@_JSON
def case_export(case: str, target: Path | None, **words: Any) -> int:
    """Put report, plan, approvals and evidence of a case into one signed archive."""
    from robot.cli.export import export_case

    with _office(words) as opened:
        return export_case(opened, case, target=target, is_json=words["is_json"])


@cli.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@_JSON
def lint(paths: tuple[Path, ...], is_json: bool) -> int:
    """Check flows and selectors: every problem of every file, before any browser opens."""
    from robot.cli.lint import lint as command

    return command(paths, root=find_root(), is_json=is_json)


@cli.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def practice(words: tuple[str, ...]) -> int:
    """Start the practice dashboard. `offboard practice --help` tells its options."""
    from robot.cli.practice import practice as command

    return command(words)


@cli.command()
@click.argument("run", required=False)
@_JSON
def report(run: str | None, is_json: bool) -> int:
    """Show a run and write its report again; the latest when RUN is not given."""
    from robot.cli.report import report as command

    return command(run, recordings=_settings().recordings, json=is_json)


@cli.group()
def evidence() -> None:
    """Work with the evidence of runs."""


@evidence.command()
@click.argument("run", required=False)
@click.option("--key", metavar="FINGERPRINT", default="",
              help="Whose key an exported case must be signed with; 'offboard doctor' there tells it.")  # fmt: skip
@_JSON
def verify(run: str | None, key: str, is_json: bool) -> int:
    """Check that nothing in a run's evidence, or in an exported case, was changed, lost or added."""
    from robot.cli.evidence import verify as command

    return command(run, key=key, recordings=_settings().recordings, json=is_json)


@cli.command()
@_JSON
def doctor(is_json: bool) -> int:
    """Say what this machine has, what it lacks, and what to do about it."""
    from robot.cli.doctor import doctor as command

    return command(json=is_json)


def _as_bad_input(error: click.UsageError) -> BadInputError:
    """Words that the command line does not understand, told like any other bad input."""
    what = error.format_message().removesuffix(".")
    path = error.ctx.command_path if error.ctx else "offboard"
    return BadInputError(Problem(what=what[0].lower() + what[1:], next=f"see {path} --help"))


def main(words: list[str] | None = None) -> int:
    """Runs the command line. Returns the exit code."""
    from robot.cli.error_handler import guard

    given = sys.argv[1:] if words is None else words

    def call() -> int:
        try:
            result = cli.main(args=given, prog_name="offboard", standalone_mode=False)
        except click.exceptions.Abort:
            raise KeyboardInterrupt from None
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            return 2
        except click.UsageError as error:
            raise _as_bad_input(error) from None
        return result if isinstance(result, int) else 0

    return guard(call, is_json="--json" in given)
