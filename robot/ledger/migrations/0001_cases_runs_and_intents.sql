-- Times are ISO 8601 in UTC, always with microseconds, so that they sort as text. `content` and `value` are JSON.
-- {serial} is the database's own counter: a whole number that grows with each row.

-- A customer's whole offboarding. One that is not closed is the only one of its sub-account.
CREATE TABLE cases (
    id TEXT PRIMARY KEY,
    dashboard TEXT NOT NULL,
    profile TEXT NOT NULL,
    location_id TEXT NOT NULL,
    company TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    opened_by TEXT NOT NULL,
    state_since TEXT NOT NULL,
    closed_at TEXT
);
CREATE UNIQUE INDEX cases_one_open ON cases (dashboard, location_id) WHERE closed_at IS NULL;

-- Whatever changed a case's state, in order.
CREATE TABLE case_states (
    number {serial},
    case_id TEXT NOT NULL REFERENCES cases (id),
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    at TEXT NOT NULL
);

-- What will be done, by identity. The newest plan of a case counts.
CREATE TABLE plans (
    number {serial},
    case_id TEXT NOT NULL REFERENCES cases (id),
    digest TEXT NOT NULL,
    survey_run_id TEXT NOT NULL,
    made_at TEXT NOT NULL,
    content TEXT NOT NULL
);

-- Who has allowed a plan, by its digest.
CREATE TABLE approvals (
    number {serial},
    case_id TEXT NOT NULL REFERENCES cases (id),
    digest TEXT NOT NULL,
    mode TEXT NOT NULL,
    given_by TEXT NOT NULL,
    given_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    withdrawn_at TEXT
);

CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    case_id TEXT REFERENCES cases (id),
    flow TEXT NOT NULL,
    dashboard TEXT NOT NULL,
    operator TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    evidence TEXT NOT NULL,
    manifest_sha256 TEXT NOT NULL
);

CREATE TABLE tasks (
    run_id TEXT NOT NULL REFERENCES runs (id),
    task TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT NOT NULL,
    outputs TEXT NOT NULL,
    problems TEXT NOT NULL,
    PRIMARY KEY (run_id, task)
);

CREATE TABLE steps (
    run_id TEXT NOT NULL REFERENCES runs (id),
    number INTEGER NOT NULL,
    task TEXT NOT NULL,
    flow TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT NOT NULL,
    PRIMARY KEY (run_id, number)
);

CREATE TABLE captures (
    number {serial},
    run_id TEXT NOT NULL REFERENCES runs (id),
    task TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    at TEXT NOT NULL
);

-- One row per press that was allowed. Open are `armed` and `unknown`; of an object there is one open at most.
CREATE TABLE intents (
    number {serial},
    dashboard TEXT NOT NULL,
    object TEXT NOT NULL,
    location_id TEXT NOT NULL,
    task TEXT NOT NULL,
    run_id TEXT NOT NULL,
    case_id TEXT,
    sentence TEXT NOT NULL,
    page_url TEXT NOT NULL,
    state TEXT NOT NULL,
    armed_at TEXT NOT NULL,
    -- From then on "still there" means that it did nothing; NULL: that is never concluded.
    doubtful_until TEXT,
    settled_at TEXT
);
CREATE UNIQUE INDEX intents_one_open ON intents (dashboard, object, location_id)
    WHERE state IN ('armed', 'unknown');
CREATE INDEX intents_of_customer ON intents (dashboard, location_id);

-- Who works on a customer, or with a login, now.
CREATE TABLE leases (
    key TEXT PRIMARY KEY,
    token TEXT NOT NULL,
    run_id TEXT NOT NULL,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    process_began TEXT NOT NULL,
    taken_at TEXT NOT NULL,
    seen_at TEXT NOT NULL
);
