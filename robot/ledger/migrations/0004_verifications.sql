-- What a survey of a case said that was taken afterwards. The newest counts.
CREATE TABLE verifications (
    number {serial},
    case_id TEXT NOT NULL REFERENCES cases (id),
    run_id TEXT NOT NULL,
    at TEXT NOT NULL,
    content TEXT NOT NULL
);

-- The last value of the chain over a run's files, as `offboard evidence verify` says it.
ALTER TABLE runs RENAME COLUMN manifest_sha256 TO evidence_digest;
