"""The tables as SQLAlchemy knows them. The files in `migrations/` make them; a test compares the two."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table

METADATA = MetaData()


def _text(name: str, *, key: bool = False, of: str | None = None, null: bool = False) -> Column[str]:
    links = [ForeignKey(of)] if of else []
    return Column(name, String, *links, primary_key=key, nullable=null)


def _number() -> Column[int]:
    return Column("number", Integer, primary_key=True, autoincrement=True)


CASES = Table(
    "cases",
    METADATA,
    _text("id", key=True),
    _text("dashboard"),
    _text("profile"),
    _text("location_id"),
    _text("company"),
    _text("state"),
    _text("reason"),
    _text("opened_at"),
    _text("opened_by"),
    _text("state_since"),
    _text("closed_at", null=True),
    _text("policies"),
)
CASE_STATES = Table(
    "case_states",
    METADATA,
    _number(),
    _text("case_id", of="cases.id"),
    _text("state"),
    _text("reason"),
    _text("at"),
)
PLANS = Table(
    "plans",
    METADATA,
    _number(),
    _text("case_id", of="cases.id"),
    _text("digest"),
    _text("survey_run_id"),
    _text("made_at"),
    _text("content"),
)
APPROVALS = Table(
    "approvals",
    METADATA,
    _number(),
    _text("case_id", of="cases.id"),
    _text("digest"),
    _text("mode"),
    _text("given_by"),
    _text("given_at"),
    _text("expires_at"),
    _text("withdrawn_at", null=True),
)
RUNS = Table(
    "runs",
    METADATA,
    _text("id", key=True),
    _text("case_id", of="cases.id", null=True),
    _text("flow"),
    _text("dashboard"),
    _text("operator"),
    _text("status"),
    _text("reason"),
    _text("started_at"),
    _text("ended_at", null=True),
    _text("evidence"),
    _text("evidence_digest"),
    _text("customer"),
    _text("stored"),
)
TASKS = Table(
    "tasks",
    METADATA,
    _text("run_id", key=True, of="runs.id"),
    _text("task", key=True),
    _text("status"),
    _text("reason"),
    _text("started_at"),
    _text("ended_at"),
    _text("outputs"),
    _text("problems"),
    # Nobody need be asked: it is looked at again later, since something it needs, or has begun, ends by itself.
    Column("goes_on", Integer, nullable=False),
)
STEPS = Table(
    "steps",
    METADATA,
    _text("run_id", key=True, of="runs.id"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _text("task"),
    _text("flow"),
    _text("name"),
    _text("kind"),
    _text("status"),
    _text("reason"),
    _text("started_at"),
    _text("ended_at"),
)
CAPTURES = Table(
    "captures",
    METADATA,
    _number(),
    _text("run_id", of="runs.id"),
    _text("task"),
    _text("name"),
    _text("value"),
    _text("at"),
)
INTENTS = Table(
    "intents",
    METADATA,
    _number(),
    _text("dashboard"),
    _text("object"),
    _text("location_id"),
    _text("task"),
    _text("run_id"),
    _text("case_id", null=True),
    _text("sentence"),
    _text("page_url"),
    _text("state"),
    _text("armed_at"),
    _text("doubtful_until", null=True),
    _text("settled_at", null=True),
)
FOLLOWUPS = Table(
    "followups",
    METADATA,
    _number(),
    _text("case_id", of="cases.id"),
    _text("object"),
    _text("says"),
    _text("began_at"),
    _text("due_at"),
    Column("tries", Integer, nullable=False),
    _text("ended_at", null=True),
    _text("outcome"),
)
SETTLEMENTS = Table(
    "settlements",
    METADATA,
    _number(),
    _text("case_id", of="cases.id"),
    _text("object"),
    _text("how"),
    _text("reason"),
    _text("ticket"),
    _text("settled_by"),
    _text("settled_at"),
)
VERIFICATIONS = Table(
    "verifications",
    METADATA,
    _number(),
    _text("case_id", of="cases.id"),
    _text("run_id"),
    _text("at"),
    _text("content"),
)
ANSWERS = Table(
    "answers",
    METADATA,
    _number(),
    _text("run_id"),
    _text("case_id", null=True),
    _text("object"),
    _text("location_id"),
    _text("sentence"),
    _text("answer"),
    _text("given_by"),
    _text("given_at"),
)
JOBS = Table(
    "jobs",
    METADATA,
    _text("id", key=True),
    _text("dashboard"),
    _text("profile"),
    _text("location_id"),
    _text("company"),
    _text("requested_by"),
    _text("due_on", null=True),
    _text("not_before", null=True),
    Column("priority", Integer, nullable=False),
    _text("policies"),
    _text("source"),
    _text("state"),
    _text("reason"),
    Column("tries", Integer, nullable=False),
    _text("case_id", of="cases.id", null=True),
    _text("added_at"),
    _text("added_by"),
    _text("state_since"),
    _text("ended_at", null=True),
    _text("lane"),
    Column("turn", Integer, nullable=False),
    _text("waits_for"),
    _text("wake_at", null=True),
)
TURNS = Table(
    "turns",
    METADATA,
    _text("job_id", key=True, of="jobs.id"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _text("lane"),
    _text("worker"),
    _text("claimed_at"),
    _text("began_at", null=True),
    _text("ended_at", null=True),
    _text("state"),
    _text("reason"),
    Column("begun", Integer, nullable=False, server_default="0"),
)
WORKERS = Table(
    "workers",
    METADATA,
    _text("id", key=True),
    _text("dashboard"),
    _text("host"),
    Column("pid", Integer, nullable=False),
    _text("logins"),
    _text("state"),
    _text("began_at"),
    _text("seen_at"),
    _text("ended_at", null=True),
)
STOPS = Table(
    "stops",
    METADATA,
    _number(),
    _text("dashboard"),
    _text("what"),
    _text("cause"),
    Column("tries", Integer, nullable=False),
    _text("began_at"),
    _text("until", null=True),
    _text("ended_at", null=True),
)
BATCHES = Table(
    "batches",
    METADATA,
    _text("id", key=True),
    _text("dashboard"),
    _text("began_at"),
    _text("began_by"),
    _text("until", null=True),
    _text("ended_at", null=True),
    _text("outcome"),
    _text("preflight"),
    _text("summary"),
)
API_TOKENS = Table(
    "api_tokens",
    METADATA,
    _text("name", key=True),
    _text("digest"),
    _text("scopes"),
    _text("made_at"),
    _text("made_by"),
    _text("revoked_at", null=True),
)
API_ANSWERS = Table(
    "api_answers",
    METADATA,
    _text("token", key=True),
    _text("request", key=True),
    _text("body_digest"),
    Column("status", Integer, nullable=False),
    _text("answer"),
    _text("at"),
)
MOVES = Table("moves", METADATA, _number(), _text("moved_to"), _text("at"))
QUEUE_STATES = Table(
    "queue_states",
    METADATA,
    _text("dashboard", key=True),
    _text("state"),
    _text("set_by"),
    _text("set_at"),
)
LEASES = Table(
    "leases",
    METADATA,
    _text("key", key=True),
    _text("token"),
    _text("run_id"),
    _text("host"),
    Column("pid", Integer, nullable=False),
    _text("process_began"),
    _text("taken_at"),
    _text("seen_at"),
    _text("worker"),
)
