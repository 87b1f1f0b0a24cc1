"""`POST /api/cancellations`: a customer is to be offboarded. `GET /api/cancellations/JOB`: what became of it.

A program may ask; it can approve nothing: the plan waits for a person or for the profile's policy.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from starlette.requests import Request as HttpRequest

from robot.console.answer import Answer, refusal
from robot.console.desk import Desk
from robot.errors import BadInputError, did_you_mean
from robot.jobs.intake import job_of
from robot.jobs.request import FIELDS, Request, read_request
from robot.ledger.jobs import Added, JobRow, Jobs
from robot.ledger.tokens import TokenRow

#: Names one request, so that it may be sent again when its answer was lost.
KEY_HEADER = "idempotency-key"
_LONGEST_KEY = 200
#: No number that is asked for has this many digits.
_LARGEST = 10**15


def ask(desk: Desk, token: TokenRow, http: HttpRequest, body: bytes) -> Answer:
    """201 for a customer who is queued now, 409 for one who was asked for before, 422 with all that is wrong."""
    key = http.headers.get(KEY_HEADER, "")
    if len(key) > _LONGEST_KEY:
        return refusal(
            422, f"the idempotency key is longer than {_LONGEST_KEY} letters", "send a shorter one"
        )
    digest = hashlib.sha256(body).hexdigest()
    earlier = _answered(desk, token, key, digest)
    if earlier is not None:
        return earlier
    request = _read(body)
    if isinstance(request, Answer):
        return request
    try:
        return _queue(desk, token, request, key, digest)
    except IntegrityError:
        # The same customer, or the same request, came twice at the same moment: the other one is there by now.
        return _answered(desk, token, key, digest) or _queue(desk, token, request, key, digest)


def show(desk: Desk, token: TokenRow, http: HttpRequest, body: bytes) -> Answer:
    """200 with the job, by its id, location id or case; 404 for none."""
    try:
        job = _jobs(desk).find(http.path_params["job"])
    except BadInputError as error:
        return refusal(404, error.problem.what, error.problem.next)
    return Answer(status=200, body={"job": _plain(job)})


def _answered(desk: Desk, token: TokenRow, key: str, digest: str) -> Answer | None:
    known = desk.tokens.answered(token.name, key) if key else None
    if known is None:
        return None
    if known.body_digest != digest:
        return refusal(
            422, "this idempotency key was sent with another body", "send a key of its own with each request"
        )
    return Answer(status=known.status, body=json.loads(known.answer))


def _read(body: bytes) -> Request | Answer:
    try:
        # Strictly UTF-8: half a letter, written as it is, is none.
        given = json.loads(
            body.decode("utf-8"),
            parse_constant=_no_number,
            parse_float=_number,
            parse_int=_number,
            object_pairs_hook=_object,
        )
    except RecursionError:
        return refusal(400, "the body is nested too deeply", 'send {"location_id": "..."}')
    except ValueError as error:
        return refusal(400, f"the body is no JSON: {error}", 'send {"location_id": "..."}')
    if not isinstance(given, dict):
        return refusal(400, "the body is no JSON object", 'send {"location_id": "..."}')
    problems = [
        {"field": name, "what": "is not known", "next": f"{did_you_mean(name, FIELDS)}".strip()}
        for name in given
        if name not in FIELDS
    ]
    problems += [
        {"field": name, "what": "is neither text nor a number", "next": ""}
        for name, value in given.items()
        if name in FIELDS and name != "policies" and not isinstance(value, str | int | float)
    ]
    if problems:
        return refusal(422, f"{len(problems)} problems", f"known: {', '.join(FIELDS)}", problems=problems)
    request, faults = read_request(given)
    if request is None:
        problems = [{"field": fault.name, "what": fault.what, "next": fault.next} for fault in faults]
        return refusal(422, f"{len(problems)} problems", "mend them and send it again", problems=problems)
    return request


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number")


def _number(text: str) -> int | float:
    number: int | float = int(text) if text.removeprefix("-").isdigit() and len(text) < 20 else float(text)
    if not abs(number) < _LARGEST:
        raise ValueError(f"{text[:40]} is larger than any number that is asked for here")
    return number


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Raises ValueError for a name that stands there twice: which of the two is meant, nobody knows."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"'{name[:40]}' stands there twice")
        for text in (name, value):
            if isinstance(text, str) and any("\ud800" <= letter <= "\udfff" for letter in text):
                raise ValueError(f"'{name[:40]}' holds half a letter (a lone surrogate)")
        found[name] = value
    return found


def _queue(desk: Desk, token: TokenRow, request: Request, key: str, digest: str) -> Answer:
    with desk.ledger.begin() as connection:
        [added] = _jobs(desk).add_in(
            connection,
            [job_of(request, f"API, token '{token.name}'")],
            profile=desk.profile.name,
            by=f"token {token.name}",
        )
        answer = _answer(added, request)
        if key:
            _remember(desk, connection, token, key, digest, answer)
    return answer


def _remember(
    desk: Desk, connection: Connection, token: TokenRow, key: str, digest: str, answer: Answer
) -> None:
    desk.tokens.remember(
        connection,
        token.name,
        key,
        body_digest=digest,
        status=answer.status,
        answer=json.dumps(answer.body, ensure_ascii=False),
    )


def _answer(added: Added, request: Request) -> Answer:
    job = added.job
    if added.is_new:
        return Answer(
            status=201,
            body={
                "job": _plain(job),
                "next": "it is planned when a worker comes to it; the plan waits for a person, or for the policy",
            },
        )
    return Answer(
        status=409,
        body={
            "job": _plain(job),
            "error": {
                "what": f"{request.shown} was asked for before: the job {job.id} is {job.state}",
                "next": f"look at it: GET /api/cancellations/{job.id}",
            },
        },
    )


def _plain(job: JobRow) -> dict[str, Any]:
    return {**asdict(job), "policies": json.loads(job.policies)}


def _jobs(desk: Desk) -> Jobs:
    return Jobs(desk.ledger, dashboard=desk.profile.dashboard, now=desk.now)
