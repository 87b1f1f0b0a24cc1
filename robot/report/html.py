"""`report.html`: the whole report in one file that can be read offline, printed and mailed. No script in it."""

from __future__ import annotations

import os
from pathlib import Path

from robot.report.embed import SMALL, embed_pictures
from robot.report.templating import environment, named_zone
from robot.report.view import ReportView
from robot.run import bundle_layout as layout
from robot.run.manifest import record_view
from robot.run.model import Status

#: What each status is called in front of people, and what it means.
STATUS_WORDS = {
    Status.PASSED: ("Done", "the goal was not there, we acted, and then it was"),
    Status.NOOP: ("Nothing to do", "the goal was there already, nothing was touched"),
    Status.FAILED: ("Failed", "it could not be done"),
    Status.UNKNOWN: ("Not confirmed", "we acted and could not see the effect"),
    Status.BLOCKED: ("Needs a person", "the dashboard or a policy says that a person must decide"),
    Status.CANCELLED: ("Stopped", "it was stopped before its end"),
    Status.SKIPPED: ("Not tried", "something it needs did not pass"),
}
#: What is `unknown` is called instead where it was seen to begin.
_GOES_ON = ("Goes on", "it has begun; it ends later, and is looked at again then")
#: What a run that was made to change nothing is called instead.
_READ = ("Read", "it only looked, and nothing was touched")
_MOMENTS = {"before": "Before the press", "after": "After the press", "stop": "Where it stopped"}
#: What the pictures may take, in bytes before base64 adds a third, so that the page can be mailed.
_LARGE_BUDGET = 3_000_000
_SMALL_BUDGET = 1_200_000
_PURPOSES = {
    "goal": "Goal",
    "require": "Must hold",
    "expect": "Expected",
    "if": "Condition",
    "wait_for": "Waited for",
    "read": "Read",
}


def write_html(view: ReportView) -> Path:
    """Writes `report.html` into the bundle, in one move, and returns its path.

    Raises: OSError when the folder cannot be written.
    """
    target = view.bundle.folder / layout.REPORT
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        temporary.write_text(render_html(view), encoding="utf-8")
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    record_view(view.bundle.folder, layout.REPORT)
    return target


def render_html(view: ReportView) -> str:
    """Returns the page."""
    folder = view.bundle.folder
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            view=view,
            run=view.run,
            zone=named_zone(view.run.time_zone),
            check=view.bundle.check,
            pictures=_embed(view),
            words=STATUS_WORDS | ({Status.NOOP: _READ} if view.is_reading else {}),
            goes_on_words=_GOES_ON,
            moments=_MOMENTS,
            purposes=_PURPOSES,
            counts=_counts(view),
            has={
                name: (folder / name).is_file()
                for name in (layout.VIDEO, layout.TRACE, layout.TRANSCRIPT_TEXT)
            },
            layout=layout,
        )
    )


def _counts(view: ReportView) -> list[tuple[Status, bool, int]]:
    """How many tasks have ended so: the status, whether it goes on, and the number."""
    ended = [(task.result.status, task.result.goes_on) for task in view.tasks]
    return [
        (status, is_on, ended.count((status, is_on))) for status in STATUS_WORDS for is_on in (False, True)
    ]


def _embed(view: ReportView) -> dict[str, str]:
    """Data URIs of all pictures shown: those of acts and stops large, those of the way there small."""
    folder = view.bundle.folder
    large = [picture.file for task in view.tasks for act in task.acts for picture in act.pictures]
    large += [picture.file for task in view.tasks for _, picture in task.stops]
    small = [picture.file for task in view.tasks for _, picture in task.way]
    return {
        **embed_pictures(folder, filter(None, small), budget_bytes=_SMALL_BUDGET, sizes=SMALL),
        **embed_pictures(folder, filter(None, large), budget_bytes=_LARGE_BUDGET),
    }
