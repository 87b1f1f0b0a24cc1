"""Words of the commands that work the queue."""

from __future__ import annotations

import os
from typing import Any

import click

from robot.cli.options import HEADED, JSON, NO_VIDEO, SLOW, about_case, run_options, settings_of_here

_LOG = click.option("--log", "log_format", type=click.Choice(["text", "json"]), default="text",
                    show_default=True, help="How lines of the log are written, to standard error.")  # fmt: skip


@click.command()
@about_case
@HEADED
@SLOW
@NO_VIDEO
@_LOG
def worker(log_format: str, **words: Any) -> int:
    """Work the queue until told to stop: SIGTERM or Ctrl-C ends in order, a second one at once."""
    from robot.cli.worker import worker as command
    from robot.worker.shift import ShiftOptions

    return command(
        settings=settings_of_here(),
        options=run_options(words),
        environ=os.environ,
        shift=ShiftOptions(),
        is_json=log_format == "json",
    )


@click.command()
@click.option(
    "--until", metavar="HH:MM", help="Nothing is begun after that time of day; 8 hours from now unless given."
)
@about_case
@HEADED
@SLOW
@NO_VIDEO
@_LOG
@JSON
def batch(until: str | None, log_format: str, is_json: bool, **words: Any) -> int:
    """Work the queue for a night: look ahead, work until nothing is left or time is over, write a summary."""
    from robot.cli.worker import batch as command
    from robot.worker.shift import ShiftOptions

    return command(
        settings=settings_of_here(),
        options=run_options(words),
        environ=os.environ,
        shift=ShiftOptions(),
        until=until,
        is_log_json=log_format == "json",
        is_json=is_json,
    )
