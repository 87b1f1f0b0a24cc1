"""`offboard report [RUN]`: shows a recorded run and writes its `report.html` again."""

from __future__ import annotations

from robot.cli.evidence import store_of
from robot.errors import Problem, SetupError
from robot.report.as_json import report_as_json
from robot.report.bundle import find_bundle, load_bundle
from robot.report.html import write_html
from robot.report.terminal import print_report
from robot.report.view import arrange
from robot.screen import Screen, say_json
from robot.settings import Settings


def report(run: str | None, *, settings: Settings, json: bool) -> int:
    """Writes `report.html` of `run` (the latest when None) and prints the report; returns 0.

    Raises: BadInputError for a run that is not there or cannot be read, SetupError when nothing can be written.
    """
    view = arrange(load_bundle(find_bundle(run, settings.recordings, store_of(settings))))
    try:
        write_html(view)
    except OSError as error:
        raise SetupError(
            Problem(
                what=f"the report cannot be written to {view.bundle.folder}: {error.strerror or error}",
                done="the evidence was not touched",
                next="make the folder writable, or make room on its disk",
            )
        ) from None
    if json:
        say_json(report_as_json(view), indent=2)
    else:
        print_report(view, Screen())
    return 0
