"""`offboard queue`: cancellations that are asked for, to be worked later."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from robot.case.office import Office
from robot.cli.exit_codes import FAILED, GOOD
from robot.jobs.intake import add_one, import_table, preview_table
from robot.jobs.request import Request
from robot.ledger.jobs import STATES, WORKING, JobRow, Jobs
from robot.ledger.stops import Stops
from robot.ledger.turns import Turns
from robot.report.queue_terminal import print_job, print_jobs
from robot.screen import Screen, say, say_json

#: How often a drain looks whether the last job has ended, in s.
_LOOK_EVERY_S = 0.5


def _jobs(at: Office) -> Jobs:
    return Jobs(at.ledger, dashboard=at.profile.dashboard, now=at.now)


def add(at: Office, given: Mapping[str, object], *, is_json: bool) -> int:
    """Queues one customer. Returns the exit code."""
    at.profile.zone_for("the queue")
    added = add_one(_jobs(at), given, profile=at.profile.name, by=at.operator, source="command line")
    return _tell(added.job, f"{added.job.shown} is queued: job {added.job.id}", is_json=is_json)


def preview(at: Office, file: Path, *, is_json: bool) -> int:
    """Shows what an import would queue, row by row."""
    found = preview_table(_jobs(at), file)
    if is_json:
        rows = [
            {"row": one.row.number, **_plain_request(one.row.request), "job": one.job.id if one.job else None}
            for one in found.seen
        ]
        say_json({"read": found.read_as, "rows": rows})
        return 0
    say(f"{file}: {found.read_as}")
    for one in found.seen:
        known = f": was asked for before, job {one.job.id}, {one.job.state}" if one.job else ""
        say(f"row {one.row.number}: {_customer(one.row.request.company, one.row.request.location_id)}{known}")
        rest = _plain_request(one.row.request)
        for name in ("location_id", "company"):
            del rest[name]
        policies = rest.pop("policies")
        said = [f"{name.replace('_', ' ')} {value}" for name, value in rest.items() if value]
        said += [f"{name}={value}" for name, value in policies.items()]
        say(f"    {', '.join(said)}")
    there = sum(one.job is not None for one in found.seen)
    say(f"{len(found.seen) - there} would be queued, {there} known already. Nothing was queued.")
    return 0


def _plain_request(request: Request) -> dict[str, Any]:
    days = {"due_on": request.due_on, "not_before": request.not_before}
    return {**asdict(request), **{name: day.isoformat() if day else None for name, day in days.items()}}


def _customer(company: str, location_id: str) -> str:
    return f"{company} ({location_id})" if company and location_id else company or location_id


def import_file(at: Office, file: Path, *, is_json: bool) -> int:
    """Queues every customer of a table, or none when a row is wrong."""
    at.profile.zone_for("the queue")
    found = import_table(_jobs(at), file, profile=at.profile.name, by=at.operator)
    new = [one.job for one in found if one.is_new]
    known = [one.job for one in found if not one.is_new]
    if is_json:
        say_json({"added": [_plain(job) for job in new], "known": [_plain(job) for job in known]})
        return 0
    for job in known:
        say(f"{job.shown}: was asked for before, job {job.id}, {job.state}")
    for job in new:
        say(f"{_customer(job.company, job.location_id)}: is queued, job {job.id}")
    say(f"{len(new)} queued, {len(known)} known already.")
    return 0


def list_jobs(at: Office, states: tuple[str, ...], *, is_json: bool) -> int:
    """states: only those in these; all when empty."""
    jobs = _jobs(at)
    found = jobs.all(states=states or STATES)
    stops = Stops(at.ledger, dashboard=at.profile.dashboard, now=at.now).open()
    if is_json:
        say_json(
            {
                "paused": jobs.is_paused(),
                "stops": [asdict(stop) for stop in stops],
                "jobs": [_plain(job) for job in found],
            }
        )
    else:
        print_jobs(
            found,
            stops,
            Screen(),
            is_paused=jobs.is_paused(),
            zone=at.profile.zone,
            today=at.profile.day_of(at.now()),
        )
    return 0


def show(at: Office, word: str, *, is_json: bool) -> int:
    job = _jobs(at).find(word)
    turns = Turns(at.ledger, dashboard=at.profile.dashboard, now=at.now).of(job)
    if is_json:
        say_json({**_plain(job), "turns": [asdict(turn) for turn in turns]})
    else:
        print_job(job, turns, Screen(), zone=at.profile.zone, today=at.profile.day_of(at.now()))
    return 0


def cancel(at: Office, word: str, *, reason: str, is_json: bool) -> int:
    """Takes a job out that nobody works on."""
    jobs = _jobs(at)
    job = jobs.cancel(jobs.find(word), reason=reason)
    return _tell(job, f"The job {job.id} of {job.shown} is cancelled.", is_json=is_json)


def retry(at: Office, word: str, *, is_json: bool) -> int:
    """Puts a job back that is for a person, or was cancelled."""
    jobs = _jobs(at)
    job = jobs.retry(jobs.find(word))
    return _tell(job, f"The job {job.id} of {job.shown} is queued again.", is_json=is_json)


def pause(at: Office, *, is_paused: bool, is_json: bool) -> int:
    """Lets no further job begin, or lets them begin again."""
    _jobs(at).set_paused(is_paused, by=at.operator)
    ended = 0 if is_paused else Stops(at.ledger, dashboard=at.profile.dashboard, now=at.now).end()
    if is_json:
        say_json({"paused": is_paused, "stops_ended": ended})
    else:
        say(
            "The queue is paused: what is worked is finished, nothing is begun."
            if is_paused
            else "The queue is open." + (" What was stopped is tried again." if ended else "")
        )
    return 0


def drain(at: Office, *, within_s: float, is_json: bool) -> int:
    """Pauses the queue and waits until nobody works a job. Returns 1 when somebody still does after that time."""
    jobs = _jobs(at)
    jobs.set_paused(True, by=at.operator)
    end = time.monotonic() + within_s
    while (left := jobs.all(states=(WORKING,))) and time.monotonic() < end:
        time.sleep(_LOOK_EVERY_S)
    if is_json:
        say_json({"paused": True, "working": [_plain(job) for job in left]})
    elif left:
        for job in left:
            say(f"{job.shown}: still worked, job {job.id}, with {job.lane}")
    else:
        say("The queue is paused, and nobody works a job. To go on: offboard queue resume")
    return FAILED if left else GOOD


def _tell(job: JobRow, text: str, *, is_json: bool) -> int:
    if is_json:
        say_json(_plain(job))
    else:
        say(text)
    return 0


def _plain(job: JobRow) -> dict[str, Any]:
    return {**asdict(job), "policies": json.loads(job.policies)}
