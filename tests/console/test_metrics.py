"""`GET /metrics`: what Prometheus reads is what the ledger holds."""

from __future__ import annotations

from datetime import timedelta

from prometheus_client.parser import text_string_to_metric_families

from robot.ledger.jobs import Jobs
from robot.ledger.stops import Stops, of_flow
from robot.ledger.workers import Workers
from tests.console.conftest import AT, DASHBOARD, Caller


def test_what_is_read_is_what_the_ledger_holds(caller: Caller) -> None:
    for name in ("One", "Two", "Three"):
        assert caller.post({"company": name}).status_code == 201
    earlier = Jobs(caller.desk.ledger, dashboard=DASHBOARD, now=lambda: AT)
    earlier.cancel(earlier.find("Two"), reason="asked by mistake")
    Workers(caller.desk.ledger, dashboard=DASHBOARD, now=lambda: AT - timedelta(seconds=7)).begin(
        "w1", ["a@b"]
    )
    Stops(caller.desk.ledger, dashboard=DASHBOARD, now=lambda: AT).stop(of_flow("users"), "it failed")

    answer = caller.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    found = {
        (sample.name, tuple(value for name, value in sorted(sample.labels.items()) if name != "dashboard")): (
            sample.value
        )
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert found["offboard_jobs", ("queued",)] == 2
    assert found["offboard_jobs", ("cancelled",)] == 1
    assert found["offboard_workers", ()] == 1
    assert found["offboard_stops", ("flow",)] == 1
    [seen] = [value for (name, _), value in found.items() if name == "offboard_worker_seen_seconds"]
    assert seen == 7
