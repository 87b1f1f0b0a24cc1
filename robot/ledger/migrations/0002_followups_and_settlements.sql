-- What ends later, and is looked at again until it has ended or a person is told.
CREATE TABLE followups (
    number {serial},
    case_id TEXT NOT NULL REFERENCES cases (id),
    object TEXT NOT NULL,
    says TEXT NOT NULL,
    began_at TEXT NOT NULL,
    due_at TEXT NOT NULL,
    tries INTEGER NOT NULL,
    ended_at TEXT,
    outcome TEXT NOT NULL
);
CREATE UNIQUE INDEX followups_one_open ON followups (case_id, object) WHERE ended_at IS NULL;

-- What a person has closed: done by hand, or left as it is. The newest of an object counts.
CREATE TABLE settlements (
    number {serial},
    case_id TEXT NOT NULL REFERENCES cases (id),
    object TEXT NOT NULL,
    how TEXT NOT NULL,
    reason TEXT NOT NULL,
    ticket TEXT NOT NULL,
    settled_by TEXT NOT NULL,
    settled_at TEXT NOT NULL
);
