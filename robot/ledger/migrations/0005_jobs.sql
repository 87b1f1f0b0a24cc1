-- A cancellation that was asked for. Of a customer there is one, ever: by location id, or by name where that is all
-- that was given.
CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    dashboard TEXT NOT NULL,
    profile TEXT NOT NULL,
    location_id TEXT NOT NULL,
    company TEXT NOT NULL,
    requested_by TEXT NOT NULL,
    due_on TEXT,
    not_before TEXT,
    priority INTEGER NOT NULL,
    policies TEXT NOT NULL,
    source TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    tries INTEGER NOT NULL,
    case_id TEXT REFERENCES cases (id),
    added_at TEXT NOT NULL,
    added_by TEXT NOT NULL,
    state_since TEXT NOT NULL,
    ended_at TEXT
);
CREATE UNIQUE INDEX jobs_of_location ON jobs (dashboard, location_id) WHERE location_id <> '';
CREATE UNIQUE INDEX jobs_of_company ON jobs (dashboard, company) WHERE location_id = '';
CREATE INDEX jobs_by_state ON jobs (dashboard, state);

-- Whether jobs of a dashboard are begun: `open` (also where there is no row), `paused`.
CREATE TABLE queue_states (
    dashboard TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    set_by TEXT NOT NULL,
    set_at TEXT NOT NULL
);
