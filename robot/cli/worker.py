"""`offboard worker` and `offboard batch`: work the queue, for as long as told or for a night."""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from types import FrameType

from robot.cli.exit_codes import FAILED, GOOD, INTERRUPTED, PERSON
from robot.cli.terminal import announce
from robot.errors import BadInputError, Problem
from robot.jobs.summary import FOR_A_PERSON, as_json, counts
from robot.logins import read_logins
from robot.outfit import RunOptions, read_rules
from robot.report.summary_pages import summary_html, summary_markdown
from robot.run.evidence_store import EvidenceStore, StoreError
from robot.screen import say, say_json, say_text, tell
from robot.settings import Settings
from robot.steady import SteadyTime
from robot.time_zone import first_moment
from robot.worker.log import RunLog, set_up_log
from robot.worker.night import LANE, Night, Nights, work_night
from robot.worker.notify import Message, Receiver, read_receivers, send_all
from robot.worker.shift import Extra, Shift, ShiftOptions

#: How long a batch goes on unless it is told until when.
A_NIGHT = timedelta(hours=8)


def worker(
    *,
    settings: Settings,
    options: RunOptions,
    environ: Mapping[str, str],
    shift: ShiftOptions,
    is_json: bool,
    is_by_night: bool,
) -> int:
    """Works the queue until it is told to stop. is_by_night: only while a batch of a schedule goes on.

    Returns the exit code.
    """
    receivers = read_receivers(settings.notify, smtp=settings.smtp)
    at_work = _make_shift(settings, options, environ, shift, is_log_json=is_json)
    with _told(at_work), at_work.at_post() as post:
        nights = Nights(at_work, post, deliver=lambda night: _deliver(night, receivers, settings))
        if is_by_night:
            at_work.keeps_hours = nights.is_any_open
        extra = Extra(lane=LANE, is_for=nights.is_for, work=nights.work, on_tick=nights.on_tick)
        at_work.work(post, extra=extra)
    return 0


def _deliver(night: Night, receivers: tuple[Receiver, ...], settings: Settings) -> list[Path]:
    """Writes a summary, stores it beside the evidence, and sends it. Returns the files."""
    files = _write(night)
    if settings.store and files:
        try:
            EvidenceStore(settings.store).put(night.folder)
        except StoreError as error:
            announce(f"the summary was not stored: {error.problem.what}")
    _send(night, receivers)
    return files


def _make_shift(
    settings: Settings,
    options: RunOptions,
    environ: Mapping[str, str],
    shift: ShiftOptions,
    *,
    is_log_json: bool,
) -> Shift:
    """With all logins that are named. Raises BadInputError for what is wrong with rules, profile or logins."""
    logins = read_logins(settings)
    secrets = [secret for one in logins for secret in one.secrets()]
    set_up_log(is_json=is_log_json, secrets=secrets)
    at_work = Shift(
        read_rules(settings),
        settings=settings,
        options=options,
        logins=logins,
        environ=environ,
        shift=shift,
        make_listeners=lambda: (RunLog(),),
    )
    set_up_log(is_json=is_log_json, secrets=secrets, zone=at_work.zone)
    return at_work


def batch(
    *,
    settings: Settings,
    options: RunOptions,
    environ: Mapping[str, str],
    shift: ShiftOptions,
    until: str | None,
    is_log_json: bool,
    is_json: bool,
) -> int:
    """One night: looks ahead, works, says what became of it. Returns the exit code."""
    receivers = read_receivers(settings.notify, smtp=settings.smtp)
    at_work = _make_shift(settings, options, environ, shift, is_log_json=is_log_json)
    ends_at = read_until(until, datetime.now(UTC), at_work.zone)
    with _told(at_work):
        # So many hours are so many, whatever becomes of the clock; a time of day is what the clock shows.
        night = work_night(at_work, until=ends_at, clock=SteadyTime() if until is None else None)
    files = _deliver(night, receivers, settings)
    if is_json:
        say_json(json.loads(as_json(night.summary)))
    else:
        say_text(summary_markdown(night.summary))
        say(*(str(file) for file in files))
    if at_work.is_draining():
        return INTERRUPTED
    if not night.is_good:
        return FAILED
    return PERSON if night.summary.of(FOR_A_PERSON) else GOOD


def _send(night: Night, receivers: tuple[Receiver, ...]) -> None:
    message = Message(
        title=f"Offboarding: {counts(night.summary)}",
        text=summary_markdown(night.summary),
        values=json.loads(as_json(night.summary)),
    )
    for failure in send_all(receivers, message):
        announce(f"{failure.problem.what}; {failure.problem.next}")


def _write(night: Night) -> list[Path]:
    """The summary in its three forms, beside the evidence."""
    texts = {
        "summary.html": summary_html(night.summary),
        "summary.md": summary_markdown(night.summary),
        "summary.json": as_json(night.summary),
    }
    files = []
    try:
        night.folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (night.folder / name).write_text(text, encoding="utf-8")
            files.append(night.folder / name)
    except OSError as error:
        announce(f"the summary could not be written to {night.folder}: {error.strerror}; it is in the ledger")
    return files


@contextmanager
def _told(at_work: Shift) -> Iterator[None]:
    """The first SIGTERM or Ctrl-C ends the work in order, the second one at once."""

    def take(number: int, frame: FrameType | None) -> None:
        if at_work.is_draining():
            tell("offboard: ended at once; what was cut off is looked at when it is gone on with")
            # Browsers end with their driver, and the driver with this process.
            os._exit(130)
        tell("offboard: ending in order; once more to end now")
        at_work.drain()

    before = {number: signal.signal(number, take) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def read_until(text: str | None, now: datetime, zone: tzinfo) -> datetime:
    """text: `HH:MM` by the clocks of the agency, whose zone it is, the next time they show that.

    A time that they skip is the moment of the skip, one that they show twice the first of the two that is to come.
    Raises BadInputError.
    """
    if text is None:
        return now + A_NIGHT
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text.strip())
    if match is None:
        raise BadInputError(
            Problem(
                what=f"'{text}' is not a time of day", next="write it as 06:00, by the clocks of the agency"
            )
        )
    # Without a zone: each day is then read by the rule that holds on it, whatever the clocks do in between.
    here = now.astimezone(zone).replace(tzinfo=None)
    shown: datetime = here.replace(hour=int(match[1]), minute=int(match[2]), second=0, microsecond=0)
    for wall in (shown, shown + timedelta(days=1)):
        again: datetime = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
        is_shown_twice = again.astimezone(zone).replace(tzinfo=None) == wall
        both: list[datetime] = [first_moment(wall, zone), *([again] if is_shown_twice else [])]
        if coming := [found for found in both if found > now]:
            return coming[0]
    raise AssertionError("the clocks show every time of day within two days")
