"""`report.html`: the whole report in one file that can be read offline, printed and mailed. No script in it."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from robot.report.embed import SMALL, embed_pictures
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
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        day=_day,
        clock=_clock,
        seconds=_seconds,
        shown=_shown,
        size=_size,
        plural=_plural,
        columns=_columns,
        ticks=_ticks,
        marked=_marked,
    )
    folder = view.bundle.folder
    return environment.get_template("report.html.j2").render(
        view=view,
        run=view.run,
        check=view.bundle.check,
        pictures=_embed(view),
        words=STATUS_WORDS | ({Status.NOOP: _READ} if view.is_reading else {}),
        moments=_MOMENTS,
        purposes=_PURPOSES,
        counts=[
            (status, sum(task.result.status is status for task in view.tasks)) for status in STATUS_WORDS
        ],
        has={
            name: (folder / name).is_file() for name in (layout.VIDEO, layout.TRACE, layout.TRANSCRIPT_TEXT)
        },
        layout=layout,
    )


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


def _day(time: datetime) -> str:
    return f"{time.astimezone(UTC):%-d %B %Y}" if os.name != "nt" else f"{time.astimezone(UTC):%d %B %Y}"


def _clock(time: datetime) -> str:
    return f"{time.astimezone(UTC):%H:%M:%S}"


def _seconds(milliseconds: int) -> str:
    """A duration for people: "3.4 s", "2 min 5 s"."""
    if milliseconds < 60_000:
        return f"{milliseconds / 1000:.1f} s"
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    return f"{minutes} min {seconds} s"


def _shown(value: object) -> str:
    """A JSON value for people: text as it is, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _columns(rows: object) -> list[str]:
    """The fields of a list of rows that say something; empty for what is no list of rows."""
    if not isinstance(rows, list) or not rows or not isinstance(rows[0], dict):
        return []
    return [name for name in rows[0] if any(row.get(name) for row in rows)]


def _marked(text: str) -> Markup:
    """Text in which what stands between backticks is set as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped first


def _size(octets: int) -> str:
    return f"{octets / 1024**2:.1f} MB" if octets >= 1024**2 else f"{octets / 1024:.0f} kB"


def _plural(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _ticks(digest: str) -> str:
    """A digest in groups of eight, so that two can be compared by eye."""
    return " ".join(digest[index : index + 8] for index in range(0, len(digest), 8))
