"""Words of the commands that work the queue."""

from __future__ import annotations

import os
from typing import Any

import click

from robot.cli.options import (
    HEADED,
    JSON,
    NO_VIDEO,
    SLOW,
    about_case,
    opened_office,
    run_options,
    settings_of_here,
)

_LOG = click.option("--log", "log_format", type=click.Choice(["text", "json"]), default="text",
                    show_default=True, help="How lines of the log are written, to standard error.")  # fmt: skip

_AT_ONCE = click.option("--at-once", type=click.IntRange(1, 64), metavar="N",
                        help="Most customers at once, each in a browser; as many as there are logins unless given."
                        )  # fmt: skip


@click.command()
@about_case
@HEADED
@SLOW
@NO_VIDEO
@_AT_ONCE
@_LOG
@click.option("--nights", "is_by_night", is_flag=True,
              help="Begin customers only while a batch goes on that a schedule has begun.")  # fmt: skip
def worker(at_once: int | None, log_format: str, is_by_night: bool, **words: Any) -> int:
    """Work the queue until told to stop: SIGTERM or Ctrl-C ends in order, a second one at once."""
    from robot.cli.worker import worker as command
    from robot.worker.shift import ShiftOptions

    return command(
        settings=settings_of_here(),
        options=run_options(words),
        environ=os.environ,
        shift=ShiftOptions(at_once=at_once),
        is_json=log_format == "json",
        is_by_night=is_by_night,
    )


@click.command()
@click.option(
    "--until",
    metavar="HH:MM",
    help="Nothing is begun after that time of the agency's day; 8 hours from now unless given.",
)
@about_case
@HEADED
@SLOW
@NO_VIDEO
@_AT_ONCE
@_LOG
@JSON
def batch(until: str | None, at_once: int | None, log_format: str, is_json: bool, **words: Any) -> int:
    """Work the queue for a night: look ahead, work until nothing is left or time is over, write a summary."""
    from robot.cli.worker import batch as command
    from robot.worker.shift import ShiftOptions

    return command(
        settings=settings_of_here(),
        options=run_options(words),
        environ=os.environ,
        shift=ShiftOptions(at_once=at_once),
        until=until,
        is_log_json=log_format == "json",
        is_json=is_json,
    )


@click.group()
def database() -> None:
    """Work with the database of ledger and queue."""


@database.command("move")
@about_case
@JSON
def database_move(profile: str, dashboard: str | None, is_json: bool) -> int:
    """Move the file of this machine to the database that OFFBOARD_DATABASE_URL names, or nothing of it."""
    from robot.cli.database import move

    return move(settings_of_here(), profile=profile, dashboard=dashboard, is_json=is_json)


@click.group()
def schedule() -> None:
    """Work with the schedules that begin batches, each tick at one worker."""


@schedule.command("add")
@click.argument("cron")
@click.option("--time-zone", metavar="ZONE", help="Such as Europe/Berlin; the profile's unless given.")
@click.option("--for", "hours", default=5.0, show_default=True, type=click.FloatRange(min=0.05, max=48),
              metavar="HOURS", help="How long each batch goes on at most.")  # fmt: skip
@click.option(
    "--name", default="nights", show_default=True, help="What it is called; one of that name is replaced."
)
@about_case
@JSON
def schedule_add(
    cron: str, time_zone: str | None, hours: float, name: str, is_json: bool, **words: Any
) -> int:
    """Begin a batch again and again: minute, hour, day, month, day of the week, such as "0 1 * * 1-5"."""
    from robot.cli.schedule import add

    with opened_office({**words, "is_json": is_json}) as opened:
        return add(
            opened,
            settings_of_here(),
            cron=cron,
            time_zone=time_zone,
            hours=hours,
            name=name,
            is_json=is_json,
        )


@schedule.command("list")
@about_case
@JSON
def schedule_list(is_json: bool, **words: Any) -> int:
    """All schedules, with the time of their next batch."""
    from robot.cli.schedule import list_schedules

    with opened_office({**words, "is_json": is_json}) as opened:
        return list_schedules(opened, settings_of_here(), is_json=is_json)


@schedule.command("remove")
@click.argument("name")
@about_case
def schedule_remove(name: str, **words: Any) -> int:
    """Take a schedule away; a batch that goes on is not ended by it."""
    from robot.cli.schedule import remove

    with opened_office(words) as opened:
        return remove(opened, settings_of_here(), name)


@click.command()
@click.option("--once", "is_once", is_flag=True, help="Draw it once, and end.")
@about_case
@JSON
def top(is_once: bool, is_json: bool, **words: Any) -> int:
    """Show workers and what they work on, until Ctrl-C."""
    from robot.cli.top import top as command

    with opened_office({**words, "is_json": is_json}) as opened:
        return command(opened, is_once=is_once, is_json=is_json)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8787, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on."
)
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="HOST",
    help="A host name that it answers to; repeat.",
)
@about_case
def serve(host: str, port: int, names: tuple[str, ...], **words: Any) -> int:
    """Answer programs of the agency: POST /api/cancellations, GET /metrics."""
    from robot.cli.serve import serve as command

    with opened_office(words) as opened:
        return command(opened, host=host, port=port, names=names)


@click.group()
def token() -> None:
    """Work with the tokens of programs that may ask over the network."""


@token.command("add")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True,
              type=click.Choice(["cancellations", "metrics"]), help="What it is for; repeat.")  # fmt: skip
@about_case
@JSON
def token_add(name: str, scopes: tuple[str, ...], is_json: bool, **words: Any) -> int:
    """Make a token and print it, once."""
    from robot.cli.serve import add_token

    with opened_office({**words, "is_json": is_json}) as opened:
        return add_token(opened, name, scopes, is_json=is_json)


@token.command("list")
@about_case
@JSON
def token_list(is_json: bool, **words: Any) -> int:
    """All tokens: who has made them, and what they are for."""
    from robot.cli.serve import list_tokens

    with opened_office({**words, "is_json": is_json}) as opened:
        return list_tokens(opened, is_json=is_json)


@token.command("revoke")
@click.argument("name")
@about_case
def token_revoke(name: str, **words: Any) -> int:
    """Let a token be good for nothing any more."""
    from robot.cli.serve import revoke_token

    with opened_office(words) as opened:
        return revoke_token(opened, name)
