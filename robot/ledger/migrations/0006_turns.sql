-- A job is worked in turns, each with one login; between them nothing is held.
ALTER TABLE jobs ADD COLUMN lane TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
-- What a waiting job waits for: `approval`, `followup`, or nothing but the time.
ALTER TABLE jobs ADD COLUMN waits_for TEXT NOT NULL DEFAULT '';
-- Not begun before.
ALTER TABLE jobs ADD COLUMN wake_at TEXT;
CREATE INDEX jobs_in_order ON jobs (dashboard, state, priority, due_on, added_at);

CREATE TABLE turns (
    job_id TEXT NOT NULL REFERENCES jobs (id),
    number INTEGER NOT NULL,
    lane TEXT NOT NULL,
    -- Who works it now: changed when it is taken over.
    worker TEXT NOT NULL,
    claimed_at TEXT NOT NULL,
    began_at TEXT,
    ended_at TEXT,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (job_id, number)
);
CREATE INDEX turns_by_end ON turns (ended_at);
CREATE INDEX turns_by_claim ON turns (claimed_at);

CREATE TABLE workers (
    id TEXT PRIMARY KEY,
    dashboard TEXT NOT NULL,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    logins TEXT NOT NULL,
    state TEXT NOT NULL,
    began_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    ended_at TEXT
);

-- What is stopped for a while since it has failed too often: the dashboard, a login, or a flow.
CREATE TABLE stops (
    number {serial},
    dashboard TEXT NOT NULL,
    what TEXT NOT NULL,
    cause TEXT NOT NULL,
    tries INTEGER NOT NULL,
    began_at TEXT NOT NULL,
    until TEXT,
    ended_at TEXT
);

CREATE TABLE batches (
    id TEXT PRIMARY KEY,
    dashboard TEXT NOT NULL,
    began_at TEXT NOT NULL,
    began_by TEXT NOT NULL,
    until TEXT,
    ended_at TEXT,
    outcome TEXT NOT NULL,
    preflight TEXT NOT NULL,
    summary TEXT NOT NULL
);

-- Decided for this customer otherwise than the profile does: JSON.
ALTER TABLE cases ADD COLUMN policies TEXT NOT NULL DEFAULT '{{}}';
-- The worker that a run belongs to; empty for one that was started by hand.
ALTER TABLE leases ADD COLUMN worker TEXT NOT NULL DEFAULT '';
