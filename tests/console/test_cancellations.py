"""`POST /api/cancellations`: who may ask, what is taken, and what asking again does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from robot.console.app import MOST_BYTES
from robot.console.desk import Desk
from robot.ledger.tokens import METRICS
from tests.console.conftest import Caller, served

LOCATION = "hK3vQ9mTz7LpX2cRb8Nd"


def test_a_customer_is_queued_with_all_that_was_said(caller: Caller) -> None:
    answer = caller.post(
        {
            "location_id": LOCATION,
            "company": "Adrianne's Housekeeping",
            "requested_by": "billing",
            "due_on": "2026-12-01",
            "not_before": "2026-11-27",
            "priority": 2,
            "policies": {"users_shared": "block"},
        }
    )
    assert answer.status_code == 201
    [job] = caller.jobs().all()
    assert answer.json()["job"]["id"] == job.id
    assert (job.location_id, job.due_on, job.not_before, job.priority) == (
        LOCATION,
        "2026-12-01",
        "2026-11-27",
        2,
    )
    assert (job.state, job.added_by, job.source) == ("queued", "token crm", "API, token 'crm'")
    assert caller.get(f"/api/cancellations/{job.id}").json()["job"]["location_id"] == LOCATION


def test_the_same_customer_again_is_refused_with_a_pointer_to_the_first(caller: Caller) -> None:
    first = caller.post({"location_id": LOCATION}).json()["job"]
    again = caller.post({"location_id": LOCATION, "priority": 1})
    assert again.status_code == 409
    assert again.json()["job"]["id"] == first["id"]
    assert f"/api/cancellations/{first['id']}" in again.json()["error"]["next"]
    assert len(caller.jobs().all()) == 1


def test_the_same_request_again_gets_the_same_answer(caller: Caller) -> None:
    key = {"Idempotency-Key": "webhook-17"}
    first = caller.post({"location_id": LOCATION}, headers=key)
    again = caller.post({"location_id": LOCATION}, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    other = caller.post({"location_id": LOCATION[::-1]}, headers=key)
    assert other.status_code == 422
    assert "another body" in other.json()["error"]["what"]
    assert len(caller.jobs().all()) == 1


def test_of_many_at_once_one_is_taken(caller: Caller) -> None:
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda _: caller.post({"location_id": LOCATION}).status_code, range(16)))
    assert sorted(codes) == [201] + [409] * 15
    assert len(caller.jobs().all()) == 1


def test_all_that_is_wrong_is_named_at_once(caller: Caller) -> None:
    answer = caller.post({"location_id": "no id", "due_on": "tomorrow", "priority": 12, "policies": {"x": 1}})
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["error"]["problems"]] == [
        "location_id",
        "due_on",
        "priority",
        "policies",
    ]
    unknown = caller.post({"locationid": LOCATION})
    assert unknown.json()["error"]["problems"][0]["field"] == "locationid"
    assert "location_id" in unknown.json()["error"]["problems"][0]["next"]
    assert caller.jobs().all() == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b'{"priority": NaN}', 400),
        (b"\xff\xfe", 400),
        (b"[" * 10_000, 400),
        (b"{}", 422),
        (b'{"company": {"a": 1}}', 422),
        (b'{"company": true, "priority": [1]}', 422),
        (b'{"location_id": "' + b"x" * MOST_BYTES + b'"}', 413),
    ],
)
def test_what_is_no_request_is_refused(caller: Caller, body: bytes, code: int) -> None:
    answer = caller.post(body)
    assert answer.status_code == code
    assert answer.json()["error"]["what"]
    assert caller.jobs().all() == []


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
_FIELDS = ("location_id", "company", "requested_by", "due_on", "not_before", "priority", "policies")


@settings(max_examples=120, suppress_health_check=list(HealthCheck), deadline=None)
@given(body=st.dictionaries(st.sampled_from(_FIELDS) | st.text(max_size=5), _JSON, max_size=5))
def test_anything_is_taken_whole_or_refused_with_a_reason(caller: Caller, body: dict[str, object]) -> None:
    before = len(caller.jobs().all())
    answer = caller.post(body)
    taken = len(caller.jobs().all()) - before
    assert answer.status_code in (201, 400, 409, 413, 422), answer.text
    assert taken == (1 if answer.status_code == 201 else 0)
    if answer.status_code == 422:
        assert answer.json()["error"]["problems"]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic {token}", "{token}"])
def test_nobody_asks_without_a_token(caller: Caller, header: str) -> None:
    answer = caller.client.post(
        "/api/cancellations",
        json={"location_id": LOCATION},
        headers={"Authorization": header.format(token=caller.token)},
    )
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert caller.jobs().all() == []


def test_a_token_is_good_for_what_it_is_for_until_it_is_revoked(caller: Caller, desk: Desk) -> None:
    reader = replace(caller, token=desk.tokens.make("graphs", [METRICS], by="ann"))
    assert reader.post({"location_id": LOCATION}).status_code == 403
    assert reader.get("/metrics").status_code == 200
    desk.tokens.revoke("graphs")
    assert reader.get("/metrics").status_code == 401


def test_whoever_asks_too_often_has_to_wait(desk: Desk) -> None:
    token = desk.tokens.make("crm", ["cancellations"], by="ann")
    other = desk.tokens.make("other", ["cancellations"], by="ann")
    with served(desk, most_a_minute=2) as client:
        mine, theirs = ({"Authorization": f"Bearer {one}"} for one in (token, other))
        answers = [client.get("/api/cancellations/x", headers=mine) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [404, 404, 429]
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
        assert client.get("/api/cancellations/x", headers=theirs).status_code == 404


def test_nobody_is_told_what_is_not_there(caller: Caller) -> None:
    assert caller.get("/api/nothing").status_code == 404
    assert caller.client.delete("/api/cancellations").status_code == 405
    assert caller.client.get("/health").text == "ok\n"
