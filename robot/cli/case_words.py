"""Words of the commands about cases: `survey` to `followup`, and the group `case`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from robot.cli.options import DRY, JSON, about_case, in_browser, opened_office


@click.command()
@click.argument("customer")
@about_case
@in_browser
@JSON
def survey(customer: str, **words: Any) -> int:
    """Read what a customer has, by location id or whole name; change nothing."""
    from robot.cli.case import survey as command

    with opened_office(words) as opened:
        return command(opened, customer, is_json=words["is_json"])


@click.command()
@click.argument("customer")
@about_case
@in_browser
@JSON
def plan(customer: str, **words: Any) -> int:
    """Survey a customer and say what will be done; opens the customer's case."""
    from robot.cli.case import plan as command

    with opened_office(words) as opened:
        return command(opened, customer, is_json=words["is_json"])


@click.command()
@click.argument("case")
@click.option("--hours", type=click.FloatRange(0.01, 24 * 14), default=24, show_default=True,
              help="How long the approval is good.")  # fmt: skip
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask.")
@click.option("--each-act", "is_by_act", is_flag=True,
              help="Let it begin, and ask at the terminal before each act that cannot be undone.")  # fmt: skip
@click.option("--by-policy", "is_by_policy", is_flag=True,
              help="Let the profile decide, within its limits for plans that nobody looks at.")  # fmt: skip
@about_case
def approve(case: str, hours: float, is_sure: bool, is_by_act: bool, is_by_policy: bool, **words: Any) -> int:
    """Let the newest plan of a case be carried out."""
    from robot.cli.case import approve as command
    from robot.cli.terminal import confirm

    are_hours_given = click.get_current_context().get_parameter_source("hours") is not ParameterSource.DEFAULT
    if is_by_policy and (is_by_act or is_sure or are_hours_given):
        raise click.UsageError("--by-policy decides by itself: give no --each-act, --yes or --hours with it")
    with opened_office(words) as opened:
        return command(
            opened,
            case,
            hours=hours,
            is_sure=is_sure,
            is_by_act=is_by_act,
            is_by_policy=is_by_policy,
            ask=confirm,
        )


@click.command()
@click.argument("case")
@click.option("--no-verify", is_flag=True, help="Do not survey again afterwards.")
@DRY
@about_case
@in_browser
@JSON
def apply(case: str, no_verify: bool, is_dry: bool, **words: Any) -> int:
    """Carry the approved plan of a case out, or go on with it; then say what is left."""
    from robot.cli.case import apply as command
    from robot.cli.case import dry_run

    with opened_office(words) as opened:
        if is_dry:
            return dry_run(opened, case, is_json=words["is_json"])
        return command(opened, case, is_verified=not no_verify, is_json=words["is_json"])


@click.command("verify")
@click.argument("case")
@about_case
@in_browser
@JSON
def verify_case(case: str, **words: Any) -> int:
    """Survey a case again: what is left, what is going on, what may still cost money."""
    from robot.cli.case import verify as command

    with opened_office(words) as opened:
        return command(opened, case, is_json=words["is_json"])


@click.command()
@click.option("--all", "is_all", is_flag=True, help="Also what is not due yet.")
@about_case
@in_browser
@JSON
def followup(is_all: bool, **words: Any) -> int:
    """Look again at what ends later: SaaS mode, users, tags, support's ticket."""
    from robot.cli.case import followup as command

    with opened_office(words) as opened:
        return command(opened, is_all=is_all, is_json=words["is_json"])


@click.group()
def case() -> None:
    """Work with cases: a case is a customer's whole offboarding."""


@case.command("run")
@click.argument("customer")
@click.option("--unattended", "is_unattended", is_flag=True,
              help="Let the profile approve the plan, within its limits; nobody is asked.")  # fmt: skip
@about_case
@in_browser
@JSON
def case_run(customer: str, is_unattended: bool, **words: Any) -> int:
    """Survey, plan, ask, apply and verify in one go, or go on with what was approved."""
    from robot.cli.case import run_case
    from robot.cli.terminal import confirm

    with opened_office(words) as opened:
        return run_case(opened, customer, is_unattended=is_unattended, is_json=words["is_json"], ask=confirm)


@case.command("list")
@about_case
@JSON
def case_list(**words: Any) -> int:
    """All cases, newest first."""
    from robot.cli.case import list_cases

    with opened_office(words) as opened:
        return list_cases(opened, is_json=words["is_json"])


@case.command("show")
@click.argument("case")
@about_case
@JSON
def case_show(case: str, **words: Any) -> int:
    """Plan, approvals, runs and presses of a case."""
    from robot.cli.case import show_case

    with opened_office(words) as opened:
        return show_case(opened, case, is_json=words["is_json"])


@case.command("cancel")
@click.argument("case")
@click.option("--reason", required=True, help="Why; kept with the case.")
@about_case
def case_cancel(case: str, reason: str, **words: Any) -> int:
    """End a case as it is; its approval is withdrawn."""
    from robot.cli.case import cancel_case

    with opened_office(words) as opened:
        return cancel_case(opened, case, reason=reason)


@case.command("settle")
@click.argument("case")
@click.argument("object_key", metavar="OBJECT")
@click.option("--done-by-hand", "how", flag_value="done-by-hand", help="A person has done it.")
@click.option("--leave", "how", flag_value="leave", help="It stays as it is.")
@click.option("--reason", required=True, help="Why; kept with the case, and in its report.")
@click.option("--ticket", default="", help="Number of a ticket that belongs to it.")
@about_case
def case_settle(case: str, object_key: str, how: str | None, reason: str, ticket: str, **words: Any) -> int:
    """Close what the robot may not touch, such as a domain that was bought."""
    from robot.cli.case import settle

    if how is None:
        raise click.UsageError("say how: --done-by-hand or --leave")
    with opened_office(words) as opened:
        return settle(opened, case, object_key, how=how, reason=reason, ticket=ticket)


@case.command("export")
@click.argument("case")
@click.option("--to", "target", type=click.Path(path_type=Path), metavar="PATH",
              help="File or folder; the working folder unless given.")  # fmt: skip
@about_case
@JSON
def case_export(case: str, target: Path | None, **words: Any) -> int:
    """Put report, plan, approvals and evidence of a case into one signed archive."""
    from robot.cli.export import export_case

    with opened_office(words) as opened:
        return export_case(opened, case, target=target, is_json=words["is_json"])
