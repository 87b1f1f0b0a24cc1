"""Words of the group `queue`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from robot.cli.options import JSON, about_case, opened_office

_STATE = click.Choice(["working", "queued", "waiting", "needs a person", "done", "cancelled"])


@click.group()
def queue() -> None:
    """Work with the queue: cancellations that are asked for by day and worked at night."""


@queue.command("add")
@click.option("--location-id", metavar="ID", help="The sub-account's id.")
@click.option("--company", metavar="NAME", help="Its whole name, where the id is not known.")
@click.option("--requested-by", metavar="WHO", help="Who has asked.")
@click.option("--due", "due_on", metavar="DAY", help="When it must be done, such as 2026-11-30.")
@click.option("--not-before", metavar="DAY", help="It is not begun before that day.")
@click.option("--priority", metavar="1-9", help="1 comes first; 5 unless given.")
@click.option("--policy", "policies", multiple=True, metavar="NAME=VALUE",
              help="Decided for this customer otherwise than the profile does; repeat.")  # fmt: skip
@about_case
@JSON
def queue_add(policies: tuple[str, ...], **words: Any) -> int:
    """Queue one customer; each is taken once, ever."""
    from robot.cli.queue import add

    with opened_office(words) as opened:
        return add(opened, {**words, "policies": ";".join(policies)}, is_json=words["is_json"])


@queue.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--show", "is_preview", is_flag=True, help="Only show what was read, row by row; queue nothing."
)
@about_case
@JSON
def queue_import(file: Path, is_preview: bool, **words: Any) -> int:
    """Queue every row of a CSV or XLSX file, or none where any row is wrong."""
    from robot.cli.queue import import_file, preview

    with opened_office(words) as opened:
        command = preview if is_preview else import_file
        return command(opened, file, is_json=words["is_json"])


@queue.command("list")
@click.option("--state", "states", multiple=True, type=_STATE, help="Only jobs in this state; repeat.")
@about_case
@JSON
def queue_list(states: tuple[str, ...], **words: Any) -> int:
    """All jobs, in the order in which they are worked."""
    from robot.cli.queue import list_jobs

    with opened_office(words) as opened:
        return list_jobs(opened, states, is_json=words["is_json"])


@queue.command("show")
@click.argument("job")
@about_case
@JSON
def queue_show(job: str, **words: Any) -> int:
    """Everything about one job, by its id, its case or its customer."""
    from robot.cli.queue import show

    with opened_office(words) as opened:
        return show(opened, job, is_json=words["is_json"])


@queue.command("cancel")
@click.argument("job")
@click.option("--reason", required=True, help="Why; kept with the job.")
@about_case
@JSON
def queue_cancel(job: str, reason: str, **words: Any) -> int:
    """Take a job out that nobody works on now."""
    from robot.cli.queue import cancel

    with opened_office(words) as opened:
        return cancel(opened, job, reason=reason, is_json=words["is_json"])


@queue.command("retry")
@click.argument("job")
@about_case
@JSON
def queue_retry(job: str, **words: Any) -> int:
    """Put a job back that is for a person, or was cancelled."""
    from robot.cli.queue import retry

    with opened_office(words) as opened:
        return retry(opened, job, is_json=words["is_json"])


@queue.command("pause")
@about_case
@JSON
def queue_pause(**words: Any) -> int:
    """Let no further job begin; what is worked is finished."""
    from robot.cli.queue import pause

    with opened_office(words) as opened:
        return pause(opened, is_paused=True, is_json=words["is_json"])


@queue.command("drain")
@click.option("--within", "within_s", type=click.FloatRange(min=0), default=900.0, show_default=True,
              metavar="SECONDS", help="How long is waited for what is being worked.")  # fmt: skip
@about_case
@JSON
def queue_drain(within_s: float, **words: Any) -> int:
    """Let no further job begin, and wait until nobody works one."""
    from robot.cli.queue import drain

    with opened_office(words) as opened:
        return drain(opened, within_s=within_s, is_json=words["is_json"])


@queue.command("resume")
@about_case
@JSON
def queue_resume(**words: Any) -> int:
    """Let jobs begin again, those too that were stopped after failures."""
    from robot.cli.queue import pause

    with opened_office(words) as opened:
        return pause(opened, is_paused=False, is_json=words["is_json"])
