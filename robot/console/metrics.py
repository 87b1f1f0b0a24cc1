"""`GET /metrics`, for Prometheus: counted in the ledger when it is asked, so the same whoever answers."""

from __future__ import annotations

from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from starlette.requests import Request

from robot.console.answer import Answer
from robot.console.desk import Desk
from robot.ledger.counts import count_endings, count_intents
from robot.ledger.jobs import STATES, Jobs
from robot.ledger.stops import Stops
from robot.ledger.tokens import TokenRow
from robot.ledger.workers import Workers


def show(desk: Desk, token: TokenRow, http: Request, body: bytes) -> Answer:
    """Prometheus' text format."""
    registry = CollectorRegistry()
    dashboard = desk.profile.dashboard

    def gauge(name: str, about: str, *labels: str) -> Gauge:
        return Gauge(f"offboard_{name}", about, ("dashboard", *labels), registry=registry)

    jobs = Jobs(desk.ledger, dashboard=dashboard, now=desk.now)
    states = jobs.counts()
    by_state = gauge("jobs", "Customers in the queue, by state.", "state")
    for state in STATES:
        by_state.labels(dashboard, state).set(states.get(state, 0))
    oldest = jobs.oldest_queued()
    age = (desk.now() - datetime.fromisoformat(oldest)).total_seconds() if oldest else 0
    gauge("oldest_queued_seconds", "How long the oldest queued customer has waited.").labels(dashboard).set(
        age
    )
    workers = Workers(desk.ledger, dashboard=dashboard, now=desk.now).all()
    seen = gauge("worker_seen_seconds", "How long ago each worker was seen last.", "worker", "host")
    for worker in workers:
        since = (desk.now() - datetime.fromisoformat(worker.seen_at)).total_seconds()
        seen.labels(dashboard, worker.id, worker.host).set(since)
    gauge("workers", "Workers that have not ended.").labels(dashboard).set(len(workers))
    stops = gauge("stops", "What is stopped after failures: queue, dashboard, login or flow.", "what")
    for stop in Stops(desk.ledger, dashboard=dashboard, now=desk.now).open():
        stops.labels(dashboard, stop.what.split(":")[0]).inc()
    with desk.ledger.begin() as connection:
        acts = gauge("acts_total", "Irreversible acts, by what became of them.", "state")
        for state, number in count_intents(connection, dashboard).items():
            acts.labels(dashboard, state).set(number)
        tasks = gauge("tasks_total", "Tasks that have ended, by flow and status.", "flow", "status")
        for (flow, status), number in count_endings(connection, dashboard).items():
            tasks.labels(dashboard, flow, status).set(number)
    return Answer(status=200, body=generate_latest(registry).decode())
